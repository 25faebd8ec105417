//! Orders, sales and returns as channels tell them.
//!
//! News is compared with what is known, level by level: per line and location how much is promised and how much has
//! left. The differences are the facts. So the same news twice gives nothing, an older version gives only the returns
//! it tells of, and any order of arrival ends in the same stock. Which of two tellings of one version counts, `telling`
//! says.

use std::collections::BTreeMap;

use model::{
    Basis, Cause, Change, ChannelId, Command, DocumentKey, ExternalItem, ExternalLocation, Fact, Instant, ItemId,
    LineKey, LinePut, LineSeen, LocationId, Moved, Note, NoticeAbout, OrderId, OrderKind, OrderPut, OrderSeen,
    OrderState, PartState, Personal, Quantity, QuarantineId, Quarantined, Refusal, Telling,
};

use super::late::with_count;
use super::oversell::{Ledger, Taken, Taker};
use super::returns::{mapped_returns, returns};
use super::telling::{self, Weight};
use crate::state::{Order, State};

/// Stock of a line: what, where, and whether it is part of a bundle that the line sold.
type Place = (LineKey, ItemId, LocationId, bool);
/// Promised and gone, in hundred-thousandths.
type Levels = BTreeMap<Place, (i64, i64)>;

/// Something in an order that is not mapped yet.
pub(super) struct Unmapped {
    what: String,
    item: Option<ExternalItem>,
    place: Option<ExternalLocation>,
    about: NoticeAbout,
}

/// `asked_at` is when the document was asked for; `None` when it came by itself.
pub(super) fn order_seen(
    state: &State,
    command: &Command,
    seen: &OrderSeen,
    asked_at: Option<Instant>,
) -> Result<Vec<Fact>, Refusal> {
    if state.catalogue.channel(seen.channel).is_none() {
        return Err(Refusal::Unknown { what: seen.channel.to_string() });
    }
    let known_id = state.orders.find(seen.channel, &seen.document);
    let known = known_id.and_then(|id| state.orders.get(id));
    let about = NoticeAbout::Order(seen.document.clone());
    let Some(lines) = &seen.lines else {
        return match known_id {
            Some(id) => returns_only(state, command, seen, id),
            // Returns of an order we never heard of: ask for the order, which tells of its returns too.
            None => Ok(super::inputs::notice(state, seen.channel, &about)),
        };
    };
    let telling = telling::of(seen, lines, asked_at);
    let weight = telling::weigh(known, seen.version, telling);
    let mut facts = match weight {
        Weight::Doubt => super::inputs::notice(state, seen.channel, &about),
        // What is known already may be older than what the notice is about.
        Weight::Known if asked_at.is_none() => Vec::new(),
        Weight::Known | Weight::News => super::inputs::notice_done(state, seen.channel, &about),
    };
    let order = known_id.unwrap_or(state.orders.next());
    let gathered = gather(state, seen, lines).and_then(|levels| Ok((levels, mapped_returns(state, seen, known)?)));
    let (levels, _) = match gathered {
        Ok(gathered) => gathered,
        Err(unmapped) => {
            facts.extend(set_aside(state, seen, unmapped));
            return Ok(facts);
        }
    };
    facts.extend(waited_enough(state, seen.channel, &seen.document));
    let mut ledger = Ledger::default();
    if weight == Weight::News {
        facts.push(Fact::OrderPut(Box::new(head(state, seen, lines, order, telling)?)));
        facts.extend(moves(state, command, seen, order, known, &levels, &mut ledger));
    }
    facts.extend(returns(state, command, seen, order, known, &mut ledger));
    Ok(facts)
}

fn returns_only(state: &State, command: &Command, seen: &OrderSeen, id: OrderId) -> Result<Vec<Fact>, Refusal> {
    match mapped_returns(state, seen, state.orders.get(id)) {
        Ok(()) => Ok(returns(state, command, seen, id, state.orders.get(id), &mut Ledger::default())),
        Err(unmapped) => Ok(set_aside(state, seen, unmapped)),
    }
}

