//! The catalogue: products, each a sellable variant of its own, some of them in one family.
//!
//! Acts and `calls` create and change them; sales and stock look them up. It does not count stock: `stock` holds one
//! record per product and outlet, and a product only lists the indexes of its own.

mod calls;
mod render;
mod upsert;

use super::LightspeedX;
use super::decimal::Decimal;
use super::feed::Feed;
use super::ids::Id;
use crate::machine::{Millis, World};
use std::collections::HashMap;

/// A product.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its id.
    pub id: Id,
    /// Title without the variant.
    pub name: String,
    /// Options of the variant, name and value.
    pub options: Vec<(String, String)>,
    /// SKU, which may repeat.
    pub sku: String,
    /// The family's name in addresses.
    pub handle: String,
    /// Description.
    pub description: String,
    /// Other codes, kind and code.
    pub codes: Vec<(String, String)>,
    /// The price as it is set in this store: with tax where prices include it.
    pub price: Decimal,
    /// What a unit costs.
    pub supply_price: Decimal,
    /// Brand.
    pub brand: Option<Id>,
    /// Supplier.
    pub supplier: Option<Id>,
    /// False for services.
    pub tracked: bool,
    /// Whether tills offer it.
    pub active: bool,
    /// The first product of its family; itself when it has none.
    pub parent: usize,
    /// Where it came from.
    pub source: String,
    /// The outside's id of it.
    pub source_id: Option<String>,
    /// The outside's id of the variant.
    pub source_variant_id: Option<String>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
    /// When it was deleted.
    pub deleted_at: Option<Millis>,
    /// Its version.
    pub version: u64,
    /// Its stock record at each outlet, by the outlet's index; closed ones while it is not tracked.
    pub records: Vec<u32>,
}

/// What a new product begins with; the rest is empty.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Title without the variant.
    pub name: String,
    /// Options of the variant.
    pub options: Vec<(String, String)>,
    /// SKU.
    pub sku: String,
    /// Handle; made from the name when empty.
    pub handle: String,
    /// Description.
    pub description: String,
    /// Other codes.
    pub codes: Vec<(String, String)>,
    /// The price as it is set in this store.
    pub price: Decimal,
    /// What a unit costs.
    pub supply_price: Decimal,
    /// Brand.
    pub brand: Option<Id>,
    /// Supplier.
    pub supplier: Option<Id>,
    /// True for services, which have no stock.
    pub service: bool,
    /// True when tills do not offer it.
    pub inactive: bool,
    /// The family's first product.
    pub parent: Option<usize>,
    /// Where it came from; `USER` when empty.
    pub source: String,
    /// The outside's id of it.
    pub source_id: Option<String>,
    /// The outside's id of the variant.
    pub source_variant_id: Option<String>,
}

/// The catalogue.
#[derive(Debug, Default)]
pub struct Goods {
    all: Vec<Product>,
    feed: Feed,
    by_id: HashMap<Id, u32>,
    by_sku: HashMap<String, Vec<u32>>,
    by_code: HashMap<String, Vec<u32>>,
    families: HashMap<u32, Vec<u32>>,
}

impl Goods {
    /// How many products there ever were.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// The product of this index.
    pub fn get(&self, index: usize) -> &Product {
        &self.all[index]
    }

    /// The product of this index, to be changed. Its version is moved by [`LightspeedX::touch_product`].
    pub fn get_mut(&mut self, index: usize) -> &mut Product {
        &mut self.all[index]
    }

    /// The product with this id, deleted or not.
    pub fn find(&self, id: Id) -> Option<usize> {
        self.by_id.get(&id).map(|index| *index as usize)
    }

