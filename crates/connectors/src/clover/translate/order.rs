//! Orders: what has left with them, as levels, and what came back.
//!
//! Clover takes stock off when an order is paid, and neither a refund nor a void puts it back: the vendor describes only
//! the decrease after a sale (<https://docs.clover.com/dev/docs/managing-item-availability>, read 2026-11-24). So the
//! lines of an order that was ever paid stay gone, whatever becomes of its money; goods that staff put back on the shelf
//! are a stock edit, which readings find. An order that is open and not paid is a bill that somebody is filling, unless
//! the hub made it: then it is a promise, of goods that Clover leaves in its count until it is paid.

use model::{
    ChannelId, Currency, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, LineSeen, Money, Note,
    OrderKind, OrderSeen, OrderState, PartSeen, PartState, Quantity, Restock, ReturnSeen, Sku,
};

use super::id;
use crate::Unreadable;
use crate::clover::wire::{self, Elements, below, unreadable};
use crate::documents::is_ours;

/// Reasons of a void by which the payment never went through, so nothing was sold by it.
const NEVER_WENT_THROUGH: [&str; 9] = [
    "TRANSPORT_ERROR",
    "REJECT_SIGNATURE",
    "REJECT_PARTIAL_AUTH",
    "NOT_APPROVED",
    "FAILED",
    "AUTH_CLOSED_NEW_CARD",
    "REJECT_OFFLINE",
    "REJECT_GREATER_APPROVED_AMOUNT",
    "TIMEOUT",
];

/// What an account's orders have in common.
#[derive(Clone, Copy, Debug)]
struct Shop<'a> {
    location: &'a ExternalLocation,
    currency: Currency,
    moved: bool,
    /// Whether what has not left is promised.
    promised: bool,
}

/// An order, read with its lines, payments, refunds and customers.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(in crate::clover) fn order(
    path: &str,
    order: &wire::Order,
    channel: ChannelId,
    merchant: &str,
    usual: Currency,
) -> Result<OrderSeen, Unreadable> {
    let currency = match order.currency.as_deref() {
        Some(code) => {
            Currency::parse(code).ok_or_else(|| unreadable(below(path, "currency"), "is no ISO 4217 code"))?
        }
        None => usual,
    };
    let money = money(path, order)?;
    let location = ExternalLocation::new(merchant);
    let state = match (deleted(order), money) {
        (true, _) | (_, PaidFor::Undone) => OrderState::Cancelled,
        (false, PaidFor::Yes) => OrderState::Completed,
        (false, PaidFor::Never) => OrderState::Open,
    };
    let promised = state == OrderState::Open && order.note.as_deref().is_some_and(is_ours);
    let shop = Shop { location: &location, currency, moved: money != PaidFor::Never, promised };
    Ok(OrderSeen {
        channel,
        document: DocumentKey::new(id(&below(path, "id"), &order.id)?),
        reference: reference(order),
        version: version(path, order)?,
        placed_at: placed_at(path, order)?,
        kind: OrderKind::Till,
        customer: customer(order),
        contact: None,
        currency,
        tax_inclusive: order.is_vat == Some(true),
        total: Money { minor: order.total.unwrap_or(0), currency },
        state,
        lines: Some(lines(path, order, shop)?),
        returns: returns(path, order, shop)?,
    })
}

/// A line that has moved stock.
#[derive(Clone, Copy, Debug)]
pub(in crate::clover) struct PaidLine<'a> {
    /// Its id.
    pub(in crate::clover) line: &'a str,
    /// What was sold.
    pub(in crate::clover) item: &'a str,
    /// How much.
    pub(in crate::clover) quantity: Quantity,
}

/// The lines that have moved stock, with what and how much; none of an order that was never paid.
///
/// # Errors
/// As [`order`].
pub(in crate::clover) fn paid_lines<'a>(path: &str, order: &'a wire::Order) -> Result<Vec<PaidLine<'a>>, Unreadable> {
    if money(path, order)? == PaidFor::Never {
        return Ok(Vec::new());
    }
    let mut paid = Vec::new();
    for (index, line) in Elements::of(order.line_items.as_ref()).iter().enumerate() {
        let path = below(path, &format!("lineItems.elements[{index}]"));
        if let Some(item) = item(line) {
            let line = PaidLine { line: id(&below(&path, "id"), &line.id)?, item, quantity: quantity(&path, line)? };
            paid.push(line);
        }
    }
    Ok(paid)
}

