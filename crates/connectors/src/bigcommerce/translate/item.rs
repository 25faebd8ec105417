//! Products to items: one item per variant.

use model::{Barcode, ChannelId, Currency, ExternalItem, ItemSeen, Money, Sku, Title};

use super::{at, price, said};
use crate::Unreadable;
use crate::bigcommerce::wire::{Product, Variant};

/// The items of a product. The only variant of a product may be named by its product in old orders and in news of
/// stock, so it carries that alias. Catalogue prices do not say whether they include tax; a store enters them without
/// unless it chose otherwise.
///
/// # Errors
/// Names the field below `path`.
pub(in crate::bigcommerce) fn items(
    path: &str,
    product: &Product,
    channel: ChannelId,
    currency: Currency,
) -> Result<Vec<ItemSeen>, Unreadable> {
    let only = product.variants.len() == 1;
    let items = product.variants.iter().enumerate().map(|(index, variant)| {
        Ok(ItemSeen {
            channel,
            external: ExternalItem::new(&variant.id.to_string()),
            aliases: if only { vec![ExternalItem::new(&format!("product:{}", product.id))] } else { Vec::new() },
            sku: Sku::new(variant.sku.as_deref().unwrap_or_default()),
            title: title(product, variant, only),
            barcodes: barcode(product, variant, only).into_iter().map(Barcode::new).collect(),
            price: list_price(path, index, product, variant, currency)?,
            tax_inclusive: false,
            tracked: product.inventory_tracking.as_deref() != Some("none"),
            deleted: false,
        })
    });
    items.collect()
}

/// The product's name, and what tells the variant from the others where there are others.
fn title(product: &Product, variant: &Variant, only: bool) -> Title {
    let name = said(product.name.as_ref()).unwrap_or_default();
    let labels: Vec<&str> = variant.option_values.iter().filter_map(|value| said(value.label.as_ref())).collect();
    Title::new(&if only || labels.is_empty() { name.to_owned() } else { format!("{name} ({})", labels.join(", ")) })
}

/// A product's own barcode is that of its only variant, never of several.
fn barcode<'a>(product: &'a Product, variant: &'a Variant, only: bool) -> Option<&'a str> {
    said(variant.upc.as_ref()).or_else(|| said(product.upc.as_ref()).filter(|_| only))
}

fn list_price(
    path: &str,
    index: usize,
    product: &Product,
    variant: &Variant,
    currency: Currency,
) -> Result<Option<Money>, Unreadable> {
    match (&variant.price, &product.price) {
        (Some(own), _) => price(&at(path, &format!("variants[{index}].price")), own, currency),
        (None, Some(inherited)) => price(&at(path, "price"), inherited, currency),
        (None, None) => Ok(None),
    }
}
