//! Goods that come back over the counter: a new order with `returns`, and a refund.
//!
//! Called by the acts. Tied to the order that sold them, or unlinked.

use super::super::Square;
use super::super::draw;
use super::super::orders::{Line, Order, OrderState, Origin, Return, ReturnLine};
use super::super::payments::refunds::NewRefund;
use super::super::quantity::Quantity;
use crate::machine::{ActLine, World};
use serde_json::{Map, Value, json};

/// A return as it was typed.
pub(super) struct HandedIn<'r> {
    /// The tester's name of it, new.
    pub reference: &'r str,
    /// Name of the location that takes the goods.
    pub location: &'r str,
    /// At least one.
    pub lines: &'r [ActLine],
    /// False when the goods are not put back on the shelf.
    pub restock: bool,
}

/// Which line of the source order a returned line belongs to.
pub(super) struct Tie {
    pub line: usize,
    pub quantity: Quantity,
}

impl Square {
    /// Takes goods back, tied to the document `of` or to none.
    ///
    /// # Errors
    /// A name that is taken, an unknown location, SKU or document, more than is left of a line.
    pub(super) fn take_back(
        &mut self,
        handed_in: &HandedIn<'_>,
        of: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(handed_in.reference)?;
        let location = self.locations.named(handed_in.location)?;
        let goods = self.read_goods(handed_in.lines)?;
        let source = of.map(|of| self.document(of)).transpose()?;
        let ties = match source {
            Some(source) => self.tie(source, handed_in.lines, &goods)?,
            None => Vec::new(),
        };
        let returned = self.return_of(source, handed_in.lines, &goods, &ties, world);
        let order = return_order(handed_in.reference, location, returned, world);
        if let Some(source) = source {
            self.orders
                .note(source, |order| ties.iter().for_each(|tie| order.lines[tie.line].returned += tie.quantity));
        }
        let index = self.keep_document(handed_in.reference, "return", order, world);
        if handed_in.restock {
            let back: Vec<(usize, Quantity)> =
                goods.iter().map(|(variation, quantity)| (*variation, -*quantity)).collect();
            let at = world.now;
            let told = self.move_goods(index, &back, at, world);
            self.announce_counts(&told, world);
        }
        let refunds = self.give_back(source, index, world);
        let mut answer = self.receipt(index);
        answer["refund_ids"] = json!(refunds);
        Ok(answer)
    }

    /// Finds for every returned line one of the source order with enough left: the one that is named, or the first.
    pub(super) fn tie(
        &self,
        source: usize,
        typed: &[ActLine],
        goods: &[(usize, Quantity)],
    ) -> Result<Vec<Tie>, String> {
        let order = self.orders.get(source);
        if order.state == OrderState::Canceled || !order.goods_left {
            return Err(format!("{} has no goods that could come back", order.reference));
        }
        let mut left: Vec<Quantity> = order.lines.iter().map(Line::out).collect();
        let mut ties = Vec::with_capacity(goods.len());
        for (&(variation, quantity), line) in goods.iter().zip(typed) {
            let fits = |at: usize| order.lines[at].variation == Some(variation) && left[at] >= quantity;
            let found = match line.of_line {
                Some(at) => (at < left.len() && fits(at)).then_some(at),
                None => (0..left.len()).find(|at| fits(*at)),
            };
            let at = found.ok_or_else(|| format!("{} has not so much of {} left", order.reference, line.sku))?;
            left[at] -= quantity;
            ties.push(Tie { line: at, quantity });
        }
        Ok(ties)
    }

    pub(super) fn return_of(
        &self,
        source: Option<usize>,
        typed: &[ActLine],
        goods: &[(usize, Quantity)],
        ties: &[Tie],
        world: &mut World<'_>,
    ) -> Return {
        let source = source.map(|source| self.orders.get(source));
        let mut lines = Vec::with_capacity(goods.len());
        for (at, (&(variation, quantity), line)) in goods.iter().zip(typed).enumerate() {
            let sold = source.and_then(|order| ties.get(at).map(|tie| &order.lines[tie.line]));
            // A price of zero means that none was typed: what was paid goes back.
            let price_minor = match sold {
                Some(sold) if line.unit_price_minor == 0 => sold.price_minor,
                _ => line.unit_price_minor,
            };
            let source_uid = sold.map(|sold| sold.uid.clone());
            lines.push(ReturnLine { uid: draw::id(world.dice, 22), source_uid, variation, quantity, price_minor });
        }
        Return { uid: draw::id(world.dice, 22), source: source.map(|order| order.id.clone()), lines }
    }

    /// Refunds what the goods are worth, as far as it was paid; answers the refunds' ids.
    fn give_back(&mut self, source: Option<usize>, index: usize, world: &mut World<'_>) -> Vec<String> {
        let due = self.orders.get(index).return_total();
        self.refund_for(source, index, due, world)
    }

    /// Refunds this much for the goods of an order, as far as the source was paid; answers the refunds' ids.
    pub(super) fn refund_for(
        &mut self,
        source: Option<usize>,
        index: usize,
        mut due: i64,
        world: &mut World<'_>,
    ) -> Vec<String> {
        let location = self.orders.get(index).location;
        let mut parts: Vec<(Option<usize>, i64)> = Vec::new();
        match source {
            None => parts.push((None, due)),
            Some(source) => {
                for &payment in &self.orders.get(source).payments {
                    let amount = due.min(self.payments.payment(payment).left());
                    due -= amount;
                    parts.push((Some(payment), amount));
                }
            }
        }
        let mut ids = Vec::new();
        for (payment, amount) in parts.into_iter().filter(|(_, amount)| *amount > 0) {
            let new = NewRefund { payment, order: Some(index), location, amount, reason: "Returned Goods".into() };
            let refund = self.begin_refund(new, world);
            ids.push(self.payments.refund(refund).id.clone());
        }
        ids
    }
}

fn return_order(reference: &str, location: usize, returned: Return, world: &mut World<'_>) -> Order {
    Order {
        id: draw::id(world.dice, 27),
        location,
        reference: reference.to_owned(),
        source: "Point of Sale".into(),
        origin: Origin::Return,
        customer: None,
        state: OrderState::Completed,
        version: 1,
        lines: Vec::new(),
        fulfilments: Vec::new(),
        returned: Some(returned),
        payments: Vec::new(),
        refunds: Vec::new(),
        goods_left: false,
        created_at: world.now,
        updated_at: world.now,
        closed_at: Some(world.now),
        extra: Map::new(),
    }
}
