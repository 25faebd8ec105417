//! Refunds move money and no stock; what comes back is put on a shelf by hand.

use super::Bench;
use crate::machine::Machine;
use serde_json::{Value, json};

fn shipped(bench: &mut Bench, lines: &[(&str, i64)]) -> (u64, Value) {
    let id = bench.order("W1", lines);
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    bench.outbox.clear();
    (id, bench.get(&format!("/v2/orders/{id}/products")))
}

fn back(reference: &str, sku: &str, quantity: &str, restock: bool) -> Value {
    json!({"act": "return", "reference": reference, "of": "W1", "location": "Harbour", "restock": restock,
        "lines": [{"sku": sku, "quantity": quantity}]})
}

#[test]
fn a_return_is_a_refund_and_a_change_of_stock_where_the_goods_were_handed_in() {
    let mut bench = Bench::stocked(5);
    let (id, lines) = shipped(&mut bench, &[("MUG", 3), ("TEA", 1)]);
    let refund = bench.act(back("R1", "MUG", "2", true))["refund_id"].clone();
    assert_eq!(
        bench.topics(),
        [
            "store/order/refund/created",
            "store/order/transaction/created",
            "store/order/statusUpdated",
            "store/order/updated",
            "store/product/inventory/updated",
            "store/channel/*/inventory/product/stock_changed",
        ]
    );
    let data = json!({"type": "order", "id": id, "refund": {"refund_id": refund}});
    assert_eq!(bench.told("store/order/refund/created"), [data]);
    assert_eq!((bench.level("MUG", "Warehouse"), bench.level("MUG", "Harbour")), ("2".into(), "7".into()));
    let order = bench.get(&format!("/v2/orders/{id}"));
    assert_eq!((&order["status_id"], &order["refunded_amount"]), (&json!(14), &json!("14.0000")));
    let line = bench.get(&format!("/v2/orders/{id}/products"))[0].clone();
    assert_eq!((&line["quantity_refunded"], &line["refund_amount"]), (&json!(2), &json!("14.0000")));
    let books = bench.store.books().lines;
    let booked: Vec<_> = books.iter().filter(|line| line.reference == "R1").collect();
    assert_eq!((booked[0].kind.as_str(), booked[0].location.as_str()), ("return", ""));
    assert_eq!((&booked[0].document, &booked[0].line), (&refund.to_string(), &lines[0]["id"].to_string()));
    assert_eq!((booked[1].kind.as_str(), booked[1].location.as_str()), ("adjust", "Harbour"));
    assert_eq!((booked[0].quantity.as_str(), booked[1].quantity.as_str(), booked.len()), ("2", "2", 2));
}

#[test]
fn goods_that_are_not_restocked_change_no_level_and_the_last_refund_ends_the_order() {
    let mut bench = Bench::stocked(5);
    let (id, _) = shipped(&mut bench, &[("MUG", 2)]);
    bench.act(back("R1", "MUG", "1", false));
    assert_eq!(bench.level("MUG", "Harbour"), "5");
    assert!(bench.try_act(back("R2", "MUG", "2", false)).is_err());
    assert!(bench.try_act(back("R1", "MUG", "1", false)).is_err());
    bench.act(back("R2", "MUG", "1", false));
    assert_eq!(bench.get(&format!("/v2/orders/{id}"))["status_id"], 4);
    assert_eq!(bench.level("MUG", "Warehouse"), "3");
    assert!(bench.store.books().lines.iter().all(|line| line.kind != "adjust"));
}

#[test]
fn an_app_asks_for_a_quote_and_refunds_what_it_says() {
    let mut bench = Bench::stocked(5);
    let (id, lines) = shipped(&mut bench, &[("MUG", 3)]);
    let items = json!([{"item_type": "PRODUCT", "item_id": lines[0]["id"], "quantity": 2, "reason": "broken"}]);
    let actions = format!("/v3/orders/{id}/payment_actions");
    let (status, quote) = bench.call("POST", &format!("{actions}/refund_quotes"), json!({"items": items}));
    assert_eq!((status, &quote["data"]["total_refund_amount"]), (201, &json!(14)));
    assert_eq!(quote["data"]["total_refund_tax_amount"], 2.3334);
    let provider = quote["data"]["refund_methods"][0][0]["provider_id"].clone();
    let refunds = format!("{actions}/refunds");
    let pay = |amount: f64| json!([{"provider_id": provider, "amount": amount, "offline": false}]);
    assert_eq!(bench.call("POST", &refunds, json!({"items": items, "payments": pay(13.0)})).0, 422);
    let (status, made) = bench.call("POST", &refunds, json!({"items": items, "payments": pay(14.0)}));
    assert_eq!((status, &made["data"]["total_amount"]), (201, &json!(14)));
    assert_eq!((&made["data"]["reason"], &made["data"]["items"][0]["quantity"]), (&json!("broken"), &json!(2)));
    assert_eq!(bench.call("POST", &refunds, json!({"items": items, "payments": pay(14.0)})).0, 422);
    assert_eq!(bench.level("MUG", "Warehouse"), "2");
    assert_eq!(bench.get(&refunds)["data"].as_array().map(Vec::len), Some(1));
    let number = made["data"]["id"].to_string();
    assert_eq!(bench.get(&format!("/v3/orders/payment_actions/refunds/{number}"))["data"], made["data"]);
}

