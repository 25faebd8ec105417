//! Tests of the rebalance mind: against small exhaustive models, at its edges, and stored half-way. Called by nobody else.

use super::*;
use model::{ItemId, LocationId};
use proptest::prelude::*;
use stats::dist::Count;

fn shelf(item: u32, location: u32, stock: u32, mean: f64) -> Shelf {
    Shelf {
        item: ItemId(item),
        location: LocationId(location),
        stock,
        movable: stock,
        demand: Count::new(mean, 1.4),
        margin: Some(10.0),
        salvage: 1.0,
        run: 0.0,
    }
}

fn lane(from: u32, to: u32, per_unit: f64, fixed: f64) -> Lane {
    Lane { from: LocationId(from), to: LocationId(to), per_unit, fixed }
}

const FREE: Limits = Limits { pack: 1, units_per_location: u32::MAX, currency: None };

type Moved = (u32, u32, Vec<(u32, u32)>);

fn moved(shelves: &[Shelf], lanes: &[Lane], limits: &Limits) -> Vec<Moved> {
    let plain =
        |it: Transfer| (it.from.0, it.to.0, it.lines.iter().map(|(item, units)| (item.0, *units)).collect::<Vec<_>>());
    rebalance(shelves, lanes, limits).into_iter().map(|one| plain(one.action)).collect()
}

/// What all the proposals gain.
fn gain(shelves: &[Shelf], lanes: &[Lane]) -> f64 {
    rebalance(shelves, lanes, &FREE).iter().map(|one| one.reasons.score).sum()
}

#[test]
fn a_surplus_goes_where_it_sells_unless_the_way_costs_more() {
    let shelves = [shelf(1, 1, 6, 0.5), shelf(1, 2, 0, 3.0)];
    let all = moved(&shelves, &[lane(1, 2, 0.5, 2.0)], &FREE);
    assert!(all.len() == 1 && (3..=5).contains(&all[0].2[0].1), "{all:?}");
    assert_eq!(moved(&shelves, &[lane(1, 2, 0.5, 1e3)], &FREE), []);
    assert_eq!(moved(&shelves, &[lane(1, 2, 9.5, 0.0)], &FREE), []);
    assert_eq!(moved(&shelves, &[], &FREE), []);
}

#[test]
fn two_items_share_a_lane_that_neither_would_pay_alone() {
    let (one, two) = ([shelf(1, 1, 3, 0.1), shelf(1, 2, 0, 1.5)], [shelf(2, 1, 3, 0.1), shelf(2, 2, 0, 1.5)]);
    let lanes = [lane(1, 2, 0.1, 16.0)];
    assert_eq!(moved(&one, &lanes, &FREE), []);
    assert_eq!(moved(&[one, two].concat(), &lanes, &FREE)[0].2.len(), 2);
}

#[test]
fn packs_people_and_the_display_are_kept() {
    let mut shelves = [shelf(1, 1, 20, 0.5), shelf(1, 2, 0, 30.0)];
    let lanes = [lane(1, 2, 0.1, 0.0)];
    let units = |shelves: &[Shelf], limits: &Limits| moved(shelves, &lanes, limits)[0].2[0].1;
    assert_eq!(units(&shelves, &Limits { pack: 6, ..FREE }) % 6, 0);
    assert_eq!(units(&shelves, &Limits { units_per_location: 4, ..FREE }), 4);
    shelves[0].movable = 3;
    assert_eq!(units(&shelves, &FREE), 3);
    shelves[0].margin = None;
    assert_eq!(moved(&shelves, &lanes, &FREE), []);
}

#[test]
fn terms_add_up_to_the_gain() {
    let shelves = [shelf(1, 1, 6, 0.5), shelf(1, 2, 0, 3.0)];
    let one = &rebalance(&shelves, &[lane(1, 2, 0.5, 2.0)], &FREE)[0];
    let units = one.action.lines[0].1;
    let worth = shelves[1].value(units) - (shelves[0].value(6) - shelves[0].value(6 - units));
    assert!((one.reasons.score - (worth - 0.5 * f64::from(units) - 2.0)).abs() < 1e-9);
}

