//! Customers in the API: list, read, create, update, delete.
//!
//! Called by `routes`. Contacts inside a customer's body are read here too.

use super::super::Clover;
use super::super::id::Id;
use super::super::query::Expand;
use super::super::shelf::Plan;
use super::super::wire::{Answer, Call, Refused, set_flag, set_text};
use super::render::FIELDS;
use super::{Address, Customer, Email, Phone};
use crate::machine::World;
use serde_json::Value;

/// Longest name.
const NAME_MAX: usize = 64;
const CONTACTS: [&str; 4] = ["emailAddresses", "phoneNumbers", "addresses", "metadata"];

impl Clover {
    /// `GET customers`.
    pub(in super::super) fn list_customers(&self, call: &Call<'_>) -> Answer {
        let plan = Plan {
            fields: &FIELDS,
            field: &Customer::field,
            shown: &|customer: &Customer, query| customer.deleted.is_none() || query.asks_for("deletedTime"),
            render: &Customer::render,
            newest_first: false,
        };
        self.customers.shelf.list(call, &self.settings.api_base, &plan)
    }

    /// `GET customers/{id}`.
    pub(in super::super) fn read_customer(&self, id: &str, call: &Call<'_>) -> Answer {
        let index = self.customers.find(id).ok_or_else(Refused::not_found)?;
        Ok(self.customers.shelf.get(index).render(&Expand::read(call)))
    }

    /// `POST customers`; the body may not be empty.
    pub(in super::super) fn create_customer(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        if call.body.is_null() {
            return Err(Refused::invalid("Customer cannot be null"));
        }
        let mut customer = Customer::new(Id::draw(world.dice), world.now);
        write_onto(&mut customer, &call.body, world)?;
        let index = self.add_customer(customer);
        Ok(self.customers.shelf.get(index).render(&Expand::of(&CONTACTS)))
    }

    /// `POST customers/{id}`: only what is given changes.
    pub(in super::super) fn update_customer(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let index = self.customers.find(id).ok_or_else(Refused::not_found)?;
        let mut customer = self.customers.shelf.get(index).clone();
        write_onto(&mut customer, &call.body, world)?;
        self.change_customer(index, world.now, |slot| *slot = customer);
        Ok(self.customers.shelf.get(index).render(&Expand::read(call)))
    }

    /// `DELETE customers/{id}`.
    pub(in super::super) fn remove_customer(&mut self, id: &str, world: &World<'_>) -> Answer {
        let index = self.customers.find(id).ok_or_else(Refused::not_found)?;
        let shown = self.customers.shelf.get(index).render(&Expand::default());
        self.delete_customer(index, world.now);
        Ok(shown)
    }
}

fn write_onto(customer: &mut Customer, body: &Value, world: &mut World<'_>) -> Result<(), Refused> {
    for (name, slot) in [("firstName", &mut customer.first_name), ("lastName", &mut customer.last_name)] {
        set_text(body, name, slot)?;
        if slot.chars().count() > NAME_MAX {
            return Err(Refused::invalid(format!("{name} cannot be longer than {NAME_MAX} characters")));
        }
    }
    set_flag(body, "marketingAllowed", &mut customer.marketing_allowed)?;
    for one in inside(body, "emailAddresses") {
        customer.put_email(one, world)?;
    }
    for one in inside(body, "phoneNumbers") {
        customer.put_phone(one, world)?;
    }
    for one in inside(body, "addresses") {
        customer.put_address(one, world)?;
    }
    if let Value::Object(fields) = &body["metadata"] {
        customer.metadata.extend(fields.clone());
    }
    Ok(())
}

/// A list in a body: bare, or in the wrapper of the answers.
fn inside<'b>(body: &'b Value, name: &str) -> impl Iterator<Item = &'b Value> {
    let list = &body[name];
    list.as_array().or(list["elements"].as_array()).into_iter().flatten()
}

impl Customer {
    /// Adds an e-mail address, or changes the one whose id is given.
    ///
    /// # Errors
    /// 400 without an address.
    pub(super) fn put_email(&mut self, body: &Value, world: &mut World<'_>) -> Result<Value, Refused> {
        let address = required(body, "emailAddress")?;
        let primary = body["primaryEmail"].as_bool().unwrap_or(self.emails.is_empty());
        if primary {
            self.emails.iter_mut().for_each(|email| email.primary = false);
        }
        let email = Email { id: id_of(body, self.emails.iter().map(|one| one.id), world), address, primary };
        let shown = email.render();
        match self.emails.iter_mut().find(|one| one.id == email.id) {
            Some(slot) => *slot = email,
            None => self.emails.push(email),
        }
        Ok(shown)
    }

    /// Adds a number, or changes the one whose id is given.
    ///
    /// # Errors
    /// 400 without a number.
    pub(super) fn put_phone(&mut self, body: &Value, world: &mut World<'_>) -> Result<Value, Refused> {
        let number = required(body, "phoneNumber")?;
        let phone = Phone { id: id_of(body, self.phones.iter().map(|one| one.id), world), number };
        let shown = phone.render();
        match self.phones.iter_mut().find(|one| one.id == phone.id) {
            Some(slot) => *slot = phone,
            None => self.phones.push(phone),
        }
        Ok(shown)
    }

    /// Adds an address, or changes the one whose id is given.
    ///
    /// # Errors
    /// 400 when it is no object.
    pub(super) fn put_address(&mut self, body: &Value, world: &mut World<'_>) -> Result<Value, Refused> {
        let fields = body.as_object().ok_or_else(|| Refused::invalid("An address must be an object"))?.clone();
        let address = Address { id: id_of(body, self.addresses.iter().map(|one| one.id), world), fields };
        let shown = address.render();
        match self.addresses.iter_mut().find(|one| one.id == address.id) {
            Some(slot) => *slot = address,
            None => self.addresses.push(address),
        }
        Ok(shown)
    }
}

fn required(body: &Value, name: &str) -> Result<String, Refused> {
    let text = body[name].as_str().filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| Refused::invalid(format!("{name} is required")))
}

/// The id in the body, when the customer has such a contact; a new one otherwise.
fn id_of(body: &Value, mut known: impl Iterator<Item = Id>, world: &mut World<'_>) -> Id {
    let given = body["id"].as_str().and_then(Id::parse);
    given.filter(|given| known.any(|one| one == *given)).unwrap_or_else(|| Id::draw(world.dice))
}