    /// Products with this SKU that are not deleted, oldest first.
    pub fn with_sku(&self, sku: &str) -> impl Iterator<Item = usize> + '_ {
        let found = self.by_sku.get(sku).into_iter().flatten().map(|index| *index as usize);
        found.filter(|index| self.all[*index].deleted_at.is_none())
    }

    /// The oldest product with this SKU that is not deleted.
    ///
    /// # Errors
    /// A sentence when there is none.
    pub fn sold_as(&self, sku: &str) -> Result<usize, String> {
        self.with_sku(sku).next().ok_or_else(|| format!("there is no product with the SKU {sku}"))
    }

    /// Products of a family by the index of its first one, that one among them.
    pub fn family(&self, parent: usize) -> Vec<usize> {
        let members = self.families.get(&(parent as u32)).into_iter().flatten();
        members.map(|index| *index as usize).collect()
    }

    /// Gives a product these codes besides its SKU, which is dropped from them.
    pub fn set_codes(&mut self, index: usize, mut codes: Vec<(String, String)>) {
        let product = &mut self.all[index];
        codes.retain(|(_, code)| *code != product.sku);
        for (_, code) in &product.codes {
            if let Some(known) = self.by_code.get_mut(code) {
                known.retain(|one| *one as usize != index);
            }
        }
        for (_, code) in &codes {
            self.by_code.entry(code.clone()).or_default().push(index as u32);
        }
        product.codes = codes;
    }

    fn add(&mut self, product: Product) -> usize {
        let index = self.all.len();
        let short = index as u32;
        self.by_id.insert(product.id, short);
        self.by_sku.entry(product.sku.clone()).or_default().push(short);
        self.families.entry(product.parent as u32).or_default().push(short);
        self.all.push(product);
        index
    }
}

impl LightspeedX {
    /// Creates a product, with a stock record of zero at every outlet when it is tracked. Nobody is told yet.
    pub(crate) fn add_product(&mut self, draft: Draft, world: &mut World<'_>) -> usize {
        let index = self.goods.count();
        let handle = if draft.handle.is_empty() { handle_of(&draft.name) } else { draft.handle };
        let product = Product {
            id: Id::draw(world.dice),
            name: draft.name,
            options: draft.options,
            sku: draft.sku,
            handle,
            description: draft.description,
            codes: Vec::new(),
            price: draft.price,
            supply_price: draft.supply_price,
            brand: draft.brand,
            supplier: draft.supplier,
            tracked: !draft.service,
            active: !draft.inactive,
            parent: draft.parent.unwrap_or(index),
            source: if draft.source.is_empty() { "USER".into() } else { draft.source },
            source_id: draft.source_id,
            source_variant_id: draft.source_variant_id,
            created_at: world.now,
            updated_at: world.now,
            deleted_at: None,
            version: 0,
            records: Vec::new(),
        };
        self.goods.add(product);
        self.goods.set_codes(index, draft.codes);
        self.touch_product(index, world);
        self.keep_records(index, world);
        index
    }

    /// The product has changed: a new version, at the end of its feed.
    pub(crate) fn touch_product(&mut self, index: usize, world: &mut World<'_>) {
        let version = self.versions.next(world.dice);
        let product = &mut self.goods.all[index];
        let old = std::mem::replace(&mut product.version, version);
        product.updated_at = world.now;
        self.goods.feed.file(index, old, version);
    }

    /// Deletes a product and its stock records, and tells.
    pub(crate) fn remove_product(&mut self, index: usize, world: &mut World<'_>) {
        self.goods.all[index].deleted_at = Some(world.now);
        self.close_records(index, world);
        self.touch_product(index, world);
        self.tell_product(index, world);
    }

    /// Sends `product.update`.
    pub(crate) fn tell_product(&mut self, index: usize, world: &mut World<'_>) {
        if self.hooks.wants("product.update") {
            let payload = self.old_product(index);
            self.hooks.send("product.update", &payload, world);
        }
    }
}

/// `Mug, blue` → `mug-blue`.
fn handle_of(name: &str) -> String {
    let mut handle = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_alphanumeric() {
            handle.extend(letter.to_lowercase());
        } else if !handle.ends_with('-') && !handle.is_empty() {
            handle.push('-');
        }
    }
    handle.trim_end_matches('-').to_owned()
}
