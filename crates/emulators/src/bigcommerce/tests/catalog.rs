//! Products and variants: read, polled, changed, priced, deleted.

use super::Bench;
use crate::machine::Machine;
use serde_json::{Value, json};

#[test]
fn a_product_without_options_has_a_base_variant_and_one_with_options_a_variant_for_each() {
    let mut bench = Bench::stocked(5);
    let all = bench.get("/v3/catalog/products?include=variants")["data"].clone();
    assert_eq!(all.as_array().map(Vec::len), Some(4));
    let (mug, shirt) = (&all[0], &all[3]);
    assert_eq!((&mug["inventory_tracking"], &mug["inventory_level"]), (&json!("product"), &json!(10)));
    assert_eq!((&mug["price"], &mug["base_variant_id"]), (&json!(7), &mug["variants"][0]["id"]));
    assert_eq!((&mug["variants"][0]["sku_id"], &mug["variants"][0]["price"]), (&Value::Null, &Value::Null));
    assert_eq!(mug["variants"][0]["calculated_price"], 7);
    assert_eq!((&shirt["inventory_tracking"], &shirt["base_variant_id"]), (&json!("variant"), &Value::Null));
    assert_eq!(shirt["variants"].as_array().map(Vec::len), Some(2));
    let large = &shirt["variants"][1];
    assert_eq!((&large["option_values"][0]["label"], &large["upc"]), (&json!("Large"), &json!("5012345678900")));
    assert!(large["sku_id"].is_u64());
    assert_eq!(bench.get("/v3/catalog/products")["data"][0].get("variants"), None);
    assert_eq!(all[2]["inventory_tracking"], "none");
}

#[test]
fn a_poll_by_date_modified_gets_what_has_changed_since() {
    let mut bench = Bench::open();
    bench.now += 60_000;
    bench.act(json!({"act": "put_item", "sku": "TEA", "title": "TEA", "price_minor": 1_300}));
    let poll = "/v3/catalog/products?date_modified:min=";
    let found = bench.get(&format!("{poll}2026-11-23T09:16:02Z"))["data"].clone();
    assert_eq!((found.as_array().map(Vec::len), &found[0]["sku"]), (Some(1), &json!("TEA")));
    assert_eq!(found[0]["price"], 13);
    assert_eq!(bench.get(&format!("{poll}2026-11-23T09:15:02Z"))["data"].as_array().map(Vec::len), Some(4));
    let sorted = bench.get("/v3/catalog/products?sort=date_modified&direction=desc&limit=1");
    assert_eq!((&sorted["data"][0]["sku"], &sorted["meta"]["pagination"]["total_pages"]), (&json!("TEA"), &json!(4)));
    assert_eq!(bench.call("GET", "/v3/catalog/products?sort=colour", Value::Null).0, 422);
    assert_eq!(
        bench.get("/v3/catalog/products?sku:in=MUG,TEA&include_fields=name")["data"][0],
        json!({
            "id": 111, "name": "MUG"
        })
    );
}

#[test]
fn prices_are_written_fifty_variants_or_ten_products_at_a_time() {
    let mut bench = Bench::open();
    bench.subscribe(&[]);
    let ((mug, _), (_, small)) = (bench.ids("MUG"), bench.ids("SHIRT-S"));
    let row = json!({"id": small, "price": 21.5, "sale_price": 19.99});
    let shown = bench.ok("PUT", "/v3/catalog/variants", json!([row]))["data"][0].clone();
    assert_eq!((&shown["price"], &shown["calculated_price"]), (&json!(21.5), &json!(19.99)));
    assert_eq!(bench.topics(), ["store/sku/updated", "store/product/updated"]);
    let shown = bench.ok("PUT", "/v3/catalog/products", json!([{"id": mug, "price": 8}]))["data"][0].clone();
    assert_eq!((&shown["price"], &shown["id"]), (&json!(8), &json!(mug)));
    let prices: Vec<(String, i64)> =
        bench.store.books().listings.into_iter().map(|listing| (listing.sku, listing.price_minor)).collect();
    assert!(prices.contains(&("SHIRT-S".into(), 1_999)) && prices.contains(&("MUG".into(), 800)), "{prices:?}");
    let many: Vec<Value> = (0..51).map(|_| row.clone()).collect();
    assert_eq!(bench.call("PUT", "/v3/catalog/variants", json!(many)).0, 413);
    let many: Vec<Value> = (0..11).map(|_| json!({"id": mug, "price": 1})).collect();
    assert_eq!(bench.call("PUT", "/v3/catalog/products", json!(many)).0, 413);
    let bad = json!([{"id": small, "price": 1}, {"id": 1, "price": 1}]);
    let (status, refused) = bench.call("PUT", "/v3/catalog/variants", bad);
    assert_eq!((status, refused["errors"]["batch_errors"].as_array().map(Vec::len)), (422, Some(1)));
    assert_eq!(bench.get("/v3/catalog/variants?sku=SHIRT-S")["data"][0]["price"], 21.5);
}

