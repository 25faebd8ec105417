//! Sales at the tills and by calls.

use super::{Bench, line, members, till_sale};
use crate::lightspeed_r::{Amount, Settings};
use serde_json::{Value, json};
use std::time::Instant;

const WITH_ALL: &str =
    "load_relations=%5B%22SaleLines%22%2C%22SalePayments%22%2C%22Customer%22%2C%22Customer.Contact%22%5D";

fn posted(amount: &str, completed: bool) -> Value {
    json!({
        "employeeID": 1, "registerID": "1", "shopID": "1", "completed": completed,
        "referenceNumber": "hub-7", "referenceNumberSource": "hub",
        "SaleLines": {"SaleLine": [{"itemID": 1, "unitQuantity": 2, "unitPrice": "17.60"}, {"itemID": "3", "unitQuantity": "1"}]},
        "SalePayments": {"SalePayment": {"amount": amount, "paymentTypeID": 1}},
    })
}

#[test]
fn a_till_sale_is_completed_balanced_and_out_of_stock() {
    let mut bench = Bench::stocked("5");
    let mut sale = till_sale("S1", &[line("MUG", "2"), line("TEA", "1"), line("WRAP", "1")]);
    sale["customer"] =
        json!({"reference": "C1", "given_name": "Ana", "family_name": "Reis", "email": "ana@example.com"});
    let receipt = bench.act(sale);
    let shown = bench.get(&format!("Sale/1.json?{WITH_ALL}"))["Sale"].clone();
    for (name, value) in [
        ("completed", "true"),
        ("voided", "false"),
        ("total", "28"),
        ("calcPayments", "28"),
        ("balance", "0"),
        ("referenceNumber", "S1"),
        ("ticketNumber", "220000000001"),
        ("shopID", "1"),
        ("registerID", "1"),
        ("completeTime", "2026-11-23T09:15:00+00:00"),
        ("isTaxInclusive", "true"),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
    assert_eq!(members(&shown["SaleLines"]["SaleLine"], "unitQuantity"), ["2", "1", "1"]);
    assert_eq!(json!(members(&shown["SaleLines"]["SaleLine"], "saleLineID")), receipt["sale_line_ids"]);
    assert_eq!(shown["SalePayments"]["SalePayment"]["amount"], "28");
    assert_eq!(shown["Customer"]["firstName"], "Ana");
    assert_eq!(shown["Customer"]["Contact"]["Emails"]["ContactEmail"]["address"], "ana@example.com");
    assert_eq!((bench.level("MUG", "High Street"), bench.level("TEA", "High Street")), ("3".into(), "4".into()));
    let told: Vec<String> = bench
        .book_lines("S1")
        .into_iter()
        .map(|line| format!("{} {}/{} {} {}", line.kind, line.document, line.line, line.sku, line.quantity))
        .collect();
    assert_eq!(told, ["sale 1/1 MUG 2", "sale 1/2 TEA 1", "sale 1/3 WRAP 1"]);
}

#[test]
fn an_offline_sale_is_old_by_the_till_and_new_by_the_platform() {
    let mut bench = Bench::stocked("5");
    let mut sale = till_sale("S1", &[line("MUG", "2")]);
    sale["offline_ms"] = json!(3_600_000);
    bench.act(sale);
    let shown = bench.get("Sale/1.json")["Sale"].clone();
    assert_eq!(
        (&shown["completeTime"], &shown["createTime"]),
        (&json!("2026-11-23T08:15:00+00:00"), &json!("2026-11-23T08:15:00+00:00"))
    );
    assert_eq!(
        (&shown["timeStamp"], &shown["updateTime"]),
        (&json!("2026-11-23T09:15:00+00:00"), &json!("2026-11-23T09:15:00+00:00"))
    );
}

#[test]
fn a_posted_sale_must_balance() {
    let mut bench = Bench::stocked("5");
    let (status, message) = bench.refused("POST", "Sale.json", posted("37", true));
    assert_eq!((status, message.contains("37.2")), (422, true), "{message}");
    assert_eq!(
        (bench.get("Sale.json?count=1")["@attributes"]["count"].clone(), bench.level("MUG", "High Street")),
        (json!("0"), "5".into())
    );
    let made = bench.ok("POST", "Sale.json", posted("37.2", true))["Sale"].clone();
    assert_eq!((&made["completed"], &made["balance"]), (&json!("true"), &json!("0")));
    assert_eq!(bench.level("MUG", "High Street"), "3");
    let found = bench.get("Sale.json?referenceNumber=hub-7&referenceNumberSource=hub");
    assert_eq!(found["Sale"]["saleID"], made["saleID"]);
    assert_eq!(bench.account.unbalanced(), Vec::new());
}

#[test]
fn tax_on_top_of_prices_is_part_of_what_must_be_paid() {
    let rate = Amount::parse("0.19").expect("a rate");
    let settings = Settings { tax_inclusive: false, tax1_rate: rate, rate_scale: 100, ..Settings::example() };
    let mut bench = Bench::furnished(settings);
    let mut body = posted("41.9", true);
    body["SaleLines"] = json!({"SaleLine": {"itemID": 1, "unitQuantity": 2, "unitPrice": "17.605"}});
    let made = bench.ok("POST", "Sale.json", body)["Sale"].clone();
    for (name, value) in [
        ("calcSubtotal", "35.21"),
        ("calcTax1", "6.69"),
        ("total", "41.9"),
        ("tax1Rate", "0.19"),
        ("calcTaxable", "35.21"),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
}

#[test]
fn an_open_sale_takes_lines_until_it_is_finished_and_keeps_them_then() {
    let mut bench = Bench::stocked("5");
    let mut body = posted("1", false);
    body["SalePayments"] = Value::Null;
    let id = bench.ok("POST", "Sale.json", body)["Sale"]["saleID"].as_str().expect("an id").to_owned();
    assert_eq!(bench.level("MUG", "High Street"), "5");
    let path = format!("Sale/{id}.json");
    bench.ok("POST", "SaleLine.json", json!({"saleID": id, "itemID": 2, "unitQuantity": 1, "unitPrice": "2.80"}));
    bench.ok("PUT", "SaleLine/1.json", json!({"unitQuantity": 1}));
    bench.ok("DELETE", "SaleLine/2.json", json!({}));
    let finish = |amount: &str| json!({"completed": true, "SalePayments": {"SalePayment": [{"amount": amount, "paymentTypeID": 3}]}});
    assert_eq!(bench.refused("PUT", &path, finish("20")).0, 422);
    let done = bench.ok("PUT", &path, finish("20.4"))["Sale"].clone();
    assert_eq!((&done["completed"], &done["total"]), (&json!("true"), &json!("20.4")));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("TEA", "High Street")), ("4".into(), "4".into()));
    for (method, path, body) in [
        ("PUT", path.as_str(), json!({"SaleLines": {"SaleLine": {"itemID": 1}}})),
        ("PUT", &path, json!({"completed": false})),
        ("DELETE", &path, json!({})),
        ("DELETE", "SaleLine/1.json", json!({})),
        ("PUT", &path, json!({"voided": true})),
    ] {
        assert_eq!(bench.refused(method, path, body).0, 422, "{method} {path}");
    }
    assert_eq!(bench.ok("PUT", &path, json!({"referenceNumber": "hub-8"}))["Sale"]["referenceNumber"], "hub-8");
    assert_eq!(bench.get("Sale.json?referenceNumber=hub-7")["Sale"], Value::Null);
}

