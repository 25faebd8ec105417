//! Rows that could not be read: counted, and the first ones named. Called by every command that reads a table.

use serde_json::{Value, json};

/// So many are named.
const NAMED: usize = 20;

/// What was refused.
#[derive(Debug, Default)]
pub struct Refused {
    count: u64,
    first: Vec<(u64, String, String)>,
}

impl Refused {
    /// Refuses a row: its line, the column, the reason.
    pub fn refuse(&mut self, line: u64, column: &str, reason: impl Into<String>) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push((line, column.to_owned(), reason.into()));
        }
    }

    /// The value, or `None` when it is refused.
    pub fn take<T>(&mut self, line: u64, read: Result<T, (&str, String)>) -> Option<T> {
        read.map_err(|(column, reason)| self.refuse(line, column, reason)).ok()
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// As printed with the figures: how many, and the first ones.
    pub fn json(&self) -> Value {
        let row = |(line, column, reason): &(u64, String, String)| json!({ "line": line, "column": column, "reason": reason });
        json!({ "count": self.count, "first": self.first.iter().map(row).collect::<Vec<_>>() })
    }
}
