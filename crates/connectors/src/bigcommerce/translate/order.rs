//! Orders: what of each line is promised and what has left, as far as the store's own number says so.
//!
//! The store's number (available to sell) falls when an order is placed and comes back when it is cancelled or declined.
//! It does not come back by a refund: the units of a refunded line stay promised (or gone), and whoever puts them on the
//! shelf again says so with an adjustment, which is found by reading levels.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Currency, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, LineSeen, Note, OrderKind, OrderSeen,
    OrderState, PartSeen, PartState, Person, Personal, Quantity, Restock, ReturnSeen, Sku,
};

use super::party::joined;
use super::placed::Placed;
use super::{at, instant, paid, price, quantity, said};
use crate::bigcommerce::DEFAULT_LOCATION;
use crate::bigcommerce::wire::{self, Id, Line, Order, Refund, unreadable};
use crate::{Account, Unreadable};

/// Versions within one second.
const WITHIN_SECOND: u64 = 1_000_000;
/// Added once the second is over: what is read then is all that happened in it.
const OVER: u64 = WITHIN_SECOND / 2;
/// A second is certainly over when the store dates a reply so much later, in milliseconds, whichever of its machines
/// wrote the one time and which the other.
const OVER_MS: i64 = 2_000;
/// Ranks of states within one count of units.
const RANKS: u64 = 16;

/// How far an order is, by its status id; the names of statuses are the store's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bigcommerce) enum Status {
    /// 0: the shopper has not finished.
    Incomplete,
    /// 1, 3, 7, 8, 9, 11, 12, 13, 14 and newer ones: something may still have to be handed over.
    Open,
    /// 2, 10: all has left, whatever the counts of shipments say.
    Left,
    /// 4: all money was given back.
    Refunded,
    /// 5, 6: called off; the store's number has come back.
    CalledOff,
}

impl Status {
    /// The meaning of a status id.
    pub(in crate::bigcommerce) fn of(order: &Order) -> Self {
        match order.status_id {
            0 => Self::Incomplete,
            2 | 10 => Self::Left,
            4 => Self::Refunded,
            5 | 6 => Self::CalledOff,
            _ => Self::Open,
        }
    }
}

/// How late in an order's life a status usually comes, below [`RANKS`].
fn rank(status_id: u8) -> u64 {
    const ORDERLY: [u8; 14] = [1, 7, 12, 11, 9, 8, 3, 2, 10, 13, 14, 4, 6, 5];
    ORDERLY.iter().position(|id| *id == status_id).map_or(0, |place| place as u64 + 1)
}

/// When an order was last changed, to the second.
///
/// # Errors
/// Names the field below `path`.
fn changed(path: &str, order: &Order) -> Result<Instant, Unreadable> {
    let changed = said(order.date_modified.as_ref()).unwrap_or(&order.date_created);
    instant(&at(path, "date_modified"), changed)
}

/// Whether an order, read when the store's clock showed `now`, may still change without its time saying so. Without a
/// time nobody knows, and asking again would tell no more.
///
/// # Errors
/// Names the field below `path`.
pub(in crate::bigcommerce) fn may_change(path: &str, order: &Order, now: Option<Instant>) -> Result<bool, Unreadable> {
    let changed = changed(path, order)?;
    Ok(now.is_some_and(|now| now.since(changed) < OVER_MS))
}

/// Times have whole seconds. A reading when the second was over has the last word about it; of those before, the units
/// that were shipped or refunded count, and then the status: both go forwards. `now` is the store's clock at the
/// reading, where it is told. With no lines it is a lower bound.
///
/// # Errors
/// Names the field below `path`.
pub(in crate::bigcommerce) fn version(
    path: &str,
    order: &Order,
    lines: &[Placed],
    now: Option<Instant>,
) -> Result<u64, Unreadable> {
    let changed = changed(path, order)?;
    let units = |field: &str, count: Option<&wire::Count>| {
        let quantity = count.map(|count| quantity(&at(path, field), count)).transpose()?.unwrap_or(Quantity::ZERO);
        Ok::<u64, Unreadable>(u64::try_from(quantity.level().floor_units()).unwrap_or(0))
    };
    let (mut shipped, mut refunded) = (0_u64, 0_u64);
    for placed in lines {
        shipped = shipped.saturating_add(units("quantity_shipped", placed.line.quantity_shipped.as_ref())?);
        refunded = refunded.saturating_add(units("quantity_refunded", placed.line.quantity_refunded.as_ref())?);
    }
    let shipped = shipped.max(units("items_shipped", order.items_shipped.as_ref())?);
    let count = shipped.saturating_add(refunded).min(OVER / RANKS - 1);
    let seconds = u64::try_from(changed.0.div_euclid(1_000)).unwrap_or(0);
    let over = if now.is_some_and(|now| now.since(changed) >= OVER_MS) { OVER } else { 0 };
    Ok(seconds.saturating_mul(WITHIN_SECOND).saturating_add(over + count * RANKS + rank(order.status_id)))
}

