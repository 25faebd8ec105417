//! Stock rows, the log, counts, and numbers that are put.

use super::{Bench, members, rows};
use serde_json::{Value, json};

#[test]
fn the_row_of_shop_zero_is_the_sum() {
    let mut bench = Bench::stocked("5");
    bench.sell("S1", "MUG", "7");
    assert_eq!(
        (&bench.item_shop("MUG", "1")["qoh"], &bench.item_shop("MUG", "1")["sellable"]),
        (&json!("-2"), &json!("0"))
    );
    assert_eq!((&bench.item_shop("MUG", "2")["qoh"], &bench.item_shop("MUG", "0")["qoh"]), (&json!("5"), &json!("3")));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("-2".into(), "5".into()));
}

#[test]
fn stock_alone_moves_the_time_of_the_stock_row_and_not_of_the_item() {
    let mut bench = Bench::stocked("5");
    let before = bench.get("Item/1.json")["Item"]["timeStamp"].clone();
    let row_before = bench.item_shop("MUG", "1")["timeStamp"].clone();
    bench.now += 60_000;
    bench.sell("S1", "MUG", "1");
    bench.ok("PUT", "Item/1.json", json!({"ItemShops": {"ItemShop": [{"shopID": "1", "qoh": "3"}]}}));
    assert_eq!(bench.get("Item/1.json")["Item"]["timeStamp"], before);
    assert_eq!(row_before, "2026-11-23T09:15:00+00:00");
    assert_eq!(bench.item_shop("MUG", "1")["timeStamp"], "2026-11-23T09:16:00+00:00");
    let polled = bench.get("ItemShop.json?sort=timeStamp&timeStamp=%3E%3D%2C2026-11-23T09%3A16%3A00%2B00%3A00");
    assert_eq!(members(&polled["ItemShop"], "shopID"), ["0", "1"]);
    bench.ok("PUT", "Item/1.json", json!({"Prices": {"ItemPrice": [{"amount": "7.95", "useType": "Default"}]}}));
    assert_eq!(bench.get("Item/1.json")["Item"]["timeStamp"], "2026-11-23T09:16:00+00:00");
}

#[test]
fn a_number_that_is_put_wins_over_a_sale_in_between_and_the_log_tells() {
    let mut bench = Bench::stocked("5");
    let seen = bench.item_shop("MUG", "1");
    let last = members(&bench.get("InventoryLog.json?sort=-inventoryLogID&limit=1")["InventoryLog"], "inventoryLogID");
    bench.sell("S1", "MUG", "2");
    let path = format!("ItemShop/{}.json", seen["itemShopID"].as_str().expect("an id"));
    assert_eq!(bench.ok("PUT", &path, json!({"qoh": 4}))["ItemShop"]["qoh"], "4");
    let log = bench.get(&format!("InventoryLog.json?inventoryLogID=%3E%2C{}&itemID=1", last[0]));
    let log = rows(&log["InventoryLog"]);
    let told: Vec<[&str; 4]> = log
        .iter()
        .map(|row| ["qohChange", "reason", "saleID", "automated"].map(|name| row[name].as_str().expect("a string")))
        .collect();
    assert_eq!(told, [["-2", "RemoveForTransaction", "1", "true"], ["1", "ManualQuantityAdjustment", "0", "false"]]);
}

#[test]
fn a_number_that_is_put_again_changes_and_logs_nothing() {
    let mut bench = Bench::stocked("5");
    let before = bench.get("InventoryLog.json?count=1");
    bench.ok("PUT", "Item/1.json", json!({"ItemShops": {"ItemShop": {"shopID": 1, "qoh": 5}}}));
    assert_eq!(bench.get("InventoryLog.json?count=1"), before);
}

