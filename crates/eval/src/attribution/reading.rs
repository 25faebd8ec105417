//! Reads `path,conversions,value,nulls` into counted journeys. Called by `lockstep eval attribution` and by a fuzzer.

use std::collections::HashMap;
use std::path::Path;

use agents::attribution::Paths;

use crate::refused::Refused;
use crate::table::{Row, Table};

/// Columns that must be there.
pub const COLUMNS: [&str; 2] = ["path", "conversions"];
/// What stands between two channels of a path.
const THEN: &str = " > ";

/// Journeys read and counted.
#[derive(Debug, Default)]
pub struct Journeys {
    /// Names of the channels, by number.
    pub names: Vec<String>,
    numbers: HashMap<String, u32>,
    /// The counts.
    pub paths: Paths,
    /// Rows met.
    pub rows: u64,
    /// Rows that could not be used.
    pub refused: Refused,
    touches: Vec<u32>,
}

/// Reads a file of journeys.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn journeys(file: &Path) -> anyhow::Result<Journeys> {
    Ok(journeys_of(Table::open(file, &COLUMNS)?))
}

/// The journeys of a table with the columns [`COLUMNS`].
pub fn journeys_of(table: Table) -> Journeys {
    let place = |name: &str| table.place(name);
    let places = [place("path"), place("conversions"), place("value"), place("nulls")];
    let mut read = Journeys::default();
    for row in table {
        match row {
            Ok(row) => {
                let field = |place: Option<usize>| place.map_or("", |place| Row::at(&row, place));
                read.row(row.line, places.map(field));
            }
            Err(bad) => {
                read.rows += 1;
                read.refused.refuse(bad.line, "", bad.reason);
            }
        }
    }
    read
}

impl Journeys {
    /// One row: path, conversions, value, nulls as text; the last two may be empty.
    pub fn row(&mut self, line: u64, [path, conversions, value, nulls]: [&str; 4]) {
        self.rows += 1;
        let counted = amount("conversions", conversions)
            .and_then(|sales| Ok((sales, amount("value", value)?, amount("nulls", nulls)?)))
            .and_then(|numbers| self.read(path).map(|()| numbers));
        match counted {
            Ok((sales, value, without)) => self.paths.add(&self.touches, sales, value, without),
            Err((column, reason)) => self.refused.refuse(line, column, reason),
        }
    }

    fn read(&mut self, path: &str) -> Result<(), (&'static str, String)> {
        self.touches.clear();
        let then = if path.contains(THEN) { THEN } else { ">" };
        if path.split(then).any(|name| name.trim().is_empty()) {
            return Err(("path", "a touch has no name".to_owned()));
        }
        for name in path.split(then) {
            let name = name.trim();
            let number = match self.numbers.get(name) {
                Some(number) => *number,
                None => {
                    let number = self.names.len() as u32;
                    self.names.push(name.to_owned());
                    self.numbers.insert(name.to_owned(), number);
                    number
                }
            };
            self.touches.push(number);
        }
        Ok(())
    }
}

/// A count or value that may be missing, and is not below zero.
fn amount(column: &'static str, text: &str) -> Result<f64, (&'static str, String)> {
    if text.is_empty() && column != "conversions" {
        return Ok(0.0);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(number),
        _ => Err((column, format!("{} is no number from zero up", text.chars().take(40).collect::<String>()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn channels_are_joined_by_arrows_and_what_is_no_number_is_refused() {
        let mut read = Journeys::default();
        read.row(2, ["a > b > a", "2", "10.5", "1"]);
        read.row(3, ["b", "1", "", ""]);
        read.row(4, ["c>b", "0", "0", "3"]);
        read.row(5, ["a > ", "1", "1", "1"]);
        read.row(6, ["a", "-1", "1", "1"]);
        read.row(7, ["a", "", "1", "1"]);
        assert_eq!(read.names, ["a", "b", "c"]);
        assert_eq!((read.paths.sales(), read.paths.value(), read.paths.without()), (3.0, 10.5, 4.0));
        assert_eq!((read.rows, read.refused.count()), (6, 3));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(rows in prop::collection::vec(prop::array::uniform4("\\PC{0,20}|[a-c >]{0,12}|[0-9.e-]{0,6}"), 0..20)) {
            let mut read = Journeys::default();
            for (line, row) in rows.iter().enumerate() {
                read.row(line as u64, [&row[0], &row[1], &row[2], &row[3]]);
            }
            prop_assert!(read.refused.count() <= read.rows);
            let credits = agents::attribution::credits(&read.paths);
            prop_assert!(credits.markov.iter().all(|credit| credit.is_finite()));
        }
    }
}
