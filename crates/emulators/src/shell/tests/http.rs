//! A running emulator and a hub that listens, over loopback.

use std::net::SocketAddr;
use std::time::Duration;

use aws_lc_rs::hmac;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::shell::{Fault, Faults, Options, Running, start};
use crate::shopify::{Settings, Shopify};

/// What the hub heard: headers and exact bytes.
type Heard = (HeaderMap, Bytes);

/// An emulator, a hub that answers every webhook with one status, and a client.
struct World {
    running: Running,
    client: reqwest::Client,
    heard: mpsc::UnboundedReceiver<Heard>,
    hub: SocketAddr,
}

async fn hub(status: StatusCode) -> (SocketAddr, mpsc::UnboundedReceiver<Heard>) {
    let (sender, heard) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let addr = listener.local_addr().expect("an address");
    let hear = move |State(sender): State<mpsc::UnboundedSender<Heard>>, headers: HeaderMap, body: Bytes| async move {
        sender.send((headers, body)).expect("the test is still there");
        status
    };
    let router = Router::new().fallback(hear).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (addr, heard)
}

impl World {
    async fn new(faults: Faults, status: StatusCode) -> Self {
        let settings = Settings { product_echo_per_million: 0, ..Settings::default() };
        let shop = Shopify::new(settings).expect("the settings are good");
        let options = Options { faults, retry_scale: 10_000_000, ..Options::default() };
        let running = start(Box::new(shop), options).await.expect("a free port");
        let (hub, heard) = hub(status).await;
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let world = Self { running, client, heard, hub };
        let acts = json!([
            {"act": "put_location", "name": "Front"},
            {"act": "put_item", "sku": "SKU-1", "title": "Mug", "price_minor": 1995},
            {"act": "count", "sku": "SKU-1", "location": "Front", "quantity": "10"},
        ]);
        let answers = world.control("act", acts).await;
        assert!(answers.as_array().expect("a list").iter().all(|answer| answer.get("ok").is_some()), "{answers}");
        world
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addr)
    }

    async fn control(&self, what: &str, body: Value) -> Value {
        let url = self.url(&format!("/_control/{what}"));
        let request = self.client.post(url).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.expect("an answer");
        serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON")
    }

    async fn look(&self, what: &str) -> Value {
        let answer = self.client.get(self.url(&format!("/_control/{what}"))).send().await.expect("an answer");
        serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON")
    }

    async fn subscribe(&self, topic: &str) {
        let form = json!({"url": format!("http://{}/hook", self.hub), "topics": [topic]});
        let made = self.control("subscribe", form).await;
        assert_eq!(made["subscriptions"].as_array().map(Vec::len), Some(1), "{made}");
    }

    async fn sell(&self, reference: &str) -> Value {
        self.control(
            "act",
            json!({"act": "till_sale", "reference": reference, "location": "Front",
            "lines": [{"sku": "SKU-1", "quantity": "1"}]}),
        )
        .await
    }

    async fn hear(&mut self) -> Heard {
        let limit = Duration::from_secs(10);
        tokio::time::timeout(limit, self.heard.recv()).await.expect("within ten seconds").expect("the hub lives")
    }

    async fn graphql(&self, query: &str, variables: Value) -> Result<Value, reqwest::Error> {
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = self.client.post(self.url("/admin/api/2026-10/graphql.json"));
        let answer = request.header("x-shopify-access-token", "shpat_emulated").body(body).send().await?;
        if answer.status() != 200 {
            return Ok(json!({ "status": answer.status().as_u16() }));
        }
        Ok(serde_json::from_slice(&answer.bytes().await?).expect("JSON"))
    }

    /// Asks until the outbox says so.
    async fn until(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let limit = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                let counts = self.look("outbox").await;
                if wanted(&counts) {
                    return counts;
                }
                tokio::task::yield_now().await;
            }
        });
        limit.await.expect("within ten seconds")
    }

    async fn available(&self) -> Value {
        let books = self.look("books").await;
        books["levels"][0]["quantity"].clone()
    }
}

