//! `lockstep eval returns`: how well returns are foretold, placed and judged. Called by [`crate::run`].

mod judging;
pub mod reading;
mod simulate;

use std::path::PathBuf;

use serde_json::json;

use crate::measure::Measure;

/// Foretell which lines come back, line by line in order of time, and find customers who return beyond reason.
///
/// Reads `order,customer,item,date,quantity,returned`, and `category` where it is there; `returned` are the units of the
/// line that came back.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep eval returns --lines lines.csv\n  lockstep eval returns --simulate --seed 1"
)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Lines sold: `order,customer,item,date,quantity,returned[,category]`.
    #[arg(long, required_unless_present = "simulate")]
    lines: Option<PathBuf>,
    /// Place goods beside an oracle, and find abuse that was planted.
    #[arg(long, conflicts_with = "lines")]
    simulate: bool,
    /// What is drawn is drawn from this.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Reads, judges, prints.
///
/// # Errors
/// When the file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    if args.simulate {
        measure.print(simulate::run(args.seed));
    } else if let Some(file) = &args.lines {
        let mut read = reading::lines(file)?;
        let mut result = judging::judge(&mut read.lines);
        result["rows"] = json!(read.rows);
        result["refused"] = read.refused.json();
        measure.print(result);
    }
    Ok(())
}
