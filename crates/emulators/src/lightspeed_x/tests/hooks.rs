//! Subscriptions, signatures, and the old shapes.

use super::{Bench, form, payload, text, till_sale};
use crate::lightspeed_x::TOPICS;
use crate::machine::{Attempt, Machine, Outgoing, World};
use aws_lc_rs::hmac;
use serde_json::{Value, json};

fn header<'d>(delivery: &'d Outgoing, name: &str) -> &'d str {
    let found = delivery.headers.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).expect("the header")
}

/// Recomputed from the header's own words, without the signer.
fn is_signed(delivery: &Outgoing, secret: &str) -> bool {
    let mut parts = header(delivery, "x-signature").split(',').map(|pair| pair.split_once('=').expect("a pair"));
    let (signature, algorithm) = (parts.next().expect("the signature"), parts.next().expect("the algorithm"));
    assert_eq!((signature.0, algorithm), ("signature", ("algorithm", "HMAC-SHA256")));
    assert_eq!(signature.1, signature.1.to_lowercase());
    let digits: Vec<char> = signature.1.chars().collect();
    let value = |digit: char| digit.to_digit(16).expect("a digit") as u8;
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| value(pair[0]) * 16 + value(pair[1])).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, &delivery.body, &bytes).is_ok()
}

#[test]
fn a_delivery_is_a_form_signed_as_it_is_sent_and_does_not_name_its_type() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "1")]);
    let delivery = bench.outbox[0].clone();
    assert_eq!(delivery.url, "https://hub.example/hooks/lsx/sale.update");
    assert_eq!(header(&delivery, "content-type"), "application/x-www-form-urlencoded");
    assert!(is_signed(&delivery, "lightspeed-x-client-secret"));
    assert!(!is_signed(&delivery, "another"));
    let body = String::from_utf8(delivery.body.to_vec()).expect("text");
    assert!(body.starts_with("payload=%7B"));
    assert!(!body.contains("sale.update") && !format!("{:?}", delivery.headers).contains("sale.update"));
    let pairs = form::read(&body);
    assert_eq!((pairs[1].0.as_str(), pairs[1].1.as_str()), ("domain_prefix", "emulated-x"));
    assert_eq!((pairs[2].0.as_str(), pairs[2].1.as_str()), ("environment", "prod"));
}

#[test]
fn a_sale_is_told_in_the_old_shape() {
    let mut bench = Bench::stocked("10");
    let mut act = till_sale("S1", &[("MUG", "2")]);
    act["customer"] = json!({"reference": "C1", "given_name": "Ana"});
    let told = bench.act(act);
    let sale = bench.last("sale.update");
    assert_eq!((&sale["id"], &sale["status"], &sale["source"]), (&told["sale_id"], &json!("CLOSED"), &json!("USER")));
    assert_eq!((&sale["sale_date"], &sale["deleted_at"]), (&json!("2026-11-23 09:15:01"), &json!("")));
    assert_eq!(sale["version"], told["version"]);
    let line = &sale["register_sale_products"][0];
    assert_eq!((&line["quantity"], &line["price"], &line["tax"]), (&json!(2), &json!("10.00"), &json!("2.00")));
    assert_eq!((&line["price_total"], &line["tax_total"]), (&json!("20.00"), &json!("4.00")));
    assert_eq!(sale["register_sale_payments"][0]["amount"], "24.00");
    assert_eq!((&sale["taxes"][0]["rate"], &sale["taxes"][0]["tax"]), (&json!("0.2"), &json!("4.00")));
    let totals = json!({"total_price": "20.00", "total_tax": "4.00", "total_payment": "24.00", "total_to_pay": "0.00", "total_loyalty": "0.00"});
    assert_eq!(sale["totals"], totals);
    assert_eq!(sale["customer"]["first_name"], "Ana");
}

#[test]
fn a_stock_change_is_told_with_its_product_and_outlet() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "0.5")]);
    let told = bench.last("inventory.update");
    let (mug, place) = (bench.product("MUG"), bench.outlet("High Street"));
    assert_eq!((&told["product_id"], &told["outlet_id"]), (&json!(mug), &json!(place)));
    assert_eq!((&told["count"], &told["product"]["sku"]), (&json!("9.50000"), &json!("MUG")));
    assert_eq!(told["outlet"]["name"], "High Street");
    let rows = bench.ok("POST", "inventory", json!({"size": 1}));
    assert_eq!((&rows[0]["version"], &rows[0]["id"]), (&told["version"], &told["id"]));
}

