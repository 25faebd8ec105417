//! No sale is lost and none is doubled: a toy R-Series sells between any two of our requests.

use connectors::{Batch, Reply, Run, Step};
use model::{Level, Outcome, WriteMode};
use proptest::prelude::*;

use crate::desk::{account, batch, r_series};
use crate::toy::Toy;

/// Something that happens at the till before our nth request: row of the batch, units.
type Event = (usize, usize, i64);

const ROWS: [(&str, &str); 3] = [("401", "1"), ("401", "2"), ("405", "1")];
const START: i64 = 10;

/// How far a run is let go: to the end, or its reply to that request is lost.
#[derive(Clone, Copy)]
enum Until {
    End,
    Lost(usize),
}

struct Played {
    toy: Toy,
    /// `None` when a reply was lost.
    outcomes: Option<Vec<Outcome>>,
    /// Requests sent.
    requests: usize,
    /// What each row was first read as.
    first_read: [Option<i64>; ROWS.len()],
}

fn play(toy: Toy, batch: &Batch, first: bool, events: &[Event], until: Until) -> Played {
    play_with_people(toy, batch, first, events, &[], until)
}

/// As [`play`], with people who change levels by hand.
fn play_with_people(
    mut toy: Toy,
    batch: &Batch,
    first: bool,
    events: &[Event],
    people: &[Event],
    until: Until,
) -> Played {
    let body = r_series().compose(batch).expect("the batch can be said");
    let mut replies: Vec<Reply> = Vec::new();
    let mut first_read = [None; ROWS.len()];
    loop {
        for (_, row, units) in events.iter().filter(|(at, _, _)| *at == replies.len()) {
            toy.sell(ROWS[*row].0, ROWS[*row].1, *units);
        }
        for (_, row, units) in people.iter().filter(|(at, _, _)| *at == replies.len()) {
            toy.set_by_hand(ROWS[*row].0, ROWS[*row].1, *units);
        }
        let run = Run { first, replies: &replies };
        let step = r_series().step(batch, &body, &account(), &run).expect("the toy refuses nothing");
        match step {
            Step::Settled(outcomes) => {
                return Played { toy, outcomes: Some(outcomes), requests: replies.len(), first_read };
            }
            Step::Send(request) => {
                let reply = toy.answer(&request);
                let told = toy.told(&reply);
                for (row, read) in ROWS.iter().zip(&mut first_read) {
                    *read = read.or_else(|| told.get(row).copied());
                }
                if matches!(until, Until::Lost(lost) if lost == replies.len()) {
                    return Played { toy, outcomes: None, requests: replies.len() + 1, first_read };
                }
                replies.push(reply);
                assert!(replies.len() < 200, "the run does not end");
            }
        }
    }
}

fn target(mode: WriteMode) -> i32 {
    match mode {
        WriteMode::Lower => 8,
        WriteMode::Raise | WriteMode::Correct | WriteMode::List => 13,
    }
}

fn wanted(mode: WriteMode) -> Batch {
    let rows = ROWS.map(|(item, shop)| (item, shop, 10, target(mode)));
    batch(mode, &rows)
}

fn shop(page: usize, tells: bool) -> Toy {
    Toy::new(&ROWS.map(|(item, shop)| (item, shop, START)), page, tells)
}

/// Units sold and brought back of a row, of those events that came to pass before request `before`.
fn sold(events: &[Event], row: usize, before: usize) -> i64 {
    events.iter().filter(|(at, own, _)| *own == row && *at < before).map(|(_, _, units)| units).sum()
}

