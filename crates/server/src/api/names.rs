//! Names to dense ids on the way in, and back on the way out. Callers never see an item's or a location's number.

use flow::State;
use model::{ChannelId, ChannelName, ItemId, LocationId, LocationName, Sku};

use super::input::word;
use super::problem::ApiError;

fn unknown(field: &str, what: &'static str, name: &str) -> ApiError {
    ApiError::UnknownName { field: field.into(), what, name: name.chars().take(100).collect() }
}

/// The item of an SKU.
pub(crate) fn item(state: &State, field: &str, sku: &str) -> Result<ItemId, ApiError> {
    let sku = word(field, sku)?;
    state.catalogue().sku(&Sku::new(sku)).map(|item| item.item).ok_or_else(|| unknown(field, "SKU", sku))
}

/// The location of a name.
pub(crate) fn location(state: &State, field: &str, name: &str) -> Result<LocationId, ApiError> {
    let name = word(field, name)?;
    let found = state.catalogue().location_named(&LocationName::new(name));
    found.map(|location| location.location).ok_or_else(|| unknown(field, "location", name))
}

/// The channel of a name.
pub(crate) fn channel(state: &State, field: &str, name: &str) -> Result<ChannelId, ApiError> {
    let name = word(field, name)?;
    let found = state.catalogue().channel_named(&ChannelName::new(name));
    found.map(|channel| channel.channel).ok_or_else(|| unknown(field, "channel", name))
}

/// As [`item`], for an SKU in the address: what is not there is not found.
pub(crate) fn item_at(state: &State, sku: &str) -> Result<ItemId, ApiError> {
    item(state, "sku", sku).map_err(missing)
}

/// As [`location`], for a name in the address.
pub(crate) fn location_at(state: &State, name: &str) -> Result<LocationId, ApiError> {
    location(state, "location", name).map_err(missing)
}

/// As [`channel`], for a name in the address.
pub(crate) fn channel_at(state: &State, name: &str) -> Result<ChannelId, ApiError> {
    channel(state, "channel", name).map_err(missing)
}

fn missing(error: ApiError) -> ApiError {
    match error {
        ApiError::UnknownName { what, name, .. } => ApiError::NotFound { what: format!("{what} {name:?}") },
        other => other,
    }
}

/// An item's SKU.
pub(crate) fn sku_of(state: &State, item: ItemId) -> String {
    state.catalogue().item(item).map_or_else(|| item.to_string(), |item| item.sku.to_string())
}

/// A location's name.
pub(crate) fn location_of(state: &State, location: LocationId) -> String {
    state.catalogue().location(location).map_or_else(|| location.to_string(), |location| location.name.to_string())
}

/// A channel's name.
pub(crate) fn channel_of(state: &State, channel: ChannelId) -> String {
    state.catalogue().channel(channel).map_or_else(|| channel.to_string(), |channel| channel.name.to_string())
}
