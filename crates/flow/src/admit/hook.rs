//! Deliveries: verified over their exact bytes, read, decided, durable, and only then acknowledged.

use connectors::{Control, Delivery, Forged, Heard, Verified};
use model::{Action, Actor, Command, CustomerKey, DeliveryKey, Note, NoticeAbout, QuarantineId, Subject};

use crate::decide::{commands, news};
use crate::{Answer, Desk, Flow, FlowError, Link, RawBody};

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
        Ok(heard) => take(flow, link, heard, &request.body).await,
        Err((kind, reason)) => quarantine(flow, link, &kind, &reason, &request.body).await,
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

async fn take(flow: &Flow, link: &Link, heard: Heard, body: &[u8]) -> Result<Admitted, HookError> {
    let (channel, at) = (link.channel, link.clock.now());
    if heard.control == Some(Control::Revoked) {
        link.note(|health| health.trouble = Some("the platform took our access away; connect it again".into()));
    }
    let raw = RawBody::new(subject(link, &heard), body.to_vec());
    let delivery = DeliveryKey::of(channel, &heard.delivery_id);
    for word in &heard.told {
        if let connectors::Told::Level(hint) = word
            && let Some(level) = hint.level
        {
            link.hint((hint.external.clone(), hint.location.clone()), level);
        }
    }
    let answer = flow
        .decide(move |desk| {
            if desk.state().was_delivered(delivery) {
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
    Ok(if answer.results.is_empty() { Admitted::Nothing } else { Admitted::New })
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

async fn quarantine(flow: &Flow, link: &Link, kind: &str, reason: &str, body: &[u8]) -> Result<Admitted, HookError> {
    let (channel, at) = (link.channel, link.clock.now());
    let name = blake3::hash(body).to_hex();
    // The platform's delivery id could not be read, so the same body again is the same delivery.
    let delivery = DeliveryKey::of(channel, &format!("body:{name}"));
    let raw = RawBody::new(Subject::of(channel, "delivery", &name), body.to_vec());
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

/// Drives a quarantined input again: a document is fetched anew, an unreadable body is marked as seen to.
///
/// # Errors
/// When there is no such input, or the hub takes nothing at the moment.
pub async fn redrive(flow: &Flow, link: &Link, id: QuarantineId, by: Actor) -> Result<(), FlowError> {
    let (channel, at) = (link.channel, link.clock.now());
    let answer = flow
        .decide(move |desk: &mut Desk<'_>| {
            let document = desk.state().quarantined(id).and_then(|put| put.document.clone());
            let close = Action::CloseQuarantine { id, reason: Note::new("driven again") };
            let mut all = vec![Command { at, by: by.clone(), action: close }];
            if let Some(document) = document {
                let action = Action::Notice { channel, about: NoticeAbout::Order(document) };
                all.push(Command { at, by, action });
            }
            Ok(all)
        })
        .await?;
    answer.results.into_iter().try_for_each(|result| result.map(drop))?;
    Ok(())
}
