//! Products, and the variants that are sold and counted.
//!
//! Asked by every other part of the store; it holds no stock and no HTTP. A product without options has one base
//! variant; a product with options has a variant for each of their values.

mod calls;
mod filter;
mod render;
mod variant_calls;
mod write;

pub use write::{NewProduct, NewVariant};

use super::amount::Amount;
use super::clock::seconds;
use crate::machine::Millis;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

const FIRST_PRODUCT: u64 = 111;
const FIRST_VARIANT: u64 = 500_001;
const FIRST_SKU: u64 = 300_001;

/// What the vendor counts of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracking {
    /// Nothing, as of a service.
    None,
    /// All variants as one.
    Product,
    /// Each variant by itself.
    Variant,
}

impl Tracking {
    /// The vendor's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Product => "product",
            Self::Variant => "variant",
        }
    }

    /// Of the vendor's word.
    pub fn read(word: &str) -> Option<Self> {
        [Self::None, Self::Product, Self::Variant].into_iter().find(|tracking| tracking.word() == word)
    }
}

/// One product.
#[derive(Debug)]
pub struct Product {
    /// From 111.
    pub id: u64,
    /// Unique among the products that are not deleted.
    pub name: Arc<str>,
    /// As entered, with or without tax.
    pub price: Amount,
    /// What is counted.
    pub tracking: Tracking,
    /// Indices of its variants that are not deleted.
    pub variants: Vec<usize>,
    /// The name of its option, when it has one.
    pub option: Option<String>,
    /// True when it is gone.
    pub deleted: bool,
    created_at: Millis,
    modified_at: Millis,
    extra: Map<String, Value>,
}

/// One variant.
#[derive(Debug)]
pub struct Variant {
    /// From 500001.
    pub id: u64,
    /// From 300001; a base variant has none.
    pub sku_id: Option<u64>,
    /// Index of its product.
    pub product: usize,
    /// May be empty.
    pub sku: Arc<str>,
    /// May be empty.
    pub upc: Arc<str>,
    /// Absent when it is the product's.
    pub price: Option<Amount>,
    /// Absent when it is not reduced.
    pub sale_price: Option<Amount>,
    /// The value of the product's option.
    pub label: String,
    /// True when it is gone.
    pub deleted: bool,
    extra: Map<String, Value>,
}

/// All products and variants.
#[derive(Debug, Default)]
pub struct Catalog {
    products: Vec<Product>,
    variants: Vec<Variant>,
    by_sku: HashMap<Arc<str>, usize>,
    by_name: HashMap<Arc<str>, usize>,
    /// Second of the last change, product.
    by_modified: BTreeSet<(i64, usize)>,
}

impl Catalog {
    /// How many variants there ever were.
    pub fn variant_count(&self) -> usize {
        self.variants.len()
    }

    /// The variant at this index.
    pub fn variant(&self, index: usize) -> &Variant {
        &self.variants[index]
    }

    /// The product at this index.
    pub fn product(&self, index: usize) -> &Product {
        &self.products[index]
    }

    /// The product of a variant.
    pub fn product_of(&self, variant: usize) -> &Product {
        &self.products[self.variants[variant].product]
    }

    /// What a unit of the variant costs, as entered.
    pub fn price(&self, variant: usize) -> Amount {
        let known = &self.variants[variant];
        known.sale_price.or(known.price).unwrap_or(self.products[known.product].price)
    }

    /// The variant under which the stock of this one is counted; `None` when it is not counted at all.
    pub fn shelf(&self, variant: usize) -> Option<usize> {
        let product = self.product_of(variant);
        match product.tracking {
            Tracking::None => None,
            Tracking::Variant => Some(variant),
            Tracking::Product => Some(product.variants.first().copied().unwrap_or(variant)),
        }
    }

    /// A live variant by its SKU.
    ///
    /// # Errors
    /// A sentence, when there is none.
    pub fn with_sku(&self, sku: &str) -> Result<usize, String> {
        self.find_sku(sku).ok_or_else(|| format!("there is no item {sku}"))
    }

    /// A live variant by its SKU.
    pub fn find_sku(&self, sku: &str) -> Option<usize> {
        self.by_sku.get(sku).copied()
    }

    /// A live product by its name.
    pub fn with_name(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A live variant by its id.
    pub fn find_variant(&self, id: u64) -> Option<usize> {
        let index = usize::try_from(id.checked_sub(FIRST_VARIANT)?).ok()?;
        self.variants.get(index).filter(|variant| !variant.deleted).map(|_| index)
    }

    /// A live product by its id.
    pub fn find_product(&self, id: u64) -> Option<usize> {
        let index = usize::try_from(id.checked_sub(FIRST_PRODUCT)?).ok()?;
        self.products.get(index).filter(|product| !product.deleted).map(|_| index)
    }

    /// Live variants in the order of their ids.
    pub fn live_variants(&self) -> impl Iterator<Item = usize> {
        (0..self.variants.len()).filter(|index| !self.variants[*index].deleted)
    }

    /// Title for people: the product's name, with the option's value when there is one.
    pub fn title(&self, variant: usize) -> String {
        let (known, product) = (&self.variants[variant], self.product_of(variant));
        if product.option.is_some() { format!("{} - {}", product.name, known.label) } else { product.name.to_string() }
    }

    fn touch(&mut self, product: usize, now: Millis) {
        let known = &mut self.products[product];
        self.by_modified.remove(&(seconds(known.modified_at), product));
        known.modified_at = now;
        self.by_modified.insert((seconds(now), product));
    }
}
