//! Installing the app: the code, the token, and how a token dies.

use super::super::open;
use super::Bench;
use crate::machine::Opening;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

fn authorize(bench: &mut Bench, query: &str) -> (u16, String) {
    let uri = format!("/oauth2/authorize?{query}");
    let response = bench.raw(Request::get(uri).body(Bytes::new()).expect("a request"));
    let location = response.headers().get("location").map(|text| text.to_str().expect("text").to_owned());
    (response.status().as_u16(), location.unwrap_or_default())
}

fn exchange(bench: &mut Bench, form: &Value) -> (u16, Value) {
    let request = Request::post("/oauth2/token").header("content-type", "application/json");
    let response = bench.raw(request.body(Bytes::from(form.to_string())).expect("a request"));
    (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
}

const ASK: &str = "client_id=bigcommerce-client-id&response_type=code&context=stores%2Fbcemulated\
                   &scope=store_v2_orders+store_inventory&redirect_uri=https%3A%2F%2Fhub.example%2Fauth&state=s1";

fn code(location: &str) -> String {
    let (_, rest) = location.split_once("code=").expect("a code");
    rest.split('&').next().expect("a value").to_owned()
}

fn form(code: &str) -> Value {
    json!({
        "client_id": "bigcommerce-client-id", "client_secret": "bigcommerce-client-secret", "code": code,
        "scope": "store_v2_orders store_inventory", "grant_type": "authorization_code",
        "redirect_uri": "https://hub.example/auth", "context": "stores/bcemulated",
    })
}

#[test]
fn a_code_is_good_for_one_token_with_the_scopes_that_were_asked_for() {
    let mut bench = Bench::open();
    let (status, location) = authorize(&mut bench, ASK);
    assert_eq!(status, 302);
    assert!(location.starts_with("https://hub.example/auth?code="), "{location}");
    for part in ["scope=store_inventory%20store_v2_orders", "context=stores%2Fbcemulated", "account_uuid=", "state=s1"]
    {
        assert!(location.contains(part), "{part} in {location}");
    }
    let form = form(&code(&location));
    let (status, token) = exchange(&mut bench, &form);
    assert_eq!((status, &token["context"]), (200, &json!("stores/bcemulated")));
    assert_eq!(token["scope"], "store_inventory store_v2_orders");
    assert!(token["user"]["id"].is_u64() && token["account_uuid"].is_string());
    assert_eq!(exchange(&mut bench, &form).0, 400);
    // Other scopes than before: the old token is dead, the new one may less.
    let new = token["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(bench.call("GET", "/v2/time", Value::Null).0, 401);
    assert_eq!(bench.send(&new, "GET", "/v3/inventory/items", &Value::Null).0, 200);
    assert_eq!(bench.send(&new, "GET", "/v3/customers", &Value::Null).0, 403);
}

#[test]
fn a_form_is_taken_as_well_and_a_code_dies_with_time() {
    let mut bench = Bench::open();
    let (_, location) = authorize(&mut bench, ASK);
    let text = format!(
        "client_id=bigcommerce-client-id&client_secret=bigcommerce-client-secret&code={}&scope=store_v2_orders%20\
         store_inventory&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fhub.example%2Fauth\
         &context=stores%2Fbcemulated",
        code(&location)
    );
    let send = |bench: &mut Bench| {
        let request = Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
        bench.raw(request.body(Bytes::from(text.clone())).expect("a request")).status()
    };
    bench.now += 600_000;
    assert_eq!(send(&mut bench), 400);
    let (_, location) = authorize(&mut bench, ASK);
    let (status, _) = exchange(&mut bench, &form(&code(&location)));
    assert_eq!(status, 200);
}

#[test]
fn what_does_not_fit_the_app_or_the_store_is_refused() {
    let mut bench = Bench::open();
    for wrong in [
        ASK.replace("bigcommerce-client-id", "nobody"),
        ASK.replace("bcemulated", "another"),
        ASK.replace("store_inventory", "store_everything"),
        ASK.replace("response_type=code", "response_type=token"),
    ] {
        assert_eq!(authorize(&mut bench, &wrong).0, 400, "{wrong}");
    }
    for (field, value, status) in [
        ("client_secret", "guess", 401),
        ("grant_type", "refresh_token", 400),
        ("context", "stores/another", 400),
        ("redirect_uri", "https://evil.example/auth", 400),
        ("scope", "store_v2_orders", 400),
    ] {
        let (_, location) = authorize(&mut bench, ASK);
        let mut form = form(&code(&location));
        form[field] = json!(value);
        assert_eq!(exchange(&mut bench, &form).0, status, "{field}");
    }
}

#[test]
fn a_revoked_token_is_dead_and_the_webhooks_live_until_the_app_is_uninstalled() {
    let mut bench = Bench::stocked(5);
    bench.act(json!({"act": "revoke_token"}));
    assert_eq!(bench.call("GET", "/v2/time", Value::Null).0, 401);
    bench.order("W1", &[("MUG", 1)]);
    assert!(bench.topics().contains(&"store/order/created"));
    bench.outbox.clear();
    bench.act(json!({"act": "uninstall"}));
    assert_eq!(bench.told("store/app/uninstalled"), [json!({"type": "app"})]);
    bench.outbox.clear();
    bench.order("W2", &[("MUG", 1)]);
    assert_eq!(bench.topics(), Vec::<&str>::new());
}

#[test]
fn an_opening_gives_the_keys_that_open_the_store() {
    let opening = Opening { webhook_secret: Some("wished".into()), rate_scale: 3, ..Opening::default() };
    let opened = open(&opening).expect("a store");
    assert_eq!((opened.keys.account.as_str(), opened.keys.client_secret.as_str()), ("bcemulated", "wished"));
    assert_eq!((opened.keys.webhook_secret.as_str(), opened.keys.refresh_token.as_str()), ("wished", ""));
    assert!(!opened.one_location && !opened.unlinked_returns);
    let mut machine = opened.machine;
    let (mut dice, mut outbox) = (crate::machine::Dice::new(1), Vec::new());
    let mut world = crate::machine::World { now: super::NOON, dice: &mut dice, outbox: &mut outbox };
    let get = super::request(&opened.keys.access_token, "GET", "/v2/time", &Value::Null);
    let response = machine.handle(&get, &mut world);
    assert_eq!(response.headers()["x-rate-limit-requests-quota"], "450");
    assert!(response.headers().contains_key("date"));
    assert!(open(&Opening { zone: "Mars/Phobos".into(), ..Opening::default() }).is_err());
}
