//! Items and their stock: <https://docs.clover.com/dev/docs/querying-inventory>,
//! <https://docs.clover.com/dev/reference/inventorygetitem>.

use serde::Deserialize;
use serde_json::Number;

use super::Reference;

/// An item, as read with `expand=itemStock`. Variants are items of one group.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    /// Its id.
    pub(crate) id: String,
    /// For people.
    pub(crate) name: Option<String>,
    /// UPC or EAN.
    pub(crate) code: Option<String>,
    /// Stock keeping unit.
    pub(crate) sku: Option<String>,
    /// In the smallest coin of the merchant's currency; with tax for merchants who pay VAT, else without.
    pub(crate) price: Option<i64>,
    /// FIXED, VARIABLE or PER_UNIT.
    pub(crate) price_type: Option<String>,
    /// Only of VAT merchants.
    pub(crate) price_without_vat: Option<i64>,
    /// Whether its sales move its stock.
    pub(crate) auto_manage: Option<bool>,
    /// Its stock.
    pub(crate) item_stock: Option<Stock>,
    /// Milliseconds since 1970.
    pub(crate) modified_time: Option<i64>,
    /// Milliseconds since 1970; absent or zero while it lives.
    pub(crate) deleted_time: Option<i64>,
}

/// The part of an element that says where a page has come to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Element {
    /// Its id.
    pub(crate) id: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) modified_time: Option<i64>,
}

/// A stock as part of an item, and as `item_stocks/{id}` answers. Its old field `stockCount` is rounded and not read.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Stock {
    /// A decimal, below zero too.
    pub(crate) quantity: Option<Number>,
}

/// A stock in the list of all stocks.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ItemStock {
    /// Of what.
    pub(crate) item: Reference,
    /// As in [`Stock`].
    pub(crate) quantity: Option<Number>,
}
