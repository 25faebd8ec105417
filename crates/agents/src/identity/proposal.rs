//! Why two records are one person, or are not, in words and numbers. Called when a person or a page asks; changes
//! nothing.

use model::Subject;

use super::field::{Field, Level, Pattern};
use super::weights::{self, Score};
use super::{ASK, Identity};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// What should become of two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One person.
    Merge,
    /// A person should look.
    Ask,
    /// Two people.
    KeepApart,
}

/// Two records and what should become of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// One record.
    pub a: Subject,
    /// Another.
    pub b: Subject,
    /// What should become of them.
    pub verdict: Verdict,
}

const PRIOR: &str = "how rarely two records are one person";
const HOUSEHOLD: &str = "could be another person of the same household";

impl Identity {
    /// What should become of two records, with reasons; `None` when one of them is not here.
    ///
    /// The score is in bits: the logarithm to base two of the odds. Its confidence is the probability of the verdict;
    /// 0 when nothing could be compared.
    pub fn explain(&self, a: Subject, b: Subject) -> Option<Proposal<Merge>> {
        let (one, other) = (self.number(a)?, self.number(b)?);
        if one == other {
            return None;
        }
        // As when they were linked: the later record against the earlier.
        let (one, other) = (one.max(other), one.min(other));
        let pattern = self.pattern(one, other);
        let score = self.weights.score(self.people.values(), pattern, self.people.slots(one), self.people.slots(other));
        let probability = weights::probability(score.bits);
        let known = Field::ALL.iter().any(|field| pattern.level(*field) != Level::Missing);
        let verdict = if self.kept_apart(one, other) { Verdict::KeepApart } else { self.verdict(probability, known) };
        let confidence = match verdict {
            _ if !known => Confidence::NONE,
            Verdict::Merge | Verdict::Ask => Confidence::new(probability),
            Verdict::KeepApart => Confidence::new(1.0 - probability),
        };
        let mut reasons = Reasons::of(terms(pattern, &score), confidence);
        reasons.runner_up = self.runner_up(one, other);
        reasons.flip = self.flip(one, other, pattern, &score);
        let undo = "the two are kept apart, and only the records linked with them are clustered again";
        Some(Proposal { action: Merge { a, b, verdict }, reasons, undo })
    }

    /// What was learnt: bits that each level of each field adds, from different to equal (of average frequency).
    pub fn learnt(&self) -> Vec<(&'static str, [f64; 4])> {
        let levels = [Level::Else, Level::Weak, Level::Close, Level::Exact];
        let bits = |field: Field| levels.map(|level| self.weights.plain(field, level, false));
        Field::ALL.into_iter().map(|field| (field.words(), bits(field))).collect()
    }

    /// What was learnt: share of all pairs that are one person, and household pairs for each of them.
    pub fn learnt_shares(&self) -> (f64, f64) {
        (self.weights.lambda, self.weights.household)
    }

    /// Everybody a record may be that it is not merged with yet, and those it is, surest first.
    pub fn proposals(&self, subject: Subject) -> Vec<Proposal<Merge>> {
        let Some(number) = self.number(subject) else {
            return Vec::new();
        };
        let others = self.links[number as usize].iter().filter_map(|link| self.subject(link.other));
        let mut found: Vec<Proposal<Merge>> = others.filter_map(|other| self.explain(subject, other)).collect();
        found.sort_by(|x, y| y.reasons.score.total_cmp(&x.reasons.score).then(x.action.b.cmp(&y.action.b)));
        found
    }

    fn verdict(&self, probability: f64, known: bool) -> Verdict {
        match probability {
            _ if !known => Verdict::Ask,
            p if p >= self.automatic() => Verdict::Merge,
            p if p >= ASK => Verdict::Ask,
            _ => Verdict::KeepApart,
        }
    }

    fn kept_apart(&self, a: u32, b: u32) -> bool {
        use super::cluster::Guard;
        self.apart(a, b)
    }

    /// The next best record that the first one may be.
    fn runner_up(&self, number: u32, beside: u32) -> Option<RunnerUp> {
        let links = self.links[number as usize].iter().filter(|link| link.other != beside);
        let best = links.max_by(|x, y| x.bits.total_cmp(&y.bits).then(y.other.cmp(&x.other)))?;
        let alike: Vec<&str> = Field::ALL
            .into_iter()
            .filter(|field| best.pattern.level(*field) >= Level::Close && *field != Field::Swap)
            .map(Field::words)
            .collect();
        Some(RunnerUp { what: format!("another record with the same {}", alike.join(", ")), score: best.bits })
    }
}

fn terms(pattern: Pattern, score: &Score) -> Vec<Term> {
    let of = |field: &Field| {
        let level = pattern.level(*field);
        (level != Level::Missing && score.fields[field.place()] != 0.0).then(|| Term {
            name: field.phrase(level),
            input: f64::from(level as u8),
            adds: score.fields[field.place()],
        })
    };
    let mut terms = vec![Term { name: PRIOR, input: weights::probability(score.prior), adds: score.prior }];
    terms.extend(Field::ALL.iter().filter_map(of));
    if score.household < 0.0 {
        terms.push(Term { name: HOUSEHOLD, input: 1.0, adds: score.household });
    }
    terms
}

impl Identity {
    /// The smallest change of one field's level that would have decided otherwise about an automatic merge.
    fn flip(&self, one: u32, other: u32, pattern: Pattern, score: &Score) -> Option<Flip> {
        let limit = weights::bits(self.automatic());
        let (a, b) = (self.people.slots(one), self.people.slots(other));
        let mut best: Option<(u8, f64, Flip)> = None;
        for field in Field::ALL.into_iter().filter(|field| pattern.level(*field) != Level::Missing) {
            let from = pattern.level(field);
            for to in Level::ALL.into_iter().filter(|to| *to != from) {
                let changed = self.weights.score(self.people.values(), pattern.changed(field, to), a, b).bits;
                if (changed >= limit) == (score.bits >= limit) {
                    continue;
                }
                let (steps, bits) = ((from as u8).abs_diff(to as u8), (changed - score.bits).abs());
                if best.as_ref().is_none_or(|known| (steps, bits) < (known.0, known.1)) {
                    let flip = Flip { input: field.phrase(from), from: f64::from(from as u8), to: f64::from(to as u8) };
                    best = Some((steps, bits, flip));
                }
            }
        }
        best.map(|(_, _, flip)| flip)
    }
}
