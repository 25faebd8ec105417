//! Stock written by the hub: compare and set, adjust, keys.

use serde_json::{Value, json};

use super::{ADJUST, Bench, SET};

impl Bench {
    fn set(&mut self, key: &str, rows: &[Value]) -> Value {
        let input = json!({"name": "available", "reason": "correction", "referenceDocumentUri": "gid://hub/Job/1", "quantities": rows});
        self.ask(SET, json!({"k": key, "i": input}))
    }

    fn row(&mut self, sku: &str, location: &str, quantity: i64, from: Value) -> Value {
        let (item, location) = self.ids(sku, location);
        json!({"inventoryItemId": item, "locationId": location, "quantity": quantity, "changeFromQuantity": from})
    }
}

fn errors(answer: &Value, mutation: &str) -> Value {
    answer["data"][mutation]["userErrors"].clone()
}

#[test]
fn a_set_with_the_right_old_quantity_reports_both_states_after_the_change() {
    let mut bench = Bench::new();
    let row = bench.row("SKU-1", "Front", 7, json!(10));
    let answer = bench.set("k1", &[row]);
    let changes = &answer["data"]["inventorySetQuantities"]["inventoryAdjustmentGroup"]["changes"];
    assert_eq!(changes[0]["name"], "available");
    assert_eq!((&changes[0]["delta"], &changes[0]["quantityAfterChange"]), (&json!(-3), &json!(7)));
    assert_eq!((&changes[1]["name"], &changes[1]["quantityAfterChange"]), (&json!("on_hand"), &json!(7)));
    assert_eq!(bench.states("SKU-1", "Front"), [7, 0, 7]);
}

#[test]
fn the_changes_of_one_state_can_be_asked_for() {
    let mut bench = Bench::new();
    let query = SET.replace("changes {", "changes(quantityNames: [\"on_hand\"]) {");
    let row = bench.row("SKU-1", "Front", 7, json!(10));
    let input = json!({"name": "available", "reason": "correction", "quantities": [row]});
    let answer = bench.ask(&query, json!({"k": "k", "i": input}));
    let changes = &answer["data"]["inventorySetQuantities"]["inventoryAdjustmentGroup"]["changes"];
    assert_eq!(changes.as_array().map(Vec::len), Some(1));
    assert_eq!(changes[0]["name"], "on_hand");
}

#[test]
fn a_write_that_changes_nothing_has_no_adjustment_group() {
    let mut bench = Bench::new();
    let row = bench.row("SKU-1", "Front", 10, json!(10));
    let answer = bench.set("k", &[row]);
    assert_eq!(answer["data"]["inventorySetQuantities"], json!({"inventoryAdjustmentGroup": null, "userErrors": []}));
}

#[test]
fn one_stale_row_is_named_by_its_place_and_nothing_changes() {
    let mut bench = Bench::new();
    let rows = [bench.row("SKU-1", "Front", 7, json!(10)), bench.row("SKU-2", "Front", 7, json!(9))];
    let answer = bench.set("k1", &rows);
    let error = &errors(&answer, "inventorySetQuantities")[0];
    assert_eq!(error["code"], "CHANGE_FROM_QUANTITY_STALE");
    assert_eq!(error["field"], json!(["input", "quantities", "1", "changeFromQuantity"]));
    assert_eq!(bench.states("SKU-1", "Front"), [10, 0, 10]);
}

#[test]
fn null_skips_the_comparison_and_leaving_it_out_is_an_error() {
    let mut bench = Bench::new();
    let row = bench.row("SKU-1", "Front", 3, Value::Null);
    let answer = bench.set("k1", std::slice::from_ref(&row));
    assert_eq!(errors(&answer, "inventorySetQuantities"), json!([]));
    let mut bare = row;
    bare.as_object_mut().expect("an object").remove("changeFromQuantity");
    let answer = bench.set("k2", &[bare]);
    assert!(answer["errors"][0]["message"].as_str().expect("text").contains("changeFromQuantity"));
    assert_eq!(bench.states("SKU-1", "Front"), [3, 0, 3]);
}

#[test]
fn a_stale_adjustment_names_the_list_changes() {
    let mut bench = Bench::new();
    let (item, location) = bench.ids("SKU-1", "Back");
    let row = json!({"inventoryItemId": item, "locationId": location, "delta": -2, "changeFromQuantity": 4});
    let input = json!({"name": "available", "reason": "correction", "changes": [row]});
    let answer = bench.ask(ADJUST, json!({"k": "a", "i": input}));
    let error = &errors(&answer, "inventoryAdjustQuantities")[0];
    assert_eq!(error["field"], json!(["input", "changes", "0", "changeFromQuantity"]));
    let row = json!({"inventoryItemId": item, "locationId": location, "delta": -7, "changeFromQuantity": 5});
    let input = json!({"name": "available", "reason": "correction", "changes": [row]});
    bench.ask(ADJUST, json!({"k": "b", "i": input}));
    assert_eq!(bench.states("SKU-1", "Back"), [-2, 0, -2], "an adjustment may go below zero");
}

