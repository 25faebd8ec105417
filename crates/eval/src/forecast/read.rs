//! The tables of `lockstep eval forecast`: sales, calendar, prices. Rows that cannot be read are named and left out.

use std::collections::HashMap;
use std::path::Path;

use super::period::Periods;
use crate::progress;
use crate::table::Table;
use agents::forecast::Step;
use serde_json::{Value, json};

/// Refused rows that are named one by one.
const NAMED_MAX: usize = 20;
/// Columns a table of sales must have.
pub const SALES: [&str; 7] = ["series", "item", "location", "category", "department", "date", "quantity"];
/// Columns a calendar must have.
pub const CALENDAR: [&str; 2] = ["date", "event"];
/// Columns a table of prices must have.
pub const PRICES: [&str; 4] = ["item", "location", "date", "price"];
/// Largest quantity of a row.
const QUANTITY_MAX: f64 = 1e12;
/// Periods that may lie between the first and the last row: a mistyped year is not a thousand years of zeros.
const SPAN_MAX: i32 = 200_000;

/// What a row of sales says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read {
    /// Period.
    pub period: i32,
    /// Units.
    pub units: f64,
    /// Share of the period in which it could be bought, 1 when the table does not say.
    pub in_stock: f64,
}

/// Why a row was refused: column and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Column.
    pub column: &'static str,
    /// In a person's words.
    pub reason: String,
}

/// Reads date, quantity and share of a row of sales. A pure function of its texts, whatever they hold.
///
/// # Errors
/// When one of them cannot be read.
pub fn sale(periods: &Periods, date: &str, quantity: &str, in_stock: &str) -> Result<Read, Bad> {
    let bad = |column, reason: &str| Bad { column, reason: reason.to_owned() };
    let period = periods.read(date).ok_or_else(|| bad("date", "is no date such as 2026-11-23"))?;
    let units: f64 = quantity.parse().map_err(|_| bad("quantity", "is no number"))?;
    if !units.is_finite() || units.abs() > QUANTITY_MAX {
        return Err(bad("quantity", "is larger than 10^12 or no number"));
    }
    let in_stock = match in_stock {
        "" => 1.0,
        "true" | "yes" => 1.0,
        "false" | "no" => 0.0,
        text => text.parse().map_err(|_| bad("in_stock", "is no share from 0 to 1"))?,
    };
    if !(0.0..=1.0).contains(&in_stock) {
        return Err(bad("in_stock", "is no share from 0 to 1"));
    }
    Ok(Read { period, units, in_stock })
}

/// Refused rows.
#[derive(Debug, Default)]
pub struct Refused {
    count: u64,
    named: Vec<Value>,
}

impl Refused {
    /// Takes one in.
    pub fn add(&mut self, file: &str, line: u64, column: &str, reason: &str) {
        self.count += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(json!({ "file": file, "line": line, "column": column, "reason": reason }));
        }
    }

    /// How many, and the first of them.
    pub fn to_json(&self) -> Value {
        json!({ "rows": self.count, "first": self.named })
    }
}

/// Names as dense numbers, in the order in which they came.
#[derive(Debug, Default)]
pub struct Names {
    known: HashMap<String, u32>,
    /// By number.
    pub list: Vec<String>,
}

impl Names {
    /// The number of a name.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.known.get(name) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.known.insert(name.to_owned(), number);
        self.list.push(name.to_owned());
        number
    }

    /// The number of a name that came already.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.known.get(name).copied()
    }
}

/// A series: numbers of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// In [`Sales::items`].
    pub item: u32,
    /// In [`Sales::locations`].
    pub location: u32,
    /// In [`Sales::categories`].
    pub category: u32,
    /// In [`Sales::departments`].
    pub department: u32,
}

/// One row that says something: units, or that it was not all in stock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Period.
    pub period: i32,
    /// Number of the series.
    pub series: u32,
    /// Units.
    pub units: f64,
}

/// A table of sales.
#[derive(Debug)]
pub struct Sales {
    /// How dates are read.
    pub periods: Periods,
    /// Names of series.
    pub names: Names,
    /// By number.
    pub series: Vec<Series>,
    /// Names.
    pub items: Names,
    /// Names.
    pub locations: Names,
    /// Names.
    pub categories: Names,
    /// Names, each with its category: departments of one name in two categories are two.
    pub departments: Names,
    /// Rows with units, by period, then series.
    pub rows: Vec<Row>,
    /// Shares in stock below 1, by period, then series.
    pub shares: Vec<Row>,
    /// First and last period of any row, also of those with no units.
    pub span: Option<(i32, i32)>,
    /// Rows read.
    pub read: u64,
}

impl Sales {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be opened, or a column is missing.
    pub fn open(path: &Path, step: Step, refused: &mut Refused) -> anyhow::Result<Self> {
        let first = Table::open(path, &SALES)?.find_map(Result::ok).map(|row| row.get("date").to_owned());
        let mut sales = Self::new(Periods::new(step, &first.unwrap_or_default()));
        sales.take(path, refused)?;
        Ok(sales)
    }

    /// Nothing yet.
    pub fn new(periods: Periods) -> Self {
        Self {
            periods,
            names: Names::default(),
            series: Vec::new(),
            items: Names::default(),
            locations: Names::default(),
            categories: Names::default(),
            departments: Names::default(),
            rows: Vec::new(),
            shares: Vec::new(),
            span: None,
            read: 0,
        }
    }

    /// Takes in a file with the same columns.
    ///
    /// # Errors
    /// When it cannot be opened, or a column is missing.
    pub fn take(&mut self, path: &Path, refused: &mut Refused) -> anyhow::Result<()> {
        self.take_table(Table::open(path, &SALES)?, &path.to_string_lossy(), refused);
        Ok(())
    }

