//! What may be promised, and what each channel should show.

use model::{Basis, ChannelId, ChannelPut, ItemId, Level, LocationId, Quantity};

use super::State;

/// Available to sell of an item for a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Over the locations the channel sells from, less its buffer, never below zero.
    pub ats: Quantity,
    /// What is held back.
    pub buffer: Quantity,
}

impl State {
    /// Available to sell of an item at a location. A bundle is as available as its scarcest component.
    pub fn available_at(&self, item: ItemId, location: LocationId) -> Quantity {
        let components = self.catalogue.item(item).map_or(&[][..], |item| &item.components);
        if components.is_empty() {
            return self.positions.get(item, location).available();
        }
        components
            .iter()
            .map(|part| self.positions.get(part.item, location).available().whole_multiples(part.quantity))
            .min()
            .unwrap_or_default()
    }

    /// Available to sell of an item on a channel. Each location is counted once, however often it is listed.
    pub fn available_on(&self, item: ItemId, channel: ChannelId) -> Availability {
        let buffer = self.catalogue.buffer(channel, item);
        let mut total = Quantity::ZERO;
        if let Some(channel) = self.catalogue.channel(channel) {
            for (place, location) in channel.sells_from.iter().enumerate() {
                if !channel.sells_from[..place].contains(location) {
                    total = total.plus(self.available_at(item, *location));
                }
            }
        }
        Availability { ats: total.minus(buffer), buffer }
    }

    /// What a channel should show of an item at a location; `None` when it does not count it there.
    ///
    /// The location's home channel is compared with signed on hand in its own terms, so that a till's −2 stays visible;
    /// only a platform that takes no number below zero is shown zero then. Every other channel gets what is available,
    /// less its share of the channel's buffer.
    ///
    /// Unknown is not zero: before a first count is known from the location's home, no other channel is told anything.
    pub fn wanted(&self, channel: ChannelId, item: ItemId, location: LocationId) -> Option<Level> {
        let home = self.catalogue.location(location)?.home == Some(channel);
        let known = home || self.positions.get(item, location).opened();
        let level = if known { self.as_far_as_known(channel, item, location)? } else { return None };
        let least = self.catalogue.channel(channel)?.never_below_zero;
        Some(if least { level.max(Level::ZERO) } else { level })
    }

    /// What follows from what has been heard so far, whether or not a first count is known; `None` when the channel does
    /// not count the item there.
    pub(crate) fn as_far_as_known(&self, channel: ChannelId, item: ItemId, location: LocationId) -> Option<Level> {
        let channel = self.catalogue.channel(channel)?;
        self.catalogue.external_item(channel.channel, item)?;
        self.catalogue.external_location(channel.channel, location)?;
        let known = self.catalogue.item(item)?;
        if !known.tracked || !known.components.is_empty() {
            return None;
        }
        let position = self.positions.get(item, location);
        let home = self.catalogue.location(location)?.home == Some(channel.channel);
        let level = match (home, channel.basis) {
            (true, Basis::OnHand) => position.on_hand(),
            (true, Basis::Available) => position.free(),
            (false, _) => position.available().minus(self.buffer_share(channel, item, location)).level(),
        };
        let whole = channel.whole_units && !level.is_whole();
        Some(if whole { Level::from_units(level.floor_units()).unwrap_or(level) } else { level })
    }

    /// The part of a channel's buffer that is held back at this location: it is taken from the places the channel
    /// sells from last, so that the first ones show what they have.
    fn buffer_share(&self, channel: &ChannelPut, item: ItemId, location: LocationId) -> Quantity {
        let mut left = self.catalogue.buffer(channel.channel, item);
        if left.is_zero() || !channel.sells_from.contains(&location) {
            return Quantity::ZERO;
        }
        for (place, other) in channel.sells_from.iter().enumerate().rev() {
            if channel.sells_from[..place].contains(other) {
                // Listed twice: it holds what it holds once, at its better place.
                continue;
            }
            let available = self.available_at(item, *other);
            if *other == location {
                return left;
            }
            left = left.minus(available);
        }
        left
    }

    /// Whether a change of this item at one place may change what the channel should show at another.
    pub(crate) fn has_buffer(&self, item: ItemId) -> bool {
        self.catalogue.channels().iter().any(|channel| !self.catalogue.buffer(channel.channel, item).is_zero())
    }
}
