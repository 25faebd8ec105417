//! Reads the tables of `lockstep eval rebalance`. Called by the command and by fuzzers; decides nothing.

use std::collections::{BTreeMap, HashMap};

use agents::rebalance::{Lane, Shelf};
use model::{ItemId, LocationId};
use stats::dist::Count;

use crate::refused::Refused;
use crate::table::{BadLine, Row};

/// Columns that the stock must have.
pub const STOCK: [&str; 6] = ["item", "location", "stock", "mean", "margin", "salvage"];
/// Columns that lanes must have.
pub const LANES: [&str; 4] = ["from", "to", "per_unit", "fixed"];
/// Columns of what was asked for.
pub const ACTUAL: [&str; 3] = ["item", "location", "quantity"];

/// Most units on a shelf.
const UNITS_MAX: f64 = 100_000.0;

/// Names of items and locations by their numbers, which count first mentions.
#[derive(Debug, Default)]
pub struct Names {
    items: (HashMap<String, u32>, Vec<String>),
    locations: (HashMap<String, u32>, Vec<String>),
}

fn number_of((known, names): &mut (HashMap<String, u32>, Vec<String>), name: &str) -> u32 {
    let next = names.len() as u32;
    *known.entry(name.to_owned()).or_insert_with(|| {
        names.push(name.to_owned());
        next
    })
}

impl Names {
    /// Name of an item.
    pub fn item(&self, item: ItemId) -> &str {
        self.items.1.get(item.0 as usize).map_or("", String::as_str)
    }

    /// Name of a location.
    pub fn location(&self, location: LocationId) -> &str {
        self.locations.1.get(location.0 as usize).map_or("", String::as_str)
    }

    fn key(&mut self, row: &Row) -> (ItemId, LocationId) {
        let item = number_of(&mut self.items, row.get("item"));
        (ItemId(item), LocationId(number_of(&mut self.locations, row.get("location"))))
    }
}

/// Rows of stock; the dispersion is 1.5 where it is not told, `movable` is all of it.
pub fn stock(rows: impl Iterator<Item = Result<Row, BadLine>>, names: &mut Names, refused: &mut Refused) -> Vec<Shelf> {
    let mut all = Vec::new();
    for row in good(rows, refused) {
        let read = || {
            let stock = whole(&row, "stock")?;
            let movable = if row.get("movable").is_empty() { stock } else { whole(&row, "movable")? };
            let dispersion = amount(&row, "dispersion")?.unwrap_or(1.5);
            let demand = Count::new(needed(&row, "mean")?, dispersion);
            Ok((stock, movable, demand, amount(&row, "margin")?, needed(&row, "salvage")?))
        };
        let read: Result<_, Flaw> = read();
        if let Some((stock, movable, demand, margin, salvage)) = refused.take(row.line, read) {
            let (item, location) = names.key(&row);
            all.push(Shelf { item, location, stock, movable, demand, margin, salvage, run: 0.0 });
        }
    }
    all
}

/// Rows of lanes.
pub fn lanes(rows: impl Iterator<Item = Result<Row, BadLine>>, names: &mut Names, refused: &mut Refused) -> Vec<Lane> {
    let mut all = Vec::new();
    for row in good(rows, refused) {
        let read: Result<_, Flaw> = needed(&row, "per_unit").and_then(|each| Ok((each, needed(&row, "fixed")?)));
        if let Some((per_unit, fixed)) = refused.take(row.line, read) {
            let mut location = |column| LocationId(number_of(&mut names.locations, row.get(column)));
            all.push(Lane { from: location("from"), to: location("to"), per_unit, fixed });
        }
    }
    all
}

/// Rows of what was asked for; several of one item and location are added.
pub fn actual(
    rows: impl Iterator<Item = Result<Row, BadLine>>,
    names: &mut Names,
    refused: &mut Refused,
) -> BTreeMap<(ItemId, LocationId), f64> {
    let mut all = BTreeMap::new();
    for row in good(rows, refused) {
        if let Some(units) = refused.take(row.line, needed(&row, "quantity")) {
            *all.entry(names.key(&row)).or_insert(0.0) += units;
        }
    }
    all
}

type Flaw = (&'static str, String);

fn good(rows: impl Iterator<Item = Result<Row, BadLine>>, refused: &mut Refused) -> Vec<Row> {
    rows.filter_map(|row| row.map_err(|bad| refused.refuse(bad.line, "", bad.reason)).ok()).collect()
}

fn amount(row: &Row, column: &'static str) -> Result<Option<f64>, Flaw> {
    match row.get(column) {
        "" => Ok(None),
        text => match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
            Ok(number) if number < 0.0 => Err((column, "is below zero".to_owned())),
            _ => Err((column, format!("{text:?} is no number"))),
        },
    }
}

fn needed(row: &Row, column: &'static str) -> Result<f64, Flaw> {
    amount(row, column)?.ok_or((column, "is missing".to_owned()))
}

fn whole(row: &Row, column: &'static str) -> Result<u32, Flaw> {
    let units = needed(row, column)?;
    if units > UNITS_MAX { Err((column, "is too large".to_owned())) } else { Ok(units.floor() as u32) }
}
