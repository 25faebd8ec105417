//! Refunds: money for lines of an order, or for none.
//!
//! Called by the folder's `mod`. The store is asked what the lines come to and by which ways the money can go back; the
//! amount that is wanted is told as the merchant's own where it is another. The reference stands at the end of the
//! reason of every item, where an order's refunds show it. A refund puts nothing on a shelf, and an adjustment beside
//! it could not be made once for sure: so goods are not put back from here.

use http::Method;
use model::{Currency, DocumentKey, ExternalLocation, Money, Quantity};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Desk, Stop, garbled, is_marked, marked, named, number, refused, units};
use crate::bigcommerce::translate;
use crate::bigcommerce::wire::{self, Amount, Collection, Id, Single};
use crate::{Document, Trouble, Unsendable};

/// What is to be given back.
pub(super) struct Asked<'a> {
    pub(super) order: &'a DocumentKey,
    pub(super) lines: &'a [(String, Quantity)],
    pub(super) amount: Money,
}

/// The items; their amount and ways are asked for.
///
/// # Errors
/// When an id is not BigCommerce's, a quantity not whole, or goods are to be put back.
pub(super) fn body(
    document: &Document,
    asked: &Asked<'_>,
    restock_at: Option<&ExternalLocation>,
) -> Result<Value, Unsendable> {
    if restock_at.is_some() {
        return Err(Unsendable::Impossible("put goods back on a shelf by a refund; count them in where they are"));
    }
    let order = named(0, asked.order.as_str(), "order")?;
    let reason = marked(&document.note, &document.reference);
    let item = |(row, (line, quantity)): (usize, &(String, Quantity))| {
        let (id, quantity) = (named(row, line, "order's line")?, units(row, *quantity)?);
        Ok(json!({ "item_type": "PRODUCT", "item_id": id, "quantity": quantity, "reason": reason }))
    };
    let items: Vec<Value> = asked.lines.iter().enumerate().map(item).collect::<Result<_, Unsendable>>()?;
    if !items.is_empty() {
        return Ok(json!({ "items": items }));
    }
    let amount = number(asked.amount)?;
    Ok(json!({ "items": [{ "item_type": "ORDER", "item_id": order, "amount": amount, "reason": reason }] }))
}

/// Look for it, unless it cannot have been made; ask for a quote; make it.
///
/// # Errors
/// What the last reply says; refused also when less would be given back than is wanted.
pub(super) fn make(
    desk: &mut Desk<'_>,
    reference: &str,
    asked: &Asked<'_>,
    mut body: Value,
    first: bool,
) -> Result<String, Stop> {
    let payments = format!("/v3/orders/{}/payment_actions", named(0, asked.order.as_str(), "order")?);
    if !first && let Some(refund) = made(desk, &payments, reference)? {
        return Ok(refund);
    }
    let reply = desk.change(Method::POST, &format!("{payments}/refund_quotes"), &body)?;
    let quote: Single = wire::parse(&reply.body).map_err(garbled)?;
    let quote: Quote = wire::parse_at("data", &quote.data).map_err(garbled)?;
    let total = quote.total(asked.amount.currency)?;
    body["payments"] = Value::Array(quote.split(asked.amount)?);
    if total != asked.amount {
        let tax = quote.tax(total, asked.amount)?;
        body["merchant_calculated_override"] =
            json!({ "total_amount": number(asked.amount)?, "total_tax": number(tax)? });
    }
    let reply = desk.change(Method::POST, &format!("{payments}/refunds"), &body)?;
    let refund: Single = wire::parse(&reply.body).map_err(garbled)?;
    let refund: Kept = wire::parse_at("data", &refund.data).map_err(garbled)?;
    Ok(format!("refund:{}", refund.id))
}

/// <https://developer.bigcommerce.com/docs/rest-management/orders/order-refunds>
#[derive(Deserialize)]
struct Kept {
    id: Id,
    #[serde(default)]
    items: Vec<KeptItem>,
    #[serde(default)]
    payments: Vec<KeptPayment>,
}

#[derive(Deserialize)]
struct KeptItem {
    reason: Option<String>,
}

#[derive(Deserialize)]
struct KeptPayment {
    is_declined: Option<bool>,
}

/// The order's refund with our reference. One whose payments were all declined has not happened.
fn made(desk: &mut Desk<'_>, payments: &str, reference: &str) -> Result<Option<String>, Stop> {
    let reply = desk.get(&format!("{payments}/refunds"))?;
    let listed: Collection = wire::parse(&reply.body).map_err(garbled)?;
    for value in &listed.data {
        let refund: Kept = wire::parse_at("data", value).map_err(garbled)?;
        let ours = refund.items.iter().any(|item| is_marked(item.reason.as_ref(), reference));
        let declined = !refund.payments.is_empty() && refund.payments.iter().all(|it| it.is_declined == Some(true));
        match (ours, declined) {
            (false, _) => {}
            (true, true) => return Err(refused("the payment provider declined to give the money back")),
            (true, false) => return Ok(Some(format!("refund:{}", refund.id))),
        }
    }
    Ok(None)
}

/// <https://developer.bigcommerce.com/docs/rest-management/orders/order-refunds#create-a-refund-quote>
#[derive(Deserialize)]
struct Quote {
    total_refund_amount: Amount,
    total_refund_tax_amount: Option<Amount>,
    /// Ways in which the money can go back, each of one or several payments.
    refund_methods: Vec<Vec<Way>>,
}

#[derive(Deserialize)]
struct Way {
    provider_id: String,
    amount: Amount,
    #[serde(default)]
    offline: bool,
}

impl Quote {
    fn total(&self, currency: Currency) -> Result<Money, Trouble> {
        translate::paid("data.total_refund_amount", &self.total_refund_amount, currency).map_err(garbled)
    }

    /// Payments of this amount by the first way that carries it.
    fn split(&self, amount: Money) -> Result<Vec<Value>, Stop> {
        let mut most = 0;
        for way in &self.refund_methods {
            let (mut left, mut payments) = (amount.minor, Vec::new());
            for payment in way {
                let has = translate::paid("data.refund_methods.amount", &payment.amount, amount.currency);
                let part = has.map_err(garbled)?.minor.min(left);
                if part > 0 {
                    left -= part;
                    let part = number(Money { minor: part, currency: amount.currency })?;
                    let Way { provider_id, offline, .. } = payment;
                    payments.push(json!({ "provider_id": provider_id, "amount": part, "offline": offline }));
                }
            }
            if left == 0 {
                return Ok(payments);
            }
            most = most.max(amount.minor - left);
        }
        let most = Money { minor: most, currency: amount.currency };
        Err(refused(&format!("for this the store gives at most {most} back, not {amount}")))
    }

    /// The tax in an amount that is another than the quote's: the same share, to the nearest coin.
    fn tax(&self, total: Money, amount: Money) -> Result<Money, Trouble> {
        let Some(tax) = &self.total_refund_tax_amount else { return Ok(Money { minor: 0, ..amount }) };
        let tax = translate::paid("data.total_refund_tax_amount", tax, amount.currency).map_err(garbled)?;
        let whole = i128::from(total.minor.max(1));
        let share = (i128::from(tax.minor) * i128::from(amount.minor) * 2 + whole) / (whole * 2);
        Ok(Money { minor: i64::try_from(share).unwrap_or(0), ..amount })
    }
}
