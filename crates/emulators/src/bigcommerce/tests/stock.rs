//! Adjustments: accepted whole, shown a moment later, told by product or by SKU.

use super::{Bench, Settings};
use crate::machine::Machine;
use serde_json::{Value, json};

const ABSOLUTE: &str = "/v3/inventory/adjustments/absolute";
const RELATIVE: &str = "/v3/inventory/adjustments/relative";

fn item(location: u64, sku: &str, quantity: i64) -> Value {
    json!({"location_id": location, "sku": sku, "quantity": quantity})
}

fn put(bench: &mut Bench, items: &[Value]) -> (u16, Value) {
    bench.call("PUT", ABSOLUTE, json!({"reason": "count", "items": items}))
}

fn post(bench: &mut Bench, items: &[Value]) -> (u16, Value) {
    bench.call("POST", RELATIVE, json!({"items": items}))
}

#[test]
fn an_adjustment_shows_within_two_seconds_after_it_was_accepted() {
    let mut bench = Bench::open();
    let (status, answer) = put(&mut bench, &[item(1, "MUG", 5)]);
    assert_eq!((status, answer["transaction_id"].is_string()), (200, true));
    assert_eq!(bench.level("MUG", "Warehouse"), "0");
    let due = bench.store.next_tick().expect("something is to be done");
    assert!((bench.now..=bench.now + 2_000).contains(&due));
    bench.settle();
    assert_eq!(bench.level("MUG", "Warehouse"), "5");
    assert_eq!(bench.store.next_tick(), None);
}

#[test]
fn two_counts_in_flight_may_show_in_either_order() {
    let mut ends = std::collections::BTreeSet::new();
    for seed in 0..32 {
        let mut bench = Bench::open();
        bench.dice = crate::machine::Dice::new(seed);
        put(&mut bench, &[item(1, "MUG", 0)]);
        put(&mut bench, &[item(1, "MUG", 100)]);
        bench.settle();
        ends.insert(bench.level("MUG", "Warehouse"));
    }
    assert_eq!(ends.into_iter().collect::<Vec<_>>(), ["0", "100"]);
}

