//! Mappings: which of our items a platform's id stands for, and the questions about it that only a person can answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use model::{Action, ChannelId, ExternalItem, MappingQuestion};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, Place};
use super::page::Page;
use super::problem::ApiError;
use super::unclear::{self, UnclearOut};
use super::{Door, ask, names};
use crate::mapping;

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
    /// True, with `unclear`: those put away for good instead.
    dismissed: Option<String>,
    /// With `unclear`: only those with this text in id, SKU, title or barcode.
    q: Option<String>,
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
        let dismissed = input::flag("dismissed", query.dismissed.as_deref())?;
        let wanted = unclear::Wanted { channel: query.channel, dismissed, text: query.q.unwrap_or_default() };
        return unclear::questions(&door, wanted, query.cursor, limit).await.map(Json);
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

/// Which table.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TableQuery {
    /// Channel; needed for items and locations.
    channel: Option<String>,
    /// `items` (when missing), `locations` or `customers`.
    kind: Option<String>,
}

/// Every mapping and every open question, as a table for spreadsheets: of items `channel,external,sku,title,status`, of
/// locations `channel,external,location,name,status`, of customers
/// `channel,customer,other_channel,other_customer,same,status`. Corrected, it goes back in by the page or by
/// `lockstep import mappings`.
#[utoipa::path(get, path = "/v1/mappings.csv", tag = "operations", params(TableQuery),
    responses((status = 200, description = "One row per id or pair", body = String, content_type = "text/csv")))]
pub(crate) async fn table(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<TableQuery>,
) -> Result<Response, ApiError> {
    let missing = || ApiError::invalid("channel", "channel is missing; name one");
    let text = match query.kind.as_deref().unwrap_or("items") {
        "customers" => mapping::csv_of_people(&door.hub, &door.people).await?,
        kind @ ("items" | "locations") => {
            let name = query.channel.ok_or_else(missing)?;
            let channel = ask::read(&door.hub, move |mind| names::channel(mind, "channel", &name)).await?;
            match kind {
                "items" => mapping::csv(&door.hub, channel).await?,
                _ => mapping::csv_of_places(&door.hub, channel).await?,
            }
        }
        _ => return Err(ApiError::invalid("kind", "kind is none of items, locations and customers")),
    };
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = HeaderValue::from_static("attachment; filename=\"mappings.csv\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// A change of what something is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepOut {
    /// Number of the fact.
    seq: u64,
    /// When.
    at: String,
    /// Who.
    by: String,
    /// `mapped`, `linked`, `unlinked`, `dismissed` or `reopened`.
    what: &'static str,
    /// SKU, location or linked customer before; missing when it was nothing.
    from: Option<String>,
    /// SKU, location or linked customer since; missing when it is nothing.
    to: Option<String>,
}

/// Steps told.
const STEPS: usize = 100;

/// The history of something, newest first.
pub(super) async fn steps(door: &Door, subject: &mapping::Subject) -> Result<Json<Page<StepOut>>, ApiError> {
    let steps = mapping::history(&door.hub, subject, STEPS).await?;
    let out = |step: mapping::Step| StepOut {
        seq: step.seq.0,
        at: step.at.to_string(),
        by: step.by,
        what: step.what,
        from: step.from,
        to: step.to,
    };
    Ok(Json(Page { items: steps.into_iter().map(out).collect(), next: None }))
}

async fn place(door: &Door, channel: String, external: &str) -> Result<(ChannelId, ExternalItem), ApiError> {
    let external = ExternalItem::new(input::word("external", external)?);
    let id = ask::read(&door.hub, move |mind| names::channel_at(mind, &channel)).await?;
    Ok((id, external))
}

/// What an id stood for, newest first.
#[utoipa::path(get, path = "/v1/mappings/{channel}/{external}/history", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "The last hundred changes; none when it never stood for anything", body = Page<StepOut>)))]
pub(crate) async fn past(
    State(door): State<Arc<Door>>,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<Page<StepOut>>, ApiError> {
    let (channel, external) = place(&door, channel, &external).await?;
    steps(&door, &mapping::Subject::Item(channel, external)).await
}

/// Take the last change of a mapping, or of its question, back; an id that lost its item by it gets it again. Past sales
/// are worked out anew.
#[utoipa::path(post, path = "/v1/mappings/{channel}/{external}/undo", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "As it is now, and durable", body = MappingOut)))]
pub(crate) async fn undo(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<MappingOut>, ApiError> {
    let (id, external) = place(&door, channel.clone(), &external).await?;
    let subject = mapping::Subject::Item(id, external.clone());
    let undone = mapping::undo(&door.hub, caller.actor(), &subject).await?;
    undone.ok_or_else(|| ApiError::not_found(format!("a change of {external} to take back")))?;
    as_it_is(&door, channel, id, external).await
}

async fn as_it_is(
    door: &Door,
    channel: String,
    id: ChannelId,
    external: ExternalItem,
) -> Result<Json<MappingOut>, ApiError> {
    let wanted = external.clone();
    let sku = ask::read(&door.hub, move |mind| {
        let item = mind.catalogue().mapped_item(id, &wanted);
        Ok(item.map(|item| names::sku_of(mind, item)))
    });
    Ok(Json(MappingOut { channel, external: external.to_string(), sku: sku.await?, unclear: None }))
}

async fn settle(
    door: &Door,
    caller: &Caller,
    channel: String,
    external: &str,
    action: fn(MappingQuestion) -> Action,
) -> Result<Json<MappingOut>, ApiError> {
    let (id, external) = place(door, channel.clone(), external).await?;
    let question = MappingQuestion::Item { channel: id, external: external.clone() };
    mapping::command(&door.hub, caller.actor(), action(question)).await?;
    as_it_is(door, channel, id, external).await
}

/// Put the question about an id away for good: it is not asked again until it is reopened.
#[utoipa::path(post, path = "/v1/mappings/{channel}/{external}/dismiss", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "Put away, and durable", body = MappingOut)))]
pub(crate) async fn dismiss(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<MappingOut>, ApiError> {
    settle(&door, &caller, channel, &external, Action::DismissQuestion).await
}

/// Ask the question about an id again.
#[utoipa::path(post, path = "/v1/mappings/{channel}/{external}/reopen", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "To be asked again, and durable", body = MappingOut)))]
pub(crate) async fn reopen(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<MappingOut>, ApiError> {
    settle(&door, &caller, channel, &external, Action::ReopenQuestion).await
}
