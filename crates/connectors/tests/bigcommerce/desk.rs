//! The small language the tests speak: fixtures, an account, signed deliveries, replies, runs.

use aws_lc_rs::hmac;
use base64::Engine;
use connectors::{
    Account, Batch, Connector, Delivery, Forged, Heard, Page, Question, Reply, Request, Row, Run, Secret, Step, Told,
    Trouble, Unreadable, connector,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::{
    ChannelId, Currency, DocumentKey, ExternalItem, ExternalLocation, Instant, Level, OrderSeen, Outcome, Platform,
    WriteMode,
};
use serde_json::Value;

pub const CHANNEL: ChannelId = ChannelId(6);
pub const URL: &str = "https://hub.example.com/hooks/bigcommerce/main";
pub const SECRET: &str = "client-secret-of-kiln";
/// The second in which every delivery of the fixtures was made.
pub const NOW_S: i64 = 1_795_514_400;

pub fn bigcommerce() -> &'static dyn Connector {
    connector(Platform::BigCommerce)
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/bigcommerce/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn value(name: &str) -> Value {
    serde_json::from_slice(&fixture(name)).expect("a fixture is JSON")
}

pub fn account() -> Account {
    let token = Secret::new("token-of-kiln");
    let euro = Currency::parse("EUR").expect("three letters");
    Account { account: "k3lnw0rk".to_owned(), ..Account::new(CHANNEL, "https://api.example.com", token, euro) }
}

pub fn signature(key: &str, id: &str, at_s: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hmac::sign(&key, &[format!("{id}.{at_s}.").as_bytes(), body].concat());
    format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(tag))
}

pub fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pairs = pairs.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().expect("a header's name");
        (name, HeaderValue::from_str(value).expect("plain text"))
    });
    let mut headers = HeaderMap::new();
    pairs.for_each(|(name, value)| {
        headers.append(name, value);
    });
    headers
}

pub fn judged(headers: &HeaderMap, body: &[u8], secrets: &[&str]) -> Result<(), Forged> {
    let secrets: Vec<Secret> = secrets.iter().map(|text| Secret::new(text)).collect();
    bigcommerce().verify(delivery(headers, body), &secrets).map(|_| ())
}

fn delivery<'a>(headers: &'a HeaderMap, body: &'a [u8]) -> Delivery<'a> {
    Delivery { headers, url: URL, topic: "", at: Instant(NOW_S * 1_000), body }
}

/// What a well signed body says, when it is believed.
pub fn heard_if_believed(body: &[u8]) -> Option<Result<Heard, Unreadable>> {
    let (at, tag) = (NOW_S.to_string(), signature(SECRET, "msg_1", NOW_S, body));
    let headers = headers(&[("webhook-id", "msg_1"), ("webhook-timestamp", &at), ("webhook-signature", &tag)]);
    let verified = bigcommerce().verify(delivery(&headers, body), &[Secret::new(SECRET)]).ok()?;
    Some(bigcommerce().read(CHANNEL, &verified).map(|mut parts| {
        assert_eq!(parts.len(), 1, "a delivery is about one store");
        parts.remove(0)
    }))
}

pub fn heard(body: &[u8]) -> Result<Heard, Unreadable> {
    heard_if_believed(body).expect("the delivery is signed with the key")
}

pub fn reply(status: u16, body: &[u8]) -> Reply {
    Reply { status, headers: HeaderMap::new(), body: body.to_vec(), sent_at: Instant(NOW_S * 1_000) }
}

pub fn dated(status: u16, body: &[u8], date: &str) -> Reply {
    Reply { headers: headers(&[("date", date)]), ..reply(status, body) }
}

pub fn learned(question: &Question, body: &[u8]) -> Result<Page, Trouble> {
    bigcommerce().learn(question, &account(), &reply(200, body))
}

pub fn ask(question: &Question) -> Request {
    bigcommerce().ask(question, &account()).expect("it can be asked")
}

/// Method and address without the store's part, with `%3A`, `%2C` and `%2B` made readable.
pub fn line(request: &Request) -> String {
    let uri = request.http.uri().to_string();
    let path = uri.strip_prefix("https://api.example.com/stores/k3lnw0rk").expect("the store's address").to_owned();
    format!("{} {}", request.http.method(), path.replace("%3A", ":").replace("%2C", ",").replace("%2B", "+"))
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(request.http.body()).expect("the body is JSON")
}

