//! Orders that owe money again after they were paid.

use connectors::{Question, Told};
use model::{Instant, OrderSeen, PartState};
use serde_json::{Value, json};

use crate::desk::learned;

fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

fn line(uid: &str, quantity: &str, cost: i64) -> Value {
    json!({"uid": uid, "quantity": quantity, "catalog_object_id": format!("VAR{uid}"), "item_type": "ITEM",
        "total_money": eur(cost)})
}

/// A pick-up order over these lines, of which `paid` is paid.
fn order(lines: &[Value], paid: i64) -> Value {
    let total: i64 = lines.iter().filter_map(|line| line["total_money"]["amount"].as_i64()).sum();
    json!({
        "id": "oRd1", "location_id": "L1", "state": "OPEN", "version": 7, "created_at": "2026-11-20T16:00:00Z",
        "line_items": lines, "fulfillments": [{"uid": "f1", "type": "PICKUP", "state": "PROPOSED"}],
        "tenders": [{"id": "t1", "type": "CARD", "amount_money": eur(paid)}],
        "total_money": eur(total), "net_amount_due_money": eur(total - paid),
    })
}

/// `line gone` of every line.
fn gone(order: &Value) -> Vec<String> {
    let page = learned(
        &Question::Orders { since: Instant(0), cursor: None },
        &json!({"orders": [order]}).to_string().into_bytes(),
    );
    let told = page.expect("readable").told;
    let [Told::Order(order)] = told.as_slice() else { panic!("one order: {told:?}") };
    let OrderSeen { lines: Some(lines), .. } = order.as_ref() else { panic!("its lines") };
    lines
        .iter()
        .map(|line| {
            let left = line.parts.iter().find(|part| part.state == PartState::Gone);
            format!("{} {}", line.line, left.map_or("-".to_owned(), |part| part.quantity.to_string()))
        })
        .collect()
}

#[test]
fn units_that_were_paid_before_an_edit_stay_gone() {
    assert_eq!(gone(&order(&[line("A", "3", 1500), line("B", "1", 250)], 1250)), ["A 2", "B 1"]);
    assert_eq!(gone(&order(&[line("A", "2", 1000), line("B", "3", 900)], 1600)), ["A 2", "B 2"]);
    assert_eq!(gone(&order(&[line("A", "0.75", 300)], 200)), ["A 0.5"]);
}

#[test]
fn a_line_that_was_added_after_payment_has_not_left_and_the_others_have() {
    assert_eq!(
        gone(&order(&[line("A", "2", 1000), line("B", "1", 500), line("C", "2", 500)], 1500)),
        ["A 2", "B 1", "C -"]
    );
    assert_eq!(
        gone(&order(&[line("A", "2", 1000), line("B", "2", 1000), line("C", "1", 500)], 2000)),
        ["A 2", "B 2", "C -"]
    );
}

#[test]
fn what_is_due_and_no_line_explains_is_not_guessed_at() {
    assert_eq!(gone(&order(&[line("A", "3", 1000)], 900)), ["A 2.7"]);
    assert_eq!(gone(&order(&[line("A", "3", 1100), line("B", "7", 300)], 699)), ["A -", "B -"]);
    assert_eq!(gone(&order(&[line("A", "2", 0), line("B", "1", 500)], 0)), ["A -", "B -"]);
}

#[test]
fn an_order_taken_at_once_that_owes_money_is_still_being_paid() {
    let mut split = order(&[line("A", "3", 1500)], 1000);
    split["fulfillments"] = json!([]);
    assert_eq!(gone(&split), ["A -"]);
    split["net_amount_due_money"] = eur(0);
    assert_eq!(gone(&split), ["A 3"]);
}

#[test]
fn a_cancelled_order_gives_back_what_was_paid_before_the_edit() {
    let mut cancelled = order(&[line("A", "3", 1500)], 1000);
    cancelled["state"] = json!("CANCELED");
    assert_eq!(gone(&cancelled), ["A -"]);
}