/// What became of an order's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PaidFor {
    /// Not paid, or not wholly.
    Never,
    /// Paid; perhaps given back since.
    Yes,
    /// Paid, and every payment was voided by a person.
    Undone,
}

fn money(path: &str, order: &wire::Order) -> Result<PaidFor, Unreadable> {
    let payments = Elements::of(order.payments.as_ref());
    let covered = |sum: Option<i64>| sum.is_some_and(|sum| sum > 0 && sum >= order.total.unwrap_or(0));
    let undone = || {
        let voided = payments.iter().filter(|payment| sold_then_voided(payment));
        covered(voided.map(|payment| payment.amount.unwrap_or(0)).try_fold(0_i64, i64::checked_add))
    };
    let never = || if undone() { PaidFor::Undone } else { PaidFor::Never };
    match order.payment_state.as_deref() {
        Some("PAID") if !payments.is_empty() && payments.iter().all(sold_then_voided) => Ok(PaidFor::Undone),
        Some("PAID" | "REFUNDED" | "PARTIALLY_REFUNDED" | "CREDITED") => Ok(PaidFor::Yes),
        Some("OPEN" | "PARTIALLY_PAID") => Ok(never()),
        Some(_) => Err(unreadable(below(path, "paymentState"), "is not a state of payment")),
        None => {
            let paid =
                payments.iter().filter(|payment| payment.result.as_deref() == Some("SUCCESS") && !voided(payment));
            let paid = covered(paid.map(|payment| payment.amount.unwrap_or(0)).try_fold(0_i64, i64::checked_add));
            Ok(if paid { PaidFor::Yes } else { never() })
        }
    }
}

fn voided(payment: &wire::Payment) -> bool {
    payment.result.as_deref() == Some("VOIDED") || payment.void_reason.is_some()
}

fn sold_then_voided(payment: &wire::Payment) -> bool {
    voided(payment) && payment.void_reason.as_deref().is_none_or(|reason| !NEVER_WENT_THROUGH.contains(&reason))
}

fn deleted(order: &wire::Order) -> bool {
    order.deleted_timestamp.is_some_and(|at| at > 0)
}

