//! Sales that are undone or exchanged, goods carried between locations, customers merged and erased.

use serde_json::{Value, json};

use super::{Bench, body, header};
use crate::machine::Machine as _;

fn lines(bench: &Bench, kind: &str) -> Vec<String> {
    let lines = bench.shop.books().lines.into_iter().filter(|line| line.kind == kind);
    lines.map(|line| format!("{} {} {} {}", line.reference, line.sku, line.quantity, line.location)).collect()
}

#[test]
fn a_voided_sale_is_refunded_whole_and_its_goods_are_back_on_the_tills_shelf() {
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-1", "3");
    bench.ok(json!({"act": "return", "reference": "r1", "of": "s1", "location": "Back",
        "lines": [{"sku": "SKU-1", "quantity": "1"}]}));
    bench.subscribe(&["refunds/create", "orders/updated", "inventory_levels/update"]);
    bench.ok(json!({"act": "void", "reference": "s1"}));
    assert_eq!(bench.states("SKU-1", "Front"), [9, 0, 9]);
    let refund = body(&bench.sent[0]);
    assert_eq!(refund["refund_line_items"][0]["restock_type"], "return");
    assert_eq!(refund["refund_line_items"][0]["quantity"], 2);
    assert_eq!(bench.topics(), ["refunds/create", "orders/updated", "inventory_levels/update"]);
    assert_eq!(lines(&bench, "return"), ["r1 SKU-1 1 Back", "s1 SKU-1 2 Front"]);
    assert!(bench.act(json!({"act": "void", "reference": "s1"})).is_err(), "nothing is left of it");
    bench.order("w1", &[("SKU-2", "1")]).expect("there is stock");
    assert!(bench.act(json!({"act": "void", "reference": "w1"})).is_err(), "it was not made at a till");
}

#[test]
fn an_exchange_takes_goods_back_and_adds_what_leaves_to_the_same_order() {
    let mut bench = Bench::new();
    let sale = bench.sell("s1", "SKU-1", "2");
    bench.subscribe(&["refunds/create", "orders/edited", "orders/updated", "fulfillments/create"]);
    let exchanged = bench.ok(json!({"act": "exchange", "reference": "x1", "of": "s1", "location": "Back",
        "back": [{"sku": "SKU-1", "quantity": "1", "of_line": 0}],
        "out": [{"sku": "SKU-2", "quantity": "1", "unit_price_minor": 2500}]}));
    assert_eq!(exchanged["document"], sale["document"]);
    assert_eq!((bench.states("SKU-1", "Back")[0], bench.states("SKU-2", "Back")[0]), (6, 4));
    let topics: Vec<&str> = bench.sent.iter().map(|it| it.topic.as_str()).collect();
    assert_eq!(topics, ["refunds/create", "orders/updated", "orders/edited", "fulfillments/create", "orders/updated"]);
    let order = body(bench.sent.last().expect("it was sent"));
    let told: Vec<Value> = order["line_items"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|it| json!([it["sku"], it["current_quantity"], it["fulfillment_status"]]))
        .collect();
    assert_eq!(told, [json!(["SKU-1", 1, "fulfilled"]), json!(["SKU-2", 1, "fulfilled"])]);
    assert_eq!(lines(&bench, "sale"), ["s1 SKU-1 2 Front", "s1 SKU-2 1 Back"]);
    assert_eq!(lines(&bench, "return"), ["x1 SKU-1 1 Back"]);
    bench.ok(json!({"act": "return", "reference": "r1", "of": "x1", "location": "Back",
        "lines": [{"sku": "SKU-2", "quantity": "1"}]}));
    assert_eq!(bench.states("SKU-2", "Back")[0], 5);
    let too_much = json!({"act": "exchange", "reference": "x2", "of": "s1", "location": "Back",
        "back": [{"sku": "SKU-1", "quantity": "5"}], "out": [{"sku": "SKU-2", "quantity": "1"}]});
    assert!(bench.act(too_much).is_err());
    assert_eq!(bench.states("SKU-2", "Back")[0], 5, "what is refused changes nothing");
}

