//! Paging, filters, orders, expansion.

use super::{Bench, DAY, ROOT, generous, text, till_sale};
use crate::clover::Settings;
use serde_json::{Value, json};

/// Five sales, a second apart; answers their ids.
fn five(bench: &mut Bench) -> Vec<String> {
    (0..5)
        .map(|index| {
            bench.now += 1_000;
            bench.sell(&format!("S{index}"), "MUG", "1")
        })
        .collect()
}

fn ids(elements: &[Value]) -> Vec<String> {
    elements.iter().map(|one| text(&one["id"])).collect()
}

#[test]
fn pages_of_a_poll_by_change_time_follow_each_other_until_one_is_short() {
    let mut bench = Bench::stocked();
    let sold = five(&mut bench);
    let path = "/orders?orderBy=modifiedTime%20ASC&limit=2";
    let pages: Vec<Vec<String>> = (0..3).map(|page| ids(&bench.list(&format!("{path}&offset={}", page * 2)))).collect();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<usize>>(), [2, 2, 1]);
    assert_eq!(pages.concat(), sold);
    assert_eq!(ids(&bench.list("/orders")), sold.iter().rev().cloned().collect::<Vec<String>>(), "newest first");
}

#[test]
fn an_item_tells_its_price_without_tax_to_a_merchant_who_pays_vat_and_to_no_other() {
    let net = |tax_inclusive: bool| {
        let mut bench = Bench::open_with(Settings { tax_inclusive, tax_rate: 1_900_000, ..generous() });
        let mug = bench.list("/items?filter=sku%3DMUG").remove(0);
        (mug["price"].clone(), mug.get("priceWithoutVat").cloned())
    };
    // 7.00 with 19 % inside: 7.00 × 100 / 119 = 5.8823….
    assert_eq!(net(true), (json!(700), Some(json!(588))));
    assert_eq!(net(false), (json!(700), None));
}

#[test]
fn a_poll_from_a_time_on_sees_what_changed_since_and_nothing_else() {
    let mut bench = Bench::stocked();
    let sold = five(&mut bench);
    bench.now += 1_000;
    let since = bench.now;
    bench.act(json!({"act": "void", "reference": "S1"}));
    let path = |from: i64, to: i64| {
        format!("/orders?filter=modifiedTime%3E%3D{from}&filter=modifiedTime%3C{to}&orderBy=modifiedTime+ASC")
    };
    assert_eq!(ids(&bench.list(&path(since, since + 1))), [sold[1].clone()]);
    assert!(bench.list(&path(since + 1, since)).is_empty(), "a window that ends before it begins");
    assert_eq!(bench.list(&path(0, since + 1)).len(), 5, "what changed twice is listed once, where it changed last");
    let both = bench.list(&path(since - 1_000, since + 1));
    assert_eq!(ids(&both), [sold[4].clone(), sold[1].clone()]);
}

#[test]
fn the_envelope_of_a_list_has_its_own_address() {
    let mut bench = Bench::stocked();
    let answer = bench.get("/orders?limit=7");
    assert_eq!(answer["href"], json!(format!("http://127.0.0.1:8103{ROOT}/orders?limit=7")));
    assert_eq!(answer["elements"], json!([]));
}

#[test]
fn a_limit_beyond_a_thousand_and_a_field_off_the_list_are_refused() {
    let mut bench = Bench::open();
    for bad in ["limit=1001", "limit=0", "limit=x", "offset=-1", "filter=colour=red", "orderBy=colour", "filter=total"]
    {
        assert_eq!(bench.call("GET", &format!("/orders?{bad}"), Value::Null).0, 400, "{bad}");
    }
    let (status, answer) = bench.call("GET", "/customers?filter=modifiedTime%3E1", Value::Null);
    assert_eq!((status, answer), (400, json!({"message": "Unsupported filter field: modifiedTime"})));
}

