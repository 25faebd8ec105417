//! Levels: runs that break off, are refused halfway, or are begun anew.

use connectors::{Reply, Run, Step, Trouble};
use model::{Outcome, WriteMode};

use crate::desk::{BASE, account, batch, fixture, r_series, reply, sent, settled, step, units};
use crate::script::{Logged, before, done, levels, log, lower, set, trouble, written};

#[test]
fn before_anything_is_written_a_refusal_stops_the_run() {
    let read = levels(&[("901", "401", "1", 13)]);
    let denied = reply(403, &fixture("error_denied"));
    let Trouble::Denied { reason } = trouble(step(&lower(), true, std::slice::from_ref(&denied))) else {
        panic!("it is denied")
    };
    assert!(reason.ends_with("the call takes the scope employee:inventory_log"), "{reason}");
    assert!(matches!(trouble(step(&lower(), true, &[before(), denied.clone()])), Trouble::Denied { .. }));
    assert!(matches!(trouble(step(&lower(), true, &[before(), read, denied])), Trouble::Denied { .. }));
    let garbled = reply(200, br#"{"ItemShop":[{"shopID":"1","qoh":"x"}]}"#);
    assert!(matches!(trouble(step(&lower(), true, &[before(), garbled])), Trouble::Garbled { .. }));
    let refused = reply(400, b"{}");
    assert!(matches!(trouble(step(&lower(), true, &[before(), refused])), Trouble::Refused { .. }));
}

#[test]
fn after_something_was_written_a_refusal_says_what_is_not_known() {
    let batch = batch(WriteMode::Lower, &[("401", "1", 13, 11), ("405", "1", 9, 7)]);
    let read = levels(&[("901", "401", "1", 13), ("903", "405", "1", 9)]);
    let denied = reply(403, &fixture("error_denied"));
    // The second item may be tried again; the first one's sales cannot be looked up any more.
    let replies = [before(), read.clone(), done(), denied.clone(), denied.clone()];
    assert_eq!(settled(step(&batch, true, &replies)), [Outcome::Unknown, Outcome::Again]);
    for end in [denied, reply(400, b"{}"), reply(200, b"[]")] {
        let replies = [before(), read.clone(), done(), done(), end];
        assert_eq!(settled(step(&batch, true, &replies)), [Outcome::Unknown, Outcome::Unknown]);
    }
}

#[test]
fn a_token_that_runs_out_halfway_can_be_renewed_and_the_step_taken_again() {
    let read = levels(&[("901", "401", "1", 13), ("903", "405", "1", 9)]);
    let wanted = batch(WriteMode::Lower, &[("401", "1", 13, 11), ("405", "1", 9, 7)]);
    let good = [before(), read, done(), done(), log(&[(5001, "401", "1", -2, 0), (5002, "405", "1", -2, 0)])];
    for length in 0..good.len() {
        let expired = [&good[..length], &[reply(401, b"{}")]].concat();
        assert!(matches!(trouble(step(&wanted, true, &expired)), Trouble::Denied { .. }), "at {length}");
    }
    assert_eq!(settled(step(&wanted, true, &good)), [Outcome::Done { after: None }, Outcome::Done { after: None }]);
}

#[test]
fn a_refusal_does_not_claim_that_an_earlier_run_did_nothing() {
    let refused = [reply(400, b"{}")];
    assert!(matches!(trouble(step(&lower(), true, &refused)), Trouble::Refused { .. }));
    assert_eq!(settled(step(&lower(), false, &refused)), [Outcome::Unknown]);
    let run = |first| Run { first, replies: &[] };
    assert!(matches!(trouble(r_series().step(&lower(), b"{}", &account(), &run(true))), Trouble::Refused { .. }));
    assert_eq!(settled(r_series().step(&lower(), b"{}", &account(), &run(false))), [Outcome::Unknown]);
}

#[test]
fn being_too_fast_and_failures_of_the_platform_stop_the_run_at_any_point() {
    let good = [before(), levels(&[("901", "401", "1", 13)]), done(), log(&[(5001, "401", "1", -2, 0)])];
    for length in 0..good.len() {
        for (status, throttled) in [(429, true), (500, false), (503, false)] {
            let mut replies = good[..length].to_vec();
            replies.push(reply(status, b""));
            match trouble(step(&lower(), true, &replies)) {
                Trouble::Throttled { .. } => assert!(throttled, "{status} at {length}"),
                Trouble::Failed { .. } => assert!(!throttled, "{status} at {length}"),
                other => panic!("{status} at {length}: {other:?}"),
            }
        }
    }
}

#[test]
fn mending_that_is_refused_leaves_the_level_unknown() {
    let wiped = [
        before(),
        levels(&[("901", "401", "1", 13)]),
        done(),
        log(&[(5001, "401", "1", -1, 8200), (5002, "401", "1", -1, 0)]),
    ];
    let mended = |last: &[Reply]| settled(step(&lower(), true, &[&wiped[..], last].concat()));
    let read = levels(&[("901", "401", "1", 11)]);
    assert_eq!(mended(&[read.clone(), reply(422, b"{}")]), [Outcome::Unknown]);
    assert_eq!(mended(&[read.clone(), reply(409, b"{}")]), [Outcome::Unknown]);
    assert_eq!(mended(&[read, reply(403, b"{}")]), [Outcome::Unknown]);
    assert_eq!(mended(&[levels(&[])]), [Outcome::Unknown]);
    assert_eq!(mended(&[reply(403, b"{}")]), [Outcome::Unknown]);
}

/// A run that is begun anew, up to its decision.
fn anew(mode: WriteMode, level: i32, rows: &[Logged]) -> Result<Step, Trouble> {
    let wanted = batch(mode, &[("401", "1", 13, 11)]);
    step(&wanted, false, &[log(rows), levels(&[("901", "401", "1", level)])])
}

#[test]
fn a_run_begun_anew_looks_before_it_writes() {
    for mode in [WriteMode::Lower, WriteMode::Correct] {
        let ours: &[Logged] = &[(5001, "401", "1", -2, 0)];
        assert_eq!(settled(anew(mode, 11, ours)), [Outcome::Done { after: Some(units(11)) }]);
        assert_eq!(written(&sent(anew(mode, 13, &[]))), set(&[("901", "11")]));
        assert_eq!(settled(anew(mode, 12, &[])), [Outcome::Unknown]);
        // The level is what it was, but we have written: returns have brought it back.
        assert_eq!(settled(anew(mode, 13, ours)), [Outcome::Unknown]);
        // The level is what it should be, but nobody has written: sales have brought it there.
        assert_eq!(settled(anew(mode, 11, &[(5001, "401", "1", -2, 8200)])), [Outcome::Unknown]);
        // Written twice: one of them mended the other, or was somebody else's.
        let twice: &[Logged] = &[(5001, "401", "1", -1, 0), (5002, "401", "1", -1, 0)];
        assert_eq!(settled(anew(mode, 11, twice)), [Outcome::Unknown]);
        // Written by a change that no sale explains.
        assert_eq!(settled(anew(mode, 11, &[(5001, "401", "1", -5, 0)])), [Outcome::Unknown]);
        // One was sold in between and wiped out.
        let wiped: &[Logged] = &[(5001, "401", "1", -1, 8200), (5002, "401", "1", -1, 0)];
        assert_eq!(written(&sent(anew(mode, 11, wiped))), set(&[("901", "10")]));
    }
}

#[test]
fn mending_after_an_earlier_run_that_is_refused_leaves_the_level_unknown() {
    let wanted = batch(WriteMode::Lower, &[("401", "1", 13, 11)]);
    let wiped = log(&[(5001, "401", "1", -1, 8200), (5002, "401", "1", -1, 0)]);
    let replies = [wiped, levels(&[("901", "401", "1", 11)]), reply(409, b"{}")];
    assert_eq!(settled(step(&wanted, false, &replies)), [Outcome::Unknown]);
}

#[test]
fn rows_that_were_set_long_before_the_batch_are_not_taken_for_its_own() {
    let mut old = batch(WriteMode::Lower, &[("401", "1", 13, 11)]);
    old.dated = crate::desk::at("2026-11-21T18:05:00Z");
    let replies = [log(&[(5001, "401", "1", -2, 0)]), levels(&[("901", "401", "1", 13)])];
    assert_eq!(written(&sent(step(&old, false, &replies))), set(&[("901", "11")]));
}

#[test]
fn a_list_without_an_end_ends_the_run() {
    let endless = format!(r#"{{"@attributes":{{"next":"{BASE}/ItemShop.json?after=x"}}}}"#);
    let mut replies = vec![before()];
    let end = loop {
        match step(&lower(), true, &replies) {
            Ok(Step::Send(_)) => replies.push(reply(200, endless.as_bytes())),
            other => break other,
        }
        assert!(replies.len() < 100, "it does not end");
    };
    assert!(matches!(trouble(end), Trouble::Garbled { .. }));
}
