//! The retailer's behaviour, spoken through [`Bench`]: two outlets and three products, a clock that the test moves, and
//! the outbox.
//!
//! One file per subject. The tests know the vendor's contract and nothing of the insides.

mod conservation;
mod consignments;
mod contract;
mod door;
mod goods;
mod hooks;
mod oauth;
mod orders;
mod reads;
mod returns;
mod sales;
mod stock;

use super::{LightspeedX, Settings, TOPICS, form};
use crate::machine::{Act, BookLine, Dice, Machine, Millis, Outgoing, World};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

/// 2026-11-23T09:15:00Z, on the boundary of a five-minute window.
const NOON: Millis = 1_795_425_300_000;

struct Bench {
    shop: LightspeedX,
    now: Millis,
    outbox: Vec<Outgoing>,
    dice: Dice,
    token: String,
}

impl Bench {
    /// A retailer without anything.
    fn empty(settings: Settings) -> Self {
        let token = settings.access_token.clone();
        Self { shop: LightspeedX::new(settings), now: NOON, outbox: Vec::new(), dice: Dice::new(7), token }
    }

    /// High Street and Harbour; MUG and TEA are counted, WRAP is a service. Nothing is in stock.
    fn open() -> Self {
        let mut bench = Self::empty(Settings { rate_scale: 1_000, ..Settings::example() });
        for name in ["High Street", "Harbour"] {
            bench.act(json!({"act": "put_location", "name": name, "zone": "Europe/London"}));
        }
        for (sku, price, tracked) in [("MUG", 1_200, true), ("TEA", 600, true), ("WRAP", 240, false)] {
            let item = json!({"act": "put_item", "sku": sku, "title": sku, "price_minor": price, "tracked": tracked});
            bench.act(item);
        }
        bench
    }

    /// As [`Bench::open`], with this much of MUG and TEA at both outlets, and one address for every type.
    fn stocked(quantity: &str) -> Self {
        let mut bench = Self::open();
        for location in ["High Street", "Harbour"] {
            for sku in ["MUG", "TEA"] {
                bench.count(sku, location, quantity);
            }
        }
        bench.subscribe_all();
        bench.now += 1_000;
        bench.outbox.clear();
        bench
    }

    fn subscribe_all(&mut self) {
        for topic in TOPICS {
            let url = format!("https://hub.example/hooks/lsx/{topic}");
            let (status, answer) = self.call("POST", "webhooks", json!({"active": true, "type": topic, "url": url}));
            assert_eq!(status, 201, "{answer}");
        }
    }

    fn try_act(&mut self, act: Value) -> Result<Value, String> {
        let act: Act = serde_json::from_value(act).expect("an act");
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.shop.act(&act, &mut world)
    }

    fn act(&mut self, act: Value) -> Value {
        self.try_act(act).expect("the act is possible")
    }

    fn count(&mut self, sku: &str, location: &str, quantity: &str) {
        self.act(json!({"act": "count", "sku": sku, "location": location, "quantity": quantity}));
    }

    fn sell(&mut self, reference: &str, lines: &[(&str, &str)]) -> Value {
        self.act(till_sale(reference, lines))
    }

    fn raw(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.outbox };
        self.shop.handle(&request, &mut world)
    }

    /// A call with the bench's token; null is no body.
    fn send(&mut self, method: &str, uri: &str, body: &Value) -> Response<Bytes> {
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(bytes)
            .expect("a request");
        self.raw(request)
    }

    /// A call of the date version.
    fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let response = self.send(method, &format!("/api/2026-07/{path}"), &body);
        (response.status().as_u16(), json_of(&response))
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

    /// The status of a call that must be refused, and that it says why.
    fn refused(&mut self, method: &str, path: &str, body: Value) -> u16 {
        let (status, answer) = self.call(method, path, body);
        assert!(status >= 400 && answer["error"].is_string(), "{method} {path}: {status} {answer}");
        status
    }

    fn form(&mut self, path: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form::write(pairs)))
            .expect("a request");
        let response = self.raw(request);
        (response.status().as_u16(), json_of(&response))
    }

    fn outlet(&mut self, name: &str) -> String {
        let all = self.get("outlets");
        let found = all["data"].as_array().expect("outlets").iter().find(|one| one["name"] == name);
        text(&found.expect("the outlet")["id"])
    }

    fn product(&mut self, sku: &str) -> String {
        text(&self.get(&format!("products?sku={sku}"))["data"][0]["id"])
    }

    /// The count that the API shows.
    fn shown(&mut self, sku: &str, location: &str) -> Value {
        let (product, outlet) = (self.product(sku), self.outlet(location));
        let rows = self.get(&format!("inventory/{product}"));
        let found = rows.as_array().expect("rows").iter().find(|row| row["outlet_id"] == *outlet);
        found.expect("the record")["current_inventory_level"].clone()
    }

    /// The count that the books show.
    fn level(&self, sku: &str, location: &str) -> String {
        let levels = self.shop.books().levels;
        let found = levels.into_iter().find(|level| level.sku == sku && level.location == location);
        found.expect("the level").quantity
    }

    fn lines(&self, reference: &str) -> Vec<BookLine> {
        self.shop.books().lines.into_iter().filter(|line| line.reference == reference).collect()
    }

    fn sale(&mut self, id: &Value) -> Value {
        self.get(&format!("sales/{}", id.as_str().expect("an id")))["data"].clone()
    }

    fn topics(&self) -> Vec<&str> {
        self.outbox.iter().map(|delivery| delivery.topic.as_str()).collect()
    }

    /// The decoded payload of the newest delivery of a type.
    fn last(&self, topic: &str) -> Value {
        let found = self.outbox.iter().rev().find(|delivery| delivery.topic == topic).expect("a delivery");
        payload(found)
    }

    /// A body for `POST /sales` or `PUT /sales/{id}`: so many MUG for 10.00 and 2.00 tax each.
    fn sale_body(&mut self, state: &str, quantity: f64) -> Value {
        let user = self.get("users")["data"][0]["id"].clone();
        let register = self.get("registers")["data"][0]["id"].clone();
        let tax = self.get("taxes")["data"][0]["id"].clone();
        let cash = self.get("payment_types")["data"][0]["id"].clone();
        let product = self.product("MUG");
        json!({
            "state": state,
            "source": {"author_id": user, "register_id": register, "id": "hub-1", "type": "LOCKSTEP"},
            "line_items": [{
                "product": {"id": product},
                "quantity": quantity,
                "pricing": {"price": 10},
                "tax": {"id": tax, "amount": 2},
            }],
            "payments": [{"amount": 12.0 * quantity, "type": {"config_id": cash}}],
        })
    }
}

fn json_of(response: &Response<Bytes>) -> Value {
    if response.body().is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(response.body()).expect("JSON")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn payload(delivery: &Outgoing) -> Value {
    let body = String::from_utf8(delivery.body.to_vec()).expect("text");
    let pairs = form::read(&body);
    let (name, value) = pairs.first().expect("a field");
    assert_eq!(name, "payload");
    serde_json::from_str(value).expect("JSON")
}

fn till_sale(reference: &str, lines: &[(&str, &str)]) -> Value {
    let price = |sku: &str| if sku == "MUG" { 1_200 } else { 600 };
    let lines: Vec<Value> = lines
        .iter()
        .map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity, "unit_price_minor": price(sku)}))
        .collect();
    json!({"act": "till_sale", "reference": reference, "location": "High Street", "lines": lines})
}
