//! Doing it once.

use serde_json::json;

use crate::hub::{self, problem};

#[tokio::test]
async fn the_same_key_and_body_get_the_same_answer_again() {
    let hub = hub::start().await;
    let body = json!({ "sku": "TEA", "location": "Store 1", "change": "-1", "reason": "broken" });
    let first = hub.keyed("POST", "/v1/adjustments", Some(body.clone()), Some("k1")).await;
    assert_eq!(first.status, 200);
    hub.done("POST", "/v1/adjustments", json!({ "sku": "TEA", "location": "Store 1", "change": "-2", "reason": "x" }))
        .await;
    let again = hub.keyed("POST", "/v1/adjustments", Some(body), Some("k1")).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["on_hand"], "7");
}

#[tokio::test]
async fn another_body_or_address_under_the_same_key_is_a_conflict() {
    let hub = hub::start().await;
    let body = |change: &str| json!({ "sku": "TEA", "location": "Store 1", "change": change, "reason": "broken" });
    assert_eq!(hub.keyed("POST", "/v1/adjustments", Some(body("-1")), Some("k")).await.status, 200);
    let other = hub.keyed("POST", "/v1/adjustments", Some(body("-2")), Some("k")).await;
    assert_eq!(other.status, 409);
    assert_eq!(problem(&other)["field"], "Idempotency-Key");
    let elsewhere = json!({ "sku": "TEA", "location": "Store 1", "quantity": "1" });
    assert_eq!(hub.keyed("POST", "/v1/receipts", Some(elsewhere), Some("k")).await.status, 409);
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["on_hand"], "9");
}

#[tokio::test]
async fn a_refused_call_may_be_sent_again_under_its_key() {
    let hub = hub::start().await;
    let body = json!({ "lines": [{ "sku": "CUP", "location": "Store 1", "quantity": "1" }] });
    let refused = hub.keyed("POST", "/v1/reservations", Some(body.clone()), Some("k")).await;
    assert_eq!(problem(&refused)["type"], "urn:lockstep:problem:not-available");
    hub.done("POST", "/v1/receipts", json!({ "sku": "CUP", "location": "Store 1", "quantity": "1" })).await;
    let made = hub.keyed("POST", "/v1/reservations", Some(body), Some("k")).await;
    assert_eq!(made.status, 201);
}

#[tokio::test]
async fn the_engine_keeps_the_key_when_the_door_has_forgotten_it() {
    let hub = hub::start().await;
    let other = server::router(std::sync::Arc::clone(&hub.hub));
    let body = json!({ "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "3" }] });
    let first = hub.keyed("POST", "/v1/reservations", Some(body.clone()), Some("k")).await;
    // A second router over the same hub has no answers in memory, as after a restart.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, other).await });
    let again = |body: serde_json::Value| {
        let request = reqwest::Client::new().post(format!("http://{address}/v1/reservations")).bearer_auth("lk_all");
        hub.send(
            request.header("content-type", "application/json").header("idempotency-key", "k").body(body.to_string()),
        )
    };
    let second = again(body).await;
    assert_eq!((second.status, second.json()), (201, first.json()));
    let other = json!({ "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "4" }] });
    assert_eq!(again(other).await.status, 409);
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["reserved"], "3");
}

#[tokio::test]
async fn two_callers_never_share_a_key() {
    let hub = hub::start().await;
    let body = json!({ "sku": "TEA", "location": "Store 1", "change": "-1", "reason": "broken" }).to_string();
    for key in ["lk_all", "lk_stock:write"] {
        let request = hub.request("POST", "/v1/adjustments").bearer_auth(key).header("idempotency-key", "same");
        let reply = hub.send(request.header("content-type", "application/json").body(body.clone())).await;
        assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, ""));
    }
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["on_hand"], "8");
}

#[tokio::test]
async fn a_key_with_odd_characters_is_refused() {
    let hub = hub::start().await;
    let long = "k".repeat(129);
    for key in ["with space", "", long.as_str()] {
        let body = json!({ "sku": "TEA", "location": "Store 1", "quantity": "1" });
        let reply = hub.keyed("POST", "/v1/receipts", Some(body), Some(key)).await;
        assert_eq!(reply.status, 422);
        assert_eq!(problem(&reply)["field"], "Idempotency-Key");
    }
}
