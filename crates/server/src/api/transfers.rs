//! Transfers: drafted, shipped, received, closed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::State as Mind;
use http::StatusCode;
use model::{Action, Fact, ItemId, Note, Quantity, TransferId, TransferPut, TransferState, TransferStep};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, MaybeInput, Place};
use super::once::OnceKey;
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names, past};

/// An item and how much of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferLineIn {
    /// SKU.
    sku: String,
    /// How much, as decimal text.
    quantity: String,
}

/// A transfer to be planned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferIn {
    /// Location it leaves.
    from: String,
    /// Location it goes to.
    to: String,
    /// What.
    lines: Vec<TransferLineIn>,
    /// Why.
    #[serde(default)]
    note: String,
}

/// What arrived.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArrivedIn {
    /// Empty = everything that is under way.
    #[serde(default)]
    lines: Vec<TransferLineIn>,
}

/// An item and how much of it has not arrived.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferLineOut {
    /// SKU.
    pub sku: String,
    /// How much.
    pub quantity: String,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransferPhase {
    /// Planned.
    Draft,
    /// Under way.
    InTransit,
    /// Everything arrived.
    Received,
    /// Called off, or ended with units missing.
    Closed,
}

impl From<TransferState> for TransferPhase {
    fn from(state: TransferState) -> Self {
        match state {
            TransferState::Draft => Self::Draft,
            TransferState::InTransit => Self::InTransit,
            TransferState::Received => Self::Received,
            TransferState::Closed => Self::Closed,
        }
    }
}

/// A transfer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferOut {
    /// Its id, such as `transfer_3`.
    #[schema(example = "transfer_3")]
    pub id: String,
    /// Location it leaves.
    pub from: String,
    /// Location it goes to.
    pub to: String,
    /// How far it is.
    pub state: TransferPhase,
    /// What has not arrived.
    pub open: Vec<TransferLineOut>,
    /// Why.
    pub note: String,
}

/// A transfer in the words of the API.
pub(crate) fn out(mind: &Mind, put: &TransferPut) -> TransferOut {
    TransferOut {
        id: put.transfer.to_string(),
        from: names::location_of(mind, put.from),
        to: names::location_of(mind, put.to),
        state: put.state.into(),
        open: put
            .open
            .iter()
            .map(|(item, quantity)| TransferLineOut { sku: names::sku_of(mind, *item), quantity: quantity.to_string() })
            .collect(),
        note: put.note.to_string(),
    }
}

fn lines(mind: &Mind, sent: &[TransferLineIn]) -> Result<Vec<(ItemId, Quantity)>, ApiError> {
    let line = |(place, line): (usize, &TransferLineIn)| {
        let item = names::item(mind, &format!("lines[{place}].sku"), &line.sku)?;
        Ok((item, input::quantity(&format!("lines[{place}].quantity"), &line.quantity)?))
    };
    sent.iter().enumerate().map(line).collect()
}

/// Which transfers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TransfersQuery {
    /// True: those that are over as well; otherwise drafts and what is under way.
    all: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// Transfers, newest first.
#[utoipa::path(get, path = "/v1/transfers", tag = "transfers", params(TransfersQuery),
    responses((status = 200, description = "A page of transfers", body = Page<TransferOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<TransfersQuery>,
) -> Result<Json<Page<TransferOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let before = query.cursor.as_deref().map(|cursor| {
        cursor.parse::<TransferId>().map_err(|()| ApiError::invalid("cursor", "cursor is not one that was given out"))
    });
    let before = before.transpose()?;
    if input::flag("all", query.all.as_deref())? {
        return past::transfers(&door.hub, before, limit).await.map(Json);
    }
    let page = ask::read(&door.hub, move |mind| {
        let mut open: Vec<&TransferPut> =
            mind.transfers().filter(|put| before.is_none_or(|before| put.transfer < before)).collect();
        open.sort_unstable_by_key(|put| std::cmp::Reverse(put.transfer));
        let open = open.into_iter().take(limit + 1).map(|put| out(mind, put)).collect();
        Ok(Page::cut(open, limit, |last: &TransferOut| last.id.clone()))
    });
    page.await.map(Json)
}

