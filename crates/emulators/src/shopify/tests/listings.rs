//! Products with one variant or many: put, listed, sold, changed by the API, deleted.

use serde_json::{Value, json};

use super::{Bench, body};
use crate::machine::Machine as _;

/// Every query of these tests is compared with the vendor's schema, too.
pub const VARIANTS: &str = "query($q: String, $after: String) { productVariants(first: 250, query: $q, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { id sku title displayName price barcode position
        product { id title hasOnlyDefaultVariant variantsCount { count precision } } } } }";

/// See above.
pub const UPDATE: &str = "mutation($p: ID!, $v: [ProductVariantsBulkInput!]!, $part: Boolean) {
    productVariantsBulkUpdate(productId: $p, variants: $v, allowPartialUpdates: $part) {
        product { id } productVariants { sku price barcode } userErrors { code field message } } }";
/// See above.
pub const RENAME: &str = "mutation($p: ProductUpdateInput!) {
    productUpdate(product: $p) { product { title } userErrors { field message } } }";

fn put(bench: &mut Bench, sku: &str, option: &str, price: i64) -> Value {
    bench.ok(json!({"act": "put_item", "sku": sku, "title": sku, "product": "Mug", "option": option,
        "price_minor": price}))
}

fn variants(bench: &mut Bench, query: &str) -> Vec<Value> {
    let found = bench.ask(VARIANTS, json!({ "q": query }));
    assert_eq!(found["errors"], Value::Null);
    found["data"]["productVariants"]["nodes"].as_array().expect("a list").clone()
}

/// `sku title price barcode` of every listing with such a SKU.
fn listed(bench: &Bench, prefix: &str) -> Vec<String> {
    let listings = bench.shop.books().listings.into_iter().filter(|it| it.sku.starts_with(prefix));
    listings.map(|it| format!("{} {} {} {}", it.sku, it.title, it.price_minor, it.barcode)).collect()
}

#[test]
fn items_of_one_product_are_its_variants() {
    let mut bench = Bench::new();
    bench.subscribe(&["products/create", "products/update", "products/delete", "inventory_items/create"]);
    let (blue, red) = (put(&mut bench, "M-B", "Blue", 900), put(&mut bench, "M-R", "Red", 950));
    assert_eq!(blue["product"], red["product"]);
    assert_ne!(blue["variant"], red["variant"]);
    let told = body(&bench.sent[2]);
    let names: Vec<&Value> = told["variants"].as_array().expect("variants").iter().map(|it| &it["option1"]).collect();
    assert_eq!((told["title"].as_str(), names), (Some("Mug"), vec![&json!("Blue"), &json!("Red")]));
    assert_eq!(
        bench.topics(),
        ["products/create", "inventory_items/create", "products/update", "inventory_items/create"]
    );
    let shown = variants(&mut bench, "sku:'M-R'");
    assert_eq!((&shown[0]["displayName"], &shown[0]["position"]), (&json!("Mug - Red"), &json!(2)));
    assert_eq!(shown[0]["product"]["variantsCount"], json!({"count": 2, "precision": "EXACT"}));
    assert_eq!(shown[0]["product"]["hasOnlyDefaultVariant"], false);
    assert_eq!(listed(&bench, "M-"), ["M-B Mug - Blue 900 ", "M-R Mug - Red 950 "]);
}

#[test]
fn a_variant_is_deleted_alone_and_the_last_one_takes_its_product_along() {
    let mut bench = Bench::new();
    put(&mut bench, "M-B", "Blue", 900);
    put(&mut bench, "M-R", "Red", 950);
    bench.subscribe(&["products/update", "products/delete", "inventory_items/delete"]);
    bench.ok(json!({"act": "delete_item", "sku": "M-B"}));
    assert_eq!(bench.topics(), ["products/update", "inventory_items/delete"]);
    assert_eq!(variants(&mut bench, "sku:'M-R'")[0]["product"]["variantsCount"]["count"], 1);
    bench.ok(json!({"act": "delete_item", "sku": "M-R"}));
    assert_eq!(bench.topics(), ["products/delete", "inventory_items/delete"]);
    let again = put(&mut bench, "M-G", "Green", 900);
    let count = bench.ask(
        "query($id: ID!) { node(id: $id) { id } }",
        json!({"id": format!("gid://shopify/Product/{}", again["product"])}),
    );
    assert_ne!(count["data"]["node"], Value::Null, "a product of the same name is a new one");
}

#[test]
fn a_hundred_and_twenty_variants_of_one_product_are_all_listed_and_its_webhook_is_cut() {
    let mut bench = Bench::new();
    for number in 0..120 {
        put(&mut bench, &format!("M-{number:03}"), &format!("No {number}"), 500 + number);
    }
    let shown = variants(&mut bench, "");
    assert_eq!(shown.iter().filter(|it| it["product"]["title"] == "Mug").count(), 120);
    assert_eq!(listed(&bench, "M-").len(), 120);
    bench.subscribe(&["products/update", "inventory_levels/update"]);
    put(&mut bench, "M-119", "No 119", 1);
    assert_eq!(body(&bench.sent[0])["variants"].as_array().map(Vec::len), Some(100));
    bench.topics();
    bench.sell("s1", "M-051", "1");
    assert_eq!(bench.topics(), ["inventory_levels/update"]);
    assert_eq!(bench.states("M-051", "Front")[0], -1);
}

