//! Codes, tokens, scopes.

use super::Bench;
use crate::lightspeed_r::Settings;
use crate::machine::Machine;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

fn token_call(bench: &mut Bench, kind: &str, body: String) -> (u16, Value) {
    let request = Request::post("/auth/oauth/token").header("content-type", kind).body(Bytes::from(body));
    let response = bench.raw(request.expect("a request"));
    (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
}

fn refresh(bench: &mut Bench, token: &str) -> (u16, Value) {
    let settings = Settings::example();
    let body = json!({"grant_type": "refresh_token", "refresh_token": token, "client_id": settings.client_id,
        "client_secret": settings.client_secret});
    token_call(bench, "application/json", body.to_string())
}

fn authorize(bench: &mut Bench, query: &str) -> (u16, String) {
    let response =
        bench.raw(Request::get(format!("/auth/oauth/authorize?{query}")).body(Bytes::new()).expect("a request"));
    let location = response.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
    let body = String::from_utf8_lossy(response.body()).into_owned();
    (response.status().as_u16(), location.unwrap_or(body))
}

#[test]
fn a_token_lives_an_hour_and_the_first_one_from_the_first_call() {
    let mut bench = Bench::empty(Settings::example());
    assert_eq!(bench.get("/API/V3/Account.json")["Account"]["accountID"], "83050");
    bench.now += HOUR - 1;
    bench.get("/API/V3/Account.json");
    bench.now += 1;
    let (status, answer) = bench.call("GET", "/API/V3/Account.json", Value::Null);
    let hint = "Access token could not be verified";
    let expected = json!({"error": "access_denied",
        "error_description": "The resource owner or authorization server denied the request.", "hint": hint});
    assert_eq!((status, answer), (401, expected));
}

#[test]
fn a_refresh_ends_the_old_pair_at_once_and_works_once() {
    let mut bench = Bench::empty(Settings::example());
    let (old_access, old_refresh) = (bench.token.clone(), bench.account.tokens.refresh().to_owned());
    bench.now += 2 * HOUR;
    let (status, answer) = refresh(&mut bench, &old_refresh);
    assert_eq!((status, &answer["token_type"], &answer["expires_in"]), (200, &json!("Bearer"), &json!(3600)));
    bench.token = old_access;
    let (status, answer) = bench.call("GET", "/API/V3/Account.json", Value::Null);
    assert_eq!((status, &answer["hint"]), (401, &json!("Access token has been revoked")));
    let (status, again) = refresh(&mut bench, &old_refresh);
    assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")));
    let (_, fresh) = refresh(&mut bench, "lightspeed-r-refresh-token-2");
    bench.token = fresh["access_token"].as_str().expect("a token").to_owned();
    bench.get("/API/V3/Account.json");
}

#[test]
fn an_unused_refresh_token_dies_after_thirty_days() {
    let mut bench = Bench::empty(Settings::example());
    bench.get("/API/V3/Account.json");
    bench.now += 30 * 24 * HOUR + 1;
    assert_eq!(refresh(&mut bench, "lightspeed-r-refresh-token-1").0, 400);
}

#[test]
fn an_access_token_can_be_decoded() {
    let mut bench = Bench::empty(Settings::example());
    let (_, answer) = refresh(&mut bench, "lightspeed-r-refresh-token-1");
    let token = answer["access_token"].as_str().expect("a token");
    let part = token.split('.').nth(1).expect("three parts");
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON");
    assert_eq!(
        (&claims["acct"], &claims["aud"], &claims["scope"]),
        (&json!("83050"), &json!("lightspeed-r-client"), &json!("employee:all"))
    );
    assert_eq!(claims["exp"], json!(1_795_428_900.0));
    bench.token = token.to_owned();
    assert_eq!(bench.get("/auth/oauth/introspect"), claims);
}

#[test]
fn a_code_is_granted_at_once_and_taken_once() {
    let mut bench = Bench::empty(Settings::example());
    let query =
        "response_type=code&client_id=lightspeed-r-client&scope=employee:inventory+employee:register&state=a%20b";
    let (status, location) = authorize(&mut bench, query);
    let expected = "http://127.0.0.1:8080/connect/lightspeed-r?code=lightspeed-r-code-1&state=a%20b";
    assert_eq!((status, location.as_str()), (302, expected));
    let form = "grant_type=authorization_code&code=lightspeed-r-code-1&client_id=lightspeed-r-client&client_secret=lightspeed-r-client-secret";
    let (status, pair) = token_call(&mut bench, "application/x-www-form-urlencoded", form.into());
    assert_eq!(status, 200, "{pair}");
    assert_eq!(token_call(&mut bench, "application/x-www-form-urlencoded", form.into()).0, 400);
    bench.token = pair["access_token"].as_str().expect("a token").to_owned();
    bench.get("ItemShop.json");
    assert_eq!(bench.refused("GET", "Order.json", Value::Null).0, 403);
    assert_eq!(bench.refused("POST", "Customer.json", json!({"firstName": "Ana"})).0, 403);
}

#[test]
fn a_multipart_form_and_a_verifier_do_as_well_as_a_secret() {
    let mut bench = Bench::empty(Settings::example());
    let verifier = "a".repeat(43);
    let challenge = "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA";
    let query = format!(
        "response_type=code&client_id=lightspeed-r-client&scope=employee:all&code_challenge={challenge}&code_challenge_method=S256&redirect_uri=https%3A%2F%2Fhub.example%2Fback"
    );
    assert_eq!(authorize(&mut bench, &query).1, "https://hub.example/back?code=lightspeed-r-code-1");
    let form = |verifier: &str| {
        let fields = [
            ("client_id", "lightspeed-r-client"),
            ("grant_type", "authorization_code"),
            ("code", "lightspeed-r-code-1"),
            ("code_verifier", verifier),
        ];
        let parts: String = fields
            .iter()
            .map(|(name, value)| format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
            .collect();
        format!("{parts}--X--\r\n")
    };
    let kind = "multipart/form-data; boundary=X";
    assert_eq!(token_call(&mut bench, kind, form(&"b".repeat(43))).1["error"], "invalid_grant");
    assert_eq!(token_call(&mut bench, kind, form(&verifier)).0, 200);
}

#[test]
fn a_code_dies_after_a_minute_and_asks_are_checked() {
    let mut bench = Bench::empty(Settings::example());
    for (query, error) in [
        ("response_type=code&client_id=other&scope=employee:all", "invalid_client"),
        ("response_type=code&client_id=lightspeed-r-client&scope=everything", "invalid_scope"),
        ("response_type=code&client_id=lightspeed-r-client", "invalid_scope"),
        ("response_type=token&client_id=lightspeed-r-client&scope=employee:all", "invalid_request"),
    ] {
        let (status, body) = authorize(&mut bench, query);
        assert_eq!((status, body.contains(error)), (400, true), "{query}: {body}");
    }
    authorize(&mut bench, "response_type=code&client_id=lightspeed-r-client&scope=employee:all");
    bench.now += 60_001;
    let form = "grant_type=authorization_code&code=lightspeed-r-code-1&client_id=lightspeed-r-client&client_secret=lightspeed-r-client-secret";
    assert_eq!(token_call(&mut bench, "", form.into()).1["error"], "invalid_grant");
    let wrong = "grant_type=refresh_token&refresh_token=x&client_id=lightspeed-r-client&client_secret=guess";
    let (status, answer) = token_call(&mut bench, "", wrong.into());
    assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")));
    assert_eq!(bench.call("GET", "/auth/oauth/token", Value::Null).0, 405);
}

#[test]
fn a_revoked_token_can_be_refreshed_and_an_uninstalled_app_cannot() {
    let mut bench = Bench::empty(Settings::example());
    bench.act(json!({"act": "revoke_token"}));
    assert_eq!(bench.call("GET", "/API/V3/Account.json", Value::Null).0, 401);
    let (_, pair) = refresh(&mut bench, "lightspeed-r-refresh-token-1");
    bench.token = pair["access_token"].as_str().expect("a token").to_owned();
    bench.get("/API/V3/Account.json");
    bench.act(json!({"act": "uninstall"}));
    assert_eq!(bench.call("GET", "/API/V3/Account.json", Value::Null).0, 401);
    assert_eq!(refresh(&mut bench, "lightspeed-r-refresh-token-2").0, 400);
}

#[test]
fn a_client_can_end_its_own_access() {
    let mut bench = Bench::empty(Settings::example());
    let body = json!({"client_id": "lightspeed-r-client", "client_secret": "lightspeed-r-client-secret", "refresh_token": "lightspeed-r-refresh-token-1"});
    bench.ok("POST", "/auth/oauth/revoke", body);
    assert_eq!(bench.call("GET", "/API/V3/Account.json", Value::Null).0, 401);
}

#[test]
fn nothing_is_answered_without_a_token_or_about_another_account() {
    let mut bench = Bench::open();
    assert_eq!(bench.refused("GET", "/API/V3/Account/1/Item.json", Value::Null).0, 403);
    bench.token = "guess".into();
    assert_eq!(bench.call("GET", "Item.json", Value::Null).0, 401);
    assert_eq!(bench.account.calls().errors, 2);
}
