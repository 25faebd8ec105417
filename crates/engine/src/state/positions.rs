//! Stock: one dense row per item and location. Counted in bytes, since there may be millions.

use hashbrown::HashTable;
use minicbor::{Decode, Encode};
use model::{Change, Instant, ItemId, Level, LocationId, Quantity};

use super::Map;

/// The part of a position that every decision reads: 24 bytes.
#[derive(Clone, Copy, Debug, Encode, Decode)]
struct Row {
    #[n(0)]
    item: u32,
    #[n(1)]
    location: u16,
    /// Bit 0: a first count is known. Bit 1: there is an [`Extra`].
    #[n(2)]
    flags: u16,
    #[n(3)]
    on_hand: i64,
    #[n(4)]
    reserved: i64,
}

const OPENED: u16 = 1;
const EXTRA: u16 = 2;

/// What few positions have.
#[derive(Clone, Copy, Debug, Default, Encode, Decode)]
struct Extra {
    #[n(0)]
    in_transit: i64,
    #[n(1)]
    unsellable: i64,
    #[n(2)]
    safety: i64,
    #[n(3)]
    counted_at: i64,
}

/// A position, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Item.
    pub item: ItemId,
    /// Location.
    pub location: LocationId,
    on_hand: i64,
    reserved: i64,
    in_transit: i64,
    unsellable: i64,
    safety: i64,
    counted_at: i64,
    opened: bool,
}

impl Position {
    /// What lies there and can be sold; below zero when tills sold more than was known.
    pub fn on_hand(&self) -> Level {
        Level::from_parts(self.on_hand)
    }

    /// What is promised.
    pub fn reserved(&self) -> Level {
        Level::from_parts(self.reserved)
    }

    /// On its way here.
    pub fn in_transit(&self) -> Level {
        Level::from_parts(self.in_transit)
    }

    /// There, but not for sale.
    pub fn unsellable(&self) -> Level {
        Level::from_parts(self.unsellable)
    }

    /// To be left unsold.
    pub fn safety(&self) -> Level {
        Level::from_parts(self.safety)
    }

    /// On hand less what is promised, signed.
    pub fn free(&self) -> Level {
        Level::from_parts(self.on_hand.saturating_sub(self.reserved))
    }

    /// Available to sell: on hand − reserved − safety, never below zero.
    pub fn available(&self) -> Quantity {
        Level::from_parts(self.free().parts().saturating_sub(self.safety)).positive()
    }

    /// When it was last counted through us.
    pub fn counted_at(&self) -> Option<Instant> {
        (self.counted_at != 0).then_some(Instant(self.counted_at))
    }

    /// Whether a first count is known. Before it, nothing can be called oversold.
    pub fn opened(&self) -> bool {
        self.opened
    }
}

/// A change of a position; what it does not name stays.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PositionChange {
    pub on_hand: Change,
    pub reserved: Change,
    pub in_transit: Change,
    pub unsellable: Change,
}

/// All positions.
#[derive(Clone, Debug, Default)]
pub struct Positions {
    rows: Vec<Row>,
    index: HashTable<u32>,
    extra: Map<u32, Extra>,
}

fn key(item: u32, location: u16) -> u64 {
    (u64::from(item) << 16) | u64::from(location)
}