#[tokio::test]
async fn a_webhook_is_signed_over_its_exact_bytes() {
    let mut world = World::new(Faults::none(), StatusCode::OK).await;
    world.subscribe("orders/create").await;
    world.sell("s1").await;
    let (headers, body) = world.hear().await;
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"shpss_emulated");
    let signature = STANDARD.decode(&headers["x-shopify-hmac-sha256"]).expect("base64");
    assert!(hmac::verify(&key, &body, &signature).is_ok());
    assert_eq!(headers["x-shopify-topic"], "orders/create");
    assert_eq!(headers["content-type"], "application/json");
    let counts = world.until(|counts| counts["delivered"] == 1).await;
    assert_eq!(
        counts,
        json!({"undelivered": 0, "in_flight": 0, "delivered": 1, "given_up": 0, "dropped": 0, "attempts": 1})
    );
}

#[tokio::test]
async fn a_duplicate_carries_the_same_webhook_id() {
    let mut world = World::new(Faults::none().with(Fault::Duplicate, 1_000_000), StatusCode::OK).await;
    world.subscribe("orders/create").await;
    world.sell("s1").await;
    let (first, second) = (world.hear().await, world.hear().await);
    assert_eq!(first.0["x-shopify-webhook-id"], second.0["x-shopify-webhook-id"]);
    assert_eq!(first.1, second.1);
}

#[tokio::test]
async fn a_dropped_webhook_is_counted_and_never_comes_until_the_fault_is_switched_off() {
    let mut world = World::new(Faults::none().with(Fault::Drop, 1_000_000), StatusCode::OK).await;
    world.subscribe("orders/create").await;
    world.sell("lost").await;
    assert_eq!(world.look("outbox").await["dropped"], 1);
    let faults = world.control("faults", json!({"list": "none"})).await;
    assert_eq!(faults, json!({ "faults": [] }));
    world.sell("found").await;
    let (_, body) = world.hear().await;
    let order: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(order["source_identifier"], "found");
}

#[tokio::test]
async fn a_subscriber_that_always_fails_is_tried_nine_times_and_then_loses_its_subscription() {
    let mut world = World::new(Faults::none(), StatusCode::INTERNAL_SERVER_ERROR).await;
    world.subscribe("orders/create").await;
    world.sell("s1").await;
    let (first, _) = world.hear().await;
    for _ in 0..8 {
        let (again, _) = world.hear().await;
        assert_eq!(again["x-shopify-webhook-id"], first["x-shopify-webhook-id"]);
    }
    world.until(|counts| counts["given_up"] == 1).await;
    let listed = world.graphql("{ webhookSubscriptions(first: 5) { nodes { id } } }", json!({})).await;
    assert_eq!(listed.expect("an answer")["data"]["webhookSubscriptions"]["nodes"], json!([]));
}

#[tokio::test]
async fn the_fault_429_answers_in_the_vendors_way_and_does_nothing() {
    let world = World::new(Faults::none().with(Fault::TooMany, 1_000_000), StatusCode::OK).await;
    let answer = world.graphql("{ shop { name } }", json!({})).await.expect("an answer");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "THROTTLED");
    assert_eq!(answer.get("data"), None);
    let calls = world.look("calls").await;
    assert_eq!((&calls["throttled"], &calls["reads"]), (&json!(1), &json!(0)));
}

const ADJUST: &str = "mutation($i: InventoryAdjustQuantitiesInput!, $k: String!) {
    inventoryAdjustQuantities(input: $i) @idempotent(key: $k) { userErrors { code message } } }";

