//! People who have an account in the store. Their e-mail address is unique, as the vendor wants it.
//!
//! Changed by the endpoints and by people; orders name them by id.

mod calls;

use super::clock::seconds;
use crate::machine::{ActCustomer, Millis};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

const FIRST_CUSTOMER: u64 = 31;

/// One person.
#[derive(Debug)]
pub struct Customer {
    /// From 31.
    pub id: u64,
    /// Unique among those that are not deleted, in any case of letters.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Telephone number.
    pub phone: String,
    /// True when the account is gone; nothing of the person is left then.
    pub deleted: bool,
    created_at: Millis,
    modified_at: Millis,
    extra: Map<String, Value>,
}

/// All people.
#[derive(Debug, Default)]
pub struct Customers {
    all: Vec<Customer>,
    by_email: HashMap<String, usize>,
    /// The tester's names.
    by_reference: HashMap<String, usize>,
    /// Second of the last change, person.
    by_modified: BTreeSet<(i64, usize)>,
}

/// What became of a person that was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// A new account.
    Created,
    /// Another name, address or number.
    Updated,
    /// Nothing.
    Same,
}

impl Customer {
    /// What the owner noted of them.
    pub fn notes(&self) -> &str {
        self.extra.get("notes").and_then(Value::as_str).unwrap_or_default()
    }
}

impl Customers {
    /// The person at this index.
    pub fn get(&self, index: usize) -> &Customer {
        &self.all[index]
    }

    /// Everybody whose account is not gone.
    pub fn living(&self) -> impl Iterator<Item = &Customer> {
        self.all.iter().filter(|customer| !customer.deleted)
    }

    /// The index of an id, when the account is not gone.
    pub fn find(&self, id: u64) -> Option<usize> {
        let index = usize::try_from(id.checked_sub(FIRST_CUSTOMER)?).ok()?;
        self.all.get(index).filter(|customer| !customer.deleted).map(|_| index)
    }

    /// The index of an e-mail address.
    pub fn with_email(&self, email: &str) -> Option<usize> {
        self.by_email.get(&email.to_lowercase()).copied()
    }

    /// The index of the tester's name of a person.
    pub fn with_reference(&self, reference: &str) -> Option<usize> {
        self.by_reference.get(reference).copied().filter(|index| !self.all[*index].deleted)
    }

    /// Puts a person as typed by a shopper. An account needs an e-mail address: who typed none gets one that can
    /// never be delivered to.
    pub fn put(&mut self, typed: &ActCustomer, now: Millis) -> (usize, Put) {
        let email = if typed.email.is_empty() { unreachable_email(&typed.reference) } else { typed.email.clone() };
        let known = self.with_reference(&typed.reference).or_else(|| self.with_email(&email));
        let index = known.unwrap_or_else(|| self.add(&email, now));
        self.by_reference.insert(typed.reference.clone(), index);
        let customer = &self.all[index];
        let before = (customer.email.clone(), customer.first_name.clone(), customer.last_name.clone());
        let before = (before, customer.phone.clone());
        self.change(index, now, |customer| {
            let write = |field: &mut String, typed: &str| {
                if !typed.is_empty() {
                    typed.clone_into(field);
                }
            };
            write(&mut customer.first_name, &typed.given_name);
            write(&mut customer.last_name, &typed.family_name);
            write(&mut customer.phone, &typed.phone);
        });
        if self.with_email(&email).is_none() {
            self.change_email(index, &email);
        }
        let customer = &self.all[index];
        let after = (customer.email.clone(), customer.first_name.clone(), customer.last_name.clone());
        let put = match (known, before == (after, customer.phone.clone())) {
            (None, _) => Put::Created,
            (Some(_), false) => Put::Updated,
            (Some(_), true) => Put::Same,
        };
        (index, put)
    }

    fn add(&mut self, email: &str, now: Millis) -> usize {
        let index = self.all.len();
        self.by_email.insert(email.to_lowercase(), index);
        self.by_modified.insert((seconds(now), index));
        self.all.push(Customer {
            id: FIRST_CUSTOMER + index as u64,
            email: email.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            phone: String::new(),
            deleted: false,
            created_at: now,
            modified_at: now,
            extra: Map::new(),
        });
        index
    }

    fn change(&mut self, index: usize, now: Millis, change: impl FnOnce(&mut Customer)) {
        let customer = &mut self.all[index];
        self.by_modified.remove(&(seconds(customer.modified_at), index));
        change(customer);
        customer.modified_at = now;
        self.by_modified.insert((seconds(now), index));
    }

    fn change_email(&mut self, index: usize, email: &str) {
        self.by_email.remove(&self.all[index].email.to_lowercase());
        email.clone_into(&mut self.all[index].email);
        self.by_email.insert(email.to_lowercase(), index);
    }

    /// Deletes an account and what it says of the person.
    pub fn delete(&mut self, index: usize) {
        let customer = &mut self.all[index];
        self.by_email.remove(&customer.email.to_lowercase());
        self.by_modified.remove(&(seconds(customer.modified_at), index));
        customer.deleted = true;
        for field in [&mut customer.email, &mut customer.first_name, &mut customer.last_name, &mut customer.phone] {
            field.clear();
        }
        customer.extra.clear();
    }
}

fn unreachable_email(reference: &str) -> String {
    let name: String = reference.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{}@customer.invalid", name.to_lowercase())
}
