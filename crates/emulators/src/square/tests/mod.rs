//! The seller's behaviour, spoken through [`Bench`]: a seller with two locations and three items, a clock that the
//! test moves, and the outbox.
//!
//! One file per subject. The tests know the vendor's contract and nothing of the insides.

mod catalog;
mod conservation;
mod contract;
mod documents;
mod door;
mod hooks;
mod listings;
mod oauth;
mod orders;
mod returns;
mod stock;
mod taxes;
mod till;

use super::{API_VERSION, Settings, Square};
use crate::machine::{Act, Dice, Machine, Millis, Outgoing, World};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

const NOON: Millis = 1_795_425_300_000;

struct Bench {
    square: Square,
    now: Millis,
    outbox: Vec<Outgoing>,
    dice: Dice,
    keys: u32,
}

impl Bench {
    /// A seller without anything.
    fn empty(settings: Settings) -> Self {
        Self { square: Square::new(settings), now: NOON, outbox: Vec::new(), dice: Dice::new(7), keys: 0 }
    }

    /// High Street and Harbour; MUG and TEA are counted, WRAP is a service. Nothing is in stock.
    fn open() -> Self {
        let mut bench = Self::empty(Settings { rate_per_s: 1_000, burst: 10_000, ..Settings::example() });
        for name in ["High Street", "Harbour"] {
            bench.act(json!({"act": "put_location", "name": name, "zone": "Europe/London"}));
        }
        for (sku, price, tracked) in [("MUG", 700, true), ("TEA", 1_250, true), ("WRAP", 200, false)] {
            let item = json!({"act": "put_item", "sku": sku, "title": sku, "price_minor": price, "tracked": tracked});
            bench.act(item);
        }
        bench.outbox.clear();
        bench
    }

    /// As [`Bench::open`], with this much of MUG and TEA at both locations, and a subscription to everything.
    fn stocked(quantity: &str) -> Self {
        let mut bench = Self::open();
        for location in ["High Street", "Harbour"] {
            for sku in ["MUG", "TEA"] {
                bench.count(sku, location, quantity);
            }
        }
        bench.now += 1;
        bench.subscribe(&super::TOPICS);
        bench.outbox.clear();
        bench
    }

    fn subscribe(&mut self, topics: &[&str]) -> Value {
        let body = json!({
            "subscription": {"name": "hub", "event_types": topics, "notification_url": "https://hub.example/hooks/square"},
        });
        let (status, answer) = self.as_application("POST", "/v2/webhooks/subscriptions", body);
        assert_eq!(status, 200, "{answer}");
        answer["subscription"].clone()
    }

    fn try_act(&mut self, act: Value) -> Result<Value, String> {
        let act: Act = serde_json::from_value(act).expect("an act");
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.square.act(&act, &mut world)
    }

    fn act(&mut self, act: Value) -> Value {
        self.try_act(act).expect("the act is possible")
    }

    fn count(&mut self, sku: &str, location: &str, quantity: &str) {
        self.act(json!({"act": "count", "sku": sku, "location": location, "quantity": quantity}));
    }

    fn sell(&mut self, reference: &str, sku: &str, quantity: &str) -> Value {
        self.act(till_sale(reference, sku, quantity, 0))
    }

    fn raw(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.square.handle(&request, &mut world)
    }

    fn send(&mut self, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let bytes = if method == "GET" { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("square-version", API_VERSION)
            .body(bytes)
            .expect("a request");
        let response = self.raw(request);
        (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
    }

    fn as_application(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let token = Settings::example().application_token;
        self.send(&token, method, path, &body)
    }

    fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let token = Settings::example().access_token;
        self.send(&token, method, path, &body)
    }

    /// A call that must succeed.
    fn ok(&mut self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    /// The code and field of the first error of a call that must be refused.
    fn refused(&mut self, method: &str, path: &str, body: Value) -> (u16, String, String) {
        let (status, answer) = self.call(method, path, body);
        let error = &answer["errors"][0];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (status, text("code"), text("field"))
    }

    fn tick(&mut self) {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.square.tick(&mut world);
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    fn location(&mut self, name: &str) -> String {
        let all = self.ok("GET", "/v2/locations", json!({}));
        let found = all["locations"].as_array().expect("locations").iter().find(|one| one["name"] == name);
        found.expect("the location")["id"].as_str().expect("an id").to_owned()
    }

    fn variation(&mut self, sku: &str) -> String {
        let all = self.ok("POST", "/v2/catalog/search", json!({"object_types": ["ITEM_VARIATION"]}));
        let all = all["objects"].as_array().expect("objects");
        let found = all.iter().find(|one| one["item_variation_data"]["sku"] == sku).expect("the variation");
        found["id"].as_str().expect("an id").to_owned()
    }

    /// What the books say is in stock.
    fn level(&self, sku: &str, location: &str) -> String {
        let levels = self.square.books().levels;
        let found = levels.into_iter().find(|level| level.sku == sku && level.location == location);
        found.expect("the level").quantity
    }

    fn topics(&self) -> Vec<&str> {
        self.outbox.iter().map(|delivery| delivery.topic.as_str()).collect()
    }

    /// `data.object` of the newest delivery of a topic.
    fn last(&self, topic: &str) -> Value {
        let found = self.outbox.iter().rev().find(|delivery| delivery.topic == topic).expect("a delivery");
        let body: Value = serde_json::from_slice(&found.body).expect("JSON");
        body["data"]["object"].clone()
    }
}

fn till_sale(reference: &str, sku: &str, quantity: &str, offline_ms: Millis) -> Value {
    let line = json!({"sku": sku, "quantity": quantity, "unit_price_minor": 700});
    json!({
        "act": "till_sale",
        "reference": reference,
        "location": "High Street",
        "lines": [line],
        "offline_ms": offline_ms,
    })
}

fn web_order(reference: &str, sku: &str, quantity: &str) -> Value {
    let line = json!({"sku": sku, "quantity": quantity, "unit_price_minor": 700});
    json!({"act": "web_order", "reference": reference, "lines": [line]})
}

/// The order as the API shows it.
fn order(bench: &mut Bench, id: &Value) -> Value {
    let path = format!("/v2/orders/{}", id.as_str().expect("an id"));
    bench.ok("GET", &path, json!({}))["order"].clone()
}