pub fn item(id: &str) -> ExternalItem {
    ExternalItem::new(id)
}

pub fn place(id: &str) -> ExternalLocation {
    ExternalLocation::new(id)
}

pub fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an RFC 3339 time")
}

pub fn documents(ids: &[&str]) -> Question {
    Question::OrdersOf { documents: ids.iter().map(|id| DocumentKey::new(id)).collect() }
}

/// The orders that a page tells.
pub fn orders(page: &Page) -> Vec<&OrderSeen> {
    page.told
        .iter()
        .map(|told| match told {
            Told::Order(order) => &**order,
            _ => panic!("the page tells something else: {told:?}"),
        })
        .collect()
}

/// Levels of a page as `item@location=level`.
pub fn levels(page: &Page) -> Vec<String> {
    let level = |told: &Told| match told {
        Told::Level(hint) => {
            let level = hint.level.map_or("none".to_owned(), |level| level.to_string());
            format!("{}@{}={level}", hint.external, hint.location)
        }
        _ => panic!("the page tells something else: {told:?}"),
    };
    page.told.iter().map(level).collect()
}

/// Plays the questions about one order with these bodies, in order, and gives the last page and what was asked.
pub fn read_order(id: &str, bodies: &[&[u8]]) -> (Page, Vec<String>) {
    let mut question = documents(&[id]);
    let mut asked = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        asked.push(line(&ask(&question)));
        let page = learned(&question, body).expect("it is an answer");
        match page.next.clone() {
            Some(next) if at + 1 < bodies.len() => question = next,
            _ => {
                assert_eq!(at + 1, bodies.len(), "nothing is asked after {asked:?}");
                return (page, asked);
            }
        }
    }
    panic!("there is no body");
}

/// Rows as `(variant, location, from, to)`.
pub fn batch(mode: WriteMode, rows: &[(&str, &str, i32, i32)]) -> Batch {
    let rows = rows.iter().map(|(external, location, from, to)| Row {
        external: item(external),
        aliases: Vec::new(),
        location: place(location),
        from: Level::units(*from),
        to: Level::units(*to),
    });
    let dated = at("2026-11-20T16:40:00Z");
    Batch { mode, key: "write-7".to_owned(), dated, rows: rows.collect(), listings: Vec::new() }
}

pub fn step(batch: &Batch, first: bool, replies: &[Reply]) -> Result<Step, Trouble> {
    let body = bigcommerce().compose(batch).expect("it can be said");
    bigcommerce().step(batch, &body, &account(), &Run { first, replies })
}

/// The request that a run wants next.
pub fn wanted(batch: &Batch, first: bool, replies: &[Reply]) -> Request {
    match step(batch, first, replies).expect("it goes on") {
        Step::Send(request) => *request,
        Step::Settled(outcomes) => panic!("it is settled: {outcomes:?}"),
    }
}

/// How a run ended.
pub fn settled(batch: &Batch, first: bool, replies: &[Reply]) -> Vec<Outcome> {
    match step(batch, first, replies).expect("it goes on") {
        Step::Settled(outcomes) => outcomes,
        Step::Send(request) => panic!("it wants {}", line(&request)),
    }
}

pub fn done(after: Option<i32>) -> Outcome {
    Outcome::Done { after: after.map(Level::units) }
}

pub fn never(because: &str) -> Outcome {
    Outcome::Never { because: model::Note::new(because) }
}

/// A page of stock: `(variant, product, location, available)`.
pub fn stock(rows: &[(u64, u64, u64, i64)]) -> Vec<u8> {
    let data: Vec<Value> = rows
        .iter()
        .map(|(variant, product, location, available)| {
            serde_json::json!({
                "identity": {"sku": "S", "variant_id": variant, "product_id": product, "sku_id": null},
                "locations": [{"location_id": location, "available_to_sell": available, "total_inventory_onhand": available}],
            })
        })
        .collect();
    let meta = serde_json::json!({"pagination": {"total_pages": 1, "current_page": 1}});
    serde_json::json!({"data": data, "meta": meta}).to_string().into_bytes()
}
