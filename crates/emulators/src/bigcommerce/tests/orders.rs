//! What shoppers and the owner do: orders, shipments, cancellations, edits, and what each does to stock.

use super::super::{OnHand, TOPICS};
use super::{Bench, Settings, web_order};
use crate::machine::Machine;
use serde_json::{Value, json};

impl Bench {
    fn on_hand(&mut self, sku: &str, location: u64) -> i64 {
        let shown = self.get(&format!("/v3/inventory/locations/{location}/items?sku:in={sku}"));
        shown["data"][0]["total_inventory_onhand"].as_i64().expect("a number")
    }

    /// Kind, quantity and location of the book lines of a document.
    fn lines_of(&self, reference: &str) -> Vec<(String, String, String)> {
        let lines = self.store.books().lines.into_iter().filter(|line| line.reference == reference);
        lines.map(|line| (line.kind, line.quantity, line.location)).collect()
    }
}

fn line(kind: &str, quantity: &str, location: &str) -> (String, String, String) {
    (kind.into(), quantity.into(), location.into())
}

#[test]
fn an_order_is_told_from_incomplete_to_paid_and_takes_its_goods_at_the_default_location() {
    let mut bench = Bench::stocked(5);
    let id = bench.order("W1", &[("MUG", 2)]);
    assert_eq!(
        bench.topics(),
        [
            "store/order/created",
            "store/order/statusUpdated",
            "store/order/updated",
            "store/product/inventory/order/updated",
            "store/channel/*/inventory/product/stock_changed",
            "store/order/transaction/created",
        ]
    );
    assert_eq!(bench.told("store/order/created"), [json!({"type": "order", "id": id})]);
    let status = json!({"previous_status_id": 0, "new_status_id": 11});
    assert_eq!(bench.told("store/order/statusUpdated"), [json!({"type": "order", "id": id, "status": status})]);
    let moved = bench.told("store/product/inventory/order/updated");
    assert_eq!(moved[0]["inventory"], json!({"product_id": 111, "method": "relative", "value": -2}));
    let paid = &bench.told("store/order/transaction/created")[0];
    assert_eq!((&paid["order_id"], &paid["transaction_type"]), (&json!(id.to_string()), &json!("purchase")));
    assert_eq!((bench.level("MUG", "Warehouse"), bench.level("MUG", "Harbour")), ("3".into(), "5".into()));
    assert_eq!(bench.lines_of("W1"), [line("web_order", "2", "Warehouse")]);
}

#[test]
fn a_document_carries_the_vendors_ids_money_and_the_outside_reference() {
    let mut bench = Bench::stocked(5);
    let id = bench.order("W1", &[("MUG", 2), ("SHIRT-L", 1)]);
    let order = bench.get(&format!("/v2/orders/{id}"));
    assert_eq!((&order["status_id"], &order["status"]), (&json!(11), &json!("Awaiting Fulfillment")));
    assert_eq!((&order["total_inc_tax"], &order["total_ex_tax"]), (&json!("21.0000"), &json!("17.4999")));
    assert_eq!((&order["external_order_id"], &order["customer_id"]), (&json!("W1"), &json!(0)));
    assert_eq!(order["date_created"], "Mon, 23 Nov 2026 09:15:03 +0000");
    assert_eq!(order["products"]["resource"], format!("/orders/{id}/products"));
    let products = bench.get(&format!("/v2/orders/{id}/products"));
    let (product, variant) = bench.ids("SHIRT-L");
    let shirt = &products[1];
    assert_eq!((&shirt["product_id"], &shirt["variant_id"]), (&json!(product), &json!(variant)));
    assert_eq!((&shirt["price_inc_tax"], &shirt["price_ex_tax"]), (&json!("7.0000"), &json!("5.8333")));
    assert_eq!((&shirt["quantity"], &shirt["sku"]), (&json!(1), &json!("SHIRT-L")));
    assert_eq!(shirt["product_options"][0]["display_value"], "Large");
    let books = bench.store.books().lines;
    let booked = books.iter().find(|line| line.sku == "SHIRT-L" && line.kind == "web_order").expect("a line");
    assert_eq!((&booked.document, &booked.line), (&id.to_string(), &shirt["id"].to_string()));
}

#[test]
fn prices_without_tax_get_it_on_top() {
    let settings = Settings { tax_inclusive: false, quota: 1_000, ..Settings::example() };
    let mut bench = Bench::open_with(settings);
    bench.stock_up(5);
    let id = bench.order("W1", &[("MUG", 2)]);
    let order = bench.get(&format!("/v2/orders/{id}"));
    assert_eq!((&order["total_ex_tax"], &order["total_inc_tax"]), (&json!("14.0000"), &json!("16.8000")));
    assert_eq!(order["is_tax_inclusive_pricing"], false);
}

