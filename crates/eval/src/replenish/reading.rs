//! Reads sales and costs of `lockstep eval replenish`. Called by the command and by fuzzers; decides nothing.

use std::collections::BTreeMap;

use agents::replenish::{Lead, Terms};
use jiff::civil::Date;

use crate::refused::Refused;
use crate::table::{BadLine, Row};

/// Columns that sales must have.
pub const SALES: [&str; 4] = ["item", "location", "date", "quantity"];
/// Columns that costs must have.
pub const COSTS: [&str; 9] =
    ["item", "location", "unit_cost", "margin", "holding_per_day", "lead_time_days", "review_days", "moq", "pack"];

/// Most units of a day, far above every shop.
const UNITS_MAX: f64 = 1e7;

/// Item and location.
pub type Key = (String, String);

/// Units of each day from the first day of the file on, and the share of the day with stock; days without a row are
/// zeros.
#[derive(Debug, Default)]
pub struct Sales {
    /// Day number (since 1970) of place 0 in every series.
    pub first: i64,
    /// By item and location: units and in-stock share by day, all of one length.
    pub series: BTreeMap<Key, Vec<(f32, f32)>>,
}

/// Reads the rows of sales; several rows of one day are added.
pub fn sales(rows: impl Iterator<Item = Result<Row, BadLine>>, refused: &mut Refused) -> Sales {
    let mut read: BTreeMap<Key, Vec<(i64, f32, f32)>> = BTreeMap::new();
    let (mut first, mut last) = (i64::MAX, i64::MIN);
    for row in rows {
        let Some(row) = good(row, refused) else { continue };
        let Some((day, units, there)) = refused.take(row.line, sale(&row)) else { continue };
        (first, last) = (first.min(day), last.max(day));
        read.entry(key(&row)).or_default().push((day, units, there));
    }
    let mut sales = Sales { first, series: BTreeMap::new() };
    for (key, rows) in read {
        let mut days = vec![(0.0, 1.0); (last - first + 1) as usize];
        for (day, units, there) in rows {
            let place = &mut days[(day - first) as usize];
            *place = (place.0 + units, there.min(place.1));
        }
        // A correction below zero belongs to days before; here it is no demand.
        days.iter_mut().for_each(|day| day.0 = day.0.max(0.0));
        sales.series.insert(key, days);
    }
    sales
}

/// Reads the rows of costs, in the order of the file: terms and lead time in days.
pub fn costs(rows: impl Iterator<Item = Result<Row, BadLine>>, refused: &mut Refused) -> Vec<(Key, (Terms, u32))> {
    let mut read = Vec::new();
    for row in rows {
        let Some(row) = good(row, refused) else { continue };
        if let Some(terms) = refused.take(row.line, terms(&row)) {
            read.push((key(&row), terms));
        }
    }
    read
}

fn good(row: Result<Row, BadLine>, refused: &mut Refused) -> Option<Row> {
    row.map_err(|bad| refused.refuse(bad.line, "", bad.reason)).ok()
}

fn key(row: &Row) -> Key {
    (row.get("item").to_owned(), row.get("location").to_owned())
}

type Flaw = (&'static str, String);

fn sale(row: &Row) -> Result<(i64, f32, f32), Flaw> {
    let text = row.get("date");
    let date: Date = text.get(..10).unwrap_or(text).parse().map_err(|_| ("date", format!("{text:?} is no date")))?;
    let years = 1950..=2150;
    if !years.contains(&date.year()) {
        return Err(("date", format!("{date} is no date of a shop")));
    }
    let units = number(row, "quantity")?.ok_or(("quantity", "is missing".to_owned()))?;
    if units.abs() > UNITS_MAX {
        return Err(("quantity", "is too large".to_owned()));
    }
    let there = match row.get("in_stock").to_ascii_lowercase().as_str() {
        "" | "true" | "yes" => 1.0,
        "false" | "no" => 0.0,
        _ => number(row, "in_stock")?.unwrap_or(1.0).clamp(0.0, 1.0),
    };
    let epoch = jiff::civil::date(1970, 1, 1);
    let day = date.duration_since(epoch).as_hours() / 24;
    Ok((day, units as f32, there as f32))
}

fn terms(row: &Row) -> Result<(Terms, u32), Flaw> {
    let amount = |column| match number(row, column)? {
        Some(value) if value < 0.0 => Err((column, "is below zero".to_owned())),
        value => Ok(value),
    };
    let days = |column, least: f64| {
        let value = amount(column)?.ok_or((column, "is missing".to_owned()))?;
        if value > 365.0 {
            Err((column, "is more than a year".to_owned()))
        } else {
            Ok(value.round().max(least) as u32)
        }
    };
    let lead = days("lead_time_days", 0.0)?;
    let terms = Terms {
        unit_cost: amount("unit_cost")?,
        shortage: amount("margin")?,
        holding: amount("holding_per_day")?.ok_or(("holding_per_day", "is missing".to_owned()))?,
        review_days: days("review_days", 1.0)?,
        lead: Lead::exactly(lead),
        minimum: amount("moq")?.unwrap_or(0.0).min(UNITS_MAX),
        pack: amount("pack")?.unwrap_or(1.0).clamp(1.0, UNITS_MAX).round(),
        shelf_life_days: None,
        order_cost: 0.0,
        service_floor: 0.0,
        currency: None,
    };
    Ok((terms, lead))
}

fn number(row: &Row, column: &'static str) -> Result<Option<f64>, Flaw> {
    match row.get(column) {
        "" => Ok(None),
        text => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err((column, format!("{text:?} is no number"))),
        },
    }
}
