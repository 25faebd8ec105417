//! What decisions need now, in memory. Read by everyone through the writer thread, changed only by `evolve`.

mod availability;
mod catalogue;
mod govern;
mod listings;
mod orders;
mod people;
mod positions;
mod reservations;
mod shown;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hashbrown::HashMap;
use model::{
    Change, ChannelId, Cursor, DecisionAction, DeliveryKey, IdempotencyKey, Instant, Instructed, InstructionId,
    InstructionSent, MappingQuestion, NoticeAbout, QuarantineId, Quarantined, Seq, TransferId, TransferPut, WriteId,
    WritesIntended,
};

pub use availability::Availability;
pub use catalogue::{Catalogue, StrangePlace};
pub use govern::{Alike, DoneProposal, Governance, OpenProposal};
pub(crate) use govern::{HOUR_MS, TOGETHER_MS};
pub use listings::{Listed, Listings};
pub use orders::{Holding, Order, Orders, PutBack, TakenBack};
pub use people::Links;
pub(crate) use positions::PositionChange;
pub use positions::{Position, Positions};
pub use reservations::{Reservation, Reservations};
pub use shown::{Shown, ShownLevel, Trust};
pub use snapshot::SnapshotError;

/// A hash map with a fixed seed: the same on every machine. Never iterated where the order could show.
pub type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// How long a delivery id or an idempotency key is remembered, in milliseconds: longer than any vendor's retries and
/// offline sales.
const REMEMBER_MS: i64 = 7 * 24 * 3_600_000;
/// How far back a count may be dated, in milliseconds, and how many movements are kept for that.
const RECENT_MS: i64 = 72 * 3_600_000;
const RECENT_MAX: usize = 1 << 20;
/// Movements among which those since a time are looked for.
const LATELY: usize = 1 << 16;
/// Movements among which the last one to happen is looked for.
const LAST_TAKEN: usize = 16;

/// A batch of writes whose outcome is not known yet.
pub type InFlight = WritesIntended;

/// A document that a channel was told to make and of which nobody knows yet that it is made or refused.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub struct OpenInstruction {
    /// What was asked.
    #[n(0)]
    pub instructed: Instructed,
    /// When.
    #[n(1)]
    pub asked_at: Instant,
    /// What is on its way; `None` = not sent yet.
    #[n(2)]
    pub sent: Option<InstructionSent>,
}

/// What changed since somebody last looked, for dispatch. Not part of the truth: never stored, never hashed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Rows of [`Positions`] whose wanted level may have changed on every channel.
    pub positions: BTreeSet<u32>,
    /// Channels with new notices.
    pub noticed: BTreeSet<ChannelId>,
    /// Everything must be looked at again (configuration or mappings changed).
    pub all: bool,
}

/// A movement of the last days, so that a count can be compared with what was known at its time.
#[derive(Clone, Copy, Debug, minicbor::Encode, minicbor::Decode)]
pub(crate) struct Recent {
    #[n(0)]
    pub happened_at: Instant,
    #[n(1)]
    pub position: u32,
    #[n(2)]
    pub on_hand: i64,
    /// Whether less was free afterwards.
    #[n(3)]
    pub taken: bool,
}

/// The engine's memory.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub(crate) now: Instant,
    pub(crate) seq: Seq,
    pub(crate) catalogue: Catalogue,
    pub(crate) positions: Positions,
    pub(crate) shown: Shown,
    pub(crate) listings: Listings,
    pub(crate) orders: Orders,
    pub(crate) reservations: Reservations,
    pub(crate) deliveries: Map<DeliveryKey, ()>,
    pub(crate) delivered: VecDeque<(Instant, DeliveryKey)>,
    pub(crate) keys: Map<IdempotencyKey, u64>,
    pub(crate) keyed: VecDeque<(Instant, IdempotencyKey)>,
    pub(crate) decisions: Map<IdempotencyKey, (u64, DecisionAction, model::Note)>,
    pub(crate) notices: BTreeMap<(ChannelId, NoticeAbout), Instant>,
    pub(crate) cursors: BTreeMap<ChannelId, Cursor>,
    pub(crate) quarantine: BTreeMap<QuarantineId, Quarantined>,
    pub(crate) quarantine_last: u32,
    pub(crate) in_flight: BTreeMap<WriteId, InFlight>,
    pub(crate) write_last: u64,
    pub(crate) transfers: BTreeMap<TransferId, TransferPut>,
    pub(crate) transfer_last: u32,
    pub(crate) recent: VecDeque<Recent>,
    pub(crate) instructions: BTreeMap<InstructionId, OpenInstruction>,
    pub(crate) instruction_last: u64,
    pub(crate) customers: BTreeMap<(ChannelId, model::CustomerKey), u64>,
    pub(crate) links: Links,
    pub(crate) governance: Governance,
    pub(crate) dismissed: BTreeSet<MappingQuestion>,
    pub(crate) touched: Touched,
}

