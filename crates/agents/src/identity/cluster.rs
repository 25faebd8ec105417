//! Records joined into profiles, link by link, under guard. Called for one component of links at a time; knows no fields.
//!
//! A link joins two profiles only when nothing speaks against it: not two different proven ids, not a person's word that
//! they are two, and not the whole of one profile against the whole of the other.

use std::collections::BTreeMap;

/// A link between two records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The smaller number.
    pub a: u32,
    /// The larger number.
    pub b: u32,
    /// Odds in bits.
    pub bits: f64,
}

/// What must be asked before two profiles become one.
pub trait Guard {
    /// Whether two records must never be in one profile.
    fn apart(&self, a: u32, b: u32) -> bool;
    /// Odds in bits that two records are one person, linked or not.
    fn bits(&self, a: u32, b: u32) -> f64;
}

/// Pairs across two profiles that are looked at; larger profiles are sampled evenly.
const LOOKED_AT: usize = 64;

/// Profiles of the records of one component: each record's profile is the smallest number in it.
pub fn profiles(edges: &mut [Edge], guard: &impl Guard) -> BTreeMap<u32, u32> {
    edges.sort_by(|x, y| y.bits.total_cmp(&x.bits).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut profile: BTreeMap<u32, u32> = BTreeMap::new();
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for edge in edges.iter() {
        for end in [edge.a, edge.b] {
            profile.entry(end).or_insert(end);
            members.entry(end).or_insert_with(|| vec![end]);
        }
        let (p, q) = (profile[&edge.a], profile[&edge.b]);
        if p == q || !may_join(&members[&p], &members[&q], guard) {
            continue;
        }
        let (into, from) = (p.min(q), p.max(q));
        let moved = members.insert(from, Vec::new()).unwrap_or_default();
        moved.iter().for_each(|record| {
            profile.insert(*record, into);
        });
        members.entry(into).or_default().extend(moved);
    }
    profile
}

/// Nothing keeps them apart, and on the whole they are more likely one than two.
fn may_join(p: &[u32], q: &[u32], guard: &impl Guard) -> bool {
    if p.iter().any(|a| q.iter().any(|b| guard.apart(*a, *b))) {
        return false;
    }
    let pairs = p.len() * q.len();
    if pairs == 1 {
        return true;
    }
    let step = pairs.div_ceil(LOOKED_AT).max(1);
    let looked: Vec<f64> =
        (0..pairs).step_by(step).map(|at| guard.bits(p[at / q.len()], q[at % q.len()])).collect();
    stats::num::sum(looked.iter().copied()) / looked.len() as f64 >= 0.0
}
