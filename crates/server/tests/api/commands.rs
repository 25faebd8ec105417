//! Many commands at once.

use serde_json::{Value, json};

use crate::hub;

#[tokio::test]
async fn each_is_answered_in_order_and_stands_alone() {
    let hub = hub::start().await;
    let line = |quantity: &str| json!({ "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": quantity }] });
    let body = json!({ "commands": [
        { "reserve": line("4") },
        { "reserve": line("7") },
        { "adjust": { "sku": "TEA", "location": "Store 9", "change": "1", "reason": "x" } },
        { "count": { "sku": "CUP", "location": "Store 1", "counted": "6", "counted_at": "2026-11-24T10:00:00Z" } },
        { "commit": { "reservation": "res_1" } },
        { "release": { "reservation": "res_1", "reason": "x" } },
        { "reserve": line("1"), "commit": { "reservation": "res_1" } },
        {},
    ]});
    let results = hub.done("POST", "/v1/commands", body).await["results"].clone();
    assert_eq!(results[0], json!({ "done": true, "reservation": "res_1" }));
    let detail = "only 6 of TEA can be promised at this location, 7 asked";
    assert_eq!((&results[1]["done"], &results[1]["problem"]["detail"]), (&json!(false), &json!(detail)));
    assert_eq!(results[2]["problem"]["field"], "commands[2].adjust.location");
    assert_eq!((&results[3], &results[4]), (&json!({ "done": true }), &json!({ "done": true })));
    assert_eq!(results[5]["problem"]["type"], "urn:lockstep:problem:not-now");
    for place in [6, 7] {
        assert_eq!(results[place]["problem"]["field"], format!("commands[{place}]"));
    }
    let tea = hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0].clone();
    assert_eq!((&tea["on_hand"], &tea["reserved"]), (&json!("6"), &json!("0")));
}

#[tokio::test]
async fn a_thousand_are_taken_and_one_more_is_not() {
    let hub = hub::start().await;
    hub.done("POST", "/v1/receipts", json!({ "sku": "CUP", "location": "Store 1", "quantity": "1000" })).await;
    let one = json!({ "reserve": { "lines": [{ "sku": "CUP", "location": "Store 1", "quantity": "1" }] } });
    let before = hub.hub.flow.head().0;
    let told = hub.done("POST", "/v1/commands", json!({ "commands": vec![one.clone(); 1_000] })).await;
    let results = told["results"].as_array().expect("a list");
    assert!(results.len() == 1_000 && results.iter().all(|result| result["done"] == true));
    assert_eq!(results[999]["reservation"], "res_1000");
    assert_eq!(told["seq"].as_u64(), Some(before + 1_000));
    let problem = hub.refused("POST", "/v1/commands", json!({ "commands": vec![one; 1_001] }), 422).await;
    assert_eq!(problem["field"], "commands");
    assert_eq!(hub.refused("POST", "/v1/commands", json!({ "commands": [] }), 422).await["field"], "commands");
}

#[tokio::test]
async fn a_command_with_its_own_key_is_done_once_in_whatever_call_it_comes() {
    let hub = hub::start().await;
    let one =
        json!({ "key": "cart-7", "reserve": { "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "2" }] } });
    let first = hub.done("POST", "/v1/commands", json!({ "commands": [one.clone()] })).await["results"][0].clone();
    let again = hub.done("POST", "/v1/commands", json!({ "commands": [one.clone(), one] })).await["results"].clone();
    assert_eq!(again, Value::Array(vec![first.clone(), first]));
    let other =
        json!({ "key": "cart-7", "reserve": { "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "3" }] } });
    let refused = hub.done("POST", "/v1/commands", json!({ "commands": [other] })).await["results"][0].clone();
    assert_eq!(refused["problem"]["type"], "urn:lockstep:problem:key-reused");
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["reserved"], "2");
}
