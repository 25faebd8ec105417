//! Every request Clover's dictionary can make, and every fixture its tests are fed with, against the vendor's reference.
//!
//! Runs when `LOCKSTEP_REFERENCE` names the folder of the vendors' files and `python3` can read YAML; otherwise it says
//! that it did not. The file was made from the vendor's pages and lacks `item_stocks`, merchants, OAuth and the paging
//! parameters of some lists; those are added here from the vendor's prose, each with its page.

#[path = "clover/desk.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the tests' language")]
mod desk;
#[path = "clover/papers.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the documents' language")]
mod papers;
#[path = "clover/reference.rs"]
mod reference;

use connectors::{Batch, ListingRow, Question, Reply, Request, Step};
use desk::{account, batch, clover, fixture, item, reply, shop, step};
use model::{Barcode, CustomerKey, DocumentKey, Instant, Listing, Money, Title, WriteMode};
use reference::{Contract, listed};
use serde_json::{Value, json};

/// Every question in all its shapes.
fn questions() -> Vec<Question> {
    let since = Instant(1_795_000_000_000);
    vec![
        Question::Locations { cursor: None },
        Question::Access,
        Question::Catalogue { since: None, cursor: None },
        Question::Catalogue { since: Some(since), cursor: Some("950".to_owned()) },
        Question::Levels { cursor: None },
        Question::Levels { cursor: Some("950:I1,I2".to_owned()) },
        Question::LevelsOf { rows: vec![(item("ITILEBLUE0001"), shop())] },
        Question::Orders { since, cursor: None },
        Question::Orders { since, cursor: Some("1795000000000:100".to_owned()) },
        Question::OrdersOf { documents: vec![DocumentKey::new("OSALE00000001")] },
        Question::OrdersOf { documents: vec![DocumentKey::new("payment:PCASH00000001")] },
        Question::Customers { since: None, cursor: None },
        Question::Customers { since: Some(since), cursor: Some("950".to_owned()) },
        Question::CustomersOf { customers: vec![CustomerKey::new("CAMALIA000001")] },
    ]
}

/// Every request of a run that is answered with these.
fn run(batch: &Batch, first: bool, replies: &[Reply]) -> Vec<Request> {
    let mut made = Vec::new();
    for number in 0..=replies.len() {
        match step(batch, first, &replies[..number]).expect("nothing is in trouble") {
            Step::Send(request) => made.push(*request),
            Step::Settled(_) => break,
        }
    }
    made
}

#[test]
fn every_question_is_a_request_that_clover_documents() {
    let Some(contract) = Contract::load() else { return };
    for question in questions() {
        contract.accept(&clover().ask(&question, &account()).expect("it can be asked"));
    }
}

#[test]
fn every_request_of_a_write_is_one_that_clover_documents() {
    let Some(contract) = Contract::load() else { return };
    let none = || reply(200, b"{\"elements\":[]}");
    let (shown, stock) = (|| reply(200, &fixture("item")), || reply(200, &fixture("item_stock")));
    let first = [shown(), none(), stock(), stock(), none()];
    let again = [shown(), none(), none(), stock(), stock(), none()];
    let runs = [
        (batch(WriteMode::Lower, &[("ITILEBLUE0001", "12", "9")]), true, &first[..], 5),
        (batch(WriteMode::Raise, &[("ITILEBLUE0001", "12", "1000000000000")]), true, &first, 5),
        (batch(WriteMode::Correct, &[("ITILEBLUE0001", "12", "-0.00001")]), false, &again, 6),
    ];
    for (batch, first, replies, requests) in runs {
        let made = run(&batch, first, replies);
        assert_eq!(made.len(), requests);
        made.iter().for_each(|request| contract.accept(request));
    }
    let listing = |title: &str, minor: i64, code: &str| Listing {
        title: Title::new(title),
        price: Some(Money { minor, currency: desk::eur() }),
        tax_inclusive: true,
        barcodes: vec![Barcode::new(code)],
    };
    let row = ListingRow {
        external: item("ITILEBLUE0001"),
        aliases: vec![],
        from: listing("Tile, blue", 995, "5601234500016"),
        to: listing("Tile", 1_095, ""),
    };
    let listings = Batch { listings: vec![row], ..batch(WriteMode::List, &[]) };
    for first in [true, false] {
        run(&listings, first, &[shown()]).iter().for_each(|request| contract.accept(request));
    }
}

