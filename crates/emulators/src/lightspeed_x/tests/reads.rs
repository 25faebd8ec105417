//! The version cursor, and the bare lists of stock.

use super::{Bench, text};
use serde_json::{Value, json};

fn versions(rows: &Value) -> Vec<u64> {
    rows.as_array().expect("rows").iter().map(|row| row["_metadata"]["version"].as_u64().expect("a version")).collect()
}

#[test]
fn sales_are_paged_by_version_until_a_page_is_empty() {
    let mut bench = Bench::stocked("10");
    for number in 0..5 {
        bench.sell(&format!("S{number}"), &[("MUG", "1")]);
    }
    let (mut after, mut seen, mut pages) = (0, Vec::new(), 0);
    loop {
        let page = bench.get(&format!("sales?after={after}&page_size=2"));
        pages += 1;
        assert!(pages < 10, "the cursor moves on");
        let found = versions(&page["data"]);
        if found.is_empty() {
            assert_eq!(page["version"], json!({"min": null, "max": null}));
            break;
        }
        assert_eq!(page["version"], json!({"min": found[0], "max": found[found.len() - 1]}));
        after = page["version"]["max"].as_u64().expect("a version");
        seen.extend(found);
    }
    assert_eq!((seen.len(), pages), (5, 4));
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(bench.get(&format!("sales?before={}", seen[2]))["data"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_changed_sale_comes_again_behind_the_cursor() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "1")]);
    bench.sell("S2", &[("MUG", "1")]);
    let after = bench.get("sales")["version"]["max"].clone();
    bench.act(json!({"act": "void", "reference": "S1"}));
    let page = bench.get(&format!("sales?after={after}"));
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
    assert_eq!((&page["data"][0]["state"], &page["data"][0]["source"]["id"]), (&json!("voided"), &json!("S1")));
}

#[test]
fn versions_grow_over_the_whole_retailer() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", &[("MUG", "1")]);
    let sale = bench.get("sales")["version"]["max"].as_u64();
    let stock = bench.ok("POST", "inventory", json!({"size": 1}))[0]["version"].as_u64();
    let product = bench.get("products")["version"]["max"].as_u64();
    assert!(product < sale && sale < stock);
}

#[test]
fn stock_is_a_bare_list_newest_first_unless_asked_otherwise() {
    let mut bench = Bench::stocked("10");
    let rows = bench.ok("POST", "inventory", json!({}));
    let read = |rows: &Value| -> Vec<u64> {
        rows.as_array().expect("a bare list").iter().map(|row| row["version"].as_u64().expect("a version")).collect()
    };
    let newest_first = read(&rows);
    assert_eq!(newest_first.len(), 4);
    assert!(newest_first.windows(2).all(|pair| pair[0] > pair[1]));
    let oldest_first = read(&bench.ok("POST", "inventory", json!({"sort_direction": "asc", "size": 3})));
    assert_eq!(oldest_first, newest_first.iter().rev().take(3).copied().collect::<Vec<_>>());
    let after = oldest_first[2];
    assert_eq!(
        read(&bench.ok("POST", "inventory", json!({"after": after, "sort_direction": "asc"}))),
        newest_first[..1]
    );
    assert_eq!(bench.refused("POST", "inventory", json!({"sort_direction": "up"})), 400);
    assert_eq!(bench.refused("POST", "inventory", json!({"after": "1"})), 400);
}

#[test]
fn the_stock_of_one_product_is_read_by_its_id() {
    let mut bench = Bench::stocked("10");
    let (mug, place) = (bench.product("MUG"), bench.outlet("Harbour"));
    let rows = bench.get(&format!("inventory/{mug}"));
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    let same = bench.ok("POST", "inventory", json!({"product_id": mug}));
    assert_eq!(rows, same);
    let report = bench.ok("POST", "inventory_levels", json!({"product_ids": [mug], "location_ids": [place]}));
    assert_eq!(report.as_array().map(Vec::len), Some(1));
    assert_eq!((&report[0]["current_inventory_level"], report[0].get("version")), (&json!(10), None));
    assert_eq!(bench.ok("POST", "inventory_levels", json!({"size": 3, "offset": 2})).as_array().map(Vec::len), Some(2));
}

#[test]
fn deleted_records_are_listed_when_asked_for() {
    let mut bench = Bench::stocked("10");
    let mug = bench.product("MUG");
    bench.act(json!({"act": "delete_item", "sku": "MUG"}));
    assert_eq!(bench.get("products")["data"].as_array().map(Vec::len), Some(2));
    let all = bench.get("products?deleted=true");
    let gone = all["data"].as_array().expect("rows").iter().find(|row| row["id"] == *mug).expect("the product");
    assert_eq!(gone["deleted_at"], "2026-11-23T09:15:01+00:00");
    assert_eq!(bench.ok("POST", "inventory", json!({})).as_array().map(Vec::len), Some(2));
    assert_eq!(bench.get(&format!("inventory/{mug}")), json!([]));
    let closed = bench.get(&format!("inventory/{mug}?include_deleted=true"));
    assert_eq!((closed.as_array().map(Vec::len), &closed[0]["deleted_at"]), (Some(2), &gone["deleted_at"]));
    assert_eq!(bench.ok("POST", "inventory", json!({"include_deleted": true})).as_array().map(Vec::len), Some(4));
}

#[test]
fn what_the_retailer_has_is_listed_and_read_one_by_one() {
    let mut bench = Bench::open();
    for (list, count) in
        [("outlets", 2), ("registers", 2), ("taxes", 2), ("payment_types", 2), ("users", 1), ("price_books", 1)]
    {
        let all = bench.get(list);
        assert_eq!(all["data"].as_array().map(Vec::len), Some(count), "{list}");
        let id = text(&all["data"][0]["id"]);
        assert_eq!(bench.get(&format!("{list}/{id}"))["data"], all["data"][0]);
        let after = &all["version"]["max"];
        assert_eq!(bench.get(&format!("{list}?after={after}"))["data"], json!([]));
    }
    assert_eq!(bench.get("retailer")["data"]["tax_exclusive"], false);
    assert_eq!(bench.get("taxes")["data"][0]["rates"][0]["rate"], 0.2);
    let made = text(&bench.ok("POST", "brands", json!({"name": "House"}))["data"]);
    bench.ok("PUT", &format!("brands/{made}"), json!({"name": "Hearth"}));
    assert_eq!(bench.get("brands")["data"][0]["name"], "Hearth");
    bench.ok("DELETE", &format!("brands/{made}"), Value::Null);
    assert_eq!(bench.get("brands")["data"], json!([]));
}
