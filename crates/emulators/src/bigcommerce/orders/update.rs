//! `PUT /v2/orders/{id}`: status, notes, references, and the products of an order.
//!
//! Called by the order endpoints and, for a single line, by the acts. A product with an id is changed, one without is
//! added, quantity 0 takes it off; stock follows while the order stands for a placed one.

use super::super::Store;
use super::super::amount::Amount;
use super::super::wire::{Answer, Call, Refused, Reply};
use super::create::{invalid, kept, read_prices, read_quantity, read_status};
use super::{NewLine, Order, Status};
use crate::machine::World;
use serde_json::Value;

/// What is to become of a product of an order.
enum Row {
    Add(NewLine),
    Change { line: usize, quantity: Option<i64>, prices: Option<(Amount, Amount)> },
}

impl Store {
    /// Judges the whole form, then writes it, and answers the order as it is then.
    pub(super) fn update_order(&mut self, index: usize, call: &Call, world: &mut World<'_>) -> Answer {
        let form = &call.body;
        let status = read_status(form)?;
        let customer = self.read_customer(form)?;
        let mut rows = Vec::new();
        for row in form["products"].as_array().into_iter().flatten() {
            rows.push(self.read_row(self.orders.get(index), row)?);
        }
        self.orders.change(index, world.now, |order| {
            order.fields.extend(kept(form));
            order.customer = customer.unwrap_or(order.customer);
            if let Some(billing) = form["billing_address"].as_object() {
                order.billing.extend(billing.clone());
            }
        });
        self.write_rows(index, rows, world);
        match status.filter(|status| *status != self.orders.get(index).status) {
            Some(status) => {
                self.take_payment(index, status, world);
                self.set_status(index, status, world);
            }
            None => self.tell_order(index, "updated", world),
        }
        Ok(Reply::ok(self.render_order(index, &call.query)))
    }

    fn read_row(&self, order: &Order, row: &Value) -> Result<Row, Refused> {
        let Some(id) = row["id"].as_u64() else { return Ok(Row::Add(self.read_line(row)?)) };
        let line = order.lines.iter().position(|line| line.id == id).ok_or_else(|| invalid("products.id"))?;
        let quantity = read_quantity(row)?;
        if quantity.is_some_and(|quantity| quantity < order.lines[line].shipped) {
            return Err(invalid("quantity"));
        }
        let (ex, inc) = read_prices(row)?;
        let given = ex.is_some() || inc.is_some();
        let prices = given.then(|| self.settle_prices(ex, inc, (Amount::ZERO, Amount::ZERO)));
        Ok(Row::Change { line, quantity, prices })
    }

    fn write_rows(&mut self, index: usize, rows: Vec<Row>, world: &mut World<'_>) {
        for row in rows {
            let line = match row {
                Row::Add(new) => self.orders.add_line(index, new),
                Row::Change { line, quantity, prices } => {
                    self.orders.change(index, world.now, |order| {
                        let known = &mut order.lines[line];
                        known.quantity = quantity.unwrap_or(known.quantity);
                        (known.price_ex, known.price_inc) = prices.unwrap_or((known.price_ex, known.price_inc));
                    });
                    line
                }
            };
            if self.holds_stock(index) {
                self.level_line(index, line, true, world);
            }
        }
    }

    /// Whether the order stands for a placed one, so that its lines are off the shelf.
    pub(in super::super) fn holds_stock(&self, index: usize) -> bool {
        let status = self.orders.get(index).status;
        !matches!(status, Status::Incomplete | Status::Declined | Status::Cancelled | Status::Refunded)
    }
}
