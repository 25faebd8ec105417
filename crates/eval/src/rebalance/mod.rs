//! `lockstep eval rebalance`: transfers between locations for one horizon. Called by the roof.

pub mod reading;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use agents::Proposal;
use agents::rebalance::{Limits, Shelf, Transfer, rebalance};
use anyhow::Context;
use model::{ItemId, LocationId};
use serde_json::{Value, json};

use crate::calibration::Calibration;
use crate::measure::{Measure, round};
use crate::refused::Refused;
use crate::table::Table;

use reading::Names;

/// Transfers between locations for one horizon: what they are expected to gain, and what they would have gained.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep eval rebalance --stock target/eval/rebalance/s01.csv --lanes target/eval/rebalance/l01.csv"
)]
pub struct Args {
    /// item,location,stock,mean,dispersion,margin,salvage[,movable]: mean and dispersion of demand until the horizon ends.
    #[arg(long)]
    stock: PathBuf,
    /// from,to,per_unit,fixed
    #[arg(long)]
    lanes: PathBuf,
    /// item,location,quantity: what was asked for until the horizon ended; judges the transfers on it.
    #[arg(long)]
    actual: Option<PathBuf>,
    /// Units move in multiples of this.
    #[arg(long, default_value_t = 1)]
    pack: u32,
    /// Most units that leave, and that arrive at, one location.
    #[arg(long, default_value_t = u32::MAX)]
    units_per_location: u32,
    /// Where the transfers are written as CSV: from,to,item,units.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// When a file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let mut names = Names::default();
    let (mut bad_stock, mut bad_lanes, mut bad_actual) = (Refused::default(), Refused::default(), Refused::default());
    let shelves = reading::stock(Table::open(&args.stock, &reading::STOCK)?, &mut names, &mut bad_stock);
    let lanes = reading::lanes(Table::open(&args.lanes, &reading::LANES)?, &mut names, &mut bad_lanes);
    let limits = Limits { pack: args.pack, units_per_location: args.units_per_location, currency: None };
    let proposals = rebalance(&shelves, &lanes, &limits);
    let mut result = json!({
        "shelves": shelves.len(),
        "lanes": lanes.len(),
        "transfers": proposals.len(),
        "units": units(&proposals),
        "gain": round(stats::num::sum(proposals.iter().map(|one| one.reasons.score))),
        "refused": { "stock": bad_stock.json(), "lanes": bad_lanes.json() },
    });
    if let (Some(path), Value::Object(fields)) = (&args.actual, &mut result) {
        let actual = reading::actual(Table::open(path, &reading::ACTUAL)?, &mut names, &mut bad_actual);
        fields.insert("realised".into(), realised(&shelves, &proposals, &actual));
        fields.insert("refused_actual".into(), bad_actual.json());
    }
    if let Some(path) = &args.out {
        std::fs::write(path, csv(&proposals, &names)).with_context(|| format!("write {}", path.display()))?;
    }
    measure.print(result);
    Ok(())
}

fn units(proposals: &[Proposal<Transfer>]) -> u64 {
    proposals.iter().flat_map(|one| &one.action.lines).map(|(_, units)| u64::from(*units)).sum()
}

/// What the transfers gain on what was really asked for, before and after the cost of the lanes, and which share of the
/// units moved was sold where they went.
pub fn realised(
    shelves: &[Shelf],
    proposals: &[Proposal<Transfer>],
    actual: &BTreeMap<(ItemId, LocationId), f64>,
) -> Value {
    let mut change: BTreeMap<(ItemId, LocationId), (f64, f64)> = BTreeMap::new();
    let mut carriage = 0.0;
    for one in proposals {
        // Carriage and fixed cost are the last two terms by name; the rest is worth.
        let ways = one
            .reasons
            .terms
            .iter()
            .filter(|term| term.name.starts_with("carriage") || term.name.starts_with("the transfer"));
        carriage -= stats::num::sum(ways.map(|term| term.adds));
        for (item, units) in &one.action.lines {
            change.entry((*item, one.action.from)).or_default().0 += f64::from(*units);
            change.entry((*item, one.action.to)).or_default().1 += f64::from(*units);
        }
    }
    let told = confidence(shelves, proposals, actual);
    let (mut gain, mut sold_there, mut moved) = (0.0, 0.0, 0.0);
    for shelf in shelves {
        let Some((out, into)) = change.get(&(shelf.item, shelf.location)) else { continue };
        let asked = actual.get(&(shelf.item, shelf.location)).copied().unwrap_or(0.0);
        let (before, after) = (f64::from(shelf.stock), f64::from(shelf.stock) - out + into);
        let worth =
            |stock: f64| shelf.margin.unwrap_or(0.0) * asked.min(stock) + shelf.salvage * (stock - asked).max(0.0);
        gain += worth(after) - worth(before);
        sold_there += (asked.min(after) - asked.min(before)).max(0.0);
        moved += into;
    }
    json!({
        "gain": round(gain - carriage),
        "lane_cost": round(carriage),
        "confidence": told.json(),
        "sell_through": if moved > 0.0 { json!(round(sold_there / moved)) } else { json!(null) },
    })
}

/// The share of the units of each transfer that is expected to be asked for where they go, beside the share that was;
/// each transfer weighs its units. What arrives first is asked for last.
fn confidence(
    shelves: &[Shelf],
    proposals: &[Proposal<Transfer>],
    actual: &BTreeMap<(ItemId, LocationId), f64>,
) -> Calibration {
    let mut stock: BTreeMap<(ItemId, LocationId), f64> =
        shelves.iter().map(|shelf| ((shelf.item, shelf.location), f64::from(shelf.stock))).collect();
    let mut told = Calibration::default();
    for one in proposals {
        let (mut asked, mut units) = (0.0, 0.0);
        for (item, moved) in &one.action.lines {
            let (key, moved) = ((*item, one.action.to), f64::from(*moved));
            let before = stock.entry(key).or_insert(0.0);
            asked += (actual.get(&key).copied().unwrap_or(0.0) - *before).clamp(0.0, moved);
            *before += moved;
            units += moved;
        }
        told.add_share(one.reasons.confidence.value(), asked / units, units);
    }
    told
}

fn csv(proposals: &[Proposal<Transfer>], names: &Names) -> String {
    let mut text = String::from("from,to,item,units\n");
    for one in proposals {
        for (item, units) in &one.action.lines {
            let (from, to) = (names.location(one.action.from), names.location(one.action.to));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{from},{to},{},{units}", names.item(*item));
        }
    }
    text
}
