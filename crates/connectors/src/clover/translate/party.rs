//! Customers, and the one location of a merchant.

use model::{
    ChannelId, CustomerKey, CustomerSeen, ExternalLocation, Instant, LocationName, LocationSeen, Person, Personal,
};

use super::id;
use crate::Unreadable;
use crate::clover::wire::{self, Elements, below};

/// Above every time: nothing can follow a deletion.
const LAST: u64 = i64::MAX.unsigned_abs();

/// A customer. One whose fields are all blank has been erased by hand, and is told without a person.
///
/// Clover gives no version and no time of change, and lists by time only who is new. So who is read by id, because a change
/// was told, has changed by `read_at`, and a later reading wins; who is only listed (`None`) comes before every reading, so
/// that the same list again says nothing about somebody who is known.
///
/// # Errors
/// When its id is empty.
pub(in crate::clover) fn customer(
    path: &str,
    customer: &wire::Customer,
    channel: ChannelId,
    read_at: Option<Instant>,
) -> Result<CustomerSeen, Unreadable> {
    let updated_at = read_at.or(customer.customer_since.map(Instant)).unwrap_or(Instant(0));
    let person = person(customer);
    let blank = [&person.given_name, &person.family_name, &person.email, &person.phone, &person.address];
    let blank = blank.into_iter().all(|field| field.trim().is_empty());
    Ok(CustomerSeen {
        channel,
        customer: key(path, customer)?,
        version: read_at.and_then(|at| u64::try_from(at.0).ok()).unwrap_or(0),
        updated_at,
        person: (!blank).then(|| Personal::Plain(Box::new(person))),
    })
}

/// A customer who was deleted. When is not told: by `read_at`.
///
/// # Errors
/// As [`customer`].
pub(in crate::clover) fn gone_customer(
    path: &str,
    customer: &wire::Customer,
    channel: ChannelId,
    read_at: Instant,
) -> Result<CustomerSeen, Unreadable> {
    Ok(CustomerSeen { channel, customer: key(path, customer)?, version: LAST, updated_at: read_at, person: None })
}

fn key(path: &str, customer: &wire::Customer) -> Result<CustomerKey, Unreadable> {
    Ok(CustomerKey::new(id(&below(path, "id"), &customer.id)?))
}

fn person(customer: &wire::Customer) -> Person {
    let emails = Elements::of(customer.email_addresses.as_ref());
    let email = emails.iter().find(|email| email.primary_email == Some(true)).or(emails.first());
    let phone = Elements::of(customer.phone_numbers.as_ref()).first();
    Person {
        given_name: customer.first_name.clone().unwrap_or_default(),
        family_name: customer.last_name.clone().unwrap_or_default(),
        email: email.and_then(|email| email.email_address.clone()).unwrap_or_default(),
        phone: phone.and_then(|phone| phone.phone_number.clone()).unwrap_or_default(),
        address: Elements::of(customer.addresses.as_ref()).first().map(address).unwrap_or_default(),
    }
}

/// An address on one line.
fn address(address: &wire::Address) -> String {
    let parts = [
        &address.address1,
        &address.address2,
        &address.address3,
        &address.zip,
        &address.city,
        &address.state,
        &address.country,
    ];
    let parts = parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// The merchant as a location.
///
/// # Errors
/// When its id is empty.
pub(in crate::clover) fn location(merchant: &wire::Merchant, channel: ChannelId) -> Result<LocationSeen, Unreadable> {
    let external = id("id", &merchant.id)?;
    let name = merchant.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(external);
    Ok(LocationSeen { channel, external: ExternalLocation::new(external), name: LocationName::new(name), active: true })
}
