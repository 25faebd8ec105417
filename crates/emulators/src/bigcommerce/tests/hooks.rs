//! Webhooks: signed, thin, several for one change, and how they end.

use super::{Bench, Settings};
use crate::machine::{Machine, Outgoing, World};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

fn header<'d>(delivery: &'d Outgoing, name: &str) -> Option<&'d str> {
    delivery.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Recomputed from the vendor's words: the text `id.timestamp.body` under the client secret.
fn is_signed(delivery: &Outgoing, secret: &str) -> bool {
    let (id, at) = (header(delivery, "webhook-id").expect("an id"), header(delivery, "webhook-timestamp"));
    let text = [id.as_bytes(), b".", at.expect("a time").as_bytes(), b".", &delivery.body[..]].concat();
    let signature = header(delivery, "webhook-signature").and_then(|text| text.strip_prefix("v1,")).expect("v1");
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, &text, &STANDARD.decode(signature).expect("base64")).is_ok()
}

fn create(bench: &mut Bench, scope: &str, destination: &str) -> (u16, Value) {
    bench.call("POST", "/v3/hooks", json!({"scope": scope, "destination": destination, "is_active": true}))
}

const HUB: &str = "https://hub.example/hooks/bigcommerce";

#[test]
fn a_delivery_is_signed_over_its_id_its_time_and_its_exact_bytes() {
    let mut bench = Bench::open();
    let form = json!({"scope": "store/customer/*", "destination": HUB, "headers": {"X-Hub-Secret": "hush"}});
    let made = bench.ok("POST", "/v3/hooks", form)["data"].clone();
    bench.act(json!({"act": "put_customer", "customer": {"reference": "C1", "email": "ana@example.com"}}));
    let delivery = &bench.outbox[0];
    assert!(is_signed(delivery, "bigcommerce-client-secret"));
    assert!(!is_signed(delivery, "another"));
    assert_eq!(header(delivery, "webhook-timestamp"), Some("1795425302"));
    assert_eq!(header(delivery, "X-Hub-Secret"), Some("hush"));
    assert_eq!((delivery.url.as_str(), delivery.id.as_str()), (HUB, header(delivery, "webhook-id").expect("an id")));
    assert_eq!(delivery.subscription, made["id"].to_string());
    let body: Value = serde_json::from_slice(&delivery.body).expect("JSON");
    assert_eq!((&body["scope"], &body["store_id"]), (&json!("store/customer/created"), &json!("1003127")));
    assert_eq!((&body["created_at"], &body["producer"]), (&json!(1_795_425_302), &json!("stores/bcemulated")));
    assert_eq!(body["data"], json!({"type": "customer", "id": 31, "origin_channel_id": 1, "channel_ids": [1]}));
    let length = digest::SHA1_FOR_LEGACY_USE_ONLY.output_len() * 2;
    assert_eq!(body["hash"].as_str().map(str::len), Some(length));
}

#[test]
fn in_the_unsigned_mode_only_the_hooks_own_headers_mark_a_delivery() {
    let mut bench = Bench::open_with(Settings { signed: false, ..Settings::example() });
    let form = json!({"scope": "store/customer/created", "destination": HUB, "headers": {"X-Hub-Secret": "hush"}});
    bench.ok("POST", "/v3/hooks", form);
    bench.act(json!({"act": "put_customer", "customer": {"reference": "C1", "email": "ana@example.com"}}));
    let names: Vec<&str> = bench.outbox[0].headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "X-Hub-Secret"]);
}

#[test]
fn a_retry_keeps_its_id_and_is_signed_at_its_own_time() {
    let mut bench = Bench::stocked(5);
    bench.order("W1", &[("MUG", 1)]);
    let first = bench.outbox[0].clone();
    let mut again = first.clone();
    bench.store.dated(&mut again, bench.now + 60_000);
    assert_eq!((&again.id, &again.body), (&first.id, &first.body));
    assert_eq!(header(&again, "webhook-id"), header(&first, "webhook-id"));
    let at = |delivery: &Outgoing| header(delivery, "webhook-timestamp").expect("a time").parse::<i64>();
    assert_eq!(at(&again).expect("seconds") - at(&first).expect("seconds"), 60);
    assert!(is_signed(&again, "bigcommerce-client-secret"));
}

