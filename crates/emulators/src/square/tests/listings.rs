//! Items with one variation or many: put, listed, sold, changed by the API.

use super::Bench;
use crate::machine::Machine;
use serde_json::{Value, json};

fn put(bench: &mut Bench, sku: &str, option: &str, price: i64) -> Value {
    bench.act(json!({"act": "put_item", "sku": sku, "title": sku, "product": "Cup", "option": option,
        "price_minor": price}))
}

/// `sku title price barcode` of every listing with such a SKU.
fn listed(bench: &Bench, prefix: &str) -> Vec<String> {
    let listings = bench.square.books().listings.into_iter().filter(|it| it.sku.starts_with(prefix));
    listings.map(|it| format!("{} {} {} {}", it.sku, it.title, it.price_minor, it.barcode)).collect()
}

fn object(bench: &mut Bench, id: &Value) -> Value {
    let path = format!("/v2/catalog/object/{}", id.as_str().expect("an id"));
    bench.ok("GET", &path, json!({}))["object"].clone()
}

fn upsert(bench: &mut Bench, objects: &[Value]) -> (u16, Value) {
    let batches: Vec<Value> = objects.iter().map(|object| json!({ "objects": [object] })).collect();
    let key = bench.key();
    bench.call("POST", "/v2/catalog/batch-upsert", json!({"idempotency_key": key, "batches": batches}))
}

#[test]
fn items_of_one_product_are_variations_of_one_item() {
    let mut bench = Bench::stocked("1");
    let (blue, red) = (put(&mut bench, "C-B", "Blue", 500), put(&mut bench, "C-R", "Red", 650));
    assert_eq!(blue["item_id"], red["item_id"]);
    assert_ne!(blue["variation_id"], red["variation_id"]);
    assert_eq!(bench.topics(), ["catalog.version.updated", "catalog.version.updated"]);
    let item = object(&mut bench, &blue["item_id"]);
    let names: Vec<&Value> = item["item_data"]["variations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it["item_variation_data"]["name"])
        .collect();
    assert_eq!((&item["item_data"]["name"], names), (&json!("Cup"), vec![&json!("Blue"), &json!("Red")]));
    assert_eq!(listed(&bench, "C-"), ["C-B Cup (Blue) 500 ", "C-R Cup (Red) 650 "]);
    assert_eq!(listed(&bench, "WRAP"), ["WRAP WRAP 200 "], "a service is listed, too");
}

#[test]
fn sixty_variations_of_one_item_are_listed_stocked_and_sold() {
    let mut bench = Bench::stocked("1");
    for number in 0..60 {
        put(&mut bench, &format!("C-{number:02}"), &format!("No {number}"), 500 + number);
    }
    assert_eq!(listed(&bench, "C-").len(), 60);
    let found = bench.ok("POST", "/v2/catalog/search", json!({"object_types": ["ITEM"], "limit": 1_000}));
    let items = found["objects"].as_array().expect("objects");
    let cup = items.iter().find(|item| item["item_data"]["name"] == "Cup").expect("the item");
    assert_eq!(cup["item_data"]["variations"].as_array().map(Vec::len), Some(60));
    bench.sell("S1", "C-55", "2");
    assert_eq!(bench.level("C-55", "High Street"), "-2");
}

#[test]
fn an_item_that_is_put_again_keeps_its_product_and_is_not_moved_to_another() {
    let mut bench = Bench::stocked("1");
    put(&mut bench, "C-B", "Blue", 500);
    put(&mut bench, "C-R", "Red", 650);
    bench.act(json!({"act": "put_item", "sku": "C-B", "title": "ignored", "option": "Sky", "price_minor": 550}));
    assert_eq!(listed(&bench, "C-B"), ["C-B Cup (Sky) 550 "]);
    let moved = json!({"act": "put_item", "sku": "C-B", "title": "x", "product": "Pot", "price_minor": 1});
    assert!(bench.try_act(moved).is_err());
    bench.act(json!({"act": "put_item", "sku": "MUG", "title": "Big mug", "price_minor": 7}));
    assert_eq!(listed(&bench, "MUG"), ["MUG Big mug 7 "]);
}

#[test]
fn what_the_api_writes_moves_the_listings() {
    let mut bench = Bench::stocked("1");
    let blue = put(&mut bench, "C-B", "Blue", 500);
    bench.outbox.clear();
    let mut variation = object(&mut bench, &blue["variation_id"]);
    variation["item_variation_data"]["price_money"]["amount"] = json!(550);
    variation["item_variation_data"]["upc"] = json!("4006381333931");
    assert_eq!(upsert(&mut bench, &[variation]).0, 200);
    assert_eq!(listed(&bench, "C-B"), ["C-B Cup (Blue) 550 4006381333931"]);
    assert_eq!(bench.topics(), ["catalog.version.updated"]);
    let mut item = object(&mut bench, &blue["item_id"]);
    item["item_data"]["name"] = json!("Mug");
    assert_eq!(upsert(&mut bench, &[item]).0, 200);
    assert_eq!(listed(&bench, "C-B"), ["C-B Mug (Blue) 550 4006381333931"]);
}

#[test]
fn a_batch_that_is_refused_does_not_stop_the_others_of_its_call() {
    let mut bench = Bench::stocked("1");
    let (blue, red) = (put(&mut bench, "C-B", "Blue", 500), put(&mut bench, "C-R", "Red", 650));
    let (mut first, mut second) = (object(&mut bench, &blue["variation_id"]), object(&mut bench, &red["variation_id"]));
    first["item_variation_data"]["price_money"]["amount"] = json!(501);
    second["item_variation_data"]["price_money"]["amount"] = json!(651);
    first["version"] = json!(1);
    let (status, answer) = upsert(&mut bench, &[first.clone(), second]);
    assert_eq!((status, answer["objects"].as_array().map(Vec::len)), (200, Some(1)));
    assert_eq!(answer["errors"][0]["code"], "VERSION_MISMATCH");
    assert_eq!(answer["errors"][0]["field"], "batches[0].objects[0].version");
    assert_eq!(listed(&bench, "C-"), ["C-B Cup (Blue) 500 ", "C-R Cup (Red) 651 "]);
    assert_eq!(upsert(&mut bench, &[first]).0, 400);
}
