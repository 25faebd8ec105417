//! `lockstep eval offers logged`: what another way of choosing would have earned, from a log of this one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use agents::offers::{Logged, value};
use serde_json::{Value, json};

use super::reading::Refused;
use crate::measure::Measure;
use crate::table::{Row, Table};

/// Columns that a log must have.
pub const COLUMNS: [&str; 3] = ["action", "reward", "propensity"];

/// Values the policy behind one log from another log, and compares with what it really earned.
///
/// Both have the columns `action,reward,propensity` and, if there are several places, `position`. Example:
///   lockstep eval offers logged --log shown_at_random.tsv --policy shown_by_choice.tsv
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// What was shown, with which chance, and what came of it.
    #[arg(long)]
    log: PathBuf,
    /// A log of the policy to be valued: its mean propensity by position and action is that policy.
    #[arg(long)]
    policy: PathBuf,
}

/// Reads, values, prints.
///
/// # Errors
/// When a file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let mut names = BTreeMap::new();
    let (log, log_refused) = read(&args.log, &mut names)?;
    let (other, other_refused) = read(&args.policy, &mut names)?;
    let mut result = evaluate(&log, &other);
    Refused::tell(&[("log", &log_refused), ("policy", &other_refused)], &mut result);
    measure.print(result);
    Ok(())
}

fn evaluate(log: &[Logged], other: &[Logged]) -> Value {
    let policy = mean_propensities(other);
    let valued = value(log, &|slot, action| policy.get(&(slot, action)).copied().unwrap_or(0.0));
    let mean = |rows: &[Logged]| {
        let count = rows.len().max(1) as f64;
        let mean = rows.iter().map(|row| row.reward).sum::<f64>() / count;
        let spread = rows.iter().map(|row| (row.reward - mean) * (row.reward - mean)).sum::<f64>();
        json!({ "value": mean, "error": spread.sqrt() / count })
    };
    let told = |(value, error): (f64, f64)| json!({ "value": value, "error": error });
    json!({
        "rows": valued.rows,
        "effective_rows": valued.effective,
        "logged": mean(log),
        "ips": told(valued.ips),
        "snips": told(valued.snips),
        "dr": told(valued.dr),
        "really_earned": mean(other),
    })
}

/// The policy of a log: its mean propensity by position and action, brought to add up to one per position.
fn mean_propensities(log: &[Logged]) -> BTreeMap<(u32, u32), f64> {
    let mut sums: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
    for row in log {
        let (count, sum) = sums.entry((row.slot, row.action)).or_default();
        *count += 1.0;
        *sum += row.propensity;
    }
    let mut slots: BTreeMap<u32, f64> = BTreeMap::new();
    for ((slot, _), (count, sum)) in &sums {
        *slots.entry(*slot).or_default() += sum / count;
    }
    sums.into_iter().map(|((slot, action), (count, sum))| ((slot, action), sum / count / slots[&slot])).collect()
}

/// Rows of a log; positions and actions are numbered by `names` as they come.
fn read(path: &Path, names: &mut BTreeMap<String, u32>) -> anyhow::Result<(Vec<Logged>, Refused)> {
    Ok(log_of(Table::open(path, &COLUMNS)?, names))
}

/// The rows of a log with the columns [`COLUMNS`]; positions and actions are numbered by `names` as they come.
pub fn log_of(table: Table, names: &mut BTreeMap<String, u32>) -> (Vec<Logged>, Refused) {
    let (mut rows, mut refused) = (Vec::new(), Refused::default());
    for row in table {
        match row.map_err(|bad| (bad.line, "", bad.reason)).and_then(|row| logged(&row, names)) {
            Ok(row) => rows.push(row),
            Err((line, column, reason)) => refused.add(line, column, &reason),
        }
    }
    (rows, refused)
}

fn logged(row: &Row, names: &mut BTreeMap<String, u32>) -> Result<Logged, (u64, &'static str, String)> {
    let number = |column: &'static str| {
        let value = row.get(column).parse::<f64>().ok().filter(|value| value.is_finite());
        value.ok_or((row.line, column, "is no number".to_owned()))
    };
    let (reward, propensity) = (number("reward")?, number("propensity")?);
    if !(propensity > 0.0 && propensity <= 1.0) {
        return Err((row.line, "propensity", "is not above 0 and at most 1".to_owned()));
    }
    if row.get("action").is_empty() {
        return Err((row.line, "action", "is empty".to_owned()));
    }
    let mut named = |text: String| {
        let next = names.len() as u32;
        *names.entry(text).or_insert(next)
    };
    let slot = named(format!("position {}", row.get("position")));
    Ok(Logged { slot, action: named(format!("action {}", row.get("action"))), propensity, reward })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_valued_by_itself_gives_what_it_earned() {
        let row = |action: u32, reward: f64| Logged { slot: 0, action, propensity: 0.5, reward };
        let log = [row(0, 1.0), row(1, 0.0), row(0, 0.0), row(1, 0.0)];
        let result = evaluate(&log, &log);
        for estimate in ["logged", "ips", "snips", "really_earned"] {
            assert_eq!(result[estimate]["value"], json!(0.25), "{estimate}");
        }
    }
}
