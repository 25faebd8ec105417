//! Two people who are one, and people who want to be forgotten: both by hand, in the dashboard.
//!
//! Called by the acts. A merge makes a new profile and deletes the old ones; all three events carry its context. Orders
//! keep the id that they were rung up with.

use super::super::Square;
use crate::machine::World;
use serde_json::{Value, json};

impl Square {
    /// Answers the id of the one that is left.
    ///
    /// # Errors
    /// No such person, or the same one twice.
    pub(crate) fn merge_customers(&mut self, into: &str, from: &str, world: &mut World<'_>) -> Result<String, String> {
        let (first, second) = (self.person(into)?, self.person(from)?);
        if first == second {
            return Err(format!("{into} and {from} are one already"));
        }
        let mut fields = self.customers.all[second].fields.clone();
        fields.extend(self.customers.all[first].fields.clone());
        let made = self.enter_customer(fields, "MERGE", world);
        let id = |index: usize| self.customers.all[index].id.clone();
        let context: Value =
            json!({"merge": {"from_customer_ids": [id(first), id(second)], "to_customer_id": id(made)}});
        let id = id(made);
        for (reference, old) in [(into, first), (from, second)] {
            self.customers.all[old].deleted = true;
            self.customers.touch(old, world.now);
            self.announce_with(old, "customer.deleted", Some(&context), world);
            self.customers.by_reference.insert(reference.to_owned(), made);
        }
        self.announce_with(made, "customer.created", Some(&context), world);
        Ok(id)
    }

    /// The profile is deleted; answers its id.
    ///
    /// # Errors
    /// No such person.
    pub(crate) fn erase_customer(&mut self, reference: &str, world: &mut World<'_>) -> Result<String, String> {
        let id = self.customers.all[self.person(reference)?].id.clone();
        self.delete_customer(&id, world).map_err(|refused| refused.body().to_string())?;
        self.customers.by_reference.remove(reference);
        Ok(id)
    }

    /// The index of a living person.
    fn person(&self, reference: &str) -> Result<usize, String> {
        let known = self.customers.by_reference.get(reference).copied();
        let living = known.filter(|index| !self.customers.all[*index].deleted);
        living.ok_or_else(|| format!("there is no customer {reference}"))
    }
}
