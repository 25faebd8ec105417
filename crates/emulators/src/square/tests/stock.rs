//! Counts, adjustments, and the log ordered by when things occurred.

use super::{Bench, till_sale};
use crate::machine::Millis;
use crate::square::clock::rfc3339;
use serde_json::{Value, json};

const WRITE: &str = "/v2/inventory/changes/batch-create";

fn count_at(bench: &mut Bench, sku: &str, quantity: &str, at: Millis) -> Value {
    let (id, place) = (bench.variation(sku), bench.location("High Street"));
    json!({"type": "PHYSICAL_COUNT", "physical_count": {
        "catalog_object_id": id, "state": "IN_STOCK", "location_id": place,
        "quantity": quantity, "occurred_at": rfc3339(at), "reference_id": "hub:1",
    }})
}

fn adjust_at(bench: &mut Bench, way: (&str, &str), quantity: &str, at: Millis) -> Value {
    let (id, place) = (bench.variation("MUG"), bench.location("High Street"));
    json!({"type": "ADJUSTMENT", "adjustment": {
        "catalog_object_id": id, "from_state": way.0, "to_state": way.1, "from_location_id": place,
        "to_location_id": place, "quantity": quantity, "occurred_at": rfc3339(at),
    }})
}

fn write(bench: &mut Bench, changes: &[Value]) -> (u16, Value) {
    let key = bench.key();
    bench.call("POST", WRITE, json!({"idempotency_key": key, "changes": changes}))
}

#[test]
fn a_count_dated_before_a_sale_is_followed_by_that_sale() {
    let mut bench = Bench::stocked("10");
    let computed_at = bench.now;
    bench.now += 5_000;
    bench.sell("S1", "MUG", "3");
    let count = count_at(&mut bench, "MUG", "20", computed_at);
    let (status, answer) = write(&mut bench, &[count]);
    assert_eq!(status, 200);
    assert_eq!(answer["counts"][0]["quantity"], "17");
    assert_eq!(answer["changes"][0]["physical_count"]["quantity"], "20");
    assert_eq!(bench.level("MUG", "High Street"), "17");
}

#[test]
fn a_sale_uploaded_late_is_absorbed_by_the_count_made_after_it() {
    let mut bench = Bench::stocked("10");
    bench.now += 3_600_000;
    bench.count("MUG", "High Street", "8");
    bench.now += 1_000;
    bench.outbox.clear();
    bench.act(till_sale("late", "MUG", "2", 1_800_000));
    assert_eq!(bench.level("MUG", "High Street"), "8");
    assert!(!bench.topics().contains(&"inventory.count.updated"));
}

#[test]
fn a_change_of_the_future_or_of_the_day_before_is_refused() {
    let mut bench = Bench::stocked("10");
    for at in [bench.now + 1, bench.now - 24 * 3_600_000 - 1] {
        let change = count_at(&mut bench, "MUG", "3", at);
        let (status, answer) = write(&mut bench, &[change]);
        assert_eq!(status, 400);
        assert_eq!(answer["errors"][0]["code"], "INVALID_TIME");
        assert_eq!(answer["errors"][0]["field"], "changes[0].physical_count.occurred_at");
    }
    let now = bench.now;
    let change = count_at(&mut bench, "MUG", "3", now);
    assert_eq!(write(&mut bench, &[change]).0, 200);
}

#[test]
fn one_bad_change_refuses_the_whole_batch_and_is_named() {
    let mut bench = Bench::stocked("10");
    let now = bench.now;
    let mut changes: Vec<Value> = (0..4).map(|_| adjust_at(&mut bench, ("NONE", "IN_STOCK"), "1", now)).collect();
    changes[3]["adjustment"]["catalog_object_id"] = json!("NOBODY");
    let (status, answer) = write(&mut bench, &changes);
    assert_eq!(status, 400);
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["errors"][0]["field"], "changes[3].adjustment.catalog_object_id");
    assert_eq!(bench.level("MUG", "High Street"), "10");
    assert!(bench.outbox.is_empty());
    changes.pop();
    assert_eq!(write(&mut bench, &changes).0, 200);
    assert_eq!(bench.level("MUG", "High Street"), "13");
}

