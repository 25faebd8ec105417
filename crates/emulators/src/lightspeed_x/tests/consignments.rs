//! Orders from suppliers, transfers, returns to suppliers, counts.

use super::{Bench, text};
use serde_json::{Value, json};

fn make(bench: &mut Bench, kind: &str, more: Value) -> String {
    let mut body = json!({"name": "C", "type": kind, "outlet_id": bench.outlet("Harbour")});
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let (status, made) = bench.call("POST", "consignments", body);
    assert_eq!(status, 201, "{made}");
    text(&made["data"]["id"])
}

fn step(bench: &mut Bench, id: &str, status: &str) -> u16 {
    bench.call("PUT", &format!("consignments/{id}"), json!({ "status": status })).0
}

#[test]
fn a_supplier_order_adds_stock_when_it_is_received() {
    let mut bench = Bench::stocked("10");
    let (id, mug) = (make(&mut bench, "SUPPLIER", json!({"reference": "PO-1"})), bench.product("MUG"));
    assert_eq!(step(&mut bench, &id, "SENT"), 422);
    let row = json!({"product_id": mug, "count": 5, "cost": "9.50"});
    let added = bench.ok("POST", &format!("consignments/{id}/products"), row);
    assert_eq!((&added["data"]["count"], &added["data"]["cost"]), (&json!("5"), &json!("9.5")));
    assert_eq!((step(&mut bench, &id, "SENT"), step(&mut bench, &id, "RECEIVED")), (200, 422));
    assert_eq!(step(&mut bench, &id, "DISPATCHED"), 200);
    assert_eq!(step(&mut bench, &id, "RECEIVED"), 422);
    bench.ok("PUT", &format!("consignments/{id}/products/{mug}"), json!({"data": {"received": "4"}}));
    assert_eq!(bench.level("MUG", "Harbour"), "10");
    assert_eq!(step(&mut bench, &id, "RECEIVED"), 200);
    assert_eq!(bench.level("MUG", "Harbour"), "14");
    assert_eq!(bench.topics(), ["consignment.send", "consignment.receive", "inventory.update"]);
    assert_eq!(bench.last("consignment.receive")["received_at"], "2026-11-23 09:15:01");
    assert_eq!(step(&mut bench, &id, "CANCELLED"), 422);
}

#[test]
fn a_transfer_leaves_when_it_is_sent_and_arrives_when_it_is_received() {
    let mut bench = Bench::stocked("10");
    let source = bench.outlet("High Street");
    let id = make(&mut bench, "OUTLET", json!({"source_outlet_id": source}));
    let (mug, tea) = (bench.product("MUG"), bench.product("TEA"));
    let rows = json!([{"product_id": mug, "count": "3"}, {"product_id": tea, "count": "1"}]);
    let shown = bench.ok("POST", &format!("consignments/{id}/bulk"), rows);
    assert_eq!(shown["data"][&mug]["count"], "3");
    bench.ok("DELETE", &format!("consignments/{id}/products/{tea}"), Value::Null);
    assert_eq!(step(&mut bench, &id, "SENT"), 200);
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("7".into(), "10".into()));
    // While it is on its way the number may still be mended.
    bench.ok("PUT", &format!("consignments/{id}/products/{mug}"), json!({"count": "4"}));
    assert_eq!(bench.level("MUG", "High Street"), "6");
    bench.ok("PUT", &format!("consignments/{id}/products/{mug}"), json!({"received": "2"}));
    assert_eq!(step(&mut bench, &id, "RECEIVED"), 200);
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("6".into(), "12".into()));
    let listed = bench.get("consignments?type=OUTLET&status=RECEIVED");
    assert_eq!(listed["data"][0]["id"], *id);
    assert_eq!(bench.get("consignments?type=SUPPLIER")["data"], json!([]));
    assert_eq!(bench.get(&format!("consignments/{id}/products"))["data"][0]["received"], "2");
    assert_eq!(bench.refused("DELETE", &format!("consignments/{id}"), Value::Null), 422);
}

#[test]
fn a_cancelled_transfer_comes_home() {
    let mut bench = Bench::stocked("10");
    let source = bench.outlet("High Street");
    let id = make(&mut bench, "OUTLET", json!({"source_outlet_id": source}));
    let mug = bench.product("MUG");
    bench.ok("POST", &format!("consignments/{id}/products"), json!({"data": {"product_id": mug, "count": "3"}}));
    assert_eq!(step(&mut bench, &id, "CANCELLED"), 422);
    assert_eq!((step(&mut bench, &id, "SENT"), step(&mut bench, &id, "CANCELLED")), (200, 200));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("10".into(), "10".into()));
}

