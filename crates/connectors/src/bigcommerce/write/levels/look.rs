//! The looks of an errand: what the store shows, and what that means for the rows it was asked for.

use model::{Level, Outcome};
use serde_json::Value;

use super::{Aim, Errand, Task};
use crate::bigcommerce::requests::STOCK_MAX;
use crate::bigcommerce::translate;
use crate::bigcommerce::wire::{Collection, StockItem, parse, parse_at};
use crate::{Reply, Unreadable};

impl Errand<'_> {
    /// What the store shows; an item that is not listed there shows zero.
    fn shows(&self, row: usize) -> Level {
        let item = &self.plan.items[row];
        self.shown.get(&(item.variant_id, item.location_id)).copied().unwrap_or(Level::ZERO)
    }

    /// Takes in a page of levels; after the last one the rows are judged for what the look was for.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub(super) fn looked(&mut self, aim: Aim, rows: Vec<usize>, page: u64, reply: &Reply) -> Result<(), Unreadable> {
        let collection: Collection = parse(&reply.body)?;
        for (index, value) in collection.data.iter().enumerate() {
            self.take_in(&format!("data[{index}]"), value)?;
        }
        if collection.more(page, STOCK_MAX) {
            self.then(Task::Look { aim, rows, page: page.saturating_add(1) });
            return Ok(());
        }
        match aim {
            Aim::Compare => self.compare(rows),
            Aim::Explain => self.explain(rows),
            Aim::Name => self.name(rows),
        }
        Ok(())
    }

    fn take_in(&mut self, path: &str, value: &Value) -> Result<(), Unreadable> {
        let item: StockItem = parse_at(path, value)?;
        let number = |text: &str| text.parse::<u64>().ok();
        let variant = item.identity.variant_id.and_then(|id| number(&id.to_string())).unwrap_or_default();
        if let Some(product) = item.identity.product_id.and_then(|id| number(&id.to_string())) {
            self.products.insert(variant, product);
        }
        for hint in translate::levels(path, &item)? {
            if let (Some(location), Some(level)) = (number(hint.location.as_str()), hint.level) {
                self.shown.insert((variant, location), level);
            }
        }
        Ok(())
    }

    fn compare(&mut self, rows: Vec<usize>) {
        let mut same = Vec::new();
        for row in rows {
            let shown = self.shows(row);
            match (shown == self.batch.rows[row].from, self.plan.items[row].quantity) {
                (false, _) => self.settle(row, Outcome::Stale),
                (true, 0) => self.settle(row, Outcome::Done { after: Some(shown) }),
                (true, _) => same.push(row),
            }
        }
        self.then(Task::Adjust { rows: same });
    }

    /// A refusal for want of stock names an item and not the place, and reckons with what was accepted and does not
    /// show yet: a row that its own place has enough for goes again.
    fn explain(&mut self, rows: Vec<usize>) {
        for row in rows {
            let because = self.because.get(&row).cloned().unwrap_or_default();
            if self.shows(row) != self.batch.rows[row].from {
                self.settle(row, Outcome::Stale);
            } else if because.contains("insufficient stock") && self.plan.items[row].target >= 0 {
                self.settle(row, Outcome::Again);
            } else {
                self.never(row, &because);
            }
        }
    }

    fn name(&mut self, rows: Vec<usize>) {
        let known = |row: &usize| self.products.contains_key(&self.plan.items[*row].variant_id);
        let (known, unknown): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(known);
        for row in unknown {
            let because = self.because.get(&row).cloned().unwrap_or_default();
            self.never(row, &because);
        }
        self.by_product.extend(&known);
        self.then(Task::Adjust { rows: known });
    }
}
