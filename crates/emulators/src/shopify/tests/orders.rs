//! Sales, web orders and what becomes of them.

use serde_json::{Value, json};

use super::{Bench, ORDERS};
use crate::shopify::Settings;

impl Bench {
    fn only_order(&mut self, reference: &str) -> Value {
        let query = format!("source_identifier:'{reference}'");
        let mut found = self.ask(ORDERS, json!({"q": query, "n": 2}));
        assert_eq!(found["errors"], Value::Null);
        found["data"]["orders"]["nodes"][0].take()
    }
}

#[test]
fn a_till_sale_is_never_refused_and_may_take_the_level_below_zero() {
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-1", "12");
    assert_eq!(bench.states("SKU-1", "Front"), [-2, 0, -2]);
    let order = bench.only_order("s1");
    assert_eq!((&order["sourceName"], &order["displayFulfillmentStatus"]), (&json!("pos"), &json!("FULFILLED")));
    assert!(order["retailLocation"]["id"].is_string());
    assert_eq!(order["fulfillmentOrders"]["nodes"][0]["status"], "CLOSED");
    assert_eq!(order["totalPriceSet"]["shopMoney"]["amount"], "239.40");
}

#[test]
fn a_till_that_was_offline_reports_when_the_sale_was_rung_up() {
    let mut bench = Bench::new();
    bench.ok(json!({"act": "till_sale", "reference": "late", "location": "Front", "offline_ms": 60000,
        "lines": [{"sku": "SKU-1", "quantity": "1"}]}));
    let order = bench.only_order("late");
    assert_eq!(order["createdAt"], "2026-11-23T10:15:09Z");
    assert_eq!(order["processedAt"], "2026-11-23T10:14:09Z");
}

#[test]
fn a_web_order_goes_whole_to_the_first_location_that_has_everything() {
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-1", "8");
    bench.order("w1", &[("SKU-1", "3"), ("SKU-2", "3")]).expect("Back has both");
    assert_eq!(bench.states("SKU-1", "Back"), [2, 3, 5]);
    assert_eq!(bench.states("SKU-2", "Front"), [10, 0, 10]);
    let order = bench.only_order("w1");
    let places = order["fulfillmentOrders"]["nodes"].as_array().expect("a list");
    assert_eq!(places.len(), 1);
    assert_eq!(places[0]["assignedLocation"]["location"]["name"], "Back");
    assert_eq!(order["retailLocation"], Value::Null);
}

#[test]
fn a_web_order_that_fits_nowhere_whole_is_split_by_line_and_then_by_unit() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "8"), ("SKU-2", "13")]).expect("together there is enough");
    assert_eq!(bench.states("SKU-1", "Front"), [2, 8, 10]);
    assert_eq!(bench.states("SKU-2", "Front"), [0, 10, 10]);
    assert_eq!(bench.states("SKU-2", "Back"), [2, 3, 5]);
}

#[test]
fn a_web_order_beyond_what_is_shown_is_refused_unless_forced() {
    let mut bench = Bench::new();
    let why = bench.order("w1", &[("SKU-1", "16")]).expect_err("15 are shown");
    assert!(why.contains("16 wanted, 15 shown"), "{why}");
    bench.ok(
        json!({"act": "web_order", "reference": "w1", "force": true, "lines": [{"sku": "SKU-1", "quantity": "16"}]}),
    );
    assert_eq!(bench.states("SKU-1", "Front"), [-1, 11, 10]);
}

#[test]
fn a_line_named_twice_is_counted_together() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "9"), ("SKU-1", "7")]).expect_err("16 of 15");
    bench.order("w2", &[("SKU-1", "9"), ("SKU-1", "6")]).expect("15 of 15");
    assert_eq!(bench.states("SKU-1", "Front"), [0, 10, 10]);
    assert_eq!(bench.states("SKU-1", "Back"), [0, 5, 5]);
}

