//! Open sales, customers, transfers and purchase orders that R-Series is told to make.

use connectors::{Document, Effect, Run, Trouble};
use model::{Currency, Money, Person};
use serde_json::json;

use crate::desk::{account, body, reply};
use crate::papers::{
    REFERENCE, answer, call, composed, customer, documents, done, employees, ines, line, list, made, nothing, order,
    purchase, refused, registers, sent, step, transfer,
};

fn two() -> Document {
    order(vec![line("401", "2", None), line("405", "1", Some(1_250))], Some("55"))
}

#[test]
fn an_order_is_an_open_sale_at_the_first_register_of_its_shop() {
    let mut replies = vec![];
    let register = "GET Register.json?shopID=IN%2C%5B1%5D&sort=registerID&limit=100";
    assert_eq!(call(&sent(&two(), true, &replies)), register);
    replies.push(registers());
    assert_eq!(call(&sent(&two(), true, &replies)), "GET Employee.json?sort=employeeID&limit=100");
    replies.push(employees());
    let request = sent(&two(), true, &replies);
    assert_eq!((call(&request).as_str(), request.effect), ("POST Sale.json", Effect::Write));
    let expected = json!({"completed": "false", "shopID": "1", "registerID": "4", "employeeID": "3",
        "customerID": "55", "referenceNumber": REFERENCE, "referenceNumberSource": "Lockstep",
        "SaleLines": {"SaleLine": [
            {"itemID": "401", "unitQuantity": "2"},
            {"itemID": "405", "unitQuantity": "1", "unitPrice": "12.50"}]}});
    assert_eq!(body(&request), expected);
    replies.push(made("Sale", "saleID", "8200"));
    assert_eq!(done(&two(), true, &replies), "8200");
}

#[test]
fn a_run_begun_anew_looks_for_the_order_by_its_reference() {
    let look = sent(&two(), false, &[]);
    let by_reference = "GET Sale.json?referenceNumber=tills-doc-7&sort=saleID&archived=true&limit=100";
    assert_eq!((call(&look).as_str(), look.effect), (by_reference, Effect::Read));
    let found = list("Sale", &[json!({"saleID": "8200", "archived": "true"})]);
    assert_eq!(done(&two(), false, &[found]), "8200");
    let replies = [nothing(), registers(), employees()];
    assert_eq!(call(&sent(&two(), false, &replies)), "POST Sale.json");
}

#[test]
fn a_shop_without_a_register_and_an_account_without_an_employee_are_refused_in_words() {
    assert!(refused(&two(), true, &[nothing()]).contains("no register"));
    assert!(refused(&two(), true, &[registers(), nothing()]).contains("no employee"));
}

#[test]
fn a_customer_is_made_of_what_is_said_and_changed_by_it() {
    let request = sent(&customer(None, ines()), true, &[]);
    assert_eq!(call(&request), "POST Customer.json");
    let address = json!({"address1": "Rua 1, Braga", "address2": "", "city": "", "state": "", "zip": ""});
    let expected = json!({"firstName": "Inês", "Contact": {
        "Emails": {"ContactEmail": [{"address": "ines@example.net", "useType": "Primary"}]},
        "Phones": {"ContactPhone": [{"number": "+351900000000", "useType": "Mobile"}]},
        "Addresses": {"ContactAddress": [address]}}});
    assert_eq!(body(&request), expected);
    assert_eq!(done(&customer(None, ines()), true, &[made("Customer", "customerID", "91")]), "91");
    let renamed = Person { family_name: "Costa".into(), ..Person::default() };
    let request = sent(&customer(Some("55"), renamed.clone()), false, &[]);
    assert_eq!((call(&request).as_str(), body(&request)), ("PUT Customer/55.json", json!({"lastName": "Costa"})));
    assert_eq!(done(&customer(Some("55"), renamed), false, &[made("Customer", "customerID", "55")]), "55");
}

