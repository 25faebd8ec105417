//! Learning, linking and clustering over the records that are here. Called by the mind's own methods and for a first
//! load; knows nothing of fields.

use std::collections::BTreeSet;

use model::Subject;

use super::cluster::{self, Edge, Guard};
use super::field::Pattern;
use super::household::{self, Pair};
use super::index::Found;
use super::keys::Key;
use super::learn::{self, Odds, Sample};
use super::people::Asked;
use super::{ASK, AUTOMATIC, AUTOMATIC_LEAST, Identity, LEARNT_FROM, LIKELY, Link, RANDOM, WRONG};
use super::{weights, whole};

impl Identity {
    /// Learns the weights from the records that are here, without any answers; links stand until [`Identity::link_all`].
    ///
    /// Costs the comparison of at most some hundred thousand pairs, so it is done from time to time: nightly, or when
    /// the records have doubled.
    pub fn learn(&mut self, seed: u64) {
        let present: Vec<u32> =
            (0..self.people.numbers()).filter(|number| self.subjects[*number as usize].is_some()).collect();
        let count = present.len() as u32;
        let wanted = RANDOM.1.min(RANDOM.0.saturating_mul(count));
        let random = learn::random_pairs(count, wanted, seed)
            .into_iter()
            .map(|(a, b)| self.pattern(present[a as usize], present[b as usize]))
            .map(|pattern| learn::pair(pattern, 0))
            .collect();
        let (pairs, asked) = self.candidate_pairs(&present);
        let candidates = learn::tally(pairs.iter().map(|pair| learn::pair(pair.pattern, pair.free)).collect());
        let random = learn::tally(random);
        let sample = Sample {
            candidates: &candidates,
            random: &random,
            values: self.people.values(),
            records: count,
            scale: if asked == 0 { 1.0 } else { f64::from(count) / f64::from(asked) },
        };
        let first = learn::learn(&sample);
        let household = household::share(&self.people, &Odds::of(&first), &pairs, &present);
        self.weights = learn::learn_on(first, &sample, household);
        self.weights.limit = self.limit(&pairs);
    }

    /// The lowest limit at which the merges above it are expected to be wrong less often than allowed.
    fn limit(&self, pairs: &[Pair]) -> f64 {
        let (people, least) = (&self.people, weights::bits(AUTOMATIC_LEAST));
        let bits = |pair: &Pair| {
            self.weights.score(people.values(), pair.pattern, people.slots(pair.a), people.slots(pair.b)).bits
        };
        let mut sure: Vec<f64> =
            pairs.iter().map(bits).filter(|bits| *bits >= least).map(weights::probability).collect();
        sure.sort_by(|x, y| y.total_cmp(x));
        let (mut wrong, mut limit) = (0.0, AUTOMATIC);
        for (merges, probability) in (1_u32..).zip(sure) {
            wrong += 1.0 - probability;
            if wrong > WRONG * f64::from(merges) {
                break;
            }
            limit = probability;
        }
        limit.clamp(AUTOMATIC_LEAST, AUTOMATIC)
    }

    /// Candidate pairs of records spread evenly over all, until there are enough; and how many records were asked about.
    fn candidate_pairs(&self, present: &[u32]) -> (Vec<Pair>, u32) {
        let (mut pairs, mut asked) = (Vec::new(), 0);
        let (mut blocks, mut found) = (Vec::new(), Found::default());
        for place in spread(present.len() as u32) {
            let number = present[place as usize];
            let record = self.people.asked(number);
            for candidate in self.people.search(&record, &mut blocks, &mut found).filter(|c| c.record < number) {
                let pattern = self.people.compare(&record, candidate.record);
                pairs.push(Pair { a: number, b: candidate.record, pattern, free: candidate.free });
            }
            asked += 1;
            if pairs.len() as u32 >= LEARNT_FROM {
                break;
            }
        }
        (pairs, asked)
    }

    /// Links and clusters all records anew with the weights as they are. `seen` is told every candidate pair, the
    /// larger number first.
    pub fn link_all(&mut self, seen: &mut dyn FnMut(u32, u32)) {
        let count = self.people.numbers();
        self.links = vec![Vec::new(); count as usize];
        self.profile = (0..count).collect();
        self.cut = 0;
        let (mut blocks, mut found) = (Vec::new(), Found::default());
        for number in (0..count).filter(|number| self.subjects[*number as usize].is_some()).collect::<Vec<_>>() {
            self.link(number, number, &mut blocks, &mut found, seen);
        }
        let mut done = BTreeSet::new();
        for number in 0..count {
            if !self.links[number as usize].is_empty() && !done.contains(&number) {
                done.extend(self.cluster(number));
            }
        }
    }

