//! Levels against a toy Clover whose tills sell at every possible point between our requests: no sale is lost, and none
//! is taken away twice.

use model::{Level, Outcome, WriteMode};
use proptest::prelude::*;

use crate::desk::{batch, level};
use crate::toy::{Toy, carry};

const TILE: &str = "ITILEBLUE0001";
/// More points than the longest run with three sales has.
const POINTS: usize = 26;

fn units(level: Level) -> i64 {
    level.parts() / 100_000
}

/// Plays one run, with sales at some points; answers the outcome and checks the stock against plain arithmetic.
fn play(mode: WriteMode, from: i64, to: i64, start: i64, sales: &[(usize, i64)]) -> Outcome {
    let mut toy = Toy::new(&[(TILE, &start.to_string())]);
    let mut sold = 0;
    let mut meanwhile = |toy: &mut Toy, number: usize| {
        for (_, pieces) in sales.iter().filter(|(point, _)| *point == number) {
            toy.sell(TILE, *pieces);
            sold += pieces;
        }
    };
    let batch = batch(mode, &[(TILE, &from.to_string(), &to.to_string())]);
    let outcome = carry(&mut toy, &batch, true, &mut meanwhile).remove(0);
    let change = match &outcome {
        Outcome::Done { .. } => to - from,
        Outcome::Stale | Outcome::Again => 0,
        other => panic!("{sales:?} ended as {other:?}: {:?}", toy.log),
    };
    assert_eq!(units(toy.level(TILE)), start + change - sold, "{mode:?} {sales:?} {outcome:?}: {:?}", toy.log);
    if let Outcome::Done { after: Some(after) } = outcome {
        // Told after the write: nothing is sold behind the last request.
        assert!(after >= toy.level(TILE), "{after:?}");
    }
    outcome
}

#[test]
fn without_sales_a_level_takes_five_requests() {
    let mut toy = Toy::new(&[(TILE, "12")]);
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "12", "9")]), true, &mut |_, _| {});
    assert_eq!(outcomes, [Outcome::Done { after: Some(level("9")) }]);
    assert_eq!(toy.log, ["GET items", "GET orders", "GET item_stocks", "POST item_stocks", "GET orders"]);
}

#[test]
fn four_levels_share_the_look_at_the_orders() {
    let rows = [("A", "5", "4"), ("B", "5", "3"), ("C", "5", "2"), ("D", "5", "1")];
    let mut toy = Toy::new(&[("A", "5"), ("B", "5"), ("C", "5"), ("D", "5")]);
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &rows), true, &mut |_, _| {});
    assert_eq!(outcomes.len(), 4);
    assert_eq!(toy.log.iter().filter(|made| *made == "GET orders").count(), 2);
    assert_eq!(toy.log.len(), 14);
    assert_eq!(toy.stock.values().copied().map(units).collect::<Vec<_>>(), [4, 3, 2, 1]);
}

#[test]
fn a_sale_at_any_point_is_neither_lost_nor_doubled() {
    for point in 0..POINTS {
        for pieces in 1..=3 {
            assert!(matches!(play(WriteMode::Lower, 12, 9, 12, &[(point, pieces)]), Outcome::Done { .. }));
            play(WriteMode::Raise, 12, 15, 12, &[(point, pieces)]);
            play(WriteMode::Correct, 12, 10, 12, &[(point, pieces)]);
        }
    }
}

#[test]
fn sales_at_any_two_points_are_neither_lost_nor_doubled() {
    for first in 0..POINTS {
        for second in first..POINTS {
            let sales = [(first, 1), (second, 2)];
            assert!(matches!(play(WriteMode::Lower, 20, 13, 17, &sales), Outcome::Done { .. }));
            play(WriteMode::Raise, 17, 20, 17, &sales);
        }
    }
}

#[test]
fn sales_at_any_three_points_are_neither_lost_nor_doubled() {
    for first in 0..14 {
        for second in first..18 {
            for third in second..22 {
                play(WriteMode::Lower, 9, 8, 9, &[(first, 1), (second, 1), (third, 1)]);
            }
        }
    }
}

#[test]
fn a_sale_before_the_write_leaves_a_compared_level_alone() {
    for (mode, to) in [(WriteMode::Raise, 15), (WriteMode::Correct, 10)] {
        for point in 0..3 {
            assert_eq!(play(mode, 12, to, 12, &[(point, 1)]), Outcome::Stale);
        }
        assert!(matches!(play(mode, 12, to, 12, &[(3, 1)]), Outcome::Done { .. }));
    }
}

#[test]
fn a_sale_of_another_item_an_open_order_and_an_old_order_that_was_touched_disturb_nothing() {
    let mut toy = Toy::new(&[(TILE, "12"), ("OTHER", "5")]);
    let mut meanwhile = |toy: &mut Toy, _: usize| {
        toy.sell("OTHER", 1);
        toy.open_order(TILE);
        toy.touch_old_order(TILE);
    };
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "12", "9")]), true, &mut meanwhile);
    assert_eq!(outcomes, [Outcome::Done { after: Some(level("9")) }]);
    assert_eq!(toy.log.len(), 5);
}

