//! Customers, and the one location of a merchant.

use model::{
    ChannelId, CustomerKey, CustomerSeen, ExternalLocation, Instant, LocationName, LocationSeen, Person, Personal,
};

use super::id;
use crate::Unreadable;
use crate::clover::wire::{self, Elements, below};

/// A customer. Clover gives no version and no time of change, so `read_at` stands for both: a later reading wins.
///
/// # Errors
/// When its id is empty.
pub(in crate::clover) fn customer(
    path: &str,
    customer: &wire::Customer,
    channel: ChannelId,
    read_at: Instant,
) -> Result<CustomerSeen, Unreadable> {
    let emails = Elements::of(customer.email_addresses.as_ref());
    let email = emails.iter().find(|email| email.primary_email == Some(true)).or(emails.first());
    let phone = Elements::of(customer.phone_numbers.as_ref()).first();
    let person = Person {
        given_name: customer.first_name.clone().unwrap_or_default(),
        family_name: customer.last_name.clone().unwrap_or_default(),
        email: email.and_then(|email| email.email_address.clone()).unwrap_or_default(),
        phone: phone.and_then(|phone| phone.phone_number.clone()).unwrap_or_default(),
        address: Elements::of(customer.addresses.as_ref()).first().map(address).unwrap_or_default(),
    };
    Ok(CustomerSeen {
        channel,
        customer: CustomerKey::new(id(&below(path, "id"), &customer.id)?),
        version: u64::try_from(read_at.0).unwrap_or(0),
        updated_at: read_at,
        person: Some(Personal::Plain(Box::new(person))),
    })
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
