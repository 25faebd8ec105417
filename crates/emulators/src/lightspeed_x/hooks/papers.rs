//! The old shapes of sales, customers and consignments.
//!
//! Made for `sale.update`, `customer.update`, `consignment.send` and `consignment.receive`. Money is text in some
//! places and a number in others, times have no zone, and a time that is not there is an empty text.

use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::{old, old_or_empty};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::sales::{Fulfilment, Line, Payment, Sale, State};
use serde::Serialize;
use serde_json::{Value, json};

/// A sale.
#[derive(Debug, Serialize)]
pub struct OldSale<'a> {
    id: Id,
    retailer_id: Id,
    register_id: Id,
    user_id: Id,
    customer_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<Value>,
    invoice_number: &'a str,
    short_code: &'a str,
    status: &'static str,
    note: &'a str,
    source: &'a str,
    source_id: &'a str,
    return_for: String,
    sale_date: String,
    created_at: String,
    updated_at: String,
    deleted_at: &'static str,
    version: u64,
    register_sale_products: Vec<OldLine>,
    register_sale_payments: Vec<Value>,
    taxes: Vec<Value>,
    totals: OldTotals,
}

/// The quantity is a number, money is text.
#[derive(Debug, Serialize)]
struct OldLine {
    id: Id,
    product_id: Id,
    quantity: Value,
    price: String,
    price_set: bool,
    discount: String,
    loyalty_value: &'static str,
    price_total: String,
    tax: String,
    tax_id: Id,
    tax_total: String,
}

#[derive(Debug, Serialize)]
struct OldTotals {
    total_price: String,
    total_tax: String,
    total_payment: String,
    total_to_pay: String,
    total_loyalty: &'static str,
}

impl Sale {
    /// The status of API 1.0.
    fn old_status(&self) -> &'static str {
        let has = |word: &str| self.attributes.iter().any(|own| own == word);
        let (layby, onaccount) = (has("layby"), has("onaccount"));
        match (self.state, self.fulfilment) {
            (State::Voided, _) => "VOIDED",
            (State::Parked, _) => "SAVED",
            (State::Pending, Some(Fulfilment::Dispatch)) => "AWAITING_DISPATCH",
            (State::Pending, Some(Fulfilment::Pickup)) => "AWAITING_PICKUP",
            (State::Pending, None) if layby => "LAYBY",
            (State::Pending, None) => "ONACCOUNT",
            (State::Closed, Some(Fulfilment::Dispatch)) => "DISPATCHED_CLOSED",
            (State::Closed, Some(Fulfilment::Pickup)) => "PICKED_UP_CLOSED",
            (State::Closed, None) if layby => "LAYBY_CLOSED",
            (State::Closed, None) if onaccount => "ONACCOUNT_CLOSED",
            (State::Closed, None) => "CLOSED",
        }
    }
}