/// Every outcome of an undisturbed run must be the truth.
fn check(mode: WriteMode, events: &[Event], played: &Played) {
    let outcomes = played.outcomes.as_ref().expect("it came to its end");
    let read = played.first_read.map(|read| read.expect("every row was read"));
    for (row, outcome) in outcomes.iter().enumerate() {
        let (item, shop) = ROWS[row];
        let level = played.toy.level(item, shop);
        let undisturbed = START + sold(events, row, played.requests + 1);
        let moved = i64::from(target(mode)) - START;
        match outcome {
            Outcome::Done { after } => {
                assert!(mode == WriteMode::Lower || read[row] == START, "{events:?}: row {row} was not compared");
                assert_eq!(level, undisturbed + moved, "{mode:?} {events:?}: row {row}");
                assert!(after.is_none_or(|after| after.is_whole()));
            }
            Outcome::Stale => {
                assert!(mode != WriteMode::Lower && read[row] != START, "{events:?}: row {row} is not stale");
                assert_eq!(level, undisturbed, "{mode:?} {events:?}: row {row}");
            }
            other => panic!("{mode:?} {events:?}: row {row} is {other:?}"),
        }
    }
}

const MODES: [WriteMode; 3] = [WriteMode::Lower, WriteMode::Raise, WriteMode::Correct];

#[test]
fn an_undisturbed_batch_takes_five_requests_and_tells_the_levels_it_was_told() {
    let played = play(shop(100, true), &wanted(WriteMode::Lower), true, &[], Until::End);
    assert_eq!(played.requests, 5);
    assert_eq!(played.outcomes, Some(vec![Outcome::Done { after: Some(Level::units(8)) }; 3]));
    assert_eq!(played.toy.writes, 2);
    let played = play(shop(100, false), &wanted(WriteMode::Lower), true, &[], Until::End);
    assert_eq!(played.outcomes, Some(vec![Outcome::Done { after: None }; 3]));
}

#[test]
fn one_sale_or_refund_between_any_two_requests_is_neither_lost_nor_doubled() {
    for mode in MODES {
        for at in 0..=10 {
            for row in 0..ROWS.len() {
                for units in [-11, -2, -1, 1, 2, 3, 5] {
                    let events = [(at, row, units)];
                    check(mode, &events, &play(shop(100, true), &wanted(mode), true, &events, Until::End));
                }
            }
        }
    }
}

#[test]
fn two_sales_between_any_requests_are_neither_lost_nor_doubled() {
    for mode in MODES {
        for first in 0..=9 {
            for second in first..=9 {
                for (one, two) in [(-1, -1), (-2, 1), (1, -1), (-2, -2), (3, -3)] {
                    let events = [(first, 0, one), (second, 0, two)];
                    check(mode, &events, &play(shop(100, false), &wanted(mode), true, &events, Until::End));
                }
            }
        }
    }
}

#[test]
fn a_change_by_hand_between_any_two_requests_is_kept_like_a_sale() {
    for mode in MODES {
        for at in 0..=9 {
            // By the very same amount it could not be told from our own write.
            for units in [-5, -4, -1, 1, 2, 4, 7] {
                let people = [(at, 0, units)];
                let played = play_with_people(shop(100, true), &wanted(mode), true, &[], &people, Until::End);
                check(mode, &people, &played);
            }
        }
    }
}

#[test]
fn a_sale_that_brings_the_level_to_where_we_set_it_leaves_no_row_of_ours_and_is_mended_all_the_same() {
    // The third request is the first write; the level is 8 already when it sets 8.
    let events = [(2, 0, -2)];
    let played = play(shop(100, true), &wanted(WriteMode::Lower), true, &events, Until::End);
    assert_eq!(played.toy.level("401", "1"), 6);
    check(WriteMode::Lower, &events, &played);
}

#[test]
fn a_shop_that_sells_faster_than_the_batch_is_written_ends_as_unknown_and_not_as_done() {
    let events: Vec<Event> = (0..60).map(|at| (at, 0, -1)).collect();
    let played = play(shop(100, true), &wanted(WriteMode::Lower), true, &events, Until::End);
    let outcomes = played.outcomes.expect("it came to its end");
    assert_eq!(outcomes[0], Outcome::Unknown);
    assert!(matches!(outcomes[1..], [Outcome::Done { .. }, Outcome::Done { .. }]));
}

