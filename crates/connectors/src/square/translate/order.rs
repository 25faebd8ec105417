//! Orders: what is promised of them and what has left, as levels.
//!
//! Square moves stock when an order is paid, not when it is made or handed over
//! (<https://developer.squareup.com/docs/inventory-api/how-it-works>, read 2026-11-23). So a paid order's lines are gone
//! and a cancelled one's are nowhere again; what lies between is judged by `paid`. What is not paid yet is promised when
//! somebody waits for it, which its fulfilment says: Square keeps the goods in its count until it is paid, and they are
//! not for anybody else. Without a fulfilment it is a basket that is being rung up, and nowhere yet.

use model::{
    ChannelId, Currency, CustomerKey, DocumentKey, ExternalLocation, Instant, LineSeen, Money, Note, OrderKind,
    OrderSeen, OrderState, PartSeen, PartState, Person, Personal, Quantity, Restock, ReturnSeen, Sku,
};

use super::paid::{Moved, moved};
use super::{at, id, instant, item, money, party, quantity, version_from};
use crate::Unreadable;
use crate::square::wire::{self, unreadable};

/// Names under which Square's own tills sign their orders. Not documented as a list, so it only decides between till and
/// web for an order that has a fulfilment (a pick-up arranged at the counter).
const TILLS: [&str; 5] =
    ["square point of sale", "point of sale", "square for retail", "square register", "square terminal"];

/// An order; `None` for a draft, which nobody has placed yet.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(in crate::square) fn order(
    path: &str,
    order: &wire::Order,
    channel: ChannelId,
    usual: Currency,
) -> Result<Option<OrderSeen>, Unreadable> {
    let Some(state) = state(path, order)? else { return Ok(None) };
    let document = DocumentKey::new(id(&at(path, "id"), &order.id)?);
    let location = ExternalLocation::new(id(&at(path, "location_id"), &order.location_id)?);
    let total = money(&at(path, "total_money"), order.total_money.as_ref(), usual)?;
    // A document of returns alone collects nothing and may say nothing.
    let total = total.unwrap_or(Money { minor: 0, currency: usual });
    let moved = moved(order, state, total);
    let stock = Stock { location: &location, moved, waited_for: state == OrderState::Open && waited_for(order) };
    Ok(Some(OrderSeen {
        channel,
        reference: reference(order),
        version: version(path, order)?,
        placed_at: instant(&at(path, "created_at"), &order.created_at)?,
        kind: kind(order),
        customer: customer(order),
        contact: contact(order),
        currency: total.currency,
        tax_inclusive: order.taxes.iter().flatten().any(|tax| tax.kind.as_deref() == Some("INCLUSIVE")),
        total,
        state,
        lines: Some(lines(path, order, &stock, total.currency)?),
        returns: if moved == Moved::Nothing { Vec::new() } else { returns(path, order, &document, &location)? },
        document,
    }))
}

fn state(path: &str, order: &wire::Order) -> Result<Option<OrderState>, Unreadable> {
    match order.state.as_deref() {
        Some("OPEN") => Ok(Some(OrderState::Open)),
        Some("COMPLETED") => Ok(Some(OrderState::Completed)),
        Some("CANCELED") => Ok(Some(OrderState::Cancelled)),
        Some("DRAFT") => Ok(None),
        Some(_) => Err(unreadable(at(path, "state"), "is not a state of an order")),
        None => Err(unreadable(at(path, "state"), "is missing")),
    }
}

fn version(path: &str, order: &wire::Order) -> Result<u64, Unreadable> {
    match (order.version, &order.updated_at) {
        (Some(version), _) => Ok(version),
        (None, Some(updated)) => Ok(version_from(instant(&at(path, "updated_at"), updated)?)),
        (None, None) => Err(unreadable(at(path, "updated_at"), "is missing, and there is no version either")),
    }
}

fn kind(order: &wire::Order) -> OrderKind {
    let source = order.source.as_ref().and_then(|source| source.name.as_deref()).unwrap_or_default();
    let till = TILLS.contains(&source.trim().to_lowercase().as_str());
    let handed_over_at_once = order.fulfillments.as_ref().is_none_or(Vec::is_empty);
    if till || handed_over_at_once { OrderKind::Till } else { OrderKind::Web }
}

