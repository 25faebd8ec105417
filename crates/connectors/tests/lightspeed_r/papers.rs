//! The small language in which documents are told, and what R-Series answers to them.

use connectors::{Document, DocumentLine, Documents, Made, Making, Reply, Request, Run, Trouble, Unsendable};
use model::{CustomerKey, DocumentKey, Money, Person, Quantity};
use serde_json::{Value, json};

use crate::desk::{account, at, euro, item, r_series, reply, shop};

/// What is written into every document here.
pub const REFERENCE: &str = "tills-doc-7";

pub fn documents() -> &'static dyn Documents {
    r_series().documents().expect("it makes documents")
}

pub fn document(making: Making) -> Document {
    let asked_at = at("2026-11-21T18:00:00Z");
    Document { reference: REFERENCE.to_owned(), asked_at, note: "by phone".to_owned(), making }
}

pub fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).expect("a quantity")
}

pub fn euros(minor: i64) -> Money {
    Money { minor, currency: euro() }
}

pub fn line(external: &str, much: &str, minor: Option<i64>) -> DocumentLine {
    let each = minor.map(euros);
    DocumentLine { external: item(external), aliases: Vec::new(), quantity: quantity(much), each }
}

pub fn order(lines: Vec<DocumentLine>, customer: Option<&str>) -> Document {
    document(Making::Order { location: shop("1"), lines, customer: customer.map(CustomerKey::new) })
}

pub fn refund(minor: i64, lines: &[(&str, &str)], restock: bool) -> Document {
    document(Making::Refund {
        order: DocumentKey::new("8101"),
        lines: lines.iter().map(|(id, much)| ((*id).to_owned(), quantity(much))).collect(),
        restock_at: restock.then(|| shop("2")),
        amount: euros(minor),
    })
}

pub fn customer(known: Option<&str>, person: Person) -> Document {
    document(Making::Customer { customer: known.map(CustomerKey::new), person })
}

pub fn ines() -> Person {
    Person {
        given_name: "Inês".into(),
        family_name: String::new(),
        email: "ines@example.net".into(),
        phone: "+351900000000".into(),
        address: "Rua 1, Braga".into(),
    }
}

pub fn transfer(lines: Vec<DocumentLine>) -> Document {
    document(Making::Transfer { from: shop("1"), to: shop("2"), lines })
}

pub fn purchase(lines: Vec<DocumentLine>) -> Document {
    let expected = Some(at("2026-12-01T08:00:00Z"));
    document(Making::Purchase { supplier: "Potter & Sons".into(), location: shop("1"), lines, expected })
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

/// Why it is refused for good.
pub fn refused(document: &Document, first: bool, replies: &[Reply]) -> String {
    match step(document, first, replies) {
        Err(Trouble::Refused { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

/// `METHOD path?query` of a request, below the account.
pub fn call(request: &Request) -> String {
    let path = request.http.uri().path_and_query().expect("a path").as_str();
    format!("{} {}", request.http.method(), path.trim_start_matches("/API/V3/Account/7788/"))
}

pub fn answer(value: &Value) -> Reply {
    reply(200, value.to_string().as_bytes())
}

/// A list of these rows, as the last page.
pub fn list(member: &str, rows: &[Value]) -> Reply {
    answer(&json!({"@attributes": {"next": "", "previous": ""}, member: rows}))
}

pub fn nothing() -> Reply {
    answer(&json!({"@attributes": {"next": "", "previous": ""}}))
}

pub fn registers() -> Reply {
    list("Register", &[json!({"registerID": "4", "shopID": "1", "archived": "false"})])
}

pub fn employees() -> Reply {
    let away = json!({"employeeID": "1", "lockOut": "true"});
    list("Employee", &[away, json!({"employeeID": "3", "lockOut": "false"})])
}

/// The sale that is given back, paid in two parts.
pub fn sold() -> Reply {
    let payments = json!({"SalePayment": [
        {"salePaymentID": "1", "amount": "2", "paymentTypeID": "1", "archived": "false"},
        {"salePaymentID": "2", "amount": "40.5", "paymentTypeID": "6", "archived": "false"}]});
    list("Sale", &[json!({"saleID": "8101", "employeeID": "2", "completed": "true", "SalePayments": payments})])
}

pub fn paid_by(back: &str) -> Reply {
    list("PaymentType", &[json!({"paymentTypeID": "6", "refundAsPaymentTypeID": back})])
}

pub fn made(member: &str, key: &str, id: &str) -> Reply {
    answer(&json!({ member: { key: id } }))
}
