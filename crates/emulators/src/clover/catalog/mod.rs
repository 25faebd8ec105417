//! Items with their stock, item groups, categories.
//!
//! `calls` and `more` serve the API, `stock` moves quantities, `render` writes items out; acts and orders read from here.
//! It knows nothing of orders.

mod calls;
mod more;
mod render;
mod stock;

use super::id::Id;
use super::quantity::Quantity;
use super::shelf::{Kept, Shelf};
use crate::machine::Millis;
use std::collections::HashMap;
use std::sync::Arc;

/// How an item is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceType {
    /// `price` is what a piece costs.
    Fixed,
    /// The till asks for the price.
    Variable,
    /// `price` is what one unit of weight or length costs.
    PerUnit,
}

/// One sellable item.
#[derive(Clone, Debug)]
pub struct Item {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: Arc<str>,
    /// Name in another language.
    pub alternate_name: String,
    /// Product code: the barcode.
    pub code: String,
    /// SKU; may be empty and may repeat.
    pub sku: String,
    /// Minor units.
    pub price: i64,
    /// How `price` is meant.
    pub price_type: PriceType,
    /// Unit of a per-unit item.
    pub unit_name: String,
    /// Minor units.
    pub cost: i64,
    /// Whether the merchant's default taxes are on it.
    pub default_tax_rates: bool,
    /// Whether selling it is revenue.
    pub is_revenue: bool,
    /// Not on the till.
    pub hidden: bool,
    /// May be ordered.
    pub available: bool,
    /// Sales move its stock, and it is unavailable while there is none.
    pub auto_manage: bool,
    /// Index of its item group.
    pub group: Option<usize>,
    /// Which of the group's variants it is; empty when it is none.
    pub option: String,
    /// Indices of its categories.
    pub categories: Vec<usize>,
    /// In stock; may be below zero.
    pub quantity: Quantity,
    /// Whether a stock was ever set or moved: only then it is in the list of stocks.
    pub stocked: bool,
    /// When it was made.
    pub created: Millis,
    /// When it or its stock last changed.
    pub modified: Millis,
    /// When it was deleted.
    pub deleted: Option<Millis>,
}

impl Item {
    /// As a `POST items` with nothing but a name would make it.
    pub fn new(id: Id, name: &str, now: Millis) -> Self {
        Self {
            id,
            name: name.into(),
            alternate_name: String::new(),
            code: String::new(),
            sku: String::new(),
            price: 0,
            price_type: PriceType::Fixed,
            unit_name: String::new(),
            cost: 0,
            default_tax_rates: true,
            is_revenue: true,
            hidden: false,
            available: true,
            auto_manage: false,
            group: None,
            option: String::new(),
            categories: Vec::new(),
            quantity: Quantity::ZERO,
            stocked: false,
            created: now,
            modified: now,
            deleted: None,
        }
    }
}

/// Variants of one product.
#[derive(Clone, Debug)]
pub struct Group {
    id: Id,
    name: String,
    created: Millis,
    modified: Millis,
}

/// One category of the register.
#[derive(Clone, Debug)]
pub struct Category {
    id: Id,
    name: String,
    sort_order: i64,
    created: Millis,
    modified: Millis,
    deleted: Option<Millis>,
}

macro_rules! kept {
    ($($kind:ty),+) => {$(
        impl Kept for $kind {
            fn id(&self) -> Id {
                self.id
            }
            fn made(&self) -> Millis {
                self.created
            }
            fn changed(&self) -> Millis {
                self.modified
            }
            fn touch(&mut self, now: Millis) {
                self.modified = now;
            }
        }
    )+};
}
kept!(Item, Group, Category);

/// Everything that can be sold, and how it is sorted.
#[derive(Debug, Default)]
pub struct Catalog {
    items: Shelf<Item>,
    groups: Shelf<Group>,
    categories: Shelf<Category>,
    /// Live items of a SKU, oldest first.
    by_sku: HashMap<String, Vec<usize>>,
}

impl Catalog {
    /// The item at an index.
    pub fn item(&self, index: usize) -> &Item {
        self.items.get(index)
    }

    /// All items, deleted ones among them.
    pub fn items(&self) -> &[Item] {
        self.items.all()
    }

    /// The index of a live item.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.items.find(id).filter(|index| self.items.get(*index).deleted.is_none())
    }

    /// The live item with this SKU; the oldest, when there are several.
    ///
    /// # Errors
    /// There is none.
    pub fn with_sku(&self, sku: &str) -> Result<usize, String> {
        let found = self.by_sku.get(sku).and_then(|all| all.first()).copied();
        found.ok_or_else(|| format!("there is no item with SKU {sku:?}"))
    }

    /// A new item.
    pub fn add(&mut self, item: Item) -> usize {
        let sku = item.sku.clone();
        let index = self.items.add(item);
        self.by_sku.entry(sku).or_default().push(index);
        index
    }

    /// Replaces an item by a changed copy of itself.
    pub fn replace(&mut self, index: usize, item: Item, now: Millis) {
        let was = self.items.get(index).sku.clone();
        if was != item.sku {
            self.forget_sku(&was, index);
            let all = self.by_sku.entry(item.sku.clone()).or_default();
            all.push(index);
            all.sort_unstable();
        }
        self.items.change(index, now, |slot| *slot = item);
    }

    /// Deletes an item: it is listed no more, but still found by its id.
    pub fn delete(&mut self, index: usize, now: Millis) {
        let sku = self.items.get(index).sku.clone();
        self.forget_sku(&sku, index);
        self.items.change(index, now, |item| item.deleted = Some(now));
    }

    fn forget_sku(&mut self, sku: &str, index: usize) {
        if let Some(all) = self.by_sku.get_mut(sku) {
            all.retain(|one| *one != index);
        }
    }

    /// The group of this name, made when there is none.
    pub fn group_named(&mut self, name: &str, id: impl FnOnce() -> Id, now: Millis) -> usize {
        match self.groups.all().iter().position(|group| group.name == name) {
            Some(index) => index,
            None => self.groups.add(Group { id: id(), name: name.to_owned(), created: now, modified: now }),
        }
    }
}
