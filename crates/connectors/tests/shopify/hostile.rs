//! Nothing that is sent to us makes us panic.

use connectors::{Delivery, Question, Reply, Secret, Step};
use model::{ChannelId, Instant, WriteMode};
use proptest::prelude::*;
use serde_json::Value;

use super::answers::five;
use super::play::{account, fixture, headers, hear, read, reply, shopify};
use super::shelf;
use super::writes::batch;

const TOPICS: [(&str, &str); 16] = [
    ("orders/create", "orders_create_till.json"),
    ("orders/create", "orders_create_web.json"),
    ("orders/fulfilled", "orders_fulfilled_web.json"),
    ("orders/cancelled", "orders_cancelled.json"),
    ("orders/updated", "orders_updated_till_refunded.json"),
    ("orders/edited", "orders_edited.json"),
    ("refunds/create", "refunds_create_return.json"),
    ("refunds/create", "refunds_create_cancel.json"),
    ("inventory_levels/update", "inventory_levels_update.json"),
    ("inventory_items/delete", "inventory_items_delete.json"),
    ("products/update", "products_update.json"),
    ("customers/update", "customers_update.json"),
    ("customers/redact", "customers_redact.json"),
    ("customers/merge", "customers_merge.json"),
    ("locations/update", "locations_update.json"),
    ("app/uninstalled", "app_uninstalled.json"),
];
const ANSWERS: [&str; 12] = [
    "orders_page.json",
    "orders_detail_1.json",
    "orders_of.json",
    "catalogue.json",
    "customers.json",
    "levels_of.json",
    "levels.jsonl",
    "adjusted.json",
    "set_stale.json",
    "throttled.json",
    "listings.json",
    "access.json",
];

fn questions() -> Vec<Question> {
    let page = shopify().learn(&five(), &account(), &reply(200, &fixture("orders_of.json"))).expect("readable");
    let cursor = |text: &str| Some(text.to_owned());
    vec![
        page.next.expect("details"),
        Question::Orders { since: Instant(0), cursor: None },
        five(),
        Question::Catalogue { since: None, cursor: None },
        Question::Customers { since: None, cursor: None },
        Question::CustomersOf { customers: vec!["1".into(), "2".into()] },
        Question::Locations { cursor: None },
        Question::LevelsOf { rows: vec![("1".into(), "2".into())] },
        Question::Levels { cursor: None },
        Question::Levels { cursor: cursor("op:gid://shopify/BulkOperation/1") },
        Question::Levels { cursor: cursor("url:https://files.example.test/1") },
        Question::Access,
        Question::Subscriptions { cursor: None },
        Question::Subscribe { url: "https://hub".to_owned(), present: Vec::new(), since: model::Instant(0) },
    ]
}

/// Whatever the body, each function answers; the answers themselves are tested elsewhere.
fn survive(status: u16, body: &[u8]) -> usize {
    let reply: Reply = reply(status, body);
    let learned = questions().iter().filter(|question| shopify().learn(question, &account(), &reply).is_ok()).count();
    let heard = hear(&batch(WriteMode::Raise), &reply);
    if let Ok(outcomes) = heard {
        assert_eq!(outcomes.len(), 3, "one outcome per row");
    }
    let listings = shelf::batch(|wanted| wanted.reverse());
    for replies in [&[reply.clone()][..], &[shelf::looked(), reply.clone()]] {
        if let Ok(Step::Settled(outcomes)) = shelf::step(&listings, false, replies) {
            assert_eq!(outcomes.len(), 4, "one outcome per listing");
        }
    }
    shopify().budget(&reply).map_or(learned, |_| learned + 1)
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::from(-1)),
        Just(Value::from(0)),
        Just(Value::from(i64::MIN)),
        Just(Value::from(u64::MAX)),
        Just(Value::from(1.5e300)),
        Just(Value::from("")),
        Just(Value::from("gid://shopify/Order/99999999999999999999999")),
        Just(Value::from("9999-12-31T23:59:59Z")),
        Just(Value::from("-9999-01-01T00:00:00Z")),
        Just(Value::from(true)),
        Just(Value::Array(Vec::new())),
        Just(serde_json::json!([[{}]])),
        Just(serde_json::json!({})),
    ]
}

