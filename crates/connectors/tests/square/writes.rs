//! Batches: the exact body, the request, and what the reply says of each row.

use connectors::{Batch, Effect, Trouble};
use model::{Level, Note, Outcome, WriteMode};
use serde_json::{Value, json};

use crate::desk::{account, batch, carry, fixture, hear, reply, square};

fn composed(batch: &Batch) -> Value {
    serde_json::from_slice(&square().compose(batch).expect("it can be said")).expect("the body is JSON")
}

fn unsayable(batch: &Batch) -> String {
    square().compose(batch).expect_err("it cannot be said").to_string()
}

fn lowered() -> Batch {
    batch(WriteMode::Lower, &[("VARCUPBLUE", "LPORTO1", "11", "9"), ("VARTEAKILO", "LBRAGA2", "0.5", "-0.25")])
}

fn heard(batch: &Batch, status: u16, body: &[u8]) -> Result<Vec<Outcome>, Trouble> {
    hear(batch, &reply(status, body))
}

fn error(code: &str, field: Option<&str>) -> Vec<u8> {
    json!({"errors": [{"category": "INVALID_REQUEST_ERROR", "code": code, "detail": "why", "field": field}]})
        .to_string()
        .into_bytes()
}

fn adjustment(index: u32, item: &str, place: &str, states: (&str, &str), quantity: &str) -> Value {
    json!({"type": "ADJUSTMENT", "adjustment": {
        "reference_id": format!("write-7:{index}"), "catalog_object_id": item, "quantity": quantity,
        "from_state": states.0, "to_state": states.1, "from_location_id": place, "to_location_id": place,
        "occurred_at": "2026-11-20T16:40:00.000Z",
    }})
}

fn count(index: u32, item: &str, place: &str, quantity: &str) -> Value {
    json!({"type": "PHYSICAL_COUNT", "physical_count": {
        "reference_id": format!("write-7:{index}"), "catalog_object_id": item, "quantity": quantity,
        "state": "IN_STOCK", "location_id": place, "occurred_at": "2026-11-20T16:40:00.000Z",
    }})
}

#[test]
fn less_stock_is_an_adjustment_to_sold_by_the_difference() {
    let expected = json!({
        "idempotency_key": "write-7",
        "ignore_unchanged_counts": true,
        "changes": [
            adjustment(0, "VARCUPBLUE", "LPORTO1", ("IN_STOCK", "SOLD"), "2"),
            adjustment(1, "VARTEAKILO", "LBRAGA2", ("IN_STOCK", "SOLD"), "0.75"),
        ],
    });
    assert_eq!(composed(&lowered()), expected);
}

#[test]
fn more_stock_is_an_adjustment_out_of_nothing() {
    let raised = batch(WriteMode::Raise, &[("VARCUPBLUE", "LPORTO1", "-1", "4")]);
    let expected = adjustment(0, "VARCUPBLUE", "LPORTO1", ("NONE", "IN_STOCK"), "5");
    assert_eq!(composed(&raised)["changes"], json!([expected]));
}

#[test]
fn drift_is_a_count_dated_with_its_reading_and_below_zero_an_adjustment() {
    let rows = [("A", "L", "7", "5"), ("B", "L", "7", "7"), ("C", "L", "1", "-2"), ("D", "L", "-5", "-2")];
    let expected = json!([
        count(0, "A", "L", "5"),
        count(1, "B", "L", "7"),
        adjustment(2, "C", "L", ("IN_STOCK", "SOLD"), "3"),
        adjustment(3, "D", "L", ("NONE", "IN_STOCK"), "3"),
    ]);
    assert_eq!(composed(&batch(WriteMode::Correct, &rows))["changes"], expected);
}

#[test]
fn the_same_batch_gives_the_same_bytes_and_they_are_carried_unchanged() {
    let body = square().compose(&lowered()).expect("it can be said");
    assert_eq!(square().compose(&lowered()).as_ref(), Ok(&body));
    let request = carry(&body, &account()).expect("it can be carried");
    assert_eq!(request.http.body(), &body);
    assert_eq!(request.http.uri().path(), "/v2/inventory/changes/batch-create");
    assert_eq!((request.effect, request.cost), (Effect::Write, 1));
}