/// Every way to send up to all of every stock over every lane, one item.
fn exhaustive(shelves: &[Shelf], lanes: &[Lane]) -> f64 {
    fn go(shelves: &[Shelf], lanes: &[Lane], at: usize, stock: &mut Vec<u32>, left: &mut Vec<u32>, paid: f64) -> f64 {
        let Some(lane) = lanes.get(at) else {
            return shelves
                .iter()
                .zip(stock.iter())
                .map(|(shelf, stock)| shelf.value(*stock) - shelf.value(shelf.stock))
                .sum::<f64>()
                - paid;
        };
        let place = |location| shelves.iter().position(|shelf| shelf.location == location).expect("is there");
        let (from, to) = (place(lane.from), place(lane.to));
        let mut best = go(shelves, lanes, at + 1, stock, left, paid);
        for units in 1..=left[from] {
            stock[from] -= units;
            left[from] -= units;
            stock[to] += units;
            let paid = paid + lane.fixed + lane.per_unit * f64::from(units);
            best = best.max(go(shelves, lanes, at + 1, stock, left, paid));
            stock[from] += units;
            left[from] += units;
            stock[to] -= units;
        }
        best
    }
    let mut stock: Vec<u32> = shelves.iter().map(|shelf| shelf.stock).collect();
    let mut left = stock.clone();
    go(shelves, lanes, 0, &mut stock, &mut left, 0.0)
}

proptest! {
    #[test]
    fn without_fixed_costs_no_exchange_is_worth_more(
        stocks in prop::collection::vec((0..4_u32, 0.05..4.0_f64), 3), costs in prop::collection::vec(0.0..3.0_f64, 6),
    ) {
        let shelves: Vec<Shelf> = stocks.iter().zip(0..).map(|((stock, mean), at)| shelf(1, at, *stock, *mean)).collect();
        let pairs = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)];
        let lanes: Vec<Lane> = pairs.iter().zip(&costs).map(|((a, b), cost)| lane(*a, *b, *cost, 0.0)).collect();
        let (got, best) = (gain(&shelves, &lanes), exhaustive(&shelves, &lanes));
        prop_assert!((got - best).abs() < 1e-6, "{got} of {best}");
    }

    #[test]
    fn with_fixed_costs_it_is_within_a_hundredth_of_the_best(
        stocks in prop::collection::vec((0..4_u32, 0.05..4.0_f64), 3),
        costs in prop::collection::vec((0.0..3.0_f64, 0.0..6.0_f64), 4),
    ) {
        let shelves: Vec<Shelf> = stocks.iter().zip(0..).map(|((stock, mean), at)| shelf(1, at, *stock, *mean)).collect();
        let pairs = [(0, 1), (0, 2), (1, 2), (2, 1)];
        let lanes: Vec<Lane> = pairs.iter().zip(&costs).map(|((a, b), cost)| lane(*a, *b, cost.0, cost.1)).collect();
        let (got, best) = (gain(&shelves, &lanes), exhaustive(&shelves, &lanes));
        prop_assert!(got <= best + 1e-6 && got >= 0.99 * best - 1e-6, "{got} of {best}");
    }

    #[test]
    fn odd_numbers_do_no_harm_and_nobody_sends_more_than_may_leave(
        odd in prop::collection::vec(prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-5.0), 0.0..9.0_f64], 8),
        stocks in prop::collection::vec(0..40_u32, 3), pack in 0..9_u32, cap in 0..20_u32,
    ) {
        let odd_shelf = |(at, stock): (usize, &u32)| Shelf {
            margin: Some(odd[at]), salvage: odd[at + 1], run: odd[at + 2], ..shelf(1, at as u32, *stock, odd[at + 3])
        };
        let shelves: Vec<Shelf> = stocks.iter().enumerate().map(odd_shelf).collect();
        let lanes = [lane(0, 1, odd[6], odd[7]), lane(1, 2, odd[5], odd[6]), lane(2, 0, odd[4], 0.0), lane(0, 0, 0.0, 0.0), lane(0, 9, 0.0, 0.0)];
        let mut out = [0_u32; 3];
        for (from, _, lines) in moved(&shelves, &lanes, &Limits { pack, units_per_location: cap, currency: None }) {
            out[from as usize] += lines.iter().map(|(_, units)| units).sum::<u32>();
        }
        prop_assert!(out.iter().zip(&stocks).all(|(out, stock)| out <= stock && *out <= cap));
    }
}
