//! `lockstep eval allocation`: promises made or withheld, pick by pick in the order of time, beside fixed buffers. Called by
//! the roof.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;

use agents::allocation::{Picks, Promise, Shelf, promise};
use model::LocationId;
use serde_json::{Value, json};

use crate::calibration::Calibration;
use crate::measure::{Measure, round};
use crate::plot::{self, Titles};
use crate::refused::Refused;
use crate::table::{BadLine, Row, Table};

/// Promises made or withheld, pick by pick in the order of time, beside fixed buffers of 0 to 3.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep eval allocation --picks target/eval/allocation/picks.csv")]
pub struct Args {
    /// time,location,category,on_hand,days,found,margin,cancelled: in the order of time; `days` since the item was last
    /// counted or sold there, `found` 1 or 0, `cancelled` the cost of a promise that cannot be kept.
    #[arg(long)]
    picks: PathBuf,
    /// Share of the rows, the first ones, that are learnt from before anything is judged.
    #[arg(long, default_value_t = 0.2)]
    warm_up: f64,
    /// Where a picture is drawn as SVG: money by rule.
    #[arg(long)]
    plot: Option<PathBuf>,
}

/// Columns that picks must have.
pub const PICKS: [&str; 7] = ["location", "category", "on_hand", "days", "found", "margin", "cancelled"];

/// A pick as it went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// The shelf by the books.
    pub shelf: Shelf,
    /// Whether the unit was there.
    pub found: bool,
    /// Earned when it is.
    pub margin: f64,
    /// Cost of cancelling when it is not.
    pub cancelled: f64,
}

/// What a rule did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    promised: u64,
    cancelled: u64,
    /// Units that would have been found but were not offered.
    withheld: u64,
    money: f64,
}

/// Runs it.
///
/// # Errors
/// When the file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let mut refused = Refused::default();
    let picks = read(Table::open(&args.picks, &PICKS)?, &mut refused);
    let mut result = judge(&picks, args.warm_up);
    plot::save(args.plot.as_ref(), || picture(&result))?;
    if let Value::Object(fields) = &mut result {
        fields.insert("picks".into(), json!(picks.len()));
        fields.insert("refused".into(), refused.json());
    }
    measure.print(result);
    Ok(())
}

/// Money by rule.
fn picture(result: &Value) -> String {
    let money = |rule: &Value| rule["money"].as_f64().unwrap_or(f64::NAN);
    let fixed: Vec<f64> = result["fixed_buffers"].as_array().into_iter().flatten().map(money).collect();
    let names = std::iter::once("the mind".to_owned()).chain((0..fixed.len()).map(|units| format!("buffer {units}")));
    let values = std::iter::once(money(result)).chain(fixed.iter().copied()).collect();
    let titles = Titles { title: "Promises kept, less those that could not be", x: "rule", y: "money" };
    plot::bars(titles, &names.collect::<Vec<String>>(), &[("money".to_owned(), values)])
}

/// Reads picks; names of locations and categories are numbered as they come.
pub fn read(rows: impl Iterator<Item = Result<Row, BadLine>>, refused: &mut Refused) -> Vec<Pick> {
    let (mut locations, mut categories): (HashMap<String, u32>, HashMap<String, u32>) = Default::default();
    let mut picks = Vec::new();
    for row in rows {
        match row {
            Err(bad) => refused.refuse(bad.line, "", bad.reason),
            Ok(row) => picks.extend(refused.take(row.line, pick(&row, &mut locations, &mut categories))),
        }
    }
    picks
}

type Flaw = (&'static str, String);

fn pick(row: &Row, locations: &mut HashMap<String, u32>, categories: &mut HashMap<String, u32>) -> Result<Pick, Flaw> {
    let number = |column: &'static str| {
        let number = row.get(column).parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        number.ok_or((column, format!("{:?} is no amount", row.get(column))))
    };
    let found = match row.get("found").to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => true,
        "0" | "false" | "no" => false,
        other => return Err(("found", format!("{other:?} is neither 1 nor 0"))),
    };
    let numbered = |names: &mut HashMap<String, u32>, name: &str| {
        let next = names.len() as u32;
        *names.entry(name.to_owned()).or_insert(next)
    };
    let (on_hand, days) = (number("on_hand")?.min(1e9) as u32, number("days")?.min(1e9) as u32);
    let (margin, cancelled) = (number("margin")?, number("cancelled")?);
    let location = LocationId(numbered(locations, row.get("location")));
    let category = numbered(categories, row.get("category"));
    Ok(Pick { shelf: Shelf { location, category, on_hand, days }, found, margin, cancelled })
}

/// Plays the picks in order. Each is judged before it is learnt from; every pick's outcome is taken to be known whether
/// or not the mind would have promised it, as it would be from tills and counts.
pub fn judge(picks: &[Pick], warm_up: f64) -> Value {
    let first = (warm_up.clamp(0.0, 1.0) * picks.len() as f64) as usize;
    let mut mind = Picks::default();
    let (mut agent, mut fixed) = (Score::default(), [Score::default(); 4]);
    let mut told = Calibration::default();
    for (at, pick) in picks.iter().enumerate() {
        if at >= first {
            let chance = mind.chance(pick.shelf);
            told.add(chance, pick.found);
            let proposal = promise(&mind, pick.shelf, Some(pick.margin), pick.cancelled, None);
            agent.note(pick, proposal.action == Promise::Make);
            for (buffer, score) in (0..).zip(&mut fixed) {
                score.note(pick, pick.shelf.on_hand > buffer);
            }
        }
        mind.learn(pick.shelf, pick.found);
    }
    let error = told.error().unwrap_or(0.0);
    let mut result = agent.json();
    if let Value::Object(fields) = &mut result {
        fields.insert("calibration_error".into(), json!(round(error)));
        fields.insert("fixed_buffers".into(), json!(fixed.iter().map(Score::json).collect::<Vec<_>>()));
    }
    result
}

impl Score {
    fn note(&mut self, pick: &Pick, promised: bool) {
        match (promised, pick.found) {
            (true, true) => self.money += pick.margin,
            (true, false) => {
                self.money -= pick.cancelled;
                self.cancelled += 1;
            }
            (false, true) => self.withheld += 1,
            (false, false) => {}
        }
        self.promised += u64::from(promised);
    }

    fn json(&self) -> Value {
        json!({
            "promised": self.promised,
            "cancelled_promises": self.cancelled,
            "withheld_sales": self.withheld,
            "money": round(self.money),
        })
    }
}
