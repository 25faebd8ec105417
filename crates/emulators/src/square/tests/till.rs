//! Sales that are undone, exchanged or raised, goods carried between locations, customers merged and erased.

use super::{Bench, order, web_order};
use crate::machine::Machine;
use serde_json::{Value, json};

fn lines(bench: &Bench, kind: &str) -> Vec<String> {
    let lines = bench.square.books().lines.into_iter().filter(|line| line.kind == kind);
    lines.map(|line| format!("{} {} {} {}", line.reference, line.sku, line.quantity, line.location)).collect()
}

#[test]
fn a_voided_sale_is_a_return_of_all_that_is_left_of_it() {
    let mut bench = Bench::stocked("10");
    let sale = bench.sell("S1", "MUG", "3");
    let line = json!({"sku": "MUG", "quantity": "1"});
    bench.act(json!({"act": "return", "reference": "R1", "of": "S1", "location": "Harbour", "lines": [line]}));
    bench.outbox.clear();
    let voided = bench.act(json!({"act": "void", "reference": "S1"}));
    assert_eq!(bench.level("MUG", "High Street"), "9", "one of the ten came back to Harbour");
    let shown = order(&mut bench, &voided["order_id"]);
    assert_eq!(shown["returns"][0]["source_order_id"], sale["order_id"]);
    assert_eq!(shown["returns"][0]["return_line_items"][0]["quantity"], "2");
    assert_eq!(bench.last("refund.created")["refund"]["amount_money"]["amount"], 1_400);
    assert_eq!(lines(&bench, "return"), ["R1 MUG 1 Harbour", "void:S1 MUG 2 High Street"]);
    assert!(bench.try_act(json!({"act": "void", "reference": "S1"})).is_err(), "nothing is left of it");
    bench.act(web_order("W1", "MUG", "1"));
    assert!(bench.try_act(json!({"act": "void", "reference": "W1"})).is_err(), "no till made it");
}

fn exchange(quantity: &str, price: i64) -> Value {
    json!({"act": "exchange", "reference": "X1", "of": "S1", "location": "Harbour",
        "back": [{"sku": "MUG", "quantity": quantity, "of_line": 0}],
        "out": [{"sku": "TEA", "quantity": "1", "unit_price_minor": price}]})
}

#[test]
fn an_exchange_is_one_order_with_lines_that_leave_and_returns_that_come_back() {
    let mut bench = Bench::stocked("10");
    let sale = bench.sell("S1", "MUG", "2");
    bench.outbox.clear();
    let made = bench.act(exchange("1", 1_250));
    let shown = order(&mut bench, &made["order_id"]);
    assert_eq!((&shown["state"], &shown["line_items"][0]["quantity"]), (&json!("COMPLETED"), &json!("1")));
    assert_eq!(shown["returns"][0]["source_order_id"], sale["order_id"]);
    assert_eq!(shown["net_amounts"]["total_money"]["amount"], 550);
    assert_eq!(shown["tenders"][0]["amount_money"]["amount"], 550);
    assert_eq!((bench.level("MUG", "Harbour"), bench.level("TEA", "Harbour")), ("11".into(), "9".into()));
    assert_eq!(lines(&bench, "sale"), ["S1 MUG 2 High Street", "X1 TEA 1 Harbour"]);
    assert_eq!(lines(&bench, "return"), ["X1 MUG 1 Harbour"]);
    assert!(bench.try_act(exchange("1", 1)).is_err(), "the name is taken");
    assert_eq!(bench.square.unbalanced(), Vec::new());
}

#[test]
fn an_exchange_for_less_gives_the_difference_back() {
    let mut bench = Bench::stocked("10");
    bench.sell("S1", "MUG", "2");
    let made = bench.act(exchange("2", 400));
    assert_eq!(bench.last("refund.created")["refund"]["amount_money"]["amount"], 1_000);
    assert_eq!(made["payment_ids"], json!([]));
    let mut more = exchange("1", 400);
    more["reference"] = json!("X2");
    assert!(bench.try_act(more).is_err(), "nothing of the sale is left");
}

#[test]
fn units_added_to_a_paid_order_stay_on_the_shelf_until_they_are_paid() {
    let mut bench = Bench::stocked("10");
    let placed = bench.act(web_order("W1", "MUG", "2"));
    bench.act(json!({"act": "edit", "reference": "W1", "line": 0, "quantity": "5"}));
    assert_eq!(bench.level("MUG", "High Street"), "8");
    let shown = order(&mut bench, &placed["order_id"]);
    assert_eq!((&shown["state"], &shown["net_amount_due_money"]["amount"]), (&json!("OPEN"), &json!(2_100)));
    bench.act(json!({"act": "edit", "reference": "W1", "line": 0, "quantity": "4"}));
    assert_eq!(bench.level("MUG", "High Street"), "8", "what was owed is taken off first");
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    assert_eq!(bench.level("MUG", "High Street"), "6");
    let shown = order(&mut bench, &placed["order_id"]);
    assert_eq!((&shown["state"], &shown["net_amount_due_money"]["amount"]), (&json!("COMPLETED"), &json!(0)));
}

