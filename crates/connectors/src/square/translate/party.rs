//! Customers, locations and subscriptions.

use model::{ChannelId, CustomerKey, CustomerSeen, ExternalLocation, LocationName, LocationSeen, Person, Personal};

use super::{at, id, instant, version_from};
use crate::square::wire::{self, unreadable};
use crate::{Secret, Subscription, Unreadable};

/// A customer profile.
///
/// # Errors
/// Names the field below `path`; never what is in it.
pub(in crate::square) fn customer(
    path: &str,
    customer: &wire::Customer,
    channel: ChannelId,
) -> Result<CustomerSeen, Unreadable> {
    let person = Person {
        given_name: customer.given_name.clone().unwrap_or_default(),
        family_name: customer.family_name.clone().unwrap_or_default(),
        email: customer.email_address.clone().unwrap_or_default(),
        phone: customer.phone_number.clone().unwrap_or_default(),
        address: customer.address.as_ref().map(address).unwrap_or_default(),
    };
    let changed = customer.updated_at.as_ref().or(customer.created_at.as_ref());
    let changed = changed.ok_or_else(|| unreadable(at(path, "updated_at"), "is missing"))?;
    let updated_at = instant(&at(path, "updated_at"), changed)?;
    Ok(CustomerSeen {
        channel,
        customer: CustomerKey::new(id(&at(path, "id"), &customer.id)?),
        version: customer.version.unwrap_or_else(|| version_from(updated_at)),
        updated_at,
        person: Some(Personal::Plain(Box::new(person))),
    })
}

/// A customer profile that was deleted. Square tells it with its last version; one more makes the deletion win over an
/// update that is delivered again afterwards.
///
/// # Errors
/// As [`customer`].
pub(in crate::square) fn gone_customer(
    path: &str,
    gone: &wire::Customer,
    channel: ChannelId,
) -> Result<CustomerSeen, Unreadable> {
    let seen = customer(path, gone, channel)?;
    Ok(CustomerSeen { version: seen.version.saturating_add(1), person: None, ..seen })
}

/// An address on one line.
pub(super) fn address(address: &wire::Address) -> String {
    let parts = [
        &address.address_line_1,
        &address.address_line_2,
        &address.address_line_3,
        &address.postal_code,
        &address.locality,
        &address.administrative_district_level_1,
        &address.country,
    ];
    let parts: Vec<&str> =
        parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// A location.
///
/// # Errors
/// When its id is empty.
pub(in crate::square) fn location(
    path: &str,
    location: &wire::Location,
    channel: ChannelId,
) -> Result<LocationSeen, Unreadable> {
    let external = id(&at(path, "id"), &location.id)?;
    let name = location.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(external);
    Ok(LocationSeen {
        channel,
        external: ExternalLocation::new(external),
        name: LocationName::new(name),
        active: location.status.as_deref() != Some("INACTIVE"),
    })
}

/// A webhook subscription.
///
/// # Errors
/// When its id is empty.
pub(in crate::square) fn subscription(path: &str, seen: &wire::Subscription) -> Result<Subscription, Unreadable> {
    Ok(Subscription {
        id: id(&at(path, "id"), &seen.id)?.to_owned(),
        topics: seen.event_types.clone().unwrap_or_default(),
        url: seen.notification_url.clone().unwrap_or_default(),
        enabled: seen.enabled == Some(true),
        secret: seen.signature_key.as_ref().filter(|key| !key.0.trim().is_empty()).map(|key| Secret::new(&key.0)),
    })
}
