//! Items and their levels.

use model::{Barcode, ChannelId, Currency, ExternalItem, ExternalLocation, ItemSeen, Level, Money, Sku, Title};

use super::{at, flag, id, price};
use crate::lightspeed_r::wire::{self, unreadable};
use crate::{LevelHint, Unreadable};

/// An item. Its SKU is the merchant's own number, else the platform's: the maker's number is often the same for every
/// size and colour, and two items under one SKU would share their stock.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(in crate::lightspeed_r) fn item(
    path: &str,
    item: &wire::Item,
    channel: ChannelId,
    currency: Currency,
) -> Result<ItemSeen, Unreadable> {
    let sku = item.custom_sku.filled().unwrap_or(item.system_sku.as_str());
    Ok(ItemSeen {
        channel,
        external: ExternalItem::new(id(&at(path, "itemID"), &item.id)?),
        aliases: Vec::new(),
        sku: Sku::new(sku),
        title: Title::new(item.description.as_str()),
        barcodes: barcodes(item),
        price: list_price(path, item, currency)?,
        // Whether prices include tax is a setting of the account that no call tells beside an item.
        tax_inclusive: false,
        tracked: item.kind.as_str() != "non_inventory",
        deleted: flag(&at(path, "archived"), &item.archived)?,
    })
}

/// UPC first.
fn barcodes(item: &wire::Item) -> Vec<Barcode> {
    let mut codes: Vec<Barcode> =
        [&item.upc, &item.ean].into_iter().filter_map(|code| code.filled()).map(Barcode::new).collect();
    codes.dedup();
    codes
}

fn list_price(path: &str, item: &wire::Item, currency: Currency) -> Result<Option<Money>, Unreadable> {
    let mut prices = item.prices.0.rows.0.iter().enumerate();
    let default = prices.find(|(_, price)| price.level.as_str() == "Default");
    match default {
        Some((index, row)) => price(&at(path, &format!("Prices.ItemPrice[{index}].amount")), &row.amount, currency),
        None => Ok(None),
    }
}

/// A level; `None` for the row that sums all shops.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(in crate::lightspeed_r) fn level(path: &str, row: &wire::ItemShop) -> Result<Option<LevelHint>, Unreadable> {
    if row.shop.as_str() == "0" {
        return Ok(None);
    }
    let level = Level::parse(row.qoh.as_str()).map_err(|error| unreadable(at(path, "qoh"), format!("is {error}")))?;
    Ok(Some(LevelHint {
        external: ExternalItem::new(id(&at(path, "itemID"), &row.item)?),
        location: ExternalLocation::new(id(&at(path, "shopID"), &row.shop)?),
        level: Some(level),
    }))
}
