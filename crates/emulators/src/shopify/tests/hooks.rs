//! Webhooks: what is sent, what it says, how it is signed.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Bench, body, header};
use crate::machine::{Attempt, Machine as _, Outgoing, World};
use crate::shopify::Settings;

fn signed(delivery: &Outgoing, secret: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = STANDARD.decode(header(delivery, "X-Shopify-Hmac-Sha256")).expect("base64");
    hmac::verify(&key, &delivery.body, &signature).is_ok()
}

#[test]
fn one_sale_announces_the_order_its_fulfilment_and_its_levels_under_one_event() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create", "orders/updated", "inventory_levels/update", "fulfillments/create"]);
    bench.sell("s1", "SKU-1", "2");
    let events: Vec<&str> = bench.sent.iter().map(|d| header(d, "X-Shopify-Event-Id")).collect();
    assert!(events.windows(2).all(|pair| pair[0] == pair[1]));
    let mut ids: Vec<&str> = bench.sent.iter().map(|d| d.id.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4, "each delivery has its own id");
    assert!(bench.sent.iter().all(|delivery| signed(delivery, "shpss_emulated")));
    assert_eq!(bench.topics(), ["orders/create", "orders/updated", "fulfillments/create", "inventory_levels/update"]);
}

#[test]
fn an_order_body_has_the_vendors_shape() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create"]);
    bench.ok(json!({"act": "till_sale", "reference": "s-91", "location": "Front",
        "lines": [{"sku": "SKU-1", "quantity": "2", "unit_price_minor": 2095}],
        "customer": {"reference": "ana", "given_name": "Ana", "email": "ana@example.com"}}));
    let delivery = bench.sent.pop().expect("it was sent");
    let order = body(&delivery);
    assert_eq!(order["name"], "#1001");
    assert_eq!(order["source_name"], "pos");
    assert_eq!(order["created_at"], "2026-11-23T11:15:09+01:00", "the shop is in Berlin");
    assert_eq!(order["total_price"], "41.90");
    assert_eq!(order["total_price_set"]["shop_money"]["currency_code"], "EUR");
    assert_eq!(order["note_attributes"], json!([{"name": "reference", "value": "s-91"}]));
    assert_eq!(order["customer"]["first_name"], "Ana");
    let line = &order["line_items"][0];
    assert_eq!((&line["sku"], &line["quantity"], &line["price"]), (&json!("SKU-1"), &json!(2), &json!("20.95")));
    for id in [&order["id"], &order["location_id"], &line["id"], &line["variant_id"]] {
        assert!(id.as_u64().expect("a whole number") > 1 << 53, "{id} fits a double");
    }
    let gid = format!("gid://shopify/Order/{}", order["id"]);
    assert_eq!(order["admin_graphql_api_id"], Value::from(gid));
    assert_eq!(header(&delivery, "X-Shopify-API-Version"), "2026-10");
    assert_eq!(header(&delivery, "X-Shopify-Shop-Domain"), "lockstep-demo.myshopify.com");
    assert_eq!(header(&delivery, "X-Shopify-Triggered-At"), "2026-11-23T10:15:09.000Z");
}

#[test]
fn a_web_order_has_no_location_and_a_refund_names_its_lines() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create", "refunds/create", "orders/cancelled", "orders/edited"]);
    bench.order("w1", &[("SKU-1", "2")]).expect("in stock");
    assert_eq!(body(&bench.sent[0])["location_id"], Value::Null);
    assert_eq!(body(&bench.sent[0])["fulfillment_status"], Value::Null);
    bench.ok(json!({"act": "edit", "reference": "w1", "line": 0, "quantity": "1"}));
    let edit = body(&bench.sent[1]);
    assert_eq!(edit["order_edit"]["line_items"]["removals"][0]["delta"], 1);
    bench.ok(json!({"act": "cancel", "reference": "w1"}));
    let refund = bench.sent.iter().find(|d| d.topic == "refunds/create").map(body).expect("sent");
    let line = &refund["refund_line_items"][0];
    assert_eq!((&line["restock_type"], &line["quantity"]), (&json!("cancel"), &json!(1)));
    assert_eq!(line["line_item"]["sku"], "SKU-1");
    assert_eq!(bench.topics(), ["orders/create", "orders/edited", "refunds/create", "orders/cancelled"]);
}

#[test]
fn slashes_are_escaped_now_and_then_and_the_signature_still_fits() {
    let settings = Settings { escaped_slash_per_million: 1_000_000, ..Settings::default() };
    let mut bench = Bench::with(settings);
    bench.subscribe(&["orders/create"]);
    bench.sell("s1", "SKU-1", "1");
    let delivery = &bench.sent[0];
    let text = std::str::from_utf8(&delivery.body).expect("text");
    assert!(text.contains(r"gid:\/\/shopify\/Order\/"), "{text}");
    assert!(signed(delivery, "shpss_emulated"));
    assert!(body(delivery)["admin_graphql_api_id"].as_str().expect("text").starts_with("gid://shopify/Order/"));
}

