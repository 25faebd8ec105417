//! A level that the platform refused, or that was held back for a person, may be tried again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::input::Input;
use super::problem::ApiError;
use super::{Door, ask, names};

/// A level that is tried again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnblockIn {
    /// Channel.
    channel: String,
    /// SKU.
    sku: String,
    /// Location.
    location: String,
}

/// That something was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoneOut {
    /// False when it was so already.
    pub done_now: bool,
}

/// Try a level again that the platform refused or that was held back for a person.
#[utoipa::path(post, path = "/v1/levels/unblock", tag = "operations", request_body = UnblockIn,
    responses((status = 200, description = "It will be written again", body = DoneOut)))]
pub(crate) async fn unblock(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<UnblockIn>,
) -> Result<Json<DoneOut>, ApiError> {
    let (facts, _) = ask::command(&door.hub, caller.actor(), move |mind| {
        Ok(Action::Unblock {
            channel: names::channel(mind, "channel", &sent.channel)?,
            item: names::item(mind, "sku", &sent.sku)?,
            location: names::location(mind, "location", &sent.location)?,
        })
    })
    .await?;
    Ok(Json(DoneOut { done_now: !facts.is_empty() }))
}
