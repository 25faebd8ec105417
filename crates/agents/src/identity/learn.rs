//! Learning weights without any known answer: expectation maximisation over candidate pairs (Winkler 1988), with the
//! levels of strangers from random pairs. Called from time to time, never for every record; draws from seeded dice.
//!
//! A block fixes the fields it is made of. So the levels of a field are learnt only from pairs that were also found in a
//! way that does not use it.

use stats::dice::Dice;

use super::field::{FIELDS, Field, LEVELS, Level, Pattern};
use super::values::Values;
use super::weights::{Shares, Weights, brought, brought_by, defaults, most_different};

/// Rounds of expectation and maximisation.
const ROUNDS: usize = 30;
/// Relative change of the share of matches at which it ends.
const CONVERGED: f64 = 1e-4;
/// Pairs' worth of belief in the default levels.
const BELIEF_M: f64 = 10.0;
const BELIEF_U: f64 = 50.0;

/// Equal candidate pairs, counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tally {
    /// Their levels.
    pub pattern: Pattern,
    /// Fields that some way of finding them did not use, as bits.
    pub free: u32,
    /// How many.
    pub count: f64,
}

/// Counts pairs of levels and free fields. The order of pairs does not matter.
pub fn tally(mut pairs: Vec<u64>) -> Vec<Tally> {
    pairs.sort_unstable();
    pairs
        .chunk_by(|a, b| a == b)
        .map(|same| Tally {
            pattern: Pattern::of_bits(same[0] >> FIELDS),
            free: same[0] as u32 & ((1 << FIELDS) - 1),
            count: same.len() as f64,
        })
        .collect()
}

/// A pair as [`tally`] takes it. Of a field that is not known it does not matter whether it is free.
pub fn pair(pattern: Pattern, free: u32) -> u64 {
    let known = Field::ALL.into_iter().filter(|field| pattern.level(*field) != Level::Missing);
    let known = known.fold(0, |bits, field| bits | field.bit());
    pattern.bits() << FIELDS | u64::from(free & known)
}

/// Random pairs of different records among `count`.
pub fn random_pairs(count: u32, wanted: u32, seed: u64) -> Vec<(u32, u32)> {
    let mut dice = Dice::seeded(seed);
    if count < 2 {
        return Vec::new();
    }
    (0..wanted)
        .map(|_| {
            let a = dice.below(u64::from(count)) as u32;
            let b = dice.below(u64::from(count) - 1) as u32;
            (a, if b >= a { b + 1 } else { b })
        })
        .collect()
}

/// What is learnt from.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// Candidate pairs.
    pub candidates: &'a [Tally],
    /// Random pairs.
    pub random: &'a [Tally],
    /// The values of all records.
    pub values: &'a Values,
    /// How many records there are.
    pub records: u32,
    /// How many candidate pairs each one in the sample stands for.
    pub scale: f64,
}

impl Sample<'_> {
    fn all_pairs(&self) -> f64 {
        f64::from(self.records) * (f64::from(self.records) - 1.0) / 2.0
    }

    /// Share of matching pairs, with half a pair to begin with; at most one in two.
    fn share(&self, matches: f64) -> f64 {
        ((matches * self.scale + 0.5) / (self.all_pairs() + f64::from(self.records) + 1.0)).clamp(1e-15, 0.5)
    }
}

/// Weights from a sample, with households learnt as well: given and family names are taken to be mistyped alike.
pub fn learn(sample: &Sample<'_>) -> Weights {
    let raw = strangers(sample);
    let mut weights = Weights { u: raw, learnt_from: sample.records, ..Weights::default() };
    // One candidate in ten to begin with.
    let found: f64 = sample.candidates.iter().map(|tally| tally.count).sum();
    weights.lambda = sample.share(0.1 * found);
    refine(&mut weights, &raw, sample, None);
    weights
}

/// Learns on from weights, when it is known how many household pairs there are for each pair of one person.
pub fn learn_on(mut weights: Weights, sample: &Sample<'_>, household: f64) -> Weights {
    weights.household = household;
    refine(&mut weights, &strangers(sample), sample, Some(household));
    weights
}

