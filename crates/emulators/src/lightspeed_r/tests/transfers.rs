//! Goods between shops.

use super::{Bench, line, members};
use serde_json::{Value, json};

#[test]
fn a_transfer_by_hand_leaves_one_shop_and_arrives_in_the_other() {
    let mut bench = Bench::stocked("5");
    let done = bench.act(json!({"act": "transfer", "reference": "T1", "from": "High Street", "to": "Harbour",
        "lines": [line("MUG", "2"), line("MUG", "1")]}));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("2".into(), "8".into()));
    let shown = bench.get("Inventory/Transfer.json?archived=true")["Transfer"].clone();
    assert_eq!(
        [&shown["status"], &shown["note"], &shown["transferID"]],
        [&json!("received"), &json!("T1"), &done["transfer_id"]]
    );
    let log = bench.get("InventoryLog.json?transferID=1")["InventoryLog"].clone();
    assert_eq!(members(&log, "qohChange"), ["-3", "3"]);
    assert_eq!(members(&log, "reason"), ["RemoveForTransfer", "AddForTransfer"]);
    let told: Vec<String> = bench.book_lines("T1").into_iter().map(|line| line.quantity).collect();
    assert_eq!(told, ["-3", "3"]);
    let row = bench.item_shop("MUG", "0");
    assert_eq!([&row["qoh"], &row["onTransferIn"], &row["onTransferOut"]], [&json!("10"), &json!("0"), &json!("0")]);
}

#[test]
fn a_transfer_by_calls_is_filled_and_sent_and_waits_for_a_person() {
    let mut bench = Bench::stocked("5");
    let body = json!({"note": "from the hub", "sendingShopID": 1, "receivingShopID": "2"});
    let made = bench.ok("POST", "Inventory/Transfer.json", body)["Transfer"].clone();
    assert_eq!([&made["status"], &made["ReceivingShop"]["name"]], [&json!("open"), &json!("Harbour")]);
    let items = |items: Value| json!({"TransferItems": items});
    assert_eq!(bench.refused("POST", "Inventory/Transfer/1/Send.json", json!({})).0, 422);
    bench.ok(
        "POST",
        "Inventory/Transfer/1/AddItems.json",
        items(json!([{"itemID": 1, "toSend": 2}, {"itemID": 2, "toSend": "1"}])),
    );
    assert_eq!(
        bench.refused("POST", "Inventory/Transfer/1/AddItems.json", items(json!([{"itemID": 1, "toSend": 2}]))).0,
        422
    );
    bench.ok("POST", "Inventory/Transfer/1/UpdateItems.json", items(json!([{"itemID": 1, "toSend": 3}])));
    bench.ok("POST", "Inventory/Transfer/1/DeleteItems.json", items(json!([{"itemID": 2}])));
    assert_eq!(bench.level("MUG", "High Street"), "5");
    let sent = bench.ok("POST", "Inventory/Transfer/1/Send.json", json!({}))["Transfer"].clone();
    assert_eq!([&sent["status"], &sent["sentOn"]], [&json!("sent"), &json!("2026-11-23T09:15:00+00:00")]);
    let row = bench.item_shop("MUG", "1");
    assert_eq!([&row["qoh"], &row["sellable"], &row["onTransferOut"]], [&json!("2"), &json!("2"), &json!("3")]);
    assert_eq!(bench.item_shop("MUG", "2")["onTransferIn"], "3");
    let line = bench.get("Inventory/Transfer/1/TransferItems.json")["TransferItem"].clone();
    assert_eq!([&line["sent"], &line["received"]], [&json!("3"), &json!("0")]);
    assert_eq!(bench.refused("PUT", "Inventory/Transfer/1.json", json!({"note": "late"})).0, 422);
    assert_eq!(
        bench.refused("POST", "Inventory/Transfer.json", json!({"sendingShopID": 1, "receivingShopID": 1})).0,
        422
    );
    assert_eq!(bench.account.unbalanced(), Vec::new());
}
