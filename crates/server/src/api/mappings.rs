//! Mappings: which of our items a platform's id stands for, and the questions about it that only a person can answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::{Action, ExternalItem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, Place};
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names, past};

/// Items looked at for one page.
const LOOK: usize = 20_000;

/// Which mappings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MappingsQuery {
    /// Only this channel; needed unless `unclear` is true.
    channel: Option<String>,
    /// True: only the open questions.
    unclear: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing. A page may hold fewer although there are more.
    limit: Option<String>,
}

/// A platform's id and what it stands for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingOut {
    /// Channel.
    pub channel: String,
    /// The platform's id.
    pub external: String,
    /// Our item; missing while it is unclear or when it was taken away.
    pub sku: Option<String>,
    /// The question, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unclear: Option<UnclearOut>,
}

/// A question about a mapping.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnclearOut {
    /// What is unclear.
    pub reason: String,
    /// SKU as the platform has it; may be empty.
    pub sku: String,
    /// Items it may be.
    pub candidates: Vec<String>,
}

/// What an id stands for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MappingIn {
    /// Our item; `null` takes the mapping away.
    #[serde(deserialize_with = "Option::deserialize")]
    sku: Option<String>,
}

/// Mappings of a channel, or the open questions of all.
#[utoipa::path(get, path = "/v1/mappings", tag = "operations", params(MappingsQuery),
    responses((status = 200, description = "A page of mappings", body = Page<MappingOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<MappingsQuery>,
) -> Result<Json<Page<MappingOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    if input::flag("unclear", query.unclear.as_deref())? {
        return past::questions(&door.hub, query.channel, query.cursor, limit).await.map(Json);
    }
    let from = input::counted("cursor", query.cursor.as_deref())?.unwrap_or(0);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let channel = query.channel.ok_or_else(|| {
        ApiError::invalid("channel", "channel is missing; name one, or ask for unclear=true over all channels")
    })?;
    let page = ask::read(&door.hub, move |mind| {
        let id = names::channel(mind, "channel", &channel)?;
        let all = mind.catalogue().items();
        let mut items = Vec::new();
        let mut looked = 0;
        for item in all.iter().skip(from).take(LOOK) {
            if items.len() == limit {
                break;
            }
            looked += 1;
            if let Some(external) = mind.catalogue().external_item(id, item.item) {
                items.push(MappingOut {
                    channel: channel.clone(),
                    external: external.to_string(),
                    sku: Some(item.sku.to_string()),
                    unclear: None,
                });
            }
        }
        let next = from.saturating_add(looked);
        Ok(Page { items, next: (next < all.len()).then(|| next.to_string()) })
    });
    page.await.map(Json)
}

/// Say what a platform's id stands for.
#[utoipa::path(put, path = "/v1/mappings/{channel}/{external}", tag = "operations", request_body = MappingIn,
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "As it is now, and durable", body = MappingOut)))]
pub(crate) async fn put(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
    Input(sent): Input<MappingIn>,
) -> Result<Json<MappingOut>, ApiError> {
    let external = ExternalItem::new(input::word("external", &external)?);
    let (id, name, sku) = (external.clone(), channel.clone(), sent.sku.clone());
    ask::command(&door.hub, caller.actor(), move |mind| {
        let item = sku.as_deref().map(|sku| names::item(mind, "sku", sku)).transpose()?;
        Ok(Action::MapItem { channel: names::channel_at(mind, &name)?, external: id, item })
    })
    .await?;
    Ok(Json(MappingOut { channel, external: external.to_string(), sku: sent.sku, unclear: None }))
}

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
