//! What callers should not send.

use std::time::Duration;

use serde_json::{Value, json};
use server::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::hub::{self, TestHub, problem};

async fn sent(hub: &TestHub, path: &str, body: impl Into<reqwest::Body>) -> hub::Reply {
    let request = hub.request("POST", path).bearer_auth("lk_all").header("content-type", "application/json");
    hub.send(request.body(body)).await
}

#[tokio::test]
async fn a_wrong_type_is_named_with_its_place() {
    let hub = hub::start().await;
    let cases: [(&str, &str, u16, &str); 9] = [
        (
            r#"{"lines":[{"sku":"TEA","location":"Store 1","quantity":1}]}"#,
            "lines[0].quantity",
            400,
            "/v1/reservations",
        ),
        (r#"{"lines":{}}"#, "lines", 400, "/v1/reservations"),
        (r#"{"lines":[],"nots":"x"}"#, "nots", 400, "/v1/reservations"),
        (
            r#"{"lines":[{"sku":"TEA","location":"Store 1","quantity":"1"},{"sku":"NO","location":"Store 1","quantity":"1"}]}"#,
            "lines[1].sku",
            422,
            "/v1/reservations",
        ),
        (
            r#"{"lines":[{"sku":"TEA","location":"Store 1","quantity":"1e3"}]}"#,
            "lines[0].quantity",
            422,
            "/v1/reservations",
        ),
        (
            r#"{"lines":[{"sku":"TEA","location":"Store 1","quantity":"99999999999999999999"}]}"#,
            "lines[0].quantity",
            422,
            "/v1/reservations",
        ),
        (
            r#"{"lines":[{"sku":"TEA","location":"Store 1","quantity":"1"}],"expires_at":"tomorrow"}"#,
            "expires_at",
            422,
            "/v1/reservations",
        ),
        (r#"{"sku":"TEA","location":"Store 9","change":"1","reason":"x"}"#, "location", 422, "/v1/adjustments"),
        (r#"{"sku":"TEA","location":"Store 1","change":"1","reason":""}"#, "reason", 422, "/v1/adjustments"),
    ];
    for (body, field, status, path) in cases {
        let reply = sent(&hub, path, body).await;
        assert_eq!(reply.status, status, "{body}");
        let told = problem(&reply);
        assert!(told["field"].as_str().is_some_and(|told| told.starts_with(field)), "{body}: {told}");
    }
}

#[tokio::test]
async fn a_doubled_field_is_refused() {
    let hub = hub::start().await;
    let body = r#"{"sku":"TEA","location":"Store 1","quantity":"1","quantity":"2"}"#;
    let reply = sent(&hub, "/v1/receipts", body).await;
    assert_eq!(reply.status, 400);
    assert!(problem(&reply)["detail"].to_string().contains("duplicate field"));
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused_as_such() {
    let hub = hub::start().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!(r#"{{"lines":{deep}}}"#);
    let bodies: [Vec<u8>; 7] = [
        Vec::new(),
        b"{".to_vec(),
        b"{} {}".to_vec(),
        b"\xff\xfe".to_vec(),
        b"{\"lines\":[{\"sku\":\"\xff\"}]}".to_vec(),
        deep.into_bytes(),
        nested.into_bytes(),
    ];
    for body in bodies {
        let reply = sent(&hub, "/v1/reservations", body).await;
        assert_eq!(reply.status, 400);
        problem(&reply);
    }
}

#[tokio::test]
async fn control_characters_in_names_are_refused() {
    let hub = hub::start().await;
    for odd in ["TEA\u{0}", "T\nEA", "\u{1b}[31m"] {
        let reply =
            hub.call("POST", "/v1/receipts", Some(json!({ "sku": odd, "location": "Store 1", "quantity": "1" }))).await;
        assert_eq!(reply.status, 422);
        assert_eq!(problem(&reply)["field"], "sku");
    }
    let reply = hub.call("PUT", "/v1/items/A%00B", Some(json!({ "title": "x" }))).await;
    assert_eq!(reply.status, 422);
    let unreadable = hub.refused("PUT", "/v1/items/%FF", json!({ "title": "x" }), 400).await;
    assert_eq!(unreadable["field"], "address");
}

#[tokio::test]
async fn odd_questions_are_refused_with_the_field() {
    let hub = hub::start().await;
    for (path, field, status) in [
        ("/v1/positions?limit=0", "limit", 422),
        ("/v1/positions?limit=501", "limit", 422),
        ("/v1/positions?cursor=x", "cursor", 422),
        ("/v1/positions?colour=red", "colour", 400),
        ("/v1/positions?sku=TEA&sku=CUP", "sku", 400),
        ("/v1/positions?sku=NO", "sku", 422),
        ("/v1/availability", "sku", 400),
        ("/v1/orders?state=lost", "state", 422),
        ("/v1/orders?cursor=1", "cursor", 422),
        ("/v1/facts?after=-1", "after", 422),
        ("/v1/mappings", "channel", 422),
        ("/v1/quarantine?state=lost", "state", 422),
        ("/v1/transfers?all=yes", "all", 422),
    ] {
        let told = hub.refused("GET", path, Value::Null, status).await;
        assert_eq!(told["field"], field, "{path}: {told}");
    }
}

#[tokio::test]
async fn ids_that_cannot_be_are_not_found() {
    let hub = hub::start().await;
    for path in ["/v1/reservations/res_99", "/v1/reservations/99", "/v1/orders/order_x", "/v1/quarantine/quarantine_1"]
    {
        hub.refused("GET", path, Value::Null, 404).await;
    }
    for path in ["/v1/positions/NO/Store%201/facts", "/v1/positions/TEA/Nowhere/facts"] {
        hub.refused("GET", path, Value::Null, 404).await;
    }
    hub.refused("POST", "/v1/transfers/transfer_7/ship", Value::Null, 404).await;
    hub.refused("POST", "/v1/channels/nowhere/reading", Value::Null, 404).await;
}

#[tokio::test]
async fn a_body_that_is_not_sent_as_json_is_refused() {
    let hub = hub::start().await;
    let request = hub.request("POST", "/v1/receipts").bearer_auth("lk_all").body("{}");
    let reply = hub.send(request).await;
    assert_eq!(reply.status, 415);
    problem(&reply);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_announced_or_not() {
    let hub = hub::start_with(Options { api_body_max: 1_000, ..Options::default() }).await;
    let announced = sent(&hub, "/v1/receipts", vec![b' '; 1_001]).await;
    assert_eq!(announced.status, 413);
    problem(&announced);
    let answer = chunked(&hub, "POST /v1/receipts", &[b' '; 1_500]).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let hub = hub::start_with(Options { body_ms: 50, ..Options::default() }).await;
    for address in ["POST /v1/receipts", "POST /hooks/square/till"] {
        let mut stream = tokio::net::TcpStream::connect(&hub.base["http://".len()..]).await.expect("connected");
        let head = format!(
            "{address} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer lk_all\r\ncontent-type: application/json\r\n\
             content-length: 100\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{address}: {answer}");
    }
}

/// Sends a body in chunks, without telling its length.
pub async fn chunked(hub: &TestHub, address: &str, body: &[u8]) -> String {
    let mut stream = tokio::net::TcpStream::connect(&hub.base["http://".len()..]).await.expect("connected");
    let head = format!(
        "{address} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer lk_all\r\ncontent-type: application/json\r\n\
         connection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    for chunk in body.chunks(100) {
        let piece = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        if stream.write_all(&piece).await.is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n").await;
    answer(&mut stream).await
}

async fn answer(stream: &mut tokio::net::TcpStream) -> String {
    let mut answer = Vec::new();
    let reading = async {
        let mut part = [0; 1_024];
        while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(&part[..count]),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("an answer in time");
    String::from_utf8_lossy(&answer).into_owned()
}
