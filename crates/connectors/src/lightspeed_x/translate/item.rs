//! Products to items.

use model::{Barcode, ChannelId, Currency, ExternalItem, ItemSeen, Money, Sku, Title};

use super::{given, needed};
use crate::Unreadable;
use crate::lightspeed_x::wire::{Product, ProductCode};

/// A product. A composite has no stock of its own: Lightspeed moves that of its parts.
///
/// # Errors
/// When it has no id.
pub(in crate::lightspeed_x) fn item(
    path: &str,
    seen: &Product,
    channel: ChannelId,
    currency: Currency,
) -> Result<ItemSeen, Unreadable> {
    let (price, tax_inclusive) = price(seen, currency);
    Ok(ItemSeen {
        channel,
        external: ExternalItem::new(needed(path, "id", seen.id.as_deref())?),
        aliases: Vec::new(),
        sku: Sku::new(seen.sku.as_deref().unwrap_or_default()),
        title: title(seen),
        barcodes: barcodes(seen),
        price,
        tax_inclusive,
        tracked: seen.has_inventory.unwrap_or(true) && !seen.is_composite.unwrap_or(false),
        deleted: given(seen.deleted_at.as_deref()).is_some(),
    })
}

/// A variant is called by its family's name and its own options.
pub(in crate::lightspeed_x) fn title(seen: &Product) -> Title {
    let name = given(seen.variant_name.as_deref()).or(given(seen.name.as_deref()));
    Title::new(name.unwrap_or_default())
}

/// The price as the store keeps it and whether it includes tax: the other one is worked out of it by Lightspeed, to
/// fractions of the smallest coin. A price that is no whole number of coins is not told.
pub(in crate::lightspeed_x) fn price(seen: &Product, currency: Currency) -> (Option<Money>, bool) {
    let kept = seen.price_including_tax.as_ref().or(seen.price_excluding_tax.as_ref());
    let price = kept.and_then(|price| Money::parse(price.as_str(), currency));
    (price, seen.price_including_tax.is_some())
}

/// Codes of a kind that is printed as a barcode. `CUSTOM` ones are SKUs of the store's own making.
pub(in crate::lightspeed_x) fn barcodes(seen: &Product) -> Vec<Barcode> {
    let printed = |code: &&ProductCode| code.kind.as_deref().is_some_and(|kind| kind != "CUSTOM");
    let codes = seen.product_codes.iter().flatten().filter(printed);
    codes.filter_map(|code| given(code.code.as_deref())).map(Barcode::new).collect()
}
