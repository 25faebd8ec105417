//! Documents that programs make, and what the books show of them.

use super::{Bench, line, till_sale};
use crate::machine::{BookDocument, Machine};
use serde_json::json;

fn books(bench: &Bench, kind: &str) -> Vec<BookDocument> {
    bench.account.books().documents.into_iter().filter(|document| document.kind == kind).collect()
}

fn one(bench: &Bench, kind: &str) -> BookDocument {
    let mut found = books(bench, kind);
    assert_eq!(found.len(), 1, "{kind}");
    found.remove(0)
}

#[test]
fn an_open_sale_by_calls_is_an_order_of_which_nothing_has_left() {
    let mut bench = Bench::stocked("5");
    let body = json!({"employeeID": "1", "registerID": "2", "shopID": "2", "completed": "false",
        "referenceNumber": "hub-1", "SaleLines": {"SaleLine": [{"itemID": "1", "unitQuantity": "2"}]}});
    let made = bench.ok("POST", "Sale.json", body)["Sale"].clone();
    let order = one(&bench, "order");
    assert_eq!((&json!(order.document), order.reference.as_str()), (&made["saleID"], "hub-1"));
    assert_eq!((order.state.as_str(), order.location.as_str(), order.amount_minor), ("open", "Harbour", 1_400));
    assert_eq!(order.lines, [("MUG".to_owned(), "2".to_owned())]);
    assert_eq!(bench.level("MUG", "Harbour"), "5");
    let found = bench.get("Sale.json?referenceNumber=hub-1&sort=saleID&archived=true&limit=100");
    assert_eq!(found["Sale"]["saleID"], made["saleID"]);
}

#[test]
fn a_refund_by_calls_keeps_its_number_and_puts_its_goods_on_hand_where_it_is_made() {
    let mut bench = Bench::stocked("5");
    bench.act(till_sale("S1", &[line("MUG", "3")]));
    let refund = |amount: &str| {
        json!({"employeeID": "1", "registerID": "2", "shopID": "2", "completed": "true", "referenceNumber": "hub-2",
            "SaleLines": {"SaleLine": [{"parentSaleLineID": "1", "unitQuantity": "-1"}]},
            "SalePayments": {"SalePayment": [{"amount": amount, "paymentTypeID": "3"}]}})
    };
    let (status, words) = bench.refused("POST", "Sale/1/refund.json", refund("-8"));
    assert_eq!((status, words.contains("do not equal")), (422, true), "{words}");
    let made = bench.ok("POST", "Sale/1/refund.json", refund("-7"))["Sale"].clone();
    let back = one(&bench, "refund");
    assert_eq!((&json!(back.document), back.reference.as_str()), (&made["saleID"], "hub-2"));
    assert_eq!((back.amount_minor, back.location.as_str()), (700, "Harbour"));
    assert_eq!((bench.level("MUG", "Harbour"), bench.level("MUG", "High Street")), ("6".into(), "2".into()));
    let lines = bench.get("SaleLine.json?parentSaleLineID=IN%2C%5B1%5D&sort=saleLineID&limit=100");
    assert_eq!((&lines["SaleLine"]["saleID"], &lines["SaleLine"]["unitQuantity"]), (&made["saleID"], &json!("-1")));
}

#[test]
fn a_customer_by_calls_is_found_by_when_the_record_was_made() {
    let mut bench = Bench::stocked("5");
    let body = json!({"firstName": "Ann", "Contact": {"Emails": {"ContactEmail": [
        {"address": "ann@example.com", "useType": "Primary"}]}}});
    let made = bench.ok("POST", "Customer.json", body)["Customer"].clone();
    let known = one(&bench, "customer");
    assert_eq!((&json!(known.document), known.person.as_str()), (&made["customerID"], "Ann ann@example.com"));
    let since = |at: &str| format!("Customer.json?createTime=%3E%3D%2C{at}&sort=customerID&limit=100");
    assert_eq!(bench.get(&since("2026-01-01T00%3A00%3A00%2B00%3A00"))["Customer"]["customerID"], made["customerID"]);
    assert!(bench.get(&since("2030-01-01T00%3A00%3A00%2B00%3A00"))["Customer"].is_null());
}

#[test]
fn a_transfer_and_a_purchase_order_by_calls_wait_for_people() {
    let mut bench = Bench::stocked("5");
    let body = json!({"sendingShopID": "1", "receivingShopID": "2", "note": "for the fair"});
    bench.ok("POST", "Inventory/Transfer.json", body);
    let items = json!({"TransferItems": [{"itemID": "1", "toSend": "2"}]});
    bench.ok("POST", "Inventory/Transfer/1/AddItems.json", items);
    let transfer = one(&bench, "transfer");
    assert_eq!((transfer.state.as_str(), transfer.reference.as_str()), ("open", "for the fair"));
    assert_eq!((transfer.location.as_str(), transfer.lines.len()), ("Harbour", 1));
    bench.ok("POST", "Vendor.json", json!({"name": "Potter & Sons"}));
    assert_eq!(bench.get("Vendor.json?name=Potter%20%26%20Sons&sort=vendorID")["Vendor"]["vendorID"], "1");
    bench.ok("POST", "Order.json", json!({"shopID": "2", "vendorID": "1", "refNum": "hub-3"}));
    bench.ok("POST", "OrderLine.json", json!({"orderID": "1", "itemID": "1", "quantity": "12", "price": "1.99"}));
    let order = one(&bench, "purchase");
    assert_eq!((order.reference.as_str(), order.state.as_str()), ("hub-3", "open"));
    assert_eq!(order.lines, [("MUG".to_owned(), "12".to_owned())]);
    assert_eq!(bench.get("Order.json?refNum=hub-3&sort=orderID&archived=true&limit=100")["Order"]["orderID"], "1");
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("5".into(), "5".into()));
}
