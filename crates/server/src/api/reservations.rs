//! Promises of stock: made, looked at, extended, committed, released.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::State as Mind;
use http::StatusCode;
use model::{Action, Demand, Fact, IdempotencyKey, Instant, Note, ReservationId, Reserve, ReservedLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::input::{self, Input, MaybeInput, Place};
use super::once::OnceKey;
use super::problem::ApiError;
use super::{Door, ask, names, past};
use crate::Hub;

/// How long a promise lasts when nothing is said, in seconds.
const LASTS_S: u32 = 900;

/// One line of a promise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineIn {
    /// SKU; a bundle is taken apart.
    sku: String,
    /// Location.
    location: String,
    /// How much, as decimal text.
    quantity: String,
}

/// A promise asked for: all lines together or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReserveIn {
    /// One to 1,000 lines.
    lines: Vec<LineIn>,
    /// Seconds until it lapses; 900 when neither end is given.
    expires_in_s: Option<u32>,
    /// When it lapses, RFC 3339; instead of `expires_in_s`.
    expires_at: Option<String>,
    /// For whom, in a few words.
    note: Option<String>,
}

/// A new end of a promise: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendIn {
    /// Seconds from now.
    expires_in_s: Option<u32>,
    /// RFC 3339.
    expires_at: Option<String>,
}

/// Why a promise is given back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseIn {
    /// In a few words.
    #[serde(default)]
    reason: String,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReservationState {
    /// It holds.
    Live,
    /// Its goods have left.
    Committed,
    /// It was given back.
    Released,
    /// Its time ran out.
    Expired,
}

/// One line that is held; bundles are taken apart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineOut {
    /// SKU.
    pub sku: String,
    /// Location.
    pub location: String,
    /// How much.
    pub quantity: String,
}

/// A promise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReservationOut {
    /// Its id, such as `res_12`.
    #[schema(example = "res_12")]
    pub id: String,
    /// How it stands.
    pub state: ReservationState,
    /// What it holds, or held.
    pub lines: Vec<LineOut>,
    /// When it lapses, or would have.
    pub expires_at: String,
    /// For whom.
    pub note: Option<String>,
}

/// Lines in the words of the API.
pub(crate) fn lines_out(mind: &Mind, lines: &[ReservedLine]) -> Vec<LineOut> {
    let line = |line: &ReservedLine| LineOut {
        sku: names::sku_of(mind, line.item),
        location: names::location_of(mind, line.location),
        quantity: line.quantity.to_string(),
    };
    lines.iter().map(line).collect()
}

/// When a promise ends that is asked for now.
fn end(now: Instant, in_s: Option<u32>, at: Option<&str>, otherwise_s: Option<u32>) -> Result<Instant, ApiError> {
    match (in_s.or(if at.is_some() { None } else { otherwise_s }), at) {
        (Some(_), Some(_)) => {
            Err(ApiError::invalid("expires_at", "expires_at and expires_in_s are both given; send one of them"))
        }
        (Some(seconds), None) => Ok(now.plus_ms(i64::from(seconds) * 1_000)),
        (None, Some(at)) => input::instant("expires_at", at),
        (None, None) => Err(ApiError::invalid("expires_in_s", "expires_in_s is missing; send it or expires_at")),
    }
}

/// A promise from what a caller sent.
pub(crate) fn reserve(
    mind: &Mind,
    sent: &ReserveIn,
    key: Option<IdempotencyKey>,
    now: Instant,
) -> Result<Action, ApiError> {
    let demand = |(place, line): (usize, &LineIn)| {
        let field = |name| format!("lines[{place}].{name}");
        Ok(Demand {
            item: names::item(mind, &field("sku"), &line.sku)?,
            location: names::location(mind, &field("location"), &line.location)?,
            quantity: input::quantity(&field("quantity"), &line.quantity)?,
        })
    };
    Ok(Action::Reserve(Reserve {
        key,
        lines: sent.lines.iter().enumerate().map(demand).collect::<Result<_, ApiError>>()?,
        expires_at: end(now, sent.expires_in_s, sent.expires_at.as_deref(), Some(LASTS_S))?,
        note: Note::new(input::text("note", sent.note.as_deref().unwrap_or_default())?),
    }))
}

/// Promise stock: all lines together or none.
#[utoipa::path(post, path = "/v1/reservations", tag = "reservations", request_body = ReserveIn,
    responses((status = 201, description = "Promised, and durable", body = ReservationOut)))]
