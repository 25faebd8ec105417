//! Identity: which customer records are one person. Called by the follower that unseals records, and by `eval identity`.
//!
//! It compares, weighs and proposes; it refuses to know names that were not given to it, and it never acts. Personal
//! fields are sealed in facts, so records come in beside them ([`Identity::put`]); the facts themselves only tell it
//! whom to forget.

mod address;
mod cluster;
mod compare;
mod contact;
mod field;
mod household;
mod index;
mod keys;
mod learn;
mod linking;
mod nicknames;
mod normal;
mod people;
mod proposal;
mod record;
mod similar;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod weights;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{CborLen, Decode, Encode};
use model::{Entry, Fact, Seq, Subject};

use crate::{Mind, NotAMind};
use field::Pattern;
use index::Found;
use people::People;
pub use proposal::{Merge, Verdict};
pub use record::Record;
use weights::Weights;

/// The form of a stored mind.
const FORM: u32 = 1;

/// Probability from which two records are merged without asking, at the strictest and before anything was learnt: such
/// a merge can be defended alone.
pub const AUTOMATIC: f64 = 0.99;
/// Probability from which they may be merged when the records as a whole allow it ([`Identity::automatic`]).
pub const AUTOMATIC_LEAST: f64 = 0.9;
/// Share of wrong merges among all that is expected at most, where the limit is below [`AUTOMATIC`].
const WRONG: f64 = 0.001;
/// Probability from which a person is asked: below it more than four of five answers would be 'no'.
pub const ASK: f64 = 0.2;

/// Probability from which a link can join two profiles that are sure as wholes: more likely than not.
const LIKELY: f64 = 0.5;

/// Candidate pairs that are learnt from at most; more records are sampled evenly.
const LEARNT_FROM: u32 = 200_000;
/// Random pairs a record, and at most.
const RANDOM: (u32, u32) = (6, 100_000);

/// A link between a record and another.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode, CborLen)]
struct Link {
    #[n(0)]
    other: u32,
    #[n(1)]
    bits: f64,
    /// What was alike when it was made: the evidence.
    #[n(2)]
    pattern: Pattern,
}

/// The mind.
#[derive(Clone, Debug, Default, Encode, Decode, CborLen)]
pub struct Identity {
    #[n(0)]
    people: People,
    #[n(1)]
    weights: Weights,
    /// By number; of a record that is gone, nobody.
    #[n(2)]
    subjects: Vec<Option<Who>>,
    /// Links of a record to others, both ways, in the order of numbers.
    #[n(3)]
    links: Vec<Vec<Link>>,
    /// Profile of a record: the smallest number in it.
    #[n(4)]
    profile: Vec<u32>,
    /// Pairs that a person keeps apart.
    #[n(5)]
    apart: BTreeSet<(u32, u32)>,
    /// Hashes of proven ids.
    #[n(6)]
    verified: BTreeMap<u32, u64>,
    /// Cells of which only the newest records were looked at.
    #[n(7)]
    cut: u64,
    #[cbor(skip)]
    numbers: BTreeMap<Who, u32>,
}

/// A subject as it is stored here.
type Who = (u64, u64);

fn who(subject: Subject) -> Who {
    let number = u128::from_be_bytes(subject.0);
    ((number >> 64) as u64, number as u64)
}

/// Somebody a record may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Whose record.
    pub subject: Subject,
    /// That it is one person, in 0..=1.
    pub probability: f64,
}

