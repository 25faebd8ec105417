//! A sale before it is kept: read from a call or typed at a till, and judged as a whole.
//!
//! Used by the calls and by the acts. Nothing is changed until every rule has been asked.

use super::super::LightspeedR;
use super::super::amount::Amount;
use super::super::resources::PAYMENT_TYPE;
use super::super::table::{Id, Row};
use super::super::wire::{self, Refused};
use super::{Line, Payment, Sale, Taxing};
use crate::machine::Millis;
use serde_json::Value;
use std::collections::HashMap;

/// A sale, its lines and its payments, without ids.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The sale.
    pub sale: Sale,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its payments.
    pub payments: Vec<Payment>,
}

impl Draft {
    /// An open sale without lines.
    pub fn new(shop: Id, register: Id, employee: Id, now: Millis) -> Self {
        let sale = Sale {
            shop,
            register,
            employee,
            customer: 0,
            completed: false,
            archived: false,
            voided: false,
            promotions: true,
            created: now,
            completed_at: None,
            stamp: now,
            reference: String::new(),
            reference_source: String::new(),
            receipt: "printed".into(),
            lines: Vec::new(),
            payments: Vec::new(),
        };
        Self { sale, lines: Vec::new(), payments: Vec::new() }
    }

    /// A line of this sale.
    pub fn line(&self, item: Id, quantity: i64, price: Amount) -> Line {
        Line {
            sale: 0,
            item,
            shop: self.sale.shop,
            employee: self.sale.employee,
            quantity,
            price,
            normal_price: Amount::ZERO,
            discount: Amount::ZERO,
            discount_part: Amount::ZERO,
            tax: true,
            tax_class: 1,
            parent: 0,
            returned: 0,
            is_layaway: false,
            is_special_order: false,
            created: self.sale.created,
            stamp: self.sale.stamp,
        }
    }

    /// A payment of this sale.
    pub fn payment(&self, amount: Amount, kind: Id) -> Payment {
        let (register, employee) = (self.sale.register, self.sale.employee);
        let (created, stamp) = (self.sale.created, self.sale.stamp);
        Payment { sale: 0, amount, kind, register, employee, created, stamp }
    }

    /// What it comes to, rounded to the coin.
    pub fn total(&self, taxing: Taxing, currency: &str) -> Amount {
        self.lines.iter().map(|line| line.money(taxing).total).sum::<Amount>().rounded(currency)
    }

    /// What is paid of it.
    pub fn paid(&self) -> Amount {
        self.payments.iter().map(|payment| payment.amount).sum()
    }
}

impl LightspeedR {
    /// How lines are taxed here.
    pub(crate) fn taxing(&self) -> Taxing {
        Taxing { rate: self.settings.tax1_rate, inclusive: self.settings.tax_inclusive }
    }

    /// 422 when a finished sale would not balance, or gives back more than was sold.
    ///
    /// # Errors
    /// As said.
    pub(crate) fn judge_draft(&self, draft: &Draft, completes: bool) -> Result<(), Refused> {
        self.judge_returns(&draft.lines)?;
        if !completes {
            return Ok(());
        }
        let (total, paid) = (draft.total(self.taxing(), &self.settings.currency), draft.paid());
        if total == paid {
            return Ok(());
        }
        Err(Refused::rule(format!("Cannot complete the sale: payments of {paid} do not equal the total of {total}.")))
    }

    fn judge_returns(&self, lines: &[Line]) -> Result<(), Refused> {
        let mut back = HashMap::<Id, i64>::new();
        for line in lines.iter().filter(|line| line.parent != 0) {
            *back.entry(line.parent).or_default() -= line.quantity;
        }
        for (parent, units) in back {
            let known = self.sales.lines.get(parent);
            let known = known.ok_or_else(|| Refused::rule(format!("parentSaleLineID {parent} does not exist.")))?;
            let finished = self.sales.sales.get(known.sale).is_some_and(|sale| sale.completed && !sale.voided);
            if !finished {
                return Err(Refused::rule(format!("The sale of line {parent} is not completed.")));
            }
            if units > known.quantity - known.returned {
                return Err(Refused::rule(format!("The refund exceeds the quantity of line {parent}.")));
            }
        }
        Ok(())
    }

