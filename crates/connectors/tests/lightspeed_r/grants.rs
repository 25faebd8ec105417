//! How access is given, renewed and refused.

use connectors::{Account, Effect, Grants, Phase, Request, Scope, Secret, Tokens, Trouble, Unsendable};
use serde_json::json;

use crate::desk::{account, body, fixture, line, r_series, reply};

fn grants() -> &'static dyn Grants {
    r_series().grants().expect("tokens are given out")
}

fn query(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn exchange(pairs: &[(&str, &str)]) -> Result<Request, Unsendable> {
    grants().exchange(&account(), "https://hub.example.com/back", &query(pairs))
}

#[test]
fn the_page_for_giving_access_is_the_vendors_with_everything_escaped() {
    let scopes: Vec<&Scope> =
        r_series().abilities().scopes.iter().filter(|scope| scope.phase == Phase::Read).take(2).collect();
    let page = grants().authorize(&account(), "https://hub.example.com/back", "a&b=c d/0123456789", &scopes);
    let expected = "https://cloud.lightspeedapp.com/auth/oauth/authorize?response_type=code&client_id=app%209\
                    &scope=employee%3Ainventory_read+employee%3Aregister_read&state=a%26b%3Dc%20d%2F0123456789";
    assert_eq!(page.as_deref(), Ok(expected));
}

#[test]
fn another_host_for_tokens_is_used_when_the_account_names_one() {
    let account = Account { auth_url: "http://127.0.0.1:9".to_owned(), ..account() };
    let page = grants().authorize(&account, "", "0123456789abcdef", &[]).expect("the account is usable");
    assert!(page.starts_with("http://127.0.0.1:9/auth/oauth/authorize?"));
    let request = grants().refresh(&account, &Secret::new("old")).expect("the account is usable");
    assert_eq!(line(&request), "POST http://127.0.0.1:9/auth/oauth/token");
}

#[test]
fn a_code_is_exchanged_with_the_apps_own_secret_and_without_a_token() {
    let request = exchange(&[("code", "def502"), ("state", "x")]).expect("there is a code");
    assert_eq!(line(&request), "POST https://cloud.lightspeedapp.com/auth/oauth/token");
    assert_eq!(request.effect, Effect::Read);
    assert!(!request.http.headers().contains_key("authorization"));
    let expected = json!({"client_id": "app 9", "client_secret": "app-secret", "grant_type": "authorization_code",
        "code": "def502"});
    assert_eq!(body(&request), expected);
}

#[test]
fn a_refresh_sends_the_refresh_token_in_the_body_only() {
    let request = grants().refresh(&account(), &Secret::new("def50200aa")).expect("the account is usable");
    let expected = json!({"client_id": "app 9", "client_secret": "app-secret", "grant_type": "refresh_token",
        "refresh_token": "def50200aa"});
    assert_eq!(body(&request), expected);
    assert!(!line(&request).contains("def50200aa"));
    assert!(!format!("{request:?}").contains("app-secret"));
}

#[test]
fn an_answer_without_exactly_one_code_is_not_exchanged() {
    let odd: [&[(&str, &str)]; 5] = [
        &[],
        &[("state", "x")],
        &[("code", " ")],
        &[("code", "a"), ("code", "b")],
        &[("error", "access_denied"), ("code", "a")],
    ];
    for pairs in odd {
        assert!(matches!(exchange(pairs), Err(Unsendable::Impossible(_))), "{pairs:?}");
    }
}

#[test]
fn an_app_without_id_or_secret_cannot_ask() {
    let without_id = Account { client_id: String::new(), ..account() };
    let refused = grants().authorize(&without_id, "", "0123456789abcdef", &[]);
    assert_eq!(refused, Err(Unsendable::Account("client id")));
    let without_secret = Account { client_secret: None, ..account() };
    let refused = grants().refresh(&without_secret, &Secret::new("x")).map(|_| ());
    assert_eq!(refused, Err(Unsendable::Account("client secret")));
    let refused = grants().refresh(&account(), &Secret::new(" ")).map(|_| ());
    assert_eq!(refused, Err(Unsendable::Account("refresh token")));
}

#[test]
fn tokens_come_with_their_life_and_the_scopes_written_in_them() {
    let text: serde_json::Value = serde_json::from_slice(&fixture("token")).expect("the fixture is JSON");
    let expected = Tokens {
        access: Secret::new(text["access_token"].as_str().expect("a token")),
        refresh: Some(Secret::new("def50200aa")),
        lives_s: Some(3_600),
        account: None,
        scopes: Some(["employee:inventory_read", "employee:register_read"].map(str::to_owned).to_vec()),
    };
    assert_eq!(grants().granted(&reply(200, &fixture("token"))), Ok(expected));
}

#[test]
fn a_token_that_is_no_jwt_tells_no_scopes() {
    // The last one is {"sub":"1"}.
    for token in ["opaque", "a.b", "a.!!.c", "a.W10.c", "a..c", "a.eyJzdWIiOiIxIn0.c"] {
        let body = json!({"access_token": token, "expires_in": "1800"}).to_string();
        let tokens = grants().granted(&reply(200, body.as_bytes())).expect("there is a token");
        assert_eq!((tokens.scopes, tokens.lives_s, tokens.refresh), (None, Some(1_800), None), "{token}");
    }
}

#[test]
fn a_refused_refresh_means_that_a_person_must_connect_again() {
    let reason = "HTTP 400: invalid_grant; The refresh token is invalid.; Token has been revoked".to_owned();
    assert_eq!(grants().granted(&reply(400, &fixture("token_refused"))), Err(Trouble::Denied { reason }));
    let blocked = reply(401, br#"{"error":"invalid_client"}"#);
    assert!(matches!(grants().granted(&blocked), Err(Trouble::Denied { .. })));
    assert!(matches!(grants().granted(&reply(400, br#"{"error":"invalid_request"}"#)), Err(Trouble::Refused { .. })));
    assert!(matches!(grants().granted(&reply(503, b"")), Err(Trouble::Failed { .. })));
}

#[test]
fn an_answer_without_a_token_is_garbled() {
    for body in ["{}", "[]", "", r#"{"access_token":""}"#, r#"{"access_token":"a","expires_in":"soon"}"#] {
        assert!(matches!(grants().granted(&reply(200, body.as_bytes())), Err(Trouble::Garbled { .. })), "{body}");
    }
}

#[test]
fn a_scope_that_writes_includes_the_one_that_reads_and_one_includes_all() {
    let told = |claims: &str| {
        let claims = base64::engine::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims);
        let body = format!(r#"{{"access_token":"a.{claims}.c","refresh_token":"r","expires_in":1800}}"#);
        grants().granted(&reply(200, body.as_bytes())).expect("tokens").scopes.expect("it tells")
    };
    let some = told(r#"{"scopes":["employee:inventory"]}"#);
    assert_eq!(some, ["employee:inventory", "employee:inventory_read"]);
    let needed = r_series().abilities().scopes;
    let all = told(r#"{"scopes":["employee:all"]}"#);
    assert!(needed.iter().all(|scope| all.iter().any(|name| name == scope.name)), "{all:?}");
}
