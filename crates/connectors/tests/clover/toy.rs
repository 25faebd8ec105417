//! A toy Clover: stock, orders, a clock. Obviously right, and as unhelpful as the real one: levels are only set.

use std::collections::BTreeMap;

use connectors::{Batch, Reply, Request, Step};
use http::{HeaderMap, HeaderValue};
use model::{Instant, Level, Outcome};
use serde_json::{Value, json};

use crate::desk::{self, NOW};

/// Most requests a run may take.
const REQUESTS_MAX: usize = 80;

pub struct Toy {
    pub stock: BTreeMap<String, Level>,
    /// Whether sales move the stock.
    pub auto: bool,
    /// Whether replies bear a date.
    pub dates: bool,
    clock: i64,
    orders: Vec<Value>,
    /// Requests so far, as `GET items`, `POST item_stocks`, …
    pub log: Vec<String>,
}

impl Toy {
    pub fn new(stock: &[(&str, &str)]) -> Self {
        let stock = stock.iter().map(|(item, level)| ((*item).to_owned(), desk::level(level))).collect();
        Self { stock, auto: true, dates: true, clock: NOW.0, orders: Vec::new(), log: Vec::new() }
    }

    pub fn level(&self, item: &str) -> Level {
        self.stock[item]
    }

    /// A paid order of so many pieces; stock and order change in one moment.
    pub fn sell(&mut self, item: &str, pieces: i64) {
        self.order(item, pieces, true);
    }

    /// An order that was paid an hour ago is touched now.
    pub fn touch_old_order(&mut self, item: &str) {
        self.clock += 3;
        let number = self.orders.len();
        let at = self.clock - 3_600_000;
        self.orders.push(order(number, item, 1, at, self.clock, true));
    }

    /// An order that nobody has paid.
    pub fn open_order(&mut self, item: &str) {
        self.order(item, 1, false);
    }

    fn order(&mut self, item: &str, pieces: i64, paid: bool) {
        self.clock += 3;
        let number = self.orders.len();
        self.orders.push(order(number, item, pieces, self.clock, self.clock, paid));
        if paid && self.auto {
            self.edit(item, -pieces);
        }
    }

    /// Somebody counts or unpacks.
    pub fn edit(&mut self, item: &str, pieces: i64) {
        let now = self.stock[item].parts();
        self.stock.insert(item.to_owned(), Level::from_parts(now + pieces * 100_000));
    }

    pub fn answer(&mut self, request: &Request) -> Reply {
        self.clock += 7;
        let path = request.http.uri().path().trim_start_matches("/v3/merchants/MKIOSKLISBOA1/").to_owned();
        let (kind, id) = path.split_once('/').unwrap_or((&path, ""));
        self.log.push(format!("{} {kind}", request.http.method()));
        let body = match (request.http.method().as_str(), kind) {
            ("GET", "items") => json!({"id": id, "name": "x", "autoManage": self.auto, "itemStock": self.shown(id)}),
            ("GET", "item_stocks") => self.shown(id),
            ("POST", "item_stocks") => {
                let body: Value = serde_json::from_slice(request.http.body()).expect("the body is JSON");
                self.stock.insert(id.to_owned(), desk::level(&body["quantity"].to_string()));
                self.shown(id)
            }
            ("GET", "orders") => {
                let query = request.http.uri().query().expect("it has a filter");
                let from = query.split("filter=modifiedTime%3E%3D").nth(1).and_then(|rest| rest.split('&').next());
                let from: i64 = from.expect("it says since when").parse().expect("a number");
                let since = |order: &&Value| order["modifiedTime"].as_i64().is_some_and(|at| at >= from);
                json!({"elements": self.orders.iter().filter(since).collect::<Vec<_>>()})
            }
            other => panic!("the toy has no {other:?}"),
        };
        Reply {
            status: 200,
            headers: self.headers(),
            body: body.to_string().into_bytes(),
            sent_at: Instant(self.clock),
        }
    }

    fn shown(&self, item: &str) -> Value {
        let number: serde_json::Number = self.stock[item].to_string().parse().expect("a level is a number");
        json!({"item": {"id": item}, "stockCount": 0, "quantity": number})
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self.dates {
            let text = Instant(self.clock).to_string();
            let (day, time) = text.split_once('T').expect("a time");
            let parts: Vec<&str> = day.split('-').collect();
            assert_eq!(parts[1], "11", "the toy lives in November");
            let date = format!("Tue, {} Nov {} {} GMT", parts[2], parts[0], &time[..8]);
            headers.insert(http::header::DATE, HeaderValue::from_str(&date).expect("plain text"));
        }
        headers
    }
}

fn order(number: usize, item: &str, pieces: i64, paid_at: i64, modified: i64, paid: bool) -> Value {
    let lines: Vec<Value> = (0..pieces)
        .map(|piece| json!({"id": format!("L{number}-{piece}"), "item": {"id": item}, "price": 100, "refunded": false}))
        .collect();
    let payments =
        if paid { json!([{"id": "P", "amount": 100, "result": "SUCCESS", "createdTime": paid_at}]) } else { json!([]) };
    json!({
        "id": format!("O{number}"), "currency": "EUR", "total": 100, "createdTime": paid_at, "modifiedTime": modified,
        "paymentState": if paid { "PAID" } else { "OPEN" },
        "lineItems": {"elements": lines}, "payments": {"elements": payments},
    })
}

/// Carries a batch to its end. Before the request of every number, and once at the end, `meanwhile` may change the toy.
pub fn carry(toy: &mut Toy, batch: &Batch, first: bool, meanwhile: &mut dyn FnMut(&mut Toy, usize)) -> Vec<Outcome> {
    let mut replies = Vec::new();
    loop {
        assert!(replies.len() < REQUESTS_MAX, "the run does not end: {:?}", toy.log);
        match desk::step(batch, first, &replies).expect("nothing is in trouble") {
            Step::Settled(outcomes) => return outcomes,
            Step::Send(request) => {
                meanwhile(toy, replies.len());
                replies.push(toy.answer(&request));
            }
        }
    }
}

/// The same, but the run dies after so many requests; the reply to the last is lost. `None` when it ends before.
pub fn cut_short(
    toy: &mut Toy,
    batch: &Batch,
    requests: usize,
    meanwhile: &mut dyn FnMut(&mut Toy, usize),
) -> Option<Vec<Outcome>> {
    let mut replies = Vec::new();
    for number in 0..requests {
        match desk::step(batch, true, &replies).expect("nothing is in trouble") {
            Step::Settled(outcomes) => return Some(outcomes),
            Step::Send(request) => {
                meanwhile(toy, number);
                replies.push(toy.answer(&request));
            }
        }
    }
    None
}
