//! Orders that shoppers place, and what the owner does with them.
//!
//! Called by the acts. An order takes all its goods at one location: where it is collected, else at the default one.
//! The shop refuses what it has too little of.

use super::super::Store;
use super::super::amount::Amount;
use super::super::books::Entry;
use super::super::orders::{NewLine, NewOrder, Status};
use super::super::refunds::Event;
use super::whole;
use crate::machine::{ActCustomer, ActLine, World};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// An order as it was placed.
pub(super) struct Placed<'p> {
    /// The tester's name of it, new.
    pub reference: &'p str,
    /// At least one.
    pub lines: &'p [ActLine],
    /// Who ordered, when known.
    pub customer: Option<&'p ActCustomer>,
    /// Sold although the shop has too little.
    pub force: bool,
    /// Name of the location where it is collected.
    pub pickup: Option<&'p str>,
}

impl Store {
    /// A checkout: the order is made incomplete, is paid, and waits for its goods to leave.
    ///
    /// # Errors
    /// A name that is taken, an unknown location or SKU, a bad quantity, too little stock.
    pub(super) fn place_order(&mut self, placed: &Placed<'_>, world: &mut World<'_>) -> Result<Value, String> {
        self.new_document(placed.reference)?;
        let location = placed.pickup.map_or(Ok(0), |name| self.locations.named(name))?;
        let goods = self.read_goods(placed.lines)?;
        if !placed.force {
            self.judge_goods(&goods, location)?;
        }
        let lines: Vec<NewLine> = goods
            .iter()
            .zip(placed.lines)
            .map(|((variant, quantity), typed)| {
                let entered = Amount::from_minor(typed.unit_price_minor, self.settings.places());
                let (ex, inc) = self.prices(entered);
                self.variant_line(*variant, *quantity, ex, inc)
            })
            .collect();
        let customer = placed.customer.map_or(0, |person| self.put_customer(person, world));
        let address = placed.customer.map_or_else(Map::new, typed_address);
        let fields =
            [("external_order_id", placed.reference), ("payment_method", "Credit Card"), ("order_source", "www")];
        let new = NewOrder {
            lines,
            location,
            pickup: placed.pickup.is_some(),
            customer,
            shipping: if placed.pickup.is_some() { Map::new() } else { address.clone() },
            billing: address,
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect(),
        };
        let index = self.orders.add(new, world.now);
        self.documents.insert(placed.reference.to_owned(), Some(index));
        self.log.push(Entry::Order { order: index, reference: placed.reference.to_owned() });
        self.tell_order(index, "created", world);
        self.orders.change(index, world.now, |order| order.paid = true);
        self.set_status(index, Status::AwaitingFulfillment, world);
        let total = self.orders.get(index).total_inc();
        self.keep_transaction(index, Event::Purchase, total, world);
        Ok(self.receipt(index))
    }

    /// Whether the location has everything that is ordered, all lines of an item together.
    fn judge_goods(&self, goods: &[(usize, i64)], location: usize) -> Result<(), String> {
        let mut wanted: BTreeMap<usize, i64> = BTreeMap::new();
        for (variant, quantity) in goods {
            if let Some(shelf) = self.catalog.shelf(*variant) {
                *wanted.entry(shelf).or_default() += quantity;
            }
        }
        for (shelf, quantity) in wanted {
            let known = self.stock.get(shelf, location);
            let available = if known.in_stock { known.available() } else { 0 };
            if available < quantity {
                let name = &self.locations.get(location).name;
                let sku = &self.catalog.variant(shelf).sku;
                return Err(format!("out of stock: {quantity} of {sku} wanted and {available} there at {name}"));
            }
        }
        Ok(())
    }

    /// Everything that is left is shipped, or handed to the one who collects it.
    ///
    /// # Errors
    /// No such order, or one whose goods have left or will not.
    pub(super) fn fulfil(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.open_document(reference)?;
        if self.orders.get(index).pickup {
            self.set_status(index, Status::Completed, world);
            return Ok(self.receipt(index));
        }
        let lines = self.orders.get(index).lines.iter().enumerate();
        let left: Vec<(usize, i64)> =
            lines.map(|(at, line)| (at, line.quantity - line.shipped)).filter(|(_, left)| *left > 0).collect();
        if left.is_empty() {
            return Err(format!("{reference} has nothing left to be shipped"));
        }
        let shipment = self.ship(index, left, Map::new(), world);
        let mut answer = self.receipt(index);
        answer["shipment_id"] = json!(shipment);
        Ok(answer)
    }

