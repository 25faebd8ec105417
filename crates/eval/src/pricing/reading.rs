//! Reads `item,week,units,price[,category][,promotion]`. Called by `lockstep eval pricing` and by a fuzzer.

use std::collections::HashMap;
use std::path::Path;

use agents::pricing::Week;
use jiff::civil::Date;

use crate::refused::Refused;
use crate::table::Table;

/// Columns that must be there.
pub const COLUMNS: [&str; 4] = ["item", "week", "units", "price"];

/// Weeks read.
#[derive(Debug, Default)]
pub struct Read {
    /// In the order of the file.
    pub weeks: Vec<Week>,
    /// Rows met.
    pub rows: u64,
    /// Different items.
    pub items: usize,
    /// Rows that could not be used.
    pub refused: Refused,
    numbers: HashMap<(bool, String), u32>,
}

/// Reads a file.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn weeks(file: &Path) -> anyhow::Result<Read> {
    Ok(weeks_of(Table::open(file, &COLUMNS)?))
}

/// The weeks of a table with the columns [`COLUMNS`].
pub fn weeks_of(table: Table) -> Read {
    let mut read = Read::default();
    for row in table {
        match row {
            Ok(row) => {
                let fields = ["item", "week", "units", "price", "category", "promotion"].map(|column| row.get(column));
                read.row(row.line, fields);
            }
            Err(bad) => {
                read.rows += 1;
                read.refused.refuse(bad.line, "", bad.reason);
            }
        }
    }
    read
}

impl Read {
    /// One row: item, week, units, price, category, promotion as text; the last two may be empty.
    pub fn row(&mut self, line: u64, fields: [&str; 6]) {
        self.rows += 1;
        let read = self.read(fields);
        if let Some(week) = self.refused.take(line, read) {
            self.weeks.push(week);
        }
    }

    fn read(
        &mut self,
        [item, week, units, price, category, promotion]: [&str; 6],
    ) -> Result<Week, (&'static str, String)> {
        if item.is_empty() {
            return Err(("item", "is empty".to_owned()));
        }
        let week = week_number(week).ok_or_else(|| ("week", "is neither a number nor a date".to_owned()))?;
        let units = number("units", units, 0.0)?;
        let price = number("price", price, f64::MIN_POSITIVE)?;
        let promotion = if promotion.is_empty() { 0.0 } else { number("promotion", promotion, 0.0)?.min(1.0) };
        let (item, category) = (self.number(true, item), self.number(false, category));
        // Minor units, as the mind counts; two decimals fit most currencies and only the scale depends on it.
        Ok(Week { item, category, week, units, price: price * 100.0, promotion })
    }

    fn number(&mut self, item: bool, name: &str) -> u32 {
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry((item, name.to_owned())).or_insert(next);
        self.items += usize::from(item && number == next);
        number
    }
}

/// A week's number, or the number of the week that a date lies in.
fn week_number(text: &str) -> Option<i32> {
    if let Ok(number) = text.parse::<i32>() {
        return Some(number);
    }
    let date: Date = text.get(..10)?.parse().ok()?;
    let days = date.since(Date::constant(1970, 1, 5)).ok()?.get_days();
    Some(days.div_euclid(7))
}

fn number(column: &'static str, text: &str, least: f64) -> Result<f64, (&'static str, String)> {
    match text.parse::<f64>() {
        Ok(number) if number >= least && number < 1e12 => Ok(number),
        _ => Err((column, format!("{} is no number that can be", text.chars().take(40).collect::<String>()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn weeks_are_numbers_or_dates_and_a_price_of_nothing_is_refused() {
        let mut read = Read::default();
        read.row(2, ["a", "2024-01-01", "3", "1.50", "", ""]);
        read.row(3, ["a", "2024-01-08", "3", "1.50", "x", "0.5"]);
        read.row(4, ["a", "7", "3", "0", "", ""]);
        read.row(5, ["", "7", "3", "1", "", ""]);
        assert_eq!(read.weeks[1].week - read.weeks[0].week, 1);
        assert_eq!((read.weeks.len(), read.items, read.refused.count()), (2, 1, 2));
        assert!((read.weeks[0].price - 150.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(rows in prop::collection::vec(prop::collection::vec("\\PC{0,12}|[0-9.-]{0,12}", 6), 0..20)) {
            let mut read = Read::default();
            for (line, row) in rows.iter().enumerate() {
                read.row(line as u64, std::array::from_fn(|place| row[place].as_str()));
            }
            agents::pricing::learn(&read.weeks);
            prop_assert_eq!(read.weeks.len() as u64 + read.refused.count(), read.rows);
        }
    }
}
