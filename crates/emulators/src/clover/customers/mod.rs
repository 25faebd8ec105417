//! Customers and their addresses, numbers and notes.
//!
//! `calls` and `contacts` serve the API; acts put people in here by the tester's name for them.

mod calls;
mod contacts;
mod render;

use super::Clover;
use super::hooks::Kind;
use super::id::Id;
use super::shelf::{Kept, Shelf};
use crate::machine::{ActCustomer, BookDocument, Millis, World};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// An e-mail address.
#[derive(Clone, Debug)]
pub struct Email {
    id: Id,
    address: String,
    primary: bool,
}

/// A telephone number.
#[derive(Clone, Debug)]
pub struct Phone {
    id: Id,
    number: String,
}

/// A postal address, in the client's own words.
#[derive(Clone, Debug)]
pub struct Address {
    id: Id,
    fields: Map<String, Value>,
}

/// One person.
#[derive(Clone, Debug)]
pub struct Customer {
    id: Id,
    first_name: String,
    last_name: String,
    marketing_allowed: bool,
    since: Millis,
    emails: Vec<Email>,
    phones: Vec<Phone>,
    addresses: Vec<Address>,
    metadata: Map<String, Value>,
    modified: Millis,
    deleted: Option<Millis>,
}

impl Customer {
    fn new(id: Id, now: Millis) -> Self {
        Self {
            id,
            first_name: String::new(),
            last_name: String::new(),
            marketing_allowed: false,
            since: now,
            emails: Vec::new(),
            phones: Vec::new(),
            addresses: Vec::new(),
            metadata: Map::new(),
            modified: now,
            deleted: None,
        }
    }

    /// Everything that says who it was.
    fn erase(&mut self, now: Millis) {
        let (id, since) = (self.id, self.since);
        *self = Self { since, deleted: Some(now), ..Self::new(id, now) };
    }
}

impl Kept for Customer {
    fn id(&self) -> Id {
        self.id
    }
    fn made(&self) -> Millis {
        self.since
    }
    fn changed(&self) -> Millis {
        self.modified
    }
    fn touch(&mut self, now: Millis) {
        self.modified = now;
    }
}

/// All customers.
#[derive(Debug, Default)]
pub struct Customers {
    shelf: Shelf<Customer>,
    /// The tester's name of a person → index.
    by_reference: HashMap<String, usize>,
}

impl Customers {
    /// The index of a customer who is not deleted.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.shelf.find(id).filter(|index| self.shelf.get(*index).deleted.is_none())
    }

    /// The id of a customer.
    pub fn id(&self, index: usize) -> Id {
        self.shelf.get(index).id
    }
}

impl Clover {
    /// Everybody who is not deleted, for the books.
    pub(super) fn customer_documents(&self) -> impl Iterator<Item = BookDocument> {
        self.customers.shelf.all().iter().filter(|customer| customer.deleted.is_none()).map(|customer| {
            let emails = customer.emails.iter().map(|one| one.address.as_str());
            let names = [customer.first_name.as_str(), customer.last_name.as_str()].into_iter();
            let words = names
                .filter(|name| !name.is_empty())
                .chain(emails)
                .chain(customer.phones.iter().map(|one| one.number.as_str()));
            BookDocument {
                kind: "customer".into(),
                document: customer.id.to_string(),
                reference: customer.metadata.get("note").and_then(Value::as_str).unwrap_or_default().to_owned(),
                person: words.collect::<Vec<_>>().join(" "),
                ..BookDocument::default()
            }
        })
    }

    /// Creates or changes the customer of an act; what it leaves empty stays as it is.
    pub(super) fn put_customer(&mut self, typed: &ActCustomer, world: &mut World<'_>) -> usize {
        let known = self.customers.by_reference.get(&typed.reference).copied();
        let index = match known {
            Some(index) => index,
            None => {
                let index = self.add_customer(Customer::new(Id::draw(world.dice), world.now));
                self.customers.by_reference.insert(typed.reference.clone(), index);
                index
            }
        };
        let ids = (Id::draw(world.dice), Id::draw(world.dice));
        let before = self.customers.shelf.get(index);
        let mut customer = before.clone();
        write_typed(&mut customer, typed, ids);
        let unchanged = known.is_some()
            && (&customer.first_name, &customer.last_name) == (&before.first_name, &before.last_name)
            && customer.emails.first().map(|one| &one.address) == before.emails.first().map(|one| &one.address)
            && customer.phones.first().map(|one| &one.number) == before.phones.first().map(|one| &one.number);
        if known.is_none() {
            self.customers.shelf.change(index, world.now, |slot| *slot = customer);
        } else if !unchanged {
            self.change_customer(index, world.now, |slot| *slot = customer);
        }
        index
    }

    /// Erases the customer of an act.
    ///
    /// # Errors
    /// There is none of this name.
    pub(super) fn erase_customer(&mut self, reference: &str, now: Millis) -> Result<Id, String> {
        let index = self.customers.by_reference.remove(reference);
        let index = index.ok_or_else(|| format!("there is no customer {reference}"))?;
        self.delete_customer(index, now);
        Ok(self.customers.id(index))
    }

    fn add_customer(&mut self, customer: Customer) -> usize {
        self.hooks.note("C", customer.id, Kind::Create);
        self.customers.shelf.add(customer)
    }

    fn change_customer<R>(&mut self, index: usize, now: Millis, change: impl FnOnce(&mut Customer) -> R) -> R {
        let answer = self.customers.shelf.change(index, now, change);
        self.hooks.note("C", self.customers.id(index), Kind::Update);
        answer
    }

    fn delete_customer(&mut self, index: usize, now: Millis) {
        self.customers.shelf.change(index, now, |customer| customer.erase(now));
        self.hooks.note("C", self.customers.id(index), Kind::Delete);
    }
}

fn write_typed(customer: &mut Customer, typed: &ActCustomer, (email_id, phone_id): (Id, Id)) {
    if !typed.given_name.is_empty() {
        customer.first_name.clone_from(&typed.given_name);
    }
    if !typed.family_name.is_empty() {
        customer.last_name.clone_from(&typed.family_name);
    }
    if !typed.email.is_empty() {
        match customer.emails.first_mut() {
            Some(email) => email.address.clone_from(&typed.email),
            None => customer.emails.push(Email { id: email_id, address: typed.email.clone(), primary: true }),
        }
    }
    if !typed.phone.is_empty() {
        match customer.phones.first_mut() {
            Some(phone) => phone.number.clone_from(&typed.phone),
            None => customer.phones.push(Phone { id: phone_id, number: typed.phone.clone() }),
        }
    }
}