    /// The owner sets the order to Cancelled, and its goods come back.
    ///
    /// # Errors
    /// No such order, or one of which something has left.
    pub(super) fn cancel(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.open_document(reference)?;
        if self.orders.get(index).units_shipped() > 0 {
            return Err(format!("a part of {reference} has been shipped"));
        }
        self.set_status(index, Status::Cancelled, world);
        self.log.push(Entry::Cancel { order: index, reference: reference.to_owned(), at: world.now });
        Ok(self.receipt(index))
    }

    /// One line gets another quantity; zero takes it off.
    ///
    /// # Errors
    /// No such order or line, less than has been shipped or refunded, more than the shop has.
    pub(super) fn edit(
        &mut self,
        reference: &str,
        line: usize,
        text: &str,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let index = self.open_document(reference)?;
        let quantity = whole(text)?;
        let order = self.orders.get(index);
        let known = order.lines.get(line).ok_or_else(|| format!("{reference} has no line {line}"))?;
        if quantity < known.shipped.max(known.refunded) {
            return Err(format!("more than {quantity} of line {line} have left or been refunded"));
        }
        let more = quantity - known.quantity;
        if more > 0
            && let Some(variant) = known.variant
        {
            self.judge_goods(&[(variant, more)], order.location)?;
        }
        self.orders.change(index, world.now, |order| order.lines[line].quantity = quantity);
        self.level_line(index, line, true, world);
        self.tell_order(index, "updated", world);
        Ok(self.receipt(index))
    }

    /// What an act upon an order answers.
    pub(super) fn receipt(&self, index: usize) -> Value {
        let order = self.orders.get(index);
        let lines: Vec<u64> = order.lines.iter().map(|line| line.id).collect();
        json!({
            "order_id": order.id, "location": self.locations.get(order.location).name, "line_ids": lines,
            "status_id": order.status.number(),
        })
    }

    /// Variants and quantities of the lines of an act.
    pub(super) fn read_goods(&self, lines: &[ActLine]) -> Result<Vec<(usize, i64)>, String> {
        if lines.is_empty() {
            return Err("a document needs a line".into());
        }
        let read = |line: &ActLine| {
            let quantity = whole(&line.quantity)?;
            if quantity < 1 {
                return Err(format!("{} is not a quantity above zero", line.quantity));
            }
            if line.unit_price_minor < 0 {
                return Err("a price is not below zero".into());
            }
            Ok((self.catalog.with_sku(&line.sku)?, quantity))
        };
        lines.iter().map(read).collect()
    }

    /// The order of this name.
    pub(super) fn document(&self, reference: &str) -> Result<usize, String> {
        let found = self.documents.get(reference).copied().flatten();
        found.ok_or_else(|| format!("there is no order {reference}"))
    }

    fn open_document(&self, reference: &str) -> Result<usize, String> {
        let index = self.document(reference)?;
        let order = self.orders.get(index);
        if order.shipped_at.is_some() || !self.holds_stock(index) {
            return Err(format!("{reference} is {} and cannot be changed", order.status.word()));
        }
        Ok(index)
    }

    /// Refuses a name that is taken.
    pub(super) fn new_document(&self, reference: &str) -> Result<(), String> {
        if self.documents.contains_key(reference) {
            return Err(format!("there is already a document {reference}"));
        }
        Ok(())
    }
}

/// A person as typed into the checkout.
fn typed_address(person: &ActCustomer) -> Map<String, Value> {
    let fields = [
        ("first_name", person.given_name.as_str()),
        ("last_name", &person.family_name),
        ("email", &person.email),
        ("phone", &person.phone),
        ("street_1", "1 Example Street"),
        ("city", "London"),
        ("zip", "EC1A 1AA"),
        ("country", "United Kingdom"),
        ("country_iso2", "GB"),
    ];
    fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}