    /// Takes in a table with the columns [`SALES`]; `file` is what refusals call it.
    pub fn take_table(&mut self, table: Table, file: &str, refused: &mut Refused) {
        let places = SALES.map(|name| table.place(name).unwrap_or(usize::MAX));
        let in_stock = table.place("in_stock").unwrap_or(usize::MAX);
        let bar = progress::bar(0, "reading sales");
        for row in table {
            self.read += 1;
            if self.read.is_multiple_of(65_536) {
                bar.set_position(self.read);
            }
            let row = match row {
                Ok(row) => row,
                Err(bad) => {
                    refused.add(file, bad.line, "", &bad.reason);
                    continue;
                }
            };
            let texts = places.map(|place| row.at(place));
            if let Err(bad) = self.row(texts, row.at(in_stock)) {
                refused.add(file, row.line, bad.column, &bad.reason);
            }
        }
        bar.finish_and_clear();
        self.rows.sort_by_key(|row| (row.period, row.series));
        self.shares.sort_by_key(|row| (row.period, row.series));
    }

    /// Takes in one row: the texts of series, item, location, category, department, date, quantity, and of in_stock.
    ///
    /// # Errors
    /// When it cannot be read; nothing of it is kept then.
    pub fn row(&mut self, texts: [&str; 7], in_stock: &str) -> Result<(), Bad> {
        let [name, item, location, category, department, date, quantity] = texts;
        let read = sale(&self.periods, date, quantity, in_stock)?;
        if name.is_empty() {
            return Err(Bad { column: "series", reason: "is empty".to_owned() });
        }
        let (first, last) = self.span.unwrap_or((read.period, read.period));
        let span = (first.min(read.period), last.max(read.period));
        if span.1.saturating_sub(span.0) > SPAN_MAX {
            return Err(Bad { column: "date", reason: "lies too far from the other dates".to_owned() });
        }
        self.span = Some(span);
        let series = self.names.number(name);
        if series as usize == self.series.len() {
            let department = format!("{category}/{department}");
            self.series.push(Series {
                item: self.items.number(item),
                location: self.locations.number(location),
                category: self.categories.number(category),
                department: self.departments.number(&department),
            });
        }
        if read.units != 0.0 {
            self.rows.push(Row { period: read.period, series, units: read.units });
        }
        if read.in_stock < 1.0 {
            self.shares.push(Row { period: read.period, series, units: read.in_stock });
        }
        Ok(())
    }
}

/// Events and flags by period. Flags are words with spaces, `;` or `|` between them; each is an event of its own.
///
/// # Errors
/// When the file cannot be opened, or a column is missing.
pub fn calendar(path: &Path, periods: &Periods, refused: &mut Refused) -> anyhow::Result<Vec<(i32, String)>> {
    Ok(calendar_of(Table::open(path, &CALENDAR)?, &path.to_string_lossy(), periods, refused))
}

/// The events of a table with the columns [`CALENDAR`].
pub fn calendar_of(table: Table, file: &str, periods: &Periods, refused: &mut Refused) -> Vec<(i32, String)> {
    let mut events = Vec::new();
    for row in table {
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                refused.add(file, bad.line, "", &bad.reason);
                continue;
            }
        };
        let Some(period) = periods.read(row.get("date")) else {
            refused.add(file, row.line, "date", "is no date such as 2026-11-23");
            continue;
        };
        let named = row.get("event").split([';', '|']).chain(row.get("flags").split([';', '|', ' ', ',']));
        events.extend(named.map(str::trim).filter(|name| !name.is_empty()).map(|name| (period, name.to_owned())));
    }
    events
}

/// A price from a period on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Period.
    pub period: i32,
    /// Number of the series.
    pub series: u32,
    /// In the table's unit.
    pub price: f64,
}

/// Prices of series that are known, by period, then series: changes only. Each price holds from its date on.
///
/// # Errors
/// When the file cannot be opened, or a column is missing.
pub fn prices(path: &Path, sales: &Sales, refused: &mut Refused) -> anyhow::Result<Vec<Price>> {
    Ok(prices_of(Table::open(path, &PRICES)?, &path.to_string_lossy(), sales, refused))
}

/// The prices of a table with the columns [`PRICES`].
pub fn prices_of(table: Table, file: &str, sales: &Sales, refused: &mut Refused) -> Vec<Price> {
    let mut series_of: HashMap<(u32, u32), Vec<u32>> = HashMap::new();
    for (number, series) in sales.series.iter().enumerate() {
        series_of.entry((series.item, series.location)).or_default().push(number as u32);
    }
    let mut prices = Vec::new();
    for row in table {
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                refused.add(file, bad.line, "", &bad.reason);
                continue;
            }
        };
        let Some(period) = sales.periods.read(row.get("date")) else {
            refused.add(file, row.line, "date", "is no date such as 2026-11-23");
            continue;
        };
        let price = row.get("price").parse::<f64>().ok().filter(|price| price.is_finite() && *price >= 0.0);
        let Some(price) = price else {
            refused.add(file, row.line, "price", "is no price");
            continue;
        };
        let names = sales.items.find(row.get("item")).zip(sales.locations.find(row.get("location")));
        let series = names.and_then(|names| series_of.get(&names)).map_or(&[][..], Vec::as_slice);
        prices.extend(series.iter().map(|series| Price { period, series: *series, price }));
    }
    prices.sort_by_key(|price| (price.series, price.period));
    prices.dedup_by(|next, last| next.series == last.series && next.price == last.price);
    prices.sort_by_key(|price| (price.period, price.series));
    prices
}
