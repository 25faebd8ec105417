//! Customers as the API writes them.
//!
//! Used by `calls`, `contacts` and by orders that are expanded.

use super::super::Clover;
use super::super::filter::Field;
use super::super::query::Expand;
use super::super::wire::elements;
use super::{Address, Customer, Email, Phone};
use serde_json::{Value, json};

/// The fields by which customers can be filtered. A change time is not on the vendor's list.
pub const FIELDS: [&str; 9] = [
    "customerSince",
    "firstName",
    "lastName",
    "emailAddress",
    "phoneNumber",
    "marketingAllowed",
    "fullName",
    "id",
    "deletedTime",
];

impl Email {
    /// `{id, emailAddress, primaryEmail}`.
    pub(super) fn render(&self) -> Value {
        json!({"id": self.id.as_str(), "emailAddress": self.address, "primaryEmail": self.primary})
    }
}

impl Phone {
    /// `{id, phoneNumber}`.
    pub(super) fn render(&self) -> Value {
        json!({"id": self.id.as_str(), "phoneNumber": self.number})
    }
}

impl Address {
    /// The client's fields and the id.
    pub(super) fn render(&self) -> Value {
        let mut fields = self.fields.clone();
        fields.insert("id".into(), json!(self.id.as_str()));
        Value::Object(fields)
    }
}

impl Customer {
    /// One customer; contacts and notes only when expanded.
    pub(super) fn render(&self, expand: &Expand) -> Value {
        let mut shown = json!({
            "id": self.id.as_str(), "firstName": self.first_name, "lastName": self.last_name,
            "marketingAllowed": self.marketing_allowed, "customerSince": self.since,
        });
        if expand.has("emailAddresses") {
            shown["emailAddresses"] = elements(self.emails.iter().map(Email::render).collect());
        }
        if expand.has("phoneNumbers") {
            shown["phoneNumbers"] = elements(self.phones.iter().map(Phone::render).collect());
        }
        if expand.has("addresses") {
            shown["addresses"] = elements(self.addresses.iter().map(Address::render).collect());
        }
        if expand.has("metadata") {
            shown["metadata"] = Value::Object(self.metadata.clone());
        }
        shown
    }

    /// The value of one of [`FIELDS`].
    pub(super) fn field(&self, name: &str) -> Field {
        match name {
            "customerSince" => Field::Whole(self.since),
            "firstName" => Field::Text(self.first_name.clone()),
            "lastName" => Field::Text(self.last_name.clone()),
            "emailAddress" => Field::Many(self.emails.iter().map(|one| Field::Text(one.address.clone())).collect()),
            "phoneNumber" => Field::Many(self.phones.iter().map(|one| Field::Text(one.number.clone())).collect()),
            "marketingAllowed" => Field::Flag(self.marketing_allowed),
            "fullName" => Field::Text(format!("{} {}", self.first_name, self.last_name)),
            "id" => Field::Text(self.id.to_string()),
            "deletedTime" => self.deleted.map_or(Field::None, Field::Whole),
            _ => Field::None,
        }
    }
}

impl Clover {
    /// The customer of an order: id and name.
    pub(in super::super) fn render_customer_of(&self, index: usize) -> Value {
        self.customers.shelf.get(index).render(&Expand::default())
    }
}
