//! Paging, order, filters, shapes of lists.

use super::{Bench, members, rows};
use serde_json::{Value, json};

/// Follows `next` to the end and gathers a member of every row.
fn walk(bench: &mut Bench, first: &str, name: &str, key: &str) -> Vec<String> {
    let (mut seen, mut path) = (Vec::new(), first.to_owned());
    loop {
        let page = bench.get(&path);
        seen.extend(members(&page[name], key));
        let next = page["@attributes"]["next"].as_str().expect("a link");
        match next.strip_prefix("http://127.0.0.1:8106") {
            Some(rest) => path = rest.to_owned(),
            None => return seen,
        }
    }
}

fn busy() -> Bench {
    let mut bench = Bench::stocked("100");
    for number in 0..25 {
        // Eight sales share each second.
        bench.now += if number % 8 == 0 { 1_000 } else { 100 };
        bench.sell(&format!("S{number}"), "MUG", "1");
    }
    bench
}

#[test]
fn a_list_of_one_is_an_object_and_an_empty_one_is_missing() {
    let mut bench = Bench::stocked("5");
    let empty = bench.get("Sale.json");
    assert_eq!(empty, json!({"@attributes": {"next": "", "previous": ""}}));
    bench.sell("S1", "MUG", "1");
    let one = bench.get("Sale.json?load_relations=%5B%22SaleLines%22%5D");
    assert_eq!(one["Sale"]["saleID"], "1");
    assert_eq!(one["Sale"]["SaleLines"]["SaleLine"]["unitQuantity"], "1");
    bench.sell("S2", "MUG", "1");
    assert_eq!(bench.get("Sale.json")["Sale"].as_array().map(Vec::len), Some(2));
}

#[test]
fn pages_link_by_full_addresses_that_carry_the_whole_query() {
    let mut bench = busy();
    let page = bench.get("Sale.json?limit=10&completed=true");
    assert_eq!(page["@attributes"]["previous"], "");
    let next = page["@attributes"]["next"].as_str().expect("a link");
    assert_eq!(
        next,
        "http://127.0.0.1:8106/API/V3/Account/83050/Sale.json?completed=true&sort=saleID&limit=10&after=WzEwXQ%3D%3D"
    );
    let second = bench.get(next.strip_prefix("http://127.0.0.1:8106").expect("our address"));
    assert_eq!(members(&second["Sale"], "saleID")[0], "11");
    let back = second["@attributes"]["previous"].as_str().expect("a link").strip_prefix("http://127.0.0.1:8106");
    let first = bench.get(back.expect("our address"));
    assert_eq!(members(&first["Sale"], "saleID"), members(&page["Sale"], "saleID"));
    assert_eq!(first["@attributes"]["previous"], "");
}

#[test]
fn equal_times_over_page_edges_lose_and_double_nothing() {
    let mut bench = busy();
    let all: Vec<String> = (1..=25).map(|id: u32| id.to_string()).collect();
    for (sort, turned) in
        [("timeStamp", false), ("-timeStamp", true), ("updatetime", false), ("completeTime", false), ("-saleID", true)]
    {
        let mut seen = walk(&mut bench, &format!("Sale.json?sort={sort}&limit=3"), "Sale", "saleID");
        if turned {
            seen.reverse();
        }
        assert_eq!(seen, all, "{sort}");
    }
}

#[test]
fn a_row_that_changes_while_pages_are_turned_is_met_again_at_the_end() {
    let mut bench = busy();
    let page = bench.get("Sale.json?sort=timeStamp&limit=20");
    bench.now += 5_000;
    bench.act(json!({"act": "void", "reference": "S3"}));
    let next = page["@attributes"]["next"].as_str().expect("a link").strip_prefix("http://127.0.0.1:8106");
    let rest = bench.get(next.expect("our address"));
    assert_eq!(members(&rest["Sale"], "saleID"), ["21", "22", "23", "24", "25", "4"]);
}

#[test]
fn a_poll_by_time_sees_what_changed_since_and_a_strict_one_misses_the_same_second() {
    let mut bench = busy();
    let since = "timeStamp=%3E%3D%2C2026-11-23T09%3A15%3A04%2B00%3A00";
    let all = bench.get(&format!("Sale.json?sort=timeStamp&{since}"));
    let strict = bench.get("Sale.json?sort=timeStamp&timeStamp=%3E%2C2026-11-23T09%3A15%3A04%2B00%3A00");
    let shown = members(&all["Sale"], "timeStamp");
    assert!(shown.iter().all(|at| at.as_str() >= "2026-11-23T09:15:04+00:00"), "{shown:?}");
    let same = shown.iter().filter(|at| *at == "2026-11-23T09:15:04+00:00").count();
    assert!(same > 1, "{shown:?}");
    assert_eq!(rows(&strict["Sale"]).len(), shown.len() - same);
    let by_id = bench.get(&format!("Sale.json?{since}"));
    assert_eq!(members(&by_id["Sale"], "saleID"), members(&all["Sale"], "saleID"));
}

