//! The table of records. Called by the command; refuses rows without an id of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use agents::identity::{Identity, Record};
use model::{ChannelId, Subject};
use serde_json::{Value, json};

use crate::table::{Row, Table};

/// All records of a table, in its order.
#[derive(Debug, Default)]
pub struct People {
    /// Their ids.
    pub ids: Vec<String>,
    /// What they are called in the mind.
    pub subjects: Vec<Subject>,
    /// The records.
    pub records: Vec<Record>,
    /// Row of an id.
    pub numbers: BTreeMap<String, u32>,
    /// Rows that were refused, the first twenty.
    pub refused: Vec<Refused>,
    /// How many were refused.
    pub refused_rows: u64,
    by_subject: BTreeMap<Subject, u32>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Line of the file, from 1.
    pub line: u64,
    /// Column, when one is at fault.
    pub column: &'static str,
    /// In a person's words.
    pub reason: String,
}

impl Refused {
    /// As printed.
    pub fn to_json(&self) -> Value {
        json!({ "line": self.line, "column": self.column, "reason": self.reason })
    }
}

impl People {
    /// The row that stands for the profile of a row: the first of the profile.
    pub fn profile(&self, mind: &Identity, number: u32) -> u32 {
        let subject = self.subjects.get(number as usize).and_then(|subject| mind.profile(*subject));
        subject.and_then(|subject| self.by_subject.get(&subject)).copied().unwrap_or(number)
    }

    /// The row of a subject.
    pub fn row(&self, subject: Subject) -> Option<u32> {
        self.by_subject.get(&subject).copied()
    }

    fn refuse(&mut self, line: u64, column: &'static str, reason: impl Into<String>) {
        self.refused_rows += 1;
        if self.refused.len() < 20 {
            self.refused.push(Refused { line, column, reason: reason.into() });
        }
    }

    fn take(&mut self, line: u64, id: &str, record: Record) {
        if id.is_empty() {
            return self.refuse(line, "id", "is empty");
        }
        if self.numbers.contains_key(id) {
            return self.refuse(line, "id", format!("{id} stands in the table twice"));
        }
        let (number, subject) = (self.ids.len() as u32, Subject::of(ChannelId(0), "record", id));
        self.numbers.insert(id.to_owned(), number);
        self.by_subject.insert(subject, number);
        self.ids.push(id.to_owned());
        self.subjects.push(subject);
        self.records.push(record);
    }

    /// When one of the two name columns is never filled, the other holds whole names.
    ///
    /// Mostly of two or three words they are people's, and are taken apart; otherwise they are of places or firms.
    fn whole_names(&mut self) {
        let given = self.records.iter().any(|record| !record.given_name.is_empty());
        let family = self.records.iter().any(|record| !record.family_name.is_empty());
        if given == family {
            return;
        }
        let whole: Vec<String> = self
            .records
            .iter_mut()
            .map(|record| std::mem::take(if given { &mut record.given_name } else { &mut record.family_name }))
            .collect();
        let words = |name: &String| name.split_whitespace().count();
        let named = whole.iter().filter(|name| !name.is_empty()).count();
        let of_people = whole.iter().filter(|name| (2..=3).contains(&words(name))).count() * 10 >= named * 7;
        for (record, name) in self.records.iter_mut().zip(whole) {
            if of_people {
                (record.given_name, record.family_name) = apart(&name);
            } else {
                record.whole_name = name;
            }
        }
    }
}

/// "Ann Mary Smith" and "Smith, Ann Mary" as given names and family name.
fn apart(name: &str) -> (String, String) {
    let parts = name.split_once(',').map(|(family, given)| (given, family));
    let (given, family) = parts.or_else(|| name.trim().rsplit_once(' ')).unwrap_or(("", name));
    (given.trim().to_owned(), family.trim().to_owned())
}

/// One record from the fields of a row, by column name. Any text will do.
pub fn record_of<'a>(field: impl Fn(&str) -> &'a str) -> Record {
    let own = |column: &str| match field(column).trim() {
        // What table programs write for nothing.
        "NA" | "N/A" | "n/a" | "NaN" | "nan" | "NULL" | "null" | "None" | "none" | "-" => String::new(),
        text => text.to_owned(),
    };
    Record {
        given_name: own("given_name"),
        family_name: own("family_name"),
        email: own("email"),
        phone: own("phone"),
        street: own("street"),
        city: own("city"),
        postcode: own("postcode"),
        region: own("region"),
        birth_date: own("birth_date"),
        loyalty_id: own("loyalty_id"),
        payment_token: own("payment_token"),
        ..Record::default()
    }
}

/// Reads a table of records.
///
/// # Errors
/// When it cannot be read, or has no column `id`.
pub fn records(path: &Path) -> anyhow::Result<People> {
    Ok(gather(Table::open(path, &["id"])?))
}

/// Reads bytes as a table of records, as a fuzzer does.
///
/// # Errors
/// When there is no column `id`.
pub fn records_of_bytes(bytes: &[u8]) -> anyhow::Result<People> {
    Ok(gather(Table::of_bytes(bytes, &["id"])?))
}

fn gather(table: impl Iterator<Item = Result<Row, crate::table::BadLine>>) -> People {
    let mut people = People::default();
    for row in table {
        match row {
            Ok(row) => people.take(row.line, row.get("id"), record_of(|column| row.get(column))),
            Err(bad) => people.refuse(bad.line, "", bad.reason),
        }
    }
    people.whole_names();
    people
}

/// Ids that are named in a truth table and not among the records.
pub(super) fn unknown<'a>(people: &People, ids: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    ids.into_iter().filter(|id| !people.numbers.contains_key(*id)).collect()
}