fn reference(order: &wire::Order) -> Note {
    let parts = [order.title.as_deref(), order.external_reference_id.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    Note::new(&parts.join(" "))
}

/// The time of change in milliseconds, and behind it how far the order has come: its lines that came back, refunds,
/// voids and payments only grow in number, so two changes in one millisecond rise as well.
fn version(path: &str, order: &wire::Order) -> Result<u64, Unreadable> {
    let path = below(path, "modifiedTime");
    let at = order.modified_time.ok_or_else(|| unreadable(path.clone(), "is missing"))?;
    let at = u64::try_from(at).ok().and_then(|at| at.checked_mul(1_000));
    let at = at.ok_or_else(|| unreadable(path, "is no time in milliseconds"))?;
    let payments = Elements::of(order.payments.as_ref());
    let back = Elements::of(order.line_items.as_ref()).iter().filter(|line| line.refunded == Some(true)).count();
    let refunds = Elements::of(order.refunds.as_ref()).iter();
    let refunds: usize = refunds.map(|refund| 1 + Elements::of(refund.line_items.as_ref()).len()).sum();
    let progress = back + refunds + payments.len() + payments.iter().filter(|payment| voided(payment)).count();
    Ok(at.saturating_add(progress.min(999) as u64))
}

/// When it was rung up: the till's time where it is earlier than the server's, because a till that was offline uploads
/// late; a till whose clock runs ahead is not believed.
fn placed_at(path: &str, order: &wire::Order) -> Result<Instant, Unreadable> {
    let at = match (order.created_time, order.client_created_time) {
        (Some(server), Some(till)) => Some(server.min(till)),
        (server, till) => server.or(till),
    };
    at.map(Instant).ok_or_else(|| unreadable(below(path, "createdTime"), "is missing"))
}

fn customer(order: &wire::Order) -> Option<CustomerKey> {
    let known = Elements::of(order.customers.as_ref()).iter().filter_map(|customer| customer.id.as_deref());
    known.map(CustomerKey::new).find(|id| !id.is_empty())
}

fn item(line: &wire::Line) -> Option<&str> {
    line.item.as_ref()?.id.as_deref().map(str::trim).filter(|id| !id.is_empty())
}

/// One piece, or the amount in thousandths.
///
/// # Errors
/// When the amount is below zero or too large.
fn quantity(path: &str, line: &wire::Line) -> Result<Quantity, Unreadable> {
    let Some(thousandths) = line.unit_qty else { return Ok(Quantity::units(1)) };
    let size = thousandths.unsigned_abs();
    let text = format!("{}{}.{:03}", if thousandths < 0 { "-" } else { "" }, size / 1_000, size % 1_000);
    Quantity::parse(&text).map_err(|error| unreadable(below(path, "unitQty"), format!("is {error}")))
}

fn lines(path: &str, order: &wire::Order, shop: Shop<'_>) -> Result<Vec<LineSeen>, Unreadable> {
    let lines = Elements::of(order.line_items.as_ref()).iter().enumerate();
    lines
        .map(|(index, line)| {
            let path = below(path, &format!("lineItems.elements[{index}]"));
            let quantity = quantity(&path, line)?;
            let item = item(line).map(ExternalItem::new);
            let stock = match (shop.moved, shop.promised) {
                (true, _) => Some(PartState::Gone),
                (false, true) => Some(PartState::Promised),
                (false, false) => None,
            };
            let stock = stock.filter(|_| item.is_some() && !quantity.is_zero());
            let part = stock.map(|state| PartSeen { location: Some(shop.location.clone()), quantity, state });
            Ok(LineSeen {
                line: Note::new(id(&below(&path, "id"), &line.id)?),
                item,
                sku: Sku::new(line.item_code.as_deref().unwrap_or_default()),
                quantity,
                price: line.price.map(|minor| Money { minor, currency: shop.currency }),
                parts: part.into_iter().collect(),
            })
        })
        .collect()
}

/// The lines that refunds name, each under the refund's id, and those that are only marked as refunded, under the order's
/// own id: which refund was theirs cannot be known, and a guess could change when another refund follows.
fn returns(path: &str, order: &wire::Order, shop: Shop<'_>) -> Result<Vec<ReturnSeen>, Unreadable> {
    if !shop.moved {
        return Ok(Vec::new());
    }
    let refunds = Elements::of(order.refunds.as_ref());
    let mut seen = Vec::new();
    for (index, line) in Elements::of(order.line_items.as_ref()).iter().enumerate() {
        let path = below(path, &format!("lineItems.elements[{index}]"));
        match refunds.iter().find(|refund| names(refund, &line.id)) {
            Some(refund) => seen.push(returned(&path, line, &refund.id, refund.created_time.or(order.modified_time))?),
            None if line.refunded == Some(true) => seen.push(returned(&path, line, &order.id, order.modified_time)?),
            None => {}
        }
    }
    Ok(seen)
}

fn names(refund: &wire::Refund, line: &str) -> bool {
    Elements::of(refund.line_items.as_ref()).iter().any(|named| named.id.as_deref() == Some(line))
}

fn returned(path: &str, line: &wire::Line, document: &str, at: Option<i64>) -> Result<ReturnSeen, Unreadable> {
    Ok(ReturnSeen {
        document: DocumentKey::new(&format!("refund:{}", id("refunds.elements.id", document)?)),
        line: Note::new(id(&below(path, "id"), &line.id)?),
        item: item(line).map(ExternalItem::new),
        sku: Sku::new(line.item_code.as_deref().unwrap_or_default()),
        quantity: quantity(path, line)?,
        restock: Restock::Nowhere,
        at: Instant(at.unwrap_or(0)),
    })
}
