//! Catalogue objects to items: one item per variation.

use std::collections::{BTreeMap, BTreeSet};

use model::{Barcode, ChannelId, Currency, ExternalItem, ItemSeen, Sku, Title};

use super::{at, id, money};
use crate::Unreadable;
use crate::square::wire::{CatalogObject, CatalogPage, Variation};

/// The items of a page. An ITEM brings all its variations, because its name is part of their titles; a variation that
/// changed alone finds its item among the related objects.
///
/// # Errors
/// Names the field that is not what it should be.
pub(in crate::square) fn items(
    page: &CatalogPage,
    channel: ChannelId,
    usual: Currency,
) -> Result<Vec<ItemSeen>, Unreadable> {
    let shelf = Shelf { parents: Parents::of(page), channel, usual };
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for (path, object, parent) in nested(page).chain(single(page)) {
        if seen.insert(object.id.as_str()) {
            items.extend(shelf.item(&path, object, parent)?);
        }
    }
    Ok(items)
}

type Found<'a> = (String, &'a CatalogObject, Option<&'a CatalogObject>);

fn nested(page: &CatalogPage) -> impl Iterator<Item = Found<'_>> {
    page.objects.iter().enumerate().filter(|(_, object)| object.kind == "ITEM").flat_map(|(outer, parent)| {
        let variations = parent.item_data.iter().flat_map(|item| item.variations.iter().flatten());
        variations.enumerate().map(move |(inner, variation)| {
            (format!("objects[{outer}].item_data.variations[{inner}]"), variation, Some(parent))
        })
    })
}

fn single(page: &CatalogPage) -> impl Iterator<Item = Found<'_>> {
    let variations = page.objects.iter().enumerate().filter(|(_, object)| object.kind == "ITEM_VARIATION");
    variations.map(|(index, variation)| (format!("objects[{index}]"), variation, None))
}

/// Items and taxes by id, wherever on the page they are.
struct Parents<'a> {
    items: BTreeMap<&'a str, &'a CatalogObject>,
    taxes_inside: BTreeSet<&'a str>,
}

impl<'a> Parents<'a> {
    fn of(page: &'a CatalogPage) -> Self {
        let all = || page.related_objects.iter().chain(&page.objects);
        let inclusive = |object: &&CatalogObject| {
            object.tax_data.as_ref().and_then(|tax| tax.inclusion_type.as_deref()) == Some("INCLUSIVE")
        };
        Self {
            items: all().filter(|object| object.kind == "ITEM").map(|item| (item.id.as_str(), item)).collect(),
            taxes_inside: all().filter(inclusive).map(|tax| tax.id.as_str()).collect(),
        }
    }
}

struct Shelf<'a> {
    parents: Parents<'a>,
    channel: ChannelId,
    usual: Currency,
}

impl Shelf<'_> {
    /// `None` for something in the list that is no variation.
    fn item(
        &self,
        path: &str,
        object: &CatalogObject,
        parent: Option<&CatalogObject>,
    ) -> Result<Option<ItemSeen>, Unreadable> {
        let none = Variation::default();
        let deleted = object.is_deleted == Some(true) || parent.is_some_and(|item| item.is_deleted == Some(true));
        let variation = match &object.item_variation_data {
            Some(variation) => variation,
            // A deleted object may come without its data.
            None if deleted => &none,
            None => return Ok(None),
        };
        let parent = parent.or_else(|| self.parents.items.get(variation.item_id.as_deref()?).copied());
        let data = at(path, "item_variation_data");
        Ok(Some(ItemSeen {
            channel: self.channel,
            external: ExternalItem::new(id(&at(path, "id"), &object.id)?),
            aliases: Vec::new(),
            sku: Sku::new(variation.sku.as_deref().unwrap_or_default()),
            title: title(parent, variation),
            barcodes: variation.upc.iter().map(|upc| Barcode::new(upc)).filter(|upc| !upc.is_empty()).collect(),
            price: money(&at(&data, "price_money"), variation.price_money.as_ref(), self.usual)?,
            tax_inclusive: self.tax_inclusive(parent),
            tracked: tracked(parent, variation),
            deleted,
        }))
    }

    /// Whether a tax that is inside the price is among the item's. Taxes are told beside items, not beside variations
    /// that changed alone (related objects go one level deep): where none is told the answer is no.
    fn tax_inclusive(&self, parent: Option<&CatalogObject>) -> bool {
        let taxes = parent.and_then(|item| item.item_data.as_ref()).and_then(|item| item.tax_ids.as_ref());
        taxes.into_iter().flatten().any(|tax| self.parents.taxes_inside.contains(tax.as_str()))
    }
}

/// "Cup (Blue)"; Square names the only variation of an item "Regular", which says nothing.
pub(in crate::square) fn title(parent: Option<&CatalogObject>, variation: &Variation) -> Title {
    let name = parent.and_then(|item| item.item_data.as_ref()).and_then(|item| item.name.as_deref());
    let name = name.unwrap_or_default().trim();
    let own = variation.name.as_deref().unwrap_or_default().trim();
    match (name, own) {
        (name, "" | "Regular") if !name.is_empty() => Title::new(name),
        ("", own) => Title::new(own),
        (name, own) => Title::new(&format!("{name} ({own})")),
    }
}

/// Stock is counted when any location counts it, unless only its parts are counted, or nothing of its kind has stock.
fn tracked(parent: Option<&CatalogObject>, variation: &Variation) -> bool {
    let somewhere = variation.location_overrides.iter().flatten().any(|place| place.track_inventory == Some(true));
    let counted = variation.track_inventory == Some(true) || somewhere;
    let kind = parent.and_then(|item| item.item_data.as_ref()).and_then(|item| item.product_type.as_deref());
    let goods = kind.is_none_or(|kind| matches!(kind, "REGULAR" | "FOOD_AND_BEV"));
    counted && goods && variation.stockable != Some(false)
}
