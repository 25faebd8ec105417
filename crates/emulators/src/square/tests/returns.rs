//! Goods and money that come back.

use super::{Bench, order, web_order};
use crate::machine::Machine;
use serde_json::json;

#[test]
fn a_return_is_a_new_order_tied_to_the_sale_line_by_line() {
    let mut bench = Bench::stocked("10");
    let sale = bench.sell("S1", "MUG", "3");
    bench.outbox.clear();
    let back = json!({
        "act": "return", "reference": "R1", "of": "S1", "location": "Harbour",
        "lines": [{"sku": "MUG", "quantity": "2", "unit_price_minor": 700, "of_line": 0}],
    });
    let made = bench.act(back.clone());
    let shown = order(&mut bench, &made["order_id"]);
    let returned = &shown["returns"][0];
    assert_eq!(returned["source_order_id"], sale["order_id"]);
    assert_eq!(returned["return_line_items"][0]["source_line_item_uid"], sale["line_uids"][0]);
    assert_eq!(shown["return_amounts"]["total_money"]["amount"], 1_400);
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("7".into(), "12".into()));
    assert_eq!(bench.last("refund.created")["refund"]["status"], "PENDING");
    assert_eq!(bench.last("refund.created")["refund"]["order_id"], made["order_id"]);
    assert_eq!(bench.last("payment.updated")["payment"]["refunded_money"]["amount"], 1_400);
    let mut more = back;
    more["reference"] = json!("R2");
    assert!(bench.try_act(more).is_err(), "only one is left");
}

#[test]
fn a_refund_is_pending_until_the_tick() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", "MUG", "1");
    let line = json!({"sku": "MUG", "quantity": "1"});
    bench.act(json!({"act": "return", "reference": "R1", "of": "S1", "location": "Harbour", "lines": [line], "restock": false}));
    assert_eq!(bench.level("MUG", "Harbour"), "10");
    let due = bench.square.next_tick().expect("a refund is pending");
    bench.outbox.clear();
    bench.now = due - 1;
    bench.tick();
    assert!(bench.outbox.is_empty());
    bench.now = due;
    bench.tick();
    assert_eq!(bench.topics(), ["refund.updated", "order.updated"]);
    assert_eq!(bench.last("refund.updated")["refund"]["status"], "COMPLETED");
    assert_eq!(bench.square.next_tick(), None);
}

#[test]
fn a_return_without_a_sale_is_unlinked() {
    let mut bench = Bench::stocked("10");
    let line = json!({"sku": "TEA", "quantity": "1", "unit_price_minor": 500});
    let made = bench.act(json!({"act": "return", "reference": "R1", "location": "Harbour", "lines": [line]}));
    let shown = order(&mut bench, &made["order_id"]);
    assert_eq!(shown["returns"][0].get("source_order_id"), None);
    assert_eq!(shown["returns"][0]["return_line_items"][0].get("source_line_item_uid"), None);
    let refund = bench.last("refund.created")["refund"].clone();
    assert_eq!((&refund["unlinked"], refund.get("payment_id")), (&json!(true), None));
    assert_eq!(bench.level("TEA", "Harbour"), "11");
}

#[test]
fn a_refund_by_api_gives_money_back_and_no_goods() {
    let mut bench = Bench::stocked("10");
    let sale = bench.sell("S1", "MUG", "2");
    let refund = |amount: i64, key: &str| {
        json!({"idempotency_key": key, "payment_id": sale["payment_ids"][0],
            "amount_money": {"amount": amount, "currency": "GBP"}})
    };
    assert_eq!(bench.ok("POST", "/v2/refunds", refund(1_000, "a"))["refund"]["status"], "PENDING");
    assert_eq!(bench.refused("POST", "/v2/refunds", refund(401, "b")).1, "REFUND_AMOUNT_INVALID");
    assert_eq!(bench.level("MUG", "High Street"), "8");
}

#[test]
fn the_books_of_an_order_partly_returned_and_then_cancelled_add_up() {
    let mut bench = Bench::stocked("10");
    bench.act(web_order("W1", "MUG", "3"));
    let line = json!({"sku": "MUG", "quantity": "1"});
    bench.act(json!({"act": "return", "reference": "R1", "of": "W1", "location": "Harbour", "lines": [line]}));
    bench.act(json!({"act": "cancel", "reference": "W1"}));
    let lines = bench.square.books().lines.into_iter().skip_while(|line| line.kind != "web_order");
    let shown: Vec<(String, String)> = lines.map(|line| (line.kind, line.quantity)).collect();
    let wanted = [("web_order", "1"), ("return", "1"), ("cancel", "2")];
    assert_eq!(shown, wanted.map(|(kind, quantity)| (kind.to_owned(), quantity.to_owned())));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("9".into(), "11".into()));
}
