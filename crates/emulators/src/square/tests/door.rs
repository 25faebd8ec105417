//! Tokens, versions, rates, keys.

use super::{Bench, NOON};
use crate::machine::Machine;
use crate::square::{API_VERSION, Settings};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

fn with(headers: &[(&str, &str)], path: &str) -> Request<Bytes> {
    let mut request = Request::builder().method("GET").uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Bytes::new()).expect("a request")
}

#[test]
fn a_call_without_the_sellers_token_is_answered_401() {
    let mut bench = Bench::open();
    for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", "Basic square-seller-token")]] {
        let response = bench.raw(with(headers, "/v2/locations"));
        let body: Value = serde_json::from_slice(response.body()).expect("JSON");
        assert_eq!(response.status(), 401);
        assert_eq!(body["errors"][0]["category"], "AUTHENTICATION_ERROR");
        assert_eq!(body["errors"][0]["code"], "UNAUTHORIZED");
    }
}

#[test]
fn subscriptions_belong_to_the_application_and_the_rest_to_the_seller() {
    let mut bench = Bench::open();
    assert_eq!(bench.call("GET", "/v2/webhooks/subscriptions", json!({})).0, 403);
    assert_eq!(bench.call("POST", "/v2/events", json!({})).0, 403);
    assert_eq!(bench.as_application("GET", "/v2/webhooks/subscriptions", json!({})).0, 200);
    assert_eq!(bench.as_application("GET", "/v2/locations", json!({})).0, 403);
}

#[test]
fn another_version_is_refused_and_none_is_the_default() {
    let mut bench = Bench::open();
    let token = ("authorization", "Bearer square-seller-token");
    let status = |bench: &mut Bench, headers: &[(&str, &str)]| bench.raw(with(headers, "/v2/locations")).status();
    assert_eq!(status(&mut bench, &[token]), 200);
    assert_eq!(status(&mut bench, &[token, ("square-version", API_VERSION)]), 200);
    assert_eq!(status(&mut bench, &[token, ("square-version", "2025-08-20")]), 400);
}

#[test]
fn unknown_paths_methods_and_bodies_are_told_apart() {
    let mut bench = Bench::open();
    assert_eq!(bench.refused("GET", "/v2/gift-cards", json!({})).0, 404);
    assert_eq!(bench.refused("DELETE", "/v2/locations", json!({})).0, 405);
    assert_eq!(bench.refused("POST", "/v2/orders/search", json!([])).1, "EXPECTED_JSON_BODY");
}

#[test]
fn a_seller_over_the_rate_is_answered_429_until_the_bucket_has_drained() {
    let mut bench = Bench::empty(Settings::example());
    let mut statuses = Vec::new();
    for _ in 0..22 {
        statuses.push(bench.call("GET", "/v2/locations", json!({})).0);
    }
    assert_eq!(statuses[..20], [200; 20]);
    assert_eq!(statuses[20..], [429; 2]);
    let (_, code, _) = bench.refused("GET", "/v2/locations", json!({}));
    assert_eq!(code, "RATE_LIMITED");
    bench.now += 100;
    assert_eq!(bench.call("GET", "/v2/locations", json!({})).0, 200);
    assert_eq!(bench.call("GET", "/v2/locations", json!({})).0, 429);
}

#[test]
fn the_fault_knob_speaks_the_vendors_words() {
    let bench = Bench::open();
    let response = bench.square.throttled(&with(&[], "/v2/locations"));
    let body: Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!(response.status(), 429);
    assert_eq!(body["errors"][0]["category"], "RATE_LIMIT_ERROR");
}

#[test]
fn a_repeated_write_is_answered_and_not_done_again() {
    let mut bench = Bench::open();
    let body = json!({"idempotency_key": "once", "given_name": "Ana"});
    let first = bench.ok("POST", "/v2/customers", body.clone());
    let again = bench.ok("POST", "/v2/customers", body);
    assert_eq!(first, again);
    let other = json!({"idempotency_key": "once", "given_name": "Bea"});
    let (status, code, field) = bench.refused("POST", "/v2/customers", other);
    assert_eq!((status, code.as_str(), field.as_str()), (400, "IDEMPOTENCY_KEY_REUSED", "idempotency_key"));
    bench.now += 60_000;
    let all = bench.ok("POST", "/v2/customers/search", json!({"count": true}));
    assert_eq!(all["count"], 1);
}

#[test]
fn the_same_key_at_another_endpoint_is_another_key() {
    let mut bench = Bench::open();
    let place = bench.location("Harbour");
    bench.ok("POST", "/v2/customers", json!({"idempotency_key": "k", "given_name": "Ana"}));
    bench.ok("POST", "/v2/orders", json!({"idempotency_key": "k", "order": {"location_id": place}}));
}

#[test]
fn a_refused_write_does_not_use_its_key_up() {
    let mut bench = Bench::open();
    let empty = json!({"idempotency_key": "k", "note": "nobody"});
    assert_eq!(bench.refused("POST", "/v2/customers", empty).1, "BAD_REQUEST");
    bench.ok("POST", "/v2/customers", json!({"idempotency_key": "k", "given_name": "Ana"}));
}