#[test]
fn units_that_are_laid_away_are_on_hand_and_not_to_be_sold() {
    let mut bench = Bench::stocked("5");
    let body = json!({"employeeID": 1, "registerID": 1, "shopID": 1});
    bench.ok("POST", "Sale.json", body);
    bench.ok("POST", "Sale/1/SaleLine.json", json!({"itemID": 1, "unitQuantity": 3, "isLayaway": true}));
    let row = bench.item_shop("MUG", "1");
    assert_eq!([&row["qoh"], &row["sellable"], &row["onLayaway"]], [&json!("5"), &json!("2"), &json!("3")]);
    bench.ok("DELETE", "Sale/1.json", json!({}));
    assert_eq!(bench.item_shop("MUG", "0")["onLayaway"], "0");
}

#[test]
fn a_wrong_sale_is_refused_whole() {
    let mut bench = Bench::stocked("5");
    let good = posted("37.2", true);
    for (member, value) in [
        ("employeeID", json!(9)),
        ("shopID", Value::Null),
        ("customerID", json!(5)),
        ("completeTime", json!("2027-01-01T00:00:00+00:00")),
        ("SaleLines", json!({"SaleLine": {"itemID": 77}})),
        ("SaleLines", json!({"SaleLine": {"itemID": 1, "unitQuantity": "0.5"}})),
        ("SaleLines", json!({"SaleLine": {"itemID": 1, "unitQuantity": 0}})),
        ("SalePayments", json!({"SalePayment": {"amount": "37.2", "paymentTypeID": 9}})),
        ("voided", json!(true)),
    ] {
        let mut body = good.clone();
        body[member] = value;
        assert_eq!(bench.refused("POST", "Sale.json", body).0, 422, "{member}");
    }
    assert_eq!(bench.get("SaleLine.json")["SaleLine"], Value::Null);
}

