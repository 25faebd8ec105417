//! Deliveries: is it genuine, and what does it point at. Called through the `Connector` by the first step of a sale.
//!
//! <https://x-series-api.lightspeedhq.com/docs/webhooks>, read 2026-11-23. The payload has another shape than the API of
//! 2026-07 has, and may come late, doubled or never; so it is believed only as far as what changed, and that is read.

use aws_lc_rs::{digest, hmac};
use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, NoticeAbout};

use super::form;
use super::topic::Topic;
use super::translate::{given, needed};
use super::wire::{Hint, object, unreadable};
use crate::{Delivery, Forged, Heard, Secret, Unreadable, Verified};

const SIGNATURE: &str = "x-signature";
const ALGORITHM: &str = "HMAC-SHA256";

/// The signature is over the bytes of the body as they came, form-encoded, under the client secret of the application.
///
/// # Errors
/// When no secret gives the signature, or its header is not of the documented form or there twice.
pub(super) fn verify<'a>(delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
    // An empty key would let everybody sign.
    let mut secrets = secrets.iter().filter(|secret| !secret.expose().is_empty()).peekable();
    if secrets.peek().is_none() {
        return Err(Forged::NoSecret);
    }
    if delivery.body.is_empty() {
        return Err(Forged::Empty);
    }
    let mut headers = delivery.headers.get_all(SIGNATURE).iter();
    let header = headers.next().ok_or(Forged::Missing { header: SIGNATURE })?;
    let malformed = || Forged::Malformed { header: SIGNATURE };
    if headers.next().is_some() {
        return Err(malformed());
    }
    let signature = signature(header.to_str().map_err(|_| malformed())?).ok_or_else(malformed)?;
    let fits = secrets.any(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        hmac::verify(&key, delivery.body, &signature).is_ok()
    });
    if fits { Ok(Verified::proven(delivery)) } else { Err(Forged::Mismatch) }
}

/// The bytes in `signature=…,algorithm=HMAC-SHA256`: both names once, in any order, and nothing else.
fn signature(header: &str) -> Option<Vec<u8>> {
    let (mut signature, mut algorithm) = (None, None);
    for pair in header.split(',') {
        let (name, value) = pair.split_once('=')?;
        let place = match name.trim() {
            "signature" => &mut signature,
            "algorithm" => &mut algorithm,
            _ => return None,
        };
        if place.replace(value.trim()).is_some() {
            return None;
        }
    }
    if algorithm? != ALGORITHM {
        return None;
    }
    form::unhex(signature?.as_bytes()).filter(|bytes| bytes.len() == digest::SHA256_OUTPUT_LEN)
}

/// What a genuine delivery points at.
///
/// # Errors
/// When its address does not name a type, or what it must point at is not there.
pub(super) fn read(delivery: &Verified<'_>) -> Result<Heard, Unreadable> {
    let delivery = delivery.delivery();
    let topic = Topic::named(delivery.topic)
        .ok_or_else(|| unreadable("", "the address it was sent to does not end in a type of webhook"))?;
    let fields = form::decode(delivery.body).ok_or_else(|| unreadable("", "is not a form"))?;
    let payload = one(&fields, "payload")?.ok_or_else(|| unreadable("payload", "is missing"))?;
    let hint: Hint = object(payload.as_bytes()).map_err(|error| below_payload(&error))?;
    let mut heard = Heard {
        delivery_id: delivery_id(topic, &hint, delivery.body),
        topic: topic.name().to_owned(),
        account: one(&fields, "domain_prefix")?.and_then(|text| given(Some(text))).map(str::to_owned),
        person: None,
        told: Vec::new(),
        notices: Vec::new(),
        control: None,
    };
    point(topic, &hint, &mut heard).map_err(|error| below_payload(&error))?;
    Ok(heard)
}

fn below_payload(error: &Unreadable) -> Unreadable {
    unreadable(super::wire::beneath("payload", &error.field), error.problem.clone())
}

/// A field that may be there once.
fn one<'a>(fields: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, Unreadable> {
    let mut found = fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let first = found.next();
    if found.next().is_some() { Err(unreadable(name, "is there twice")) } else { Ok(first) }
}

/// Lightspeed gives deliveries no id: the same version of the same record is the same news, else the same bytes.
fn delivery_id(topic: Topic, hint: &Hint, body: &[u8]) -> String {
    match (given(hint.id.as_deref()), hint.version()) {
        (Some(id), Some(version)) => format!("{}:{id}:{version}", topic.name()),
        _ => {
            let digest = digest::digest(&digest::SHA256, body);
            digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
        }
    }
}

fn point(topic: Topic, hint: &Hint, heard: &mut Heard) -> Result<(), Unreadable> {
    let id = || needed("", "id", hint.id.as_deref());
    match topic {
        Topic::SaleUpdate => {
            heard.notices.push(NoticeAbout::Order(DocumentKey::new(id()?)));
            heard.person = given(hint.customer_id.as_deref()).map(CustomerKey::new);
        }
        Topic::InventoryUpdate => {
            let item = ExternalItem::new(needed("", "product_id", hint.product_id.as_deref())?);
            let location = ExternalLocation::new(needed("", "outlet_id", hint.outlet_id.as_deref())?);
            heard.notices.push(NoticeAbout::Level(item, location));
        }
        Topic::ProductUpdate => heard.notices.push(NoticeAbout::Catalogue),
        Topic::CustomerUpdate => {
            let customer = CustomerKey::new(id()?);
            heard.notices.push(NoticeAbout::Customer(customer.clone()));
            heard.person = Some(customer);
        }
        // What these move is heard as levels.
        Topic::ConsignmentSend | Topic::ConsignmentReceive | Topic::RegisterClosure => {}
    }
    Ok(())
}
