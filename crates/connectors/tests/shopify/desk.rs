//! Documents of every kind, and the requests by which they are made.

use connectors::{Account, Document, DocumentLine, Made, Making, Reply, Request, Run, Trouble, Unsendable};
use model::{Currency, CustomerKey, DocumentKey, Instant, Money, Person, Quantity};
use serde_json::Value;

use super::play::{account, reply, shopify};

pub const REFERENCE: &str = "kiln-doc-7";

pub fn money(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("GBP").expect("a code") }
}

pub fn line(units: u32, each: Option<Money>) -> DocumentLine {
    DocumentLine {
        external: "45100".into(),
        aliases: vec!["variant:43001".into()],
        quantity: Quantity::units(units),
        each,
    }
}

fn document(making: Making) -> Document {
    Document { reference: REFERENCE.into(), asked_at: Instant(1_795_428_900_000), note: "by phone".into(), making }
}

pub fn order() -> Document {
    let customer = Some(CustomerKey::new("7011"));
    document(Making::Order {
        location: "70010001".into(),
        lines: vec![line(2, Some(money(1_995))), line(1, None)],
        customer,
    })
}

pub fn refund(lines: Vec<(String, Quantity)>, restock: bool, minor: i64) -> Document {
    let restock_at = restock.then(|| "70010001".into());
    document(Making::Refund { order: DocumentKey::new("5512"), lines, restock_at, amount: money(minor) })
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

pub fn customer(known: Option<&str>, person: Person) -> Document {
    document(Making::Customer { customer: known.map(CustomerKey::new), person })
}

pub fn transfer() -> Document {
    document(Making::Transfer { from: "70010001".into(), to: "70010002".into(), lines: vec![line(2, None)] })
}

pub fn purchase() -> Document {
    let (supplier, location) = ("Stoneware Ltd".to_owned(), "70010001".into());
    document(Making::Purchase { supplier, location, lines: vec![line(2, None)], expected: None })
}

pub fn compose(document: &Document) -> Result<Vec<u8>, Unsendable> {
    shopify().documents().expect("it makes documents").compose(document, &account())
}

/// What comes after these answers, in a first run or a later one.
pub fn step(document: &Document, first: bool, replies: &[Reply]) -> Result<Made, Trouble> {
    step_at(document, first, replies, &account())
}

fn step_at(document: &Document, first: bool, replies: &[Reply], account: &Account) -> Result<Made, Trouble> {
    let maker = shopify().documents().expect("it makes documents");
    let body = maker.compose(document, account).expect("sendable");
    maker.step(document, &body, account, &Run { first, replies })
}

pub fn sent(document: &Document, first: bool, replies: &[Reply]) -> Request {
    match step(document, first, replies).expect("a step") {
        Made::Send(request) => *request,
        Made::Done(id) => panic!("{id} is made already"),
    }
}

pub fn done(document: &Document, first: bool, replies: &[Reply]) -> String {
    match step(document, first, replies).expect("a step") {
        Made::Done(id) => id,
        Made::Send(request) => panic!("not made yet: {:?}", request.http),
    }
}

pub fn ok(body: &str) -> Reply {
    reply(200, body.as_bytes())
}

pub fn json(request: &Request) -> Value {
    serde_json::from_slice(request.http.body()).expect("JSON")
}

/// The name of the operation that a request asks for.
pub fn operation(request: &Request) -> String {
    let query = json(request)["query"].as_str().expect("a query").to_owned();
    let rest = query.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    rest.split('(').next().unwrap_or_default().to_owned()
}

pub const NOT_FOUND: &str = r#"{"data":{"found":{"nodes":[]},"recent":{"nodes":[]}}}"#;
pub const ORDER_MADE: &str = r#"{"data":{"made":{"document":{"id":"gid://shopify/Order/9001"},"errors":[]}}}"#;
pub const ELSEWHERE: &str = r#"{"data":{"order":{"cancelledAt":null,"fulfillmentOrders":{"nodes":[
    {"id":"gid://shopify/FulfillmentOrder/31","status":"OPEN","assignedLocation":{"location":{"id":"gid://shopify/Location/70010002"}}},
    {"id":"gid://shopify/FulfillmentOrder/32","status":"OPEN","assignedLocation":{"location":{"id":"gid://shopify/Location/70010001"}}}
    ],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}}"#;
pub const MOVED: &str = r#"{"data":{"made":{"document":{"id":"gid://shopify/FulfillmentOrder/31"},"errors":[]}}}"#;
pub const NOT_MOVED: &str =
    r#"{"data":{"made":{"document":null,"errors":[{"code":null,"field":["id"],"message":"No such shelf there"}]}}}"#;
pub const CANCELLED: &str = r#"{"data":{"made":{"document":{"id":"gid://shopify/Job/1"},"errors":[]}}}"#;

/// An order of two lines, four units of the first handed out and one still open, paid by card in two parts of which the
/// first was given back already; `note` is that of its only refund.
pub fn paid(note: &str) -> String {
    let money = |minor: &str| format!(r#"{{"presentmentMoney":{{"amount":"{minor}","currencyCode":"GBP"}}}}"#);
    let (ten, five) = (money("10.00"), money("5.00"));
    format!(
        r#"{{"data":{{"order":{{"refunds":[{{"id":"gid://shopify/Refund/61","note":"{note}"}}],"transactions":[
        {{"id":"gid://shopify/OrderTransaction/1","kind":"SALE","status":"SUCCESS","gateway":"card","amountSet":{ten},"parentTransaction":null}},
        {{"id":"gid://shopify/OrderTransaction/2","kind":"SALE","status":"SUCCESS","gateway":"cash","amountSet":{ten},"parentTransaction":null}},
        {{"id":"gid://shopify/OrderTransaction/3","kind":"REFUND","status":"SUCCESS","gateway":"card","amountSet":{five},"parentTransaction":{{"id":"gid://shopify/OrderTransaction/1"}}}},
        {{"id":"gid://shopify/OrderTransaction/4","kind":"REFUND","status":"FAILURE","gateway":"cash","amountSet":{ten},"parentTransaction":{{"id":"gid://shopify/OrderTransaction/2"}}}}
        ]}},"nodes":[{{"id":"gid://shopify/LineItem/14001","unfulfilledQuantity":1,"refundableQuantity":5}}]}}}}"#
    )
}

pub const REFUND_MADE: &str = r#"{"data":{"made":{"document":{"id":"gid://shopify/Refund/77"},"errors":[]}}}"#;
pub const CUSTOMER_MADE: &str = r#"{"data":{"made":{"document":{"id":"gid://shopify/Customer/7011"},"errors":[]}}}"#;
pub const TRANSFER_MADE: &str =
    r#"{"data":{"made":{"document":{"id":"gid://shopify/InventoryTransfer/88"},"errors":[]}}}"#;

/// A refusal with these words.
pub fn refusal(code: &str, words: &str) -> Reply {
    ok(&serde_json::json!({"data": {"made": {"document": null,
        "errors": [{"code": code, "field": ["input"], "message": words}]}}})
    .to_string())
}
