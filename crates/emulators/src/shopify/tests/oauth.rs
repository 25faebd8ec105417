//! Codes and tokens: how they are got, how long they live, what ends them.

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use super::Bench;

const AUTHORIZE: &str = "/admin/oauth/authorize?client_id=client_emulated&scope=read_orders%2Cwrite_products\
                         &redirect_uri=https%3A%2F%2Fhub.example%2Fback%3Fx%3D1&state=a%20b";

fn get(bench: &mut Bench, path: &str) -> (u16, String) {
    let request = http::Request::get(path).body(bytes::Bytes::new()).expect("a request");
    let response = bench.send(&request);
    let location = response.headers().get("location").map(|value| value.to_str().expect("ASCII").to_owned());
    (response.status().as_u16(), location.unwrap_or_default())
}

fn post(bench: &mut Bench, body: &Value) -> (u16, Value) {
    let response = bench.post("/admin/oauth/access_token", "", body);
    (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
}

/// The merchant agrees; answers the fields that come back.
fn agreed(bench: &mut Bench) -> Vec<(String, String)> {
    let (status, location) = get(bench, AUTHORIZE);
    assert_eq!(status, 302);
    let (base, query) = location.split_once('?').expect("a query");
    assert_eq!(base, "https://hub.example/back");
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    query.split('&').map(|field| pair(field).expect("a pair")).collect()
}

fn field(fields: &[(String, String)], name: &str) -> String {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).expect("it is there")
}

fn exchange(bench: &mut Bench, code: &str, expiring: &str) -> (u16, Value) {
    let body =
        json!({"client_id": "client_emulated", "client_secret": "shpss_emulated", "code": code, "expiring": expiring});
    post(bench, &body)
}

fn renew(bench: &mut Bench, refresh: &Value) -> (u16, Value) {
    let body = json!({"client_id": "client_emulated", "client_secret": "shpss_emulated",
        "grant_type": "refresh_token", "refresh_token": refresh});
    post(bench, &body)
}

/// The status of a call with this token.
fn opens(bench: &mut Bench, token: &Value) -> u16 {
    let body = json!({"query": "{ shop { id } }"});
    let token = token.as_str().expect("a token").to_owned();
    bench.post("/admin/api/2026-10/graphql.json", &token, &body).status().as_u16()
}

#[test]
fn the_callback_carries_code_shop_and_state_and_is_signed_over_all_of_them() {
    let mut bench = Bench::new();
    let fields = agreed(&mut bench);
    assert_eq!(field(&fields, "shop"), "lockstep-demo.myshopify.com");
    assert_eq!((field(&fields, "state"), field(&fields, "x")), ("a%20b".to_owned(), "1".to_owned()));
    let signed: Vec<String> =
        fields.iter().filter(|(name, _)| name != "hmac").map(|(name, value)| format!("{name}={value}")).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"shpss_emulated");
    let tag = hmac::sign(&key, signed.join("&").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(field(&fields, "hmac"), hex);
}

#[test]
fn authorize_refuses_a_foreign_client_an_odd_address_and_no_scope() {
    let mut bench = Bench::new();
    for bad in [
        "client_id=other&scope=read_orders&redirect_uri=https://hub.example/",
        "client_id=client_emulated&scope=read_orders&redirect_uri=javascript:x",
        "client_id=client_emulated&redirect_uri=https://hub.example/",
    ] {
        assert_eq!(get(&mut bench, &format!("/admin/oauth/authorize?{bad}")).0, 400, "{bad}");
    }
}

#[test]
fn a_code_is_exchanged_once_and_its_scopes_are_the_tokens() {
    let mut bench = Bench::new();
    let code = field(&agreed(&mut bench), "code");
    let wrong = json!({"client_id": "client_emulated", "client_secret": "guess", "code": code});
    assert_eq!(post(&mut bench, &wrong).0, 400);
    let (status, granted) = exchange(&mut bench, &code, "1");
    assert_eq!(
        (status, &granted["scope"], &granted["expires_in"]),
        (200, &json!("read_orders,write_products"), &json!(3600))
    );
    assert_eq!(opens(&mut bench, &json!("shpat_emulated")), 200, "the old token lives until the new one is used");
    assert_eq!(opens(&mut bench, &granted["access_token"]), 200);
    assert_eq!(opens(&mut bench, &json!("shpat_emulated")), 401);
    assert_eq!(exchange(&mut bench, &code, "1").0, 400);
    let query = json!({"query": "{ currentAppInstallation { accessScopes { handle } } }"});
    let token = granted["access_token"].as_str().expect("a token").to_owned();
    let answer = bench.post("/admin/api/2026-10/graphql.json", &token, &query);
    let answer: Value = serde_json::from_slice(answer.body()).expect("JSON");
    let scopes = json!([{"handle": "read_orders"}, {"handle": "write_products"}]);
    assert_eq!(answer["data"]["currentAppInstallation"]["accessScopes"], scopes);
}

#[test]
fn a_token_that_was_not_asked_for_as_expiring_lives_for_ever() {
    let mut bench = Bench::new();
    let code = field(&agreed(&mut bench), "code");
    let (_, granted) = exchange(&mut bench, &code, "0");
    assert!(granted.get("expires_in").is_none() && granted.get("refresh_token").is_none());
    bench.now += 400 * 24 * 3_600_000;
    assert_eq!(opens(&mut bench, &granted["access_token"]), 200);
}

#[test]
fn a_token_dies_after_an_hour_and_a_lost_renewal_can_be_asked_for_again() {
    let mut bench = Bench::new();
    let (status, first) = renew(&mut bench, &json!("shprt_emulated"));
    assert_eq!((status, opens(&mut bench, &first["access_token"])), (200, 200));
    bench.now += 3_600_000;
    assert_eq!(opens(&mut bench, &first["access_token"]), 401);
    let (_, lost) = renew(&mut bench, &first["refresh_token"]);
    let (status, again) = renew(&mut bench, &first["refresh_token"]);
    assert_eq!(status, 200);
    assert_ne!(lost["access_token"], again["access_token"]);
    assert_eq!(opens(&mut bench, &again["access_token"]), 200);
    assert_eq!(renew(&mut bench, &first["refresh_token"]).0, 400, "its successor is in use");
    assert_eq!(renew(&mut bench, &json!("guess")).0, 400);
}

#[test]
fn a_revoked_token_is_renewed_and_a_removed_app_has_to_be_connected_again() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create"]);
    bench.ok(json!({"act": "revoke_token"}));
    assert_eq!(opens(&mut bench, &json!("shpat_emulated")), 401);
    bench.sell("s1", "SKU-1", "1");
    assert_eq!(bench.topics(), ["orders/create"]);
    let (_, renewed) = renew(&mut bench, &json!("shprt_emulated"));
    assert_eq!(opens(&mut bench, &renewed["access_token"]), 200);
    bench.ok(json!({"act": "uninstall"}));
    assert_eq!(opens(&mut bench, &renewed["access_token"]), 401);
    assert_eq!(renew(&mut bench, &renewed["refresh_token"]).0, 400);
    let code = field(&agreed(&mut bench), "code");
    let (_, granted) = exchange(&mut bench, &code, "1");
    assert_eq!(opens(&mut bench, &granted["access_token"]), 200);
}
