//! One function per reader of `lockstep eval`: whatever the bytes, each row is read or refused by name, and what is read
//! is sound. Called like `parsers`, by fuzz targets and by the roof's test `fuzz_corpus`.

use std::collections::BTreeMap;
use std::path::Path;

use eval::forecast::read::{CALENDAR, PRICES, SALES, Sales, calendar_of, prices_of};
use eval::forecast::{Periods, Step};
use eval::identity::{records_of_bytes, truth_of};
use eval::matching::reading::{PAIR_COLUMNS, PRODUCT_COLUMNS, Products, pairs_of, products_of};
use eval::refused::Refused;
use eval::table::Table;
use eval::{allocation, attribution, forecast, fraud, matching, merchandising, offers, pricing};
use eval::{rebalance, replenish, returns, routing};

use crate::parsers::Parser;

/// Every reader by the name of its target and of its folder in `corpus/`.
pub const ALL: [(&str, Parser); 23] = [
    ("eval_sales", sales),
    ("eval_calendar", calendar),
    ("eval_prices", prices),
    ("eval_daily_sales", daily_sales),
    ("eval_costs", costs),
    ("eval_stock", stock),
    ("eval_lanes", lanes),
    ("eval_asked", asked),
    ("eval_picks", picks),
    ("eval_instance", instance),
    ("eval_records", records),
    ("eval_truth", truth),
    ("eval_sessions", sessions),
    ("eval_log", log),
    ("eval_experiment", experiment),
    ("eval_payments", payments),
    ("eval_products", products),
    ("eval_pairs", pairs),
    ("eval_paths", paths),
    ("eval_spending", spending),
    ("eval_priced_weeks", priced_weeks),
    ("eval_lines", lines),
    ("eval_ranked_sales", ranked_sales),
];

/// What refusals call the table.
const FILE: &str = "fuzz.csv";

fn days() -> Periods {
    Periods::new(Step::Day, "2026-01-01")
}

/// Reads a table that the reader knows nothing of yet.
fn table(data: &[u8], needed: &[&str]) -> Option<Table> {
    Table::of_bytes(data, needed).ok()
}

/// Sales of the forecast.
pub fn sales(data: &[u8]) -> bool {
    let Some(table) = table(data, &SALES) else { return false };
    let mut sales = Sales::new(days());
    sales.take_table(table, FILE, &mut forecast::read::Refused::default());
    let (first, last) = sales.span.unwrap_or_default();
    assert!(sales.rows.iter().all(|row| (first..=last).contains(&row.period) && row.units.is_finite()));
    assert!(sales.rows.iter().all(|row| (row.series as usize) < sales.series.len()), "a row has a series");
    sales.span.is_some()
}

/// Events of the forecast.
pub fn calendar(data: &[u8]) -> bool {
    let Some(table) = table(data, &CALENDAR) else { return false };
    let events = calendar_of(table, FILE, &days(), &mut forecast::read::Refused::default());
    assert!(events.iter().all(|(_, name)| !name.is_empty()), "an event has a name");
    !events.is_empty()
}

/// Prices of the forecast, of an item that sold.
pub fn prices(data: &[u8]) -> bool {
    let Some(table) = table(data, &PRICES) else { return false };
    let mut sales = Sales::new(days());
    let sold = sales.row(["s", "mug", "north", "kitchen", "cups", "2026-01-01", "1"], "");
    assert!(sold.is_ok(), "the row is sound");
    let prices = prices_of(table, FILE, &sales, &mut forecast::read::Refused::default());
    assert!(prices.iter().all(|price| price.price >= 0.0 && price.price.is_finite() && price.series == 0));
    !prices.is_empty()
}

/// Sales of replenishment.
pub fn daily_sales(data: &[u8]) -> bool {
    let Some(table) = table(data, &replenish::reading::SALES) else { return false };
    let sales = replenish::reading::sales(table, &mut Refused::default());
    let length = sales.series.values().next().map_or(0, Vec::len);
    for series in sales.series.values() {
        assert_eq!(series.len(), length, "all series are of one length");
        assert!(series.iter().all(|(units, there)| *units >= 0.0 && (0.0..=1.0).contains(there)));
    }
    length > 0
}