#[test]
fn filters_compare_as_the_contract_says() {
    let mut bench = busy();
    for (filter, expected) in [
        ("saleID=7", vec!["7"]),
        ("saleID=IN%2C%5B3%2C5%2C99%5D", vec!["3", "5"]),
        ("saleID=IN%2C3%2C5", vec!["3", "5"]),
        ("saleID=%3E%2C23", vec!["24", "25"]),
        ("saleID=%3C%3D%2C2", vec!["1", "2"]),
        ("saleID=%3E%3C%2C4%2C6", vec!["4", "5", "6"]),
        ("referenceNumber=S8", vec!["9"]),
        ("referenceNumber=~%2CS2%25&saleID=%3E%2C20", vec!["21", "22", "23", "24", "25"]),
        ("or=saleID%3D1%7CreferenceNumber%3DS1", vec!["1", "2"]),
        ("receiptPreference=PRINTED&saleID=%3C%2C3", vec!["1", "2"]),
        ("ticketNumber=0220000000001", vec![]),
        ("saleID=%3E%2C23&completed=0", vec![]),
        ("saleID=%3E%2C23&voided=!%3D%2Ctrue", vec!["24", "25"]),
        ("load_relations=%5B%22SaleLines%22%5D&SaleLines.saleLineID=3", vec!["3"]),
    ] {
        assert_eq!(members(&bench.get(&format!("Sale.json?{filter}"))["Sale"], "saleID"), expected, "{filter}");
    }
}

#[test]
fn what_the_vendor_does_not_know_is_refused() {
    let mut bench = busy();
    let many: Vec<String> = (0..101).map(|id: u32| id.to_string()).collect();
    let many = format!("saleID=IN%2C{}", many.join("%2C"));
    for query in [
        "sort=total",
        "limit=101",
        "offset=100",
        "orderby=saleID",
        "colour=blue",
        "load_relations=SaleLines",
        "load_relations=%5B%22Lines%22%5D",
        "timeStamp=%3E%2Cyesterday",
        "after=abc",
        "count=1&limit=5",
        "saleID=1&saleID=2",
        "sort=timeStamp&after=WzEwXQ%3D%3D",
        many.as_str(),
    ] {
        let (status, message) = bench.refused("GET", &format!("Sale.json?{query}"), Value::Null);
        assert_eq!(status, 400, "{query}: {message}");
    }
    assert!(bench.refused("GET", "Sale.json?sort=total", Value::Null).1.contains("completeTime"));
    assert_eq!(bench.refused("GET", "Colour.json", Value::Null).0, 404);
    assert_eq!(bench.refused("GET", "Item", Value::Null).0, 400);
    assert_eq!(bench.refused("POST", "InventoryLog.json", json!({})).0, 405);
    assert_eq!(bench.refused("DELETE", "Shop/1.json", json!({})).0, 405);
}

#[test]
fn a_count_answers_the_number_alone() {
    let mut bench = busy();
    assert_eq!(bench.get("Sale.json?count=1&saleID=%3E%2C20"), json!({"@attributes": {"count": "5"}}));
}

#[test]
fn archived_rows_are_hidden_unless_asked_for() {
    let mut bench = Bench::stocked("5");
    bench.act(json!({"act": "delete_item", "sku": "TEA"}));
    assert_eq!(members(&bench.get("Item.json")["Item"], "customSku"), ["MUG", "WRAP"]);
    assert_eq!(members(&bench.get("Item.json?archived=1")["Item"], "customSku"), ["MUG", "TEA", "WRAP"]);
    assert_eq!(members(&bench.get("Item.json?archived=only")["Item"], "customSku"), ["TEA"]);
    assert_eq!(bench.get("Item/2.json")["Item"]["archived"], "true");
}

#[test]
fn simple_resources_are_made_changed_and_archived() {
    let mut bench = Bench::open();
    let vendor = bench.ok("POST", "Vendor.json", json!({"name": "Acme", "updateCost": true}));
    assert_eq!((&vendor["Vendor"]["vendorID"], &vendor["Vendor"]["updateCost"]), (&json!("1"), &json!("true")));
    let order = json!({"vendorID": 1, "shopID": 2, "refNum": "PO-7"});
    assert_eq!(bench.ok("POST", "Order.json", order)["Order"]["complete"], "false");
    bench.ok("POST", "OrderLine.json", json!({"orderID": 1, "itemID": 1, "quantity": 12, "price": "2.50"}));
    let order = bench.get("Order/1.json?load_relations=%5B%22OrderLines%22%2C%22Vendor%22%5D");
    assert_eq!(order["Order"]["totalQuantity"], "12");
    assert_eq!(order["Order"]["OrderLines"]["OrderLine"]["price"], "2.5");
    assert_eq!(order["Order"]["Vendor"]["name"], "Acme");
    assert_eq!(bench.get("Order/1/Shipment.json")["OrderShipment"], Value::Null);
    assert_eq!(bench.refused("POST", "Order.json", json!({"shopID": 9})).0, 422);
    assert_eq!(bench.refused("POST", "Vendor.json", json!({})).0, 422);
    bench.ok("DELETE", "Vendor/1.json", json!({}));
    assert_eq!(bench.get("Vendor.json")["Vendor"], Value::Null);
    bench.ok("PUT", "Vendor/1.json", json!({"archived": "false"}));
    assert_eq!(bench.get("Vendor.json")["Vendor"]["name"], "Acme");
}
