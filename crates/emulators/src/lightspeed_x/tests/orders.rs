//! Orders of the web shop.

use super::{Bench, text};
use serde_json::{Value, json};

fn order(reference: &str, quantity: &str, pickup: Option<&str>) -> Value {
    let line = json!({"sku": "MUG", "quantity": quantity, "unit_price_minor": 1_200});
    json!({"act": "web_order", "reference": reference, "lines": [line], "pickup": pickup})
}

#[test]
fn an_order_waits_and_its_goods_leave_when_it_is_handed_over() {
    let mut bench = Bench::stocked("10");
    let told = bench.act(order("W1", "3", None));
    let sale = bench.sale(&told["sale_id"]);
    assert_eq!((&sale["state"], &sale["source"]["type"]), (&json!("pending"), &json!("ECOMMERCE")));
    assert_eq!(bench.last("sale.update")["status"], "AWAITING_DISPATCH");
    assert_eq!((bench.level("MUG", "High Street"), bench.topics()), ("10".into(), vec!["sale.update"]));
    bench.outbox.clear();
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    assert_eq!(bench.last("sale.update")["status"], "DISPATCHED_CLOSED");
    assert_eq!(
        (bench.level("MUG", "High Street"), bench.topics()),
        ("7".into(), vec!["sale.update", "inventory.update"])
    );
    assert!(bench.try_act(json!({"act": "fulfil", "reference": "W1"})).is_err());
    assert_eq!(bench.lines("W1")[0].kind, "web_order");
}

#[test]
fn an_order_is_refused_when_the_shop_shows_too_little() {
    let mut bench = Bench::stocked("10");
    bench.act(order("W1", "8", Some("Harbour")));
    assert!(bench.try_act(order("W2", "3", Some("Harbour"))).is_err());
    let mut forced = order("W2", "3", Some("Harbour"));
    forced["force"] = json!(true);
    bench.act(forced);
    assert_eq!(bench.last("sale.update")["status"], "AWAITING_PICKUP");
    // The first outlet that has enough takes an order that is shipped.
    let told = bench.act(order("W3", "10", None));
    let high_street = bench.outlet("High Street");
    assert_eq!(bench.sale(&told["sale_id"])["source"]["outlet_id"], *high_street);
    assert!(bench.try_act(order("W4", "1", None)).is_err());
}

#[test]
fn a_cancelled_order_frees_what_it_was_promised() {
    let mut bench = Bench::stocked("10");
    bench.act(order("W1", "8", Some("Harbour")));
    bench.act(json!({"act": "cancel", "reference": "W1"}));
    assert_eq!(bench.last("sale.update")["status"], "VOIDED");
    bench.act(order("W2", "10", Some("Harbour")));
    assert_eq!(bench.level("MUG", "Harbour"), "10");
    assert!(bench.try_act(json!({"act": "cancel", "reference": "W1"})).is_err());
    assert!(bench.try_act(json!({"act": "edit", "reference": "W2", "line": 0, "quantity": "1"})).is_err());
}

#[test]
fn an_order_is_handed_over_through_the_api() {
    let mut bench = Bench::stocked("10");
    let told = bench.act(order("W1", "3", Some("Harbour")));
    let path = format!("sales/{}/fulfill", text(&told["sale_id"]));
    assert_eq!(bench.refused("POST", &path, json!({"fulfillment_type": "THROWN"})), 422);
    let done = bench.ok("POST", &path, json!({"fulfillment_type": "PICKED_UP"}));
    assert_eq!((&done["data"]["status"], &done["data"]["line_items"][0]["quantity"]), (&json!("PICKED_UP"), &json!(3)));
    assert_eq!(bench.level("MUG", "Harbour"), "7");
    assert_eq!(bench.refused("POST", &path, json!({"fulfillment_type": "PICKED_UP"})), 422);
}

#[test]
fn a_shop_sells_from_the_outlets_that_it_was_told_to() {
    let settings =
        crate::lightspeed_x::Settings { sells_from: vec!["Depot".into()], ..crate::lightspeed_x::Settings::example() };
    let mut bench = Bench::empty(settings);
    for name in ["High Street", "Depot"] {
        bench.act(json!({"act": "put_location", "name": name}));
    }
    bench.act(json!({"act": "put_item", "sku": "MUG", "title": "Mug"}));
    bench.count("MUG", "High Street", "5");
    assert!(bench.try_act(order("W1", "1", None)).is_err());
    bench.count("MUG", "Depot", "5");
    bench.act(order("W1", "1", None));
    assert_eq!(bench.lines("W1")[0].location, "Depot");
}