/// Sends the same write until it is answered, as a hub does that does not know what became of it; answers how often
/// the outcome was unknown.
async fn write_until_known(world: &World, key: &str) -> usize {
    let query = "{ inventoryItems(first: 1) { nodes { id } } locations(first: 1) { nodes { id } } }";
    let mut ids = world.graphql(query, json!({})).await;
    while !matches!(&ids, Ok(answer) if answer.get("data").is_some()) {
        ids = world.graphql(query, json!({})).await;
    }
    let ids = ids.expect("the loop ended with an answer");
    let row = json!({"inventoryItemId": ids["data"]["inventoryItems"]["nodes"][0]["id"],
        "locationId": ids["data"]["locations"]["nodes"][0]["id"], "delta": -1, "changeFromQuantity": null});
    let input = json!({"name": "available", "reason": "other", "changes": [row]});
    let mut unknown = 0;
    loop {
        match world.graphql(ADJUST, json!({"k": key, "i": input})).await {
            Ok(answer) if answer.get("data").is_some() => {
                assert_eq!(answer["data"]["inventoryAdjustQuantities"]["userErrors"], json!([]));
                return unknown;
            }
            Ok(_) | Err(_) => unknown += 1,
        }
    }
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_takes_effect_once_however_often_it_is_repeated() {
    let faults = Faults::none().with(Fault::Timeout, 500_000).with(Fault::Broken, 300_000);
    let world = World::new(faults, StatusCode::OK).await;
    let mut unknown = 0;
    for write in 0..8 {
        unknown += write_until_known(&world, &format!("key-{write}")).await;
    }
    assert!(unknown > 0, "the faults must have hit some of the writes");
    assert_eq!(world.available().await, "2");
}

#[tokio::test]
async fn an_api_that_stalls_answers_nothing_while_its_shop_sells_on_and_cuts_off_what_waited_when_it_is_over() {
    let mut world = World::new(Faults::none(), StatusCode::OK).await;
    world.subscribe("orders/create").await;
    assert_eq!(world.control("stall", json!({"stalled": true})).await, json!({"stalled": true}));
    let mut waits = Box::pin(world.graphql("{ shop { name } }", json!({})));
    tokio::select! {
        biased;
        answer = &mut waits => panic!("answered while it stalled: {answer:?}"),
        sold = world.sell("s1") => assert!(sold.get("ok").is_some(), "{sold}"),
    }
    // The call hangs only after the shell has read all of it.
    let over = async {
        world.until(|counts| counts["delivered"] == 1).await;
        world.control("stall", json!({"stalled": false})).await
    };
    let (cut, _) = tokio::join!(waits, over);
    assert!(cut.is_err(), "{cut:?}");
    assert_eq!(world.look("calls").await["reads"], 0, "the call was never looked at");
    assert!(world.graphql("{ shop { name } }", json!({})).await.expect("an answer").get("data").is_some());
    world.hear().await;
}

#[tokio::test]
async fn acts_are_answered_one_by_one_in_their_order() {
    let world = World::new(Faults::none(), StatusCode::OK).await;
    let acts = json!([
        {"act": "count", "sku": "SKU-1", "location": "Front", "quantity": "5"},
        {"act": "count", "sku": "SKU-9", "location": "Front", "quantity": "5"},
        {"act": "dance"},
    ]);
    let answers = world.control("act", acts).await;
    assert!(answers[0].get("ok").is_some());
    assert_eq!(answers[1]["error"], "there is no item with SKU 'SKU-9'");
    assert!(answers[2]["error"].as_str().expect("text").contains("not an act"));
    assert_eq!(world.available().await, "5");
    let many = vec![json!({"act": "dance"}); 10_001];
    assert!(world.control("act", Value::from(many)).await["error"].as_str().expect("text").contains("10001 acts"));
}

#[tokio::test]
async fn a_second_emulator_on_the_same_address_is_refused() {
    let world = World::new(Faults::none(), StatusCode::OK).await;
    let shop = Shopify::new(Settings::default()).expect("the settings are good");
    let options = Options { listen: world.running.addr, ..Options::default() };
    let error = start(Box::new(shop), options).await.expect_err("the port is taken");
    assert_eq!(error.to_string(), format!("listen on {}", world.running.addr));
}
