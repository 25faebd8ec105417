//! Codes and tokens: how they are got, how long they live, what ends them.

use super::{Bench, till_sale};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

const AUTHORIZE: &str = "/oauth2/authorize?client_id=sq0idp-emulated&scope=ITEMS_READ%20ORDERS_READ&session=false\
                         &state=a%20b&redirect_uri=https%3A%2F%2Fhub.example%2Fback";
const DAY: i64 = 24 * 3_600_000;

fn get(bench: &mut Bench, path: &str) -> (u16, String) {
    let response = bench.raw(Request::get(path).body(Bytes::new()).expect("a request"));
    let location = response.headers().get("location").map(|value| value.to_str().expect("ASCII").to_owned());
    (response.status().as_u16(), location.unwrap_or_default())
}

/// The seller agrees; answers the code.
fn code(bench: &mut Bench) -> String {
    let (status, location) = get(bench, AUTHORIZE);
    assert_eq!(status, 302);
    let query = location.strip_prefix("https://hub.example/back?").expect("the address");
    assert!(query.ends_with("&response_type=code&state=a%20b"), "{query}");
    query.split('&').find_map(|pair| pair.strip_prefix("code=")).expect("a code").to_owned()
}

fn token(bench: &mut Bench, fields: Value) -> (u16, Value) {
    let mut body = json!({"client_id": "sq0idp-emulated", "client_secret": "square-application-secret"});
    let all = body.as_object_mut().expect("an object");
    all.extend(fields.as_object().expect("an object").clone());
    bench.send("", "POST", "/oauth2/token", &body)
}

fn exchange(bench: &mut Bench, code: &str) -> (u16, Value) {
    token(bench, json!({"grant_type": "authorization_code", "code": code}))
}

fn renew(bench: &mut Bench, refresh: &Value) -> (u16, Value) {
    token(bench, json!({"grant_type": "refresh_token", "refresh_token": refresh}))
}

/// The status of a call with this token, and the code of its error.
fn opens(bench: &mut Bench, token: &Value) -> (u16, String) {
    let token = token.as_str().expect("a token").to_owned();
    let (status, answer) = bench.send(&token, "GET", "/v2/locations", &json!({}));
    (status, answer["errors"][0]["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_code_is_exchanged_once_for_a_token_of_thirty_days_with_the_scopes_that_were_asked_for() {
    let mut bench = Bench::open();
    let code = code(&mut bench);
    let (status, granted) = exchange(&mut bench, &code);
    assert_eq!(
        (status, &granted["token_type"], &granted["merchant_id"]),
        (200, &json!("bearer"), &json!("MLEMULATED01"))
    );
    assert_eq!(exchange(&mut bench, &code).0, 401);
    let access = granted["access_token"].as_str().expect("a token").to_owned();
    let (_, told) = bench.send(&access, "POST", "/oauth2/token/status", &json!({}));
    assert_eq!(told["scopes"], json!(["ITEMS_READ", "ORDERS_READ"]));
    assert_eq!(told["expires_at"], granted["expires_at"]);
    bench.now += 30 * DAY - 1;
    assert_eq!(opens(&mut bench, &granted["access_token"]).0, 200);
    bench.now += 1;
    assert_eq!(opens(&mut bench, &granted["access_token"]), (401, "ACCESS_TOKEN_EXPIRED".into()));
}

#[test]
fn a_code_that_is_too_old_or_of_another_application_is_refused() {
    let mut bench = Bench::open();
    let late = code(&mut bench);
    bench.now += 5 * 60_000;
    assert_eq!(exchange(&mut bench, &late).0, 401);
    let body = json!({"client_id": "sq0idp-emulated", "client_secret": "guess", "grant_type": "authorization_code", "code": late});
    assert_eq!(bench.send("", "POST", "/oauth2/token", &body).0, 401);
    assert_eq!(token(&mut bench, json!({"grant_type": "migration_token"})).0, 400);
    for bad in [
        "client_id=other&scope=A&redirect_uri=https://hub.example/",
        "client_id=sq0idp-emulated&scope=A&redirect_uri=javascript:x",
        "client_id=sq0idp-emulated&redirect_uri=https://hub.example/",
    ] {
        assert_eq!(get(&mut bench, &format!("/oauth2/authorize?{bad}")).0, 400, "{bad}");
    }
}

#[test]
fn the_refresh_token_stays_the_same_and_old_tokens_live_out_their_time() {
    let mut bench = Bench::open();
    let (_, first) = renew(&mut bench, &json!("square-refresh-token"));
    let (_, second) = renew(&mut bench, &first["refresh_token"]);
    assert_eq!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    assert_eq!(opens(&mut bench, &first["access_token"]).0, 200);
    assert_eq!(opens(&mut bench, &json!("square-seller-token")).0, 200);
    assert_eq!(renew(&mut bench, &json!("guess")).0, 401);
}

#[test]
fn a_revoked_token_is_renewed_and_a_removed_application_has_to_be_connected_again() {
    let mut bench = Bench::stocked("10");
    bench.act(json!({"act": "revoke_token"}));
    assert_eq!(opens(&mut bench, &json!("square-seller-token")), (401, "ACCESS_TOKEN_REVOKED".into()));
    bench.act(till_sale("S1", "MUG", "1", 0));
    assert!(bench.topics().contains(&"order.created"), "news goes on");
    let (_, renewed) = renew(&mut bench, &json!("square-refresh-token"));
    assert_eq!(opens(&mut bench, &renewed["access_token"]).0, 200);
    bench.act(json!({"act": "uninstall"}));
    assert_eq!(opens(&mut bench, &renewed["access_token"]), (401, "ACCESS_TOKEN_REVOKED".into()));
    assert_eq!(renew(&mut bench, &json!("square-refresh-token")).0, 401);
    bench.outbox.clear();
    let code = code(&mut bench);
    let (_, granted) = exchange(&mut bench, &code);
    assert_eq!(opens(&mut bench, &granted["access_token"]).0, 200);
    bench.act(till_sale("S2", "MUG", "1", 0));
    assert!(bench.topics().contains(&"order.created"), "it hears again");
}
