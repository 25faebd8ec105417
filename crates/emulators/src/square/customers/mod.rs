//! The seller's customer directory, and its full events.
//!
//! `calls` serves the API; the acts put the people who buy. Searches see a customer only some time after a change.

pub mod calls;
mod merge;

use super::clock::rfc3339;
use super::hooks::Event;
use super::{Square, draw};
use crate::machine::{ActCustomer, BookDocument, Millis, World};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// Fields that a caller may write.
const WRITABLE: [&str; 10] = [
    "given_name",
    "family_name",
    "nickname",
    "company_name",
    "email_address",
    "address",
    "phone_number",
    "birthday",
    "reference_id",
    "note",
];

/// Longest texts of them.
const LENGTHS: [(&str, usize); 5] =
    [("given_name", 300), ("family_name", 300), ("nickname", 100), ("company_name", 500), ("email_address", 254)];

/// One person.
#[derive(Clone, Debug)]
pub struct Customer {
    /// The vendor's id.
    pub id: String,
    fields: Map<String, Value>,
    creation_source: &'static str,
    version: i64,
    deleted: bool,
    created_at: Millis,
    updated_at: Millis,
    listed_at: Millis,
}

/// Everybody, deleted people too.
#[derive(Debug, Default)]
pub struct Customers {
    all: Vec<Customer>,
    by_id: HashMap<String, usize>,
    by_reference: HashMap<String, usize>,
    by_updated: BTreeSet<(Millis, usize)>,
    by_created: BTreeSet<(Millis, usize)>,
}

impl Customers {
    fn text(&self, index: usize, field: &str) -> Option<&str> {
        self.all[index].fields.get(field)?.as_str()
    }

    fn touch(&mut self, index: usize, now: Millis) {
        let customer = &mut self.all[index];
        self.by_updated.remove(&(customer.updated_at, index));
        customer.updated_at = now;
        self.by_updated.insert((now, index));
    }
}

impl Square {
    /// The person with this reference, created or changed as needed; answers the vendor's id.
    pub(crate) fn put_customer(&mut self, person: &ActCustomer, world: &mut World<'_>) -> String {
        let mut fields = Map::new();
        let typed = [
            ("given_name", &person.given_name),
            ("family_name", &person.family_name),
            ("email_address", &person.email),
            ("phone_number", &person.phone),
            ("reference_id", &person.reference),
        ];
        for (name, value) in typed {
            if !value.is_empty() {
                fields.insert(name.to_owned(), json!(value));
            }
        }
        let known = self.customers.by_reference.get(&person.reference).copied();
        match known.filter(|index| !self.customers.all[*index].deleted) {
            Some(index) => self.change_customer(index, &fields, world),
            None => {
                let index = self.add_customer(fields, "DIRECTORY", world);
                self.customers.all[index].id.clone()
            }
        }
    }

    /// Writes the fields that differ; nothing happens when none does.
    fn change_customer(&mut self, index: usize, fields: &Map<String, Value>, world: &mut World<'_>) -> String {
        let customer = &self.customers.all[index];
        if fields.iter().any(|(name, value)| customer.fields.get(name) != Some(value)) {
            self.write_customer(index, fields, world);
        }
        self.customers.all[index].id.clone()
    }

    fn write_customer(&mut self, index: usize, fields: &Map<String, Value>, world: &mut World<'_>) {
        let listed_at = self.listed_at(world);
        let customer = &mut self.customers.all[index];
        for (name, value) in fields {
            merge(&mut customer.fields, name, value);
        }
        customer.version += 1;
        customer.listed_at = listed_at;
        self.customers.touch(index, world.now);
        self.announce_customer(index, "customer.updated", world);
    }

    fn add_customer(&mut self, fields: Map<String, Value>, source: &'static str, world: &mut World<'_>) -> usize {
        let index = self.enter_customer(fields, source, world);
        self.announce_customer(index, "customer.created", world);
        index
    }

    /// Puts a person into the directory without a word.
    fn enter_customer(&mut self, fields: Map<String, Value>, source: &'static str, world: &mut World<'_>) -> usize {
        let index = self.customers.all.len();
        let listed_at = self.listed_at(world);
        let customer = Customer {
            id: draw::id(world.dice, 26),
            fields,
            creation_source: source,
            version: 0,
            deleted: false,
            created_at: world.now,
            updated_at: world.now,
            listed_at,
        };
        self.customers.by_id.insert(customer.id.clone(), index);
        if let Some(reference) = customer.fields.get("reference_id").and_then(Value::as_str) {
            self.customers.by_reference.insert(reference.to_owned(), index);
        }
        self.customers.by_updated.insert((world.now, index));
        self.customers.by_created.insert((world.now, index));
        self.customers.all.push(customer);
        index
    }

    fn announce_customer(&mut self, index: usize, topic: &'static str, world: &mut World<'_>) {
        self.announce_with(index, topic, None, world);
    }

    /// With the context of a merge, where there is one.
    fn announce_with(&mut self, index: usize, topic: &'static str, context: Option<&Value>, world: &mut World<'_>) {
        let customer = self.show_customer(index);
        let mut data = json!({"type": "customer", "id": customer["id"], "object": {"customer": customer}});
        if let Some(context) = context {
            data["object"]["event_context"] = context.clone();
        }
        if topic == "customer.deleted" {
            data["deleted"] = json!(true);
        }
        self.hooks.emit(world, Event { topic, location: None, data });
    }

    /// Everybody who is there, for the books.
    pub(crate) fn customer_documents(&self) -> impl Iterator<Item = BookDocument> {
        let known = ["given_name", "family_name", "email_address", "phone_number"];
        let words = move |customer: &Customer| -> Vec<String> {
            let texts = known.iter().filter_map(|name| customer.fields.get(*name)?.as_str());
            texts.map(str::to_owned).collect()
        };
        let living = self.customers.all.iter().filter(|customer| !customer.deleted);
        living.map(move |customer| BookDocument {
            kind: "customer".into(),
            document: customer.id.clone(),
            person: words(customer).join(" "),
            ..BookDocument::default()
        })
    }

    fn show_customer(&self, index: usize) -> Value {
        let customer = &self.customers.all[index];
        let mut shown = customer.fields.clone();
        let own = json!({
            "id": customer.id,
            "created_at": rfc3339(customer.created_at),
            "updated_at": rfc3339(customer.updated_at),
            "preferences": {"email_unsubscribed": false},
            "creation_source": customer.creation_source,
            "group_ids": [],
            "segment_ids": [],
            "version": customer.version,
        });
        if let Value::Object(own) = own {
            shown.extend(own);
        }
        Value::Object(shown)
    }
}

/// Puts one field over what is there: null takes it away, and of an address only what is named changes.
fn merge(fields: &mut Map<String, Value>, name: &str, value: &Value) {
    match (fields.get_mut(name), value) {
        (_, Value::Null) => drop(fields.remove(name)),
        (Some(Value::Object(known)), Value::Object(parts)) => {
            parts.iter().for_each(|(name, part)| merge(known, name, part));
        }
        _ => drop(fields.insert(name.to_owned(), value.clone())),
    }
}
