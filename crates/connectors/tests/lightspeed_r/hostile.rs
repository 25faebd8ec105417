//! Whatever comes in, nothing panics and no number is guessed: arbitrary bytes, and fixtures put out of shape.

use connectors::{Question, Run, Told};
use model::{CustomerKey, DocumentKey, Instant, WriteMode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{account, batch, fixture, item, learned, r_series, reply, shop};

fn questions() -> Vec<(Question, &'static str)> {
    vec![
        (Question::Locations { cursor: None }, "shops"),
        (Question::Catalogue { since: None, cursor: None }, "items"),
        (Question::Levels { cursor: None }, "item_shops"),
        (Question::LevelsSince { since: Instant(0), cursor: Some("x".to_owned()) }, "item_shops"),
        (Question::LevelsOf { rows: vec![(item("405"), shop("1"))] }, "item_shops_end"),
        (Question::LevelsOf { rows: vec![] }, "item_shops_end"),
        (Question::Orders { since: Instant(0), cursor: None }, "sales"),
        (Question::OrdersOf { documents: vec![DocumentKey::new("8101")] }, "sales"),
        (Question::Customers { since: None, cursor: None }, "customers"),
        (Question::CustomersOf { customers: vec![CustomerKey::new("55")] }, "customers"),
        (Question::CustomersOf { customers: vec![] }, "customers"),
        (Question::Access, "account"),
        (Question::Subscriptions { cursor: None }, "nothing"),
    ]
}

/// What a value is replaced by; `None` takes it away.
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
        Some(json!("\u{0}\u{202e}é'; DROP TABLE")),
        Some(json!(true)),
        Some(json!([])),
        Some(json!([[null]])),
        Some(json!({})),
        Some(json!({"a": {"b": []}})),
    ];
    proptest::sample::select(values)
}

/// Replaces or takes away the value at a place that is counted depth first.
fn mutate(value: &mut Value, left: &mut usize, odd: &Option<Value>) {
    match value {
        Value::Object(fields) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            for name in names {
                if *left == 0 {
                    match odd {
                        Some(odd) => fields.insert(name, odd.clone()),
                        None => fields.remove(&name),
                    };
                    *left = usize::MAX;
                    return;
                }
                *left -= 1;
                if let Some(child) = fields.get_mut(&name) {
                    mutate(child, left, odd);
                }
                if *left == usize::MAX {
                    return;
                }
            }
        }
        Value::Array(values) => {
            for child in values {
                mutate(child, left, odd);
                if *left == usize::MAX {
                    return;
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_an_answer_or_a_trouble_and_never_a_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        status in 100_u16..600,
    ) {
        let wanted = batch(WriteMode::Lower, &[("401", "1", 13, 11)]);
        let plan = r_series().compose(&wanted).expect("the batch can be said");
        for (question, _) in questions() {
            let read = r_series().learn(&question, &account(), &reply(status, &bytes));
            prop_assert!(read.is_err() || (200..300).contains(&status));
        }
        let replies = [reply(status, &bytes)];
        let run = Run { first: true, replies: &replies };
        let step = r_series().step(&wanted, &plan, &account(), &run);
        prop_assert!(step.is_err() || (200..300).contains(&status));
        let tokens = r_series().grants().expect("tokens are given out").granted(&replies[0]);
        prop_assert!(tokens.is_err() || (200..300).contains(&status));
    }

    #[test]
    fn a_fixture_with_one_value_out_of_shape_never_panics(which in 0_usize..13, place in 0_usize..160, odd in odd()) {
        let (question, name) = questions().swap_remove(which);
        let mut body: Value = serde_json::from_slice(&fixture(name)).expect("the fixture is JSON");
        let mut left = place;
        mutate(&mut body, &mut left, &odd);
        let page = learned(&question, body.to_string().as_bytes());
        if let Ok(page) = page {
            for told in page.told {
                if let Told::Order(order) = told {
                    // A total is what the document says to the cent, or the document is not told.
                    prop_assert!(order.total.minor.abs() < 1_000_000_000_000);
                }
            }
        }
    }

    #[test]
    fn a_cut_fixture_is_never_an_answer(which in 0_usize..12, share in 0.0_f64..0.999) {
        let (question, name) = questions().swap_remove(which);
        let body = fixture(name);
        let text = std::str::from_utf8(&body).expect("the fixture is text").trim_end();
        #[expect(clippy::cast_possible_truncation, reason = "a share of a short text")]
        let cut = ((text.len() - 1) as f64 * share) as usize;
        prop_assert!(learned(&question, &text.as_bytes()[..cut]).is_err());
    }

    #[test]
    fn a_quantity_is_read_exactly_or_not_at_all(text in "[-+0-9.eE]{0,25}") {
        let sale = json!({"saleID": "7", "timeStamp": "2026-11-21T17:00:00+00:00", "total": "1", "shopID": "1",
            "completed": "true", "SaleLines": {"SaleLine": {"saleLineID": "70", "unitQuantity": text, "itemID": "401"}}});
        let question = Question::Orders { since: Instant(0), cursor: None };
        let page = learned(&question, json!({"Sale": sale}).to_string().as_bytes()).expect("the list can be read");
        let exact = model::Change::parse(&text);
        prop_assert_eq!(page.told.len(), usize::from(exact.is_ok()));
        if let (Some(Told::Order(order)), Ok(exact)) = (page.told.first(), exact) {
            let sold = order.lines.iter().flatten().map(|line| line.quantity.parts()).sum::<i64>();
            let returned = order.returns.iter().map(|line| line.quantity.parts()).sum::<i64>();
            prop_assert_eq!(sold - returned, exact.parts());
        }
    }
}

#[test]
fn a_deeply_nested_body_is_refused() {
    let body = format!("{{\"Sale\":{}", "[".repeat(100_000));
    let question = Question::Orders { since: Instant(0), cursor: None };
    assert!(learned(&question, body.as_bytes()).is_err());
}

#[test]
fn what_a_field_held_is_never_repeated_in_an_error() {
    let body = json!({"Customer": [{"customerID": "55", "timeStamp": "2026-11-21T17:04:12+00:00",
        "firstName": ["Benedita Sousa"]}]});
    let refused = learned(&Question::Customers { since: None, cursor: None }, body.to_string().as_bytes());
    let text = refused.expect_err("a name is text").to_string();
    assert!(text.contains("Customer[0].firstName") && !text.contains("Benedita"), "{text}");
}
