//! Orders, payments and refunds: <https://docs.clover.com/dev/reference/ordergetorder>.

use serde::Deserialize;

use super::{Elements, Reference};

/// An order, as read with `expand=lineItems,payments,refunds,customers`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    /// Its id.
    pub(crate) id: String,
    /// ISO 4217.
    pub(crate) currency: Option<String>,
    /// To be paid, in the smallest coin.
    pub(crate) total: Option<i64>,
    /// OPEN, PAID, REFUNDED, CREDITED, PARTIALLY_PAID, PARTIALLY_REFUNDED.
    pub(crate) payment_state: Option<String>,
    /// Its maker's reference.
    pub(crate) external_reference_id: Option<String>,
    /// For people.
    pub(crate) title: Option<String>,
    /// For people too, and where programs leave their mark.
    pub(crate) note: Option<String>,
    /// Whether its prices include tax.
    pub(crate) is_vat: Option<bool>,
    /// Milliseconds since 1970, on the server.
    pub(crate) created_time: Option<i64>,
    /// Milliseconds since 1970, on the till.
    pub(crate) client_created_time: Option<i64>,
    /// Milliseconds since 1970, on the server.
    pub(crate) modified_time: Option<i64>,
    /// Milliseconds since 1970; absent or zero while it lives.
    pub(crate) deleted_timestamp: Option<i64>,
    /// Who bought.
    pub(crate) customers: Option<Elements<Reference>>,
    /// What is sold, piece by piece.
    pub(crate) line_items: Option<Elements<Line>>,
    /// Payments.
    pub(crate) payments: Option<Elements<Payment>>,
    /// Money given back.
    pub(crate) refunds: Option<Elements<Refund>>,
}

/// A line: one piece, or an amount of something sold by weight or length.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    /// Its id.
    pub(crate) id: String,
    /// What was sold; absent for an amount typed by hand.
    pub(crate) item: Option<Reference>,
    /// Of one piece or unit, in the smallest coin.
    pub(crate) price: Option<i64>,
    /// As printed.
    pub(crate) item_code: Option<String>,
    /// Thousandths of a unit; absent for a piece.
    pub(crate) unit_qty: Option<i64>,
    /// Whether its money was given back.
    pub(crate) refunded: Option<bool>,
}

/// A payment of an order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Payment {
    /// In the smallest coin.
    pub(crate) amount: Option<i64>,
    /// SUCCESS, FAIL, VOIDED, AUTH, …
    pub(crate) result: Option<String>,
    /// Why it was voided, if it was.
    pub(crate) void_reason: Option<String>,
    /// Milliseconds since 1970, when the server recorded it.
    pub(crate) created_time: Option<i64>,
}

/// A payment read by itself: only its order matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct PaymentOrder {
    /// Absent for a payment without one.
    pub(crate) order: Option<Reference>,
}

/// A refund of a payment of the order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Refund {
    /// Its id.
    pub(crate) id: String,
    /// Milliseconds since 1970.
    pub(crate) created_time: Option<i64>,
    /// The lines it is for; none when it is for an amount.
    pub(crate) line_items: Option<Elements<Reference>>,
}
