//! Customers and how to reach them.
//!
//! Written by calls and by the tills. They are archived, never deleted; anonymised when a person asks for it. There is
//! no merge.

use super::LightspeedR;
use super::clock;
use super::query::Query;
use super::query::page::List;
use super::records::{Record, missing};
use super::resources::CUSTOMER;
use super::table::{Id, Row, Table};
use super::wire::{self, Answer, Fields, Refused};
use crate::machine::{ActCustomer, BookDocument, Millis};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A customer.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Scalar members.
    record: Record,
    /// Whether the person wants no e-mail, telephone call, letter.
    opted_out: [bool; 3],
    /// Address and use of each e-mail.
    emails: Vec<(String, String)>,
    /// Number and use of each telephone.
    phones: Vec<(String, String)>,
    /// Members of each postal address.
    addresses: Vec<Fields>,
}

const OPT_OUTS: [&str; 3] = ["noEmail", "noPhone", "noMail"];
const ADDRESS: [&str; 8] = ["address1", "address2", "city", "state", "stateCode", "zip", "country", "countryCode"];

impl Row for Customer {
    fn stamp(&self) -> Millis {
        self.record.stamp()
    }

    fn archived(&self) -> bool {
        self.record.archived()
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        self.record.fill(id, fields);
    }
}

impl Customer {
    fn new(now: Millis) -> Self {
        let record = Record::new(&CUSTOMER, now);
        Self { record, opted_out: [false; 3], emails: Vec::new(), phones: Vec::new(), addresses: Vec::new() }
    }

