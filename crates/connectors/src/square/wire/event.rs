//! Webhook events: the envelope and the parts of each topic's object that we use.
//!
//! <https://developer.squareup.com/docs/webhooks/v2webhook-events-tech-ref>

use serde::Deserialize;

use super::Customer;

/// What every event has. `data.object` is absent for some topics and for deleted objects.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    /// The seller.
    pub(crate) merchant_id: String,
    /// The topic, for example `order.updated`.
    #[serde(rename = "type")]
    pub(crate) topic: String,
    /// The same on each retry.
    pub(crate) event_id: String,
    /// What it is about.
    pub(crate) data: Option<EventData>,
}

/// `data` of an event.
#[derive(Debug, Deserialize)]
pub(crate) struct EventData {
    /// One field of it is filled, by topic.
    pub(crate) object: Option<EventObject>,
}

/// `data.object`: Square names the field after the object.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct EventObject {
    /// `order.created`.
    pub(crate) order_created: Option<OrderNews>,
    /// `order.updated`.
    pub(crate) order_updated: Option<OrderNews>,
    /// `order.fulfillment.updated`.
    pub(crate) order_fulfillment_updated: Option<OrderNews>,
    /// `payment.*`.
    pub(crate) payment: Option<PaymentNews>,
    /// `refund.*`.
    pub(crate) refund: Option<RefundNews>,
    /// `inventory.count.updated`.
    pub(crate) inventory_counts: Option<Vec<EventCount>>,
    /// `customer.*`.
    pub(crate) customer: Option<Customer>,
}

/// The thin news of an order: it has to be read back.
#[derive(Debug, Deserialize)]
pub(crate) struct OrderNews {
    /// Which.
    pub(crate) order_id: String,
    /// OPEN, COMPLETED, CANCELED, DRAFT.
    pub(crate) state: Option<String>,
}

/// The few fields of a payment that matter: money itself is not ours to keep.
#[derive(Debug, Deserialize)]
pub(crate) struct PaymentNews {
    /// APPROVED, PENDING, COMPLETED, CANCELED, FAILED.
    pub(crate) status: String,
    /// Absent for a payment without an order.
    pub(crate) order_id: Option<String>,
    /// Who paid, when known.
    pub(crate) customer_id: Option<String>,
}

/// The few fields of a refund that matter.
#[derive(Debug, Deserialize)]
pub(crate) struct RefundNews {
    /// PENDING, COMPLETED, REJECTED, FAILED.
    pub(crate) status: String,
    /// The order that was made for the return, not the sale.
    pub(crate) order_id: Option<String>,
}

/// A count as told by an event.
#[derive(Debug, Deserialize)]
pub(crate) struct EventCount {
    /// Which variation.
    pub(crate) catalog_object_id: String,
    /// ITEM_VARIATION, or ITEM from the restaurant app.
    pub(crate) catalog_object_type: Option<String>,
    /// IN_STOCK and others.
    pub(crate) state: String,
    /// Where.
    pub(crate) location_id: String,
    /// Decimal text.
    pub(crate) quantity: String,
    /// True when computed from the parts of a composed variation.
    #[serde(default)]
    pub(crate) is_estimated: Option<bool>,
}
