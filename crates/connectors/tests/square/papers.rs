//! The small language in which documents are told, and what Square answers to them.

use connectors::{Document, DocumentLine, Documents, Made, Making, Reply, Request, Run, Trouble, Unsendable};
use model::{CustomerKey, DocumentKey, Money, Person, Quantity};
use serde_json::{Value, json};

use crate::desk::{account, at, item, place, reply, square};

/// The key of every document here.
pub const REFERENCE: &str = "square-doc-7";

pub fn documents() -> &'static dyn Documents {
    square().documents().expect("it makes documents")
}

pub fn document(making: Making) -> Document {
    let asked_at = at("2026-11-20T16:40:00Z");
    Document { reference: REFERENCE.to_owned(), asked_at, note: "by phone".to_owned(), making }
}

pub fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).expect("a quantity")
}

pub fn euros(minor: i64) -> Money {
    Money { minor, currency: account().currency }
}

/// One line of this variation.
pub fn line(external: &str, much: &str, each: Option<i64>) -> DocumentLine {
    DocumentLine { external: item(external), aliases: Vec::new(), quantity: quantity(much), each: each.map(euros) }
}

pub fn order(customer: Option<&str>) -> Document {
    let lines = vec![line("VARCUPBLUE", "2", None), line("VARTEA", "0.33333", Some(300))];
    document(Making::Order { location: place("LPORTO1"), lines, customer: customer.map(CustomerKey::new) })
}

/// Money for one cup of an order, put back in Porto or not at all.
pub fn refund(minor: i64, lines: &[(&str, &str)], restock: bool) -> Document {
    document(Making::Refund {
        order: DocumentKey::new("oRdSale001"),
        lines: lines.iter().map(|(uid, much)| ((*uid).to_owned(), quantity(much))).collect(),
        restock_at: restock.then(|| place("LPORTO1")),
        amount: euros(minor),
    })
}

pub fn customer(known: Option<&str>, person: Person) -> Document {
    document(Making::Customer { customer: known.map(CustomerKey::new), person })
}

pub fn elvira() -> Person {
    Person { given_name: "Elvira".into(), email: "elvira@example.net".into(), ..Person::default() }
}

pub fn transfer(lines: Vec<DocumentLine>) -> Document {
    document(Making::Transfer { from: place("LPORTO1"), to: place("LBRAGA2"), lines })
}

pub fn purchase() -> Document {
    let (supplier, lines) = ("Potter".to_owned(), vec![line("VARTEA", "2", None)]);
    document(Making::Purchase { supplier, location: place("LPORTO1"), lines, expected: None })
}

pub fn composed(document: &Document) -> Result<Vec<u8>, Unsendable> {
    documents().compose(document, &account())
}

pub fn step(document: &Document, first: bool, replies: &[Reply]) -> Result<Made, Trouble> {
    let body = composed(document).expect("it can be said");
    documents().step(document, &body, &account(), &Run { first, replies })
}

/// What is sent next.
pub fn sent(document: &Document, first: bool, replies: &[Reply]) -> Request {
    match step(document, first, replies).expect("no trouble") {
        Made::Send(request) => *request,
        Made::Done(id) => panic!("made: {id}"),
    }
}

/// The id of what was made.
pub fn done(document: &Document, first: bool, replies: &[Reply]) -> String {
    match step(document, first, replies).expect("no trouble") {
        Made::Done(id) => id,
        Made::Send(request) => panic!("sent: {request:?}"),
    }
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(request.http.body()).expect("JSON")
}

/// `METHOD /path` of a request.
pub fn call(request: &Request) -> String {
    format!("{} {}", request.http.method(), request.http.uri().path())
}

pub fn answer(value: &Value) -> Reply {
    reply(200, value.to_string().as_bytes())
}

pub fn refusal(status: u16, code: &str) -> Reply {
    let error = json!({"category": "REFUND_ERROR", "code": code, "detail": "why"});
    reply(status, json!({ "errors": [error] }).to_string().as_bytes())
}

fn money(minor: i64) -> Value {
    json!({"amount": minor, "currency": "EUR"})
}

/// The order that is refunded: two cups and a bag of no variation, paid by these payments.
pub fn sold(payments: &[&str]) -> Reply {
    let tender = |id: &&str| json!({"id": id, "type": "CARD", "amount_money": money(500)});
    answer(&json!({"order": {"id": "oRdSale001", "location_id": "LPORTO1", "state": "COMPLETED", "version": 4,
        "created_at": "2026-11-20T16:42:00Z", "updated_at": "2026-11-20T16:42:05Z",
        "line_items": [
            {"uid": "cup", "quantity": "2", "catalog_object_id": "VARCUPBLUE", "item_type": "ITEM", "name": "Cup"},
            {"uid": "tip", "quantity": "1", "name": "Wrapping", "item_type": "CUSTOM_AMOUNT"}],
        "tenders": payments.iter().map(tender).collect::<Vec<_>>()}}))
}

/// A payment of ten euros, with what was given back of it.
pub fn paid(id: &str, returned: i64, refunds: &[&str]) -> Reply {
    answer(&json!({"payment": {"id": id, "status": "COMPLETED", "amount_money": money(1_000),
        "total_money": money(1_000), "refunded_money": money(returned), "refund_ids": refunds}}))
}

pub fn refunded(id: &str, status: &str, reason: &str) -> Reply {
    answer(&json!({"refund": {"id": id, "status": status, "amount_money": money(500), "payment_id": "pAy1",
        "reason": reason}}))
}