#[test]
fn wrong_stock_is_refused_before_anything_is_changed() {
    let mut bench = Bench::stocked("5");
    for (path, body) in [
        ("ItemShop/1.json", json!({"qoh": 4})),
        ("ItemShop/2.json", json!({"qoh": "4.5"})),
        (
            "Item/1.json",
            json!({"description": "Cup", "ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 1}, {"shopID": 9, "qoh": 1}]}}),
        ),
        ("Item/1.json", json!({"description": "Cup", "ItemShops": {"ItemShop": [{"qoh": 1}]}})),
        ("Item/3.json", json!({"ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 1}]}})),
        ("Item/1.json", json!({"upc": "123"})),
        ("Item/1.json", json!({"itemType": "cloud"})),
    ] {
        let (status, message) = bench.refused("PUT", path, body);
        assert_eq!(status, 422, "{path}: {message}");
    }
    assert_eq!(
        (bench.level("MUG", "High Street"), bench.get("Item/1.json")["Item"]["description"].clone()),
        ("5".into(), json!("MUG"))
    );
}

#[test]
fn a_count_is_made_filled_and_reconciled() {
    let mut bench = Bench::stocked("5");
    let count = bench.ok("POST", "InventoryCount.json", json!({"name": "Monday", "shopID": 2}));
    let id = count["InventoryCount"]["inventoryCountID"].clone();
    for (item, qty) in [(1, 3), (1, 1), (2, 9)] {
        bench.ok(
            "POST",
            "InventoryCountItem.json",
            json!({"inventoryCountID": id, "itemID": item, "qty": qty, "employeeID": 1}),
        );
    }
    let made = bench.ok("POST", "InventoryCountReconcile.json", json!({"inventoryCountID": id, "itemID": 1}));
    assert_eq!(made["InventoryCountReconcile"]["qohChange"], "-1");
    assert_eq!((bench.level("MUG", "Harbour"), bench.level("TEA", "Harbour")), ("4".into(), "5".into()));
    bench.ok("POST", "InventoryCountReconcile.json", json!({"inventoryCountID": id}));
    assert_eq!(bench.level("TEA", "Harbour"), "9");
    let log = bench.get("InventoryLog.json?sort=-inventoryLogID&limit=1");
    assert_eq!(
        (&log["InventoryLog"]["reason"], &log["InventoryLog"]["inventoryCountID"]),
        (&json!("AddInventoryForCount"), &id)
    );
    assert_eq!(bench.refused("POST", "InventoryCountReconcile.json", json!({"inventoryCountID": 99})).0, 422);
}

#[test]
fn acts_of_the_back_office_are_in_the_log_and_in_the_books() {
    let mut bench = Bench::stocked("5");
    let done = bench.act(json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "-2", "reason": "damaged", "reference": "A1"}));
    let line = &bench.book_lines("A1")[0];
    assert_eq!((line.kind.as_str(), line.quantity.as_str()), ("adjust", "-2"));
    assert_eq!(json!(line.document), done["inventory_log_id"]);
    assert_eq!(
        bench.try_act(json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": "0"})),
        Err("a change of nothing is not a change".into())
    );
    for wrong in ["0.5", "x", "1e3"] {
        let act = json!({"act": "adjust", "sku": "MUG", "location": "Harbour", "delta": wrong});
        assert!(bench.try_act(act).expect_err("a whole number").contains("whole units"), "{wrong}");
    }
    assert!(bench.try_act(json!({"act": "count", "sku": "WRAP", "location": "Harbour", "quantity": "1"})).is_err());
    assert_eq!(bench.account.unbalanced(), Vec::new());
}

#[test]
fn an_archived_item_has_no_stock_left() {
    let mut bench = Bench::stocked("5");
    bench.ok("DELETE", "Item/1.json", json!({}));
    assert_eq!(bench.get("ItemShop.json?itemID=1&shopID=0")["ItemShop"]["qoh"], "0");
    let log = bench.get("InventoryLog.json?itemID=1&reason=RemoveForArchiveItem");
    assert_eq!(members(&log["InventoryLog"], "qohChange"), ["-5", "-5"]);
    bench.ok("PUT", "Item/1.json", json!({"archived": false}));
    assert_eq!(bench.level("MUG", "Harbour"), "0");
}

#[test]
fn an_item_is_made_with_prices_and_stock() {
    let mut bench = Bench::open();
    let body = json!({"description": "Pot", "customSku": "POT", "ean": "5012345678900",
        "Prices": {"ItemPrice": [{"amount": 12.5, "useTypeID": 1}, {"amount": "15", "useType": "MSRP"}]},
        "ItemShops": {"ItemShop": {"shopID": 2, "qoh": 3}}});
    let made = bench.ok("POST", "Item.json", body)["Item"].clone();
    assert_eq!((&made["itemID"], &made["systemSku"]), (&json!("4"), &json!("210000000004")));
    assert_eq!(made["Prices"]["ItemPrice"][0], json!({"amount": "12.5", "useTypeID": "1", "useType": "Default"}));
    assert_eq!(members(&made["ItemShops"]["ItemShop"], "qoh"), ["0", "3", "3"]);
    let listing = crate::machine::Machine::books(&bench.account).listings.pop().expect("a listing");
    assert_eq!((listing.sku.as_str(), listing.price_minor, listing.barcode.as_str()), ("POT", 1_250, "5012345678900"));
    assert_eq!(bench.refused("POST", "Item.json", json!({"ItemShops": {"ItemShop": {"shopID": 9, "qoh": 3}}})).0, 422);
    assert_eq!(bench.get("Item.json?count=1")["@attributes"]["count"], "4");
}

#[test]
fn variants_share_a_matrix() {
    let mut bench = Bench::open();
    for (sku, option) in [("CUP-B", "Blue"), ("CUP-R", "Red")] {
        bench.act(json!({"act": "put_item", "sku": sku, "title": format!("Cup {option}"), "product": "Cup", "option": option}));
    }
    let matrix = bench.get("ItemMatrix.json?load_relations=%5B%22Items%22%5D");
    assert_eq!(members(&matrix["ItemMatrix"]["Items"]["Item"], "customSku"), ["CUP-B", "CUP-R"]);
    let item = bench.get("Item.json?customSku=CUP-R&load_relations=%5B%22ItemAttributes%22%5D");
    assert_eq!(
        (&item["Item"]["itemMatrixID"], &item["Item"]["ItemAttributes"]["attribute1"]),
        (&json!("1"), &json!("Red"))
    );
}

#[test]
fn a_shop_that_opens_later_has_rows_for_every_item() {
    let mut bench = Bench::stocked("5");
    bench.act(json!({"act": "put_location", "name": "Depot"}));
    bench.act(json!({"act": "put_location", "name": "Depot"}));
    assert_eq!(bench.level("TEA", "Depot"), "0");
    let shops = bench.get("Shop.json?load_relations=%5B%22Registers%22%5D");
    assert_eq!(members(&shops["Shop"], "name"), ["High Street", "Harbour", "Depot"]);
    assert_eq!(shops["Shop"][2]["Registers"]["Register"]["registerID"], "3");
    assert_eq!(bench.get("Shop.json?name=Nowhere")["Shop"], Value::Null);
}
