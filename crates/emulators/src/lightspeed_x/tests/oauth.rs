//! Consent, codes, tokens, refreshes, scopes.

use super::{Bench, form, text};
use crate::lightspeed_x::Settings;
use http::Request;
use serde_json::{Value, json};

const BACK: &str = "https://hub.example/connected";

fn consent(bench: &mut Bench, changed: &[(&str, &str)]) -> http::Response<bytes::Bytes> {
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", "lightspeed-x-client-id"),
        ("redirect_uri", BACK),
        ("state", "12345678"),
        ("scope", "sales:read products:read webhooks"),
    ];
    for (name, value) in changed {
        let held = query.iter_mut().find(|(known, _)| known == name).expect("a field of the query");
        held.1 = value;
    }
    let uri = format!("/connect?{}", form::write(&query));
    bench.raw(Request::get(uri).body(bytes::Bytes::new()).expect("a request"))
}

fn code(bench: &mut Bench) -> String {
    let response = consent(bench, &[]);
    assert_eq!(response.status(), 302);
    let place = response.headers()["location"].to_str().expect("ASCII").to_owned();
    let (base, query) = place.split_once('?').expect("a query");
    assert_eq!(base, BACK);
    let pairs = form::read(query);
    let field = |name: &str| pairs.iter().find(|(known, _)| known == name).expect("a field").1.clone();
    assert_eq!((field("domain_prefix"), field("state")), ("emulated-x".into(), "12345678".into()));
    field("code")
}

fn trade(bench: &mut Bench, code: &str, secret: &str) -> (u16, Value) {
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", "lightspeed-x-client-id"),
        ("client_secret", secret),
        ("redirect_uri", BACK),
    ];
    bench.form("/api/1.0/token", &pairs)
}

fn refresh(bench: &mut Bench, token: &str) -> (u16, Value) {
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", "lightspeed-x-client-id"),
        ("client_secret", "lightspeed-x-client-secret"),
    ];
    bench.form("/api/1.0/token", &pairs)
}

#[test]
fn consent_asks_for_a_long_state_a_scope_and_a_known_client() {
    let mut bench = Bench::open();
    for change in [
        ("state", "1234567"),
        ("scope", ""),
        ("scope", "Sales Read"),
        ("client_id", "another"),
        ("response_type", "token"),
        ("redirect_uri", "javascript:alert(1)"),
    ] {
        let response = consent(&mut bench, &[change]);
        assert_eq!(response.status(), 400, "{change:?}");
        assert_eq!(response.headers().get("location"), None);
    }
}

#[test]
fn a_code_is_traded_once_for_a_pair_with_the_scopes_that_were_asked_for() {
    let mut bench = Bench::open();
    let code = code(&mut bench);
    assert_eq!(trade(&mut bench, &code, "wrong").0, 400);
    let (status, pair) = trade(&mut bench, &code, "lightspeed-x-client-secret");
    assert_eq!(status, 200, "{pair}");
    assert_eq!((&pair["token_type"], &pair["expires_in"]), (&json!("Bearer"), &json!(86_400)));
    assert_eq!(pair["expires"], bench.now / 1_000 + 86_400);
    assert_eq!(
        (&pair["domain_prefix"], &pair["scope"]),
        (&json!("emulated-x"), &json!("sales:read products:read webhooks"))
    );
    assert_eq!(trade(&mut bench, &code, "lightspeed-x-client-secret").0, 400);
    bench.token = text(&pair["access_token"]);
    assert_eq!(bench.call("GET", "sales", Value::Null).0, 200);
    assert_eq!(bench.refused("POST", "sales", json!({})), 403);
    assert_eq!(bench.refused("GET", "customers", Value::Null), 403);
    assert_eq!(bench.refused("GET", "stock_adjustments", Value::Null), 403);
}

#[test]
fn a_code_grows_old() {
    let mut bench = Bench::open();
    let code = code(&mut bench);
    bench.now += 600_000;
    assert_eq!(trade(&mut bench, &code, "lightspeed-x-client-secret").0, 400);
}

#[test]
fn a_refresh_kills_the_old_pair_at_once() {
    let mut bench = Bench::open();
    let first = Settings::example().refresh_token;
    let (status, pair) = refresh(&mut bench, &first);
    assert_eq!(status, 200, "{pair}");
    assert_eq!(bench.refused("GET", "outlets", Value::Null), 401);
    assert_eq!(refresh(&mut bench, &first).0, 400);
    bench.token = text(&pair["access_token"]);
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
}

#[test]
fn an_access_token_lives_a_day() {
    let mut bench = Bench::open();
    bench.now += 86_400_000 - 1;
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
    bench.now += 1;
    assert_eq!(bench.refused("GET", "outlets", Value::Null), 401);
    let pair = refresh(&mut bench, "lightspeed-x-refresh-token").1;
    bench.token = text(&pair["access_token"]);
    assert_eq!(bench.call("GET", "outlets", Value::Null).0, 200);
}

#[test]
fn a_revoked_token_can_be_refreshed_and_an_uninstalled_application_cannot() {
    let mut bench = Bench::open();
    bench.act(json!({"act": "revoke_token"}));
    assert_eq!(bench.refused("GET", "outlets", Value::Null), 401);
    let (status, pair) = refresh(&mut bench, "lightspeed-x-refresh-token");
    assert_eq!(status, 200);
    bench.token = text(&pair["access_token"]);
    bench.subscribe_all();
    bench.act(json!({"act": "uninstall"}));
    assert_eq!(bench.refused("GET", "outlets", Value::Null), 401);
    assert_eq!(refresh(&mut bench, pair["refresh_token"].as_str().expect("a token")).0, 400);
    bench.sell("S1", &[("MUG", "1")]);
    assert!(bench.outbox.is_empty());
}

#[test]
fn the_token_endpoint_has_a_limit_of_its_own() {
    let mut bench = Bench::empty(Settings { token_calls: 2, ..Settings::example() });
    assert_eq!(refresh(&mut bench, "wrong").0, 400);
    assert_eq!(refresh(&mut bench, "wrong").0, 400);
    let request = Request::post("/api/1.0/token").body(bytes::Bytes::new()).expect("a request");
    let refused = bench.raw(request);
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-ratelimit-reset"], "1795425360");
    bench.now += 60_000;
    assert_eq!(refresh(&mut bench, "wrong").0, 400);
}
