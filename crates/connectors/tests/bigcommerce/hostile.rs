//! Whatever comes in, nothing panics: arbitrary bytes, and fixtures with parts put out of shape.

use connectors::{Question, Step};
use model::{CustomerKey, Instant, WriteMode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{
    NOW_S, SECRET, URL, account, batch, bigcommerce, documents, fixture, headers, heard, heard_if_believed, item,
    judged, learned, place, reply, step,
};

const HOOKS: [&str; 12] = [
    "order_created",
    "order_status_updated",
    "order_refund_created",
    "order_transaction_created",
    "shipment_created",
    "sku_inventory_updated",
    "product_inventory_updated",
    "stock_changed",
    "customer_deleted",
    "customer_address_updated",
    "location_created",
    "app_uninstalled",
];

const REPLIES: [&str; 14] = [
    "locations",
    "products",
    "stock",
    "orders",
    "order",
    "order_pickup_guest",
    "order_links",
    "order_lines",
    "refunds",
    "customers",
    "store",
    "hooks_page",
    "hook_created",
    "refused_tracked_by_product",
];

fn questions() -> Vec<Question> {
    let known = |stage: &str| {
        format!(r#"7#{{"stage":{stage},"moment":1,"tries":1,"refunded":true,"lines":null,"refunds":null}}"#)
    };
    vec![
        Question::Locations { cursor: None },
        Question::Catalogue { since: None, cursor: None },
        Question::Levels { cursor: Some("4294967295".to_owned()) },
        Question::LevelsOf { rows: vec![(item("7004"), place("1")), (item("product:311"), place("x"))] },
        Question::LevelsOf { rows: vec![] },
        Question::Orders { since: Instant(0), cursor: None },
        Question::Orders { since: Instant(0), cursor: Some("9223372036854775807:4294967295".to_owned()) },
        Question::Orders { since: Instant(0), cursor: Some("elsewhere".to_owned()) },
        documents(&["2207"]),
        documents(&[]),
        documents(&["7#{"]),
        documents(&[&known(r#"{"Lines":{"page":1}}"#)]),
        documents(&[&known(r#""Refunds""#)]),
        documents(&[&known(r#""Head""#)]),
        Question::Customers { since: None, cursor: None },
        Question::CustomersOf { customers: vec![CustomerKey::new("54")] },
        Question::CustomersOf { customers: vec![] },
        Question::Access,
        Question::Subscriptions { cursor: None },
        Question::Subscribe { url: URL.to_owned(), present: vec![], since: Instant(0) },
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
        Some(json!("999999999999999999999999.9999")),
        Some(json!("Fri, 99 Nov 99999 99:99:99 +9999")),
        Some(json!("9999-12-31T23:59:59.999999999Z")),
        Some(json!("-009999-01-01T00:00:00Z")),
        Some(json!("\u{0}\u{202e}é,é é é é")),
        Some(json!(true)),
        Some(json!([])),
        Some(json!([[null]])),
        Some(json!({})),
    ];
    proptest::sample::select(values)
}

/// Replaces or takes away the `nth` value of a document, counted depth first.
fn mutate(value: &mut Value, nth: &mut Option<usize>, odd: &Option<Value>) {
    if let (Value::Object(fields), Some(at), None) = (&mut *value, *nth, odd)
        && let Some(name) = fields.keys().nth(at).cloned()
    {
        fields.remove(&name);
        *nth = None;
        return;
    }
    let children: Vec<&mut Value> = match value {
        Value::Object(fields) => fields.values_mut().collect(),
        Value::Array(elements) => elements.iter_mut().collect(),
        _ => return,
    };
    for child in children {
        match *nth {
            None => return,
            Some(0) => {
                *child = odd.clone().unwrap_or(Value::Null);
                *nth = None;
            }
            Some(at) => {
                *nth = Some(at - 1);
                mutate(child, nth, odd);
            }
        }
    }
}

fn mutated(name: &str, nth: usize, odd: &Option<Value>) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(&fixture(name)).expect("a fixture is JSON");
    mutate(&mut value, &mut Some(nth), odd);
    value.to_string().into_bytes()
}

fn play(bytes: &[u8], status: u16) {
    let _ = heard_if_believed(bytes);
    for question in questions() {
        let _ = bigcommerce().learn(&question, &account(), &reply(status, bytes));
    }
    for (mode, to) in [(WriteMode::Lower, 1), (WriteMode::Raise, 9), (WriteMode::Correct, 2)] {
        let batch = batch(mode, &[("7004", "1", 2, to), ("7010", "3", 2, to)]);
        for first in [true, false] {
            let replies = [reply(status, bytes), reply(200, &fixture("stock")), reply(status, bytes)];
            for count in 1..=replies.len() {
                if let Ok(Step::Settled(outcomes)) = step(&batch, first, &replies[..count]) {
                    assert_eq!(outcomes.len(), 2);
                }
            }
        }
    }
    if let Some(grants) = bigcommerce().grants() {
        let _ = grants.granted(&reply(status, bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_are_never_believed_and_never_panic(
        body in proptest::collection::vec(any::<u8>(), 0..400),
        id in "[ -~]{0,20}",
        tag in "[ -~]{0,60}",
        status in any::<u16>(),
    ) {
        let at = NOW_S.to_string();
        let headers = headers(&[("webhook-id", &id), ("webhook-timestamp", &at), ("webhook-signature", &tag)]);
        prop_assert!(judged(&headers, &body, &[SECRET]).is_err());
        play(&body, status);
    }

    #[test]
    fn a_fixture_out_of_shape_is_read_or_refused_but_never_panics(
        nth in 0_usize..160,
        which in 0_usize..64,
        odd in odd(),
        status in proptest::sample::select(vec![200_u16, 400, 404, 422]),
    ) {
        let _ = heard(&mutated(&format!("hooks/{}", HOOKS[which % HOOKS.len()]), nth % 12, &odd));
        play(&mutated(REPLIES[which % REPLIES.len()], nth, &odd), status);
    }

    #[test]
    fn a_quantity_is_told_exactly_or_not_at_all(shipped in -3_i64..9, ordered in -3_i64..9, refunded in 0_i64..9) {
        let mut order: Value = serde_json::from_slice(&fixture("order")).expect("a fixture is JSON");
        order["items_total"] = json!(0);
        let line = &mut order["consignments"]["shipping"][0]["line_items"][0];
        line["quantity"] = json!(ordered);
        line["quantity_shipped"] = json!(shipped);
        line["quantity_refunded"] = json!(refunded);
        let page = learned(&documents(&["2207"]), order.to_string().as_bytes()).expect("it is an answer");
        if refunded > 0 {
            prop_assert!(page.told.is_empty(), "its refunds are read first");
        } else if ordered < 0 || shipped < 0 {
            prop_assert_eq!(page.unreadable.len(), 1);
        } else {
            let order = crate::desk::orders(&page)[0];
            let parts = &order.lines.as_ref().expect("all lines")[0].parts;
            let sum: i64 = parts.iter().map(|part| part.quantity.level().floor_units()).sum();
            prop_assert_eq!(sum, ordered);
        }
    }
}

#[test]
fn what_is_not_one_json_object_is_refused_without_a_field() {
    for body in ["{", "{} {}", "{\"a\":}"] {
        assert!(!heard(body.as_bytes()).expect_err("it is not an object").problem.is_empty());
    }
    let deep = format!("{{\"data\":{}", "[".repeat(100_000));
    assert!(heard(deep.as_bytes()).is_err());
    play(deep.as_bytes(), 422);
}
