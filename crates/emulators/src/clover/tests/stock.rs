//! Items and their stock.

use super::{Bench, NOON, text};
use serde_json::{Value, json};

#[test]
fn stock_is_set_absolutely_with_decimals_and_below_zero() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    for (sent, quantity, rounded) in [(json!(4), "4.0", 4), (json!(2.5), "2.5", 3), (json!(-3), "-3.0", -3)] {
        let answer = bench.ok("POST", &format!("/item_stocks/{mug}"), json!({"quantity": sent}));
        assert_eq!(answer["quantity"].to_string(), quantity);
        assert_eq!((&answer["stockCount"], &answer["item"]["id"]), (&json!(rounded), &json!(mug)));
        assert_eq!(bench.get(&format!("/item_stocks/{mug}")), answer);
        assert_eq!(bench.get(&format!("/items/{mug}?expand=itemStock"))["itemStock"], answer);
    }
    assert_eq!(bench.events(), ["I UPDATE"; 3], "the hub's own writes are told as well");
    assert_eq!(bench.call("POST", &format!("/item_stocks/{mug}"), json!({"quantity": "4"})).0, 400);
    assert_eq!(bench.call("POST", &format!("/item_stocks/{mug}"), json!({})).0, 400);
    assert_eq!(bench.call("POST", "/item_stocks/B2GS5Y9TKN4QW", json!({"quantity": 1})).0, 404);
}

#[test]
fn counts_and_changes_by_hand_move_the_stock_and_stand_in_the_books() {
    let mut bench = Bench::stocked();
    bench.act(json!({"act": "adjust", "sku": "MUG", "location": "High Street", "delta": "-2.5", "reference": "A1"}));
    bench.count("TEA", "4");
    assert_eq!((bench.level("MUG"), bench.level("TEA")), ("7.5".into(), "4".into()));
    assert_eq!(bench.events(), ["I UPDATE", "I UPDATE"]);
    let written: Vec<(String, String, String)> =
        bench.books().lines.into_iter().skip(2).map(|line| (line.kind, line.sku, line.quantity)).collect();
    let expected = [("adjust", "MUG", "-2.5"), ("count", "TEA", "4")];
    assert_eq!(written, expected.map(|(kind, sku, quantity)| (kind.into(), sku.into(), quantity.into())));
    let why = bench.refused(json!({"act": "count", "sku": "WRAP", "location": "High Street", "quantity": "1"}));
    assert!(why.contains("not managed"), "{why}");
    let nothing = json!({"act": "adjust", "sku": "MUG", "location": "High Street", "delta": "0"});
    assert!(bench.refused(nothing).contains("not a change"));
}

#[test]
fn the_list_of_stocks_has_every_item_whose_stock_is_kept() {
    let mut bench = Bench::stocked();
    let stocks = bench.list("/item_stocks");
    let quantities: Vec<String> = stocks.iter().map(|stock| stock["quantity"].to_string()).collect();
    assert_eq!(quantities, ["10.0", "10.0"]);
    let mug = bench.item("MUG");
    assert_eq!(bench.list(&format!("/item_stocks?filter=item.id={mug}")).len(), 1);
}

#[test]
fn an_item_changes_only_where_it_is_told_to() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let before = bench.get(&format!("/items/{mug}"));
    bench.now += 5;
    let after = bench.ok("POST", &format!("/items/{mug}"), json!({"price": 1_995}));
    let mut expected = before;
    (expected["price"], expected["modifiedTime"]) = (json!(1_995), json!(bench.now));
    // Of a rate of nothing.
    expected["priceWithoutVat"] = json!(1_995);
    assert_eq!(after, expected);
    assert_eq!(bench.events(), ["I UPDATE"]);
    for bad in [json!({"price": -1}), json!({"priceType": "ODD"}), json!({"name": ""}), json!({"hidden": "yes"})] {
        assert_eq!(bench.call("POST", &format!("/items/{mug}"), bad.clone()).0, 400, "{bad}");
    }
}

#[test]
fn items_are_made_and_changed_in_bulk_all_or_none() {
    let mut bench = Bench::stocked();
    let made = bench.ok(
        "POST",
        "/bulk_items",
        json!({"items": [{"name": "A", "price": 1}, {"name": "B", "price": 2, "sku": "B"}]}),
    );
    let ids: Vec<String> = made["elements"].as_array().expect("items").iter().map(|item| text(&item["id"])).collect();
    assert_eq!(bench.events(), ["I CREATE", "I CREATE"]);
    bench.outbox.clear();
    let half = json!({"items": [{"id": ids[0], "price": 9}, {"id": "NOSUCHITEM000", "price": 9}]});
    assert_eq!(bench.call("PUT", "/bulk_items", half).0, 404);
    assert_eq!(bench.get(&format!("/items/{}", ids[0]))["price"], json!(1));
    assert!(bench.outbox.is_empty());
    bench.ok("PUT", "/bulk_items", json!({"items": [{"id": ids[0], "price": 9}, {"id": ids[1], "sku": "BB"}]}));
    assert_eq!(bench.get(&format!("/items/{}", ids[0]))["price"], json!(9));
    assert_eq!(bench.list("/items?filter=sku=BB").len(), 1);
    assert_eq!(bench.call("POST", "/items", json!({"name": "C"})).0, 400, "a price is required");
}

