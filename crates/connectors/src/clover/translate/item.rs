//! Items of the catalogue.

use model::{Barcode, ChannelId, Currency, ExternalItem, ItemSeen, Money, Sku, Title};

use super::id;
use crate::Unreadable;
use crate::clover::wire::{self, below};

/// An item. Its stock is counted when Clover moves it by itself, or has a number for it.
///
/// Prices of merchants who pay VAT include it; such items have a price without VAT too, and by that they are told.
///
/// # Errors
/// When its id is empty.
pub(in crate::clover) fn item(
    path: &str,
    item: &wire::Item,
    channel: ChannelId,
    currency: Currency,
) -> Result<ItemSeen, Unreadable> {
    let counted = item.item_stock.as_ref().is_some_and(|stock| stock.quantity.is_some());
    // The price of something priced at the till is a placeholder.
    let priced = item.price.filter(|_| item.price_type.as_deref() != Some("VARIABLE"));
    let code = Barcode::new(item.code.as_deref().unwrap_or_default());
    Ok(ItemSeen {
        channel,
        external: ExternalItem::new(id(&below(path, "id"), &item.id)?),
        aliases: Vec::new(),
        sku: Sku::new(item.sku.as_deref().unwrap_or_default()),
        title: Title::new(item.name.as_deref().unwrap_or_default()),
        barcodes: Some(code).filter(|code| !code.is_empty()).into_iter().collect(),
        price: priced.map(|minor| Money { minor, currency }),
        tax_inclusive: item.price_without_vat.is_some(),
        // A number that sales do not move says nothing about what was sold; where nothing is said, a number is counted.
        tracked: item.auto_manage.unwrap_or(counted),
        deleted: item.deleted_time.is_some_and(|at| at > 0),
    })
}
