//! The small language the tests speak: fixtures, an account, signed deliveries, replies, batches and their runs.

use aws_lc_rs::hmac;
use connectors::{
    Account, Batch, Connector, Delivery, Forged, Heard, Page, Question, Reply, Request, Row, Run, Secret, Step,
    Trouble, Unreadable, connector,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::{
    ChannelId, Currency, DocumentKey, ExternalItem, ExternalLocation, Instant, Level, Outcome, Platform, WriteMode,
};

pub const CHANNEL: ChannelId = ChannelId(6);
pub const URL: &str = "https://hub.example.net/hooks/lightspeed-x/casa";
pub const KEY: &str = "client-secret-of-the-app";

pub const MUG: &str = "0b7e2a10-3c44-4d1e-9a52-6f1d0c8e1001";
pub const BOWL: &str = "0b7e2a10-3c44-4d1e-9a52-6f1d0c8e1002";
pub const TEA: &str = "0b7e2a10-3c44-4d1e-9a52-6f1d0c8e1003";
pub const MAIN: &str = "4f9a1c22-8b60-4e7d-8f0a-2b7c5d3e2001";
pub const SIDE: &str = "4f9a1c22-8b60-4e7d-8f0a-2b7c5d3e2002";
pub const MARTA: &str = "7c5d9e33-1a2b-4c3d-9e4f-5a6b7c8d3001";
/// The sale in `sale.json` and in `hook_sale_update.json`.
pub const SALE: &str = "5e5e5e66-4d5e-4f60-9172-8d9eafb06001";

pub fn lightspeed() -> &'static dyn Connector {
    connector(Platform::LightspeedX)
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/lightspeed_x/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A fixture with one text replaced, which must be there.
pub fn altered(name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(fixture(name)).expect("a fixture is text");
    assert!(text.contains(from), "{name} has no {from}");
    text.replace(from, to).into_bytes()
}

pub fn eur() -> Currency {
    Currency::parse("EUR").expect("three letters")
}

pub fn account() -> Account {
    Account {
        account: "casa-nova".to_owned(),
        client_id: "client 1".to_owned(),
        client_secret: Some(Secret::new(KEY)),
        ..Account::new(CHANNEL, "https://casa-nova.retail.lightspeed.app", Secret::new("store-token"), eur())
    }
}

/// The body of a delivery, form-encoded by this test and not by the code under test.
pub fn form(payload: &[u8]) -> Vec<u8> {
    let mut body = b"domain_prefix=casa-nova&environment=prod&payload=".to_vec();
    for byte in payload {
        match byte {
            b' ' => body.push(b'+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => body.push(*byte),
            _ => body.extend_from_slice(format!("%{byte:02x}").as_bytes()),
        }
    }
    body
}

pub fn signature(key: &str, body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), body);
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("signature={hex},algorithm=HMAC-SHA256")
}

pub fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name: HeaderName = name.parse().expect("a header's name");
        headers.append(name, HeaderValue::from_str(value).expect("plain text"));
    }
    headers
}

fn delivery<'a>(topic: &'a str, headers: &'a HeaderMap, body: &'a [u8]) -> Delivery<'a> {
    Delivery { headers, url: URL, topic, at: Instant(0), body }
}

/// Verified with these secrets, by the values of the signature header.
pub fn judged(signatures: &[&str], body: &[u8], secrets: &[&str]) -> Result<(), Forged> {
    let pairs: Vec<(&str, &str)> = signatures.iter().map(|value| ("X-Signature", *value)).collect();
    let headers = headers(&pairs);
    let secrets: Vec<Secret> = secrets.iter().map(|text| Secret::new(text)).collect();
    lightspeed().verify(delivery("sale.update", &headers, body), &secrets).map(|_| ())
}

/// What a well signed body says at this topic's address.
pub fn heard_form(topic: &str, body: &[u8]) -> Result<Heard, Unreadable> {
    let headers = headers(&[("X-Signature", &signature(KEY, body))]);
    let verified = lightspeed().verify(delivery(topic, &headers, body), &[Secret::new(KEY)]);
    let mut heard = lightspeed().read(CHANNEL, &verified.expect("the delivery is signed with the key"))?;
    assert_eq!(heard.len(), 1);
    Ok(heard.remove(0))
}

pub fn heard(topic: &str, payload: &[u8]) -> Result<Heard, Unreadable> {
    heard_form(topic, &form(payload))
}

pub fn reply_with(status: u16, pairs: &[(&str, &str)], body: &[u8]) -> Reply {
    Reply { status, headers: headers(pairs), body: body.to_vec(), sent_at: at("2026-11-21T12:00:00Z") }
}

pub fn reply(status: u16, body: &[u8]) -> Reply {
    reply_with(status, &[], body)
}

pub fn learned(question: &Question, body: &[u8]) -> Result<Page, Trouble> {
    lightspeed().learn(question, &account(), &reply(200, body))
}

pub fn asked(question: &Question) -> Request {
    lightspeed().ask(question, &account()).expect("it can be asked")
}

/// Method, path with query, and body of a request.
pub fn said(request: &Request) -> (String, String, String) {
    let http = &request.http;
    let path = http.uri().path_and_query().map(|path| path.as_str()).unwrap_or_default();
    (http.method().to_string(), path.to_owned(), String::from_utf8(http.body().clone()).expect("text"))
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

pub fn level(text: &str) -> Level {
    Level::parse(text).expect("a level")
}

/// Rows as `(item, location, from, to)`, dated at noon like every reply here is sent.
pub fn batch(mode: WriteMode, rows: &[(&str, &str, &str, &str)]) -> Batch {
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
        dated: at("2026-11-21T12:00:00Z"),
        rows: rows.collect(),
        listings: Vec::new(),
    }
}

/// One step of a run with these replies so far.
pub fn step(batch: &Batch, first: bool, replies: &[Reply]) -> Result<Step, Trouble> {
    let body = lightspeed().compose(batch).expect("it can be said");
    lightspeed().step(batch, &body, &account(), &Run { first, replies })
}

/// The request of a step that is not the last.
pub fn sent(batch: &Batch, first: bool, replies: &[Reply]) -> Request {
    match step(batch, first, replies).expect("no trouble") {
        Step::Send(request) => *request,
        Step::Settled(outcomes) => panic!("it is settled already: {outcomes:?}"),
    }
}

/// The outcomes of the last step.
pub fn settled(batch: &Batch, first: bool, replies: &[Reply]) -> Vec<Outcome> {
    match step(batch, first, replies).expect("no trouble") {
        Step::Settled(outcomes) => outcomes,
        Step::Send(request) => panic!("it goes on with {:?}", said(&request)),
    }
}

pub fn documents(ids: &[&str]) -> Vec<DocumentKey> {
    ids.iter().map(|id| DocumentKey::new(id)).collect()
}
