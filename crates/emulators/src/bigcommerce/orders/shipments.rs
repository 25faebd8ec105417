//! `/v2/orders/{id}/shipments`: goods leave.
//!
//! Called by the order endpoints and by the acts. The order is Shipped when everything has left, Partially Shipped
//! before.

use super::super::Store;
use super::super::wire::{Answer, Call, Page, Refused, Reply, path_id};
use super::{Order, Status};
use crate::machine::World;
use serde_json::{Map, Value, json};

const LIMIT_MAX: usize = 250;
const KEPT: [&str; 7] = [
    "tracking_number",
    "tracking_link",
    "merchant_shipping_cost",
    "shipping_method",
    "shipping_provider",
    "tracking_carrier",
    "comments",
];

impl Store {
    /// `orders/{id}/shipments` and what is below it.
    pub(super) fn route_shipments(
        &mut self,
        method: &str,
        index: usize,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", []) => {
                let page = Page::read(&call.query, LIMIT_MAX)?;
                let order = self.orders.get(index);
                let some = order.shipments.iter().skip(page.skip()).take(page.limit);
                Ok(Reply::list(some.map(|one| self.render_shipment(order, one)).collect()))
            }
            ("GET", ["count"]) => Ok(Reply::ok(json!({"count": self.orders.get(index).shipments.len()}))),
            ("GET", [id]) => self.get_shipment(index, path_id(id)?),
            ("POST", []) => {
                let items = read_items(self.orders.get(index), &call.body)?;
                let tracking = KEPT.iter().filter_map(|name| {
                    let value = call.body.get(*name).filter(|value| !value.is_null())?;
                    Some(((*name).to_owned(), value.clone()))
                });
                let id = self.ship(index, items, tracking.collect(), world);
                let mut made = self.get_shipment(index, id)?;
                made.status = 201;
                Ok(made)
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn get_shipment(&self, index: usize, id: u64) -> Answer {
        let order = self.orders.get(index);
        let found = order.shipments.iter().find(|shipment| shipment.id == id);
        Ok(Reply::ok(self.render_shipment(order, found.ok_or_else(Refused::not_found)?)))
    }

    /// Sends goods off: line index and quantity of each. Answers the shipment's id.
    pub(in super::super) fn ship(
        &mut self,
        index: usize,
        items: Vec<(usize, i64)>,
        tracking: Map<String, Value>,
        world: &mut World<'_>,
    ) -> u64 {
        self.orders.change(index, world.now, |order| {
            items.iter().for_each(|(line, quantity)| order.lines[*line].shipped += quantity);
        });
        for (line, quantity) in &items {
            self.hand_over_line(index, *line, *quantity, world);
        }
        let id = self.orders.add_shipment(index, items, tracking, world.now);
        let data = json!({"type": "shipment", "id": id, "orderId": self.orders.get(index).id});
        self.hooks.emit(world, "store/shipment/created", data);
        let order = self.orders.get(index);
        let whole = order.lines.iter().all(|line| line.shipped >= line.quantity);
        let status = if whole { Status::Shipped } else { Status::PartiallyShipped };
        self.set_status(index, status, world);
        id
    }
}

fn read_items(order: &Order, form: &Value) -> Result<Vec<(usize, i64)>, Refused> {
    let bad = |why: &str| Err(Refused::bad(why));
    if order.pickup || form["order_address_id"].as_u64() != Some(order.address_id()) {
        return bad("The field 'order_address_id' is invalid.");
    }
    if matches!(order.status, Status::Incomplete | Status::Cancelled | Status::Declined) {
        return bad("The order cannot be shipped in its present status.");
    }
    let rows = form["items"].as_array().filter(|rows| !rows.is_empty());
    let Some(rows) = rows else { return bad("The required field 'items' was not supplied.") };
    let mut left: Vec<i64> = order.lines.iter().map(|line| line.quantity - line.shipped).collect();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let line = order.lines.iter().position(|line| Some(line.id) == row["order_product_id"].as_u64());
        let (Some(line), Some(quantity)) = (line, row["quantity"].as_i64()) else {
            return bad("The field 'items' is invalid.");
        };
        if quantity < 1 || quantity > left[line] {
            return bad("The quantity of an item is greater than what is left to be shipped.");
        }
        left[line] -= quantity;
        items.push((line, quantity));
    }
    Ok(items)
}
