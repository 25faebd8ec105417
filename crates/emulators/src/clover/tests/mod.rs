//! The merchant's behaviour, spoken through [`Bench`]: one location and three items, a clock that the test moves, and
//! the outbox.
//!
//! One file per subject. The tests know the vendor's contract and nothing of the insides.

mod conservation;
mod contract;
mod customers;
mod documents;
mod door;
mod hooks;
mod lists;
mod oauth;
mod orders;
mod returns;
mod sales;
mod stock;

use super::{Clover, Settings};
use crate::machine::{Act, Books, Dice, Machine, Millis, Outgoing, World};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

const NOON: Millis = 1_795_425_300_000;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
const ROOT: &str = "/v3/merchants/MEMULATED0001";
const URL: &str = "https://hub.example/hooks/clover";

struct Bench {
    clover: Clover,
    now: Millis,
    outbox: Vec<Outgoing>,
    dice: Dice,
    token: String,
}

impl Bench {
    /// A merchant without anything.
    fn empty(settings: Settings) -> Self {
        let token = settings.access_token.clone();
        Self { clover: Clover::new(settings), now: NOON, outbox: Vec::new(), dice: Dice::new(7), token }
    }

    /// High Street; MUG and TEA are managed, WRAP is a service. Nothing is in stock. Rates are out of the way.
    fn open() -> Self {
        Self::open_with(generous())
    }

    fn open_with(settings: Settings) -> Self {
        let mut bench = Self::empty(settings);
        bench.act(json!({"act": "put_location", "name": "High Street", "zone": "Europe/Berlin"}));
        for (sku, price, tracked) in [("MUG", 700, true), ("TEA", 1_250, true), ("WRAP", 200, false)] {
            bench.act(json!({"act": "put_item", "sku": sku, "title": sku, "price_minor": price, "tracked": tracked}));
        }
        bench.now += 1;
        bench
    }

    /// As [`Bench::open`], with ten of MUG and TEA, and a verified URL for every event type.
    fn stocked() -> Self {
        let mut bench = Self::open();
        for sku in ["MUG", "TEA"] {
            bench.count(sku, "10");
        }
        bench.now += 1;
        bench.subscribe(&[], Some("shared"));
        bench.outbox.clear();
        bench
    }

    fn subscribe(&mut self, topics: &[&str], secret: Option<&str>) -> Value {
        let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.clover.subscribe(URL, &topics, secret, &mut world).expect("the vendor takes the URL")
    }

    fn try_act(&mut self, act: Value) -> Result<Value, String> {
        let act: Act = serde_json::from_value(act).expect("an act");
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.clover.act(&act, &mut world)
    }

    fn act(&mut self, act: Value) -> Value {
        self.try_act(act).expect("the act is possible")
    }

    fn refused(&mut self, act: Value) -> String {
        self.try_act(act).expect_err("the act is refused")
    }

    fn count(&mut self, sku: &str, quantity: &str) {
        self.act(json!({"act": "count", "sku": sku, "location": "High Street", "quantity": quantity}));
    }

    /// A sale of one line; answers the order's id.
    fn sell(&mut self, reference: &str, sku: &str, quantity: &str) -> String {
        text(&self.act(till_sale(reference, &[(sku, quantity, 700)]))["order_id"])
    }

    fn raw(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.clover.handle(&request, &mut world)
    }

    fn respond(&mut self, method: &str, path: &str, body: &Value) -> Response<Bytes> {
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let builder = Request::builder().method(method).uri(path);
        let builder = builder.header("authorization", format!("Bearer {}", self.token));
        let request = builder.header("content-type", "application/json").body(bytes).expect("a request");
        self.raw(request)
    }

    /// A call below the merchant.
    fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let response = self.respond(method, &format!("{ROOT}{path}"), &body);
        (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
    }

    fn ok(&mut self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    fn get(&mut self, path: &str) -> Value {
        self.ok("GET", path, Value::Null)
    }

    /// The elements of a list.
    fn list(&mut self, path: &str) -> Vec<Value> {
        self.get(path)["elements"].as_array().expect("a list").clone()
    }

    fn item(&mut self, sku: &str) -> String {
        text(&self.list(&format!("/items?filter=sku={sku}"))[0]["id"])
    }

    fn level(&self, sku: &str) -> String {
        let level = self.books().levels.into_iter().find(|level| level.sku == sku);
        level.expect("the item has a level").quantity
    }

    fn books(&self) -> Books {
        self.clover.books()
    }

    /// The events of all deliveries since the outbox was last emptied, as `O CREATE`.
    fn events(&self) -> Vec<String> {
        let bodies = self.outbox.iter().map(|one| serde_json::from_slice::<Value>(&one.body).expect("JSON"));
        let events = bodies.flat_map(|body| body["merchants"]["MEMULATED0001"].as_array().expect("events").clone());
        events
            .map(|event| {
                let object = text(&event["objectId"]);
                let (topic, _) = object.split_once(':').expect("a key before the colon");
                format!("{topic} {}", text(&event["type"]))
            })
            .collect()
    }
}

fn generous() -> Settings {
    Settings { app_per_s: 1_000_000, token_per_s: 1_000_000, ..Settings::example() }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is a string")).to_owned()
}

fn lines(all: &[(&str, &str, i64)]) -> Vec<Value> {
    all.iter()
        .map(|(sku, quantity, price)| json!({"sku": sku, "quantity": quantity, "unit_price_minor": price}))
        .collect()
}

fn till_sale(reference: &str, all: &[(&str, &str, i64)]) -> Value {
    json!({"act": "till_sale", "reference": reference, "location": "High Street", "lines": lines(all)})
}
