//! Goods that came back. A return is known by its document and line and taken in once, whatever tells of it.

use model::{
    Cause, Change, Command, Fact, LineKey, Moved, OrderId, OrderSeen, Quantity, Restock, ReturnSeen, Returned,
};

use super::late::with_count;
use super::orders::{Unmapped, components, mapped, taker, unmapped_location};
use super::oversell::{Ledger, Taken};
use crate::state::{Order, State};

fn key(back: &ReturnSeen) -> LineKey {
    LineKey(model::stable_hash(&[back.document.as_str().as_bytes(), back.line.as_str().as_bytes()]))
}

fn was_taken(known: Option<&Order>, line: LineKey) -> bool {
    known.is_some_and(|known| known.returns.binary_search(&line).is_ok())
}

/// Whether everything that came back, and was not taken in before, is mapped. A shelf that is not known yet is no
/// reason to take the goods for lost.
pub(super) fn mapped_returns(state: &State, seen: &OrderSeen, known: Option<&Order>) -> Result<(), Unmapped> {
    for back in seen.returns.iter().filter(|back| !was_taken(known, key(back))) {
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

/// What came back and was not taken back before.
pub(super) fn returns(
    state: &State,
    command: &Command,
    seen: &OrderSeen,
    order: OrderId,
    known: Option<&Order>,
    ledger: &mut Ledger,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut taken: Vec<LineKey> = Vec::new();
    for back in &seen.returns {
        let line = key(back);
        if was_taken(known, line) || taken.contains(&line) {
            continue;
        }
        taken.push(line);
        let item = back.item.as_ref().and_then(|external| state.catalogue.mapped_item(seen.channel, external));
        let restocked = match &back.restock {
            Restock::At(location) => state.catalogue.mapped_location(seen.channel, location),
            Restock::Nowhere => None,
        };
        facts.push(Fact::Returned(Returned {
            order,
            document: back.document.clone(),
            line,
            item,
            quantity: back.quantity,
            restocked,
            happened_at: back.at,
        }));
        if let (Some(item), Some(location)) = (item, restocked) {
            let of_bundle = state.catalogue.is_bundle(item);
            for (component, quantity) in components(state, item, back.quantity) {
                let (told, free) = with_count(
                    state,
                    Moved {
                        item: component,
                        location,
                        cause: Cause::Return,
                        on_hand: quantity.gain(),
                        reserved: Change::ZERO,
                        in_transit: Change::ZERO,
                        unsellable: Change::ZERO,
                        happened_at: back.at,
                        order: Some((order, line)),
                        shown: if of_bundle { None } else { Some((seen.channel, quantity.gain())) },
                        note: None,
                    },
                );
                let given = Taken { item: component, location, free, left: false, kept: Quantity::ZERO };
                ledger.take(state, &taker(seen, order, back.at, command), &given);
                facts.extend(told);
            }
        }
    }
    facts
}
