//! Documents that the store is told to make, answers on the way to them, and the steps of a run.

use connectors::{Document, DocumentLine, Made, Making, Reply, Request, Run, Trouble, Unsendable};
use http::StatusCode;
use model::{CustomerKey, DocumentKey, Money, Person, Quantity};
use serde_json::{Value, json};

use super::desk::{account, at, bigcommerce, item, line, place, reply};

pub const REFERENCE: &str = "kiln-doc-7";

pub fn money(minor: i64) -> Money {
    Money { minor, currency: account().currency }
}

pub fn document(making: Making) -> Document {
    Document { reference: REFERENCE.into(), asked_at: at("2026-11-24T09:00:00Z"), note: "by phone".into(), making }
}

pub fn row(external: &str, aliases: &[&str]) -> DocumentLine {
    let aliases = aliases.iter().map(|alias| item(alias)).collect();
    DocumentLine { external: item(external), aliases, quantity: Quantity::units(2), each: None }
}

/// A line of a product's only variant and one of a product with several.
pub fn order(location: &str, customer: Option<&str>) -> Document {
    let lines = vec![row("7010", &["product:311"]), row("7004", &[])];
    document(Making::Order { location: place(location), lines, customer: customer.map(CustomerKey::new) })
}

pub fn refund(lines: &[(&str, u32)], minor: i64) -> Document {
    let lines = lines.iter().map(|(line, units)| ((*line).to_owned(), Quantity::units(*units))).collect();
    document(Making::Refund { order: DocumentKey::new("2207"), lines, restock_at: None, amount: money(minor) })
}

pub fn ada() -> Person {
    Person {
        given_name: "Ada".into(),
        family_name: "Byron".into(),
        email: "ada+1@example.com".into(),
        phone: "+441632960001".into(),
        address: String::new(),
    }
}

pub fn customer(known: Option<&str>, person: Person) -> Document {
    document(Making::Customer { customer: known.map(CustomerKey::new), person })
}

pub fn compose(document: &Document) -> Result<Vec<u8>, Unsendable> {
    bigcommerce().documents().expect("it makes documents").compose(document, &account())
}

pub fn step(document: &Document, first: bool, replies: &[Reply]) -> Result<Made, Trouble> {
    let body = compose(document).expect("it can be said");
    bigcommerce().documents().expect("it makes documents").step(document, &body, &account(), &Run { first, replies })
}

pub fn sent(document: &Document, first: bool, replies: &[Reply]) -> Request {
    match step(document, first, replies).expect("it goes on") {
        Made::Send(request) => *request,
        Made::Done(id) => panic!("{id} is made already"),
    }
}

pub fn done(document: &Document, first: bool, replies: &[Reply]) -> String {
    match step(document, first, replies).expect("it goes on") {
        Made::Done(id) => id,
        Made::Send(request) => panic!("it wants {}", line(&request)),
    }
}

pub fn refusal(document: &Document, first: bool, replies: &[Reply]) -> String {
    match step(document, first, replies) {
        Err(Trouble::Refused { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

pub fn ok(body: Value) -> Reply {
    reply(200, body.to_string().as_bytes())
}

pub fn nothing() -> Reply {
    reply(StatusCode::NO_CONTENT.as_u16(), b"")
}

pub fn variants() -> Reply {
    ok(json!({"data": [{"id": 7004, "product_id": 312}], "meta": {}}))
}

pub fn methods() -> Reply {
    ok(json!({"data": [{"id": 41, "location_id": 3, "display_name": "Harbour"}], "meta": {}}))
}

pub fn made_order(status: u8) -> Value {
    json!({"id": 2301, "status_id": status, "external_order_id": REFERENCE})
}

/// Answers on the way to an order, to the last before it is made.
pub fn before_order() -> [Reply; 2] {
    [variants(), methods()]
}

pub fn quote(total: f64, ways: Value) -> Reply {
    ok(json!({"data": {"order_id": 2207, "total_refund_amount": total, "total_refund_tax_amount": 2.0,
        "refund_methods": ways}, "meta": {}}))
}

pub fn card(amount: f64) -> Value {
    json!([[{"provider_id": "testgateway", "amount": amount, "offline": false}]])
}

pub fn refunds(reason: &str, declined: bool) -> Reply {
    ok(json!({"data": [{"id": 77, "items": [{"item_type": "PRODUCT", "item_id": 15, "reason": reason}],
        "payments": [{"is_declined": declined}]}], "meta": {}}))
}