#[test]
fn a_deleted_item_is_told_and_listed_no_more() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    bench.act(json!({"act": "delete_item", "sku": "MUG"}));
    assert_eq!(bench.events(), ["I DELETE"]);
    assert_eq!(bench.list("/items").len(), 2);
    assert_eq!(bench.list("/items?filter=deleted=true").len(), 1);
    assert_eq!(bench.get(&format!("/items/{mug}"))["deletedTime"], json!(bench.now));
    assert!(bench.books().listings.iter().all(|listing| listing.sku != "MUG"));
    assert_eq!(bench.call("POST", &format!("/item_stocks/{mug}"), json!({"quantity": 1})).0, 404);
}

#[test]
fn variants_are_items_of_one_group_and_the_barcode_is_the_code() {
    let mut bench = Bench::stocked();
    for colour in ["Red", "Blue"] {
        bench.act(json!({
            "act": "put_item", "sku": colour, "title": format!("Shirt {colour}"), "barcode": "4006381333931",
            "price_minor": 1_000, "product": "Shirt", "option": colour,
        }));
    }
    let groups = bench.list("/item_groups?expand=items");
    assert_eq!((groups.len(), groups[0]["items"]["elements"].as_array().map(Vec::len)), (1, Some(2)));
    let id = text(&groups[0]["id"]);
    let found = bench.list(&format!("/items?filter=itemGroup.id={id}&expand=options"));
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0]["code"], &found[0]["itemGroup"]["id"]), (&json!("4006381333931"), &json!(id)));
    assert_eq!(found[1]["options"]["elements"][0]["name"], "Blue");
    let listing = bench.books().listings.into_iter().find(|listing| listing.sku == "Red").expect("listed");
    assert_eq!((listing.title.as_str(), listing.price_minor), ("Shirt Red", 1_000));
}

#[test]
fn a_sku_may_repeat_and_a_put_changes_the_first() {
    let mut bench = Bench::stocked();
    let put = |title: &str, new: bool| json!({"act": "put_item", "sku": "MUG", "title": title, "price_minor": 1, "force_new": new});
    bench.act(put("Other", true));
    assert_eq!(bench.list("/items?filter=sku=MUG").len(), 2);
    bench.act(put("Mug, new", false));
    let names: Vec<String> = bench.list("/items?filter=sku=MUG").iter().map(|item| text(&item["name"])).collect();
    assert_eq!(names, ["Mug, new", "Other"]);
    assert_eq!(bench.level("MUG"), "10", "its stock is what it was");
}

#[test]
fn items_are_polled_by_change_time_and_stock_counts_as_a_change() {
    let mut bench = Bench::stocked();
    let since = bench.now;
    bench.now += 1_000;
    bench.sell("S1", "TEA", "1");
    let found = bench.list(&format!("/items?filter=modifiedTime%3E{since}&expand=itemStock&orderBy=modifiedTime+ASC"));
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["sku"], found[0]["itemStock"]["quantity"].to_string()), (&json!("TEA"), "9.0".to_owned()));
    assert!(since > NOON);
}

#[test]
fn categories_are_made_filled_renamed_and_deleted() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let id = text(&bench.ok("POST", "/categories", json!({"name": "Kitchen", "sortOrder": 2}))["id"]);
    let pair = json!({"elements": [{"category": {"id": id}, "item": {"id": mug}}]});
    bench.ok("POST", "/category_items", pair);
    let shown = bench.get(&format!("/categories/{id}?expand=items"));
    assert_eq!((&shown["name"], &shown["items"]["elements"][0]["id"]), (&json!("Kitchen"), &json!(mug)));
    assert_eq!(bench.get(&format!("/items/{mug}?expand=categories"))["categories"]["elements"][0]["id"], json!(id));
    bench.ok("POST", &format!("/categories/{id}"), json!({"name": "Table"}));
    bench.ok("DELETE", &format!("/categories/{id}"), Value::Null);
    assert_eq!(bench.events(), ["IC CREATE", "I UPDATE", "IC UPDATE", "IC DELETE"]);
    assert!(bench.list("/categories").is_empty());
}
