//! Writes of levels: what is sent, in which order, and what became of each row.

use connectors::{Effect, Reply, Trouble, Unsendable};
use model::{Level, Outcome, WriteMode};

use crate::desk::{
    BOWL, MAIN, MUG, SIDE, TEA, batch, fixture, level, lightspeed, reply, reply_with, said, sent, settled, step,
};

const NOON: (&str, &str) = ("Date", "Sat, 21 Nov 2026 12:00:00 GMT");

fn lower() -> connectors::Batch {
    batch(WriteMode::Lower, &[(MUG, MAIN, "16", "14"), (TEA, MAIN, "3", "2.66667")])
}

fn done() -> Outcome {
    Outcome::Done { after: None }
}

fn done_at(level: Level) -> Outcome {
    Outcome::Done { after: Some(level) }
}

/// The body of a call with these adjustments.
fn adjustments(rows: &[(&str, &str, &str, &str)]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(product, outlet, quantity, reason)| {
            format!(
                r#"{{"product_id":"{product}","outlet_id":"{outlet}","quantity":"{quantity}","reason":"{reason}"}}"#
            )
        })
        .collect();
    format!(r#"{{"stock_adjustments":[{}]}}"#, rows.join(","))
}

/// What a call answers that has made these adjustments just now.
fn made(rows: &[(&str, &str, &str, &str)]) -> Reply {
    reply(201, listed(rows).as_bytes())
}

/// A page of adjustments made a second after noon.
fn listed(rows: &[(&str, &str, &str, &str)]) -> String {
    let rows = rows.iter().enumerate().map(|(index, (product, outlet, quantity, reason))| {
        serde_json::json!({
            "product_id": product, "outlet_id": outlet, "quantity": quantity, "reason": reason,
            "created_at": "2026-11-21T12:00:01Z", "updated_at": "2026-11-21T12:00:01Z", "version": 9000 + index,
        })
    });
    serde_json::json!({"data": rows.collect::<Vec<_>>(), "version": {"min": 1, "max": 9999}}).to_string()
}

