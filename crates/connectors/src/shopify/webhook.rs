//! Shopify's webhooks: is one genuine, and what does it say.
//!
//! Called through `Connector::verify` and `Connector::read`. Only the body is signed: topic, shop and ids in the
//! headers can be changed by whoever replays a body, so a body must also read as what its topic promises.
//! <https://shopify.dev/docs/apps/build/webhooks/subscribe/https>

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use model::{ChannelId, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, NoticeAbout};

use super::scalar::{Gid, Id, parse, unreadable};
use super::{order_rest, rest, translate};
use crate::{Control, Delivery, Forged, Heard, LevelHint, Secret, Told, Unreadable, Verified};

const SIGNATURE: &str = "X-Shopify-Hmac-Sha256";
const TOPIC: &str = "X-Shopify-Topic";
const SHOP: &str = "X-Shopify-Shop-Domain";
const DELIVERY: &str = "X-Shopify-Webhook-Id";
const TRIGGERED_AT: &str = "X-Shopify-Triggered-At";

/// Base64 of HMAC-SHA256 over the raw body, keyed with the application's client secret.
///
/// # Errors
/// When no secret fits, or a header that every delivery has is missing.
pub(super) fn verify<'a>(delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
    if secrets.is_empty() {
        return Err(Forged::NoSecret);
    }
    let signature = delivery.headers.get(SIGNATURE).ok_or(Forged::Missing { header: SIGNATURE })?;
    for header in [TOPIC, SHOP, DELIVERY] {
        if !delivery.headers.contains_key(header) {
            return Err(Forged::Missing { header });
        }
    }
    let signature = STANDARD.decode(signature).map_err(|_| Forged::Malformed { header: SIGNATURE })?;
    if delivery.body.is_empty() {
        return Err(Forged::Empty);
    }
    let fits = |secret: &Secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        hmac::verify(&key, delivery.body, &signature).is_ok()
    };
    if secrets.iter().any(fits) { Ok(Verified::proven(delivery)) } else { Err(Forged::Mismatch) }
}

/// What the delivery says.
///
/// # Errors
/// When a header or the body is not what is documented for its topic, or the topic is not one we subscribe to.
pub(super) fn read(channel: ChannelId, delivery: &Verified<'_>) -> Result<Heard, Unreadable> {
    let delivery = delivery.delivery();
    let heard = Heard {
        delivery_id: header(delivery.headers, DELIVERY)?.to_owned(),
        topic: header(delivery.headers, TOPIC)?.to_owned(),
        account: Some(header(delivery.headers, SHOP)?.to_owned()),
        person: None,
        told: Vec::new(),
        notices: Vec::new(),
        control: None,
    };
    say(channel, delivery, heard)
}

fn say(channel: ChannelId, delivery: &Delivery<'_>, heard: Heard) -> Result<Heard, Unreadable> {
    let body = delivery.body;
    match heard.topic.as_str() {
        "orders/create"
        | "orders/updated"
        | "orders/paid"
        | "orders/cancelled"
        | "orders/fulfilled"
        | "orders/partially_fulfilled" => order(channel, &parse(body)?, heard),
        "orders/edited" => {
            let edited: rest::Edited = parse(body)?;
            Ok(notice(heard, about_order(edited.order_edit.order_id)))
        }
        "orders/delete" => Ok(notice(heard, about_order(parse::<rest::Named>(body)?.id))),
        "fulfillments/create" | "fulfillments/update" => {
            Ok(notice(heard, about_order(parse::<rest::OfOrder>(body)?.order_id)))
        }
        "refunds/create" => refund(channel, &parse(body)?, heard),
        "inventory_levels/update" => {
            let level: rest::Level = parse(body)?;
            Ok(tell(heard, Told::Level(translate::level_hint(&level))))
        }
        "inventory_levels/connect" => {
            // How much is there is not told by every version of this body.
            let (item, location) = stocked(&parse(body)?);
            Ok(notice(heard, NoticeAbout::Level(item, location)))
        }
        "inventory_levels/disconnect" => {
            // Nothing is counted there any longer.
            let (external, location) = stocked(&parse(body)?);
            Ok(tell(heard, Told::Level(LevelHint { external, location, level: None })))
        }
        "products/create"
        | "products/update"
        | "products/delete"
        | "inventory_items/create"
        | "inventory_items/update" => {
            // A product may be cut short in a webhook, and one is sent for every stock change too: the catalogue is
            // asked for what changed.
            let _: rest::Named = parse(body)?;
            Ok(notice(heard, NoticeAbout::Catalogue))
        }
        "inventory_items/delete" => item_removed(channel, &parse(body)?, heard),
        "customers/create" | "customers/update" => {
            let customer = translate::customer_of_rest(channel, parse(body)?)?;
            Ok(Heard { person: Some(customer.customer.clone()), ..tell(heard, Told::Customer(customer)) })
        }
        "customers/delete" => {
            let id = parse::<rest::Named>(body)?.id.text();
            let customer = translate::customer_deleted(channel, &id, triggered_at(delivery.headers)?);
            Ok(Heard { person: Some(customer.customer.clone()), ..tell(heard, Told::Customer(customer)) })
        }
        "customers/redact" => redacted(channel, &parse(body)?, delivery, heard),
        "customers/data_request" => {
            let asked: rest::DataRequest = parse(body)?;
            believed(&asked.shop_domain, &heard)?;
            let customer = CustomerKey::new(&asked.customer.id.text());
            Ok(Heard { person: Some(customer.clone()), control: Some(Control::Access { customer }), ..heard })
        }
        "shop/redact" => {
            believed(&parse::<rest::ShopRedact>(body)?.shop_domain, &heard)?;
            Ok(Heard { control: Some(Control::ForgetAll), ..heard })
        }
        "customers/merge" => {
            // Sent when the merge begins, too, and it may fail: who is left is asked.
            let merged: rest::Merged = parse(body)?;
            let both = [merged.admin_graphql_api_customer_deleted_id, merged.admin_graphql_api_customer_kept_id];
            let about = |id: &Gid| NoticeAbout::Customer(CustomerKey::new(id.number()));
            Ok(Heard { notices: both.iter().map(about).collect(), ..heard })
        }
        "locations/create"
        | "locations/update"
        | "locations/delete"
        | "locations/activate"
        | "locations/deactivate" => {
            let _: rest::Named = parse(body)?;
            Ok(notice(heard, NoticeAbout::Locations))
        }
        "app/uninstalled" => uninstalled(&parse(body)?, heard),
        _ => Err(unreadable(format!("header {TOPIC}"), "not a topic that the hub subscribes to".to_owned())),
    }
}

