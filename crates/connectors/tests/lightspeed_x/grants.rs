//! How access is given and renewed.

use connectors::{Account, Effect, Grants, Request, Secret, Tokens, Trouble, Unsendable};

use crate::desk::{account, fixture, lightspeed, reply, reply_with};

const BACK: &str = "https://hub.example.net/connect/back?x=1";

fn grants() -> &'static dyn Grants {
    lightspeed().grants().expect("it has OAuth")
}

fn query(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn form(request: &Request) -> String {
    String::from_utf8(request.http.body().clone()).expect("text")
}

#[test]
fn the_page_for_the_person_names_app_scopes_and_state() {
    let abilities = lightspeed().abilities();
    let scopes: Vec<_> = abilities.scopes.iter().filter(|scope| scope.name == "sales:read").collect();
    let url = grants().authorize(&account(), BACK, "state-0123456789", &scopes).expect("usable");
    let expected = "https://secure.retail.lightspeed.app/connect?response_type=code&client_id=client%201\
                    &redirect_uri=https%3A%2F%2Fhub.example.net%2Fconnect%2Fback%3Fx%3D1\
                    &state=state-0123456789&scope=sales%3Aread";
    assert_eq!(url, expected);
    let elsewhere = Account { auth_url: "http://127.0.0.1:8105".to_owned(), ..account() };
    let url = grants().authorize(&elsewhere, BACK, "state-0123456789", &scopes).expect("usable");
    assert!(url.starts_with("http://127.0.0.1:8105/connect?"));
    assert!(grants().authorize(&account(), BACK, "short", &scopes).is_err());
    assert!(grants().authorize(&account(), BACK, "state-0123456789", &[]).is_err());
    let nameless = Account { client_id: String::new(), ..account() };
    let refused = grants().authorize(&nameless, BACK, "state-0123456789", &scopes);
    assert_eq!(refused, Err(Unsendable::Account("client id")));
}

#[test]
fn a_code_is_exchanged_at_its_own_store() {
    let came = query(&[("code", "c/1"), ("domain_prefix", "casa-nova"), ("state", "state-0123456789")]);
    let request = grants().exchange(&account(), BACK, &came).expect("usable");
    assert_eq!(request.http.uri(), "https://casa-nova.retail.lightspeed.app/api/1.0/token");
    let expected = "code=c%2F1&client_id=client%201&client_secret=client-secret-of-the-app\
                    &grant_type=authorization_code\
                    &redirect_uri=https%3A%2F%2Fhub.example.net%2Fconnect%2Fback%3Fx%3D1";
    assert_eq!(form(&request), expected);
    assert_eq!(request.http.headers()["content-type"], "application/x-www-form-urlencoded");
    assert!(!request.http.headers().contains_key("authorization"));
    assert_eq!(request.effect, Effect::Read);
}

#[test]
fn a_code_of_another_store_or_a_forged_one_is_not_exchanged() {
    let refused = |pairs: &[(&str, &str)], account: &Account| {
        grants().exchange(account, BACK, &query(pairs)).map(|_| ()).expect_err("it is not usable")
    };
    let anybody = Account { account: String::new(), ..account() };
    let other = Unsendable::Account("domain prefix");
    assert_eq!(refused(&[("code", "c"), ("domain_prefix", "casa-velha")], &account()), other);
    assert_eq!(refused(&[("code", "c"), ("domain_prefix", "casa-velha")], &anybody), other);
    let local = Account { base_url: "http://127.0.0.1:8105".to_owned(), ..anybody.clone() };
    for prefix in ["evil.example.net/", "Casa", "casa.nova", "casa nova", "casa@x"] {
        assert_eq!(refused(&[("code", "c"), ("domain_prefix", prefix)], &local), other, "{prefix}");
    }
    let impossible: [&[(&str, &str)]; 5] = [
        &[("code", "c")],
        &[("domain_prefix", "casa-nova")],
        &[("code", ""), ("domain_prefix", "casa-nova")],
        &[("code", "c"), ("code", "d"), ("domain_prefix", "casa-nova")],
        &[("error", "access_denied"), ("code", "c"), ("domain_prefix", "casa-nova")],
    ];
    for pairs in impossible {
        assert!(matches!(refused(pairs, &account()), Unsendable::Impossible(_)), "{pairs:?}");
    }
    let unarmed = Account { client_secret: None, ..account() };
    let pairs = [("code", "c"), ("domain_prefix", "casa-nova")];
    assert_eq!(refused(&pairs, &unarmed), Unsendable::Account("client secret"));
}

#[test]
fn a_pair_is_renewed_with_its_refresh_token() {
    let request = grants().refresh(&account(), &Secret::new("rT-222")).expect("usable");
    assert_eq!(request.http.uri(), "https://casa-nova.retail.lightspeed.app/api/1.0/token");
    let expected = "refresh_token=rT-222&client_id=client%201&client_secret=client-secret-of-the-app\
                    &grant_type=refresh_token";
    assert_eq!(form(&request), expected);
    assert!(!request.http.uri().to_string().contains("rT-222"));
    let refused = grants().refresh(&account(), &Secret::new("")).map(|_| ());
    assert_eq!(refused, Err(Unsendable::Account("refresh token")));
}

#[test]
fn tokens_come_with_their_life_their_store_and_their_scopes() {
    let tokens = grants().granted(&reply(200, &fixture("tokens"))).expect("tokens");
    let scopes = ["sales:read", "products:read", "inventory:read"].map(str::to_owned).to_vec();
    let expected = Tokens {
        access: Secret::new("aT-111"),
        refresh: Some(Secret::new("rT-222")),
        lives_s: Some(86_400),
        account: Some("casa-nova".to_owned()),
        scopes: Some(scopes),
    };
    assert_eq!(tokens, expected);
    assert!(!format!("{tokens:?}").contains("T-"));
}

#[test]
fn a_spent_pair_needs_a_person_and_a_busy_service_only_time() {
    let granted = |status, body: &[u8]| grants().granted(&reply(status, body)).expect_err("no tokens");
    let spent = Trouble::Denied { reason: "HTTP 400: invalid_grant".to_owned() };
    assert_eq!(granted(400, b"{\"error\":\"invalid_grant\"}"), spent);
    assert!(matches!(granted(401, b""), Trouble::Denied { .. }));
    assert!(matches!(granted(502, b""), Trouble::Failed { .. }));
    let missing = Trouble::Garbled { reason: "access_token: is missing".to_owned() };
    assert_eq!(granted(200, b"{}"), missing);
    let busy = grants().granted(&reply_with(429, &[("X-RateLimit-Reset", "60")], b""));
    assert_eq!(busy, Err(Trouble::Throttled { after_ms: Some(60_000) }));
}
