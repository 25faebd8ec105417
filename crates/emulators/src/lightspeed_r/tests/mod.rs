//! The account's behaviour, spoken through [`Bench`]: two shops, three items, and a clock that the test moves.
//!
//! One file per subject. The tests know the vendor's contract and nothing of the insides.

mod auth;
mod conservation;
mod contract;
mod customers;
mod documents;
mod lists;
mod opening;
mod rates;
mod returns;
mod sales;
mod stock;
mod transfers;

use super::{LightspeedR, Settings};
use crate::machine::{Act, BookLine, Dice, Machine, Millis, Outgoing, World};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

/// 2026-11-23T09:15:00+00:00
const MORNING: Millis = 1_795_425_300_000;
const ACCOUNT: &str = "/API/V3/Account/83050";

struct Bench {
    account: LightspeedR,
    now: Millis,
    outbox: Vec<Outgoing>,
    dice: Dice,
    token: String,
}

impl Bench {
    /// An account without anything.
    fn empty(settings: Settings) -> Self {
        let account = LightspeedR::new(settings);
        let token = account.tokens.access().to_owned();
        Self { account, now: MORNING, outbox: Vec::new(), dice: Dice::new(7), token }
    }

    /// High Street and Harbour; MUG and TEA are counted, WRAP is a service. Nothing is in stock.
    fn open() -> Self {
        Self::furnished(Settings { rate_scale: 1_000, ..Settings::example() })
    }

    fn furnished(settings: Settings) -> Self {
        let mut bench = Self::empty(settings);
        for name in ["High Street", "Harbour"] {
            bench.act(json!({"act": "put_location", "name": name}));
        }
        for (sku, price, tracked) in [("MUG", 700, true), ("TEA", 1_250, true), ("WRAP", 200, false)] {
            bench.act(json!({"act": "put_item", "sku": sku, "title": sku, "price_minor": price, "tracked": tracked}));
        }
        bench
    }

    /// As [`Bench::open`], with this much of MUG and TEA in both shops.
    fn stocked(quantity: &str) -> Self {
        let mut bench = Self::open();
        for location in ["High Street", "Harbour"] {
            for sku in ["MUG", "TEA"] {
                bench.count(sku, location, quantity);
            }
        }
        bench
    }

    fn try_act(&mut self, act: Value) -> Result<Value, String> {
        let act: Act = serde_json::from_value(act).expect("an act");
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.account.act(&act, &mut world)
    }

    fn act(&mut self, act: Value) -> Value {
        self.try_act(act).expect("the act is possible")
    }

    fn count(&mut self, sku: &str, location: &str, quantity: &str) {
        self.act(json!({"act": "count", "sku": sku, "location": location, "quantity": quantity}));
    }

    fn sell(&mut self, reference: &str, sku: &str, quantity: &str) -> Value {
        self.act(till_sale(reference, &[line(sku, quantity)]))
    }

    fn raw(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.account.handle(&request, &mut world)
    }

    fn send(&mut self, method: &str, path: &str, body: &Value) -> Response<Bytes> {
        let bytes = if method == "GET" { Bytes::new() } else { Bytes::from(body.to_string()) };
        let path = if path.starts_with('/') { path.to_owned() } else { format!("{ACCOUNT}/{path}") };
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {}", self.token)).body(bytes);
        self.raw(request.expect("a request"))
    }

    fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let response = self.send(method, path, &body);
        (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
    }

    /// A call that must succeed.
    fn ok(&mut self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    fn get(&mut self, path: &str) -> Value {
        self.ok("GET", path, Value::Null)
    }

    /// Status and message of a call that must be refused.
    fn refused(&mut self, method: &str, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.call(method, path, body);
        assert_eq!(answer["httpCode"], status.to_string(), "{answer}");
        (status, answer["message"].as_str().expect("a message").to_owned())
    }

    /// The stock row of an item in a shop, as an item shows it.
    fn item_shop(&mut self, sku: &str, shop: &str) -> Value {
        let item = self.get(&format!("Item.json?customSku={sku}&load_relations=%5B%22ItemShops%22%5D"));
        let rows = item["Item"]["ItemShops"]["ItemShop"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["shopID"] == shop).expect("the row")
    }

    /// What the books say is on hand.
    fn level(&self, sku: &str, location: &str) -> String {
        let levels = self.account.books().levels;
        levels.into_iter().find(|level| level.sku == sku && level.location == location).expect("the level").quantity
    }

    fn book_lines(&self, reference: &str) -> Vec<BookLine> {
        self.account.books().lines.into_iter().filter(|line| line.reference == reference).collect()
    }
}

fn line(sku: &str, quantity: &str) -> Value {
    json!({"sku": sku, "quantity": quantity, "unit_price_minor": 700})
}

fn till_sale(reference: &str, lines: &[Value]) -> Value {
    json!({"act": "till_sale", "reference": reference, "location": "High Street", "lines": lines})
}

/// One or many, as an array.
fn rows(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(rows) => rows.clone(),
        row => vec![row.clone()],
    }
}

/// A member of every row.
fn members(value: &Value, name: &str) -> Vec<String> {
    rows(value).iter().map(|row| row[name].as_str().expect("a string").to_owned()).collect()
}
