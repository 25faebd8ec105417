//! What a genuine delivery says. Called through the `Connector` by the first step of a sale; the proof is in
//! `signature`. Deliveries are thin: they name what changed and nothing of it can be believed as a number.

use model::{
    ChannelId, CustomerKey, CustomerSeen, DocumentKey, ExternalItem, ExternalLocation, Instant, ItemSeen, NoticeAbout,
};

use super::DEFAULT_LOCATION;
use super::scope::{Topic, topic};
use super::signature::ID;
use super::wire::{Envelope, Id, News, parse, unreadable};
use crate::{Control, Heard, Told, Unreadable, Verified};

/// What a genuine delivery says.
///
/// # Errors
/// When a field it must have is not there or not what it should be, or the scope is none that we subscribe to.
pub(super) fn read(channel: ChannelId, delivery: &Verified<'_>) -> Result<Heard, Unreadable> {
    let envelope: Envelope = parse(delivery.delivery().body)?;
    let topic = topic(&envelope.scope).ok_or_else(|| unreadable("scope", "is none that we subscribe to"))?;
    let account = envelope.producer.strip_prefix("stores/").filter(|store| !store.trim().is_empty());
    let account = account.ok_or_else(|| unreadable("producer", "is no store"))?;
    let mut heard = Heard {
        delivery_id: delivery_id(delivery, &envelope)?,
        topic: envelope.scope.clone(),
        account: Some(account.to_owned()),
        person: None,
        told: Vec::new(),
        notices: Vec::new(),
        control: None,
    };
    say(topic, channel, &envelope, &mut heard)?;
    Ok(heard)
}

/// The signed id. Without one the fingerprint of the content, which two scopes of one change may share.
fn delivery_id(delivery: &Verified<'_>, envelope: &Envelope) -> Result<String, Unreadable> {
    let header = delivery.delivery().headers.get(ID).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(id) = header.filter(|id| !id.is_empty()) {
        return Ok(id.to_owned());
    }
    match envelope.hash.as_deref().map(str::trim).filter(|hash| !hash.is_empty()) {
        Some(hash) => Ok(format!("{hash} {}", envelope.scope)),
        None => Err(unreadable("hash", "is missing, and the delivery has no id")),
    }
}

fn say(topic: Topic, channel: ChannelId, envelope: &Envelope, heard: &mut Heard) -> Result<(), Unreadable> {
    let news = &envelope.data;
    match topic {
        Topic::Order => heard.notices.push(order("data.id", news.id)?),
        Topic::Transaction => heard.notices.push(order("data.order_id", news.order_id)?),
        Topic::Shipment => heard.notices.push(order("data.orderId", news.shipped_order)?),
        Topic::Inventory => heard.notices.push(inventory(news)?),
        Topic::Stock => heard.notices.push(stock(news)?),
        Topic::Catalogue => heard.notices.push(NoticeAbout::Catalogue),
        Topic::ProductGone => {
            let product = needed("data.id", news.id)?;
            item_gone(channel, &format!("product:{product}"), heard);
        }
        Topic::VariantGone => {
            let variant = news.sku.as_ref().and_then(|sku| sku.variant_id);
            item_gone(channel, &needed("data.sku.variant_id", variant)?.to_string(), heard);
        }
        Topic::Customer => person(heard, needed("data.id", news.id)?),
        Topic::CustomerGone => gone(channel, envelope, heard)?,
        Topic::CustomerAddress => {
            let owner = news.address.as_ref().and_then(|address| address.customer_id);
            person(heard, needed("data.address.customer_id", owner)?);
        }
        Topic::Location => heard.notices.push(NoticeAbout::Locations),
        Topic::Uninstalled => heard.control = Some(Control::Revoked),
        Topic::Other => {}
    }
    Ok(())
}

fn needed(field: &str, id: Option<Id>) -> Result<Id, Unreadable> {
    match id {
        Some(id) if !id.is_zero() => Ok(id),
        Some(_) => Err(unreadable(field, "is 0")),
        None => Err(unreadable(field, "is missing")),
    }
}

fn order(field: &str, id: Option<Id>) -> Result<NoticeAbout, Unreadable> {
    Ok(NoticeAbout::Order(DocumentKey::new(&needed(field, id)?.to_string())))
}

/// The value is neither dated nor per location, so it is read back. Where it lies is not told: reading the item at
/// the default location reads it everywhere.
fn inventory(news: &News) -> Result<NoticeAbout, Unreadable> {
    let inventory = news.inventory.as_ref().ok_or_else(|| unreadable("data.inventory", "is missing"))?;
    let item = match inventory.variant_id.filter(|id| !id.is_zero()) {
        Some(variant) => variant.to_string(),
        None => format!("product:{}", needed("data.inventory.product_id", inventory.product_id)?),
    };
    Ok(NoticeAbout::Level(ExternalItem::new(&item), ExternalLocation::new(DEFAULT_LOCATION)))
}

fn stock(news: &News) -> Result<NoticeAbout, Unreadable> {
    let item = needed("data.variant_id", news.variant_id)?.to_string();
    let location = needed("data.location_id", news.location_id)?.to_string();
    Ok(NoticeAbout::Level(ExternalItem::new(&item), ExternalLocation::new(&location)))
}

/// There is nothing to read back, and no id is ever given again. The product's own id is an alias of its only variant;
/// the end of several variants is told one by one.
fn item_gone(channel: ChannelId, id: &str, heard: &mut Heard) {
    heard.told.push(Told::Item(Box::new(ItemSeen::deleted(channel, ExternalItem::new(id)))));
}

fn person(heard: &mut Heard, id: Id) {
    let customer = CustomerKey::new(&id.to_string());
    heard.person = Some(customer.clone());
    heard.notices.push(NoticeAbout::Customer(customer));
}

/// There is nothing to read back. The delivery's second, and one more, makes the deletion win over the last change.
fn gone(channel: ChannelId, envelope: &Envelope, heard: &mut Heard) -> Result<(), Unreadable> {
    let customer = CustomerKey::new(&needed("data.id", envelope.data.id)?.to_string());
    let created = envelope.created_at.filter(|at| *at < 1 << 40);
    let at_s = created.ok_or_else(|| unreadable("created_at", "is not a time in seconds"))?;
    let at_ms = i64::try_from(at_s).map_or(i64::MAX, |at_s| at_s.saturating_mul(1_000));
    heard.person = Some(customer.clone());
    heard.told.push(Told::Customer(CustomerSeen {
        channel,
        customer,
        version: (at_s + 1).saturating_mul(1_000),
        updated_at: Instant(at_ms),
        person: None,
    }));
    Ok(())
}