#[test]
fn a_run_begun_anew_takes_for_ours_a_record_made_since_that_says_all_that_ours_says() {
    let document = customer(None, ines());
    let since = "GET Customer.json?createTime=%3E%3D%2C2026-11-21T17%3A00%3A00%2B00%3A00&sort=customerID\
                 &load_relations=%5B%22Contact%22%5D&limit=100";
    assert_eq!(call(&sent(&document, false, &[])), since);
    let record = |id: &str, email: &str| {
        json!({"customerID": id, "firstName": "Inês", "lastName": "", "Contact": {
            "Emails": {"ContactEmail": {"address": email, "useType": "Primary"}},
            "Phones": {"ContactPhone": [{"number": "+351900000000", "useType": "Mobile"}]},
            "Addresses": {"ContactAddress": {"address1": "Rua 1, Braga"}}}})
    };
    let both = list("Customer", &[record("90", "other@example.net"), record("91", "ines@example.net")]);
    assert_eq!(done(&document, false, &[both]), "91");
    let other = list("Customer", &[record("90", "other@example.net")]);
    assert_eq!(call(&sent(&document, false, &[other])), "POST Customer.json");
}

#[test]
fn a_transfer_is_open_and_its_items_are_put_on_it() {
    let document = transfer(vec![line("401", "2", None), line("405", "1", None)]);
    let request = sent(&document, true, &[]);
    assert_eq!(call(&request), "POST Inventory/Transfer.json");
    let head = json!({"sendingShopID": "1", "receivingShopID": "2", "note": "by phone (tills-doc-7)"});
    assert_eq!(body(&request), head);
    let mut replies = vec![made("Transfer", "transferID", "31")];
    let request = sent(&document, true, &replies);
    assert_eq!(call(&request), "POST Inventory/Transfer/31/AddItems.json");
    let items = json!([{"itemID": "401", "toSend": "2"}, {"itemID": "405", "toSend": "1"}]);
    assert_eq!(body(&request), json!({ "TransferItems": items }));
    replies.push(made("TransferItem", "transferItemID", "1"));
    assert_eq!(done(&document, true, &replies), "31");
}

#[test]
fn a_transfer_that_an_earlier_run_made_gets_only_the_items_that_it_lacks() {
    let document = transfer(vec![line("401", "2", None), line("405", "1", None)]);
    let since = "GET Inventory/Transfer.json?timeStamp=%3E%3D%2C2026-11-21T17%3A00%3A00%2B00%3A00&sort=transferID\
                 &archived=true&limit=100";
    assert_eq!(call(&sent(&document, false, &[])), since);
    let other = json!({"transferID": "30", "note": "by phone (tills-doc-77)"});
    let ours = json!({"transferID": "31", "note": "by phone (tills-doc-7)"});
    let mut replies = vec![list("Transfer", &[other.clone(), ours])];
    assert!(
        call(&sent(&document, false, &replies)).starts_with("GET Inventory/Transfer.json?transferID=IN%2C%5B31%5D&")
    );
    let on_it = json!({"TransferItem": {"transferItemID": "9", "itemID": "401", "toSend": "2"}});
    replies.push(list("Transfer", &[json!({"transferID": "31", "TransferItems": on_it})]));
    let request = sent(&document, false, &replies);
    assert_eq!(body(&request), json!({"TransferItems": [{"itemID": "405", "toSend": "1"}]}));
    replies.push(made("TransferItem", "transferItemID", "10"));
    assert_eq!(done(&document, false, &replies), "31");
    assert_eq!(call(&sent(&document, false, &[list("Transfer", &[other])])), "POST Inventory/Transfer.json");
}

