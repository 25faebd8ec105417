//! Which of our locations a platform's location is, and the questions about it that only a person can answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::{Action, ChannelId, ExternalLocation, MappingQuestion};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, Place};
use super::mappings::{StepOut, steps};
use super::page::Page;
use super::problem::ApiError;
use super::unclear::{Wanted, from_names};
use super::{Door, ask, names};
use crate::mapping::{self, Subject};

/// Which locations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlacesQuery {
    /// Only this channel; needed unless `unclear` is true.
    channel: Option<String>,
    /// True: only the open questions.
    unclear: Option<String>,
    /// True, with `unclear`: those put away for good instead.
    dismissed: Option<String>,
    /// With `unclear`: only those with this text in id or name.
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// A platform's location and what it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceMappingOut {
    /// Channel.
    channel: String,
    /// The platform's id.
    external: String,
    /// Our location; missing while it is unclear or when it was taken away.
    location: Option<String>,
    /// The question, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    unclear: Option<UnclearPlaceOut>,
}

/// A question about a location.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnclearPlaceOut {
    /// What is unclear.
    reason: String,
    /// What the platform calls it.
    name: String,
    /// Locations it may be, best first, at most five.
    candidates: Vec<PlaceCandidateOut>,
}

/// A location that it may be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceCandidateOut {
    /// Name.
    location: String,
    /// How well the names fit, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    percent: u32,
    /// In words.
    why: String,
    /// The id that this location is on the channel already; mapping it here takes it away there.
    taken_by: Option<String>,
}

/// What a platform's location is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceIn {
    /// Our location; `null` takes the mapping away.
    #[serde(deserialize_with = "Option::deserialize")]
    location: Option<String>,
}

/// Locations of a channel, or the open questions of all.
#[utoipa::path(get, path = "/v1/location-mappings", tag = "operations", params(PlacesQuery),
    responses((status = 200, description = "A page of locations", body = Page<PlaceMappingOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<PlacesQuery>,
) -> Result<Json<Page<PlaceMappingOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    if input::flag("unclear", query.unclear.as_deref())? {
        let dismissed = input::flag("dismissed", query.dismissed.as_deref())?;
        let wanted = Wanted { channel: query.channel, dismissed, text: query.q.unwrap_or_default() };
        let (filter, after) = from_names(&door, wanted, query.cursor).await?;
        let after = after.map(|(channel, external)| (channel, ExternalLocation::new(&external)));
        let found = mapping::places(&door.hub, filter, after, limit).await?;
        let cursor = |last: &mapping::AskedPlace| format!("{}:{}", last.question.channel.0, last.question.external);
        let page = Page::of(found, limit, cursor);
        return Ok(Json(Page { items: page.items.into_iter().map(asked).collect(), next: page.next }));
    }
    let from = input::counted("cursor", query.cursor.as_deref())?.unwrap_or(0);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let channel = query.channel.ok_or_else(|| {
        ApiError::invalid("channel", "channel is missing; name one, or ask for unclear=true over all channels")
    })?;
    let page = ask::read(&door.hub, move |mind| {
        let id = names::channel(mind, "channel", &channel)?;
        let out = |(location, external): (model::LocationId, &ExternalLocation)| PlaceMappingOut {
            channel: channel.clone(),
            external: external.to_string(),
            location: Some(names::location_of(mind, location)),
            unclear: None,
        };
        let items: Vec<_> = mind.catalogue().locations_on(id).skip(from).take(limit).map(out).collect();
        let next = (items.len() == limit).then(|| from.saturating_add(limit).to_string());
        Ok(Page { items, next })
    });
    page.await.map(Json)
}

fn asked(asked: mapping::AskedPlace) -> PlaceMappingOut {
    let mapping::AskedPlace { question, candidates } = asked;
    let candidates = candidates.into_iter().map(|candidate| PlaceCandidateOut {
        location: candidate.name,
        percent: candidate.percent,
        why: candidate.why,
        taken_by: candidate.taken,
    });
    PlaceMappingOut {
        channel: question.channel_name,
        external: question.external.to_string(),
        location: None,
        unclear: Some(UnclearPlaceOut {
            reason: question.reason.to_string(),
            name: question.name.to_string(),
            candidates: candidates.collect(),
        }),
    }
}

