//! `POST /v1/inventory/sync-decision`: a change of quantity is told, an action comes back, and is carried out and
//! recorded in the same job.

mod work_out;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use flow::{Desk, Link, State as Mind};
use http::header;
use model::{Action, Command, DecisionAction, DecisionAsk, Demand, Instant, Note, NoticeAbout, Reserve, TransferStep};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::input::{self, Input};
use super::once::OnceKey;
use super::problem::ApiError;
use super::shown::{age_ms, on};
use super::{Door, ask, names};
use crate::Hub;
use work_out::{Question, WorkedOut, work_out};

/// How long the units are held, in milliseconds.
const HOLD_MS: i64 = 15 * 60_000;

/// What happened or is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionIn {
    /// SKU.
    sku: String,
    /// Signed change of quantity as decimal text; below zero = demand.
    #[schema(example = "-2")]
    change: String,
    /// Channel that sells or tells.
    channel: String,
    /// Location where it is.
    location: String,
    /// When, RFC 3339.
    timestamp: String,
}

/// What is to be done. Closed: nothing else can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecisionWord {
    /// The units are held for 15 minutes.
    Reserve,
    /// A transfer from `source` is planned.
    Transfer,
    /// Buy.
    Reorder,
    /// Nothing.
    None,
}

impl From<DecisionAction> for DecisionWord {
    fn from(action: DecisionAction) -> Self {
        match action {
            DecisionAction::None => Self::None,
            DecisionAction::Reserve => Self::Reserve,
            DecisionAction::Transfer => Self::Transfer,
            DecisionAction::Reorder => Self::Reorder,
        }
    }
}

/// What a channel may sell, and how old our knowledge of it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AtsOut {
    /// Available to sell on the channel.
    value: String,
    /// Age in milliseconds of the oldest level that it shows of the item; missing when one was never read.
    age_ms: Option<i64>,
    /// What it shows at the location that was asked about.
    shown: Option<String>,
}

/// A decision, as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionOut {
    /// Always `processed`.
    status: &'static str,
    /// Number of the fact that records it.
    decision: u64,
    /// What is to be done.
    action: DecisionWord,
    /// Location that the units come from: for a transfer another one, for a reservation the one asked about.
    source: Option<String>,
    /// The promise that holds the units.
    reservation: Option<String>,
    /// Why, in sentences with the numbers.
    reasons: Vec<String>,
    /// Per channel.
    ats: BTreeMap<String, AtsOut>,
}

/// Tell a change of quantity and learn what is to be done about it: reserve, transfer, reorder or none.
#[utoipa::path(post, path = "/v1/inventory/sync-decision", tag = "decisions", request_body = DecisionIn,
    responses((status = 200, description = "Decided, carried out as far as the hub can, and durable", body = DecisionOut)))]
pub(crate) async fn decide(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: OnceKey,
    Input(sent): Input<DecisionIn>,
) -> Result<Response, ApiError> {
    let (hub, at) = (Arc::clone(&door.hub), door.hub.clock.now());
    // A key of its own kind: whatever else the caller did under it, nothing is held before the key is checked.
    let key = key.part("decision");
    let (answer, told) = ask::decide(&door.hub, move |desk| {
        let question = question(desk.state(), &sent)?;
        match key.as_ref().and_then(|key| desk.state().decision(key)).map(ToString::to_string) {
            Some(before) => {
                let again = DecisionAsk { key, ..recorded(&question, WorkedOut::nothing(), before.clone()) };
                Ok((vec![Command { at, by: caller.actor(), action: Action::Decide(Box::new(again)) }], before))
            }
            None => made(&hub, desk, &caller, key, &question, at),
        }
    })
    .await?;
    for result in answer.results {
        result?;
    }
    Ok(([(header::CONTENT_TYPE, "application/json")], told).into_response())
}

fn question(mind: &Mind, sent: &DecisionIn) -> Result<Question, ApiError> {
    let item = names::item(mind, "sku", &sent.sku)?;
    let change = input::change("change", &sent.change)?;
    let piece = mind.catalogue().item(item).is_some_and(|item| item.unit == model::Unit::Piece);
    if piece && !change.is_whole() {
        let problem = format!("change is {change}, and the item is sold by the piece; send whole units");
        return Err(ApiError::invalid("change", problem));
    }
    Ok(Question {
        item,
        change,
        channel: names::channel(mind, "channel", &sent.channel)?,
        location: names::location(mind, "location", &sent.location)?,
        happened_at: input::instant("timestamp", &sent.timestamp)?,
    })
}

fn recorded(question: &Question, worked_out: WorkedOut, answer: String) -> DecisionAsk {
    DecisionAsk {
        key: None,
        item: question.item,
        change: question.change,
        channel: question.channel,
        location: question.location,
        happened_at: question.happened_at,
        action: worked_out.action,
        source: worked_out.source,
        reasons: worked_out.reasons.iter().map(|reason| Note::new(reason)).collect(),
        answer: Note::new(&answer),
    }
}