fn reference(order: &wire::Order) -> Note {
    let parts = [order.ticket_name.as_deref(), order.reference_id.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    Note::new(&parts.join(" "))
}

fn recipients(order: &wire::Order) -> impl Iterator<Item = &wire::Recipient> {
    order.fulfillments.iter().flatten().filter_map(|fulfillment: &wire::Fulfillment| {
        let details = fulfillment.pickup_details.as_ref().or(fulfillment.shipment_details.as_ref());
        details.or(fulfillment.delivery_details.as_ref())?.recipient.as_ref()
    })
}

/// The document's own customer, else who paid, else who gets it.
fn customer(order: &wire::Order) -> Option<CustomerKey> {
    let tenders = order.tenders.iter().flatten().map(|tender| &tender.customer_id);
    let recipients = recipients(order).map(|recipient| &recipient.customer_id);
    let known = std::iter::once(&order.customer_id).chain(tenders).chain(recipients).flatten();
    known.map(|id| CustomerKey::new(id)).find(|id| !id.is_empty())
}

fn contact(order: &wire::Order) -> Option<Personal> {
    let recipient = recipients(order).next()?;
    let person = Person {
        given_name: recipient.display_name.clone().unwrap_or_default(),
        family_name: String::new(),
        email: recipient.email_address.clone().unwrap_or_default(),
        phone: recipient.phone_number.clone().unwrap_or_default(),
        address: recipient.address.as_ref().map(party::address).unwrap_or_default(),
    };
    (person != Person::default()).then(|| Personal::Plain(Box::new(person)))
}

/// Where an order's goods are, and whose.
struct Stock<'a> {
    location: &'a ExternalLocation,
    moved: Moved,
    /// Whether what has not left is promised.
    waited_for: bool,
}

impl Stock<'_> {
    /// What has left of the line at this place, which stands for `quantity`, and what is promised of it.
    fn parts(&self, line: usize, quantity: Quantity) -> Vec<PartSeen> {
        let gone = self.moved.of(line, quantity);
        let promised = if self.waited_for { quantity.minus(gone) } else { Quantity::ZERO };
        let parts = [(gone, PartState::Gone), (promised, PartState::Promised)].into_iter();
        let some = parts.filter(|(quantity, _)| !quantity.is_zero());
        some.map(|(quantity, state)| PartSeen { location: Some(self.location.clone()), quantity, state }).collect()
    }
}

/// Whether somebody is to be handed the goods, now or later.
fn waited_for(order: &wire::Order) -> bool {
    let given_up = |waiting: &wire::Fulfillment| matches!(waiting.state.as_deref(), Some("CANCELED" | "FAILED"));
    order.fulfillments.iter().flatten().any(|waiting| !given_up(waiting))
}

fn lines(path: &str, order: &wire::Order, stock: &Stock<'_>, usual: Currency) -> Result<Vec<LineSeen>, Unreadable> {
    let lines = order.line_items.iter().flatten().enumerate();
    lines
        .map(|(index, line)| {
            let path = at(path, &format!("line_items[{index}]"));
            let quantity = quantity(&at(&path, "quantity"), &line.quantity)?;
            let item = item(line.catalog_object_id.as_deref(), line.item_type.as_deref());
            let parts = if item.is_some() { stock.parts(index, quantity) } else { Vec::new() };
            Ok(LineSeen {
                line: Note::new(id(&at(&path, "uid"), &line.uid)?),
                item,
                // Square prints no SKU on a line; the item is known by its id.
                sku: Sku::new(""),
                quantity,
                price: money(&at(&path, "base_price_money"), line.base_price_money.as_ref(), usual)?,
                parts,
            })
        })
        .collect()
}

/// Square does not say whether returned goods went back on the shelf. They are taken to have gone back where the return
/// was made, which is what its till offers first; when they did not, the next reading of the level shows it and mends it.
fn returns(
    path: &str,
    order: &wire::Order,
    document: &DocumentKey,
    location: &ExternalLocation,
) -> Result<Vec<ReturnSeen>, Unreadable> {
    let when = returned_at(path, order)?;
    let mut seen = Vec::new();
    for (outer, group) in order.returns.iter().flatten().enumerate() {
        for (inner, line) in group.return_line_items.iter().flatten().enumerate() {
            let path = at(path, &format!("returns[{outer}].return_line_items[{inner}]"));
            seen.push(ReturnSeen {
                document: document.clone(),
                line: Note::new(id(&at(&path, "uid"), &line.uid)?),
                item: item(line.catalog_object_id.as_deref(), line.item_type.as_deref()),
                sku: Sku::new(""),
                quantity: quantity(&at(&path, "quantity"), &line.quantity)?,
                restock: Restock::At(location.clone()),
                at: when,
            });
        }
    }
    Ok(seen)
}

/// When the document was closed; an open one has only the time it was made.
fn returned_at(path: &str, order: &wire::Order) -> Result<Instant, Unreadable> {
    match &order.closed_at {
        Some(closed) => instant(&at(path, "closed_at"), closed),
        None => instant(&at(path, "created_at"), &order.created_at),
    }
}