fn refine(weights: &mut Weights, raw: &Shares, sample: &Sample<'_>, household: Option<f64>) {
    for _ in 0..ROUNDS {
        let before = weights.lambda;
        let known: Vec<[f64; 2]> = {
            let odds = Odds::of(weights);
            sample.candidates.iter().map(|tally| odds.posterior(tally.pattern)).collect()
        };
        maximise(weights, sample, &known, household);
        weights.u = corrected(raw, weights);
        surroundings(weights, sample.candidates, &known);
        if (weights.lambda / before - 1.0).abs() < CONVERGED {
            break;
        }
    }
}

/// What strangers have in common where another field brings it: from the candidates that are not one person.
fn surroundings(weights: &mut Weights, candidates: &[Tally], known: &[[f64; 2]]) {
    const BROUGHT: [Field; 4] = [Field::Street, Field::City, Field::Region, Field::Email];
    let prior = brought();
    let mut counts: Shares = prior.map(|of| of.map(|share| BELIEF_U * share));
    for (tally, [one, home]) in candidates.iter().zip(known) {
        let fields = brought_by(tally.pattern) & tally.free;
        let stranger = (1.0 - one - home).max(0.0) * tally.count;
        for field in BROUGHT.into_iter().filter(|field| fields & field.bit() != 0) {
            counts[field.place()][tally.pattern.level(field) as usize] += stranger;
        }
    }
    weights.near = weights.u;
    for field in BROUGHT {
        normalise(&mut weights.near[field.place()], &counts[field.place()]);
    }
    // An address is one person's however alike the names are.
    let email = &mut weights.near[Field::Email.place()];
    email[Level::Exact as usize] = weights.u[Field::Email.place()][Level::Exact as usize];
}

/// Levels of strangers: random pairs, and for equality the counts of all values.
fn strangers(sample: &Sample<'_>) -> Shares {
    let values = sample.values;
    let (_, mut shares) = defaults();
    for field in Field::ALL.into_iter().filter(|field| *field != Field::Swap) {
        let of = &mut shares[field.place()];
        let mut counts: [f64; LEVELS] = std::array::from_fn(|level| BELIEF_U * of[level]);
        for tally in sample.random {
            counts[tally.pattern.level(field) as usize] += tally.count;
        }
        normalise(of, &counts);
        if values.known(field) > 1 {
            let exact = values.chance_equal(field);
            let belief = BELIEF_U / (BELIEF_U + f64::from(values.known(field)));
            set_exact(of, belief * of[Level::Exact as usize] + (1.0 - belief) * exact);
        }
    }
    shares
}

/// Shares of the known levels, in place.
fn normalise(shares: &mut [f64; LEVELS], counts: &[f64; LEVELS]) {
    let known: f64 = counts[1..].iter().sum();
    if known > 0.0 {
        (1..LEVELS).for_each(|level| shares[level] = counts[level] / known);
    }
}

/// Sets the share of equality and takes it off the share of difference.
fn set_exact(shares: &mut [f64; LEVELS], exact: f64) {
    let (was, other) = (shares[Level::Exact as usize], Level::Else as usize);
    shares[Level::Exact as usize] = exact.max(1e-12);
    shares[other] = (shares[other] + was - exact).max(1e-6);
}

/// Random pairs hold a few matches: their share is taken out, as far as at least a tenth is left.
fn corrected(raw: &Shares, weights: &Weights) -> Shares {
    let mut shares = *raw;
    for (field, of) in shares.iter_mut().enumerate().filter(|(field, _)| *field != Field::Swap.place()) {
        for (level, share) in of.iter_mut().enumerate().skip(1) {
            let rest = (*share - weights.lambda * weights.m[field][level]) / (1.0 - weights.lambda);
            *share = rest.max(*share * 0.1).max(1e-12);
        }
    }
    shares
}

