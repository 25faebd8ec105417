//! Stock moves, and who is told.
//!
//! Called by adjustments, orders and people. Goods that are counted as a product are told by product, goods that are
//! counted by variant by SKU; either way each channel is told as well.

use super::super::Store;
use super::super::catalog::Tracking;
use super::super::settings::OnHand;
use super::{Adjustment, Change, QUANTITY_MAX};
use crate::machine::World;
use serde_json::{Value, json};

/// What a move is for: it decides the scope of the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Adjusted,
    Ordered,
}

impl Store {
    /// Makes room on the shelves for new variants and locations.
    pub(in super::super) fn grow_stock(&mut self) {
        self.stock.grow(self.catalog.variant_count(), self.locations.count());
    }

    /// The accepted adjustments that show by now.
    pub(in super::super) fn apply_due(&mut self, world: &mut World<'_>) {
        for changes in self.stock.due(world.now) {
            for change in changes {
                self.apply(change, world);
            }
        }
    }

    /// Sets the number on hand at once, as the back office does.
    pub(in super::super) fn set_stock(&mut self, shelf: usize, location: usize, on_hand: i64, world: &mut World<'_>) {
        let change = Change::Absolute(on_hand.clamp(0, QUANTITY_MAX));
        self.apply(Adjustment { shelf, location, change }, world);
    }

    /// Carries one adjustment out and tells of it, when the number is another one now.
    pub(in super::super) fn apply(&mut self, adjustment: Adjustment, world: &mut World<'_>) {
        let Adjustment { shelf, location, change } = adjustment;
        let known = self.stock.get_mut(shelf, location);
        let before = known.on_hand;
        let sold = known.available();
        let (method, value) = match change {
            Change::Absolute(on_hand) => {
                known.on_hand = on_hand;
                ("absolute", on_hand)
            }
            Change::Relative(delta) => {
                known.on_hand = known.on_hand.saturating_add(delta).min(QUANTITY_MAX);
                ("relative", delta)
            }
        };
        known.counted = true;
        if known.on_hand != before {
            self.tell_stock(shelf, location, Cause::Adjusted, (method, value), world);
            self.tell_levels(shelf, location, sold, world);
        }
    }

    /// An order takes units (below zero) or gives them back (above zero). `gone` says how many of those that come
    /// back had already left the house.
    pub(in super::super) fn move_for_order(
        &mut self,
        variant: usize,
        location: usize,
        delta: i64,
        gone: i64,
        world: &mut World<'_>,
    ) {
        let Some(shelf) = self.catalog.shelf(variant).filter(|_| delta != 0) else { return };
        let known = self.stock.get_mut(shelf, location);
        let sold = known.available();
        match self.settings.on_hand {
            OnHand::FallsWhenPlaced => known.on_hand += delta,
            OnHand::FallsWhenShipped => {
                known.committed -= delta - gone;
                known.on_hand += gone;
            }
        }
        self.tell_stock(shelf, location, Cause::Ordered, ("relative", delta), world);
        self.tell_levels(shelf, location, sold, world);
    }

    /// Units of an order leave the house.
    pub(in super::super) fn hand_out(&mut self, variant: usize, location: usize, quantity: i64, world: &mut World<'_>) {
        let Some(shelf) = self.catalog.shelf(variant).filter(|_| quantity != 0) else { return };
        if self.settings.on_hand == OnHand::FallsWhenShipped {
            let known = self.stock.get_mut(shelf, location);
            known.on_hand -= quantity;
            known.committed -= quantity;
            self.tell_channel(shelf, location, "stock_changed", world);
        }
    }

    fn tell_stock(
        &self,
        shelf: usize,
        location: usize,
        cause: Cause,
        (method, value): (&str, i64),
        world: &mut World<'_>,
    ) {
        let (variant, product) = (self.catalog.variant(shelf), self.catalog.product_of(shelf));
        let inventory = json!({"product_id": product.id, "method": method, "value": value});
        let by_variant = product.tracking == Tracking::Variant;
        let (kind, id, inventory) = match variant.sku_id.filter(|_| by_variant) {
            Some(sku_id) => {
                let mut inventory = inventory;
                inventory["variant_id"] = json!(variant.id);
                ("sku", sku_id, inventory)
            }
            None => ("product", product.id, inventory),
        };
        let cause = if cause == Cause::Ordered { "order/updated" } else { "updated" };
        let data = json!({"type": kind, "id": id, "inventory": inventory});
        self.hooks.emit(world, &format!("store/{kind}/inventory/{cause}"), data);
        self.tell_channel(shelf, location, "stock_changed", world);
    }

    /// `low_stock_reached` and `out_of_stock_reached`, when a level has just been passed on the way down.
    fn tell_levels(&self, shelf: usize, location: usize, before: i64, world: &mut World<'_>) {
        let known = self.stock.get(shelf, location);
        let now = known.available();
        if now <= 0 && before > 0 {
            self.tell_channel(shelf, location, "out_of_stock_reached", world);
        }
        if now <= known.warning && before > known.warning && known.warning > 0 {
            self.tell_channel(shelf, location, "low_stock_reached", world);
        }
    }

    /// `store/channel/*/inventory/product/…`; the star is literal.
    pub(super) fn tell_channel(&self, shelf: usize, location: usize, what: &str, world: &mut World<'_>) {
        let data: Value = json!({
            "variant_id": self.catalog.variant(shelf).id,
            "product_id": self.catalog.product_of(shelf).id,
            "location_id": self.locations.get(location).id,
        });
        self.hooks.emit(world, &format!("store/channel/*/inventory/product/{what}"), data);
    }
}