/// A full-avalanche mix of the key (the finaliser of SplitMix64): fixed, so that every machine agrees.
fn hash(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Positions {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row number of an item at a location.
    pub fn find(&self, item: ItemId, location: LocationId) -> Option<u32> {
        let location = u16::try_from(location.0).ok()?;
        let wanted = key(item.0, location);
        self.index
            .find(hash(wanted), |row| {
                let row = &self.rows[*row as usize];
                key(row.item, row.location) == wanted
            })
            .copied()
    }

    /// An item at a location; zeros when it was never heard of.
    pub fn get(&self, item: ItemId, location: LocationId) -> Position {
        match self.find(item, location) {
            Some(row) => self.row(row),
            None => Position {
                item,
                location,
                on_hand: 0,
                reserved: 0,
                in_transit: 0,
                unsellable: 0,
                safety: 0,
                counted_at: 0,
                opened: false,
            },
        }
    }

    /// A row by its number, below [`len`](Self::len).
    pub fn row(&self, row: u32) -> Position {
        let hot = &self.rows[row as usize];
        let extra =
            if hot.flags & EXTRA == 0 { Extra::default() } else { self.extra.get(&row).copied().unwrap_or_default() };
        Position {
            item: ItemId(hot.item),
            location: LocationId(u32::from(hot.location)),
            on_hand: hot.on_hand,
            reserved: hot.reserved,
            in_transit: extra.in_transit,
            unsellable: extra.unsellable,
            safety: extra.safety,
            counted_at: extra.counted_at,
            opened: hot.flags & OPENED != 0,
        }
    }

    /// Rows of one item, in location order.
    pub fn of_item(&self, item: ItemId, locations: usize) -> Vec<u32> {
        (0..locations as u32).filter_map(|location| self.find(item, LocationId(location))).collect()
    }

    /// The row of an item at a location, made when it is new. `None` when the location number is beyond what a row
    /// can hold (65,535), which `decide` refuses when the location is made.
    pub(crate) fn open(&mut self, item: ItemId, location: LocationId) -> Option<u32> {
        if let Some(row) = self.find(item, location) {
            return Some(row);
        }
        let location = u16::try_from(location.0).ok()?;
        let row = u32::try_from(self.rows.len()).ok()?;
        if self.rows.len() == self.rows.capacity() {
            // A quarter more instead of double: the table is the largest thing in memory.
            self.rows.reserve_exact((self.rows.len() / 4).max(64));
        }
        self.rows.push(Row { item: item.0, location, flags: 0, on_hand: 0, reserved: 0 });
        let rows = &self.rows;
        self.index.insert_unique(hash(key(item.0, location)), row, |other| {
            let other = &rows[*other as usize];
            hash(key(other.item, other.location))
        });
        Some(row)
    }

    pub(crate) fn change(&mut self, row: u32, change: PositionChange) {
        let hot = &mut self.rows[row as usize];
        hot.on_hand = hot.on_hand.saturating_add(change.on_hand.parts());
        hot.reserved = hot.reserved.saturating_add(change.reserved.parts());
        if !change.in_transit.is_zero() || !change.unsellable.is_zero() {
            let extra = self.extra_mut(row);
            extra.in_transit = extra.in_transit.saturating_add(change.in_transit.parts());
            extra.unsellable = extra.unsellable.saturating_add(change.unsellable.parts());
        }
    }

    pub(crate) fn set_opened(&mut self, row: u32) {
        self.rows[row as usize].flags |= OPENED;
    }

    pub(crate) fn set_safety(&mut self, row: u32, safety: Quantity) {
        self.extra_mut(row).safety = safety.parts();
    }

    pub(crate) fn set_counted(&mut self, row: u32, at: Instant) {
        self.extra_mut(row).counted_at = at.0;
    }

    fn extra_mut(&mut self, row: u32) -> &mut Extra {
        self.rows[row as usize].flags |= EXTRA;
        self.extra.entry(row).or_default()
    }

    /// Bytes taken by rows and index, for the memory figure of the benchmark.
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<Row>() + self.index.allocation_size() + self.extra.allocation_size()
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let mut extra: Vec<(u32, Extra)> = self.extra.iter().map(|(row, extra)| (*row, *extra)).collect();
        extra.sort_unstable_by_key(|(row, _)| *row);
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(&self.rows, &mut *out);
        let _ = minicbor::encode(&extra, &mut *out);
    }

    pub(crate) fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let rows: Vec<Row> = decoder.decode()?;
        let extra: Vec<(u32, Extra)> = decoder.decode()?;
        let mut index = HashTable::with_capacity(rows.len());
        for (number, row) in rows.iter().enumerate() {
            let rehash = |other: &u32| hash(key(rows[*other as usize].item, rows[*other as usize].location));
            index.insert_unique(hash(key(row.item, row.location)), number as u32, rehash);
        }
        Ok(Self { rows, index, extra: extra.into_iter().collect() })
    }
}
