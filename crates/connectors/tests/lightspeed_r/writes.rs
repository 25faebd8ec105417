//! Levels: what is sent, and what becomes of a run that nobody disturbs.

use connectors::{Batch, Effect, Reply, Run, Trouble, Unsendable};
use model::{Level, Note, Outcome, WriteMode};

use crate::desk::{BASE, account, batch, fixture, line, r_series, reply, sent, settled, step, units};
use crate::script::{Logged, before, done, levels, log, lower, raise, set, written};

#[test]
fn a_run_reads_the_log_then_the_levels_then_sets_them_then_reads_the_log_on() {
    let mut replies = vec![];
    let request = sent(step(&lower(), true, &replies));
    assert_eq!(
        line(&request),
        format!("GET {BASE}/InventoryLog.json?itemID=IN%2C%5B401%5D&sort=-inventoryLogID&limit=100")
    );
    assert_eq!((request.effect, request.cost), (Effect::Read, 10));

    replies.push(before());
    let request = sent(step(&lower(), true, &replies));
    let path = format!("GET {BASE}/ItemShop.json?itemID=IN%2C%5B401%5D&shopID=IN%2C%5B1%5D&sort=itemShopID&limit=100");
    assert_eq!(line(&request), path);
    assert_eq!(request.effect, Effect::Read);

    replies.push(levels(&[("901", "401", "1", 12)]));
    let request = sent(step(&lower(), true, &replies));
    assert_eq!(line(&request), format!("PUT {BASE}/Item/401.json"));
    assert_eq!(written(&request), set(&[("901", "10")]));
    assert_eq!(request.cost, 15);

    replies.push(done());
    let request = sent(step(&lower(), true, &replies));
    let path = format!(
        "GET {BASE}/InventoryLog.json?inventoryLogID=%3E%2C5000&itemID=IN%2C%5B401%5D&sort=inventoryLogID&limit=100"
    );
    assert_eq!(line(&request), path);

    replies.push(log(&[(5001, "401", "1", -2, 0)]));
    assert_eq!(settled(step(&lower(), true, &replies)), [Outcome::Done { after: None }]);
}

#[test]
fn shops_of_one_item_are_set_in_one_request() {
    let batch = batch(WriteMode::Correct, &[("401", "2", 3, 4), ("405", "1", 7, 6), ("401", "1", 13, 20)]);
    let read = levels(&[("901", "401", "1", 13), ("902", "401", "2", 3), ("903", "405", "1", 7)]);
    let mut replies = vec![reply(200, &fixture("nothing")), read];
    let request = sent(step(&batch, true, &replies));
    assert_eq!(written(&request), set(&[("902", "4"), ("901", "20")]));
    assert_eq!(request.cost, 20);
    replies.push(done());
    let request = sent(step(&batch, true, &replies));
    assert!(request.http.uri().path().ends_with("/Item/405.json"));
    assert_eq!(written(&request), set(&[("903", "6")]));
    replies.push(done());
    assert!(line(&sent(step(&batch, true, &replies))).contains("inventoryLogID=%3E%2C0&"));
}

#[test]
fn the_level_after_is_told_only_when_the_reply_to_the_write_tells_it() {
    let told = reply(200, &fixture("item_put"));
    let end = log(&[(5001, "401", "1", -2, 0)]);
    let replies = [before(), levels(&[("901", "401", "1", 13)]), told, end];
    assert_eq!(settled(step(&lower(), true, &replies)), [Outcome::Done { after: Some(units(11)) }]);
}

#[test]
fn more_stock_is_set_only_when_the_level_is_what_it_was_believed_to_be() {
    let correct = batch(WriteMode::Correct, &[("401", "1", 13, 11)]);
    for batch in [raise(), correct] {
        let other = [before(), levels(&[("901", "401", "1", 12)])];
        assert_eq!(settled(step(&batch, true, &other)), [Outcome::Stale]);
        let reached = [before(), levels(&[("901", "401", "1", batch.rows[0].to.floor_units() as i32)])];
        assert_eq!(settled(step(&batch, true, &reached)), [Outcome::Stale]);
        let same = [before(), levels(&[("901", "401", "1", 13)])];
        assert_eq!(written(&sent(step(&batch, true, &same))), set(&[("901", &batch.rows[0].to.to_string())]));
    }
}

#[test]
fn what_was_sold_while_a_level_was_set_is_taken_off_again() {
    // Thirteen were read, one was sold, then fifteen were set: a change by three instead of two.
    let mut replies = vec![
        before(),
        levels(&[("901", "401", "1", 13)]),
        done(),
        log(&[(5001, "401", "1", -1, 8200), (5002, "401", "1", 3, 0)]),
    ];
    assert!(line(&sent(step(&raise(), true, &replies))).contains("/ItemShop.json?"));
    replies.push(levels(&[("901", "401", "1", 14)]));
    assert_eq!(written(&sent(step(&raise(), true, &replies))), set(&[("901", "13")]));
    replies.push(done());
    assert!(line(&sent(step(&raise(), true, &replies))).contains("inventoryLogID=%3E%2C5002&"));
    replies.push(log(&[(5003, "401", "1", -1, 8201), (5004, "401", "1", -1, 0)]));
    assert_eq!(settled(step(&raise(), true, &replies)), [Outcome::Done { after: None }]);
}

