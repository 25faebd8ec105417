//! One function per parser of what others wrote: whatever the bytes, it answers, and what it accepts it can say again.
//!
//! A finding is a panic. The fuzz targets feed them drawn bytes, the roof's test `fuzz_corpus` the checked-in ones.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use connectors::{Account, Batch, Connector, Delivery, Question, Reply, Row, Run, Secret, Step, connector};
use http::{HeaderMap, HeaderName, HeaderValue};
use journal::simdisk::SimDisk;
use journal::{Journal, Options, Prepare, SegmentJournal};
use model::{
    Change, ChannelId, Currency, CustomerKey, DocumentKey, Entry, ExternalItem, ExternalLocation, Instant, Level,
    Money, Platform, Quantity, WriteMode,
};

/// Something that is fed bytes. Answers whether they were what it reads.
pub type Parser = fn(&[u8]) -> bool;

/// Every parser by the name of its target and of its folder in `corpus/`.
pub const ALL: [(&str, Parser); 14] = [
    ("shopify_hook", shopify_hook),
    ("shopify_reply", shopify_reply),
    ("square_hook", square_hook),
    ("square_reply", square_reply),
    ("clover_hook", clover_hook),
    ("clover_reply", clover_reply),
    ("bigcommerce_hook", bigcommerce_hook),
    ("bigcommerce_reply", bigcommerce_reply),
    ("lightspeed_x_hook", lightspeed_x_hook),
    ("lightspeed_x_reply", lightspeed_x_reply),
    ("lightspeed_r_reply", lightspeed_r_reply),
    ("entries", entries),
    ("segment", segment),
    ("text", text),
];

const SECRET: &str = "a secret of the fuzzer";
/// When deliveries come in, in seconds.
const AT_S: i64 = 1_795_428_000;
const ADDRESS: &str = "https://hub.example.com/hooks/a/b";
const TOPICS: [&str; 16] = [
    "orders/create",
    "orders/updated",
    "orders/edited",
    "orders/delete",
    "fulfillments/create",
    "refunds/create",
    "inventory_levels/update",
    "inventory_levels/connect",
    "inventory_levels/disconnect",
    "products/update",
    "inventory_items/update",
    "customers/update",
    "customers/delete",
    "locations/update",
    "app/uninstalled",
    "no/topic",
];

fn signature(message: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(hmac::sign(&key, message))
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        let value = HeaderValue::from_str(value).ok()?;
        Some((HeaderName::from_static(name), value))
    };
    pairs.iter().filter_map(pair).collect()
}

fn hear(platform: &dyn Connector, headers: &HeaderMap, body: &[u8]) -> bool {
    hear_about("", platform, headers, body)
}

fn hear_about(topic: &str, platform: &dyn Connector, headers: &HeaderMap, body: &[u8]) -> bool {
    let delivery = Delivery { headers, url: ADDRESS, topic, at: Instant(AT_S * 1_000), body };
    assert!(platform.verify(delivery, &[Secret::new("another")]).is_err(), "another secret never fits");
    let Ok(verified) = platform.verify(delivery, &[Secret::new("another"), Secret::new(SECRET)]) else { return false };
    let first = platform.read(ChannelId(0), &verified);
    assert_eq!(first, platform.read(ChannelId(0), &verified), "the same bytes say the same twice");
    first.is_ok()
}

/// First byte: topic. The rest: a body, rightly signed.
pub fn shopify_hook(data: &[u8]) -> bool {
    let Some((topic, body)) = data.split_first() else { return false };
    let signature = signature(body);
    let headers = headers(&[
        ("x-shopify-topic", TOPICS[usize::from(*topic) % TOPICS.len()]),
        ("x-shopify-hmac-sha256", &signature),
        ("x-shopify-shop-domain", "kiln.myshopify.com"),
        ("x-shopify-webhook-id", "delivery-1"),
        ("x-shopify-triggered-at", "2026-11-20T09:00:07.123456Z"),
    ]);
    hear(connector(Platform::Shopify), &headers, body)
}

/// A body, rightly signed.
pub fn square_hook(data: &[u8]) -> bool {
    let signature = signature(&[ADDRESS.as_bytes(), data].concat());
    hear(connector(Platform::Square), &headers(&[("x-square-hmacsha256-signature", &signature)]), data)
}