/// Puts `odd` in the place of the `at`-th value, counted over the whole tree.
fn spoil(value: &mut Value, at: &mut usize, odd: &Value) {
    if *at == 0 {
        *value = odd.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| spoil(value, at, odd)),
        Value::Object(fields) => fields.values_mut().for_each(|value| spoil(value, at, odd)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn spoiled(name: &str, mut at: usize, odd: &Value) -> Vec<u8> {
    match serde_json::from_slice::<Value>(&fixture(name)) {
        Ok(mut value) => {
            spoil(&mut value, &mut at, odd);
            value.to_string().into_bytes()
        }
        // The file of a bulk operation is not one value.
        Err(_) => fixture(name),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_refused_and_not_fatal(
        body in proptest::collection::vec(any::<u8>(), 1..300),
        topic in 0..TOPICS.len(),
        signature in "\\PC{0,60}",
    ) {
        prop_assert!(read(TOPICS[topic].0, &body).is_err());
        let mut headers = headers(TOPICS[topic].0, &body);
        if let Ok(value) = http::HeaderValue::from_str(&signature) {
            headers.insert("x-shopify-hmac-sha256", value);
            let delivery = Delivery { headers: &headers, url: "", topic: "", at: model::Instant(0), body: &body };
            prop_assert!(shopify().verify(delivery, &[Secret::new("s")]).is_err());
        }
        prop_assert_eq!(survive(200, &body), 0);
    }

    #[test]
    fn a_webhook_with_any_one_value_spoiled_is_read_or_refused(
        case in 0..TOPICS.len(), at in 0..90_usize, odd in odd_value(),
    ) {
        let (topic, name) = TOPICS[case];
        let body = spoiled(name, at, &odd);
        if let Err(error) = read(topic, &body) {
            prop_assert!(!error.to_string().contains("wren@example.test"), "{}", error);
        }
    }

    #[test]
    fn an_answer_with_any_one_value_spoiled_is_read_or_refused(
        case in 0..ANSWERS.len(), at in 0..200_usize, odd in odd_value(), status in prop_oneof![4 => Just(200_u16), 1 => 100..600_u16],
    ) {
        let learned = survive(status, &spoiled(ANSWERS[case], at, &odd));
        prop_assert!(learned <= questions().len() + 1);
    }

    #[test]
    fn a_cut_or_scribbled_body_is_read_or_refused(
        case in 0..TOPICS.len(), cut in 1..4000_usize, scribble in any::<u8>(), at in any::<prop::sample::Index>(),
    ) {
        let (topic, name) = TOPICS[case];
        let mut body = fixture(name);
        body.truncate(cut);
        let at = at.index(body.len());
        body[at] = scribble;
        if let Ok(heard) = read(topic, &body) {
            // A merge is about two customers, who is forgotten is told and asked for, everything else is one thing.
            let said = heard.told.len() + heard.notices.len() + heard.control.iter().count();
            prop_assert_eq!(said, if ["customers/merge", "customers/redact"].contains(&topic) { 2 } else { 1 });
        }
    }

    #[test]
    fn any_cursor_is_answered(cursor in "(rest:|op:|url:|)\\PC{0,80}") {
        for question in [
            Question::Orders { since: Instant(0), cursor: Some(cursor.clone()) },
            Question::Levels { cursor: Some(cursor.clone()) },
        ] {
            if let Ok(request) = shopify().ask(&question, &account()) {
                prop_assert!(request.cost <= 1000);
            }
            let learned = shopify().learn(&question, &account(), &reply(200, b"{\"data\":{}}"));
            prop_assert!(learned.is_err());
        }
    }
}

#[test]
fn a_deep_body_is_refused() {
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    assert!(read("orders/create", &deep).is_err());
    assert_eq!(survive(200, &deep), 0);
    assert_eq!(shopify().abilities().platform, model::Platform::Shopify);
    assert_eq!(account().channel, ChannelId(3));
}
