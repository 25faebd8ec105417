//! `lockstep eval pricing`: what prices do, and what the mind's prices earn. Called by [`crate::run`].

mod judging;
pub mod reading;
mod simulate;

use std::path::PathBuf;

use serde_json::json;

use crate::measure::Measure;

/// Learn elasticities and foretell weeks that were not learnt from, with prices and without.
///
/// Reads `item,week,units,price`, and `category` and `promotion` where they are there; `week` is a number or a date.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep eval pricing --weeks weeks.csv\n  lockstep eval pricing --simulate --seed 1"
)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Items by week: `item,week,units,price[,category][,promotion]`.
    #[arg(long, required_unless_present = "simulate")]
    weeks: Option<PathBuf>,
    /// Price and clear a season of items whose elasticity is known, beside an oracle.
    #[arg(long, conflicts_with = "weeks")]
    simulate: bool,
    /// What is drawn is drawn from this.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Reads, learns, prints.
///
/// # Errors
/// When the file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    if args.simulate {
        measure.print(simulate::run(args.seed));
    } else if let Some(file) = &args.weeks {
        let read = reading::weeks(file)?;
        let mut result = judging::judge(&read.weeks);
        result["rows"] = json!(read.rows);
        result["items"] = json!(read.items);
        result["refused"] = read.refused.json();
        measure.print(result);
    }
    Ok(())
}
