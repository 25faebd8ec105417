//! The small language the tests speak: fixtures, an account, replies, batches.

use connectors::{
    Account, Batch, Connector, ListingRow, Page, Question, Reply, Request, Row, Run, Secret, Step, Trouble, connector,
};
use http::HeaderMap;
use model::{
    Barcode, ChannelId, Currency, ExternalItem, ExternalLocation, Instant, Level, Listing, Money, Outcome, Platform,
    Title, WriteMode,
};

/// Where the account's paths begin.
pub const BASE: &str = "https://api.example.com/API/V3/Account/7788";

pub const CHANNEL: ChannelId = ChannelId(6);

pub fn r_series() -> &'static dyn Connector {
    connector(Platform::LightspeedR)
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/lightspeed_r/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn euro() -> Currency {
    Currency::parse("EUR").expect("three letters")
}

pub fn account() -> Account {
    Account {
        account: "7788".to_owned(),
        client_id: "app 9".to_owned(),
        client_secret: Some(Secret::new("app-secret")),
        ..Account::new(CHANNEL, "https://api.example.com", Secret::new("access-token"), euro())
    }
}

pub fn reply(status: u16, body: &[u8]) -> Reply {
    Reply { status, headers: HeaderMap::new(), body: body.to_vec(), sent_at: Instant(1_763_740_800_000) }
}

pub fn with_header(mut reply: Reply, name: &'static str, value: &str) -> Reply {
    reply.headers.insert(name, value.parse().expect("plain text"));
    reply
}

pub fn learned(question: &Question, body: &[u8]) -> Result<Page, Trouble> {
    r_series().learn(question, &account(), &reply(200, body))
}

pub fn asked(question: &Question) -> Request {
    r_series().ask(question, &account()).expect("the question can be asked")
}

/// Method, path and query as they go out.
pub fn line(request: &Request) -> String {
    format!("{} {}", request.http.method(), request.http.uri())
}

pub fn body(request: &Request) -> serde_json::Value {
    serde_json::from_slice(request.http.body()).expect("the body is JSON")
}

pub fn item(id: &str) -> ExternalItem {
    ExternalItem::new(id)
}

pub fn shop(id: &str) -> ExternalLocation {
    ExternalLocation::new(id)
}

pub fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an RFC 3339 time")
}

pub fn units(units: i32) -> Level {
    Level::units(units)
}

/// Rows as `(item, shop, from, to)`.
pub fn batch(mode: WriteMode, rows: &[(&str, &str, i32, i32)]) -> Batch {
    let rows = rows.iter().map(|(external, location, from, to)| Row {
        external: item(external),
        aliases: Vec::new(),
        location: shop(location),
        from: units(*from),
        to: units(*to),
    });
    Batch {
        mode,
        key: "write-31".to_owned(),
        dated: at("2026-11-21T18:00:00Z"),
        rows: rows.collect(),
        listings: Vec::new(),
    }
}

/// A listing as `(title, cents, barcodes)`.
pub fn listing(title: &str, cents: Option<i64>, barcodes: &[&str]) -> Listing {
    Listing {
        title: Title::new(title),
        price: cents.map(|minor| Money { minor, currency: euro() }),
        tax_inclusive: true,
        barcodes: barcodes.iter().map(|code| Barcode::new(code)).collect(),
    }
}

pub fn listing_batch(rows: Vec<(&str, Listing, Listing)>) -> Batch {
    let listings = rows.into_iter().map(|(external, from, to)| ListingRow {
        external: item(external),
        aliases: Vec::new(),
        from,
        to,
    });
    Batch { listings: listings.collect(), ..batch(WriteMode::List, &[]) }
}

/// One step of a batch after these replies.
pub fn step(batch: &Batch, first: bool, replies: &[Reply]) -> Result<Step, Trouble> {
    let body = r_series().compose(batch).expect("the batch can be said");
    r_series().step(batch, &body, &account(), &Run { first, replies })
}

pub fn sent(step: Result<Step, Trouble>) -> Request {
    match step {
        Ok(Step::Send(request)) => *request,
        other => panic!("there is no request: {other:?}"),
    }
}

pub fn settled(step: Result<Step, Trouble>) -> Vec<Outcome> {
    match step {
        Ok(Step::Settled(outcomes)) => outcomes,
        other => panic!("it is not settled: {other:?}"),
    }
}
