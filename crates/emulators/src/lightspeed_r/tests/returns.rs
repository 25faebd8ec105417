//! Refunds and exchanges, at the tills and by calls.

use super::{Bench, line, members, till_sale};
use serde_json::{Value, json};

fn give_back(reference: &str, of: Option<&str>, lines: &[Value]) -> Value {
    json!({"act": "return", "reference": reference, "of": of, "location": "Harbour", "lines": lines})
}

fn refund(lines: Value) -> Value {
    json!({"employeeID": 1, "registerID": 2, "shopID": 2, "SaleLines": lines,
        "SalePayments": {"SalePayment": {"paymentTypeID": 1}}})
}

fn sold() -> Bench {
    let mut bench = Bench::stocked("5");
    bench.act(till_sale("S1", &[line("MUG", "2"), line("TEA", "3")]));
    bench
}

#[test]
fn a_refund_names_the_line_that_comes_back() {
    let mut bench = sold();
    bench.act(give_back("R1", Some("S1"), &[line("TEA", "2")]));
    let shown = bench.get("Sale/2.json?load_relations=%5B%22SaleLines%22%2C%22SalePayments%22%5D")["Sale"].clone();
    let back = &shown["SaleLines"]["SaleLine"];
    assert_eq!(
        [&back["unitQuantity"], &back["parentSaleLineID"], &back["unitPrice"]],
        [&json!("-2"), &json!("2"), &json!("7")]
    );
    assert_eq!([&shown["total"], &shown["SalePayments"]["SalePayment"]["amount"]], [&json!("-14"), &json!("-14")]);
    assert_eq!((bench.level("TEA", "Harbour"), bench.level("TEA", "High Street")), ("7".into(), "2".into()));
    let told = &bench.book_lines("R1")[0];
    assert_eq!([&told.kind, &told.document, &told.line, &told.quantity], ["return", "2", "3", "2"]);
    let log = bench.get("InventoryLog.json?sort=-inventoryLogID&limit=1")["InventoryLog"].clone();
    assert_eq!(
        [&log["reason"], &log["saleID"], &log["qohChange"]],
        [&json!("RefundAddInventory"), &json!("2"), &json!("2")]
    );
}

#[test]
fn no_more_comes_back_than_was_sold() {
    let mut bench = sold();
    bench.act(give_back("R1", Some("S1"), &[line("TEA", "2")]));
    assert!(bench.try_act(give_back("R2", Some("S1"), &[line("TEA", "2")])).is_err());
    let mut first = line("TEA", "1");
    first["of_line"] = json!(1);
    bench.act(give_back("R3", Some("S1"), &[first.clone()]));
    assert!(bench.try_act(give_back("R4", Some("S1"), &[first])).is_err());
    assert!(bench.try_act(json!({"act": "void", "reference": "S1"})).is_err());
    bench.act(json!({"act": "void", "reference": "R3"}));
    bench.act(give_back("R5", Some("S1"), &[line("TEA", "1")]));
    assert_eq!(bench.level("TEA", "Harbour"), "8");
    assert_eq!(bench.account.unbalanced(), Vec::new());
}

#[test]
fn what_is_no_longer_sold_can_still_come_back() {
    let mut bench = sold();
    bench.act(json!({"act": "delete_item", "sku": "TEA"}));
    bench.act(give_back("R1", Some("S1"), &[line("TEA", "1")]));
    assert_eq!(bench.get("Sale/2/SaleLine.json")["SaleLine"]["parentSaleLineID"], "2");
    assert!(bench.try_act(till_sale("S2", &[line("TEA", "1")])).is_err());
    assert!(bench.try_act(give_back("R2", Some("S1"), &[])).is_err());
    assert_eq!(bench.refused("GET", "Sale/2/SaleLine/1.json", Value::Null).0, 404);
}

#[test]
fn a_return_that_is_tied_to_nothing_has_no_parent() {
    let mut bench = sold();
    bench.act(give_back("R1", None, &[line("MUG", "1")]));
    let lines = bench.get("Sale/2/SaleLine.json")["SaleLine"].clone();
    assert_eq!([&lines["unitQuantity"], &lines["parentSaleLineID"]], [&json!("-1"), &json!("0")]);
    assert_eq!(bench.level("MUG", "Harbour"), "6");
}

