//! Whatever comes in, nothing panics and no number is made up: arbitrary bytes, and fixtures with parts out of shape.

use connectors::{Question, Told};
use model::{CustomerKey, Instant, Level, WriteMode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{
    MAIN, MUG, TEA, URL, account, batch, documents, fixture, heard, heard_form, item, judged, learned, lightspeed,
    place, reply, step,
};

const DELIVERIES: [(&str, &str); 7] = [
    ("sale.update", "hook_sale_update"),
    ("inventory.update", "hook_inventory_update"),
    ("product.update", "hook_product_update"),
    ("customer.update", "hook_customer_update"),
    ("consignment.send", "hook_consignment_send"),
    ("consignment.receive", "hook_consignment_receive"),
    ("register_closure.create", "hook_register_closure"),
];

fn questions() -> Vec<(Question, &'static str)> {
    let since = Instant(0);
    vec![
        (Question::Locations { cursor: None }, "outlets"),
        (Question::Catalogue { since: None, cursor: None }, "products"),
        (Question::Levels { cursor: None }, "inventory"),
        (Question::LevelsSince { since, cursor: Some("not ours".to_owned()) }, "inventory"),
        (Question::LevelsOf { rows: vec![(item(MUG), place(MAIN))] }, "inventory_product"),
        (Question::LevelsOf { rows: vec![] }, "inventory_product"),
        (Question::Orders { since, cursor: None }, "sales"),
        (Question::OrdersOf { documents: documents(&[crate::desk::SALE]) }, "sale"),
        (Question::OrdersOf { documents: vec![] }, "sale_layby"),
        (Question::Customers { since: None, cursor: None }, "customers"),
        (Question::CustomersOf { customers: vec![CustomerKey::new("c")] }, "customer"),
        (Question::CustomersOf { customers: vec![] }, "customer"),
        (Question::Access, "retailer"),
        (Question::Subscriptions { cursor: None }, "webhooks"),
        (Question::Subscribe { url: URL.to_owned(), present: vec![], since }, "webhook_made"),
    ]
}

/// What a field is replaced by; `None` takes it away.
fn odd() -> impl Strategy<Value = Option<Value>> {
    let values = vec![
        None,
        Some(Value::Null),
        Some(json!(-1)),
        Some(json!(0.1)),
        Some(json!(u64::MAX)),
        Some(json!(1e300)),
        Some(json!("")),
        Some(json!("-3")),
        Some(json!("1e9")),
        Some(json!("999999999999999999999999")),
        Some(json!("9999-12-31T23:59:59.999999999Z")),
        Some(json!("-009999-01-01T00:00:00Z")),
        Some(json!("\u{0}\u{202e}é%2e%2e/")),
        Some(json!(true)),
        Some(json!([])),
        Some(json!([[null]])),
        Some(json!({})),
    ];
    proptest::sample::select(values)
}

/// Replaces or takes away the `nth` value of a document, counted depth first. Gives what is left of the count.
fn mutate(value: &mut Value, nth: usize, odd: &Option<Value>) -> Option<usize> {
    let mut left = nth;
    if let (Value::Object(fields), None) = (&mut *value, odd)
        && let Some(name) = fields.keys().nth(left).cloned()
    {
        fields.remove(&name);
        return None;
    }
    let children: Vec<&mut Value> = match value {
        Value::Object(fields) => fields.values_mut().collect(),
        Value::Array(elements) => elements.iter_mut().collect(),
        _ => return Some(left),
    };
    for child in children {
        if left == 0 {
            *child = odd.clone().unwrap_or(Value::Null);
            return None;
        }
        left = mutate(child, left - 1, odd)?;
    }
    Some(left)
}

fn mutated(name: &str, nth: usize, odd: &Option<Value>) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(&fixture(name)).expect("a fixture is JSON");
    mutate(&mut value, nth, odd);
    value.to_string().into_bytes()
}