impl LightspeedX {
    /// The body of `sale.update`.
    pub(crate) fn old_sale(&self, index: usize) -> OldSale<'_> {
        let sale = self.sales.get(index);
        let outlet = self.account.outlet(sale.outlet);
        let customer = sale.customer.map(|index| index as usize);
        let return_for = sale.return_for.map(|of| self.sales.get(of as usize).id.to_string());
        let due = sale.price() + sale.tax() - sale.paid();
        OldSale {
            id: sale.id,
            retailer_id: self.account.retailer_id,
            register_id: outlet.register.id,
            user_id: self.account.user_id,
            customer_id: customer.map(|index| self.people.get(index).id.to_string()).unwrap_or_default(),
            customer: customer.map(|index| self.old_customer(index)),
            invoice_number: &sale.invoice,
            short_code: &sale.short_code,
            status: sale.old_status(),
            note: &sale.note,
            source: &sale.source,
            source_id: &sale.source_id,
            return_for: return_for.unwrap_or_default(),
            sale_date: old(sale.date),
            created_at: old(sale.created_at),
            updated_at: old(sale.updated_at),
            deleted_at: "",
            version: sale.version,
            register_sale_products: self.old_lines(sale),
            register_sale_payments: self.old_payments(sale),
            taxes: self.old_taxes(sale),
            totals: OldTotals {
                total_price: sale.price().money(),
                total_tax: sale.tax().money(),
                total_payment: sale.paid().money(),
                total_to_pay: due.money(),
                total_loyalty: "0.00",
            },
        }
    }

    fn old_lines(&self, sale: &Sale) -> Vec<OldLine> {
        let line = |line: &Line| OldLine {
            id: line.id,
            product_id: self.goods.get(line.product as usize).id,
            quantity: line.quantity.number(),
            price: line.price.money(),
            price_set: false,
            discount: line.discount.money(),
            loyalty_value: "0.00",
            price_total: line.total().money(),
            tax: line.tax_amount.money(),
            tax_id: self.account.taxes[usize::from(line.tax)].id,
            tax_total: line.tax_total().money(),
        };
        sale.lines.iter().map(line).collect()
    }

    fn old_payments(&self, sale: &Sale) -> Vec<Value> {
        let payment = |payment: &Payment| {
            let kind = &self.account.payment_types[usize::from(payment.kind)];
            json!({
                "id": payment.id.to_string(),
                "payment_date": old(payment.date),
                "amount": payment.amount.money(),
                "payment_type_id": kind.kind,
                "payment_type": {"id": kind.kind, "name": kind.name, "has_native_support": false},
                "retailer_payment_type_id": kind.id.to_string(),
                "retailer_payment_type": {"id": kind.id.to_string(), "name": kind.name, "payment_type_id": kind.kind},
            })
        };
        sale.payments.iter().map(payment).collect()
    }

    fn old_taxes(&self, sale: &Sale) -> Vec<Value> {
        let tax = |(index, sum): (usize, Decimal)| {
            let tax = &self.account.taxes[index];
            let rate = Decimal::raw(tax.rate).to_string();
            json!({"id": tax.id.to_string(), "name": tax.name, "rate": rate, "tax": sum.money()})
        };
        self.taxes_of(sale).into_iter().map(tax).collect()
    }

    /// The body of `customer.update`, and the customer inside a sale.
    pub(crate) fn old_customer(&self, index: usize) -> Value {
        let customer = self.people.get(index);
        let mut shown = json!({
            "id": customer.id.to_string(),
            "retailer_id": self.account.retailer_id.to_string(),
            "balance": "0.00",
            "loyalty_balance": "0.00",
            "year_to_date": customer.year_to_date.money(),
            "created_at": old(customer.created_at),
            "updated_at": old(customer.updated_at),
            "deleted_at": old_or_empty(customer.deleted_at),
            "version": customer.version,
        });
        let texts = [
            "customer_code",
            "customer_group_id",
            "first_name",
            "last_name",
            "company_name",
            "email",
            "phone",
            "mobile",
            "physical_address_1",
            "physical_address_2",
            "physical_suburb",
            "physical_city",
            "physical_postcode",
            "physical_state",
            "physical_country_id",
            "postal_address_1",
            "postal_address_2",
            "postal_suburb",
            "postal_city",
            "postal_postcode",
            "postal_state",
            "postal_country_id",
            "note",
        ];
        for name in texts {
            shown[name] = Value::from(customer.text(name));
        }
        shown
    }

    /// The body of `consignment.send` and `consignment.receive`; the goods are not in it.
    pub(crate) fn old_consignment(&self, index: usize) -> Value {
        let one = self.consignments.get(index);
        let outlet = |index: usize| self.account.outlet(index).id.to_string();
        json!({
            "id": one.id.to_string(),
            "retailer_id": self.account.retailer_id.to_string(),
            "name": one.name,
            "type": one.kind.name(),
            "status": one.status.name(),
            "outlet_id": outlet(one.outlet),
            "source_outlet_id": one.source.map(outlet).unwrap_or_default(),
            "supplier_id": one.supplier.map(|id| id.to_string()).unwrap_or_default(),
            "consignment_date": old(one.date),
            "due_at": old_or_empty(one.due_at),
            "received_at": old_or_empty(one.received_at),
            "version": one.version(),
        })
    }
}
