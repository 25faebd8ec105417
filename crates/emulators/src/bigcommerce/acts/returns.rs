//! Goods that come back: the owner refunds them, and puts them on a shelf by hand when they are good.
//!
//! Called by the acts. A refund belongs to an order and moves no stock; the shelf is a change of its own.

use super::super::Store;
use super::super::books::Entry;
use super::super::stock::{Adjustment, Change};
use crate::machine::{ActLine, World};
use serde_json::{Value, json};

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

impl Store {
    /// Refunds lines of the order `of`.
    ///
    /// # Errors
    /// No order is named, it is unknown or its goods have not left, more than is left of a line.
    pub(super) fn take_back(
        &mut self,
        handed_in: &HandedIn<'_>,
        of: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(handed_in.reference)?;
        let location = self.locations.named(handed_in.location)?;
        let of = of.ok_or("BigCommerce refunds orders only: a return must name one")?;
        let order = self.document(of)?;
        if self.orders.get(order).shipped_at.is_none() {
            return Err(format!("{of} has no goods that could come back"));
        }
        let goods = self.read_goods(handed_in.lines)?;
        let ties = self.tie(order, handed_in.lines, &goods)?;
        let refund = self.refund_lines(order, &ties, world)?;
        self.documents.insert(handed_in.reference.to_owned(), None);
        self.log.push(Entry::Return { refund, reference: handed_in.reference.to_owned() });
        if handed_in.restock {
            self.put_back(handed_in.reference, location, &goods, world);
        }
        let mut answer = self.receipt(order);
        answer["refund_id"] = json!(self.refunds.get(refund).id);
        Ok(answer)
    }

    fn put_back(&mut self, reference: &str, location: usize, goods: &[(usize, i64)], world: &mut World<'_>) {
        for &(variant, quantity) in goods {
            let Some(shelf) = self.catalog.shelf(variant) else { continue };
            self.apply(Adjustment { shelf, location, change: Change::Relative(quantity) }, world);
            self.note_change("adjust", reference, (variant, location), quantity, world);
        }
    }

    /// Finds for every returned line one of the order with enough left: the one that is named, or the first.
    fn tie(&self, order: usize, typed: &[ActLine], goods: &[(usize, i64)]) -> Result<Vec<(usize, i64)>, String> {
        let lines = &self.orders.get(order).lines;
        let mut left: Vec<i64> = lines.iter().map(|line| line.quantity - line.refunded).collect();
        let mut ties = Vec::with_capacity(goods.len());
        for (&(variant, quantity), line) in goods.iter().zip(typed) {
            let fits = |at: usize| lines[at].variant == Some(variant) && left[at] >= quantity;
            let found = match line.of_line {
                Some(at) => (at < left.len() && fits(at)).then_some(at),
                None => (0..left.len()).find(|at| fits(*at)),
            };
            let at = found.ok_or_else(|| format!("the order has not so much of {} left", line.sku))?;
            left[at] -= quantity;
            ties.push((at, quantity));
        }
        Ok(ties)
    }
}