#[test]
fn a_stock_change_can_announce_its_product_too() {
    let settings = Settings { product_echo_per_million: 1_000_000, ..Settings::default() };
    let mut bench = Bench::with(settings);
    bench.subscribe(&["products/update"]);
    bench.sell("s1", "SKU-1", "1");
    assert_eq!(body(&bench.sent[0])["variants"][0]["inventory_quantity"], 14);
}

#[test]
fn a_deleted_item_is_announced_by_its_id_alone_and_is_gone() {
    let mut bench = Bench::new();
    bench.subscribe(&["products/delete"]);
    bench.ok(json!({"act": "delete_item", "sku": "SKU-1"}));
    assert_eq!(body(&bench.sent[0]).as_object().expect("an object").len(), 1);
    bench.act(json!({"act": "count", "sku": "SKU-1", "location": "Front", "quantity": "1"})).expect_err("gone");
}

#[test]
fn a_subscription_is_made_and_deleted_by_the_vendors_calls() {
    let mut bench = Bench::new();
    let create = "mutation($w: WebhookSubscriptionInput!) { webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: $w) {
        webhookSubscription { id topic uri includeFields } userErrors { field message } } }";
    let input = json!({"uri": "https://hub.example/hooks", "includeFields": ["id", "name"], "name": "hub"});
    let made = bench.ask(create, json!({"w": input}));
    let subscription = &made["data"]["webhookSubscriptionCreate"]["webhookSubscription"];
    assert_eq!(subscription["topic"], "ORDERS_CREATE");
    let again = bench.ask(create, json!({"w": input}));
    let why = &again["data"]["webhookSubscriptionCreate"]["userErrors"][0]["message"];
    assert_eq!(why, "Address for this topic has already been taken");
    bench.sell("s1", "SKU-1", "1");
    let delivery = bench.sent.remove(0);
    assert_eq!(body(&delivery).as_object().expect("an object").len(), 2, "only the fields asked for");
    assert!(signed(&delivery, "shpss_emulated"));
    assert_eq!(header(&delivery, "X-Shopify-Name"), "hub");
    let delete = "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { message } } }";
    let gone = bench.ask(delete, json!({"id": subscription["id"]}));
    assert_eq!(gone["data"]["webhookSubscriptionDelete"]["deletedWebhookSubscriptionId"], subscription["id"]);
    bench.sell("s2", "SKU-1", "1");
    assert!(bench.sent.is_empty());
}

#[test]
fn a_retry_goes_to_the_address_that_is_set_by_then() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create"]);
    bench.sell("s1", "SKU-1", "1");
    let mut delivery = bench.sent.remove(0);
    let update = "mutation($id: ID!) { webhookSubscriptionUpdate(id: $id, webhookSubscription: {uri: \"https://hub.example/new\"}) {
        webhookSubscription { uri } userErrors { message } } }";
    let id = format!("gid://shopify/WebhookSubscription/{}", delivery.subscription);
    bench.ask(update, json!({"id": id}));
    let before = delivery.clone();
    bench.shop.on_retry(&mut delivery, 1, Attempt::TimedOut);
    assert_eq!(delivery.url, "https://hub.example/new");
    assert_eq!((delivery.body, delivery.headers), (before.body, before.headers));
}

#[test]
fn a_subscription_is_deleted_when_a_delivery_was_given_up() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create", "orders/paid"]);
    bench.sell("s1", "SKU-1", "1");
    let failed = bench.sent[0].subscription.clone();
    let mut world = World { now: bench.now, dice: &mut bench.dice, outbox: &mut bench.sent };
    bench.shop.gave_up(&failed, &mut world);
    bench.sent.clear();
    bench.sell("s2", "SKU-1", "1");
    assert_eq!(bench.topics(), ["orders/paid"]);
}

#[test]
fn uninstalling_kills_the_token_and_says_goodbye_once() {
    let mut bench = Bench::new();
    bench.subscribe(&["app/uninstalled", "orders/create"]);
    bench.ok(json!({"act": "uninstall"}));
    assert_eq!(body(&bench.sent[0])["myshopify_domain"], "lockstep-demo.myshopify.com");
    assert_eq!(bench.topics(), ["app/uninstalled"]);
    let answer =
        bench.post("/admin/api/2026-10/graphql.json", "shpat_emulated", &json!({"query": "{ shop { name } }"}));
    assert_eq!(answer.status(), 401);
    bench.sell("s1", "SKU-1", "1");
    assert!(bench.sent.is_empty());
}
