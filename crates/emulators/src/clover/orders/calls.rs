//! Orders of a client's own making: created empty, filled line by line, deleted.
//!
//! Called by `routes`. The client owns `total`: it is taken as it is written.

use super::super::Clover;
use super::super::hooks::Kind;
use super::super::id::Id;
use super::super::query::Expand;
use super::super::wire::{Answer, Call, Refused, set_flag, set_text, whole};
use super::{LINES_MAX, Line, Order};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

impl Clover {
    /// `POST orders`.
    pub(in super::super) fn create_order(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let mut order = Order::new(Id::draw(world.dice), world.now);
        (order.state, order.own_total) = (None, true);
        self.write_order(&mut order, &call.body)?;
        if let Some(at) = whole(&call.body, "clientCreatedTime")? {
            order.client_created = at;
        }
        let index = self.keep_order(order);
        Ok(self.render_order(self.orders.get(index), &Expand::read(call)))
    }

    /// `POST orders/{id}`: only what is given changes.
    pub(in super::super) fn update_order(&mut self, id: &str, call: &Call<'_>, world: &World<'_>) -> Answer {
        let index = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let mut order = self.orders.get(index).clone();
        self.write_order(&mut order, &call.body)?;
        self.change_order(index, world.now, |slot| *slot = order);
        Ok(self.render_order(self.orders.get(index), &Expand::read(call)))
    }

    /// `DELETE orders/{id}`; refused once money was taken.
    pub(in super::super) fn remove_order(&mut self, id: &str, world: &World<'_>) -> Answer {
        let index = self.orders.find(id).ok_or_else(Refused::not_found)?;
        if self.paid(self.orders.get(index)) > 0 {
            return Err(Refused::invalid("Cannot delete an order that has payments"));
        }
        self.delete_order(index, world.now);
        Ok(self.render_order(self.orders.get(index), &Expand::default()))
    }

    /// `POST orders/{id}/line_items`: needs a price or an item.
    pub(in super::super) fn create_line(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let mut made = self.create_lines_of(id, std::slice::from_ref(&call.body), world)?;
        made.pop().ok_or_else(Refused::not_found)
    }

    /// `POST orders/{id}/bulk_line_items`: `{items: […]}`.
    pub(in super::super) fn create_lines(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let bodies = call.body["items"].as_array().ok_or_else(|| Refused::invalid("items is required"))?;
        Ok(json!({"elements": self.create_lines_of(id, bodies, world)?}))
    }

    fn create_lines_of(&mut self, id: &str, bodies: &[Value], world: &mut World<'_>) -> Result<Vec<Value>, Refused> {
        let index = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let held = self.orders.get(index).lines.len();
        if held + bodies.len() > LINES_MAX {
            return Err(Refused::invalid(format!("An order is limited to {LINES_MAX} line items")));
        }
        let lines: Result<Vec<Line>, Refused> = bodies.iter().map(|body| self.read_new_line(body, world)).collect();
        let lines = lines?;
        self.change_order(index, world.now, |order| order.lines.extend(lines));
        let order = self.orders.get(index);
        Ok(order.lines[held..].iter().map(|line| self.render_line(order, line)).collect())
    }

    /// `DELETE orders/{id}/line_items/{lineId}`.
    pub(in super::super) fn remove_line(&mut self, id: &str, line: &str, world: &World<'_>) -> Answer {
        let index = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let lines = &self.orders.get(index).lines;
        let at = lines.iter().position(|one| one.id.as_str() == line).ok_or_else(Refused::not_found)?;
        if lines[at].gone {
            return Err(Refused::invalid("Cannot delete a line item that is paid"));
        }
        let removed = self.change_order(index, world.now, |order| order.lines.remove(at));
        Ok(self.render_line(self.orders.get(index), &removed))
    }

    /// A line as a client writes it: the item's name and price, unless it writes others.
    pub(super) fn read_new_line(&self, body: &Value, world: &mut World<'_>) -> Result<Line, Refused> {
        let item = body["item"]["id"]
            .as_str()
            .map(|id| self.catalog.find(id).ok_or_else(|| Refused::invalid(format!("Item {id} does not exist"))));
        let item = item.transpose()?;
        let known = item.map(|item| self.catalog.item(item));
        let price = whole(body, "price")?.or(known.map(|item| item.price));
        let price = price.ok_or_else(|| Refused::invalid("A line item needs a price or an item"))?;
        let mut name = known.map_or_else(String::new, |item| item.name.to_string());
        let mut note = String::new();
        set_text(body, "name", &mut name)?;
        set_text(body, "note", &mut note)?;
        let unit_qty = whole(body, "unitQty")?;
        if unit_qty.is_some_and(|quantity| quantity <= 0) {
            return Err(Refused::invalid("unitQty must be above zero"));
        }
        Ok(Line {
            id: Id::draw(world.dice),
            item,
            name: name.into(),
            price,
            unit_qty,
            typed: 0,
            note,
            created: world.now,
            refunded: false,
            exchanged: false,
            gone: false,
        })
    }

    /// The fields of an order that a client may write.
    pub(super) fn write_order(&self, order: &mut Order, body: &Value) -> Result<(), Refused> {
        set_text(body, "externalReferenceId", &mut order.reference)?;
        set_text(body, "title", &mut order.title)?;
        set_text(body, "note", &mut order.note)?;
        set_flag(body, "taxRemoved", &mut order.tax_removed)?;
        set_flag(body, "testMode", &mut order.test_mode)?;
        set_flag(body, "manualTransaction", &mut order.manual)?;
        set_flag(body, "groupLineItems", &mut order.group_lines)?;
        if let Some(state) = body["state"].as_str() {
            order.state = Some(state.to_owned());
        }
        if let Some(total) = whole(body, "total")? {
            (order.total, order.own_total) = (total, true);
        }
        if let Some(kind) = body["orderType"]["id"].as_str() {
            order.order_type = Some(kind.to_owned());
        }
        let first = &body["customers"].as_array().or(body["customers"]["elements"].as_array());
        if let Some(id) = first.and_then(|all| all.first()).and_then(|one| one["id"].as_str()) {
            let found = self.customers.find(id);
            order.customer = Some(found.ok_or_else(|| Refused::invalid(format!("Customer {id} does not exist")))?);
        }
        Ok(())
    }

    /// Puts an order there and tells of it.
    pub(in super::super) fn keep_order(&mut self, order: Order) -> usize {
        self.hooks.note("O", order.id, Kind::Create);
        self.orders.add(order)
    }

    /// Changes an order and tells of it. A total that no client owns follows the lines.
    pub(in super::super) fn change_order<R>(
        &mut self,
        index: usize,
        now: Millis,
        change: impl FnOnce(&mut Order) -> R,
    ) -> R {
        let settings = &self.settings;
        let answer = self.orders.change(index, now, |order| {
            let answer = change(order);
            if !order.own_total && !order.manual {
                let sum = order.sum();
                order.total = if order.tax_removed { sum } else { settings.total_of(sum) };
            }
            answer
        });
        self.hooks.note("O", self.orders.get(index).id, Kind::Update);
        answer
    }

    /// Deletes an order and tells of it.
    pub(in super::super) fn delete_order(&mut self, index: usize, now: Millis) {
        self.orders.change(index, now, |order| order.deleted = Some(now));
        self.hooks.note("O", self.orders.get(index).id, Kind::Delete);
    }
}
