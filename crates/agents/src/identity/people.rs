//! The records themselves, their values and their blocks. Called by the mind; knows neither weights nor links.

use minicbor::{CborLen, Decode, Encode};

use super::compare::{Look, compare, level};
use super::field::{FIELDS, Field, Level, Pattern};
use super::index::{Candidate, Found, Index};
use super::keys::{Key, attributes, keys};
use super::normal::normalised;
use super::record::Record;
use super::values::{Slots, Value, ValueId, Values};

/// All records by their numbers; numbers are given out once and never again.
#[derive(Clone, Debug, Default, Encode, Decode, CborLen)]
pub struct People {
    #[n(0)]
    values: Values,
    /// Of a record that is gone, nothing.
    #[n(1)]
    slots: Vec<Slots>,
    #[cbor(skip)]
    index: Index,
}

/// A record in the form it is looked up in, stored or not.
#[derive(Clone, Debug)]
pub struct Asked {
    slots: Slots,
    strangers: Vec<Value>,
}

impl People {
    /// Takes a record in and gives its number.
    pub fn add(&mut self, record: &Record) -> u32 {
        let number = self.slots.len() as u32;
        self.slots.push(self.values.add(normalised(record)));
        self.put_into_cells(number);
        number
    }

    /// Forgets a record: its fields are gone, and no later record finds it.
    pub fn remove(&mut self, number: u32) {
        let Some(slots) = self.slots.get(number as usize).copied().filter(|slots| *slots != [0; FIELDS]) else {
            return;
        };
        let mut blocks = Vec::new();
        keys(self.look(), &slots, &mut blocks);
        let (values, all) = (&self.values, &self.slots);
        self.index
            .remove(&blocks, number, &|record| attributes(Look { values, strangers: &[] }, &all[record as usize]));
        self.values.remove(&slots);
        self.slots[number as usize] = [0; FIELDS];
    }

    /// Numbers given out so far.
    pub fn numbers(&self) -> u32 {
        self.slots.len() as u32
    }

    /// The values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// A record's values.
    pub fn slots(&self, number: u32) -> &Slots {
        const NOBODY: &Slots = &[0; FIELDS];
        self.slots.get(number as usize).unwrap_or(NOBODY)
    }

    /// A stored record, to be looked up.
    pub fn asked(&self, number: u32) -> Asked {
        Asked { slots: *self.slots(number), strangers: Vec::new() }
    }

    /// A record that is not stored, to be looked up.
    pub fn ask(&self, record: &Record) -> Asked {
        let (slots, strangers) = self.values.look(normalised(record));
        Asked { slots, strangers }
    }

    /// Every record that shares a block with this one, itself too when it is stored. `blocks` is room to work in.
    pub fn search<'f>(
        &self,
        asked: &Asked,
        blocks: &mut Vec<Key>,
        found: &'f mut Found,
    ) -> impl Iterator<Item = Candidate> + 'f {
        let look = Look { values: &self.values, strangers: &asked.strangers };
        keys(look, &asked.slots, blocks);
        found.clear();
        self.index.search(blocks, &attributes(look, &asked.slots), found);
        found.candidates()
    }

    /// How alike two records are.
    pub fn compare(&self, asked: &Asked, number: u32) -> Pattern {
        let look = Look { values: &self.values, strangers: &asked.strangers };
        compare(look, &asked.slots, self.slots(number))
    }

    /// How alike two stored values of a field are.
    pub fn level(&self, field: Field, a: ValueId, b: ValueId) -> Level {
        level(self.look(), field, a, b)
    }

    /// Whether every value that a record names is there.
    pub fn is_whole(&self) -> bool {
        let count = self.values.len();
        self.slots.iter().flatten().all(|id| *id < count.max(1))
    }

    /// Builds what is not stored again, after loading.
    pub fn rebuild(&mut self) {
        self.values.rebuild();
        self.index = Index::default();
        for number in 0..self.numbers() {
            if *self.slots(number) != [0; FIELDS] {
                self.put_into_cells(number);
            }
        }
    }

    fn look(&self) -> Look<'_> {
        Look { values: &self.values, strangers: &[] }
    }

    fn put_into_cells(&mut self, number: u32) {
        let mut blocks = Vec::new();
        keys(self.look(), &self.slots[number as usize], &mut blocks);
        let (values, all) = (&self.values, &self.slots);
        self.index
            .insert(&blocks, number, &|record| attributes(Look { values, strangers: &[] }, &all[record as usize]));
    }
}

impl Asked {
    /// Its values.
    pub fn slots(&self) -> &Slots {
        &self.slots
    }
}