/// An order with its lines and refunds.
///
/// # Errors
/// Names the field below `path`; never what is in it.
pub(in crate::bigcommerce) fn order(
    path: &str,
    order: &Order,
    mut lines: Vec<Placed>,
    refunds: &[Refund],
    account: &Account,
    now: Option<Instant>,
) -> Result<OrderSeen, Unreadable> {
    lines.sort_by_key(|placed| placed.line.id);
    let ids: BTreeSet<Id> = lines.iter().map(|placed| placed.line.id).collect();
    if ids.len() != lines.len() {
        return Err(unreadable(at(path, "products"), "has an id twice"));
    }
    let currency = currency(path, order, account.currency)?;
    let seen = lines.iter().map(|placed| line(path, order, placed, currency)).collect::<Result<Vec<_>, _>>()?;
    Ok(OrderSeen {
        channel: account.channel,
        document: DocumentKey::new(&order.id.to_string()),
        reference: reference(order),
        version: version(path, order, &lines, now)?,
        placed_at: instant(&at(path, "date_created"), &order.date_created)?,
        kind: OrderKind::Web,
        customer: order.customer_id.filter(|id| !id.is_zero()).map(|id| CustomerKey::new(&id.to_string())),
        contact: contact(order),
        currency,
        tax_inclusive: tax_inclusive(order),
        total: paid(&at(path, "total_inc_tax"), &order.total_inc_tax, currency)?,
        state: state(order),
        returns: returns(refunds, &lines)?,
        lines: Some(seen),
    })
}

/// The currency that the shopper pays in, which is that of all amounts.
fn currency(path: &str, order: &Order, usual: Currency) -> Result<Currency, Unreadable> {
    let told = said(order.default_currency_code.as_ref()).or_else(|| said(order.currency_code.as_ref()));
    let Some(code) = told else { return Ok(usual) };
    Currency::parse(code).ok_or_else(|| unreadable(at(path, "default_currency_code"), "is no ISO 4217 code"))
}

fn reference(order: &Order) -> Note {
    match said(order.external_order_id.as_ref()) {
        Some(external) => Note::new(&format!("{} {external}", order.id)),
        None => Note::new(&order.id.to_string()),
    }
}

fn tax_inclusive(order: &Order) -> bool {
    order.is_tax_inclusive_pricing != Some(false)
}

/// Only a guest's: a customer's own record is read by itself.
fn contact(order: &Order) -> Option<Personal> {
    if order.customer_id.is_some_and(|id| !id.is_zero()) {
        return None;
    }
    let billing = order.billing_address.as_ref()?;
    let text = |field: &Option<String>| said(field.as_ref()).unwrap_or_default().to_owned();
    let person = Person {
        given_name: text(&billing.first_name),
        family_name: text(&billing.last_name),
        email: text(&billing.email),
        phone: text(&billing.phone),
        address: joined([
            &billing.street_1,
            &billing.street_2,
            &billing.zip,
            &billing.city,
            &billing.state,
            &billing.country,
        ]),
    };
    (person != Person::default()).then(|| Personal::Plain(Box::new(person)))
}

fn state(order: &Order) -> OrderState {
    match Status::of(order) {
        Status::CalledOff => OrderState::Cancelled,
        Status::Left | Status::Refunded => OrderState::Completed,
        Status::Incomplete | Status::Open => OrderState::Open,
    }
}

