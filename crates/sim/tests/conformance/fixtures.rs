//! What differs from platform to platform, as data: scenarios that a platform refuses, and why.
//!
//! Whatever is not listed here must work.

use connectors::{Ability, Surface, connector};
use model::Platform;

/// How a scenario must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It goes through.
    Works,
    /// It is refused in words, and the capability matrix must say so in this row.
    Refused(Surface),
    /// It is refused in words by what people do inside the platform; the hub never asks for it, so that the matrix has
    /// no row for it.
    NothingToAsk(&'static str),
}

use Expected::{NothingToAsk, Refused};
use Platform::{BigCommerce, Clover, LightspeedR, LightspeedX, Shopify, Square};

/// How a scenario must end on a platform.
pub fn expected(scenario: &str, platform: Platform) -> Expected {
    if let Some((_, surface, cannot)) = DOCUMENTS.iter().find(|(name, _, _)| *name == scenario) {
        let is_unused =
            |(listed, ability): &(Surface, Ability)| listed == surface && matches!(ability, Ability::Unused(_));
        let unused = connector(platform).abilities().surfaces.iter().any(is_unused);
        return if unused || cannot.contains(&platform) { Refused(*surface) } else { Expected::Works };
    }
    let row = EXCEPTIONS.iter().find(|(name, on, _)| *name == scenario && *on == platform);
    row.map_or(Expected::Works, |(_, _, expected)| *expected)
}

/// The platform on which a return that belongs to no sale names no goods.
pub const NAMES_NO_GOODS: Platform = Clover;

/// Platforms whose first access token outlives the day that the scenario of its end lasts: for ever, and thirty days.
pub const OUTLIVES_A_DAY: [Platform; 2] = [Shopify, Square];

/// The platform whose refunds put nothing back on a shelf.
pub const SHELVES_APART: Platform = BigCommerce;

/// The platform whose refunds are money only: they name no goods, which are counted by themselves.
pub const MONEY_ALONE: Platform = Square;

/// The platform that chooses by itself where an order is handed out, so that the hub moves it afterwards. It dates changes
/// by whole seconds: moved within the second in which it was made, the order looks unchanged, so that until it is handed
/// out only what is on offer is told at the right place, not what lies there.
pub const MOVED_AFTERWARDS: Platform = Shopify;

/// Every surface that there is.
pub const SURFACES: [Surface; 27] = [
    Surface::HearSales,
    Surface::HearStock,
    Surface::HearItems,
    Surface::HearCustomers,
    Surface::HearRevoked,
    Surface::PollOrders,
    Surface::PollLevels,
    Surface::ReadLevels,
    Surface::ReadCatalogue,
    Surface::ReadCustomers,
    Surface::WriteRelative,
    Surface::WriteCompared,
    Surface::WriteDated,
    Surface::WritePrice,
    Surface::WriteTitle,
    Surface::WriteBarcode,
    Surface::Subscribe,
    Surface::UnlinkedReturn,
    Surface::Fractions,
    Surface::Locations,
    Surface::MakeOrder,
    Surface::MakeRefund,
    Surface::WriteCustomer,
    Surface::MergeCustomers,
    Surface::Transfer,
    Surface::PurchaseOrder,
    Surface::TillScreen,
];

const NO_WEB_SHOP: Expected = NothingToAsk("it has no web shop of its own");
const NO_TILL: Expected = Refused(Surface::TillScreen);
const NO_NEWS: Expected = Refused(Surface::HearSales);
const ONE_PLACE: Expected = Refused(Surface::Locations);
const WHOLE_UNITS: Expected = Refused(Surface::Fractions);
const NO_MERGE: Expected = Refused(Surface::MergeCustomers);

/// Documents that channels are told to make: what it takes, and which platforms have no such thing.
const DOCUMENTS: &[(&str, Surface, &[Platform])] = &[
    ("order made", Surface::MakeOrder, &[]),
    ("order made elsewhere", Surface::Locations, &[Clover]),
    ("refund made", Surface::MakeRefund, &[Clover]),
    ("customer made", Surface::WriteCustomer, &[]),
    ("transfer made", Surface::Transfer, &[Clover, BigCommerce]),
    ("purchase order made", Surface::PurchaseOrder, &[Shopify, Square, Clover, BigCommerce]),
    ("refund refused", Surface::MakeRefund, &[Clover]),
    ("refund too large", Surface::MakeRefund, &[Clover]),
    ("supplier unknown", Surface::PurchaseOrder, &[Shopify, Square, Clover, BigCommerce]),
];

/// Every exception.
const EXCEPTIONS: &[(&str, Platform, Expected)] = &[
    ("till sale", BigCommerce, NO_TILL),
    ("late sale", BigCommerce, NO_TILL),
    ("voided sale", BigCommerce, NO_TILL),
    ("exchange", BigCommerce, NO_TILL),
    ("web order", Clover, NO_WEB_SHOP),
    ("web order", LightspeedR, NO_WEB_SHOP),
    ("cancelled order", Clover, NO_WEB_SHOP),
    ("cancelled order", LightspeedR, NO_WEB_SHOP),
    ("edited order", Clover, NO_WEB_SHOP),
    ("edited order", LightspeedR, NO_WEB_SHOP),
    ("edited order", LightspeedX, NothingToAsk("an order that is paid is cancelled and placed anew")),
    ("weighed item", Shopify, WHOLE_UNITS),
    ("weighed item", BigCommerce, WHOLE_UNITS),
    ("weighed item", LightspeedR, WHOLE_UNITS),
    ("unlinked return", Shopify, Refused(Surface::UnlinkedReturn)),
    ("unlinked return", BigCommerce, Refused(Surface::UnlinkedReturn)),
    ("unlinked return", Clover, Refused(Surface::UnlinkedReturn)),
    ("count elsewhere", Clover, ONE_PLACE),
    ("sale elsewhere", Clover, ONE_PLACE),
    ("1,001 locations", Clover, ONE_PLACE),
    ("transfer", Clover, Refused(Surface::Transfer)),
    ("transfer", BigCommerce, Refused(Surface::Transfer)),
    ("customers merged", Clover, NO_MERGE),
    ("customers merged", BigCommerce, NO_MERGE),
    ("customers merged", LightspeedX, NO_MERGE),
    ("customers merged", LightspeedR, NO_MERGE),
    ("three times", LightspeedR, NO_NEWS),
    ("any order", LightspeedR, NO_NEWS),
    ("subscription removed", LightspeedR, NO_NEWS),
];
