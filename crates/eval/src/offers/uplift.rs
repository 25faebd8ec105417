//! `lockstep eval offers uplift`: does the mind find those who are moved by a message? Judged by the Qini curve
//! (Radcliffe 2007), each person scored by models that never saw them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use agents::offers::{Treated, Uplift};
use anyhow::ensure;
use serde_json::{Value, json};
use stats::dice::Dice;

use super::reading::Refused;
use crate::measure::Measure;
use crate::table::Table;

/// Parts of which each is scored by models of the others.
const PARTS: usize = 5;
/// Samples with replacement for the interval.
const SAMPLES: usize = 200;
/// More different texts than this in a column are no categories.
const CATEGORIES_MAX: usize = 50;

/// Score an experiment's people by how much the message moves them.
///
/// The table has `arm`, the outcome's column, and any number of columns `f_…` (numbers, or texts as categories). Example:
///   lockstep eval offers uplift --table experiment.tsv --treated 'Womens E-Mail' --control 'No E-Mail' --outcome visit
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The experiment.
    #[arg(long)]
    table: PathBuf,
    /// The arm that got the message.
    #[arg(long)]
    treated: String,
    /// The arm that got none.
    #[arg(long)]
    control: String,
    /// The column of what was hoped for; above 0 = it happened.
    #[arg(long)]
    outcome: String,
    /// Seed of the parts and of the interval.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Reads, scores, prints.
///
/// # Errors
/// When the file cannot be read, a column is missing, or an arm has nobody.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let outcome = args.outcome.to_ascii_lowercase();
    let table = Table::open(&args.table, &["arm", &outcome])?;
    let (people, refused) = experiment(table, [&args.treated, &args.control], &outcome);
    ensure!(people.iter().any(|person| person.sent), "nobody is in the arm {}", args.treated);
    ensure!(people.iter().any(|person| !person.sent), "nobody is in the arm {}", args.control);
    let scores = scores(&people, args.seed)?;
    let mut result = evaluate(&people, &scores, args.seed);
    Refused::tell(&[("table", &refused)], &mut result);
    measure.print(result);
    Ok(())
}

/// Each person's uplift by models of the other parts.
fn scores(people: &[Treated], seed: u64) -> anyhow::Result<Vec<f64>> {
    let mut parts: Vec<usize> = (0..people.len()).map(|place| place % PARTS).collect();
    Dice::seeded(seed).shuffle(&mut parts);
    let mut scores = vec![0.0; people.len()];
    for part in 0..PARTS {
        let others: Vec<Treated> =
            people.iter().zip(&parts).filter(|(_, at)| **at != part).map(|(person, _)| person.clone()).collect();
        let uplift = Uplift::fit(&others)?;
        for ((score, person), _) in scores.iter_mut().zip(people).zip(&parts).filter(|(_, at)| **at == part) {
            *score = uplift.of(&person.features);
        }
    }
    Ok(scores)
}

fn evaluate(people: &[Treated], scores: &[f64], seed: u64) -> Value {
    let rows: Vec<(f64, bool, bool)> =
        people.iter().zip(scores).map(|(person, score)| (*score, person.sent, person.happened)).collect();
    let whole = Qini::of(rows.clone());
    let mut dice = Dice::seeded(seed);
    let mut drawn: Vec<f64> = (0..SAMPLES)
        .map(|_| Qini::of((0..rows.len()).map(|_| rows[dice.below(rows.len() as u64) as usize]).collect()).coefficient)
        .collect();
    drawn.sort_by(f64::total_cmp);
    json!({
        "people": people.len(),
        "average_effect": whole.effect,
        "qini": whole.coefficient,
        "qini_interval95": [drawn[SAMPLES / 40], drawn[SAMPLES - 1 - SAMPLES / 40]],
        "auuc": whole.area,
        "effect_top_third": whole.top_third,
        "effect_bottom_third": whole.bottom_third,
        "seed": seed,
    })
}

/// The curve of gained outcomes per person when messages go to the highest scores first.
struct Qini {
    effect: f64,
    area: f64,
    /// Area between the curve and the straight line to its end.
    coefficient: f64,
    top_third: f64,
    bottom_third: f64,
}

