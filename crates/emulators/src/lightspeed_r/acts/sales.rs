//! Sales at a register.
//!
//! Called by the acts. A till never refuses for want of stock.

use super::super::LightspeedR;
use super::super::amount::Amount;
use super::super::books::Entry;
use super::super::sales::Draft;
use super::super::table::Id;
use crate::machine::{ActCustomer, ActLine, Millis};
use serde_json::{Value, json};

/// The type of payment at the tills: a card.
const CARD: Id = 3;

impl LightspeedR {
    /// A sale at `at` by the till's clock, known to the platform now.
    ///
    /// # Errors
    /// A name that is taken, an unknown location or SKU, a bad quantity.
    pub(super) fn ring_up(
        &mut self,
        reference: &str,
        place: &str,
        lines: &[ActLine],
        customer: Option<&ActCustomer>,
        at: Millis,
        now: Millis,
    ) -> Result<Value, String> {
        let mut draft = self.begin(reference, place, at, now)?;
        for ((item, units), typed) in self.read_goods(lines)?.into_iter().zip(lines) {
            let price = Amount::from_minor(typed.unit_price_minor, &self.settings.currency);
            let line = self.typed_line(&draft, item, units, price);
            draft.lines.push(line);
        }
        if let Some(customer) = customer {
            draft.sale.customer = self.customers.put(customer, now);
        }
        let sale = self.finish(draft, reference, at, now)?;
        Ok(self.receipt(sale))
    }

    /// An empty sale of a register, with the tester's name as its number in another system.
    pub(super) fn begin(&self, reference: &str, place: &str, at: Millis, now: Millis) -> Result<Draft, String> {
        self.new_document(reference)?;
        let shop = self.shop(place)?;
        let register = self.register_of(shop).unwrap_or(0);
        let mut draft = Draft::new(shop, register, 1, at);
        draft.sale.stamp = now;
        draft.sale.reference = reference.to_owned();
        draft.sale.reference_source = "Register".into();
        Ok(draft)
    }

    /// A line as a register makes it.
    pub(super) fn typed_line(&self, draft: &Draft, item: Id, units: i64, price: Amount) -> super::super::sales::Line {
        let mut line = draft.line(item, units, price);
        if let Some(known) = self.items.table().get(item) {
            line.tax = known.record.flag("tax");
            line.tax_class = known.record.id("taxClassID");
        }
        line
    }

    /// Pays what the sale comes to, keeps it, lets the goods go, and writes it into the books.
    pub(super) fn finish(&mut self, mut draft: Draft, reference: &str, at: Millis, now: Millis) -> Result<Id, String> {
        let total = draft.total(self.taxing(), &self.settings.currency);
        if total != Amount::ZERO {
            draft.payments.push(draft.payment(total, CARD));
        }
        self.judge_draft(&draft, true).map_err(|refused| refused.message)?;
        let sale = self.sales.keep(draft);
        self.complete_sale(sale, at, now);
        self.documents.insert(reference.to_owned(), sale);
        self.log.push(Entry::Sale { reference: reference.to_owned(), sale });
        Ok(sale)
    }

    /// What an act that made a sale answers.
    pub(super) fn receipt(&self, id: Id) -> Value {
        let Some(sale) = self.sales.sales.get(id) else { return Value::Null };
        let ids = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<String>>();
        json!({
            "sale_id": id.to_string(),
            "sale_line_ids": ids(&sale.lines),
            "sale_payment_ids": ids(&sale.payments),
            "total": self.sales.total(sale, self.taxing(), &self.settings.currency).to_string(),
        })
    }
}
