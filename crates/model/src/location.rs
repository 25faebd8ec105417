//! Locations: where stock is.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{ChannelId, LocationId, LocationName, Note};

/// What kind of place it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// Customers walk in.
    #[n(0)]
    #[default]
    Store,
    /// Stock only.
    #[n(1)]
    Warehouse,
    /// Supplies stores and web shops.
    #[n(2)]
    DistributionCentre,
}

impl LocationKind {
    /// Reads `store`, `warehouse`, `dc`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "store" => Some(Self::Store),
            "warehouse" => Some(Self::Warehouse),
            "dc" | "distribution_centre" | "distribution_center" => Some(Self::DistributionCentre),
            _ => None,
        }
    }
}

/// A location as configured; replaces what was known under the same id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct LocationPut {
    /// Dense id.
    #[n(0)]
    pub location: LocationId,
    /// Unique.
    #[n(1)]
    pub name: LocationName,
    /// Store, warehouse or DC.
    #[n(2)]
    pub kind: LocationKind,
    /// IANA time zone, for the location's own days.
    #[n(3)]
    pub zone: Note,
    /// The channel whose counts and adjustments are authoritative here; `None` when the hub itself is.
    #[n(4)]
    pub home: Option<ChannelId>,
}
