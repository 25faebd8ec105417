//! Channels: connected accounts, what they show and from where they sell.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{
    ChannelId, ChannelName, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Fields, Instant, LocationId,
    Note, Platform, Quantity,
};

/// Which of its states a platform shows and sells against at a location's home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// On hand less everything promised; its own unfulfilled orders have already left the number.
    #[n(0)]
    Available,
    /// What lies in the shop; promises of other channels are not subtracted.
    #[n(1)]
    OnHand,
}

/// When a difference that a reading found is too large to be written without a person: when any of these is exceeded.
/// Zero means that it is not looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Hold {
    /// Units.
    #[n(0)]
    pub units: Quantity,
    /// Units times the list price, in minor units of its currency.
    #[n(1)]
    pub value_minor: i64,
    /// Of the larger of the two levels, and only from a difference of ten units on: one of two is a half and no fault.
    #[n(2)]
    pub percent: u32,
}

impl Hold {
    /// Nothing is held back.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }
}

/// A channel as configured; replaces what was known under the same id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ChannelPut {
    /// Dense id.
    #[n(0)]
    pub channel: ChannelId,
    /// Unique.
    #[n(1)]
    pub name: ChannelName,
    /// Which dictionary it speaks.
    #[n(2)]
    pub platform: Platform,
    /// What its numbers mean at home.
    #[n(3)]
    pub basis: Basis,
    /// Locations its web shop sells from, best first.
    #[n(4)]
    pub sells_from: Vec<LocationId>,
    /// Units of every item it must leave unsold, over all its locations.
    #[n(5)]
    pub buffer: Quantity,
    /// Whether the platform counts whole units only.
    #[n(6)]
    pub whole_units: bool,
    /// False in the read-only phase: nothing is written to it.
    #[n(7)]
    pub writes: bool,
    /// Fields of an item that are changed on this channel and copied from it to our own record.
    #[n(8)]
    #[cbor(skip_if = "Fields::is_empty")]
    pub leads: Fields,
    /// Fields of an item that this channel is made to list as we have them.
    #[n(9)]
    #[cbor(skip_if = "Fields::is_empty")]
    pub follows: Fields,
    /// What is held back for a person.
    #[n(10)]
    #[cbor(skip_if = "Hold::is_off")]
    pub hold: Hold,
    /// Whether the platform takes no number below zero, not even at a location's home.
    #[n(11)]
    #[cbor(skip_if = "std::ops::Not::not")]
    pub never_below_zero: bool,
}

/// What has to be fetched because a notice named it without telling it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeAbout {
    /// An order, sale, refund or return document.
    #[n(0)]
    Order(#[n(0)] DocumentKey),
    /// The count of an item at a location.
    #[n(1)]
    Level(#[n(0)] ExternalItem, #[n(1)] ExternalLocation),
    /// Something in the catalogue.
    #[n(2)]
    Catalogue,
    /// A customer.
    #[n(3)]
    Customer(#[n(0)] CustomerKey),
    /// A location.
    #[n(4)]
    Locations,
}

/// How far a channel's polling has come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
pub struct Cursor {
    /// Changes up to here, on the platform's clock, are known.
    #[n(0)]
    pub orders_until: Instant,
    /// The same for the catalogue.
    #[n(1)]
    pub catalogue_until: Instant,
    /// The same for customers.
    #[n(2)]
    pub customers_until: Instant,
    /// Where the first reading of the whole catalogue goes on, in the platform's own words; empty = at its beginning,
    /// `None` = it is done.
    #[n(3)]
    pub catalogue_page: Option<Note>,
}
