//! Orders that a client of the API makes: atomic, of its own total, paid, edited, deleted.

use super::{Bench, text};
use serde_json::{Value, json};

fn cart(mug: &str) -> Value {
    let line = json!({"item": {"id": mug}});
    json!({"orderCart": {"externalReferenceId": "hub-1", "lineItems": [line, line], "discounts": [{"name": "Staff", "percentage": 10}]}})
}

fn cash(bench: &mut Bench) -> String {
    text(&bench.list("/tenders?filter=label=Cash")[0]["id"])
}

#[test]
fn an_atomic_order_is_priced_by_the_merchant_and_a_checkout_keeps_nothing() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let preview = bench.ok("POST", "/atomic_order/checkouts", cart(&mug));
    assert_eq!(preview["total"], json!(1_260), "twice 7.00 less a tenth");
    assert!(bench.outbox.is_empty() && bench.list("/orders").is_empty());
    let order = bench.ok("POST", "/atomic_order/orders", cart(&mug));
    assert_eq!((&order["total"], &order["paymentState"]), (&json!(1_260), &json!("OPEN")));
    assert_eq!(order["lineItems"]["elements"].as_array().map(Vec::len), Some(2));
    assert_eq!(bench.events(), ["O CREATE"]);
    assert_eq!(bench.level("MUG"), "10", "goods leave when it is paid");
}

#[test]
fn the_last_payment_locks_an_order_and_lets_its_goods_go() {
    let mut bench = Bench::stocked();
    let (mug, cash) = (bench.item("MUG"), cash(&mut bench));
    let order = text(&bench.ok("POST", "/atomic_order/orders", cart(&mug))["id"]);
    let pay = format!("/orders/{order}/payments");
    bench.ok("POST", &pay, json!({"tender": {"id": cash}, "amount": 260}));
    assert_eq!(bench.get(&format!("/orders/{order}"))["paymentState"], "PARTIALLY_PAID");
    assert_eq!(bench.level("MUG"), "10");
    bench.outbox.clear();
    bench.ok("POST", &pay, json!({"tender": {"id": cash}, "amount": 1_000, "externalPaymentId": "hub-pay"}));
    let paid = bench.get(&format!("/orders/{order}"));
    assert_eq!((&paid["paymentState"], &paid["state"]), (&json!("PAID"), &json!("locked")));
    assert_eq!(bench.level("MUG"), "8");
    assert_eq!(bench.events(), ["P CREATE", "O UPDATE", "I UPDATE"]);
    assert_eq!(bench.list("/payments?filter=externalPaymentId=hub-pay").len(), 1);
    assert_eq!(bench.call("DELETE", &format!("/orders/{order}"), Value::Null).0, 400);
}

#[test]
fn a_payment_needs_a_positive_amount_and_a_tender_that_is_no_card() {
    let mut bench = Bench::stocked();
    let (mug, cash) = (bench.item("MUG"), cash(&mut bench));
    let order = text(&bench.ok("POST", "/atomic_order/orders", cart(&mug))["id"]);
    let card = text(&bench.list("/tenders?filter=label=Credit%20Card")[0]["id"]);
    for (tender, amount) in [(&cash, 0), (&cash, -5), (&card, 100), (&"NONE".to_owned(), 100)] {
        let body = json!({"tender": {"id": tender}, "amount": amount});
        assert_eq!(bench.call("POST", &format!("/orders/{order}/payments"), body).0, 400, "{tender} {amount}");
    }
}

