//! Reading: doors, searches, pages, bulk.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Bench, ORDERS};
use crate::machine::{Machine as _, World};

#[test]
fn a_wrong_token_a_wrong_version_and_a_wrong_method_are_refused() {
    let mut bench = Bench::new();
    let body = json!({"query": "{ shop { name } }"});
    let status = |bench: &mut Bench, path: &str, token: &str| bench.post(path, token, &body).status().as_u16();
    assert_eq!(status(&mut bench, "/admin/api/2026-10/graphql.json", "wrong"), 401);
    assert_eq!(status(&mut bench, "/admin/api/2025-01/graphql.json", "shpat_emulated"), 404);
    assert_eq!(status(&mut bench, "/admin/api/2026-10/graphql.json", "shpat_emulated"), 200);
    let get = http::Request::get("/admin/api/2026-10/graphql.json").body(Bytes::new()).expect("a request");
    assert_eq!(bench.send(&get).status(), 405);
}

#[test]
fn aliases_fragments_and_typename_work() {
    let mut bench = Bench::new();
    let (item, location) = bench.ids("SKU-1", "Front");
    let query = "query($ids: [ID!]!, $no: Boolean!) {
        mine: shop { __typename name currencyCode ianaTimezone taxesIncluded myshopifyDomain ...More @skip(if: $no) }
        nodes(ids: $ids) { __typename id ... on InventoryItem { sku tracked } ... on Location { name } } }
        fragment More on Shop { email }";
    let answer = bench.ask(query, json!({"ids": [item, location, "gid://shopify/Order/1"], "no": true}));
    assert_eq!(answer["data"]["mine"]["__typename"], "Shop");
    assert_eq!(answer["data"]["mine"].get("email"), None);
    let nodes = &answer["data"]["nodes"];
    assert_eq!((&nodes[0]["sku"], &nodes[1]["name"], &nodes[2]), (&json!("SKU-1"), &json!("Front"), &Value::Null));
}

