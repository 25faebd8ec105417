//! Counts, adjustments, absolute levels, thresholds.

use super::Bench;
use crate::machine::Machine;
use serde_json::{Value, json};

fn row(bench: &mut Bench, quantity: &str, reason: &str) -> Value {
    let (mug, place) = (bench.product("MUG"), bench.outlet("Harbour"));
    json!({"product_id": mug, "outlet_id": place, "quantity": quantity, "reason": reason})
}

#[test]
fn adjustments_are_deltas_and_twice_is_twice() {
    let mut bench = Bench::stocked("10");
    let row = row(&mut bench, "-1.5", "DAMAGE");
    let body = json!({"stock_adjustments": [row]});
    for left in [json!(8.5), json!(7)] {
        let made = bench.call("POST", "stock_adjustments", body.clone());
        assert_eq!((made.0, &made.1["data"][0]["quantity"]), (201, &json!("-1.5")));
        assert_eq!(bench.shown("MUG", "Harbour"), left);
    }
    assert_eq!(bench.get("stock_adjustments")["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(bench.topics(), ["inventory.update", "inventory.update"]);
    assert_eq!(bench.last("inventory.update")["count"], "7.00000");
}

#[test]
fn the_sign_of_an_adjustment_must_fit_its_reason() {
    let mut bench = Bench::stocked("10");
    for (quantity, reason, status) in [
        ("1", "DAMAGE", 422),
        ("1", "THEFT", 422),
        ("-1", "STOCK_FOUND", 422),
        ("-1", "SAMPLE_FOR_SALE", 422),
        ("0", "CUSTOM", 422),
        ("1", "CUSTOM", 422),
        ("one", "STOCK_FOUND", 422),
        ("1", "LOST", 400),
        ("-1", "DONATION", 201),
        ("2", "STOCK_FOUND", 201),
    ] {
        let row = row(&mut bench, quantity, reason);
        assert_eq!(
            bench.call("POST", "stock_adjustments", json!({"stock_adjustments": [row]})).0,
            status,
            "{reason} {quantity}"
        );
    }
    assert_eq!(bench.level("MUG", "Harbour"), "11");
    let mut custom = row(&mut bench, "-1", "CUSTOM");
    custom["custom_inventory_adjustment_reason_id"] = json!("5b7e0a10-5a42-11ee-8f21-3c6d9e2b7a01");
    bench.ok("POST", "stock_adjustments", json!({"stock_adjustments": [custom]}));
}

#[test]
fn adjustments_are_all_or_nothing_and_take_nothing_else() {
    let mut bench = Bench::stocked("10");
    let good = row(&mut bench, "-1", "DAMAGE");
    let bad = row(&mut bench, "1", "DAMAGE");
    assert_eq!(bench.refused("POST", "stock_adjustments", json!({"stock_adjustments": [good, bad]})), 422);
    let mut odd = good.clone();
    odd["note"] = json!("x");
    assert_eq!(bench.refused("POST", "stock_adjustments", json!({"stock_adjustments": [odd]})), 400);
    let mut number = good.clone();
    number["quantity"] = json!(-1);
    assert_eq!(bench.refused("POST", "stock_adjustments", json!({"stock_adjustments": [number]})), 400);
    assert_eq!(
        bench.refused("POST", "stock_adjustments", json!({"stock_adjustments": vec![good.clone(); 1_001]})),
        400
    );
    let mut service = good;
    service["product_id"] = json!(bench.product("WRAP"));
    assert_eq!(bench.refused("POST", "stock_adjustments", json!({"stock_adjustments": [service]})), 422);
    assert_eq!(bench.level("MUG", "Harbour"), "10");
    assert!(bench.outbox.is_empty());
}

#[test]
fn a_product_call_sets_the_level_and_the_last_writer_wins() {
    let mut bench = Bench::stocked("10");
    let (mug, place) = (bench.product("MUG"), bench.outlet("Harbour"));
    let body = json!({"details": {"inventory": [{"outlet_id": place, "current_amount": 3.25, "reorder_point": 4, "reorder_amount": 12}]}});
    bench.ok("PUT", &format!("products/{mug}"), body);
    assert_eq!(bench.shown("MUG", "Harbour"), 3.25);
    let rows = bench.get(&format!("inventory/{mug}"));
    let found = rows.as_array().expect("rows").iter().find(|row| row["outlet_id"] == *place).expect("the record");
    assert_eq!((&found["reorder_point"], &found["quantity_to_procure"]), (&json!(4), &json!(12)));
    assert_eq!(bench.topics(), ["inventory.update"]);
    let clear = json!([{"product_id": mug, "outlet_id": place, "reorder_point": -1}]);
    let shown = bench.ok("POST", "inventory/reorder_points", clear);
    assert_eq!(shown["data"][0]["reorder_point"], Value::Null);
}

#[test]
fn people_count_and_adjust_in_the_back_office() {
    let mut bench = Bench::stocked("10");
    bench.count("MUG", "Harbour", "-2");
    bench.act(json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "-3", "reason": "damaged", "reference": "A1"}));
    bench.act(json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "7.00001"}));
    assert_eq!(bench.level("MUG", "Harbour"), "2.00001");
    assert_eq!(bench.shown("MUG", "Harbour"), 2.00001);
    let listed = bench.get("stock_adjustments")["data"].clone();
    assert_eq!((&listed[0]["reason"], &listed[1]["reason"]), (&json!("DAMAGE"), &json!("STOCK_FOUND")));
    let line = &bench.lines("A1")[0];
    assert_eq!(
        (line.kind.as_str(), line.quantity.as_str(), json!(line.document)),
        ("adjust", "-3", listed[0]["id"].clone())
    );
    assert_eq!(bench.topics(), ["inventory.update"; 3]);
    for act in [
        json!({"act": "adjust", "sku": "WRAP", "location": "Harbour", "delta": "1"}),
        json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "0"}),
        json!({"act": "count", "sku": "MUG", "location": "Nowhere", "quantity": "1"}),
        json!({"act": "count", "sku": "CUP", "location": "Harbour", "quantity": "1"}),
    ] {
        assert!(bench.try_act(act.clone()).is_err(), "{act}");
    }
}

