//! Payments and refunds: <https://developer.squareup.com/reference/square/objects/Payment>,
//! <https://developer.squareup.com/reference/square/objects/PaymentRefund>.

use serde::Deserialize;

use super::Money;

/// Reply of `GET payments/{id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct PaymentReply {
    /// The payment.
    pub(crate) payment: Payment,
}

/// A payment, as far as money may be given back of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Payment {
    /// Opaque.
    pub(crate) id: String,
    /// With tips: this much may be given back.
    pub(crate) total_money: Option<Money>,
    /// Without tips.
    pub(crate) amount_money: Option<Money>,
    /// Given back already.
    pub(crate) refunded_money: Option<Money>,
    /// Its refunds.
    pub(crate) refund_ids: Option<Vec<String>>,
}

/// Reply of `POST refunds` and `GET refunds/{id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct RefundReply {
    /// The refund.
    pub(crate) refund: Refund,
}

/// A refund of a payment.
#[derive(Debug, Deserialize)]
pub(crate) struct Refund {
    /// Opaque.
    pub(crate) id: String,
    /// PENDING, COMPLETED, REJECTED, FAILED.
    pub(crate) status: Option<String>,
    /// As it was asked for.
    pub(crate) reason: Option<String>,
}
