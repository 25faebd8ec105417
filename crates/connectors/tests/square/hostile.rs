//! Whatever comes in, nothing panics: arbitrary bytes, and fixtures with parts put out of shape.

use connectors::{Question, Step};
use model::{CustomerKey, DocumentKey, Instant, WriteMode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{self, KEY, URL, account, batch, fixture, hear, item, place, reply, square};
use crate::shelf;

const DELIVERIES: [&str; 16] = [
    "catalog_version_updated",
    "customer_created",
    "customer_deleted",
    "customer_updated",
    "inventory_count_updated",
    "location_created",
    "location_updated",
    "oauth_authorization_revoked",
    "order_created",
    "order_fulfillment_updated",
    "order_updated",
    "order_updated_draft",
    "payment_created",
    "payment_updated",
    "refund_created",
    "refund_updated",
];

fn questions() -> Vec<(Question, &'static str)> {
    let url = URL.to_owned();
    vec![
        (Question::Locations { cursor: None }, "locations"),
        (Question::Catalogue { since: None, cursor: None }, "catalog_search"),
        (Question::Levels { cursor: None }, "counts"),
        (Question::LevelsOf { rows: vec![(item("VARCUPBLUE"), place("LPORTO1"))] }, "counts"),
        (Question::LevelsOf { rows: vec![] }, "counts"),
        (Question::Orders { since: Instant(0), cursor: None }, "orders_search"),
        (Question::Orders { since: Instant(0), cursor: Some("18446744073709551615:x".to_owned()) }, "orders_search"),
        (Question::OrdersOf { documents: vec![DocumentKey::new("oRdBack003")] }, "orders_batch_retrieve"),
        (Question::Customers { since: None, cursor: None }, "customers_search"),
        (Question::CustomersOf { customers: vec![CustomerKey::new("CUSTELVIRA")] }, "customer"),
        (Question::CustomersOf { customers: vec![] }, "customer"),
        (Question::Access, "token_status"),
        (Question::Subscriptions { cursor: None }, "subscriptions"),
        (Question::Subscribe { url, present: vec![], since: model::Instant(0) }, "subscription_created"),
    ]
}

/// What a field is replaced by.
fn odd() -> impl Strategy<Value = Option<Value>> {
    let values = vec![
        None,
        Some(Value::Null),
        Some(json!(-1)),
        Some(json!(0.5)),
        Some(json!(u64::MAX)),
        Some(json!(1e300)),
        Some(json!("")),
        Some(json!("-3")),
        Some(json!("1e9")),
        Some(json!("999999999999999999999999")),
        Some(json!("9999-12-31T23:59:59.999999999Z")),
        Some(json!("-009999-01-01T00:00:00Z")),
        Some(json!("\u{0}\u{202e}é")),
        Some(json!(true)),
        Some(json!([])),
        Some(json!([[null]])),
        Some(json!({})),
    ];
    proptest::sample::select(values)
}

/// Replaces or takes away the `nth` value of a document, counted depth first.
fn mutate(value: &mut Value, nth: &mut usize, odd: &Option<Value>) {
    let children: Vec<&mut Value> = match value {
        Value::Object(fields) => {
            if *nth < fields.len() && odd.is_none() {
                let name = fields.keys().nth(*nth).cloned().expect("counted above");
                fields.remove(&name);
                *nth = usize::MAX;
                return;
            }
            fields.values_mut().collect()
        }
        Value::Array(elements) => elements.iter_mut().collect(),
        _ => return,
    };
    for child in children {
        if *nth == usize::MAX {
            return;
        }
        if *nth == 0 {
            *child = odd.clone().unwrap_or(Value::Null);
            *nth = usize::MAX;
            return;
        }
        *nth -= 1;
        mutate(child, nth, odd);
    }
}

fn mutated(name: &str, mut nth: usize, odd: &Option<Value>) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(&fixture(name)).expect("a fixture is JSON");
    mutate(&mut value, &mut nth, odd);
    value.to_string().into_bytes()
}

