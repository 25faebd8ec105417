//! Customers, outlets and webhooks to our words.

use model::{ChannelId, CustomerKey, CustomerSeen, ExternalLocation, LocationName, LocationSeen, Person, Personal};

use super::{given, instant, needed};
use crate::lightspeed_x::wire::{self, beneath, unreadable};
use crate::{Subscription, Unreadable};

/// A customer; a deleted one is told without a person.
///
/// # Errors
/// When id, version or time of change are not there.
pub(in crate::lightspeed_x) fn customer(
    path: &str,
    seen: &wire::Customer,
    channel: ChannelId,
) -> Result<CustomerSeen, Unreadable> {
    let updated = needed(path, "updated_at", seen.updated_at.as_deref())?;
    let deleted = given(seen.deleted_at.as_deref()).is_some();
    Ok(CustomerSeen {
        channel,
        customer: CustomerKey::new(needed(path, "id", seen.id.as_deref())?),
        version: seen.version.ok_or_else(|| unreadable(beneath(path, "version"), "is missing"))?,
        updated_at: instant(&beneath(path, "updated_at"), updated)?,
        person: (!deleted).then(|| Personal::Plain(Box::new(person(seen)))),
    })
}

/// The postal address is left out: where it differs it is a box to write to, not where somebody lives.
fn person(seen: &wire::Customer) -> Person {
    let address = [
        &seen.physical_address_1,
        &seen.physical_address_2,
        &seen.physical_suburb,
        &seen.physical_postcode,
        &seen.physical_city,
        &seen.physical_state,
        &seen.physical_country_id,
    ];
    let address: Vec<&str> = address.into_iter().filter_map(|part| given(part.as_deref())).collect();
    let first = |texts: [&Option<String>; 2]| {
        texts.into_iter().find_map(|text| given(text.as_deref())).unwrap_or_default().to_owned()
    };
    Person {
        given_name: first([&seen.first_name, &None]),
        family_name: first([&seen.last_name, &seen.company_name]),
        email: first([&seen.email, &None]),
        phone: first([&seen.mobile, &seen.phone]),
        address: address.join(", "),
    }
}

/// An outlet.
///
/// # Errors
/// When it has no id.
pub(in crate::lightspeed_x) fn location(
    path: &str,
    seen: &wire::Outlet,
    channel: ChannelId,
) -> Result<LocationSeen, Unreadable> {
    Ok(LocationSeen {
        channel,
        external: ExternalLocation::new(needed(path, "id", seen.id.as_deref())?),
        name: LocationName::new(seen.name.as_deref().unwrap_or_default()),
        active: given(seen.deleted_at.as_deref()).is_none(),
    })
}

/// A webhook. Its deliveries are signed with the client secret of the application, which is not told.
///
/// # Errors
/// When id, address or type are missing.
pub(in crate::lightspeed_x) fn subscription(path: &str, seen: &wire::Webhook) -> Result<Subscription, Unreadable> {
    Ok(Subscription {
        id: needed(path, "id", seen.id.as_deref())?.to_owned(),
        topics: vec![needed(path, "type", seen.kind.as_deref())?.to_owned()],
        url: needed(path, "url", seen.url.as_deref())?.to_owned(),
        enabled: seen.active.unwrap_or(false),
        secret: None,
    })
}
