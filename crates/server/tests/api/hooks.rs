//! Webhooks: believed over their exact bytes, durable before they are answered.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use server::Options;

use crate::hostile::chunked;
use crate::hub::{self, Reply, SECRET, TestHub};

const PATH: &str = "/hooks/shopify/web";

fn signature(secret: &str, body: &[u8]) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(aws_lc_rs::hmac::sign(&key, body))
}

async fn deliver(hub: &TestHub, id: &str, topic: &str, body: &[u8], signature: &str) -> Reply {
    let request = hub
        .request("POST", PATH)
        .header("x-shopify-hmac-sha256", signature)
        .header("x-shopify-topic", topic)
        .header("x-shopify-shop-domain", "shop.example")
        .header("x-shopify-webhook-id", id)
        .body(body.to_vec());
    hub.send(request).await
}

async fn genuine(hub: &TestHub, id: &str, topic: &str, body: &[u8]) -> Reply {
    deliver(hub, id, topic, body, &signature(SECRET, body)).await
}

#[tokio::test]
async fn a_genuine_delivery_is_durable_when_it_is_answered() {
    let hub = hub::start().await;
    let before = hub.hub.flow.head();
    let reply = genuine(&hub, "d1", "products/update", br#"{"id":1}"#).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "status": "new" })));
    assert!(hub.hub.flow.head() > before);
    let after = hub.hub.flow.head();
    let again = genuine(&hub, "d1", "products/update", br#"{"id":1}"#).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["status"], "duplicate");
    assert_eq!(hub.hub.flow.head(), after);
    assert_eq!(hub.hub.meter.value("lockstep_hooks_total", "channel=\"web\",outcome=\"new\","), 1);
    assert_eq!(hub.hub.meter.histogram("lockstep_ack_seconds", "channel=\"web\",").count(), 2);
}

#[tokio::test]
async fn a_forgery_is_refused_with_the_reason_and_without_the_secret() {
    let hub = hub::start().await;
    let before = hub.hub.flow.head();
    let body = br#"{"id":1}"#;
    let right = signature(SECRET, body);
    for wrong in [signature("another", body), "not base64!".to_owned(), String::new()] {
        let reply = deliver(&hub, "d1", "products/update", body, &wrong).await;
        assert_eq!(reply.status, 401, "{wrong}");
        let problem = hub::problem(&reply).to_string();
        assert!(!problem.contains(SECRET) && !problem.contains(&right), "{problem}");
    }
    let bare = hub.send(hub.request("POST", PATH).body(body.to_vec())).await;
    assert_eq!(bare.status, 401);
    assert!(hub::problem(&bare)["detail"].to_string().contains("missing"));
    assert_eq!(hub.hub.flow.head(), before);
    assert_eq!(hub.hub.meter.value("lockstep_hooks_total", "channel=\"web\",outcome=\"forged\","), 4);
}

#[tokio::test]
async fn one_changed_byte_is_a_forgery() {
    let hub = hub::start().await;
    let signed = signature(SECRET, br#"{"id":1}"#);
    assert_eq!(deliver(&hub, "d1", "products/update", br#"{"id":2}"#, &signed).await.status, 401);
}

#[tokio::test]
async fn addresses_that_nobody_configured_are_unknown() {
    let hub = hub::start().await;
    for path in ["/hooks/shopify/till", "/hooks/square/web", "/hooks/shopify/none", "/hooks/clover/web", "/hooks/x/%FF"]
    {
        let reply = hub.send(hub.request("POST", path).body("{}")).await;
        assert_eq!(reply.status, 404, "{path}");
        hub::problem(&reply);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_set_aside_until_a_person_dismisses_it() {
    let hub = hub::start().await;
    let deep = [b"{\"id\":".as_slice(), &[b'['; 5_000], &[b']'; 5_000], b"}"].concat();
    for (id, body) in
        [("d1", deep.as_slice()), ("d2", b"\xff\x00 no json".as_slice()), ("d3", br#"{"id":"x"}"#.as_slice())]
    {
        let reply = genuine(&hub, id, "products/update", body).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "status": "quarantined" })), "{id}");
    }
    let again = genuine(&hub, "d2", "products/update", b"\xff\x00 no json").await;
    assert_eq!(again.json(), json!({ "status": "duplicate" }));
    let open = hub.get("/v1/quarantine").await;
    assert_eq!(open["items"].as_array().map(Vec::len), Some(3));
    assert_eq!((&open["items"][0]["id"], &open["items"][0]["channel"]), (&json!("quarantine_3"), &json!("web")));
    let one = hub.get("/v1/quarantine/quarantine_3").await;
    assert_eq!(one["body"], r#"{"id":"x"}"#);
    let bytes = hub.get("/v1/quarantine/quarantine_2").await;
    assert_eq!((&bytes["body"], &bytes["body_base64"]), (&Value::Null, &json!(STANDARD.encode(b"\xff\x00 no json"))));
    let blind = hub.send(hub.request("GET", "/v1/quarantine/quarantine_3").bearer_auth("lk_operations:read")).await;
    assert_eq!((&blind.json()["body"], &blind.json()["input"]["id"]), (&Value::Null, &json!("quarantine_3")));
    let dismissed = hub.done("POST", "/v1/quarantine/quarantine_2/dismiss", json!({ "reason": "a test" })).await;
    assert_eq!(dismissed["closed"], "a test");
    let still = hub.refused("POST", "/v1/quarantine/quarantine_3/redrive", Value::Null, 409).await;
    assert!(still["detail"].as_str().is_some_and(|detail| detail.contains("still cannot be used")), "{still}");
    hub.refused("POST", "/v1/quarantine/quarantine_2/redrive", Value::Null, 404).await;
    hub.done("POST", "/v1/quarantine/quarantine_3/dismiss", json!({ "reason": "another" })).await;
    assert_eq!(hub.get("/v1/quarantine").await["items"].as_array().map(Vec::len), Some(1));
    let closed = hub.get("/v1/quarantine?state=closed&limit=1").await;
    assert_eq!((&closed["items"][0]["id"], &closed["next"]), (&json!("quarantine_3"), &json!("quarantine_3")));
    let closed = hub.get("/v1/quarantine?state=closed&cursor=quarantine_3").await;
    assert_eq!(closed["items"][0]["closed"], "a test");
    assert_eq!(hub.get("/v1/quarantine/quarantine_3").await["input"]["closed"], "another");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_announced_or_not() {
    let hub = hub::start_with(Options { hook_body_max: 1_000, ..Options::default() }).await;
    assert_eq!(genuine(&hub, "d1", "products/update", &[b' '; 1_001]).await.status, 413);
    let answer = chunked(&hub, "POST /hooks/shopify/web", &[b' '; 1_500]).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(hub.hub.meter.value("lockstep_hooks_total", "channel=\"web\",outcome=\"too_large\","), 2);
}

#[tokio::test]
async fn a_body_in_chunks_is_taken_whole() {
    let hub = hub::start().await;
    let body = format!("{{\"id\":1{}}}", " ".repeat(500));
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nx-shopify-hmac-sha256: {}\r\nx-shopify-topic: products/update\r\n\
         x-shopify-shop-domain: shop.example\r\nx-shopify-webhook-id: d1",
        signature(SECRET, body.as_bytes())
    );
    let answer = chunked_with(&hub, &head, body.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

async fn chunked_with(hub: &TestHub, head: &str, body: &[u8]) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(&hub.base["http://".len()..]).await.expect("connected");
    let head = format!("{head}\r\nhost: hub\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("sent");
    for chunk in body.chunks(64) {
        let piece = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        stream.write_all(&piece).await.expect("sent");
    }
    stream.write_all(b"0\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_hub_that_has_stopped_asks_the_platform_to_come_back() {
    let hub = hub::start().await;
    hub.stop().await;
    let reply = genuine(&hub, "d1", "products/update", br#"{"id":1}"#).await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, "5"));
    hub::problem(&reply);
}
