//! Response curves on weeks of spending: are weeks that were not learnt from foretold, and what would be moved?

use std::collections::BTreeMap;
use std::path::Path;

use agents::attribution::budget::{Line, shift};
use agents::attribution::response::{Curve, Response, Weeks};
use model::Currency;
use serde_json::{Value, json};
use stats::dice::Dice;

use crate::measure::round;
use crate::refused::Refused;
use crate::table::Table;

/// Columns of the file: one row for each week and name; `kind` is `outcome`, `spend` or `control`.
pub const COLUMNS: [&str; 4] = ["week", "name", "kind", "value"];
/// Weeks foretold at each origin.
const AHEAD: usize = 13;
/// Origins, the last ones that fit.
const ORIGINS: usize = 4;
const BOOTSTRAPS: usize = 100;

/// Weeks with the names of their columns.
#[derive(Debug, Default)]
pub struct Named {
    /// The numbers.
    pub weeks: Weeks,
    /// Channels in the order of their names.
    pub channels: Vec<String>,
    /// Rows that could not be used.
    pub refused: Refused,
}

/// Reads a file.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn read(file: &Path) -> anyhow::Result<Named> {
    Ok(read_of(Table::open(file, &COLUMNS)?))
}

/// The weeks of a table with the columns [`COLUMNS`].
pub fn read_of(table: Table) -> Named {
    let mut named = Named::default();
    let mut cells: BTreeMap<(u8, String), BTreeMap<String, f64>> = BTreeMap::new();
    for row in table {
        match row {
            Ok(row) => {
                let fields = COLUMNS.map(|column| row.get(column));
                let taken = cell(fields);
                if let Some((kind, value)) = named.refused.take(row.line, taken) {
                    let weeks = cells.entry((kind, fields[1].to_owned())).or_default();
                    *weeks.entry(fields[0].to_owned()).or_default() += value;
                }
            }
            Err(bad) => named.refused.refuse(bad.line, "", bad.reason),
        }
    }
    // The weeks are those with an outcome; what is missing in one of them is nothing.
    let outcome = cells.iter().find(|((kind, _), _)| *kind == 0).map(|(_, weeks)| weeks.clone()).unwrap_or_default();
    for ((kind, name), values) in &cells {
        let list = outcome.keys().map(|week| values.get(week).copied().unwrap_or(0.0)).collect();
        match kind {
            1 => {
                named.weeks.spend.push(list);
                named.channels.push(name.clone());
            }
            2 => named.weeks.controls.push(list),
            _ => {}
        }
    }
    named.weeks.outcome = outcome.into_values().collect();
    named
}

/// The kind (0 outcome, 1 spend, 2 control) and value of the fields of [`COLUMNS`].
///
/// # Errors
/// The column and the reason.
pub fn cell([week, name, kind, value]: [&str; 4]) -> Result<(u8, f64), (&'static str, String)> {
    if week.is_empty() || name.is_empty() {
        return Err((if week.is_empty() { "week" } else { "name" }, "is empty".to_owned()));
    }
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
    let number = number.ok_or_else(|| ("value", "is no number".to_owned()))?;
    match kind {
        "outcome" => Ok((0, number)),
        "spend" if number >= 0.0 => Ok((1, number)),
        "spend" => Err(("value", "is below zero".to_owned())),
        "control" => Ok((2, number)),
        _ => Err(("kind", "is neither outcome, spend nor control".to_owned())),
    }
}

