//! Deliveries: verified over their exact bytes, read, decided, durable, and only then acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connectors::{Control, Delivery, Forged, Heard, Verified};
use model::{
    Action, Actor, Command, CustomerKey, DeliveryKey, Instant, Note, NoticeAbout, QuarantineId, Refusal, Subject,
};

use crate::decide::{commands, news};
use crate::forget::{Whom, erase};
use crate::{Answer, Flow, FlowError, Link, RawBody, RawInput, cards};

/// A request at a hook address.
#[derive(Clone, Debug)]
pub struct HookRequest {
    /// Headers, and with them, so that a raw body that was kept can be read again, the topic and the time of receipt.
    headers: http::HeaderMap,
    /// Exact bytes, bounded by the door: what the signature is over.
    body: bytes::Bytes,
    /// What is read and kept: the same, with card numbers blacked out.
    kept: bytes::Bytes,
}

/// What the address said after the hook's own path; empty for nearly all platforms.
const TOPIC: &str = "lockstep-topic";
/// When it was received, in milliseconds.
const RECEIVED: &str = "lockstep-received-ms";

impl HookRequest {
    /// A request as the door has it. `topic` is what follows the hook's own path in its address.
    pub fn new(mut headers: http::HeaderMap, topic: &str, at: Instant, body: bytes::Bytes) -> Self {
        headers.remove(TOPIC);
        if !topic.is_empty()
            && let Ok(topic) = http::HeaderValue::from_str(topic)
        {
            headers.insert(TOPIC, topic);
        }
        headers.insert(RECEIVED, http::HeaderValue::from(at.0));
        Self::of(headers, body)
    }

    fn of(headers: http::HeaderMap, body: bytes::Bytes) -> Self {
        let kept = cards::black_out(&body).map_or_else(|| body.clone(), bytes::Bytes::from);
        Self { headers, body, kept }
    }

    fn delivery<'a>(&'a self, link: &'a Link) -> Delivery<'a> {
        let text = |name| self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let at = text(RECEIVED).parse().map_or_else(|_| link.clock.now(), Instant);
        Delivery { headers: &self.headers, url: &link.settings.hook_url, topic: text(TOPIC), at, body: &self.body }
    }
}

/// What became of a genuine delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// Taken in.
    New,
    /// Taken in before.
    Duplicate,
    /// The platform checks the address; its code is shown to people and proves nothing.
    Greeted,
    /// It says nothing that is not known: an echo of our own write, or a topic we have no use for.
    Nothing,
    /// Set aside with its reason.
    Quarantined,
}

/// Why a delivery was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// Not genuine.
    #[error(transparent)]
    Forged(#[from] Forged),
    /// The hub cannot take it now; the platform will send it again.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

/// Takes a delivery in. When it returns `Ok`, what it says is durable. `siblings` are all channels of the hub: a platform
/// may send news of several accounts to one address.
///
/// # Errors
/// When it is not genuine, or the hub takes nothing at the moment.
pub async fn admit(
    flow: &Flow,
    link: &Arc<Link>,
    siblings: &[Arc<Link>],
    request: HookRequest,
) -> Result<Admitted, HookError> {
    let delivery = request.delivery(link);
    let secrets = link.secrets();
    let verified = match verify(link, delivery, &secrets) {
        Ok(verified) => verified,
        Err(forged) => {
            let Some(code) = link.connector.greeting(delivery) else { return Err(forged.into()) };
            tracing::info!(channel = %link.settings.name, code, "the platform checks the hook address");
            link.note(|health| health.greeting = Some(code));
            return Ok(Admitted::Greeted);
        }
    };
    let parts = match link.connector.read(link.channel, &verified.blacked_out(&request.kept)) {
        Ok(parts) => parts,
        Err(error) => {
            heard_of(link);
            return quarantine(flow, link, "unreadable", &error.to_string(), &request).await;
        }
    };
    let mut outcome = Admitted::Nothing;
    for part in parts {
        outcome = more(outcome, take_part(flow, link, siblings, part, &request).await?);
    }
    Ok(outcome)
}

fn verify<'a>(link: &Link, delivery: Delivery<'a>, secrets: &[connectors::Secret]) -> Result<Verified<'a>, Forged> {
    if secrets.is_empty() { Err(Forged::NoSecret) } else { link.connector.verify(delivery, secrets) }
}

