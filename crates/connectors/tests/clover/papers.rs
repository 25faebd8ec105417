//! The small language in which documents are told, and what Clover answers to them.

use connectors::{Document, DocumentLine, Documents, Made, Making, Reply, Request, Run, Trouble, Unsendable};
use model::{CustomerKey, Money, Person, Quantity};
use serde_json::Value;

use crate::desk::{NOW, account, clover, eur, item, reply, shop};

/// What is written into every document here.
pub const REFERENCE: &str = "clover-doc-7";

pub fn documents() -> &'static dyn Documents {
    clover().documents().expect("it makes documents")
}

pub fn document(making: Making) -> Document {
    Document { reference: REFERENCE.to_owned(), asked_at: NOW, note: "by phone".to_owned(), making }
}

pub fn line(external: &str, much: &str, minor: Option<i64>) -> DocumentLine {
    let each = minor.map(|minor| Money { minor, currency: eur() });
    let quantity = Quantity::parse(much).expect("a quantity");
    DocumentLine { external: item(external), aliases: Vec::new(), quantity, each }
}

pub fn order_of(lines: Vec<DocumentLine>, customer: Option<&str>) -> Document {
    document(Making::Order { location: shop(), lines, customer: customer.map(CustomerKey::new) })
}

/// Two blue tiles, and a third of a unit of string.
pub fn order(customer: Option<&str>) -> Document {
    order_of(vec![line("ITILEBLUE0001", "2", None), line("ISTRING000001", "0.333", Some(120))], customer)
}

pub fn customer(known: Option<&str>, person: Person) -> Document {
    document(Making::Customer { customer: known.map(CustomerKey::new), person })
}

pub fn amalia() -> Person {
    Person {
        given_name: "Amália".into(),
        family_name: " Reis ".into(),
        email: "amalia@example.net".into(),
        phone: "+351900000000".into(),
        address: "Rua 1, Lisboa".into(),
    }
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

/// `METHOD path?query` of a request, below the merchant.
pub fn call(request: &Request) -> String {
    let path = request.http.uri().path_and_query().expect("a path").as_str();
    format!("{} {}", request.http.method(), path.trim_start_matches("/v3/merchants/MKIOSKLISBOA1"))
}

pub fn answer(value: &Value) -> Reply {
    reply(200, value.to_string().as_bytes())
}
