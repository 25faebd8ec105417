//! Customers.
//!
//! Sales look them up and add to what they bought; acts and `calls` create, change and delete them. X-Series has no
//! way to merge two.

mod calls;

use super::LightspeedX;
use super::decimal::Decimal;
use super::feed::Feed;
use super::ids::Id;
use crate::machine::{Millis, World};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A customer.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Their id.
    pub id: Id,
    /// Everything that a caller may set, as it was set.
    pub fields: Map<String, Value>,
    /// What they bought this year, with tax.
    pub year_to_date: Decimal,
    /// When they were entered.
    pub created_at: Millis,
    /// When they were last changed.
    pub updated_at: Millis,
    /// When they were deleted.
    pub deleted_at: Option<Millis>,
    /// Their version.
    pub version: u64,
}

/// All customers.
#[derive(Debug, Default)]
pub struct People {
    all: Vec<Customer>,
    feed: Feed,
    by_id: HashMap<Id, u32>,
    /// `email:ana@example.com` and the like → customers.
    index: HashMap<String, Vec<u32>>,
    /// The tester's name of a person → customer.
    pub references: HashMap<String, usize>,
}

/// By which a list of customers can be filtered: the parameter and the field.
const FILTERS: [(&str, &str); 4] =
    [("code", "customer_code"), ("email", "email"), ("phone", "phone"), ("mobile", "mobile")];

impl People {
    /// Everybody, deleted ones too.
    pub fn each(&self) -> &[Customer] {
        &self.all
    }
}

impl Customer {
    /// A field as text; empty when it is not set.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn keys(&self) -> Vec<String> {
        let held = FILTERS.iter().map(|(filter, field)| (filter, self.text(field)));
        held.filter(|(_, value)| !value.is_empty()).map(|(filter, value)| key(filter, value)).collect()
    }
}

/// E-mail addresses are looked for without regard to case.
fn key(filter: &str, value: &str) -> String {
    format!("{filter}:{}", if filter == "email" { value.to_lowercase() } else { value.to_owned() })
}

impl People {
    /// The customer of this index.
    pub fn get(&self, index: usize) -> &Customer {
        &self.all[index]
    }

    /// The customer with this id, deleted or not.
    pub fn find(&self, id: Id) -> Option<usize> {
        self.by_id.get(&id).map(|index| *index as usize)
    }

    /// Customers whose field of this filter has this value, and who are not deleted.
    pub fn filtered(&self, filter: &str, value: &str) -> Vec<usize> {
        let found = self.index.get(&key(filter, value)).into_iter().flatten().map(|index| *index as usize);
        found.filter(|index| self.all[*index].deleted_at.is_none()).collect()
    }

    fn code_is_taken(&self, code: &str, by_other_than: Option<usize>) -> bool {
        self.filtered("code", code).into_iter().any(|index| Some(index) != by_other_than)
    }

    /// Sets fields and keeps the index right.
    fn set(&mut self, index: usize, fields: Map<String, Value>) {
        for key in self.all[index].keys() {
            if let Some(known) = self.index.get_mut(&key) {
                known.retain(|one| *one as usize != index);
            }
        }
        self.all[index].fields.extend(fields);
        for key in self.all[index].keys() {
            self.index.entry(key).or_default().push(index as u32);
        }
    }
}

impl LightspeedX {
    /// Enters a customer; nobody is told yet. A customer without a code is given one.
    pub(crate) fn add_customer(&mut self, mut fields: Map<String, Value>, world: &mut World<'_>) -> usize {
        let index = self.people.all.len();
        let has_code = fields.get("customer_code").and_then(Value::as_str).is_some_and(|code| !code.is_empty());
        if !has_code {
            let name = fields.get("first_name").and_then(Value::as_str).unwrap_or_default().to_uppercase();
            let code = format!("{name}-{}", super::ids::short_code(world.dice).to_uppercase());
            fields.insert("customer_code".into(), Value::from(code));
        }
        let group = self.account.customer_group_id.json();
        fields.entry("customer_group_id").or_insert(group);
        let id = Id::draw(world.dice);
        self.people.by_id.insert(id, index as u32);
        self.people.all.push(Customer {
            id,
            fields: Map::new(),
            year_to_date: Decimal::ZERO,
            created_at: world.now,
            updated_at: world.now,
            deleted_at: None,
            version: 0,
        });
        self.people.set(index, fields);
        self.touch_customer(index, world);
        index
    }

    /// Sets fields of a customer, and tells.
    pub(crate) fn change_customer(&mut self, index: usize, fields: Map<String, Value>, world: &mut World<'_>) {
        self.people.set(index, fields);
        self.touch_customer(index, world);
        self.tell_customer(index, world);
    }

    /// They bought something, or gave it back (below zero).
    pub(crate) fn credit_customer(&mut self, index: usize, amount: Decimal, world: &mut World<'_>) {
        self.people.all[index].year_to_date += amount;
        self.touch_customer(index, world);
        self.tell_customer(index, world);
    }

    /// Deletes a customer: what identifies them is blanked, the record stays with its time of deletion.
    pub(crate) fn erase_customer_record(&mut self, index: usize, world: &mut World<'_>) {
        let blank = |(name, value): (&String, &Value)| {
            let kept = name == "customer_group_id" || !value.is_string();
            (name.clone(), if kept { value.clone() } else { Value::from("") })
        };
        let fields = self.people.all[index].fields.iter().map(blank).collect();
        self.people.set(index, fields);
        self.people.all[index].deleted_at = Some(world.now);
        self.touch_customer(index, world);
        self.tell_customer(index, world);
    }

    fn touch_customer(&mut self, index: usize, world: &mut World<'_>) {
        let version = self.versions.next(world.dice);
        let customer = &mut self.people.all[index];
        let old = std::mem::replace(&mut customer.version, version);
        customer.updated_at = world.now;
        self.people.feed.file(index, old, version);
    }

    /// Sends `customer.update`.
    pub(crate) fn tell_customer(&mut self, index: usize, world: &mut World<'_>) {
        if self.hooks.wants("customer.update") {
            let payload = self.old_customer(index);
            self.hooks.send("customer.update", &payload, world);
        }
    }
}