fn heard_of(link: &Link) {
    let at = link.clock.now();
    link.note(|health| health.heard(at));
}

/// What is told of a delivery with several parts: the weightiest of what became of them.
fn more(one: Admitted, other: Admitted) -> Admitted {
    let weight = |admitted: &Admitted| match admitted {
        Admitted::Nothing => 0,
        Admitted::Greeted => 1,
        Admitted::Duplicate => 2,
        Admitted::New => 3,
        Admitted::Quarantined => 4,
    };
    if weight(&other) > weight(&one) { other } else { one }
}

/// One account's part, taken in by the channel that is connected to this account.
async fn take_part(
    flow: &Flow,
    link: &Arc<Link>,
    siblings: &[Arc<Link>],
    part: Heard,
    request: &HookRequest,
) -> Result<Admitted, HookError> {
    match whose(link, siblings, part.account.as_deref()) {
        Some(owner) => {
            heard_of(owner);
            // The item and order ids in it are the owner's: it is read once more in the owner's name.
            let part = if owner.channel == link.channel { Some(part) } else { again_for(owner, &part, request) };
            match part {
                Some(part) => take(flow, owner, part, request).await,
                None => quarantine(flow, owner, "unreadable", "it cannot be read for this channel", request).await,
            }
        }
        None => {
            let about = part.account.unwrap_or_default();
            let ours = link.settings.account.clone().unwrap_or_default();
            let reason = format!("it is about account {about}, and this channel is account {ours}");
            quarantine(flow, link, &part.topic, &reason, request).await
        }
    }
}

fn again_for(owner: &Link, part: &Heard, request: &HookRequest) -> Option<Heard> {
    let verified = owner.connector.verify(request.delivery(owner), &owner.secrets()).ok()?;
    let parts = owner.connector.read(owner.channel, &verified.blacked_out(&request.kept)).ok()?;
    parts.into_iter().find(|other| other.account == part.account && other.delivery_id == part.delivery_id)
}

/// The channel that a part belongs to. A part that names no account belongs to the channel whose address it came to.
fn whose<'a>(link: &'a Arc<Link>, siblings: &'a [Arc<Link>], account: Option<&str>) -> Option<&'a Arc<Link>> {
    match (account, &link.settings.account) {
        (None, _) | (_, None) => Some(link),
        (Some(about), Some(ours)) if about == ours => Some(link),
        (Some(about), Some(_)) => siblings.iter().find(|other| {
            other.settings.platform == link.settings.platform && other.settings.account.as_deref() == Some(about)
        }),
    }
}

async fn take(flow: &Flow, link: &Link, mut heard: Heard, request: &HookRequest) -> Result<Admitted, HookError> {
    let (channel, at) = (link.channel, link.clock.now());
    if heard.control == Some(Control::Revoked) {
        link.note(|health| health.trouble = Some("the platform took our access away; connect it again".into()));
    }
    let raw = RawBody::new(subject(link, &heard), &request.headers, &request.kept);
    heard.told = link.with_what_we_know(heard.told);
    let delivery = DeliveryKey::of(channel, &heard.delivery_id);
    for word in &heard.told {
        if let connectors::Told::Level(hint) = word
            && let Some(level) = hint.level
        {
            link.hint((hint.external.clone(), hint.location.clone()), level);
        }
    }
    let control = heard.control.clone();
    let duplicate = Arc::new(AtomicBool::new(false));
    let known = Arc::clone(&duplicate);
    let answer = flow
        .decide(move |desk| {
            if desk.state().was_delivered(delivery) {
                known.store(true, Ordering::Relaxed);
                return Ok(Vec::new());
            }
            let told = commands(desk, channel, at, None, heard.told)?;
            let mut notices: Vec<NoticeAbout> =
                heard.notices.into_iter().map(|about| by_counted_id(desk.state(), channel, about)).collect();
            notices.extend(told.mentioned.iter().filter_map(|seen| news(desk, channel, seen)));
            if told.commands.is_empty() && notices.is_empty() && heard.control.is_none() {
                // Nothing to keep: the same delivery again would say nothing again.
                return Ok(Vec::new());
            }
            desk.keep_raw(&raw)?;
            let delivered = Action::Delivered { channel, delivery, raw: Some(raw.name), notices };
            let mut all = vec![Command { at, by: Actor::Channel(channel), action: delivered }];
            all.extend(told.commands);
            Ok(all)
        })
        .await?;
    // An engine refusal of genuine news is kept as a question for a person.
    refused(flow, link, &answer).await?;
    if let Some(control) = control.filter(|_| !answer.results.is_empty()) {
        privacy(flow, link, control).await?;
    }
    Ok(match (answer.results.is_empty(), duplicate.load(Ordering::Relaxed)) {
        (false, _) => Admitted::New,
        (true, true) => Admitted::Duplicate,
        (true, false) => Admitted::Nothing,
    })
}

