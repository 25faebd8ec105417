//! Stock: `item_stocks` of the API, and whatever else moves a quantity.
//!
//! Orders and acts call [`Clover::move_stock`] and [`Clover::set_stock`]. There is one stock per merchant, no log of it
//! and no change by difference in the API.

use super::super::Clover;
use super::super::filter::Field;
use super::super::hooks::Kind;
use super::super::quantity::Quantity;
use super::super::shelf::Plan;
use super::super::wire::{Answer, Call, Refused};
use super::Item;
use super::render::render_stock;
use crate::machine::{Millis, World};

const FIELDS: [&str; 3] = ["item.id", "quantity", "stockCount"];

impl Clover {
    /// Sets the stock of an item. An item that manages itself is available while there is some.
    pub(in super::super) fn set_stock(&mut self, item: usize, quantity: Quantity, now: Millis) {
        let id = self.catalog.items.change(item, now, |item| {
            item.quantity = quantity;
            item.stocked = true;
            if item.auto_manage {
                item.available = quantity.is_positive();
            }
            item.id
        });
        self.hooks.note("I", id, Kind::Update);
    }

    /// Moves the stock of an item by a difference, for sales and for the back office.
    pub(in super::super) fn move_stock(&mut self, item: usize, delta: Quantity, now: Millis) {
        let quantity = self.catalog.item(item).quantity + delta;
        self.set_stock(item, quantity, now);
    }

    /// `GET item_stocks`.
    pub(in super::super) fn list_stocks(&self, call: &Call<'_>) -> Answer {
        let field = |item: &Item, name: &str| match name {
            "item.id" => Field::Text(item.id.to_string()),
            "quantity" => Field::Decimal(item.quantity),
            "stockCount" => Field::Whole(item.quantity.rounded()),
            _ => Field::None,
        };
        let plan = Plan {
            fields: &FIELDS,
            field: &field,
            shown: &|item, _| item.stocked && item.deleted.is_none(),
            render: &|item, _| render_stock(item),
            newest_first: false,
        };
        self.catalog.items.list(call, &self.settings.api_base, &plan)
    }

    /// `GET item_stocks/{itemId}`.
    pub(in super::super) fn read_stock(&self, id: &str) -> Answer {
        let item = self.catalog.find(id).ok_or_else(Refused::not_found)?;
        Ok(render_stock(self.catalog.item(item)))
    }

    /// `POST item_stocks/{itemId}`: absolute, `quantity` or the older `stockCount`.
    pub(in super::super) fn write_stock(&mut self, id: &str, call: &Call<'_>, world: &World<'_>) -> Answer {
        let item = self.catalog.find(id).ok_or_else(Refused::not_found)?;
        let given = ["quantity", "stockCount"].into_iter().map(|name| &call.body[name]).find(|value| !value.is_null());
        let given = given.ok_or_else(|| Refused::invalid("quantity is required"))?;
        let quantity = Quantity::of_json(given).ok_or_else(|| Refused::invalid("quantity must be a number"))?;
        self.set_stock(item, quantity, world.now);
        Ok(render_stock(self.catalog.item(item)))
    }
}
