//! Tokens, scopes, the budget and its headers, and errors in both dialects.

use super::{Bench, NOON, Settings, request};
use crate::machine::{Calls, Machine};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

const HEADERS: [&str; 4] = [
    "x-rate-limit-time-window-ms",
    "x-rate-limit-time-reset-ms",
    "x-rate-limit-requests-quota",
    "x-rate-limit-requests-left",
];

fn budget(response: &Response<Bytes>) -> Vec<Option<&str>> {
    HEADERS.iter().map(|name| response.headers().get(*name).map(|value| value.to_str().expect("text"))).collect()
}

#[test]
fn a_call_without_a_token_or_with_another_ones_is_not_let_in() {
    let mut bench = Bench::open();
    let bare = Request::get("/stores/bcemulated/v3/hooks").body(Bytes::new()).expect("a request");
    assert_eq!(bench.raw(bare).status(), 401);
    let (status, body) = bench.send("stolen", "GET", "/v3/hooks", &Value::Null);
    assert_eq!((status, &body["status"]), (401, &json!(401)));
    let other = Request::get("/stores/another/v3/hooks").header("x-auth-token", "bigcommerce-access-token");
    assert_eq!(bench.raw(other.body(Bytes::new()).expect("a request")).status(), 401);
    assert_eq!(bench.call("GET", "/v3/hooks", Value::Null).0, 200);
}

#[test]
fn errors_are_an_array_in_v2_and_a_problem_document_in_v3() {
    let mut bench = Bench::open();
    let (status, body) = bench.call("GET", "/v2/orders/99", Value::Null);
    assert_eq!((status, &body[0]["status"]), (404, &json!(404)));
    assert_eq!(body[0]["message"], "The requested resource was not found.");
    let (status, body) = bench.call("GET", "/v3/catalog/products/1", Value::Null);
    assert_eq!((status, &body["status"]), (404, &json!(404)));
    assert!(body["title"].is_string() && body["type"].is_string());
    let (status, body) = bench.call("GET", "/v2/orders?min_date_modified=soon", Value::Null);
    assert_eq!((status, &body[0]["status"]), (400, &json!(400)));
    let broken = Request::post("/stores/bcemulated/v3/hooks").header("x-auth-token", "bigcommerce-access-token");
    assert_eq!(bench.raw(broken.body(Bytes::from_static(b"{")).expect("a request")).status(), 400);
}

#[test]
fn the_budget_is_told_with_every_answer_and_ends_in_429_until_the_window_is_over() {
    let mut bench = Bench::empty(Settings::example());
    let get = || request("bigcommerce-access-token", "GET", "/v2/time", &Value::Null);
    let first = bench.raw(get());
    assert_eq!(budget(&first), [Some("30000"), Some("30000"), Some("150"), Some("149")]);
    bench.now += 10_000;
    for _ in 1..150 {
        assert_eq!(bench.raw(get()).status(), 200);
    }
    let refused = bench.raw(get());
    assert_eq!((refused.status().as_u16(), refused.headers().get("retry-after")), (429, None));
    assert_eq!(budget(&refused), [Some("30000"), Some("20000"), Some("150"), Some("0")]);
    bench.now = NOON + 30_000;
    assert_eq!(bench.raw(get()).status(), 200);
    assert_eq!(bench.store.calls(), Calls { reads: 152, throttled: 1, ..Calls::default() });
}

#[test]
fn an_overloaded_platform_answers_429_without_its_headers() {
    let mut bench = Bench::empty(Settings { overload_per_million: 1_000_000, ..Settings::example() });
    let refused = bench.raw(request("bigcommerce-access-token", "GET", "/v2/time", &Value::Null));
    assert_eq!(refused.status(), 429);
    assert_eq!(budget(&refused), [None, None, None, None]);
}

#[test]
fn the_429_of_the_fault_knob_tells_how_long_to_wait() {
    let mut bench = Bench::empty(Settings::example());
    let get = request("bigcommerce-access-token", "GET", "/v2/time", &Value::Null);
    bench.raw(get.clone());
    let refused = bench.store.throttled(&get);
    assert_eq!(refused.status(), 429);
    assert_eq!(budget(&refused), [Some("30000"), Some("30000"), Some("150"), Some("0")]);
    let body: Value = serde_json::from_slice(refused.body()).expect("JSON");
    assert_eq!(body[0]["status"], 429);
}

#[test]
fn a_token_may_do_what_its_scopes_say() {
    let scopes = vec!["store_inventory_read_only".to_owned(), "store_v2_orders".to_owned()];
    let mut bench = Bench::open_with(Settings { scopes, ..Settings::example() });
    assert_eq!(bench.call("GET", "/v3/inventory/items", Value::Null).0, 200);
    let body = json!({"items": [{"location_id": 1, "sku": "MUG", "quantity": 1}]});
    assert_eq!(bench.call("PUT", "/v3/inventory/adjustments/absolute", body).0, 403);
    assert_eq!(bench.call("GET", "/v2/orders", Value::Null).0, 204);
    assert_eq!(bench.call("GET", "/v3/customers", Value::Null).0, 403);
    assert_eq!(bench.call("GET", "/v3/hooks", Value::Null).0, 200);
}

#[test]
fn calls_are_counted_by_what_they_ask_for() {
    let mut bench = Bench::open();
    let items =
        json!([{"location_id": 1, "sku": "MUG", "quantity": 1}, {"location_id": 2, "sku": "MUG", "quantity": 2}]);
    bench.ok("PUT", "/v3/inventory/adjustments/absolute", json!({"items": items}));
    bench.call("PUT", "/v3/inventory/adjustments/absolute", json!({"items": []}));
    bench.get("/v3/inventory/items");
    let calls = bench.store.calls();
    assert_eq!((calls.reads, calls.writes, calls.errors), (1, 2, 1));
    assert_eq!(calls.rows.into_iter().collect::<Vec<_>>(), [("inventory/adjustments/absolute".to_owned(), 2)]);
}

#[test]
fn the_store_tells_its_currency_zone_and_time() {
    let mut bench = Bench::open();
    let store = bench.get("/v2/store");
    assert_eq!((&store["currency"], &store["timezone"]["name"]), (&json!("EUR"), &json!("Europe/London")));
    assert_eq!((&store["is_price_entered_with_tax"], &store["id"]), (&json!(true), &json!("bcemulated")));
    assert_eq!(bench.get("/v2/time")["time"], 1_795_425_302);
    assert_eq!(bench.get("/v3/channels")["data"][0]["id"], 1);
}