/// What the law asks for through the platform: people are forgotten at once; what is kept of somebody is for a person to
/// hand out.
async fn privacy(flow: &Flow, link: &Link, control: Control) -> Result<(), FlowError> {
    let (channel, at, by) = (link.channel, link.clock.now(), Actor::Channel(link.channel));
    let reason = Note::new("the platform asked for it");
    match control {
        Control::Revoked => Ok(()),
        Control::Forget { customer, documents } => {
            let whom = Whom::Customer { channel, customer, documents };
            erase(flow, &whom, reason, by, at).await.map(drop)
        }
        Control::ForgetAll => erase(flow, &Whom::Everybody { channel }, reason, by, at).await.map(drop),
        Control::Access { customer } => {
            let name = &link.settings.name;
            let reason = format!(
                "customer {customer} asks what is kept of them: lockstep person --channel {name} --customer {customer}"
            );
            let (kind, reason) = (Note::new("access request"), Note::new(&reason));
            let action = Action::Quarantine { channel, delivery: None, raw: None, kind, reason };
            flow.command(Command { at, by, action }).await.map(drop)
        }
    }
}

/// A platform may name what it counts by another of its ids; a reading will name it by the one that it counts under.
fn by_counted_id(state: &engine::State, channel: model::ChannelId, about: NoticeAbout) -> NoticeAbout {
    let NoticeAbout::Level(external, location) = about else { return about };
    let catalogue = state.catalogue();
    let counted = catalogue.mapped_item(channel, &external).and_then(|item| catalogue.external_item(channel, item));
    NoticeAbout::Level(counted.cloned().unwrap_or(external), location)
}

async fn refused(flow: &Flow, link: &Link, answer: &Answer) -> Result<(), FlowError> {
    let (channel, at) = (link.channel, link.clock.now());
    for refusal in answer.results.iter().filter_map(|result| result.as_ref().err()) {
        let action = Action::Quarantine {
            channel,
            delivery: None,
            raw: None,
            kind: Note::new("refused"),
            reason: Note::new(&refusal.to_string()),
        };
        flow.command(Command { at, by: Actor::System, action }).await?;
    }
    Ok(())
}

/// Whose key seals the body: the person's, or the delivery's own while nobody is known, or the channel's where no
/// person can be in it.
fn subject(link: &Link, heard: &Heard) -> Subject {
    let personal =
        heard.told.iter().any(|word| matches!(word, connectors::Told::Order(_) | connectors::Told::Customer(_)));
    let orders = heard.notices.iter().any(|notice| matches!(notice, NoticeAbout::Order(_)));
    match &heard.person {
        Some(person) => person_subject(link, person),
        None if personal || orders => Subject::of(link.channel, "delivery", &heard.delivery_id),
        None => Subject::of(link.channel, "nobody", ""),
    }
}

fn person_subject(link: &Link, person: &CustomerKey) -> Subject {
    Subject::of(link.channel, "customer", person.as_str())
}