/// What the news says is promised and gone, in our own words.
fn gather(state: &State, seen: &OrderSeen, lines: &[LineSeen]) -> Result<Levels, Unmapped> {
    let mut levels = Levels::new();
    for line in lines {
        let Some(external) = &line.item else { continue };
        let item = mapped(state, seen.channel, external)?;
        let of_bundle = state.catalogue.is_bundle(item);
        for part in &line.parts {
            // A part without a place has not moved anything on the platform yet; later news tells where.
            let Some(location) = &part.location else { continue };
            let Some(location) = state.catalogue.mapped_location(seen.channel, location) else {
                return Err(unmapped_location(location));
            };
            for (component, quantity) in components(state, item, part.quantity) {
                let level =
                    levels.entry((LineKey::of(line.line.as_str()), component, location, of_bundle)).or_default();
                match part.state {
                    PartState::Promised => level.0 = level.0.saturating_add(quantity.parts()),
                    PartState::Gone => level.1 = level.1.saturating_add(quantity.parts()),
                }
            }
        }
    }
    Ok(levels)
}

pub(super) fn unmapped_location(location: &ExternalLocation) -> Unmapped {
    Unmapped {
        what: format!("location {location} of this channel is not mapped to one of ours"),
        item: None,
        place: Some(location.clone()),
        about: NoticeAbout::Locations,
    }
}

pub(super) fn mapped(state: &State, channel: ChannelId, external: &ExternalItem) -> Result<ItemId, Unmapped> {
    state.catalogue.mapped_item(channel, external).ok_or_else(|| Unmapped {
        what: format!("item {external} of this channel is not mapped to one of ours"),
        item: Some(external.clone()),
        place: None,
        about: NoticeAbout::Catalogue,
    })
}

/// The stock an item takes: itself, its components, or nothing for a service.
pub(super) fn components(state: &State, item: ItemId, quantity: Quantity) -> Vec<(ItemId, Quantity)> {
    let Some(known) = state.catalogue.item(item) else { return Vec::new() };
    if !known.tracked {
        return Vec::new();
    }
    if known.components.is_empty() {
        return vec![(item, quantity)];
    }
    known.components.iter().map(|part| (part.item, part.quantity.times(quantity))).collect()
}

/// The document waits in quarantine, once, and what it needs is asked for.
fn set_aside(state: &State, seen: &OrderSeen, unmapped: Unmapped) -> Vec<Fact> {
    let mut facts = super::inputs::notice(state, seen.channel, &unmapped.about);
    if !state.quarantine.values().any(|q| q.channel == seen.channel && q.document.as_ref() == Some(&seen.document)) {
        facts.push(Fact::Quarantined(Quarantined {
            id: QuarantineId(state.quarantine_last + 1),
            channel: seen.channel,
            document: Some(seen.document.clone()),
            raw: None,
            kind: Note::new("order"),
            reason: Note::new(&format!("{}; map it, and the document is fetched again by itself", unmapped.what)),
            waits_for: unmapped.item,
            waits_at: unmapped.place,
        }));
    }
    facts
}

/// A document that could be used after all leaves the quarantine.
fn waited_enough(state: &State, channel: ChannelId, document: &DocumentKey) -> Vec<Fact> {
    let waiting = state.quarantine.values().filter(|q| q.channel == channel && q.document.as_ref() == Some(document));
    waiting.map(|q| Fact::QuarantineClosed { id: q.id, reason: Note::new("went through") }).collect()
}