#[test]
fn a_purchase_order_is_made_for_a_supplier_found_by_name_and_then_line_by_line() {
    let document = purchase(vec![line("401", "12", Some(199)), line("405", "6", None)]);
    assert_eq!(call(&sent(&document, true, &[])), "GET Vendor.json?name=Potter%20%26%20Sons&sort=vendorID&limit=100");
    assert_eq!(refused(&document, true, &[nothing()]), "R-Series knows no supplier Potter & Sons");
    let gone = json!({"vendorID": "8", "name": "Potter & Sons", "archived": "true"});
    let mut replies = vec![list("Vendor", &[gone, json!({"vendorID": "9", "name": "potter & sons"})])];
    let request = sent(&document, true, &replies);
    let head = json!({"shopID": "1", "vendorID": "9", "refNum": REFERENCE, "stockInstructions": "by phone",
        "arrivalDate": "2026-12-01T08:00:00+00:00"});
    assert_eq!((call(&request).as_str(), body(&request)), ("POST Order.json", head));
    replies.push(made("Order", "orderID", "71"));
    let first = json!({"orderID": "71", "itemID": "401", "quantity": "12", "price": "1.99"});
    let request = sent(&document, true, &replies);
    assert_eq!((call(&request).as_str(), body(&request)), ("POST OrderLine.json", first));
    replies.push(made("OrderLine", "orderLineID", "1"));
    let mut short = replies.clone();
    short.push(reply(422, br#"{"message":"itemID 405 does not exist."}"#));
    let words = "purchase order 71 is there, but not all of it: HTTP 422: itemID 405 does not exist.";
    assert_eq!(refused(&document, true, &short), words);
    assert_eq!(body(&sent(&document, true, &replies)), json!({"orderID": "71", "itemID": "405", "quantity": "6"}));
    replies.push(made("OrderLine", "orderLineID", "2"));
    assert_eq!(done(&document, true, &replies), "71");
}

#[test]
fn a_purchase_order_that_an_earlier_run_made_gets_only_the_lines_that_it_lacks() {
    let document = purchase(vec![line("401", "12", None), line("405", "6", None)]);
    let look = "GET Order.json?refNum=tills-doc-7&sort=orderID&archived=true&limit=100";
    assert_eq!(call(&sent(&document, false, &[])), look);
    let mut replies = vec![list("Order", &[json!({"orderID": "71", "refNum": REFERENCE})])];
    let lines = "GET OrderLine.json?orderID=IN%2C%5B71%5D&sort=orderLineID&limit=100";
    assert_eq!(call(&sent(&document, false, &replies)), lines);
    replies.push(list("OrderLine", &[json!({"orderLineID": "1", "itemID": "401"})]));
    assert_eq!(body(&sent(&document, false, &replies))["itemID"], "405");
    let replies = [nothing()];
    assert!(call(&sent(&document, false, &replies)).starts_with("GET Vendor.json"));
}

fn unsendable(document: &Document) -> String {
    composed(document).expect_err("it cannot be said").to_string()
}

#[test]
fn what_cannot_be_said_is_refused_in_words_before_anything_is_sent() {
    let pounds = Money { minor: 1, currency: Currency::parse("GBP").expect("three letters") };
    let mut foreign = line("401", "1", None);
    foreign.each = Some(pounds);
    let cases = [
        (foreign, "the price is in another currency than the account's"),
        (line("MUG", "1", None), "its id is not a number of this platform's"),
        (line("401", "0", None), "the quantity is not a whole number above zero"),
        (line("401", "1.5", None), "the quantity is not a whole number above zero"),
    ];
    for (line, words) in cases {
        assert_eq!(unsendable(&order(vec![line.clone()], None)), format!("row 0: {words}"));
        assert_eq!(unsendable(&purchase(vec![line])), format!("row 0: {words}"));
    }
    let twice = || vec![line("401", "1", None), line("401", "2", None)];
    assert_eq!(unsendable(&transfer(twice())), "row 1: its item is on the transfer already");
    assert_eq!(unsendable(&purchase(twice())), "row 1: its item is on the order already");
    assert!(composed(&customer(None, Person::default())).is_err());
    assert!(composed(&customer(Some("C5"), ines())).is_err());
    let many = (1..=151).map(|id| line(&id.to_string(), "1", None)).collect();
    assert!(composed(&purchase(many)).is_err());
}

#[test]
fn a_journaled_body_that_is_of_no_document_is_refused() {
    for body in [&b"[1]"[..], b"{", b"\"text\""] {
        let made = documents().step(&two(), body, &account(), &Run { first: true, replies: &[] });
        assert!(matches!(made, Err(Trouble::Refused { .. })));
    }
}

#[test]
fn every_reply_that_is_no_answer_has_its_meaning() {
    let trouble = |reply| step(&customer(None, ines()), true, &[reply]).expect_err("it is no answer");
    assert!(matches!(trouble(reply(429, b"{}")), Trouble::Throttled { .. }));
    assert!(matches!(trouble(reply(401, b"{}")), Trouble::Denied { .. }));
    assert!(matches!(trouble(reply(403, b"{}")), Trouble::Denied { reason } if reason.contains("employee:customers")));
    assert!(matches!(trouble(reply(500, b"{}")), Trouble::Failed { .. }));
    let words = br#"{"httpCode":"422","message":"firstName or lastName is required."}"#;
    assert!(matches!(trouble(reply(422, words)), Trouble::Refused { reason } if reason.contains("is required")));
    assert!(matches!(trouble(answer(&json!({}))), Trouble::Garbled { .. }));
    let looked = step(&customer(None, ines()), false, &[reply(500, b"{}")]);
    assert!(matches!(looked, Err(Trouble::Failed { .. })), "nothing is made before it was looked for");
}
