//! Bodies that nobody should send: cut off, of wrong types, with huge numbers and naughty words. Never a panic, never a
//! wrong number, never a person's field in an error.

use connectors::{Question, Told};
use model::{CustomerKey, DocumentKey, Instant, WriteMode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{self, batch, fixture, item, learned, reply, shop, step};

fn questions() -> Vec<(Question, &'static str)> {
    vec![
        (Question::Locations { cursor: None }, "merchant"),
        (Question::Access, "merchant"),
        (Question::Catalogue { since: None, cursor: None }, "items"),
        (Question::Levels { cursor: None }, "item_stocks"),
        (Question::LevelsOf { rows: vec![(item("ITILEBLUE0001"), shop())] }, "item_stock"),
        (Question::Orders { since: Instant(0), cursor: None }, "orders"),
        (Question::OrdersOf { documents: vec![DocumentKey::new("OSALE00000001")] }, "order_paid"),
        (Question::OrdersOf { documents: vec![DocumentKey::new("payment:P")] }, "payment"),
        (Question::Customers { since: None, cursor: None }, "customers"),
        (Question::CustomersOf { customers: vec![CustomerKey::new("CAMALIA000001")] }, "customer"),
    ]
}

#[test]
fn a_reply_cut_off_anywhere_tells_nothing() {
    for (question, name) in questions() {
        let body = fixture(name);
        let text = body.trim_ascii_end();
        for end in 0..text.len() {
            let page = learned(&question, &text[..end]);
            assert!(page.map_or(true, |page| page.told.is_empty()), "{name} {end}");
        }
    }
}

#[test]
fn a_delivery_cut_off_anywhere_is_unreadable() {
    let body = fixture("news");
    let text = body.trim_ascii_end();
    for end in 1..text.len() {
        assert!(desk::heard(&text[..end]).is_err(), "{end}");
    }
}

/// Every place of a value, one after the other, replaced by something else.
fn spoilt(value: &Value, other: &Value) -> Vec<Value> {
    let mut all = vec![other.clone()];
    match value {
        Value::Object(fields) => {
            for name in fields.keys() {
                for inner in spoilt(&fields[name], other) {
                    let mut copy = fields.clone();
                    copy.insert(name.clone(), inner);
                    all.push(Value::Object(copy));
                }
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                for inner in spoilt(element, other) {
                    let mut copy = elements.clone();
                    copy[index] = inner;
                    all.push(Value::Array(copy));
                }
            }
        }
        _ => {}
    }
    all
}

fn others() -> [Value; 9] {
    [
        Value::Null,
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1.5),
        json!(1e308),
        json!(""),
        json!("\u{202e}<script>'; DROP TABLE items;--\u{0}"),
        json!([[{}]]),
    ]
}

#[test]
fn a_reply_with_any_field_replaced_never_panics_and_never_moves_another_amount() {
    for (question, name) in questions() {
        let whole: Value = serde_json::from_slice(&fixture(name)).expect("JSON");
        for other in others() {
            for body in spoilt(&whole, &other) {
                let Ok(page) = learned(&question, body.to_string().as_bytes()) else { continue };
                for told in page.told {
                    if let Told::Order(order) = told {
                        let known = ["1", "1.25"];
                        let parts = order.lines.iter().flatten().flat_map(|line| &line.parts);
                        parts.for_each(|part| assert!(known.contains(&part.quantity.to_string().as_str()), "{body}"));
                    }
                }
            }
        }
    }
}

#[test]
fn a_delivery_with_any_field_replaced_never_panics() {
    let whole: Value = serde_json::from_slice(&fixture("news")).expect("JSON");
    let mut read = 0;
    for other in others() {
        for body in spoilt(&whole, &other) {
            read += usize::from(desk::heard(body.to_string().as_bytes()).is_ok());
        }
    }
    assert!(read > 0, "some of them are harmless");
}

#[test]
fn a_write_with_any_reply_replaced_never_panics_and_never_sends_an_inexact_number() {
    let batch = batch(WriteMode::Lower, &[("ITILEBLUE0001", "12", "9")]);
    let names = ["item", "orders", "item_stock", "item_stock", "orders"];
    for spoilt_at in 0..names.len() {
        let whole: Value = serde_json::from_slice(&fixture(names[spoilt_at])).expect("JSON");
        for other in others() {
            for body in spoilt(&whole, &other) {
                let mut replies: Vec<_> = names[..spoilt_at].iter().map(|name| reply(200, &fixture(name))).collect();
                replies.push(reply(200, body.to_string().as_bytes()));
                if let Ok(connectors::Step::Send(request)) = step(&batch, true, &replies) {
                    let sent = request.http.body();
                    // From twelve, from minus one, from one and a half, from one (true is none).
                    let known: [&[u8]; 4] = [b"", b"{\"quantity\":9}", b"{\"quantity\":-4}", b"{\"quantity\":-1.5}"];
                    assert!(known.contains(&sent.as_slice()), "{}", String::from_utf8_lossy(sent));
                }
            }
        }
    }
}

#[test]
fn an_error_names_the_field_and_never_quotes_it() {
    let body = String::from_utf8(fixture("customer")).expect("text").replace("\"Amália\"", "{\"first\":\"Amália\"}");
    let question = Question::CustomersOf { customers: vec![CustomerKey::new("CAMALIA000001")] };
    let error = learned(&question, body.as_bytes()).expect_err("it cannot be read").to_string();
    assert_eq!(error, "the reply cannot be read: firstName: is not a string");
    let state = String::from_utf8(fixture("order_paid")).expect("text").replace("\"PAID\"", "\"Amália\"");
    let page = learned(&Question::OrdersOf { documents: vec![DocumentKey::new("OSALE00000001")] }, state.as_bytes());
    let error = page.expect("the rest goes on").unreadable.remove(0).1.to_string();
    assert_eq!(error, "paymentState: is not a state of payment");
}

#[test]
fn a_deep_nest_is_refused() {
    let deep = format!("{{\"merchants\":{}", "[".repeat(100_000));
    assert!(desk::heard(deep.as_bytes()).is_err());
    assert!(learned(&Question::Levels { cursor: None }, deep.as_bytes()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 1..200)) {
        for (question, _) in questions() {
            let page = learned(&question, &body);
            prop_assert!(page.map_or(true, |page| page.told.is_empty()));
        }
        prop_assert!(desk::heard(&body).is_err());
    }

    #[test]
    fn any_amount_is_exact_or_refused(unit_qty in any::<i64>()) {
        let mut order: Value = serde_json::from_slice(&fixture("order_open")).expect("JSON");
        order["lineItems"]["elements"][0]["unitQty"] = json!(unit_qty);
        let question = Question::OrdersOf { documents: vec![DocumentKey::new("OOPEN00000001")] };
        let page = learned(&question, order.to_string().as_bytes()).expect("the rest goes on");
        match page.told.first() {
            Some(Told::Order(order)) => {
                let quantity = order.lines.as_ref().expect("it has lines")[0].quantity;
                prop_assert_eq!(i128::from(quantity.parts()), i128::from(unit_qty) * 100);
            }
            other => prop_assert!(other.is_none() && !(0..1_000_000_000_000_000).contains(&unit_qty)),
        }
    }
}