#[test]
fn the_shops_own_list_of_locations_and_the_pickup_store_decide_who_hands_over() {
    let settings = Settings { web_locations: vec!["Back".to_owned()], ..Settings::default() };
    let mut bench = Bench::with(settings);
    bench.order("w1", &[("SKU-1", "3")]).expect("Back has five");
    assert_eq!(bench.states("SKU-1", "Back"), [2, 3, 5]);
    bench.order("w2", &[("SKU-1", "3")]).expect_err("Front does not serve the web");
    bench.ok(
        json!({"act": "web_order", "reference": "w3", "pickup": "Front", "lines": [{"sku": "SKU-1", "quantity": "3"}]}),
    );
    assert_eq!(bench.states("SKU-1", "Front"), [7, 3, 10]);
}

#[test]
fn a_document_name_is_taken_once() {
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-1", "1");
    let why = bench.order("s1", &[("SKU-1", "1")]).expect_err("the name is taken");
    assert_eq!(why, "there is already an order 's1'");
    assert_eq!(bench.states("SKU-1", "Front"), [9, 0, 9]);
}

#[test]
fn absurd_prices_and_quantities_do_not_break_the_shop() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create"]);
    let line = json!({"sku": "SKU-1", "quantity": "1000000000", "unit_price_minor": i64::MAX});
    bench.ok(json!({"act": "till_sale", "reference": "s1", "location": "Front", "lines": [line, line]}));
    assert_eq!(super::body(&bench.sent[0])["total_price"], "92233720368547758.07");
    bench
        .act(json!({"act": "count", "sku": "SKU-1", "location": "Front", "quantity": "1000000001"}))
        .expect_err("beyond the vendor's limit");
}

#[test]
fn a_sku_may_be_on_two_items_and_the_elder_one_is_meant() {
    let mut bench = Bench::new();
    bench.ok(json!({"act": "put_item", "sku": "SKU-1", "title": "Twin", "force_new": true}));
    bench.sell("s1", "SKU-1", "1");
    let found =
        bench.ask("{ inventoryItems(first: 9, query: \"sku:'SKU-1'\") { nodes { duplicateSkuCount } } }", json!({}));
    assert_eq!(found["data"]["inventoryItems"]["nodes"], json!([{"duplicateSkuCount": 1}, {"duplicateSkuCount": 1}]));
    assert_eq!(bench.states("SKU-1", "Front"), [9, 0, 9]);
    bench.ok(json!({"act": "delete_item", "sku": "SKU-1"}));
    assert_eq!(bench.states("SKU-1", "Front"), [0, 0, 0], "now the younger one is meant");
}

#[test]
fn fulfilment_takes_committed_units_and_leaves_available_alone() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "4")]).expect("in stock");
    assert_eq!(bench.states("SKU-1", "Front"), [6, 4, 10]);
    bench.ok(json!({"act": "fulfil", "reference": "w1"}));
    assert_eq!(bench.states("SKU-1", "Front"), [6, 0, 6]);
    assert_eq!(bench.only_order("w1")["displayFulfillmentStatus"], "FULFILLED");
    bench.act(json!({"act": "fulfil", "reference": "w1"})).expect_err("nothing is open");
    bench.act(json!({"act": "cancel", "reference": "w1"})).expect_err("the goods are gone");
}

#[test]
fn cancelling_puts_open_units_back_and_writes_a_refund() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "4")]).expect("in stock");
    bench.ok(json!({"act": "cancel", "reference": "w1"}));
    assert_eq!(bench.states("SKU-1", "Front"), [10, 0, 10]);
    let order = bench.only_order("w1");
    assert_eq!(order["cancelReason"], "CUSTOMER");
    assert_eq!(order["lineItems"]["nodes"][0]["currentQuantity"], 0);
    assert_eq!(order["refunds"][0]["refundLineItems"]["nodes"][0]["restockType"], "CANCEL");
    assert_eq!(order["fulfillmentOrders"]["nodes"][0]["status"], "CANCELLED");
}

