//! Counts and changes of stock.
//!
//! <https://developer.squareup.com/reference/square/inventory-api>; since 2026 an adjustment names two locations
//! (`InventoryAdjustment` of npm `square` 46.0.0).

use serde::{Deserialize, Serialize};

use super::EventCount;

/// A count: <https://developer.squareup.com/reference/square/objects/InventoryCount>.
pub(crate) type Count = EventCount;

/// Reply of `counts/batch-retrieve`.
#[derive(Debug, Deserialize)]
pub(crate) struct CountsPage {
    /// Newest first.
    #[serde(default)]
    pub(crate) counts: Vec<Count>,
    /// Absent at the end.
    pub(crate) cursor: Option<String>,
}

/// Reply of `changes/batch-create`.
#[derive(Debug, Deserialize)]
pub(crate) struct BatchChanged {
    /// The counts of all objects in the request, in all their states.
    #[serde(default)]
    pub(crate) counts: Vec<Count>,
}

/// Request of `changes/batch-create`.
#[derive(Debug, Serialize)]
pub(crate) struct BatchChange<'a> {
    /// At most 128 characters.
    pub(crate) idempotency_key: &'a str,
    /// A count that changes nothing writes nothing and fires no webhook.
    pub(crate) ignore_unchanged_counts: bool,
    /// At most 100.
    pub(crate) changes: Vec<Change<'a>>,
}

/// One change; the field that goes with the type is filled.
#[derive(Debug, Serialize)]
pub(crate) struct Change<'a> {
    /// `ADJUSTMENT` or `PHYSICAL_COUNT`.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// With `ADJUSTMENT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) adjustment: Option<Adjustment<'a>>,
    /// With `PHYSICAL_COUNT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) physical_count: Option<PhysicalCount<'a>>,
}

/// A quantity that goes from one state to another.
#[derive(Debug, Serialize)]
pub(crate) struct Adjustment<'a> {
    /// Ours, at most 255 characters; seen again in the change log.
    pub(crate) reference_id: String,
    /// The variation.
    pub(crate) catalog_object_id: &'a str,
    /// Where it was.
    pub(crate) from_state: &'static str,
    /// Where it is.
    pub(crate) to_state: &'static str,
    /// Both locations are the same: goods between locations are transfer orders.
    pub(crate) from_location_id: &'a str,
    /// See `from_location_id`.
    pub(crate) to_location_id: &'a str,
    /// Decimal text, above zero.
    pub(crate) quantity: String,
    /// RFC 3339, not in the future, at most 24 hours ago.
    pub(crate) occurred_at: String,
}

/// What was counted.
#[derive(Debug, Serialize)]
pub(crate) struct PhysicalCount<'a> {
    /// As in [`Adjustment`].
    pub(crate) reference_id: String,
    /// The variation.
    pub(crate) catalog_object_id: &'a str,
    /// Of which state.
    pub(crate) state: &'static str,
    /// Where.
    pub(crate) location_id: &'a str,
    /// Decimal text, zero or more.
    pub(crate) quantity: String,
    /// When it was true. Changes are applied in this order, whenever they arrive.
    pub(crate) occurred_at: String,
}
