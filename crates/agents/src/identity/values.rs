//! Every distinct value once, with how often it occurs. Called when records are read, compared and forgotten; knows
//! nothing of weights.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use minicbor::{CborLen, Decode, Encode};

use super::field::{FIELDS, Field};
use super::{nicknames, similar};

/// A value by its number; 0 is 'not known'.
pub type ValueId = u32;

/// The values of a record, one place for each field.
pub type Slots = [ValueId; FIELDS];

/// One value.
#[derive(Clone, Debug, Default, Encode, Decode, CborLen)]
pub struct Value {
    /// Normalised.
    #[n(0)]
    pub text: String,
    /// Records that hold it: as what it is, and (of names) as a given name swapped for a family name.
    #[n(1)]
    pub counts: [u32; 2],
    /// Soundex of the first word.
    #[n(2)]
    pub sound: u32,
    /// Groups of given names it is a form of.
    #[n(3)]
    pub groups: u32,
    /// Letters it has, as bits; other characters share six of them.
    #[n(4)]
    pub letters: u32,
    /// Which kind of field.
    #[n(5)]
    kind: u8,
}

/// Numbers that are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A table from hashes; never iterated.
pub type HashTable<V> = HashMap<u64, V, BuildHasherDefault<Hashed>>;

/// Mixes a number into a hash (the finisher of SplitMix64).
pub fn mix(hash: u64, with: u64) -> u64 {
    let mut z = (hash.rotate_left(23) ^ with).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// All values.
#[derive(Clone, Debug, Encode, Decode, CborLen)]
pub struct Values {
    #[n(0)]
    list: Vec<Value>,
    /// Records that have the field; of names in both roles.
    #[n(1)]
    known: [u32; FIELDS],
    /// Sounds of the family names of those who share an identifier, beside the first.
    #[n(2)]
    holders: BTreeMap<ValueId, Vec<u32>>,
    #[cbor(skip)]
    places: HashTable<ValueId>,
}

/// Differently named holders, beside the first, up to which an identifier is somebody's own or a household's.
const HUB: usize = 6;

impl Default for Values {
    fn default() -> Self {
        Self {
            list: vec![Value::default()],
            known: [0; FIELDS],
            holders: BTreeMap::new(),
            places: HashTable::default(),
        }
    }
}

/// Given and family names are one kind, so that swapped ones can be seen.
fn kind(field: Field) -> u8 {
    if field == Field::Family { Field::Given as u8 } else { field as u8 }
}

impl Value {
    fn new(field: Field, text: String) -> Self {
        let sound = match field {
            Field::Given | Field::Family | Field::Street | Field::City => similar::soundex(&text),
            _ => 0,
        };
        let groups = if matches!(field, Field::Given | Field::Family) { nicknames::groups(&text) } else { 0 };
        let letters = letters(&text);
        Self { text, counts: [0, 0], sound, groups, letters, kind: kind(field) }
    }

    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split(' ').filter(|word| !word.is_empty())
    }
}

impl Values {
    /// A value by its number; what is not there is empty.
    pub fn get(&self, id: ValueId) -> &Value {
        self.list.get(id as usize).unwrap_or(&self.list[0])
    }

    /// How many numbers were given out, with 0.
    pub fn len(&self) -> u32 {
        self.list.len() as u32
    }

    /// Records that have a field.
    pub fn known(&self, field: Field) -> u32 {
        self.known[field.place()]
    }

    /// Records that hold a value in a field.
    pub fn count(&self, field: Field, id: ValueId) -> u32 {
        self.get(id).counts[usize::from(field == Field::Family)]
    }

    /// Probability that two records that have a field have the same value in it.
    pub fn chance_equal(&self, field: Field) -> f64 {
        let role = usize::from(field == Field::Family);
        let held =
            self.list.iter().filter(|value| value.kind == kind(field)).map(|value| f64::from(value.counts[role]));
        let (equal, known) = (stats::num::sum(held.map(|count| count * (count - 1.0))), f64::from(self.known(field)));
        if known > 1.0 { equal / (known * (known - 1.0)) } else { 0.0 }
    }

    /// Whether so many differently named people have this value that it says nothing about any of them.
    pub fn is_hub(&self, id: ValueId) -> bool {
        self.holders.get(&id).is_some_and(|sounds| sounds.len() > HUB)
    }

    /// Records that hold a name as given or as family name.
    pub fn count_both(&self, id: ValueId) -> u32 {
        let [given, family] = self.get(id).counts;
        given.saturating_add(family)
    }

    /// Takes a record's values in.
    pub fn add(&mut self, texts: [String; FIELDS]) -> Slots {
        let mut slots = [0; FIELDS];
        for (field, text) in Field::ALL.into_iter().zip(texts) {
            if text.is_empty() {
                continue;
            }
            let id = self.intern(field, text);
            let count = &mut self.list[id as usize].counts[usize::from(field == Field::Family)];
            *count = count.saturating_add(1);
            self.known[field.place()] = self.known[field.place()].saturating_add(1);
            slots[field.place()] = id;
        }
        self.notice_holder(&slots);
        slots
    }

