//! Money that Square is told to give back, and goods that go back to the shelf with it.

use connectors::{Made, Reply, Trouble};
use serde_json::{Value, json};

use crate::desk::reply;
use crate::papers::{answer, body, call, composed, done, paid, refund, refunded, refusal, sent, sold, step};

/// One cup, put back.
fn one_cup() -> connectors::Document {
    refund(500, &[("cup", "1")], true)
}

fn put_back() -> Reply {
    answer(&json!({"counts": [], "changes": []}))
}

const WORDS: &str = "by phone (square-doc-7)";

#[test]
fn the_order_and_its_payments_are_read_then_one_is_refunded_and_the_goods_are_put_back() {
    let mut replies = vec![];
    assert_eq!(call(&sent(&one_cup(), true, &replies)), "GET /v2/orders/oRdSale001");
    replies.push(sold(&["pAy1"]));
    assert_eq!(call(&sent(&one_cup(), true, &replies)), "GET /v2/payments/pAy1");
    replies.push(paid("pAy1", 0, &[]));
    let request = sent(&one_cup(), true, &replies);
    assert_eq!(call(&request), "POST /v2/refunds");
    let expected = json!({"idempotency_key": "square-doc-7", "payment_id": "pAy1", "reason": WORDS,
        "amount_money": {"amount": 500, "currency": "EUR"}});
    assert_eq!(body(&request), expected);
    replies.push(refunded("rF1", "PENDING", WORDS));
    let request = sent(&one_cup(), true, &replies);
    assert_eq!(call(&request), "POST /v2/inventory/changes/batch-create");
    let change = &body(&request)["changes"][0]["adjustment"];
    let told = ["catalog_object_id", "from_state", "to_state", "to_location_id", "quantity"].map(|name| &change[name]);
    assert_eq!(told, ["VARCUPBLUE", "UNLINKED_RETURN", "IN_STOCK", "LPORTO1", "1"].map(Value::from).each_ref());
    assert_eq!(body(&request)["idempotency_key"], "square-doc-7-back-0");
    replies.push(put_back());
    assert_eq!(done(&one_cup(), true, &replies), "rF1");
}

#[test]
fn without_a_place_nothing_is_put_back() {
    let money = refund(500, &[("cup", "1"), ("tip", "1")], false);
    let replies = [sold(&["pAy1"]), paid("pAy1", 0, &[]), refunded("rF1", "COMPLETED", WORDS)];
    assert_eq!(done(&money, true, &replies), "rF1");
}

#[test]
fn the_first_payment_with_enough_left_is_refunded() {
    let replies = [sold(&["pAy1", "pAy2"]), paid("pAy1", 700, &["rF0"]), paid("pAy2", 500, &[])];
    assert_eq!(body(&sent(&one_cup(), true, &replies))["payment_id"], "pAy2");
}

#[test]
fn a_refund_that_an_earlier_run_made_is_found_and_never_made_again() {
    let mut replies = vec![sold(&["pAy1"]), paid("pAy1", 900, &["rF0", "rF1"])];
    assert_eq!(call(&sent(&one_cup(), false, &replies)), "GET /v2/refunds/rF0");
    replies.push(refunded("rF0", "COMPLETED", "somebody else's"));
    assert_eq!(call(&sent(&one_cup(), false, &replies)), "GET /v2/refunds/rF1");
    replies.push(refunded("rF1", "PENDING", WORDS));
    assert_eq!(call(&sent(&one_cup(), false, &replies)), "POST /v2/inventory/changes/batch-create");
    replies.push(put_back());
    assert_eq!(done(&one_cup(), false, &replies), "rF1");
}

#[test]
fn goods_that_an_earlier_run_put_back_are_not_put_back_again() {
    let reused = json!({"errors": [{"category": "INVALID_REQUEST_ERROR", "code": "IDEMPOTENCY_KEY_REUSED",
        "detail": "why", "field": "idempotency_key"}]});
    let replies = [
        sold(&["pAy1"]),
        paid("pAy1", 500, &["rF1"]),
        refunded("rF1", "COMPLETED", WORDS),
        reply(400, reused.to_string().as_bytes()),
    ];
    assert_eq!(done(&one_cup(), false, &replies), "rF1");
}

#[test]
fn a_key_that_an_earlier_run_may_have_used_for_another_payment_leaves_the_outcome_open() {
    let replies = [sold(&["pAy1"]), paid("pAy1", 0, &[]), refusal(400, "IDEMPOTENCY_KEY_REUSED")];
    assert!(matches!(step(&one_cup(), false, &replies), Err(Trouble::Failed { .. })));
    assert!(matches!(step(&one_cup(), true, &replies), Err(Trouble::Refused { .. })));
}

fn words(document: &connectors::Document, replies: &[Reply]) -> String {
    match step(document, true, replies) {
        Err(Trouble::Refused { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_given_back_is_refused_in_words_and_nothing_is_made() {
    let order = sold(&["pAy1"]);
    let unknown = refund(500, &[("mug", "1")], true);
    assert_eq!(words(&unknown, std::slice::from_ref(&order)), "the order has no line mug");
    let many = refund(500, &[("cup", "3")], true);
    assert_eq!(words(&many, std::slice::from_ref(&order)), "line cup is of 2 only");
    let twice = refund(500, &[("cup", "1"), ("cup", "1")], true);
    assert_eq!(words(&twice, std::slice::from_ref(&order)), "line cup is named twice");
    let wrapping = refund(500, &[("tip", "1")], true);
    assert!(words(&wrapping, std::slice::from_ref(&order)).contains("nothing that could be put back"));
    assert!(words(&one_cup(), &[sold(&[])]).contains("no payment"));
    assert!(words(&one_cup(), &[order.clone(), paid("pAy1", 501, &[])]).contains("so much left"));
    let refused = [order.clone(), paid("pAy1", 0, &[]), refusal(400, "REFUND_AMOUNT_INVALID")];
    assert!(words(&one_cup(), &refused).contains("REFUND_AMOUNT_INVALID"));
    let failed = [order, paid("pAy1", 0, &[]), refunded("rF1", "REJECTED", WORDS)];
    assert!(words(&one_cup(), &failed).contains("could not give the money back"));
    assert!(composed(&refund(0, &[("cup", "1")], true)).is_err());
}

#[test]
fn a_refund_whose_goods_are_refused_is_made_all_the_same() {
    let row = json!({"errors": [{"category": "INVALID_REQUEST_ERROR", "code": "NOT_FOUND", "detail": "gone",
        "field": "changes[0].adjustment.catalog_object_id"}]});
    let refused = reply(400, row.to_string().as_bytes());
    let mut replies = vec![sold(&["pAy1"]), paid("pAy1", 0, &[]), refunded("rF1", "PENDING", WORDS), refused];
    assert_eq!(done(&one_cup(), true, &replies), "rF1");
    replies[3] = reply(503, b"");
    assert!(matches!(step(&one_cup(), true, &replies), Err(Trouble::Failed { .. })));
    replies[3] = reply(429, b"");
    assert!(matches!(step(&one_cup(), true, &replies), Err(Trouble::Throttled { .. })));
    replies.truncate(3);
    assert!(matches!(step(&one_cup(), true, &replies), Ok(Made::Send(_))));
}
