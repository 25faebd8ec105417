//! Atomic orders: a whole cart in one call, priced and totalled by the merchant.
//!
//! Called by `routes`.

use super::super::Clover;
use super::super::id::Id;
use super::super::query::Expand;
use super::super::wire::{Answer, Call, Refused, whole};
use super::{Discount, LINES_MAX, Order};
use crate::machine::World;
use serde_json::Value;

const PARTS: [&str; 2] = ["lineItems", "discounts"];

impl Clover {
    /// `POST atomic_order/orders`.
    pub(in super::super) fn create_cart(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let order = self.read_cart(&call.body, world)?;
        let index = self.keep_order(order);
        Ok(self.render_order(self.orders.get(index), &Expand::of(&PARTS)))
    }

    /// `POST atomic_order/checkouts`: what it would cost; nothing is kept.
    pub(in super::super) fn preview_cart(&self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let order = self.read_cart(&call.body, world)?;
        Ok(self.render_order(&order, &Expand::of(&PARTS)))
    }

    /// `POST orders/{id}/discounts`.
    pub(in super::super) fn create_discount(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let index = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let discount = read_discount(&call.body, world)?;
        let shown = discount.render(self.orders.get(index).id);
        self.change_order(index, world.now, |order| order.discounts.push(discount));
        Ok(shown)
    }

    /// `DELETE orders/{id}/discounts/{discountId}`.
    pub(in super::super) fn remove_discount(&mut self, id: &str, discount: &str, world: &World<'_>) -> Answer {
        let index = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let all = &self.orders.get(index).discounts;
        let at = all.iter().position(|one| one.id.as_str() == discount).ok_or_else(Refused::not_found)?;
        let removed = self.change_order(index, world.now, |order| order.discounts.remove(at));
        Ok(removed.render(self.orders.get(index).id))
    }

    fn read_cart(&self, body: &Value, world: &mut World<'_>) -> Result<Order, Refused> {
        let cart = &body["orderCart"];
        if !cart.is_object() {
            return Err(Refused::invalid("orderCart is required"));
        }
        let mut order = Order::new(Id::draw(world.dice), world.now);
        self.write_order(&mut order, cart)?;
        order.own_total = false;
        let lines = cart["lineItems"].as_array().map(Vec::as_slice).unwrap_or_default();
        if lines.len() > LINES_MAX {
            return Err(Refused::invalid(format!("An order is limited to {LINES_MAX} line items")));
        }
        for line in lines {
            order.lines.push(self.read_new_line(line, world)?);
        }
        for discount in cart["discounts"].as_array().into_iter().flatten() {
            order.discounts.push(read_discount(discount, world)?);
        }
        let sum = order.sum();
        order.total = if order.tax_removed { sum } else { self.settings.total_of(sum) };
        Ok(order)
    }
}

fn read_discount(body: &Value, world: &mut World<'_>) -> Result<Discount, Refused> {
    let (amount, percentage) = (whole(body, "amount")?, whole(body, "percentage")?);
    if amount.is_none() && percentage.is_none() {
        return Err(Refused::invalid("A discount needs an amount or a percentage"));
    }
    if percentage.is_some_and(|percentage| !(0..=100).contains(&percentage)) {
        return Err(Refused::invalid("percentage must be between 0 and 100"));
    }
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    Ok(Discount { id: Id::draw(world.dice), name, amount, percentage })
}