    /// Counts the differently sounding family names beside the first holder of an identifier.
    fn notice_holder(&mut self, slots: &Slots) {
        let sound = self.get(slots[Field::Family.place()]).sound;
        for field in [Field::Email, Field::Phone, Field::Loyalty, Field::Token] {
            let id = slots[field.place()];
            if id != 0 && sound != 0 && self.count(field, id) > 1 {
                let sounds = self.holders.entry(id).or_default();
                if sounds.len() <= HUB && !sounds.contains(&sound) {
                    sounds.push(sound);
                }
            }
        }
    }

    /// Takes a record's values out again; a value that nobody holds any more is erased.
    pub fn remove(&mut self, slots: &Slots) {
        for (field, id) in Field::ALL.into_iter().zip(slots).filter(|(_, id)| **id != 0) {
            let value = &mut self.list[*id as usize];
            let count = &mut value.counts[usize::from(field == Field::Family)];
            *count = count.saturating_sub(1);
            self.known[field.place()] = self.known[field.place()].saturating_sub(1);
            if value.counts == [0, 0] {
                self.erase(*id);
            }
        }
    }

    /// The values of a record that is only asked about: known ones by their numbers, others beside.
    pub fn look(&self, texts: [String; FIELDS]) -> (Slots, Vec<Value>) {
        let (mut slots, mut strangers) = ([0; FIELDS], Vec::new());
        for (field, text) in Field::ALL.into_iter().zip(texts).filter(|(_, text)| !text.is_empty()) {
            slots[field.place()] = self.find(field, &text).unwrap_or_else(|| {
                strangers.push(Value::new(field, text));
                self.len() + strangers.len() as u32 - 1
            });
        }
        (slots, strangers)
    }

    /// Builds the table of places again, after loading.
    pub fn rebuild(&mut self) {
        self.places = HashTable::default();
        if self.list.is_empty() {
            self.list.push(Value::default());
        }
        for id in 1..self.list.len() {
            if self.list[id].counts != [0, 0] {
                let (kind, text) = (self.list[id].kind, std::mem::take(&mut self.list[id].text));
                let free = self.free_place(kind, &text);
                self.list[id].text = text;
                self.places.insert(free, id as ValueId);
            }
        }
    }

    fn find(&self, field: Field, text: &str) -> Option<ValueId> {
        let mut place = hash(kind(field), text);
        loop {
            let id = *self.places.get(&place)?;
            let value = &self.list[id as usize];
            if value.kind == kind(field) && value.text == text {
                return Some(id);
            }
            place = place.wrapping_add(1);
        }
    }

    fn intern(&mut self, field: Field, text: String) -> ValueId {
        if let Some(id) = self.find(field, &text) {
            return id;
        }
        let id = self.list.len() as ValueId;
        let place = self.free_place(kind(field), &text);
        self.places.insert(place, id);
        self.list.push(Value::new(field, text));
        id
    }

    fn free_place(&self, kind: u8, text: &str) -> u64 {
        let mut place = hash(kind, text);
        while self.places.contains_key(&place) {
            place = place.wrapping_add(1);
        }
        place
    }

    fn erase(&mut self, id: ValueId) {
        let (kind, text) = (self.list[id as usize].kind, std::mem::take(&mut self.list[id as usize].text));
        let mut place = hash(kind, &text);
        while let Some(held) = self.places.get(&place) {
            if *held == id {
                self.places.remove(&place);
                // Values that were pushed on by this one close up.
                self.close_gap(place);
                break;
            }
            place = place.wrapping_add(1);
        }
        self.list[id as usize] = Value::default();
        self.holders.remove(&id);
    }

    fn close_gap(&mut self, mut gap: u64) {
        let mut place = gap.wrapping_add(1);
        while let Some(id) = self.places.get(&place).copied() {
            let value = &self.list[id as usize];
            let home = hash(value.kind, &value.text);
            // It may move back unless its home lies behind the gap.
            if place.wrapping_sub(home) >= place.wrapping_sub(gap) {
                self.places.remove(&place);
                self.places.insert(gap, id);
                gap = place;
            }
            place = place.wrapping_add(1);
        }
    }
}

fn letters(text: &str) -> u32 {
    let bit = |letter: char| match letter {
        'a'..='z' => 1 << (letter as u32 - 97),
        ' ' => 0,
        other => 1 << (26 + other as u32 % 6),
    };
    text.chars().fold(0, |set, letter| set | bit(letter))
}

fn hash(kind: u8, text: &str) -> u64 {
    model::stable_hash(&[&[kind], text.as_bytes()])
}
