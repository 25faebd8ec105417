//! Cells of records that share a block. Called for every record put, asked about or forgotten; knows only hashes.
//!
//! A cell of more records than its rule allows is divided by further attributes, twice at most; only below that are the newest
//! alone looked at, and how often that happened is counted.

use super::field::Field;
use super::keys::{ATTRIBUTES, Key};
use super::values::{HashTable, mix};

/// How often a cell is divided.
const DEEPEST: u32 = 2;
/// No entry.
const END: u32 = u32::MAX;

/// Attributes of a record by which cells are divided: hash (0 not known) and field.
pub type Attributes = [(u64, Field); ATTRIBUTES];

#[derive(Clone, Copy, Debug)]
struct Cell {
    newest: u32,
    len: u32,
}

/// A cell on the way down: how often it was divided, from which attribute on, and when it is full.
#[derive(Clone, Copy, Debug)]
struct Way {
    hash: u64,
    depth: u32,
    from: usize,
    full: u32,
}

impl Way {
    fn of(key: &Key) -> Self {
        Self { hash: key.hash, depth: if key.alone { DEEPEST } else { 0 }, from: 0, full: key.full }
    }

    /// The cell below this one for members with this attribute.
    fn below(self, place: usize, attribute: u64) -> Self {
        let hash = mix(mix(self.hash, place as u64 + 1), attribute);
        Self { hash, depth: self.depth + 1, from: place + 1, full: self.full }
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    record: u32,
    older: u32,
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// `record << 32 | fields`, where the fields are those that this way of finding it did not use.
    raw: Vec<u64>,
    /// Cells of which only the newest records were looked at.
    pub cut: u64,
}

/// A record found, and the fields that at least one way of finding it did not use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its number.
    pub record: u32,
    /// Fields as bits.
    pub free: u32,
}

impl Found {
    /// Nothing yet.
    pub fn clear(&mut self) {
        self.raw.clear();
        self.cut = 0;
    }

    /// Every record once, in the order of numbers.
    pub fn candidates(&mut self) -> impl Iterator<Item = Candidate> + '_ {
        self.raw.sort_unstable();
        let record = |raw: &u64| (raw >> 32) as u32;
        self.raw.chunk_by(move |a, b| record(a) == record(b)).map(move |ways| Candidate {
            record: record(&ways[0]),
            free: ways.iter().fold(0, |free, way| free | *way as u32),
        })
    }
}

/// The cells.
#[derive(Clone, Debug, Default)]
pub struct Index {
    cells: HashTable<Cell>,
    entries: Vec<Entry>,
    unused: Vec<u32>,
}

impl Index {
    /// Puts a record into its cells. `of` gives the attributes of any record in the index, this one too.
    pub fn insert(&mut self, keys: &[Key], record: u32, of: &impl Fn(u32) -> Attributes) {
        for key in keys {
            self.put(Way::of(key), record, of);
        }
    }

    /// Takes a record out of its cells.
    pub fn remove(&mut self, keys: &[Key], record: u32, of: &impl Fn(u32) -> Attributes) {
        for key in keys {
            self.take(Way::of(key), record, of);
        }
    }

    /// Looks a record up that has these keys and attributes.
    pub fn search(&self, keys: &[Key], attributes: &Attributes, found: &mut Found) {
        for key in keys.iter().filter(|key| !key.alone || self.len(key.hash) <= key.full) {
            self.gather(Way::of(key), key.fields, attributes, found);
        }
    }

    fn put(&mut self, way: Way, record: u32, of: &impl Fn(u32) -> Attributes) {
        let cell = self.cells.entry(way.hash).or_insert(Cell { newest: END, len: 0 });
        let entry = Entry { record, older: cell.newest };
        let place = match self.unused.pop() {
            Some(place) => {
                self.entries[place as usize] = entry;
                place
            }
            None => {
                self.entries.push(entry);
                self.entries.len() as u32 - 1
            }
        };
        cell.newest = place;
        cell.len += 1;
        let len = cell.len;
        if way.depth == DEEPEST || len <= way.full {
            return;
        }
        if len > way.full + 1 {
            return self.put_below(way, record, of);
        }
        let mut members: Vec<u32> = self.chain(way.hash).collect();
        members.reverse();
        members.into_iter().for_each(|member| self.put_below(way, member, of));
    }

    fn take(&mut self, way: Way, record: u32, of: &impl Fn(u32) -> Attributes) {
        let Some(cell) = self.cells.get(&way.hash).copied() else {
            return;
        };
        let divided = way.depth < DEEPEST && cell.len > way.full;
        if divided && cell.len == way.full + 1 {
            // It is whole again.
            let members: Vec<u32> = self.chain(way.hash).collect();
            members.into_iter().for_each(|member| self.take_below(way, member, of));
        } else if divided {
            self.take_below(way, record, of);
        }
        self.unlink(way.hash, record);
    }

    fn put_below(&mut self, way: Way, record: u32, of: &impl Fn(u32) -> Attributes) {
        for (place, (attribute, _)) in known(&of(record), way.from) {
            self.put(way.below(place, attribute), record, of);
        }
    }

    fn take_below(&mut self, way: Way, record: u32, of: &impl Fn(u32) -> Attributes) {
        for (place, (attribute, _)) in known(&of(record), way.from) {
            self.take(way.below(place, attribute), record, of);
        }
    }

    fn unlink(&mut self, hash: u64, record: u32) {
        let Some(cell) = self.cells.get_mut(&hash) else {
            return;
        };
        let (mut before, mut place) = (END, cell.newest);
        while place != END && self.entries[place as usize].record != record {
            (before, place) = (place, self.entries[place as usize].older);
        }
        if place == END {
            return;
        }
        let older = self.entries[place as usize].older;
        if before == END {
            cell.newest = older;
        } else {
            self.entries[before as usize].older = older;
        }
        cell.len -= 1;
        if cell.len == 0 {
            self.cells.remove(&hash);
        }
        self.unused.push(place);
    }

    fn len(&self, hash: u64) -> u32 {
        self.cells.get(&hash).map_or(0, |cell| cell.len)
    }

    /// Newest first.
    fn chain(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let mut place = self.cells.get(&hash).map_or(END, |cell| cell.newest);
        std::iter::from_fn(move || {
            let entry = self.entries.get(place as usize)?;
            place = entry.older;
            Some(entry.record)
        })
    }

    fn gather(&self, way: Way, fields: u32, attributes: &Attributes, found: &mut Found) {
        let Some(cell) = self.cells.get(&way.hash) else {
            return;
        };
        if cell.len > way.full && way.depth < DEEPEST && known(attributes, way.from).next().is_some() {
            for (place, (attribute, field)) in known(attributes, way.from) {
                self.gather(way.below(place, attribute), fields | field.bit(), attributes, found);
            }
            return;
        }
        found.cut += u64::from(cell.len > way.full);
        let free = u64::from(!fields);
        found.raw.extend(self.chain(way.hash).take(way.full as usize).map(|record| u64::from(record) << 32 | free));
    }
}

/// Attributes that are known, from a place on.
fn known(attributes: &Attributes, from: usize) -> impl Iterator<Item = (usize, (u64, Field))> {
    attributes.iter().copied().enumerate().skip(from).filter(|(_, (attribute, _))| *attribute != 0)
}
