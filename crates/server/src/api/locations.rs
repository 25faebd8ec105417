//! Locations: where stock is, and what each channel calls it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::State as Mind;
use model::{LocationKind, LocationPut};
use serde::Serialize;
use utoipa::ToSchema;

use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names};

/// What kind of place a location is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Customers walk in.
    Store,
    /// Stock only.
    Warehouse,
    /// Supplies stores and web shops.
    DistributionCentre,
}

/// A location.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LocationOut {
    /// Name.
    name: String,
    /// Kind.
    kind: Kind,
    /// IANA time zone of its days.
    zone: String,
    /// The channel whose counts are authoritative here; missing when the hub itself is.
    home: Option<String>,
    /// Under which id each channel knows it.
    channels: Vec<LocationOnChannel>,
}

/// A location on a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LocationOnChannel {
    /// Channel.
    channel: String,
    /// The platform's id.
    external: String,
}

/// Every location.
#[utoipa::path(get, path = "/v1/locations", tag = "catalogue",
    responses((status = 200, description = "All of them", body = Page<LocationOut>)))]
pub(crate) async fn list(State(door): State<Arc<Door>>) -> Result<Json<Page<LocationOut>>, ApiError> {
    let page = ask::read(&door.hub, |mind| {
        let items = mind.catalogue().locations().iter().map(|location| location_out(mind, location)).collect();
        Ok(Page { items, next: None })
    });
    page.await.map(Json)
}

fn location_out(mind: &Mind, location: &LocationPut) -> LocationOut {
    let channels = mind.catalogue().channels().iter().filter_map(|channel| {
        let external = mind.catalogue().external_location(channel.channel, location.location)?;
        Some(LocationOnChannel { channel: channel.name.to_string(), external: external.to_string() })
    });
    LocationOut {
        name: location.name.to_string(),
        kind: match location.kind {
            LocationKind::Store => Kind::Store,
            LocationKind::Warehouse => Kind::Warehouse,
            LocationKind::DistributionCentre => Kind::DistributionCentre,
        },
        zone: location.zone.to_string(),
        home: location.home.map(|home| names::channel_of(mind, home)),
        channels: channels.collect(),
    }
}
