//! What differs from platform to platform, as data: scenarios that a platform refuses, and why.
//!
//! Whatever is not listed here must work.

use connectors::Surface;
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
    let row = EXCEPTIONS.iter().find(|(name, on, _)| *name == scenario && *on == platform);
    let document = DOCUMENTS.iter().find(|(name, _)| *name == scenario).map(|(_, surface)| *surface);
    let not_made = document.filter(|surface| NOT_MADE.contains(&(*surface, platform))).map(Refused);
    row.map(|(_, _, expected)| *expected).or(not_made).unwrap_or(Expected::Works)
}

/// Scenarios of documents, and what each needs.
const DOCUMENTS: &[(&str, Surface)] = &[
    ("order made", Surface::MakeOrder),
    ("order unheard", Surface::MakeOrder),
    ("refund made", Surface::MakeRefund),
    ("refund unheard", Surface::MakeRefund),
    ("refund refused", Surface::MakeRefund),
    ("customer made", Surface::WriteCustomer),
    ("customer unheard", Surface::WriteCustomer),
    ("transfer made", Surface::Transfer),
    ("purchase made", Surface::PurchaseOrder),
    ("purchase refused", Surface::PurchaseOrder),
];

/// Documents that are not made on a platform, each with its reason in the matrix.
const NOT_MADE: &[(Surface, Platform)] = &[
    (Surface::PurchaseOrder, Square),
    (Surface::MakeRefund, Clover),
    (Surface::Transfer, Clover),
    (Surface::PurchaseOrder, Clover),
    (Surface::MakeOrder, LightspeedX),
    (Surface::MakeRefund, LightspeedX),
    (Surface::WriteCustomer, LightspeedX),
    (Surface::Transfer, LightspeedX),
    (Surface::PurchaseOrder, LightspeedX),
    (Surface::MakeOrder, Shopify),
    (Surface::MakeRefund, Shopify),
    (Surface::WriteCustomer, Shopify),
    (Surface::Transfer, Shopify),
    (Surface::PurchaseOrder, Shopify),
    (Surface::MakeOrder, BigCommerce),
    (Surface::MakeRefund, BigCommerce),
    (Surface::WriteCustomer, BigCommerce),
    (Surface::Transfer, BigCommerce),
    (Surface::PurchaseOrder, BigCommerce),
];

/// The platform on which a return that belongs to no sale names no goods.
pub const NAMES_NO_GOODS: Platform = Clover;

/// Platforms whose first access token outlives the day that the scenario of its end lasts: for ever, and thirty days.
pub const OUTLIVES_A_DAY: [Platform; 2] = [Shopify, Square];

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

/// The supplier of the scenarios.
pub const SUPPLIER: &str = "Potter & Sons";

/// The call by which an account gets to know the supplier, as `(path, body)`; `None` where there are none. Suppliers are
/// nobody's act: people type them in, and a program may.
pub fn supplier_call(platform: Platform, account: &str) -> Option<(String, String)> {
    let body = serde_json::json!({ "name": SUPPLIER }).to_string();
    match platform {
        LightspeedR => Some((format!("/API/V3/Account/{account}/Vendor.json"), body)),
        LightspeedX => Some(("/api/2.0/suppliers".to_owned(), body)),
        Shopify | Square | Clover | BigCommerce => None,
    }
}

const NO_WEB_SHOP: Expected = NothingToAsk("it has no web shop of its own");
const NO_TILL: Expected = Refused(Surface::TillScreen);
const NO_NEWS: Expected = Refused(Surface::HearSales);
const ONE_PLACE: Expected = Refused(Surface::Locations);
const WHOLE_UNITS: Expected = Refused(Surface::Fractions);
const NO_MERGE: Expected = Refused(Surface::MergeCustomers);

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