#[test]
fn a_log_that_does_not_explain_the_write_leaves_it_unknown() {
    let cases: [&[Logged]; 4] = [
        // No row at all.
        &[],
        // A row of ours that fits no sales.
        &[(5001, "401", "1", -1, 8200), (5002, "401", "1", 5, 0)],
        // Rows of others only, and not enough of them to have reached the level that was set.
        &[(5001, "401", "1", 1, 8200)],
        // Rows of another shop and of before.
        &[(5001, "401", "2", 2, 0), (4999, "401", "1", 2, 0)],
    ];
    for rows in cases {
        let replies = [before(), levels(&[("901", "401", "1", 13)]), done(), log(rows)];
        assert_eq!(settled(step(&raise(), true, &replies)), [Outcome::Unknown], "{rows:?}");
    }
}

#[test]
fn a_write_across_zero_that_may_have_left_two_rows_is_not_mended_on_a_guess() {
    let batch = batch(WriteMode::Raise, &[("401", "1", -2, 5)]);
    let replies = |end: Reply| [before(), levels(&[("901", "401", "1", -2)]), done(), end];
    let split = replies(log(&[(5001, "401", "1", 2, 0), (5002, "401", "1", 5, 0)]));
    // Either both rows are ours, or the first is somebody else's: nobody can tell, and nothing is written on a guess.
    assert_eq!(settled(step(&batch, true, &split)), [Outcome::Unknown]);
    let one = replies(log(&[(5001, "401", "1", 7, 0)]));
    assert_eq!(settled(step(&batch, true, &one)), [Outcome::Done { after: None }]);
}

#[test]
fn an_item_without_a_row_in_the_shop_is_never_written() {
    let outcomes = settled(step(&raise(), true, &[before(), reply(200, &fixture("nothing"))]));
    assert_eq!(outcomes, [Outcome::Never { because: Note::new("the item has no stock in this shop") }]);
}

#[test]
fn a_refused_item_does_not_hold_up_the_others() {
    let batch = batch(WriteMode::Lower, &[("401", "1", 13, 11), ("402", "1", 5, 4), ("405", "1", 9, 7)]);
    let read = levels(&[("901", "401", "1", 13), ("902", "402", "1", 5), ("903", "405", "1", 9)]);
    let mut replies = vec![before(), read, reply(422, &fixture("error_unprocessable"))];
    replies.push(reply(409, &fixture("error_conflict")));
    assert!(sent(step(&batch, true, &replies)).http.uri().path().ends_with("/Item/405.json"));
    replies.push(done());
    let request = sent(step(&batch, true, &replies));
    assert!(line(&request).contains("itemID=IN%2C%5B405%5D"), "only what was set is looked at");
    replies.push(log(&[(5001, "405", "1", -2, 0)]));
    let never = Outcome::Never { because: Note::new("HTTP 422: UPC is not valid.") };
    assert_eq!(settled(step(&batch, true, &replies)), [never, Outcome::Again, Outcome::Done { after: None }]);
}

#[test]
fn a_correction_to_what_is_shown_already_is_done_without_a_write() {
    let batch = batch(WriteMode::Correct, &[("401", "1", 13, 13)]);
    let replies = [before(), levels(&[("901", "401", "1", 13)])];
    assert_eq!(settled(step(&batch, true, &replies)), [Outcome::Done { after: Some(units(13)) }]);
}

#[test]
fn the_same_batch_gives_the_same_bytes_and_foreign_bytes_are_refused() {
    let composed = |batch: &Batch| r_series().compose(batch).expect("the batch can be said");
    assert_eq!(composed(&lower()), composed(&lower()));
    assert_ne!(composed(&lower()), composed(&raise()));
    let two = batch(WriteMode::Lower, &[("401", "1", 13, 11), ("405", "1", 9, 7)]);
    for foreign in [&b"{}"[..], b"", b"[1]", &composed(&two)] {
        let refused = r_series().step(&lower(), foreign, &account(), &Run { first: true, replies: &[] });
        assert!(matches!(refused.map(|_| ()), Err(Trouble::Refused { .. })));
    }
}

#[test]
fn what_cannot_be_said_is_refused_before_it_is_journaled() {
    let refused = |mode, row: (&str, &str, i32, i32)| {
        let batch = batch(mode, &[("401", "1", 13, if mode == WriteMode::Raise { 14 } else { 12 }), row]);
        matches!(r_series().compose(&batch), Err(Unsendable::Row { row: 1, .. }))
    };
    assert!(refused(WriteMode::Lower, ("", "1", 5, 4)));
    assert!(refused(WriteMode::Lower, ("405", "main", 5, 4)));
    assert!(refused(WriteMode::Lower, ("405", "1", 5, 5)));
    assert!(refused(WriteMode::Raise, ("405", "1", 5, 5)));
    assert!(refused(WriteMode::Raise, ("405", "1", 5, 4)));
    assert!(refused(WriteMode::Correct, ("401", "1", 13, 12)), "twice in one batch");
    let mut halves = lower();
    halves.rows[0].to = Level::parse("11.5").expect("a level");
    assert!(matches!(r_series().compose(&halves), Err(Unsendable::Row { row: 0, .. })));
    assert!(matches!(r_series().compose(&batch(WriteMode::Lower, &[])), Err(Unsendable::Impossible(_))));
    let ids: Vec<String> = (1..=11).map(|id| id.to_string()).collect();
    let rows: Vec<_> = ids.iter().map(|id| (id.as_str(), "1", 5, 4)).collect();
    assert!(matches!(r_series().compose(&batch(WriteMode::Lower, &rows)), Err(Unsendable::Impossible(_))));
    assert!(r_series().compose(&batch(WriteMode::Lower, &rows[1..])).is_ok());
}
