//! `lockstep eval pricing`: what prices do, and what the mind's prices earn. Called by [`crate::run`].

mod judging;
pub mod reading;
mod simulate;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::measure::Measure;
use crate::plot::{self, Titles};

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
    /// Where a picture is drawn as SVG: revenue beside the oracle's, or errors with prices and without.
    #[arg(long)]
    plot: Option<PathBuf>,
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
        let result = simulate::run(args.seed);
        plot::save(args.plot.as_ref(), || revenue(&result))?;
        measure.print(result);
    } else if let Some(file) = &args.weeks {
        let read = reading::weeks(file)?;
        let mut result = judging::judge(&read.weeks);
        result["rows"] = json!(read.rows);
        result["items"] = json!(read.items);
        result["refused"] = read.refused.json();
        plot::save(args.plot.as_ref(), || errors(&result))?;
        measure.print(result);
    }
    Ok(())
}

/// Revenue of a cleared season over the oracle's.
fn revenue(result: &Value) -> String {
    let rules = [
        ("the mind", "markdown_revenue_to_oracle"),
        ("fixed calendar", "calendar_revenue_to_oracle"),
        ("full price", "full_price_revenue_to_oracle"),
    ];
    let values = rules.iter().map(|(_, key)| result[key].as_f64().unwrap_or(f64::NAN)).chain([1.0]).collect();
    let groups: Vec<String> = rules.iter().map(|(name, _)| *name).chain(["oracle"]).map(str::to_owned).collect();
    let titles = Titles { title: "A season's clearance", x: "rule", y: "revenue ÷ the oracle's" };
    plot::bars(titles, &groups, &[("revenue".to_owned(), values)])
}

/// Errors of foretold weeks, by what the model knows.
fn errors(result: &Value) -> String {
    let rows = ["all_rows", "rows_whose_price_moved"];
    let series = [("with prices", "with_prices"), ("without prices", "without_prices")].map(|(name, model)| {
        (name.to_owned(), rows.map(|rows| result[rows][model]["wape"].as_f64().unwrap_or(f64::NAN)).to_vec())
    });
    let groups = ["all rows", "rows whose price moved"].map(str::to_owned);
    let titles = Titles { title: "Weeks that were not learnt from", x: "", y: "error ÷ units" };
    plot::bars(titles, &groups, &series)
}