#[test]
fn the_same_key_replays_the_first_result_and_other_variables_are_refused() {
    let mut bench = Bench::new();
    let (item, location) = bench.ids("SKU-1", "Front");
    let input = |delta: i64| {
        json!({"name": "available", "reason": "correction", "changes": [
            {"inventoryItemId": item, "locationId": location, "delta": delta, "changeFromQuantity": null}]})
    };
    let first = bench.ask(ADJUST, json!({"k": "once", "i": input(-1)}));
    let second = bench.ask(ADJUST, json!({"k": "once", "i": input(-1)}));
    assert_eq!(first["data"], second["data"]);
    assert_eq!(bench.states("SKU-1", "Front"), [9, 0, 9], "it was done once");
    let other = bench.ask(ADJUST, json!({"k": "once", "i": input(-2)}));
    let code = &errors(&other, "inventoryAdjustQuantities")[0]["code"];
    assert_eq!(code, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH");
}

#[test]
fn a_key_whose_first_attempt_failed_is_spent() {
    let mut bench = Bench::new();
    let stale = bench.row("SKU-1", "Front", 7, json!(1));
    bench.set("k", std::slice::from_ref(&stale));
    let again = bench.set("k", &[stale]);
    let code = &errors(&again, "inventorySetQuantities")[0]["code"];
    assert_eq!(code, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED");
}

#[test]
fn a_write_without_a_key_is_refused() {
    let mut bench = Bench::new();
    let query = SET.replace(", $k: String!", "").replace("@idempotent(key: $k)", "");
    let row = bench.row("SKU-1", "Front", 1, Value::Null);
    let input = json!({"name": "available", "reason": "correction", "quantities": [row]});
    let answer = bench.ask(&query, json!({"i": input}));
    assert!(answer["errors"][0]["message"].as_str().expect("text").contains("@idempotent"));
    assert_eq!(bench.states("SKU-1", "Front"), [10, 0, 10]);
}

#[test]
fn unknown_records_bad_names_and_negative_counts_have_their_codes() {
    let mut bench = Bench::new();
    let rows = [json!({"inventoryItemId": "gid://shopify/InventoryItem/1", "locationId": "gid://shopify/Location/1",
            "quantity": -1, "changeFromQuantity": null})];
    let input = json!({"name": "committed", "reason": "because", "quantities": rows});
    let answer = bench.ask(SET, json!({"k": "x", "i": input}));
    let codes: Vec<&str> = answer["data"]["inventorySetQuantities"]["userErrors"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|error| error["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        ["INVALID_NAME", "INVALID_REASON", "INVALID_QUANTITY_NEGATIVE", "INVALID_INVENTORY_ITEM", "INVALID_LOCATION"]
    );
}

#[test]
fn more_than_250_rows_are_refused_whole() {
    let mut bench = Bench::new();
    let row = bench.row("SKU-1", "Front", 1, Value::Null);
    let answer = bench.set("k", &vec![row; 251]);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "MAX_INPUT_SIZE_EXCEEDED");
}

#[test]
fn the_hubs_own_write_comes_back_as_a_webhook() {
    let mut bench = Bench::new();
    bench.subscribe(&["inventory_levels/update"]);
    let row = bench.row("SKU-1", "Front", 7, json!(10));
    bench.set("k1", &[row]);
    assert_eq!(super::body(&bench.sent[0])["available"], 7);
    assert_eq!(bench.topics(), ["inventory_levels/update"]);
    assert_eq!(bench.shop.calls.rows["inventorySetQuantities"], 1);
}

const MOVE: &str = "mutation($i: InventoryMoveQuantitiesInput!, $k: String!) {
    inventoryMoveQuantities(input: $i) @idempotent(key: $k) {
        inventoryAdjustmentGroup { changes { name delta quantityAfterChange ledgerDocumentUri } }
        userErrors { code field message } } }";

#[test]
fn broken_goods_are_set_aside_and_stay_on_hand() {
    let mut bench = Bench::new();
    let (item, front) = bench.ids("SKU-1", "Front");
    let (_, back) = bench.ids("SKU-1", "Back");
    let input = |from: Value, to: Value| json!({"reason": "damaged", "referenceDocumentUri": "gid://hub/Move/1", "changes": [{"inventoryItemId": item, "quantity": 3, "from": from, "to": to}]});
    let shelf = json!({"name": "available", "locationId": front, "changeFromQuantity": 10});
    let bin = json!({"name": "damaged", "locationId": front, "changeFromQuantity": null, "ledgerDocumentUri": "gid://hub/Bin/1"});
    let made = bench.ask(MOVE, json!({"k": "m1", "i": input(shelf.clone(), bin.clone())}));
    let changes = &made["data"]["inventoryMoveQuantities"]["inventoryAdjustmentGroup"]["changes"];
    assert_eq!((&changes[0]["quantityAfterChange"], &changes[1]["quantityAfterChange"]), (&json!(7), &json!(3)));
    assert_eq!(bench.states("SKU-1", "Front"), [7, 0, 10]);

    let stale = bench.ask(MOVE, json!({"k": "m2", "i": input(shelf.clone(), bin)}));
    let error = &errors(&stale, "inventoryMoveQuantities")[0];
    assert_eq!(error["code"], "CHANGE_FROM_QUANTITY_STALE");
    assert_eq!(error["field"], json!(["input", "changes", "0", "from", "changeFromQuantity"]));

    let elsewhere = json!({"name": "damaged", "locationId": back, "changeFromQuantity": null});
    let wrong = bench.ask(MOVE, json!({"k": "m3", "i": input(shelf, elsewhere)}));
    let codes: Vec<&str> = wrong["data"]["inventoryMoveQuantities"]["userErrors"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|error| error["code"].as_str())
        .collect();
    assert_eq!(codes, ["DIFFERENT_LOCATIONS", "CHANGE_FROM_QUANTITY_STALE", "INVALID_QUANTITY_DOCUMENT"]);
    assert_eq!(bench.states("SKU-1", "Front"), [7, 0, 10]);
}