impl State {
    /// The number of the last fact taken in; 0 before the first.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The largest time seen.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Items, locations, channels and what outsiders call them.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Stock.
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// What channels are believed to show.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Whether a channel was ever believed to show a number of an item.
    pub(crate) fn was_shown(&self, channel: ChannelId, item: model::ItemId) -> bool {
        let rows = self.positions.of_item(item, self.catalogue.locations().len());
        // A row that only says what the channel taught about the stock was never moved.
        rows.into_iter().any(|row| self.shown.get(channel, row).is_some_and(|row| row.moved > Seq(0)))
    }

    /// What channels list otherwise than we have it.
    pub fn listings(&self) -> &Listings {
        &self.listings
    }

    /// What a channel is believed to list of an item: `None` when it is not mapped there, or nobody knows.
    pub fn listing(&self, channel: ChannelId, item: model::ItemId) -> Option<model::Listing> {
        self.catalogue.external_item(channel, item)?;
        match self.listings.get(channel, item) {
            Some(listed) => listed.seen.clone(),
            None => self.catalogue.item(item).map(model::ItemPut::listing),
        }
    }

    /// What a channel should list of an item, where it follows us and can be compared.
    pub fn wanted_listing(&self, channel: ChannelId, item: model::ItemId) -> Option<model::Listing> {
        let follows = self.catalogue.channel(channel)?.follows;
        let seen = self.listing(channel, item)?;
        Some(seen.taking(&self.catalogue.item(item)?.listing(), follows))
    }

    /// Whether a listing is to be written now.
    pub(crate) fn listing_due(&self, channel: ChannelId, item: model::ItemId) -> bool {
        let writes = self.catalogue.channel(channel).is_some_and(|channel| channel.writes);
        let Some(listed) = self.listings.get(channel, item).filter(|_| writes) else { return false };
        let wanted = self.wanted_listing(channel, item);
        let refused = listed.refused.as_ref().map(|(refused, _)| refused);
        listed.in_flight.is_none() && wanted.is_some() && wanted != listed.seen && wanted.as_ref() != refused
    }

    /// Orders.
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// Live promises.
    pub fn reservations(&self) -> &Reservations {
        &self.reservations
    }

    /// Whether this delivery was taken in within the last seven days.
    pub fn was_delivered(&self, delivery: DeliveryKey) -> bool {
        self.deliveries.contains_key(&delivery)
    }

    /// What is still to be fetched from a channel, and since when that is known.
    pub fn notices(&self, channel: ChannelId) -> impl Iterator<Item = (&NoticeAbout, Instant)> {
        self.notices.iter().filter(move |((of, _), _)| *of == channel).map(|((_, about), at)| (about, *at))
    }

    /// How far polling of a channel has come.
    pub fn cursor(&self, channel: ChannelId) -> Option<Cursor> {
        self.cursors.get(&channel).cloned()
    }

    /// Inputs set aside.
    pub fn quarantine(&self) -> impl Iterator<Item = &Quarantined> {
        self.quarantine.values()
    }

    /// One input set aside.
    pub fn quarantined(&self, id: QuarantineId) -> Option<&Quarantined> {
        self.quarantine.get(&id)
    }

    /// Writes whose outcome is not known.
    pub fn in_flight(&self) -> impl Iterator<Item = &InFlight> {
        self.in_flight.values()
    }

    /// One batch of them.
    pub fn in_flight_batch(&self, id: WriteId) -> Option<&InFlight> {
        self.in_flight.get(&id)
    }

    /// The id the next batch of writes will get.
    pub fn next_write(&self) -> WriteId {
        WriteId(self.write_last + 1)
    }

    /// Transfers that are not finished.
    pub fn transfers(&self) -> impl Iterator<Item = &TransferPut> {
        self.transfers.values()
    }

