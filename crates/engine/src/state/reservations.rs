//! Live promises. Ids count up, so a ring indexed from the oldest live one finds them without hashing.

use std::collections::{BTreeMap, VecDeque};

use minicbor::{Decode, Encode};
use model::{IdempotencyKey, Instant, Note, ReservationId, ReservedLine, Seq};

use super::Map;

/// A live promise.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reservation {
    /// What is held.
    #[n(0)]
    pub lines: Vec<ReservedLine>,
    /// When it lapses.
    #[n(1)]
    pub expires_at: Instant,
    /// For whom.
    #[n(2)]
    pub note: Option<Note>,
    /// The fact that made it: its age among all promises.
    #[n(3)]
    pub made: Seq,
}

/// The second since 1970 in which an instant lies.
fn second(at: Instant) -> i64 {
    at.0.div_euclid(1000)
}

/// All live promises.
#[derive(Clone, Debug, Default)]
pub struct Reservations {
    /// Id of the first slot.
    base: u64,
    slots: VecDeque<Option<Reservation>>,
    live: usize,
    /// Ids by the second in which they lapse; entries of finished or extended promises are skipped when met.
    expiry: BTreeMap<i64, Vec<ReservationId>>,
    by_key: Map<IdempotencyKey, ReservationId>,
}

impl Reservations {
    /// How many are live.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether none is live.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The id the next promise will get.
    pub fn next(&self) -> ReservationId {
        ReservationId(self.base + self.slots.len() as u64 + 1)
    }

    /// A live promise.
    pub fn get(&self, id: ReservationId) -> Option<&Reservation> {
        let slot = id.0.checked_sub(self.base + 1)?;
        self.slots.get(usize::try_from(slot).ok()?)?.as_ref()
    }

    /// The promise made under this key, live or not.
    pub fn by_key(&self, key: &IdempotencyKey) -> Option<ReservationId> {
        self.by_key.get(key).copied()
    }

    /// Live promises, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = (ReservationId, &Reservation)> {
        let base = self.base;
        self.slots
            .iter()
            .enumerate()
            .rev()
            .filter_map(move |(slot, live)| live.as_ref().map(|live| (ReservationId(base + slot as u64 + 1), live)))
    }

    /// At most `max` promises whose time has come, by id.
    pub fn due(&self, now: Instant, max: usize) -> Vec<ReservationId> {
        let mut due: Vec<ReservationId> = Vec::new();
        for (second, ids) in self.expiry.range(..=second(now)) {
            if due.len() >= max {
                break;
            }
            let mut lapsed: Vec<ReservationId> =
                ids.iter().copied().filter(|id| self.lapses_in(*id, *second) && self.has_lapsed(*id, now)).collect();
            lapsed.sort_unstable();
            lapsed.dedup();
            due.extend(lapsed);
        }
        due.truncate(max);
        due.sort_unstable();
        due
    }

    /// Bytes taken, for the memory figure of the benchmark.
    pub fn bytes(&self) -> usize {
        let lines: usize = self.slots.iter().flatten().map(|r| r.lines.capacity() * size_of::<ReservedLine>()).sum();
        let expiry: usize = self.expiry.values().map(|ids| ids.capacity() * 8 + 48).sum();
        self.slots.capacity() * size_of::<Option<Reservation>>() + lines + expiry + self.by_key.allocation_size()
    }

    pub(crate) fn insert(&mut self, id: ReservationId, reservation: Reservation, key: Option<IdempotencyKey>) {
        debug_assert_eq!(id, self.next(), "ids count up");
        self.expiry.entry(second(reservation.expires_at)).or_default().push(id);
        if let Some(key) = key {
            self.by_key.insert(key, id);
        }
        self.slots.push_back(Some(reservation));
        self.live += 1;
    }

    pub(crate) fn extend(&mut self, id: ReservationId, expires_at: Instant) {
        if let Some(live) = self.get_mut(id) {
            live.expires_at = expires_at;
            self.expiry.entry(second(expires_at)).or_default().push(id);
        }
    }

    pub(crate) fn remove(&mut self, id: ReservationId) -> Option<Reservation> {
        let removed = self.get_slot(id)?.take()?;
        self.live -= 1;
        while matches!(self.slots.front(), Some(None)) {
            self.slots.pop_front();
            self.base += 1;
        }
        Some(removed)
    }

    /// Drops what is left of seconds that have passed. What is due and still live stays where it is until an `Expire`
    /// takes it.
    pub(crate) fn forget_lapsed(&mut self, now: Instant) {
        while let Some((first, ids)) = self.expiry.first_key_value() {
            if *first >= second(now) || ids.iter().any(|id| self.lapses_in(*id, *first)) {
                break;
            }
            self.expiry.pop_first();
        }
    }

    /// Whether a promise is live and this is its second, not one that it was extended from.
    fn lapses_in(&self, id: ReservationId, number: i64) -> bool {
        self.get(id).is_some_and(|live| second(live.expires_at) == number)
    }

    fn has_lapsed(&self, id: ReservationId, now: Instant) -> bool {
        self.get(id).is_some_and(|live| live.expires_at <= now)
    }

    pub(crate) fn forget_key(&mut self, key: &IdempotencyKey) {
        self.by_key.remove(key);
    }

    fn get_mut(&mut self, id: ReservationId) -> Option<&mut Reservation> {
        self.get_slot(id)?.as_mut()
    }

    fn get_slot(&mut self, id: ReservationId) -> Option<&mut Option<Reservation>> {
        let slot = id.0.checked_sub(self.base + 1)?;
        self.slots.get_mut(usize::try_from(slot).ok()?)
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let mut keys: Vec<(&IdempotencyKey, &ReservationId)> = self.by_key.iter().collect();
        keys.sort_unstable();
        let slots: Vec<&Option<Reservation>> = self.slots.iter().collect();
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(self.base, &mut *out);
        let _ = minicbor::encode(&slots, &mut *out);
        let _ = minicbor::encode(&keys, &mut *out);
    }

    pub(crate) fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let base: u64 = decoder.decode()?;
        let slots: Vec<Option<Reservation>> = decoder.decode()?;
        let keys: Vec<(IdempotencyKey, ReservationId)> = decoder.decode()?;
        let mut expiry: BTreeMap<i64, Vec<ReservationId>> = BTreeMap::new();
        let mut live = 0;
        for (slot, reservation) in slots.iter().enumerate() {
            if let Some(reservation) = reservation {
                live += 1;
                let id = ReservationId(base + slot as u64 + 1);
                expiry.entry(second(reservation.expires_at)).or_default().push(id);
            }
        }
        Ok(Self { base, slots: slots.into(), live, expiry, by_key: keys.into_iter().collect() })
    }
}
