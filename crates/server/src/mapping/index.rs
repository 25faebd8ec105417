//! Where words, barcodes and SKUs occur among our items: so that candidates are found without comparing everything
//! with everything. Pure once it is built.

use std::collections::{BTreeMap, HashMap};

use model::{Barcode, ItemId, ItemPut, Listing};

use super::score::Looks;
use super::tokens;

/// What a shared barcode weighs against shared words.
const BARCODE: f64 = 8.0;
/// In a large catalogue a word that more than this share of the items have (one in so many) finds nothing by itself.
const COMMON: usize = 8;
/// Below this many items every word is looked at.
const SMALL: usize = 2_000;

/// What is kept of an item.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) item: ItemId,
    pub(super) sku: String,
    pub(super) title: String,
    pub(super) barcodes: Vec<Barcode>,
    price: Option<model::Money>,
    tax_inclusive: bool,
}

impl Known {
    pub(super) fn looks(&self) -> Looks<'_> {
        Looks {
            title: &self.title,
            sku: &self.sku,
            barcodes: &self.barcodes,
            price: self.price,
            tax_inclusive: self.tax_inclusive,
        }
    }
}

impl From<&ItemPut> for Known {
    fn from(put: &ItemPut) -> Self {
        Self {
            item: put.item,
            sku: put.sku.to_string(),
            title: put.title.to_string(),
            barcodes: put.barcodes.clone(),
            price: put.price,
            tax_inclusive: put.tax_inclusive,
        }
    }
}

/// The items and where their words are.
#[derive(Debug, Default)]
pub(super) struct Index {
    items: Vec<Known>,
    places: HashMap<ItemId, u32>,
    /// Places in `items`, rising, by word (`w:`), SKU part (`s:`) or barcode (`b:`).
    words: HashMap<String, Vec<u32>>,
}

impl Index {
    /// Takes these items in.
    pub(super) fn of(items: Vec<Known>) -> Self {
        let mut index = Self::default();
        for (place, item) in (0_u32..).zip(&items) {
            index.places.insert(item.item, place);
            for key in keys(&item.title, &item.sku, &item.barcodes).into_keys() {
                index.words.entry(key).or_default().push(place);
            }
        }
        index.items = items;
        index
    }

    /// Items in it.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// One of them.
    pub(super) fn get(&self, item: ItemId) -> Option<&Known> {
        self.items.get(*self.places.get(&item)? as usize)
    }

    /// The items that share most with what is listed, best first, at most `keep`. Rare words find more than frequent
    /// ones.
    pub(super) fn nearest(&self, listing: &Listing, sku: &str, keep: usize) -> Vec<ItemId> {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        let all = self.items.len();
        for (key, weight) in keys(listing.title.as_str(), sku, &listing.barcodes) {
            let Some(places) = self.words.get(&key) else { continue };
            if all > SMALL && places.len() > all / COMMON {
                continue;
            }
            let rarity = (1.0 + all as f64 / places.len() as f64).ln();
            for place in places {
                *sums.entry(*place).or_default() += weight * rarity;
            }
        }
        let mut found: Vec<(u32, f64)> = sums.into_iter().collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(keep);
        found.into_iter().filter_map(|(place, _)| self.items.get(place as usize)).map(|known| known.item).collect()
    }
}

/// What an item is found by, with how much each tells.
fn keys(title: &str, sku: &str, barcodes: &[Barcode]) -> BTreeMap<String, f64> {
    let words = tokens::words(title).into_iter().map(|(word, weight)| (format!("w:{word}"), weight));
    let parts = tokens::words(sku).into_iter().map(|(part, weight)| (format!("s:{part}"), weight / 2.0));
    let codes = barcodes.iter().map(|code| {
        let number = code.gtin().map_or_else(|| code.to_string(), |gtin| gtin.to_string());
        (format!("b:{number}"), BARCODE)
    });
    words.chain(parts).chain(codes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(number: u32, title: &str, barcode: &str) -> Known {
        Known {
            item: ItemId(number),
            sku: format!("SKU-{number}"),
            title: title.into(),
            barcodes: if barcode.is_empty() { Vec::new() } else { vec![Barcode::new(barcode)] },
            price: None,
            tax_inclusive: true,
        }
    }

    fn listing(title: &str, barcode: &str) -> Listing {
        let barcodes = if barcode.is_empty() { Vec::new() } else { vec![Barcode::new(barcode)] };
        Listing { title: title.into(), barcodes, ..Listing::default() }
    }

    #[test]
    fn what_shares_a_barcode_or_a_rare_word_comes_first() {
        let mut items: Vec<Known> = (0..50).map(|number| known(number, &format!("Mug {number}"), "")).collect();
        items.push(known(50, "Teapot, cast iron", "036000291452"));
        let index = Index::of(items);
        assert_eq!(index.nearest(&listing("Kanne", "0036000291452"), "", 3), [ItemId(50)]);
        assert_eq!(index.nearest(&listing("Mug 17", ""), "", 1), [ItemId(17)]);
        assert_eq!(index.nearest(&listing("iron mug", ""), "", 1), [ItemId(50)]);
        assert_eq!(index.nearest(&listing("", ""), "sku 9", 1), [ItemId(9)]);
        assert_eq!(index.nearest(&listing("zebra", ""), "", 5), []);
        assert_eq!(index.get(ItemId(50)).map(|known| known.sku.as_str()), Some("SKU-50"));
    }

    #[test]
    fn in_a_large_catalogue_a_word_that_everything_has_finds_nothing_by_itself() {
        let items = (0..3_000).map(|number| known(number, &format!("Shirt {number}"), "")).collect();
        let index = Index::of(items);
        assert_eq!(index.nearest(&listing("shirt", ""), "", 5), []);
        assert_eq!(index.nearest(&listing("shirt 2999", ""), "", 5), [ItemId(2_999)]);
    }
}