#[test]
fn every_request_of_a_document_is_one_that_clover_documents() {
    let Some(contract) = Contract::load() else { return };
    let none = || reply(200, b"{\"elements\":[]}");
    let made = || papers::answer(&json!({"id": "ONEW000000001"}));
    let order = [papers::answer(&json!({"id": "CAMALIA000001"})), none(), made(), made()];
    let known = papers::answer(&json!({"id": "CAMALIA000001", "firstName": "Amalia", "emailAddresses": {"elements": [
        {"id": "E1", "emailAddress": "old@example.net"}]}, "addresses": {"elements": [{"id": "A1", "city": "Lisboa"}]}}));
    let runs = [
        (papers::order(Some("CAMALIA000001")), &order[..], 4),
        (papers::customer(None, papers::amalia()), &[none(), made()], 2),
        (papers::customer(Some("CAMALIA000001"), papers::amalia()), &[known, made(), made(), made(), made()], 5),
    ];
    for (document, replies, requests) in runs {
        let made: Vec<Request> = (0..requests).map(|known| papers::sent(&document, false, &replies[..known])).collect();
        made.iter().for_each(|request| contract.accept(request));
    }
}

#[test]
fn the_requests_for_tokens_are_those_that_clover_documents() {
    let Some(contract) = Contract::load() else { return };
    let grants = clover().grants().expect("Clover has OAuth");
    let query = [("code".to_owned(), "c0de".to_owned())];
    contract.accept(&grants.exchange(&account(), "https://hub.example.com", &query).expect("it can be exchanged"));
    contract.accept(&grants.refresh(&account(), &connectors::Secret::new("ref")).expect("it can be renewed"));
}

#[test]
fn every_fixture_is_of_the_shape_that_clover_documents() {
    let Some(contract) = Contract::load() else { return };
    let value = |name: &str| -> Value { serde_json::from_slice(&fixture(name)).expect("JSON") };
    let elements = |name: &str| value(name)["elements"].as_array().expect("a list").clone();
    for name in ["order_paid", "order_open", "order_refunded", "order_voided"] {
        let mut order = value(name);
        order.as_object_mut().expect("an object").remove("href");
        contract.check("Order", &order);
        for payment in order["payments"]["elements"].as_array().into_iter().flatten() {
            contract.check("Payment", payment);
        }
    }
    contract.check("Payment", &value("payment"));
    contract.check("Item", &value("item"));
    elements("items").iter().for_each(|item| contract.check("Item", item));
    contract.check("Customer", &value("customer"));
    elements("customers").iter().for_each(|customer| contract.check("Customer", customer));
}

#[test]
fn a_misspelt_field_an_unknown_part_and_a_text_for_a_number_break_the_contract() {
    let Some(contract) = Contract::load() else { return };
    let order: Value = serde_json::from_slice(&fixture("order_open")).expect("JSON");
    let schema = json!({"$ref": "#/components/schemas/Order"});
    for (from, to) in [
        ("paymentState", "payment_state"),
        ("995,\"paymentState", "\"995\",\"paymentState"),
        ("\"OPEN\"", "\"OPENED\""),
    ] {
        let text = json!({"total": 995, "paymentState": order["paymentState"]}).to_string();
        let text =
            text.replace("{\"paymentState\":\"OPEN\",\"total\":995}", "{\"total\":995,\"paymentState\":\"OPEN\"}");
        let broken = text.replace(from, to);
        assert_ne!(broken, text, "{from}");
        let broken: Value = serde_json::from_str(&broken).expect("JSON");
        assert!(!contract.faults(&schema, &broken).is_empty(), "{broken}");
    }
    let request = clover().ask(&Question::Levels { cursor: None }, &account()).expect("it can be asked");
    assert_eq!(listed("Fields: [a, b.c]\n note [d]"), ["a", "b.c"]);
    assert!(contract.operation(&request)["parameters"].is_array());
}