/// Costs of replenishment.
pub fn costs(data: &[u8]) -> bool {
    let Some(table) = table(data, &replenish::reading::COSTS) else { return false };
    let costs = replenish::reading::costs(table, &mut Refused::default());
    assert!(costs.iter().all(|(_, (terms, _))| terms.holding >= 0.0 && terms.pack >= 1.0 && terms.review_days >= 1));
    !costs.is_empty()
}

/// Shelves of rebalancing.
pub fn stock(data: &[u8]) -> bool {
    let Some(table) = table(data, &rebalance::reading::STOCK) else { return false };
    let shelves = rebalance::reading::stock(table, &mut rebalance::reading::Names::default(), &mut Refused::default());
    assert!(shelves.iter().all(|shelf| shelf.salvage >= 0.0 && shelf.margin.is_none_or(|margin| margin >= 0.0)));
    !shelves.is_empty()
}

/// Lanes of rebalancing.
pub fn lanes(data: &[u8]) -> bool {
    let Some(table) = table(data, &rebalance::reading::LANES) else { return false };
    let lanes = rebalance::reading::lanes(table, &mut rebalance::reading::Names::default(), &mut Refused::default());
    assert!(lanes.iter().all(|lane| lane.fixed >= 0.0 && lane.per_unit >= 0.0));
    !lanes.is_empty()
}

/// What was asked for after a rebalancing.
pub fn asked(data: &[u8]) -> bool {
    let Some(table) = table(data, &rebalance::reading::ACTUAL) else { return false };
    let asked = rebalance::reading::actual(table, &mut rebalance::reading::Names::default(), &mut Refused::default());
    assert!(asked.values().all(|units| *units >= 0.0));
    !asked.is_empty()
}

/// Picks of allocation.
pub fn picks(data: &[u8]) -> bool {
    let Some(table) = table(data, &allocation::PICKS) else { return false };
    let picks = allocation::read(table, &mut Refused::default());
    assert!(picks.iter().all(|pick| pick.margin >= 0.0 && pick.cancelled >= 0.0));
    !picks.is_empty()
}

/// A day of routing, JSON.
pub fn instance(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Ok(instance) = routing::Instance::read(text, &mut Refused::default()) else { return false };
    assert!(instance.orders.is_sorted_by_key(|(_, time, _)| *time), "orders stand in the order of time");
    true
}

/// Records of identity.
pub fn records(data: &[u8]) -> bool {
    let Ok(people) = records_of_bytes(data) else { return false };
    assert_eq!((people.ids.len(), people.numbers.len()), (people.records.len(), people.records.len()));
    !people.ids.is_empty()
}

/// Pairs of identity, of three records.
pub fn truth(data: &[u8]) -> bool {
    let Some(table) = table(data, &["id_a", "id_b"]) else { return false };
    let Ok(people) = records_of_bytes(b"id,given_name\n1,Ann\n2,Anne\n3,Peter\n") else { return false };
    let pairs = truth_of(table, &people).pairs.count();
    assert!(pairs <= 3, "three records have three pairs");
    pairs > 0
}

/// Sessions of offers.
pub fn sessions(data: &[u8]) -> bool {
    let Ok(sessions) = offers::reading::sessions_of_bytes(data) else { return false };
    let items: usize = sessions.lists.iter().map(Vec::len).sum();
    assert_eq!(sessions.rows, sessions.refused.rows + items as u64, "a row is read or refused");
    items > 0
}

/// A log of offers.
pub fn log(data: &[u8]) -> bool {
    let Some(table) = table(data, &offers::logged::COLUMNS) else { return false };
    let (rows, _) = offers::logged::log_of(table, &mut BTreeMap::new());
    assert!(rows.iter().all(|row| row.propensity > 0.0 && row.propensity <= 1.0 && row.reward.is_finite()));
    !rows.is_empty()
}

