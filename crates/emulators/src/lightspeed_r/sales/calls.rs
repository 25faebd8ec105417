//! `Sale`: list, read, create, change, archive; `SaleLine` and `SalePayment` to be read.
//!
//! Sent here by the routes.

use super::super::LightspeedR;
use super::super::query::Query;
use super::super::query::page::List;
use super::super::records::missing;
use super::super::resources::{SALE, SALE_LINE, SALE_PAYMENT};
use super::super::table::Id;
use super::super::wire::{self, Answer, Refused};
use super::Draft;
use crate::machine::Millis;
use serde_json::Value;

impl LightspeedR {
    /// `GET /Sale.json`
    pub(crate) fn list_sales(&self, query: &Query, address: &str) -> Answer {
        let of = |reference: &String| self.sales.of_reference(reference);
        let among = query.exact("referenceNumber").filter(|references| references.iter().all(|one| !one.is_empty()));
        let among = among.map(|references| references.iter().flat_map(of).collect());
        let list = List { resource: &SALE, table: &self.sales.sales, query, address, among };
        list.answer(&|id, sale| self.show_sale(id, sale, query))
    }

    /// `GET /Sale/{id}.json`
    pub(crate) fn read_sale(&self, id: Id, query: &Query) -> Answer {
        let sale = self.sales.sales.get(id).ok_or_else(|| missing(&SALE, id))?;
        Ok(wire::single("Sale", self.show_sale(id, sale, query)))
    }

    /// `GET /SaleLine.json`, or of one sale.
    pub(crate) fn list_lines(&self, query: &Query, address: &str, sale: Option<Id>) -> Answer {
        let of = |sale: Id| self.sales.sales.get(sale).map(|sale| sale.lines.clone()).unwrap_or_default();
        let asked = query.exact("saleID").map(|sales| sales.iter().filter_map(|sale| sale.parse().ok()).collect());
        let sales: Option<Vec<Id>> = sale.map(|sale| vec![sale]).or(asked);
        let among = sales.map(|sales| sales.into_iter().flat_map(of).collect());
        let list = List { resource: &SALE_LINE, table: &self.sales.lines, query, address, among };
        list.answer(&|id, line| self.show_line(id, line, query))
    }

    /// `GET /SaleLine/{id}.json`
    pub(crate) fn read_line_call(&self, id: Id, query: &Query) -> Answer {
        let line = self.sales.lines.get(id).ok_or_else(|| missing(&SALE_LINE, id))?;
        Ok(wire::single("SaleLine", self.show_line(id, line, query)))
    }

    /// `GET /SalePayment.json`
    pub(crate) fn list_payments(&self, query: &Query, address: &str) -> Answer {
        let of = |sale: &String| self.sales.sales.get(sale.parse().unwrap_or(0)).map(|sale| sale.payments.clone());
        let among = query.exact("saleID").map(|sales| sales.iter().filter_map(of).flatten().collect());
        let list = List { resource: &SALE_PAYMENT, table: &self.sales.payments, query, address, among };
        list.answer(&|id, payment| self.show_payment(id, payment, query))
    }

    /// `GET /SalePayment/{id}.json`
    pub(crate) fn read_payment(&self, id: Id, query: &Query) -> Answer {
        let payment = self.sales.payments.get(id).ok_or_else(|| missing(&SALE_PAYMENT, id))?;
        Ok(wire::single("SalePayment", self.show_payment(id, payment, query)))
    }

    /// `POST /Sale.json`
    pub(crate) fn create_sale(&mut self, body: &Value, now: Millis) -> Answer {
        let mut draft = self.read_head(body, now)?;
        draft.lines = self.read_lines(body, &draft)?;
        draft.payments = self.read_payments(body, &draft)?;
        let completes = wire::flag(body, "completed")?.unwrap_or(false);
        let at = read_complete_time(body, now)?;
        self.judge_draft(&draft, completes)?;
        let id = self.sales.keep(draft);
        if completes {
            self.complete_sale(id, at, now);
        }
        self.read_sale(id, &written())
    }

    /// The members of a sale that are neither lines nor payments.
    ///
    /// # Errors
    /// 422 without employee, register or shop, or when one does not exist.
    pub(crate) fn read_head(&self, body: &Value, now: Millis) -> Result<Draft, Refused> {
        let required = |name: &str| {
            let id = wire::id(body, name)?.filter(|id| *id != 0);
            let id = id.ok_or_else(|| Refused::rule(format!("{name} is required.")))?;
            self.check_reference(name, id)?;
            Ok(id)
        };
        let (employee, register, shop) = (required("employeeID")?, required("registerID")?, required("shopID")?);
        if wire::flag(body, "voided")? == Some(true) {
            return Err(Refused::rule("Sales are voided in the user interface only."));
        }
        let mut draft = Draft::new(shop, register, employee, now);
        draft.sale.customer = wire::id(body, "customerID")?.unwrap_or(0);
        self.check_reference("customerID", draft.sale.customer)?;
        draft.sale.reference = wire::text(body, "referenceNumber")?.unwrap_or_default();
        draft.sale.reference_source = wire::text(body, "referenceNumberSource")?.unwrap_or_default();
        draft.sale.promotions = wire::flag(body, "enablePromotions")?.unwrap_or(true);
        draft.sale.receipt = wire::text(body, "receiptPreference")?.unwrap_or(draft.sale.receipt);
        Ok(draft)
    }

