//! The one place where these tests touch the connector: deliveries and replies in, text out.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors::{
    Account, Batch, Connector, Delivery, Heard, LevelHint, Page, Question, Reply, Request, Run, Secret, Step, Told,
    Trouble, Unreadable, connector,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::{ChannelId, Currency, Instant, OrderSeen, Outcome, PartState, Platform, Restock, WriteMode};

pub const SECRET: &str = "hush-hush";

pub fn shopify() -> &'static dyn Connector {
    connector(Platform::Shopify)
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/shopify/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn account() -> Account {
    let currency = Currency::parse("GBP").expect("code");
    Account::new(ChannelId(3), "https://kiln.myshopify.com", Secret::new("token-of-kiln"), currency)
}

pub fn reply(status: u16, body: &[u8]) -> Reply {
    Reply { status, headers: HeaderMap::new(), body: body.to_vec(), sent_at: Instant(0) }
}

/// Headers of a delivery, signed with `SECRET`.
pub fn headers(topic: &str, body: &[u8]) -> HeaderMap {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, body));
    let pairs = [
        ("x-shopify-topic", topic),
        ("x-shopify-hmac-sha256", &signature),
        ("x-shopify-shop-domain", "kiln.myshopify.com"),
        ("x-shopify-api-version", "2026-10"),
        ("x-shopify-webhook-id", "delivery-1"),
        ("x-shopify-triggered-at", "2026-11-20T09:00:07.123456Z"),
    ];
    let pair = |(name, value): (&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).expect("plain text"))
    };
    pairs.into_iter().map(pair).collect()
}

pub fn read(topic: &str, body: &[u8]) -> Result<Heard, Unreadable> {
    let headers = headers(topic, body);
    let delivery = Delivery {
        headers: &headers,
        url: "https://hub.example.test/hooks/shopify/a",
        topic: "",
        at: model::Instant(0),
        body,
    };
    let verified = shopify().verify(delivery, &[Secret::new(SECRET)]).expect("signed just now");
    shopify().read(ChannelId(3), &verified).map(only)
}

/// What a delivery says, or why it cannot be read.
pub fn heard(topic: &str, name: &str) -> String {
    match read(topic, &fixture(name)) {
        Ok(heard) => say(&heard),
        Err(error) => format!("unreadable: {error}"),
    }
}

fn say(heard: &Heard) -> String {
    assert_eq!((heard.delivery_id.as_str(), heard.account.as_deref()), ("delivery-1", Some("kiln.myshopify.com")));
    let person = heard.person.iter().map(|person| format!("person {person}"));
    let told = heard.told.iter().map(say_told);
    let notices = heard.notices.iter().map(|notice| format!("notice {notice:?}"));
    let control = heard.control.iter().map(|control| format!("control {control:?}"));
    person.chain(told).chain(notices).chain(control).collect::<Vec<_>>().join("\n")
}

pub fn learn(question: &Question, name: &str) -> Result<Page, Trouble> {
    shopify().learn(question, &account(), &reply(200, &fixture(name)))
}

/// What an answer says.
pub fn learned(question: &Question, name: &str) -> String {
    match learn(question, name) {
        Ok(page) => say_page(&page),
        Err(trouble) => format!("{trouble:?}"),
    }
}

pub fn say_page(page: &Page) -> String {
    let told = page.told.iter().map(say_told);
    let missing = page.missing.iter().map(|id| format!("missing {id}"));
    let subscriptions = page.subscriptions.iter().map(|it| format!("{it:?}"));
    let next = page.next.iter().map(|next| format!("next after {} ms: {}", page.wait_ms, say_next(next)));
    told.chain(missing).chain(subscriptions).chain(next).collect::<Vec<_>>().join("\n")
}

fn say_next(question: &Question) -> String {
    match question {
        Question::Orders { cursor: Some(cursor), .. } if cursor.starts_with("rest:") => "details".to_owned(),
        other => format!("{other:?}"),
    }
}

fn say_told(told: &Told) -> String {
    match told {
        Told::Order(order) => say_order(order),
        Told::Item(item) if item.deleted => format!("item {} deleted", item.external),
        Told::Item(item) => format!(
            "item {} {:?} sku {:?} title {:?} barcodes {:?} price {} tracked {} tax inclusive {}",
            item.external,
            item.aliases,
            item.sku,
            item.title,
            item.barcodes,
            item.price.map(model::Money::to_decimal).unwrap_or_default(),
            item.tracked,
            item.tax_inclusive
        ),
        Told::Location(it) => format!("location {} {:?} active {}", it.external, it.name, it.active),
        Told::Customer(it) => format!("customer {} version {} person {:?}", it.customer, it.version, it.person),
        Told::Level(LevelHint { external, location, level }) => format!("level {external} at {location}: {level:?}"),
    }
}

fn say_order(order: &OrderSeen) -> String {
    let mut text = format!(
        "order {} {:?} {:?} {:?} version {} total {} {:?} customer {:?} contact {}",
        order.document,
        order.reference,
        order.kind,
        order.state,
        order.version,
        order.total.to_decimal(),
        order.currency,
        order.customer,
        order.contact.is_some()
    );
    for line in order.lines.iter().flatten() {
        let price = line.price.map(model::Money::to_decimal).unwrap_or_default();
        text += &format!("\n  line {} {:?} {:?} x{} at {price}:", line.line, line.item, line.sku, line.quantity);
        for part in &line.parts {
            let state = match part.state {
                PartState::Promised => "promised",
                PartState::Gone => "gone",
            };
            let place = part.location.as_ref().map_or("?", |location| location.as_str());
            text += &format!(" {} {state} at {place}", part.quantity);
        }
    }
    for back in &order.returns {
        let place = match &back.restock {
            Restock::At(location) => format!("at {location}"),
            Restock::Nowhere => "nowhere".to_owned(),
        };
        text += &format!("\n  back {} {} {:?} x{} {place}", back.document, back.line, back.item, back.quantity);
    }
    text
}

fn only(mut heard: Vec<Heard>) -> Heard {
    assert_eq!(heard.len(), 1, "one account, one part");
    heard.remove(0)
}

/// The first request of a composed body.
pub fn carry(body: &[u8], account: &Account) -> Result<Request, Trouble> {
    let (mode, key) = (WriteMode::Raise, String::new());
    let batch = Batch { mode, key, dated: Instant(0), rows: Vec::new(), listings: Vec::new() };
    match shopify().step(&batch, body, account, &Run { first: true, replies: &[] })? {
        Step::Send(request) => Ok(*request),
        Step::Settled(outcomes) => panic!("settled before anything was sent: {outcomes:?}"),
    }
}

/// What the reply to it says.
pub fn hear(batch: &Batch, reply: &Reply) -> Result<Vec<Outcome>, Trouble> {
    match shopify().step(batch, b"{}", &account(), &Run { first: true, replies: std::slice::from_ref(reply) })? {
        Step::Settled(outcomes) => Ok(outcomes),
        Step::Send(request) => panic!("one request does it: {request:?}"),
    }
}
