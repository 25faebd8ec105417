//! Learning weights without any known answer: expectation maximisation over candidate pairs (Winkler 1988), with the
//! levels of strangers from random pairs. Called from time to time, never for every record; draws from seeded dice.
//!
//! A block fixes the fields it is made of. So the levels of a field are learnt only from pairs that were also found in a
//! way that does not use it.

use stats::dice::Dice;

use super::field::{FIELDS, Field, LEVELS, Level, Pattern};
use super::values::Values;
use super::weights::{Shares, Weights, defaults};

/// Rounds of expectation and maximisation.
const ROUNDS: usize = 40;
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

/// A pair as [`tally`] takes it.
pub fn pair(pattern: Pattern, free: u32) -> u64 {
    pattern.bits() << FIELDS | u64::from(free & ((1 << FIELDS) - 1))
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

/// Weights from candidate pairs and random pairs.
///
/// `scale` is how many candidate pairs each one in `candidates` stands for, `records` how many records there are.
pub fn learn(candidates: &[Tally], random: &[Tally], values: &Values, records: u32, scale: f64) -> Weights {
    let all_pairs = f64::from(records) * (f64::from(records) - 1.0) / 2.0;
    let raw = strangers(random, values);
    let mut weights = Weights { u: raw, learnt_from: records, ..Weights::default() };
    // One candidate in ten to begin with.
    let found: f64 = candidates.iter().map(|tally| tally.count).sum::<f64>() * scale;
    weights.lambda = share(0.1 * found, all_pairs, records);
    for _ in 0..ROUNDS {
        round(&mut weights, candidates, all_pairs, records, scale);
        weights.u = corrected(&raw, &weights);
    }
    weights
}

/// Share of matching pairs, with half a pair to begin with; at most one in two.
fn share(matches: f64, all_pairs: f64, records: u32) -> f64 {
    ((matches + 0.5) / (all_pairs + f64::from(records) + 1.0)).clamp(1e-15, 0.5)
}

/// Levels of strangers: random pairs, and for equality the counts of all values.
fn strangers(random: &[Tally], values: &Values) -> Shares {
    let (_, mut shares) = defaults();
    for field in Field::ALL {
        let of = &mut shares[field.place()];
        let mut counts: [f64; LEVELS] = std::array::from_fn(|level| BELIEF_U * of[level]);
        for tally in random {
            counts[tally.pattern.level(field) as usize] += tally.count;
        }
        normalise(of, &counts);
        if field != Field::Swap && values.known(field) > 1 {
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
    for (field, of) in shares.iter_mut().enumerate() {
        for (level, share) in of.iter_mut().enumerate().skip(1) {
            let rest = (*share - weights.lambda * weights.m[field][level]) / (1.0 - weights.lambda);
            *share = rest.max(*share * 0.1).max(1e-12);
        }
    }
    shares
}

fn round(weights: &mut Weights, candidates: &[Tally], all_pairs: f64, records: u32, scale: f64) {
    let (prior, _) = defaults();
    let mut counts: Shares = std::array::from_fn(|field| std::array::from_fn(|level| BELIEF_M * prior[field][level]));
    let (mut matches, mut households) = (0.0, 0.0);
    for tally in candidates {
        let [one, home] = posterior(weights, tally.pattern);
        matches += one * tally.count;
        households += home * tally.count;
        for field in Field::ALL.into_iter().filter(|field| tally.free & field.bit() != 0) {
            counts[field.place()][tally.pattern.level(field) as usize] += one * tally.count;
        }
    }
    for (field, counted) in counts.iter().enumerate() {
        normalise(&mut weights.m[field], counted);
    }
    weights.lambda = share(matches * scale, all_pairs, records);
    weights.household = ((households + 2.0) / (matches + 20.0)).clamp(0.02, 1.0);
    monotone(weights);
}

/// Probabilities that a pair is of one person, and of one household.
fn posterior(weights: &Weights, pattern: Pattern) -> [f64; 2] {
    let (mut all, mut at_home) = (0.0, 0.0);
    for field in Field::ALL {
        let level = pattern.level(field);
        if level != Level::Missing {
            let adds = weights.plain(field, level);
            all += adds;
            at_home += if field.shared_at_home() { adds } else { 0.0 };
        }
    }
    let odds = |bits: f64| stats::num::exp2(bits.clamp(-500.0, 500.0));
    let one = weights.lambda * odds(all);
    let home = weights.lambda * weights.household * odds(at_home);
    let sum = one + home + (1.0 - weights.lambda);
    [one / sum, home / sum]
}

/// More alike never weighs less: levels out of order share one ratio (pool adjacent violators).
fn monotone(weights: &mut Weights) {
    for field in 0..FIELDS {
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