async fn quarantine(
    flow: &Flow,
    link: &Link,
    kind: &str,
    reason: &str,
    request: &HookRequest,
) -> Result<Admitted, HookError> {
    let (channel, at) = (link.channel, link.clock.now());
    let name = blake3::hash(&request.kept).to_hex();
    // The platform's delivery id could not be read, so the same body again is the same delivery.
    let delivery = DeliveryKey::of(channel, &format!("body:{name}"));
    let raw = RawBody::new(Subject::of(channel, "delivery", &name), &request.headers, &request.kept);
    let (kind, reason) = (Note::new(kind), Note::new(&without_values(reason)));
    let answer = flow
        .decide(move |desk| {
            if desk.state().was_delivered(delivery) {
                return Ok(Vec::new());
            }
            desk.keep_raw(&raw)?;
            let action = Action::Quarantine { channel, delivery: Some(delivery), raw: Some(raw.name), kind, reason };
            Ok(vec![Command { at, by: Actor::Channel(channel), action }])
        })
        .await?;
    Ok(if answer.results.is_empty() { Admitted::Duplicate } else { Admitted::Quarantined })
}

/// A reason without what stood in the body: a parser quotes what it could not use, and that may name a person. Names of
/// fields are quoted in another way and stay.
fn without_values(reason: &str) -> String {
    let pieces = reason.split('"').enumerate();
    pieces.map(|(place, piece)| if place % 2 == 0 { piece } else { "\"…\"" }).collect()
}

/// Drives a quarantined input again: a document is fetched anew; a raw body is verified and read once more, as it would
/// be if it were delivered now.
///
/// # Errors
/// When there is no such input, it still cannot be used, or the hub takes nothing at the moment.
pub async fn redrive(flow: &Flow, link: &Link, id: QuarantineId, by: Actor) -> Result<(), FlowError> {
    let (document, raw) = flow
        .look(move |desk| {
            let put = desk.state().quarantined(id).cloned();
            put.map(|put| Ok((put.document, put.raw.map(|name| desk.raw(name)).transpose()?.flatten())))
                .unwrap_or_else(|| Err(FlowError::Refused(Refusal::Unknown { what: id.to_string() })))
        })
        .await??;
    if document.is_none() {
        again(flow, link, raw).await?;
    }
    let (channel, at) = (link.channel, link.clock.now());
    let close = Action::CloseQuarantine { id, reason: Note::new("driven again") };
    let fetch = document.map(|document| Action::Notice { channel, about: NoticeAbout::Order(document) });
    let all = std::iter::once(close).chain(fetch).map(|action| Command { at, by: by.clone(), action }).collect();
    let answer = flow.decide(move |_| Ok(all)).await?;
    answer.results.into_iter().try_for_each(|result| result.map(drop))?;
    Ok(())
}

/// Takes a kept delivery in as if it came now.
async fn again(flow: &Flow, link: &Link, raw: Option<RawInput>) -> Result<(), FlowError> {
    let not_now = |what: String| FlowError::Refused(Refusal::NotNow { what });
    let Some(raw) = raw else {
        return Err(not_now("there is no raw body to read again; set it aside instead".into()));
    };
    let request = HookRequest::of(raw.header_map(), raw.body.into());
    let verified = verify(link, request.delivery(link), &link.secrets())
        .map_err(|error| not_now(format!("it is not believed any more: {error}")))?;
    let unusable = |reason: String| not_now(format!("it still cannot be used: {reason}"));
    let parts = link
        .connector
        .read(link.channel, &verified.blacked_out(&request.kept))
        .map_err(|error| unusable(error.to_string()))?;
    for part in parts {
        match (&part.account, &link.settings.account) {
            (Some(about), Some(ours)) if about != ours => {
                return Err(unusable(format!("it is about account {about}, and this channel is account {ours}")));
            }
            _ => {}
        }
        match take(flow, link, part, &request).await {
            Ok(_) => {}
            Err(HookError::Flow(error)) => return Err(error),
            Err(HookError::Forged(error)) => return Err(not_now(error.to_string())),
        }
    }
    Ok(())
}
