//! `/v2/orders` as an app uses it: pages, polls, orders made, changed, shipped and archived.

use super::Bench;
use crate::machine::Machine;
use serde_json::{Value, json};

fn billing() -> Value {
    json!({"first_name": "Ana", "last_name": "Reis", "zip": "EC1A", "email": "ana@example.com"})
}

fn create(bench: &mut Bench, form: Value) -> Value {
    let mut whole = json!({"billing_address": billing()});
    whole.as_object_mut().expect("an object").extend(form.as_object().cloned().expect("an object"));
    bench.ok("POST", "/v2/orders", whole)
}

fn ids(listed: &Value) -> Vec<u64> {
    let orders = listed.as_array().map_or(&[][..], Vec::as_slice);
    orders.iter().map(|order| order["id"].as_u64().expect("an id")).collect()
}

#[test]
fn an_empty_list_is_204_without_a_body() {
    let mut bench = Bench::stocked(5);
    assert_eq!(bench.call("GET", "/v2/orders", Value::Null), (204, Value::Null));
    let id = bench.order("W1", &[("MUG", 1)]);
    for path in ["shipments", "coupons", "taxes"] {
        assert_eq!(bench.call("GET", &format!("/v2/orders/{id}/{path}"), Value::Null), (204, Value::Null));
    }
}

#[test]
fn orders_are_listed_by_pages_in_the_order_that_is_asked_for() {
    let mut bench = Bench::stocked(99);
    let made: Vec<u64> = (0..7).map(|number| bench.order(&format!("W{number}"), &[("MUG", 1)])).collect();
    assert_eq!(ids(&bench.get("/v2/orders?limit=3&page=2")), made[3..6]);
    assert_eq!(ids(&bench.get("/v2/orders?limit=3&page=3")), made[6..]);
    assert_eq!(bench.call("GET", "/v2/orders?limit=3&page=4", Value::Null).0, 204);
    let backwards: Vec<u64> = made.iter().rev().copied().collect();
    assert_eq!(ids(&bench.get("/v2/orders?sort=id:desc")), backwards);
    assert_eq!(ids(&bench.get(&format!("/v2/orders?min_id={}", made[5]))), made[5..]);
    assert_eq!(ids(&bench.get("/v2/orders?external_order_id=W2")), made[2..3]);
    assert_eq!(bench.get("/v2/orders/count")["count"], 7);
    assert_eq!(bench.call("GET", "/v2/orders?sort=colour", Value::Null).0, 400);
}

#[test]
fn a_poll_gets_what_has_changed_since_and_including_a_second() {
    let mut bench = Bench::stocked(99);
    let made: Vec<u64> = (0..4).map(|number| bench.order(&format!("W{number}"), &[("MUG", 1)])).collect();
    bench.now += 60_000;
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    bench.now += 60_000;
    bench.act(json!({"act": "cancel", "reference": "W0"}));
    let poll = "/v2/orders?sort=date_modified:asc&min_date_modified=";
    assert_eq!(ids(&bench.get(&format!("{poll}2026-11-23T09:16:03Z"))), [made[1], made[0]]);
    assert_eq!(ids(&bench.get(&format!("{poll}2026-11-23T09:16:04Z"))), [made[0]]);
    assert_eq!(ids(&bench.get(&format!("{poll}Mon,%2023%20Nov%202026%2009:15:03%20%2B0000"))).len(), 4);
    assert_eq!(ids(&bench.get("/v2/orders?status_id=5")), [made[0]]);
}

