//! How sales, lines and payments are shown.
//!
//! Called by lists and single reads. Sums are taken from the lines each time, so that they cannot go stale.

use super::super::LightspeedR;
use super::super::amount::Amount;
use super::super::clock;
use super::super::query::Query;
use super::super::records::to_one;
use super::super::table::{Id, Row};
use super::super::wire::{self, Fields};
use super::{Line, LineMoney, Payment, Sale, Taxing};
use serde_json::Value;

/// Text members of a row.
fn put(fields: &mut Fields, members: &[(&str, String)]) {
    for (name, value) in members {
        fields.insert((*name).to_owned(), Value::String(value.clone()));
    }
}

/// What a sale is without its sums.
pub(super) fn fill_sale(sale: &Sale, id: Id, fields: &mut Fields) {
    let stamp = clock::iso(sale.stamp);
    let members = [
        ("saleID", id.to_string()),
        ("timeStamp", stamp.clone()),
        ("discountPercent", "0".into()),
        ("completed", sale.completed.to_string()),
        ("archived", sale.archived.to_string()),
        ("voided", sale.voided.to_string()),
        ("enablePromotions", sale.promotions.to_string()),
        ("createTime", clock::iso(sale.created)),
        ("updateTime", stamp),
        ("referenceNumber", sale.reference.clone()),
        ("referenceNumberSource", sale.reference_source.clone()),
        ("change", "0".into()),
        ("tipEnabled", "false".into()),
        ("receiptPreference", sale.receipt.clone()),
        ("ticketNumber", format!("22{id:010}")),
        ("customerID", sale.customer.to_string()),
        ("discountID", "0".into()),
        ("employeeID", sale.employee.to_string()),
        ("tipEmployeeID", "0".into()),
        ("quoteID", "0".into()),
        ("registerID", sale.register.to_string()),
        ("shipToID", "0".into()),
        ("shopID", sale.shop.to_string()),
        ("taxCategoryID", "1".into()),
    ];
    put(fields, &members);
    if let Some(at) = sale.completed_at {
        put(fields, &[("completeTime", clock::iso(at))]);
    }
}

/// What a line is without its sums.
pub(super) fn fill_line(line: &Line, id: Id, fields: &mut Fields) {
    let members = [
        ("saleLineID", id.to_string()),
        ("createTime", clock::iso(line.created)),
        ("timeStamp", clock::iso(line.stamp)),
        ("unitQuantity", line.quantity.to_string()),
        ("unitPrice", line.price.to_string()),
        ("normalUnitPrice", line.normal_price.to_string()),
        ("discountAmount", line.discount.to_string()),
        ("discountPercent", line.discount_part.to_string()),
        ("avgCost", "0".into()),
        ("fifoCost", "0".into()),
        ("tax", line.tax.to_string()),
        ("isLayaway", line.is_layaway.to_string()),
        ("isWorkorder", "false".into()),
        ("isSpecialOrder", line.is_special_order.to_string()),
        ("displayableUnitPrice", line.price.to_string()),
        ("taxClassID", line.tax_class.to_string()),
        ("customerID", "0".into()),
        ("discountID", "0".into()),
        ("employeeID", line.employee.to_string()),
        ("itemID", line.item.to_string()),
        ("noteID", "0".into()),
        ("parentSaleLineID", line.parent.to_string()),
        ("shopID", line.shop.to_string()),
        ("taxCategoryID", "1".into()),
        ("saleID", line.sale.to_string()),
        ("itemFeeID", "0".into()),
    ];
    put(fields, &members);
}

/// A payment.
pub(super) fn fill_payment(payment: &Payment, id: Id, fields: &mut Fields) {
    let members = [
        ("salePaymentID", id.to_string()),
        ("amount", payment.amount.to_string()),
        ("createTime", clock::iso(payment.created)),
        ("archived", "false".into()),
        ("remoteReference", String::new()),
        ("tipAmount", "0".into()),
        ("paymentID", String::new()),
        ("saleID", payment.sale.to_string()),
        ("paymentTypeID", payment.kind.to_string()),
        ("ccChargeID", "0".into()),
        ("refPaymentID", "0".into()),
        ("registerID", payment.register.to_string()),
        ("employeeID", payment.employee.to_string()),
        ("creditAccountID", "0".into()),
    ];
    put(fields, &members);
}

impl LightspeedR {
    /// A sale with its sums and the relations that were asked for.
    pub(crate) fn show_sale(&self, id: Id, sale: &Sale, query: &Query) -> Fields {
        let mut fields = Fields::new();
        sale.fill(id, &mut fields);
        self.fill_sums(sale, &mut fields);
        if query.loads("SaleLines") {
            let nested = below(query, "SaleLines.");
            let rows = self.sales.lines_of(sale).map(|(id, line)| self.show_line(id, line, &nested));
            wire::relate(&mut fields, "SaleLines", "SaleLine", rows.map(Value::Object).collect());
        }
        if query.loads("SalePayments") {
            let nested = below(query, "SalePayments.");
            let rows = self.sales.payments_of(sale).map(|(id, payment)| self.show_payment(id, payment, &nested));
            wire::relate(&mut fields, "SalePayments", "SalePayment", rows.map(Value::Object).collect());
        }
        if query.loads("Customer")
            && let Some(customer) = self.show_customer(sale.customer, &below(query, "Customer."))
        {
            fields.insert("Customer".into(), Value::Object(customer));
        }
        if query.loads("TaxCategory") {
            self.relate_one(&mut fields, "TaxCategory", 1);
        }
        fields
    }

