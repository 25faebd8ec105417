//! The sub-resources of a customer: `email_addresses`, `phone_numbers`, `addresses`, `metadata`.
//!
//! Called by `routes`.

use super::super::Clover;
use super::super::id::Id;
use super::super::wire::{Answer, Call, Refused};
use super::Customer;
use crate::machine::World;
use serde_json::{Value, json};

impl Clover {
    /// `POST customers/{id}/{kind}` and, with an id, `POST customers/{id}/{kind}/{contact}`.
    pub(in super::super) fn put_contact(
        &mut self,
        id: &str,
        kind: &str,
        contact: Option<&str>,
        call: &Call<'_>,
        world: &mut World<'_>,
    ) -> Answer {
        let index = self.customers.find(id).ok_or_else(Refused::not_found)?;
        let mut customer = self.customers.shelf.get(index).clone();
        let mut body = call.body.clone();
        if let Some(contact) = contact {
            if !customer.has_contact(kind, contact) {
                return Err(Refused::not_found());
            }
            body["id"] = json!(contact);
        } else if let Value::Object(fields) = &mut body {
            fields.remove("id");
        }
        let shown = match kind {
            "email_addresses" => customer.put_email(&body, world)?,
            "phone_numbers" => customer.put_phone(&body, world)?,
            "addresses" => customer.put_address(&body, world)?,
            "metadata" => customer.put_metadata(&body)?,
            _ => return Err(Refused::not_found()),
        };
        self.change_customer(index, world.now, |slot| *slot = customer);
        Ok(shown)
    }

    /// `DELETE customers/{id}/{kind}/{contact}`.
    pub(in super::super) fn remove_contact(
        &mut self,
        id: &str,
        kind: &str,
        contact: &str,
        world: &World<'_>,
    ) -> Answer {
        let index = self.customers.find(id).ok_or_else(Refused::not_found)?;
        if !self.customers.shelf.get(index).has_contact(kind, contact) {
            return Err(Refused::not_found());
        }
        self.change_customer(index, world.now, |customer| {
            let other = |id: Id| id.as_str() != contact;
            match kind {
                "email_addresses" => customer.emails.retain(|one| other(one.id)),
                "phone_numbers" => customer.phones.retain(|one| other(one.id)),
                _ => customer.addresses.retain(|one| other(one.id)),
            }
        });
        Ok(json!({}))
    }
}

impl Customer {
    fn has_contact(&self, kind: &str, contact: &str) -> bool {
        let is = |id: Id| id.as_str() == contact;
        match kind {
            "email_addresses" => self.emails.iter().any(|one| is(one.id)),
            "phone_numbers" => self.phones.iter().any(|one| is(one.id)),
            "addresses" => self.addresses.iter().any(|one| is(one.id)),
            _ => false,
        }
    }

    fn put_metadata(&mut self, body: &Value) -> Result<Value, Refused> {
        let fields = body.as_object().ok_or_else(|| Refused::invalid("metadata must be an object"))?;
        self.metadata.extend(fields.clone());
        Ok(Value::Object(self.metadata.clone()))
    }
}