#[test]
fn filters_on_most_fields_see_ninety_days_only() {
    let mut bench = Bench::stocked();
    let old = bench.sell("OLD", "MUG", "1");
    bench.now += 91 * DAY;
    let token = bench.token.clone();
    let pair = bench.respond(
        "POST",
        "/oauth/v2/refresh",
        &json!({"client_id": "AEMULATED0001", "refresh_token": "clover-refresh-token"}),
    );
    assert_eq!(bench.token, token);
    bench.token = text(&serde_json::from_slice::<Value>(pair.body()).expect("JSON")["access_token"]);
    assert!(bench.list("/orders?filter=createdTime%3E0").is_empty());
    assert!(bench.list("/orders?filter=externalReferenceId=OLD").is_empty());
    assert_eq!(ids(&bench.list("/orders?filter=modifiedTime%3E0")), std::slice::from_ref(&old));
    assert_eq!(ids(&bench.list(&format!("/orders?filter=id={old}"))), [old]);
}

#[test]
fn an_order_is_found_by_its_outside_reference() {
    let mut bench = Bench::stocked();
    let sold = five(&mut bench);
    assert_eq!(ids(&bench.list("/orders?filter=externalReferenceId=S3")), [sold[3].clone()]);
    assert!(bench.list("/orders?filter=externalReferenceId=S9").is_empty());
    let twice: Vec<String> =
        (0..2).map(|_| text(&bench.ok("POST", "/orders", json!({"externalReferenceId": "hub-1"}))["id"])).collect();
    let found = ids(&bench.list("/orders?filter=externalReferenceId=hub-1"));
    assert_eq!(found, [twice[1].clone(), twice[0].clone()], "nothing keeps a client from using a reference twice");
    bench.ok("POST", &format!("/orders/{}", twice[1]), json!({"externalReferenceId": "hub-2"}));
    assert_eq!(ids(&bench.list("/orders?filter=externalReferenceId=hub-1")), [twice[0].clone()]);
    assert_eq!(ids(&bench.list("/orders?filter=externalReferenceId=hub-2")), [twice[1].clone()]);
    assert_eq!(ids(&bench.list("/orders?filter=externalReferenceId=S3&filter=state=locked")), [sold[3].clone()]);
}

#[test]
fn what_is_not_expanded_has_no_key() {
    let mut bench = Bench::stocked();
    let order = bench.sell("S1", "MUG", "2");
    let plain = bench.get(&format!("/orders/{order}"));
    for key in ["lineItems", "payments", "refunds", "customers", "discounts", "credits", "voids"] {
        assert!(plain.get(key).is_none(), "{key}");
    }
    let full = bench.get(&format!("/orders/{order}?expand=lineItems,payments.tender&expand=refunds"));
    assert_eq!(full["lineItems"]["elements"].as_array().map(Vec::len), Some(2));
    assert_eq!(full["payments"]["elements"][0]["tender"]["labelKey"], "com.clover.tender.cash");
    assert_eq!(full["refunds"], json!({"elements": []}));
    let item = bench.item("MUG");
    assert!(bench.get(&format!("/items/{item}")).get("itemStock").is_none());
}

#[test]
fn payments_are_polled_by_change_time_as_orders_are() {
    let mut bench = Bench::stocked();
    five(&mut bench);
    let since = bench.now;
    bench.now += 1_000;
    let sale = bench.act(till_sale("S9", &[("TEA", "1", 300)]));
    let found = bench.list(&format!("/payments?filter=modifiedTime%3E{since}&orderBy=modifiedTime+ASC&expand=tender"));
    assert_eq!(ids(&found), [text(&sale["payment_ids"][0])]);
    assert_eq!(bench.list(&format!("/payments?filter=order.modifiedTime%3E{since}")).len(), 1);
    assert_eq!(bench.list("/payments?filter=amount%3E%3D700").len(), 5);
}

#[test]
fn tenders_and_employees_are_listed() {
    let mut bench = Bench::open();
    let labels: Vec<String> = bench.list("/tenders").iter().map(|one| text(&one["label"])).collect();
    assert_eq!(labels, ["Cash", "Credit Card", "Debit Card", "Check", "External Payment"]);
    let cash = bench.list("/tenders?filter=label=Cash");
    assert_eq!(bench.get(&format!("/tenders/{}", text(&cash[0]["id"])))["labelKey"], "com.clover.tender.cash");
    let owner = text(&bench.list("/employees")[0]["id"]);
    assert_eq!(bench.get(&format!("/employees/{owner}"))["isOwner"], json!(true));
}