impl Qini {
    /// From (score, sent, happened).
    fn of(mut rows: Vec<(f64, bool, bool)>) -> Self {
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let count = rows.len().max(1) as f64;
        let (mut sent, mut sent_hit, mut kept, mut kept_hit) = (0.0_f64, 0.0, 0.0_f64, 0.0);
        let (mut area, mut gained) = (0.0, 0.0);
        for (_, was_sent, happened) in &rows {
            let hit = f64::from(u8::from(*happened));
            if *was_sent {
                (sent, sent_hit) = (sent + 1.0, sent_hit + hit);
            } else {
                (kept, kept_hit) = (kept + 1.0, kept_hit + hit);
            }
            gained = (sent_hit - if kept > 0.0 { kept_hit * sent / kept } else { 0.0 }) / count;
            area += gained / count;
        }
        let third = rows.len() / 3;
        Self {
            effect: effect(&rows),
            area,
            coefficient: area - 0.5 * gained,
            top_third: effect(&rows[..third]),
            bottom_third: effect(&rows[rows.len() - third..]),
        }
    }
}

/// The difference between the two arms.
fn effect(rows: &[(f64, bool, bool)]) -> f64 {
    let rate = |sent: bool| {
        let side = rows.iter().filter(|row| row.1 == sent);
        let (count, hits) = side.fold((0.0_f64, 0.0), |all, row| (all.0 + 1.0, all.1 + f64::from(u8::from(row.2))));
        if count > 0.0 { hits / count } else { 0.0 }
    };
    rate(true) - rate(false)
}

/// The people of an experiment: of a table with `arm` and the outcome's column, those of the two arms (treated, control).
/// Columns `f_…` are features, in the order of the file.
pub fn experiment(table: Table, [treated, control]: [&str; 2], outcome: &str) -> (Vec<Treated>, Refused) {
    let header: Vec<String> = table.names().into_iter().filter(|name| name.starts_with("f_")).collect();
    let (mut rows, mut refused) = (Vec::new(), Refused::default());
    for row in table {
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                refused.add(bad.line, "", &bad.reason);
                continue;
            }
        };
        let arm = row.get("arm");
        if arm != treated && arm != control {
            continue;
        }
        match row.get(outcome).parse::<f64>().ok().filter(|value| value.is_finite()) {
            Some(value) => {
                let texts: Vec<String> = header.iter().map(|column| row.get(column).to_owned()).collect();
                rows.push((texts, arm == treated, value > 0.0));
            }
            None => refused.add(row.line, "outcome", "is no number"),
        }
    }
    (people(&rows, header.len()), refused)
}

/// Texts become numbers: a column of numbers as it is, any other one by a mark for each text in it but the first.
fn people(rows: &[(Vec<String>, bool, bool)], width: usize) -> Vec<Treated> {
    let mut people: Vec<Treated> = rows
        .iter()
        .map(|(_, sent, happened)| Treated { features: Vec::new(), sent: *sent, happened: *happened })
        .collect();
    for column in 0..width {
        let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        if rows.iter().all(|row| row.0[column].is_empty() || number(&row.0[column]).is_some()) {
            for (person, row) in people.iter_mut().zip(rows) {
                person.features.push(number(&row.0[column]).unwrap_or(f64::NAN));
            }
            continue;
        }
        let texts: BTreeSet<&str> = rows.iter().map(|row| row.0[column].as_str()).collect();
        for text in texts.into_iter().skip(1).take(CATEGORIES_MAX) {
            for (person, row) in people.iter_mut().zip(rows) {
                person.features.push(f64::from(u8::from(row.0[column] == text)));
            }
        }
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_that_of_a_hand_worked_example() {
        // Two of the four are moved, and are scored first: sent and hit, kept and not.
        let rows = vec![(0.9, true, true), (0.8, false, false), (0.2, true, false), (0.1, false, false)];
        let qini = Qini::of(rows);
        // Gains per person after each: 1/4, 1/4, 1/4, 1/4; the straight line has half of the last.
        assert!((qini.area - 0.25).abs() < 1e-12 && (qini.coefficient - 0.125).abs() < 1e-12);
        assert_eq!(qini.effect, 0.5);
    }

    #[test]
    fn numbers_stay_numbers_and_texts_become_marks() {
        let row = |a: &str, b: &str| (vec![a.to_owned(), b.to_owned()], true, false);
        let people = people(&[row("1.5", "web"), row("", "till"), row("2", "web")], 2);
        assert_eq!(people[0].features, [1.5, 1.0]);
        assert!(people[1].features[0].is_nan() && people[1].features[1] == 0.0);
    }
}
