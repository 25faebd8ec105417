//! Reads `time,transaction,customer,terminal,amount,label` into payments. Called by `lockstep eval fraud` and by a fuzzer.

use std::path::Path;

use agents::fraud::{Key, Payment};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::Offset};
use model::{Instant, stable_hash};
use serde_json::{Value, json};

use crate::table::Table;

/// Columns that must be there.
pub const COLUMNS: [&str; 6] = ["time", "transaction", "customer", "terminal", "amount", "label"];
/// Refused rows that are named; the rest is only counted.
const NAMED: usize = 20;

/// Rows that could not be used.
#[derive(Debug, Default)]
pub struct Refused {
    /// How many.
    pub rows: u64,
    /// The first of them: file, line, column, reason.
    pub named: Vec<Value>,
}

impl Refused {
    fn add(&mut self, path: &Path, line: u64, column: &str, reason: &str) {
        self.rows += 1;
        if self.named.len() < NAMED {
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
            self.named.push(json!({ "file": file, "line": line, "column": column, "reason": reason }));
        }
    }
}

/// A payment, and whether it was a fraud.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labelled {
    /// As the mind sees it.
    pub payment: Payment,
    /// The truth, told to the mind only when its time has come.
    pub fraud: bool,
}

/// Reads a file; payments in order of time, those of one time as in the file.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn payments(path: &Path, refused: &mut Refused) -> anyhow::Result<Vec<Labelled>> {
    Ok(payments_of(Table::open(path, &COLUMNS)?, path, refused))
}

/// The payments of a table with the columns [`COLUMNS`]; refusals name the file.
pub fn payments_of(table: Table, path: &Path, refused: &mut Refused) -> Vec<Labelled> {
    let mut payments = Vec::new();
    for row in table {
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                refused.add(path, bad.line, "", &bad.reason);
                continue;
            }
        };
        match labelled(|column| row.get(column)) {
            Ok(labelled) => payments.push(labelled),
            Err((column, reason)) => refused.add(path, row.line, column, &reason),
        }
    }
    // Stable: what happened at once stays as in the file.
    payments.sort_by_key(|one| one.payment.at);
    payments
}

/// One payment from the fields of a row, by column name. The optional columns `device` and `since` (sign-up time) are
/// read when they are there.
///
/// # Errors
/// The column at fault, and why, in a person's words.
pub fn labelled<'a>(field: impl Fn(&str) -> &'a str) -> Result<Labelled, (&'static str, String)> {
    let shown = |text: &str| text.chars().take(40).collect::<String>();
    let time = field("time");
    let at = instant(time).ok_or_else(|| ("time", format!("{} is neither seconds nor a time", shown(time))))?;
    let transaction = field("transaction").trim();
    if transaction.is_empty() {
        return Err(("transaction", "is empty".into()));
    }
    let amount = match field("amount").trim() {
        // An amount that is not known is no reason to leave a payment out.
        "" => f64::NAN,
        text => text
            .parse::<f64>()
            .ok()
            .filter(|amount| amount.is_finite() && *amount >= 0.0)
            .ok_or_else(|| ("amount", format!("{} is no amount", shown(text))))?,
    };
    let fraud = match field("label").trim().to_ascii_lowercase().as_str() {
        "1" | "1.0" | "true" | "fraud" | "yes" => true,
        "0" | "0.0" | "false" | "genuine" | "no" => false,
        other => return Err(("label", format!("{} is neither 0 nor 1", shown(other)))),
    };
    let payment = Payment {
        id: stable_hash(&[transaction.as_bytes()]),
        at,
        amount,
        customer: Key::of(field("customer")),
        terminal: Key::of(field("terminal")),
        device: Key::of(field("device")),
        since: instant(field("since")),
        deed: agents::fraud::Deed::Sale,
    };
    Ok(Labelled { payment, fraud })
}

/// A time: a number of seconds, a date, a date and time of day (taken as UTC), or RFC 3339.
pub fn instant(text: &str) -> Option<Instant> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        let ms = (seconds * 1_000.0).round();
        // As far as calendars reach.
        return (ms.abs() < 2.5e14).then_some(Instant(ms as i64));
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Instant(at.as_millisecond()));
    }
    let plain = text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0)))?;
    Offset::UTC.to_timestamp(plain).ok().map(|at| Instant(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(fields: [&str; 6]) -> Result<Labelled, &'static str> {
        let field = |column: &str| COLUMNS.iter().position(|known| *known == column).map_or("", |place| fields[place]);
        labelled(field).map_err(|(column, _)| column)
    }

    #[test]
    fn times_may_be_seconds_or_written_out() {
        let day = instant("2018-08-08").expect("a date");
        for text in
            ["2018-08-08 00:00:00", "2018-08-08T00:00:00Z", "2018-08-08T02:00:00+02:00", "1533686400", "1533686400.0"]
        {
            assert_eq!(instant(text), Some(day), "{text}");
        }
        assert_eq!(instant("yesterday"), None);
    }

    #[test]
    fn the_column_at_fault_is_named() {
        assert!(read(["0", "t", "card-1", "till 7", "12.5", "0"]).is_ok());
        assert_eq!(read(["soon", "t", "c", "t", "1", "0"]), Err("time"));
        assert_eq!(read(["0", " ", "c", "t", "1", "0"]), Err("transaction"));
        assert_eq!(read(["0", "t", "c", "t", "-1", "0"]), Err("amount"));
        assert_eq!(read(["0", "t", "c", "t", "1", "maybe"]), Err("label"));
    }

    #[test]
    fn who_and_where_and_how_much_may_be_unknown() {
        let read = read(["0", "t", "", "", "", "1"]).expect("a payment");
        assert_eq!((read.payment.customer, read.payment.terminal, read.payment.sound_amount()), (None, None, None));
    }

    proptest! {
        #[test]
        fn no_text_is_a_trouble(fields in prop::array::uniform6(".{0,20}|[0-9.eE+-]{1,12}")) {
            if let Ok(read) = read([&fields[0], &fields[1], &fields[2], &fields[3], &fields[4], &fields[5]]) {
                prop_assert!(read.payment.amount.is_nan() || read.payment.amount >= 0.0);
            }
        }
    }
}