#[test]
fn a_level_that_crosses_zero_is_mended_as_any_other() {
    let toy = || Toy::new(&ROWS.map(|(item, shop)| (item, shop, -1)), 100, true);
    for at in 0..=8 {
        let events = [(at, 2, -2)];
        let batch = batch(WriteMode::Raise, &ROWS.map(|(item, shop)| (item, shop, -1, 4)));
        let played = play(toy(), &batch, true, &events, Until::End);
        let sold = sold(&events, 2, played.requests + 1);
        let expected = if at <= 1 { -1 + sold } else { 4 + sold };
        assert_eq!(played.toy.level("405", "1"), expected, "sold before request {at}");
    }
}

/// Whatever happens, a run after a lost reply claims nothing that is not so and writes nothing twice.
fn check_anew(mode: WriteMode, lost: usize, events: &[Event], later: &[Event]) {
    let cut = play(shop(100, true), &wanted(mode), true, events, Until::Lost(lost));
    let Played { toy, outcomes: None, requests, .. } = cut else { return };
    let before: Vec<i64> = ROWS.map(|(item, shop)| toy.level(item, shop)).to_vec();
    let anew = play(toy, &wanted(mode), false, later, Until::End);
    let moved = i64::from(target(mode)) - START;
    for (row, outcome) in anew.outcomes.expect("it came to its end").iter().enumerate() {
        let level = anew.toy.level(ROWS[row].0, ROWS[row].1);
        let happened = sold(events, row, requests) + sold(later, row, anew.requests + 1);
        match outcome {
            Outcome::Done { .. } => assert_eq!(
                level,
                START + happened + moved,
                "{mode:?}, reply {lost} lost, {events:?} then {later:?}: row {row}"
            ),
            Outcome::Unknown => {
                let untouched = before[row] + sold(later, row, anew.requests + 1);
                assert_eq!(level, untouched, "{mode:?}, reply {lost} lost, {events:?} then {later:?}: row {row}");
            }
            other => panic!("{mode:?}, reply {lost} lost: row {row} is {other:?}"),
        }
    }
}

#[test]
fn a_run_begun_anew_after_any_lost_reply_finishes_what_is_left_and_does_nothing_twice() {
    for mode in MODES {
        for lost in 0..5 {
            let cut = play(shop(100, true), &wanted(mode), true, &[], Until::Lost(lost));
            let anew = play(cut.toy, &wanted(mode), false, &[], Until::End);
            let done = Outcome::Done { after: Some(Level::units(target(mode))) };
            assert_eq!(anew.outcomes, Some(vec![done; 3]), "{mode:?}, reply {lost} lost");
            for (item, shop) in ROWS {
                assert_eq!(anew.toy.level(item, shop), i64::from(target(mode)));
            }
        }
    }
}

#[test]
fn a_run_begun_anew_mends_what_the_lost_one_wiped_out() {
    // Sold before the first write, whose reply is lost.
    let cut = play(shop(100, true), &wanted(WriteMode::Lower), true, &[(2, 0, -1)], Until::Lost(2));
    assert_eq!(cut.toy.level("401", "1"), 8);
    let anew = play(cut.toy, &wanted(WriteMode::Lower), false, &[], Until::End);
    assert_eq!(anew.toy.level("401", "1"), 7);
    assert!(matches!(anew.outcomes.as_deref(), Some([Outcome::Done { .. }, ..])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn sales_at_any_moments_are_neither_lost_nor_doubled(
        mode in proptest::sample::select(MODES.to_vec()),
        page in 1_usize..4,
        events in proptest::collection::vec((0_usize..20, 0_usize..3, -3_i64..=3), 0..5),
    ) {
        check(mode, &events, &play(shop(page, true), &wanted(mode), true, &events, Until::End));
    }

    #[test]
    fn a_run_begun_anew_claims_nothing_that_is_not_so(
        mode in proptest::sample::select(MODES.to_vec()),
        lost in 0_usize..12,
        events in proptest::collection::vec((0_usize..10, 0_usize..3, -3_i64..=3), 0..4),
        later in proptest::collection::vec((0_usize..10, 0_usize..3, -3_i64..=3), 0..3),
    ) {
        check_anew(mode, lost, &events, &later);
    }
}
