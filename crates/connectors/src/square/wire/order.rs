//! Orders: <https://developer.squareup.com/reference/square/objects/Order>.

use serde::Deserialize;

use super::{Address, Money};

/// Reply of `orders/search` and `orders/batch-retrieve`.
#[derive(Debug, Deserialize)]
pub(crate) struct OrdersPage {
    /// Whole orders, each read by itself (`parse_at`), so that a bad one does not spoil the page.
    #[serde(default)]
    pub(crate) orders: Vec<serde_json::Value>,
    /// Absent at the end.
    pub(crate) cursor: Option<String>,
}

/// Reply of `GET orders/{id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct OrderReply {
    /// The order.
    pub(crate) order: Order,
}

/// An order, sale, return or exchange.
#[derive(Debug, Deserialize)]
pub(crate) struct Order {
    /// Always there on an order that was read.
    pub(crate) id: String,
    /// An order has one location.
    pub(crate) location_id: String,
    /// Its maker's reference.
    pub(crate) reference_id: Option<String>,
    /// A few characters for the counter.
    pub(crate) ticket_name: Option<String>,
    /// Who made it.
    pub(crate) source: Option<Source>,
    /// Customer.
    pub(crate) customer_id: Option<String>,
    /// OPEN, COMPLETED, CANCELED, DRAFT.
    pub(crate) state: Option<String>,
    /// Absent for orders that were not made through the API.
    pub(crate) version: Option<u64>,
    /// RFC 3339; for an offline sale the time at the till.
    pub(crate) created_at: String,
    /// RFC 3339, of the server.
    pub(crate) updated_at: Option<String>,
    /// When it became COMPLETED or CANCELED.
    pub(crate) closed_at: Option<String>,
    /// What is sold.
    pub(crate) line_items: Option<Vec<Line>>,
    /// Taxes on the document.
    pub(crate) taxes: Option<Vec<Tax>>,
    /// How it is handed over; none for goods taken at once.
    pub(crate) fulfillments: Option<Vec<Fulfillment>>,
    /// What comes back with this document.
    pub(crate) returns: Option<Vec<Return>>,
    /// Payments.
    pub(crate) tenders: Option<Vec<Tender>>,
    /// To be collected.
    pub(crate) total_money: Option<Money>,
    /// Still to be paid.
    pub(crate) net_amount_due_money: Option<Money>,
}

/// Where an order comes from.
#[derive(Debug, Deserialize)]
pub(crate) struct Source {
    /// The application's name.
    pub(crate) name: Option<String>,
}

/// A line: <https://developer.squareup.com/reference/square/objects/OrderLineItem>.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    /// Unique in the order.
    pub(crate) uid: String,
    /// Decimal text.
    pub(crate) quantity: String,
    /// The variation; absent for an amount typed by hand.
    pub(crate) catalog_object_id: Option<String>,
    /// ITEM, CUSTOM_AMOUNT, GIFT_CARD.
    pub(crate) item_type: Option<String>,
    /// Price of one unit.
    pub(crate) base_price_money: Option<Money>,
    /// Of the whole line, with its taxes and discounts.
    pub(crate) total_money: Option<Money>,
}

/// A tax of the document.
#[derive(Debug, Deserialize)]
pub(crate) struct Tax {
    /// ADDITIVE or INCLUSIVE.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
}

/// A payment of the order.
#[derive(Debug, Deserialize)]
pub(crate) struct Tender {
    /// The payment's id.
    pub(crate) id: Option<String>,
    /// The same, on newer tenders.
    pub(crate) payment_id: Option<String>,
    /// Who paid.
    pub(crate) customer_id: Option<String>,
}

/// What comes back of one sale: <https://developer.squareup.com/reference/square/objects/OrderReturn>.
#[derive(Debug, Deserialize)]
pub(crate) struct Return {
    /// Its lines.
    pub(crate) return_line_items: Option<Vec<ReturnLine>>,
}

/// A returned line.
#[derive(Debug, Deserialize)]
pub(crate) struct ReturnLine {
    /// Unique in the order.
    pub(crate) uid: String,
    /// Decimal text.
    pub(crate) quantity: String,
    /// The variation.
    pub(crate) catalog_object_id: Option<String>,
    /// As for [`Line`].
    pub(crate) item_type: Option<String>,
}

/// How goods are handed over; exactly one of the details is filled.
#[derive(Debug, Deserialize)]
pub(crate) struct Fulfillment {
    /// PROPOSED, RESERVED, PREPARED, COMPLETED, CANCELED, FAILED.
    pub(crate) state: Option<String>,
    /// PICKUP.
    pub(crate) pickup_details: Option<Details>,
    /// SHIPMENT.
    pub(crate) shipment_details: Option<Details>,
    /// DELIVERY.
    pub(crate) delivery_details: Option<Details>,
}

/// The part that the three have in common.
#[derive(Debug, Deserialize)]
pub(crate) struct Details {
    /// Who gets it.
    pub(crate) recipient: Option<Recipient>,
}

/// Who gets it; its `Debug` shows no personal field: <https://developer.squareup.com/reference/square/objects/FulfillmentRecipient>.
#[derive(Deserialize)]
pub(crate) struct Recipient {
    /// In the customer directory.
    pub(crate) customer_id: Option<String>,
    /// Name on one line.
    pub(crate) display_name: Option<String>,
    /// E-mail address.
    pub(crate) email_address: Option<String>,
    /// Telephone.
    pub(crate) phone_number: Option<String>,
    /// Where to.
    pub(crate) address: Option<Address>,
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recipient(…)")
    }
}