#[test]
fn the_retry_table_is_the_published_one_and_after_it_the_hook_is_switched_off() {
    let mut bench = Bench::open();
    let table = [60, 180, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 50_400, 86_400];
    assert_eq!(bench.store.retry_pauses().iter().map(|pause| pause / 1_000).collect::<Vec<_>>(), table);
    let (_, made) = create(&mut bench, "store/customer/*", HUB);
    let id = made["data"]["id"].to_string();
    let mut world = World { now: bench.now, dice: &mut bench.dice, outbox: &mut bench.outbox };
    bench.store.gave_up(&id, &mut world);
    bench.act(json!({"act": "put_customer", "customer": {"reference": "C1", "email": "ana@example.com"}}));
    assert_eq!(bench.topics(), Vec::<&str>::new());
    assert_eq!(bench.get(&format!("/v3/hooks/{id}"))["data"]["is_active"], false);
    assert_eq!(bench.get("/v3/hooks/admin")["data"]["hooks_list"][0]["status"], "deactivated");
    bench.ok("PUT", &format!("/v3/hooks/{id}"), json!({"is_active": true}));
    bench.act(json!({"act": "put_customer", "customer": {"reference": "C2", "email": "bea@example.com"}}));
    assert_eq!(bench.topics(), ["store/customer/created"]);
}

#[test]
fn hooks_are_made_listed_changed_and_deleted() {
    let mut bench = Bench::open();
    let (status, made) = create(&mut bench, "store/order/*", HUB);
    assert_eq!((status, &made["data"]["client_id"]), (200, &json!("bigcommerce-client-id")));
    assert_eq!((&made["data"]["headers"], &made["data"]["is_active"]), (&Value::Null, &json!(true)));
    let id = made["data"]["id"].to_string();
    let changed = bench.ok("PUT", &format!("/v3/hooks/{id}"), json!({"destination": "https://b.example/h"}));
    assert_eq!(
        (&changed["data"]["destination"], &changed["data"]["scope"]),
        (&json!("https://b.example/h"), &json!("store/order/*"))
    );
    create(&mut bench, "store/sku/*", HUB);
    assert_eq!(bench.get("/v3/hooks?scope=store/sku/*")["meta"]["pagination"]["total"], 1);
    assert_eq!(bench.ok("DELETE", &format!("/v3/hooks/{id}"), Value::Null)["data"]["scope"], "store/order/*");
    assert_eq!(bench.call("GET", &format!("/v3/hooks/{id}"), Value::Null).0, 404);
    assert_eq!(bench.get("/v3/hooks")["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn there_are_ten_hooks_of_a_scope_each_with_its_own_https_destination() {
    let mut bench = Bench::open();
    for number in 0..10 {
        assert_eq!(create(&mut bench, "store/order/*", &format!("https://hub.example/{number}")).0, 200);
    }
    assert_eq!(create(&mut bench, "store/order/*", "https://hub.example/10").0, 422);
    assert_eq!(create(&mut bench, "store/sku/*", HUB).0, 200);
    assert_eq!(create(&mut bench, "store/sku/*", HUB).0, 422);
    for destination in ["http://hub.example/h", "https://hub.example:8443/h", "hub", ""] {
        assert_eq!(create(&mut bench, "store/product/*", destination).0, 422, "{destination}");
    }
    assert_eq!(create(&mut bench, "store/product/*", "http://127.0.0.1:8080/h").0, 200);
    assert_eq!(create(&mut bench, "orders/create", HUB).0, 422);
}

#[test]
fn a_change_is_told_in_several_scopes_and_to_every_hook_that_hears_it() {
    let mut bench = Bench::open();
    bench.count("SHIRT-S", "Warehouse", 3);
    for (scope, path) in [("store/sku/*", "a"), ("store/sku/inventory/updated", "b"), ("store/product/*", "c")] {
        create(&mut bench, scope, &format!("https://hub.example/{path}"));
    }
    bench.outbox.clear();
    bench.count("SHIRT-S", "Warehouse", 7);
    assert_eq!(bench.topics(), ["store/sku/inventory/updated", "store/sku/inventory/updated"]);
    assert_ne!(bench.outbox[0].id, bench.outbox[1].id);
    assert_eq!(bench.outbox[0].body, bench.outbox[1].body);
}