#[test]
fn a_voided_sale_counts_no_more_and_its_goods_are_back() {
    let mut bench = Bench::stocked("5");
    bench.sell("S1", "MUG", "2");
    bench.now += 5_000;
    bench.act(json!({"act": "void", "reference": "S1"}));
    let shown = bench.get("Sale/1.json")["Sale"].clone();
    assert_eq!(
        [&shown["voided"], &shown["completed"], &shown["timeStamp"]],
        [&json!("true"), &json!("true"), &json!("2026-11-23T09:15:05+00:00")]
    );
    assert_eq!(bench.get("SaleVoid.json")["SaleVoid"]["saleID"], "1");
    assert_eq!(
        (bench.level("MUG", "High Street"), bench.book_lines("S1")[0].quantity.clone()),
        ("5".into(), "0".into())
    );
    assert!(bench.try_act(json!({"act": "void", "reference": "S1"})).is_err());
    let refund =
        json!({"employeeID": 1, "registerID": 1, "shopID": 1, "SalePayments": {"SalePayment": {"paymentTypeID": 1}}});
    assert_eq!(bench.refused("POST", "Sale/1/refund.json", refund).0, 422);
}

#[test]
fn acts_that_the_platform_has_not_say_so() {
    let mut bench = Bench::stocked("5");
    bench.sell("S1", "MUG", "1");
    for act in [
        json!({"act": "web_order", "reference": "W1", "lines": [line("MUG", "1")]}),
        json!({"act": "fulfil", "reference": "S1"}),
        json!({"act": "cancel", "reference": "S1"}),
        json!({"act": "edit", "reference": "S1", "line": 0, "quantity": "2"}),
        json!({"act": "merge_customers", "into": "C1", "from": "C2"}),
    ] {
        assert!(bench.try_act(act.clone()).expect_err("no such thing").starts_with("Retail R-Series"), "{act}");
    }
    assert!(bench.try_act(till_sale("S1", &[line("MUG", "1")])).expect_err("a new name").contains("already"));
    assert!(bench.try_act(till_sale("S2", &[])).is_err());
    assert!(bench.try_act(till_sale("S2", &[line("NOPE", "1")])).is_err());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "what it costs is measured, not decided, here")]
fn many_sales_stay_quick() {
    let mut bench = Bench::stocked("5");
    let lines: Vec<Value> = (0..20).map(|_| line("MUG", "1")).collect();
    let begun = Instant::now();
    for number in 0..500 {
        bench.now += 50;
        bench.act(till_sale(&format!("S{number}"), &lines));
    }
    let each = begun.elapsed() / 500;
    println!("a sale of twenty lines, with reading the act: {each:?}");
    let begun = Instant::now();
    for _ in 0..50 {
        bench.get("Sale.json?sort=timeStamp&limit=1&timeStamp=%3E%3D%2C2026-11-23T09%3A15%3A20%2B00%3A00");
    }
    println!("a poll of one among five hundred: {:?}", begun.elapsed() / 50);
    assert_eq!(bench.level("MUG", "High Street"), (5 - 500 * 20).to_string());
}
