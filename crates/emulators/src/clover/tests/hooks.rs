//! Webhooks: the handshake, the envelope, the header, what is sent and what is not.

use super::{Bench, NOON, URL, text};
use crate::machine::{Attempt, Machine, World};
use serde_json::{Value, json};

fn body(bench: &Bench, index: usize) -> Value {
    serde_json::from_slice(&bench.outbox[index].body).expect("JSON")
}

fn header<'b>(bench: &'b Bench, index: usize, name: &str) -> Option<&'b str> {
    let headers = &bench.outbox[index].headers;
    headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

#[test]
fn nothing_is_delivered_before_the_code_that_was_posted_is_typed_in() {
    let mut bench = Bench::open();
    bench.subscribe(&[], None);
    assert_eq!(bench.outbox.len(), 1);
    assert_eq!(header(&bench, 0, "x-clover-auth"), None, "the verification carries no secret");
    let posted = body(&bench, 0);
    let code = text(&posted["verificationCode"]);
    assert_eq!(posted, json!({"verificationCode": code}));
    bench.sell("S1", "MUG", "1");
    assert_eq!(bench.outbox.len(), 1);
    let answer = bench.subscribe(&[], Some(&code));
    assert_eq!((&answer[0]["verified"], &answer[0]["auth_code"]), (&json!(true), &json!("clover-auth-code")));
    bench.sell("S2", "MUG", "1");
    assert_eq!(bench.outbox.len(), 2);
    assert_eq!(header(&bench, 1, "x-clover-auth"), Some("clover-auth-code"));
}

#[test]
fn events_of_one_moment_are_one_thin_post_under_the_merchants_id() {
    let mut bench = Bench::stocked();
    bench.now = NOON + 5_000;
    let sale = bench.act(super::till_sale("S1", &[("MUG", "2", 700)]));
    assert_eq!(bench.outbox.len(), 1);
    let delivery = &bench.outbox[0];
    assert_eq!((delivery.url.as_str(), header(&bench, 0, "x-clover-auth")), (URL, Some("shared")));
    let event = |object: String, kind: &str| json!({"objectId": object, "type": kind, "ts": NOON + 5_000});
    let (order, payment) = (text(&sale["order_id"]), text(&sale["payment_ids"][0]));
    let item = bench.item("MUG");
    let expected = json!({"appId": "AEMULATED0001", "merchants": {"MEMULATED0001": [
        event(format!("O:{order}"), "CREATE"), event(format!("P:{payment}"), "CREATE"),
        event(format!("O:{order}"), "UPDATE"), event(format!("I:{item}"), "UPDATE"),
    ]}});
    assert_eq!(body(&bench, 0), expected);
}

#[test]
fn only_the_types_that_were_chosen_are_sent() {
    let mut bench = Bench::stocked();
    bench.subscribe(&["P"], Some("shared"));
    bench.sell("S1", "MUG", "1");
    assert_eq!(bench.events(), ["P CREATE"]);
    bench.outbox.clear();
    bench.count("MUG", "3");
    assert!(bench.outbox.is_empty());
}

#[test]
fn an_unknown_type_and_an_address_that_is_none_are_refused() {
    let mut bench = Bench::open();
    let mut world = World { now: bench.now, dice: &mut bench.dice, outbox: &mut bench.outbox };
    assert!(bench.clover.subscribe(URL, &["orders/create".into()], None, &mut world).is_err());
    assert!(bench.clover.subscribe("hub.example", &[], None, &mut world).is_err());
    assert!(world.outbox.is_empty());
}

#[test]
fn a_retry_is_the_same_post_and_an_emptied_url_hears_nothing() {
    let mut bench = Bench::stocked();
    bench.sell("S1", "MUG", "1");
    let mut again = bench.outbox[0].clone();
    bench.clover.on_retry(&mut again, 1, Attempt::TimedOut);
    assert_eq!(again, bench.outbox[0]);
    assert!(bench.clover.retry_pauses().is_sorted() && bench.clover.delivery_timeout() > 0);
    bench.outbox.clear();
    let mut world = World { now: bench.now, dice: &mut bench.dice, outbox: &mut bench.outbox };
    bench.clover.unsubscribe(&mut world);
    bench.sell("S2", "MUG", "1");
    assert!(bench.outbox.is_empty());
}

#[test]
fn an_act_that_is_refused_sends_nothing_later() {
    let mut bench = Bench::stocked();
    bench.refused(super::till_sale("S1", &[("NONE", "1", 1)]));
    bench.count("MUG", "3");
    assert_eq!(bench.events(), ["I UPDATE"]);
}

#[test]
fn opening_the_location_is_a_change_of_the_merchant() {
    let mut bench = Bench::empty(super::generous());
    bench.subscribe(&[], Some("shared"));
    bench.act(json!({"act": "put_location", "name": "High Street"}));
    bench.act(json!({"act": "put_location", "name": "High Street"}));
    assert_eq!(bench.events(), ["M UPDATE"]);
}
