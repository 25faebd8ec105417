//! Goods that come back: refunds, exchanges, credits.

use super::{Bench, lines, text, till_sale};
use serde_json::{Value, json};

fn back(reference: &str, of: &str, all: &[(&str, &str, i64)]) -> Value {
    json!({"act": "return", "reference": reference, "of": of, "location": "High Street", "lines": lines(all)})
}

fn order_of(bench: &mut Bench, id: &str) -> Value {
    bench.get(&format!("/orders/{id}?expand=lineItems,payments,refunds"))
}

#[test]
fn a_return_is_a_refund_with_the_pieces_that_came_back() {
    let mut bench = Bench::stocked();
    let id = bench.sell("S1", "MUG", "3");
    bench.outbox.clear();
    bench.now += 1_000;
    let answer = bench.act(back("R1", "S1", &[("MUG", "2", 0)]));
    let order = order_of(&mut bench, &id);
    assert_eq!(order["paymentState"], "PARTIALLY_REFUNDED");
    let refund = &order["refunds"]["elements"][0];
    assert_eq!((&refund["id"], &refund["amount"]), (&answer["refund_ids"][0], &json!(1_400)));
    assert_eq!(refund["orderRef"]["id"], json!(id));
    assert_eq!(refund["payment"]["id"], order["payments"]["elements"][0]["id"]);
    let came_back: Vec<&Value> =
        refund["lineItems"]["elements"].as_array().expect("lines").iter().map(|line| &line["id"]).collect();
    let refunded: Vec<&Value> = order["lineItems"]["elements"]
        .as_array()
        .expect("lines")
        .iter()
        .filter(|line| line["refunded"] == json!(true))
        .map(|line| &line["id"])
        .collect();
    assert_eq!(refunded.len(), 2);
    assert_eq!(came_back, refunded);
    assert_eq!(bench.level("MUG"), "9");
    assert_eq!(bench.events(), ["P UPDATE", "O UPDATE", "I UPDATE"]);
    assert_eq!(bench.list("/refunds").len(), 1);
}

#[test]
fn the_books_name_a_return_by_its_refund_and_the_lines_that_came_back() {
    let mut bench = Bench::stocked();
    bench.sell("S1", "MUG", "2");
    let answer = bench.act(back("R1", "S1", &[("MUG", "1", 0)]));
    let returned: Vec<_> = bench.books().lines.into_iter().filter(|line| line.kind == "return").collect();
    assert_eq!(returned.len(), 1);
    assert_eq!((json!(returned[0].document), returned[0].reference.as_str()), (answer["refund_ids"][0].clone(), "R1"));
    let refund = bench.get(&format!("/refunds/{}", returned[0].document));
    assert_eq!(refund["lineItems"]["elements"][0]["id"], json!(returned[0].line));
    assert_eq!(returned[0].quantity, "1");
}

#[test]
fn without_restocking_the_money_goes_back_and_the_stock_stays() {
    let mut bench = Bench::stocked();
    let id = bench.sell("S1", "MUG", "1");
    bench.outbox.clear();
    let mut act = back("R1", "S1", &[("MUG", "1", 0)]);
    act["restock"] = json!(false);
    bench.act(act);
    assert_eq!(bench.level("MUG"), "9");
    assert_eq!(order_of(&mut bench, &id)["paymentState"], "REFUNDED");
    assert_eq!(bench.events(), ["P UPDATE", "O UPDATE"]);
}

