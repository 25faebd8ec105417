//! Transfer orders: `POST /v2/transfer-orders`, `GET /v2/transfer-orders/{id}`.
//!
//! Called by the routes. A transfer order is made as a draft, of which no goods move; sending and receiving it is not
//! emulated, and what people move by hand comes in through the acts.

use super::clock::rfc3339;
use super::hooks::Event;
use super::quantity::Quantity;
use super::wire::{self, Answer, Call, Refused};
use super::{Square, draw};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

/// One line.
#[derive(Debug)]
pub struct Line {
    uid: String,
    /// Index of the variation.
    pub variation: usize,
    /// How much is to go.
    pub quantity: Quantity,
}

/// One transfer order.
#[derive(Debug)]
pub struct Transfer {
    /// The vendor's id.
    pub id: String,
    from: usize,
    /// Index of the location where the goods arrive.
    pub to: usize,
    /// For people.
    pub notes: String,
    /// What is to go.
    pub lines: Vec<Line>,
    created_at: Millis,
}

/// All of them, oldest first.
#[derive(Debug, Default)]
pub struct Transfers(Vec<Transfer>);

impl Transfers {
    /// Every transfer order, oldest first.
    pub fn all(&self) -> &[Transfer] {
        &self.0
    }
}

impl Square {
    /// `POST /v2/transfer-orders`.
    ///
    /// # Errors
    /// An unknown location or variation, the same location twice, a line of nothing.
    pub(crate) fn create_transfer(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let asked = wire::object(&call.body, "/transfer_order").map(|_| &call.body["transfer_order"])?;
        let from = self.transfer_location(&call.body, "source_location_id")?;
        let to = self.transfer_location(&call.body, "destination_location_id")?;
        if from == to {
            let field = "transfer_order.destination_location_id";
            return Err(Refused::field("INVALID_VALUE", field, "Goods go from one location to another."));
        }
        let mut lines = Vec::new();
        for (place, line) in wire::array(asked, "/line_items").iter().enumerate() {
            lines.push(self.transfer_line(line, &format!("transfer_order.line_items[{place}]"), world)?);
        }
        let notes = wire::text(asked, "/notes").unwrap_or_default().to_owned();
        let transfer = Transfer { id: draw::id(world.dice, 16), from, to, notes, lines, created_at: world.now };
        let index = self.transfers.0.len();
        self.transfers.0.push(transfer);
        let shown = self.show_transfer(index);
        let data =
            json!({"type": "transfer_order", "id": self.transfers.0[index].id, "object": {"transfer_order": shown}});
        self.hooks.emit(world, Event { topic: "transfer_order.created", location: None, data });
        Ok(json!({"transfer_order": self.show_transfer(index)}))
    }

    /// `GET /v2/transfer-orders/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn retrieve_transfer(&self, id: &str) -> Answer {
        let found = self.transfers.0.iter().position(|transfer| transfer.id == id);
        let found = found.ok_or_else(|| Refused::not_found(format!("Transfer order `{id}` not found.")))?;
        Ok(json!({"transfer_order": self.show_transfer(found)}))
    }

    fn transfer_location(&self, body: &Value, leaf: &str) -> Result<usize, Refused> {
        let id = wire::required(body, &format!("/transfer_order/{leaf}"))?;
        let field = format!("transfer_order.{leaf}");
        self.locations.find(id).ok_or_else(|| Refused::field("NOT_FOUND", field, format!("Location `{id}` not found.")))
    }

    fn transfer_line(&self, line: &Value, field: &str, world: &mut World<'_>) -> Result<Line, Refused> {
        let id = wire::required(line, "/item_variation_id").map_err(|refused| refused.within(field))?;
        let known = self.catalog.find_variation(id).filter(|index| !self.catalog.variation(*index).deleted);
        let variation = known.ok_or_else(|| {
            Refused::field("NOT_FOUND", format!("{field}.item_variation_id"), format!("`{id}` not found."))
        })?;
        let quantity = wire::quantity(line, "/quantity_ordered").map_err(|refused| refused.within(field))?;
        if !quantity.is_positive() {
            return Err(Refused::field("VALUE_TOO_LOW", format!("{field}.quantity_ordered"), "More than nothing."));
        }
        Ok(Line { uid: draw::id(world.dice, 22), variation, quantity })
    }

    fn show_transfer(&self, index: usize) -> Value {
        let transfer = &self.transfers.0[index];
        let lines = transfer.lines.iter().map(|line| {
            json!({
                "uid": line.uid,
                "item_variation_id": self.catalog.variation(line.variation).id,
                "quantity_ordered": line.quantity.to_string(),
                "quantity_pending": line.quantity.to_string(),
                "quantity_received": "0",
                "quantity_damaged": "0",
                "quantity_canceled": "0",
            })
        });
        json!({
            "id": transfer.id,
            "source_location_id": self.locations.get(transfer.from).id,
            "destination_location_id": self.locations.get(transfer.to).id,
            "status": "DRAFT",
            "created_at": rfc3339(transfer.created_at),
            "updated_at": rfc3339(transfer.created_at),
            "notes": transfer.notes,
            "line_items": lines.collect::<Vec<_>>(),
            "version": 1,
        })
    }
}