/// A step of every kind of batch, at every place of its run, with this reply.
fn play(bytes: &[u8], status: u16) {
    let rows = [(MUG, MAIN, "16", "14"), (TEA, MAIN, "3", "2.66667")];
    let raised = [(MUG, MAIN, "14", "16"), (TEA, MAIN, "3", "4")];
    let odd = reply(status, bytes);
    let empty = reply(200, &fixture("sales_end"));
    for (mode, rows) in [(WriteMode::Lower, rows), (WriteMode::Raise, raised), (WriteMode::Correct, raised)] {
        let batch = batch(mode, &rows);
        for replies in [vec![odd.clone()], vec![empty.clone(), odd.clone()], vec![odd.clone(), odd.clone()]] {
            for first in [true, false] {
                if let Ok(connectors::Step::Settled(outcomes)) = step(&batch, first, &replies) {
                    assert_eq!(outcomes.len(), 2);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_are_never_believed_and_never_panic(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        signature in "[ -~]{0,60}",
        status in 100_u16..600,
    ) {
        prop_assert!(judged(&[&signature], &body, &["key"]).is_err());
        for (question, _) in questions() {
            let _ = lightspeed().learn(&question, &account(), &reply(status, &body));
        }
        if !body.is_empty() {
            for (topic, _) in DELIVERIES {
                let _ = heard_form(topic, &body);
            }
        }
        play(&body, status);
    }

    #[test]
    fn a_fixture_out_of_shape_is_read_or_refused_but_never_panics(
        nth in 0_usize..200,
        which in 0_usize..64,
        odd in odd(),
        status in proptest::sample::select(vec![200_u16, 201, 400, 404, 409]),
    ) {
        let questions = questions();
        let (question, name) = &questions[which % questions.len()];
        let _ = lightspeed().learn(question, &account(), &reply(status, &mutated(name, nth, &odd)));
        let (topic, name) = DELIVERIES[which % DELIVERIES.len()];
        let _ = heard(topic, &mutated(name, nth % 30, &odd));
        for name in ["adjustments_made", "adjustments_listed", "inventory_levels", "product"] {
            play(&mutated(name, nth % 40, &odd), status);
        }
    }

    #[test]
    fn a_level_is_read_exactly_or_refused(whole in -2_000_000_000_000_i64..2_000_000_000_000, digits in "[0-9]{0,8}") {
        let text = if digits.is_empty() { whole.to_string() } else { format!("{whole}.{digits}") };
        let body = format!(r#"[{{"product_id":"p","outlet_id":"o","current_inventory_level":{text},"version":3}}]"#);
        let read = learned(&Question::Levels { cursor: None }, body.as_bytes());
        match Level::parse(&text) {
            Ok(level) => {
                let page = read.expect("an exact level");
                let told = page.told.iter().map(|told| match told {
                    Told::Level(hint) => hint.level,
                    other => panic!("it is no level: {other:?}"),
                });
                prop_assert_eq!(told.collect::<Vec<_>>(), [Some(level)]);
            }
            Err(_) => prop_assert!(read.is_err(), "{}", text),
        }
    }
}

#[test]
fn truncated_fixtures_are_refused() {
    for (question, name) in questions() {
        let whole = fixture(name);
        for cut in [0, 1, whole.len() / 3, whole.len() - 3] {
            assert!(learned(&question, &whole[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = format!("{{\"data\":{}", "[".repeat(100_000));
    assert!(learned(&Question::Access, deep.as_bytes()).is_err());
    let payload = format!("payload={deep}");
    assert!(heard_form("sale.update", payload.as_bytes()).is_err());
}

#[test]
fn what_a_field_held_is_not_repeated() {
    let body = String::from_utf8(fixture("customer")).expect("text").replace("\"Marta\"", "{\"name\": \"Marta\"}");
    let question = Question::CustomersOf { customers: vec![CustomerKey::new("c")] };
    let told = learned(&question, body.as_bytes()).expect_err("it is out of shape").to_string();
    assert!(told.contains("data.first_name: is not a string"), "{told}");
    let body = String::from_utf8(fixture("customer")).expect("text").replace("2026-11-21T10:14:33+00:00", "Marta's");
    let told = learned(&question, body.as_bytes()).expect_err("it is no time").to_string();
    assert!(told.contains("data.updated_at: is not an RFC 3339 time") && !told.contains("Marta"), "{told}");
}
