//! Every sale followed through the journal: from the moment it was rung up on one platform to the moment at which each
//! other platform has accepted what it means there. Asked by the join of books and facts.
//!
//! It reads facts and the state they lead to, and knows nothing of how they came about.

use std::collections::{HashMap, HashSet};

use engine::{State, Trust};
use model::{ChannelId, ChannelName, DocumentKey, Entry, Fact, Instant, LineKey, OrderId, Outcome};

/// A sale that another platform has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Journey {
    /// Where it was rung up.
    pub from: ChannelId,
    /// Who accepted it.
    pub to: ChannelId,
    /// When it was rung up, on this machine's clock.
    pub sold_at: Instant,
    /// From then until the other's yes was known, in milliseconds.
    pub took_ms: u64,
}

/// When documents were rung up.
pub(super) type RungUp = HashMap<(ChannelName, DocumentKey), Instant>;

#[derive(Clone, Copy, Debug)]
struct Sold {
    from: ChannelId,
    at: Instant,
}

/// Sold lines that a channel does not show yet.
#[derive(Debug, Default)]
struct Waiting {
    /// In no batch yet.
    unsent: Vec<Sold>,
    /// Meant by the batch that is under way.
    sent: Vec<Sold>,
}

/// Follows sales, fact by fact.
#[derive(Debug, Default)]
pub(super) struct Propagation {
    rung_up: RungUp,
    orders: HashMap<OrderId, Sold>,
    /// Lines whose first movement was seen: later ones are a hand-over, a change, a cancellation.
    begun: HashSet<(OrderId, LineKey)>,
    waiting: HashMap<(ChannelId, u32), Waiting>,
    /// Rows of the batch that the fact in hand settles.
    settling: Vec<(ChannelId, u32)>,
    journeys: Vec<Journey>,
}

impl Propagation {
    /// Follows the documents of which it is known when they were rung up.
    pub(super) fn of(rung_up: RungUp) -> Self {
        Self { rung_up, ..Self::default() }
    }

    /// What was accepted, in the order in which it was.
    pub(super) fn journeys(&self) -> &[Journey] {
        &self.journeys
    }

    /// A fact, and the state that it has not changed yet.
    pub(super) fn before(&mut self, state: &State, entry: &Entry) {
        self.settling.clear();
        match &entry.fact {
            Fact::WritesIntended(batch) => {
                for write in &batch.writes {
                    let row = state.positions().find(write.item, write.location);
                    if let Some(waiting) = row.and_then(|row| self.waiting.get_mut(&(batch.channel, row))) {
                        let unsent = std::mem::take(&mut waiting.unsent);
                        waiting.sent.extend(unsent);
                    }
                }
            }
            Fact::WritesSettled(settled) => {
                let Some(batch) = state.in_flight_batch(settled.id) else { return };
                for (write, outcome) in batch.writes.iter().zip(&settled.outcomes) {
                    let Some(row) = state.positions().find(write.item, write.location) else { continue };
                    self.settling.push((batch.channel, row));
                    if matches!(outcome, Outcome::Done { .. }) {
                        self.accepted((batch.channel, row), entry.at, |waiting| std::mem::take(&mut waiting.sent));
                    } else if let Some(waiting) = self.waiting.get_mut(&(batch.channel, row)) {
                        let sent = std::mem::take(&mut waiting.sent);
                        waiting.unsent.extend(sent);
                    }
                }
            }
            _ => {}
        }
    }

    /// The same fact, and the state with it.
    pub(super) fn after(&mut self, state: &State, entry: &Entry) {
        match &entry.fact {
            Fact::OrderPut(put) => {
                let name = state.catalogue().channel(put.channel).map(|channel| channel.name.clone());
                let at = name.and_then(|name| self.rung_up.get(&(name, put.document.clone())));
                if let Some(at) = at {
                    self.orders.entry(put.order).or_insert(Sold { from: put.channel, at: *at });
                }
            }
            Fact::Moved(moved) => {
                let Some(row) = state.positions().find(moved.item, moved.location) else { return };
                let begun = moved.order.filter(|line| !self.begun.contains(line));
                let sold = begun.and_then(|(order, _)| self.orders.get(&order).copied());
                if let (Some(line), Some(_)) = (begun, sold) {
                    self.begun.insert(line);
                }
                self.moved(state, row, sold);
            }
            Fact::LevelRead(read) => {
                if let Some(row) = state.positions().find(read.item, read.location) {
                    self.shown_right(state, (read.channel, row), entry.at);
                }
            }
            Fact::WritesSettled(_) => {
                for place in std::mem::take(&mut self.settling) {
                    self.shown_right(state, place, entry.at);
                }
            }
            _ => {}
        }
    }

    /// Whoever shows something else now has the sale to accept; whoever shows the right level has nothing more to
    /// learn: what one sale took, another event has given back.
    fn moved(&mut self, state: &State, row: u32, sold: Option<Sold>) {
        for channel in state.catalogue().channels().iter().filter(|channel| channel.writes) {
            let Some(shown) = state.shown().get(channel.channel, row) else { continue };
            let place = (channel.channel, row);
            if right(state, place) && shown.in_flight.is_none() {
                self.waiting.remove(&place);
            } else if let Some(sold) = sold.filter(|sold| sold.from != channel.channel && shown.trust != Trust::Unread)
            {
                self.waiting.entry(place).or_default().unsent.push(sold);
            }
        }
    }

    /// A channel that is found to show what it should has accepted everything, in whatever way.
    fn shown_right(&mut self, state: &State, place: (ChannelId, u32), now: Instant) {
        if right(state, place) {
            self.accepted(place, now, |waiting| {
                let mut all = std::mem::take(&mut waiting.sent);
                all.append(&mut waiting.unsent);
                all
            });
        }
    }

    fn accepted(&mut self, place: (ChannelId, u32), now: Instant, which: impl FnOnce(&mut Waiting) -> Vec<Sold>) {
        let Some(waiting) = self.waiting.get_mut(&place) else { return };
        for Sold { from, at } in which(waiting) {
            let took_ms = now.since(at).max(0).unsigned_abs();
            self.journeys.push(Journey { from, to: place.0, sold_at: at, took_ms });
        }
        if waiting.unsent.is_empty() && waiting.sent.is_empty() {
            self.waiting.remove(&place);
        }
    }
}

fn right(state: &State, (channel, row): (ChannelId, u32)) -> bool {
    let position = state.positions().row(row);
    let wanted = state.wanted(channel, position.item, position.location);
    let shown = state.shown().get(channel, row);
    shown.zip(wanted).is_none_or(|(shown, wanted)| shown.level == wanted)
}