/// Plan a transfer; nothing moves yet.
#[utoipa::path(post, path = "/v1/transfers", tag = "transfers", request_body = TransferIn,
    responses((status = 201, description = "Planned, and durable", body = TransferOut)))]
pub(crate) async fn draft(
    State(door): State<Arc<Door>>,
    caller: Caller,
    OnceKey(key): OnceKey,
    Input(sent): Input<TransferIn>,
) -> Result<(StatusCode, Json<TransferOut>), ApiError> {
    let again = key.clone();
    let (facts, _) = ask::command(&door.hub, caller.actor(), move |mind| {
        let step = TransferStep::Draft {
            from: names::location(mind, "from", &sent.from)?,
            to: names::location(mind, "to", &sent.to)?,
            lines: lines(mind, &sent.lines)?,
            note: Note::new(input::text("note", &sent.note)?),
        };
        Ok(Action::Transfer { key, step })
    })
    .await?;
    let put = match put_of(facts) {
        Some(put) => put,
        // Done before a restart: the draft knows its key until it is shipped.
        None => {
            ask::read(&door.hub, move |mind| {
                let known = mind.transfers().find(|put| put.key.is_some() && put.key == again);
                known.cloned().ok_or_else(|| ApiError::NotNow {
                    what: "this transfer was planned before under the same key and has gone on; see GET /v1/transfers"
                        .into(),
                })
            })
            .await?
        }
    };
    let made = ask::read(&door.hub, move |mind| Ok(out(mind, &put))).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

fn put_of(facts: Vec<Fact>) -> Option<TransferPut> {
    facts.into_iter().find_map(|fact| match fact {
        Fact::TransferPut(put) => Some(put),
        _ => None,
    })
}

async fn step(
    door: &Door,
    caller: &Caller,
    key: OnceKey,
    transfer: TransferId,
    make: impl FnOnce(&Mind) -> Result<TransferStep, ApiError> + Send + 'static,
) -> Result<Json<TransferOut>, ApiError> {
    let (facts, _) =
        ask::command(&door.hub, caller.actor(), move |mind| Ok(Action::Transfer { key: key.0, step: make(mind)? }))
            .await?;
    match put_of(facts) {
        Some(put) => ask::read(&door.hub, move |mind| Ok(out(mind, &put))).await.map(Json),
        None => past::transfer(&door.hub, transfer).await?.map(Json).ok_or_else(|| ApiError::not_found(transfer)),
    }
}

/// A transfer leaves its origin.
#[utoipa::path(post, path = "/v1/transfers/{id}/ship", tag = "transfers",
    params(("id" = String, Path, description = "Such as `transfer_3`")),
    responses((status = 200, description = "Under way, and durable", body = TransferOut)))]
pub(crate) async fn ship(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: OnceKey,
    Place(id): Place<String>,
) -> Result<Json<TransferOut>, ApiError> {
    let transfer = input::id(&id)?;
    step(&door, &caller, key, transfer, move |_| Ok(TransferStep::Ship { transfer })).await
}

/// A transfer arrives, whole or in part.
#[utoipa::path(post, path = "/v1/transfers/{id}/receive", tag = "transfers", request_body = ArrivedIn,
    params(("id" = String, Path, description = "Such as `transfer_3`")),
    responses((status = 200, description = "Taken in, and durable", body = TransferOut)))]
pub(crate) async fn receive(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: OnceKey,
    Place(id): Place<String>,
    MaybeInput(sent): MaybeInput<ArrivedIn>,
) -> Result<Json<TransferOut>, ApiError> {
    let transfer = input::id(&id)?;
    let make = move |mind: &Mind| Ok(TransferStep::Receive { transfer, lines: lines(mind, &sent.lines)? });
    step(&door, &caller, key, transfer, make).await
}

/// Call a draft off, or end a transfer of which the rest will not arrive.
#[utoipa::path(post, path = "/v1/transfers/{id}/close", tag = "transfers",
    params(("id" = String, Path, description = "Such as `transfer_3`")),
    responses((status = 200, description = "Closed, and durable", body = TransferOut)))]
pub(crate) async fn close(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: OnceKey,
    Place(id): Place<String>,
) -> Result<Json<TransferOut>, ApiError> {
    let transfer = input::id(&id)?;
    step(&door, &caller, key, transfer, move |_| Ok(TransferStep::Close { transfer })).await
}