/// A body with the right header.
pub fn clover_hook(data: &[u8]) -> bool {
    hear(connector(Platform::Clover), &headers(&[("x-clover-auth", SECRET)]), data)
}

/// A body, rightly signed.
pub fn bigcommerce_hook(data: &[u8]) -> bool {
    let at = AT_S.to_string();
    let signed = signature(&[b"msg_1.", at.as_bytes(), b".", data].concat());
    let pairs = [("webhook-id", "msg_1"), ("webhook-timestamp", &at), ("webhook-signature", &format!("v1,{signed}"))];
    hear(connector(Platform::BigCommerce), &headers(&pairs), data)
}

/// First byte: topic. The rest: a body, rightly signed.
pub fn lightspeed_x_hook(data: &[u8]) -> bool {
    const TOPICS: [&str; 6] =
        ["sale.update", "product.update", "customer.update", "inventory.update", "consignment.send", "no.topic"];
    let Some((topic, body)) = data.split_first() else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let hex: String = hmac::sign(&key, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let headers = headers(&[("x-signature", &format!("signature={hex},algorithm=HMAC-SHA256"))]);
    hear_about(TOPICS[usize::from(*topic) % TOPICS.len()], connector(Platform::LightspeedX), &headers, body)
}

fn questions() -> Vec<Question> {
    let cursor = |text: &str| Some(text.to_owned());
    vec![
        Question::Locations { cursor: None },
        Question::Catalogue { since: None, cursor: None },
        Question::Levels { cursor: None },
        Question::Levels { cursor: cursor("op:gid://shopify/BulkOperation/1") },
        Question::Levels { cursor: cursor("url:https://files.example.com/1") },
        Question::LevelsOf { rows: vec![(ExternalItem::new("1"), ExternalLocation::new("2"))] },
        Question::Orders { since: Instant(0), cursor: None },
        Question::Orders { since: Instant(0), cursor: cursor("x") },
        Question::OrdersOf { documents: vec![DocumentKey::new("1"), DocumentKey::new("2")] },
        Question::Customers { since: None, cursor: None },
        Question::CustomersOf { customers: vec![CustomerKey::new("1")] },
        Question::Subscriptions { cursor: None },
        Question::Subscribe { url: ADDRESS.to_owned(), present: Vec::new(), since: Instant(0) },
    ]
}

fn batch(mode: WriteMode) -> Batch {
    let row = |item: &str, from, to| Row {
        external: ExternalItem::new(item),
        aliases: Vec::new(),
        location: ExternalLocation::new("2"),
        from: Level::units(from),
        to: Level::units(to),
    };
    Batch {
        mode,
        key: "write-1".to_owned(),
        dated: Instant(0),
        rows: vec![row("1", 2, 1), row("3", 0, 0)],
        listings: Vec::new(),
    }
}

/// First byte: what was asked. Second byte: status. The rest: the body of the reply.
fn reply(platform: &dyn Connector, data: &[u8]) -> bool {
    let [asked, status, body @ ..] = data else { return false };
    const STATUS: [u16; 8] = [200, 200, 200, 201, 400, 401, 429, 500];
    let reply = Reply {
        status: STATUS[usize::from(*status) % STATUS.len()],
        headers: HeaderMap::new(),
        body: body.to_vec(),
        sent_at: Instant(1_763_656_000_000),
    };
    let Some(currency) = Currency::parse("EUR") else { return false };
    let account = Account {
        account: "acme".to_owned(),
        locations: vec![ExternalLocation::new("2")],
        ..Account::new(ChannelId(0), "https://platform.example.com", Secret::new("token"), currency)
    };
    let questions = questions();
    let _ = platform.budget(&reply);
    match questions.get(usize::from(*asked) % (questions.len() + 3)) {
        Some(question) => {
            let Ok(page) = platform.learn(question, &account, &reply) else { return false };
            // What a page says must be asked next can be asked, or is refused; it does not panic either.
            page.next.iter().for_each(|next| drop(platform.ask(next, &account)));
            true
        }
        None => [WriteMode::Lower, WriteMode::Raise, WriteMode::Correct].into_iter().any(|mode| {
            let batch = batch(mode);
            let replies = [reply.clone()];
            let Ok(body) = platform.compose(&batch) else { return false };
            match platform.step(&batch, &body, &account, &Run { first: true, replies: &replies }) {
                Ok(Step::Settled(outcomes)) => {
                    assert_eq!(outcomes.len(), batch.len(), "one per row");
                    true
                }
                Ok(Step::Send(_)) => true,
                Err(_) => false,
            }
        }),
    }
}

/// As [`reply`].
pub fn shopify_reply(data: &[u8]) -> bool {
    reply(connector(Platform::Shopify), data)
}

/// As [`reply`].
pub fn square_reply(data: &[u8]) -> bool {
    reply(connector(Platform::Square), data)
}

/// As [`reply`].
pub fn clover_reply(data: &[u8]) -> bool {
    reply(connector(Platform::Clover), data)
}

/// As [`reply`].
pub fn bigcommerce_reply(data: &[u8]) -> bool {
    reply(connector(Platform::BigCommerce), data)
}

/// As [`reply`].
pub fn lightspeed_x_reply(data: &[u8]) -> bool {
    reply(connector(Platform::LightspeedX), data)
}

/// As [`reply`].
pub fn lightspeed_r_reply(data: &[u8]) -> bool {
    reply(connector(Platform::LightspeedR), data)
}

/// The body of a batch of the journal. What is read can be written and is read again as the same.
pub fn entries(data: &[u8]) -> bool {
    let Ok(entries) = Entry::decode_all(data) else { return false };
    let mut again = Vec::new();
    entries.iter().for_each(|entry| entry.encode_to(&mut again));
    let reread = Entry::decode_all(&again);
    assert!(reread.is_ok_and(|reread| reread == entries), "written and read again it is the same");
    !entries.is_empty()
}

/// A segment file. What the audit calls good opens, with as many facts.
pub fn segment(data: &[u8]) -> bool {
    let disk = SimDisk::new(1);
    disk.put("journal/000001.seg", data);
    let verified = journal::verify_disk(&disk);
    let options = Options { segment_bytes: 8_192, prepare: Prepare::WhenNeeded };
    let opened = SegmentJournal::open(Arc::new(disk.clone()), options);
    if let Ok(verified) = verified
        && verified.valid
    {
        let facts = opened.as_ref().map(|(_, opened)| opened.head.next.0 - 1);
        assert!(facts.as_ref().is_ok_and(|facts| *facts == verified.facts), "{verified:?} opens as {facts:?}");
    }
    let Ok((journal, opened)) = opened else { return false };
    let Ok(mut cursor) = journal.reader().read(opened.oldest) else { return false };
    let mut next = opened.oldest;
    while let Ok(Some(batch)) = cursor.next() {
        assert_eq!(batch.first, next, "facts are numbered without gaps");
        next = batch.head().next;
    }
    assert_eq!(next, opened.head.next, "everything that was opened can be read");
    next > opened.oldest
}

/// Numbers, money, times. What is read can be said, and read again as the same.
pub fn text(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let mut read = false;
    let mut same = |there: bool, again: bool| {
        assert!(!there || again, "{text:?} is read, said, and read as something else");
        read |= there;
    };
    let quantity = Quantity::parse(text).ok();
    same(quantity.is_some(), quantity.and_then(|it| Quantity::parse(&it.to_string()).ok()) == quantity);
    let level = Level::parse(text).ok();
    same(level.is_some(), level.and_then(|it| Level::parse(&it.to_string()).ok()) == level);
    let change = Change::parse(text).ok();
    same(change.is_some(), change.and_then(|it| Change::parse(&it.to_string()).ok()) == change);
    let at = Instant::parse(text).ok();
    same(at.is_some(), at.and_then(|it| Instant::parse(&it.to_string()).ok()) == at);
    for currency in ["EUR", "JPY", "KWD", text].into_iter().filter_map(Currency::parse) {
        let money = Money::parse(text, currency);
        same(money.is_some(), money.and_then(|it| Money::parse(&it.to_decimal(), currency)) == money);
    }
    read
}
