//! The customer endpoints.
//!
//! Called by `routes`.

use super::FILTERS;
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::{iso, iso_or_null};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::paging::Page;
use crate::lightspeed_x::wire::{Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Map, Value, json};

/// Fields with text.
const TEXTS: [&str; 33] = [
    "first_name",
    "last_name",
    "email",
    "phone",
    "mobile",
    "fax",
    "company_name",
    "customer_code",
    "customer_group_id",
    "date_of_birth",
    "gender",
    "note",
    "tax_id",
    "twitter",
    "website",
    "custom_field_1",
    "custom_field_2",
    "custom_field_3",
    "custom_field_4",
    "physical_address_1",
    "physical_address_2",
    "physical_suburb",
    "physical_city",
    "physical_postcode",
    "physical_state",
    "physical_country_id",
    "postal_address_1",
    "postal_address_2",
    "postal_suburb",
    "postal_city",
    "postal_postcode",
    "postal_state",
    "postal_country_id",
];
const TRUTHS: [&str; 3] = ["do_not_email", "enable_promotional_sms", "enable_loyalty"];

impl LightspeedX {
    /// `GET /customers`.
    pub(crate) fn list_customers(&self, call: &Call) -> Answer {
        let given = FILTERS.iter().find_map(|(filter, _)| call.parameter(filter).map(|value| (*filter, value)));
        if let Some((filter, value)) = given {
            let data: Vec<Value> =
                self.people.filtered(filter, value).into_iter().map(|index| self.render_customer(index)).collect();
            return Ok(Reply::ok(json!({"data": data, "version": {"min": null, "max": null}})));
        }
        let deleted = call.flag("deleted");
        let shown = |index: usize| deleted || self.people.get(index).deleted_at.is_none();
        Ok(Page::read(call)?.of(&self.people.feed, shown, |index| self.render_customer(index)))
    }

    /// `GET /customers/{id}`.
    pub(crate) fn show_customer(&self, id: &str) -> Answer {
        let found = Id::parse(id).and_then(|id| self.people.find(id)).ok_or_else(Refused::not_found)?;
        Ok(Reply::data(self.render_customer(found)))
    }

    /// `POST /customers`.
    pub(crate) fn create_customer(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let body = call.unwrapped()?;
        for name in ["first_name", "last_name"] {
            if !body.contains_key(name) {
                return Err(Refused::against(format!("{name} is required")));
            }
        }
        let fields = self.read_fields(body, None)?;
        let index = self.add_customer(fields, world);
        self.tell_customer(index, world);
        Ok(Reply::created(self.render_customer(index)))
    }

    /// `PUT /customers/{id}`: fields that are not given stay.
    pub(crate) fn update_customer(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.living_customer(id)?;
        let fields = self.read_fields(call.unwrapped()?, Some(index))?;
        self.change_customer(index, fields, world);
        Ok(Reply::data(self.render_customer(index)))
    }

    /// `DELETE /customers/{id}`.
    pub(crate) fn delete_customer_call(&mut self, id: &str, world: &mut World<'_>) -> Answer {
        let index = self.living_customer(id)?;
        self.erase_customer_record(index, world);
        Ok(Reply::nothing())
    }

    fn living_customer(&self, id: &str) -> Result<usize, Refused> {
        let found = Id::parse(id).and_then(|id| self.people.find(id));
        found.filter(|index| self.people.get(*index).deleted_at.is_none()).ok_or_else(Refused::not_found)
    }

    /// The fields of a body that the vendor knows; others are ignored.
    fn read_fields(&self, body: &Map<String, Value>, of: Option<usize>) -> Result<Map<String, Value>, Refused> {
        let mut fields = Map::new();
        for (name, value) in body {
            let fits = match name.as_str() {
                known if TEXTS.contains(&known) => value.is_string() || value.is_null(),
                known if TRUTHS.contains(&known) => value.is_boolean(),
                "on_account_limit" => value.is_null() || Decimal::read(value).is_some(),
                _ => continue,
            };
            if !fits {
                return Err(Refused::unreadable(format!("{name} has the wrong type")));
            }
            fields.insert(name.clone(), value.clone());
        }
        let code = fields.get("customer_code").and_then(Value::as_str).filter(|code| !code.is_empty());
        if code.is_some_and(|code| self.people.code_is_taken(code, of)) {
            return Err(Refused::against("customer_code is taken"));
        }
        Ok(fields)
    }

    fn render_customer(&self, index: usize) -> Value {
        let customer = self.people.get(index);
        let mut shown = Map::new();
        for name in TEXTS {
            shown.insert(name.into(), customer.fields.get(name).cloned().unwrap_or(Value::Null));
        }
        for name in TRUTHS {
            shown.insert(name.into(), customer.fields.get(name).cloned().unwrap_or(Value::Bool(false)));
        }
        let limit = customer.fields.get("on_account_limit").and_then(Decimal::read);
        let name = format!("{} {}", customer.text("first_name"), customer.text("last_name"));
        let more = json!({
            "id": customer.id.to_string(),
            "name": name.trim(),
            "on_account_limit": limit.map_or(Value::Null, Decimal::number),
            "balance": 0,
            "loyalty_balance": 0,
            "year_to_date": customer.year_to_date.number(),
            "created_at": iso(customer.created_at),
            "updated_at": iso(customer.updated_at),
            "deleted_at": iso_or_null(customer.deleted_at),
            "version": customer.version,
        });
        if let Value::Object(more) = more {
            shown.extend(more);
        }
        Value::Object(shown)
    }
}
