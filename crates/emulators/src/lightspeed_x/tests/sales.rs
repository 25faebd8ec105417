//! Till sales, and sales through the API.

use super::{Bench, text, till_sale};
use crate::machine::Machine;
use serde_json::{Value, json};

#[test]
fn a_till_sale_is_closed_and_its_goods_have_left() {
    let mut bench = Bench::stocked("10");
    let told = bench.sell("S1", &[("MUG", "2"), ("TEA", "0.5"), ("WRAP", "1")]);
    let sale = bench.sale(&told["sale_id"]);
    assert_eq!(
        (&sale["state"], &sale["source"]["type"], &sale["source"]["id"]),
        (&json!("closed"), &json!("USER"), &json!("S1"))
    );
    // 12.00 with 20 % is 10.00 + 2.00; 6.00 is 5.00 + 1.00.
    assert_eq!(sale["line_items"][0]["pricing"]["price"], 10);
    assert_eq!(sale["line_items"][0]["tax"]["amount"], 2);
    assert_eq!(
        (&sale["line_items"][1]["quantity"], &sale["line_items"][1]["pricing"]["total"]),
        (&json!(0.5), &json!(2.5))
    );
    assert_eq!((&sale["totals"]["price"], &sale["totals"]["tax"]), (&json!(27.5), &json!(5.5)));
    assert_eq!((&sale["totals"]["price_incl_tax"], &sale["payments"][0]["amount"]), (&json!(33), &json!(33)));
    assert_eq!(sale["invoice_number"], "1-1");
    assert_eq!((bench.level("MUG", "High Street"), bench.level("TEA", "High Street")), ("8".into(), "9.5".into()));
    assert_eq!(bench.topics(), ["sale.update", "inventory.update", "inventory.update"]);
    let next = bench.sell("S2", &[("MUG", "1")]);
    assert_eq!(next["invoice_number"], "1-2");
}

#[test]
fn book_lines_carry_the_ids_that_the_api_shows() {
    let mut bench = Bench::stocked("10");
    let told = bench.sell("S1", &[("MUG", "2"), ("MUG", "1")]);
    let sale = bench.sale(&told["sale_id"]);
    let lines = bench.lines("S1");
    assert_eq!(lines.len(), 2);
    for (line, shown) in lines.iter().zip(sale["line_items"].as_array().expect("lines")) {
        assert_eq!((json!(line.document), json!(line.line)), (sale["id"].clone(), shown["id"].clone()));
        assert_eq!((line.kind.as_str(), line.sku.as_str(), line.location.as_str()), ("sale", "MUG", "High Street"));
    }
    assert_eq!(bench.topics(), ["sale.update", "inventory.update"]);
}

#[test]
fn a_till_sells_what_is_not_there() {
    let mut bench = Bench::stocked("1");
    bench.sell("S1", &[("MUG", "3")]);
    assert_eq!(bench.shown("MUG", "High Street"), -2);
}

#[test]
fn an_offline_sale_has_an_old_date_and_a_new_version() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "1")]);
    let mut late = till_sale("S2", &[("MUG", "1")]);
    late["offline_ms"] = json!(3_600_000);
    bench.act(late);
    let page = bench.get("sales");
    let (first, second) = (&page["data"][0], &page["data"][1]);
    assert_eq!(
        (&second["date"], &second["created_at"]),
        (&json!("2026-11-23T08:15:01+00:00"), &json!("2026-11-23T09:15:01+00:00"))
    );
    assert!(first["_metadata"]["version"].as_u64() < second["_metadata"]["version"].as_u64());
    assert_eq!(bench.lines("S2")[0].at, bench.now - 3_600_000);
}

#[test]
fn a_customer_who_buys_is_entered_and_credited() {
    let mut bench = Bench::stocked("10");
    let mut act = till_sale("S1", &[("MUG", "1")]);
    act["customer"] = json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com"});
    let told = bench.act(act);
    assert_eq!(bench.topics(), ["customer.update", "sale.update", "inventory.update", "customer.update"]);
    assert_eq!(bench.last("customer.update")["year_to_date"], "12.00");
    let customer = bench.get("customers?code=C1")["data"][0].clone();
    assert_eq!(
        (&customer["year_to_date"], &bench.sale(&told["sale_id"])["customer_id"]),
        (&json!(12), &customer["id"])
    );
}