#[test]
fn the_shop_refuses_what_the_place_of_the_order_has_too_little_of() {
    let mut bench = Bench::stocked(5);
    let refused = bench.try_act(web_order("W1", &[("MUG", 3), ("MUG", 3)])).expect_err("six of five");
    assert!(refused.contains("out of stock"), "{refused}");
    assert_eq!(bench.topics(), Vec::<&str>::new());
    let mut forced = web_order("W1", &[("MUG", 6)]);
    forced["force"] = json!(true);
    bench.act(forced);
    assert_eq!(bench.level("MUG", "Warehouse"), "-1");
    bench.count("TEA", "Harbour", 0);
    let mut collected = web_order("W2", &[("TEA", 1)]);
    collected["pickup"] = json!("Harbour");
    assert!(bench.try_act(collected).is_err());
    bench.order("W3", &[("WRAP", 1_000)]);
    assert!(bench.try_act(web_order("W3", &[("TEA", 1)])).is_err());
}

#[test]
fn a_collected_order_names_its_place_and_is_completed_without_a_shipment() {
    let mut bench = Bench::stocked(5);
    let mut collected = web_order("W1", &[("MUG", 2)]);
    collected["pickup"] = json!("Harbour");
    let id = bench.act(collected)["order_id"].as_u64().expect("an id");
    assert_eq!((bench.level("MUG", "Warehouse"), bench.level("MUG", "Harbour")), ("5".into(), "3".into()));
    let path = format!("/v2/orders/{id}?include=consignments.line_items&consignment_structure=object");
    let shown = bench.get(&path)["consignments"].clone();
    assert_eq!((&shown["pickups"][0]["location"]["id"], &shown["shipping"]), (&json!(2), &json!([])));
    assert_eq!(shown["pickups"][0]["line_items"][0]["sku"], "MUG");
    assert_eq!(bench.get(&format!("/v2/orders/{id}/products"))[0]["order_address_id"], 0);
    assert_eq!(bench.call("GET", &format!("/v2/orders/{id}/shipping_addresses"), Value::Null).0, 204);
    bench.outbox.clear();
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    assert_eq!(bench.get(&format!("/v2/orders/{id}"))["status_id"], 10);
    assert_eq!(bench.topics(), ["store/order/statusUpdated", "store/order/updated"]);
    assert_eq!(bench.lines_of("W1"), [line("web_order", "2", "Harbour")]);
}

#[test]
fn a_sent_order_is_shipped_whole_and_names_no_place() {
    let mut bench = Bench::stocked(5);
    let id = bench.order("W1", &[("MUG", 2), ("TEA", 1)]);
    let path = format!("/v2/orders/{id}?include=consignments&consignment_structure=object");
    let shown = bench.get(&path)["consignments"].clone();
    assert_eq!((&shown["pickups"], shown["shipping"][0].get("location")), (&json!([]), None));
    bench.outbox.clear();
    let shipment = bench.act(json!({"act": "fulfil", "reference": "W1"}))["shipment_id"].clone();
    let data = json!({"type": "shipment", "id": shipment, "orderId": id});
    assert_eq!(bench.told("store/shipment/created"), [data]);
    assert_eq!(bench.topics().len(), 3);
    let order = bench.get(&format!("/v2/orders/{id}"));
    assert_eq!((&order["status_id"], &order["items_shipped"]), (&json!(2), &json!(3)));
    assert_ne!(order["date_shipped"], "");
    assert_eq!((bench.level("MUG", "Warehouse"), bench.on_hand("MUG", 1)), ("3".into(), 3));
    assert!(bench.try_act(json!({"act": "cancel", "reference": "W1"})).is_err());
    assert!(bench.try_act(json!({"act": "fulfil", "reference": "W1"})).is_err());
}

#[test]
fn where_stock_on_hand_falls_with_the_shipment_it_is_committed_until_then() {
    let settings = Settings { on_hand: OnHand::FallsWhenShipped, quota: 1_000, ..Settings::example() };
    let mut bench = Bench::open_with(settings);
    bench.stock_up(5);
    bench.order("W1", &[("MUG", 2)]);
    bench.order("W2", &[("MUG", 1)]);
    assert_eq!((bench.level("MUG", "Warehouse"), bench.on_hand("MUG", 1)), ("2".into(), 5));
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    bench.act(json!({"act": "cancel", "reference": "W2"}));
    assert_eq!((bench.level("MUG", "Warehouse"), bench.on_hand("MUG", 1)), ("3".into(), 3));
}

