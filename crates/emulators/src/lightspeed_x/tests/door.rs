//! Tokens, scopes, versions, limits and their headers, broken calls.

use super::{Bench, NOON};
use crate::lightspeed_x::{Settings, open};
use crate::machine::{Machine, Opening};
use http::Request;
use serde_json::{Value, json};

fn header(response: &http::Response<bytes::Bytes>, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().expect("ASCII").to_owned()).unwrap_or_default()
}

#[test]
fn a_call_without_a_known_token_is_unauthorized() {
    let mut bench = Bench::open();
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
    for token in ["", "another"] {
        bench.token = token.into();
        assert_eq!(bench.refused("GET", "outlets", Value::Null), 401);
    }
    let bare = Request::get("/api/2026-07/outlets").body(bytes::Bytes::new()).expect("a request");
    assert_eq!(bench.raw(bare).status(), 401);
}

#[test]
fn an_older_date_version_is_answered_by_the_oldest_that_is_served() {
    let mut bench = Bench::open();
    for (version, status) in
        [("2026-07", 200), ("2024-01", 200), ("2026-04", 200), ("2031-01", 404), ("2.0", 404), ("0.9", 404)]
    {
        let response = bench.send("GET", &format!("/api/{version}/outlets"), &Value::Null);
        assert_eq!(response.status(), status, "{version}");
    }
}

#[test]
fn a_window_gives_three_hundred_calls_per_register_and_fifty_more() {
    let mut bench = Bench::empty(Settings { registers: 2, ..Settings::example() });
    bench.now = NOON + 60_000;
    let first = bench.send("GET", "/api/2026-07/outlets", &Value::Null);
    assert_eq!(
        (header(&first, "x-ratelimit-limit"), header(&first, "x-ratelimit-remaining")),
        ("650".into(), "649".into())
    );
    for _ in 0..649 {
        assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
    }
    let refused = bench.send("GET", "/api/2026-07/outlets", &Value::Null);
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "retry-after"), "Mon, 23 Nov 2026 09:20:00 GMT");
    assert_eq!(header(&refused, "x-ratelimit-remaining"), "0");
    let body: Value = serde_json::from_slice(refused.body()).expect("JSON");
    assert_eq!(body, json!({"error": "Too Many Requests", "message": "Rate limiting enforced"}));
    bench.now = NOON + 299_999;
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 429);
    bench.now = NOON + 300_000;
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
}

#[test]
fn the_fault_knob_answers_like_the_real_limit() {
    let mut bench = Bench::open();
    let request = Request::get("/api/2026-07/outlets").body(bytes::Bytes::new()).expect("a request");
    let refused = bench.shop.throttled(&request);
    assert_eq!(
        (refused.status().as_u16(), header(&refused, "retry-after")),
        (429, "Mon, 23 Nov 2026 09:20:00 GMT".into())
    );
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
}

#[test]
fn a_refusal_that_is_a_fault_lasts_for_its_scaled_part_of_the_window() {
    let mut bench = Bench::empty(Settings { time_scale: 60, ..Settings::example() });
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
    let request = Request::get("/api/2026-07/outlets").body(bytes::Bytes::new()).expect("a request");
    let refused = bench.shop.throttled(&request);
    assert_eq!(header(&refused, "retry-after"), "Mon, 23 Nov 2026 09:15:05 GMT", "a sixtieth of five minutes");
}

#[test]
fn an_opened_account_has_ten_registers_and_a_scaled_budget() {
    let opening = Opening { rate_scale: 3, webhook_secret: Some("s3cret".into()), ..Opening::default() };
    let mut opened = open(&opening).expect("an account");
    assert_eq!((opened.keys.account.as_str(), opened.keys.client_secret.as_str()), ("emulated-x", "s3cret"));
    assert!(opened.unlinked_returns && !opened.one_location);
    let request = Request::get("/api/2026-07/outlets")
        .header("authorization", format!("Bearer {}", opened.keys.access_token))
        .body(bytes::Bytes::new())
        .expect("a request");
    let (mut dice, mut outbox) = (crate::machine::Dice::new(1), Vec::new());
    let mut world = crate::machine::World { now: NOON, dice: &mut dice, outbox: &mut outbox };
    let response = opened.machine.handle(&request, &mut world);
    assert_eq!(header(&response, "x-ratelimit-limit"), "9150");
    assert_eq!(header(&response, "date"), "Mon, 23 Nov 2026 09:15:00 GMT");
    assert!(open(&Opening { currency: "euro".into(), ..opening }).is_err());
}

#[test]
fn broken_calls_are_told_apart() {
    let mut bench = Bench::open();
    assert_eq!(bench.refused("GET", "nothing/like/that", Value::Null), 404);
    assert_eq!(bench.refused("DELETE", "outlets", Value::Null), 405);
    assert_eq!(bench.refused("PATCH", "sales", json!({})), 405);
    assert_eq!(bench.refused("GET", "sales?page_size=many", Value::Null), 400);
    assert_eq!(bench.refused("POST", "stock_adjustments", json!([])), 400);
    assert_eq!(bench.refused("GET", "sales/not-an-id", Value::Null), 404);
    let broken = Request::post("/api/2026-07/sales")
        .header("authorization", format!("Bearer {}", bench.token))
        .body(bytes::Bytes::from_static(b"{"))
        .expect("a request");
    assert_eq!(bench.raw(broken).status(), 400);
}

#[test]
fn calls_are_counted_by_kind() {
    let mut bench = Bench::stocked("5");
    let before = bench.shop.calls();
    let (mug, place) = (bench.product("MUG"), bench.outlet("Harbour"));
    bench.ok("POST", "inventory", json!({"size": 1}));
    let row = json!({"product_id": mug, "outlet_id": place, "quantity": "-1", "reason": "DAMAGE"});
    bench.ok("POST", "stock_adjustments", json!({"stock_adjustments": [row.clone(), row]}));
    bench.refused("POST", "stock_adjustments", json!({"stock_adjustments": []}));
    let after = bench.shop.calls();
    assert_eq!(after.reads - before.reads, 3);
    assert_eq!((after.writes - before.writes, after.errors - before.errors), (2, 1));
    assert_eq!(after.rows.get("stock_adjustments"), Some(&2));
}
