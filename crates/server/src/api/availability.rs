//! `GET /v1/availability`: what may be promised of an item, per channel and per location.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::State as Mind;
use model::{ChannelId, Instant, ItemId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Asked;
use super::problem::ApiError;
use super::shown::{ShownOut, age_ms, on};
use super::{Door, ask, names};

/// Which item, and for whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AvailabilityQuery {
    /// The item's SKU.
    sku: String,
    /// Only this channel.
    channel: Option<String>,
}

/// What may be promised of an item.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AvailabilityOut {
    /// SKU.
    sku: String,
    /// Available to sell at each location: on hand − reserved − safety, never below zero.
    locations: Vec<LocationAvailability>,
    /// Available to sell on each channel.
    channels: Vec<ChannelAvailability>,
}

/// At one location.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LocationAvailability {
    /// Location.
    location: String,
    /// Available to sell.
    available: String,
}

/// On one channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelAvailability {
    /// Channel.
    channel: String,
    /// Over the locations it may sell from, less its buffer, never below zero.
    ats: String,
    /// Units it must leave unsold.
    buffer: String,
    /// Age in milliseconds of the oldest level that it shows of this item; missing when one was never read.
    age_ms: Option<i64>,
    /// What it shows at each location where it counts the item.
    locations: Vec<ChannelLevel>,
}

/// What a channel shows at one location.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelLevel {
    /// Location.
    location: String,
    /// Whether the channel may sell from there.
    sells_from: bool,
    /// What it shows and should show.
    shown: ShownOut,
}

/// Available to sell of an item, per channel and location.
#[utoipa::path(get, path = "/v1/availability", tag = "stock", params(AvailabilityQuery),
    responses((status = 200, description = "What may be promised", body = AvailabilityOut)))]
pub(crate) async fn read(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<AvailabilityQuery>,
) -> Result<Json<AvailabilityOut>, ApiError> {
    let now = door.hub.clock.now();
    ask::read(&door.hub, move |mind| availability(mind, &query, now)).await.map(Json)
}

fn availability(mind: &Mind, query: &AvailabilityQuery, now: Instant) -> Result<AvailabilityOut, ApiError> {
    let item = names::item(mind, "sku", &query.sku)?;
    let only = query.channel.as_deref().map(|name| names::channel(mind, "channel", name)).transpose()?;
    let locations = mind.catalogue().locations().iter().map(|location| LocationAvailability {
        location: location.name.to_string(),
        available: mind.available_at(item, location.location).to_string(),
    });
    let channels = mind.catalogue().channels().iter().map(|channel| channel.channel);
    Ok(AvailabilityOut {
        sku: names::sku_of(mind, item),
        locations: locations.collect(),
        channels: channels
            .filter(|channel| only.is_none_or(|only| only == *channel))
            .map(|channel| on_channel(mind, item, channel, now))
            .collect(),
    })
}

fn on_channel(mind: &Mind, item: ItemId, channel: ChannelId, now: Instant) -> ChannelAvailability {
    let available = mind.available_on(item, channel);
    let sells_from = mind.catalogue().channel(channel).map(|channel| &channel.sells_from[..]).unwrap_or_default();
    let levels = mind.catalogue().locations().iter().filter_map(|location| {
        Some(ChannelLevel {
            location: location.name.to_string(),
            sells_from: sells_from.contains(&location.location),
            shown: on(mind, channel, item, location.location, now)?,
        })
    });
    ChannelAvailability {
        channel: names::channel_of(mind, channel),
        ats: available.ats.to_string(),
        buffer: available.buffer.to_string(),
        age_ms: age_ms(mind, channel, item, now),
        locations: levels.collect(),
    }
}
