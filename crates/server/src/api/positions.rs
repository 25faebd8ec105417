//! `GET /v1/positions`: an item at a location with everything that is counted of it, and what each channel shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::{Position, State as Mind};
use model::Instant;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::{self, Asked};
use super::page::Page;
use super::problem::ApiError;
use super::shown::{ShownOut, on_channels};
use super::{Door, ask, names};

/// Rows looked at for one page, so that a narrow filter over millions never holds up the hub.
const LOOK: u32 = 20_000;

/// Which positions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PositionsQuery {
    /// Only this SKU.
    sku: Option<String>,
    /// Only this location.
    location: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing. A page may hold fewer although there are more.
    limit: Option<String>,
}

/// An item at a location.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PositionOut {
    /// SKU.
    sku: String,
    /// Location.
    location: String,
    /// What lies there and can be sold; below zero when tills sold more than was known.
    on_hand: String,
    /// What is promised.
    reserved: String,
    /// On its way here.
    in_transit: String,
    /// There, but not for sale.
    unsellable: String,
    /// To be left unsold.
    safety: String,
    /// On hand − reserved − safety, never below zero.
    available: String,
    /// When it was last counted through the hub.
    counted_at: Option<String>,
    /// What each channel shows of it.
    shown: Vec<ShownOut>,
}

impl PositionOut {
    /// A position in the words of the API.
    pub(crate) fn of(mind: &Mind, position: &Position, now: Instant) -> Self {
        Self {
            sku: names::sku_of(mind, position.item),
            location: names::location_of(mind, position.location),
            on_hand: position.on_hand().to_string(),
            reserved: position.reserved().to_string(),
            in_transit: position.in_transit().to_string(),
            unsellable: position.unsellable().to_string(),
            safety: position.safety().to_string(),
            available: position.available().to_string(),
            counted_at: position.counted_at().map(|at| at.to_string()),
            shown: on_channels(mind, position.item, position.location, now),
        }
    }
}

/// Stock per item and location.
#[utoipa::path(get, path = "/v1/positions", tag = "stock", params(PositionsQuery),
    responses((status = 200, description = "A page of positions", body = Page<PositionOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<PositionsQuery>,
) -> Result<Json<Page<PositionOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let from = input::counted("cursor", query.cursor.as_deref())?.unwrap_or(0);
    let now = door.hub.clock.now();
    let page = ask::read(&door.hub, move |mind| {
        let location = query.location.as_deref().map(|name| names::location(mind, "location", name)).transpose()?;
        let item = query.sku.as_deref().map(|sku| names::item(mind, "sku", sku)).transpose()?;
        let wanted = |position: &Position| location.is_none_or(|location| location == position.location);
        let rows: Vec<u32> = match item {
            Some(item) => mind.positions().of_item(item, mind.catalogue().locations().len()),
            None => {
                let first = u32::try_from(from).unwrap_or(u32::MAX);
                (first..first.saturating_add(LOOK).min(mind.positions().len() as u32)).collect()
            }
        };
        let skip = if item.is_some() { usize::try_from(from).unwrap_or(usize::MAX) } else { 0 };
        let mut items = Vec::new();
        let (mut looked, mut full) = (0, false);
        for row in rows.iter().skip(skip) {
            if items.len() == limit {
                full = true;
                break;
            }
            looked += 1;
            let position = mind.positions().row(*row);
            if wanted(&position) {
                items.push(PositionOut::of(mind, &position, now));
            }
        }
        let more = full || (item.is_none() && from + looked < mind.positions().len() as u64 && looked > 0);
        Ok(Page { items, next: more.then(|| (from + looked).to_string()) })
    });
    page.await.map(Json)
}