#[test]
fn an_edit_moves_only_open_units() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "4")]).expect("in stock");
    bench.ok(json!({"act": "edit", "reference": "w1", "line": 0, "quantity": "6"}));
    assert_eq!(bench.states("SKU-1", "Front"), [4, 6, 10]);
    bench.ok(json!({"act": "edit", "reference": "w1", "line": 0, "quantity": "1"}));
    assert_eq!(bench.states("SKU-1", "Front"), [9, 1, 10]);
    let line = bench.only_order("w1")["lineItems"]["nodes"][0].take();
    assert_eq!((&line["quantity"], &line["currentQuantity"]), (&json!(6), &json!(1)));
    bench.ok(json!({"act": "fulfil", "reference": "w1"}));
    bench.act(json!({"act": "edit", "reference": "w1", "line": 0, "quantity": "0"})).expect_err("it left");
}

#[test]
fn a_return_names_its_order_its_location_and_whether_it_is_restocked() {
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-1", "3");
    let lines = json!([{"sku": "SKU-1", "quantity": "2"}]);
    bench.ok(json!({"act": "return", "reference": "r1", "of": "s1", "location": "Back", "lines": lines}));
    assert_eq!(bench.states("SKU-1", "Back"), [7, 0, 7]);
    let refund = bench.only_order("s1")["refunds"][0]["refundLineItems"]["nodes"][0].take();
    assert_eq!((&refund["restockType"], &refund["location"]["name"]), (&json!("RETURN"), &json!("Back")));
    let why = bench
        .act(json!({"act": "return", "reference": "r2", "of": "s1", "location": "Back", "lines": lines}))
        .expect_err("one is left");
    assert!(why.contains("1 of 'SKU-1'"), "{why}");
    let why = bench
        .act(json!({"act": "return", "reference": "r3", "location": "Back", "lines": lines}))
        .expect_err("no order is named");
    assert!(why.contains("without their order"), "{why}");
    bench.ok(json!({"act": "return", "reference": "r4", "of": "s1", "location": "Back", "restock": false,
        "lines": [{"sku": "SKU-1", "quantity": "1", "of_line": 0}]}));
    assert_eq!(bench.states("SKU-1", "Back"), [7, 0, 7], "not put back");
}

#[test]
fn parts_of_a_unit_are_refused() {
    let mut bench = Bench::new();
    let why = bench
        .act(json!({"act": "till_sale", "reference": "s", "location": "Front", "lines": [{"sku": "SKU-1", "quantity": "1.5"}]}))
        .expect_err("whole units only");
    assert!(why.contains("whole units"), "{why}");
    bench.sell("s", "SKU-1", "1.000");
    assert_eq!(bench.states("SKU-1", "Front"), [9, 0, 9]);
}

#[test]
fn a_service_has_no_levels_and_sells_without_end() {
    let mut bench = Bench::new();
    bench.ok(json!({"act": "put_item", "sku": "FIX", "title": "Repair", "tracked": false}));
    bench.sell("s1", "FIX", "3");
    bench.order("w1", &[("FIX", "500")]).expect("it is not stocked");
    let levels = bench.shop.shop.articles.last().expect("it exists").levels.len();
    assert_eq!(levels, 0);
}

