//! The small translations: items, locations, customers, levels, and the words several files share.
//!
//! Called by `webhook` and `learn`. Orders are translated in `order_rest`, `order_graph` and `known`.

use model::{
    Barcode, ChannelId, Currency, CustomerKey, CustomerSeen, ExternalItem, ExternalLocation, Instant, ItemSeen, Level,
    LocationName, LocationSeen, Person, Personal, Sku, Title,
};

use super::graph;
use super::rest;
use super::scalar::{Stamp, unreadable};
use crate::{LevelHint, Unreadable};

/// Order lines name variants, levels name inventory items; both are numbers, so the variant's carries its kind.
pub(super) fn variant_key(number: &str) -> ExternalItem {
    ExternalItem::new(&format!("variant:{number}"))
}

/// Whether a fulfilment took units off the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Yes: handed over, or in the hands of a service that will.
    Yes,
    /// No: called off or failed.
    No,
}

/// `None` for a status that is not documented. Webhooks write small letters, answers capitals.
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/enums/FulfillmentStatus>
pub(super) fn counted(status: &str) -> Option<Counted> {
    match status {
        "success" | "SUCCESS" | "open" | "OPEN" | "pending" | "PENDING" => Some(Counted::Yes),
        "cancelled" | "CANCELLED" | "error" | "ERROR" | "failure" | "FAILURE" => Some(Counted::No),
        _ => None,
    }
}

/// A variant with its inventory item.
///
/// # Errors
/// When its price is no amount; `index` is its place in the page.
pub(super) fn item_seen(
    channel: ChannelId,
    variant: &graph::Variant,
    shop: (Currency, &graph::Shop),
    index: usize,
) -> Result<ItemSeen, Unreadable> {
    let (currency, shop) = shop;
    let price = variant.price.money(currency, || format!("data.productVariants.nodes[{index}].price"))?;
    let barcode = variant.barcode.as_deref().map(Barcode::new).filter(|barcode| !barcode.is_empty());
    Ok(ItemSeen {
        channel,
        external: ExternalItem::new(variant.inventory_item.id.number()),
        aliases: vec![variant_key(variant.id.number())],
        sku: Sku::new(variant.sku.as_deref().unwrap_or_default()),
        title: Title::new(title(&variant.display_name)),
        barcodes: barcode.into_iter().collect(),
        price: Some(price),
        tax_inclusive: shop.taxes_included,
        tracked: variant.inventory_item.tracked,
        deleted: false,
    })
}

/// An item that is no longer there, of which only the id is known.
pub(super) fn item_deleted(channel: ChannelId, external: ExternalItem) -> ItemSeen {
    ItemSeen {
        channel,
        external,
        aliases: Vec::new(),
        sku: Sku::new(""),
        title: Title::new(""),
        barcodes: Vec::new(),
        price: None,
        tax_inclusive: false,
        tracked: true,
        deleted: true,
    }
}

/// When an order was placed: a till that was offline uploads a sale later than it was rung up, and only the processing
/// time says so. One after the upload is a merchant's own date for his books and moves nothing.
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Order#field-Order.fields.processedAt>
pub(super) fn placed_at(created: Stamp, processed: Option<Stamp>) -> Instant {
    processed.map_or(created.0, |processed| processed.0.min(created.0))
}

/// A variant's name for people. A product without options has one variant, which Shopify calls "Default Title".
pub(super) fn title(display_name: &str) -> &str {
    display_name.strip_suffix(" - Default Title").unwrap_or(display_name)
}

/// A location.
pub(super) fn location_seen(channel: ChannelId, location: &graph::Location) -> LocationSeen {
    LocationSeen {
        channel,
        external: ExternalLocation::new(location.id.number()),
        name: LocationName::new(&location.name),
        active: location.is_active,
    }
}

/// A level of a webhook.
pub(super) fn level_hint(level: &rest::Level) -> LevelHint {
    LevelHint {
        external: ExternalItem::new(&level.inventory_item_id.text()),
        location: ExternalLocation::new(&level.location_id.text()),
        level: level.available.map(super::scalar::Units::level),
    }
}

/// The state `available` among selected quantities.
pub(super) fn available(quantities: &[graph::NamedQuantity]) -> Option<Level> {
    quantities.iter().find(|it| it.name == "available").map(|it| it.quantity.level())
}

/// A customer of a webhook.
///
/// # Errors
/// When the time of change lies before 1970.
pub(super) fn customer_of_rest(channel: ChannelId, customer: rest::Customer) -> Result<CustomerSeen, Unreadable> {
    let address =
        customer.default_address.map(|it| joined([it.address1, it.address2, it.zip, it.city, it.country_code]));
    let person = Person {
        given_name: customer.first_name.unwrap_or_default(),
        family_name: customer.last_name.unwrap_or_default(),
        email: customer.email.unwrap_or_default(),
        phone: customer.phone.unwrap_or_default(),
        address: address.unwrap_or_default(),
    };
    customer_seen(channel, &customer.id.text(), customer.updated_at.0, person, "updated_at")
}

/// A customer of an answer.
///
/// # Errors
/// When the time of change lies before 1970.
pub(super) fn customer_of_graph(channel: ChannelId, customer: graph::Customer) -> Result<CustomerSeen, Unreadable> {
    let person = Person {
        given_name: customer.first_name.unwrap_or_default(),
        family_name: customer.last_name.unwrap_or_default(),
        email: customer.default_email_address.map(|it| it.email_address).unwrap_or_default(),
        phone: customer.default_phone_number.map(|it| it.phone_number).unwrap_or_default(),
        address: customer.default_address.map(address).unwrap_or_default(),
    };
    customer_seen(channel, customer.id.number(), customer.updated_at.0, person, "updatedAt")
}

/// A customer that was deleted, or went in a merge: only the id is left. Nothing can follow, so the version is above
/// all others.
pub(super) fn customer_deleted(channel: ChannelId, id: &str, at: Instant) -> CustomerSeen {
    CustomerSeen {
        channel,
        customer: CustomerKey::new(id),
        version: i64::MAX.unsigned_abs(),
        updated_at: at,
        person: None,
    }
}

/// The version is the time of change in milliseconds: both shapes give whole seconds.
fn customer_seen(
    channel: ChannelId,
    id: &str,
    updated_at: Instant,
    person: Person,
    field: &str,
) -> Result<CustomerSeen, Unreadable> {
    let version = u64::try_from(updated_at.0).map_err(|_| unreadable(field.to_owned(), "before 1970".to_owned()))?;
    let person = Some(Personal::Plain(Box::new(person)));
    Ok(CustomerSeen { channel, customer: CustomerKey::new(id), version, updated_at, person })
}

/// An address of an answer on one line.
pub(super) fn address(it: graph::Address) -> String {
    joined([it.address1, it.address2, it.zip, it.city, it.country_code_v2])
}

fn joined(parts: [Option<String>; 5]) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    parts.join(", ")
}