    /// Sets what a client sent.
    fn apply(&mut self, body: &Value) -> Result<(), Refused> {
        self.record.apply(body)?;
        if let Some(archived) = wire::flag(body, "archived")? {
            self.record.set("archived", archived.to_string());
        }
        let contact = &body["Contact"];
        for (position, name) in OPT_OUTS.iter().enumerate() {
            self.opted_out[position] = wire::flag(contact, name)?.unwrap_or(self.opted_out[position]);
        }
        for row in wire::rows(contact, "Emails", "ContactEmail") {
            put_used(&mut self.emails, row, "address", "Primary")?;
        }
        for row in wire::rows(contact, "Phones", "ContactPhone") {
            put_used(&mut self.phones, row, "number", "Mobile")?;
        }
        let addresses = wire::rows(contact, "Addresses", "ContactAddress");
        if !addresses.is_empty() {
            self.addresses = addresses.into_iter().map(read_address).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    /// The `Contact` object: an empty list is an empty string, one is an object.
    fn contact(&self) -> Value {
        let list = |name: &str, rows: Vec<Value>| match wire::fold(rows) {
            Some(folded) => json!({name: folded}),
            None => json!(""),
        };
        let used = |rows: &[(String, String)], member: &str| {
            rows.iter().map(|(value, used)| json!({member: value, "useType": used})).collect()
        };
        let mut contact = json!({
            "custom": "",
            "timeStamp": clock::iso(self.record.stamp()),
            "Websites": "",
            "Emails": list("ContactEmail", used(&self.emails, "address")),
            "Phones": list("ContactPhone", used(&self.phones, "number")),
            "Addresses": list("ContactAddress", self.addresses.iter().cloned().map(Value::Object).collect()),
        });
        for (name, out) in OPT_OUTS.iter().zip(self.opted_out) {
            contact[name] = json!(out.to_string());
        }
        contact
    }
}

/// One entry of each use; an empty value takes it away.
fn put_used(kept: &mut Vec<(String, String)>, row: &Value, member: &str, usual: &str) -> Result<(), Refused> {
    let value = wire::text(row, member)?.unwrap_or_default();
    let used = wire::text(row, "useType")?.unwrap_or_else(|| usual.to_owned());
    kept.retain(|(_, known)| *known != used);
    if !value.is_empty() {
        kept.push((value, used));
    }
    Ok(())
}

fn read_address(row: &Value) -> Result<Fields, Refused> {
    let mut address = Fields::new();
    for name in ADDRESS {
        address.insert(name.into(), wire::text(row, name)?.unwrap_or_default().into());
    }
    Ok(address)
}

/// All customers.
#[derive(Debug, Default)]
pub struct Customers {
    table: Table<Customer>,
    /// The tester's name of a person → the customer.
    by_reference: HashMap<String, Id>,
}

impl Customers {
    /// Customers by id.
    pub fn table(&self) -> &Table<Customer> {
        &self.table
    }

    /// The customer that a tester knows by this name.
    pub fn named(&self, reference: &str) -> Option<Id> {
        self.by_reference.get(reference).copied()
    }

    /// Everybody who is not archived, for the books.
    pub fn documents(&self) -> impl Iterator<Item = BookDocument> {
        self.table.all().filter(|(_, customer)| !customer.archived()).map(|(id, customer)| {
            let names = ["firstName", "lastName"].into_iter().map(|name| customer.record.get(name));
            let reached = customer.emails.iter().chain(&customer.phones).map(|(value, _)| value.as_str());
            let words: Vec<&str> = names.chain(reached).filter(|word| !word.is_empty()).collect();
            let (kind, document, person) = ("customer".into(), id.to_string(), words.join(" "));
            BookDocument { kind, document, person, ..BookDocument::default() }
        })
    }

    /// Makes or changes the customer of this name; what was not typed stays.
    pub fn put(&mut self, typed: &ActCustomer, now: Millis) -> Id {
        let known = self.named(&typed.reference);
        let id = known.unwrap_or_else(|| self.table.add(Customer::new(now)));
        self.by_reference.insert(typed.reference.clone(), id);
        self.table.change(id, |customer| {
            for (name, value) in [("firstName", &typed.given_name), ("lastName", &typed.family_name)] {
                if !value.is_empty() && customer.record.get(name) != value {
                    customer.record.set(name, value.clone());
                    customer.record.touch(now);
                }
            }
            let reached =
                [(&mut customer.emails, &typed.email, "Primary"), (&mut customer.phones, &typed.phone, "Mobile")];
            for (kept, value, used) in reached {
                if !value.is_empty() && !kept.iter().any(|(known, _)| known == value) {
                    kept.retain(|(_, known)| known != used);
                    kept.push((value.clone(), used.to_owned()));
                    customer.record.touch(now);
                }
            }
        });
        id
    }

    /// Archives a customer and clears what tells who it is; the tester's name is free again.
    pub fn anonymize(&mut self, id: Id, now: Millis) {
        self.by_reference.retain(|_, known| *known != id);
        self.table.change(id, |customer| {
            let made = customer.record.clone();
            *customer = Customer::new(now);
            customer.record = made;
            for name in ["dob", "title", "company", "companyRegistrationNumber", "vatNumber"] {
                customer.record.set(name, "");
            }
            customer.record.set("firstName", "Customer");
            customer.record.set("lastName", format!("[{id}]"));
            customer.record.set("archived", "true");
            customer.record.touch(now);
        });
    }
}

impl LightspeedR {
    /// `GET /Customer.json`
    pub(crate) fn list_customers(&self, query: &Query, address: &str) -> Answer {
        let list = List { resource: &CUSTOMER, table: &self.customers.table, query, address, among: None };
        list.answer(&|id, _| self.show_customer(id, query).unwrap_or_default())
    }

    /// `GET /Customer/{id}.json`
    pub(crate) fn read_customer(&self, id: Id, query: &Query) -> Answer {
        Ok(wire::single("Customer", self.show_customer(id, query).ok_or_else(|| missing(&CUSTOMER, id))?))
    }

    /// `POST /Customer.json`
    pub(crate) fn create_customer(&mut self, body: &Value, now: Millis) -> Answer {
        let mut customer = Customer::new(now);
        customer.apply(body)?;
        if customer.record.get("firstName").is_empty() && customer.record.get("lastName").is_empty() {
            return Err(Refused::rule("firstName or lastName is required."));
        }
        let id = self.customers.table.add(customer);
        self.read_customer(id, &written())
    }

    /// `PUT /Customer/{id}.json`
    pub(crate) fn update_customer(&mut self, id: Id, body: &Value, now: Millis) -> Answer {
        let mut customer = self.customers.table.get(id).ok_or_else(|| missing(&CUSTOMER, id))?.clone();
        customer.apply(body)?;
        customer.record.touch(now);
        self.customers.table.change(id, |kept| *kept = customer);
        self.read_customer(id, &written())
    }

    /// `DELETE /Customer/{id}.json`: archives.
    pub(crate) fn archive_customer(&mut self, id: Id, now: Millis) -> Answer {
        let archived = self.customers.table.change(id, |customer| {
            customer.record.set("archived", "true");
            customer.record.touch(now);
        });
        archived.ok_or_else(|| missing(&CUSTOMER, id))?;
        self.read_customer(id, &Query::default())
    }

    /// `DELETE /Customer/{id}/Anonymize.json`: archives, and forgets who it is.
    pub(crate) fn anonymize_customer(&mut self, id: Id, now: Millis) -> Answer {
        if self.customers.table.get(id).is_none() {
            return Err(missing(&CUSTOMER, id));
        }
        self.customers.anonymize(id, now);
        self.read_customer(id, &Query::default())
    }

    /// A customer with the relations that were asked for; `None` when there is none.
    pub(crate) fn show_customer(&self, id: Id, query: &Query) -> Option<Fields> {
        let customer = self.customers.table.get(id)?;
        let mut fields = Fields::new();
        customer.fill(id, &mut fields);
        if query.loads("Contact") {
            fields.insert("Contact".into(), customer.contact());
        }
        Some(fields)
    }
}

/// What a customer is answered with after it was written.
fn written() -> Query {
    Query { relations: vec!["Contact".into()], ..Query::default() }
}
