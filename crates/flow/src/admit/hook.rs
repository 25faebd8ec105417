//! Deliveries: verified over their exact bytes, read, decided, durable, and only then acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connectors::{Control, Delivery, Forged, Heard, Verified};
use model::{Action, Actor, Command, CustomerKey, DeliveryKey, Note, NoticeAbout, QuarantineId, Refusal, Subject};

use crate::decide::{commands, news};
use crate::{Answer, Flow, FlowError, Link, RawBody, RawInput};

/// A request at a hook address.
#[derive(Clone, Debug)]
pub struct HookRequest {
    /// Headers.
    pub headers: http::HeaderMap,
    /// Exact bytes, bounded by the door.
    pub body: bytes::Bytes,
}

/// What became of a genuine delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// Taken in.
    New,
    /// Taken in before.
    Duplicate,
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

/// Takes a delivery in. When it returns `Ok`, what it says is durable.
///
/// # Errors
/// When it is not genuine, or the hub takes nothing at the moment.
pub async fn admit(flow: &Flow, link: &Link, request: HookRequest) -> Result<Admitted, HookError> {
    let delivery = Delivery { headers: &request.headers, url: &link.settings.hook_url, body: &request.body };
    let secrets = link.secrets();
    if secrets.is_empty() {
        return Err(Forged::NoSecret.into());
    }
    let verified = link.connector.verify(delivery, &secrets)?;
    let at = link.clock.now();
    link.note(|health| health.heard_at = Some(at));
    match heard(link, &verified) {
        Ok(heard) => take(flow, link, heard, &request).await,
        Err((kind, reason)) => quarantine(flow, link, &kind, &reason, &request).await,
    }
}

/// Reads, and checks that it is about the channel's account.
fn heard(link: &Link, verified: &Verified<'_>) -> Result<Heard, (String, String)> {
    let heard =
        link.connector.read(link.channel, verified).map_err(|error| ("unreadable".into(), error.to_string()))?;
    match (&heard.account, &link.settings.account) {
        (Some(about), Some(ours)) if about != ours => {
            Err((heard.topic.clone(), format!("it is about account {about}, and this channel is account {ours}")))
        }
        _ => Ok(heard),
    }
}

async fn take(flow: &Flow, link: &Link, heard: Heard, request: &HookRequest) -> Result<Admitted, HookError> {
    let (channel, at) = (link.channel, link.clock.now());
    if heard.control == Some(Control::Revoked) {
        link.note(|health| health.trouble = Some("the platform took our access away; connect it again".into()));
    }
    let raw = RawBody::new(subject(link, &heard), &request.headers, &request.body);
    let delivery = DeliveryKey::of(channel, &heard.delivery_id);
    for word in &heard.told {
        if let connectors::Told::Level(hint) = word
            && let Some(level) = hint.level
        {
            link.hint((hint.external.clone(), hint.location.clone()), level);
        }
    }
    let duplicate = Arc::new(AtomicBool::new(false));
    let known = Arc::clone(&duplicate);
    let answer = flow
        .decide(move |desk| {
            if desk.state().was_delivered(delivery) {
                known.store(true, Ordering::Relaxed);
                return Ok(Vec::new());
            }
            let told = commands(desk, channel, at, heard.told)?;
            let mut notices = heard.notices;
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
    Ok(match (answer.results.is_empty(), duplicate.load(Ordering::Relaxed)) {
        (false, _) => Admitted::New,
        (true, true) => Admitted::Duplicate,
        (true, false) => Admitted::Nothing,
    })
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
    let name = blake3::hash(&request.body).to_hex();
    // The platform's delivery id could not be read, so the same body again is the same delivery.
    let delivery = DeliveryKey::of(channel, &format!("body:{name}"));
    let raw = RawBody::new(Subject::of(channel, "delivery", &name), &request.headers, &request.body);
    let (kind, reason) = (Note::new(kind), Note::new(reason));
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
    let request = HookRequest { headers: raw.header_map(), body: raw.body.into() };
    let delivery = Delivery { headers: &request.headers, url: &link.settings.hook_url, body: &request.body };
    let verified = link.connector.verify(delivery, &link.secrets());
    let verified = verified.map_err(|error| not_now(format!("it is not believed any more: {error}")))?;
    let heard = heard(link, &verified).map_err(|(_, reason)| not_now(format!("it still cannot be used: {reason}")))?;
    match take(flow, link, heard, &request).await {
        Ok(_) => Ok(()),
        Err(HookError::Flow(error)) => Err(error),
        Err(HookError::Forged(error)) => Err(not_now(error.to_string())),
    }
}
