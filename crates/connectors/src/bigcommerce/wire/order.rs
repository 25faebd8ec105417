//! Orders (v2) and refunds (v3): <https://developer.bigcommerce.com/docs/rest-management/orders>,
//! <https://developer.bigcommerce.com/docs/rest-management/transactions>.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Amount, Count, Id};

/// An order.
#[derive(Debug, Deserialize)]
pub(crate) struct Order {
    /// Unique in the store.
    pub(crate) id: Id,
    /// 0 to 14; the texts are translated by the store.
    pub(crate) status_id: u8,
    /// RFC 2822.
    pub(crate) date_created: String,
    /// RFC 2822; rises with every change.
    pub(crate) date_modified: Option<String>,
    /// 0 for a guest.
    pub(crate) customer_id: Option<Id>,
    /// Units that have left.
    pub(crate) items_shipped: Option<Count>,
    /// Units in all.
    pub(crate) items_total: Option<Count>,
    /// Four decimals.
    pub(crate) total_inc_tax: Amount,
    /// Four decimals.
    pub(crate) refunded_amount: Option<Amount>,
    /// What the shopper pays in.
    pub(crate) default_currency_code: Option<String>,
    /// What the shopper was shown.
    pub(crate) currency_code: Option<String>,
    /// Whether the store's prices include tax.
    pub(crate) is_tax_inclusive_pricing: Option<bool>,
    /// The maker's reference.
    pub(crate) external_order_id: Option<String>,
    /// Of the one who pays.
    pub(crate) billing_address: Option<Address>,
    /// How its lines are handed over; a link when it was not asked for.
    pub(crate) consignments: Option<Value>,
}

/// The lines of an order by how they are handed over.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Consignments {
    /// Fetched in a store.
    pub(crate) pickups: Option<Vec<Consignment>>,
    /// Sent.
    pub(crate) shipping: Option<Vec<Consignment>>,
    /// Downloaded.
    pub(crate) downloads: Option<Vec<Consignment>>,
    /// Mailed.
    pub(crate) email: Option<Mailed>,
}

/// What is mailed.
#[derive(Debug, Deserialize)]
pub(crate) struct Mailed {
    /// Gift certificates.
    pub(crate) gift_certificates: Option<Vec<Consignment>>,
}

/// Lines that are handed over together.
#[derive(Debug, Deserialize)]
pub(crate) struct Consignment {
    /// With pickups.
    pub(crate) pickup_method_id: Option<Id>,
    /// With pickups.
    pub(crate) location: Option<PickupLocation>,
    /// Whole lines when they were asked for, else links.
    pub(crate) line_items: Option<Value>,
}

/// Where something is fetched.
#[derive(Debug, Deserialize)]
pub(crate) struct PickupLocation {
    /// The location.
    pub(crate) id: Option<Id>,
}

/// A line. Written out again when it is carried from one question to the next; nothing in it is personal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Line {
    /// Unique in the order.
    pub(crate) id: Id,
    /// 0 for a line typed by hand.
    pub(crate) product_id: Option<Id>,
    /// 0 or absent for a line typed by hand, and on some old orders.
    pub(crate) variant_id: Option<Id>,
    /// As sold.
    pub(crate) sku: Option<String>,
    /// physical, digital, giftcertificate.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// As ordered.
    pub(crate) quantity: Count,
    /// Has left.
    pub(crate) quantity_shipped: Option<Count>,
    /// Money given back.
    pub(crate) quantity_refunded: Option<Count>,
    /// Of one unit.
    pub(crate) price_inc_tax: Option<Amount>,
    /// Of one unit.
    pub(crate) price_ex_tax: Option<Amount>,
    /// 0 unless it is fetched.
    pub(crate) order_pickup_method_id: Option<Id>,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Refund {
    /// Unique in the store.
    pub(crate) id: Id,
    /// RFC 3339.
    pub(crate) created: String,
    /// What the money is given back for.
    pub(crate) items: Option<Vec<RefundItem>>,
    /// How it is given back.
    pub(crate) payments: Option<Vec<RefundPayment>>,
}

/// A payment backwards.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct RefundPayment {
    /// Whether the payment provider refused it.
    pub(crate) is_declined: Option<bool>,
}

/// What money is given back for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct RefundItem {
    /// PRODUCT is a line; the others are money only.
    pub(crate) item_type: String,
    /// The line.
    pub(crate) item_id: Option<Id>,
    /// Units; absent for money only.
    pub(crate) quantity: Option<Count>,
}

/// An address on an order; its `Debug` shows no personal field.
#[derive(Deserialize)]
pub(crate) struct Address {
    /// Given name.
    pub(crate) first_name: Option<String>,
    /// Family name.
    pub(crate) last_name: Option<String>,
    /// Street.
    pub(crate) street_1: Option<String>,
    /// More of it.
    pub(crate) street_2: Option<String>,
    /// Town.
    pub(crate) city: Option<String>,
    /// State or province.
    pub(crate) state: Option<String>,
    /// Postal code.
    pub(crate) zip: Option<String>,
    /// Country's name.
    pub(crate) country: Option<String>,
    /// Telephone.
    pub(crate) phone: Option<String>,
    /// E-mail address.
    pub(crate) email: Option<String>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}