#[test]
fn prices_and_barcodes_written_by_api_move_the_listings_and_are_announced() {
    let mut bench = Bench::new();
    put(&mut bench, "M-B", "Blue", 900);
    put(&mut bench, "M-R", "Red", 950);
    bench.subscribe(&["products/update"]);
    let ids: Vec<Value> = variants(&mut bench, "")
        .into_iter()
        .filter(|it| it["product"]["title"] == "Mug")
        .map(|it| it["id"].clone())
        .collect();
    let product = variants(&mut bench, "sku:'M-B'")[0]["product"]["id"].clone();
    let rows = json!([{"id": ids[0], "price": "9.50"}, {"id": ids[1], "price": "10.00", "barcode": "4006381333931"}]);
    let done = bench.ask(UPDATE, json!({"p": product, "v": rows, "part": true}));
    assert_eq!(done["data"]["productVariantsBulkUpdate"]["userErrors"], json!([]));
    assert_eq!(done["data"]["productVariantsBulkUpdate"]["productVariants"][1]["barcode"], "4006381333931");
    assert_eq!(listed(&bench, "M-"), ["M-B Mug - Blue 950 ", "M-R Mug - Red 1000 4006381333931"]);
    assert_eq!(bench.topics(), ["products/update"]);
    let cleared = json!([{"id": ids[1], "barcode": null}]);
    bench.ask(UPDATE, json!({"p": product, "v": cleared, "part": true}));
    assert_eq!(listed(&bench, "M-R"), ["M-R Mug - Red 1000 "]);
}

#[test]
fn a_wrong_row_stops_all_of_them_unless_partial_updates_are_allowed() {
    let mut bench = Bench::new();
    put(&mut bench, "M-B", "Blue", 900);
    let other = bench.ok(json!({"act": "put_item", "sku": "POT", "title": "Pot", "price_minor": 5}));
    let mine = variants(&mut bench, "sku:'M-B'")[0].clone();
    let stranger = format!("gid://shopify/ProductVariant/{}", other["variant"]);
    let rows = json!([{"id": mine["id"], "price": "1.00"}, {"id": stranger, "price": "2.00"}]);
    let mut sent = |part| bench.ask(UPDATE, json!({"p": mine["product"]["id"], "v": rows, "part": part}));
    let refused = sent(false);
    let error = &refused["data"]["productVariantsBulkUpdate"]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["field"]),
        (&json!("PRODUCT_VARIANT_DOES_NOT_EXIST"), &json!(["variants", "1", "id"]))
    );
    sent(true);
    assert_eq!(listed(&bench, "M-B"), ["M-B Mug - Blue 100 "]);
    assert_eq!(listed(&bench, "POT"), ["POT Pot 5 "]);
}

#[test]
fn a_title_written_by_api_is_that_of_all_variants() {
    let mut bench = Bench::new();
    put(&mut bench, "M-B", "Blue", 900);
    put(&mut bench, "M-R", "Red", 950);
    bench.subscribe(&["products/update"]);
    let product = variants(&mut bench, "sku:'M-B'")[0]["product"]["id"].clone();
    let done = bench.ask(RENAME, json!({"p": {"id": product, "title": "Cup"}}));
    assert_eq!(done["data"]["productUpdate"], json!({"product": {"title": "Cup"}, "userErrors": []}));
    assert_eq!(listed(&bench, "M-"), ["M-B Cup - Blue 900 ", "M-R Cup - Red 950 "]);
    assert_eq!(bench.topics(), ["products/update"]);
    let blank = bench.ask(RENAME, json!({"p": {"id": product, "title": " "}}));
    assert_eq!(blank["data"]["productUpdate"]["userErrors"][0]["field"], json!(["title"]));
}

#[test]
fn an_item_that_is_put_again_keeps_its_product_and_is_not_moved_to_another() {
    let mut bench = Bench::new();
    put(&mut bench, "M-B", "Blue", 900);
    put(&mut bench, "M-R", "Red", 950);
    bench.ok(json!({"act": "put_item", "sku": "M-B", "title": "ignored", "price_minor": 800}));
    assert_eq!(listed(&bench, "M-B"), ["M-B Mug - Blue 800 "]);
    let moved = bench.act(json!({"act": "put_item", "sku": "M-B", "title": "x", "product": "Pot", "price_minor": 1}));
    assert!(moved.is_err());
    bench.ok(json!({"act": "put_item", "sku": "SKU-1", "title": "Renamed", "price_minor": 7}));
    assert_eq!(listed(&bench, "SKU-1"), ["SKU-1 Renamed 7 "]);
}
