//! `lockstep eval replenish`: ordering played on held-out weeks of sales. Called by the roof.

pub mod foresight;
mod judging;
pub mod reading;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::ensure;
use serde_json::json;

use crate::measure::{Measure, round};
use crate::plot::{self, Titles};
use crate::refused::Refused;
use crate::table::Table;

pub use judging::{Judged, Score, judge};

/// Ordering played on held-out weeks of sales: cost beside the textbook and beside perfect foresight.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep eval replenish --sales target/eval/replenish/sales.csv --costs target/eval/replenish/costs.csv"
)]
pub struct Args {
    /// series,item,location,date,quantity[,in_stock]
    #[arg(long)]
    sales: PathBuf,
    /// item,location,unit_cost,margin,holding_per_day,lead_time_days,review_days,moq,pack
    #[arg(long)]
    costs: PathBuf,
    /// Days that are held out and played, the last of the file; at most half of it.
    #[arg(long, default_value_t = 91)]
    days: usize,
    /// Where a picture is drawn as SVG: cost by rule.
    #[arg(long)]
    plot: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// When a file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let (mut bad_sales, mut bad_costs) = (Refused::default(), Refused::default());
    let sales = reading::sales(Table::open(&args.sales, &reading::SALES)?, &mut bad_sales);
    let costs = reading::costs(Table::open(&args.costs, &reading::COSTS)?, &mut bad_costs);
    let length = sales.series.values().next().map_or(0, Vec::len);
    ensure!(length >= 14, "the sales span {length} days: too few to learn from and to play");
    let test = length - args.days.clamp(1, length / 2);
    let bar = crate::progress::bar(costs.len() as u64, "series");
    let mut sum = Judged::default();
    let (mut played, mut unknown, mut without_sales) = (0_u64, 0_u64, 0_u64);
    // Series for which perfect foresight can be worked out.
    let (mut yardstick, mut beside, mut compared) = (0.0, 0.0, 0_u64);
    for (key, (terms, lead)) in &costs {
        bar.inc(1);
        let Some(days) = sales.series.get(key) else {
            without_sales += 1;
            continue;
        };
        if terms.unit_cost.is_none() || terms.shortage.is_none() {
            // The mind asks instead of ordering; nothing can be charged.
            unknown += 1;
            continue;
        }
        let it = judge(terms, *lead, days, sales.first, test);
        played += 1;
        sum.agent.add(it.agent);
        sum.classic.add(it.classic);
        sum.classic95.add(it.classic95);
        sum.cover.add(it.cover);
        sum.needed.add_all(&it.needed);
        sum.enough.add_all(&it.enough);
        if let Some(least) = it.foresight {
            yardstick += least;
            beside += it.agent.cost;
            compared += 1;
        }
    }
    bar.finish_and_clear();
    plot::save(args.plot.as_ref(), || {
        let rules = ["the mind", "textbook", "textbook, 95 %", "four weeks' cover", "foresight"].map(str::to_owned);
        let costs = [sum.agent.cost, sum.classic.cost, sum.classic95.cost, sum.cover.cost, yardstick];
        let titles = Titles { title: "Holding and lost sales of the days played", x: "rule", y: "cost" };
        plot::bars(titles, &rules, &[("cost".to_owned(), costs.to_vec())])
    })?;
    let ratio = |a: f64, b: f64| if b > 0.0 { json!(round(a / b)) } else { json!(null) };
    let fill = |score: &Score| ratio(score.sold, score.asked);
    measure.print(json!({
        "series": played,
        "days": length - test,
        "cost_agent": round(sum.agent.cost),
        "cost_classic": round(sum.classic.cost),
        "cost_classic_95": round(sum.classic95.cost),
        "cost_cover_4_weeks": round(sum.cover.cost),
        "cost_foresight": round(yardstick),
        "agent_over_classic": ratio(sum.agent.cost, sum.classic.cost),
        "agent_over_foresight": ratio(beside, yardstick),
        "foresight_series": compared,
        "fill_rate": fill(&sum.agent),
        "fill_rate_classic": fill(&sum.classic),
        "fill_rate_classic_95": fill(&sum.classic95),
        "fill_rate_cover_4_weeks": fill(&sum.cover),
        "confidence_of_orders": sum.needed.json(),
        "confidence_of_no_order": sum.enough.json(),
        "cost_unknown": unknown,
        "without_sales": without_sales,
        "refused": { "sales": bad_sales.json(), "costs": bad_costs.json() },
    }));
    Ok(())
}
