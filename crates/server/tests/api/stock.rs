//! Everything that changes stock, once each.

use serde_json::{Value, json};

use crate::hub::{self, START, TestHub};

async fn position(hub: &TestHub, sku: &str, location: &str) -> Value {
    let page = hub.get(&format!("/v1/positions?sku={sku}&location={}", location.replace(' ', "%20"))).await;
    page["items"][0].clone()
}

#[tokio::test]
async fn adjustments_counts_and_receipts_answer_with_the_position_after_them() {
    let hub = hub::start().await;
    let adjusted = hub
        .done(
            "POST",
            "/v1/adjustments",
            json!({ "sku": "TEA", "location": "Store 1", "change": "-2", "reason": "broken" }),
        )
        .await;
    assert_eq!((&adjusted["done_now"], &adjusted["position"]["on_hand"]), (&json!(true), &json!("8")));
    let put_away = json!({
        "sku": "TEA", "location": "Store 1", "change": "-1", "unsellable": true, "reason": "torn box",
    });
    let position = hub.done("POST", "/v1/adjustments", put_away).await["position"].clone();
    assert_eq!((&position["on_hand"], &position["unsellable"]), (&json!("7"), &json!("1")));
    hub.clock.pass(60_000);
    let counted = json!({
        "sku": "TEA", "location": "Store 1", "counted": "9", "counted_at": model::Instant(START + 60_000).to_string(),
    });
    let position = hub.done("POST", "/v1/counts", counted).await["position"].clone();
    assert_eq!((&position["on_hand"], &position["counted_at"]), (&json!("9"), &json!("2026-11-24T10:01:00.000Z")));
    let received = json!({ "sku": "CUP", "location": "Store 2", "quantity": "12", "reference": "note 5" });
    assert_eq!(hub.done("POST", "/v1/receipts", received).await["position"]["available"], "12");
}

#[tokio::test]
async fn pieces_are_not_cut_and_the_refusal_names_the_field() {
    let hub = hub::start().await;
    let half = json!({ "sku": "TEA", "location": "Store 1", "quantity": "0.5" });
    let problem = hub.refused("POST", "/v1/receipts", half, 422).await;
    assert_eq!(problem["field"], "quantity");
    let old = json!({
        "sku": "TEA", "location": "Store 1", "counted": "9", "counted_at": "2026-11-20T00:00:00Z", "reason": "",
    });
    assert_eq!(hub.refused("POST", "/v1/counts", old, 422).await["field"], "counted_at");
}

#[tokio::test]
async fn a_promise_is_made_extended_and_kept() {
    let hub = hub::start().await;
    let ask = json!({
        "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "3" }], "expires_in_s": 60, "note": "for Ada",
    });
    let made = hub.done("POST", "/v1/reservations", ask).await;
    assert_eq!((&made["id"], &made["state"]), (&json!("res_1"), &json!("live")));
    assert_eq!(made["expires_at"], "2026-11-24T10:01:00.000Z");
    let promised = position(&hub, "TEA", "Store 1").await;
    assert_eq!((&promised["reserved"], &promised["available"]), (&json!("3"), &json!("7")));
    let longer = json!({ "expires_at": "2026-11-24T12:00:00Z" });
    let extended = hub.done("POST", "/v1/reservations/res_1/extend", longer).await;
    assert_eq!(extended["expires_at"], "2026-11-24T12:00:00.000Z");
    let committed = hub.done("POST", "/v1/reservations/res_1/commit", Value::Null).await;
    assert_eq!((&committed["state"], &committed["note"]), (&json!("committed"), &json!("for Ada")));
    let kept = position(&hub, "TEA", "Store 1").await;
    assert_eq!((&kept["on_hand"], &kept["reserved"]), (&json!("7"), &json!("0")));
    // Doing it again is an ordinary outcome, doing something else is not.
    assert_eq!(hub.done("POST", "/v1/reservations/res_1/commit", Value::Null).await["state"], "committed");
    hub.refused("POST", "/v1/reservations/res_1/release", json!({}), 409).await;
    assert_eq!(hub.get("/v1/reservations/res_1").await["state"], "committed");
}

#[tokio::test]
async fn a_promise_is_given_back() {
    let hub = hub::start().await;
    let ask = json!({ "lines": [{ "sku": "TEA", "location": "Store 2", "quantity": "4" }] });
    hub.done("POST", "/v1/reservations", ask.clone()).await;
    let problem = hub.refused("POST", "/v1/reservations", ask, 409).await;
    assert_eq!(problem["detail"], "only 0 of TEA can be promised at this location, 4 asked");
    let released = hub.done("POST", "/v1/reservations/res_1/release", json!({ "reason": "changed their mind" })).await;
    assert_eq!(released["state"], "released");
    assert_eq!(position(&hub, "TEA", "Store 2").await["available"], "4");
}

#[tokio::test]
async fn both_ends_of_a_promise_at_once_are_refused() {
    let hub = hub::start().await;
    let ask = json!({
        "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "1" }],
        "expires_in_s": 5, "expires_at": "2026-11-24T12:00:00Z",
    });
    assert_eq!(hub.refused("POST", "/v1/reservations", ask, 422).await["field"], "expires_at");
    let past = json!({
        "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "1" }], "expires_at": "2026-11-24T09:59:00Z",
    });
    assert_eq!(hub.refused("POST", "/v1/reservations", past, 422).await["field"], "expires_at");
    assert_eq!(hub.refused("POST", "/v1/reservations/res_1/extend", json!({}), 422).await["field"], "expires_in_s");
}