#[test]
fn what_is_not_fit_for_the_shelf_comes_back_and_is_written_off() {
    let mut bench = sold();
    let mut act = give_back("R1", Some("S1"), &[line("MUG", "1")]);
    act["restock"] = json!(false);
    bench.act(act);
    assert_eq!(bench.level("MUG", "Harbour"), "5");
    let log = bench.get("InventoryLog.json?itemID=1&shopID=2&sort=-inventoryLogID&limit=2")["InventoryLog"].clone();
    assert_eq!(members(&log, "qohChange"), ["-1", "1"]);
    assert_eq!(members(&log, "saleID"), ["0", "2"]);
    assert_eq!(bench.book_lines("R1 write-off")[0].quantity, "-1");
}

#[test]
fn an_exchange_is_one_sale_with_both() {
    let mut bench = sold();
    let act = json!({"act": "exchange", "reference": "X1", "of": "S1", "location": "High Street",
        "back": [line("MUG", "2")], "out": [line("TEA", "1")]});
    bench.act(act);
    let shown = bench.get("Sale/2.json?load_relations=%5B%22SaleLines%22%5D")["Sale"].clone();
    assert_eq!(members(&shown["SaleLines"]["SaleLine"], "unitQuantity"), ["-2", "1"]);
    assert_eq!(shown["total"], "-7");
    assert_eq!((bench.level("MUG", "High Street"), bench.level("TEA", "High Street")), ("5".into(), "1".into()));
    let kinds: Vec<String> = bench.book_lines("X1").into_iter().map(|line| line.kind).collect();
    assert_eq!(kinds, ["return", "sale"]);
}

#[test]
fn a_refund_call_takes_the_whole_sale_back_by_its_ticket() {
    let mut bench = sold();
    let made = bench.ok("POST", "Sale/220000000001/refund.json", refund(Value::Null))["Sale"].clone();
    assert_eq!([&made["saleID"], &made["completed"], &made["total"]], [&json!("2"), &json!("true"), &json!("-35")]);
    assert_eq!(members(&made["SaleLines"]["SaleLine"], "parentSaleLineID"), ["1", "2"]);
    assert_eq!((bench.level("MUG", "Harbour"), bench.level("TEA", "Harbour")), ("7".into(), "8".into()));
    assert_eq!(bench.refused("POST", "Sale/1/refund.json", refund(Value::Null)).0, 422);
}

#[test]
fn a_refund_call_may_name_lines_and_wait_to_be_finished() {
    let mut bench = sold();
    let mut body = refund(json!({"SaleLine": {"parentSaleLineID": 2, "unitQuantity": -2}}));
    body["completed"] = json!(false);
    let made = bench.ok("POST", "Sale/1/refund.json", body)["Sale"].clone();
    assert_eq!([&made["completed"], &made["total"]], [&json!("false"), &json!("-14")]);
    assert_eq!(bench.level("TEA", "Harbour"), "5");
    bench.ok("PUT", "Sale/2.json", json!({"completed": true}));
    assert_eq!(bench.level("TEA", "Harbour"), "7");
    for lines in [
        json!({"SaleLine": {"parentSaleLineID": 2, "unitQuantity": -2}}),
        json!({"SaleLine": {"parentSaleLineID": 1, "unitQuantity": 1}}),
        json!({"SaleLine": {"parentSaleLineID": 9, "unitQuantity": -1}}),
    ] {
        assert_eq!(bench.refused("POST", "Sale/1/refund.json", refund(lines.clone())).0, 422, "{lines}");
    }
    let mut unpaid = refund(Value::Null);
    unpaid["SalePayments"] = Value::Null;
    assert_eq!(bench.refused("POST", "Sale/1/refund.json", unpaid).0, 422);
    assert_eq!(bench.refused("POST", "Sale/77/refund.json", refund(Value::Null)).0, 404);
}
