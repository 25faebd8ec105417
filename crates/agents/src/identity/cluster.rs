//! Records joined into profiles, link by link, under guard. Called for one component of links at a time; knows no fields.
//!
//! A sure link joins two profiles only when nothing speaks against it: not two different proven ids, not a person's word
//! that they are two, and not the records of one profile against those of the other. A likely link joins them when the two
//! profiles are sure as wholes: people move and change their names, and a profile knows all of it.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Odds in bits that two profiles are one person, by all that each is known by.
    fn bits_of_profiles(&self, p: &[u32], q: &[u32]) -> f64;
}

/// Pairs across two profiles that are looked at; larger profiles are sampled evenly.
const LOOKED_AT: usize = 64;

/// Profiles that grow.
#[derive(Debug, Default)]
struct Growing {
    profile: BTreeMap<u32, u32>,
    members: BTreeMap<u32, Vec<u32>>,
}

/// Profiles of the records of one component: each record's profile is the smallest number in it.
///
/// Links from `sure` bits on join records, others join profiles that are as sure as wholes.
pub fn profiles(edges: &mut [Edge], sure: f64, guard: &impl Guard) -> BTreeMap<u32, u32> {
    edges.sort_by(|x, y| y.bits.total_cmp(&x.bits).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut growing = Growing::default();
    for edge in edges.iter() {
        growing.begin(edge.a);
        growing.begin(edge.b);
    }
    let (strong, likely) = edges.split_at(edges.partition_point(|edge| edge.bits >= sure));
    for edge in strong {
        growing.join(edge, |p, q| may_join(p, q, guard));
    }
    let mut asked = BTreeSet::new();
    for edge in likely {
        let sizes = [edge.a, edge.b].map(|end| (growing.profile[&end], growing.members[&growing.profile[&end]].len()));
        if asked.insert((sizes[0].min(sizes[1]), sizes[0].max(sizes[1]))) {
            growing.join(edge, |p, q| {
                p.len() + q.len() > 2 && !kept_apart(p, q, guard) && guard.bits_of_profiles(p, q) >= sure
            });
        }
    }
    growing.profile
}

impl Growing {
    fn begin(&mut self, record: u32) {
        self.profile.entry(record).or_insert(record);
        self.members.entry(record).or_insert_with(|| vec![record]);
    }

    fn join(&mut self, edge: &Edge, may: impl Fn(&[u32], &[u32]) -> bool) {
        let (p, q) = (self.profile[&edge.a], self.profile[&edge.b]);
        let (into, from) = (p.min(q), p.max(q));
        if p == q || !may(&self.members[&into], &self.members[&from]) {
            return;
        }
        let moved = self.members.insert(from, Vec::new()).unwrap_or_default();
        for record in &moved {
            self.profile.insert(*record, into);
        }
        self.members.entry(into).or_default().extend(moved);
    }
}

fn kept_apart(p: &[u32], q: &[u32], guard: &impl Guard) -> bool {
    p.iter().any(|a| q.iter().any(|b| guard.apart(*a, *b)))
}

/// Nothing keeps them apart, and on the whole they are more likely one than two.
fn may_join(p: &[u32], q: &[u32], guard: &impl Guard) -> bool {
    if kept_apart(p, q, guard) {
        return false;
    }
    let pairs = p.len() * q.len();
    if pairs == 1 {
        return true;
    }
    let step = pairs.div_ceil(LOOKED_AT).max(1);
    let looked: Vec<f64> = (0..pairs).step_by(step).map(|at| guard.bits(p[at / q.len()], q[at % q.len()])).collect();
    stats::num::sum(looked.iter().copied()) / looked.len() as f64 >= 0.0
}
