//! Documents that the store is told to make, answers on the way to them, and the steps of a run.

use connectors::{Document, DocumentLine, Made, Making, Reply, Request, Run, Trouble, Unsendable};
use model::{CustomerKey, DocumentKey, Instant, Money, Person, Quantity};
use serde_json::{Value, json};

use super::desk::{BOWL, MAIN, MARTA, MUG, SALE, SIDE, account, eur, item, lightspeed, place, reply};

pub const REFERENCE: &str = "casa-doc-7";
pub const OWNER: &str = "9a000000-0000-4000-8000-000000000001";
pub const TILL: &str = "9a000000-0000-4000-8000-000000000002";
pub const VAT: &str = "9a000000-0000-4000-8000-000000000003";
pub const CARD: &str = "9a000000-0000-4000-8000-000000000004";
pub const LINE: &str = "9a000000-0000-4000-8000-000000000005";
pub const BACK: &str = "9a000000-0000-4000-8000-000000000006";
pub const KILN: &str = "9a000000-0000-4000-8000-000000000007";
pub const MADE: &str = "9a000000-0000-4000-8000-000000000008";

pub fn document(making: Making) -> Document {
    Document { reference: REFERENCE.into(), asked_at: Instant(1_795_428_900_000), note: "by phone".into(), making }
}

pub fn line(product: &str, each: Option<i64>) -> DocumentLine {
    let each = each.map(|minor| Money { minor, currency: eur() });
    DocumentLine { external: item(product), aliases: Vec::new(), quantity: Quantity::units(2), each }
}

pub fn order() -> Document {
    document(Making::Order {
        location: place(MAIN),
        lines: vec![line(MUG, None)],
        customer: Some(CustomerKey::new(MARTA)),
    })
}

pub fn refund(minor: i64) -> Document {
    let (order, lines) = (DocumentKey::new(SALE), vec![(LINE.to_owned(), Quantity::units(1))]);
    let amount = Money { minor, currency: eur() };
    document(Making::Refund { order, lines, restock_at: Some(place(MAIN)), amount })
}

pub fn customer(known: Option<&str>, person: Person) -> Document {
    document(Making::Customer { customer: known.map(CustomerKey::new), person })
}

pub fn ada() -> Person {
    Person {
        given_name: "Ada".into(),
        family_name: "Byron".into(),
        email: "ada@example.com".into(),
        phone: "+441632960001".into(),
        address: "12 Kiln Lane".into(),
    }
}

pub fn transfer() -> Document {
    document(Making::Transfer { from: place(MAIN), to: place(SIDE), lines: vec![line(MUG, None), line(BOWL, None)] })
}

pub fn purchase() -> Document {
    let (supplier, expected) = ("Kiln Works".to_owned(), Some(Instant(1_795_428_900_000)));
    document(Making::Purchase { supplier, location: place(MAIN), lines: vec![line(MUG, Some(950))], expected })
}

pub fn compose(document: &Document) -> Result<Vec<u8>, Unsendable> {
    lightspeed().documents().expect("it makes documents").compose(document, &account())
}

pub fn step(document: &Document, first: bool, replies: &[Reply]) -> Result<Made, Trouble> {
    let body = compose(document).expect("it can be said");
    lightspeed().documents().expect("it makes documents").step(document, &body, &account(), &Run { first, replies })
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
        Made::Send(request) => panic!("it wants {}", ask(&request)),
    }
}

pub fn refusal(document: &Document, first: bool, replies: &[Reply]) -> String {
    match step(document, first, replies) {
        Err(Trouble::Refused { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

/// Method and address of a request.
pub fn ask(request: &Request) -> String {
    let uri = request.http.uri().to_string();
    let path = uri.split_once("/api/2026-07").expect("the version is in the path").1.to_owned();
    format!("{} {path}", request.http.method())
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(request.http.body()).expect("JSON")
}

pub fn ok(data: Value) -> Reply {
    reply(200, json!({ "data": data }).to_string().as_bytes())
}

pub fn page(data: Value) -> Reply {
    reply(200, json!({"data": data, "version": {"min": 1, "max": 9}}).to_string().as_bytes())
}

pub fn end() -> Reply {
    reply(200, br#"{"data":[],"version":{"min":null,"max":null}}"#)
}

pub fn gone() -> Reply {
    reply(404, br#"{"error":"not found"}"#)
}

pub fn users() -> Reply {
    page(
        json!([{"id": "9a000000-0000-4000-8000-00000000000f", "is_primary_user": false}, {"id": OWNER, "is_primary_user": true}]),
    )
}

pub fn registers() -> Reply {
    page(json!([{"id": TILL, "outlet_id": MAIN, "deleted_at": null}]))
}

pub fn mug(including: Value) -> Reply {
    ok(json!({"id": MUG, "price_excluding_tax": 10.0, "price_including_tax": including, "deleted_at": null,
        "outlet_taxes": [{"outlet_id": SIDE, "tax_id": "x"}, {"outlet_id": MAIN, "tax_id": VAT}]}))
}

/// Answers before an order is made.
pub fn before_order() -> [Reply; 3] {
    [users(), registers(), mug(json!(12.0))]
}

pub fn first_sale(returns: Value) -> Reply {
    ok(json!({"id": SALE, "state": "closed", "return": {"return_sale_ids": returns},
        "line_items": [{"id": LINE, "product": {"id": MUG}, "quantity": 3, "pricing": {"price": 8.333333}, "tax": {"id": VAT, "amount": 1.666667}}],
        "payments": [{"amount": 30, "type": {"config_id": CARD}}]}))
}

pub fn begun(left: i64) -> Reply {
    ok(json!({"id": BACK, "state": "parked",
        "line_items": [{"id": "l", "product": {"id": MUG}, "quantity": left, "pricing": {"price": 8.333333}, "tax": {"id": VAT, "amount": 1.666667}}]}))
}

/// Answers before a return is closed.
pub fn before_refund() -> [Reply; 4] {
    [first_sale(json!([])), users(), registers(), begun(-3)]
}

pub fn suppliers() -> Reply {
    page(json!([{"id": KILN, "name": "KILN works ", "deleted_at": null}]))
}

pub fn consignment() -> Reply {
    reply(201, json!({"data": {"id": MADE, "status": "OPEN"}}).to_string().as_bytes())
}