#[test]
fn more_than_was_sold_and_a_part_of_a_weighed_line_cannot_come_back() {
    let mut bench = Bench::stocked();
    bench.act(till_sale("S1", &[("MUG", "2", 700), ("TEA", "1.5", 400), ("MUG", "1", 500)]));
    assert!(bench.refused(back("R1", "S1", &[("MUG", "4", 0)])).contains("not so much"));
    assert!(bench.refused(back("R1", "S1", &[("TEA", "0.5", 0)])).contains("not so much"));
    let mut named = back("R1", "S1", &[("MUG", "1", 0)]);
    named["lines"][0]["of_line"] = json!(2);
    let refund = bench.act(named)["refund_ids"][0].clone();
    assert_eq!(bench.get(&format!("/refunds/{}", text(&refund)))["amount"], json!(500), "the line that was named");
    let whole = bench.act(back("R2", "S1", &[("TEA", "1.5", 0)]))["refund_ids"][0].clone();
    assert_eq!(bench.get(&format!("/refunds/{}", text(&whole)))["amount"], json!(600));
    assert_eq!(bench.level("TEA"), "10");
    bench.act(back("R3", "S1", &[("MUG", "1", 0)]));
    assert!(bench.refused(back("R4", "R3", &[("MUG", "1", 0)])).contains("no document R3"), "a return is no sale");
    bench.act(back("R5", "S1", &[("MUG", "1", 0)]));
    assert!(bench.refused(back("R4", "S1", &[("MUG", "1", 0)])).contains("not so much"));
    assert!(bench.refused(json!({"act": "void", "reference": "S1"})).contains("refunded"));
}

#[test]
fn no_more_is_given_back_than_was_paid() {
    let mut bench = Bench::stocked();
    bench.sell("S1", "MUG", "1");
    let refund = text(&bench.act(back("R1", "S1", &[("MUG", "1", 9_999)]))["refund_ids"][0]);
    assert_eq!(bench.get(&format!("/refunds/{refund}"))["amount"], json!(700));
}

#[test]
fn an_exchange_refunds_the_old_lines_and_sells_the_new_ones() {
    let mut bench = Bench::stocked();
    let old = bench.sell("S1", "MUG", "2");
    bench.now += 1_000;
    let answer = bench.act(json!({
        "act": "exchange", "reference": "X1", "of": "S1", "location": "High Street",
        "back": lines(&[("MUG", "1", 0)]), "out": lines(&[("TEA", "1", 1_250)]),
    }));
    let old = order_of(&mut bench, &old);
    let marked = old["lineItems"]["elements"].as_array().expect("lines");
    assert_eq!(
        marked.iter().filter(|line| line["exchanged"] == json!(true) && line["refunded"] == json!(true)).count(),
        1
    );
    assert_eq!(old["refunds"]["elements"][0]["amount"], json!(700));
    let new = order_of(&mut bench, &text(&answer["order_id"]));
    assert_eq!((&new["paymentState"], &new["total"]), (&json!("PAID"), &json!(1_250)));
    assert_eq!((bench.level("MUG"), bench.level("TEA")), ("9".into(), "9".into()));
    let kinds: Vec<(String, String)> = bench
        .books()
        .lines
        .into_iter()
        .filter(|line| line.reference == "X1")
        .map(|line| (line.kind, line.document))
        .collect();
    let expected = [("return", &answer["refund_ids"][0]), ("sale", &answer["order_id"])];
    assert_eq!(kinds, expected.map(|(kind, id)| (kind.to_owned(), text(id))));
}

#[test]
fn a_refund_without_a_sale_is_a_credit_without_lines_and_the_stock_is_edited() {
    let mut bench = Bench::stocked();
    let answer = bench.act(json!({
        "act": "return", "reference": "R1", "location": "High Street", "lines": lines(&[("MUG", "2", 650)]),
    }));
    let credit = bench.get(&format!("/credits/{}", text(&answer["credit_id"])));
    assert_eq!(credit["amount"], json!(1_300));
    assert!(credit.get("lineItems").is_none());
    let order = bench.get(&format!("/orders/{}?expand=lineItems,credits", text(&answer["order_id"])));
    assert_eq!((&order["paymentState"], &order["manualTransaction"]), (&json!("CREDITED"), &json!(true)));
    assert_eq!((&order["lineItems"]["elements"], &order["credits"]["elements"][0]), (&json!([]), &credit));
    assert_eq!(bench.level("MUG"), "12");
}