#[test]
fn a_key_that_is_too_long_for_its_endpoint_is_refused() {
    let mut bench = Bench::open();
    let body = json!({"idempotency_key": "k".repeat(46), "source_id": "CASH"});
    assert_eq!(bench.refused("POST", "/v2/payments", body).1, "VALUE_TOO_LONG");
}

#[test]
fn after_the_seller_has_revoked_access_the_token_is_dead_and_events_stop() {
    let mut bench = Bench::stocked("5");
    assert_eq!(bench.ok("POST", "/oauth2/token/status", json!({}))["merchant_id"], "MLEMULATED01");
    bench.act(json!({"act": "uninstall"}));
    assert_eq!(bench.last("oauth.authorization.revoked")["revocation"]["revoker_type"], "MERCHANT");
    bench.outbox.clear();
    bench.sell("S1", "MUG", "1");
    assert!(bench.outbox.is_empty());
    assert_eq!(bench.refused("GET", "/v2/locations", json!({})).1, "ACCESS_TOKEN_REVOKED");
    assert_eq!(bench.refused("POST", "/oauth2/token/status", json!({})).1, "ACCESS_TOKEN_REVOKED");
}

#[test]
fn revoking_by_api_needs_the_applications_secret() {
    let mut bench = Bench::stocked("5");
    let request = |secret: &str| {
        let body = json!({"client_id": "sq0idp-emulated", "access_token": "square-seller-token"});
        Request::builder()
            .method("POST")
            .uri("/oauth2/revoke")
            .header("authorization", format!("Client {secret}"))
            .body(Bytes::from(body.to_string()))
            .expect("a request")
    };
    assert_eq!(bench.raw(request("guess")).status(), 401);
    assert_eq!(bench.raw(request("square-application-secret")).status(), 200);
    assert_eq!(bench.last("oauth.authorization.revoked")["revocation"]["revoker_type"], "APPLICATION");
}

#[test]
fn a_listing_goes_on_with_the_same_body_only() {
    let mut bench = Bench::open();
    for name in ["Ana", "Bea", "Cem"] {
        bench.ok("POST", "/v2/customers", json!({"given_name": name}));
    }
    bench.now = NOON + 60_000;
    let first = bench.ok("POST", "/v2/customers/search", json!({"limit": 2}));
    let cursor = first["cursor"].clone();
    assert_eq!(first["customers"].as_array().map(Vec::len), Some(2));
    let other = bench.refused("POST", "/v2/customers/search", json!({"limit": 3, "cursor": cursor}));
    assert_eq!(other.1, "INVALID_CURSOR");
    let rest = bench.ok("POST", "/v2/customers/search", json!({"limit": 2, "cursor": cursor}));
    assert_eq!(rest["customers"][0]["given_name"], "Cem");
    assert_eq!(rest.get("cursor"), None);
}

#[test]
fn calls_are_counted_by_kind_and_stock_rows_by_type() {
    let mut bench = Bench::open();
    let (mug, place) = (bench.variation("MUG"), bench.location("Harbour"));
    let before = bench.square.calls();
    let change = json!({"type": "ADJUSTMENT", "adjustment": {"catalog_object_id": mug, "from_state": "NONE",
        "to_state": "IN_STOCK", "to_location_id": place, "quantity": "1", "occurred_at": "2026-11-23T09:15:00Z"}});
    let body = json!({"idempotency_key": "k", "changes": [change, change]});
    bench.ok("POST", "/v2/inventory/changes/batch-create", body);
    bench.ok("POST", "/v2/inventory/counts/batch-retrieve", json!({}));
    bench.refused("POST", "/v2/customers", json!({}));
    let after = bench.square.calls();
    let more = (after.reads - before.reads, after.writes - before.writes, after.errors - before.errors);
    assert_eq!(more, (1, 2, 1));
    assert_eq!(after.rows, [("ADJUSTMENT".to_owned(), 2)].into());
}

#[test]
fn a_cursor_from_elsewhere_is_refused() {
    let mut bench = Bench::open();
    bench.now += 60_000;
    let place = bench.location("Harbour");
    let body = json!({"location_ids": [place], "cursor": "AAAA"});
    assert_eq!(bench.refused("POST", "/v2/orders/search", body).1, "INVALID_CURSOR");
    assert_eq!(bench.refused("GET", "/v2/payments?cursor=%FFx", json!({})).1, "INVALID_CURSOR");
}

#[test]
fn absurd_amounts_are_capped_and_do_not_break_the_seller() {
    let mut bench = Bench::open();
    let place = bench.location("Harbour");
    let line =
        json!({"name": "Moon", "quantity": "999999999", "base_price_money": {"amount": i64::MAX, "currency": "GBP"}});
    let body = json!({"idempotency_key": "k", "order": {"location_id": place, "line_items": [line, line]}});
    assert_eq!(bench.ok("POST", "/v2/orders", body)["order"]["total_money"]["amount"], i64::MAX);
}
