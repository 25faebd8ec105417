//! Sales, web orders, the order search, and the orders that the hub makes and changes.

use super::{Bench, order, till_sale, web_order};
use crate::machine::Machine;
use crate::square::clock::rfc3339;
use serde_json::{Value, json};

fn search(bench: &mut Bench, more: Value) -> Value {
    let (high_street, harbour) = (bench.location("High Street"), bench.location("Harbour"));
    let mut body = json!({
        "location_ids": [high_street, harbour],
        "query": {"sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"}},
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    bench.ok("POST", "/v2/orders/search", body)
}

#[test]
fn a_till_sale_is_a_completed_order_with_its_payment() {
    let mut bench = Bench::stocked("10");
    let sale = bench.sell("S1", "MUG", "2.5");
    let shown = order(&mut bench, &sale["order_id"]);
    assert_eq!(shown["state"], "COMPLETED");
    assert_eq!(shown["reference_id"], "S1");
    assert_eq!(shown["total_money"], json!({"amount": 1_750, "currency": "GBP"}));
    assert_eq!(shown["net_amount_due_money"]["amount"], 0);
    assert_eq!(shown["line_items"][0]["quantity"], "2.5");
    assert_eq!(shown["line_items"][0]["uid"], sale["line_uids"][0]);
    assert_eq!(shown["tenders"][0]["payment_id"], sale["payment_ids"][0]);
    assert_eq!(bench.level("MUG", "High Street"), "7.5");
}

#[test]
fn a_till_sells_what_is_not_there_and_the_web_shop_does_not() {
    let mut bench = Bench::stocked("1");
    bench.sell("S1", "MUG", "3");
    assert_eq!(bench.level("MUG", "High Street"), "-2");
    assert!(bench.try_act(web_order("W1", "MUG", "2")).is_err());
    let mut forced = web_order("W2", "MUG", "2");
    forced["force"] = json!(true);
    assert_eq!(bench.act(forced)["location"], "High Street");
    assert_eq!(bench.level("MUG", "High Street"), "-4");
}

#[test]
fn a_web_order_goes_where_all_lines_are_and_stays_open_until_it_is_handed_over() {
    let mut bench = Bench::stocked("5");
    bench.count("MUG", "High Street", "1");
    let placed = bench.act(web_order("W1", "MUG", "4"));
    assert_eq!(placed["location"], "Harbour");
    assert_eq!(bench.level("MUG", "Harbour"), "1");
    let open = order(&mut bench, &placed["order_id"]);
    assert_eq!((&open["state"], &open["fulfillments"][0]["state"]), (&json!("OPEN"), &json!("PROPOSED")));
    bench.outbox.clear();
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    assert_eq!(bench.topics(), ["order.fulfillment.updated", "order.updated"]);
    let done = order(&mut bench, &placed["order_id"]);
    assert_eq!((&done["state"], &done["fulfillments"][0]["state"]), (&json!("COMPLETED"), &json!("COMPLETED")));
    assert!(bench.try_act(json!({"act": "cancel", "reference": "W1"})).is_err());
}

#[test]
fn a_cancelled_order_gives_goods_and_money_back() {
    let mut bench = Bench::stocked("5");
    let placed = bench.act(web_order("W1", "MUG", "4"));
    bench.act(json!({"act": "cancel", "reference": "W1"}));
    assert_eq!(bench.level("MUG", "High Street"), "5");
    let shown = order(&mut bench, &placed["order_id"]);
    assert_eq!(shown["state"], "CANCELED");
    assert_eq!(shown["refunds"][0]["amount_money"]["amount"], 2_800);
    let kinds: Vec<(String, String)> = bench
        .square
        .books()
        .lines
        .into_iter()
        .filter(|line| line.reference == "W1")
        .map(|l| (l.kind, l.quantity))
        .collect();
    assert_eq!(kinds, [("web_order".into(), "0".into()), ("cancel".into(), "4".into())]);
}

#[test]
fn an_edit_moves_the_difference_and_bumps_the_version() {
    let mut bench = Bench::stocked("5");
    let placed = bench.act(web_order("W1", "MUG", "4"));
    let before = order(&mut bench, &placed["order_id"])["version"].as_i64().expect("a version");
    bench.act(json!({"act": "edit", "reference": "W1", "line": 0, "quantity": "1"}));
    assert_eq!(bench.level("MUG", "High Street"), "4");
    let after = order(&mut bench, &placed["order_id"]);
    assert_eq!(after["version"], before + 1);
    assert_eq!(after["line_items"][0]["quantity"], "1");
    bench.sell("S1", "MUG", "1");
    assert!(bench.try_act(json!({"act": "edit", "reference": "S1", "line": 0, "quantity": "2"})).is_err());
}

#[test]
fn an_offline_sale_is_found_by_its_update_and_keeps_its_own_time() {
    let mut bench = Bench::stocked("10");
    let polled_at = bench.now;
    bench.now += 72 * 3_600_000;
    let sale = bench.act(till_sale("late", "MUG", "1", 71 * 3_600_000));
    let filter = json!({"filter": {"date_time_filter": {"updated_at": {"start_at": rfc3339(polled_at + 1)}}},
        "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"}});
    let found = search(&mut bench, json!({"query": filter}));
    assert_eq!(found["orders"][0]["id"], sale["order_id"]);
    assert_eq!(found["orders"][0]["created_at"], rfc3339(polled_at + 3_600_000));
    assert_eq!(found["orders"][0]["updated_at"], rfc3339(bench.now));
    assert_eq!(bench.last("payment.updated")["payment"]["is_offline_payment"], true);
}

