//! Customers and shops.

use model::{ChannelId, CustomerKey, CustomerSeen, ExternalLocation, LocationName, LocationSeen, Person, Personal};

use super::{at, flag, id, instant};
use crate::Unreadable;
use crate::lightspeed_r::wire;

/// A customer. An archived one is deleted for the people at the till, and so nothing of the person is told.
///
/// # Errors
/// Names the field below `path`; never what is in it.
pub(in crate::lightspeed_r) fn customer(
    path: &str,
    customer: &wire::Customer,
    channel: ChannelId,
) -> Result<CustomerSeen, Unreadable> {
    let updated_at = instant(&at(path, "timeStamp"), &customer.time_stamp)?;
    let archived = flag(&at(path, "archived"), &customer.archived)?;
    Ok(CustomerSeen {
        channel,
        customer: CustomerKey::new(id(&at(path, "customerID"), &customer.id)?),
        // Archiving inside the second of another change must win over it.
        version: u64::try_from(updated_at.0).unwrap_or(0).saturating_add(u64::from(archived)),
        updated_at,
        person: (!archived).then(|| Personal::Plain(Box::new(person(customer)))),
    })
}

fn person(customer: &wire::Customer) -> Person {
    let contact = &customer.contact.0;
    let emails = &contact.emails.0.rows.0;
    let email = emails.iter().find(|email| email.kind.as_str() == "Primary").or(emails.first());
    let phones = &contact.phones.0.rows.0;
    let phone = phones.iter().find(|phone| phone.kind.as_str() == "Mobile").or(phones.first());
    let text = |text: Option<&wire::Text>| text.map(|text| text.as_str().to_owned()).unwrap_or_default();
    Person {
        given_name: customer.first_name.as_str().to_owned(),
        family_name: customer.last_name.as_str().to_owned(),
        email: text(email.map(|email| &email.address)),
        phone: text(phone.map(|phone| &phone.number)),
        address: contact.addresses.0.rows.0.first().map(address).unwrap_or_default(),
    }
}

/// On one line.
fn address(address: &wire::Address) -> String {
    let parts = [&address.address1, &address.address2, &address.zip, &address.city, &address.state, &address.country];
    let parts: Vec<&str> = parts.into_iter().filter_map(wire::Text::filled).collect();
    parts.join(", ")
}

/// A shop.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(in crate::lightspeed_r) fn location(
    path: &str,
    shop: &wire::Shop,
    channel: ChannelId,
) -> Result<LocationSeen, Unreadable> {
    let external = id(&at(path, "shopID"), &shop.id)?;
    Ok(LocationSeen {
        channel,
        external: ExternalLocation::new(external),
        name: LocationName::new(shop.name.filled().unwrap_or(external)),
        active: !flag(&at(path, "archived"), &shop.archived)?,
    })
}