#[test]
fn an_app_makes_an_order_and_its_stock_is_taken() {
    let mut bench = Bench::stocked(5);
    let ((mug, _), (shirt, large)) = (bench.ids("MUG"), bench.ids("SHIRT-L"));
    let products = json!([
        {"product_id": mug, "quantity": 2, "price_inc_tax": 9.6, "price_ex_tax": 8},
        {"product_id": shirt, "variant_id": large, "quantity": 1},
        {"name": "Engraving", "quantity": 1, "price_inc_tax": 1.2, "price_ex_tax": 1},
    ]);
    let form = json!({"products": products, "status_id": 11, "external_order_id": "H-1", "external_source": "hub"});
    let order = create(&mut bench, form);
    assert_eq!((&order["total_inc_tax"], &order["order_source"]), (&json!("40.4000"), &json!("external")));
    assert_eq!((&order["external_order_id"], &order["external_source"]), (&json!("H-1"), &json!("hub")));
    assert_eq!((bench.level("MUG", "Warehouse"), bench.level("SHIRT-L", "Warehouse")), ("3".into(), "4".into()));
    assert_eq!(bench.told("store/sku/inventory/order/updated").len(), 1);
    let books = bench.store.books();
    let rung = books.lines.iter().filter(|line| line.kind == "web_order" && line.reference == "H-1");
    let rung: Vec<_> = rung.map(|line| (line.sku.as_str(), line.quantity.as_str())).collect();
    assert_eq!(rung, [("MUG", "2"), ("SHIRT-L", "1"), ("", "1")], "an engraving has no SKU");
    assert_eq!(ids(&bench.get("/v2/orders?external_order_id=H-1")), ids(&json!([order])));
}

#[test]
fn an_incomplete_order_takes_nothing_until_its_status_changes() {
    let mut bench = Bench::stocked(5);
    let (mug, _) = bench.ids("MUG");
    let products = json!([{"product_id": mug, "quantity": 2}]);
    let id = create(&mut bench, json!({"products": products, "status_id": 0}))["id"].clone();
    assert_eq!(bench.level("MUG", "Warehouse"), "5");
    assert_eq!(bench.topics(), ["store/order/created"]);
    let path = format!("/v2/orders/{id}");
    bench.ok("PUT", &path, json!({"status_id": 11}));
    assert_eq!(bench.level("MUG", "Warehouse"), "3");
    bench.ok("PUT", &path, json!({"status_id": 5}));
    assert_eq!(bench.level("MUG", "Warehouse"), "5");
    bench.ok("PUT", &path, json!({"status_id": 6}));
    assert_eq!(bench.level("MUG", "Warehouse"), "5");
}

#[test]
fn an_order_to_be_collected_is_made_with_one_pickup_and_nothing_beside_it() {
    let mut bench = Bench::stocked(5);
    let (mug, _) = bench.ids("MUG");
    let items = json!([{"product_id": mug, "quantity": 2}]);
    let pickup = json!({"pickup_method_id": 2, "line_items": items});
    create(&mut bench, json!({"consignments": {"pickups": [pickup]}, "status_id": 11}));
    assert_eq!(bench.level("MUG", "Harbour"), "3");
    for form in [
        json!({"billing_address": billing(), "consignments": {"pickups": [pickup, pickup]}}),
        json!({"billing_address": billing(), "consignments": {"pickups": [pickup]}, "products": items}),
        json!({"billing_address": billing(), "products": []}),
        json!({"products": items}),
        json!({"billing_address": billing(), "products": [{"product_id": 9, "quantity": 1}]}),
        json!({"billing_address": billing(), "products": items, "status_id": 77}),
        json!({"billing_address": billing(), "products": [{"product_id": mug, "quantity": 9_000_000_000_i64}]}),
        json!({"billing_address": billing(), "products": [{"product_id": mug, "quantity": 1, "price_inc_tax": -1}]}),
        json!({"billing_address": billing(), "products": items, "customer_id": 77}),
    ] {
        let (status, refused) = bench.call("POST", "/v2/orders", form);
        assert_eq!((status, refused.is_array()), (400, true), "{refused}");
    }
}

#[test]
fn products_of_an_order_are_changed_added_and_taken_off() {
    let mut bench = Bench::stocked(9);
    let id = bench.order("W1", &[("MUG", 2), ("TEA", 2)]);
    let lines = bench.get(&format!("/v2/orders/{id}/products"));
    let ((shirt, small), path) = (bench.ids("SHIRT-S"), format!("/v2/orders/{id}"));
    let products = json!([
        {"id": lines[0]["id"], "quantity": 5},
        {"id": lines[1]["id"], "quantity": 0},
        {"product_id": shirt, "variant_id": small, "quantity": 1},
    ]);
    let order = bench.ok("PUT", &path, json!({"products": products, "staff_notes": "changed"}));
    assert_eq!((&order["items_total"], &order["staff_notes"]), (&json!(6), &json!("changed")));
    assert_eq!(order["total_inc_tax"], "55.0000");
    for (sku, left) in [("MUG", "4"), ("TEA", "9"), ("SHIRT-S", "8")] {
        assert_eq!(bench.level(sku, "Warehouse"), left, "{sku}");
    }
    assert_eq!(bench.call("PUT", &path, json!({"products": [{"id": 1, "quantity": 1}]})).0, 400);
}

