//! The report of a run, in the documented words.

use std::path::Path;

use emulators::machine::Books;
use serde_json::{Map, Value, json};

use super::books::{self, Join};
use super::child::Figures;
use super::replay::Told;
use super::retailer::{Account, Retailer};
use super::stock::{self, Stock};
use crate::audit::hex;
use crate::measure::round;

/// Misplaced positions that are named.
const EXAMPLES: usize = 20;

/// What the report is made of.
pub(super) struct Input<'a> {
    pub retailer: &'a Retailer,
    pub told: Told,
    pub settled: bool,
    pub figures: Figures,
    pub books: Vec<(Account, Books)>,
    pub calls: Vec<(Account, Value)>,
    pub data: &'a Path,
}

/// The report.
pub(super) struct Report {
    pub json: Value,
    pub words: String,
    pub well: bool,
}

/// Joins the emulators' books to the facts and adds the figures.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn make(input: &Input<'_>) -> anyhow::Result<Report> {
    let facts = books::read(input.data)?;
    let joins: Vec<(Account, Join)> =
        input.books.iter().map(|(account, books)| (*account, books::join(&facts, *account, books))).collect();
    let sum = |of: fn(&Join) -> u64| joins.iter().map(|(_, join)| of(join)).sum::<u64>();
    let (lost, doubled, mismatched) = (sum(|j| j.lost), sum(|j| j.doubled), sum(|j| j.mismatched));
    let on_hand = stock::on_hand(&facts.state);
    let misplaced = misplaced(input, &on_hand);
    let units = |hub: bool| {
        let ours = facts.oversold.iter().filter(|o| (o.by == model::OversoldBy::Hub) == hub);
        ours.map(|o| o.units.floor_units()).sum::<i64>()
    };
    let (oversells_hub, oversells_other) = (units(true), units(false));
    let mut causes: Map<String, Value> = Map::new();
    for oversold in &facts.oversold {
        let cause = serde_json::to_value(oversold.by)?.as_str().unwrap_or_default().to_owned();
        let count = causes.entry(cause).or_insert(json!(0));
        *count = json!(count.as_i64().unwrap_or(0) + oversold.units.floor_units());
    }
    let broken = engine::check(&facts.state);
    let well = input.settled && lost + doubled + mismatched == 0 && oversells_hub == 0 && broken.is_empty();
    let well = well && misplaced.is_empty();
    let mut platforms = Map::new();
    for (account, join) in &joins {
        platforms.insert(account.name().to_owned(), platform(input, &facts, *account, join));
    }
    let metric = |name: &str, labels: &str| quantiles(&input.figures.metrics, name, labels);
    let json = json!({
        "rows_in": input.told.rows_in,
        "rows_refused": input.told.refused.len(),
        "refused": input.told.refused,
        "acts_refused": input.told.refused_acts,
        "facts": facts.facts,
        "book_lines": sum(|j| j.lines),
        "writes": facts.writes.values().sum::<u64>(),
        "settled": input.settled,
        "lost": lost,
        "doubled": doubled,
        "oversells_hub": oversells_hub,
        "oversells_other": oversells_other,
        "oversells_by_cause": causes,
        "mismatched_positions": mismatched,
        "misplaced_positions": misplaced.len(),
        "misplaced_examples": misplaced.iter().take(EXAMPLES).collect::<Vec<_>>(),
        "invariants_broken": broken,
        "state_hash": hex(&facts.state.hash()),
        "stock_hash": hex(&stock::hash(&on_hand)),
        "items": input.retailer.items.len(),
        "converge_ms": metric("lockstep_converge_seconds", ""),
        "ack_ms": metric("lockstep_ack_seconds", ""),
        "hub": {
            "cpu_seconds": round(input.figures.cpu_seconds),
            "peak_rss_mb": input.figures.peak_rss_mb,
            "kills": input.figures.kills,
        },
        "platforms": platforms,
    });
    let words = format!(
        "  {} facts, {} writes; lost {lost}, doubled {doubled}, oversold by the hub {oversells_hub}, shown wrongly \
         {mismatched}, misplaced {}{}",
        facts.facts,
        facts.writes.values().sum::<u64>(),
        misplaced.len(),
        if input.settled { "" } else { "; it did NOT settle" }
    );
    Ok(Report { json, words, well })
}

/// Positions that do not hold what the books of all platforms leave there. Traffic without a file counts stock and keeps
/// orders open, so that its books alone do not tell.
fn misplaced(input: &Input<'_>, on_hand: &Stock) -> Vec<String> {
    if input.told.rows_in == 0 {
        return Vec::new();
    }
    let books = stock::by_the_books(input.retailer, input.books.iter().map(|(_, books)| books));
    stock::misplaced(on_hand, &books)
}

fn platform(input: &Input<'_>, facts: &books::Facts, account: Account, join: &Join) -> Value {
    let name = account.name();
    let channel = facts.state.catalogue().channel_named(&model::ChannelName::new(name)).map(|c| c.channel);
    let writes = channel.and_then(|channel| facts.writes.get(&channel)).copied().unwrap_or(0);
    let calls = input.calls.iter().find(|(other, _)| *other == account).map(|(_, calls)| calls.clone());
    let label = format!("channel=\"{name}\",");
    json!({
        "sales": input.told.sales.get(name).copied().unwrap_or(0),
        "writes": writes,
        "lost": join.lost,
        "doubled": join.doubled,
        "mismatched_positions": join.mismatched,
        "examples": join.examples,
        "propagation_ms": quantiles(&input.figures.metrics, "lockstep_propagation_seconds", &label),
        "calls": calls,
    })
}

/// p50, p95 and p99 in milliseconds of a histogram in the Prometheus text; label sets that begin with `labels` are
/// added up.
fn quantiles(metrics: &str, name: &str, labels: &str) -> Value {
    let prefix = format!("{name}_bucket{{{labels}");
    // Keyed by the bits of the bound: for numbers above zero they sort as the numbers do.
    let mut buckets: std::collections::BTreeMap<u64, f64> = Default::default();
    let mut sets: std::collections::BTreeMap<String, Vec<(f64, f64)>> = Default::default();
    for line in metrics.lines().filter(|line| line.starts_with(&prefix)) {
        let Some((head, value)) = line.rsplit_once(' ') else { continue };
        let Some((set, bound)) = head.split_once("le=\"") else { continue };
        let bound = bound.trim_end_matches(['"', '}']);
        let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().unwrap_or(f64::INFINITY) };
        sets.entry(set.to_owned()).or_default().push((bound, value.parse().unwrap_or(0.0)));
    }
    // Cumulative per label set; differences add up.
    for points in sets.values() {
        let mut before = 0.0;
        for (bound, seen) in points {
            *buckets.entry(bound.to_bits()).or_default() += seen - before;
            before = *seen;
        }
    }
    let count: f64 = buckets.values().sum();
    if count == 0.0 {
        return Value::Null;
    }
    let at = |share: f64| {
        let mut seen = 0.0;
        for (bound, here) in &buckets {
            seen += here;
            if seen >= count * share {
                return Some(f64::from_bits(*bound))
                    .filter(|bound| bound.is_finite())
                    .map(|seconds| round(seconds * 1_000.0));
            }
        }
        None
    };
    json!({ "p50": at(0.50), "p95": at(0.95), "p99": at(0.99), "count": count })
}