#[test]
fn a_row_that_does_not_do_what_its_batch_says_is_not_said() {
    let one = |mode, from, to| unsayable(&batch(mode, &[("A", "L", "3", "2"), ("A", "L", from, to)][1..]));
    assert_eq!(one(WriteMode::Lower, "2", "2"), "row 0: it does not lower the level");
    assert_eq!(one(WriteMode::Lower, "2", "3"), "row 0: it does not lower the level");
    assert_eq!(one(WriteMode::Raise, "2", "2"), "row 0: it does not raise the level");
    assert_eq!(one(WriteMode::Raise, "2", "1"), "row 0: it does not raise the level");
    assert_eq!(one(WriteMode::Correct, "-1", "-1"), "row 0: a level below zero cannot be counted");
    let nameless = batch(WriteMode::Lower, &[("A", "L", "2", "1"), ("", "L", "2", "1")]);
    assert_eq!(unsayable(&nameless), "row 1: an id is empty or longer than 100 characters");
}

#[test]
fn an_empty_or_too_large_batch_and_an_unusable_key_are_not_said() {
    let rows = [("A", "L", "2", "1"); 101];
    let sizes = "this platform cannot: change fewer than 1 or more than 100 levels at once";
    assert_eq!(unsayable(&batch(WriteMode::Lower, &[])), sizes);
    assert_eq!(unsayable(&batch(WriteMode::Lower, &rows)), sizes);
    let keys = "this platform cannot: take an idempotency key of no or more than 128 characters";
    for key in [String::new(), "k".repeat(129)] {
        assert_eq!(unsayable(&Batch { key, ..lowered() }), keys);
    }
}

#[test]
fn taken_rows_are_done_with_the_level_in_stock_that_square_tells() {
    let done = |after: Option<&str>| Outcome::Done { after: after.map(|text| Level::parse(text).expect("a level")) };
    let heard = heard(&lowered(), 200, &fixture("batch_changed"));
    assert_eq!(heard, Ok(vec![done(Some("9")), done(None)]));
}

#[test]
fn a_count_that_cannot_be_read_does_not_undo_what_was_done() {
    let body = String::from_utf8(fixture("batch_changed")).expect("text").replace("\"9\"", "\"nine\"");
    assert_eq!(heard(&lowered(), 200, body.as_bytes()), Ok(vec![Outcome::Done { after: None }; 2]));
}

#[test]
fn a_named_row_gets_its_verdict_and_the_others_may_be_sent_again() {
    let because = "Square does not know this item or location: \
                   NOT_FOUND at changes[1].adjustment.catalog_object_id: no such catalog object";
    let never = Outcome::Never { because: Note::new(because) };
    assert_eq!(heard(&lowered(), 404, &fixture("error_row")), Ok(vec![Outcome::Again, never]));
    let wrong = error("VALUE_TOO_LONG", Some("changes[0].adjustment.quantity"));
    let never = Outcome::Never { because: Note::new("VALUE_TOO_LONG at changes[0].adjustment.quantity: why") };
    assert_eq!(heard(&lowered(), 400, &wrong), Ok(vec![never, Outcome::Again]));
}

#[test]
fn a_date_that_is_not_accepted_any_more_calls_for_another_reading() {
    let all = error("INVALID_TIME", None);
    assert_eq!(heard(&lowered(), 400, &all), Ok(vec![Outcome::Stale; 2]));
    let one = error("INVALID_VALUE", Some("changes[0].adjustment.occurred_at"));
    assert_eq!(heard(&lowered(), 400, &one), Ok(vec![Outcome::Stale, Outcome::Again]));
}

#[test]
fn contention_is_sent_again_and_a_key_used_for_another_body_leaves_all_open() {
    for code in ["CONFLICT", "VERSION_MISMATCH"] {
        for status in [400, 409] {
            assert_eq!(heard(&lowered(), status, &error(code, None)), Ok(vec![Outcome::Again; 2]));
        }
    }
    assert_eq!(heard(&lowered(), 409, b""), Ok(vec![Outcome::Again; 2]));
    let reused = error("IDEMPOTENCY_KEY_REUSED", Some("idempotency_key"));
    assert_eq!(heard(&lowered(), 400, &reused), Ok(vec![Outcome::Unknown; 2]));
}

#[test]
fn a_refusal_that_names_no_row_of_the_batch_is_left_to_be_divided() {
    for field in [None, Some("changes[2].adjustment.quantity"), Some("changes[x]"), Some("changes")] {
        let heard = heard(&lowered(), 400, &error("INVALID_VALUE", field));
        assert!(matches!(heard, Err(Trouble::Refused { .. })), "{field:?} gave {heard:?}");
    }
}

#[test]
fn an_answer_that_cannot_be_read_leaves_everything_open() {
    for body in [&b""[..], b"<html>", b"[]", br#"{"counts":5}"#, br#"{"errors":[{"code":5}]}"#, br#"{} {}"#] {
        let heard = heard(&lowered(), 200, body);
        assert!(matches!(heard, Err(Trouble::Garbled { .. })), "{heard:?}");
    }
}
