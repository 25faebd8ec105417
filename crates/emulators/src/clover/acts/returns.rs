//! Goods that come back over the counter: refunds of lines, exchanges, credits.
//!
//! Called by the acts. The vendor puts nothing back into stock by itself: where goods are restocked, somebody edits the
//! stock in the same moment.

use super::super::Clover;
use super::super::books::Entry;
use super::super::hooks::Kind;
use super::super::id::Id;
use super::super::orders::{Goods, Line, Order, lines_of};
use super::super::payments::{Credit, Refund};
use super::super::quantity::Quantity;
use crate::machine::{ActLine, World};
use serde_json::{Value, json};

/// Lines of a sale that come back, and what is given back for them.
struct Returned {
    lines: Vec<Id>,
    amount: i64,
}

impl Clover {
    /// Lines of a sale come back and are refunded.
    ///
    /// # Errors
    /// A name that is taken, an unknown document or SKU, more than is left, a part of a weighed line.
    pub(super) fn take_back(
        &mut self,
        reference: &str,
        of: &str,
        typed: &[ActLine],
        restock: bool,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(reference)?;
        let source = self.document(of)?;
        let returned = self.find_returned(source, typed)?;
        let refunds = self.refund(reference, source, &returned, world);
        self.change_order(source, world.now, |order| mark(order, &returned.lines, |line| line.refunded = true));
        if restock {
            self.put_back(source, &returned.lines, world);
        }
        self.documents.insert(reference.to_owned(), None);
        Ok(json!({"order_id": self.orders.get(source).id.as_str(), "refund_ids": refunds}))
    }

    /// Goods come back and others leave: the lines that come back are refunded and marked `exchanged`, and the others
    /// are a new, paid order.
    ///
    /// # Errors
    /// As for a return and for a sale; then neither has happened.
    pub(super) fn exchange(
        &mut self,
        reference: &str,
        of: &str,
        back: &[ActLine],
        out: &[ActLine],
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(reference)?;
        let source = self.document(of)?;
        let returned = self.find_returned(source, back)?;
        let goods = Goods::read(out, &self.catalog)?;
        let lines = lines_of(&goods, &self.catalog, world.dice, world.now)?;
        let refunds = self.refund(reference, source, &returned, world);
        self.change_order(source, world.now, |order| {
            mark(order, &returned.lines, |line| (line.refunded, line.exchanged) = (true, true));
        });
        self.put_back(source, &returned.lines, world);
        let mut order = Order::new(Id::draw(world.dice), world.now);
        order.reference = reference.to_owned();
        order.customer = self.orders.get(source).customer;
        order.lines = lines;
        order.total = self.settings.total_of(order.sum());
        let mut answer = self.sell(reference, order, world);
        answer["refund_ids"] = json!(refunds);
        Ok(answer)
    }

    /// Money for goods of no known sale: a credit on an order without lines. What came back is nowhere in the API but
    /// in the stock, and only when somebody corrects that.
    ///
    /// # Errors
    /// A name that is taken, an unknown SKU, a quantity that a till cannot ring up.
    pub(super) fn give_credit(
        &mut self,
        reference: &str,
        typed: &[ActLine],
        restock: bool,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(reference)?;
        let goods = Goods::read(typed, &self.catalog)?;
        let sum = goods.iter().fold(0_i64, |sum, one| sum.saturating_add(one.quantity.price(one.price)));
        let mut order = Order::new(Id::draw(world.dice), world.now);
        (order.manual, order.state) = (true, Some("locked".into()));
        order.title = "Manual Refund".into();
        order.reference = reference.to_owned();
        let order = self.keep_order(order);
        let id = Id::draw(world.dice);
        let (amount, tax) = (self.settings.total_of(sum), self.settings.tax_of(sum));
        let credit = self.payments.add_credit(Credit { id, order, amount, tax, created: world.now });
        self.change_order(order, world.now, |order| order.credits.push(credit));
        self.documents.insert(reference.to_owned(), None);
        for one in &goods {
            self.log.push(Entry::Stock {
                kind: "return",
                reference: reference.to_owned(),
                document: id.to_string(),
                item: one.item,
                quantity: one.quantity,
                at: world.now,
            });
            if restock && self.catalog.item(one.item).auto_manage {
                self.move_stock(one.item, one.quantity, world.now);
            }
        }
        Ok(json!({"order_id": self.orders.get(order).id.as_str(), "credit_id": id.as_str()}))
    }

