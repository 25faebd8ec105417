//! The decision endpoint: reserve, transfer, reorder or none, with the numbers it was worked out from.

use serde_json::{Value, json};

use crate::hub::{self, TestHub};

const PATH: &str = "/v1/inventory/sync-decision";

fn ask(sku: &str, change: &str, location: &str) -> Value {
    json!({ "sku": sku, "change": change, "channel": "till", "location": location, "timestamp": "2026-11-24T09:59:58Z" })
}

async fn decided(hub: &TestHub, body: Value) -> Value {
    let told = hub.done("POST", PATH, body).await;
    assert_eq!(told["status"], "processed");
    told
}

#[tokio::test]
async fn demand_that_is_there_is_held_for_fifteen_minutes() {
    let hub = hub::start().await;
    let told = decided(&hub, ask("TEA", "-3", "Store 1")).await;
    assert_eq!((&told["action"], &told["source"]), (&json!("reserve"), &json!("Store 1")));
    assert_eq!(told["reasons"][0], "3 of TEA are asked for at Store 1, where 10 can be promised: held for 15 minutes.");
    let held = hub.get(&format!("/v1/reservations/{}", told["reservation"].as_str().expect("an id"))).await;
    assert_eq!((&held["lines"][0]["quantity"], &held["expires_at"]), (&json!("3"), &json!("2026-11-24T10:15:00.000Z")));
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["available"], "7");
}

#[tokio::test]
async fn demand_that_is_elsewhere_is_brought_from_where_most_can_be_spared() {
    let hub = hub::start().await;
    hub.done("PUT", "/v1/rules/safety", json!({ "sku": "TEA", "location": "Store 1", "quantity": "7" })).await;
    let told = decided(&hub, ask("TEA", "-6", "Store 2")).await;
    assert_eq!((&told["action"], &told["source"]), (&json!("transfer"), &json!("Store 1")));
    let reasons = told["reasons"].to_string();
    assert!(reasons.contains("2 are missing"), "{reasons}");
    assert!(reasons.contains("Store 1 has 3 above its safety stock of 7"), "{reasons}");
    let draft = hub.get("/v1/transfers").await["items"][0].clone();
    assert_eq!(
        (&draft["from"], &draft["to"], &draft["state"]),
        (&json!("Store 1"), &json!("Store 2"), &json!("draft"))
    );
    assert_eq!(draft["open"], json!([{ "sku": "TEA", "quantity": "2" }]));
    assert_eq!(draft["note"], format!("sync-decision {}", told["decision"]));
}

#[tokio::test]
async fn demand_that_is_nowhere_has_to_be_bought() {
    let hub = hub::start().await;
    let told = decided(&hub, ask("CUP", "-1", "Store 1")).await;
    assert_eq!((&told["action"], &told["source"]), (&json!("reorder"), &Value::Null));
    assert_eq!(told["reasons"][1], "No other location has any above its safety stock; 0 can be promised in all.");
}

#[tokio::test]
async fn more_stock_asks_for_nothing_while_there_is_enough() {
    let hub = hub::start().await;
    assert_eq!(decided(&hub, ask("TEA", "2", "Store 1")).await["action"], "none");
    let few = decided(&hub, ask("CUP", "+2", "Store 1")).await;
    assert_eq!(few["action"], "reorder");
    assert_eq!(few["reasons"][0], "With 2 more, 2 of CUP can be promised over all locations, fewer than 3.");
}

#[tokio::test]
async fn the_answer_tells_each_channels_number_and_its_age_and_asks_for_old_ones() {
    let hub = hub::start().await;
    hub.clock.pass(120_000);
    let told = decided(&hub, ask("TEA", "-1", "Store 1")).await;
    assert_eq!(told["ats"]["till"], json!({ "value": "14", "age_ms": 120_000, "shown": "10" }));
    assert_eq!(told["ats"]["web"], json!({ "value": "14", "age_ms": null, "shown": null }));
    let reasons = told["reasons"].to_string();
    assert!(reasons.contains("What till shows there is 120 s old: a fresh reading was asked for."), "{reasons}");
    assert!(reasons.contains("What web shows there was never read"), "{reasons}");
    let noticed = hub.hub.flow.read(|state| state.notices(model::ChannelId(1)).count()).await.expect("read");
    assert_eq!(noticed, 1);
}

#[tokio::test]
async fn a_decision_is_recorded_as_it_was_answered_under_its_fact_number() {
    let hub = hub::start().await;
    for (key, body) in [
        (None, ask("TEA", "-1", "Store 1")),
        (Some("k"), ask("TEA", "-5", "Store 2")),
        (None, ask("CUP", "-1", "Store 1")),
    ] {
        let reply = hub.keyed("POST", PATH, Some(body), key).await;
        let told = reply.json();
        let recorded = hub.get("/v1/decisions?limit=1").await["items"][0].clone();
        assert_eq!(recorded["answer"], told);
        assert_eq!(recorded["decision"], told["decision"]);
        assert_eq!(recorded["action"], told["action"]);
        let seq = told["decision"].as_u64().expect("a number");
        let fact = hub.get(&format!("/v1/facts?after={}&limit=1", seq - 1)).await["items"][0].clone();
        assert_eq!((&fact["kind"], &fact["seq"]), (&json!("decided"), &json!(seq)));
    }
}

#[tokio::test]
async fn the_same_key_holds_nothing_twice_even_without_a_memory_of_the_answer() {
    let hub = hub::start().await;
    let body = ask("TEA", "-3", "Store 1");
    let first = hub.keyed("POST", PATH, Some(body.clone()), Some("k")).await.json();
    let other = server::router(std::sync::Arc::clone(&hub.hub));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, other).await });
    let again = |body: Value| {
        let request = reqwest::Client::new().post(format!("http://{address}{PATH}")).bearer_auth("lk_all");
        hub.send(
            request.header("content-type", "application/json").header("idempotency-key", "k").body(body.to_string()),
        )
    };
    assert_eq!(again(body).await.json(), first);
    assert_eq!(again(ask("TEA", "-4", "Store 1")).await.status, 409);
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["reserved"], "3");
}

#[tokio::test]
async fn exactly_the_five_fields_are_taken() {
    let hub = hub::start().await;
    for field in ["sku", "change", "channel", "location", "timestamp"] {
        let mut body = ask("TEA", "-1", "Store 1");
        body.as_object_mut().expect("an object").remove(field);
        assert_eq!(hub.refused("POST", PATH, body, 400).await["field"], field);
    }
    let mut body = ask("TEA", "-1", "Store 1");
    body["urgent"] = json!(true);
    assert_eq!(hub.refused("POST", PATH, body, 400).await["field"], "urgent");
    assert_eq!(hub.refused("POST", PATH, ask("TEA", "-0.5", "Store 1"), 422).await["field"], "change");
    let before = hub.hub.flow.head();
    assert_eq!(hub.refused("POST", PATH, ask("NO", "-1", "Store 1"), 422).await["field"], "sku");
    assert_eq!(hub.hub.flow.head(), before);
}