/// The commands of a new decision, and the answer: what is to be done comes first, then the record of it.
fn made(
    hub: &Hub,
    desk: &Desk<'_>,
    caller: &Caller,
    key: Option<model::IdempotencyKey>,
    question: &Question,
    at: Instant,
) -> Result<(Vec<Command>, String), ApiError> {
    let mind = desk.state();
    let mut worked_out = work_out(mind, question, &hub.options);
    let notices = readings(hub, mind, question, at, &mut worked_out.reasons);
    // A reservation or a draft is one fact; the key is one; the record is the next.
    let acts = matches!(worked_out.action, DecisionAction::Reserve | DecisionAction::Transfer);
    let decision = mind.seq().0 + u64::from(acts) + u64::from(key.is_some()) + 1;
    let first = carried_out(mind, question, &worked_out, decision, at);
    let reserves = worked_out.action == DecisionAction::Reserve;
    let out = DecisionOut {
        status: "processed",
        decision,
        action: worked_out.action.into(),
        source: worked_out.source.map(|source| names::location_of(mind, source)),
        reservation: reserves.then(|| mind.reservations().next().to_string()),
        reasons: worked_out.reasons.clone(),
        ats: ats(mind, question, at),
    };
    let answer = serde_json::to_string(&out).map_err(|error| ApiError::Unavailable { cause: error.to_string() })?;
    let record = DecisionAsk { key, ..recorded(question, worked_out, answer.clone()) };
    let actions = first.into_iter().chain([Action::Decide(Box::new(record))]).chain(notices);
    let by = caller.actor();
    Ok((actions.map(|action| Command { at, by: by.clone(), action }).collect(), answer))
}

/// What the hub itself does about it.
fn carried_out(mind: &Mind, question: &Question, worked_out: &WorkedOut, decision: u64, at: Instant) -> Option<Action> {
    let note = Note::new(&format!("sync-decision {decision}"));
    match worked_out.action {
        DecisionAction::Reserve => Some(Action::Reserve(Reserve {
            key: None,
            lines: vec![Demand { item: question.item, location: question.location, quantity: worked_out.quantity }],
            expires_at: at.plus_ms(HOLD_MS),
            note,
        })),
        DecisionAction::Transfer => {
            let components = mind.catalogue().item(question.item).map(|item| &item.components[..]).unwrap_or_default();
            let lines = match components {
                [] => vec![(question.item, worked_out.quantity)],
                parts => parts.iter().map(|part| (part.item, part.quantity.times(worked_out.quantity))).collect(),
            };
            let step = TransferStep::Draft { from: worked_out.source?, to: question.location, lines, note };
            Some(Action::Transfer { key: None, step })
        }
        DecisionAction::Reorder | DecisionAction::None => None,
    }
}

fn ats(mind: &Mind, question: &Question, now: Instant) -> BTreeMap<String, AtsOut> {
    let channels = mind.catalogue().channels().iter();
    channels
        .map(|channel| {
            let out = AtsOut {
                value: mind.available_on(question.item, channel.channel).ats.to_string(),
                age_ms: age_ms(mind, channel.channel, question.item, now),
                shown: on(mind, channel.channel, question.item, question.location, now).and_then(|shown| shown.level),
            };
            (channel.name.to_string(), out)
        })
        .collect()
}

/// A level that is old is asked for, when the channel's budget is free; nobody waits for it.
fn readings(hub: &Hub, mind: &Mind, question: &Question, now: Instant, reasons: &mut Vec<String>) -> Vec<Action> {
    let mut asked = Vec::new();
    for link in hub.read_links() {
        let Some(about) = level_of(mind, &link, question) else { continue };
        let shown = on(mind, link.channel, question.item, question.location, now);
        let age = shown.and_then(|shown| shown.age_ms);
        if age.is_some_and(|age| age <= hub.options.fresh_ms) {
            continue;
        }
        let name = &link.settings.name;
        let old = match age {
            Some(age) => format!("is {} s old", age / 1_000),
            None => "was never read".to_owned(),
        };
        let (left, capacity) = link.budget();
        if left >= capacity / 2 {
            reasons.push(format!("What {name} shows there {old}: a fresh reading was asked for."));
            asked.push(Action::Notice { channel: link.channel, about });
        } else {
            reasons.push(format!(
                "What {name} shows there {old}; no reading was asked for, since {left} of {capacity} points of its \
                 budget are left."
            ));
        }
    }
    asked
}

fn level_of(mind: &Mind, link: &Link, question: &Question) -> Option<NoticeAbout> {
    let item = mind.catalogue().external_item(link.channel, question.item)?;
    let location = mind.catalogue().external_location(link.channel, question.location)?;
    Some(NoticeAbout::Level(item.clone(), location.clone()))
}