fn order(channel: ChannelId, order: &rest::Order, heard: Heard) -> Result<Heard, Unreadable> {
    let person = order.customer.as_ref().map(|customer| CustomerKey::new(&customer.id.text()));
    let known = order_rest::known(order)?;
    let seen = known.seen(channel)?;
    let heard = Heard { person, ..heard };
    Ok(if known.is_complete() {
        tell(heard, Told::Order(Box::new(seen)))
    } else {
        notice(heard, about_order(order.id))
    })
}

fn refund(channel: ChannelId, refund: &rest::Refund, heard: Heard) -> Result<Heard, Unreadable> {
    Ok(match order_rest::returned(refund, channel)? {
        Some(seen) => tell(heard, Told::Order(Box::new(seen))),
        None => notice(heard, about_order(refund.order_id)),
    })
}

/// Believed only when the signed body is all that is left of an item: the body of a change, sent again under this
/// topic, would take a living item's mapping away.
fn item_removed(channel: ChannelId, removed: &rest::Removed, heard: Heard) -> Result<Heard, Unreadable> {
    if removed.updated_at.is_some() {
        return Err(unreadable("updated_at".to_owned(), "what is deleted has none".to_owned()));
    }
    let external = ExternalItem::new(&removed.id.text());
    Ok(tell(heard, Told::Item(Box::new(translate::item_deleted(channel, external)))))
}

fn stocked(place: &rest::Stocked) -> (ExternalItem, ExternalLocation) {
    let location = ExternalLocation::new(&place.location_id.text());
    (ExternalItem::new(&place.inventory_item_id.text()), location)
}

/// A person has to be forgotten: as if the customer were deleted. Believed as [`uninstalled`] is.
fn redacted(
    channel: ChannelId,
    redact: &rest::Redact,
    delivery: &Delivery<'_>,
    heard: Heard,
) -> Result<Heard, Unreadable> {
    believed(&redact.shop_domain, &heard)?;
    let customer = translate::customer_deleted(channel, &redact.customer.id.text(), triggered_at(delivery.headers)?);
    let documents = redact.orders_to_redact.iter().map(|id| DocumentKey::new(&id.text())).collect();
    let forget = Control::Forget { customer: customer.customer.clone(), documents };
    let person = Some(customer.customer.clone());
    Ok(Heard { person, control: Some(forget), ..tell(heard, Told::Customer(customer)) })
}

fn believed(shop: &str, heard: &Heard) -> Result<(), Unreadable> {
    if heard.account.as_deref() == Some(shop) {
        return Ok(());
    }
    Err(unreadable("shop_domain".to_owned(), format!("not the shop of header {SHOP}")))
}

/// Believed only when the signed body is the shop that the unsigned header names: otherwise any old body, sent again
/// under this topic, would switch the channel off.
fn uninstalled(shop: &rest::Shop, heard: Heard) -> Result<Heard, Unreadable> {
    if heard.account.as_deref() != Some(shop.myshopify_domain.as_str()) {
        return Err(unreadable("myshopify_domain".to_owned(), format!("not the shop of header {SHOP}")));
    }
    Ok(Heard { control: Some(Control::Revoked), ..heard })
}

fn about_order(id: Id) -> NoticeAbout {
    NoticeAbout::Order(DocumentKey::new(&id.text()))
}

fn tell(heard: Heard, told: Told) -> Heard {
    Heard { told: vec![told], ..heard }
}

fn notice(heard: Heard, about: NoticeAbout) -> Heard {
    Heard { notices: vec![about], ..heard }
}

fn triggered_at(headers: &HeaderMap) -> Result<Instant, Unreadable> {
    Instant::parse(header(headers, TRIGGERED_AT)?)
        .map_err(|error| unreadable(format!("header {TRIGGERED_AT}"), error.to_string()))
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Unreadable> {
    let refuse = |problem: &str| unreadable(format!("header {name}"), problem.to_owned());
    let value = headers.get(name).ok_or_else(|| refuse("missing"))?;
    let text = value.to_str().map_err(|_| refuse("not plain text"))?;
    if text.trim().is_empty() { Err(refuse("empty")) } else { Ok(text.trim()) }
}