#[test]
fn a_counted_level_is_booked_under_its_stock_record() {
    let mut bench = Bench::stocked("10");
    let (mug, place) = (bench.product("MUG"), bench.outlet("Harbour"));
    let told = bench.act(json!({"act": "count", "sku": "MUG", "location": "Harbour", "quantity": "4"}));
    let rows = bench.get(&format!("inventory/{mug}"));
    let found = rows.as_array().expect("rows").iter().find(|row| row["outlet_id"] == *place).expect("the record");
    assert_eq!(found["id"], told["inventory_id"]);
    let booked = bench.lines(found["id"].as_str().expect("an id"));
    let line = booked.last().expect("the count");
    assert_eq!((line.kind.as_str(), line.quantity.as_str()), ("count", "4"));
    assert_eq!((json!(line.document), line.line.clone()), (found["id"].clone(), found["version"].to_string()));
    bench.outbox.clear();
    bench.count("MUG", "Harbour", "4");
    assert!(bench.outbox.is_empty());
    assert_eq!(bench.lines(&line.document).len(), booked.len());
}

#[test]
fn a_new_outlet_has_every_counted_product_at_zero() {
    let mut bench = Bench::stocked("10");
    bench.act(json!({"act": "put_location", "name": "Depot"}));
    bench.act(json!({"act": "put_location", "name": "Depot"}));
    assert_eq!(bench.level("MUG", "Depot"), "0");
    assert_eq!(bench.shop.books().levels.len(), 6);
    assert_eq!(bench.get("registers")["data"].as_array().map(Vec::len), Some(3));
}
