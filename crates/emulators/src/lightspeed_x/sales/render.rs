//! A sale as the date-version API shows it.
//!
//! Called by `calls`; `hooks` has the old shape.

use super::{Fulfilment, Line, Payment, Sale};
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::iso;
use crate::lightspeed_x::decimal::Decimal;
use serde_json::{Value, json};

impl Sale {
    /// Its attributes: a caller's own, how it leaves, and whether it is a return.
    fn attributes_shown(&self) -> Vec<&str> {
        let fulfilment = self.fulfilment.map(|how| match how {
            Fulfilment::Dispatch => "dispatch",
            Fulfilment::Pickup => "pickup",
        });
        let back = self.return_for.map(|_| "return");
        let own =
            self.attributes.iter().map(String::as_str).filter(|word| !["dispatch", "pickup", "return"].contains(word));
        own.chain(fulfilment).chain(back).collect()
    }
}

impl LightspeedX {
    /// The whole sale.
    pub(crate) fn render_sale(&self, index: usize) -> Value {
        let sale = self.sales.get(index);
        let outlet = self.account.outlet(sale.outlet);
        let id_of = |index: u32| self.sales.get(index as usize).id.to_string();
        let mut shown = json!({
            "id": sale.id.to_string(),
            "state": sale.state.name(),
            "attributes": sale.attributes_shown(),
            "source": {
                "id": sale.source_id,
                "type": sale.source,
                "outlet_id": outlet.id.to_string(),
                "register_id": outlet.register.id.to_string(),
                "author": {"id": self.account.user_id.to_string()},
            },
            "date": iso(sale.date),
            "created_at": iso(sale.created_at),
            "updated_at": iso(sale.updated_at),
            "invoice_number": sale.invoice,
            "receipt_number": sale.invoice,
            "short_code": sale.short_code,
            "note": sale.note,
            "line_items": sale.lines.iter().enumerate().map(|(at, line)| self.render_line(at, line)).collect::<Vec<_>>(),
            "payments": sale.payments.iter().map(|payment| self.render_payment(sale, payment)).collect::<Vec<_>>(),
            "taxes": self.taxes_of(sale).into_iter().map(|(tax, sum)| json!({
                "id": self.account.taxes[tax].id.to_string(),
                "tax": sum.number(),
            })).collect::<Vec<_>>(),
            "totals": {
                "price": sale.price().number(),
                "price_incl_tax": (sale.price() + sale.tax()).number(),
                "tax": sale.tax().number(),
                "loyalty": 0,
                "surcharge": 0,
            },
            "adjustments": [],
            "return": {
                "is_return": sale.return_for.is_some() || sale.lines.iter().any(|line| line.is_return),
                "return_sale_ids": sale.returns.iter().map(|back| id_of(*back)).collect::<Vec<_>>(),
            },
            "ecom_custom_charges": [],
            "external_applications": [],
            "_metadata": {"version": sale.version, "has_unsynced_on_account_payments": false},
        });
        // What is not there is left out: the document has no null in these.
        if let Some(of) = sale.return_for {
            shown["return"]["original_sale_id"] = Value::from(id_of(of));
        }
        if let Some(customer) = sale.customer {
            shown["customer_id"] = self.people.get(customer as usize).id.json();
        }
        shown
    }

    fn render_line(&self, at: usize, line: &Line) -> Value {
        let product = self.goods.get(line.product as usize);
        let tax = self.account.taxes[usize::from(line.tax)].id.to_string();
        json!({
            "id": line.id.to_string(),
            "product": {"id": product.id.to_string()},
            "quantity": line.quantity.number(),
            "pricing": {
                "price": line.price.number(),
                "total": line.total().number(),
                "discount": line.discount.number(),
                "discount_total": line.discount.times(line.quantity).number(),
                "cost": product.supply_price.number(),
                "cost_total": product.supply_price.times(line.quantity).number(),
                "loyalty_amount": 0,
                "loyalty_amount_total": 0,
            },
            "tax": {"id": tax, "amount": line.tax_amount.number(), "total": line.tax_total().number()},
            "status": "CONFIRMED",
            "note": "",
            "promotions": [],
            "return": {"is_return": line.is_return, "reason": ""},
            "surcharges": [],
            "customizations": [],
            "_metadata": {
                "sequence": at,
                "is_price_override": false,
                "tax_components": [{"rate_id": tax, "total_tax": line.tax_total().number()}],
            },
        })
    }

    fn render_payment(&self, sale: &Sale, payment: &Payment) -> Value {
        let kind = &self.account.payment_types[usize::from(payment.kind)];
        let outlet = self.account.outlet(sale.outlet);
        json!({
            "id": payment.id.to_string(),
            "amount": payment.amount.number(),
            "date": iso(payment.date),
            "type": {"config_id": kind.id.to_string(), "id": kind.kind.to_string(), "name": kind.name},
            "source": {
                "id": "",
                "outlet_id": outlet.id.to_string(),
                "register_id": outlet.register.id.to_string(),
            },
            "surcharge": {"amount": 0},
            "external_applications": [],
            "external_attributes": [],
        })
    }

    /// The tax of a sale by the index of the tax, in the order in which they come up.
    pub(crate) fn taxes_of(&self, sale: &Sale) -> Vec<(usize, Decimal)> {
        let mut sums: Vec<(usize, Decimal)> = Vec::new();
        for line in &sale.lines {
            let tax = usize::from(line.tax);
            match sums.iter_mut().find(|(known, _)| *known == tax) {
                Some((_, sum)) => *sum += line.tax_total(),
                None => sums.push((tax, line.tax_total())),
            }
        }
        sums
    }
}