    fn fill_sums(&self, sale: &Sale, fields: &mut Fields) {
        let (taxing, currency) = (self.taxing(), self.settings.currency.as_str());
        let mut sum = LineMoney::default();
        let (mut taxable, mut untaxed) = (Amount::ZERO, Amount::ZERO);
        for (_, line) in self.sales.lines_of(sale) {
            let money = line.money(taxing);
            sum.subtotal = sum.subtotal + money.subtotal;
            sum.discount = sum.discount + money.discount;
            sum.tax = sum.tax + money.tax;
            sum.total = sum.total + money.total;
            let rest = money.subtotal - money.discount;
            if line.tax && taxing.rate != Amount::ZERO { taxable = taxable + rest } else { untaxed = untaxed + rest }
        }
        let (total, tax, paid) = (sum.total.rounded(currency), sum.tax.rounded(currency), self.sales.paid(sale));
        let subtotal = net(sum.subtotal, sum.tax, taxing).rounded(currency);
        let mut members: Vec<(&str, String)> = vec![
            ("isTaxInclusive", taxing.inclusive.to_string()),
            ("tax1Rate", taxing.rate.to_string()),
            ("displayableSubtotal", sum.subtotal.rounded(currency).to_string()),
            ("calcDiscount", sum.discount.rounded(currency).to_string()),
            ("calcSubtotal", subtotal.to_string()),
            ("calcTaxable", net(taxable, sum.tax, taxing).rounded(currency).to_string()),
            ("calcNonTaxable", untaxed.rounded(currency).to_string()),
            ("calcTax1", tax.to_string()),
            ("taxTotal", tax.to_string()),
            ("calcPayments", paid.to_string()),
            ("balance", (total - paid).to_string()),
        ];
        members.extend(["calcTotal", "total", "totalDue", "displayableTotal"].map(|name| (name, total.to_string())));
        members
            .extend(["tax2Rate", "calcTax2", "calcTips", "calcAvgCost", "calcFIFOCost"].map(|name| (name, "0".into())));
        put(fields, &members);
    }

    /// A line with its sums and the relations that were asked for.
    pub(crate) fn show_line(&self, id: Id, line: &Line, query: &Query) -> Fields {
        let mut fields = Fields::new();
        line.fill(id, &mut fields);
        let taxing = self.taxing();
        let money = line.money(taxing);
        let rate = if line.tax { taxing.rate } else { Amount::ZERO };
        let members = [
            ("tax1Rate", rate.to_string()),
            ("tax2Rate", "0".into()),
            ("displayableSubtotal", (money.subtotal - money.discount).to_string()),
            ("calcLineDiscount", money.discount.to_string()),
            ("calcTransactionDiscount", "0".into()),
            ("calcTotal", money.total.to_string()),
            ("calcSubtotal", net(money.subtotal, money.tax, taxing).to_string()),
            ("calcTax1", money.tax.to_string()),
            ("calcTax2", "0".into()),
        ];
        put(&mut fields, &members);
        if query.loads("Item")
            && let Some(item) = self.show_item(line.item, &Query::default())
        {
            fields.insert("Item".into(), Value::Object(item));
        }
        if query.loads("TaxClass") {
            self.relate_one(&mut fields, "TaxClass", line.tax_class);
        }
        if query.loads("TaxCategory") {
            self.relate_one(&mut fields, "TaxCategory", 1);
        }
        fields
    }

    /// A payment with the relations that were asked for.
    pub(crate) fn show_payment(&self, id: Id, payment: &Payment, query: &Query) -> Fields {
        let mut fields = Fields::new();
        payment.fill(id, &mut fields);
        if query.loads("PaymentType") {
            self.relate_one(&mut fields, "PaymentType", payment.kind);
        }
        fields
    }

    fn relate_one(&self, fields: &mut Fields, name: &str, id: Id) {
        if let Some((resource, _)) = to_one(name)
            && let Some(row) = self.records.show(resource, id)
        {
            fields.insert(name.to_owned(), Value::Object(row));
        }
    }
}

/// What is left of an amount when the tax that it contains is taken out.
fn net(amount: Amount, tax: Amount, taxing: Taxing) -> Amount {
    if taxing.inclusive { amount - tax } else { amount }
}

/// The relations of a related row.
fn below(query: &Query, prefix: &str) -> Query {
    let relations = query.relations.iter().filter_map(|path| path.strip_prefix(prefix)).map(str::to_owned);
    Query { relations: relations.collect(), ..Query::default() }
}
