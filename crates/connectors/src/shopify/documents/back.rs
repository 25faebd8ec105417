//! What goes back by a refund: which units were handed out and which were not, and which payments the money goes back
//! to. Called by `refund`; arithmetic only.

use model::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::super::graph::Named;
use super::super::reply;
use super::super::scalar::{Amount, Count, Gid, currency};
use crate::Trouble;

/// What is left of an order's line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineLeft {
    unfulfilled_quantity: Count,
    refundable_quantity: Count,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/OrderTransaction>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payment {
    id: Gid,
    kind: String,
    status: String,
    gateway: Option<String>,
    amount_set: Both,
    parent_transaction: Option<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Both {
    /// In the currency in which the customer paid, which is the one that goes back.
    presentment_money: Paid,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paid {
    amount: Amount,
    currency_code: String,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/RefundLineItemInput>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line<'a> {
    line_item_id: &'a str,
    quantity: i64,
    restock_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_id: Option<&'a str>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/OrderTransactionInput>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction<'a> {
    order_id: &'a str,
    parent_id: &'a str,
    kind: &'static str,
    gateway: &'a str,
    amount: String,
}

/// Units of a line, put back or not. Shopify has one word for units that were handed out and another for those that
/// were not; those that were come first.
pub(super) fn lines<'a>(line: &'a str, units: i64, left: &LineLeft, restock_at: Option<&'a str>) -> Vec<Line<'a>> {
    let row = |restock_type, quantity| Line { line_item_id: line, quantity, restock_type, location_id: restock_at };
    if restock_at.is_none() {
        return vec![row("NO_RESTOCK", units)];
    }
    let handed_out = left.refundable_quantity.0.saturating_sub(left.unfulfilled_quantity.0);
    let back = units.min(i64::from(handed_out));
    let rows = [row("RETURN", back), row("CANCEL", units - back)];
    rows.into_iter().filter(|row| row.quantity > 0).collect()
}

/// The payments that the money goes back to, oldest first, each for as much as is left of it.
///
/// # Errors
/// [`Trouble::Refused`] when less is left than is to be given back, or it was paid in another currency.
pub(super) fn transactions<'a>(
    order: &'a str,
    payments: &'a [Payment],
    amount: Money,
) -> Result<Vec<Transaction<'a>>, Trouble> {
    let mut wanted = amount.minor;
    let mut back = Vec::new();
    for payment in payments.iter().filter(|payment| payment.is_money_in()) {
        let mut given = payments.iter().filter(|it| it.is_money_out_of(payment));
        let given = given.try_fold(0_i64, |sum, it| -> Result<i64, Trouble> {
            Ok(sum.saturating_add(it.minor(amount.currency)?))
        })?;
        let part = payment.minor(amount.currency)?.saturating_sub(given).min(wanted);
        if part > 0 {
            wanted -= part;
            let money = Money { minor: part, currency: amount.currency };
            back.push(Transaction {
                order_id: order,
                parent_id: payment.id.whole(),
                kind: "REFUND",
                gateway: payment.gateway.as_deref().unwrap_or_default(),
                amount: money.to_decimal(),
            });
        }
    }
    if wanted == 0 {
        return Ok(back);
    }
    let left = Money { minor: amount.minor - wanted, currency: amount.currency };
    Err(Trouble::Refused { reason: format!("of what was paid only {left} can be given back, not {amount}") })
}

impl Payment {
    fn is_money_in(&self) -> bool {
        matches!(self.kind.as_str(), "SALE" | "CAPTURE") && self.status == "SUCCESS"
    }

    /// A refund, or change that was given at once; also one that is not through yet.
    fn is_money_out_of(&self, payment: &Self) -> bool {
        matches!(self.kind.as_str(), "REFUND" | "CHANGE")
            && matches!(self.status.as_str(), "SUCCESS" | "PENDING")
            && self.parent_transaction.as_ref().is_some_and(|parent| parent.id == payment.id)
    }

    fn minor(&self, wanted: Currency) -> Result<i64, Trouble> {
        let paid = &self.amount_set.presentment_money;
        let field = "data.order.transactions.amountSet.presentmentMoney";
        let code = currency(&paid.currency_code, field).map_err(reply::garbled)?;
        if code != wanted {
            let reason = format!("it was paid in {}, so nothing can be given back in {}", code.code(), wanted.code());
            return Err(Trouble::Refused { reason });
        }
        Ok(paid.amount.money(code, || field.to_owned()).map_err(reply::garbled)?.minor)
    }
}
