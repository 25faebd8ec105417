//! Over the API.

use model::Platform;
use serde_json::json;

use crate::account::{Account, call, configuration, is_read};
use crate::folder::Folder;
use crate::serve::Serve;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_connects_an_account_by_consent_and_every_mistake_is_a_problem_document() {
    let folder = Folder::of("connect-program");
    let accounts = [Account::open(Platform::Square).await, Account::open(Platform::Shopify).await];
    let (file, home) = configuration(folder.path(), &accounts);
    let _serve = Serve::start(&file);
    let [square, shopify] = &accounts;
    let wanted = json!({ "name": "tills", "platform": "square", "account": square.keys.account });
    let made = call(&home, "POST", "/v1/channels", Some(wanted.clone()), 201).await;
    assert_eq!((&made["reads"], &made["writes"], &made["has_token"]), (&json!(false), &json!(false), &json!(false)));
    assert!(made["app_missing"].is_null(), "{made}");

    let taken = call(&home, "POST", "/v1/channels", Some(wanted), 422).await;
    assert_eq!((&taken["type"], &taken["field"]), (&json!("urn:lockstep:problem:invalid-value"), &json!("name")));
    let early = call(&home, "POST", "/v1/channels/tills/start", None, 409).await;
    assert!(early["detail"].as_str().is_some_and(|words| words.contains("no token")), "{early}");
    call(&home, "GET", "/v1/channels/nobody/connection", None, 404).await;

    let back = "https://program.example/back";
    let asked = json!({ "redirect_uri": back });
    let page = call(&home, "POST", "/v1/channels/tills/authorize", Some(asked), 200).await;
    assert!(
        page["scopes"].as_array().is_some_and(|all| all.iter().all(|s| !s.to_string().contains("WRITE"))),
        "{page}"
    );
    let query = square.consents(page["url"].as_str().expect("an address")).await;
    let forged = json!({ "query": query.replace("state=", "state=0") });
    call(&home, "POST", "/v1/channels/tills/grant", Some(forged), 409).await;
    let granted = call(&home, "POST", "/v1/channels/tills/grant", Some(json!({ "query": query })), 200).await;
    assert_eq!(granted["has_token"], true);
    call(&home, "POST", "/v1/channels/tills/grant", Some(json!({ "query": query })), 409).await;

    // The exchange for a token is a writing call to the platform's own count, and the only one.
    let given = square.writes().await;
    assert!(given <= 1, "{given}");
    let access = call(&home, "POST", "/v1/channels/tills/check", None, 200).await;
    assert_eq!(access["problems"], json!([]), "{access}");
    assert_eq!(access["subscriptions"], json!([]), "looking makes nothing: {access}");
    assert!(access["clock_skew_ms"].as_i64().is_some_and(|skew| skew.abs() <= 2_000), "{access}");
    call(&home, "POST", "/v1/channels/tills/start", None, 200).await;
    let read = is_read(&home, "tills").await;
    assert_eq!(read["progress"]["items_known"], 12, "{read}");
    assert_eq!(square.writes().await, given, "reading writes nothing");

    let lacking = call(&home, "POST", "/v1/channels/tills/write", None, 409).await;
    assert!(lacking["detail"].as_str().is_some_and(|words| words.contains("INVENTORY_WRITE")), "{lacking}");

    // The other way: a token by hand.
    let account = &shopify.keys.account;
    let wanted = json!({ "name": "web", "platform": "shopify", "base_url": shopify.address(), "account": account });
    call(&home, "POST", "/v1/channels", Some(wanted), 201).await;
    call(&home, "POST", "/v1/channels/web/token", Some(json!({ "access": " " })), 422).await;
    let token = json!({ "access": shopify.keys.access_token });
    let given = call(&home, "POST", "/v1/channels/web/token", Some(token), 200).await;
    assert!(!given.to_string().contains(&shopify.keys.access_token));
    let access = call(&home, "POST", "/v1/channels/web/check", Some(json!({ "phase": "write" })), 200).await;
    assert_eq!(access["problems"], json!([]), "{access}");
    call(&home, "POST", "/v1/channels/web/start", None, 200).await;
    is_read(&home, "web").await;
    let may = call(&home, "POST", "/v1/channels/web/write", None, 200).await;
    assert_eq!(may["writes"], true);
    let facts = call(&home, "GET", "/v1/facts?limit=500", None, 200).await;
    let by = facts["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|fact| fact["kind"] == "channel_put" && fact.to_string().contains("\"writes\":true"));
    assert!(by.is_some_and(|fact| fact.to_string().contains("program")), "the author is kept: {by:?}");
}
