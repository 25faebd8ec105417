//! Products and variants are made, changed and taken away.
//!
//! Called by the catalogue's endpoints and by the acts. What is asked for has been judged before: nothing in here
//! refuses.

use super::super::amount::Amount;
use super::super::clock::seconds;
use super::{Catalog, FIRST_PRODUCT, FIRST_SKU, FIRST_VARIANT, Product, Tracking, Variant};
use crate::machine::Millis;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A product that is to be made, with its first variant beside it.
#[derive(Debug)]
pub struct NewProduct<'n> {
    /// Unique.
    pub name: &'n str,
    /// As entered.
    pub price: Amount,
    /// What is counted.
    pub tracking: Tracking,
    /// The name of its option; without one it gets a base variant.
    pub option: Option<String>,
    /// Fields that are only repeated.
    pub extra: Map<String, Value>,
}

/// A variant that is to be made.
#[derive(Debug)]
pub struct NewVariant<'n> {
    /// Unique, or empty.
    pub sku: &'n str,
    /// GTIN, or empty.
    pub upc: &'n str,
    /// Absent when it is the product's.
    pub price: Option<Amount>,
    /// The option's value; empty for a base variant.
    pub label: &'n str,
    /// Fields that are only repeated.
    pub extra: Map<String, Value>,
}

impl Catalog {
    /// Makes a product without variants; answers its index.
    pub fn add_product(&mut self, new: NewProduct<'_>, now: Millis) -> usize {
        let index = self.products.len();
        let name: Arc<str> = new.name.into();
        self.by_name.insert(Arc::clone(&name), index);
        self.by_modified.insert((seconds(now), index));
        self.products.push(Product {
            id: FIRST_PRODUCT + index as u64,
            name,
            price: new.price,
            tracking: new.tracking,
            variants: Vec::new(),
            option: new.option,
            deleted: false,
            created_at: now,
            modified_at: now,
            extra: new.extra,
        });
        index
    }

    /// Makes a variant of a product; answers its index.
    pub fn add_variant(&mut self, product: usize, new: NewVariant<'_>, now: Millis) -> usize {
        let index = self.variants.len();
        let has_options = self.products[product].option.is_some();
        let sku: Arc<str> = new.sku.into();
        if !sku.is_empty() {
            self.by_sku.insert(Arc::clone(&sku), index);
        }
        self.variants.push(Variant {
            id: FIRST_VARIANT + index as u64,
            sku_id: has_options.then_some(FIRST_SKU + index as u64),
            product,
            sku,
            upc: new.upc.into(),
            price: new.price,
            sale_price: None,
            label: new.label.to_owned(),
            deleted: false,
            extra: new.extra,
        });
        self.products[product].variants.push(index);
        self.touch(product, now);
        index
    }

    /// Gives a product another name.
    pub fn rename(&mut self, product: usize, name: &str) {
        let known = &mut self.products[product];
        self.by_name.remove(&known.name);
        known.name = name.into();
        self.by_name.insert(Arc::clone(&known.name), product);
    }

    /// Gives a variant another SKU.
    pub fn change_sku(&mut self, variant: usize, sku: &str) {
        self.free_sku(variant);
        let known = &mut self.variants[variant];
        known.sku = sku.into();
        if !sku.is_empty() {
            self.by_sku.insert(Arc::clone(&known.sku), variant);
        }
    }

    /// The SKU may be given to another variant; this one keeps it for the documents that name it.
    fn free_sku(&mut self, variant: usize) {
        let sku = &self.variants[variant].sku;
        if self.by_sku.get(sku) == Some(&variant) {
            self.by_sku.remove(sku);
        }
    }

    /// Changes a product in place; the caller tells of it.
    pub fn change_product(&mut self, product: usize, now: Millis, change: impl FnOnce(&mut Product)) {
        change(&mut self.products[product]);
        self.touch(product, now);
    }

    /// Changes a variant in place; its product has changed with it.
    pub fn change_variant(&mut self, variant: usize, now: Millis, change: impl FnOnce(&mut Variant)) {
        change(&mut self.variants[variant]);
        self.touch(self.variants[variant].product, now);
    }

    /// Takes a variant away.
    pub fn remove_variant(&mut self, variant: usize, now: Millis) {
        self.free_sku(variant);
        let product = self.variants[variant].product;
        self.variants[variant].deleted = true;
        self.products[product].variants.retain(|known| *known != variant);
        self.touch(product, now);
    }

    /// Takes a product away with its variants; answers these.
    pub fn remove_product(&mut self, product: usize, now: Millis) -> Vec<usize> {
        let variants = self.products[product].variants.clone();
        for variant in &variants {
            self.free_sku(*variant);
            self.variants[*variant].deleted = true;
        }
        let known = &mut self.products[product];
        known.deleted = true;
        self.by_name.remove(&known.name);
        self.touch(product, now);
        variants
    }
}

impl Product {
    /// Keeps fields that are only repeated.
    pub fn keep(&mut self, fields: Map<String, Value>) {
        self.extra.extend(fields);
    }
}

impl Variant {
    /// Keeps fields that are only repeated.
    pub fn keep(&mut self, fields: Map<String, Value>) {
        self.extra.extend(fields);
    }
}