async fn place(door: &Door, channel: &str, external: &str) -> Result<(ChannelId, ExternalLocation), ApiError> {
    let external = ExternalLocation::new(input::word("external", external)?);
    let channel = channel.to_owned();
    let id = ask::read(&door.hub, move |mind| names::channel_at(mind, &channel)).await?;
    Ok((id, external))
}

async fn as_it_is(
    door: &Door,
    channel: String,
    id: ChannelId,
    external: ExternalLocation,
) -> Result<Json<PlaceMappingOut>, ApiError> {
    let wanted = external.clone();
    let location = ask::read(&door.hub, move |mind| {
        let location = mind.catalogue().mapped_location(id, &wanted);
        Ok(location.map(|location| names::location_of(mind, location)))
    });
    let location = location.await?;
    Ok(Json(PlaceMappingOut { channel, external: external.to_string(), location, unclear: None }))
}

/// Say which location of ours a platform's location is. Sales that waited for it are taken in, past ones are worked out
/// anew, and everything the channel shows is read.
#[utoipa::path(put, path = "/v1/location-mappings/{channel}/{external}", tag = "operations", request_body = PlaceIn,
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "As it is now, and durable", body = PlaceMappingOut)))]
pub(crate) async fn put(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
    Input(sent): Input<PlaceIn>,
) -> Result<Json<PlaceMappingOut>, ApiError> {
    let (id, external) = place(&door, &channel, &external).await?;
    let location = ask::read(&door.hub, move |mind| {
        sent.location.as_deref().map(|name| names::location(mind, "location", name)).transpose()
    });
    let action = Action::MapLocation { channel: id, external: external.clone(), location: location.await? };
    mapping::command(&door.hub, caller.actor(), action).await?;
    as_it_is(&door, channel, id, external).await
}

/// What a platform's location was, newest first.
#[utoipa::path(get, path = "/v1/location-mappings/{channel}/{external}/history", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "The last hundred changes", body = Page<StepOut>)))]
pub(crate) async fn past(
    State(door): State<Arc<Door>>,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<Page<StepOut>>, ApiError> {
    let (channel, external) = place(&door, &channel, &external).await?;
    steps(&door, &Subject::Location(channel, external)).await
}

/// Take the last change back; an id that lost its location by it gets it again.
#[utoipa::path(post, path = "/v1/location-mappings/{channel}/{external}/undo", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "As it is now, and durable", body = PlaceMappingOut)))]
pub(crate) async fn undo(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<PlaceMappingOut>, ApiError> {
    let (id, external) = place(&door, &channel, &external).await?;
    let undone = mapping::undo(&door.hub, caller.actor(), &Subject::Location(id, external.clone())).await?;
    undone.ok_or_else(|| ApiError::not_found(format!("a change of {external} to take back")))?;
    as_it_is(&door, channel, id, external).await
}

async fn settle(
    door: &Door,
    caller: &Caller,
    channel: String,
    external: &str,
    action: fn(MappingQuestion) -> Action,
) -> Result<Json<PlaceMappingOut>, ApiError> {
    let (id, external) = place(door, &channel, external).await?;
    let question = MappingQuestion::Location { channel: id, external: external.clone() };
    mapping::command(&door.hub, caller.actor(), action(question)).await?;
    as_it_is(door, channel, id, external).await
}

/// Put the question about a location away for good.
#[utoipa::path(post, path = "/v1/location-mappings/{channel}/{external}/dismiss", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "Put away, and durable", body = PlaceMappingOut)))]
pub(crate) async fn dismiss(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<PlaceMappingOut>, ApiError> {
    settle(&door, &caller, channel, &external, Action::DismissQuestion).await
}

/// Ask the question about a location again.
#[utoipa::path(post, path = "/v1/location-mappings/{channel}/{external}/reopen", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("external" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "To be asked again, and durable", body = PlaceMappingOut)))]
pub(crate) async fn reopen(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place((channel, external)): Place<(String, String)>,
) -> Result<Json<PlaceMappingOut>, ApiError> {
    settle(&door, &caller, channel, &external, Action::ReopenQuestion).await
}
