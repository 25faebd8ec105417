//! How access is given and renewed, and what the token opens.

use connectors::{Access, Account, Effect, Grants, Question, Secret, Tokens, Trouble, Unsendable};
use serde_json::{Value, json};

use crate::desk::{account, app, fixture, learned, reply, square};

const BACK: &str = "https://hub.example.com/connect/back";

fn grants() -> &'static dyn Grants {
    square().grants().expect("it has OAuth")
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_page_for_the_seller_names_app_scopes_and_state() {
    let abilities = square().abilities();
    let scopes: Vec<_> = abilities.scopes.iter().filter(|scope| scope.name.starts_with("ITEMS_")).collect();
    let url = grants().authorize(&app(), BACK, "state-0123456789", &scopes).expect("usable");
    let expected = "https://connect.example.com/oauth2/authorize?client_id=sq0idp-app&scope=ITEMS_READ%20ITEMS_WRITE\
                    &session=false&state=state-0123456789\
                    &redirect_uri=https%3A%2F%2Fhub.example.com%2Fconnect%2Fback";
    assert_eq!(url, expected);
    let elsewhere = Account { auth_url: "http://127.0.0.1:8102".to_owned(), ..app() };
    let url = grants().authorize(&elsewhere, BACK, "state-0123456789", &scopes).expect("usable");
    assert!(url.starts_with("http://127.0.0.1:8102/oauth2/authorize?"));
    assert!(grants().authorize(&app(), BACK, "state-0123456789", &[]).is_err());
    assert_eq!(grants().authorize(&account(), BACK, "s", &scopes), Err(Unsendable::Account("client id")));
}

#[test]
fn a_code_is_exchanged_and_a_token_renewed_with_the_secret_in_the_body() {
    let came = pairs(&[("code", "sq0cgp-1"), ("response_type", "code"), ("state", "state-0123456789")]);
    let request = grants().exchange(&app(), BACK, &came).expect("usable");
    assert_eq!(request.http.uri(), "https://connect.example.com/oauth2/token");
    let body: Value = serde_json::from_slice(request.http.body()).expect("JSON");
    let expected = json!({"client_id": "sq0idp-app", "client_secret": "sq0csp-secret", "code": "sq0cgp-1",
        "grant_type": "authorization_code", "redirect_uri": BACK});
    assert_eq!((body, request.effect), (expected, Effect::Read));
    assert!(!request.http.headers().contains_key("authorization"));
    let request = grants().refresh(&app(), &Secret::new("EQAA")).expect("usable");
    let body: Value = serde_json::from_slice(request.http.body()).expect("JSON");
    let expected = json!({"client_id": "sq0idp-app", "client_secret": "sq0csp-secret", "grant_type": "refresh_token",
        "refresh_token": "EQAA"});
    assert_eq!((body, request.effect), (expected, Effect::Read));
}

#[test]
fn a_callback_without_one_code_or_with_an_error_is_not_exchanged() {
    let refused = |query: &[(&str, &str)]| grants().exchange(&app(), BACK, &pairs(query)).map(|_| ()).is_err();
    assert!(refused(&[("state", "s")]));
    assert!(refused(&[("code", "")]));
    assert!(refused(&[("code", "a"), ("code", "b")]));
    assert!(refused(&[("error", "access_denied"), ("code", "a")]));
    let keyless = Account { client_secret: None, ..app() };
    let error = grants().exchange(&keyless, BACK, &pairs(&[("code", "a")])).map(|_| ());
    assert_eq!(error, Err(Unsendable::Account("client secret")));
    assert!(grants().refresh(&app(), &Secret::new("")).is_err());
}

#[test]
fn what_is_granted_lives_until_its_expiry_and_names_the_seller() {
    let tokens = grants().granted(&reply(200, &fixture("token"))).expect("readable");
    let expected = Tokens {
        access: Secret::new("EAAA-new"),
        refresh: Some(Secret::new("EQAA-refresh")),
        // The reply is of 2025-11-20T16:26:40Z.
        lives_s: Some(30 * 24 * 3_600),
        account: Some("MLOJAPORTO1".to_owned()),
        scopes: None,
    };
    assert_eq!(tokens, expected);
    let granted = |body: &[u8]| grants().granted(&reply(200, body)).map_err(|trouble| trouble.to_string());
    assert!(granted(br#"{"token_type": "bearer"}"#).is_err());
    assert!(granted(br#"{"access_token": "a", "expires_at": "soon"}"#).is_err());
    let forever = granted(br#"{"access_token": "a"}"#).expect("readable");
    assert_eq!((forever.refresh, forever.lives_s, forever.account), (None, None, None));
}

#[test]
fn a_spent_code_needs_a_person_and_a_busy_platform_does_not() {
    let error = |code: &str| json!({"errors": [{"category": "AUTHENTICATION_ERROR", "code": code}]}).to_string();
    let heard = |status, code| grants().granted(&reply(status, error(code).as_bytes())).expect_err("trouble");
    assert!(matches!(heard(401, "UNAUTHORIZED"), Trouble::Denied { .. }));
    assert!(matches!(heard(400, "BAD_REQUEST"), Trouble::Denied { .. }));
    assert!(matches!(heard(404, "NOT_FOUND"), Trouble::Denied { .. }));
    assert!(matches!(heard(429, "RATE_LIMITED"), Trouble::Throttled { .. }));
    assert!(matches!(heard(500, "INTERNAL_SERVER_ERROR"), Trouble::Failed { .. }));
}

#[test]
fn the_token_tells_its_seller_and_its_scopes() {
    let request = square().ask(&Question::Access, &account()).expect("it can be asked");
    assert_eq!((request.http.method().as_str(), request.http.uri().path()), ("POST", "/oauth2/token/status"));
    assert_eq!(
        (request.effect, request.http.headers()["authorization"].as_bytes()),
        (Effect::Read, &b"Bearer seller-token"[..])
    );
    let page = learned(&Question::Access, &fixture("token_status")).expect("readable");
    let scopes = ["ITEMS_READ", "ORDERS_READ"].map(str::to_owned).to_vec();
    let access = Access { account: "MLOJAPORTO1".to_owned(), name: "MLOJAPORTO1".to_owned(), scopes: Some(scopes) };
    assert_eq!(page.access, Some(access));
    let dead = square().learn(&Question::Access, &account(), &reply(401, b"{}")).expect_err("trouble");
    assert!(matches!(dead, Trouble::Denied { .. }));
}
