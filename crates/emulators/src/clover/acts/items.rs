//! Items put in the back office.
//!
//! Called by the acts.

use super::super::Clover;
use super::super::catalog::Item;
use super::super::id::Id;
use super::super::quantity::Quantity;
use crate::machine::World;
use serde_json::{Value, json};

/// An item as it was typed.
pub(super) struct Typed<'t> {
    /// May be empty.
    pub sku: &'t str,
    /// Its name.
    pub title: &'t str,
    /// GTIN.
    pub barcode: Option<&'t str>,
    /// Minor units.
    pub price_minor: i64,
    /// False for services.
    pub tracked: bool,
    /// Name of its item group.
    pub product: Option<&'t str>,
    /// Which variant of the group.
    pub option: Option<&'t str>,
}

impl Clover {
    /// Creates an item, or changes the one with this SKU. Stock of a new one is zero, and managed when it is tracked.
    pub(super) fn put_item(&mut self, typed: &Typed<'_>, force_new: bool, world: &mut World<'_>) -> Value {
        let known = if force_new { None } else { self.catalog.with_sku(typed.sku).ok() };
        let mut item = match known {
            Some(index) => self.catalog.item(index).clone(),
            None => Item::new(Id::draw(world.dice), typed.title, world.now),
        };
        self.write_typed(&mut item, typed, world);
        let index = match known {
            Some(index) => {
                self.keep_change(index, item, world);
                index
            }
            None => self.keep_item(item),
        };
        json!({"item_id": self.catalog.item(index).id.as_str()})
    }

    fn write_typed(&mut self, item: &mut Item, typed: &Typed<'_>, world: &mut World<'_>) {
        item.name = typed.title.into();
        item.sku = typed.sku.to_owned();
        item.price = typed.price_minor;
        item.auto_manage = typed.tracked;
        item.stocked |= typed.tracked;
        item.available = !typed.tracked || item.quantity > Quantity::ZERO;
        if let Some(barcode) = typed.barcode {
            item.code = barcode.to_owned();
        }
        if let Some(product) = typed.product {
            let (dice, now) = (&mut *world.dice, world.now);
            item.group = Some(self.catalog.group_named(product, || Id::draw(dice), now));
        }
        if let Some(option) = typed.option {
            item.option = option.to_owned();
        }
    }
}