/// Reads, foretells, proposes.
///
/// # Errors
/// When the file cannot be read, a column is missing, or there are too few weeks.
pub fn run(file: &Path, seed: u64) -> anyhow::Result<Value> {
    let named = read(file)?;
    let weeks = &named.weeks;
    let count = weeks.outcome.len();
    let fitted = Response::fit(weeks);
    let Some(fitted) = fitted else {
        anyhow::bail!("{} has {count} weeks with an outcome: too few for its channels and controls", file.display())
    };
    let others = fitted.bootstrap(weeks, BOOTSTRAPS, &mut Dice::seeded(seed));
    let line = |(channel, curve): (usize, &Curve)| {
        let recent = &weeks.spend[channel][count.saturating_sub(8)..];
        let spend = recent.iter().sum::<f64>() / recent.len() as f64;
        Line { spend, floor: 0.0, curve: *curve, others: others.iter().map(|curves| curves[channel]).collect() }
    };
    let lines: Vec<Line> = fitted.curves.iter().enumerate().map(line).collect();
    let sales: f64 = weeks.outcome.iter().sum();
    let euro = Currency::parse("EUR");
    let plan = euro.and_then(|currency| shift(&lines, count, sales, 1.0, currency));
    let told: Vec<Value> = lines
        .iter()
        .zip(&named.channels)
        .enumerate()
        .map(|(place, (line, name))| {
            let planned = plan.as_ref().map_or(line.spend, |plan| plan.action.spend[place]);
            channel(name, line, planned)
        })
        .collect();
    Ok(json!({
        "seed": seed,
        "weeks": count,
        "rolling_origin": rolling(weeks),
        "channels": told,
        "shift_gain_per_week": plan.as_ref().map(|plan| round(plan.action.gain)),
        "shift_gain_low": plan.as_ref().map(|plan| round(plan.action.gain_low)),
        "confidence": plan.as_ref().map_or(0.0, |plan| plan.reasons.confidence.value()),
        "refused": named.refused.json(),
    }))
}

fn channel(name: &str, line: &Line, planned: f64) -> Value {
    let mut marginals: Vec<f64> = line.others.iter().map(|curve| curve.marginal(line.spend)).collect();
    marginals.sort_by(f64::total_cmp);
    let at = |part: f64| marginals.get((part * (marginals.len() as f64 - 1.0)) as usize).copied().map(round);
    json!({
        "channel": name,
        "spend_per_week": round(line.spend),
        "spend_planned": round(planned),
        "marginal_return": round(line.curve.marginal(line.spend)),
        "marginal_return_5": at(0.05),
        "marginal_return_95": at(0.95),
        "lasts": line.curve.lasts,
        "steepness": line.curve.steepness,
    })
}

/// Mean absolute error as a part of the mean outcome, over weeks after each origin: with curves, without, and as a year ago.
fn rolling(weeks: &Weeks) -> Value {
    let count = weeks.outcome.len();
    let (mut with, mut without, mut year, mut size) = (0.0, 0.0, 0.0, 0.0);
    let mut origins = 0;
    for back in (1..=ORIGINS).rev() {
        let Some(origin) = count.checked_sub(back * AHEAD).filter(|origin| *origin >= 78) else { continue };
        let until = |to: usize, spend: bool| Weeks {
            outcome: weeks.outcome[..to].to_vec(),
            spend: if spend { weeks.spend.iter().map(|spend| spend[..to].to_vec()).collect() } else { Vec::new() },
            controls: weeks.controls.iter().map(|control| control[..to].to_vec()).collect(),
        };
        let foretold = |spend: bool| {
            Response::fit(&until(origin, spend))
                .map(|fit| fit.predict(&until(origin + AHEAD, spend), origin, origin + AHEAD))
        };
        let (Some(media), Some(plain)) = (foretold(true), foretold(false)) else { continue };
        origins += 1;
        for place in 0..AHEAD {
            let actual = weeks.outcome[origin + place];
            with += (media[place] - actual).abs();
            without += (plain[place] - actual).abs();
            year += (weeks.outcome[origin + place - 52] - actual).abs();
            size += actual.abs();
        }
    }
    let part = |error: f64| if size > 0.0 { Some(round(error / size)) } else { None };
    json!({ "origins": origins, "weeks_ahead": AHEAD, "wape_curves": part(with), "wape_without_media": part(without), "wape_a_year_ago": part(year) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_cell_breaks_the_reader(fields in prop::array::uniform4("\\PC{0,12}|spend|outcome|-?[0-9]{0,3}")) {
            let fields = [0, 1, 2, 3].map(|place: usize| fields[place].as_str());
            if let Ok((kind, value)) = cell(fields) {
                prop_assert!(kind <= 2 && value.is_finite());
            }
        }
    }
}
