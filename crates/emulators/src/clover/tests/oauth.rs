//! Codes and token pairs: how they are got, how long they live, what kills them.

use super::{Bench, HOUR, NOON, text};
use serde_json::{Value, json};

const AUTHORIZE: &str =
    "/oauth/v2/authorize?client_id=AEMULATED0001&redirect_uri=https%3A%2F%2Fhub.example%2Fback&state=a%20b";

fn post(bench: &mut Bench, path: &str, body: Value) -> (u16, Value) {
    let response = bench.respond("POST", path, &body);
    (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
}

/// The merchant agrees; answers the code.
fn code(bench: &mut Bench) -> String {
    let response = bench.respond("GET", AUTHORIZE, &Value::Null);
    assert_eq!(response.status(), 302);
    let location = response.headers()["location"].to_str().expect("ASCII").to_owned();
    let (start, query) = location.split_once('?').expect("a query");
    assert_eq!(start, "https://hub.example/back");
    let find =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)).expect("the parameter").to_owned();
    assert_eq!(find("merchant_id="), "MEMULATED0001");
    assert_eq!(find("client_id="), "AEMULATED0001");
    assert_eq!(find("state="), "a%20b");
    assert_eq!(find("employee_id=").len(), 13);
    find("code=")
}

fn exchange(bench: &mut Bench, code: &str) -> (u16, Value) {
    let body = json!({"client_id": "AEMULATED0001", "client_secret": "clover-app-secret", "code": code});
    post(bench, "/oauth/v2/token", body)
}

fn refresh(bench: &mut Bench, token: &str) -> (u16, Value) {
    post(bench, "/oauth/v2/refresh", json!({"client_id": "AEMULATED0001", "refresh_token": token}))
}

#[test]
fn a_code_is_exchanged_once_for_a_pair_whose_expiries_are_unix_seconds() {
    let mut bench = Bench::open();
    bench.now = NOON;
    let code = code(&mut bench);
    let (status, pair) = exchange(&mut bench, &code);
    assert_eq!(status, 200, "{pair}");
    assert_eq!(pair["access_token_expiration"], json!((NOON + HOUR / 2) / 1_000));
    assert!(pair["refresh_token_expiration"].as_i64() > pair["access_token_expiration"].as_i64());
    bench.token = text(&pair["access_token"]);
    bench.get("/orders");
    assert_eq!(exchange(&mut bench, &code).0, 401);
}

#[test]
fn authorize_refuses_a_foreign_client_and_an_address_that_is_none() {
    let mut bench = Bench::open();
    for bad in
        ["client_id=OTHER&redirect_uri=https://hub.example/", "client_id=AEMULATED0001&redirect_uri=javascript:x"]
    {
        let response = bench.respond("GET", &format!("/oauth/v2/authorize?{bad}"), &Value::Null);
        assert_eq!(response.status(), 400, "{bad}");
    }
}

#[test]
fn a_code_needs_the_apps_secret_and_dies_after_ten_minutes() {
    let mut bench = Bench::open();
    let code = code(&mut bench);
    let wrong = json!({"client_id": "AEMULATED0001", "client_secret": "guess", "code": code});
    let (status, answer) = post(&mut bench, "/oauth/v2/token", wrong);
    assert_eq!((status, answer), (401, json!({"message": "Failed to validate authentication code."})));
    bench.now += 10 * 60_000;
    assert_eq!(exchange(&mut bench, &code).0, 401);
}

#[test]
fn a_refresh_kills_the_old_pair_and_works_once() {
    let mut bench = Bench::open();
    let (status, pair) = refresh(&mut bench, "clover-refresh-token");
    assert_eq!(status, 200, "{pair}");
    assert_eq!(bench.call("GET", "/orders", Value::Null).0, 401, "the old access token");
    assert_eq!(refresh(&mut bench, "clover-refresh-token").0, 401, "the old refresh token");
    bench.token = text(&pair["access_token"]);
    bench.get("/orders");
}

#[test]
fn an_access_token_dies_after_its_life_and_its_refresh_token_lives_on() {
    let mut bench = Bench::open();
    bench.get("/orders");
    bench.now += HOUR / 2;
    let (status, answer) = bench.call("GET", "/orders", Value::Null);
    assert_eq!((status, answer), (401, json!({"message": "401 Unauthorized"})));
    let (_, pair) = refresh(&mut bench, "clover-refresh-token");
    bench.token = text(&pair["access_token"]);
    bench.get("/orders");
}

#[test]
fn a_revoked_access_token_is_dead_and_can_be_renewed() {
    let mut bench = Bench::open();
    bench.act(json!({"act": "revoke_token"}));
    assert_eq!(bench.call("GET", "/orders", Value::Null).0, 401);
    assert_eq!(refresh(&mut bench, "clover-refresh-token").0, 200);
}

#[test]
fn an_uninstalled_app_has_no_tokens_hears_so_once_and_comes_back_with_a_new_code() {
    let mut bench = Bench::stocked();
    bench.act(json!({"act": "uninstall"}));
    assert_eq!(bench.events(), ["A DELETE"]);
    bench.outbox.clear();
    assert_eq!(bench.call("GET", "/orders", Value::Null).0, 401);
    assert_eq!(refresh(&mut bench, "clover-refresh-token").0, 401);
    bench.sell("S1", "MUG", "1");
    assert!(bench.outbox.is_empty(), "the merchant's sales are nothing to the app any more");
    let code = code(&mut bench);
    let (_, pair) = exchange(&mut bench, &code);
    assert_eq!(bench.events(), ["A CREATE"]);
    bench.token = text(&pair["access_token"]);
    bench.get("/orders");
}