#[test]
fn a_count_makes_what_was_seen_the_level() {
    let mut bench = Bench::stocked("10");
    let id = make(&mut bench, "STOCKTAKE", json!({"status": "STOCKTAKE_SCHEDULED"}));
    let (mug, tea) = (bench.product("MUG"), bench.product("TEA"));
    assert_eq!(step(&mut bench, &id, "STOCKTAKE_IN_PROGRESS"), 200);
    for (product, seen) in [(&mug, "7"), (&tea, "11")] {
        bench.ok("POST", &format!("consignments/{id}/products"), json!({"product_id": product, "received": seen}));
    }
    bench.act(json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "-1"}));
    assert_eq!(step(&mut bench, &id, "STOCKTAKE_IN_PROGRESS_PROCESSED"), 200);
    assert_eq!(bench.level("MUG", "Harbour"), "9");
    assert_eq!(step(&mut bench, &id, "STOCKTAKE_COMPLETE"), 200);
    assert_eq!((bench.level("MUG", "Harbour"), bench.level("TEA", "Harbour")), ("7".into(), "11".into()));
    let shown = bench.get(&format!("consignments/{id}"))["data"].clone();
    assert_eq!((&shown["total_count_gain"], &shown["total_count_loss"]), (&json!(1), &json!(-2)));
}

#[test]
fn a_return_to_the_supplier_leaves_when_it_is_sent() {
    let mut bench = Bench::stocked("10");
    let (id, mug) = (make(&mut bench, "RETURN", json!({})), bench.product("MUG"));
    bench.ok("POST", &format!("consignments/{id}/products"), json!({"product_id": mug, "count": "2"}));
    assert_eq!(step(&mut bench, &id, "SENT"), 200);
    assert_eq!(bench.level("MUG", "Harbour"), "8");
}

#[test]
fn a_consignment_that_breaks_a_rule_is_refused() {
    let mut bench = Bench::stocked("10");
    let place = bench.outlet("Harbour");
    for body in [
        json!({"type": "PARCEL", "outlet_id": place}),
        json!({"type": "SUPPLIER"}),
        json!({"type": "OUTLET", "outlet_id": place}),
        json!({"type": "SUPPLIER", "outlet_id": place, "status": "RECEIVED"}),
        json!({"type": "STOCKTAKE", "outlet_id": place, "status": "OPEN"}),
    ] {
        assert_eq!(bench.refused("POST", "consignments", body.clone()), 422, "{body}");
    }
    let wrapped = json!({"data": {"type": "SUPPLIER", "outlet_id": place}});
    let id = text(&bench.ok("POST", "consignments", wrapped)["data"]["id"]);
    bench.ok("DELETE", &format!("consignments/{id}"), Value::Null);
    assert_eq!(bench.refused("GET", &format!("consignments/{id}"), Value::Null), 404);
}

#[test]
fn a_transfer_inside_the_platform_is_sent_and_received() {
    let mut bench = Bench::stocked("10");
    let lines = json!([{"sku": "MUG", "quantity": "3"}, {"sku": "MUG", "quantity": "1"}]);
    let told = bench
        .act(json!({"act": "transfer", "reference": "T1", "from": "High Street", "to": "Harbour", "lines": lines}));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("6".into(), "14".into()));
    let topics = ["consignment.send", "inventory.update", "consignment.receive", "inventory.update"];
    assert_eq!(bench.topics(), topics);
    let shown = bench.get("consignments")["data"][0].clone();
    assert_eq!(
        (&shown["id"], &shown["reference"], &shown["status"]),
        (&told["consignment_id"], &json!("T1"), &json!("RECEIVED"))
    );
    let ends: Vec<_> = bench.lines("T1").into_iter().map(|line| (line.location, line.quantity)).collect();
    assert_eq!(ends, [("High Street".into(), "-4".into()), ("Harbour".into(), "4".into())]);
    assert!(bench.try_act(json!({"act": "transfer", "reference": "T2", "from": "Harbour", "to": "Harbour", "lines": [{"sku": "MUG", "quantity": "1"}]})).is_err());
}

#[test]
fn open_consignments_of_an_application_stand_in_the_books_as_transfer_and_purchase() {
    use crate::machine::Machine as _;
    let mut bench = Bench::stocked("10");
    let (source, mug) = (bench.outlet("High Street"), bench.product("MUG"));
    let transfer = make(&mut bench, "OUTLET", json!({"source_outlet_id": source, "reference": "doc-1"}));
    let order = make(&mut bench, "SUPPLIER", json!({"reference": "doc-2"}));
    make(&mut bench, "STOCKTAKE", json!({}));
    for id in [&transfer, &order] {
        bench.ok("POST", &format!("consignments/{id}/products"), json!({"product_id": mug, "count": "2"}));
    }
    let listed: Vec<_> = bench.shop.books().documents;
    let shown: Vec<_> =
        listed.iter().map(|it| (it.kind.as_str(), it.document.as_str(), it.reference.as_str())).collect();
    assert_eq!(shown, [("transfer", transfer.as_str(), "doc-1"), ("purchase", order.as_str(), "doc-2")]);
    assert!(listed.iter().all(|it| it.lines == [("MUG".to_owned(), "2".to_owned())] && it.location == "Harbour"));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("10".into(), "10".into()));
}
