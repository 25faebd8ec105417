//! Which of several tellings of a document counts. Called by `orders`; knows nothing of stock.
//!
//! A higher version always counts. Platforms date changes too coarsely (one of them to the second), so one version may be
//! told in two ways. Then what we asked for counts more than what came by itself, what was asked for later more than
//! what was asked for earlier, and what came by itself contradicting what is known is a reason to ask. So any order of
//! arrival ends in what was asked for last. The same content again is never news.

use model::{Instant, LineSeen, OrderSeen, PartSeen, PartState, Telling};

use crate::state::Order;

/// What a telling is worth beside what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It counts.
    News,
    /// It contradicts what is known and may be the older of the two: the document is to be asked for.
    Doubt,
    /// It is known, or older than what is known.
    Known,
}

pub(super) fn of(seen: &OrderSeen, lines: &[LineSeen], asked_at: Option<Instant>) -> Telling {
    Telling { asked_at, content: content(seen, lines) }
}

pub(super) fn weigh(known: Option<&Order>, version: u64, telling: Telling) -> Weight {
    let Some(known) = known else { return Weight::News };
    if version != known.version {
        return if version > known.version { Weight::News } else { Weight::Known };
    }
    match known.telling {
        Some(before) if before.content == telling.content => Weight::Known,
        Some(_) if telling.asked_at.is_none() => Weight::Doubt,
        // Two that were asked for in the same millisecond: either, but always the same.
        Some(before) if telling > before => Weight::News,
        // What was said then was not kept.
        Some(_) | None => Weight::Known,
    }
}

/// Returns are not in it: each is taken in once, whatever tells of it. Nor are personal fields, whose hash would outlive
/// them.
fn content(seen: &OrderSeen, lines: &[LineSeen]) -> u64 {
    let mut bytes = Vec::with_capacity(64 + lines.len() * 64);
    let customer = seen.customer.as_ref().map(|customer| customer.as_str());
    let head = (&seen.reference, seen.kind, seen.state, seen.placed_at, customer, seen.tax_inclusive, seen.total);
    // Writing to a vector cannot fail.
    let _ = minicbor::encode(head, &mut bytes);
    // Two shapes of one document need not list its lines and their parts in the same order.
    let mut lines: Vec<&LineSeen> = lines.iter().collect();
    lines.sort_by_key(|line| line.line.as_str());
    for line in lines {
        let item = line.item.as_ref().map(|item| item.as_str());
        let _ = minicbor::encode((&line.line, item, &line.sku, line.quantity, line.price), &mut bytes);
        let mut parts: Vec<_> = line.parts.iter().map(part).collect();
        parts.sort_unstable();
        let _ = minicbor::encode(parts, &mut bytes);
    }
    model::stable_hash(&[&bytes])
}

fn part(part: &PartSeen) -> (Option<&str>, bool, i64) {
    let gone = match part.state {
        PartState::Promised => false,
        PartState::Gone => true,
    };
    (part.location.as_ref().map(|location| location.as_str()), gone, part.quantity.parts())
}
