//! The small language the tests speak: fixtures, an account, signed deliveries, replies.

use aws_lc_rs::hmac;
use base64::Engine;
use connectors::{
    Account, Batch, Connector, Delivery, Forged, Heard, Page, Question, Reply, Request, Row, Run, Secret, Step,
    Trouble, Unreadable, connector,
};
use http::{HeaderMap, HeaderValue};
use model::{ChannelId, Currency, ExternalItem, ExternalLocation, Instant, Level, Outcome, Platform, WriteMode};

pub const CHANNEL: ChannelId = ChannelId(4);
pub const URL: &str = "https://hub.example.com/hooks/square/main";
pub const KEY: &str = "sIgNaTuRe-kEy-9";

pub fn square() -> &'static dyn Connector {
    connector(Platform::Square)
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/square/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn account() -> Account {
    let currency = Currency::parse("EUR").expect("three letters");
    Account {
        application_token: Some(Secret::new("application-token")),
        locations: ["LPORTO1", "LBRAGA2"].map(ExternalLocation::new).to_vec(),
        ..Account::new(CHANNEL, "https://connect.example.com", Secret::new("seller-token"), currency)
    }
}

/// An account whose app is known, for OAuth.
pub fn app() -> Account {
    Account { client_id: "sq0idp-app".to_owned(), client_secret: Some(Secret::new("sq0csp-secret")), ..account() }
}

pub fn signature(key: &str, url: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hmac::sign(&key, &[url.as_bytes(), body].concat());
    base64::engine::general_purpose::STANDARD.encode(tag)
}

pub fn signed_headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-square-hmacsha256-signature", HeaderValue::from_str(signature).expect("plain text"));
    headers
}

/// Verified with these secrets, by header text.
pub fn judged(signature: Option<&str>, url: &str, body: &[u8], secrets: &[&str]) -> Result<(), Forged> {
    let headers = signature.map(signed_headers).unwrap_or_default();
    let secrets: Vec<Secret> = secrets.iter().map(|text| Secret::new(text)).collect();
    square().verify(Delivery { headers: &headers, url, topic: "", at: model::Instant(0), body }, &secrets).map(|_| ())
}

/// What a well signed body says.
pub fn heard(body: &[u8]) -> Result<Heard, Unreadable> {
    let headers = signed_headers(&signature(KEY, URL, body));
    let verified = square()
        .verify(Delivery { headers: &headers, url: URL, topic: "", at: model::Instant(0), body }, &[Secret::new(KEY)]);
    square().read(CHANNEL, &verified.expect("the delivery is signed with the key")).map(only)
}

pub fn reply(status: u16, body: &[u8]) -> Reply {
    Reply { status, headers: HeaderMap::new(), body: body.to_vec(), sent_at: Instant(1_763_656_000_000) }
}

pub fn learned(question: &Question, body: &[u8]) -> Result<Page, Trouble> {
    square().learn(question, &account(), &reply(200, body))
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

/// Rows as `(item, location, from, to)`.
pub fn batch(mode: WriteMode, rows: &[(&str, &str, &str, &str)]) -> Batch {
    let level = |text: &str| Level::parse(text).expect("a level");
    let rows = rows.iter().map(|(external, location, from, to)| Row {
        external: item(external),
        aliases: Vec::new(),
        location: place(location),
        from: level(from),
        to: level(to),
    });
    Batch {
        mode,
        key: "write-7".to_owned(),
        dated: at("2026-11-20T16:40:00Z"),
        rows: rows.collect(),
        listings: Vec::new(),
    }
}

/// As [`heard`], for bytes that may not even be believed when they are signed.
pub fn heard_if_an_object(body: &[u8]) -> Option<Result<Heard, Unreadable>> {
    let headers = signed_headers(&signature(KEY, URL, body));
    let verified = square()
        .verify(Delivery { headers: &headers, url: URL, topic: "", at: model::Instant(0), body }, &[Secret::new(KEY)])
        .ok()?;
    Some(square().read(CHANNEL, &verified).map(only))
}

fn only(mut heard: Vec<Heard>) -> Heard {
    assert_eq!(heard.len(), 1, "one account, one part");
    heard.remove(0)
}

/// The first request of a composed body.
pub fn carry(body: &[u8], account: &Account) -> Result<Request, Trouble> {
    let (mode, key) = (WriteMode::Raise, String::new());
    let batch = Batch { mode, key, dated: Instant(0), rows: Vec::new(), listings: Vec::new() };
    match square().step(&batch, body, account, &Run { first: true, replies: &[] })? {
        Step::Send(request) => Ok(*request),
        Step::Settled(outcomes) => panic!("settled before anything was sent: {outcomes:?}"),
    }
}

/// What the reply to it says.
pub fn hear(batch: &Batch, reply: &Reply) -> Result<Vec<Outcome>, Trouble> {
    match square().step(batch, b"{}", &account(), &Run { first: true, replies: std::slice::from_ref(reply) })? {
        Step::Settled(outcomes) => Ok(outcomes),
        Step::Send(request) => panic!("one request does it: {request:?}"),
    }
}
