//! Goods that came back. A return is known by its document and line and taken in once, whatever tells of it. When a
//! mapping was put right, it is put down to what it is by the mapping of now.

use std::collections::BTreeMap;

use model::{
    Cause, Change, Command, Fact, ItemId, LineKey, LocationId, Moved, OrderId, OrderSeen, Quantity, Restock,
    ReturnPutRight, ReturnSeen, Returned,
};

use super::late::with_count;
use super::orders::{Unmapped, components, mapped, taker, unmapped_location};
use super::oversell::{Ledger, Taken};
use crate::state::{Order, State, TakenBack};

fn key(back: &ReturnSeen) -> LineKey {
    LineKey(model::stable_hash(&[back.document.as_str().as_bytes(), back.line.as_str().as_bytes()]))
}

/// Whether everything that came back, and was not taken in before or is to be worked out anew, is mapped. A shelf that
/// is not known yet is no reason to take the goods for lost.
pub(super) fn mapped_returns(state: &State, seen: &OrderSeen, known: Option<&Order>) -> Result<(), Unmapped> {
    let anew = known.is_some_and(Order::is_reopened);
    let settled = |back: &ReturnSeen| !anew && known.is_some_and(|known| known.taken_back(key(back)).is_some());
    for back in seen.returns.iter().filter(|back| !settled(back)) {
        if let Some(external) = &back.item {
            mapped(state, seen.channel, external)?;
        }
        if let Restock::At(location) = &back.restock
            && state.catalogue.mapped_location(seen.channel, location).is_none()
        {
            return Err(unmapped_location(location));
        }
    }
    Ok(())
}

/// What came back and was not taken back before; what was, when a mapping was put right since.
pub(super) fn returns(
    state: &State,
    command: &Command,
    seen: &OrderSeen,
    order: OrderId,
    known: Option<&Order>,
    ledger: &mut Ledger,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut told: Vec<LineKey> = Vec::new();
    for back in &seen.returns {
        let line = key(back);
        if told.contains(&line) {
            continue;
        }
        told.push(line);
        let now = as_mapped(state, seen, back);
        match known.and_then(|known| known.taken_back(line)) {
            None => {
                facts.push(first_told(order, line, back, &now));
                facts.extend(moves(state, command, (seen, back), (order, line), now.stock, ledger));
            }
            Some(then) if known.is_some_and(Order::is_reopened) => {
                facts.extend(put_right(order, then, &now));
                let changes = difference(then, now.stock);
                facts.extend(moves(state, command, (seen, back), (order, line), changes, ledger));
            }
            Some(_) => {}
        }
    }
    facts
}

/// What a returned line is by the mapping of now.
struct AsMapped {
    item: Option<ItemId>,
    restocked: Option<LocationId>,
    /// What it put back where.
    stock: Stock,
}

/// How much came back, in hundred-thousandths of a unit: what, where, and whether it was part of a bundle.
type Stock = BTreeMap<(ItemId, LocationId, bool), i64>;

fn as_mapped(state: &State, seen: &OrderSeen, back: &ReturnSeen) -> AsMapped {
    let item = back.item.as_ref().and_then(|external| state.catalogue.mapped_item(seen.channel, external));
    let restocked = match &back.restock {
        Restock::At(location) => state.catalogue.mapped_location(seen.channel, location),
        Restock::Nowhere => None,
    };
    let mut stock = Stock::new();
    if let (Some(item), Some(location)) = (item, restocked) {
        let of_bundle = state.catalogue.is_bundle(item);
        for (component, quantity) in components(state, item, back.quantity) {
            let sum = stock.entry((component, location, of_bundle)).or_default();
            *sum = sum.saturating_add(quantity.parts());
        }
    }
    AsMapped { item, restocked, stock }
}

fn first_told(order: OrderId, line: LineKey, back: &ReturnSeen, now: &AsMapped) -> Fact {
    Fact::Returned(Returned {
        order,
        document: back.document.clone(),
        line,
        item: now.item,
        quantity: back.quantity,
        restocked: now.restocked,
        happened_at: back.at,
    })
}

fn put_right(order: OrderId, then: &TakenBack, now: &AsMapped) -> Option<Fact> {
    let same = then.item == now.item && then.restocked == now.restocked;
    let right = ReturnPutRight {
        order,
        line: then.line,
        quantity: then.quantity,
        was_item: then.item,
        was_restocked: then.restocked,
        item: now.item,
        restocked: now.restocked,
        happened_at: then.happened_at,
    };
    (!same).then_some(Fact::ReturnPutRight(right))
}

/// From what was put back to what should have been.
fn difference(then: &TakenBack, mut now: Stock) -> Stock {
    for put in &then.stock {
        // Only the parts of a bundle are other items than what was taken back.
        let of_bundle = then.item != Some(put.item);
        let sum = now.entry((put.item, put.location, of_bundle)).or_default();
        *sum = sum.saturating_sub(put.quantity);
    }
    now
}

fn moves(
    state: &State,
    command: &Command,
    (seen, back): (&OrderSeen, &ReturnSeen),
    (order, line): (OrderId, LineKey),
    stock: Stock,
    ledger: &mut Ledger,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    for ((item, location, of_bundle), quantity) in stock {
        let change = Change::from_parts(quantity);
        if change.is_zero() {
            continue;
        }
        let (told, free) = with_count(
            state,
            Moved {
                item,
                location,
                cause: Cause::Return,
                on_hand: change,
                reserved: Change::ZERO,
                in_transit: Change::ZERO,
                unsellable: Change::ZERO,
                happened_at: back.at,
                order: Some((order, line)),
                // The platform counts a bundle as an item of its own: the numbers of its parts have not moved there.
                shown: if of_bundle { None } else { Some((seen.channel, change)) },
                note: None,
            },
        );
        facts.extend(told);
        // What is only put down to another item is nobody's oversell.
        if !change.is_loss() {
            let given = Taken { item, location, free, left: false, kept: Quantity::ZERO };
            ledger.take(state, &taker(seen, order, back.at, command), &given);
        }
    }
    facts
}
