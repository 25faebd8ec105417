//! Sales, which are returns too: a line given back has a quantity below zero.

use serde::Deserialize;

use crate::lightspeed_x::decimal::Decimal;

/// `Sale` of 2026-07.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Sale {
    /// UUID.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// UUID, empty for nobody.
    pub(in crate::lightspeed_x) customer_id: Option<String>,
    /// When it was made, with an offset.
    pub(in crate::lightspeed_x) date: Option<String>,
    /// When it reached Lightspeed, with an offset.
    pub(in crate::lightspeed_x) created_at: Option<String>,
    /// Empty or null while it is there.
    pub(in crate::lightspeed_x) deleted_at: Option<String>,
    /// For people.
    pub(in crate::lightspeed_x) invoice_number: Option<String>,
    /// `parked`, `pending`, `voided` or `closed`.
    pub(in crate::lightspeed_x) state: Option<String>,
    /// What kind of pending or closed: `layby`, `onaccount`, `pickup`, `delivery`, `service`.
    pub(in crate::lightspeed_x) attributes: Option<Vec<String>>,
    /// Where it was made.
    pub(in crate::lightspeed_x) source: Option<Source>,
    /// Sold and given back.
    pub(in crate::lightspeed_x) line_items: Option<Vec<Line>>,
    /// Taken and paid back.
    pub(in crate::lightspeed_x) payments: Option<Vec<Payment>>,
    /// In major units.
    pub(in crate::lightspeed_x) totals: Option<Totals>,
    /// Holds the version.
    #[serde(rename = "_metadata")]
    pub(in crate::lightspeed_x) metadata: Option<Metadata>,
}

/// `SaleResponseSource`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Source {
    /// The maker's own reference.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// `USER` for the tills; others name who brought the sale in.
    #[serde(rename = "type")]
    pub(in crate::lightspeed_x) kind: Option<String>,
    /// UUID.
    pub(in crate::lightspeed_x) outlet_id: Option<String>,
}

/// `SaleResponseLineItem`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Line {
    /// UUID.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// What; absent for what is typed by hand.
    pub(in crate::lightspeed_x) product: Option<Product>,
    /// Below zero for what came back.
    pub(in crate::lightspeed_x) quantity: Option<Decimal>,
    /// Of one and of all.
    pub(in crate::lightspeed_x) pricing: Option<Pricing>,
    /// Of one and of all.
    pub(in crate::lightspeed_x) tax: Option<Tax>,
    /// `SAVED`, `CONFIRMED` or `VOIDED`.
    pub(in crate::lightspeed_x) status: Option<String>,
}

/// `ProductRef`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Product {
    /// UUID.
    pub(in crate::lightspeed_x) id: Option<String>,
}

/// `LineItemResponsePricing`, per unit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Pricing {
    /// Without tax.
    pub(in crate::lightspeed_x) price: Option<Decimal>,
}

/// `LineItemResponseTax`, per unit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Tax {
    /// In major units.
    pub(in crate::lightspeed_x) amount: Option<Decimal>,
}

/// `SaleResponsePayment`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Payment {
    /// In major units, below zero for what is paid back.
    pub(in crate::lightspeed_x) amount: Option<Decimal>,
    /// Empty or null while it counts.
    pub(in crate::lightspeed_x) deleted_at: Option<String>,
}

/// `SaleTotals`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Totals {
    /// Without tax.
    pub(in crate::lightspeed_x) price: Option<Decimal>,
    /// With tax.
    pub(in crate::lightspeed_x) price_incl_tax: Option<Decimal>,
    /// Tax alone.
    pub(in crate::lightspeed_x) tax: Option<Decimal>,
}

/// `SaleResponseMetadata`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Metadata {
    /// Rises with every change.
    pub(in crate::lightspeed_x) version: Option<u64>,
}