fn line(path: &str, order: &Order, placed: &Placed, currency: Currency) -> Result<LineSeen, Unreadable> {
    let line = &placed.line;
    let field = |name: &str| format!("{}[id {}].{name}", at(path, "products"), line.id);
    let ordered = quantity(&field("quantity"), &line.quantity)?;
    let shipped = line.quantity_shipped.as_ref();
    let shipped =
        shipped.map(|count| quantity(&field("quantity_shipped"), count)).transpose()?.unwrap_or(Quantity::ZERO);
    let item = item(line);
    let price = match (tax_inclusive(order), &line.price_inc_tax, &line.price_ex_tax) {
        (true, Some(told), _) => self::price(&field("price_inc_tax"), told, currency)?,
        (false, _, Some(told)) => self::price(&field("price_ex_tax"), told, currency)?,
        (true, None, _) | (false, _, None) => None,
    };
    let location = placed.location.map_or(DEFAULT_LOCATION.to_owned(), |id| id.to_string());
    Ok(LineSeen {
        line: Note::new(&line.id.to_string()),
        parts: if item.is_some() { parts(Status::of(order), ordered, shipped, &location) } else { Vec::new() },
        item,
        sku: Sku::new(line.sku.as_deref().unwrap_or_default()),
        quantity: ordered,
        price,
    })
}

/// A line without a product was typed by hand or is a gift certificate. Old orders do not name the variant of a product
/// that has only one.
fn item(line: &Line) -> Option<ExternalItem> {
    if line.kind.as_deref() == Some("giftcertificate") {
        return None;
    }
    super::external(line.variant_id, line.product_id)
}

fn parts(status: Status, ordered: Quantity, shipped: Quantity, location: &str) -> Vec<PartSeen> {
    let gone = match status {
        Status::CalledOff => return Vec::new(),
        Status::Left => ordered,
        Status::Incomplete | Status::Open | Status::Refunded => shipped.min(ordered),
    };
    let levels = [(PartState::Promised, ordered.minus(gone)), (PartState::Gone, gone)];
    let levels = levels.into_iter().filter(|(_, quantity)| !quantity.is_zero());
    let location = Some(ExternalLocation::new(location));
    levels.map(|(state, quantity)| PartSeen { location: location.clone(), quantity, state }).collect()
}

/// Lines that money was given back for. The store does not put anything on the shelf by it.
fn returns(refunds: &[Refund], lines: &[Placed]) -> Result<Vec<ReturnSeen>, Unreadable> {
    let mut returns = Vec::new();
    for refund in refunds.iter().filter(|refund| !declined(refund)) {
        let path = format!("refunds[id {}]", refund.id);
        let when = instant(&at(&path, "created"), &refund.created)?;
        for (id, quantity) in units(&path, refund)? {
            let line = lines.iter().find(|placed| placed.line.id == id).map(|placed| &placed.line);
            returns.push(ReturnSeen {
                document: DocumentKey::new(&format!("refund:{}", refund.id)),
                line: Note::new(&id.to_string()),
                item: line.and_then(item),
                sku: Sku::new(line.and_then(|line| line.sku.as_deref()).unwrap_or_default()),
                quantity,
                restock: Restock::Nowhere,
                at: when,
            });
        }
    }
    Ok(returns)
}

/// A refund whose payments were all refused by their providers has not happened.
fn declined(refund: &Refund) -> bool {
    let payments = refund.payments.as_deref().unwrap_or_default();
    !payments.is_empty() && payments.iter().all(|payment| payment.is_declined == Some(true))
}

/// Units per line of the order. A refund of money alone, of shipping or of fees has none.
fn units(path: &str, refund: &Refund) -> Result<BTreeMap<Id, Quantity>, Unreadable> {
    let mut units = BTreeMap::new();
    for item in refund.items.iter().flatten().filter(|item| item.item_type == "PRODUCT") {
        let id = item.item_id.ok_or_else(|| unreadable(at(path, "items.item_id"), "is missing"))?;
        let Some(count) = &item.quantity else { continue };
        let quantity = quantity(&at(path, "items.quantity"), count)?;
        if !quantity.is_zero() {
            let sum: &mut Quantity = units.entry(id).or_default();
            *sum = sum.plus(quantity);
        }
    }
    Ok(units)
}
