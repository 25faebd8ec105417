//! Two profiles side by side, by all that each is known by. Called when a likely link could join them; knows no links.
//!
//! Of the values of a field the most alike two count. Among `k` combinations a stranger's chance of being that alike is
//! at most `k` times as large, so their weight is less by log2 k bits.

use super::field::{Field, Level};
use super::people::People;
use super::values::ValueId;
use super::weights::{Weights, follows_postcode};

/// Distinct values of a field that are looked at in each profile, in the order of records.
const VALUES: usize = 8;

/// Odds in bits that two profiles are one person.
pub fn bits(people: &People, weights: &Weights, p: &[u32], q: &[u32]) -> f64 {
    let near = values(people, Field::Postcode, p).iter().any(|code| values(people, Field::Postcode, q).contains(code));
    let (mut all, mut at_home) = (0.0, 0.0);
    for field in Field::ALL.into_iter().filter(|field| *field != Field::Swap) {
        let adds = adds(people, weights, field, near, &values(people, field, p), &values(people, field, q));
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

fn adds(people: &People, weights: &Weights, field: Field, near: bool, p: &[ValueId], q: &[ValueId]) -> f64 {
    let combinations = p.len() * q.len();
    if combinations == 0 {
        return 0.0;
    }
    let fewer = stats::num::log2(combinations as f64);
    let near = near && follows_postcode(field);
    let mut best: Option<f64> = None;
    for (a, b) in p.iter().flat_map(|a| q.iter().map(move |b| (*a, *b))) {
        let adds = match people.level(field, a, b) {
            Level::Missing => continue,
            Level::Else => weights.plain(field, Level::Else, near),
            Level::Exact => weights.exact(people.values(), field, a, near, false) - fewer,
            level => weights.plain(field, level, near) - fewer,
        };
        best = Some(best.map_or(adds, |known: f64| known.max(adds)));
    }
    best.unwrap_or(0.0)
}
