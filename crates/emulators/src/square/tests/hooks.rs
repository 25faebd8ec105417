//! Subscriptions, signatures, thin events, retries, the event search.

use super::{Bench, web_order};
use crate::machine::{Attempt, Dice, Machine, World};
use crate::square::Proxy;
use crate::square::Settings;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

fn header<'d>(delivery: &'d crate::machine::Outgoing, name: &str) -> Option<&'d str> {
    delivery.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn is_signed(delivery: &crate::machine::Outgoing, key: &str, url: &str) -> bool {
    let signature = header(delivery, "x-square-hmacsha256-signature").expect("a signature");
    let message = [url.as_bytes(), &delivery.body[..]].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hmac::verify(&key, &message, &STANDARD.decode(signature).expect("base64")).is_ok()
}

#[test]
fn a_delivery_is_signed_over_the_subscribed_url_and_its_exact_bytes() {
    let mut bench = Bench::open();
    let made = bench.subscribe(&["order.created"]);
    bench.sell("S1", "MUG", "1");
    let key = made["signature_key"].as_str().expect("a key");
    assert_eq!(bench.topics(), ["order.created"]);
    let delivery = &bench.outbox[0];
    assert!(is_signed(delivery, key, "https://hub.example/hooks/square"));
    assert!(!is_signed(delivery, key, "https://hub.example/hooks/square/"));
    assert_eq!(header(delivery, "square-initial-delivery-timestamp"), Some("2026-11-23T09:15:00.000Z"));
}

#[test]
fn behind_a_proxy_the_public_url_is_signed_and_the_inner_one_is_called() {
    let proxy = Proxy { public: "https://hub.example".into(), inside: "http://127.0.0.1:8080".into() };
    let mut bench = Bench::empty(Settings { proxy: Some(proxy), ..Settings::example() });
    let made = bench.subscribe(&["location.created"]);
    bench.act(json!({"act": "put_location", "name": "Harbour"}));
    let delivery = &bench.outbox[0];
    assert_eq!(delivery.url, "http://127.0.0.1:8080/hooks/square");
    assert!(is_signed(delivery, made["signature_key"].as_str().expect("a key"), "https://hub.example/hooks/square"));
}

#[test]
fn order_events_are_thin_and_lead_to_the_version_that_is_read_back() {
    let mut bench = Bench::stocked("10");
    let placed = bench.act(web_order("W1", "MUG", "1"));
    let created = bench.last("order.created")["order_created"].clone();
    let updated = bench.last("order.updated")["order_updated"].clone();
    assert_eq!((&created["version"], created.get("updated_at")), (&json!(1), None));
    assert_eq!(created.get("line_items"), None);
    let path = format!("/v2/orders/{}", placed["order_id"].as_str().expect("an id"));
    assert_eq!(bench.ok("GET", &path, json!({}))["order"]["version"], updated["version"]);
    assert_eq!(updated["version"], 2);
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    let moved = bench.last("order.fulfillment.updated")["order_fulfillment_updated"].clone();
    assert_eq!(moved["fulfillment_update"][0]["old_state"], "PROPOSED");
    assert_eq!(moved["fulfillment_update"][0]["new_state"], "COMPLETED");
    assert_eq!(bench.ok("GET", &path, json!({}))["order"]["version"], moved["version"]);
}

#[test]
fn a_web_order_is_told_from_its_making_to_its_stock() {
    let mut bench = Bench::stocked("10");
    bench.act(web_order("W1", "MUG", "1"));
    let told = ["order.created", "payment.created", "payment.updated", "order.updated", "inventory.count.updated"];
    assert_eq!(bench.topics(), told);
    assert_eq!(bench.last("payment.created")["payment"]["status"], "APPROVED");
    assert_eq!(bench.last("payment.updated")["payment"]["status"], "COMPLETED");
}

#[test]
fn a_catalogue_event_carries_only_the_time() {
    let mut bench = Bench::stocked("10");
    bench.act(json!({"act": "put_item", "sku": "POT", "title": "Pot"}));
    let told = bench.last("catalog.version.updated");
    let fields: Vec<&String> =
        told["catalog_version"].as_object().into_iter().flat_map(|object| object.keys()).collect();
    assert_eq!(fields, ["updated_at"]);
}

#[test]
fn a_customer_is_told_whole_and_only_when_something_changed() {
    let mut bench = Bench::stocked("10");
    let put = |name: &str| json!({"act": "put_customer", "customer": {"reference": "C1", "given_name": name}});
    bench.act(put("Ana"));
    bench.act(put("Ana"));
    bench.act(put("Anna"));
    assert_eq!(bench.topics(), ["customer.created", "customer.updated"]);
    let told = bench.last("customer.updated")["customer"].clone();
    assert_eq!((&told["given_name"], &told["version"]), (&json!("Anna"), &json!(1)));
}

