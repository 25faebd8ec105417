//! `lockstep eval routing`: a day of orders over a network, decided in the order of time. Called by the roof.

mod judging;
mod reading;

use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use crate::measure::{Measure, round};
use crate::refused::Refused;

pub use judging::{Day, Rules, judge};
pub use reading::Instance;

/// A day of orders over a network: what routing costs beside a known lower bound.
///
/// Example: lockstep eval routing --instance target/eval/routing/r01.json
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Instance as JSON: nodes, stock, orders, unfilled_penalty and, when known, bound.
    #[arg(long)]
    instance: PathBuf,
    /// An order may be planned anew for this share of the day after it came; 0 = decided once, for good.
    #[arg(long, default_value_t = 0.25)]
    hold: f64,
    /// Orders expected, as a multiple of those that come: how wrong the forecast of the day is.
    #[arg(long, default_value_t = 1.0)]
    expected: f64,
    /// Re-planning this often a day.
    #[arg(long, default_value_t = 48)]
    rounds: u32,
    #[arg(long, default_value_t = 0.0)]
    step: f64,
    #[arg(long, default_value_t = 8)]
    balance: u32,
    #[arg(long, default_value_t = 20)]
    tries: u32,
    /// Where the shipments are written as CSV: order, node, sku, qty.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// When the instance cannot be read.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let text = std::fs::read_to_string(&args.instance).with_context(|| format!("open {}", args.instance.display()))?;
    let mut refused = Refused::default();
    let instance = Instance::read(&text, &mut refused).with_context(|| format!("read {}", args.instance.display()))?;
    let rules = Rules {
        hold: args.hold,
        expected: args.expected,
        rounds: args.rounds,
        step: args.step,
        balance: args.balance,
        tries: args.tries,
    };
    let day = judge(&instance, &rules);
    let gap = |cost: f64| instance.bound.filter(|bound| *bound > 0.0).map(|bound| cost / bound - 1.0);
    let mut result = json!({
        "orders": instance.orders.len(),
        "nodes": instance.nodes.len(),
        "cost": round(day.cost),
        "cost_at_arrival": round(day.cost_at_arrival),
        "bound": instance.bound,
        "gap": gap(day.cost),
        "shipments_per_order": day.shipments as f64 / instance.orders.len().max(1) as f64,
        "unfilled": day.unfilled,
        "over_capacity": day.over_capacity,
        "p50_us": day.quantile(0.5),
        "p99_us": day.quantile(0.99),
        "replanned": day.replanned,
        "refused": refused.json(),
    });
    let _ = &mut result;
    measure.print(result);
    Ok(())
}
