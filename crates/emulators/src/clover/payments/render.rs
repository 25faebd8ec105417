//! Payments, refunds and credits as the API writes them.
//!
//! Used by `calls` and by orders that are expanded.

use super::super::Clover;
use super::super::filter::Field;
use super::super::query::Expand;
use super::super::staff::{DEVICE, device, employee};
use super::super::wire::{by_id, elements};
use super::{Credit, Payment, Refund};
use serde_json::{Value, json};

/// The fields by which payments can be filtered and ordered.
pub const PAYMENT_FIELDS: [&str; 14] = [
    "modifiedTime",
    "createdTime",
    "clientCreatedTime",
    "device.id",
    "externalReferenceId",
    "result",
    "offline",
    "externalPaymentId",
    "voided",
    "id",
    "tender.id",
    "employee.id",
    "order.modifiedTime",
    "amount",
];
/// The fields by which refunds and credits can be filtered and ordered.
pub const BACK_FIELDS: [&str; 7] =
    ["createdTime", "clientCreatedTime", "modifiedTime", "id", "amount", "employee.id", "payment.id"];

impl Clover {
    /// One payment; its refunds only when expanded.
    pub(in super::super) fn render_payment(&self, payment: &Payment, expand: &Expand) -> Value {
        let tender = if expand.has("tender") {
            self.staff.render_tender(payment.tender)
        } else {
            self.staff.tender_in_short(payment.tender)
        };
        let mut shown = json!({
            "id": payment.id.as_str(), "order": by_id(self.orders.get(payment.order).id), "tender": tender,
            "amount": payment.amount, "tipAmount": payment.tip, "taxAmount": payment.tax, "cashbackAmount": 0,
            "result": if payment.voided() { "VOIDED" } else { "SUCCESS" }, "offline": payment.offline,
            "createdTime": payment.created, "clientCreatedTime": payment.client_created,
            "modifiedTime": payment.modified, "employee": employee(), "device": device(),
        });
        if let Some(reason) = payment.void_reason {
            shown["voidReason"] = json!(reason);
        }
        if !payment.external_id.is_empty() {
            shown["externalPaymentId"] = json!(payment.external_id);
        }
        if expand.has("refunds") {
            let all = payment.refunds.iter().map(|index| self.render_refund(self.payments.refund(*index)));
            shown["refunds"] = elements(all.collect());
        }
        shown
    }

    /// One refund, with the lines that came back.
    pub(in super::super) fn render_refund(&self, refund: &Refund) -> Value {
        let mut shown = json!({
            "id": refund.id.as_str(), "orderRef": by_id(self.orders.get(refund.order).id), "amount": refund.amount,
            "taxAmount": refund.tax, "tipAmount": 0, "createdTime": refund.created,
            "clientCreatedTime": refund.created, "employee": employee(), "device": device(), "voided": false,
            "lineItems": elements(refund.lines.iter().map(by_id).collect()),
        });
        if let Some(payment) = refund.payment {
            shown["payment"] = by_id(self.payments.payment(payment).id);
        }
        shown
    }

    /// One credit. The vendor gives it no lines.
    pub(in super::super) fn render_credit(&self, credit: &Credit) -> Value {
        json!({
            "id": credit.id.as_str(), "orderRef": by_id(self.orders.get(credit.order).id),
            "tender": self.staff.tender_in_short(super::super::staff::CASH), "amount": credit.amount,
            "taxAmount": credit.tax, "createdTime": credit.created, "clientCreatedTime": credit.created,
            "employee": employee(), "device": device(), "voided": false,
        })
    }

    /// The value of one of [`PAYMENT_FIELDS`].
    pub(super) fn payment_field(&self, payment: &Payment, name: &str) -> Field {
        let order = self.orders.get(payment.order);
        match name {
            "modifiedTime" => Field::Whole(payment.modified),
            "createdTime" => Field::Whole(payment.created),
            "clientCreatedTime" => Field::Whole(payment.client_created),
            "device.id" => Field::Text(DEVICE.into()),
            "externalReferenceId" => Field::Text(order.reference.clone()),
            "result" => Field::Text(if payment.voided() { "VOIDED" } else { "SUCCESS" }.into()),
            "offline" => Field::Flag(payment.offline),
            "externalPaymentId" => Field::Text(payment.external_id.clone()),
            "voided" => Field::Flag(payment.voided()),
            "id" => Field::Text(payment.id.to_string()),
            "tender.id" => text_of(&self.staff.tender_in_short(payment.tender)["id"]),
            "employee.id" => text_of(&employee()["id"]),
            "order.modifiedTime" => Field::Whole(order.modified),
            "amount" => Field::Whole(payment.amount),
            _ => Field::None,
        }
    }

    /// The value of one of [`BACK_FIELDS`] of a refund.
    pub(super) fn refund_field(&self, refund: &Refund, name: &str) -> Field {
        match name {
            "createdTime" | "clientCreatedTime" | "modifiedTime" => Field::Whole(refund.created),
            "id" => Field::Text(refund.id.to_string()),
            "amount" => Field::Whole(refund.amount),
            "employee.id" => text_of(&employee()["id"]),
            "payment.id" => {
                refund.payment.map_or(Field::None, |index| Field::Text(self.payments.payment(index).id.to_string()))
            }
            _ => Field::None,
        }
    }
}

/// The value of one of [`BACK_FIELDS`] of a credit.
pub fn credit_field(credit: &Credit, name: &str) -> Field {
    match name {
        "createdTime" | "clientCreatedTime" | "modifiedTime" => Field::Whole(credit.created),
        "id" => Field::Text(credit.id.to_string()),
        "amount" => Field::Whole(credit.amount),
        "employee.id" => text_of(&employee()["id"]),
        _ => Field::None,
    }
}

fn text_of(value: &Value) -> Field {
    value.as_str().map_or(Field::None, |text| Field::Text(text.to_owned()))
}