/// An experiment of offers.
pub fn experiment(data: &[u8]) -> bool {
    let Some(table) = table(data, &["arm", "visit"]) else { return false };
    let (people, _) = offers::uplift::experiment(table, ["mail", "none"], "visit");
    let width = people.first().map_or(0, |person| person.features.len());
    assert!(people.iter().all(|person| person.features.len() == width), "everybody has the same features");
    !people.is_empty()
}

/// Payments of fraud.
pub fn payments(data: &[u8]) -> bool {
    let Some(table) = table(data, &fraud::reading::COLUMNS) else { return false };
    let payments = fraud::reading::payments_of(table, Path::new(FILE), &mut fraud::reading::Refused::default());
    assert!(payments.is_sorted_by_key(|one| one.payment.at), "payments stand in the order of time");
    assert!(payments.iter().all(|one| one.payment.amount.is_nan() || one.payment.amount >= 0.0));
    !payments.is_empty()
}

fn products_in(data: &[u8]) -> Option<Products> {
    let table = table(data, &PRODUCT_COLUMNS)?;
    let further = ["style".to_owned()];
    Some(products_of(table, Path::new(FILE), &further, &mut matching::reading::Refused::default()))
}

/// Products of matching.
pub fn products(data: &[u8]) -> bool {
    let Some(products) = products_in(data) else { return false };
    assert_eq!(products.numbers.len(), products.products.len(), "each has an id of its own");
    assert!(products.products.iter().all(|one| one.further.len() == 1 && one.price.is_none_or(f64::is_finite)));
    !products.products.is_empty()
}

/// Pairs of matching, of two products on either side.
pub fn pairs(data: &[u8]) -> bool {
    let Some(table) = table(data, &PAIR_COLUMNS) else { return false };
    let Some(known) = products_in(b"id,title\na,Mug\nb,Cup\n") else { return false };
    let mut refused = matching::reading::Refused::default();
    let pairs = pairs_of(table, Path::new(FILE), (&known, &known), &mut refused);
    assert!(pairs.iter().all(|pair| pair.left < 2 && pair.right < 2), "a pair is of products that are known");
    !pairs.is_empty()
}

/// Journeys of attribution.
pub fn paths(data: &[u8]) -> bool {
    let Some(table) = table(data, &attribution::reading::COLUMNS) else { return false };
    let read = attribution::reading::journeys_of(table);
    assert!(read.refused.count() <= read.rows && read.paths.sales() >= 0.0);
    read.refused.count() < read.rows
}

/// Weeks of spending of attribution.
pub fn spending(data: &[u8]) -> bool {
    let Some(table) = table(data, &attribution::weeks::COLUMNS) else { return false };
    let weeks = attribution::weeks::read_of(table).weeks;
    let length = weeks.outcome.len();
    assert!(weeks.spend.iter().chain(&weeks.controls).all(|list| list.len() == length), "all are of one length");
    length > 0
}

/// Weeks of pricing.
pub fn priced_weeks(data: &[u8]) -> bool {
    let Some(table) = table(data, &pricing::reading::COLUMNS) else { return false };
    let read = pricing::reading::weeks_of(table);
    assert_eq!(read.weeks.len() as u64 + read.refused.count(), read.rows, "a row is read or refused");
    assert!(read.weeks.iter().all(|week| week.price > 0.0 && week.units >= 0.0));
    !read.weeks.is_empty()
}

/// Lines of returns.
pub fn lines(data: &[u8]) -> bool {
    let Some(table) = table(data, &returns::reading::COLUMNS) else { return false };
    let read = returns::reading::lines_of(table);
    assert_eq!(read.lines.len() as u64 + read.refused.count(), read.rows, "a row is read or refused");
    assert!(read.lines.iter().all(|line| line.units > 0.0 && line.back <= line.units));
    !read.lines.is_empty()
}

/// Sales of merchandising.
pub fn ranked_sales(data: &[u8]) -> bool {
    let Some(table) = table(data, &merchandising::reading::COLUMNS) else { return false };
    let days = merchandising::reading::sales_of(table).days();
    assert!(days.iter().flatten().all(|sold| sold.units >= 0.0 && sold.value >= 0.0));
    !days.is_empty()
}