#[test]
fn a_document_is_rung_up_whole_or_not_at_all() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "1")]);
    bench.outbox.clear();
    for act in [
        till_sale("S1", &[("MUG", "1")]),
        till_sale("S2", &[]),
        till_sale("S2", &[("MUG", "1"), ("CUP", "1")]),
        till_sale("S2", &[("MUG", "0")]),
        till_sale("S2", &[("MUG", "-1")]),
        till_sale("S2", &[("MUG", "0.000001")]),
    ] {
        assert!(bench.try_act(act.clone()).is_err(), "{act}");
    }
    assert!(bench.outbox.is_empty());
    assert_eq!(bench.level("MUG", "High Street"), "9");
}

#[test]
fn a_voided_sale_puts_its_goods_back() {
    let mut bench = Bench::stocked("10");
    let told = bench.sell("S1", &[("MUG", "2")]);
    bench.outbox.clear();
    bench.act(json!({"act": "void", "reference": "S1"}));
    assert_eq!(bench.sale(&told["sale_id"])["state"], "voided");
    assert_eq!(bench.level("MUG", "High Street"), "10");
    assert_eq!(bench.topics(), ["sale.update", "inventory.update"]);
    assert_eq!(bench.last("sale.update")["status"], "VOIDED");
    let stands: Vec<_> = bench.lines("S1").into_iter().map(|line| (line.kind, line.quantity)).collect();
    assert_eq!(stands, [("sale".into(), "0".into()), ("cancel".into(), "2".into())]);
    assert!(bench.try_act(json!({"act": "void", "reference": "S1"})).is_err());
}

#[test]
fn sending_a_sale_twice_under_its_own_id_makes_one() {
    let mut bench = Bench::stocked("10");
    let mut body = bench.sale_body("closed", 2.0);
    body["id"] = json!("8b3f1f2e-7c51-11ef-e0f6-5a3d7c9d1e10");
    let (status, first) = bench.call("POST", "sales", body.clone());
    assert_eq!((status, &first["data"]["source"]["id"]), (200, &json!("hub-1")));
    let second = bench.ok("POST", "sales", body.clone());
    assert_eq!(second["data"]["id"], "8b3f1f2e-7c51-11ef-e0f6-5a3d7c9d1e10");
    assert_eq!(bench.level("MUG", "High Street"), "8");
    assert_eq!(bench.get("sales")["data"].as_array().map(Vec::len), Some(1));
    body["line_items"][0]["quantity"] = json!(5);
    bench.ok("POST", "sales", body);
    assert_eq!(bench.level("MUG", "High Street"), "5");
    assert!(bench.shop.books().lines.iter().all(|line| line.kind == "count"));
}

#[test]
fn a_parked_sale_moves_nothing_until_it_is_closed() {
    let mut bench = Bench::stocked("10");
    let body = bench.sale_body("parked", 2.0);
    let made = bench.ok("POST", "sales", body)["data"].clone();
    assert_eq!(bench.level("MUG", "High Street"), "10");
    let close = json!({"state": "closed", "source": {"author_id": made["source"]["author"]["id"]}});
    let path = format!("sales/{}", text(&made["id"]));
    let closed = bench.ok("PUT", &path, close.clone())["data"].clone();
    assert_eq!((&closed["state"], &closed["line_items"][0]["id"]), (&json!("closed"), &made["line_items"][0]["id"]));
    assert_eq!(bench.level("MUG", "High Street"), "8");
    let mut again = close;
    again["state"] = json!("parked");
    assert_eq!(bench.refused("PUT", &path, again.clone()), 422);
    again["state"] = json!("voided");
    bench.ok("PUT", &path, again);
    assert_eq!(bench.level("MUG", "High Street"), "10");
}

#[test]
fn a_sale_that_breaks_a_rule_is_refused_and_changes_nothing() {
    let mut bench = Bench::stocked("10");
    let good = bench.sale_body("closed", 1.0);
    let unknown = json!("8b3f1f2e-7c51-11ef-e0f6-5a3d7c9d1e10");
    let changes: [(&str, Value); 8] = [
        ("/state", json!("open")),
        ("/source/author_id", unknown.clone()),
        ("/source/register_id", unknown.clone()),
        ("/line_items/0/product/id", unknown.clone()),
        ("/line_items/0/tax/id", unknown.clone()),
        ("/line_items/0/quantity", json!(0)),
        ("/line_items/0/pricing", json!({})),
        ("/payments/0/type/config_id", unknown),
    ];
    for (place, value) in changes {
        let mut bad = good.clone();
        *bad.pointer_mut(place).expect("a field") = value;
        assert_eq!(bench.refused("POST", "sales", bad), 422, "{place}");
    }
    assert_eq!(bench.level("MUG", "High Street"), "10");
    assert_eq!(bench.get("sales")["data"], json!([]));
}
