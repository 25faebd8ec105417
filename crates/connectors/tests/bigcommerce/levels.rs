//! Writes of levels: every mode and every turn of a run.

use connectors::{Batch, Effect, Run, Trouble, Unsendable};
use model::{Level, Outcome, WriteMode};
use serde_json::{Value, json};

use crate::desk::{account, batch, bigcommerce, body, done, fixture, line, never, reply, settled, step, stock, wanted};

const RELATIVE: &str = "POST /v3/inventory/adjustments/relative";
const LOOK: &str = "GET /v3/inventory/items?variant_id:in=7004,7005&page=1&limit=1000";
const TAKEN: &[u8] = br#"{"transaction_id":"a1"}"#;

fn two(mode: WriteMode, first: (i32, i32), second: (i32, i32)) -> Batch {
    batch(mode, &[("7004", "1", first.0, first.1), ("7005", "3", second.0, second.1)])
}

fn lower() -> Batch {
    two(WriteMode::Lower, (9, 7), (4, 3))
}

fn raise() -> Batch {
    two(WriteMode::Raise, (7, 9), (0, 4))
}

fn items(request: &connectors::Request) -> Value {
    body(request)["items"].clone()
}

#[test]
fn a_lowering_goes_out_at_once_as_differences() {
    let request = wanted(&lower(), true, &[]);
    assert_eq!((line(&request).as_str(), request.effect, request.cost), (RELATIVE, Effect::Write, 1));
    let expected = json!({"reason": "Lockstep write-7", "items": [
        {"location_id": 1, "variant_id": 7004, "quantity": -2},
        {"location_id": 3, "variant_id": 7005, "quantity": -1},
    ]});
    assert_eq!(body(&request), expected);
    assert_eq!(settled(&lower(), true, &[reply(200, TAKEN)]), [done(None), done(None)]);
}

#[test]
fn a_taken_write_is_done_whatever_its_body_says() {
    assert_eq!(settled(&lower(), true, &[reply(200, b"{\"trans")]), [done(None), done(None)]);
}

#[test]
fn a_raise_looks_first_and_writes_only_what_still_shows_the_old_number() {
    let request = wanted(&raise(), true, &[]);
    assert_eq!((line(&request).as_str(), request.effect), (LOOK, Effect::Read));
    let looked = reply(200, &stock(&[(7004, 310, 1, 6), (7005, 310, 1, 8)]));
    let request = wanted(&raise(), true, std::slice::from_ref(&looked));
    assert_eq!(line(&request), RELATIVE);
    assert_eq!(
        items(&request),
        json!([{"location_id": 3, "variant_id": 7005, "quantity": 4}]),
        "not listed there is 0"
    );
    assert_eq!(settled(&raise(), true, &[looked, reply(200, TAKEN)]), [Outcome::Stale, done(None)]);
}

#[test]
fn a_raise_that_is_stale_everywhere_writes_nothing() {
    let looked = reply(200, &stock(&[(7004, 310, 1, 6), (7005, 310, 3, 8)]));
    assert_eq!(settled(&raise(), true, &[looked]), [Outcome::Stale, Outcome::Stale]);
}

#[test]
fn a_correction_is_a_difference_too_and_confirms_what_needs_none() {
    let batch = two(WriteMode::Correct, (9, 5), (4, 4));
    let looked = reply(200, &stock(&[(7004, 310, 1, 9), (7005, 310, 3, 4)]));
    let request = wanted(&batch, true, std::slice::from_ref(&looked));
    assert_eq!(items(&request), json!([{"location_id": 1, "variant_id": 7004, "quantity": -4}]));
    assert_eq!(settled(&batch, true, &[looked, reply(200, TAKEN)]), [done(None), done(Some(4))]);
}

