//! Items, their stock and the log of it: <https://developers.lightspeedhq.com/retail/endpoints/Item/>, `/ItemShop/` and
//! `/InventoryLog/`, read 2026-11-24.

use serde::Deserialize;

use super::{Maybe, Several, Text};

/// An item.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Item {
    /// Its id.
    #[serde(rename = "itemID")]
    pub(crate) id: Text,
    /// Number that the platform gives it.
    #[serde(rename = "systemSku")]
    pub(crate) system_sku: Text,
    /// Number that the merchant gives it.
    #[serde(rename = "customSku")]
    pub(crate) custom_sku: Text,
    /// UPC.
    pub(crate) upc: Text,
    /// EAN.
    pub(crate) ean: Text,
    /// Its name.
    pub(crate) description: Text,
    /// `non_inventory` has no stock.
    #[serde(rename = "itemType")]
    pub(crate) kind: Text,
    /// Whether it is deleted.
    pub(crate) archived: Text,
    /// Last change of the item itself; stock does not move it.
    #[serde(rename = "timeStamp")]
    pub(crate) time_stamp: Text,
    /// Its prices.
    #[serde(rename = "Prices")]
    pub(crate) prices: Maybe<Prices>,
    /// Its stock, where that is told.
    #[serde(rename = "ItemShops")]
    pub(crate) shops: Maybe<ItemShops>,
}

/// What holds the prices.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Prices {
    /// One for each price level.
    #[serde(rename = "ItemPrice")]
    pub(crate) rows: Several<ItemPrice>,
}

/// A price.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemPrice {
    /// How much.
    pub(crate) amount: Text,
    /// Name of the price level.
    #[serde(rename = "useType")]
    pub(crate) level: Text,
}

/// What holds the stock.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemShops {
    /// One for each shop, and their sum as shop 0.
    #[serde(rename = "ItemShop")]
    pub(crate) rows: Several<ItemShop>,
}

/// Stock of an item in a shop.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemShop {
    /// Its id.
    #[serde(rename = "itemShopID")]
    pub(crate) id: Text,
    /// Which item.
    #[serde(rename = "itemID")]
    pub(crate) item: Text,
    /// Which shop; `0` is the sum.
    #[serde(rename = "shopID")]
    pub(crate) shop: Text,
    /// On hand.
    pub(crate) qoh: Text,
    /// Last change.
    #[serde(rename = "timeStamp")]
    pub(crate) time_stamp: Text,
}

/// A change of stock, with what caused it. All causes are `0` when a person or a program set the level.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LogRow {
    /// Rises with every change.
    #[serde(rename = "inventoryLogID")]
    pub(crate) id: Text,
    /// Which item.
    #[serde(rename = "itemID")]
    pub(crate) item: Text,
    /// Which shop.
    #[serde(rename = "shopID")]
    pub(crate) shop: Text,
    /// By how much.
    #[serde(rename = "qohChange")]
    pub(crate) change: Text,
    /// When.
    #[serde(rename = "createTime")]
    pub(crate) created: Text,
    /// Sale.
    #[serde(rename = "saleID")]
    pub(crate) sale: Text,
    /// Purchase order.
    #[serde(rename = "orderID")]
    pub(crate) order: Text,
    /// Transfer.
    #[serde(rename = "transferID")]
    pub(crate) transfer: Text,
    /// Count.
    #[serde(rename = "inventoryCountID")]
    pub(crate) count: Text,
    /// Return to a supplier.
    #[serde(rename = "vendorReturnID")]
    pub(crate) vendor_return: Text,
    /// Import from a file.
    #[serde(rename = "itemImportID")]
    pub(crate) import: Text,
}

/// The reply to a change of an item.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemReply {
    /// The item as it is now, with or without its stock.
    #[serde(rename = "Item")]
    pub(crate) item: Maybe<Item>,
}
