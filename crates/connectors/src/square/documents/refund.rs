//! Money given back for an order: the order's payments are read, one of them is refunded, and goods are put back.
//!
//! <https://developer.squareup.com/docs/payments-api/refund-payments>, read 2026-11-24. Square refunds payments, not orders,
//! and money, not lines: lines say which goods are put back, and that is an adjustment of its own (`restock`).
//!
//! A refund is never made twice: its key is the reference, and a run that is not the first looks for the refund among
//! those of the order's payments, by the reference in its reason, because keys do not live for ever.

use std::collections::BTreeSet;

use model::{DocumentKey, ExternalLocation, Money, Quantity};
use serde_json::{Value, json};

use super::tape::{Said, Stop, Tape, read, refused};
use super::{id, restock};
use crate::square::http_request::{change, escaped, get};
use crate::square::trouble::Code;
use crate::square::wire::{Line, Order, OrderReply, Payment, PaymentReply, Refund, RefundReply, parse};
use crate::{Account, Document, Run, Trouble, Unsendable};

/// Longest reason of a refund.
const REASON_MAX: usize = 192;

/// What is refunded, in Square's ids.
pub(super) struct Asked<'a> {
    pub order: &'a DocumentKey,
    pub lines: &'a [(String, Quantity)],
    pub restock_at: Option<&'a ExternalLocation>,
}

/// All of the request but the payment, which only the order tells.
///
/// # Errors
/// When no money is to be given back.
pub(super) fn body(document: &Document, amount: Money) -> Result<Value, Unsendable> {
    if amount.minor <= 0 {
        return Err(Unsendable::Impossible("give back no money: a refund there is of money"));
    }
    Ok(json!({
        "idempotency_key": document.reference,
        "amount_money": { "amount": amount.minor, "currency": amount.currency.code() },
        "reason": document.words(REASON_MAX),
    }))
}

/// The refund's id, once it is made and the goods are back.
///
/// # Errors
/// What is to be sent first, or what is wrong.
pub(super) fn make(
    document: &Document,
    asked: &Asked<'_>,
    body: &[u8],
    account: &Account,
    run: &Run<'_>,
) -> Result<String, Stop> {
    let body: Value = parse(body).map_err(|error| refused(error.to_string()))?;
    let mut tape = Tape::new(run.replies);
    id(asked.order.as_str(), 0)?;
    let path = format!("/v2/orders/{}", escaped(asked.order.as_str()));
    let sold: OrderReply = tape.answer(|| get(account, &account.token, &path))?;
    let goods = goods(&sold.order, asked)?;
    let payments = payments(&sold.order, &mut tape, account)?;
    let known = if run.first { None } else { made_before(&payments, document, &mut tape, account)? };
    let refund = match known {
        Some(refund) => refund,
        None => give_back(&payments, body, &mut tape, account, run.first)?,
    };
    if matches!(refund.status.as_deref(), Some("REJECTED" | "FAILED")) {
        return Err(refused("Square accepted the refund and then could not give the money back"));
    }
    if let Some(place) = asked.restock_at {
        restock::put_back(document, place, &goods, &mut tape, account)?;
    }
    Ok(refund.id)
}

/// The variations that come back, with how much of each.
fn goods<'a>(order: &'a Order, asked: &Asked<'_>) -> Result<Vec<(&'a str, Quantity)>, Stop> {
    let mut named = BTreeSet::new();
    let mut goods = Vec::new();
    for (uid, quantity) in asked.lines {
        let line = order.line_items.iter().flatten().find(|line| line.uid == *uid);
        let line = line.ok_or_else(|| refused(format!("the order has no line {uid}")))?;
        if !named.insert(uid) {
            return Err(refused(format!("line {uid} is named twice")));
        }
        if Quantity::parse(&line.quantity).is_ok_and(|sold| sold < *quantity) {
            return Err(refused(format!("line {uid} is of {} only", line.quantity)));
        }
        match variation(line) {
            Some(variation) => goods.push((variation, *quantity)),
            None if asked.restock_at.is_none() => {}
            None => return Err(refused(format!("line {uid} is of nothing that could be put back"))),
        }
    }
    Ok(goods)
}

fn variation(line: &Line) -> Option<&str> {
    let counted = line.item_type.as_deref().is_none_or(|kind| kind == "ITEM");
    line.catalog_object_id.as_deref().filter(|id| counted && !id.is_empty())
}

/// The payments of the order, each read by itself.
fn payments(order: &Order, tape: &mut Tape<'_>, account: &Account) -> Result<Vec<Payment>, Stop> {
    let mut payments = Vec::new();
    for tender in order.tenders.iter().flatten() {
        // A tender's own id is its payment's.
        let Some(id) = tender.payment_id.as_ref().or(tender.id.as_ref()) else { continue };
        let path = format!("/v2/payments/{}", escaped(id));
        let reply: PaymentReply = tape.answer(|| get(account, &account.token, &path))?;
        payments.push(reply.payment);
    }
    if payments.is_empty() {
        return Err(refused("the order has no payment of which money could be given back"));
    }
    Ok(payments)
}

/// The refund that an earlier run made.
fn made_before(
    payments: &[Payment],
    document: &Document,
    tape: &mut Tape<'_>,
    account: &Account,
) -> Result<Option<Refund>, Stop> {
    for id in payments.iter().flat_map(|payment| payment.refund_ids.iter().flatten()) {
        let path = format!("/v2/refunds/{}", escaped(id));
        let reply: RefundReply = tape.answer(|| get(account, &account.token, &path))?;
        if reply.refund.reason.as_deref().is_some_and(|reason| document.wrote(reason)) {
            return Ok(Some(reply.refund));
        }
    }
    Ok(None)
}

/// Of the first payment that has enough left. A refund of several payments would be several refunds, each of which may
/// fail alone: it is left to whoever asks, who can ask for each.
fn give_back(
    payments: &[Payment],
    mut body: Value,
    tape: &mut Tape<'_>,
    account: &Account,
    first: bool,
) -> Result<Refund, Stop> {
    let payment = payments.iter().find(|payment| covers(payment, &body)).ok_or_else(|| {
        refused("no payment of the order has so much left to give back; what was paid in parts is refunded in parts")
    })?;
    body["payment_id"] = json!(payment.id);
    let said = tape.said(|| change(account, &account.token, "/v2/refunds", body.to_string().into_bytes()))?;
    match said {
        Said::Answer(reply) => Ok(read::<RefundReply>(reply)?.refund),
        // An earlier run may have chosen another payment, so that its body was another. Nobody knows before the refund
        // shows in the payment.
        Said::Refusal(refusal) if !first && refusal.only(&[Code::IdempotencyKeyReused]) => {
            Err(Trouble::Failed { reason: "a refund under this key may have been made already".to_owned() }.into())
        }
        Said::Refusal(refusal) => Err(refusal.reading().into()),
    }
}

fn covers(payment: &Payment, body: &Value) -> bool {
    let (wanted, currency) = (body["amount_money"]["amount"].as_i64(), body["amount_money"]["currency"].as_str());
    let paid = payment.total_money.as_ref().or(payment.amount_money.as_ref());
    let Some((paid, wanted)) = paid.zip(wanted) else { return false };
    let returned = payment.refunded_money.as_ref().and_then(|money| money.amount).unwrap_or(0);
    let left = paid.amount.unwrap_or(0).saturating_sub(returned);
    paid.currency.as_deref() == currency && left >= wanted
}
