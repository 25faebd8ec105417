//! Orders that are not paid yet, changed or thrown away at the till.
//!
//! Called by the acts. Only a client of the API makes such orders; they are named by their outside reference.

use super::super::Clover;
use super::super::books::Entry;
use super::super::orders::{Goods, lines_of};
use super::super::quantity::Quantity;
use crate::machine::World;
use serde_json::Value;

impl Clover {
    /// An open order is deleted. Its goods never left, so none come back.
    ///
    /// # Errors
    /// No such order, or one that is paid: that is voided or refunded.
    pub(super) fn cancel(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.open_order(reference)?;
        let answer = self.receipt(index);
        self.delete_order(index, world.now);
        self.log.push(Entry::Cancel { order: index, reference: reference.to_owned(), at: world.now });
        Ok(answer)
    }

    /// The quantity of one line of an open order becomes another: pieces of the same item at the same price are added
    /// or taken away, a weighed line is weighed anew.
    ///
    /// # Errors
    /// No such open order or line, a quantity that a till cannot ring up.
    pub(super) fn edit(
        &mut self,
        reference: &str,
        line: usize,
        quantity: &str,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let index = self.open_order(reference)?;
        let known = self.orders.get(index).lines.get(line).cloned();
        let known = known.ok_or_else(|| format!("{reference} has no line {line}"))?;
        let item = known.item.ok_or_else(|| format!("line {line} of {reference} is no item"))?;
        let wanted = Quantity::parse(quantity).filter(|wanted| *wanted >= Quantity::ZERO);
        let wanted = wanted.ok_or_else(|| format!("{quantity} is not a quantity"))?;
        if wanted.thousandths().is_none() {
            return Err(format!("Clover counts in thousandths of a unit, and {wanted} is finer than that"));
        }
        let goods = [Goods { item, quantity: wanted, price: known.price }];
        let new = match wanted {
            Quantity::ZERO => Vec::new(),
            _ => lines_of(&goods, &self.catalog, world.dice, world.now)?,
        };
        self.change_order(index, world.now, |order| drop(order.lines.splice(line..=line, new)));
        Ok(self.receipt(index))
    }

    fn open_order(&self, reference: &str) -> Result<usize, String> {
        let index = self.document(reference)?;
        let order = self.orders.get(index);
        if order.voided || self.paid(order) > 0 || order.lines.iter().any(|line| line.gone || line.refunded) {
            return Err(format!("{reference} is no open order: what is paid is voided or refunded"));
        }
        Ok(index)
    }
}