#[test]
fn a_raised_order_that_is_cancelled_gives_back_only_what_had_left() {
    let mut bench = Bench::stocked("10");
    bench.act(web_order("W1", "MUG", "2"));
    bench.act(json!({"act": "edit", "reference": "W1", "line": 0, "quantity": "5"}));
    bench.act(json!({"act": "edit", "reference": "W1", "line": 0, "quantity": "1"}));
    assert_eq!(bench.level("MUG", "High Street"), "9");
    bench.act(json!({"act": "edit", "reference": "W1", "line": 0, "quantity": "3"}));
    bench.act(json!({"act": "cancel", "reference": "W1"}));
    assert_eq!(bench.level("MUG", "High Street"), "10");
    assert_eq!(bench.square.unbalanced(), Vec::new());
}

#[test]
fn a_line_added_by_api_leaves_when_it_is_paid() {
    let mut bench = Bench::stocked("10");
    let placed = bench.act(web_order("W1", "MUG", "2"));
    let shown = order(&mut bench, &placed["order_id"]);
    let tea = bench.variation("TEA");
    let path = format!("/v2/orders/{}", shown["id"].as_str().expect("an id"));
    let body = json!({"idempotency_key": "u", "order": {"version": shown["version"],
        "line_items": [{"quantity": "3", "catalog_object_id": tea}]}});
    let changed = bench.ok("PUT", &path, body)["order"].clone();
    assert_eq!(
        (bench.level("TEA", "High Street"), &changed["net_amount_due_money"]["amount"]),
        ("10".into(), &json!(3_750))
    );
    let pay = json!({"idempotency_key": "p", "source_id": "CASH", "order_id": shown["id"],
        "cash_details": {"buyer_supplied_money": changed["net_amount_due_money"]},
        "amount_money": changed["net_amount_due_money"]});
    bench.ok("POST", "/v2/payments", pay);
    assert_eq!((bench.level("TEA", "High Street"), bench.level("MUG", "High Street")), ("7".into(), "8".into()));
}

#[test]
fn goods_that_are_carried_over_leave_one_location_and_arrive_at_the_other() {
    let mut bench = Bench::stocked("10");
    bench.act(json!({"act": "transfer", "reference": "T1", "from": "High Street", "to": "Harbour",
        "lines": [{"sku": "MUG", "quantity": "2.5"}]}));
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("7.5".into(), "12.5".into()));
    assert_eq!(bench.topics(), ["inventory.count.updated", "inventory.count.updated"]);
    assert_eq!(lines(&bench, "adjust"), ["T1 MUG -2.5 High Street", "T1 MUG 2.5 Harbour"]);
    assert_eq!(bench.square.unbalanced(), Vec::new());
    let service = json!({"act": "transfer", "reference": "T2", "from": "High Street", "to": "Harbour",
        "lines": [{"sku": "MUG", "quantity": "1"}, {"sku": "WRAP", "quantity": "1"}]});
    assert!(bench.try_act(service).is_err());
    assert_eq!(bench.level("MUG", "High Street"), "7.5", "what is refused changes nothing");
}

fn person(bench: &mut Bench, reference: &str, given_name: &str, email: &str) -> Value {
    let customer = json!({"reference": reference, "given_name": given_name, "email": email});
    bench.act(json!({"act": "put_customer", "customer": customer}))["customer_id"].clone()
}

#[test]
fn a_merge_deletes_both_and_makes_a_new_profile_in_one_context() {
    let mut bench = Bench::stocked("1");
    let (ana, bea) = (person(&mut bench, "ana", "Ana", ""), person(&mut bench, "bea", "Bea", "bea@example.com"));
    bench.outbox.clear();
    let made = bench.act(json!({"act": "merge_customers", "into": "ana", "from": "bea"}))["customer_id"].clone();
    assert_eq!(bench.topics(), ["customer.deleted", "customer.deleted", "customer.created"]);
    let context = json!({"merge": {"from_customer_ids": [ana, bea], "to_customer_id": made}});
    assert_eq!(bench.last("customer.deleted")["event_context"], context);
    let created = bench.last("customer.created");
    assert_eq!((&created["event_context"], &created["customer"]["id"]), (&context, &made));
    assert_eq!(created["customer"]["given_name"], "Ana");
    assert_eq!(created["customer"]["email_address"], "bea@example.com");
    assert_eq!(bench.call("GET", &format!("/v2/customers/{}", ana.as_str().expect("an id")), json!({})).0, 404);
    assert_eq!(person(&mut bench, "bea", "Bea", ""), made, "both names lead to the new profile");
    assert!(bench.try_act(json!({"act": "merge_customers", "into": "ana", "from": "bea"})).is_err());
    assert!(bench.try_act(json!({"act": "merge_customers", "into": "ana", "from": "nobody"})).is_err());
}

#[test]
fn an_erased_customer_is_deleted() {
    let mut bench = Bench::stocked("1");
    let ana = person(&mut bench, "ana", "Ana", "");
    bench.outbox.clear();
    assert_eq!(bench.act(json!({"act": "erase_customer", "reference": "ana"}))["customer_id"], ana);
    assert_eq!(bench.topics(), ["customer.deleted"]);
    assert!(bench.try_act(json!({"act": "erase_customer", "reference": "ana"})).is_err());
    assert_ne!(person(&mut bench, "ana", "Ana", ""), ana, "who comes again is somebody new");
}