    /// Finds the pieces that come back: of the line that is named, or of the first ones with that item.
    fn find_returned(&self, source: usize, typed: &[ActLine]) -> Result<Returned, String> {
        let order = self.orders.get(source);
        let goods = Goods::read(typed, &self.catalog)?;
        if order.voided || !order.lines.iter().any(|line| line.gone || line.refunded) {
            return Err(format!("{} has no goods that could come back", order.reference));
        }
        let mut found = Returned { lines: Vec::new(), amount: 0 };
        for (one, typed) in goods.iter().zip(typed) {
            let fits = |line: &&Line| {
                line.item == Some(one.item)
                    && !line.refunded
                    && typed.of_line.is_none_or(|wanted| wanted == line.typed)
                    && !found.lines.contains(&line.id)
            };
            let pieces = pick(order.lines.iter().filter(fits), one.quantity);
            let pieces = pieces.ok_or_else(|| format!("{} has not so much of {} left", order.reference, typed.sku))?;
            // A price of zero means that none was typed: what was paid goes back.
            let worth = if one.price == 0 {
                pieces.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount()))
            } else {
                one.quantity.price(one.price)
            };
            let ids: Vec<Id> = pieces.iter().map(|line| line.id).collect();
            found.amount = found.amount.saturating_add(worth);
            found.lines.extend(ids);
        }
        found.amount = self.settings.total_of(found.amount);
        Ok(found)
    }

    /// Gives money back, from one payment after the other as far as they reach; the lines stand on the first refund.
    /// Answers the ids of the refunds.
    fn refund(&mut self, reference: &str, source: usize, returned: &Returned, world: &mut World<'_>) -> Vec<String> {
        let mut due = returned.amount;
        let mut parts: Vec<(Option<usize>, i64)> = Vec::new();
        for &payment in &self.orders.get(source).payments {
            let amount = due.min(self.payments.left(payment));
            if amount > 0 {
                due -= amount;
                parts.push((Some(payment), amount));
            }
        }
        if parts.is_empty() {
            parts.push((self.orders.get(source).payments.first().copied(), 0));
        }
        let (mut ids, mut lines) = (Vec::new(), returned.lines.clone());
        for (payment, amount) in parts {
            let id = Id::draw(world.dice);
            let (tax, created) = (self.settings.tax_in(amount), world.now);
            let lines = std::mem::take(&mut lines);
            let first = !lines.is_empty();
            let refund = Refund { id, order: source, payment, amount, tax, lines, created };
            let index = self.payments.add_refund(refund, world.now);
            if let Some(payment) = payment {
                self.hooks.note("P", self.payments.payment(payment).id, Kind::Update);
            }
            self.change_order(source, world.now, |order| order.refunds.push(index));
            if first {
                self.log.push(Entry::Return { refund: index, reference: reference.to_owned() });
            }
            ids.push(id.to_string());
        }
        ids
    }
}

fn mark(order: &mut Order, ids: &[Id], change: impl Fn(&mut Line)) {
    order.lines.iter_mut().filter(|line| ids.contains(&line.id)).for_each(change);
}

/// Whole lines that add up to the quantity: weighed ones that match exactly, or so many pieces.
fn pick<'l>(lines: impl Iterator<Item = &'l Line>, wanted: Quantity) -> Option<Vec<&'l Line>> {
    let lines: Vec<&Line> = lines.collect();
    if let Some(exact) = lines.iter().find(|line| line.quantity() == wanted) {
        return Some(vec![exact]);
    }
    let pieces = usize::try_from(wanted.pieces()?).ok()?;
    let picked: Vec<&Line> = lines.into_iter().filter(|line| line.unit_qty.is_none()).take(pieces).collect();
    (picked.len() == pieces).then_some(picked)
}