#[test]
fn the_sort_field_must_be_the_filtered_field() {
    let mut bench = Bench::stocked("10");
    let place = bench.location("Harbour");
    let body = json!({"location_ids": [place], "query": {
        "filter": {"date_time_filter": {"updated_at": {"start_at": rfc3339(bench.now)}}},
        "sort": {"sort_field": "CREATED_AT"},
    }});
    let (status, _, field) = bench.refused("POST", "/v2/orders/search", body);
    assert_eq!((status, field.as_str()), (400, "query.sort.sort_field"));
    let eleven = vec![place; 11];
    let (_, code, _) = bench.refused("POST", "/v2/orders/search", json!({"location_ids": eleven}));
    assert_eq!(code, "ARRAY_LENGTH_TOO_LONG");
}

#[test]
fn the_pages_of_a_search_hold_every_order_once() {
    let mut bench = Bench::stocked("10");
    for sale in 0..5 {
        bench.now += sale % 2;
        bench.sell(&format!("S{sale}"), "MUG", "1");
    }
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let page = search(&mut bench, json!({"limit": 2, "return_entries": true, "cursor": cursor}));
        let entries = page["order_entries"].as_array().expect("entries");
        seen.extend(entries.iter().map(|entry| entry["order_id"].clone()));
        cursor = page["cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    let rung_up: Vec<Value> =
        bench.square.books().lines.iter().filter(|line| line.kind == "sale").map(|line| json!(line.document)).collect();
    assert_eq!(seen, rung_up);
    let ids = json!({"order_ids": seen});
    let all = bench.ok("POST", "/v2/orders/batch-retrieve", ids);
    assert_eq!(all["orders"].as_array().map(Vec::len), Some(5));
}

#[test]
fn an_order_made_by_api_moves_stock_when_it_is_paid() {
    let mut bench = Bench::stocked("10");
    let (place, mug) = (bench.location("Harbour"), bench.variation("MUG"));
    let body = json!({"idempotency_key": "o", "order": {
        "location_id": place, "reference_id": "hub-1", "line_items": [{"quantity": "2", "catalog_object_id": mug}],
    }});
    let made = bench.ok("POST", "/v2/orders", body)["order"].clone();
    assert_eq!((&made["state"], &made["total_money"]["amount"]), (&json!("OPEN"), &json!(1_400)));
    assert_eq!(bench.level("MUG", "Harbour"), "10");
    let pay = json!({
        "idempotency_key": "p", "source_id": "EXTERNAL", "external_details": {"type": "OTHER", "source": "web"},
        "amount_money": {"amount": 1_400, "currency": "GBP"}, "order_id": made["id"],
    });
    let paid = bench.ok("POST", "/v2/payments", pay);
    assert_eq!(paid["payment"]["status"], "COMPLETED");
    assert_eq!(order(&mut bench, &made["id"])["state"], "COMPLETED");
    assert_eq!(bench.level("MUG", "Harbour"), "8");
}

#[test]
fn an_update_needs_the_present_version_and_an_open_order() {
    let mut bench = Bench::stocked("10");
    let placed = bench.act(web_order("W1", "MUG", "1"));
    let path = format!("/v2/orders/{}", placed["order_id"].as_str().expect("an id"));
    let shown = order(&mut bench, &placed["order_id"]);
    let version = shown["version"].as_i64().expect("a version");
    let fulfil = |version: i64, key: &str| {
        json!({"idempotency_key": key, "order": {"version": version,
            "fulfillments": [{"uid": shown["fulfillments"][0]["uid"], "state": "COMPLETED"}]}})
    };
    let (status, code, field) = bench.refused("PUT", &path, fulfil(version - 1, "a"));
    assert_eq!((status, code.as_str(), field.as_str()), (400, "VERSION_MISMATCH", "order.version"));
    let done = bench.ok("PUT", &path, fulfil(version, "b"));
    assert_eq!((&done["order"]["state"], &done["order"]["version"]), (&json!("COMPLETED"), &json!(version + 1)));
    assert_eq!(bench.refused("PUT", &path, fulfil(version + 1, "c")).1, "BAD_REQUEST");
}

#[test]
fn an_update_without_a_key_is_answered_and_changes_nothing() {
    let mut bench = Bench::stocked("10");
    let placed = bench.act(web_order("W1", "MUG", "1"));
    let path = format!("/v2/orders/{}", placed["order_id"].as_str().expect("an id"));
    let before = order(&mut bench, &placed["order_id"]);
    let body = json!({"order": {"version": before["version"], "state": "CANCELED"}});
    assert_eq!(bench.ok("PUT", &path, body)["order"], before);
    assert_eq!(order(&mut bench, &placed["order_id"]), before);
}

#[test]
fn a_line_lowered_by_api_on_a_paid_order_comes_back_and_an_added_one_waits_for_its_payment() {
    let mut bench = Bench::stocked("10");
    let placed = bench.act(web_order("W1", "MUG", "3"));
    let path = format!("/v2/orders/{}", placed["order_id"].as_str().expect("an id"));
    let version = order(&mut bench, &placed["order_id"])["version"].clone();
    let tea = bench.variation("TEA");
    let body = json!({"idempotency_key": "u", "order": {"version": version, "line_items": [
        {"uid": placed["line_uids"][0], "quantity": "1"}, {"quantity": "2", "catalog_object_id": tea},
    ]}});
    bench.ok("PUT", &path, body);
    assert_eq!((bench.level("MUG", "High Street"), bench.level("TEA", "High Street")), ("9".into(), "10".into()));
}

#[test]
fn payments_and_customers_show_in_lists_only_after_a_while() {
    let mut bench = Bench::stocked("10");
    let mut sale = till_sale("S1", "MUG", "1", 0);
    sale["customer"] = json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com"});
    let made = bench.act(sale);
    let id = made["payment_ids"][0].as_str().expect("an id").to_owned();
    assert_eq!(bench.ok("GET", &format!("/v2/payments/{id}"), json!({}))["payment"]["id"], json!(id));
    assert_eq!(bench.ok("GET", "/v2/payments", json!({}))["payments"], json!([]));
    bench.now += 30_000;
    assert_eq!(bench.ok("GET", "/v2/payments?limit=10", json!({}))["payments"][0]["id"], json!(id));
    let query = json!({"query": {"filter": {"email_address": {"exact": "ANA@example.com"}}}});
    let found = bench.ok("POST", "/v2/customers/search", query);
    assert_eq!(found["customers"][0]["reference_id"], "C1");
}

#[test]
fn a_document_name_is_used_once() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", "MUG", "1");
    assert!(bench.try_act(till_sale("S1", "MUG", "1", 0)).is_err());
    assert_eq!(bench.level("MUG", "High Street"), "9");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let play = || {
        let mut bench = Bench::stocked("10");
        bench.sell("S1", "MUG", "2");
        bench.act(web_order("W1", "TEA", "1"));
        bench.act(json!({"act": "cancel", "reference": "W1"}));
        bench.now += 60_000;
        bench.tick();
        bench.outbox
    };
    let first = play();
    assert!(first.len() > 10);
    assert_eq!(first, play());
}
