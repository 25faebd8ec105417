//! Replies for runs that are played by hand, and batches to play them with.

use connectors::{Batch, Effect, Reply, Request, Step, Trouble};
use model::WriteMode;
use serde_json::{Value, json};

use crate::desk::{batch, body, fixture, reply};

pub fn levels(rows: &[(&str, &str, &str, i32)]) -> Reply {
    let rows = rows
        .iter()
        .map(|(id, item, shop, qoh)| json!({"itemShopID": id, "itemID": item, "shopID": shop, "qoh": qoh.to_string()}));
    let rows: Vec<Value> = rows.collect();
    reply(200, json!({"@attributes": {"next": ""}, "ItemShop": rows}).to_string().as_bytes())
}

/// A row of the log: id, item, shop, change, sale.
pub type Logged = (u64, &'static str, &'static str, i32, u64);

pub fn log(rows: &[Logged]) -> Reply {
    let rows = rows.iter().map(|(id, item, shop, change, sale)| {
        json!({"inventoryLogID": id.to_string(), "itemID": item, "shopID": shop, "qohChange": change.to_string(),
            "saleID": sale.to_string(), "createTime": "2026-11-21T18:00:03+00:00"})
    });
    let rows: Vec<Value> = rows.collect();
    reply(200, json!({"@attributes": {"next": ""}, "InventoryLog": rows}).to_string().as_bytes())
}

pub fn before() -> Reply {
    reply(200, &fixture("inventory_log"))
}

pub fn done() -> Reply {
    reply(200, br#"{"Item":{"itemID":"401"}}"#)
}

pub fn lower() -> Batch {
    batch(WriteMode::Lower, &[("401", "1", 13, 11)])
}

pub fn raise() -> Batch {
    batch(WriteMode::Raise, &[("401", "1", 13, 15)])
}

pub fn written(request: &Request) -> Value {
    assert_eq!((request.http.method().as_str(), request.effect), ("PUT", Effect::Write));
    body(request)
}

pub fn set(rows: &[(&str, &str)]) -> Value {
    let rows: Vec<Value> = rows.iter().map(|(id, qoh)| json!({"itemShopID": id, "qoh": qoh})).collect();
    json!({"ItemShops": {"ItemShop": rows}})
}

pub fn trouble(step: Result<Step, Trouble>) -> Trouble {
    step.map(|step| format!("{step:?}")).expect_err("the run stops")
}