#[test]
fn a_cancelled_order_gives_its_goods_back_and_has_lines_of_its_own_in_the_books() {
    let mut bench = Bench::stocked(5);
    let id = bench.order("W1", &[("MUG", 2)]);
    bench.outbox.clear();
    bench.act(json!({"act": "cancel", "reference": "W1"}));
    assert_eq!(bench.level("MUG", "Warehouse"), "5");
    assert_eq!(bench.get(&format!("/v2/orders/{id}"))["status_id"], 5);
    let moved = bench.told("store/product/inventory/order/updated");
    assert_eq!((moved.len(), &moved[0]["inventory"]["value"]), (1, &json!(2)));
    assert_eq!(bench.lines_of("W1"), [line("web_order", "0", "Warehouse"), line("cancel", "2", "Warehouse")]);
    assert!(bench.try_act(json!({"act": "cancel", "reference": "W1"})).is_err());
}

#[test]
fn an_edited_line_moves_the_difference_and_the_total() {
    let mut bench = Bench::stocked(5);
    let id = bench.order("W1", &[("MUG", 2), ("TEA", 1)]);
    let edit =
        |line: usize, quantity: &str| json!({"act": "edit", "reference": "W1", "line": line, "quantity": quantity});
    bench.act(edit(0, "4"));
    assert_eq!(bench.level("MUG", "Warehouse"), "1");
    assert!(bench.try_act(edit(0, "6")).is_err());
    assert!(bench.try_act(edit(2, "1")).is_err());
    bench.act(edit(1, "0"));
    assert_eq!(bench.level("TEA", "Warehouse"), "5");
    let order = bench.get(&format!("/v2/orders/{id}"));
    assert_eq!((&order["total_inc_tax"], &order["items_total"]), (&json!("28.0000"), &json!(4)));
    assert_eq!(bench.get(&format!("/v2/orders/{id}/products")).as_array().map(Vec::len), Some(1));
    assert_eq!(bench.lines_of("W1"), [line("web_order", "4", "Warehouse"), line("web_order", "0", "Warehouse")]);
}

#[test]
fn what_the_platform_has_no_such_thing_for_is_refused_with_a_sentence() {
    let mut bench = Bench::stocked(5);
    bench.order("W1", &[("MUG", 1)]);
    let lines = json!([{"sku": "MUG", "quantity": "1"}]);
    for act in [
        json!({"act": "till_sale", "reference": "S1", "location": "Harbour", "lines": lines}),
        json!({"act": "void", "reference": "W1"}),
        json!({"act": "exchange", "reference": "E1", "of": "W1", "location": "Harbour", "back": lines, "out": lines}),
        json!({"act": "transfer", "reference": "T1", "from": "Warehouse", "to": "Harbour", "lines": lines}),
        json!({"act": "merge_customers", "into": "C1", "from": "C2"}),
        json!({"act": "return", "reference": "R1", "location": "Harbour", "lines": lines}),
        json!({"act": "return", "reference": "R1", "of": "W1", "location": "Harbour", "lines": lines}),
        json!({"act": "web_order", "reference": "W2", "lines": [{"sku": "MUG", "quantity": "0.5"}]}),
        json!({"act": "web_order", "reference": "W2", "lines": []}),
    ] {
        let refused = bench.try_act(act.clone()).expect_err("impossible");
        assert!(refused.len() > 10 && !refused.contains("written"), "{act}: {refused}");
    }
    assert_eq!(bench.level("MUG", "Warehouse"), "4");
}

#[test]
fn every_scope_that_is_sent_can_be_listened_to() {
    let mut bench = Bench::stocked(9);
    let mut order = web_order("W1", &[("MUG", 2)]);
    order["customer"] = json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com"});
    bench.act(order);
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    let lines = json!([{"sku": "MUG", "quantity": "1"}]);
    bench.act(json!({"act": "return", "reference": "R1", "of": "W1", "location": "Harbour", "lines": lines}));
    bench.act(json!({"act": "delete_item", "sku": "SHIRT-S"}));
    bench.act(json!({"act": "erase_customer", "reference": "C1"}));
    let unknown: Vec<&str> = bench.topics().into_iter().filter(|topic| !TOPICS.contains(topic)).collect();
    assert_eq!(unknown, Vec::<&str>::new());
    assert!(bench.topics().len() > 15);
}