#[tokio::test]
async fn a_transfer_goes_its_way_and_belongs_to_nobody_meanwhile() {
    let hub = hub::start().await;
    let plan = json!({
        "from": "Store 1", "to": "Store 2", "lines": [{ "sku": "TEA", "quantity": "5" }], "note": "for the weekend",
    });
    let drafted = hub.done("POST", "/v1/transfers", plan).await;
    assert_eq!((&drafted["id"], &drafted["state"]), (&json!("transfer_1"), &json!("draft")));
    let shipped = hub.done("POST", "/v1/transfers/transfer_1/ship", Value::Null).await;
    assert_eq!(shipped["state"], "in_transit");
    assert_eq!(hub.get("/v1/transfers").await["items"][0]["open"], json!([{ "sku": "TEA", "quantity": "5" }]));
    let under_way = position(&hub, "TEA", "Store 2").await;
    assert_eq!((&under_way["in_transit"], &under_way["available"]), (&json!("5"), &json!("4")));
    let part = json!({ "lines": [{ "sku": "TEA", "quantity": "3" }] });
    assert_eq!(hub.done("POST", "/v1/transfers/transfer_1/receive", part).await["open"][0]["quantity"], "2");
    let closed = hub.done("POST", "/v1/transfers/transfer_1/close", Value::Null).await;
    assert_eq!(closed["state"], "closed");
    assert_eq!(hub.get("/v1/transfers").await["items"], json!([]));
    assert_eq!(hub.get("/v1/transfers?all=true").await["items"][0]["state"], "closed");
    assert_eq!(position(&hub, "TEA", "Store 2").await["on_hand"], "7");
    hub.refused("POST", "/v1/transfers/transfer_1/ship", Value::Null, 409).await;
}

#[tokio::test]
async fn a_step_of_a_transfer_under_a_key_is_done_once() {
    let hub = hub::start().await;
    let plan = json!({ "from": "Store 1", "to": "Store 2", "lines": [{ "sku": "TEA", "quantity": "5" }] });
    let first = hub.keyed("POST", "/v1/transfers", Some(plan.clone()), Some("plan")).await;
    let again = hub.keyed("POST", "/v1/transfers", Some(plan), Some("plan")).await;
    assert_eq!((again.status, again.json()), (201, first.json()));
    for _ in 0..2 {
        assert_eq!(hub.keyed("POST", "/v1/transfers/transfer_1/ship", None, Some("ship")).await.status, 200);
        assert_eq!(hub.keyed("POST", "/v1/transfers/transfer_1/receive", None, Some("in")).await.status, 200);
    }
    assert_eq!(position(&hub, "TEA", "Store 2").await["on_hand"], "9");
}

#[tokio::test]
async fn rules_change_what_may_be_promised() {
    let hub = hub::start().await;
    let safety = json!({ "sku": "TEA", "location": "Store 1", "quantity": "4" });
    assert_eq!(hub.done("PUT", "/v1/rules/safety", safety.clone()).await["done_now"], true);
    assert_eq!(hub.done("PUT", "/v1/rules/safety", safety).await["done_now"], false);
    let buffer = json!({ "sku": "TEA", "channel": "web", "quantity": "2" });
    assert_eq!(hub.done("PUT", "/v1/rules/buffer", buffer).await["done_now"], true);
    let told = hub.get("/v1/availability?sku=TEA").await;
    assert_eq!(told["locations"][0], json!({ "location": "Store 1", "available": "6" }));
    assert_eq!((&told["channels"][0]["ats"], &told["channels"][0]["buffer"]), (&json!("8"), &json!("2")));
    assert_eq!(told["channels"][1]["ats"], "10");
}

#[tokio::test]
async fn an_item_is_created_and_replaced_whole() {
    let hub = hub::start().await;
    let set = json!({
        "title": "Tea set", "barcodes": ["4006381333931"], "components": [{ "sku": "TEA", "quantity": "2" }],
        "price": { "minor": 1999, "currency": "eur" }, "tax_inclusive": true,
    });
    let made = hub.done("PUT", "/v1/items/SET%2F1", set).await;
    assert_eq!((&made["sku"], &made["unit"]), (&json!("SET/1"), &json!("piece")));
    assert_eq!(made["price"], json!({ "minor": 1999, "currency": "EUR" }));
    assert_eq!(hub.get("/v1/availability?sku=SET%2F1").await["locations"][0]["available"], "5");
    let problem =
        hub.refused("PUT", "/v1/items/X", json!({ "title": "X", "price": { "minor": 1, "currency": "?" } }), 422);
    assert_eq!(problem.await["field"], "price.currency");
    for (words, found) in [("set%20TEA", 1), ("set", 1), ("4006381333931", 1), ("te", 2), ("nothing", 0)] {
        let page = hub.get(&format!("/v1/items?q={words}")).await;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(found), "{words}: {page}");
    }
}
