//! What a channel shows of a position, beside what it should show.

use flow::{State, Trust};
use model::{ChannelId, Instant, ItemId, LocationId};
use serde::Serialize;
use utoipa::ToSchema;

use super::names;

/// Where a channel's number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShownState {
    /// It shows what it should.
    InStep,
    /// A write is under way.
    Writing,
    /// It shows something else and will be written.
    Waiting,
    /// The platform refused the level, or it is held back for a person.
    Blocked,
    /// It was never read, or must be read before it is written.
    Unread,
}

/// What a channel shows of an item at a location.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ShownOut {
    /// Channel.
    pub channel: String,
    /// What it is believed to show; missing when it was never read.
    pub level: Option<String>,
    /// What it should show.
    pub wanted: String,
    /// Age of the level in milliseconds.
    pub age_ms: Option<i64>,
    /// Where it stands.
    pub state: ShownState,
    /// Why it is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Every channel that counts the item at the location.
pub(crate) fn on_channels(state: &State, item: ItemId, location: LocationId, now: Instant) -> Vec<ShownOut> {
    let channels = state.catalogue().channels();
    channels.iter().filter_map(|channel| on(state, channel.channel, item, location, now)).collect()
}

/// One channel; `None` when it does not count the item there.
pub(crate) fn on(
    state: &State,
    channel: ChannelId,
    item: ItemId,
    location: LocationId,
    now: Instant,
) -> Option<ShownOut> {
    let wanted = state.wanted(channel, item, location)?;
    let position = state.positions().find(item, location);
    let row = position.and_then(|position| state.shown().get(channel, position));
    let read = row.filter(|row| row.trust != Trust::Unread);
    let standing = match row {
        None => ShownState::Unread,
        Some(row) if row.blocked => ShownState::Blocked,
        Some(row) if row.in_flight.is_some() => ShownState::Writing,
        Some(row) if matches!(row.trust, Trust::Unread | Trust::Doubtful) => ShownState::Unread,
        Some(row) if row.level == wanted => ShownState::InStep,
        Some(_) => ShownState::Waiting,
    };
    let reason = position.and_then(|position| state.shown().reason(channel, position));
    Some(ShownOut {
        channel: names::channel_of(state, channel),
        level: read.map(|row| row.level.to_string()),
        wanted: wanted.to_string(),
        age_ms: read.map(|row| now.since(row.at)),
        state: standing,
        reason: reason.filter(|_| standing == ShownState::Blocked).map(ToString::to_string),
    })
}

/// Age in milliseconds of what a channel shows of an item, over all locations: the oldest counts. `None` when some
/// level that it should show was never read.
pub(crate) fn age_ms(state: &State, channel: ChannelId, item: ItemId, now: Instant) -> Option<i64> {
    let locations = state.catalogue().locations();
    let mut oldest = None;
    for location in locations {
        if let Some(shown) = on(state, channel, item, location.location, now) {
            oldest = Some(shown.age_ms?.max(oldest.unwrap_or(0)));
        }
    }
    oldest
}