fn play(bytes: &[u8], status: u16) {
    let _ = desk::heard_if_an_object(bytes);
    for (question, _) in questions() {
        let _ = square().learn(&question, &account(), &reply(status, bytes));
    }
    let batch = batch(WriteMode::Lower, &[("VARCUPBLUE", "LPORTO1", "11", "9"), ("B", "L", "2", "1")]);
    if let Ok(outcomes) = hear(&batch, &reply(status, bytes)) {
        assert_eq!(outcomes.len(), batch.rows.len());
    }
    let listings = shelf::batch(|wanted| wanted.iter_mut().for_each(|it| *it = shelf::listing("Jar (Tin)", None, "1")));
    for replies in [&[reply(status, bytes)][..], &[shelf::read(), reply(status, bytes)]] {
        if let Ok(Step::Settled(outcomes)) = shelf::step(&listings, false, replies) {
            assert_eq!(outcomes.len(), 3);
        }
    }
    let _ = square().grants().map(|grants| grants.granted(&reply(status, bytes)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_are_never_believed_and_never_panic(
        body in proptest::collection::vec(any::<u8>(), 0..400),
        signature in "[ -~]{0,60}",
        status in any::<u16>(),
    ) {
        prop_assert!(desk::judged(Some(&signature), URL, &body, &[KEY]).is_err());
        play(&body, status);
    }

    #[test]
    fn a_fixture_out_of_shape_is_read_or_refused_but_never_panics(
        nth in 0_usize..160,
        which in 0_usize..64,
        odd in odd(),
        status in proptest::sample::select(vec![200_u16, 400, 404]),
    ) {
        let questions = questions();
        let (question, name) = &questions[which % questions.len()];
        let _ = square().learn(question, &account(), &reply(status, &mutated(name, nth, &odd)));
        let _ = desk::heard(&mutated(DELIVERIES[which % DELIVERIES.len()], nth % 40, &odd));
        for name in ["batch_changed", "error_row", "error_rate", "catalog_batch", "token"] {
            play(&mutated(name, nth % 40, &odd), status);
        }
    }
}

#[test]
fn a_list_in_the_place_of_an_objects_data_is_never_written_to() {
    let batch = shelf::batch(|wanted| wanted[1].title = model::Title::new("Jar"));
    for data in ["item_variation_data", "item_data"] {
        let mut page: Value = serde_json::from_slice(&fixture("catalog_batch")).expect("JSON");
        let lists = [
            page["objects"].as_array_mut().expect("objects").clone(),
            page["related_objects"].as_array().expect("objects").clone(),
        ];
        let nulls = |object: &Value| {
            let mut object = object.clone();
            object
                .as_object_mut()
                .filter(|it| it.contains_key(data))
                .map(|it| it.insert(data.to_owned(), json!(vec![Value::Null; 8])));
            object
        };
        page["objects"] = lists[0].iter().map(nulls).collect();
        page["related_objects"] = lists[1].iter().map(nulls).collect();
        let step = shelf::step(&batch, true, &[reply(200, page.to_string().as_bytes())]).expect("no trouble");
        let Step::Settled(outcomes) = step else { panic!("nothing can be written") };
        assert!(matches!(outcomes[1], model::Outcome::Never { .. }), "{data}: {outcomes:?}");
    }
}

#[test]
fn what_is_not_one_json_object_is_refused_without_a_field() {
    for body in ["{", "{} {}", "{\"a\":}"] {
        let error = desk::heard(body.as_bytes()).expect_err("it is not an object");
        assert!(!error.problem.is_empty());
    }
    let deep = format!("{{\"data\":{}", "[".repeat(100_000));
    assert!(desk::heard(deep.as_bytes()).is_err());
}

#[test]
fn a_delivery_without_a_needed_field_or_with_a_wrong_one_names_it() {
    let told = |name: &str, from: &str, to: &str| {
        let text = String::from_utf8(fixture(name)).expect("text");
        assert!(text.contains(from), "{name} has no {from}");
        desk::heard(text.replace(from, to).as_bytes()).expect_err("it is out of shape").to_string()
    };
    assert_eq!(told("order_updated", "\"event_id\"", "\"id\""), "event_id: is missing");
    assert_eq!(told("order_updated", "\"MLPADARIA7\"", "null"), "merchant_id: is not a string");
    assert_eq!(told("order_updated", "\"MLPADARIA7\"", "\"  \""), "merchant_id: is empty");
    assert_eq!(told("order_updated", "\"order_updated\": {", "\"other\": {"), "data.object.order_updated: is missing");
    let quantity = "data.object.inventory_counts[1].quantity: is not a decimal number with at most five places";
    assert_eq!(told("inventory_count_updated", "\"-0.25\"", "\"NaN\""), quantity);
    let number = "data.object.inventory_counts[1].quantity: is not a string";
    assert_eq!(told("inventory_count_updated", "\"-0.25\"", "-0.25"), number);
    let name = told("customer_updated", "\"Elvira\"", "{\"first\": \"Elvira\"}");
    assert_eq!(name, "data.object.customer.given_name: is not a string");
    let time = told("customer_updated", "\"2026-11-20T16:42:05Z\"", "\"yesterday, Elvira\"");
    assert!(time.starts_with("data.object.customer.updated_at: is not an RFC 3339 time") && !time.contains("Elvira"));
}
