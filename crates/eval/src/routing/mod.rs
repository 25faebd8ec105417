//! `lockstep eval routing`: a day of orders over a network, decided in the order of time. Called by the roof.

mod judging;
mod reading;
#[cfg(test)]
mod tests;

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::{Value, json};

use crate::measure::{Measure, round};
use crate::plot::{self, Titles};
use crate::refused::Refused;

pub use judging::{Day, Rules, judge};
pub use reading::Instance;

/// A day of orders over a network: what routing costs beside a known lower bound.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep eval routing --instance target/eval/routing/r01.json")]
pub struct Args {
    /// Instance as JSON: nodes, stock, orders, unfilled_penalty and, when known, bound.
    #[arg(long)]
    instance: PathBuf,
    /// Share of the day after which an order is released; 1 = all in one wave at its end, 0 = when it comes, for good.
    #[arg(long, default_value_t = 1.0)]
    hold: f64,
    /// Orders expected over orders that come: how wrong the forecast of their number is.
    #[arg(long, default_value_t = 1.0)]
    expected: f64,
    /// Where a picture is drawn as SVG: the parts of the cost, in one wave and decided at once.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Where the shipments are written as CSV: order,node,sku,qty.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// When the instance cannot be read, or the output not be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let text = std::fs::read_to_string(&args.instance).with_context(|| format!("open {}", args.instance.display()))?;
    let mut refused = Refused::default();
    let instance = Instance::read(&text, &mut refused).with_context(|| format!("read {}", args.instance.display()))?;
    let bar = crate::progress::bar(instance.orders.len() as u64 * 2, "orders");
    let day = judge(&instance, &Rules { hold: args.hold, expected: args.expected }, &|| bar.inc(1));
    // The same day with every decision for good, so that nobody takes one for the other.
    let at_once = judge(&instance, &Rules { hold: 0.0, expected: args.expected }, &|| bar.inc(1));
    bar.finish_and_clear();
    if let Some(path) = &args.out {
        std::fs::write(path, csv(&instance, &day)).with_context(|| format!("write {}", path.display()))?;
    }
    plot::save(args.plot.as_ref(), || picture(&instance, &day, &at_once))?;
    let mut result = figures(&instance, &day);
    if let Value::Object(fields) = &mut result {
        fields.insert("at_once".into(), figures(&instance, &at_once));
        fields.insert("orders".into(), json!(instance.orders.len()));
        fields.insert("nodes".into(), json!(instance.nodes.len()));
        fields.insert("bound".into(), json!(instance.bound));
        fields.insert("hold".into(), json!(args.hold));
        fields.insert("refused".into(), refused.json());
    }
    measure.print(result);
    Ok(())
}

fn figures(instance: &Instance, day: &Day) -> Value {
    let gap = instance.bound.filter(|bound| *bound > 0.0).map(|bound| day.cost / bound - 1.0);
    json!({
        "cost": round(day.cost),
        "gap": gap,
        "shipments_per_order": round(day.shipments as f64 / instance.orders.len().max(1) as f64),
        "unfilled": round(day.unfilled),
        "overrun": round(day.overrun),
        "replanned": day.replanned,
        "confidence": round(day.confidence),
        "calibration": day.stood.json(),
        "cost_parts": json!({
            "shipments": round(day.parts[0]),
            "distance": round(day.parts[1]),
            "picking": round(day.parts[2]),
            "unfilled": round(day.parts[3]),
        }),
        "p50_us": round(day.quantile(0.5)),
        "p99_us": round(day.quantile(0.99)),
    })
}

/// The parts of the cost; the title names what is known of the least possible.
fn picture(instance: &Instance, day: &Day, at_once: &Day) -> String {
    let least = instance.bound.map_or(String::new(), |bound| format!("; at least {bound:.0} whatever is done"));
    let title = format!("Cost of the day: {:.0}, decided at once {:.0}{least}", day.cost, at_once.cost);
    let groups = ["shipments", "distance", "picking", "unfilled"].map(str::to_owned);
    let series =
        [("plans held", day), ("decided at once", at_once)].map(|(name, day)| (name.to_owned(), day.parts.to_vec()));
    plot::bars(Titles { title: &title, x: "", y: "cost" }, &groups, &series)
}

fn csv(instance: &Instance, day: &Day) -> String {
    let mut text = String::from("order,node,sku,qty\n");
    for (at, plan) in &day.plans {
        let (name, _, order) = &instance.orders[*at];
        let lines = order.clone().sound().lines;
        for shipment in &plan.shipments {
            for (line, parts) in &shipment.picks {
                let node = &instance.nodes[shipment.location.0 as usize];
                let sku = &instance.skus[lines[*line].item.0 as usize];
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{name},{node},{sku},{}", model::Quantity::from_parts(*parts));
            }
        }
    }
    text
}
