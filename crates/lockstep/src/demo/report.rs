//! The report of a run, in the documented words.

use std::fmt::Write;
use std::path::Path;

use emulators::machine::{Books, Calls};
use model::ChannelId;
use serde_json::{Map, Value, json};

use super::books::{self, Facts, Join};
use super::child::Figures;
use super::replay::Told;
use super::retailer::{Account, Retailer};
use super::spread::{Spread, words};
use super::stall::Stalled;
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
    pub calls: Vec<(Account, Calls)>,
    pub stalled: Option<Stalled>,
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
    let facts = books::read(input.data, input.told.rung_up(&input.books))?;
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
    let stall = input.stalled.as_ref().map(|stalled| stalled.judge(&facts));
    let well = input.settled
        && lost + doubled + mismatched == 0
        && oversells_hub == 0
        && broken.is_empty()
        && misplaced.is_empty()
        && stall.as_ref().is_none_or(|stall| stall.well);
    let rows: Vec<Row> = joins.iter().map(|(account, join)| Row::of(input, &facts, *account, join)).collect();
    let platforms: Map<String, Value> = rows.iter().map(|row| (row.account.name().to_owned(), row.json())).collect();
    let everywhere: Spread = facts.propagation.journeys().iter().map(|journey| journey.took_ms).collect();
    let metric = |name: &str, labels: &str| quantiles(&input.figures.metrics, name, labels);
    let mut json = json!({
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
        "propagation_ms": everywhere.json(),
        "propagation_pairs": pairs(&facts),
        "converge_ms": metric("lockstep_converge_seconds", ""),
        "ack_ms": metric("lockstep_ack_seconds", ""),
        "hub": {
            "cpu_seconds": round(input.figures.cpu_seconds),
            "peak_rss_mb": input.figures.peak_rss_mb,
            "kills": input.figures.kills,
        },
        "platforms": platforms,
    });
    if let (Some(stall), Value::Object(fields)) = (&stall, &mut json) {
        fields.insert("stall".into(), stall.json.clone());
    }
    let words = format!(
        "  {} facts, {} writes; lost {lost}, doubled {doubled}, oversold by the hub {oversells_hub}, shown wrongly \
         {mismatched}, misplaced {}{}\n\n{}\n{}{}",
        facts.facts,
        facts.writes.values().sum::<u64>(),
        misplaced.len(),
        if input.settled { "" } else { "; it did NOT settle" },
        table(&rows),
        picture(&everywhere),
        stall.map_or_else(String::new, |stall| stall.words),
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

/// What is told of one platform.
struct Row<'a> {
    account: Account,
    join: &'a Join,
    calls: Calls,
    sales: u64,
    writes: u64,
    /// Units oversold there, by the hub's fault and by nobody's.
    oversold: (i64, i64),
    /// Of sales rung up elsewhere, until this platform accepted them.
    propagation: Spread,
}

impl<'a> Row<'a> {
    fn of(input: &Input<'_>, facts: &Facts, account: Account, join: &'a Join) -> Self {
        let name = account.name();
        let channel = facts.state.catalogue().channel_named(&model::ChannelName::new(name)).map(|c| c.channel);
        let calls = input.calls.iter().find(|(other, _)| *other == account).map(|(_, calls)| calls.clone());
        let units = |hub: bool| {
            let here = facts.oversold.iter().filter(|o| o.channel.is_some() && o.channel == channel);
            here.filter(|o| (o.by == model::OversoldBy::Hub) == hub).map(|o| o.units.floor_units()).sum()
        };
        let received = facts.propagation.journeys().iter().filter(|journey| Some(journey.to) == channel);
        Self {
            account,
            join,
            calls: calls.unwrap_or_default(),
            sales: input.told.sales.get(name).copied().unwrap_or(0),
            writes: channel.and_then(|channel| facts.writes.get(&channel)).copied().unwrap_or(0),
            oversold: (units(true), units(false)),
            propagation: received.map(|journey| journey.took_ms).collect(),
        }
    }

    fn requests(&self) -> u64 {
        self.calls.reads + self.calls.writes
    }

    fn json(&self) -> Value {
        json!({
            "sales": self.sales,
            "writes": self.writes,
            "requests": self.requests(),
            "throttled": self.calls.throttled,
            "lost": self.join.lost,
            "doubled": self.join.doubled,
            "oversells_hub": self.oversold.0,
            "oversells_other": self.oversold.1,
            "mismatched_positions": self.join.mismatched,
            "examples": self.join.examples,
            "propagation_ms": self.propagation.json(),
            "calls": self.calls,
        })
    }
}

/// Sale on one platform to the other's yes, for every two of which one heard from the other.
fn pairs(facts: &Facts) -> Vec<Value> {
    let mut took: std::collections::BTreeMap<(ChannelId, ChannelId), Vec<u64>> = Default::default();
    for journey in facts.propagation.journeys() {
        took.entry((journey.from, journey.to)).or_default().push(journey.took_ms);
    }
    let name = |id: ChannelId| facts.state.catalogue().channel(id).map(|channel| channel.name.to_string());
    let pair = |((from, to), took): (_, Vec<u64>)| {
        let spread: Spread = took.into_iter().collect();
        json!({ "from": name(from), "to": name(to), "propagation_ms": spread.json() })
    };
    took.into_iter().map(pair).collect()
}

fn table(rows: &[Row<'_>]) -> String {
    let mut text = format!(
        "  {:<14}{:>7}{:>9}{:>10}{:>6}{:>6}{:>9}{:>10}{:>7}   {:>8}{:>10}{:>10}{:>10}\n",
        "platform",
        "sales",
        "writes",
        "requests",
        "429s",
        "lost",
        "doubled",
        "oversold",
        "wrong",
        "p50",
        "p95",
        "p99",
        "max"
    );
    for row in rows {
        let [p50, p95, p99, max] = [0.50, 0.95, 0.99, 1.0].map(|share| words(row.propagation.quantile(share)));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {:<14}{:>7}{:>9}{:>10}{:>6}{:>6}{:>9}{:>10}{:>7}   {p50:>8}{p95:>10}{p99:>10}{max:>10}",
            row.account.name(),
            row.sales,
            row.writes,
            row.requests(),
            row.calls.throttled,
            row.join.lost,
            row.join.doubled,
            row.oversold.0,
            row.join.mismatched,
        );
    }
    text
}

fn picture(everywhere: &Spread) -> String {
    let [p50, p95, p99, max] = [0.50, 0.95, 0.99, 1.0].map(|share| words(everywhere.quantile(share)));
    let picture = everywhere.picture();
    format!(
        "  A line sold on one platform until another has accepted it: p50 {p50}, p95 {p95}, p99 {p99}, max {max}\n{picture}"
    )
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
