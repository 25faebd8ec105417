//! Cells of records that share a block. Called for every record put, asked about or forgotten; knows only hashes.
//!
//! A cell of more than [`FULL`] records is divided by further attributes, twice at most; only below that are the newest
//! alone looked at, and how often that happened is counted.

use super::field::Field;
use super::keys::{ATTRIBUTES, Key};
use super::values::{HashTable, mix};

/// Records in a cell above which it is divided.
pub const FULL: u32 = 100;
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
            self.put(key.hash, record, 0, 0, of);
        }
    }

    /// Takes a record out of its cells.
    pub fn remove(&mut self, keys: &[Key], record: u32, of: &impl Fn(u32) -> Attributes) {
        for key in keys {
            self.take(key.hash, record, 0, 0, of);
        }
    }

    /// Looks a record up that has these keys and attributes.
    pub fn search(&self, keys: &[Key], attributes: &Attributes, found: &mut Found) {
        for key in keys {
            self.gather(key.hash, key.fields, 0, 0, attributes, found);
        }
    }

    fn put(&mut self, hash: u64, record: u32, depth: u32, from: usize, of: &impl Fn(u32) -> Attributes) {
        let cell = self.cells.entry(hash).or_insert(Cell { newest: END, len: 0 });
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
        if depth == DEEPEST || len <= FULL {
            return;
        }
        if len == FULL + 1 {
            let mut members = self.members(hash);
            members.reverse();
            for member in members {
                self.divide(hash, member, depth, from, of, &Self::put);
            }
        } else {
            self.divide(hash, record, depth, from, of, &Self::put);
        }
    }

    fn take(&mut self, hash: u64, record: u32, depth: u32, from: usize, of: &impl Fn(u32) -> Attributes) {
        let Some(cell) = self.cells.get(&hash).copied() else {
            return;
        };
        let divided = depth < DEEPEST && cell.len > FULL;
        if divided && cell.len == FULL + 1 {
            for member in self.members(hash) {
                self.divide(hash, member, depth, from, of, &Self::take);
            }
        } else if divided {
            self.divide(hash, record, depth, from, of, &Self::take);
        }
        self.unlink(hash, record);
    }

    /// Does the same in every cell below this one that the record belongs to.
    fn divide<F: Fn(u32) -> Attributes>(
        &mut self, hash: u64, record: u32, depth: u32, from: usize, of: &F, step: &impl Fn(&mut Self, u64, u32, u32, usize, &F),
    ) {
        for (place, (attribute, _)) in of(record).iter().enumerate().skip(from).filter(|(_, (attribute, _))| *attribute != 0) {
            step(self, below(hash, place, *attribute), record, depth + 1, place + 1, of);
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

    /// Newest first.
    fn members(&self, hash: u64) -> Vec<u32> {
        self.chain(hash).collect()
    }

    fn chain(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let mut place = self.cells.get(&hash).map_or(END, |cell| cell.newest);
        std::iter::from_fn(move || {
            let entry = self.entries.get(place as usize)?;
            place = entry.older;
            Some(entry.record)
        })
    }

    fn gather(&self, hash: u64, fields: u32, depth: u32, from: usize, attributes: &Attributes, found: &mut Found) {
        let Some(cell) = self.cells.get(&hash) else {
            return;
        };
        let usable = attributes.iter().skip(from).any(|(attribute, _)| *attribute != 0);
        if cell.len > FULL && depth < DEEPEST && usable {
            for (place, (attribute, field)) in attributes.iter().enumerate().skip(from) {
                if *attribute != 0 {
                    self.gather(below(hash, place, *attribute), fields | field.bit(), depth + 1, place + 1, attributes, found);
                }
            }
            return;
        }
        found.cut += u64::from(cell.len > FULL);
        let free = u64::from(!fields);
        found.raw.extend(self.chain(hash).take(FULL as usize).map(|record| u64::from(record) << 32 | free));
    }
}

/// The cell below a cell for the members with this attribute.
fn below(hash: u64, place: usize, attribute: u64) -> u64 {
    mix(mix(hash, place as u64 + 1), attribute)
}
