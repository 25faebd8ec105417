//! Orders and lines as the API writes them.
//!
//! What is not expanded has no key at all. Used by every file that answers with an order.

use super::super::Clover;
use super::super::filter::Field;
use super::super::id::Id;
use super::super::query::Expand;
use super::super::staff::{device, employee};
use super::super::wire::{by_id, elements};
use super::{Discount, Line, Order};
use serde_json::{Value, json};

/// The fields by which orders can be filtered and ordered.
pub const FIELDS: [&str; 16] = [
    "modifiedTime",
    "createdTime",
    "clientCreatedTime",
    "deletedTime",
    "employee.id",
    "note",
    "orderType",
    "manualTransaction",
    "title",
    "device.id",
    "externalReferenceId",
    "total",
    "payType",
    "testMode",
    "id",
    "state",
];
/// A filter on one of these is answered from the last ninety days only.
pub const RECENT_ONLY: [&str; 10] = [
    "deletedTime",
    "externalReferenceId",
    "createdTime",
    "total",
    "payType",
    "title",
    "note",
    "state",
    "manualTransaction",
    "testMode",
];

impl Clover {
    /// One order.
    pub(in super::super) fn render_order(&self, order: &Order, expand: &Expand) -> Value {
        let mut shown = json!({
            "id": order.id.as_str(), "currency": self.settings.currency, "total": order.total,
            "paymentState": self.payment_state(order), "title": order.title, "note": order.note,
            "taxRemoved": order.tax_removed, "isVat": self.settings.tax_inclusive, "state": order.state,
            "manualTransaction": order.manual, "groupLineItems": order.group_lines, "testMode": order.test_mode,
            "createdTime": order.created, "clientCreatedTime": order.client_created, "modifiedTime": order.modified,
            "employee": employee(), "device": device(),
        });
        if !order.reference.is_empty() {
            shown["externalReferenceId"] = json!(order.reference);
        }
        if !order.payments.is_empty() {
            shown["payType"] = json!("FULL");
        }
        if let Some(order_type) = &order.order_type {
            shown["orderType"] = by_id(order_type);
        }
        if let Some(at) = order.deleted {
            shown["deletedTimestamp"] = json!(at);
        }
        self.render_order_parts(order, expand, &mut shown);
        shown
    }

    fn render_order_parts(&self, order: &Order, expand: &Expand, shown: &mut Value) {
        if expand.has("lineItems") {
            shown["lineItems"] = elements(order.lines.iter().map(|line| self.render_line(order, line)).collect());
        }
        if expand.has("customers") {
            let customers = order.customer.iter().map(|index| self.render_customer_of(*index));
            shown["customers"] = elements(customers.collect());
        }
        if expand.has("discounts") {
            let discounts = order.discounts.iter().map(|discount| discount.render(order.id));
            shown["discounts"] = elements(discounts.collect());
        }
        self.render_order_money(order, expand, shown);
    }

    fn render_order_money(&self, order: &Order, expand: &Expand, shown: &mut Value) {
        let inside = expand.below(&["payments", "payment"]);
        let payments = |voided: bool| {
            let all = order.payments.iter().map(|index| self.payments.payment(*index));
            elements(all.filter(|one| one.voided() == voided).map(|one| self.render_payment(one, &inside)).collect())
        };
        // `payment.tender` is one of the vendor's expansions of an order, and implies the payments.
        if expand.has("payments") || expand.has("payment") {
            shown["payments"] = payments(false);
        }
        if expand.has("voids") {
            shown["voids"] = payments(true);
        }
        if expand.has("refunds") {
            let all = order.refunds.iter().map(|index| self.render_refund(self.payments.refund(*index)));
            shown["refunds"] = elements(all.collect());
        }
        if expand.has("credits") {
            let all = order.credits.iter().map(|index| self.render_credit(self.payments.credit(*index)));
            shown["credits"] = elements(all.collect());
        }
    }

    /// One line; `itemCode` is the item's product code, or its SKU when it has none.
    pub(super) fn render_line(&self, order: &Order, line: &Line) -> Value {
        let mut shown = json!({
            "id": line.id.as_str(), "orderRef": by_id(order.id), "name": &*line.name, "alternateName": "",
            "price": line.price, "unitQty": line.unit_qty, "printed": false, "exchanged": line.exchanged,
            "refunded": line.refunded, "isRevenue": true, "createdTime": line.created,
            "orderClientCreatedTime": order.client_created,
        });
        if let Some(item) = line.item.map(|item| self.catalog.item(item)) {
            shown["item"] = by_id(item.id);
            shown["itemCode"] = json!(if item.code.is_empty() { &item.sku } else { &item.code });
        }
        if line.unit_qty.is_some() {
            let unit = line.item.map_or("", |item| self.catalog.item(item).unit_name.as_str());
            shown["unitName"] = json!(unit);
        }
        if !line.note.is_empty() {
            shown["note"] = json!(line.note);
        }
        shown
    }
}

impl Discount {
    /// `{id, orderRef, name, amount, percentage}`.
    pub(super) fn render(&self, order: Id) -> Value {
        json!({
            "id": self.id.as_str(), "orderRef": by_id(order), "name": self.name, "amount": self.amount,
            "percentage": self.percentage,
        })
    }
}

/// The value of one of [`FIELDS`].
pub fn field(order: &Order, name: &str) -> Field {
    match name {
        "modifiedTime" => Field::Whole(order.modified),
        "createdTime" => Field::Whole(order.created),
        "clientCreatedTime" => Field::Whole(order.client_created),
        "deletedTime" => order.deleted.map_or(Field::None, Field::Whole),
        "employee.id" => Field::Text(employee()["id"].as_str().unwrap_or_default().to_owned()),
        "note" => Field::Text(order.note.clone()),
        "orderType" => order.order_type.clone().map_or(Field::None, Field::Text),
        "manualTransaction" => Field::Flag(order.manual),
        "title" => Field::Text(order.title.clone()),
        "device.id" => Field::Text(super::super::staff::DEVICE.to_owned()),
        "externalReferenceId" => Field::Text(order.reference.clone()),
        "total" => Field::Whole(order.total),
        "payType" => {
            if order.payments.is_empty() {
                Field::None
            } else {
                Field::Text("FULL".into())
            }
        }
        "testMode" => Field::Flag(order.test_mode),
        "id" => Field::Text(order.id.to_string()),
        "state" => order.state.clone().map_or(Field::None, Field::Text),
        _ => Field::None,
    }
}