    /// Reads `SaleLines` of a call.
    ///
    /// # Errors
    /// 422 for an unknown item, a quantity of zero, a price that is none.
    pub(crate) fn read_lines(&self, body: &Value, draft: &Draft) -> Result<Vec<Line>, Refused> {
        wire::rows(body, "SaleLines", "SaleLine").into_iter().map(|row| self.read_line(row, draft)).collect()
    }

    /// Reads one line.
    ///
    /// # Errors
    /// As above.
    pub(crate) fn read_line(&self, row: &Value, draft: &Draft) -> Result<Line, Refused> {
        let id = self.read_item_of_line(row)?;
        let item = self.items.table().get(id);
        let quantity = wire::whole(row, "unitQuantity")?.unwrap_or(1);
        if quantity == 0 {
            return Err(Refused::rule("unitQuantity cannot be 0."));
        }
        let usual = item.map_or(Amount::ZERO, |item| item.prices[0]);
        let price = wire::amount(row, "unitPrice")?.unwrap_or(usual);
        let mut line = draft.line(id, quantity, price);
        line.normal_price = if price == usual { Amount::ZERO } else { usual };
        line.tax = wire::flag(row, "tax")?.unwrap_or_else(|| item.is_none_or(|item| item.record.flag("tax")));
        let class = item.map_or(1, |item| item.record.id("taxClassID"));
        line.tax_class = wire::id(row, "taxClassID")?.unwrap_or(class);
        self.check_reference("taxClassID", line.tax_class)?;
        line.discount = wire::amount(row, "discountAmount")?.unwrap_or_default();
        line.discount_part = wire::amount(row, "discountPercent")?.unwrap_or_default();
        line.parent = wire::id(row, "parentSaleLineID")?.unwrap_or(0);
        if let Some(employee) = wire::id(row, "employeeID")?.filter(|employee| *employee != 0) {
            self.check_reference("employeeID", employee)?;
            line.employee = employee;
        }
        Ok(line)
    }

    /// `itemID`, or `itemCode` that is an id, a UPC or an EAN.
    fn read_item_of_line(&self, row: &Value) -> Result<Id, Refused> {
        if let Some(code) = wire::text(row, "itemCode")?.filter(|code| !code.is_empty()) {
            let by_id = code.parse().ok().filter(|id| self.items.table().get(*id).is_some());
            let has_code =
                |item: &super::super::items::Item| item.record.get("upc") == code || item.record.get("ean") == code;
            let by_code =
                || self.items.table().all().find(|(_, item)| !item.archived() && has_code(item)).map(|(id, _)| id);
            return by_id.or_else(by_code).ok_or_else(|| Refused::rule(format!("There is no item with code {code}.")));
        }
        let id = wire::id(row, "itemID")?.unwrap_or(0);
        self.check_reference("itemID", id)?;
        Ok(id)
    }

    /// Reads `SalePayments` of a call.
    ///
    /// # Errors
    /// 422 for an unknown type or an amount that is none.
    pub(crate) fn read_payments(&self, body: &Value, draft: &Draft) -> Result<Vec<Payment>, Refused> {
        let read = |row: &Value| {
            let amount =
                wire::amount(row, "amount")?.ok_or_else(|| Refused::rule("amount is required in SalePayment."))?;
            Ok(draft.payment(amount, self.read_payment_type(row)?))
        };
        wire::rows(body, "SalePayments", "SalePayment").into_iter().map(read).collect()
    }

    /// The type of a payment.
    ///
    /// # Errors
    /// 422 when it is missing or unknown.
    pub(crate) fn read_payment_type(&self, row: &Value) -> Result<Id, Refused> {
        let kind = wire::id(row, "paymentTypeID")?.unwrap_or(0);
        if self.records.get(&PAYMENT_TYPE, kind).is_none() {
            return Err(Refused::rule(format!("paymentTypeID {kind} does not exist.")));
        }
        Ok(kind)
    }
}
