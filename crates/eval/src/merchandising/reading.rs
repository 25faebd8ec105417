//! Reads `item,date,quantity[,category][,value][,in_stock]`. Called by `lockstep eval merchandising` and by a fuzzer.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::refused::Refused;
use crate::returns::reading::{day, number};
use crate::table::Table;

/// Columns that must be there.
pub const COLUMNS: [&str; 3] = ["item", "date", "quantity"];

/// One item's day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sold {
    /// Item number.
    pub item: u32,
    /// Category number.
    pub category: u32,
    /// Units.
    pub units: f64,
    /// What they brought; units where the file does not say.
    pub value: f64,
    /// Whether it could be bought.
    pub in_stock: bool,
}

/// Sales read.
#[derive(Debug, Default)]
pub struct Read {
    sold: BTreeMap<(i32, u32), Sold>,
    /// Rows met.
    pub rows: u64,
    /// Rows that could not be used.
    pub refused: Refused,
    numbers: HashMap<(bool, String), u32>,
}

/// Reads a file.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn sales(file: &Path) -> anyhow::Result<Read> {
    Ok(sales_of(Table::open(file, &COLUMNS)?))
}

/// The sales of a table with the columns [`COLUMNS`].
pub fn sales_of(table: Table) -> Read {
    let mut read = Read::default();
    for row in table {
        match row {
            Ok(row) => {
                let fields =
                    ["item", "date", "quantity", "category", "value", "in_stock"].map(|column| row.get(column));
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
    /// One row: item, date, quantity, category, value, `in_stock` (0 or 1) as text; the last three may be empty. Rows of the
    /// same item and day are added up.
    pub fn row(&mut self, line: u64, fields: [&str; 6]) {
        self.rows += 1;
        let read = self.read(fields);
        if let Some((day, sold)) = self.refused.take(line, read) {
            let known = self.sold.entry((day, sold.item)).or_insert(Sold { units: 0.0, value: 0.0, ..sold });
            known.units += sold.units;
            known.value += sold.value;
            known.in_stock |= sold.in_stock;
        }
    }

    fn read(
        &mut self,
        [item, date, quantity, category, value, in_stock]: [&str; 6],
    ) -> Result<(i32, Sold), (&'static str, String)> {
        if item.is_empty() {
            return Err(("item", "is empty".to_owned()));
        }
        let day = day(date).ok_or_else(|| ("date", "is no date".to_owned()))?;
        let units = number("quantity", quantity)?;
        let value = if value.is_empty() { units } else { number("value", value)? };
        let in_stock = match in_stock {
            "" | "1" | "true" => true,
            "0" | "false" => false,
            _ => return Err(("in_stock", "is neither 0 nor 1".to_owned())),
        };
        let (item, category) = (self.number(true, item), self.number(false, category));
        Ok((day, Sold { item, category, units, value, in_stock }))
    }

    fn number(&mut self, item: bool, name: &str) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry((item, name.to_owned())).or_insert(next)
    }

    /// Day by day from the first to the last, those without a sale too; items in order of their number.
    pub fn days(&self) -> Vec<Vec<Sold>> {
        let (Some((first, _)), Some((last, _))) = (self.sold.first_key_value(), self.sold.last_key_value()) else {
            return Vec::new();
        };
        // A mistyped year must not make a million empty days.
        let count = (i64::from(last.0) - i64::from(first.0) + 1).min(20_000) as usize;
        let mut days = vec![Vec::new(); count];
        for ((day, _), sold) in &self.sold {
            if let Some(list) = days.get_mut((day - first.0) as usize) {
                list.push(*sold);
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_of_an_item_and_day_are_added_up_and_days_between_are_there() {
        let mut read = Read::default();
        read.row(2, ["a", "2024-02-01", "2", "", "", ""]);
        read.row(3, ["a", "2024-02-01", "3", "", "", ""]);
        read.row(4, ["b", "2024-02-03", "1", "x", "9.5", "0"]);
        read.row(5, ["b", "2024-02-03", "-1", "x", "9.5", "0"]);
        let days = read.days();
        assert_eq!(days.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 1]);
        assert_eq!((days[0][0].units, days[2][0].value, days[2][0].in_stock), (5.0, 9.5, false));
        assert_eq!(read.refused.count(), 1);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(rows in prop::collection::vec(prop::collection::vec("\\PC{0,12}|[0-9-]{0,12}", 6), 0..20)) {
            let mut read = Read::default();
            for (line, row) in rows.iter().enumerate() {
                read.row(line as u64, std::array::from_fn(|place| row[place].as_str()));
            }
            prop_assert!(read.days().len() as u64 <= 20_000);
        }
    }
}
