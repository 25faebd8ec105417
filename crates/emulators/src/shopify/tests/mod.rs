//! The shop, driven as a pure machine: acts and API calls in, answers, books and webhooks out.

mod api;
mod contract;
mod documents;
mod hooks;
mod inventory;
mod limits;
mod listings;
mod oauth;
mod orders;
mod property;
mod till;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Settings, Shopify};
use crate::machine::{Act, Dice, Machine, Millis, Outgoing, World};

/// 2026-11-23T10:15:00Z.
const START: Millis = 1_795_428_900_000;

/// A shop with everything around it that a test needs.
struct Bench {
    shop: Shopify,
    dice: Dice,
    sent: Vec<Outgoing>,
    now: Millis,
}

impl Bench {
    /// Two locations, Front (first choice of the web) and Back; SKU-1 and SKU-2 with ten each in Front, five in Back.
    fn new() -> Self {
        Self::with(Settings { product_echo_per_million: 0, escaped_slash_per_million: 0, ..Settings::default() })
    }

    fn with(settings: Settings) -> Self {
        let shop = Shopify::new(settings).expect("the settings are good");
        let mut bench = Self { shop, dice: Dice::new(42), sent: Vec::new(), now: START };
        for location in ["Front", "Back"] {
            bench.ok(json!({"act": "put_location", "name": location}));
        }
        for sku in ["SKU-1", "SKU-2"] {
            bench.ok(
                json!({"act": "put_item", "sku": sku, "title": sku, "price_minor": 1995, "barcode": "4006381333931"}),
            );
            bench.ok(json!({"act": "count", "sku": sku, "location": "Front", "quantity": "10"}));
            bench.ok(json!({"act": "count", "sku": sku, "location": "Back", "quantity": "5"}));
        }
        bench
    }

    fn act(&mut self, act: Value) -> Result<Value, String> {
        let act: Act = serde_json::from_value(act).expect("the act is well formed");
        self.now += 1000;
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.sent };
        self.shop.act(&act, &mut world)
    }

    fn ok(&mut self, act: Value) -> Value {
        self.act(act).expect("the act is possible")
    }

    fn sell(&mut self, reference: &str, sku: &str, quantity: &str) -> Value {
        self.ok(json!({"act": "till_sale", "reference": reference, "location": "Front",
            "lines": [{"sku": sku, "quantity": quantity, "unit_price_minor": 1995}]}))
    }

    fn order(&mut self, reference: &str, lines: &[(&str, &str)]) -> Result<Value, String> {
        let lines: Vec<Value> = lines.iter().map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity})).collect();
        self.act(json!({"act": "web_order", "reference": reference, "lines": lines}))
    }

    fn post(&mut self, path: &str, token: &str, body: &Value) -> http::Response<Bytes> {
        let request = http::Request::post(path)
            .header("x-shopify-access-token", token)
            .header("host", "127.0.0.1:9")
            .body(Bytes::from(body.to_string()))
            .expect("a request");
        self.send(&request)
    }

    fn send(&mut self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.sent };
        self.shop.handle(request, &mut world)
    }

    fn ask(&mut self, query: &str, variables: Value) -> Value {
        let body = json!({"query": query, "variables": variables});
        let response = self.post("/admin/api/2026-10/graphql.json", "shpat_emulated", &body);
        assert_eq!(response.status(), 200);
        serde_json::from_slice(response.body()).expect("JSON")
    }

    /// Ids as the API spells them: the item of a SKU and the location of a name.
    fn ids(&mut self, sku: &str, location: &str) -> (String, String) {
        let query = "query($q: String, $l: String) {
            inventoryItems(first: 1, query: $q) { nodes { id } } locations(first: 1, query: $l) { nodes { id } } }";
        let found = self.ask(query, json!({"q": format!("sku:'{sku}'"), "l": format!("name:'{location}'")}));
        let id = |list: &str| found["data"][list]["nodes"][0]["id"].as_str().expect("it exists").to_owned();
        (id("inventoryItems"), id("locations"))
    }

    /// Available, committed and on hand.
    fn states(&mut self, sku: &str, location: &str) -> [i64; 3] {
        let (item, location) = self.ids(sku, location);
        let query = "query($i: ID!, $l: ID!) { inventoryItem(id: $i) { inventoryLevel(locationId: $l) {
            quantities(names: [\"available\", \"committed\", \"on_hand\"]) { quantity } } } }";
        let found = self.ask(query, json!({"i": item, "l": location}));
        let quantities = &found["data"]["inventoryItem"]["inventoryLevel"]["quantities"];
        [0, 1, 2].map(|n| quantities[n]["quantity"].as_i64().expect("a quantity"))
    }

    fn subscribe(&mut self, topics: &[&str]) {
        let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
        let mut world = World { now: self.now, dice: &mut self.dice, outbox: &mut self.sent };
        self.shop.subscribe("http://127.0.0.1:1/hook", &topics, None, &mut world).expect("subscribed");
    }

    /// Topics of the webhooks that left, in order; forgets them.
    fn topics(&mut self) -> Vec<String> {
        self.sent.drain(..).map(|delivery| delivery.topic).collect()
    }
}

fn header<'a>(delivery: &'a Outgoing, name: &str) -> &'a str {
    let found = delivery.headers.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).expect("the header is there")
}

