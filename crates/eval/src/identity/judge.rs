//! The truth, and how near an answer comes to it. Called by the command after everything is decided.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use agents::identity::{ASK, Identity};

use super::read::{People, Refused, unknown};
use crate::calibration::Calibration;
use crate::table::Table;

/// Pairs of rows, the smaller first.
#[derive(Debug, Default)]
pub struct Pairs(HashSet<(u32, u32)>);

impl Pairs {
    /// Whether two rows are one person.
    pub fn has(&self, a: u32, b: u32) -> bool {
        self.0.contains(&(a.min(b), a.max(b)))
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }
}

/// The truth as read.
#[derive(Debug, Default)]
pub struct Truth {
    /// Its pairs; the same pair twice counts once.
    pub pairs: Pairs,
    /// Rows that were refused, the first twenty.
    pub refused: Vec<Refused>,
    /// How many were refused.
    pub refused_rows: u64,
}

/// Reads a table of pairs.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn truth(path: &Path, people: &People) -> anyhow::Result<Truth> {
    Ok(truth_of(Table::open(path, &["id_a", "id_b"])?, people))
}

/// The pairs of a table that has the columns `id_a` and `id_b`.
pub fn truth_of(table: Table, people: &People) -> Truth {
    let mut truth = Truth::default();
    let mut refuse = |line: u64, column: &'static str, reason: String| {
        truth.refused_rows += 1;
        if truth.refused.len() < 20 {
            truth.refused.push(Refused { line, column, reason });
        }
    };
    for row in table {
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                refuse(bad.line, "", bad.reason);
                continue;
            }
        };
        let (a, b) = (row.get("id_a"), row.get("id_b"));
        match (people.numbers.get(a), people.numbers.get(b)) {
            (Some(a), Some(b)) if a == b => refuse(row.line, "id_b", "is the same record as id_a".into()),
            (Some(a), Some(b)) => {
                truth.pairs.0.insert((*a.min(b), *a.max(b)));
            }
            _ => refuse(row.line, if people.numbers.contains_key(a) { "id_b" } else { "id_a" }, {
                let ids: Vec<&str> = unknown(people, [a, b]).into_iter().collect();
                format!("no record is called {}", ids.join(" or "))
            }),
        }
    }
    truth
}

/// How an answer compares.
#[derive(Debug, Default)]
pub struct Judged {
    /// Pairs of records of one profile.
    pub merged: u64,
    /// Those that are one person.
    pub right: u64,
    /// Pairs that a person would be asked about.
    pub review: u64,
    /// Those that are one person.
    pub review_right: u64,
    /// Profiles.
    pub profiles: u64,
    /// Probability from which records were merged without asking.
    pub automatic: f64,
    /// Probability of every link, and whether it is one person.
    pub links: Vec<(f64, bool)>,
}

impl Judged {
    /// Share of merged pairs that are right; 1 when nothing was merged.
    pub fn precision(&self) -> f64 {
        if self.merged == 0 { 1.0 } else { ratio(self.right, self.merged) }
    }

    /// Share of true pairs that are merged.
    pub fn recall(&self, truth: u64) -> f64 {
        ratio(self.right, truth)
    }

    /// Share of true pairs that are merged or asked about.
    pub fn recall_with_review(&self, truth: u64) -> f64 {
        ratio(self.right + self.review_right, truth)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self, truth: u64) -> f64 {
        ratio(2 * self.right, self.merged + truth)
    }

    /// Expected calibration error of the links: mean distance of probability and outcome over ten bins.
    pub fn calibration_error(&self) -> f64 {
        let mut told = Calibration::default();
        self.links.iter().for_each(|(probability, is)| told.add(*probability, *is));
        told.error().unwrap_or(0.0)
    }
}

/// Of two counts; 0 when the second is 0.
pub fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Compares profiles and links with the truth.
pub fn judge(mind: &Identity, people: &People, truth: &Pairs) -> Judged {
    let mut judged = Judged { automatic: mind.automatic(), ..Judged::default() };
    let mut profiles: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in 0..people.ids.len() as u32 {
        profiles.entry(people.profile(mind, row)).or_default().push(row);
    }
    judged.profiles = profiles.len() as u64;
    for members in profiles.values() {
        let size = members.len() as u64;
        judged.merged += size * (size - 1) / 2;
    }
    let same = |a: u32, b: u32| people.profile(mind, a) == people.profile(mind, b);
    judged.right = truth.0.iter().filter(|(a, b)| same(*a, *b)).count() as u64;
    let mut asked = BTreeSet::new();
    for (a, b, probability) in mind.links() {
        let (Some(a), Some(b)) = (people.row(a), people.row(b)) else {
            continue;
        };
        let is = truth.has(a, b);
        judged.links.push((probability, is));
        // Sure links that the guards refused are asked about as well.
        if probability >= ASK && !same(a, b) && asked.insert((a.min(b), a.max(b))) {
            judged.review += 1;
            judged.review_right += u64::from(is);
        }
    }
    judged
}
