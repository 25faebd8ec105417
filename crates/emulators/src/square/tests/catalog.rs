//! Versions, locks and the delta search of the catalogue.

use super::{Bench, till_sale};
use serde_json::{Value, json};

#[test]
fn a_catalogue_write_needs_the_version_it_read() {
    let mut bench = Bench::stocked("10");
    let id = bench.variation("MUG");
    let path = format!("/v2/catalog/object/{id}");
    let mut object = bench.ok("GET", &path, json!({}))["object"].clone();
    object["item_variation_data"]["price_money"]["amount"] = json!(800);
    let upsert = |object: &Value, key: &str| json!({"idempotency_key": key, "batches": [{"objects": [object]}]});
    bench.ok("POST", "/v2/catalog/batch-upsert", upsert(&object, "a"));
    assert_eq!(bench.topics(), ["catalog.version.updated"]);
    let (status, code, field) = bench.refused("POST", "/v2/catalog/batch-upsert", upsert(&object, "b"));
    assert_eq!((status, code.as_str()), (400, "VERSION_MISMATCH"));
    assert_eq!(field, "batches[0].objects[0].version");
    let now = bench.ok("GET", &path, json!({}))["object"].clone();
    assert_eq!(now["item_variation_data"]["price_money"]["amount"], 800);
    assert_eq!(now["item_variation_data"]["sku"], "MUG");
}

#[test]
fn only_one_catalogue_write_is_carried_out_at_a_time() {
    let mut bench = Bench::stocked("10");
    bench.square.settings.catalog_write_ms = 200;
    let object = json!({"type": "ITEM", "id": "#i", "item_data": {"name": "Pot", "variations": [
        {"type": "ITEM_VARIATION", "id": "#v", "item_variation_data": {"item_id": "#i", "sku": "POT", "track_inventory": true}},
    ]}});
    let body = |key: &str| json!({"idempotency_key": key, "object": object});
    let made = bench.ok("POST", "/v2/catalog/object", body("a"));
    assert_eq!(made["id_mappings"].as_array().map(Vec::len), Some(2));
    assert_eq!(bench.refused("POST", "/v2/catalog/object", body("b")).0, 429);
    bench.now += 200;
    bench.ok("POST", "/v2/catalog/object", body("b"));
    assert_eq!(bench.level("POT", "Harbour"), "0");
}

#[test]
fn a_catalogue_search_from_the_last_time_finds_what_changed_since() {
    let mut bench = Bench::stocked("10");
    let kinds = ["ITEM", "ITEM_VARIATION"];
    let all = bench.ok("POST", "/v2/catalog/search", json!({"object_types": kinds}));
    assert_eq!(all["objects"].as_array().map(Vec::len), Some(6));
    bench.act(json!({"act": "put_item", "sku": "TEA", "title": "Green tea", "price_minor": 1_300}));
    bench.act(json!({"act": "delete_item", "sku": "MUG"}));
    let since = json!({"object_types": ["ITEM"], "begin_time": all["latest_time"], "include_deleted_objects": true});
    let changed = bench.ok("POST", "/v2/catalog/search", since);
    let shown: Vec<(&Value, &Value)> = changed["objects"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|object| (&object["item_data"]["name"], &object["is_deleted"]))
        .collect();
    assert_eq!(shown, [(&json!("Green tea"), &json!(false)), (&json!("MUG"), &json!(true))]);
    assert!(bench.try_act(till_sale("S1", "MUG", "1", 0)).is_err());
}
