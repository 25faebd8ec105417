//! Deliveries: is it genuine, and what does it say. Called through the `Connector` by the first step of a sale.
//!
//! <https://docs.clover.com/dev/docs/webhooks>, read 2026-11-24. Nothing is signed: every delivery bears the same word
//! from the developer's dashboard. So a delivery is taken as a hint only, and everything it names is read back.

use aws_lc_rs::{constant_time, digest};
use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, NoticeAbout};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::PAYMENT;
use super::wire::{Event, News, below, parse, parse_at, unreadable};
use crate::{Control, Delivery, Forged, Heard, Secret, Unreadable, Verified};

const AUTH: &str = "x-clover-auth";

/// Whether the header is one of the secrets.
///
/// # Errors
/// When it is missing, doubled, or another.
pub(super) fn verify<'a>(delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
    // An empty secret would let everybody in.
    let secrets: Vec<&Secret> = secrets.iter().filter(|secret| !secret.expose().is_empty()).collect();
    if secrets.is_empty() {
        return Err(Forged::NoSecret);
    }
    if delivery.body.is_empty() {
        return Err(Forged::Empty);
    }
    let mut told = delivery.headers.get_all(AUTH).iter();
    let header = told.next().ok_or(Forged::Missing { header: AUTH })?;
    if told.next().is_some() || header.is_empty() {
        return Err(Forged::Malformed { header: AUTH });
    }
    let equal =
        |secret: &Secret| constant_time::verify_slices_are_equal(secret.expose().as_bytes(), header.as_bytes()).is_ok();
    // Every secret is compared, so that the time taken does not tell which one was meant.
    let fits = secrets.into_iter().fold(false, |fits, secret| fits | equal(secret));
    if fits { Ok(Verified::proven(delivery)) } else { Err(Forged::Mismatch) }
}

/// What a genuine delivery says, merchant by merchant. An event that cannot be read is counted in the topic and does not
/// spoil the others: all that it could have named is polled as well.
///
/// # Errors
/// When the body is no news, or there is not one readable event in it.
pub(super) fn read(delivery: &Verified<'_>) -> Result<Vec<Heard>, Unreadable> {
    let body = delivery.delivery().body;
    let news: News = parse(body).map_err(|error| if is_cut_off(body) { cut_off() } else { error })?;
    let mut heard = Vec::new();
    let mut first_fault = None;
    for (merchant, events) in &news.merchants {
        match part(merchant, events) {
            Ok(part) => heard.push(part),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    match first_fault {
        Some(fault) if heard.is_empty() => Err(fault),
        Some(_) | None => Ok(heard),
    }
}

/// Whether the body is the beginning of JSON and not the end. Elsewhere a signature would have shown it.
fn is_cut_off(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_err_and(|error| error.is_eof())
}

/// Nothing but the news is lost: what they were about is polled, and customers who changed are told again when they
/// change again.
fn cut_off() -> Unreadable {
    unreadable(
        "",
        "the news were cut off on their way, and Clover signs nothing by which that would show sooner. What they were \
         about is found by polling: orders, payments, items, stock, new and deleted customers. Only the change of a \
         customer is missed until that customer changes again. There is nothing to mend here; when it happens often, \
         look at what stands between Clover and this hub",
    )
}

/// The code in a body by which Clover checks a new address. Nothing else is in such a body.
pub(super) fn greeting(delivery: Delivery<'_>) -> Option<String> {
    /// Posted once, before the address is trusted and without the header.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Greeting {
        #[serde(rename = "verificationCode")]
        verification_code: String,
    }
    /// Longer than any code seen, short enough to be shown to a person.
    const CODE_MAX: usize = 200;
    let greeting: Greeting = parse(delivery.body).ok()?;
    let code = greeting.verification_code.trim();
    let plain = code.chars().all(|letter| letter.is_ascii_graphic());
    (plain && !code.is_empty() && code.len() <= CODE_MAX).then(|| code.to_owned())
}

fn part(merchant: &str, events: &Value) -> Result<Heard, Unreadable> {
    let place = below("merchants", merchant);
    if merchant.trim().is_empty() {
        return Err(unreadable("merchants", "has an empty merchant id"));
    }
    let events = events.as_array().ok_or_else(|| unreadable(place.clone(), "is not a list"))?;
    let mut heard = Heard {
        delivery_id: digest_of(merchant, events),
        topic: String::new(),
        account: Some(merchant.to_owned()),
        person: None,
        told: Vec::new(),
        notices: Vec::new(),
        control: None,
    };
    let mut topics: Vec<String> = Vec::new();
    let mut first_fault = None;
    let mut faults = 0;
    for (index, event) in events.iter().enumerate() {
        match say(&format!("{place}[{index}]"), merchant, event, &mut heard) {
            Ok(topic) if topics.contains(&topic) => {}
            Ok(topic) => topics.push(topic),
            Err(fault) => {
                faults += 1;
                first_fault = first_fault.or(Some(fault));
            }
        }
    }
    if let (Some(fault), true) = (first_fault, topics.is_empty()) {
        return Err(fault);
    }
    heard.topic = topics.join(" ");
    if faults > 0 {
        heard.topic.push_str(&format!(" ({faults} unreadable)"));
    }
    Ok(heard)
}

/// What one event says; answers its topic, `key:type`.
fn say(place: &str, merchant: &str, event: &Value, heard: &mut Heard) -> Result<String, Unreadable> {
    let event: Event = parse_at(place, event)?;
    let field = below(place, "objectId");
    let split = event.object_id.split_once(':');
    let (key, id) = split.ok_or_else(|| unreadable(field.clone(), "has no colon"))?;
    if !matches!(event.kind.as_str(), "CREATE" | "UPDATE" | "DELETE") {
        return Err(unreadable(below(place, "type"), "is not CREATE, UPDATE or DELETE"));
    }
    if id.trim().is_empty() || key.is_empty() || key.len() > 4 || !key.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(unreadable(field, "is not of the form KEY:ID"));
    }
    let mut notice = |about: NoticeAbout| {
        if !heard.notices.contains(&about) {
            heard.notices.push(about);
        }
    };
    match key {
        "O" => notice(NoticeAbout::Order(DocumentKey::new(id))),
        // The order it belongs to has to be asked for.
        "P" => notice(NoticeAbout::Order(DocumentKey::new(&format!("{PAYMENT}{id}")))),
        "I" => {
            // What is deleted has no level; the catalogue says that it is.
            if event.kind != "DELETE" {
                notice(NoticeAbout::Level(ExternalItem::new(id), ExternalLocation::new(merchant)));
            }
            notice(NoticeAbout::Catalogue);
        }
        "C" => notice(NoticeAbout::Customer(CustomerKey::new(id))),
        "A" if event.kind == "DELETE" => heard.control = Some(Control::Revoked),
        // Categories, modifiers, employees, the app's plan: nothing that the hub keeps.
        _ => {}
    }
    Ok(format!("{key}:{}", event.kind))
}

/// Clover numbers no deliveries: what is in it is its name, so that the same news again is a duplicate.
fn digest_of(merchant: &str, events: &[Value]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut take = |text: &str| {
        context.update(&(text.len() as u64).to_le_bytes());
        context.update(text.as_bytes());
    };
    take(merchant);
    for event in events {
        for field in ["objectId", "type", "ts"] {
            take(&event.get(field).unwrap_or(&Value::Null).to_string());
        }
    }
    let digest = context.finish();
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
