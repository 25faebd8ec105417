//! `lockstep eval merchandising`: are the best sellers of now those of the next two weeks? Called by [`crate::run`].

mod judging;
pub mod reading;

use std::path::PathBuf;

use serde_json::json;

use crate::measure::Measure;

/// Rank items day by day and compare with what sells in the 14 days after.
///
/// Reads `item,date,quantity`, and `category`, `value` and `in_stock` where they are there; days without a row of an item
/// sold nothing of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep eval merchandising --sales sales.csv --top 20")]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Items by day: `item,date,quantity[,category][,value][,in_stock]`.
    #[arg(long)]
    sales: PathBuf,
    /// How many are best sellers.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    top: u16,
}

/// Reads, ranks, prints.
///
/// # Errors
/// When the file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let read = reading::sales(&args.sales)?;
    let mut result = judging::judge(&read.days(), usize::from(args.top));
    result["rows"] = json!(read.rows);
    result["refused"] = read.refused.json();
    measure.print(result);
    Ok(())
}
