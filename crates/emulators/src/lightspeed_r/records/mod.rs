//! Rows that are nothing but their scalar members: shops, vendors, orders, counts and the like.
//!
//! The generic calls and the acts work on them by the words of the reference; items and customers hold one each for
//! their scalars. A record knows its resource and no rule beyond the kinds of its members.

mod calls;

pub use calls::{missing, to_one};

use super::amount::Amount;
use super::clock;
use super::resources::{Kind, Resource};
use super::table::{Id, Row, Table};
use super::wire::{self, Fields, Refused};
use crate::machine::Millis;
use serde_json::Value;
use std::collections::BTreeMap;

/// Scalar members of one row.
#[derive(Clone, Debug)]
pub struct Record {
    resource: &'static Resource,
    /// One for each member of the resource, in its order, as shown.
    values: Vec<String>,
    created: Millis,
    stamp: Millis,
}

impl Record {
    /// A row on which nothing is set.
    pub fn new(resource: &'static Resource, now: Millis) -> Self {
        let values = resource.fields.iter().map(|field| field.kind.unset().to_owned()).collect();
        Self { resource, values, created: now, stamp: now }
    }

    /// As it is shown; empty for a member that the resource has not.
    pub fn get(&self, field: &str) -> &str {
        self.resource.position(field).map_or("", |position| &self.values[position])
    }

    /// A member that holds an id or a whole number.
    pub fn number(&self, field: &str) -> i64 {
        self.get(field).parse().unwrap_or(0)
    }

    /// A member that holds the id of another row.
    pub fn id(&self, field: &str) -> Id {
        self.get(field).parse().unwrap_or(0)
    }

    /// A member that is yes or no.
    pub fn flag(&self, field: &str) -> bool {
        self.get(field) == "true"
    }

    /// Sets a member, whoever may; times and ids as they are shown.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        if let Some(position) = self.resource.position(field) {
            self.values[position] = value.into();
        }
    }

    /// Marks it as changed.
    pub fn touch(&mut self, now: Millis) {
        self.stamp = now;
    }

    /// Sets what a client sent. Members that it may not set, and unknown ones, are passed over, as the vendor does.
    /// Tells whether any was set.
    ///
    /// # Errors
    /// 422 for a value of the wrong kind.
    pub fn apply(&mut self, body: &Value) -> Result<bool, Refused> {
        let mut any = false;
        for (position, field) in self.resource.fields.iter().enumerate() {
            if !field.writable
                || body[field.name].is_null()
                || body[field.name].is_object()
                || body[field.name].is_array()
            {
                continue;
            }
            self.values[position] = read(body, field.name, field.kind)?;
            any = true;
        }
        Ok(any)
    }
}

/// A member of a request as it will be shown.
fn read(body: &Value, name: &str, kind: Kind) -> Result<String, Refused> {
    let read = match kind {
        Kind::Id => wire::id(body, name)?.map(|id| id.to_string()),
        Kind::Whole => wire::whole(body, name)?.map(|number| number.to_string()),
        Kind::Decimal => wire::amount(body, name)?.as_ref().map(Amount::to_string),
        Kind::Flag => wire::flag(body, name)?.map(|flag| flag.to_string()),
        Kind::Text => wire::text(body, name)?,
        Kind::Time | Kind::Created | Kind::Stamp => match wire::text(body, name)?.as_deref() {
            None | Some("") => None,
            Some(_) => wire::time(body, name)?.map(clock::iso),
        },
    };
    Ok(read.unwrap_or_default())
}

impl Row for Record {
    fn stamp(&self) -> Millis {
        self.stamp
    }

    fn archived(&self) -> bool {
        self.flag("archived")
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        fields.insert(self.resource.key.into(), id.to_string().into());
        for (field, value) in self.resource.fields.iter().zip(&self.values) {
            let shown = match field.kind {
                Kind::Created => clock::iso(self.created),
                Kind::Stamp => clock::iso(self.stamp),
                Kind::Time if value.is_empty() => continue,
                _ => value.clone(),
            };
            fields.insert(field.name.into(), shown.into());
        }
    }
}

/// Tables of records by the name of their resource.
#[derive(Debug, Default)]
pub struct Records {
    tables: BTreeMap<&'static str, Table<Record>>,
    empty: Table<Record>,
}

impl Records {
    /// All rows of a resource.
    pub fn table(&self, resource: &Resource) -> &Table<Record> {
        self.tables.get(resource.name).unwrap_or(&self.empty)
    }

    /// All rows of a resource, to be changed.
    pub fn table_mut(&mut self, resource: &Resource) -> &mut Table<Record> {
        self.tables.entry(resource.name).or_default()
    }

    /// One row.
    pub fn get(&self, resource: &Resource, id: Id) -> Option<&Record> {
        self.table(resource).get(id)
    }

    /// Adds a row with these members set.
    pub fn add(&mut self, resource: &'static Resource, members: &[(&str, &str)], now: Millis) -> Id {
        let mut record = Record::new(resource, now);
        for (name, value) in members {
            record.set(name, *value);
        }
        self.table_mut(resource).add(record)
    }

    /// Sets members of a row and marks it as changed.
    pub fn set(&mut self, resource: &Resource, id: Id, members: &[(&str, &str)], now: Millis) {
        self.table_mut(resource).change(id, |record| {
            for (name, value) in members {
                record.set(name, *value);
            }
            record.touch(now);
        });
    }

    /// Shows a row without relations; `None` when there is none.
    pub fn show(&self, resource: &Resource, id: Id) -> Option<Fields> {
        let mut fields = Fields::new();
        self.get(resource, id)?.fill(id, &mut fields);
        Some(fields)
    }

    /// Ids of the rows whose member holds this id.
    pub fn of(&self, resource: &Resource, field: &str, owner: Id) -> Vec<Id> {
        let owned = self.table(resource).all().filter(|(_, record)| record.id(field) == owner);
        owned.map(|(id, _)| id).collect()
    }
}
