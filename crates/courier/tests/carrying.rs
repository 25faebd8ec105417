//! The courier against real listeners: whole replies, and for every kind of failure whether it may have arrived.

mod common;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::routing::{get, post as on_post};
use bytes::Bytes;
use common::{Platform, courier, nobody, post};
use courier::{CourierError, Doubt, Effect, Mode, Outcome, Record, Refusal};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn a_whole_reply_of_any_status_is_a_reply_and_is_counted() {
    let router = Router::new()
        .route(
            "/echo",
            on_post(|headers: HeaderMap, body: Bytes| async move {
                assert_eq!(headers["authorization"], "Bearer hush");
                ([("x-request-id", "7")], body)
            }),
        )
        .route("/busy", on_post(|| async { (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "2")], "later") }))
        .route("/broken", on_post(|| async { StatusCode::INTERNAL_SERVER_ERROR }));
    let address = Platform::serving(router).await;
    let courier = courier(|_| {});

    let reply = courier.send(post(address, "/echo"), Effect::Write).await.expect("an echo");
    assert_eq!((reply.status.as_u16(), &reply.body[..]), (200, &b"{\"n\":1}"[..]));
    assert_eq!(reply.headers["x-request-id"], "7");
    let reply = courier.send(post(address, "/busy"), Effect::Write).await.expect("a refusal is a reply");
    assert_eq!(courier::retry_after(&reply.headers, std::time::UNIX_EPOCH), Some(Duration::from_secs(2)));
    let reply = courier.send(post(address, "/broken"), Effect::Write).await.expect("an error page is a reply");
    assert_eq!(reply.status.as_u16(), 500);

    let counts = courier.counts()[&address.to_string()];
    assert_eq!((counts.sent, counts.failed, counts.throttled, counts.server_errors), (3, 0, 1, 1));
    assert_eq!((counts.bytes_out, counts.bytes_in), (21, 12));
    assert!(counts.latency_mean() <= Some(counts.latency_max) && counts.latency_total >= counts.latency_max);
}

#[tokio::test]
async fn a_redirect_is_a_reply_and_is_not_followed() {
    let router = Router::new()
        .route("/from", get(|| async { Redirect::temporary("/to") }))
        .route("/to", get(|| async { "you should not be here" }));
    let address = Platform::serving(router).await;
    let request = http::Request::get(format!("http://{address}/from")).body(Bytes::new()).expect("a request");
    let reply = courier(|_| {}).send(request, Effect::Read).await.expect("a reply");
    assert_eq!((reply.status.as_u16(), &reply.headers["location"]), (307, &http::HeaderValue::from_static("/to")));
}

#[tokio::test]
async fn a_refused_connection_never_arrived() {
    let courier = courier(|_| {});
    let host = nobody().await;
    let error = courier.send(post(host, "/"), Effect::Write).await.expect_err("nobody listens");
    assert!(matches!(&error, CourierError::Refused { source: Refusal::Connect { .. }, .. }), "{error:?}");
    assert!(!error.may_have_arrived() && error.is_transient());
    assert_eq!(courier.counts()[&host.to_string()].failed, 1);
}

#[tokio::test]
async fn a_handshake_that_fails_or_takes_too_long_never_arrived() {
    for platform in [Platform::that_speaks_first(b"no TLS here\r\n").await, Platform::that_stops_after(b"").await] {
        let address = format!("https://{}/", platform.address);
        let request = http::Request::post(address).body(Bytes::new()).expect("a request");
        let courier = courier(|config| {
            config.connect_timeout = Duration::from_millis(100);
            config.total_timeout = Duration::from_secs(20);
        });
        let error = courier.send(request, Effect::Write).await.expect_err("no TLS");
        assert!(matches!(&error, CourierError::Refused { source: Refusal::Connect { .. }, .. }), "{error:?}");
        assert_eq!(platform.connections(), 1);
    }
}

#[tokio::test]
async fn silence_before_or_within_the_reply_leaves_the_outcome_unknown() {
    for begun in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"] {
        let platform = Platform::that_stops_after(begun).await;
        let error = courier(|_| {}).send(post(platform.address, "/"), Effect::Write).await.expect_err("silence");
        assert!(matches!(error, CourierError::Unknown { source: Doubt::TimedOut { .. }, .. }), "{error:?}");
        assert!(error.may_have_arrived());
    }
}

#[tokio::test]
async fn a_connection_lost_before_or_within_the_reply_leaves_the_outcome_unknown() {
    for begun in [
        &b""[..],
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"this is not HTTP\r\n\r\n",
    ] {
        let platform = Platform::that_sends(begun).await;
        let error = courier(|_| {}).send(post(platform.address, "/"), Effect::Write).await.expect_err("cut short");
        assert!(matches!(error, CourierError::Unknown { source: Doubt::Lost { .. }, .. }), "{error:?}");
        assert_eq!(platform.connections(), 1, "the courier sent it again by itself");
    }
}