    /// Every link once: two records and the probability that they are one person, from [`ASK`] on.
    pub fn links(&self) -> impl Iterator<Item = (Subject, Subject, f64)> + '_ {
        let once = move |(number, links): (u32, &'_ Vec<Link>)| -> Vec<(Subject, Subject, f64)> {
            let later = links.iter().filter(|link| link.other > number);
            later
                .filter_map(|l| Some((self.subject(number)?, self.subject(l.other)?, weights::probability(l.bits))))
                .collect()
        };
        (0..).zip(&self.links).flat_map(once)
    }

    /// Links a record to its candidates below a number.
    pub(super) fn link(
        &mut self,
        number: u32,
        below: u32,
        blocks: &mut Vec<Key>,
        found: &mut Found,
        seen: &mut dyn FnMut(u32, u32),
    ) {
        let asked = self.people.asked(number);
        let least = weights::bits(ASK);
        let mut links = Vec::new();
        for candidate in self.people.search(&asked, blocks, found) {
            if candidate.record >= below || candidate.record == number {
                continue;
            }
            seen(number, candidate.record);
            let (bits, pattern) = self.bits_of(&asked, candidate.record);
            if bits >= least {
                links.push(Link { other: candidate.record, bits, pattern });
            }
        }
        self.cut = self.cut.saturating_add(found.cut);
        for link in &links {
            self.links[link.other as usize].push(Link { other: number, ..*link });
        }
        self.links[number as usize] = links;
    }

    /// Odds in bits that two records are one person, and what is alike.
    pub(super) fn bits_of(&self, asked: &Asked, number: u32) -> (f64, Pattern) {
        let pattern = self.people.compare(asked, number);
        let score = self.weights.score(self.people.values(), pattern, asked.slots(), self.people.slots(number));
        (score.bits, pattern)
    }

    pub(super) fn pattern(&self, a: u32, b: u32) -> Pattern {
        self.people.compare(&self.people.asked(a), b)
    }

    /// Clusters the component of a record again and gives its members.
    pub(super) fn cluster(&mut self, number: u32) -> Vec<u32> {
        let (members, mut edges) = self.component(number);
        let profiles = cluster::profiles(&mut edges, weights::bits(self.weights.limit), &*self);
        for member in &members {
            self.profile[*member as usize] = profiles.get(member).copied().unwrap_or(*member);
        }
        members
    }

    /// All records that likely links lead to, and those links.
    fn component(&self, number: u32) -> (Vec<u32>, Vec<Edge>) {
        let least = weights::bits(LIKELY);
        let (mut members, mut edges) = (BTreeSet::from([number]), Vec::new());
        let mut open = vec![number];
        while let Some(a) = open.pop() {
            for link in self.links[a as usize].iter().filter(|link| link.bits >= least) {
                if a < link.other {
                    edges.push(Edge { a, b: link.other, bits: link.bits });
                }
                if members.insert(link.other) {
                    open.push(link.other);
                }
            }
        }
        (members.into_iter().collect(), edges)
    }
}

impl Guard for Identity {
    fn apart(&self, a: u32, b: u32) -> bool {
        let two = match (self.verified.get(&a), self.verified.get(&b)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        };
        two || self.apart.contains(&(a.min(b), a.max(b)))
    }

    fn bits(&self, a: u32, b: u32) -> f64 {
        self.bits_of(&self.people.asked(a.max(b)), a.min(b)).0
    }

    fn bits_of_profiles(&self, p: &[u32], q: &[u32]) -> f64 {
        whole::bits(&self.people, &self.weights, p, q)
    }
}

/// The numbers below `count`, each once, spread evenly from the beginning: by steps that have no divisor in common
/// with it.
pub(super) fn spread(count: u32) -> impl Iterator<Item = u32> {
    let common = |mut a: u64, mut b: u64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let all = u64::from(count.max(1));
    let golden = (all as f64 * 0.618) as u64;
    let step = (golden.max(1)..).find(|step| common(*step, all) == 1).unwrap_or(1);
    (0..u64::from(count)).map(move |place| (place * step % all) as u32)
}