#[test]
fn the_incremental_poll_reads_changed_orders_oldest_first_page_by_page() {
    let mut bench = Bench::new();
    for number in 0..5 {
        bench.sell(&format!("s{number}"), "SKU-1", "1");
    }
    let since = "2026-11-23T10:15:00Z";
    let mut after = Value::Null;
    let mut names = Vec::new();
    loop {
        let query = format!("updated_at:>='{since}'");
        let answer = bench.ask(ORDERS, json!({"q": query, "n": 2, "after": after}));
        let orders = &answer["data"]["orders"];
        names.extend(orders["nodes"].as_array().expect("a list").iter().map(|o| o["name"].clone()));
        if orders["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = orders["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(names, ["#1001", "#1002", "#1003", "#1004", "#1005"]);
    let lines = json!([{"sku": "SKU-1", "quantity": "1"}]);
    bench.ok(json!({"act": "return", "reference": "r", "of": "s1", "location": "Front", "lines": lines}));
    let answer = bench.ask(ORDERS, json!({"q": "updated_at:>='2026-11-23T10:15:14Z'", "n": 5}));
    assert_eq!(answer["data"]["orders"]["nodes"][0]["name"], "#1002", "it moved to the end");
    assert_eq!(answer["data"]["orders"]["nodes"].as_array().map(Vec::len), Some(1));
}

#[test]
fn levels_and_variants_are_found_by_their_time() {
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-2", "1");
    let query = "query($q: String, $l: String) { productVariants(first: 5, query: $q) { nodes { sku product { title status vendor } } }
        location { name inventoryLevels(first: 5, query: $l) { nodes { item { sku } quantities(names: [\"available\", \"nothing\"]) { name quantity updatedAt } } } } }";
    let answer = bench.ask(
        query,
        json!({"q": "updated_at:>=2026-11-23T10:15:06Z OR sku:SKU-1", "l": "updated_at:>='2026-11-23T10:15:09Z'"}),
    );
    let levels = &answer["data"]["location"]["inventoryLevels"]["nodes"];
    assert_eq!(levels.as_array().map(Vec::len), Some(1));
    assert_eq!(levels[0]["item"]["sku"], "SKU-2");
    assert_eq!(
        levels[0]["quantities"],
        json!([{"name": "available", "quantity": 9, "updatedAt": "2026-11-23T10:15:09Z"}])
    );
    let skus: Vec<&Value> =
        answer["data"]["productVariants"]["nodes"].as_array().expect("a list").iter().map(|v| &v["sku"]).collect();
    assert_eq!(skus, ["SKU-1", "SKU-2"]);
}

#[test]
fn orders_are_found_by_name_and_reversed_pages_run_backwards() {
    let mut bench = Bench::new();
    for number in 0..3 {
        bench.sell(&format!("s{number}"), "SKU-1", "1");
    }
    let query = "query($q: String, $a: String) { orders(first: 1, after: $a, query: $q, reverse: true) { nodes { name } pageInfo { hasNextPage endCursor } } }";
    let named = bench.ask(query, json!({"q": "name:'#1002'"}));
    assert_eq!(named["data"]["orders"]["nodes"], json!([{"name": "#1002"}]));
    let first = bench.ask(query, json!({}));
    assert_eq!(first["data"]["orders"]["nodes"][0]["name"], "#1003");
    let second = bench.ask(query, json!({"a": first["data"]["orders"]["pageInfo"]["endCursor"]}));
    assert_eq!(second["data"]["orders"]["nodes"][0]["name"], "#1002");
}

#[test]
fn a_price_write_changes_the_variant_and_a_bad_one_changes_nothing() {
    let mut bench = Bench::new();
    bench.subscribe(&["products/update"]);
    let found =
        bench.ask("{ products(first: 1) { nodes { id variants(first: 1) { nodes { id price } } } } }", json!({}));
    let product = &found["data"]["products"]["nodes"][0];
    let variant = &product["variants"]["nodes"][0]["id"];
    let write =
        "mutation($p: ID!, $v: [ProductVariantsBulkInput!]!) { productVariantsBulkUpdate(productId: $p, variants: $v) {
        productVariants { price compareAtPrice } userErrors { code field message } } }";
    let good = bench
        .ask(write, json!({"p": product["id"], "v": [{"id": variant, "price": "17.50", "compareAtPrice": "19.95"}]}));
    assert_eq!(
        good["data"]["productVariantsBulkUpdate"]["productVariants"],
        json!([{"price": "17.50", "compareAtPrice": "19.95"}])
    );
    let bad = bench.ask(write, json!({"p": product["id"], "v": [{"id": variant, "price": "1.005"}]}));
    assert_eq!(bad["data"]["productVariantsBulkUpdate"]["userErrors"][0]["code"], "INVALID_INPUT");
    assert_eq!(bench.topics(), ["products/update"]);
}

#[test]
fn a_bulk_operation_gives_a_file_whose_children_name_their_parents() {
    let mut bench = Bench::new();
    bench.subscribe(&["bulk_operations/finish"]);
    let run = "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id status url } userErrors { code field message } } }";
    let inner = "{ inventoryItems { edges { node { id sku inventoryLevels { edges { node { id location { id } quantities(names: [\"available\"]) { quantity } } } } } } } }";
    let started = bench.ask(run, json!({"q": inner}));
    let bulk = &started["data"]["bulkOperationRunQuery"]["bulkOperation"];
    assert_eq!((&bulk["status"], &bulk["url"]), (&json!("RUNNING"), &Value::Null));
    let again = bench.ask(run, json!({"q": inner}));
    assert_eq!(again["data"]["bulkOperationRunQuery"]["userErrors"][0]["code"], "OPERATION_IN_PROGRESS");
    bench.now = bench.shop.next_tick().expect("it is running");
    let mut world = World { now: bench.now, dice: &mut bench.dice, outbox: &mut bench.sent };
    bench.shop.tick(&mut world);
    assert_eq!(bench.topics(), ["bulk_operations/finish"]);
    let query = "query($id: ID!) { bulkOperation(id: $id) { status objectCount rootObjectCount url } }";
    let done = bench.ask(query, json!({"id": bulk["id"]}));
    let done = &done["data"]["bulkOperation"];
    assert_eq!(
        (&done["status"], &done["objectCount"], &done["rootObjectCount"]),
        (&json!("COMPLETED"), &json!("6"), &json!("2"))
    );
    let url = done["url"].as_str().expect("an address");
    let path = url.strip_prefix("http://127.0.0.1:9").expect("the host that was asked");
    let get = http::Request::get(path).body(Bytes::new()).expect("a request");
    let file = bench.send(&get).into_body();
    let lines: Vec<Value> =
        std::str::from_utf8(&file).expect("text").lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(lines[0]["sku"], "SKU-1");
    assert_eq!(lines[1]["__parentId"], lines[0]["id"]);
    assert_eq!(lines[2]["quantities"][0]["quantity"], 5);
    let refused = bench.ask(run, json!({"q": "{ shop { name } }"}));
    assert_eq!(refused["data"]["bulkOperationRunQuery"]["userErrors"][0]["code"], "INVALID");
}