pub(crate) async fn make(
    State(door): State<Arc<Door>>,
    caller: Caller,
    OnceKey(key): OnceKey,
    Input(sent): Input<ReserveIn>,
) -> Result<(StatusCode, Json<ReservationOut>), ApiError> {
    let (now, again) = (door.hub.clock.now(), key.clone());
    let (facts, _) = ask::command(&door.hub, caller.actor(), move |mind| reserve(mind, &sent, key, now)).await?;
    let made = facts.iter().find_map(|fact| match fact {
        Fact::Reserved(made) => Some(made.reservation),
        _ => None,
    });
    let id = match (made, again) {
        (Some(id), _) => id,
        (None, Some(key)) => known(&door.hub, key).await?,
        (None, None) => return Err(ApiError::not_found("the reservation")),
    };
    Ok((StatusCode::CREATED, Json(look(&door.hub, id).await?)))
}

/// The promise made earlier under a key.
async fn known(hub: &Hub, key: IdempotencyKey) -> Result<ReservationId, ApiError> {
    ask::read(hub, move |mind| mind.reservations().by_key(&key).ok_or_else(|| ApiError::not_found("the reservation")))
        .await
}

/// A promise, live or past.
async fn look(hub: &Hub, id: ReservationId) -> Result<ReservationOut, ApiError> {
    let live = ask::read(hub, move |mind| {
        Ok(mind.reservations().get(id).map(|live| ReservationOut {
            id: id.to_string(),
            state: ReservationState::Live,
            lines: lines_out(mind, &live.lines),
            expires_at: live.expires_at.to_string(),
            note: live.note.as_ref().map(ToString::to_string),
        }))
    });
    match live.await? {
        Some(live) => Ok(live),
        None => past::reservation(hub, id).await?.ok_or_else(|| ApiError::not_found(id)),
    }
}

/// Look at a promise.
#[utoipa::path(get, path = "/v1/reservations/{id}", tag = "reservations",
    params(("id" = String, Path, description = "Such as `res_12`")),
    responses((status = 200, description = "The promise", body = ReservationOut)))]
pub(crate) async fn one(
    State(door): State<Arc<Door>>,
    Place(id): Place<String>,
) -> Result<Json<ReservationOut>, ApiError> {
    look(&door.hub, input::id(&id)?).await.map(Json)
}

/// Keep a promise longer, or let it lapse earlier.
#[utoipa::path(post, path = "/v1/reservations/{id}/extend", tag = "reservations", request_body = ExtendIn,
    params(("id" = String, Path, description = "Such as `res_12`")),
    responses((status = 200, description = "Extended, and durable", body = ReservationOut)))]
pub(crate) async fn extend(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    Input(sent): Input<ExtendIn>,
) -> Result<Json<ReservationOut>, ApiError> {
    let reservation: ReservationId = input::id(&id)?;
    let expires_at = end(door.hub.clock.now(), sent.expires_in_s, sent.expires_at.as_deref(), None)?;
    ask::command(&door.hub, caller.actor(), move |_| Ok(Action::Extend { reservation, expires_at })).await?;
    look(&door.hub, reservation).await.map(Json)
}

/// The goods of a promise leave.
#[utoipa::path(post, path = "/v1/reservations/{id}/commit", tag = "reservations",
    params(("id" = String, Path, description = "Such as `res_12`")),
    responses((status = 200, description = "Committed, now or before, and durable", body = ReservationOut)))]
pub(crate) async fn commit(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
) -> Result<Json<ReservationOut>, ApiError> {
    let reservation = input::id(&id)?;
    finish(&door.hub, &caller, reservation, Action::Commit { reservation }, ReservationState::Committed).await
}

/// Give a promise back.
#[utoipa::path(post, path = "/v1/reservations/{id}/release", tag = "reservations", request_body = ReleaseIn,
    params(("id" = String, Path, description = "Such as `res_12`")),
    responses((status = 200, description = "Released, now or before, and durable", body = ReservationOut)))]
pub(crate) async fn release(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    MaybeInput(sent): MaybeInput<ReleaseIn>,
) -> Result<Json<ReservationOut>, ApiError> {
    let reservation = input::id(&id)?;
    let reason = Note::new(input::text("reason", &sent.reason)?);
    finish(&door.hub, &caller, reservation, Action::Release { reservation, reason }, ReservationState::Released).await
}

/// Ends a promise. Ending it the same way again is an ordinary outcome.
async fn finish(
    hub: &Hub,
    caller: &Caller,
    id: ReservationId,
    action: Action,
    wanted: ReservationState,
) -> Result<Json<ReservationOut>, ApiError> {
    let before = match ask::read(hub, move |mind| Ok(mind.reservations().get(id).is_some())).await? {
        true => Some(look(hub, id).await?),
        false => None,
    };
    match ask::command(hub, caller.actor(), move |_| Ok(action)).await {
        Ok(_) => {
            let live = before.ok_or_else(|| ApiError::not_found(id))?;
            Ok(Json(ReservationOut { state: wanted, ..live }))
        }
        Err(ended @ ApiError::NotNow { .. }) => match past::reservation(hub, id).await? {
            Some(past) if past.state == wanted => Ok(Json(past)),
            _ => Err(ended),
        },
        Err(error) => Err(error),
    }
}
