//! Goods that come back, at the till and through the API.

use super::{Bench, text};
use crate::machine::Machine as _;
use serde_json::{Value, json};

fn back(reference: &str, of: Option<&str>, quantity: &str, restock: bool) -> Value {
    let line = json!({"sku": "MUG", "quantity": quantity, "unit_price_minor": 1_200});
    json!({"act": "return", "reference": reference, "of": of, "location": "Harbour", "lines": [line], "restock": restock})
}

#[test]
fn a_return_is_a_second_sale_that_names_the_first() {
    let mut bench = Bench::stocked("10");
    let sold = bench.sell("S1", &[("MUG", "3")]);
    bench.outbox.clear();
    let told = bench.act(back("R1", Some("S1"), "2", true));
    let sale = bench.sale(&told["sale_id"]);
    assert_eq!((&sale["state"], &sale["line_items"][0]["quantity"]), (&json!("closed"), &json!(-2)));
    assert_eq!((&sale["return"]["is_return"], &sale["return"]["original_sale_id"]), (&json!(true), &sold["sale_id"]));
    assert_eq!((&sale["totals"]["price_incl_tax"], &sale["payments"][0]["amount"]), (&json!(-24), &json!(-24)));
    assert_eq!(bench.sale(&sold["sale_id"])["return"]["return_sale_ids"], json!([told["sale_id"]]));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("7".into(), "12".into()));
    assert_eq!(bench.topics(), ["sale.update", "inventory.update", "sale.update"]);
    assert_eq!(super::payload(&bench.outbox[0])["return_for"], sold["sale_id"]);
    let line = &bench.lines("R1")[0];
    assert_eq!((line.kind.as_str(), line.quantity.as_str(), json!(line.document)), ("return", "2", sale["id"].clone()));
}

#[test]
fn no_more_comes_back_than_was_sold() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "3")]);
    bench.act(back("R1", Some("S1"), "2", true));
    assert!(bench.try_act(back("R2", Some("S1"), "2", true)).is_err());
    bench.act(back("R2", Some("S1"), "1", true));
    assert!(bench.try_act(back("R3", Some("S1"), "0.00001", true)).is_err());
    assert!(bench.try_act(json!({"act": "void", "reference": "S1"})).is_err());
    assert_eq!(bench.level("MUG", "Harbour"), "13");
}

#[test]
fn a_return_may_name_a_line_and_is_spread_over_lines_otherwise() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "1"), ("TEA", "1"), ("MUG", "2")]);
    let mut named = back("R1", Some("S1"), "2", true);
    named["lines"][0]["of_line"] = json!(0);
    assert!(bench.try_act(named.clone()).is_err());
    named["lines"][0]["of_line"] = json!(2);
    bench.act(named);
    let mut spread = back("R2", Some("S1"), "1", true);
    spread["lines"][0]["of_line"] = Value::Null;
    bench.act(spread);
    assert!(bench.try_act(back("R3", Some("S1"), "1", true)).is_err());
}

#[test]
fn an_unlinked_return_is_a_sale_below_zero_without_an_original() {
    let mut bench = Bench::stocked("10");
    let told = bench.act(back("R1", None, "1.5", true));
    let sale = bench.sale(&told["sale_id"]);
    assert_eq!((sale["return"].get("original_sale_id"), &sale["line_items"][0]["quantity"]), (None, &json!(-1.5)));
    assert_eq!(bench.level("MUG", "Harbour"), "11.5");
    assert_eq!(bench.lines("R1")[0].kind, "return");
}

#[test]
fn what_is_not_restocked_is_written_off_again() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "3")]);
    bench.outbox.clear();
    bench.act(back("R1", Some("S1"), "2", false));
    assert_eq!(bench.level("MUG", "Harbour"), "10");
    assert_eq!(bench.topics(), ["sale.update", "inventory.update", "sale.update", "inventory.update"]);
    let adjustment = bench.get("stock_adjustments")["data"][0].clone();
    assert_eq!((&adjustment["reason"], &adjustment["quantity"]), (&json!("DAMAGE"), &json!("-2")));
    let kinds: Vec<_> = bench.lines("R1").into_iter().map(|line| (line.kind, line.quantity)).collect();
    assert_eq!(kinds, [("return".into(), "2".into()), ("adjust".into(), "-2".into())]);
}

#[test]
fn an_exchange_is_one_sale_in_both_directions() {
    let mut bench = Bench::stocked("10");
    let sold = bench.sell("S1", &[("MUG", "1")]);
    bench.outbox.clear();
    let told = bench.act(json!({"act": "exchange", "reference": "X1", "of": "S1", "location": "High Street",
        "back": [{"sku": "MUG", "quantity": "1", "of_line": 0}],
        "out": [{"sku": "TEA", "quantity": "3", "unit_price_minor": 600}]}));
    let sale = bench.sale(&told["sale_id"]);
    let lines = sale["line_items"].as_array().expect("lines");
    assert_eq!((&lines[0]["quantity"], &lines[0]["return"]["is_return"]), (&json!(-1), &json!(true)));
    assert_eq!((&lines[1]["quantity"], &lines[1]["return"]["is_return"]), (&json!(3), &json!(false)));
    assert_eq!((&sale["totals"]["price_incl_tax"], &sale["return"]["original_sale_id"]), (&json!(6), &sold["sale_id"]));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("TEA", "High Street")), ("10".into(), "7".into()));
    let kinds: Vec<_> = bench.lines("X1").into_iter().map(|line| (line.kind, line.quantity)).collect();
    assert_eq!(kinds, [("return".into(), "1".into()), ("sale".into(), "3".into())]);
}

#[test]
fn a_return_begun_through_the_api_is_parked_until_it_is_closed() {
    let mut bench = Bench::stocked("10");
    let sold = bench.sell("S1", &[("MUG", "3"), ("TEA", "1")]);
    bench.act(back("R1", Some("S1"), "1", true));
    let path = format!("sales/{}/actions/return", text(&sold["sale_id"]));
    let parked = bench.ok("POST", &path, Value::Null)["data"].clone();
    let quantities: Vec<&Value> =
        parked["line_items"].as_array().expect("lines").iter().map(|line| &line["quantity"]).collect();
    assert_eq!((&parked["state"], quantities), (&json!("parked"), vec![&json!(-2), &json!(-1)]));
    assert_eq!(parked["return"]["original_sale_id"], sold["sale_id"]);
    assert_eq!(bench.level("MUG", "High Street"), "7");
    let refunds = |bench: &Bench| bench.shop.books().documents.iter().filter(|it| it.kind == "refund").count();
    // The one at the till; what is only begun gives nothing back.
    assert_eq!(refunds(&bench), 1);
    let cash = bench.get("payment_types")["data"][0]["id"].clone();
    let close = json!({"state": "closed", "source": {"author_id": parked["source"]["author"]["id"]},
        "payments": [{"amount": -30, "type": {"config_id": cash}}]});
    let closed = bench.ok("PUT", &format!("sales/{}", text(&parked["id"])), close)["data"].clone();
    assert_eq!((&closed["state"], &closed["line_items"][0]["return"]["is_return"]), (&json!("closed"), &json!(true)));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("TEA", "High Street")), ("9".into(), "10".into()));
    assert_eq!(refunds(&bench), 2);
    assert_eq!(bench.refused("POST", &path, Value::Null), 422);
    assert!(bench.try_act(back("R2", Some("S1"), "1", true)).is_err());
}
