//! How access is given and renewed, and what the token opens.

use aws_lc_rs::hmac;
use connectors::{Access, Account, Effect, Grants, Question, Secret, Tokens, Trouble, Unsendable};
use serde_json::{Value, json};

use super::play::{account, fixture, learn, reply, shopify};

const BACK: &str = "https://hub.example.test/connect/back";

fn grants() -> &'static dyn Grants {
    shopify().grants().expect("it has OAuth")
}

fn app() -> Account {
    Account {
        account: "kiln.myshopify.com".to_owned(),
        client_id: "app-1".to_owned(),
        client_secret: Some(Secret::new("hush")),
        ..account()
    }
}

/// A callback with its signature: lower-case hexadecimal over the sorted fields.
fn came(fields: &[(&str, &str)], signed: &str) -> Vec<(String, String)> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"hush");
    let tag: String = hmac::sign(&key, signed.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(pair).chain([("hmac".to_owned(), tag)]).collect()
}

const FIELDS: [(&str, &str); 5] = [
    ("state", "state-0123456789"),
    ("shop", "kiln.myshopify.com"),
    ("code", "c0de"),
    ("host", "YWRtaW4="),
    ("timestamp", "1795161600"),
];
const SIGNED: &str = "code=c0de&host=YWRtaW4%3D&shop=kiln.myshopify.com&state=state-0123456789&timestamp=1795161600";

#[test]
fn the_page_for_the_person_names_app_scopes_and_state() {
    let abilities = shopify().abilities();
    let scopes: Vec<_> = abilities.scopes.iter().filter(|it| it.name.ends_with("_inventory")).collect();
    let url = grants().authorize(&app(), BACK, "state-0123456789", &scopes).expect("usable");
    let expected = "https://kiln.myshopify.com/admin/oauth/authorize?client_id=app-1\
                    &scope=read_inventory%2Cwrite_inventory\
                    &redirect_uri=https%3A%2F%2Fhub.example.test%2Fconnect%2Fback&state=state-0123456789";
    assert_eq!(url, expected);
    let nameless = Account { client_id: String::new(), ..app() };
    assert_eq!(grants().authorize(&nameless, BACK, "s", &scopes), Err(Unsendable::Account("client id")));
}

#[test]
fn a_signed_callback_is_exchanged_for_a_token_that_expires() {
    let request = grants().exchange(&app(), BACK, &came(&FIELDS, SIGNED)).expect("usable");
    assert_eq!(request.http.uri(), "https://kiln.myshopify.com/admin/oauth/access_token");
    let body: Value = serde_json::from_slice(request.http.body()).expect("JSON");
    assert_eq!(body, json!({"client_id": "app-1", "client_secret": "hush", "code": "c0de", "expiring": "1"}));
    assert_eq!(request.effect, Effect::Read);
    assert!(!request.http.headers().contains_key("x-shopify-access-token"));
}

#[test]
fn a_callback_that_is_forged_or_of_another_shop_is_not_exchanged() {
    let refused = |query: &[(String, String)], account: &Account| {
        grants().exchange(account, BACK, query).map(|_| ()).expect_err("it is not usable")
    };
    let good = came(&FIELDS, SIGNED);
    let impossible = |error: &Unsendable| matches!(error, Unsendable::Impossible(_));
    for index in 0..FIELDS.len() {
        let mut changed = good.clone();
        changed[index].1.push('x');
        assert!(impossible(&refused(&changed, &app())), "{:?}", changed[index]);
        let mut twice = good.clone();
        twice.push(good[index].clone());
        assert!(impossible(&refused(&twice, &app())));
    }
    for tag in ["", "00", "zz", &"0".repeat(64)] {
        let mut wrong = good.clone();
        wrong[5].1 = tag.to_owned();
        assert!(impossible(&refused(&wrong, &app())), "{tag}");
    }
    assert!(impossible(&refused(&good[..5], &app())));
    let other = Account { account: "other.myshopify.com".to_owned(), ..app() };
    assert_eq!(refused(&good, &other), Unsendable::Account("shop"));
    let elsewhere = Account { account: String::new(), base_url: "https://other.myshopify.com".to_owned(), ..app() };
    assert_eq!(refused(&good, &elsewhere), Unsendable::Account("shop"));
    let keyless = Account { client_secret: None, ..app() };
    assert_eq!(refused(&good, &keyless), Unsendable::Account("client secret"));
}

#[test]
fn a_token_is_renewed_with_its_refresh_token() {
    let request = grants().refresh(&app(), &Secret::new("r1")).expect("usable");
    let body: Value = serde_json::from_slice(request.http.body()).expect("JSON");
    let expected = json!({"client_id": "app-1", "client_secret": "hush", "grant_type": "refresh_token",
        "refresh_token": "r1"});
    assert_eq!((body, request.effect), (expected, Effect::Read));
    assert!(grants().refresh(&app(), &Secret::new("")).is_err());
}

#[test]
fn what_is_granted_is_read_with_the_scopes_that_are_implied() {
    let body = json!({"access_token": "a1", "scope": "write_products,read_orders", "expires_in": 3600,
        "refresh_token": "r1", "refresh_token_expires_in": 7_776_000});
    let granted = |body: &Value| grants().granted(&reply(200, body.to_string().as_bytes()));
    let scopes = ["read_orders", "read_products", "write_products"].map(str::to_owned).to_vec();
    let expected = Tokens {
        access: Secret::new("a1"),
        refresh: Some(Secret::new("r1")),
        lives_s: Some(3600),
        account: None,
        scopes: Some(scopes),
    };
    assert_eq!(granted(&body), Ok(expected));
    let forever = granted(&json!({"access_token": "a1", "scope": ""})).expect("readable");
    assert_eq!((forever.refresh, forever.lives_s, forever.scopes), (None, None, Some(vec![])));
    assert!(matches!(granted(&json!({"scope": "read_orders"})), Err(Trouble::Garbled { .. })));
    assert!(matches!(granted(&json!({"access_token": ""})), Err(Trouble::Garbled { .. })));
}

#[test]
fn a_spent_code_needs_a_person_and_a_busy_platform_does_not() {
    let heard = |status, body: &[u8]| grants().granted(&reply(status, body)).expect_err("trouble");
    let spent = br#"{"error":"invalid_request","error_description":"spent"}"#;
    assert!(matches!(heard(400, spent), Trouble::Denied { .. }));
    assert!(matches!(heard(401, b""), Trouble::Denied { .. }));
    assert!(matches!(heard(429, b""), Trouble::Throttled { .. }));
    assert!(matches!(heard(503, b""), Trouble::Failed { .. }));
}

#[test]
fn the_token_tells_its_shop_and_its_scopes() {
    let request = shopify().ask(&Question::Access, &account()).expect("it can be asked");
    assert_eq!(request.effect, Effect::Read);
    let page = learn(&Question::Access, "access.json").expect("readable");
    let scopes = ["read_locations", "read_orders", "read_products", "write_products"].map(str::to_owned).to_vec();
    let expected =
        Access { account: "kiln.myshopify.com".to_owned(), name: "Kiln & Co".to_owned(), scopes: Some(scopes) };
    assert_eq!(page.access, Some(expected));
    let dead = shopify().learn(&Question::Access, &account(), &reply(401, b"{}")).expect_err("trouble");
    assert!(matches!(dead, Trouble::Denied { .. }));
    let cut = fixture("access.json");
    let garbled = shopify().learn(&Question::Access, &account(), &reply(200, &cut[..40])).expect_err("trouble");
    assert!(matches!(garbled, Trouble::Garbled { .. }));
}