impl Identity {
    /// With no history: the weights are those of everyday customer files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records that are here.
    pub fn len(&self) -> u32 {
        self.numbers.len() as u32
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a record in, in place of what was known of the same subject, and links it to those it may be.
    ///
    /// Costs what its blocks hold, however many records there are, and the clustering of its own component.
    pub fn put(&mut self, subject: Subject, record: &Record) {
        if let Some(number) = self.add(subject, record) {
            self.link(number, u32::MAX, &mut Vec::new(), &mut Found::default(), &mut |_, _| {});
            self.cluster(number);
        }
    }

    /// Takes a record in without linking it: for a first load, which [`Identity::learn`] and [`Identity::link_all`] end.
    /// `None` for somebody who is kept out.
    pub fn add(&mut self, subject: Subject, record: &Record) -> Option<u32> {
        let apart = self.number(subject).map(|number| self.kept_apart_from(number)).unwrap_or_default();
        self.forget(subject);
        if record.keep_out {
            return None;
        }
        let number = self.people.add(record);
        self.apart.extend(apart.into_iter().map(|other| (other, number)));
        self.subjects.push(Some(who(subject)));
        self.numbers.insert(who(subject), number);
        self.links.push(Vec::new());
        self.profile.push(number);
        let verified = text::squeeze(&record.verified_id);
        if !verified.is_empty() {
            self.verified.insert(number, model::stable_hash(&[verified.as_bytes()]));
        }
        Some(number)
    }

    /// Forgets a record and its links; its profile is clustered again without it.
    pub fn forget(&mut self, subject: Subject) {
        let Some(number) = self.numbers.remove(&who(subject)) else {
            return;
        };
        self.people.remove(number);
        self.subjects[number as usize] = None;
        self.verified.remove(&number);
        self.apart.retain(|(a, b)| *a != number && *b != number);
        let links = std::mem::take(&mut self.links[number as usize]);
        self.profile[number as usize] = number;
        for link in &links {
            self.links[link.other as usize].retain(|back| back.other != number);
        }
        for link in &links {
            self.cluster(link.other);
        }
    }

    /// The subject that stands for the profile of this one: its oldest record.
    pub fn profile(&self, subject: Subject) -> Option<Subject> {
        self.subject(self.profile[self.number(subject)? as usize])
    }

    /// Who an unknown record may be, surest first, from `least` probability on. Nothing is kept of it.
    pub fn matches(&self, record: &Record, least: f64) -> Vec<Match> {
        if record.keep_out {
            return Vec::new();
        }
        let asked = self.people.ask(record);
        let (mut blocks, mut found) = (Vec::new(), Found::default());
        let mut matches: Vec<(u32, f64)> = Vec::new();
        for candidate in self.people.search(&asked, &mut blocks, &mut found) {
            let (bits, _) = self.bits_of(&asked, candidate.record);
            matches.push((candidate.record, weights::probability(bits)));
        }
        matches.retain(|(_, probability)| *probability >= least);
        matches.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        let known =
            |(number, probability): (u32, f64)| self.subject(number).map(|subject| Match { subject, probability });
        matches.into_iter().filter_map(known).collect()
    }

    /// Takes a merge back: the two are kept apart from now on, and only their own component is clustered again.
    pub fn undo(&mut self, a: Subject, b: Subject) {
        if let (Some(a), Some(b)) = (self.number(a), self.number(b))
            && a != b
        {
            self.apart.insert((a.min(b), a.max(b)));
            self.cluster(a);
            self.cluster(b);
        }
    }

    /// Takes [`Identity::undo`] back.
    pub fn allow(&mut self, a: Subject, b: Subject) {
        if let (Some(a), Some(b)) = (self.number(a), self.number(b))
            && self.apart.remove(&(a.min(b), a.max(b)))
        {
            self.cluster(a);
            self.cluster(b);
        }
    }

    /// Probability from which records are merged without asking.
    ///
    /// Where most merges are nearly certain, a few less certain ones still leave fewer than one in a thousand wrong: so
    /// the limit is learnt to be as low as that allows, from [`AUTOMATIC_LEAST`] to [`AUTOMATIC`].
    pub fn automatic(&self) -> f64 {
        self.weights.limit
    }

    /// Cells of which only the newest records were looked at, over all links made: above 0, somebody may be missed.
    pub fn cells_cut(&self) -> u64 {
        self.cut
    }

    /// As bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        crate::snapshot(FORM, self)
    }

    /// What [`Identity::snapshot`] stored.
    ///
    /// # Errors
    /// When it was stored in another form, or is damaged.
    pub fn restore(bytes: &[u8]) -> Result<Self, NotAMind> {
        let mut mind: Self = crate::restore(FORM, bytes)?;
        if !mind.is_whole() {
            return Err(NotAMind::Damaged("its parts do not fit together".to_owned()));
        }
        mind.people.rebuild();
        mind.numbers = (0..).zip(&mind.subjects).filter_map(|(number, who)| Some(((*who)?, number))).collect();
        Ok(mind)
    }

    fn kept_apart_from(&self, number: u32) -> Vec<u32> {
        let pairs = self.apart.iter().filter(|(a, b)| *a == number || *b == number);
        pairs.map(|(a, b)| if *a == number { *b } else { *a }).collect()
    }

    fn number(&self, subject: Subject) -> Option<u32> {
        self.numbers.get(&who(subject)).copied()
    }

    fn subject(&self, number: u32) -> Option<Subject> {
        let (high, low) = (*self.subjects.get(number as usize)?)?;
        Some(Subject((u128::from(high) << 64 | u128::from(low)).to_be_bytes()))
    }

    /// Whether every number that is stored names something.
    fn is_whole(&self) -> bool {
        let count = self.people.numbers();
        let lengths = [self.subjects.len(), self.links.len(), self.profile.len()];
        lengths.iter().all(|length| *length == count as usize)
            && self.people.is_whole()
            && self.profile.iter().all(|number| *number < count)
            && self.links.iter().flatten().all(|link| link.other < count)
    }
}

impl Mind for Identity {
    /// Personal fields in facts are sealed: all that can be read here is that a customer is gone.
    fn apply(&mut self, _: Seq, entry: &Entry) {
        if let Fact::CustomerPut(put) = &entry.fact
            && put.person.is_none()
        {
            self.forget(Subject::of(put.channel, "customer", put.customer.as_str()));
        }
    }
}
