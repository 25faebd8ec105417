//! Deliveries: is it genuine, and what does it say. Called through the `Connector` by the first step of a sale.
//!
//! <https://developer.squareup.com/docs/webhooks/step3validate> and
//! <https://developer.squareup.com/docs/webhooks/v2webhook-events-tech-ref>, read 2026-11-23.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{ChannelId, CustomerKey, DocumentKey, NoticeAbout};

use super::topic::Topic;
use super::translate;
use super::wire::{Envelope, EventObject, OrderNews, parse, unreadable};
use crate::{Control, Delivery, Forged, Heard, Secret, Told, Unreadable, Verified};

const SIGNATURE: &str = "x-square-hmacsha256-signature";

/// The signature is over the configured address followed by the body, with nothing between them, under the key as text.
///
/// # Errors
/// When no secret gives the signature. Bytes moved between address and body keep it, so a body that is not an object is
/// refused here although its signature fits.
pub(super) fn verify<'a>(delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
    // An empty key would let everybody sign.
    let mut secrets = secrets.iter().filter(|secret| !secret.expose().is_empty()).peekable();
    if secrets.peek().is_none() {
        return Err(Forged::NoSecret);
    }
    if delivery.body.is_empty() {
        return Err(Forged::Empty);
    }
    let header = delivery.headers.get(SIGNATURE).ok_or(Forged::Missing { header: SIGNATURE })?;
    let signature = STANDARD.decode(header.as_bytes()).map_err(|_| Forged::Malformed { header: SIGNATURE })?;
    let message = [delivery.url.as_bytes(), delivery.body].concat();
    let fits = secrets.any(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        hmac::verify(&key, &message, &signature).is_ok()
    });
    let object = delivery.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if fits && object { Ok(Verified::proven(delivery)) } else { Err(Forged::Mismatch) }
}

/// What a genuine delivery says.
///
/// # Errors
/// When a field it must have is not there or not what it should be, or the topic is none that we subscribe to.
pub(super) fn read(channel: ChannelId, delivery: &Verified<'_>) -> Result<Heard, Unreadable> {
    let envelope: Envelope = parse(delivery.delivery().body)?;
    let topic =
        Topic::named(&envelope.topic).ok_or_else(|| unreadable("type", "is not a topic that we subscribe to"))?;
    let object = envelope.data.and_then(|data| data.object).unwrap_or_default();
    let mut heard = Heard {
        delivery_id: translate::id("event_id", &envelope.event_id)?.to_owned(),
        topic: topic.name().to_owned(),
        account: Some(translate::id("merchant_id", &envelope.merchant_id)?.to_owned()),
        person: None,
        told: Vec::new(),
        notices: Vec::new(),
        control: None,
    };
    say(topic, object, channel, &mut heard)?;
    Ok(heard)
}

fn say(topic: Topic, object: EventObject, channel: ChannelId, heard: &mut Heard) -> Result<(), Unreadable> {
    match topic {
        Topic::OrderCreated => heard.notices.extend(order("order_created", object.order_created)?),
        Topic::OrderUpdated => heard.notices.extend(order("order_updated", object.order_updated)?),
        Topic::OrderFulfillmentUpdated => {
            heard.notices.extend(order("order_fulfillment_updated", object.order_fulfillment_updated)?);
        }
        Topic::PaymentCreated | Topic::PaymentUpdated => payment(object, heard)?,
        Topic::RefundCreated | Topic::RefundUpdated => refund(object, heard)?,
        Topic::InventoryCountUpdated => counts(object, heard)?,
        Topic::CatalogVersionUpdated => heard.notices.push(NoticeAbout::Catalogue),
        Topic::CustomerCreated | Topic::CustomerUpdated | Topic::CustomerDeleted => {
            customer(topic, object, channel, heard)?;
        }
        Topic::LocationCreated | Topic::LocationUpdated => heard.notices.push(NoticeAbout::Locations),
        Topic::OauthAuthorizationRevoked => heard.control = Some(Control::Revoked),
    }
    Ok(())
}

fn needed<T>(field: &str, part: Option<T>) -> Result<(String, T), Unreadable> {
    let path = format!("data.object.{field}");
    match part {
        Some(part) => Ok((path, part)),
        None => Err(unreadable(path, "is missing")),
    }
}

/// Thin news: the order itself is fetched. A draft is nobody's order yet.
fn order(field: &str, news: Option<OrderNews>) -> Result<Option<NoticeAbout>, Unreadable> {
    let (path, news) = needed(field, news)?;
    let id = translate::id(&format!("{path}.order_id"), &news.order_id)?;
    let placed = news.state.as_deref() != Some("DRAFT");
    Ok(placed.then(|| NoticeAbout::Order(DocumentKey::new(id))))
}

/// A payment matters when it is over, because then its order has changed. Of the person who paid only the id is used.
fn payment(object: EventObject, heard: &mut Heard) -> Result<(), Unreadable> {
    let (path, payment) = needed("payment", object.payment)?;
    heard.person = payment.customer_id.as_deref().map(CustomerKey::new).filter(|id| !id.is_empty());
    if matches!(payment.status.as_str(), "COMPLETED" | "CANCELED" | "FAILED") {
        heard.notices.extend(notice(&path, payment.order_id.as_deref())?);
    }
    Ok(())
}

/// A refund names the order that was made for the return.
fn refund(object: EventObject, heard: &mut Heard) -> Result<(), Unreadable> {
    let (path, refund) = needed("refund", object.refund)?;
    if refund.status == "COMPLETED" {
        heard.notices.extend(notice(&path, refund.order_id.as_deref())?);
    }
    Ok(())
}

fn notice(path: &str, order_id: Option<&str>) -> Result<Option<NoticeAbout>, Unreadable> {
    let id = order_id.map(|id| translate::id(&format!("{path}.order_id"), id)).transpose()?;
    Ok(id.map(|id| NoticeAbout::Order(DocumentKey::new(id))))
}

fn counts(object: EventObject, heard: &mut Heard) -> Result<(), Unreadable> {
    let (path, counts) = needed("inventory_counts", object.inventory_counts)?;
    for (index, count) in counts.iter().enumerate() {
        heard.told.extend(translate::level(&format!("{path}[{index}]"), count)?.map(Told::Level));
    }
    Ok(())
}

fn customer(topic: Topic, object: EventObject, channel: ChannelId, heard: &mut Heard) -> Result<(), Unreadable> {
    let (path, customer) = needed("customer", object.customer)?;
    let seen = if topic == Topic::CustomerDeleted {
        translate::gone_customer(&path, &customer, channel)?
    } else {
        translate::customer(&path, &customer, channel)?
    };
    heard.person = Some(seen.customer.clone());
    heard.told.push(Told::Customer(seen));
    Ok(())
}
