//! Batches of levels: what is journaled, the exact requests, and every reply that is not the one hoped for.

use connectors::{Batch, Effect, Reply, Row, Step, Trouble};
use model::{ExternalLocation, Note, Outcome, WriteMode};

use crate::desk::{batch, clover, fixture, item, level, reply, step};

const NO_ORDERS: &[u8] = b"{\"elements\":[]}";

fn lowered() -> Batch {
    batch(WriteMode::Lower, &[("ITILEBLUE0001", "12", "9")])
}

fn two() -> Batch {
    batch(WriteMode::Lower, &[("ITILEBLUE0001", "12", "9"), ("ITILEBLUE0002", "12", "9")])
}

fn unsayable(batch: &Batch) -> String {
    clover().compose(batch).expect_err("it cannot be said").to_string()
}

fn settled(batch: &Batch, replies: &[Reply]) -> Vec<Outcome> {
    match step(batch, true, replies).expect("nothing is in trouble") {
        Step::Settled(outcomes) => outcomes,
        Step::Send(request) => panic!("it goes on with {} {}", request.http.method(), request.http.uri()),
    }
}

/// The replies of a run up to the write, without a sale.
fn until_the_write(rows: usize) -> Vec<Reply> {
    let mut replies = vec![reply(200, &fixture("item")); rows];
    replies.push(reply(200, NO_ORDERS));
    replies.extend(vec![reply(200, &fixture("item_stock")); rows]);
    replies
}

fn stock(quantity: &str) -> Reply {
    reply(200, format!("{{\"quantity\":{quantity}}}").as_bytes())
}

fn never(because: &str) -> Outcome {
    Outcome::Never { because: Note::new(because) }
}

#[test]
fn the_same_batch_gives_the_same_bytes_which_say_what_shall_be_reached() {
    let body = clover().compose(&two()).expect("it can be said");
    assert_eq!(clover().compose(&two()).as_ref(), Ok(&body));
    let expected = r#"{"key":"write-3","mode":"lower","rows":[{"item":"ITILEBLUE0001","from":"12","to":"9"},{"item":"ITILEBLUE0002","from":"12","to":"9"}]}"#;
    assert_eq!(String::from_utf8(body).as_deref(), Ok(expected));
}

#[test]
fn a_row_that_does_not_do_what_its_batch_says_is_not_said() {
    let one = |mode, from, to| unsayable(&batch(mode, &[("A", from, to)]));
    assert_eq!(one(WriteMode::Lower, "2", "2"), "row 0: it does not lower the level");
    assert_eq!(one(WriteMode::Lower, "2", "3"), "row 0: it does not lower the level");
    assert_eq!(one(WriteMode::Raise, "2", "2"), "row 0: it does not raise the level");
    assert_eq!(one(WriteMode::Raise, "2", "1"), "row 0: it does not raise the level");
    let twice = batch(WriteMode::Lower, &[("A", "2", "1"), ("A", "2", "1")]);
    assert_eq!(unsayable(&twice), "row 1: its item is in the batch already");
    let nameless = batch(WriteMode::Lower, &[("A", "2", "1"), ("", "2", "1")]);
    assert_eq!(unsayable(&nameless), "row 1: an id is empty or longer than 100 characters");
    let sizes = "this platform cannot: change fewer than 1 or more than 4 levels at once";
    assert_eq!(unsayable(&batch(WriteMode::Lower, &[])), sizes);
    assert_eq!(unsayable(&batch(WriteMode::Lower, &[("A", "2", "1"); 5])), sizes);
}

#[test]
fn the_requests_of_a_run_are_exactly_these() {
    let mut replies = until_the_write(1);
    replies[0].headers.insert("date", http::HeaderValue::from_static("Mon, 23 Nov 2026 07:55:05 GMT"));
    replies.push(stock("9"));
    let lines = "expand=lineItems,payments&limit=1000";
    // Two seconds before the first reply's date.
    let since = "filter=modifiedTime%3E%3D1795420503000&orderBy=modifiedTime%20ASC";
    let expected = [
        ("GET /items/ITILEBLUE0001?expand=itemStock".to_owned(), "", Effect::Read),
        (format!("GET /orders?{since}&{lines}"), "", Effect::Read),
        ("GET /item_stocks/ITILEBLUE0001".to_owned(), "", Effect::Read),
        ("POST /item_stocks/ITILEBLUE0001".to_owned(), "{\"quantity\":9}", Effect::Write),
        (format!("GET /orders?{since}&{lines}"), "", Effect::Read),
    ];
    for (number, (line, body, effect)) in expected.iter().enumerate() {
        let Ok(Step::Send(request)) = step(&lowered(), true, &replies[..number]) else {
            panic!("{number} is not sent")
        };
        let (method, uri) = (request.http.method(), request.http.uri().to_string());
        let path = uri.trim_start_matches("https://api.example.com/v3/merchants/MKIOSKLISBOA1");
        assert_eq!((format!("{method} {path}"), request.effect), (line.clone(), *effect));
        assert_eq!(request.http.body(), body.as_bytes());
        assert!(request.http.headers()["authorization"].is_sensitive());
    }
    replies.push(reply(200, NO_ORDERS));
    assert_eq!(settled(&lowered(), &replies), [Outcome::Done { after: Some(level("9")) }]);
}

#[test]
fn a_level_that_shows_something_else_is_stale_after_one_request() {
    for mode in [WriteMode::Raise, WriteMode::Correct] {
        let batch = batch(mode, &[("ITILEBLUE0001", "11", "14")]);
        assert_eq!(settled(&batch, &[reply(200, &fixture("item"))]), [Outcome::Stale]);
    }
}

