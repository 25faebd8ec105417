//! Rules about what may be promised or shown: safety stock and buffers.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::{Action, StockRule};
use serde::Deserialize;
use utoipa::ToSchema;

use super::access::Caller;
use super::input::{self, Input};
use super::problem::ApiError;
use super::unblock::DoneOut;
use super::{Door, ask, names};

/// Units of an item that must stay unsold at a location.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SafetyIn {
    /// SKU.
    sku: String,
    /// Location.
    location: String,
    /// How many, as decimal text.
    quantity: String,
}

/// Units of an item that a channel must leave unsold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BufferIn {
    /// SKU.
    sku: String,
    /// Channel.
    channel: String,
    /// How many, as decimal text.
    quantity: String,
}

/// Set the safety stock of an item at a location.
#[utoipa::path(put, path = "/v1/rules/safety", tag = "rules", request_body = SafetyIn,
    responses((status = 200, description = "Set, and durable", body = DoneOut)))]
pub(crate) async fn safety(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<SafetyIn>,
) -> Result<Json<DoneOut>, ApiError> {
    let (facts, _) = ask::command(&door.hub, caller.actor(), move |mind| {
        Ok(Action::PutRule(StockRule::Safety {
            item: names::item(mind, "sku", &sent.sku)?,
            location: names::location(mind, "location", &sent.location)?,
            quantity: input::quantity("quantity", &sent.quantity)?,
        }))
    })
    .await?;
    Ok(Json(DoneOut { done_now: !facts.is_empty() }))
}

/// Set the buffer of an item on a channel.
#[utoipa::path(put, path = "/v1/rules/buffer", tag = "rules", request_body = BufferIn,
    responses((status = 200, description = "Set, and durable", body = DoneOut)))]
pub(crate) async fn buffer(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<BufferIn>,
) -> Result<Json<DoneOut>, ApiError> {
    let (facts, _) = ask::command(&door.hub, caller.actor(), move |mind| {
        Ok(Action::PutRule(StockRule::Buffer {
            item: names::item(mind, "sku", &sent.sku)?,
            channel: names::channel(mind, "channel", &sent.channel)?,
            quantity: input::quantity("quantity", &sent.quantity)?,
        }))
    })
    .await?;
    Ok(Json(DoneOut { done_now: !facts.is_empty() }))
}
