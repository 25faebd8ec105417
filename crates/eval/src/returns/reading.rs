//! Reads `order,customer,item,date,quantity,returned[,category]`. Called by `lockstep eval returns` and by a fuzzer.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::{Date, DateTime};

use crate::refused::Refused;
use crate::table::Table;

/// Columns that must be there.
pub const COLUMNS: [&str; 6] = ["order", "customer", "item", "date", "quantity", "returned"];

/// One line sold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Days since 1970.
    pub day: i32,
    /// Order number.
    pub order: u32,
    /// Customer number; `None` = not known.
    pub customer: Option<u32>,
    /// Item number.
    pub item: u32,
    /// Category number.
    pub category: u32,
    /// Units sold.
    pub units: f64,
    /// Of these come back.
    pub back: f64,
}

/// Lines read.
#[derive(Debug, Default)]
pub struct Read {
    /// In the order of the file.
    pub lines: Vec<Line>,
    /// Rows met.
    pub rows: u64,
    /// Rows that could not be used.
    pub refused: Refused,
    numbers: HashMap<(u8, String), u32>,
}

/// Reads a file.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn lines(file: &Path) -> anyhow::Result<Read> {
    Ok(lines_of(Table::open(file, &COLUMNS)?))
}

/// The lines of a table with the columns [`COLUMNS`].
pub fn lines_of(table: Table) -> Read {
    let mut read = Read::default();
    for row in table {
        match row {
            Ok(row) => {
                let names = ["order", "customer", "item", "date", "quantity", "returned", "category"];
                read.row(row.line, names.map(|column| row.get(column)));
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
    /// One row: order, customer, item, date, quantity, returned, category as text; customer and category may be empty.
    pub fn row(&mut self, line: u64, fields: [&str; 7]) {
        self.rows += 1;
        let read = self.read(fields);
        if let Some(line) = self.refused.take(line, read) {
            self.lines.push(line);
        }
    }

    fn read(&mut self, fields: [&str; 7]) -> Result<Line, (&'static str, String)> {
        let [order, customer, item, date, quantity, returned, category] = fields;
        if order.is_empty() || item.is_empty() {
            return Err((if order.is_empty() { "order" } else { "item" }, "is empty".to_owned()));
        }
        let day = day(date).ok_or_else(|| ("date", "is no date".to_owned()))?;
        let units = number("quantity", quantity)?;
        let back = number("returned", if returned.is_empty() { "0" } else { returned })?;
        if units <= 0.0 {
            return Err(("quantity", "is nothing".to_owned()));
        }
        if back > units {
            return Err(("returned", "is more than was sold".to_owned()));
        }
        let customer = (!customer.is_empty()).then(|| self.number(1, customer));
        let (order, item, category) = (self.number(0, order), self.number(2, item), self.number(3, category));
        Ok(Line { day, order, customer, item, category, units, back })
    }

    fn number(&mut self, kind: u8, name: &str) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry((kind, name.to_owned())).or_insert(next)
    }
}

/// The day of a date, or of a date with a time of day; days since 1970.
pub(crate) fn day(text: &str) -> Option<i32> {
    let date = text.parse::<Date>().ok().or_else(|| text.parse::<DateTime>().ok().map(DateTime::date))?;
    Some(date.since(Date::constant(1970, 1, 1)).ok()?.get_days())
}

/// A number from zero up.
pub(crate) fn number(column: &'static str, text: &str) -> Result<f64, (&'static str, String)> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..1e12).contains(&number) => Ok(number),
        _ => Err((column, format!("{} is no number from zero up", text.chars().take(40).collect::<String>()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn more_back_than_sold_and_no_date_are_refused() {
        let mut read = Read::default();
        read.row(2, ["1", "", "a", "2024-02-01", "2", "1", ""]);
        read.row(3, ["1", "c", "a", "2024-02-02 10:00:00", "2", "", "x"]);
        read.row(4, ["1", "c", "a", "2024-02-02", "2", "3", "x"]);
        read.row(5, ["1", "c", "a", "yesterday", "2", "0", "x"]);
        assert_eq!((read.lines.len(), read.refused.count()), (2, 2));
        assert_eq!(read.lines[1].day - read.lines[0].day, 1);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(rows in prop::collection::vec(prop::collection::vec("\\PC{0,12}|[0-9.:T-]{0,20}", 7), 0..20)) {
            let mut read = Read::default();
            for (line, row) in rows.iter().enumerate() {
                read.row(line as u64, std::array::from_fn(|place| row[place].as_str()));
            }
            prop_assert_eq!(read.lines.len() as u64 + read.refused.count(), read.rows);
        }
    }
}