    /// Documents that channels were told to make and that have not ended, the oldest first.
    pub fn instructions(&self) -> impl Iterator<Item = &OpenInstruction> {
        self.instructions.values()
    }

    /// One of them.
    pub fn instruction(&self, id: InstructionId) -> Option<&OpenInstruction> {
        self.instructions.get(&id)
    }

    /// The recorded answer for an idempotency key of the decision endpoint.
    pub fn decision(&self, key: &IdempotencyKey) -> Option<&model::Note> {
        self.decisions.get(key).map(|(_, _, answer)| answer)
    }

    /// Who may act: policy, brakes, proposals that wait, acts that can be taken back.
    pub fn governance(&self) -> &Governance {
        &self.governance
    }

    /// Which customer records are one person.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Whether a question was put away for good.
    pub fn is_dismissed(&self, question: &MappingQuestion) -> bool {
        self.dismissed.contains(question)
    }

    /// Questions that were put away for good, in order.
    pub fn dismissed(&self) -> impl Iterator<Item = &MappingQuestion> {
        self.dismissed.iter()
    }

    /// Takes what changed since the last call.
    pub fn take_touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    /// Everything must be looked at again: after a start nobody knows what was looked at.
    pub fn touch_all(&mut self) {
        self.touched.all = true;
    }

    /// What lay there at an earlier time: on hand now, less what moved since.
    pub fn on_hand_at(&self, position: u32, at: Instant) -> model::Level {
        let now = self.positions.row(position).on_hand();
        let since: i64 = self
            .recent
            .iter()
            .filter(|recent| recent.position == position && recent.happened_at > at)
            .fold(0, |sum, recent| sum.saturating_add(recent.on_hand));
        model::Level::from_parts(now.parts().saturating_sub(since))
    }

    /// Positions that moved since a time, the last first, each once, at most so many.
    pub fn moved_since(&self, since: Instant, most: usize) -> Vec<u32> {
        let (mut seen, mut rows) = (BTreeSet::new(), Vec::new());
        // They are kept in the order in which they were heard of: a late one among them ends nothing.
        let lately = self.recent.iter().rev().take(LATELY).filter(|recent| recent.happened_at >= since);
        for recent in lately {
            if rows.len() == most {
                break;
            }
            if seen.insert(recent.position) {
                rows.push(recent.position);
            }
        }
        rows
    }

    /// When something was last taken from a position, by sale or promise, within the last days. The last that was heard
    /// of need not be the last that happened: a few are looked at.
    pub(crate) fn last_taken(&self, position: u32) -> Option<Instant> {
        let taken = self.recent.iter().rev().filter(|recent| recent.position == position && recent.taken);
        taken.take(LAST_TAKEN).map(|recent| recent.happened_at).max()
    }

    pub(crate) fn remember_movement(&mut self, happened_at: Instant, position: u32, on_hand: Change, reserved: Change) {
        let taken = on_hand.plus(reserved.undo()).is_loss();
        if on_hand.is_zero() && !taken {
            return;
        }
        self.recent.push_back(Recent { happened_at, position, on_hand: on_hand.parts(), taken });
        let horizon = self.now.plus_ms(-RECENT_MS);
        while self.recent.len() > RECENT_MAX || self.recent.front().is_some_and(|first| first.happened_at < horizon) {
            self.recent.pop_front();
        }
    }

    pub(crate) fn remember_delivery(&mut self, delivery: DeliveryKey) {
        self.deliveries.insert(delivery, ());
        self.delivered.push_back((self.now, delivery));
        let horizon = self.now.plus_ms(-REMEMBER_MS);
        while let Some((at, old)) = self.delivered.front().copied() {
            if at >= horizon {
                break;
            }
            self.delivered.pop_front();
            self.deliveries.remove(&old);
        }
    }

    pub(crate) fn remember_key(&mut self, key: IdempotencyKey, asked: u64) {
        self.keys.insert(key.clone(), asked);
        self.keyed.push_back((self.now, key));
        let horizon = self.now.plus_ms(-REMEMBER_MS);
        while self.keyed.front().is_some_and(|(at, _)| *at < horizon) {
            if let Some((_, old)) = self.keyed.pop_front() {
                self.keys.remove(&old);
                self.decisions.remove(&old);
                self.reservations.forget_key(&old);
            }
        }
    }
}