fn body(delivery: &Outgoing) -> Value {
    serde_json::from_slice(&delivery.body).expect("JSON")
}

const SET: &str = "mutation($i: InventorySetQuantitiesInput!, $k: String!) {
    inventorySetQuantities(input: $i) @idempotent(key: $k) {
        inventoryAdjustmentGroup { id createdAt reason changes { name delta quantityAfterChange item { id } location { id } } }
        userErrors { code field message } } }";

const ADJUST: &str = "mutation($i: InventoryAdjustQuantitiesInput!, $k: String!) {
    inventoryAdjustQuantities(input: $i) @idempotent(key: $k) {
        inventoryAdjustmentGroup { changes { name delta quantityAfterChange } }
        userErrors { code field message } } }";

const ORDERS: &str = "query($q: String, $after: String, $n: Int!) {
    orders(first: $n, after: $after, query: $q, sortKey: UPDATED_AT) {
        pageInfo { hasNextPage endCursor }
        nodes { id legacyResourceId name createdAt updatedAt processedAt cancelledAt cancelReason
            displayFinancialStatus displayFulfillmentStatus sourceName sourceIdentifier currencyCode taxesIncluded
            totalPriceSet { shopMoney { amount currencyCode } } customer { id } retailLocation { id }
            lineItems(first: 3) { nodes { id sku quantity currentQuantity unfulfilledQuantity
                originalUnitPriceSet { shopMoney { amount } } variant { id } } }
            fulfillments(first: 5) { id status location { id name } fulfillmentLineItems(first: 3) { nodes { quantity lineItem { id } } } }
            fulfillmentOrders(first: 3) { nodes { id status assignedLocation { location { id name } }
                lineItems(first: 3) { nodes { id remainingQuantity totalQuantity inventoryItemId lineItem { id } } } } }
            refunds(first: 5) { id createdAt refundLineItems(first: 3) { nodes { quantity restockType location { name } lineItem { sku } } } }
        } } }";

/// Every query of these tests, for the comparison with the vendor's schema.
const QUERIES: [&str; 14] = [
    SET,
    ADJUST,
    ORDERS,
    listings::VARIANTS,
    listings::UPDATE,
    listings::RENAME,
    documents::ORDER,
    documents::MOVE,
    documents::REFUND,
    documents::CUSTOMER,
    documents::CHANGE,
    documents::ADDRESS,
    documents::KNOWN,
    documents::TRANSFER,
];