    /// `PUT /Sale/{id}.json`: an open sale gets lines and payments and may be finished; a finished one keeps both.
    pub(crate) fn update_sale(&mut self, id: Id, body: &Value, now: Millis) -> Answer {
        let kept = self.sales.sales.get(id).ok_or_else(|| missing(&SALE, id))?;
        let mut draft = Draft { sale: kept.clone(), lines: Vec::new(), payments: Vec::new() };
        // New lines and payments are as old as this call, not as the sale.
        (draft.sale.created, draft.sale.stamp) = (now, now);
        let (lines, payments) = (self.read_lines(body, &draft)?, self.read_payments(body, &draft)?);
        if kept.completed && (!lines.is_empty() || !payments.is_empty()) {
            return Err(Refused::rule("A completed sale cannot be changed."));
        }
        let completed = wire::flag(body, "completed")?;
        if kept.completed && completed == Some(false) {
            return Err(Refused::rule("A completed sale cannot be opened again."));
        }
        if wire::flag(body, "voided")? == Some(true) {
            return Err(Refused::rule("Sales are voided in the user interface only."));
        }
        let completes = completed == Some(true) && !kept.completed;
        let at = read_complete_time(body, now)?;
        let head = self.read_changes(body)?;
        let mut whole = draft.clone();
        whole.lines = self.sales.lines_of(kept).map(|(_, line)| line.clone()).chain(lines.clone()).collect();
        whole.payments =
            self.sales.payments_of(kept).map(|(_, payment)| payment.clone()).chain(payments.clone()).collect();
        // The lines of a finished sale have been judged, and count as returned by now.
        if !kept.completed {
            self.judge_draft(&whole, completes)?;
        }
        self.extend_sale(id, lines, payments);
        self.change_head(id, head, now);
        if completes {
            self.complete_sale(id, at, now);
        } else if body["completeTime"].as_str().is_some_and(|time| !time.is_empty()) {
            self.sales.sales.change(id, |sale| sale.completed_at = sale.completed_at.map(|_| at));
        }
        self.read_sale(id, &written())
    }

    fn extend_sale(&mut self, id: Id, lines: Vec<super::Line>, payments: Vec<super::Payment>) {
        let lines: Vec<Id> =
            lines.into_iter().map(|line| self.sales.lines.add(super::Line { sale: id, ..line })).collect();
        let payments: Vec<Id> = payments
            .into_iter()
            .map(|payment| self.sales.payments.add(super::Payment { sale: id, ..payment }))
            .collect();
        self.sales.sales.change(id, |sale| {
            sale.lines.extend(lines);
            sale.payments.extend(payments);
        });
    }

    fn read_changes(&self, body: &Value) -> Result<Head, Refused> {
        let head = Head {
            customer: wire::id(body, "customerID")?,
            employee: wire::id(body, "employeeID")?.filter(|employee| *employee != 0),
            reference: wire::text(body, "referenceNumber")?,
            source: wire::text(body, "referenceNumberSource")?,
        };
        self.check_reference("customerID", head.customer.unwrap_or(0))?;
        self.check_reference("employeeID", head.employee.unwrap_or(0))?;
        Ok(head)
    }

    fn change_head(&mut self, id: Id, head: Head, now: Millis) {
        if let Some(reference) = head.reference {
            self.sales.refer(id, reference);
        }
        self.sales.sales.change(id, |sale| {
            sale.customer = head.customer.unwrap_or(sale.customer);
            sale.employee = head.employee.unwrap_or(sale.employee);
            if let Some(source) = head.source {
                sale.reference_source = source;
            }
            sale.stamp = now;
        });
    }

    /// `DELETE /Sale/{id}.json`: gives an open sale up.
    pub(crate) fn archive_sale(&mut self, id: Id, now: Millis) -> Answer {
        let sale = self.sales.sales.get(id).ok_or_else(|| missing(&SALE, id))?;
        if sale.completed {
            return Err(Refused::rule("You can't archive a completed sale."));
        }
        for line in sale.lines.clone() {
            self.lay_away(line, false, now);
        }
        self.sales.sales.change(id, |sale| {
            sale.archived = true;
            sale.stamp = now;
        });
        self.read_sale(id, &Query::default())
    }
}

/// Changes of a sale that are neither lines nor payments.
struct Head {
    customer: Option<Id>,
    employee: Option<Id>,
    reference: Option<String>,
    source: Option<String>,
}

/// What a sale is answered with after it was written.
pub fn written() -> Query {
    Query { relations: vec!["SaleLines".into(), "SalePayments".into()], ..Query::default() }
}

/// `completeTime`, which may lie in the past and not in the future; now when it is not given.
fn read_complete_time(body: &Value, now: Millis) -> Result<Millis, Refused> {
    let at = match wire::text(body, "completeTime")?.as_deref() {
        None | Some("") => return Ok(now),
        Some(_) => wire::time(body, "completeTime")?.unwrap_or(now),
    };
    if at > now {
        return Err(Refused::rule("completeTime cannot be in the future."));
    }
    Ok(at)
}
