//! Documents that channels are told to make.

use serde_json::{Value, json};

use crate::hub::{self, TestHub, problem};

fn refund(amount: i64) -> Value {
    let amount = json!({ "minor": amount, "currency": "EUR" });
    json!({ "channel": "web", "make": { "kind": "refund", "document": "1001", "amount": amount, "note": "chipped" } })
}

async fn states(hub: &TestHub, path: &str) -> Vec<(String, String)> {
    let word = |row: &Value, field: &str| row[field].as_str().expect("a word").to_owned();
    let page = hub.get(path).await;
    page["items"].as_array().expect("rows").iter().map(|row| (word(row, "id"), word(row, "state"))).collect()
}

/// Documents that each channel owes.
async fn owed(hub: &TestHub) -> Vec<(String, u64)> {
    let page = hub.get("/v1/channels").await;
    let row = |row: &Value| {
        let name = row["name"].as_str().expect("a name").to_owned();
        (name, row["unsettled"]["documents"].as_u64().expect("a figure"))
    };
    page["items"].as_array().expect("rows").iter().map(row).collect()
}

#[tokio::test]
async fn a_channel_is_not_settled_while_a_document_is_waiting_on_it() {
    let hub = hub::start().await;
    let of = |web| vec![("web".to_owned(), web), ("till".to_owned(), 0)];
    assert_eq!(owed(&hub).await, of(0));
    let asked = hub.done("POST", "/v1/instructions", refund(500)).await;
    assert_eq!(owed(&hub).await, of(1));
    let id = asked["id"].as_str().expect("an id");
    hub.done("POST", &format!("/v1/instructions/{id}/withdraw"), json!({})).await;
    assert_eq!(owed(&hub).await, of(0));
}

#[tokio::test]
async fn a_document_is_asked_for_once_under_a_key_and_called_off_once() {
    let hub = hub::start().await;
    let first = hub.keyed("POST", "/v1/instructions", Some(refund(500)), Some("k")).await;
    assert_eq!(
        (first.status, &first.json()["state"], &first.json()["make"]),
        (202, &json!("waiting"), &json!("refund"))
    );
    let again = hub.keyed("POST", "/v1/instructions", Some(refund(500)), Some("k")).await;
    assert_eq!(again.json()["id"], first.json()["id"]);
    let id = first.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(states(&hub, "/v1/instructions").await, [(id.clone(), "waiting".to_owned())]);
    let off = hub.done("POST", &format!("/v1/instructions/{id}/withdraw"), json!({ "reason": "paid by card" })).await;
    assert_eq!((&off["state"], &off["because"]), (&json!("withdrawn"), &json!("paid by card")));
    hub.refused("POST", &format!("/v1/instructions/{id}/withdraw"), json!({}), 409).await;
    assert_eq!(states(&hub, "/v1/instructions?state=waiting").await, []);
    assert_eq!(states(&hub, "/v1/instructions?channel=web&state=withdrawn").await, [(id, "withdrawn".to_owned())]);
}

#[tokio::test]
async fn what_a_platform_cannot_make_is_refused_with_its_reason() {
    let hub = hub::start().await;
    let lines = json!([{ "sku": "TEA", "quantity": "3" }]);
    let make = json!({ "kind": "purchase_order", "supplier": "Hat & Son", "location": "Store 1", "lines": lines });
    for channel in ["web", "till"] {
        let refused =
            hub.refused("POST", "/v1/instructions", json!({ "channel": channel, "make": make.clone() }), 409).await;
        let detail = refused["detail"].as_str().expect("words");
        assert!(detail.contains("cannot") && detail.contains("program"), "{detail}");
    }
    assert_eq!(states(&hub, "/v1/instructions").await, []);
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_named_and_nobody_is_told() {
    let hub = hub::start().await;
    let order = |sku: &str, quantity: &str| {
        let lines = json!([{ "sku": sku, "quantity": quantity }]);
        json!({ "channel": "web", "make": { "kind": "order", "location": "Store 1", "lines": lines } })
    };
    let customer = json!({ "channel": "web", "make": { "kind": "customer" } });
    let unknown = json!({ "channel": "web", "make": { "kind": "order", "location": "Store 1", "lines": [], "x": 1 } });
    for (body, field) in [
        (order("NO", "1"), "make.lines[0].sku"),
        (order("TEA", "-1"), "make.lines[0].quantity"),
        (customer, "make.given_name"),
        (unknown, "make"),
    ] {
        let reply = hub.call("POST", "/v1/instructions", Some(body.clone())).await;
        assert!([400, 404, 422].contains(&reply.status), "{body}: {}", reply.status);
        let told = problem(&reply);
        let named = told["field"].as_str().unwrap_or_default();
        assert!(field.ends_with(named) || named.starts_with(field), "{field} against {told}");
    }
    assert_eq!(states(&hub, "/v1/instructions").await, []);
}

#[tokio::test]
async fn a_person_in_a_customer_document_is_sealed() {
    let hub = hub::start().await;
    let make = json!({ "kind": "customer", "given_name": "Rosalind", "email": "rosalind@example.org" });
    hub.done("POST", "/v1/instructions", json!({ "channel": "web", "make": make })).await;
    let told = hub.get("/v1/instructions").await.to_string();
    let facts = hub.get("/v1/facts").await.to_string();
    for text in [told, facts] {
        assert!(!text.contains("Rosalind") && !text.contains("rosalind@"), "{text}");
    }
}