#[tokio::test]
async fn a_reply_over_the_limit_leaves_the_outcome_unknown_and_one_at_the_limit_is_whole() {
    let router = Router::new()
        .route("/fits", on_post(|| async { vec![b'x'; 1000] }))
        .route("/over", on_post(|| async { vec![b'x'; 1001] }));
    let address = Platform::serving(router).await;
    let courier = courier(|_| {});
    let reply = courier.send(post(address, "/fits"), Effect::Read).await.expect("it fits");
    assert_eq!(reply.body.len(), 1000);
    let error = courier.send(post(address, "/over"), Effect::Read).await.expect_err("it does not fit");
    assert!(matches!(error, CourierError::Unknown { source: Doubt::TooLarge { limit: 1000 }, .. }), "{error:?}");
    assert!(!error.is_transient());
}

/// A thousand times `x`, packed into 29 bytes.
const PACKED_1000: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 29\r\n\r\n\
      \x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xa8\x18\x05\xa3\x60\x14\x0c\x77\x00\
      \x00\xe6\xc9\x41\x3b\xe8\x03\x00\x00";

/// One `x` more.
const PACKED_1001: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 29\r\n\r\n\
      \x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xa8\x18\x05\xa3\x60\x14\x0c\x7b\x00\
      \x00\x07\x10\x8e\xc5\xe9\x03\x00\x00";

#[tokio::test]
async fn a_packed_reply_is_unpacked_and_its_unpacked_size_is_what_the_limit_counts() {
    let courier = courier(|_| {});
    let fits = Platform::that_sends(PACKED_1000).await;
    let reply = courier.send(post(fits.address, "/"), Effect::Read).await.expect("it fits");
    assert_eq!(&reply.body[..], [b'x'; 1000]);
    let over = Platform::that_sends(PACKED_1001).await;
    let error = courier.send(post(over.address, "/"), Effect::Read).await.expect_err("too large when unpacked");
    assert!(matches!(error, CourierError::Unknown { source: Doubt::TooLarge { limit: 1000 }, .. }), "{error:?}");
}

#[tokio::test]
async fn in_read_only_mode_a_write_is_refused_before_a_socket_is_opened() {
    let platform = Platform::that_sends(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let courier = courier(|config| config.mode = Mode::ReadOnly);
    let error = courier.send(post(platform.address, "/"), Effect::Write).await.expect_err("read-only");
    assert!(matches!(&error, CourierError::Refused { source: Refusal::ReadOnly, .. }), "{error:?}");
    let mut mislabelled = post(platform.address, "/");
    *mislabelled.method_mut() = http::Method::DELETE;
    courier.send(mislabelled, Effect::Read).await.expect_err("a delete is no read, whatever it is called");
    assert_eq!(platform.connections(), 0);

    courier.send(post(platform.address, "/graphql"), Effect::Read).await.expect("a question may pass");
    assert_eq!(platform.connections(), 1);
    let counts = courier.counts()[&platform.address.to_string()];
    assert_eq!((counts.held_back, counts.sent), (2, 1));
}

#[tokio::test]
async fn an_address_that_is_not_absolute_is_refused_with_its_reason() {
    for address in ["/levels", "ftp://shop.example/levels"] {
        let request = http::Request::get(address).body(Bytes::new()).expect("a request");
        let error = courier(|_| {}).send(request, Effect::Read).await.expect_err("nowhere to go");
        assert!(matches!(error, CourierError::Refused { source: Refusal::Address, .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_proxy_is_not_used_for_loopback() {
    let platform = Platform::that_sends(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let dead = nobody().await;
    let courier = courier(|config| config.proxy = Some(format!("http://{dead}")));
    let reply = courier.send(post(platform.address, "/"), Effect::Read).await.expect("past the proxy");
    assert_eq!(reply.status.as_u16(), 204);
    let beyond = http::Request::get("http://shop.invalid/").body(Bytes::new()).expect("a request");
    let error = courier.send(beyond, Effect::Read).await.expect_err("the proxy is dead");
    assert!(matches!(error, CourierError::Refused { source: Refusal::Connect { .. }, .. }), "{error:?}");
}

#[tokio::test]
async fn every_request_is_told_to_the_recorder_without_its_secrets() {
    let heard: Arc<Mutex<Vec<Record>>> = Arc::default();
    let ear = Arc::clone(&heard);
    let platform = Platform::that_sends(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let courier = courier(|_| {}).recorded_by(Arc::new(move |record| {
        ear.lock().expect("no test thread died").push(record.clone());
    }));
    courier.send(post(platform.address, "/a?token=hush&limit=5"), Effect::Read).await.expect("a reply");
    let dead = nobody().await;
    let error = courier.send(post(dead, "/b?token=hush"), Effect::Read).await.expect_err("nobody listens");
    assert!(!format!("{error:?}").contains("hush"), "{error:?}");

    let heard = heard.lock().expect("no test thread died");
    let told: Vec<_> = heard.iter().map(|record| (record.url.clone(), record.outcome)).collect();
    assert_eq!(
        told,
        [
            (format!("http://{}/a?token=…&limit=…", platform.address), Outcome::Replied(StatusCode::NO_CONTENT)),
            (format!("http://{dead}/b?token=…"), Outcome::Refused),
        ]
    );
}
