//! Customer records of different channels as one person: pairs that may be, links, and what was said of them. Answers
//! name records by their ids; what stands in them is never told here.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::{Action, CustomerAt, CustomerKey, MappingQuestion};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, Place};
use super::mappings::{StepOut, steps};
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names};
use crate::mapping::{self, Subject};

/// A customer record.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordRef {
    /// Channel.
    channel: String,
    /// The platform's id.
    customer: String,
}

/// Two customer records.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PairIn {
    /// One of them.
    one: RecordRef,
    /// The other.
    other: RecordRef,
}

/// Two customer records that may be one person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairOut {
    /// One of them.
    one: RecordRef,
    /// The other.
    other: RecordRef,
    /// How sure that is, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    percent: u32,
    /// Why, without anything personal.
    why: Vec<&'static str>,
}

/// The records of one person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonRecords {
    /// Every record, the one that was asked for included.
    records: Vec<RecordRef>,
}

/// Which pairs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PairsQuery {
    /// True: those put away for good instead of those that wait.
    dismissed: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// Pairs of records with an equal e-mail address or telephone number, best first.
#[utoipa::path(get, path = "/v1/customer-links", tag = "operations", params(PairsQuery),
    responses((status = 200, description = "A page of pairs", body = Page<PairOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<PairsQuery>,
) -> Result<Json<Page<PairOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let from = input::counted("cursor", query.cursor.as_deref())?.unwrap_or(0);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let pairs = door.people.pairs(&door.hub, input::flag("dismissed", query.dismissed.as_deref())?).await?;
    let more = pairs.len() > from.saturating_add(limit);
    let page = ask::read(&door.hub, move |mind| {
        let out = |pair: mapping::Pair| PairOut {
            one: reference(mind, pair.one),
            other: reference(mind, pair.other),
            percent: pair.percent,
            why: pair.why.into_iter().map(|(_, words)| words).collect(),
        };
        Ok(pairs.into_iter().skip(from).take(limit).map(out).collect())
    });
    let next = more.then(|| from.saturating_add(limit).to_string());
    Ok(Json(Page { items: page.await?, next }))
}

fn reference(state: &flow::State, at: CustomerAt) -> RecordRef {
    RecordRef { channel: names::channel_of(state, at.channel), customer: at.customer.to_string() }
}

async fn both(door: &Door, sent: PairIn) -> Result<(CustomerAt, CustomerAt), ApiError> {
    ask::read(&door.hub, move |mind| {
        let at = |field, record: &RecordRef| {
            let customer = CustomerKey::new(input::word(field, &record.customer)?);
            Ok::<_, ApiError>(CustomerAt { channel: names::channel(mind, field, &record.channel)?, customer })
        };
        Ok((at("one", &sent.one)?, at("other", &sent.other)?))
    })
    .await
}

async fn done(door: &Door, caller: &Caller, action: Action, of: CustomerAt) -> Result<Json<PersonRecords>, ApiError> {
    mapping::command(&door.hub, caller.actor(), action).await?;
    person(door, of).await
}

async fn person(door: &Door, of: CustomerAt) -> Result<Json<PersonRecords>, ApiError> {
    let records = ask::read(&door.hub, move |mind| {
        Ok(mind.links().person(&of).into_iter().map(|at| reference(mind, at)).collect())
    });
    Ok(Json(PersonRecords { records: records.await? }))
}

/// Say that two records are one person.
#[utoipa::path(post, path = "/v1/customer-links/link", tag = "operations", request_body = PairIn,
    responses((status = 200, description = "The person, and durable", body = PersonRecords)))]
pub(crate) async fn link(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<PairIn>,
) -> Result<Json<PersonRecords>, ApiError> {
    let (one, other) = both(&door, sent).await?;
    done(&door, &caller, Action::LinkCustomers { one: one.clone(), other }, one).await
}

/// Take a link away.
#[utoipa::path(post, path = "/v1/customer-links/unlink", tag = "operations", request_body = PairIn,
    responses((status = 200, description = "The person of the first record, and durable", body = PersonRecords)))]
pub(crate) async fn unlink(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<PairIn>,
) -> Result<Json<PersonRecords>, ApiError> {
    let (one, other) = both(&door, sent).await?;
    done(&door, &caller, Action::UnlinkCustomers { one: one.clone(), other }, one).await
}

/// Say that two records are different people: it is not asked again.
#[utoipa::path(post, path = "/v1/customer-links/dismiss", tag = "operations", request_body = PairIn,
    responses((status = 200, description = "The person of the first record, and durable", body = PersonRecords)))]
pub(crate) async fn dismiss(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<PairIn>,
) -> Result<Json<PersonRecords>, ApiError> {
    let (one, other) = both(&door, sent).await?;
    let question = MappingQuestion::same_customer(one.clone(), other);
    done(&door, &caller, Action::DismissQuestion(question), one).await
}

/// Ask again whether two records are one person.
#[utoipa::path(post, path = "/v1/customer-links/reopen", tag = "operations", request_body = PairIn,
    responses((status = 200, description = "The person of the first record, and durable", body = PersonRecords)))]
pub(crate) async fn reopen(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<PairIn>,
) -> Result<Json<PersonRecords>, ApiError> {
    let (one, other) = both(&door, sent).await?;
    let question = MappingQuestion::same_customer(one.clone(), other);
    done(&door, &caller, Action::ReopenQuestion(question), one).await
}

pub(super) async fn at(door: &Door, (channel, customer): (String, String)) -> Result<CustomerAt, ApiError> {
    let customer = CustomerKey::new(input::word("customer", &customer)?);
    let channel = ask::read(&door.hub, move |mind| names::channel_at(mind, &channel)).await?;
    Ok(CustomerAt { channel, customer })
}

/// All records of the person behind a customer record.
#[utoipa::path(get, path = "/v1/customer-links/{channel}/{customer}", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("customer" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "The person", body = PersonRecords)))]
pub(crate) async fn one(
    State(door): State<Arc<Door>>,
    Place(place): Place<(String, String)>,
) -> Result<Json<PersonRecords>, ApiError> {
    let at = at(&door, place).await?;
    person(&door, at).await
}

/// What was said of a customer record, newest first.
#[utoipa::path(get, path = "/v1/customer-links/{channel}/{customer}/history", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("customer" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "The last hundred changes", body = Page<StepOut>)))]
pub(crate) async fn past(
    State(door): State<Arc<Door>>,
    Place(place): Place<(String, String)>,
) -> Result<Json<Page<StepOut>>, ApiError> {
    let at = at(&door, place).await?;
    steps(&door, &Subject::Customer(at)).await
}

/// Take back what was last said of a customer record.
#[utoipa::path(post, path = "/v1/customer-links/{channel}/{customer}/undo", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("customer" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "The person as it is now, and durable", body = PersonRecords)))]
pub(crate) async fn undo(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(place): Place<(String, String)>,
) -> Result<Json<PersonRecords>, ApiError> {
    let at = at(&door, place).await?;
    let undone = mapping::undo(&door.hub, caller.actor(), &Subject::Customer(at.clone())).await?;
    undone.ok_or_else(|| ApiError::not_found(format!("anything said of {} to take back", at.customer)))?;
    person(&door, at).await
}
