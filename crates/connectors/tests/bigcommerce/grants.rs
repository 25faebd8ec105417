//! How a store gives access.

use connectors::{Account, Effect, Grants, Scope, Secret, Tokens, Trouble, Unsendable};
use serde_json::json;

use crate::desk::{account, bigcommerce, body, fixture, reply};

const BACK: &str = "https://hub.example.com/connect?to=bigcommerce";

fn grants() -> &'static dyn Grants {
    bigcommerce().grants().expect("BigCommerce has OAuth")
}

fn app() -> Account {
    let client_secret = Some(Secret::new("hush"));
    Account { client_id: "app-1".to_owned(), client_secret, token: Secret::new(""), ..account() }
}

fn query(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

const CAME_BACK: [(&str, &str); 3] =
    [("code", "c0de"), ("scope", "store_v2_orders_read_only store_inventory"), ("context", "stores/k3lnw0rk")];

#[test]
fn the_page_that_asks_for_access_names_app_scopes_and_store() {
    let scopes: Vec<&Scope> = bigcommerce().abilities().scopes.iter().take(2).collect();
    let url = grants().authorize(&app(), BACK, "state-of-16-chars", &scopes).expect("it can be asked");
    assert_eq!(
        url,
        "https://login.bigcommerce.com/oauth2/authorize?client_id=app-1&response_type=code\
         &redirect_uri=https%3A%2F%2Fhub.example.com%2Fconnect%3Fto%3Dbigcommerce\
         &scope=store_v2_information_read_only%20store_v2_orders_read_only&state=state-of-16-chars\
         &context=stores%2Fk3lnw0rk"
    );
    let elsewhere = Account { auth_url: "http://127.0.0.1:8104".to_owned(), account: String::new(), ..app() };
    let url = grants().authorize(&elsewhere, BACK, "state-of-16-chars", &scopes).expect("it can be asked");
    assert!(url.starts_with("http://127.0.0.1:8104/oauth2/authorize?") && !url.contains("context"), "{url}");
    let unknown = Account { client_id: String::new(), ..app() };
    assert_eq!(grants().authorize(&unknown, BACK, "s", &scopes), Err(Unsendable::Account("client id")));
}

#[test]
fn a_code_is_exchanged_with_the_secret_in_the_body_only() {
    let request = grants().exchange(&app(), BACK, &query(&CAME_BACK)).expect("it can be asked");
    assert_eq!(request.http.uri(), "https://login.bigcommerce.com/oauth2/token");
    assert_eq!((request.http.method().as_str(), request.effect), ("POST", Effect::Read));
    let expected = json!({
        "client_id": "app-1", "client_secret": "hush", "code": "c0de", "context": "stores/k3lnw0rk",
        "scope": "store_v2_orders_read_only store_inventory", "grant_type": "authorization_code", "redirect_uri": BACK,
    });
    assert_eq!(body(&request), expected);
}

#[test]
fn an_answer_that_lacks_something_doubles_it_or_is_of_another_store_is_not_exchanged() {
    let impossible = Unsendable::Impossible("give a token without one code, one scope and one context");
    let told = |pairs: &[(&str, &str)]| grants().exchange(&app(), BACK, &query(pairs)).expect_err("not exchanged");
    for left_out in CAME_BACK {
        let rest: Vec<_> = CAME_BACK.into_iter().filter(|pair| *pair != left_out).collect();
        assert_eq!(told(&rest), impossible);
        assert_eq!(told(&[&CAME_BACK[..], &[left_out]].concat()), impossible);
    }
    let other = [CAME_BACK[0], CAME_BACK[1], ("context", "stores/other")];
    assert!(matches!(told(&other), Unsendable::Account(_)));
    let bare = Account { client_secret: None, ..app() };
    let error = grants().exchange(&bare, BACK, &query(&CAME_BACK)).expect_err("there is no secret");
    assert_eq!(error, Unsendable::Account("client secret"));
}

#[test]
fn a_token_does_not_expire_and_names_its_store() {
    let tokens = grants().granted(&reply(200, &fixture("token"))).expect("it is granted");
    let scopes = ["store_v2_orders_read_only", "store_inventory"].map(str::to_owned).to_vec();
    let expected = Tokens {
        access: Secret::new("tok-9"),
        refresh: None,
        lives_s: None,
        account: Some("k3lnw0rk".to_owned()),
        scopes: Some(scopes),
    };
    assert_eq!(tokens, expected);
    assert!(!format!("{tokens:?}").contains("tok-9"));
    assert!(grants().refresh(&app(), &Secret::new("x")).is_err());
}

#[test]
fn a_code_that_is_not_taken_is_a_matter_for_a_person() {
    let refused = grants().granted(&reply(400, br#"{"error":"invalid_grant","error_description":"used"}"#));
    assert!(matches!(refused, Err(Trouble::Denied { ref reason }) if reason.contains("invalid_grant")), "{refused:?}");
    assert!(matches!(grants().granted(&reply(503, b"")), Err(Trouble::Failed { .. })));
    for body in [&b"{}"[..], b"[]", br#"{"access_token":" "}"#] {
        assert!(matches!(grants().granted(&reply(200, body)), Err(Trouble::Garbled { .. })));
    }
}
