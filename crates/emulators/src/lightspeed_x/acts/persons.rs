//! Customers as tills and the back office enter and delete them.
//!
//! Called by the acts.

use crate::lightspeed_x::LightspeedX;
use crate::machine::{ActCustomer, World};
use serde_json::{Map, Value, json};

impl LightspeedX {
    /// The customer of this reference, entered or changed as typed. The reference is their customer code.
    pub(super) fn put_customer(&mut self, typed: &ActCustomer, world: &mut World<'_>) -> usize {
        let mut fields = Map::new();
        let texts = [
            ("first_name", &typed.given_name),
            ("last_name", &typed.family_name),
            ("email", &typed.email),
            ("phone", &typed.phone),
        ];
        for (name, value) in texts {
            fields.insert(name.into(), Value::from(value.as_str()));
        }
        match self.people.references.get(&typed.reference).copied() {
            Some(index) => {
                let held = &self.people.get(index).fields;
                if fields.iter().any(|(name, value)| held.get(name) != Some(value)) {
                    self.change_customer(index, fields, world);
                }
                index
            }
            None => {
                if self.people.filtered("code", &typed.reference).is_empty() {
                    fields.insert("customer_code".into(), Value::from(typed.reference.as_str()));
                }
                let index = self.add_customer(fields, world);
                self.people.references.insert(typed.reference.clone(), index);
                self.tell_customer(index, world);
                index
            }
        }
    }

    /// The person asks to be forgotten: the customer is deleted, and what identifies them is blanked.
    pub(super) fn erase_customer(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.people.references.remove(reference);
        let index = index.ok_or_else(|| format!("there is no customer {reference}"))?;
        self.erase_customer_record(index, world);
        Ok(json!({"customer_id": self.people.get(index).id.to_string()}))
    }
}