fn maximise(weights: &mut Weights, sample: &Sample<'_>, known: &[[f64; 2]], household: Option<f64>) {
    let (prior, _) = defaults();
    let mut counts: Shares = prior.map(|of| of.map(|share| BELIEF_M * share));
    let (mut matches, mut households) = (0.0, 0.0);
    for (tally, [one, home]) in sample.candidates.iter().zip(known) {
        matches += one * tally.count;
        households += home * tally.count;
        for field in Field::ALL.into_iter().filter(|field| tally.free & field.bit() != 0) {
            counts[field.place()][tally.pattern.level(field) as usize] += one * tally.count;
        }
    }
    if household.is_none() {
        pool_names(&mut counts);
        weights.household = household_share(households, matches);
    }
    for (field, counted) in counts.iter().enumerate() {
        normalise(&mut weights.m[field], counted);
        hold(&mut weights.m[field], most_different(Field::ALL[field]));
    }
    weights.lambda = sample.share(matches);
    monotone(weights);
}

/// Keeps the share of difference within a limit; what is too much goes to the other levels in proportion.
fn hold(shares: &mut [f64; LEVELS], most: f64) {
    let other = Level::Else as usize;
    if shares[other] > most {
        let scale = (1.0 - most) / (1.0 - shares[other]).max(1e-9);
        shares[other] = most;
        shares[other + 1..].iter_mut().for_each(|share| *share *= scale);
    }
}

/// Household pairs for each pair of one person; one in ten before anything was counted.
pub fn household_share(households: f64, matches: f64) -> f64 {
    ((households + 0.5) / (matches + 5.0)).clamp(1e-4, 2.0)
}

/// Given and family names are mistyped alike, so they share their levels. Otherwise nothing would tell people of one
/// household from one person whose given name is written differently: what given names differ more is households.
fn pool_names(counts: &mut Shares) {
    let (given, family) = (counts[Field::Given.place()], counts[Field::Family.place()]);
    let pooled: [f64; LEVELS] = std::array::from_fn(|level| given[level] + family[level]);
    counts[Field::Given.place()] = pooled;
    counts[Field::Family.place()] = pooled;
}

/// All weights of levels at once, for many pairs. Frequencies of values are left out: a pair is only a pattern here.
#[derive(Debug)]
pub struct Odds {
    /// Bits of every level: alone, and where another field brings it.
    bits: [Shares; 2],
    lambda: f64,
    household: f64,
}

impl Odds {
    /// The odds of these weights.
    pub fn of(weights: &Weights) -> Self {
        let table = |brought: bool| -> Shares {
            let bits = |field: Field| Level::ALL.map(|level| weights.plain(field, level, brought));
            Field::ALL.map(bits)
        };
        Self { bits: [table(false), table(true)], lambda: weights.lambda, household: weights.household }
    }

    /// Probabilities that a pair is of one person, and of one household.
    pub fn posterior(&self, pattern: Pattern) -> [f64; 2] {
        let brought = brought_by(pattern);
        let (mut all, mut at_home) = (0.0, 0.0);
        for field in Field::ALL {
            let level = pattern.level(field);
            if level != Level::Missing {
                let brought = usize::from(brought & field.bit() != 0);
                let adds = self.bits[brought][field.place()][level as usize];
                all += adds;
                at_home += if field.shared_at_home() { adds } else { 0.0 };
            }
        }
        let odds = |bits: f64| stats::num::exp2(bits.clamp(-500.0, 500.0));
        let one = self.lambda * odds(all);
        let home = self.lambda * self.household * odds(at_home);
        let sum = one + home + (1.0 - self.lambda);
        [one / sum, home / sum]
    }
}

/// More alike never weighs less: levels out of order share one ratio (pool adjacent violators).
fn monotone(weights: &mut Weights) {
    for field in (0..FIELDS).filter(|field| *field != Field::Swap.place()) {
        let (m, u) = (&mut weights.m[field], &weights.u[field]);
        let mut pools: Vec<(f64, f64, usize)> = Vec::new();
        for level in 1..LEVELS {
            let mut pool = (m[level], u[level], 1);
            while let Some(last) = pools.pop_if(|last| last.0 * pool.1 > pool.0 * last.1) {
                pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
            }
            pools.push(pool);
        }
        let ratios = pools.iter().flat_map(|(m, u, levels)| std::iter::repeat_n(m / u, *levels));
        (1..LEVELS).zip(ratios).for_each(|(level, ratio)| m[level] = ratio * u[level]);
    }
}
