//! Runs that die: at every request, with a sale at every point. Begun anew, nothing is done twice, and what cannot be
//! known is not claimed.

use connectors::Step;
use model::{Level, Outcome, WriteMode};

use crate::desk::{batch, level, reply, step};
use crate::toy::{Toy, carry, cut_short};

const TILE: &str = "ITILEBLUE0001";

fn units(level: Level) -> i64 {
    level.parts() / 100_000
}

/// A first run dies after so many requests, a sale happens before request `sale` (of both runs together); answers the
/// outcome of the second run, the stock and what was sold.
fn play(mode: WriteMode, to: &str, dies_after: usize, sale: usize) -> (Outcome, i64, i64) {
    let mut toy = Toy::new(&[(TILE, "12")]);
    let batch = batch(mode, &[(TILE, "12", to)]);
    let (mut sold, mut made) = (0, 0);
    let mut meanwhile = |toy: &mut Toy, _: usize| {
        if made == sale {
            toy.sell(TILE, 1);
            sold += 1;
        }
        made += 1;
    };
    let outcome = match cut_short(&mut toy, &batch, dies_after, &mut meanwhile) {
        Some(mut outcomes) => outcomes.remove(0),
        None => carry(&mut toy, &batch, false, &mut meanwhile).remove(0),
    };
    (outcome, units(toy.level(TILE)), sold)
}

#[test]
fn a_run_that_died_anywhere_is_ended_by_the_next_when_nothing_was_sold() {
    for (mode, to) in [(WriteMode::Lower, 9), (WriteMode::Raise, 15), (WriteMode::Correct, 10)] {
        for dies_after in 0..6 {
            let (outcome, stock, _) = play(mode, &to.to_string(), dies_after, usize::MAX);
            assert_eq!((outcome, stock), (Outcome::Done { after: Some(level(&to.to_string())) }, to), "{dies_after}");
        }
    }
}

#[test]
fn what_a_dead_run_and_a_sale_left_behind_is_never_claimed_to_be_done_when_it_is_not() {
    let mut unknown = 0;
    for (mode, to) in [(WriteMode::Lower, 9), (WriteMode::Raise, 15), (WriteMode::Correct, 10)] {
        for dies_after in 0..8 {
            for sale in 0..16 {
                let (outcome, stock, sold) = play(mode, &to.to_string(), dies_after, sale);
                match outcome {
                    Outcome::Done { .. } => assert_eq!(stock, to - sold, "{mode:?} {dies_after} {sale}"),
                    Outcome::Stale | Outcome::Again => assert_eq!(stock, 12 - sold, "{mode:?} {dies_after} {sale}"),
                    Outcome::Unknown => unknown += 1,
                    Outcome::Never { because } => panic!("{because}"),
                }
                // Never twice: the change is there once or not at all, and at most the one sale is missing.
                let (low, high) = (12_i64.min(to) - 1, 12_i64.max(to));
                assert!((low..=high).contains(&stock), "{mode:?} {dies_after} {sale}: {stock}");
            }
        }
    }
    assert!(unknown > 0, "some of them cannot be known");
}

#[test]
fn after_a_dead_run_another_level_than_the_two_is_unknown() {
    let mut toy = Toy::new(&[(TILE, "11")]);
    for mode in [WriteMode::Lower, WriteMode::Correct] {
        let outcomes = carry(&mut toy, &batch(mode, &[(TILE, "12", "9")]), false, &mut |_, _| {});
        assert_eq!(outcomes, [Outcome::Unknown]);
    }
    assert!(!toy.log.iter().any(|made| made.starts_with("POST")));
}

#[test]
fn after_a_dead_run_an_item_that_cannot_be_read_is_unknown() {
    let batch = batch(WriteMode::Lower, &[(TILE, "12", "9")]);
    for answer in [reply(404, b""), reply(200, b"<html>"), reply(200, br#"{"id":"ITILEBLUE0001","deletedTime":5}"#)] {
        match step(&batch, false, &[answer]) {
            Ok(Step::Settled(outcomes)) => assert_eq!(outcomes, [Outcome::Unknown]),
            other => panic!("it is not settled: {other:?}"),
        }
    }
}

#[test]
fn after_a_dead_run_an_item_that_sales_do_not_move_is_judged_by_its_level_alone() {
    for (start, outcome) in [
        ("9", Outcome::Done { after: Some(level("9")) }),
        ("12", Outcome::Done { after: Some(level("9")) }),
        ("10", Outcome::Unknown),
    ] {
        let mut toy = Toy::new(&[(TILE, start)]);
        toy.auto = false;
        let mut meanwhile = |toy: &mut Toy, _: usize| toy.sell(TILE, 1);
        assert_eq!(carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "12", "9")]), false, &mut meanwhile), [outcome]);
    }
}