#[test]
fn shipments_of_parts_lead_to_partially_shipped_and_then_shipped() {
    let mut bench = Bench::stocked(5);
    let id = bench.order("W1", &[("MUG", 3)]);
    let line = bench.get(&format!("/v2/orders/{id}/products"))[0].clone();
    let path = format!("/v2/orders/{id}/shipments");
    let ship = |quantity: i64| {
        let items = json!([{"order_product_id": line["id"], "quantity": quantity}]);
        json!({"order_address_id": line["order_address_id"], "tracking_number": "T1", "items": items})
    };
    let (status, made) = bench.call("POST", &path, ship(1));
    assert_eq!((status, &made["tracking_number"]), (201, &json!("T1")));
    assert_eq!(bench.get(&format!("/v2/orders/{id}"))["status_id"], 3);
    assert_eq!(bench.call("POST", &path, ship(3)).0, 400);
    bench.ok("POST", &path, ship(2));
    assert_eq!(bench.get(&format!("/v2/orders/{id}"))["status_id"], 2);
    assert_eq!(bench.get(&path).as_array().map(Vec::len), Some(2));
    assert_eq!(bench.get(&format!("{path}/{}", made["id"]))["items"][0]["quantity"], 1);
    let wrong = json!({"order_address_id": 1, "items": [{"order_product_id": line["id"], "quantity": 1}]});
    assert_eq!(bench.call("POST", &path, wrong).0, 400);
}

#[test]
fn a_deleted_order_is_archived_and_still_found_by_its_id() {
    let mut bench = Bench::stocked(5);
    let id = bench.order("W1", &[("MUG", 1)]);
    assert_eq!(bench.call("DELETE", &format!("/v2/orders/{id}"), Value::Null).0, 204);
    assert_eq!(bench.told("store/order/archived"), [json!({"type": "order", "id": id})]);
    assert_eq!(bench.call("GET", "/v2/orders", Value::Null).0, 204);
    assert_eq!(ids(&bench.get("/v2/orders?is_deleted=true")), [id]);
    assert_eq!(bench.get(&format!("/v2/orders/{id}"))["is_deleted"], true);
    assert_eq!(bench.level("MUG", "Warehouse"), "4");
}

#[test]
fn every_location_has_a_pick_up_method_and_an_order_of_an_app_stands_in_the_books() {
    let mut bench = Bench::stocked(5);
    let methods = bench.get("/v3/pickup/methods?page=1&limit=250");
    let of: Vec<(&Value, &Value)> =
        methods["data"].as_array().expect("a list").iter().map(|it| (&it["id"], &it["location_id"])).collect();
    assert_eq!(of, [(&json!(1), &json!(1)), (&json!(2), &json!(2))]);
    let (mug, _) = bench.ids("MUG");
    let pickup = json!({"pickup_method_id": 2, "line_items": [{"product_id": mug, "quantity": 2}]});
    let order = create(
        &mut bench,
        json!({"consignments": {"pickups": [pickup]}, "status_id": 7, "external_order_id": "doc-1"}),
    );
    bench.settle();
    assert_eq!(bench.level("MUG", "Harbour"), "3", "it is promised, though nobody has paid");
    let books = bench.store.books();
    let listed = books.documents.iter().find(|document| document.kind == "order").expect("it is listed");
    assert_eq!((listed.reference.as_str(), listed.state.as_str()), ("doc-1", "Awaiting Payment"));
    assert_eq!((listed.location.as_str(), listed.document.as_str()), ("Harbour", order["id"].to_string().as_str()));
    assert!(books.lines.iter().any(|line| line.kind == "web_order" && line.reference == "doc-1"));
}