fn head(
    state: &State,
    seen: &OrderSeen,
    lines: &[LineSeen],
    order: OrderId,
    telling: Telling,
) -> Result<OrderPut, Refusal> {
    let contact = match &seen.contact {
        None => None,
        Some(Personal::Sealed(sealed)) => Some(sealed.clone()),
        Some(Personal::Plain(_)) => return Err(super::inputs::not_sealed()),
    };
    let lines = lines
        .iter()
        .map(|line| LinePut {
            line: line.line.clone(),
            item: line.item.as_ref().and_then(|external| state.catalogue.mapped_item(seen.channel, external)),
            sku: line.sku.clone(),
            quantity: line.quantity,
            price: line.price,
        })
        .collect();
    Ok(OrderPut {
        order,
        channel: seen.channel,
        document: seen.document.clone(),
        reference: seen.reference.clone(),
        version: seen.version,
        placed_at: seen.placed_at,
        kind: seen.kind,
        customer: seen.customer.clone(),
        contact,
        tax_inclusive: seen.tax_inclusive,
        total: seen.total,
        state: seen.state,
        lines,
        telling: Some(telling),
    })
}

/// Who takes stock by this news.
pub(super) fn taker(seen: &OrderSeen, order: OrderId, happened_at: Instant, command: &Command) -> Taker {
    Taker {
        channel: Some(seen.channel),
        order: Some(order),
        reservation: None,
        kind: seen.kind,
        happened_at,
        heard_at: command.at,
    }
}

/// What the platform has taken out of its own number by itself: what was promised and what left, or, where promises
/// do not show in its number, what left.
fn own_number(state: &State, channel: ChannelId, free: Change, gone: Change) -> Option<(ChannelId, Change)> {
    let change = match state.catalogue.channel(channel)?.basis {
        Basis::Available => free,
        Basis::OnHand => gone.undo(),
    };
    (!change.is_zero()).then_some((channel, change))
}

/// The movements from what is known to what the news says.
fn moves(
    state: &State,
    command: &Command,
    seen: &OrderSeen,
    order: OrderId,
    known: Option<&Order>,
    levels: &Levels,
    ledger: &mut Ledger,
) -> Vec<Fact> {
    let mut change: Levels = levels.clone();
    for holding in known.map_or(&[][..], |known| &known.holdings) {
        let of_bundle = known.is_some_and(|known| known.bundles.contains(&holding.line));
        let level = change.entry((holding.line, holding.item, holding.location, of_bundle)).or_default();
        level.0 = level.0.saturating_sub(holding.promised);
        level.1 = level.1.saturating_sub(holding.gone);
    }
    // First news happened when the platform says; later news is a change that happened about now. What is only
    // attributed to another item happened when it happened, and is nobody's oversell.
    let reopened = known.is_some_and(Order::is_reopened);
    let happened_at = if known.is_none() || reopened { seen.placed_at } else { command.at };
    let taker = taker(seen, order, happened_at, command);
    let mut facts = Vec::new();
    for ((line, item, location, of_bundle), (promised, gone)) in change {
        let (promised, gone) = (Change::from_parts(promised), Change::from_parts(gone));
        if promised.is_zero() && gone.is_zero() {
            continue;
        }
        let free = promised.plus(gone).undo();
        let moved = Moved {
            item,
            location,
            cause: if gone.is_zero() { Cause::Order } else { Cause::Sale },
            on_hand: gone.undo(),
            reserved: promised,
            in_transit: Change::ZERO,
            unsellable: Change::ZERO,
            happened_at,
            order: Some((order, line)),
            // The platform counts a bundle as an item of its own: the numbers of its parts have not moved there.
            shown: if of_bundle { None } else { own_number(state, seen.channel, free, gone) },
            note: None,
        };
        // When goods of a web order left is not told; those of a till sale left at once.
        let (told, on_hand) = match seen.kind {
            OrderKind::Till if known.is_none() || reopened => with_count(state, moved),
            _ => (vec![Fact::Moved(moved)], gone.undo()),
        };
        facts.extend(told);
        if seen.state != OrderState::Cancelled && !reopened {
            let free = on_hand.plus(promised.undo());
            // Of what left, as much as is promised no longer had been promised to this very order.
            let kept = promised.undo().min(gone).max(Change::ZERO).size();
            let taken = Taken { item, location, free, left: !gone.is_zero(), kept };
            facts.extend(ledger.take(state, &taker, &taken));
        }
    }
    facts
}
