//! The store's behaviour, spoken through [`Bench`]: a store with two locations and five items, a clock that the test
//! moves, and the outbox.
//!
//! One file per subject. The tests know the vendor's contract and nothing of the insides.

mod catalog;
mod conservation;
mod contract;
mod customers;
mod door;
mod hooks;
mod oauth;
mod orders;
mod orders_api;
mod refunds;
mod stock;

use super::{Settings, Store};
use crate::machine::{Act, Dice, Machine, Millis, Outgoing, World};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

const NOON: Millis = 1_795_425_302_750;

struct Bench {
    store: Store,
    now: Millis,
    outbox: Vec<Outgoing>,
    dice: Dice,
}

impl Bench {
    /// A store with its default location and nothing else.
    fn empty(settings: Settings) -> Self {
        Self { store: Store::new(settings), now: NOON, outbox: Vec::new(), dice: Dice::new(7) }
    }

    /// Warehouse (location 1) and Harbour (2); MUG and TEA are counted as products, SHIRT-S and SHIRT-L as variants of
    /// one, WRAP is a service. Nothing is in stock, and the budget is ample.
    fn open() -> Self {
        Self::open_with(Settings { quota: 100_000, ..Settings::example() })
    }

    fn open_with(settings: Settings) -> Self {
        let mut bench = Self::empty(settings);
        for name in ["Warehouse", "Harbour"] {
            bench.act(json!({"act": "put_location", "name": name}));
        }
        for (sku, price, tracked) in [("MUG", 700, true), ("TEA", 1_250, true), ("WRAP", 200, false)] {
            let item = json!({"act": "put_item", "sku": sku, "title": sku, "price_minor": price, "tracked": tracked});
            bench.act(item);
        }
        for (sku, option) in [("SHIRT-S", "Small"), ("SHIRT-L", "Large")] {
            bench.act(json!({"act": "put_item", "sku": sku, "title": "Shirt", "price_minor": 2_000,
                "product": "Shirt", "option": option, "barcode": "5012345678900"}));
        }
        bench.outbox.clear();
        bench
    }

    /// As [`Bench::open`], with this much of everything counted at both locations, and a webhook for every scope.
    fn stocked(quantity: i64) -> Self {
        let mut bench = Self::open();
        bench.stock_up(quantity);
        bench
    }

    fn stock_up(&mut self, quantity: i64) {
        for location in ["Warehouse", "Harbour"] {
            for sku in ["MUG", "TEA", "SHIRT-S", "SHIRT-L"] {
                self.count(sku, location, quantity);
            }
        }
        self.now += 1_000;
        self.subscribe(&[]);
        self.outbox.clear();
    }

    fn subscribe(&mut self, scopes: &[&str]) {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.store.subscribe("https://hub.example/hooks/bigcommerce", &scopes, None, &mut world).expect("good scopes");
    }

    fn try_act(&mut self, act: Value) -> Result<Value, String> {
        let act: Act = serde_json::from_value(act).expect("an act");
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.store.act(&act, &mut world)
    }

    fn act(&mut self, act: Value) -> Value {
        self.try_act(act).expect("the act is possible")
    }

    fn count(&mut self, sku: &str, location: &str, quantity: i64) {
        let quantity = quantity.to_string();
        self.act(json!({"act": "count", "sku": sku, "location": location, "quantity": quantity}));
    }

    /// Places an order; answers its id.
    fn order(&mut self, reference: &str, lines: &[(&str, i64)]) -> u64 {
        self.act(web_order(reference, lines))["order_id"].as_u64().expect("an id")
    }

    fn raw(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.store.handle(&request, &mut world)
    }

    /// A call below `/stores/{hash}` with a token; the body of a 204 is null.
    fn send(&mut self, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let response = self.raw(request(token, method, path, body));
        let shown = if response.body().is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(response.body()).expect("JSON")
        };
        (response.status().as_u16(), shown)
    }

    fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.send("bigcommerce-access-token", method, path, &body)
    }

    /// A call that must succeed.
    fn ok(&mut self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, path, body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    fn get(&mut self, path: &str) -> Value {
        self.ok("GET", path, Value::Null)
    }

    fn tick(&mut self) {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.store.tick(&mut world);
    }

    /// Waits until everything that was accepted shows.
    fn settle(&mut self) {
        while let Some(at) = self.store.next_tick() {
            self.now = self.now.max(at);
            self.tick();
        }
    }

    /// What the books say can be sold.
    fn level(&self, sku: &str, location: &str) -> String {
        let levels = self.store.books().levels;
        let found = levels.into_iter().find(|level| level.sku == sku && level.location == location);
        found.expect("the level").quantity
    }

    /// Product and variant id of a SKU.
    fn ids(&mut self, sku: &str) -> (u64, u64) {
        let found = self.get(&format!("/v3/catalog/variants?sku={sku}"));
        let id = |name: &str| found["data"][0][name].as_u64().expect("an id");
        (id("product_id"), id("id"))
    }

    fn topics(&self) -> Vec<&str> {
        self.outbox.iter().map(|delivery| delivery.topic.as_str()).collect()
    }

    /// The `data` of all deliveries of a scope.
    fn told(&self, scope: &str) -> Vec<Value> {
        let found = self.outbox.iter().filter(|delivery| delivery.topic == scope);
        found
            .map(|delivery| {
                let body: Value = serde_json::from_slice(&delivery.body).expect("JSON");
                body["data"].clone()
            })
            .collect()
    }
}

fn request(token: &str, method: &str, path: &str, body: &Value) -> Request<Bytes> {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let request = Request::builder().method(method).uri(format!("/stores/bcemulated{path}"));
    request.header("x-auth-token", token).header("accept", "application/json").body(bytes).expect("a request")
}

fn web_order(reference: &str, lines: &[(&str, i64)]) -> Value {
    let line =
        |(sku, quantity): &(&str, i64)| json!({"sku": sku, "quantity": quantity.to_string(), "unit_price_minor": 700});
    json!({"act": "web_order", "reference": reference, "lines": lines.iter().map(line).collect::<Vec<Value>>()})
}
