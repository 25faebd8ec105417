//! The small language the tests speak: fixtures, an account, deliveries with their word, replies, runs.

use connectors::{
    Account, Batch, Connector, Delivery, Forged, Heard, Page, Question, Reply, Row, Run, Secret, Step, Trouble,
    Unreadable, connector,
};
use http::{HeaderMap, HeaderValue};
use model::{ChannelId, Currency, ExternalItem, ExternalLocation, Instant, Level, Platform, WriteMode};

pub const CHANNEL: ChannelId = ChannelId(6);
pub const MERCHANT: &str = "MKIOSKLISBOA1";
pub const URL: &str = "https://hub.example.com/hooks/clover/main";
pub const WORD: &str = "b7f1a0c2-auth-word";
/// When replies come, on both clocks.
pub const NOW: Instant = Instant(1_795_428_500_000);

pub fn clover() -> &'static dyn Connector {
    connector(Platform::Clover)
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/clover/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn eur() -> Currency {
    Currency::parse("EUR").expect("three letters")
}

pub fn account() -> Account {
    let mut account = Account::new(CHANNEL, "https://api.example.com", Secret::new("seller-token"), eur());
    account.account = MERCHANT.to_owned();
    account.client_id = "AKIOSKAPP0001".to_owned();
    account.client_secret = Some(Secret::new("app-secret"));
    account
}

pub fn headers(words: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for word in words {
        headers.append("X-Clover-Auth", HeaderValue::from_str(word).expect("plain text"));
    }
    headers
}

pub fn delivery<'a>(headers: &'a HeaderMap, body: &'a [u8]) -> Delivery<'a> {
    Delivery { headers, url: URL, topic: "", at: NOW, body }
}

/// Judged with these secrets, by the words in its headers.
pub fn judged(words: &[&str], body: &[u8], secrets: &[&str]) -> Result<(), Forged> {
    let headers = headers(words);
    let secrets: Vec<Secret> = secrets.iter().map(|text| Secret::new(text)).collect();
    clover().verify(delivery(&headers, body), &secrets).map(|_| ())
}

/// What a genuine body says.
pub fn heard(body: &[u8]) -> Result<Vec<Heard>, Unreadable> {
    let headers = headers(&[WORD]);
    let verified = clover().verify(delivery(&headers, body), &[Secret::new(WORD)]).expect("it bears the word");
    clover().read(CHANNEL, &verified)
}

pub fn reply(status: u16, body: &[u8]) -> Reply {
    Reply { status, headers: HeaderMap::new(), body: body.to_vec(), sent_at: NOW }
}

pub fn learned(question: &Question, body: &[u8]) -> Result<Page, Trouble> {
    clover().learn(question, &account(), &reply(200, body))
}

/// Method, path and query of the request that asks.
pub fn asked(question: &Question) -> String {
    let request = clover().ask(question, &account()).expect("it can be asked");
    format!("{} {}", request.http.method(), request.http.uri().path_and_query().expect("it has a path"))
}

pub fn item(id: &str) -> ExternalItem {
    ExternalItem::new(id)
}

pub fn shop() -> ExternalLocation {
    ExternalLocation::new(MERCHANT)
}

pub fn level(text: &str) -> Level {
    Level::parse(text).expect("a level")
}

/// Rows as `(item, from, to)`.
pub fn batch(mode: WriteMode, rows: &[(&str, &str, &str)]) -> Batch {
    let row = |(external, from, to): &(&str, &str, &str)| Row {
        external: item(external),
        aliases: Vec::new(),
        location: shop(),
        from: level(from),
        to: level(to),
    };
    Batch { mode, key: "write-3".to_owned(), dated: NOW, rows: rows.iter().map(row).collect(), listings: Vec::new() }
}

/// The next step after these replies.
pub fn step(batch: &Batch, first: bool, replies: &[Reply]) -> Result<Step, Trouble> {
    let body = clover().compose(batch).expect("it can be said");
    clover().step(batch, &body, &account(), &Run { first, replies })
}