#[test]
fn an_order_of_the_clients_own_total_is_never_recomputed() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let made = bench.ok("POST", "/orders", json!({"state": "open", "total": 1, "externalReferenceId": "hub-2"}));
    let id = text(&made["id"]);
    let line = bench.ok("POST", &format!("/orders/{id}/line_items"), json!({"item": {"id": mug}}));
    assert_eq!((&line["name"], &line["price"]), (&json!("MUG"), &json!(700)));
    assert_eq!(bench.get(&format!("/orders/{id}"))["total"], json!(1));
    let typed = json!({"items": [{"name": "Gift", "price": 99}, {"name": "Card", "price": 1}]});
    bench.ok("POST", &format!("/orders/{id}/bulk_line_items"), typed);
    assert_eq!(bench.list(&format!("/orders/{id}/line_items")).len(), 3);
    assert_eq!(bench.call("POST", &format!("/orders/{id}/line_items"), json!({"note": "no price"})).0, 400);
    bench.ok("DELETE", &format!("/orders/{id}/line_items/{}", text(&line["id"])), Value::Null);
    assert_eq!(bench.list(&format!("/orders/{id}/line_items")).len(), 2);
    bench.ok("POST", &format!("/orders/{id}"), json!({"total": 100, "note": "seen"}));
    let order = bench.get(&format!("/orders/{id}"));
    assert_eq!((&order["total"], &order["note"], &order["state"]), (&json!(100), &json!("seen"), &json!("open")));
}

#[test]
fn a_discount_lowers_a_total_that_the_merchant_owns() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let id = text(&bench.ok("POST", "/atomic_order/orders", cart(&mug))["id"]);
    let path = format!("/orders/{id}/discounts");
    let made = bench.ok("POST", &path, json!({"name": "Coupon", "amount": -200}));
    assert_eq!(bench.list(&path).len(), 2);
    assert_eq!(bench.get(&format!("/orders/{id}"))["total"], json!(1_060), "12.60 less 2.00");
    bench.ok("DELETE", &format!("{path}/{}", text(&made["id"])), Value::Null);
    assert_eq!(bench.get(&format!("/orders/{id}"))["total"], json!(1_260));
    assert_eq!(bench.call("POST", &path, json!({"name": "Nothing"})).0, 400);
}

#[test]
fn an_order_without_a_state_is_a_draft() {
    let mut bench = Bench::stocked();
    let made = bench.ok("POST", "/orders", json!({}));
    assert_eq!(made["state"], Value::Null);
}

#[test]
fn a_deleted_order_is_gone_from_lists_but_for_a_filter_that_asks_for_it() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let id = text(&bench.ok("POST", "/atomic_order/orders", cart(&mug))["id"]);
    bench.outbox.clear();
    bench.ok("DELETE", &format!("/orders/{id}"), Value::Null);
    assert_eq!(bench.events(), ["O DELETE"]);
    assert_eq!(bench.call("GET", &format!("/orders/{id}"), Value::Null).0, 404);
    assert!(bench.list("/orders").is_empty());
    assert_eq!(bench.list("/orders?filter=deletedTime%3E0").len(), 1);
}

#[test]
fn an_open_order_is_edited_and_cancelled_at_the_till_by_its_outside_reference() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let id = text(&bench.ok("POST", "/atomic_order/orders", cart(&mug))["id"]);
    bench.outbox.clear();
    bench.act(json!({"act": "edit", "reference": "hub-1", "line": 0, "quantity": "3"}));
    let order = bench.get(&format!("/orders/{id}?expand=lineItems"));
    assert_eq!(order["lineItems"]["elements"].as_array().map(Vec::len), Some(4));
    assert_eq!(order["total"], json!(2_520), "four times 7.00 less a tenth");
    bench.act(json!({"act": "cancel", "reference": "hub-1"}));
    assert_eq!(bench.events(), ["O UPDATE", "O DELETE"]);
    assert_eq!(bench.level("MUG"), "10");
    assert_eq!(bench.books().lines.iter().filter(|line| line.kind == "cancel").count(), 4);
    bench.sell("S1", "MUG", "1");
    assert!(bench.refused(json!({"act": "cancel", "reference": "S1"})).contains("no open order"));
}

#[test]
fn an_order_holds_three_thousand_lines() {
    let mut bench = Bench::stocked();
    let id = text(&bench.ok("POST", "/orders", json!({}))["id"]);
    let many = |count: usize| json!({"items": vec![json!({"name": "x", "price": 1}); count]});
    bench.ok("POST", &format!("/orders/{id}/bulk_line_items"), many(3_000));
    let (status, answer) = bench.call("POST", &format!("/orders/{id}/line_items"), json!({"name": "x", "price": 1}));
    assert_eq!(status, 400);
    assert_eq!(answer, json!({"message": "An order is limited to 3000 line items"}));
}