#[test]
fn a_refused_row_does_not_stop_the_other() {
    let gone = reply(404, b"{\"message\":\"No such item\"}");
    let mut replies = vec![gone, reply(200, &fixture("item")), reply(200, NO_ORDERS), stock("12")];
    replies.extend([stock("9"), reply(200, NO_ORDERS)]);
    let done = Outcome::Done { after: Some(level("9")) };
    assert_eq!(settled(&two(), &replies), [never("HTTP 404: No such item"), done.clone()]);

    let mut replies = until_the_write(2);
    replies.extend([reply(400, b"{\"message\":\"Tracking is off\"}"), stock("9"), reply(200, NO_ORDERS)]);
    assert_eq!(settled(&two(), &replies), [never("HTTP 400: Tracking is off"), done.clone()]);

    let mut replies = until_the_write(2);
    replies.extend([reply(409, b""), stock("9"), reply(200, NO_ORDERS)]);
    assert_eq!(settled(&two(), &replies), [Outcome::Again, done]);
}

#[test]
fn a_deleted_item_one_without_stock_and_a_foreign_location_are_never_written() {
    let deleted = reply(200, br#"{"id":"ITILEBLUE0001","deletedTime":5,"autoManage":true}"#);
    assert_eq!(settled(&lowered(), &[deleted]), [never("the item is deleted")]);
    let bare = reply(200, br#"{"id":"ITILEBLUE0001","autoManage":true}"#);
    let uncounted = settled(&lowered(), &[bare, reply(200, NO_ORDERS), reply(200, b"{}")]);
    assert_eq!(uncounted, [never("Clover counts no stock of this item")]);
    let foreign = Row { location: ExternalLocation::new("MELSEWHERE001"), ..lowered().rows.remove(0) };
    let foreign = Batch { rows: vec![foreign], ..lowered() };
    assert_eq!(settled(&foreign, &[]), [never("the location is another merchant's")]);
}

#[test]
fn what_cannot_be_looked_at_is_not_written_and_after_the_write_unknown() {
    for blind in [reply(400, b""), reply(200, b"<html>"), reply(200, br#"{"elements":[{"id":5}]}"#)] {
        let mut replies = vec![reply(200, &fixture("item"))];
        for _ in 0..4 {
            replies.extend([blind.clone(), stock("12")]);
        }
        assert_eq!(settled(&lowered(), &replies), [Outcome::Again]);
        let mut replies = until_the_write(1);
        replies.push(stock("9"));
        for _ in 0..10 {
            replies.extend([blind.clone(), stock("9")]);
        }
        assert_eq!(settled(&lowered(), &replies), [Outcome::Unknown]);
    }
    assert_eq!(settled(&lowered(), &[reply(200, b"<html>")]), [Outcome::Again], "the item cannot be read");
}

#[test]
fn a_write_whose_answer_cannot_be_read_is_done_all_the_same() {
    let mut replies = until_the_write(1);
    replies.extend([reply(200, b"<html>"), reply(200, NO_ORDERS)]);
    assert_eq!(settled(&lowered(), &replies), [Outcome::Done { after: None }]);
}

#[test]
fn a_stock_that_is_gone_after_the_write_is_unknown() {
    let order = r#"{"id":"O","total":1,"paymentState":"PAID","lineItems":{"elements":[{"id":"L","item":{"id":"ITILEBLUE0001"}}]}}"#;
    let sold = reply(200, format!("{{\"elements\":[{order}]}}").as_bytes());
    let mut replies = until_the_write(1);
    replies.extend([stock("9"), sold, reply(404, b"")]);
    assert_eq!(settled(&lowered(), &replies), [Outcome::Unknown]);
}

#[test]
fn what_holds_for_the_whole_run_is_told_at_any_step() {
    let mut whole = until_the_write(1);
    whole.extend([stock("9"), reply(200, NO_ORDERS)]);
    for number in 0..whole.len() {
        let with = |last: Reply| step(&lowered(), true, &[&whole[..number], &[last]].concat());
        assert!(matches!(with(reply(429, b"")), Err(Trouble::Throttled { .. })), "{number}");
        assert!(matches!(with(reply(503, b"")), Err(Trouble::Failed { .. })), "{number}");
        let denied = with(reply(403, b""));
        if number <= 3 {
            assert!(matches!(denied, Err(Trouble::Denied { .. })), "{number}");
        } else {
            // Something was written already: that is not denied.
            assert!(matches!(denied, Ok(Step::Settled(outcomes)) if outcomes == [Outcome::Unknown]), "{number}");
        }
    }
}

#[test]
fn access_lost_between_two_writes_tells_the_written_from_the_unwritten() {
    let mut replies = until_the_write(2);
    replies.extend([stock("9"), reply(401, b"")]);
    assert_eq!(settled(&two(), &replies), [Outcome::Unknown, Outcome::Again]);
}

#[test]
fn a_fraction_and_a_level_below_zero_are_sent_as_exact_numbers() {
    let half = batch(WriteMode::Lower, &[("ITILEBLUE0001", "0.33333", "-12.00001")]);
    let replies = until_the_write(1);
    let Ok(Step::Send(request)) = step(&half, true, &replies) else { panic!("it is sent") };
    // It shows 12, and 12.33334 are to go.
    assert_eq!(request.http.body(), b"{\"quantity\":-0.33334}");
    assert_eq!(item("ITILEBLUE0001"), half.rows[0].external);
}
