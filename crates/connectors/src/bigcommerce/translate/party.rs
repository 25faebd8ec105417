//! Customers and locations.

use model::{ChannelId, CustomerKey, CustomerSeen, ExternalLocation, LocationName, LocationSeen, Person, Personal};

use super::{at, instant, said};
use crate::Unreadable;
use crate::bigcommerce::wire::{self, Id, unreadable};

/// A customer. Its version is its time of change, which does not move when only an address changes.
///
/// # Errors
/// Names the field below `path`; never what is in it.
pub(in crate::bigcommerce) fn customer(
    path: &str,
    customer: &wire::Customer,
    channel: ChannelId,
) -> Result<CustomerSeen, Unreadable> {
    let changed = said(customer.date_modified.as_ref()).or_else(|| said(customer.date_created.as_ref()));
    let changed = changed.ok_or_else(|| unreadable(at(path, "date_modified"), "is missing"))?;
    let updated_at = instant(&at(path, "date_modified"), changed)?;
    let text = |field: &Option<String>| said(field.as_ref()).unwrap_or_default().to_owned();
    let person = Person {
        given_name: text(&customer.first_name),
        family_name: text(&customer.last_name),
        email: text(&customer.email),
        phone: text(&customer.phone),
        address: customer.addresses.first().map(address).unwrap_or_default(),
    };
    Ok(CustomerSeen {
        channel,
        customer: CustomerKey::new(&known(&at(path, "id"), customer.id)?),
        version: u64::try_from(updated_at.0).unwrap_or(0),
        updated_at,
        person: Some(Personal::Plain(Box::new(person))),
    })
}

fn address(address: &wire::CustomerAddress) -> String {
    joined([
        &address.address1,
        &address.address2,
        &address.postal_code,
        &address.city,
        &address.state_or_province,
        &address.country_code,
    ])
}

/// An address on one line.
pub(super) fn joined<const N: usize>(parts: [&Option<String>; N]) -> String {
    let parts: Vec<&str> = parts.into_iter().filter_map(|part| said(part.as_ref())).collect();
    parts.join(", ")
}

/// A location.
///
/// # Errors
/// When its id is 0.
pub(in crate::bigcommerce) fn location(
    path: &str,
    location: &wire::Location,
    channel: ChannelId,
) -> Result<LocationSeen, Unreadable> {
    let external = known(&at(path, "id"), location.id)?;
    let name = said(location.label.as_ref()).or_else(|| said(location.code.as_ref())).unwrap_or(&external);
    Ok(LocationSeen {
        channel,
        name: LocationName::new(name),
        external: ExternalLocation::new(&external),
        active: location.enabled != Some(false),
    })
}

fn known(path: &str, id: Id) -> Result<String, Unreadable> {
    if id.is_zero() { Err(unreadable(path, "is 0")) } else { Ok(id.to_string()) }
}
