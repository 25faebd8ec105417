//! How many pairs that share a home are of two people. Called once while weights are learnt; knows no names.
//!
//! Two records of one address and family name with different given names are two people, or one whose given name was
//! written wrongly. No field tells which; duplicates do. People who live together have further records of their own as
//! often as anybody. A wrongly written name hardly ever comes twice.

use super::field::{Field, Level, Pattern};
use super::index::Found;
use super::keys::Key;
use super::learn::{Odds, household_share};
use super::linking::spread;
use super::people::People;

/// Pairs, and records, that are looked at.
const LOOKED_AT: usize = 1_000;
/// Probability from which a pair is taken to share a home or a person.
const SURE: f64 = 0.9;
/// Pairs that must be told apart by another field before that is believed.
const ENOUGH: usize = 20;

/// A candidate pair.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// One record.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// How alike.
    pub pattern: Pattern,
    /// Fields that some way of finding the pair did not use, as bits.
    pub free: u32,
}

/// Household pairs for each pair of one person among all pairs.
pub fn share(people: &People, odds: &Odds, pairs: &[Pair], present: &[u32]) -> f64 {
    let of = |pair: &&Pair| odds.posterior(pair.pattern).iter().sum::<f64>();
    let together: f64 = pairs.iter().map(|pair| of(&pair)).sum();
    let differ = |pair: &&Pair| pair.pattern.level(Field::Given) == Level::Else && of(pair) > SURE;
    let unlike: Vec<&Pair> = pairs.iter().filter(differ).collect();
    let told: Vec<bool> = unlike.iter().filter_map(|pair| told_apart(pair.pattern)).collect();
    let two = if told.len() >= ENOUGH {
        told.iter().filter(|two| **two).count() as f64 / told.len() as f64
    } else {
        by_duplicates(people, odds, &evenly(&unlike), present)
    };
    let households = two * unlike.len() as f64;
    household_share(households, (together - households).max(0.0))
}

/// Whether another field that nobody shares says that they are two; `None` when none is known of both.
///
/// An address like another's is no news in a family: only an equal one counts, or quite another one.
fn told_apart(pattern: Pattern) -> Option<bool> {
    let best = [Field::Birth, Field::Loyalty].map(|field| pattern.level(field)).into_iter().max();
    match (best.unwrap_or(Level::Missing), pattern.level(Field::Email)) {
        (Level::Missing, Level::Exact) => Some(false),
        (Level::Missing, Level::Else) => Some(true),
        (Level::Missing, _) => None,
        (best, _) => Some(best < Level::Close),
    }
}

/// Share of unlike pairs that are two people, by how often both have further records of their own.
fn by_duplicates(people: &People, odds: &Odds, unlike: &[&Pair], present: &[u32]) -> f64 {
    let mut search = Search { people, odds, blocks: Vec::new(), found: Found::default() };
    let both =
        unlike.iter().filter(|pair| search.has_own(pair.a, pair.b) && search.has_own(pair.b, pair.a)).count() as f64;
    let others: Vec<u32> =
        spread(present.len() as u32).take(LOOKED_AT / 2).map(|place| present[place as usize]).collect();
    let own =
        others.iter().filter(|number| search.has_own(**number, **number)).count() as f64 / others.len().max(1) as f64;
    // Of two people both have further records with probability own², of one person never.
    ((both + 1.0) / (unlike.len() as f64 * own * own + 1.0)).min(1.0)
}

fn evenly<T: Copy>(all: &[T]) -> Vec<T> {
    let step = all.len().div_ceil(LOOKED_AT).max(1);
    all.iter().copied().step_by(step).collect()
}

struct Search<'a> {
    people: &'a People,
    odds: &'a Odds,
    blocks: Vec<Key>,
    found: Found,
}

impl Search<'_> {
    /// Whether a record has another one, beside `beside`, that surely is the same person by its given name too.
    fn has_own(&mut self, number: u32, beside: u32) -> bool {
        let record = self.people.asked(number);
        let (people, odds) = (self.people, self.odds);
        people.search(&record, &mut self.blocks, &mut self.found).any(|candidate| {
            let other = candidate.record;
            if other == number || other == beside {
                return false;
            }
            let pattern = people.compare(&record, other);
            pattern.level(Field::Given) == Level::Exact
                && pattern.level(Field::Swap) != Level::Exact
                && odds.posterior(pattern).iter().sum::<f64>() > SURE
        })
    }
}