#[test]
fn products_are_made_with_unique_names_and_skus() {
    let mut bench = Bench::open();
    bench.subscribe(&[]);
    let form = json!({"name": "Pot", "type": "physical", "weight": 1, "price": 12.5, "sku": "POT",
        "inventory_tracking": "product", "inventory_level": 6});
    let made = bench.ok("POST", "/v3/catalog/products", form.clone())["data"].clone();
    assert_eq!((&made["inventory_level"], &made["variants"][0]["sku"]), (&json!(6), &json!("POT")));
    assert_eq!(bench.level("POT", "Warehouse"), "6");
    assert!(bench.topics().contains(&"store/product/created"));
    assert_eq!(bench.call("POST", "/v3/catalog/products", form.clone()).0, 409);
    let mut other = form.clone();
    other["name"] = json!("Pan");
    assert_eq!(bench.call("POST", "/v3/catalog/products", other).0, 409);
    assert_eq!(bench.call("POST", "/v3/catalog/products", json!({"name": "Pan"})).0, 422);
    let cap = |label: &str| {
        json!({"sku": format!("CAP-{label}"),
        "option_values": [{"option_display_name": "Size", "label": label}]})
    };
    let form = json!({"name": "Cap", "type": "physical", "weight": 1, "price": 9, "inventory_tracking": "variant",
        "variants": [cap("S"), cap("M")]});
    let made = bench.ok("POST", "/v3/catalog/products", form)["data"].clone();
    assert_eq!(made["variants"][1]["option_values"][0]["option_display_name"], "Size");
    let path = format!("/v3/catalog/products/{}/variants", made["id"]);
    bench.ok("POST", &path, cap("L"));
    assert_eq!(bench.get(&path)["meta"]["pagination"]["total"], 3);
    assert_eq!(bench.call("POST", &path, cap("L")).0, 409);
}

#[test]
fn items_that_are_deleted_are_gone_from_every_list_and_their_sku_is_free() {
    let mut bench = Bench::stocked(5);
    bench.act(json!({"act": "delete_item", "sku": "SHIRT-S"}));
    assert_eq!(bench.topics(), ["store/sku/deleted", "store/product/updated"]);
    bench.outbox.clear();
    bench.act(json!({"act": "delete_item", "sku": "MUG"}));
    assert_eq!(bench.told("store/product/deleted"), [json!({"type": "product", "id": 111})]);
    assert_eq!(bench.call("GET", "/v3/catalog/products/111", Value::Null).0, 404);
    assert_eq!(bench.get("/v3/inventory/items")["meta"]["pagination"]["total"], 2);
    assert!(bench.store.books().levels.iter().all(|level| level.sku != "MUG"));
    bench.act(json!({"act": "put_item", "sku": "MUG", "title": "MUG", "price_minor": 700}));
    assert_eq!(bench.level("MUG", "Warehouse"), "0");
    assert_eq!(bench.call("DELETE", "/v3/catalog/products", Value::Null).0, 422);
    let (tea, _) = bench.ids("TEA");
    assert_eq!(bench.call("DELETE", &format!("/v3/catalog/products?id:in={tea}"), Value::Null).0, 204);
    assert!(bench.store.books().listings.iter().all(|listing| listing.sku != "TEA"));
}

#[test]
fn a_title_that_is_taken_gets_its_sku_and_a_sku_that_is_taken_is_refused() {
    let mut bench = Bench::open();
    bench.act(json!({"act": "put_item", "sku": "MUG-2", "title": "MUG", "price_minor": 500}));
    let titles: Vec<String> = bench.store.books().listings.into_iter().map(|listing| listing.title).collect();
    assert!(titles.contains(&"MUG [MUG-2]".to_owned()) && titles.contains(&"Shirt - Small".to_owned()), "{titles:?}");
    let twice = json!({"act": "put_item", "sku": "MUG", "title": "MUG", "force_new": true});
    assert!(bench.try_act(twice).expect_err("refused").contains("unique"));
    let orphan = json!({"act": "put_item", "sku": "MUG-3", "title": "MUG", "product": "MUG", "option": "Blue"});
    assert!(bench.try_act(orphan).is_err());
}
