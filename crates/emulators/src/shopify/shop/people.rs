//! Customers: made and changed at tills and in the web shop, merged and erased in the back office.

use super::Shop;
use crate::machine::{ActCustomer, Millis};
use crate::shopify::happened::{Event, Happened};
use crate::shopify::ids::Kind;
use crate::shopify::records::Customer;

impl Shop {
    /// Makes a customer, or changes the one with the same reference. Empty fields leave what is known.
    pub(in crate::shopify) fn put_customer(
        &mut self,
        form: &ActCustomer,
        now: Millis,
        happened: &mut Happened,
    ) -> usize {
        if let Some(known) = self.customers_by_reference.get(&form.reference).copied() {
            if self.customers[known].take_over(form) {
                self.customers[known].updated = now;
                happened.note(Event::Customer { customer: known, topic: "CUSTOMERS_UPDATE" });
            }
            return known;
        }
        let index = self.customers.len();
        let mut customer = Customer {
            id: self.give(Kind::Customer, [index, 0, 0]),
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            phone: String::new(),
            orders: 0,
            gone: false,
            created: now,
            updated: now,
        };
        customer.take_over(form);
        self.customers.push(customer);
        self.customers_by_reference.insert(form.reference.clone(), index);
        happened.note(Event::Customer { customer: index, topic: "CUSTOMERS_CREATE" });
        index
    }

    /// Index of the living customer with this tester's name.
    fn customer_with_reference(&self, reference: &str) -> Result<usize, String> {
        self.customers_by_reference.get(reference).copied().ok_or_else(|| format!("there is no customer '{reference}'"))
    }

    /// Two customers become one. Which of them stays is decided by the vendor where nobody says it; here it is said. The
    /// other's orders and whatever the first did not have go over; the other is no longer there.
    pub(in crate::shopify) fn merge_customers(
        &mut self,
        into: &str,
        from: &str,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let (kept, gone) = (self.customer_with_reference(into)?, self.customer_with_reference(from)?);
        if kept == gone {
            return Err(format!("'{into}' and '{from}' are one customer already"));
        }
        for order in 0..self.orders.len() {
            if self.orders[order].customer == Some(gone) {
                self.orders[order].customer = Some(kept);
                self.touch_order(order, now);
                happened.note(Event::Order { order, topics: &["ORDERS_UPDATED"] });
            }
        }
        self.customers[gone].gone = true;
        let left = self.customers[gone].clone();
        self.customers[kept].inherit(&left);
        self.customers[kept].updated = now;
        self.customers_by_reference.insert(from.to_owned(), kept);
        happened.note(Event::CustomersMerged { kept, gone });
        happened.note(Event::Customer { customer: kept, topic: "CUSTOMERS_UPDATE" });
        Ok(kept)
    }

    /// A person's data are erased: nothing personal is left, the orders stay. Apps are told to forget the person, too.
    pub(in crate::shopify) fn erase_customer(
        &mut self,
        reference: &str,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let index = self.customer_with_reference(reference)?;
        let customer = &mut self.customers[index];
        for field in [&mut customer.given_name, &mut customer.family_name, &mut customer.email, &mut customer.phone] {
            field.clear();
        }
        customer.updated = now;
        self.customers_by_reference.remove(reference);
        happened.note(Event::CustomerRedacted { customer: index });
        Ok(index)
    }
}

impl Customer {
    /// Takes over what the form says; answers whether anything changed.
    fn take_over(&mut self, form: &ActCustomer) -> bool {
        let mut changed = false;
        for (mine, theirs) in [
            (&mut self.given_name, &form.given_name),
            (&mut self.family_name, &form.family_name),
            (&mut self.email, &form.email),
            (&mut self.phone, &form.phone),
        ] {
            if !theirs.is_empty() && mine != theirs {
                mine.clone_from(theirs);
                changed = true;
            }
        }
        changed
    }

    /// Takes over what another one has and this one has not.
    fn inherit(&mut self, other: &Self) {
        self.orders += other.orders;
        for (mine, theirs) in [
            (&mut self.given_name, &other.given_name),
            (&mut self.family_name, &other.family_name),
            (&mut self.email, &other.email),
            (&mut self.phone, &other.phone),
        ] {
            if mine.is_empty() {
                mine.clone_from(theirs);
            }
        }
    }
}