#[test]
fn the_same_type_and_address_is_subscribed_once() {
    let mut bench = Bench::open();
    let body = json!({"active": true, "type": "sale.update", "url": "https://hub.example/a"});
    let (status, made) = bench.call("POST", "webhooks", body.clone());
    assert_eq!((status, &made["data"]["type"]), (201, &json!("sale.update")));
    assert_eq!(bench.refused("POST", "webhooks", body), 409);
    for bad in [
        json!({"active": true, "type": "sale.create", "url": "https://hub.example/a"}),
        json!({"active": true, "type": "sale.update"}),
        json!({"type": "sale.update", "url": "https://hub.example/b"}),
    ] {
        assert_eq!(bench.refused("POST", "webhooks", bad), 422);
    }
    let path = format!("webhooks/{}", text(&made["data"]["id"]));
    let off = json!({"active": false, "type": "sale.update", "url": "https://hub.example/a"});
    assert_eq!(bench.ok("PUT", &path, off)["data"]["active"], false);
    bench.sell("S1", &[("MUG", "1")]);
    assert!(bench.outbox.is_empty());
    assert_eq!(bench.get("webhooks")["data"], json!([bench.get(&path)["data"]]));
    assert_eq!(bench.call("DELETE", &path, Value::Null), (204, Value::Null));
    assert_eq!(bench.refused("GET", &path, Value::Null), 404);
}

#[test]
fn the_shortcut_subscribes_one_address_to_all_types_and_somebody_can_remove_them() {
    let mut bench = Bench::open();
    let mut world = World { now: bench.now, dice: &mut bench.dice, outbox: &mut bench.outbox };
    let made = bench.shop.subscribe("https://hub.example/a", &[], None, &mut world).expect("subscriptions");
    assert_eq!(made.as_array().map(Vec::len), Some(TOPICS.len()));
    assert!(bench.shop.subscribe("https://hub.example/a", &["sale.create".into()], None, &mut world).is_err());
    let again = bench.shop.subscribe("https://hub.example/a", &["sale.update".into()], None, &mut world);
    assert_eq!(again.expect("a subscription")[0]["id"], made[0]["id"]);
    bench.shop.unsubscribe(&mut world);
    bench.sell("S1", &[("MUG", "1")]);
    assert!(bench.outbox.is_empty());
    assert_eq!(bench.get("webhooks")["data"], json!([]));
}

#[test]
fn twenty_tries_fill_forty_eight_hours_and_look_alike() {
    let mut bench = Bench::stocked("10");
    let pauses = bench.shop.retry_pauses();
    assert_eq!((pauses.len() + 1, pauses.iter().sum::<i64>()), (20, 48 * 3_600_000));
    assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(bench.shop.delivery_timeout(), 5_000);
    bench.sell("S1", &[("MUG", "1")]);
    let mut again = bench.outbox[0].clone();
    bench.shop.on_retry(&mut again, 1, Attempt::TimedOut);
    assert_eq!(again, bench.outbox[0]);
    let (now, subscription) = (bench.now, again.subscription);
    let mut world = World { now, dice: &mut bench.dice, outbox: &mut bench.outbox };
    bench.shop.gave_up(&subscription, &mut world);
    assert_eq!(bench.get("webhooks")["data"].as_array().map(Vec::len), Some(TOPICS.len()));
}

#[test]
fn every_subscriber_of_a_type_gets_the_same_bytes() {
    let mut bench = Bench::open();
    for url in ["https://hub.example/a", "https://hub.example/b"] {
        bench.ok("POST", "webhooks", json!({"active": true, "type": "sale.update", "url": url}));
    }
    bench.sell("S1", &[("MUG", "1")]);
    assert_eq!(bench.outbox.len(), 2);
    assert_eq!(bench.outbox[0].body, bench.outbox[1].body);
    assert_ne!(bench.outbox[0].id, bench.outbox[1].id);
    assert_eq!(payload(&bench.outbox[0])["status"], "CLOSED");
}

#[test]
fn business_rules_are_kept_and_listed() {
    let mut bench = Bench::open();
    let made = bench.ok("POST", "workflows/remote_rules", json!({"url": "https://hub.example/rules"}));
    let remote = text(&made["data"]["id"]);
    let rule = json!({"event_type": "sale.ready_for_payment", "remote_rule_id": remote});
    bench.ok("POST", "workflows/rules", rule.clone());
    assert_eq!(bench.get("workflows/rules")["data"][0]["remote_rule_id"], *remote);
    let mut odd = rule;
    odd["event_type"] = json!("sale.deleted");
    assert_eq!(bench.refused("POST", "workflows/rules", odd), 422);
    bench.ok("DELETE", &format!("workflows/remote_rules/{remote}"), Value::Null);
    assert_eq!(bench.get("workflows/rules")["data"], json!([]));
}