#[test]
fn goods_that_are_transferred_leave_one_location_and_arrive_at_the_other() {
    let mut bench = Bench::new();
    bench.subscribe(&["inventory_levels/update"]);
    let transfer = json!({"act": "transfer", "reference": "t1", "from": "Front", "to": "Back",
        "lines": [{"sku": "SKU-1", "quantity": "4"}]});
    bench.ok(transfer);
    assert_eq!((bench.states("SKU-1", "Front")[0], bench.states("SKU-1", "Back")[0]), (6, 9));
    assert_eq!(bench.topics(), ["inventory_levels/update", "inventory_levels/update"]);
    assert_eq!(lines(&bench, "adjust"), ["t1 SKU-1 -4 Front", "t1 SKU-1 4 Back"]);
    let nowhere = json!({"act": "transfer", "reference": "t2", "from": "Back", "to": "Back", "lines": []});
    assert!(bench.act(nowhere).is_err());
}

fn buy(bench: &mut Bench, reference: &str, who: &str, given_name: &str, email: &str) {
    bench.ok(json!({"act": "till_sale", "reference": reference, "location": "Front",
        "lines": [{"sku": "SKU-1", "quantity": "1"}],
        "customer": {"reference": who, "given_name": given_name, "email": email}}));
}

#[test]
fn merged_customers_are_one_with_the_orders_of_both() {
    let mut bench = Bench::new();
    buy(&mut bench, "s1", "ana", "Ana", "");
    buy(&mut bench, "s2", "ana2", "", "ana@example.com");
    bench.subscribe(&["customers/merge", "customers/update", "orders/updated"]);
    let kept = bench.ok(json!({"act": "merge_customers", "into": "ana", "from": "ana2"}))["customer"].clone();
    let gid = format!("gid://shopify/Customer/{kept}");
    let merge = bench.sent.iter().find(|it| it.topic == "customers/merge").map(body).expect("it was sent");
    assert_eq!(merge["admin_graphql_api_customer_kept_id"], gid);
    let gone = merge["admin_graphql_api_customer_deleted_id"].clone();
    assert_eq!(bench.topics(), ["orders/updated", "customers/merge", "customers/update"]);
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { firstName email numberOfOrders } } customers(first: 9) { nodes { id } }
        orders(first: 9) { nodes { customer { id } } } }";
    let found = bench.ask(query, json!({"ids": [gid, gone]}))["data"].clone();
    assert_eq!(found["nodes"], json!([{"firstName": "Ana", "email": "ana@example.com", "numberOfOrders": "2"}, null]));
    assert_eq!(found["customers"]["nodes"], json!([{ "id": gid }]));
    assert_eq!(found["orders"]["nodes"][1]["customer"]["id"], gid);
    assert!(bench.act(json!({"act": "merge_customers", "into": "ana", "from": "ana2"})).is_err());
    assert!(bench.act(json!({"act": "merge_customers", "into": "ana", "from": "nobody"})).is_err());
}

#[test]
fn an_erased_customer_has_no_personal_field_left_and_the_app_is_told_to_forget_them() {
    let mut bench = Bench::new();
    buy(&mut bench, "s1", "ana", "Ana", "ana@example.com");
    bench.subscribe(&["orders/create"]);
    bench.ok(json!({"act": "erase_customer", "reference": "ana"}));
    let told = bench.sent.pop().expect("it was sent");
    assert_eq!((told.topic.as_str(), header(&told, "X-Shopify-Topic")), ("customers/redact", "customers/redact"));
    assert_eq!(body(&told)["shop_domain"], "lockstep-demo.myshopify.com");
    assert_eq!(body(&told)["orders_to_redact"].as_array().map(Vec::len), Some(1));
    let found = bench.ask("{ customers(first: 1) { nodes { firstName lastName email phone } } }", json!({}));
    let nobody = json!({"firstName": null, "lastName": null, "email": null, "phone": null});
    assert_eq!(found["data"]["customers"]["nodes"][0], nobody);
    assert!(bench.act(json!({"act": "erase_customer", "reference": "ana"})).is_err());
}
