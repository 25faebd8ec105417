//! `/v3/customers`: read by filters, made and changed ten at a time, deleted by id.
//!
//! Called by the routes; the acts tell of their changes here as well.

use super::super::Store;
use super::super::clock::{iso, seconds};
use super::super::wire::{Answer, Call, Page, Query, Refused, Reply, batch, text};
use super::Customer;
use crate::machine::World;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

const LIMIT_MAX: usize = 250;
const BATCH_MAX: usize = 10;
const REPEATED: [&str; 7] = [
    "company",
    "notes",
    "tax_exempt_category",
    "customer_group_id",
    "accepts_product_review_abandoned_cart_emails",
    "origin_channel_id",
    "channel_ids",
];

impl Store {
    /// `customers`.
    pub(in super::super) fn route_customers(
        &mut self,
        method: &str,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_customers(call),
            ("POST", []) => self.create_customers(call, world),
            ("PUT", []) => self.update_customers(call, world),
            ("DELETE", []) => self.delete_customers(call, world),
            ("GET", ["addresses"]) => Ok(Page::read(&call.query, LIMIT_MAX)?.reply(Vec::new(), 0, &call.query)),
            _ => Err(Refused::not_found()),
        }
    }

    fn list_customers(&self, call: &Call) -> Answer {
        let query = &call.query;
        let page = Page::read(query, LIMIT_MAX)?;
        let found = self.find_customers(query)?;
        let included = query.list("include").unwrap_or_default();
        let data = page
            .cut(&found)
            .into_iter()
            .map(|index| {
                let mut shown = self.customers.get(index).render();
                for name in ["addresses", "attributes", "formfields", "storecredit"] {
                    let field = if name == "formfields" { "form_fields" } else { name };
                    if included.contains(&name) && name != "storecredit" {
                        shown[field] = json!([]);
                    }
                }
                shown
            })
            .collect();
        Ok(page.reply(data, found.len(), query))
    }

    fn find_customers(&self, query: &Query) -> Result<Vec<usize>, Refused> {
        let ids = query.numbers("id:in")?;
        let emails: Option<HashSet<String>> =
            query.list("email:in").map(|emails| emails.into_iter().map(str::to_lowercase).collect());
        let (phones, names) = (query.list("phone:in"), query.list("name:in"));
        let (from, until) = (query.time("date_modified:min")?, query.time("date_modified:max")?);
        let created = (query.time("date_created:min")?, query.time("date_created:max")?);
        let wanted = |index: &usize| {
            let one = self.customers.get(*index);
            !one.deleted
                && ids.as_ref().is_none_or(|ids| ids.contains(&one.id))
                && emails.as_ref().is_none_or(|emails| emails.contains(&one.email.to_lowercase()))
                && phones.as_ref().is_none_or(|phones| phones.contains(&one.phone.as_str()))
                && names.as_ref().is_none_or(|names| names.contains(&one.name().as_str()))
                && until.is_none_or(|until| seconds(one.modified_at) <= until)
                && created.0.is_none_or(|from| seconds(one.created_at) >= from)
                && created.1.is_none_or(|until| seconds(one.created_at) <= until)
        };
        let customers = &self.customers;
        let mut found: Vec<usize> = match (&ids, &emails, from) {
            (Some(ids), _, _) => ids.iter().filter_map(|id| customers.find(*id)).filter(wanted).collect(),
            (None, Some(emails), _) => {
                emails.iter().filter_map(|email| customers.with_email(email)).filter(wanted).collect()
            }
            (None, None, Some(from)) => {
                customers.by_modified.range((from, 0)..).map(|(_, index)| *index).filter(wanted).collect()
            }
            (None, None, None) => (0..customers.all.len()).filter(wanted).collect(),
        };
        found.retain(|index| from.is_none_or(|from| seconds(customers.get(*index).modified_at) >= from));
        self.sort_customers(&mut found, query)?;
        found.dedup();
        Ok(found)
    }

    fn sort_customers(&self, found: &mut [usize], query: &Query) -> Result<(), Refused> {
        let one = |index: &usize| self.customers.get(*index);
        let sort = query.get("sort").unwrap_or("id:asc");
        let (field, direction) = sort.split_once(':').unwrap_or((sort, "asc"));
        match field {
            "id" | "date_created" => found.sort_unstable(),
            "date_modified" => found.sort_by_key(|index| (seconds(one(index).modified_at), *index)),
            "last_name" => found.sort_by(|left, right| one(left).last_name.cmp(&one(right).last_name)),
            _ => return Err(Refused::field("sort", "is not a field that can be sorted by")),
        }
        if direction == "desc" {
            found.reverse();
        }
        Ok(())
    }

    fn create_customers(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let forms = batch(&call.body, BATCH_MAX)?;
        let mut emails = HashSet::new();
        for (row, form) in forms.iter().enumerate() {
            for name in ["email", "first_name", "last_name"] {
                text(form, name).filter(|value| !value.is_empty()).ok_or_else(|| refuse(row, name, "missing"))?;
            }
            let email = text(form, "email").unwrap_or_default().to_lowercase();
            if !email.contains('@') {
                return Err(refuse(row, "email", "invalid"));
            }
            if self.customers.with_email(&email).is_some() || !emails.insert(email) {
                return Err(refuse(row, "email", "already in use"));
            }
        }
        let mut made = Vec::with_capacity(forms.len());
        for form in forms {
            let index = self.customers.add(text(form, "email").unwrap_or_default(), world.now);
            self.write_customer(index, form, world);
            self.tell_customer(index, "created", world);
            made.push(self.customers.get(index).render());
        }
        Ok(Reply::data(Value::Array(made)))
    }

    fn update_customers(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let forms = batch(&call.body, BATCH_MAX)?;
        let mut indices = Vec::with_capacity(forms.len());
        for (row, form) in forms.iter().enumerate() {
            let index = form["id"].as_u64().and_then(|id| self.customers.find(id));
            let index = index.ok_or_else(|| refuse(row, "id", "invalid"))?;
            let taken = text(form, "email").and_then(|email| self.customers.with_email(email));
            if taken.is_some_and(|taken| taken != index) {
                return Err(refuse(row, "email", "already in use"));
            }
            indices.push(index);
        }
        for (index, form) in indices.iter().zip(forms) {
            self.write_customer(*index, form, world);
            self.tell_customer(*index, "updated", world);
        }
        let shown = indices.into_iter().map(|index| self.customers.get(index).render()).collect();
        Ok(Reply::data(Value::Array(shown)))
    }

    fn delete_customers(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let ids = call.query.numbers("id:in")?.ok_or_else(|| Refused::field("id:in", "is required"))?;
        for index in ids.into_iter().filter_map(|id| self.customers.find(id)).collect::<Vec<usize>>() {
            self.erase_customer(index, world);
        }
        Ok(Reply::empty())
    }

    fn write_customer(&mut self, index: usize, form: &Value, world: &mut World<'_>) {
        self.customers.change(index, world.now, |customer| {
            let write = |field: &mut String, name: &str| {
                if let Some(value) = text(form, name) {
                    value.clone_into(field);
                }
            };
            write(&mut customer.first_name, "first_name");
            write(&mut customer.last_name, "last_name");
            write(&mut customer.phone, "phone");
            let given = REPEATED.iter().filter_map(|name| Some(((*name).to_owned(), form.get(*name)?.clone())));
            customer.extra.extend(given.collect::<Map<String, Value>>());
        });
        if let Some(email) = text(form, "email") {
            self.customers.change_email(index, email);
        }
    }

    /// Deletes an account and tells of it.
    pub(in super::super) fn erase_customer(&mut self, index: usize, world: &mut World<'_>) {
        self.customers.delete(index);
        self.tell_customer(index, "deleted", world);
    }

    /// `store/customer/…`.
    pub(in super::super) fn tell_customer(&self, index: usize, what: &str, world: &mut World<'_>) {
        let id = self.customers.get(index).id;
        let data = json!({"type": "customer", "id": id, "origin_channel_id": 1, "channel_ids": [1]});
        self.hooks.emit(world, &format!("store/customer/{what}"), data);
    }
}

impl Customer {
    fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    fn render(&self) -> Value {
        let mut shown = json!({
            "id": self.id, "email": self.email, "first_name": self.first_name, "last_name": self.last_name,
            "company": "", "phone": self.phone, "registration_ip_address": "", "notes": "",
            "tax_exempt_category": "", "customer_group_id": 0, "date_created": iso(self.created_at),
            "date_modified": iso(self.modified_at), "address_count": 0, "attribute_count": 0,
            "authentication": {"force_password_reset": false},
            "accepts_product_review_abandoned_cart_emails": false, "origin_channel_id": 1, "channel_ids": [1],
        });
        for (name, value) in &self.extra {
            shown[name] = value.clone();
        }
        shown
    }
}

fn refuse(row: usize, field: &str, why: &str) -> Refused {
    let mut refused = Refused::new(422, "Create customers failed.");
    refused.errors.insert(format!("{row}.{field}"), json!(why));
    refused
}
