//! `PUT /v2/orders/{id}`: sparse changes under the order's version.
//!
//! Called by the routes. All is judged before anything is changed.

use super::super::Square;
use super::super::quantity::Quantity;
use super::super::wire::{self, Answer, Call, Refused};
use super::calls::{KEPT, known_state, read_fulfilment};
use super::pay::is_done;
use super::{Fulfilment, Line, OrderState};
use crate::machine::World;
use serde_json::{Value, json};

/// What an update does, once it has been judged.
#[derive(Default)]
struct Update {
    quantities: Vec<(usize, Quantity)>,
    added: Vec<Line>,
    fulfilments: Vec<Fulfilment>,
    cleared: Vec<String>,
    cancel: bool,
}

impl Square {
    /// Changes an open order; an update without an idempotency key changes nothing and says nothing of it.
    ///
    /// # Errors
    /// Not found, a final order, no version or a stale one (`VERSION_MISMATCH`), a bad line or fulfilment.
    pub(crate) fn update_order(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let index = self.order_index(id)?;
        if wire::text(&call.body, "/idempotency_key").is_none() {
            // Seen at the vendor and nowhere documented: without a key the answer is 200 and nothing changes.
            return Ok(json!({"order": self.show_order(index)}));
        }
        let asked = &call.body["order"];
        let order = self.orders.get(index);
        let version = asked["version"].as_i64().ok_or_else(|| Refused::missing("order.version"))?;
        if version != order.version {
            return Err(Refused::version_mismatch("order.version"));
        }
        if order.state.is_final() {
            return Err(Refused::invalid("BAD_REQUEST", "A completed or canceled order cannot be updated."));
        }
        let update = self.read_update(index, call, world)?;
        if update.cancel {
            self.cancel_order(index, world);
        } else {
            self.carry_out_update(index, asked, update, world);
        }
        Ok(json!({"order": self.show_order(index)}))
    }

    fn read_update(&self, index: usize, call: &Call<'_>, world: &mut World<'_>) -> Result<Update, Refused> {
        let asked = &call.body["order"];
        let mut update = Update { cleared: wire::texts(&call.body, "/fields_to_clear")?, ..Update::default() };
        for (place, line) in wire::array(asked, "/line_items").iter().enumerate() {
            let field = format!("order.line_items[{place}]");
            match self.line_at(index, wire::text(line, "/uid").unwrap_or_default()) {
                Some(at) => {
                    let quantity = wire::quantity(line, "/quantity").map_err(|refused| refused.at(&field))?;
                    update.quantities.push((at, quantity));
                }
                None => update.added.push(self.read_line(line, &field, world)?),
            }
        }
        for cleared in &update.cleared {
            let uid = cleared.strip_prefix("line_items[").and_then(|rest| rest.strip_suffix(']'));
            if let Some(at) = uid.and_then(|uid| self.line_at(index, uid)) {
                update.quantities.push((at, Quantity::ZERO));
            }
        }
        if update.quantities.iter().any(|(_, quantity)| *quantity < Quantity::ZERO) {
            return Err(Refused::field("VALUE_TOO_LOW", "order.line_items", "Nothing below zero."));
        }
        for (place, one) in wire::array(asked, "/fulfillments").iter().enumerate() {
            let field = format!("order.fulfillments[{place}]");
            update.fulfilments.push(self.read_fulfilment_change(index, one, &field, world)?);
        }
        update.cancel = match wire::text(asked, "/state") {
            None | Some("OPEN" | "DRAFT") => false,
            Some("CANCELED") => true,
            Some("COMPLETED") if self.orders.get(index).goods_left => false,
            Some(_) => return Err(Refused::field("INVALID_VALUE", "order.state", "Pay the order to complete it.")),
        };
        Ok(update)
    }

    fn line_at(&self, index: usize, uid: &str) -> Option<usize> {
        self.orders.get(index).lines.iter().position(|line| line.uid == uid && !line.quantity.is_zero())
    }

    /// The fulfilment as it will be: what is sent over what is there.
    fn read_fulfilment_change(
        &self,
        index: usize,
        one: &Value,
        field: &str,
        world: &mut World<'_>,
    ) -> Result<Fulfilment, Refused> {
        let uid = wire::text(one, "/uid").unwrap_or_default();
        let Some(old) = self.orders.get(index).fulfilments.iter().find(|old| old.uid == uid) else {
            return read_fulfilment(one, field, world);
        };
        let mut new = old.clone();
        if let Some(state) = wire::text(one, "/state") {
            known_state(state, field)?;
            if is_done(&old.state) && old.state != state {
                return Err(Refused::field("INVALID_VALUE", format!("{field}.state"), "It is already final."));
            }
            new.state = state.to_owned();
        }
        for (name, value) in one.as_object().into_iter().flatten() {
            if !matches!(name.as_str(), "uid" | "type" | "state") {
                new.fields.insert(name.clone(), value.clone());
            }
        }
        Ok(new)
    }

    fn carry_out_update(&mut self, index: usize, asked: &Value, update: Update, world: &mut World<'_>) {
        for (line, quantity) in update.quantities {
            self.edit_line(index, line, quantity, world);
        }
        let (mut added, left) = (update.added, self.orders.get(index).goods_left);
        added.iter_mut().filter(|_| left).for_each(|line| line.owed = line.quantity);
        let mut moved = Vec::new();
        self.orders.change(index, world.now, |order| {
            order.lines.extend(added);
            for name in KEPT {
                if let Some(value) = asked.get(name) {
                    order.extra.insert(name.into(), value.clone());
                }
            }
            for cleared in &update.cleared {
                order.extra.remove(cleared);
            }
            if let Some(reference) = wire::text(asked, "/reference_id") {
                order.reference = reference.to_owned();
            }
            if let Some(customer) = wire::text(asked, "/customer_id") {
                order.customer = Some(customer.to_owned());
            }
            moved = put_fulfilments(&mut order.fulfilments, update.fulfilments);
            let handed_over = order.fulfilments.iter().all(|one| is_done(&one.state));
            let paid = order.goods_left && order.lines.iter().all(|line| line.owed.is_zero());
            if paid && handed_over {
                order.state = OrderState::Completed;
            } else if order.state == OrderState::Draft && wire::text(asked, "/state") == Some("OPEN") {
                order.state = OrderState::Open;
            }
        });
        self.announce_order_updated(index, world);
        self.announce_fulfilment(index, &moved, world);
        self.take_owed(index, world);
    }
}

/// Replaces by uid or adds; answers `(uid, old state, new state)` of those whose state moved.
fn put_fulfilments(all: &mut Vec<Fulfilment>, changed: Vec<Fulfilment>) -> Vec<(String, String, String)> {
    let mut moved = Vec::new();
    for new in changed {
        match all.iter_mut().find(|old| old.uid == new.uid) {
            Some(old) => {
                if old.state != new.state {
                    moved.push((new.uid.clone(), old.state.clone(), new.state.clone()));
                }
                *old = new;
            }
            None => all.push(new),
        }
    }
    moved
}
