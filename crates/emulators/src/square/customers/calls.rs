//! `/v2/customers`: one by one, and the search.
//!
//! Called by the routes.

use super::super::Square;
use super::super::cursor;
use super::super::wire::{self, Answer, Call, Refused};
use super::{Customer, LENGTHS, WRITABLE};
use crate::machine::{Millis, World};
use serde_json::{Map, Value, json};
use std::ops::Bound;

const TEXT_FILTERS: [&str; 3] = ["email_address", "phone_number", "reference_id"];

/// What a search asks for.
struct Query {
    by_creation: bool,
    descending: bool,
    created: (Millis, Millis),
    updated: (Millis, Millis),
    exact: Vec<(&'static str, String)>,
    fuzzy: Vec<(&'static str, String)>,
}

impl Query {
    fn read(body: &Value) -> Result<Self, Refused> {
        let range = |name: &str| -> Result<(Millis, Millis), Refused> {
            let from = wire::time(body, &format!("/query/filter/{name}/start_at"))?.unwrap_or(Millis::MIN);
            Ok((from, wire::time(body, &format!("/query/filter/{name}/end_at"))?.unwrap_or(Millis::MAX)))
        };
        let texts = |how: &str| {
            TEXT_FILTERS
                .into_iter()
                .filter_map(|name| {
                    Some((name, wire::text(body, &format!("/query/filter/{name}/{how}"))?.to_lowercase()))
                })
                .collect()
        };
        let by_creation = match wire::text(body, "/query/sort/field") {
            // The vendor's default sorts by name, which no poll can use; the order of change stands in for it.
            None | Some("DEFAULT") => false,
            Some("CREATED_AT") => true,
            Some(_) => return Err(Refused::field("INVALID_ENUM_VALUE", "query.sort.field", "Unknown field.")),
        };
        Ok(Self {
            by_creation,
            descending: wire::text(body, "/query/sort/order") == Some("DESC"),
            created: range("created_at")?,
            updated: range("updated_at")?,
            exact: texts("exact"),
            fuzzy: texts("fuzzy"),
        })
    }

    fn admits(&self, customer: &Customer, now: Millis) -> bool {
        let text =
            |name: &str| customer.fields.get(name).and_then(Value::as_str).map(str::to_lowercase).unwrap_or_default();
        !customer.deleted
            && customer.listed_at <= now
            && (self.created.0..=self.created.1).contains(&customer.created_at)
            && (self.updated.0..=self.updated.1).contains(&customer.updated_at)
            && self.exact.iter().all(|(name, wanted)| text(name) == *wanted)
            && self.fuzzy.iter().all(|(name, wanted)| text(name).contains(wanted))
    }
}

impl Square {
    /// `POST /v2/customers/search`.
    ///
    /// # Errors
    /// An unknown sort field, a bad cursor, limit or time.
    pub(crate) fn search_customers(&self, call: &Call<'_>, world: &World<'_>) -> Answer {
        let limit = wire::limit(&call.body, 100, 100)?;
        let query = Query::read(&call.body)?;
        let all = &self.customers;
        let (index, (from, until)) =
            if query.by_creation { (&all.by_created, query.created) } else { (&all.by_updated, query.updated) };
        let after = cursor::read_between(&call.body, from, until)?;
        let admitted = |place: &&(Millis, usize)| query.admits(&all.all[place.1], world.now);
        let (low, high) = (Bound::Included((from, 0)), Bound::Included((until, usize::MAX)));
        let mut found: Vec<(Millis, usize)> = if from > until {
            Vec::new()
        } else if query.descending {
            let high = after.map_or(high, Bound::Excluded);
            index.range((low, high)).rev().filter(admitted).take(limit + 1).copied().collect()
        } else {
            let low = after.map_or(low, Bound::Excluded);
            index.range((low, high)).filter(admitted).take(limit + 1).copied().collect()
        };
        let more = found.len() > limit;
        found.truncate(limit);
        let mut answer = json!({"customers": found.iter().map(|(_, one)| self.show_customer(*one)).collect::<Value>()});
        if let Some((at, index)) = found.last().filter(|_| more) {
            answer["cursor"] = json!(cursor::write(&call.body, (*at, *index as u64)));
        }
        if call.body["count"].as_bool() == Some(true) {
            answer["count"] = json!(all.all.iter().filter(|one| query.admits(one, world.now)).count());
        }
        Ok(answer)
    }

    fn customer_index(&self, id: &str) -> Result<usize, Refused> {
        let found = self.customers.by_id.get(id).copied().filter(|index| !self.customers.all[*index].deleted);
        found.ok_or_else(|| Refused::not_found(format!("Customer `{id}` not found.")))
    }

    /// `GET /v2/customers/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn retrieve_customer(&self, id: &str) -> Answer {
        Ok(json!({"customer": self.show_customer(self.customer_index(id)?)}))
    }

    /// `POST /v2/customers`.
    ///
    /// # Errors
    /// Nothing by which the person could be known.
    pub(crate) fn create_customer(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let mut fields = writable(&call.body);
        fields.retain(|_, value| !value.is_null());
        let known = ["given_name", "family_name", "company_name", "email_address", "phone_number"];
        if !known.iter().any(|name| fields.contains_key(*name)) {
            return Err(Refused::invalid("BAD_REQUEST", "A name, a company, an e-mail address or a phone number."));
        }
        judge_person(&fields)?;
        let index = self.add_customer(fields, "THIRD_PARTY", world);
        Ok(json!({"customer": self.show_customer(index)}))
    }

    /// `PUT /v2/customers/{id}`, sparse; null clears a field.
    ///
    /// # Errors
    /// Not found, a stale version (`VERSION_MISMATCH`).
    pub(crate) fn update_customer(&mut self, id: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let index = self.customer_index(id)?;
        let version = call.body["version"].as_i64();
        if version.is_some_and(|version| version != self.customers.all[index].version) {
            return Err(Refused::version_mismatch("version"));
        }
        let fields = writable(&call.body);
        judge_person(&fields)?;
        self.write_customer(index, &fields, world);
        Ok(json!({"customer": self.show_customer(index)}))
    }

    /// `DELETE /v2/customers/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn delete_customer(&mut self, id: &str, world: &mut World<'_>) -> Answer {
        let index = self.customer_index(id)?;
        self.customers.all[index].deleted = true;
        if let Some(reference) = self.customers.text(index, "reference_id").map(str::to_owned) {
            self.customers.by_reference.remove(&reference);
        }
        self.customers.touch(index, world.now);
        self.announce_customer(index, "customer.deleted", world);
        Ok(json!({}))
    }
}

/// What the vendor takes as a name, an e-mail address and a telephone number.
///
/// # Errors
/// `VALUE_TOO_LONG`, `INVALID_EMAIL_ADDRESS` or `INVALID_PHONE_NUMBER`, with the field.
fn judge_person(fields: &Map<String, Value>) -> Result<(), Refused> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    for (name, longest) in LENGTHS {
        if text(name).chars().count() > longest {
            return Err(Refused::field("VALUE_TOO_LONG", name, format!("At most {longest} characters.")));
        }
    }
    let (email, phone) = (text("email_address"), text("phone_number"));
    if !email.is_empty() && !email.split_once('@').is_some_and(|(who, at)| !who.is_empty() && at.contains('.')) {
        return Err(Refused::field("INVALID_EMAIL_ADDRESS", "email_address", "Expected an e-mail address."));
    }
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if !phone.is_empty() && !(9..=16).contains(&digits) {
        return Err(Refused::field("INVALID_PHONE_NUMBER", "phone_number", "Expected 9 to 16 digits."));
    }
    Ok(())
}

fn writable(body: &Value) -> Map<String, Value> {
    WRITABLE.iter().filter_map(|name| Some(((*name).to_owned(), body.get(*name)?.clone()))).collect()
}
