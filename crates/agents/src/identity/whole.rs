//! Two profiles side by side, by all that each is known by. Called when a likely link could join them; knows no links.
//!
//! Of the values of a field the most alike two count. Among `k` combinations a stranger's chance of being that alike is
//! at most `k` times as large, so their weight is less by log2 k bits.

use super::field::{Field, Level, Pattern};
use super::people::People;
use super::values::ValueId;
use super::weights::{Weights, brought_by};

/// Distinct values of a field that are looked at in each profile, in the order of records.
const VALUES: usize = 8;

/// Odds in bits that two profiles are one person.
pub fn bits(people: &People, weights: &Weights, p: &[u32], q: &[u32]) -> f64 {
    let known = |field: Field| (values(people, field, p), values(people, field, q));
    let alike = Field::ALL.map(|field| (field, best_level(people, field, &known(field))));
    let pattern = alike.iter().fold(Pattern::default(), |pattern, (field, level)| pattern.with(*field, *level));
    let brought = brought_by(pattern);
    let (mut all, mut at_home) = (0.0, 0.0);
    for field in Field::ALL.into_iter().filter(|field| *field != Field::Swap) {
        let adds = adds(people, weights, field, brought & field.bit() != 0, &known(field));
        all += adds;
        at_home += if field.shared_at_home() { adds } else { 0.0 };
    }
    let (prior, household) = weights.before(at_home);
    prior + all + household
}

fn values(people: &People, field: Field, members: &[u32]) -> Vec<ValueId> {
    let mut known = Vec::new();
    for member in members {
        let value = people.slots(*member)[field.place()];
        if value != 0 && known.len() < VALUES && !known.contains(&value) {
            known.push(value);
        }
    }
    known
}

fn best_level(people: &People, field: Field, (p, q): &(Vec<ValueId>, Vec<ValueId>)) -> Level {
    let pairs = p.iter().flat_map(|a| q.iter().map(move |b| (*a, *b)));
    pairs.map(|(a, b)| people.level(field, a, b)).max().unwrap_or(Level::Missing)
}

fn adds(people: &People, weights: &Weights, field: Field, brought: bool, (p, q): &(Vec<ValueId>, Vec<ValueId>)) -> f64 {
    let combinations = p.len() * q.len();
    if combinations == 0 {
        return 0.0;
    }
    let fewer = stats::num::log2(combinations as f64);
    let mut best: Option<f64> = None;
    for (a, b) in p.iter().flat_map(|a| q.iter().map(move |b| (*a, *b))) {
        let adds = match people.level(field, a, b) {
            Level::Missing => continue,
            Level::Else => weights.plain(field, Level::Else, brought),
            Level::Exact => weights.exact(people.values(), field, a, brought, false) - fewer,
            level => weights.plain(field, level, brought) - fewer,
        };
        best = Some(best.map_or(adds, |known: f64| known.max(adds)));
    }
    best.unwrap_or(0.0)
}
