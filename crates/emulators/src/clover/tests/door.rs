//! What every call passes: token, merchant, rates, JSON, paths; and the counters.

use super::{Bench, NOON, ROOT, Settings, generous};
use crate::machine::{Machine, Opening};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

#[test]
fn a_call_needs_the_token_of_the_merchant_in_its_path() {
    let mut bench = Bench::open();
    bench.token = "guess".into();
    assert_eq!(bench.call("GET", "/items", Value::Null), (401, json!({"message": "401 Unauthorized"})));
    bench.token = "clover-access-token".into();
    let other = bench.respond("GET", "/v3/merchants/MEMULATED0002/items", &Value::Null);
    assert_eq!(other.status(), 401);
    let bare = Request::builder().uri(format!("{ROOT}/items")).body(Bytes::new()).expect("a request");
    assert_eq!(bench.raw(bare).status(), 401);
}

#[test]
fn unknown_paths_methods_and_bodies_are_refused_in_the_vendors_shape() {
    let mut bench = Bench::open();
    assert_eq!(bench.call("GET", "/gadgets", Value::Null), (404, json!({"message": "Not Found"})));
    assert_eq!(bench.call("GET", "/orders/R4TN7K2QWB9HX", Value::Null).0, 404);
    assert_eq!(bench.call("DELETE", "/items", Value::Null).0, 405);
    assert_eq!(bench.call("POST", "/refunds", json!({"amount": 1})).0, 405, "refunds are made at the till");
    let typed = |kind: &str, body: &'static str| {
        let builder = Request::builder().method("POST").uri(format!("{ROOT}/items"));
        let builder = builder.header("authorization", "Bearer clover-access-token").header("content-type", kind);
        builder.body(Bytes::from(body)).expect("a request")
    };
    assert_eq!(bench.raw(typed("text/plain", "{}")).status(), 415);
    assert_eq!(bench.raw(typed("application/json", "{\"name\":")).status(), 400);
    assert_eq!(bench.raw(typed("application/json;charset=utf-8", "[]")).status(), 400);
}

#[test]
fn sixteen_calls_a_second_pass_and_the_seventeenth_names_the_limit() {
    let mut bench = Bench::open_with(Settings::example());
    bench.now = NOON + 1_000;
    for _ in 0..16 {
        bench.get("/orders");
    }
    let refused = bench.respond("GET", &format!("{ROOT}/orders"), &Value::Null);
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-ratelimit-tokenlimit"], "16");
    assert!(refused.headers().get("retry-after").is_none(), "only the limits on calls in flight have it");
    bench.now += 999;
    assert_eq!(bench.call("GET", "/orders", Value::Null).0, 429, "too early");
    bench.now += 2_001;
    bench.get("/orders");
    assert_eq!(bench.clover.calls().throttled, 2);
}

#[test]
fn fifty_calls_a_second_of_all_tokens_are_the_apps_limit() {
    let mut bench = Bench::open_with(Settings { token_per_s: 1_000, ..Settings::example() });
    bench.now = NOON + 1_000;
    for _ in 0..50 {
        bench.get("/orders");
    }
    let refused = bench.respond("GET", &format!("{ROOT}/orders"), &Value::Null);
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-ratelimit-crosstokenlimit"], "50");
}

#[test]
fn the_throttle_of_the_fault_knob_is_the_one_with_retry_after() {
    let bench = Bench::open();
    let request = Request::builder().uri("/").body(Bytes::new()).expect("a request");
    let refused = bench.clover.throttled(&request);
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-ratelimit-tokenconcurrentlimit"], "5");
    assert_eq!(refused.headers()["retry-after"], "1");
}

#[test]
fn calls_are_counted_by_kind_and_rows_by_collection() {
    let mut bench = Bench::open();
    let mug = bench.item("MUG");
    bench.ok("POST", &format!("/item_stocks/{mug}"), json!({"quantity": 3}));
    bench.ok("PUT", "/bulk_items", json!({"items": [{"id": mug, "price": 1}, {"id": mug, "price": 2}]}));
    bench.call("POST", "/items", json!({}));
    let calls = bench.clover.calls();
    assert_eq!((calls.reads, calls.writes, calls.errors), (1, 3, 1));
    assert_eq!((calls.rows["item_stocks"], calls.rows["bulk_items"]), (1, 2));
}

#[test]
fn the_merchant_is_one_location_with_currency_and_zone_among_its_properties() {
    let mut bench = Bench::open();
    let merchant = bench.get("?expand=properties,owner");
    assert_eq!((&merchant["id"], &merchant["name"]), (&json!("MEMULATED0001"), &json!("High Street")));
    assert_eq!(merchant["properties"]["defaultCurrency"], "EUR");
    assert_eq!(merchant["address"]["country"], "DE");
    assert_eq!(merchant["owner"]["role"], "OWNER");
    assert_eq!(bench.get("/properties")["timezone"], "Europe/Berlin");
    assert!(bench.get("")["properties"].get("timezone").is_none(), "not expanded");
    bench.act(json!({"act": "put_location", "name": "High Street"}));
    let why = bench.refused(json!({"act": "put_location", "name": "Harbour"}));
    assert!(why.contains("one location"), "{why}");
}

#[test]
fn an_opening_sets_keys_and_scales_and_a_currency_that_is_none_is_refused() {
    let opening = Opening { rate_scale: 3, time_scale: 4, webhook_secret: Some("mine".into()), ..Opening::default() };
    let settings = Settings::of(&opening);
    assert_eq!((settings.app_per_s, settings.token_per_s, settings.ban_ms), (150, 48, 250));
    let opened = crate::clover::open(&opening).expect("an account");
    assert!(opened.one_location && !opened.unlinked_returns);
    assert_eq!((opened.keys.account.as_str(), opened.keys.webhook_secret.as_str()), ("MEMULATED0001", "mine"));
    assert_eq!(opened.machine.platform(), "clover");
    assert!(crate::clover::open(&Opening { currency: "euro".into(), ..Opening::default() }).is_err());
}

#[test]
fn the_platforms_own_time_is_in_every_answer() {
    let mut bench = Bench::empty(generous());
    let answer = bench.respond("GET", ROOT, &Value::Null);
    assert_eq!(answer.headers()["date"], "Mon, 23 Nov 2026 09:15:00 GMT");
}