#[test]
fn an_unchanged_count_writes_nothing_unless_it_is_asked_to() {
    let mut bench = Bench::stocked("10");
    let now = bench.now;
    let count = count_at(&mut bench, "MUG", "10", now);
    let (_, answer) = write(&mut bench, std::slice::from_ref(&count));
    assert_eq!(answer["changes"], json!([]));
    assert_eq!(answer["counts"][0]["quantity"], "10");
    assert!(bench.outbox.is_empty());
    let body = json!({"idempotency_key": "k", "ignore_unchanged_counts": false, "changes": [count]});
    let answer = bench.ok("POST", WRITE, body);
    assert_eq!(answer["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(bench.topics(), ["inventory.count.updated"]);
}

#[test]
fn goods_go_the_ways_the_vendor_knows() {
    let mut bench = Bench::stocked("10");
    let now = bench.now;
    let ways = [
        (("NONE", "IN_STOCK"), "12.5"),
        (("IN_STOCK", "WASTE"), "10"),
        (("IN_STOCK", "SOLD"), "7.5"),
        (("SOLD", "IN_STOCK"), "10"),
        (("UNLINKED_RETURN", "IN_STOCK"), "12.5"),
        (("UNLINKED_RETURN", "WASTE"), "12.5"),
    ];
    for (way, level) in ways {
        let change = adjust_at(&mut bench, way, "2.5", now);
        assert_eq!(write(&mut bench, &[change]).0, 200, "{way:?}");
        assert_eq!(bench.level("MUG", "High Street"), level, "{way:?}");
    }
    for way in [("SOLD", "NONE"), ("IN_STOCK", "IN_STOCK"), ("IN_STOCK", "COMPOSED")] {
        let change = adjust_at(&mut bench, way, "2.5", now);
        assert_eq!(write(&mut bench, &[change]).0, 400, "{way:?}");
    }
}

#[test]
fn goods_do_not_move_between_locations_by_adjustment() {
    let mut bench = Bench::stocked("10");
    let now = bench.now;
    let mut change = adjust_at(&mut bench, ("IN_STOCK", "SOLD"), "1", now);
    change["adjustment"]["to_location_id"] = json!(bench.location("Harbour"));
    let (status, answer) = write(&mut bench, &[change]);
    assert_eq!(status, 400);
    assert_eq!(answer["errors"][0]["field"], "changes[0].adjustment.to_location_id");
}

#[test]
fn a_batch_holds_at_most_a_hundred_changes() {
    let mut bench = Bench::stocked("10");
    let now = bench.now;
    let changes = vec![adjust_at(&mut bench, ("NONE", "IN_STOCK"), "0.00001", now); 101];
    assert_eq!(write(&mut bench, &changes).1["errors"][0]["code"], "ARRAY_LENGTH_TOO_LONG");
    assert_eq!(write(&mut bench, &changes[1..]).0, 200);
    assert_eq!(bench.level("MUG", "High Street"), "10.001");
}

#[test]
fn the_hubs_own_writes_are_told_in_one_event() {
    let mut bench = Bench::stocked("10");
    let now = bench.now;
    let changes = [count_at(&mut bench, "MUG", "3", now), count_at(&mut bench, "TEA", "4", now)];
    write(&mut bench, &changes);
    assert_eq!(bench.topics(), ["inventory.count.updated"]);
    let counts = bench.last("inventory.count.updated")["inventory_counts"].clone();
    let quantities: Vec<&str> =
        counts.as_array().into_iter().flatten().filter_map(|count| count["quantity"].as_str()).collect();
    assert_eq!(quantities, ["3", "4"]);
    assert_eq!(counts[0]["state"], "IN_STOCK");
}

#[test]
fn counts_are_paged_and_filtered_by_time_state_and_place() {
    let mut bench = Bench::stocked("10");
    let read = "/v2/inventory/counts/batch-retrieve";
    let place = bench.location("Harbour");
    let all = bench.ok("POST", read, json!({"location_ids": [place]}));
    assert_eq!(all["counts"].as_array().map(Vec::len), Some(2));
    let first = bench.ok("POST", read, json!({"limit": 3}));
    assert_eq!(first["counts"].as_array().map(Vec::len), Some(3));
    let rest = bench.ok("POST", read, json!({"limit": 3, "cursor": first["cursor"]}));
    assert_eq!(rest["counts"].as_array().map(Vec::len), Some(1));
    assert_eq!(rest.get("cursor"), None);
    let since = rfc3339(bench.now);
    bench.now += 1_000;
    bench.act(json!({"act": "adjust", "sku": "TEA", "location": "Harbour", "delta": "-0.33333", "reason": "spilt"}));
    let changed = bench.ok("POST", read, json!({"updated_after": since}));
    let shown: Vec<(&str, &str)> = changed["counts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|count| Some((count["state"].as_str()?, count["quantity"].as_str()?)))
        .collect();
    assert_eq!(shown, [("IN_STOCK", "9.66667"), ("WASTE", "0.33333")]);
    let waste = bench.ok("POST", read, json!({"states": ["WASTE"]}));
    assert_eq!(waste["counts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_list_of_changes_tells_who_moved_what() {
    let mut bench = Bench::stocked("10");
    let since = rfc3339(bench.now);
    bench.now += 1_000;
    let sale = bench.sell("S1", "MUG", "2");
    let body = json!({"updated_after": since, "types": ["ADJUSTMENT"]});
    let changes = bench.ok("POST", "/v2/inventory/changes/batch-retrieve", body);
    let change = &changes["changes"][0]["adjustment"];
    assert_eq!(change["from_state"], "IN_STOCK");
    assert_eq!(change["to_state"], "SOLD");
    assert_eq!(change["transaction_id"], sale["order_id"]);
    assert_eq!(change["source"]["product"], "SQUARE_POS");
    let id = change["id"].as_str().expect("an id");
    let one = bench.ok("GET", &format!("/v2/inventory/adjustments/{id}"), json!({}));
    assert_eq!(one["adjustment"], *change);
}

#[test]
fn services_have_no_stock() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", "WRAP", "1");
    assert!(!bench.topics().contains(&"inventory.count.updated"));
    let now = bench.now;
    let count = count_at(&mut bench, "WRAP", "1", now);
    assert_eq!(write(&mut bench, &[count]).0, 400);
    let refused = bench.try_act(json!({"act": "count", "sku": "WRAP", "location": "Harbour", "quantity": "1"}));
    assert_eq!(refused, Err("the stock of WRAP is not tracked".into()));
}

#[test]
fn an_adjustment_keeps_its_reason_when_the_vendor_knows_it() {
    let mut bench = Bench::stocked("10");
    let now = bench.now;
    let mut change = adjust_at(&mut bench, ("IN_STOCK", "WASTE"), "1", now);
    change["adjustment"]["reason_id"] = json!({"type": "DAMAGED"});
    let (_, answer) = write(&mut bench, std::slice::from_ref(&change));
    assert_eq!(answer["changes"][0]["adjustment"]["reason_id"]["type"], "DAMAGED");
    change["adjustment"]["reason_id"] = json!({"type": "MOOD"});
    let (status, answer) = write(&mut bench, &[change]);
    assert_eq!(status, 400);
    assert_eq!(answer["errors"][0]["field"], "changes[0].adjustment.reason_id.type");
    let since = rfc3339(bench.now);
    bench.now += 1_000;
    bench.act(json!({"act": "adjust", "sku": "TEA", "location": "Harbour", "delta": "-1", "reason": "theft"}));
    let changes = bench.ok("POST", "/v2/inventory/changes/batch-retrieve", json!({"updated_after": since}));
    assert_eq!(changes["changes"][0]["adjustment"]["reason_id"], json!({"type": "THEFT"}));
}
