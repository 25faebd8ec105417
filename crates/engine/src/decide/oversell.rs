//! Was more sold or promised than was there, by whom, and whose promise is broken by it.
//!
//! What has left has left: a till sale beats a promise, and of two promises the earlier one holds. So a conflict over
//! the last unit has one winner whatever the order in which it is heard of.

use std::collections::BTreeMap;

use model::{
    Change, ChannelId, Fact, Instant, ItemId, Level, LocationId, OrderId, OrderKind, Oversold, OversoldBy, Quantity,
    ReservationId, Seq, Shorted,
};

use crate::state::{State, Trust};

/// How long a wrong number may stand before an oversell against it is our own doing, in milliseconds.
const STANDING_MS: i64 = 5 * 60_000;

/// Who takes stock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taker {
    pub channel: Option<ChannelId>,
    pub order: Option<OrderId>,
    pub reservation: Option<ReservationId>,
    pub kind: OrderKind,
    /// When it happened.
    pub happened_at: Instant,
    /// When it was heard of.
    pub heard_at: Instant,
}

/// Goods that leave by hand or through the API, for a promise or for none.
pub(super) fn by_hand(at: Instant, reservation: Option<ReservationId>) -> Taker {
    Taker { channel: None, order: None, reservation, kind: OrderKind::Till, happened_at: at, heard_at: at }
}

/// What is taken from a place, or given back to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub item: ItemId,
    pub location: LocationId,
    /// Change of what is free.
    pub free: Change,
    /// Whether goods left, which beats promises; otherwise they are promised only.
    pub left: bool,
    /// How much of what left had been promised to the taker.
    pub kept: Quantity,
}

/// Free stock as it changes within one command.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    free: BTreeMap<(ItemId, LocationId), Level>,
}

impl Ledger {
    /// Takes from, or gives back to, what is free, and says what follows when too much was taken.
    pub(super) fn take(&mut self, state: &State, taker: &Taker, taken: &Taken) -> Vec<Fact> {
        let position = state.positions.get(taken.item, taken.location);
        let free = self.free.entry((taken.item, taken.location)).or_insert(position.free());
        let short_before = short(*free);
        *free = free.after(taken.free);
        if !free.is_negative() || !position.opened() {
            return Vec::new();
        }
        if !taken.free.is_loss() {
            // Nothing more was sold, but a promise that was broken before may have been kept at another's expense.
            return losers(state, taker, taken, Quantity::ZERO, short_before);
        }
        let units = short(*free).min(taken.free.size());
        let mut facts = vec![oversold(state, taker, taken, units)];
        if taken.left {
            facts.extend(losers(state, taker, taken, units, short_before));
        } else {
            // A promise breaks itself.
            facts.push(shorted(taker.order, None, taken, units));
        }
        facts
    }
}

/// How much of what is promised is not there.
fn short(free: Level) -> Quantity {
    if free.is_negative() { free.to(Level::ZERO).size() } else { Quantity::ZERO }
}

fn oversold(state: &State, taker: &Taker, taken: &Taken, units: Quantity) -> Fact {
    let row = state.positions.find(taken.item, taken.location);
    let shown = row
        .and_then(|row| taker.channel.and_then(|channel| state.shown.get(channel, row)))
        .filter(|row| row.trust != Trust::Unread)
        .map(|row| row.level);
    let taken_before = row.and_then(|row| state.last_taken(row));
    let wanted = taker.channel.and_then(|channel| state.as_far_as_known(channel, taken.item, taken.location));
    let number = Number { shown, wrong: shown > wanted, taken_before };
    Fact::Oversold(Oversold {
        item: taken.item,
        location: taken.location,
        channel: taker.channel,
        order: taker.order,
        units,
        by: blame(taker, &number, taken.free.size()),
        shown,
    })
}

/// What a channel was believed to show when it sold.
struct Number {
    shown: Option<Level>,
    /// More than it should have been.
    wrong: bool,
    /// When something was last taken from the position.
    taken_before: Option<Instant>,
}

/// A web shop that sells against a number which has been wrong for long is our doing: we had the time to mend it. A
/// till sells what lies on the counter, whatever its screen says; and a right number that does not know of promises
/// made elsewhere is a race for the same unit.
fn blame(taker: &Taker, number: &Number, asked: Quantity) -> OversoldBy {
    if taker.heard_at.since(taker.happened_at) > STANDING_MS {
        return OversoldBy::Late;
    }
    let looked_right = number.shown.is_some_and(|level| level >= asked.level());
    let just_taken = number.taken_before.is_some_and(|at| taker.happened_at.since(at) <= STANDING_MS);
    match (taker.kind, looked_right) {
        (OrderKind::Till, true) if just_taken => OversoldBy::Race,
        (OrderKind::Till, _) => OversoldBy::Till,
        (OrderKind::Web, false) => OversoldBy::ShopSetting,
        (OrderKind::Web, true) if just_taken || !number.wrong => OversoldBy::Race,
        (OrderKind::Web, true) => OversoldBy::Hub,
    }
}

fn shorted(order: Option<OrderId>, reservation: Option<ReservationId>, taken: &Taken, missing: Quantity) -> Fact {
    Fact::Shorted(Shorted { order, reservation, item: taken.item, location: taken.location, missing })
}

/// A promise at the place, with its age.
struct Promise {
    made: Seq,
    order: Option<OrderId>,
    reservation: Option<ReservationId>,
    quantity: Quantity,
}

/// Whose promises are broken by goods that left: the newest ones that were not broken before. Stock always covers the
/// oldest promises first, so the newest `broken` units are those whose makers have been told already. When the taker's
/// own promise was among these and is kept beyond what was left of it, others lose as much.
fn losers(state: &State, taker: &Taker, taken: &Taken, mut missing: Quantity, mut broken: Quantity) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut kept = taken.kept;
    for promise in promises_newest_first(state, taken.item, taken.location) {
        if missing.is_zero() && kept.is_zero() {
            break;
        }
        let whole = promise.quantity.minus(broken);
        broken = broken.minus(promise.quantity);
        let own = (promise.order.is_some() && promise.order == taker.order)
            || (promise.reservation.is_some() && promise.reservation == taker.reservation);
        if own {
            missing = missing.plus(kept.min(promise.quantity).minus(whole));
            kept = kept.minus(promise.quantity);
            continue;
        }
        let lost = whole.min(missing);
        if !lost.is_zero() {
            missing = missing.minus(lost);
            facts.push(shorted(promise.order, promise.reservation, taken, lost));
        }
    }
    facts
}

fn promises_newest_first(state: &State, item: ItemId, location: LocationId) -> Vec<Promise> {
    if state.positions.get(item, location).reserved().is_zero() {
        return Vec::new();
    }
    let held = state.reservations.newest_first().flat_map(|(id, live)| {
        let lines = live.lines.iter().filter(|line| line.item == item && line.location == location);
        lines.map(move |line| Promise { made: live.made, order: None, reservation: Some(id), quantity: line.quantity })
    });
    let ordered = state.orders.open_newest_first().flat_map(|(id, order)| {
        let lines = order.holdings.iter().filter(|h| h.item == item && h.location == location && h.promised > 0);
        lines.map(move |holding| Promise {
            made: order.raised,
            order: Some(id),
            reservation: None,
            quantity: Quantity::from_parts(holding.promised),
        })
    });
    let mut promises: Vec<Promise> = held.chain(ordered).collect();
    promises.sort_by_key(|promise| std::cmp::Reverse(promise.made));
    promises
}