#[test]
fn refunds_of_all_orders_are_polled_by_time_and_order() {
    let mut bench = Bench::stocked(5);
    let (id, _) = shipped(&mut bench, &[("MUG", 3)]);
    bench.act(back("R1", "MUG", "1", false));
    bench.now += 60_000;
    let second = bench.act(back("R2", "MUG", "1", false))["refund_id"].clone();
    let poll = "/v3/orders/payment_actions/refunds?created:min=";
    let found = bench.get(&format!("{poll}2026-11-23T09:16:03Z"));
    assert_eq!((&found["data"][0]["id"], found["data"].as_array().map(Vec::len)), (&second, Some(1)));
    let of = format!("/v3/orders/payment_actions/refunds?order_id:in={id}&limit=1");
    assert_eq!(bench.get(&of)["meta"]["pagination"]["total"], 2);
    assert_eq!(bench.get("/v3/orders/payment_actions/refunds?order_id:in=1")["data"], json!([]));
}

#[test]
fn money_rows_are_kept_and_an_order_that_was_paid_outside_has_none() {
    let mut bench = Bench::stocked(5);
    let (id, _) = shipped(&mut bench, &[("MUG", 3)]);
    bench.act(back("R1", "MUG", "1", false));
    let rows = bench.get(&format!("/v3/orders/{id}/transactions"))["data"].clone();
    assert_eq!((&rows[0]["event"], &rows[0]["amount"]), (&json!("purchase"), &json!(21)));
    assert_eq!((&rows[1]["event"], &rows[1]["reference_transaction_id"]), (&json!("refund"), &rows[0]["id"]));
    let (mug, _) = bench.ids("MUG");
    let form = json!({"billing_address": {"zip": "1"}, "products": [{"product_id": mug, "quantity": 1}]});
    let made = bench.ok("POST", "/v2/orders", form);
    let path = format!("/v3/orders/{}", made["id"]);
    assert_eq!(bench.call("GET", &format!("{path}/transactions"), Value::Null).0, 204);
    let items = json!({"items": [{"item_type": "ORDER", "item_id": made["id"], "amount": 1}]});
    // Nobody has paid it: its status is Pending.
    assert_eq!(bench.call("POST", &format!("{path}/payment_actions/refund_quotes"), items.clone()).0, 422);
    bench.ok("PUT", &format!("/v2/orders/{}", made["id"]), json!({"status_id": 11}));
    let quote = bench.ok("POST", &format!("{path}/payment_actions/refund_quotes"), items);
    assert_eq!(quote["data"]["refund_methods"][0][0]["offline"], true);
}

#[test]
fn a_refund_of_an_app_stands_in_the_books_with_its_reason_and_its_own_amount() {
    let mut bench = Bench::stocked(5);
    let (id, lines) = shipped(&mut bench, &[("MUG", 3)]);
    let items = json!([{"item_type": "PRODUCT", "item_id": lines[0]["id"], "quantity": 1, "reason": "broken [doc-2]"}]);
    let payments = json!([{"provider_id": "testgateway", "amount": 5, "offline": false}]);
    let forced = json!({"total_amount": 5, "total_tax": 0.8});
    let body = json!({"items": items, "payments": payments, "merchant_calculated_override": forced});
    let made = bench.ok("POST", &format!("/v3/orders/{id}/payment_actions/refunds"), body);
    let books = bench.store.books();
    let listed = books.documents.iter().find(|document| document.kind == "refund").expect("it is listed");
    assert_eq!((listed.reference.as_str(), listed.amount_minor), ("broken [doc-2]", 500));
    assert_eq!(listed.document, format!("refund:{}", made["data"]["id"]));
    assert_eq!(listed.lines, [("MUG".to_owned(), "1".to_owned())]);
    assert!(books.lines.iter().any(|line| line.kind == "return" && line.reference == "broken [doc-2]"));
}