#[test]
fn the_api_fulfils_refunds_and_cancels_like_the_back_office() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "4")]).expect("in stock");
    let order = bench.only_order("w1");
    let place = &order["fulfillmentOrders"]["nodes"][0];
    let fulfil = "mutation($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) {
        fulfillment { id status totalQuantity trackingInfo { number } } userErrors { field message } } }";
    let part = json!([{"id": place["lineItems"]["nodes"][0]["id"], "quantity": 3}]);
    let input = json!({"trackingInfo": {"number": "JD01"}, "lineItemsByFulfillmentOrder": [
        {"fulfillmentOrderId": place["id"], "fulfillmentOrderLineItems": part}]});
    let made = bench.ask(fulfil, json!({"f": input}));
    assert_eq!(made["data"]["fulfillmentCreate"]["fulfillment"]["totalQuantity"], 3);
    assert_eq!(bench.states("SKU-1", "Front"), [6, 1, 7]);

    let refund = "mutation($i: RefundInput!) { refundCreate(input: $i) @idempotent(key: \"r\") {
        refund { id totalRefundedSet { shopMoney { amount } } } userErrors { field message } } }";
    let (_, front) = bench.ids("SKU-1", "Front");
    let input = json!({"orderId": order["id"], "refundLineItems": [
        {"lineItemId": order["lineItems"]["nodes"][0]["id"], "quantity": 2, "restockType": "RETURN", "locationId": front}]});
    let made = bench.ask(refund, json!({"i": input}));
    assert_eq!(made["data"]["refundCreate"]["userErrors"], json!([]));
    assert_eq!(bench.states("SKU-1", "Front"), [8, 1, 9]);

    let cancel = "mutation($o: ID!) { orderCancel(orderId: $o, reason: INVENTORY, restock: true) {
        job { id done } orderCancelUserErrors { code field message } } }";
    let made = bench.ask(cancel, json!({"o": order["id"]}));
    assert_eq!(made["data"]["orderCancel"]["orderCancelUserErrors"], json!([]));
    assert_eq!(bench.states("SKU-1", "Front"), [9, 0, 9]);
    let made = bench.ask(cancel, json!({"o": order["id"]}));
    assert_eq!(made["data"]["orderCancel"]["orderCancelUserErrors"][0]["code"], "INVALID");
}

#[test]
fn a_cancellation_without_restocking_takes_the_units_off_the_books() {
    use crate::machine::Machine as _;
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "4")]).expect("in stock");
    let order = bench.only_order("w1");
    let cancel = "mutation($o: ID!) { orderCancel(orderId: $o, reason: FRAUD, restock: false) { orderCancelUserErrors { code } } }";
    bench.ask(cancel, json!({"o": order["id"]}));
    assert_eq!(bench.states("SKU-1", "Front"), [6, 0, 6]);
    let books = bench.shop.books();
    let line = books.lines.iter().find(|line| line.kind == "cancel").expect("it is listed");
    assert_eq!((line.quantity.as_str(), line.location.as_str()), ("4", ""));
}

#[test]
fn the_same_seed_and_acts_give_the_same_bytes() {
    let run = || {
        let mut bench = Bench::new();
        bench.subscribe(&["orders/create", "inventory_levels/update", "refunds/create"]);
        bench.sell("s1", "SKU-1", "2");
        bench.order("w1", &[("SKU-1", "2"), ("SKU-2", "11")]).expect("in stock");
        bench.ok(json!({"act": "cancel", "reference": "w1"}));
        bench.sent
    };
    let first = run();
    assert_eq!(first.len(), 10, "three documents and seven levels");
    assert_eq!(first, run());
}

#[test]
fn the_books_list_every_line_under_the_testers_name() {
    use crate::machine::Machine as _;
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-1", "2");
    bench.order("w1", &[("SKU-2", "13")]).expect("in stock");
    bench.ok(json!({"act": "cancel", "reference": "w1"}));
    bench.ok(json!({"act": "adjust", "sku": "SKU-1", "location": "Back", "delta": "-1", "reference": "a1"}));
    let books = bench.shop.books();
    let line = |kind: &str, reference: &str| -> Vec<&str> {
        let found = books.lines.iter().filter(|l| l.kind == kind && l.reference == reference);
        found.map(|l| l.quantity.as_str()).collect()
    };
    assert_eq!(line("sale", "s1"), ["2"]);
    assert_eq!(line("web_order", "w1"), ["0", "0"], "one per place, nothing left of them");
    assert_eq!(line("cancel", "w1"), ["10", "3"]);
    assert_eq!(line("adjust", "a1"), ["-1"]);
    assert_eq!(books.levels.len(), 4);
}
