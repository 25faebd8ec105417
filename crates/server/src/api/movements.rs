//! Stock changed by hand: adjustments, counts, receipts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::State as Mind;
use model::{Action, Adjustment, Count, IdempotencyKey, ItemId, LocationId, Note, Receipt};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::input::{self, Input};
use super::once::OnceKey;
use super::positions::PositionOut;
use super::problem::ApiError;
use super::{Door, ask, names};

/// A change of stock.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdjustmentIn {
    /// SKU.
    sku: String,
    /// Location.
    location: String,
    /// Signed decimal text: `"-2"`, `"0.25"`.
    change: String,
    /// True when the units stay but can be sold no more (below zero), or again (above).
    #[serde(default)]
    unsellable: bool,
    /// Why, in a few words.
    reason: String,
}

/// A count: what lay there at that time. What moved since stays moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountIn {
    /// SKU.
    sku: String,
    /// Location.
    location: String,
    /// What was counted, as decimal text.
    counted: String,
    /// When it was counted, RFC 3339; at most 72 hours ago.
    counted_at: String,
    /// Who, where, why.
    #[serde(default)]
    reason: String,
}

/// Goods that came in from a supplier.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiptIn {
    /// SKU.
    sku: String,
    /// Location.
    location: String,
    /// How much, as decimal text.
    quantity: String,
    /// Delivery note or purchase order.
    #[serde(default)]
    reference: String,
}

/// What was done, and the position after it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MovementOut {
    /// False when the same was done before under this key.
    done_now: bool,
    /// A fact number at which it is contained in the journal.
    seq: u64,
    /// The position after it.
    position: PositionOut,
}

/// An adjustment from what a caller sent.
pub(crate) fn adjustment(mind: &Mind, sent: &AdjustmentIn, key: Option<IdempotencyKey>) -> Result<Action, ApiError> {
    let adjustment = Adjustment {
        item: names::item(mind, "sku", &sent.sku)?,
        location: names::location(mind, "location", &sent.location)?,
        change: input::change("change", &sent.change)?,
        unsellable: sent.unsellable,
        reason: Note::new(input::word("reason", &sent.reason)?),
    };
    Ok(Action::Adjust { key, adjustment })
}

/// A count from what a caller sent.
pub(crate) fn count(mind: &Mind, sent: &CountIn, key: Option<IdempotencyKey>) -> Result<Action, ApiError> {
    let count = Count {
        item: names::item(mind, "sku", &sent.sku)?,
        location: names::location(mind, "location", &sent.location)?,
        counted: input::quantity("counted", &sent.counted)?,
        counted_at: input::instant("counted_at", &sent.counted_at)?,
        reason: Note::new(input::text("reason", &sent.reason)?),
    };
    Ok(Action::Count { key, count })
}

fn receipt(mind: &Mind, sent: &ReceiptIn, key: Option<IdempotencyKey>) -> Result<Action, ApiError> {
    let receipt = Receipt {
        item: names::item(mind, "sku", &sent.sku)?,
        location: names::location(mind, "location", &sent.location)?,
        quantity: input::quantity("quantity", &sent.quantity)?,
        reference: Note::new(input::text("reference", &sent.reference)?),
    };
    Ok(Action::Receive { key, receipt })
}

/// Change stock by hand.
#[utoipa::path(post, path = "/v1/adjustments", tag = "stock", request_body = AdjustmentIn,
    responses((status = 200, description = "Done, and durable", body = MovementOut)))]
pub(crate) async fn adjust(
    State(door): State<Arc<Door>>,
    caller: Caller,
    OnceKey(key): OnceKey,
    Input(sent): Input<AdjustmentIn>,
) -> Result<Json<MovementOut>, ApiError> {
    moved(&door, &caller, move |mind| adjustment(mind, &sent, key)).await
}

/// Tell what was counted.
#[utoipa::path(post, path = "/v1/counts", tag = "stock", request_body = CountIn,
    responses((status = 200, description = "Done, and durable", body = MovementOut)))]
pub(crate) async fn tell_count(
    State(door): State<Arc<Door>>,
    caller: Caller,
    OnceKey(key): OnceKey,
    Input(sent): Input<CountIn>,
) -> Result<Json<MovementOut>, ApiError> {
    moved(&door, &caller, move |mind| count(mind, &sent, key)).await
}

/// Take goods in from a supplier.
#[utoipa::path(post, path = "/v1/receipts", tag = "stock", request_body = ReceiptIn,
    responses((status = 200, description = "Done, and durable", body = MovementOut)))]
pub(crate) async fn receive(
    State(door): State<Arc<Door>>,
    caller: Caller,
    OnceKey(key): OnceKey,
    Input(sent): Input<ReceiptIn>,
) -> Result<Json<MovementOut>, ApiError> {
    moved(&door, &caller, move |mind| receipt(mind, &sent, key)).await
}

async fn moved(
    door: &Door,
    caller: &Caller,
    make: impl FnOnce(&Mind) -> Result<Action, ApiError> + Send + 'static,
) -> Result<Json<MovementOut>, ApiError> {
    let (at, by) = (door.hub.clock.now(), caller.actor());
    let (answer, (item, location)) = ask::decide(&door.hub, move |desk| {
        let action = make(desk.state())?;
        let place = place(&action);
        Ok((vec![model::Command { at, by, action }], place))
    })
    .await?;
    let seq = answer.seq.0;
    let done_now = !answer.only()?.is_empty();
    let position =
        ask::read(&door.hub, move |mind| Ok(PositionOut::of(mind, &mind.positions().get(item, location), at))).await?;
    Ok(Json(MovementOut { done_now, seq, position }))
}

/// Where a change of stock by hand takes place.
fn place(action: &Action) -> (ItemId, LocationId) {
    match action {
        Action::Adjust { adjustment, .. } => (adjustment.item, adjustment.location),
        Action::Count { count, .. } => (count.item, count.location),
        Action::Receive { receipt, .. } => (receipt.item, receipt.location),
        _ => (ItemId::default(), LocationId::default()),
    }
}
