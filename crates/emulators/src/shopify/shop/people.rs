//! Customers: made and changed at tills and in the web shop, merged and erased in the back office.

use super::Shop;
use crate::machine::{ActCustomer, Millis};
use crate::shopify::happened::{Event, Happened};
use crate::shopify::ids::Kind;
use crate::shopify::records::{Address, Customer};

/// What a program says of a customer; what is `None` is left as it is.
#[derive(Clone, Debug, Default)]
pub(in crate::shopify) struct CustomerForm {
    pub(in crate::shopify) given_name: Option<String>,
    pub(in crate::shopify) family_name: Option<String>,
    pub(in crate::shopify) email: Option<String>,
    pub(in crate::shopify) phone: Option<String>,
    /// All of them.
    pub(in crate::shopify) tags: Option<Vec<String>>,
    /// All of them, the default one first.
    pub(in crate::shopify) addresses: Option<Vec<Address>>,
}

impl Shop {
    /// A program makes a customer, or changes the one at `known`.
    ///
    /// # Errors
    ///
    /// The field that the vendor names, and its words.
    pub(in crate::shopify) fn write_customer(
        &mut self,
        known: Option<usize>,
        form: CustomerForm,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, (&'static str, &'static str)> {
        let before = known.map(|index| self.customers[index].clone());
        let mut customer = before.unwrap_or_else(|| Customer::unknown(now));
        customer.take(form);
        self.check_customer(known, &customer)?;
        customer.updated = now;
        let index = known.unwrap_or(self.customers.len());
        for address in customer.addresses.iter_mut().filter(|address| address.id == 0) {
            address.id = self.ids.give(Kind::MailingAddress, [index, 0, 0]);
        }
        let topic = if known.is_some() { "CUSTOMERS_UPDATE" } else { "CUSTOMERS_CREATE" };
        if known.is_some() {
            self.customers[index] = customer;
        } else {
            customer.id = self.give(Kind::Customer, [index, 0, 0]);
            self.customers.push(customer);
        }
        happened.note(Event::Customer { customer: index, topic });
        Ok(index)
    }

    /// A program adds an address.
    pub(in crate::shopify) fn add_address(
        &mut self,
        customer: usize,
        mut address: Address,
        default: bool,
        now: Millis,
        happened: &mut Happened,
    ) -> Address {
        address.id = self.give(Kind::MailingAddress, [customer, 0, 0]);
        let known = &mut self.customers[customer];
        let place = if default { 0 } else { known.addresses.len() };
        known.addresses.insert(place, address.clone());
        known.updated = now;
        happened.note(Event::Customer { customer, topic: "CUSTOMERS_UPDATE" });
        address
    }

    /// What the vendor demands of a customer that programs write: a name or a way to reach them, each way only once in
    /// the shop.
    fn check_customer(&self, known: Option<usize>, one: &Customer) -> Result<(), (&'static str, &'static str)> {
        if [&one.given_name, &one.family_name, &one.email, &one.phone].iter().all(|field| field.is_empty()) {
            return Err(("", "A name, phone number, or email address must be present"));
        }
        let email = one.email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if !one.email.is_empty() && !email {
            return Err(("email", "Email is invalid"));
        }
        let digits = one.phone.strip_prefix('+').unwrap_or(&one.phone);
        let digits = digits.chars().filter(|sign| !" -().".contains(*sign));
        if !one.phone.is_empty() && !digits.clone().all(|sign| sign.is_ascii_digit()) {
            return Err(("phone", "Phone is invalid"));
        }
        if !one.phone.is_empty() && !(7..=15).contains(&digits.count()) {
            return Err(("phone", "Phone is invalid"));
        }
        let others = || self.customers.iter().enumerate().filter(|(index, it)| !it.gone && Some(*index) != known);
        if !one.email.is_empty() && others().any(|(_, it)| it.email.eq_ignore_ascii_case(&one.email)) {
            return Err(("email", "Email has already been taken"));
        }
        if !one.phone.is_empty() && others().any(|(_, it)| it.phone == one.phone) {
            return Err(("phone", "Phone has already been taken"));
        }
        Ok(())
    }

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
        let mut customer = Customer { id: self.give(Kind::Customer, [index, 0, 0]), ..Customer::unknown(now) };
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
        customer.addresses.clear();
        customer.tags.clear();
        customer.updated = now;
        self.customers_by_reference.remove(reference);
        happened.note(Event::CustomerRedacted { customer: index });
        Ok(index)
    }
}

impl Customer {
    fn unknown(now: Millis) -> Self {
        Self {
            id: 0,
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            phone: String::new(),
            addresses: Vec::new(),
            tags: Vec::new(),
            orders: 0,
            gone: false,
            created: now,
            updated: now,
        }
    }

    /// Takes what a program says.
    fn take(&mut self, form: CustomerForm) {
        let CustomerForm { given_name, family_name, email, phone, tags, addresses } = form;
        for (mine, theirs) in [
            (&mut self.given_name, given_name),
            (&mut self.family_name, family_name),
            (&mut self.email, email),
            (&mut self.phone, phone),
        ] {
            if let Some(theirs) = theirs {
                *mine = theirs;
            }
        }
        if let Some(tags) = tags {
            self.tags = tags;
        }
        if let Some(addresses) = addresses {
            self.addresses = addresses;
        }
    }

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
