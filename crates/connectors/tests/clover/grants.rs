//! OAuth: the page for a person, the exchange, the renewal, the tokens.

use connectors::{Account, Effect, Grants, Secret, Tokens, Trouble, Unsendable};

use crate::desk::{NOW, account, clover, fixture, reply};

fn grants() -> &'static dyn Grants {
    clover().grants().expect("Clover has OAuth")
}

fn query(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

const CAME_BACK: [(&str, &str); 3] =
    [("merchant_id", "MKIOSKLISBOA1"), ("client_id", "AKIOSKAPP0001"), ("code", "c0de")];

fn at(base_url: &str, auth_url: &str) -> Account {
    Account { base_url: base_url.to_owned(), auth_url: auth_url.to_owned(), ..account() }
}

#[test]
fn the_page_for_a_person_is_on_the_host_of_the_region() {
    let page =
        |account: &Account| grants().authorize(account, "https://hub.example.com/back?x=1", "st+ate/0123456789", &[]);
    let query =
        "client_id=AKIOSKAPP0001&redirect_uri=https%3A%2F%2Fhub.example.com%2Fback%3Fx%3D1&state=st%2Bate%2F0123456789";
    let hosts = [
        ("https://api.clover.com", "", "https://www.clover.com"),
        ("https://api.eu.clover.com", "", "https://www.eu.clover.com"),
        ("https://api.la.clover.com", "", "https://www.la.clover.com"),
        ("https://apisandbox.dev.clover.com", "", "https://sandbox.dev.clover.com"),
        ("http://127.0.0.1:9", "", "http://127.0.0.1:9"),
        ("https://api.clover.com", "https://login.example.com", "https://login.example.com"),
    ];
    for (base, auth, host) in hosts {
        assert_eq!(page(&at(base, auth)), Ok(format!("{host}/oauth/v2/authorize?{query}")));
    }
    assert_eq!(page(&at("nowhere", "")), Err(Unsendable::Account("address")));
    let nameless = Account { client_id: " ".to_owned(), ..account() };
    assert_eq!(page(&nameless), Err(Unsendable::Account("client id")));
}

#[test]
fn a_code_is_exchanged_in_the_body_and_nothing_secret_is_in_the_address() {
    let request = grants().exchange(&account(), "https://hub.example.com/back", &query(&CAME_BACK)).expect("it can be");
    assert_eq!(request.http.uri(), "https://api.example.com/oauth/v2/token");
    let body = String::from_utf8(request.http.body().clone()).expect("text");
    assert_eq!(body, r#"{"client_id":"AKIOSKAPP0001","client_secret":"app-secret","code":"c0de"}"#);
    assert_eq!((request.effect, request.http.method().as_str()), (Effect::Read, "POST"));
    assert!(!request.http.headers().contains_key("authorization"));
}

#[test]
fn a_forged_or_incomplete_return_is_not_exchanged() {
    let refused = |pairs: &[(&str, &str)]| grants().exchange(&account(), "", &query(pairs)).expect_err("it is refused");
    let [merchant, client, code] = CAME_BACK;
    for pairs in [
        vec![merchant, client],
        vec![merchant, client, ("code", "")],
        vec![merchant, client, code, code],
        vec![("merchant_id", "MELSEWHERE001"), client, code],
        vec![merchant, ("client_id", "AOTHER"), code],
    ] {
        assert!(matches!(refused(&pairs), Unsendable::Impossible(_)), "{pairs:?}");
    }
    let secretless = Account { client_secret: None, ..account() };
    let error = grants().exchange(&secretless, "", &query(&CAME_BACK)).expect_err("it is refused");
    assert_eq!(error, Unsendable::Account("client secret"));
}

#[test]
fn a_pair_is_renewed_with_its_refresh_token() {
    let request = grants().refresh(&account(), &Secret::new("ref-8")).expect("it can be");
    assert_eq!(request.http.uri(), "https://api.example.com/oauth/v2/refresh");
    assert_eq!(request.http.body(), br#"{"client_id":"AKIOSKAPP0001","refresh_token":"ref-8"}"#);
    assert!(grants().refresh(&account(), &Secret::new("")).is_err());
}

#[test]
fn tokens_live_until_the_second_that_clover_names() {
    let tokens = grants().granted(&reply(200, &fixture("tokens"))).expect("it grants");
    let expected = Tokens {
        access: Secret::new("acc-9"),
        refresh: Some(Secret::new("ref-9")),
        lives_s: Some(1_795_431_600 - NOW.0 / 1_000),
        account: None,
        scopes: None,
    };
    assert_eq!(tokens, expected);
    assert!(!format!("{tokens:?}").contains("acc-9"));
    let past = br#"{"access_token":"a","access_token_expiration":-9223372036854775808}"#;
    assert_eq!(grants().granted(&reply(200, past)).expect("it grants").lives_s, Some(0));
}

#[test]
fn a_refused_grant_needs_a_person_and_a_strange_one_is_garbled() {
    for status in [400, 401, 403, 404] {
        assert!(matches!(grants().granted(&reply(status, b"")), Err(Trouble::Denied { .. })), "{status}");
    }
    assert!(matches!(grants().granted(&reply(503, b"")), Err(Trouble::Failed { .. })));
    assert!(matches!(grants().granted(&reply(429, b"")), Err(Trouble::Throttled { .. })));
    for body in [&b"{}"[..], b"[]", br#"{"access_token":" "}"#, br#"{"access_token":5}"#] {
        assert!(matches!(grants().granted(&reply(200, body)), Err(Trouble::Garbled { .. })));
    }
}