#[test]
fn subscriptions_are_kept_changed_rotated_and_deleted() {
    let mut bench = Bench::open();
    let made = bench.subscribe(&["order.created"]);
    let path = format!("/v2/webhooks/subscriptions/{}", made["id"].as_str().expect("an id"));
    let (_, shown) = bench.as_application("GET", &path, json!({}));
    assert_eq!(shown["subscription"], made);
    let (_, rotated) = bench.as_application("POST", &format!("{path}/signature-key"), json!({"idempotency_key": "r"}));
    assert_ne!(rotated["signature_key"], made["signature_key"]);
    let unknown = json!({"subscription": {"event_types": ["order.eaten"]}});
    assert_eq!(bench.as_application("PUT", &path, unknown).0, 400);
    let wider = json!({"subscription": {"event_types": ["order.updated"]}});
    assert_eq!(bench.as_application("PUT", &path, wider).1["subscription"]["event_types"], json!(["order.updated"]));
    let (_, tested) = bench.as_application("POST", &format!("{path}/test"), json!({"event_type": "order.updated"}));
    assert_eq!(bench.topics(), ["order.updated"]);
    assert_eq!(tested["subscription_test_result"]["id"], json!(bench.outbox[0].id));
    assert!(is_signed(
        &bench.outbox[0],
        rotated["signature_key"].as_str().expect("a key"),
        "https://hub.example/hooks/square"
    ));
    assert_eq!(bench.as_application("DELETE", &path, json!({})).0, 200);
    assert_eq!(bench.as_application("GET", &path, json!({})).0, 404);
}

#[test]
fn a_subscription_that_fails_for_long_is_disabled() {
    let mut bench = Bench::open();
    let made = bench.subscribe(&["order.created"]);
    let id = made["id"].as_str().expect("an id").to_owned();
    let (mut dice, mut outbox) = (Dice::new(1), Vec::new());
    bench.square.gave_up(&id, &mut World { now: bench.now, dice: &mut dice, outbox: &mut outbox });
    bench.sell("S1", "MUG", "1");
    assert!(bench.outbox.is_empty());
    let (_, shown) = bench.as_application("GET", &format!("/v2/webhooks/subscriptions/{id}"), json!({}));
    assert_eq!(shown["subscription"]["enabled"], false);
    let (_, listed) = bench.as_application("GET", "/v2/webhooks/subscriptions", json!({}));
    assert_eq!(listed["subscriptions"], json!([]));
    bench.square.unsubscribe(&mut World { now: bench.now, dice: &mut dice, outbox: &mut outbox });
    assert_eq!(bench.as_application("GET", &format!("/v2/webhooks/subscriptions/{id}"), json!({})).0, 404);
}

#[test]
fn a_retry_keeps_its_id_and_bytes_and_says_why() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", "MUG", "1");
    let first = bench.outbox[0].clone();
    let mut again = first.clone();
    bench.square.on_retry(&mut again, 1, Attempt::TimedOut);
    bench.square.on_retry(&mut again, 2, Attempt::Answered(500));
    assert_eq!((&again.id, &again.body), (&first.id, &first.body));
    assert_eq!(header(&again, "square-retry-number"), Some("2"));
    assert_eq!(header(&again, "square-retry-reason"), Some("http_error"));
    assert_eq!(header(&first, "square-retry-number"), None);
    assert_eq!(bench.square.retry_pauses().iter().sum::<i64>(), (123 + 22 * 60) * 60_000);
}

#[test]
fn past_events_can_be_searched_for_four_weeks() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", "MUG", "1");
    let search = json!({"limit": 1, "query": {"filter": {"event_types": ["order.created", "order.updated"]},
        "sort": {"field": "DEFAULT", "order": "ASC"}}});
    let (_, first) = bench.as_application("POST", "/v2/events", search.clone());
    assert_eq!(first["events"][0]["type"], "order.created");
    assert_eq!(first["metadata"][0]["event_id"], first["events"][0]["event_id"]);
    let mut next = search.clone();
    next["cursor"] = first["cursor"].clone();
    let (_, second) = bench.as_application("POST", "/v2/events", next);
    assert_eq!((&second["events"][0]["type"], second.get("cursor")), (&json!("order.updated"), None));
    let sent: Value = serde_json::from_slice(&bench.outbox[0].body).expect("JSON");
    assert_eq!(first["events"][0], sent);
    bench.now += 28 * 24 * 3_600_000 + 1;
    assert_eq!(bench.as_application("POST", "/v2/events", search).1["events"], json!([]));
}

#[test]
fn the_testers_shortcut_subscribes_with_a_key_of_its_own_choice() {
    let mut bench = Bench::open();
    let (mut dice, mut outbox) = (Dice::new(1), Vec::new());
    let mut world = World { now: bench.now, dice: &mut dice, outbox: &mut outbox };
    let unknown = ["order.eaten".to_owned()];
    assert!(bench.square.subscribe("https://hub.example/h", &unknown, None, &mut world).is_err());
    let made = bench.square.subscribe("https://hub.example/h", &[], Some("secret"), &mut world);
    assert_eq!(made.expect("subscribed")[0]["event_types"], json!(crate::square::TOPICS));
    bench.sell("S1", "MUG", "1");
    assert!(is_signed(&bench.outbox[0], "secret", "https://hub.example/h"));
}