#[test]
fn a_sale_is_mended_without_a_date_from_the_platform_too() {
    let mut toy = Toy::new(&[(TILE, "12")]);
    toy.dates = false;
    let mut meanwhile = |toy: &mut Toy, number: usize| {
        if number == 3 {
            toy.sell(TILE, 2);
        }
    };
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "12", "9")]), true, &mut meanwhile);
    assert_eq!(outcomes, [Outcome::Done { after: Some(level("7")) }]);
    assert_eq!(toy.level(TILE), level("7"));
}

#[test]
fn an_item_whose_stock_sales_do_not_move_is_only_read_and_written() {
    let mut toy = Toy::new(&[(TILE, "12")]);
    toy.auto = false;
    let mut meanwhile = |toy: &mut Toy, _: usize| toy.sell(TILE, 1);
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "14", "9.5")]), true, &mut meanwhile);
    assert_eq!(outcomes, [Outcome::Done { after: Some(level("7.5")) }]);
    assert_eq!(toy.log, ["GET items", "POST item_stocks"]);
}

#[test]
fn an_overwritten_sale_is_mended_with_one_more_write_and_one_more_look() {
    let mut toy = Toy::new(&[(TILE, "12")]);
    let mut meanwhile = |toy: &mut Toy, number: usize| {
        if number == 3 {
            toy.sell(TILE, 2);
        }
    };
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "12", "9")]), true, &mut meanwhile);
    assert_eq!(outcomes, [Outcome::Done { after: Some(level("7")) }]);
    let mended = ["GET orders", "GET item_stocks", "GET orders", "POST item_stocks", "GET orders"];
    assert_eq!(toy.log[4..], mended);
}

#[test]
fn a_level_that_is_right_is_not_written_again_while_sales_go_on() {
    let mut toy = Toy::new(&[(TILE, "12")]);
    let mut meanwhile = |toy: &mut Toy, number: usize| {
        if number == 4 || number == 6 {
            toy.sell(TILE, 1);
        }
    };
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "12", "9")]), true, &mut meanwhile);
    assert_eq!(outcomes, [Outcome::Done { after: Some(level("7")) }]);
    assert_eq!(toy.log.iter().filter(|made| *made == "POST item_stocks").count(), 1);
}

#[test]
fn a_level_that_is_sold_all_the_time_before_it_is_written_is_put_off() {
    let mut toy = Toy::new(&[(TILE, "100")]);
    let mut meanwhile = |toy: &mut Toy, _: usize| toy.sell(TILE, 1);
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "100", "90")]), true, &mut meanwhile);
    assert_eq!(outcomes, [Outcome::Again]);
    assert!(!toy.log.iter().any(|made| made.starts_with("POST")));
}

#[test]
fn a_level_that_is_sold_all_the_time_after_it_was_written_is_unknown() {
    let mut toy = Toy::new(&[(TILE, "100")]);
    let mut meanwhile = |toy: &mut Toy, number: usize| {
        if number >= 4 {
            toy.sell(TILE, 1);
        }
    };
    let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "100", "90")]), true, &mut meanwhile);
    assert_eq!(outcomes, [Outcome::Unknown]);
}

#[test]
fn what_people_change_by_hand_after_the_write_is_left_as_it_is() {
    for edit in [-4, 6] {
        let mut toy = Toy::new(&[(TILE, "12")]);
        let mut meanwhile = |toy: &mut Toy, number: usize| match number {
            4 => toy.sell(TILE, 1),
            5 => toy.edit(TILE, edit),
            _ => {}
        };
        let outcome = carry(&mut toy, &batch(WriteMode::Lower, &[(TILE, "12", "9")]), true, &mut meanwhile).remove(0);
        assert_eq!(units(toy.level(TILE)), 8 + edit);
        // More than was sold has come: nobody can tell how much of it is a sale that was overwritten.
        let told = if edit > 0 { Outcome::Unknown } else { Outcome::Done { after: Some(toy.level(TILE)) } };
        assert_eq!(outcome, told);
    }
}

proptest! {
    #[test]
    fn any_few_sales_of_several_items_leave_every_stock_right(
        sales in prop::collection::vec((0..30_usize, 0..3_usize, 1..4_i64), 0..6),
        changes in prop::array::uniform3(1..5_i64),
    ) {
        const ITEMS: [&str; 3] = ["A", "B", "C"];
        let mut toy = Toy::new(&[("A", "40"), ("B", "40"), ("C", "40")]);
        let mut sold = [0; 3];
        let mut meanwhile = |toy: &mut Toy, number: usize| {
            for (_, item, pieces) in sales.iter().filter(|(point, _, _)| *point == number) {
                toy.sell(ITEMS[*item], *pieces);
                sold[*item] += pieces;
            }
        };
        let texts = changes.map(|change| (40 - change).to_string());
        let rows = [("A", "40", texts[0].as_str()), ("B", "40", texts[1].as_str()), ("C", "40", texts[2].as_str())];
        let outcomes = carry(&mut toy, &batch(WriteMode::Lower, &rows), true, &mut meanwhile);
        for (index, outcome) in outcomes.iter().enumerate() {
            let change = match outcome {
                Outcome::Done { .. } => changes[index],
                Outcome::Again => 0,
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            };
            prop_assert_eq!(units(toy.level(ITEMS[index])), 40 - change - sold[index]);
        }
    }
}