#[test]
fn a_look_is_followed_to_its_last_page() {
    let page = |rows: &[(u64, u64, u64, i64)], page: u64| {
        let mut own: Value = serde_json::from_slice(&stock(rows)).expect("JSON");
        own["meta"]["pagination"] = json!({"total_pages": 2, "current_page": page});
        reply(200, own.to_string().as_bytes())
    };
    let first = page(&[(7004, 310, 1, 7)], 1);
    let request = wanted(&raise(), true, std::slice::from_ref(&first));
    assert_eq!(line(&request), LOOK.replace("page=1", "page=2"));
    let both = [first, page(&[(7005, 310, 3, 1)], 2)];
    assert_eq!(items(&wanted(&raise(), true, &both)), json!([{"location_id": 1, "variant_id": 7004, "quantity": 2}]));
}

#[test]
fn after_an_unknown_outcome_nothing_is_written_and_nothing_guessed() {
    for mode in [WriteMode::Lower, WriteMode::Correct] {
        assert_eq!(settled(&two(mode, (9, 7), (4, 3)), false, &[]), [Outcome::Unknown, Outcome::Unknown]);
    }
}

#[test]
fn a_look_that_is_refused_settles_without_a_write() {
    let refused = reply(400, br#"{"title":"no such filter"}"#);
    let because = never("HTTP 400: no such filter");
    assert_eq!(settled(&raise(), true, &[refused]), [because.clone(), because]);
}

#[test]
fn a_look_that_cannot_be_read_is_garbled() {
    let trouble = step(&raise(), true, &[reply(200, b"{\"data\":[{}]}")]).expect_err("it is no page");
    assert_eq!(trouble, Trouble::Garbled { reason: "data[0].identity: is missing".to_owned() });
}

#[test]
fn an_item_that_is_counted_by_product_is_written_by_its_product() {
    let batch = batch(WriteMode::Lower, &[("7010", "1", 5, 4), ("7004", "1", 9, 7)]);
    let refused = reply(422, &fixture("refused_tracked_by_product"));
    let look = wanted(&batch, true, std::slice::from_ref(&refused));
    assert_eq!(line(&look), "GET /v3/inventory/items?variant_id:in=7010&page=1&limit=1000");
    let named = reply(200, &stock(&[(7010, 311, 1, 5)]));
    let request = wanted(&batch, true, &[refused.clone(), named.clone()]);
    assert_eq!(items(&request), json!([{"location_id": 1, "product_id": 311, "quantity": -1}]));
    let request = wanted(&batch, true, &[refused.clone(), named.clone(), reply(200, TAKEN)]);
    assert_eq!(items(&request), json!([{"location_id": 1, "variant_id": 7004, "quantity": -2}]));
    let replies = [refused.clone(), named, reply(200, TAKEN), reply(200, TAKEN)];
    assert_eq!(settled(&batch, true, &replies), [done(None), done(None)]);
    let replies = [refused, reply(200, &stock(&[])), reply(200, TAKEN)];
    let because = "[Item with variant_id 7010 is tracked by product, please update stock by product id]";
    assert_eq!(settled(&batch, true, &replies), [never(because), done(None)]);
}

#[test]
fn an_item_that_was_never_stocked_gets_its_whole_number() {
    let looked = reply(200, &stock(&[(7004, 310, 1, 7)]));
    let refused = reply(422, &fixture("refused_never_stocked"));
    let request = wanted(&raise(), true, &[looked.clone(), refused.clone()]);
    assert_eq!(line(&request), "PUT /v3/inventory/adjustments/absolute");
    assert_eq!(items(&request), json!([{"location_id": 3, "variant_id": 7005, "quantity": 4}]));
    let request = wanted(&raise(), true, &[looked.clone(), refused.clone(), reply(200, TAKEN)]);
    assert_eq!((line(&request).as_str(), items(&request)[0]["variant_id"].as_i64()), (RELATIVE, Some(7004)));
    let replies = [looked.clone(), refused.clone(), reply(200, TAKEN), reply(200, TAKEN)];
    assert_eq!(settled(&raise(), true, &replies), [done(None), done(None)]);
    let replies = [looked, refused, reply(422, br#"{"title":"closed"}"#), reply(200, TAKEN)];
    assert_eq!(settled(&raise(), true, &replies), [done(None), never("HTTP 422: closed")]);
}

#[test]
fn a_refused_lowering_is_stale_when_the_number_was_not_true_and_never_when_it_was() {
    let refused = reply(422, &fixture("refused_field"));
    let look = wanted(&lower(), true, std::slice::from_ref(&refused));
    assert_eq!(line(&look), "GET /v3/inventory/items?variant_id:in=7005&page=1&limit=1000");
    let end = |shown: i64| {
        let looked = reply(200, &stock(&[(7005, 310, 3, shown)]));
        settled(&lower(), true, &[refused.clone(), looked, reply(200, TAKEN)])
    };
    assert_eq!(end(4), [done(None), never("would fall below safety stock")]);
    assert_eq!(end(0), [done(None), Outcome::Stale]);
}

#[test]
fn a_row_refused_for_want_of_stock_goes_again_where_its_place_has_enough() {
    let refused =
        reply(422, br#"{"status":422,"title":"Items with identity: [variant_id 7005] have insufficient stock"}"#);
    for batch in [lower(), two(WriteMode::Correct, (9, 7), (4, 3))] {
        let end = |shown: i64| {
            let looked = |level| reply(200, &stock(&[(7004, 310, 1, 9), (7005, 310, 3, level)]));
            let first = (batch.mode == WriteMode::Correct).then(|| looked(4));
            let replies = first.into_iter().chain([refused.clone(), looked(shown), reply(200, TAKEN)]);
            settled(&batch, true, &replies.collect::<Vec<_>>())
        };
        assert_eq!(end(4), [done(None), Outcome::Again], "what was accepted before does not show yet");
        assert_eq!(end(0), [done(None), Outcome::Stale]);
    }
    let below = batch(WriteMode::Lower, &[("7005", "3", 0, -1)]);
    let replies = [refused, reply(200, &stock(&[(7005, 310, 3, 0)]))];
    let because = "Items with identity: [variant_id 7005] have insufficient stock";
    assert_eq!(settled(&below, true, &replies), [never(because)], "it is never below zero");
}

#[test]
fn a_refusal_that_names_nothing_is_narrowed_down_to_the_row() {
    let unnamed = || reply(422, &fixture("refused_unnamed"));
    let looked = reply(200, &stock(&[(7004, 310, 1, 7)]));
    let first = wanted(&raise(), true, &[looked.clone(), unnamed()]);
    assert_eq!(items(&first).as_array().map(Vec::len), Some(1));
    let replies = [looked, unnamed(), unnamed(), reply(200, TAKEN)];
    let because = never("HTTP 422: Payload contains invalid fields");
    assert_eq!(settled(&raise(), true, &replies), [because, done(None)]);
}

/// A store that refuses every request with more than `most` rows, or all of them, and names none. Gives the outcomes and
/// how many requests it took.
fn stubborn(most: usize) -> (Vec<Outcome>, usize) {
    let rows: Vec<(String, String)> = (1..=100).map(|id: u32| (id.to_string(), "1".to_owned())).collect();
    let rows: Vec<_> = rows.iter().map(|(item, place)| (item.as_str(), place.as_str(), 2, 1)).collect();
    let batch = batch(WriteMode::Correct, &rows);
    let stock = stock(&(1..=100).map(|id| (id, id, 1, 2)).collect::<Vec<_>>());
    let mut replies = vec![reply(200, &stock)];
    loop {
        match step(&batch, true, &replies).expect("it goes on") {
            connectors::Step::Settled(outcomes) => return (outcomes, replies.len()),
            connectors::Step::Send(request) => {
                let fits = items(&request).as_array().is_some_and(|items| items.len() <= most);
                replies.push(if fits { reply(200, TAKEN) } else { reply(422, &fixture("refused_unnamed")) });
            }
        }
    }
}

#[test]
fn a_store_that_refuses_everything_is_not_asked_row_by_row() {
    let (outcomes, requests) = stubborn(0);
    assert!(outcomes.iter().all(|outcome| *outcome == never("HTTP 422: Payload contains invalid fields")));
    assert!(requests < 60, "{requests} requests");
    let (outcomes, _) = stubborn(30);
    assert_eq!(outcomes, vec![done(None); 100]);
}

#[test]
fn a_conflict_is_tried_again_later() {
    assert_eq!(settled(&lower(), true, &[reply(409, b"{}")]), [Outcome::Again, Outcome::Again]);
}

#[test]
fn the_same_batch_gives_the_same_bytes_and_another_ones_body_is_refused() {
    let body = bigcommerce().compose(&lower()).expect("it can be said");
    assert_eq!(body, bigcommerce().compose(&lower()).expect("it can be said"));
    let run = Run { first: true, replies: &[] };
    let one = batch(WriteMode::Lower, &[("7004", "1", 9, 7)]);
    for wrong in [&body[..], b"", b"[]", b"{\"reason\":1}"] {
        let trouble = bigcommerce().step(&one, wrong, &account(), &run).expect_err("it is another batch's");
        assert!(matches!(trouble, Trouble::Refused { .. }), "{trouble:?}");
    }
}

#[test]
fn a_row_that_cannot_be_said_is_named() {
    let told = |batch: &Batch| match bigcommerce().compose(batch).expect_err("it cannot be said") {
        Unsendable::Row { row, problem } => format!("{row}: {problem}"),
        other => other.to_string(),
    };
    let fine = ("7004", "1", 9, 7);
    assert_eq!(told(&batch(WriteMode::Lower, &[fine, ("7005", "1", 3, 3)])), "1: it does not lower the level");
    assert_eq!(told(&batch(WriteMode::Raise, &[fine])), "0: it does not raise the level");
    assert_eq!(told(&batch(WriteMode::Raise, &[("1", "1", 3, 3)])), "0: it does not raise the level");
    assert_eq!(told(&batch(WriteMode::Lower, &[("x", "1", 9, 7)])), "0: the item's id is not a number");
    assert_eq!(told(&batch(WriteMode::Lower, &[("0", "1", 9, 7)])), "0: the item's id is not a number");
    assert_eq!(told(&batch(WriteMode::Lower, &[("7004", "", 9, 7)])), "0: the location's id is not a number");
    let mut parts = batch(WriteMode::Correct, &[fine]);
    parts.rows[0].to = Level::parse("2.5").expect("a level");
    assert_eq!(told(&parts), "0: BigCommerce counts whole units only");
    let impossible = "change nothing, more than fits one batch, or levels and listings at once";
    assert_eq!(told(&batch(WriteMode::Lower, &[])), format!("this platform cannot: {impossible}"));
    assert_eq!(told(&batch(WriteMode::Lower, &[fine; 101])), format!("this platform cannot: {impossible}"));
    assert!(bigcommerce().compose(&batch(WriteMode::Lower, &[fine; 100])).is_ok());
}

/// A store that applies what it took, for the property below.
fn play(batch: &Batch, mut level: i64, first: bool) -> (Vec<Outcome>, i64) {
    let mut replies = Vec::new();
    loop {
        match step(batch, first, &replies).expect("the store answers") {
            connectors::Step::Settled(outcomes) => return (outcomes, level),
            connectors::Step::Send(request) if request.effect == Effect::Read => {
                replies.push(reply(200, &stock(&[(7004, 310, 1, level)])));
            }
            connectors::Step::Send(request) => {
                level += items(&request)[0]["quantity"].as_i64().expect("a difference");
                replies.push(reply(200, TAKEN));
            }
        }
    }
}

#[test]
fn a_batch_begun_anew_after_it_was_applied_is_never_applied_twice() {
    for (mode, from, to) in [(WriteMode::Lower, 9, 6), (WriteMode::Raise, 2, 8), (WriteMode::Correct, 5, 0)] {
        let batch = batch(mode, &[("7004", "1", from, to)]);
        let (outcomes, level) = play(&batch, i64::from(from), true);
        assert_eq!((outcomes, level), (vec![done(None)], i64::from(to)));
        for shows in [level, i64::from(from), i64::from(to) + 100] {
            assert_eq!(play(&batch, shows, false), (vec![Outcome::Unknown], shows));
        }
    }
}