#[test]
fn one_bad_item_refuses_all_with_a_problem_document() {
    let mut bench = Bench::open();
    for bad in [
        item(9, "MUG", 1),
        item(1, "NONE", 1),
        item(1, "WRAP", 1),
        item(1, "MUG", -1),
        json!({"location_id": 1, "sku": "MUG", "quantity": 1.5}),
        json!({"location_id": 1, "quantity": 1}),
        json!({"location_id": 1, "sku": "MUG", "product_id": 111, "quantity": 1}),
    ] {
        let body = json!({"items": [item(1, "TEA", 4), bad]});
        let response = bench.raw(super::request("bigcommerce-access-token", "PUT", ABSOLUTE, &body));
        assert_eq!(response.status(), 422, "{body}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    let many: Vec<Value> = (0..2_001).map(|_| item(1, "MUG", 1)).collect();
    assert_eq!(put(&mut bench, &many).0, 422);
    assert_eq!(put(&mut bench, &many[1..]).0, 200);
    bench.settle();
    assert_eq!((bench.level("TEA", "Warehouse"), bench.level("MUG", "Warehouse")), ("0".into(), "1".into()));
}

#[test]
fn a_relative_adjustment_needs_a_count_before_it() {
    let mut bench = Bench::open();
    let (status, refused) = post(&mut bench, &[item(1, "MUG", 3)]);
    assert_eq!(status, 422);
    assert_eq!(refused["title"], "Items with identity: [product_id 111] requires absolute adjustment before relative");
    put(&mut bench, &[item(1, "MUG", 0)]);
    bench.settle();
    assert_eq!(post(&mut bench, &[item(1, "MUG", 3)]).0, 200);
    assert_eq!(post(&mut bench, &[item(2, "MUG", 3)]).0, 422);
    bench.settle();
    assert_eq!(bench.level("MUG", "Warehouse"), "3");
}

#[test]
fn a_relative_adjustment_leaves_the_safety_stock_alone_and_reckons_with_those_in_flight() {
    let mut bench = Bench::stocked(50);
    let settings = json!({"settings": [{"identity": {"sku": "MUG"}, "safety_stock": 10}]});
    bench.ok("PUT", "/v3/inventory/locations/1/items", settings);
    assert_eq!(post(&mut bench, &[item(1, "MUG", -41)]).0, 422);
    assert_eq!(post(&mut bench, &[item(1, "MUG", -20)]).0, 200);
    assert_eq!(post(&mut bench, &[item(1, "MUG", -21)]).0, 422);
    assert_eq!(post(&mut bench, &[item(1, "MUG", -10), item(1, "MUG", -11)]).0, 422);
    bench.settle();
    let shown = bench.get("/v3/inventory/locations/1/items?sku:in=MUG")["data"][0].clone();
    assert_eq!((&shown["available_to_sell"], &shown["total_inventory_onhand"]), (&json!(20), &json!(30)));
    assert_eq!(shown["settings"]["safety_stock"], 10);
    assert_eq!(bench.level("MUG", "Warehouse"), "20");
    assert_eq!(bench.told("store/channel/*/inventory/product/settings_changed").len(), 1);
}

#[test]
fn an_item_is_named_by_what_it_is_counted_as() {
    let mut bench = Bench::open();
    let ((product, variant), (shirt, small)) = (bench.ids("MUG"), bench.ids("SHIRT-S"));
    let by = |name: &str, id: u64| json!({"location_id": 1, name: id, "quantity": 2});
    let (status, refused) = put(&mut bench, &[by("variant_id", variant)]);
    let title = format!("[Item with variant_id {variant} is tracked by product, please update stock by product id]");
    assert_eq!((status, &refused["title"]), (422, &json!(title)));
    assert_eq!(put(&mut bench, &[by("product_id", shirt)]).0, 422);
    // Items of one call may be named in different ways, as the vendor's own example does.
    assert_eq!(put(&mut bench, &[by("product_id", product), by("variant_id", small), item(1, "TEA", 2)]).0, 200);
    bench.settle();
    for sku in ["MUG", "SHIRT-S", "TEA"] {
        assert_eq!(bench.level(sku, "Warehouse"), "2", "{sku}");
    }
}

#[test]
fn a_change_is_told_by_product_without_variants_and_by_sku_with_them() {
    let mut bench = Bench::stocked(5);
    let (product, variant) = bench.ids("MUG");
    let (shirt, small) = bench.ids("SHIRT-S");
    let found = bench.get("/v3/catalog/variants?sku=SHIRT-S");
    let sku_id = found["data"][0]["sku_id"].clone();
    put(&mut bench, &[item(2, "MUG", 9)]);
    bench.settle();
    post(&mut bench, &[item(1, "SHIRT-S", -2)]);
    bench.settle();
    let changed = "store/channel/*/inventory/product/stock_changed";
    assert_eq!(bench.topics(), ["store/product/inventory/updated", changed, "store/sku/inventory/updated", changed]);
    let inventory = json!({"product_id": product, "method": "absolute", "value": 9});
    assert_eq!(
        bench.told("store/product/inventory/updated"),
        [json!({"type": "product", "id": product, "inventory": inventory})]
    );
    let inventory = json!({"product_id": shirt, "method": "relative", "value": -2, "variant_id": small});
    assert_eq!(
        bench.told("store/sku/inventory/updated"),
        [json!({"type": "sku", "id": sku_id, "inventory": inventory})]
    );
    assert_eq!(bench.told(changed)[0], json!({"variant_id": variant, "product_id": product, "location_id": 2}));
    bench.outbox.clear();
    put(&mut bench, &[item(2, "MUG", 9)]);
    bench.settle();
    assert_eq!(bench.topics(), Vec::<&str>::new());
}

#[test]
fn the_last_unit_and_the_warning_level_are_told_on_the_way_down() {
    let mut bench = Bench::stocked(5);
    let settings = json!({"settings": [{"identity": {"sku": "TEA"}, "warning_level": 3}]});
    bench.ok("PUT", "/v3/inventory/locations/1/items", settings);
    bench.count("TEA", "Warehouse", 3);
    assert_eq!(bench.told("store/channel/*/inventory/product/low_stock_reached").len(), 1);
    bench.count("TEA", "Warehouse", 0);
    assert_eq!(bench.told("store/channel/*/inventory/product/out_of_stock_reached").len(), 1);
    assert_eq!(bench.told("store/channel/*/inventory/product/low_stock_reached").len(), 1);
}

#[test]
fn stock_is_read_by_page_sku_id_and_location() {
    let mut bench = Bench::stocked(5);
    let all = bench.get("/v3/inventory/items?limit=3&page=2");
    assert_eq!(all["meta"]["pagination"]["total"], 4);
    assert_eq!(all["data"].as_array().map(Vec::len), Some(1));
    let (product, variant) = bench.ids("MUG");
    let one = bench.get("/v3/inventory/items?sku:in=MUG,WRAP&location_id:in=2")["data"].clone();
    assert_eq!(one.as_array().map(Vec::len), Some(1));
    let identity = json!({"sku": "MUG", "variant_id": variant, "product_id": product, "sku_id": null});
    assert_eq!((&one[0]["identity"], &one[0]["locations"][0]["location_name"]), (&identity, &json!("Harbour")));
    assert_eq!(one[0]["locations"].as_array().map(Vec::len), Some(1));
    let at = bench.get(&format!("/v3/inventory/locations/1/items?variant_id:in={variant}"));
    assert_eq!(at["data"][0]["available_to_sell"], 5);
    assert_eq!(bench.call("GET", "/v3/inventory/locations/9/items", Value::Null).0, 404);
    assert_eq!(bench.get("/v3/inventory/items?limit=5000")["meta"]["pagination"]["per_page"], 1_000);
}

#[test]
fn locations_are_listed_made_and_changed_and_the_first_one_put_is_the_default() {
    let mut bench = Bench::empty(Settings { quota: 1_000, ..Settings::example() });
    assert_eq!(bench.get("/v3/inventory/locations")["data"][0]["label"], "Default location");
    bench.subscribe(&[]);
    bench.act(json!({"act": "put_location", "name": "Warehouse"}));
    bench.act(json!({"act": "put_location", "name": "Harbour"}));
    bench.act(json!({"act": "put_location", "name": "Harbour"}));
    let place = json!({"code": "DOCK", "label": "Dock", "address": {"city": "Porto"}});
    bench.ok("POST", "/v3/inventory/locations", json!([place]));
    bench.ok("PUT", "/v3/inventory/locations", json!([{"id": 3, "label": "Quay"}]));
    assert_eq!(
        bench.topics(),
        [
            "store/inventory/location/updated",
            "store/inventory/location/created",
            "store/inventory/location/created",
            "store/inventory/location/updated"
        ]
    );
    let shown = bench.get("/v3/inventory/locations?location_code:in=DOCK")["data"].clone();
    assert_eq!((&shown[0]["id"], &shown[0]["label"]), (&json!(3), &json!("Quay")));
    assert_eq!(bench.get("/v3/inventory/locations?is_default=true")["data"][0]["label"], "Warehouse");
    assert_eq!(bench.call("POST", "/v3/inventory/locations", json!([place])).0, 422);
    assert_eq!(bench.call("PUT", "/v3/inventory/locations", json!([{"id": 1, "enabled": false}])).0, 422);
}

#[test]
fn the_owner_counts_and_adjusts_at_once_and_it_is_in_the_books() {
    let mut bench = Bench::stocked(5);
    let act = json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "-2", "reference": "A1"});
    bench.act(act);
    assert_eq!(bench.level("MUG", "Harbour"), "3");
    let too_much = json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "-4"});
    assert!(bench.try_act(too_much).is_err());
    let half = json!({"act": "count", "sku": "MUG", "location": "Harbour", "quantity": "0.5"});
    assert!(bench.try_act(half).is_err());
    let lines = bench.store.books().lines;
    let last = lines.last().expect("a line");
    assert_eq!((last.kind.as_str(), last.reference.as_str(), last.quantity.as_str()), ("adjust", "A1", "-2"));
    assert_eq!((last.sku.as_str(), last.location.as_str()), ("MUG", "Harbour"));
    assert_eq!(lines.iter().filter(|line| line.kind == "count").count(), 8);
}
