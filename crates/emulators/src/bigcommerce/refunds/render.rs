//! How refunds and money rows look in v3: money as numbers.
//!
//! Called by the refund endpoints.

use super::super::Store;
use super::super::clock::iso;
use super::{Event, Item, Kind, Quote, Refund, Transaction};
use serde_json::{Value, json};

impl Store {
    /// Where the money of an order came from: the shop's gateway, or outside for orders that an app made.
    pub(super) fn provider(&self, order: usize) -> (&'static str, bool) {
        if self.refunds.transactions(order).is_empty() { ("custom", true) } else { ("testgateway", false) }
    }

    /// A quote, with the one way in which the money can go back.
    pub(super) fn render_quote(&self, order: usize, quote: &Quote) -> Value {
        let (provider, offline) = self.provider(order);
        let reason = if offline { "The order was paid outside of the store." } else { "" };
        json!({
            "order_id": self.orders.get(order).id,
            "total_refund_amount": quote.total.number(),
            "total_refund_tax_amount": quote.tax.number(),
            "rounding": 0,
            "adjustment": 0,
            "tax_inclusive": self.settings.tax_inclusive,
            "order_level_refund_amount": order_level(quote),
            "refund_methods": [[{
                "provider_id": provider, "provider_description": provider, "amount": quote.total.number(),
                "offline": offline, "offline_provider": offline, "offline_reason": reason,
            }]],
        })
    }

    /// A refund.
    pub(super) fn render_refund(&self, refund: &Refund) -> Value {
        let items: Vec<Value> = refund.items.iter().map(render_item).collect();
        json!({
            "id": refund.id,
            "order_id": self.orders.get(refund.order).id,
            "user_id": 0,
            "created": iso(refund.at),
            "reason": refund.items.first().map_or("", |item| item.reason.as_str()),
            "total_amount": refund.total.number(),
            "total_tax": refund.tax.number(),
            "uses_merchant_override_values": refund.merchant_override,
            "items": items,
            "payments": [{
                "id": refund.id, "provider_id": refund.provider, "amount": refund.total.number(),
                "offline": refund.offline, "is_declined": false, "declined_message": "",
            }],
        })
    }

    /// A money row.
    pub(super) fn render_transaction(&self, order: usize, row: &Transaction) -> Value {
        let event = match row.event {
            Event::Purchase => "purchase",
            Event::Refund => "refund",
        };
        let mut shown = json!({
            "id": row.id, "order_id": self.orders.get(order).id.to_string(), "event": event, "method": "credit_card",
            "amount": row.amount.number(), "currency": self.settings.currency, "gateway": "testgateway",
            "gateway_transaction_id": row.gateway_id, "date_created": iso(row.at), "test": true, "status": "ok",
            "fraud_review": false, "payment_method_id": "testgateway.card",
        });
        if let Some(of) = row.of {
            shown["reference_transaction_id"] = json!(of);
        }
        shown
    }
}

fn render_item(item: &Item) -> Value {
    let mut shown = json!({
        "item_type": item.kind.word(), "item_id": item.id, "reason": item.reason,
        "requested_amount": item.amount.number(),
    });
    if item.kind == Kind::Product {
        shown["quantity"] = json!(item.quantity);
    }
    shown
}

fn order_level(quote: &Quote) -> Value {
    let order = quote.items.iter().filter(|item| item.kind == Kind::Amount("ORDER"));
    order.map(|item| item.amount).sum::<super::super::amount::Amount>().number()
}