/// What the report of levels answers.
fn report(rows: &[(&str, &str, &str)]) -> Reply {
    let rows: Vec<String> = rows
        .iter()
        .map(|(product, outlet, level)| {
            format!(r#"{{"product_id":"{product}","location_id":"{outlet}","current_inventory_level":{level}}}"#)
        })
        .collect();
    reply(200, format!("[{}]", rows.join(",")).as_bytes())
}

const EMPTY: &[u8] = br#"{"data":[],"version":{"min":null,"max":null}}"#;

#[test]
fn less_stock_is_one_call_that_waits_for_nothing() {
    let request = sent(&lower(), true, &[]);
    let (method, path, body) = said(&request);
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/api/2026-07/stock_adjustments"));
    let expected = [(MUG, MAIN, "-2", "INTERNAL_USE"), (TEA, MAIN, "-0.33333", "INTERNAL_USE")];
    assert_eq!(body, adjustments(&expected));
    assert_eq!(body.into_bytes(), lightspeed().compose(&lower()).expect("it can be said"));
    assert_eq!(request.effect, Effect::Write);
    assert_eq!(settled(&lower(), true, &[reply(201, &fixture("adjustments_made"))]), [done(), done()]);
}

#[test]
fn a_row_that_is_not_among_what_was_made_is_not_known() {
    let only = made(&[(MUG, MAIN, "-2.00000", "INTERNAL_USE")]);
    assert_eq!(settled(&lower(), true, &[only]), [done(), Outcome::Unknown]);
    assert!(matches!(step(&lower(), true, &[reply(201, b"<html>")]), Err(Trouble::Garbled { .. })));
}

#[test]
fn a_refused_call_is_shared_out_and_a_refused_row_shown_to_a_person() {
    let refused = reply(422, &fixture("unprocessable"));
    assert!(matches!(step(&lower(), true, std::slice::from_ref(&refused)), Err(Trouble::Refused { .. })));
    let one = batch(WriteMode::Lower, &[(MUG, MAIN, "16", "14")]);
    let because = "HTTP 422: global: quantity must be negative for this reason".into();
    assert_eq!(settled(&one, true, &[refused]), [Outcome::Never { because }]);
}

#[test]
fn a_call_that_is_put_off_denied_or_failed_says_so() {
    let heard = |reply: Reply| step(&lower(), true, &[reply]).expect_err("it was not taken");
    let until = [("Retry-After", "Sat, 21 Nov 2026 12:00:09 GMT"), NOON];
    assert_eq!(heard(reply_with(429, &until, b"")), Trouble::Throttled { after_ms: Some(9_000) });
    assert!(
        matches!(heard(reply(403, &fixture("denied"))), Trouble::Denied { reason } if reason.contains("inventory:write"))
    );
    assert!(matches!(heard(reply(504, b"")), Trouble::Failed { .. }));
}

#[test]
fn after_an_unknown_outcome_what_was_made_is_looked_for_first() {
    let look = sent(&lower(), false, &[]);
    let (method, path, _) = said(&look);
    assert_eq!((method.as_str(), path.as_str()), ("GET", "/api/2026-07/stock_adjustments?after=0&page_size=1000"));
    assert_eq!(look.effect, Effect::Read);
    let nothing = sent(&lower(), false, &[reply_with(200, &[NOON], EMPTY)]);
    assert_eq!(said(&nothing), said(&sent(&lower(), true, &[])));
}

#[test]
fn what_was_made_is_not_repeated_and_the_rest_is_sent() {
    // Of the two that look like ours one is weeks old.
    let page = reply_with(200, &[NOON], &fixture("adjustments_listed"));
    assert_eq!(
        said(&sent(&lower(), false, std::slice::from_ref(&page))).1,
        "/api/2026-07/stock_adjustments?after=9101&page_size=1000"
    );
    let replies = [page, reply(200, EMPTY)];
    let tea = (TEA, MAIN, "-0.33333", "INTERNAL_USE");
    assert_eq!(said(&sent(&lower(), false, &replies)).2, adjustments(&[tea]));
    let replies = [replies.to_vec(), vec![made(&[tea])]].concat();
    assert_eq!(settled(&lower(), false, &replies), [done(), done()]);
}

#[test]
fn a_refusal_of_the_rest_does_not_spoil_what_is_known() {
    let more = batch(WriteMode::Lower, &[(MUG, MAIN, "16", "14"), (TEA, MAIN, "3", "2"), (BOWL, SIDE, "3", "2")]);
    let page = reply_with(200, &[NOON], &fixture("adjustments_listed"));
    let refused = reply(422, &fixture("unprocessable"));
    let outcomes = settled(&more, false, &[page, reply(200, EMPTY), refused]);
    assert_eq!(outcomes, [done(), Outcome::Again, Outcome::Again]);
}

#[test]
fn one_made_just_before_or_by_a_clock_nobody_knows_may_be_anothers() {
    let one = batch(WriteMode::Lower, &[(MUG, MAIN, "16", "14")]);
    let outcome = |headers: &[(&str, &str)], made_at: &str| {
        let page = listed(&[(MUG, MAIN, "-2", "INTERNAL_USE")]).replace("12:00:01", made_at);
        let replies = [reply_with(200, headers, page.as_bytes()), reply(200, EMPTY)];
        match step(&one, false, &replies).expect("no trouble") {
            connectors::Step::Settled(outcomes) => Some(outcomes[0].clone()),
            connectors::Step::Send(_) => None,
        }
    };
    assert_eq!(outcome(&[NOON], "12:00:01"), Some(done()));
    assert_eq!(outcome(&[NOON], "11:59:45"), Some(Outcome::Unknown));
    assert_eq!(outcome(&[], "12:00:01"), Some(Outcome::Unknown));
    assert_eq!(outcome(&[NOON], "11:59:20"), None);
    // A clock that is ten minutes ahead of ours.
    let ahead = [("Date", "Sat, 21 Nov 2026 12:10:00 GMT")];
    assert_eq!(outcome(&ahead, "12:10:01"), Some(done()));
    assert_eq!(outcome(&ahead, "12:00:01"), None);
}

#[test]
fn only_an_adjustment_like_ours_in_everything_is_ours() {
    let one = batch(WriteMode::Lower, &[(MUG, MAIN, "16", "14")]);
    let others = [
        (BOWL, MAIN, "-2", "INTERNAL_USE"),
        (MUG, SIDE, "-2", "INTERNAL_USE"),
        (MUG, MAIN, "-3", "INTERNAL_USE"),
        (MUG, MAIN, "-2", "DAMAGE"),
    ];
    let page = reply_with(200, &[NOON], listed(&others).as_bytes());
    let request = sent(&one, false, &[page, reply(200, EMPTY)]);
    assert_eq!(said(&request).2, adjustments(&[(MUG, MAIN, "-2", "INTERNAL_USE")]));
}

fn raise() -> connectors::Batch {
    batch(WriteMode::Raise, &[(MUG, MAIN, "14", "20"), (BOWL, SIDE, "-2", "1.5")])
}

#[test]
fn more_stock_is_compared_before_it_is_added() {
    let read = sent(&raise(), true, &[]);
    let (method, path, body) = said(&read);
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/api/2026-07/inventory_levels"));
    let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(body["product_ids"], serde_json::json!([MUG, BOWL]));
    assert_eq!(body["location_ids"], serde_json::json!([MAIN, SIDE]));
    assert_eq!(read.effect, Effect::Read);
    let shown = reply(200, &fixture("inventory_levels"));
    let rows = [(MUG, MAIN, "6", "STOCK_FOUND"), (BOWL, SIDE, "3.5", "STOCK_FOUND")];
    let write = sent(&raise(), true, std::slice::from_ref(&shown));
    assert_eq!((said(&write).2, write.effect), (adjustments(&rows), Effect::Write));
    assert_eq!(settled(&raise(), true, &[shown, made(&rows)]), [done(), done()]);
}

#[test]
fn more_stock_is_not_added_to_a_level_that_shows_something_else() {
    let sold = report(&[(MUG, MAIN, "13"), (BOWL, SIDE, "-2")]);
    let bowl = (BOWL, SIDE, "3.5", "STOCK_FOUND");
    assert_eq!(said(&sent(&raise(), true, std::slice::from_ref(&sold))).2, adjustments(&[bowl]));
    assert_eq!(settled(&raise(), true, &[sold, made(&[bowl])]), [Outcome::Stale, done()]);
    let all = report(&[(MUG, MAIN, "20"), (BOWL, SIDE, "0")]);
    assert_eq!(settled(&raise(), true, &[all]), [Outcome::Stale, Outcome::Stale]);
}

#[test]
fn a_level_that_the_report_does_not_list_is_zero() {
    let fresh = batch(WriteMode::Raise, &[(MUG, MAIN, "0", "5"), (TEA, MAIN, "1", "2")]);
    let request = sent(&fresh, true, &[report(&[])]);
    assert_eq!(said(&request).2, adjustments(&[(MUG, MAIN, "5", "STOCK_FOUND")]));
}

#[test]
fn after_an_unknown_outcome_more_stock_is_looked_for_and_then_compared() {
    let empty = reply_with(200, &[NOON], EMPTY);
    assert_eq!(said(&sent(&raise(), false, &[])).0, "GET");
    assert_eq!(said(&sent(&raise(), false, std::slice::from_ref(&empty))).1, "/api/2026-07/inventory_levels");
    let there = report(&[(MUG, MAIN, "20"), (BOWL, SIDE, "7")]);
    let outcomes = settled(&raise(), false, &[empty.clone(), there]);
    assert_eq!(outcomes, [done_at(level("20")), Outcome::Stale]);
    let before = report(&[(MUG, MAIN, "14"), (BOWL, SIDE, "1.5")]);
    let request = sent(&raise(), false, &[empty, before]);
    assert_eq!(said(&request).2, adjustments(&[(MUG, MAIN, "6", "STOCK_FOUND")]));
}

#[test]
fn what_is_found_of_more_stock_is_not_compared_any_more() {
    let page = listed(&[(MUG, MAIN, "6", "STOCK_FOUND")]);
    let found = [reply_with(200, &[NOON], page.as_bytes()), reply(200, EMPTY)];
    let body: serde_json::Value = serde_json::from_str(&said(&sent(&raise(), false, &found)).2).expect("JSON");
    assert_eq!(body["product_ids"], serde_json::json!([BOWL]));
    let replies = [found.to_vec(), vec![report(&[(BOWL, SIDE, "0")])]].concat();
    assert_eq!(settled(&raise(), false, &replies), [done(), Outcome::Stale]);
}

#[test]
fn drift_is_mended_by_the_difference_up_or_down_while_it_still_shows() {
    let rows = [(MUG, MAIN, "14", "12"), (BOWL, SIDE, "-2", "0"), (TEA, MAIN, "3", "3"), (TEA, SIDE, "4", "4")];
    let drift = batch(WriteMode::Correct, &rows);
    let shown = report(&[(MUG, MAIN, "14"), (BOWL, SIDE, "-2"), (TEA, MAIN, "3"), (TEA, SIDE, "5")]);
    let sent_rows = [(MUG, MAIN, "-2", "INTERNAL_USE"), (BOWL, SIDE, "2", "STOCK_FOUND")];
    assert_eq!(said(&sent(&drift, true, std::slice::from_ref(&shown))).2, adjustments(&sent_rows));
    let outcomes = settled(&drift, true, &[shown, made(&sent_rows)]);
    assert_eq!(outcomes, [done(), done(), done_at(level("3")), Outcome::Stale]);
}

#[test]
fn where_the_report_is_missing_products_are_read_one_by_one() {
    let missing = reply(404, b"");
    let path = |replies: &[Reply]| said(&sent(&raise(), true, replies)).1;
    assert_eq!(path(std::slice::from_ref(&missing)), format!("/api/2026-07/inventory/{MUG}?page_size=5000"));
    let mug = reply(200, &fixture("inventory_product"));
    assert_eq!(path(&[missing.clone(), mug.clone()]), format!("/api/2026-07/inventory/{BOWL}?page_size=5000"));
    let request = sent(&raise(), true, &[missing, mug, reply(404, b"")]);
    assert_eq!(said(&request).2, adjustments(&[(MUG, MAIN, "6", "STOCK_FOUND")]));
}

#[test]
fn a_report_of_many_pages_is_read_to_its_end() {
    let page: Vec<(String, &str, &str)> = (0..10_000).map(|n| (format!("p{n}"), MAIN, "1")).collect();
    let page: Vec<(&str, &str, &str)> = page.iter().map(|(id, outlet, level)| (id.as_str(), *outlet, *level)).collect();
    let second = said(&sent(&raise(), true, &[report(&page)]));
    assert_eq!(second.1, "/api/2026-07/inventory_levels");
    assert!(second.2.contains(r#""offset":10000"#));
    let replies = [report(&page), report(&[(MUG, MAIN, "14")])];
    assert_eq!(said(&sent(&raise(), true, &replies)).2, adjustments(&[(MUG, MAIN, "6", "STOCK_FOUND")]));
}

#[test]
fn a_level_that_cannot_be_read_stops_the_write() {
    let odd = report(&[(MUG, MAIN, "14.123456")]);
    assert!(matches!(step(&raise(), true, &[odd]), Err(Trouble::Garbled { .. })));
    assert!(matches!(step(&raise(), true, &[reply(500, b"")]), Err(Trouble::Failed { .. })));
    assert!(matches!(step(&lower(), false, &[reply(403, b"")]), Err(Trouble::Denied { .. })));
}

#[test]
fn a_batch_that_cannot_be_said_is_refused_with_its_row() {
    let refused = |mode, rows: &[(&str, &str, &str, &str)]| {
        lightspeed().compose(&batch(mode, rows)).expect_err("it cannot be said")
    };
    let row = |row, problem: &str| Unsendable::Row { row, problem: problem.to_owned() };
    let good = (MUG, MAIN, "2", "1");
    assert_eq!(refused(WriteMode::Lower, &[good, (TEA, MAIN, "1", "1")]), row(1, "it does not lower the level"));
    assert_eq!(refused(WriteMode::Raise, &[good]), row(0, "it does not raise the level"));
    assert_eq!(refused(WriteMode::Raise, &[(TEA, MAIN, "1", "1")]), row(0, "it does not raise the level"));
    assert_eq!(refused(WriteMode::Lower, &[good, good]), row(1, "the same level is named twice"));
    let long = "x".repeat(37);
    for id in ["", long.as_str()] {
        let problem = row(0, "an id is empty or longer than 36 characters");
        assert_eq!(refused(WriteMode::Lower, &[(id, MAIN, "2", "1")]), problem);
        assert_eq!(refused(WriteMode::Lower, &[(MUG, id, "2", "1")]), problem);
    }
    assert!(matches!(refused(WriteMode::Lower, &[]), Unsendable::Impossible(_)));
}

#[test]
fn a_list_without_end_leaves_the_rows_unknown() {
    // Every page is of the far past and claims to lead on.
    let page = |version: u64| {
        let page = listed(&[(MUG, SIDE, "1", "STOCK_FOUND")]).replace("2026-11-21", "2020-01-01");
        reply_with(200, &[NOON], page.replace("9000", &version.to_string()).as_bytes())
    };
    let replies: Vec<Reply> = (1..=120).map(page).collect();
    assert_eq!(settled(&lower(), false, &replies), [Outcome::Unknown, Outcome::Unknown]);
}
