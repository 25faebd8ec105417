//! Tests of the replenish mind: against small exhaustive models, at its edges, and stored half-way. Called by nobody else.

use super::*;
use crate::{Mind, restore, snapshot};
use model::{Actor, Cause, Change, Entry, Fact, Instant, ItemId, LocationId, Moved, Seq};
use proptest::prelude::*;
use stats::dist::Count;

fn terms() -> Terms {
    Terms {
        unit_cost: Some(10.0),
        shortage: Some(4.0),
        holding: 0.05,
        review_days: 7,
        lead: Lead::exactly(3),
        minimum: 0.0,
        pack: 1.0,
        shelf_life_days: None,
        order_cost: 0.0,
        service_floor: 0.0,
        currency: None,
    }
}

fn even(mean: f64) -> Even {
    Even(Count::new(mean, 1.5))
}

fn free(units: f64) -> Position {
    Position { free: units, arrivals: Vec::new() }
}

fn quantity(terms: &Terms, position: &Position, demand: &dyn Demand) -> f64 {
    order(terms, position, demand).action.quantity
}

#[test]
fn for_one_day_and_no_lead_time_it_is_the_newsvendor() {
    let one_day = Terms { review_days: 1, lead: Lead::exactly(0), ..terms() };
    for mean in [0.1, 1.0, 3.7, 40.0, 900.0] {
        for there in [0.0, 1.0, 5.0] {
            let ratio = 4.0 / (4.0 + 0.05);
            let level = Count::new(mean, 1.5).quantile(ratio) as f64;
            let got = quantity(&one_day, &free(there), &even(mean));
            assert_eq!(got, (level - there).max(0.0), "mean {mean}, {there} there");
        }
    }
}

#[test]
fn packs_minimum_shelf_life_and_order_cost_are_kept() {
    let plain = quantity(&terms(), &free(0.0), &even(2.0));
    let ask = |terms: Terms| quantity(&terms, &free(0.0), &even(2.0));
    let packed = ask(Terms { pack: 6.0, ..terms() });
    assert!(packed % 6.0 == 0.0 && (packed - plain).abs() < 6.0, "{plain} {packed}");
    assert_eq!(ask(Terms { minimum: 50.0, ..terms() }), 50.0);
    assert_eq!(ask(Terms { minimum: 5_000.0, ..terms() }), 0.0);
    assert!(ask(Terms { shelf_life_days: Some(2), ..terms() }) < plain);
    assert_eq!(ask(Terms { order_cost: 1e6, ..terms() }), 0.0);
    assert!(ask(Terms { service_floor: 0.9999, ..terms() }) >= plain);
}

#[test]
fn what_is_on_its_way_is_not_ordered_again() {
    let bare = quantity(&terms(), &free(2.0), &even(2.0));
    // What arrives is sold from until the order arrives: three days' demand more than the order covers it all.
    let coming = |day, units| Position { free: 2.0, arrivals: vec![(day, units)] };
    assert_eq!(quantity(&terms(), &coming(1, bare + 20.0), &even(2.0)), 0.0);
    assert!(quantity(&terms(), &coming(1, bare), &even(2.0)) < bare);
    // What comes after the order is left to the next one.
    assert_eq!(quantity(&terms(), &coming(9, bare), &even(2.0)), bare);
}

#[test]
fn an_uncertain_lead_time_is_answered_between_its_ends() {
    let ask = |lead: Lead| quantity(&Terms { lead, ..terms() }, &free(20.0), &even(2.0));
    let (short, mixed, long) = (ask(Lead::exactly(2)), ask(Lead::seen(&[2, 8, 14], 8)), ask(Lead::exactly(14)));
    assert!(short < mixed && mixed < long, "{short} {mixed} {long}");
    assert_eq!(Lead::seen(&[5, 5, 5], 9), Lead::exactly(5));
}

#[test]
fn without_cost_or_margin_nothing_is_invented() {
    for unknown in [Terms { unit_cost: None, ..terms() }, Terms { shortage: None, ..terms() }] {
        let proposal = order(&unknown, &free(0.0), &even(2.0));
        assert_eq!((proposal.action.quantity, proposal.reasons.confidence.value()), (0.0, 0.0));
    }
}

#[test]
fn a_basket_keeps_its_budget_and_its_least_value() {
    let (dear, cheap) = (Terms { shortage: Some(9.0), ..terms() }, terms());
    let (position, demand) = (free(0.0), even(2.0));
    let wants = || [&cheap, &dear].map(|terms| Want { terms, position: &position, demand: &demand });
    let spend = |limits| basket(&wants(), limits).iter().map(|one| one.action.spend).collect::<Vec<f64>>();
    let plenty = spend(Limits { budget: f64::INFINITY, least: 0.0 });
    let tight = spend(Limits { budget: 150.0, least: 0.0 });
    assert!(tight.iter().sum::<f64>() <= 150.0 && tight.iter().sum::<f64>() > 130.0);
    assert!(tight[1] > tight[0], "the dearer shortage is met first: {tight:?}");
    let total: f64 = plenty.iter().sum();
    let grown: f64 = spend(Limits { budget: f64::INFINITY, least: total + 25.0 }).iter().sum();
    assert_eq!(grown, total + 30.0);
    assert_eq!(spend(Limits { budget: f64::INFINITY, least: 1e9 }), [0.0, 0.0]);
}

#[test]
fn a_level_follows_sales_and_days_without_stock_do_not_drag_it_down() {
    let mut demand = Running::default();
    (0..200).for_each(|day| demand.see(day, if day % 7 == 5 { 9.0 } else { 2.0 }, 1.0));
    let (busy, quiet) = (demand.over(3, 1).mean(), demand.over(0, 1).mean());
    // Day 200 is a fourth weekday, day 203 a seventh; the busy one is day 5 modulo 7.
    let busiest = (0..7).map(|from| demand.over(from, 1).mean()).fold(0.0, f64::max);
    assert!(busiest > 2.0 * quiet.min(busy), "{busiest} {quiet} {busy}");
    let before = demand.over(0, 7).mean();
    (200..260).for_each(|day| demand.see(day, 0.0, 0.0));
    assert!((demand.over(0, 7).mean() - before).abs() < 0.05 * before);
}

fn sale(day: i64, units: i32) -> Entry {
    let moved = Moved {
        item: ItemId(1),
        location: LocationId(1),
        cause: if units >= 0 { Cause::Sale } else { Cause::Receipt },
        on_hand: Change::units(-units),
        reserved: Change::ZERO,
        in_transit: Change::ZERO,
        unsellable: Change::ZERO,
        happened_at: Instant(day * 86_400_000),
        order: None,
        shown: None,
        note: None,
    };
    Entry { at: Instant(day * 86_400_000 + 3_600_000), by: Actor::System, fact: Fact::Moved(moved) }
}

#[test]
fn what_sold_is_bought_again() {
    let mut mind = Replenisher::default();
    mind.apply(Seq(1), &sale(0, -200));
    (0..60).for_each(|day| mind.apply(Seq(2 + day as u64), &sale(day, 3)));
    let proposal = mind.order(ItemId(1), LocationId(1), 60, &terms(), &[]);
    assert!((15.0..45.0).contains(&proposal.action.quantity), "{:?}", proposal.action);
    assert_eq!(mind.order(ItemId(9), LocationId(1), 60, &terms(), &[]).action.quantity, 0.0);
}

#[test]
fn a_least_value_or_budget_without_measure_is_answered() {
    let position = Position { free: 0.0, arrivals: Vec::new() };
    let demand = even(2.0);
    let terms = |unit_cost, shortage| Terms {
        unit_cost: Some(unit_cost),
        shortage: Some(shortage),
        holding: 1e-6,
        review_days: 30,
        lead: Lead::seen(&[], 7),
        minimum: 0.0,
        pack: 1.0,
        shelf_life_days: None,
        order_cost: 0.0,
        service_floor: 0.0,
        currency: None,
    };
    for (cost, budget, least) in [
        (1.0, f64::INFINITY, f64::INFINITY),
        (1e-300, f64::INFINITY, 1e300),
        (1e-12, 1e300, 1e299),
        (1.0, 1e300, 1e30),
        (3.0, 50.0, 1e9),
    ] {
        let terms = terms(cost, 9.0);
        let want = Want { terms: &terms, position: &position, demand: &demand };
        let proposals = basket(&[want], Limits { budget, least });
        assert!(proposals[0].action.quantity.is_finite(), "{cost} {budget} {least}");
    }
}

proptest! {
    #[test]
    fn no_other_quantity_saves_more(
        mean in 0.05..8.0_f64, dispersion in 1.0..4.0_f64, there in 0..30_u32, review in 1..15_u32, lead in 0..12_u32,
        pack in 1..7_u32,
    ) {
        let terms = Terms { review_days: review, lead: Lead::exactly(lead), pack: f64::from(pack), ..terms() };
        let demand = Even(Count::new(mean, dispersion));
        let position = free(f64::from(there));
        let question = super::order::Question::of(&terms, &position, &demand).expect("costs are known");
        let best = question.best();
        let saved = |quantity: f64| (0..quantity as u32).map(|unit| question.marginal(f64::from(unit))).sum::<f64>();
        for packs in 0..40_u32 {
            let other = f64::from(packs * pack);
            prop_assert!(saved(other) <= saved(best) + 1e-6 + 0.01 * saved(best).abs(), "{other} beats {best}");
        }
    }

    #[test]
    fn the_same_facts_give_the_same_bits_whenever_the_mind_is_stored_and_restored(
        sales in prop::collection::vec((0..3_i64, -3..6_i32), 1..40), cuts in prop::collection::vec(any::<bool>(), 40),
    ) {
        let play = |cut: &dyn Fn(usize) -> bool| {
            let (mut mind, mut day) = (Replenisher::default(), 0);
            for (at, (later, units)) in sales.iter().enumerate() {
                day += later;
                mind.apply(Seq(at as u64), &sale(day, *units));
                if cut(at) {
                    mind = restore(1, &snapshot(1, &mind)).expect("what was stored reads back");
                }
            }
            snapshot(1, &mind)
        };
        prop_assert_eq!(play(&|_| false), play(&|at| cuts[at]));
    }
}

proptest! {

    #[test]
    fn numbers_that_are_none_do_no_harm(
        odd in prop::collection::vec(prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1e300), Just(0.0), any::<f64>()], 9),
        days in prop::collection::vec(any::<u32>(), 3),
    ) {
        let terms = Terms {
            unit_cost: Some(odd[0]), shortage: Some(odd[1]), holding: odd[2], review_days: days[0],
            lead: Lead::seen(&[], days[1]), minimum: odd[3], pack: odd[4], shelf_life_days: Some(days[2]),
            order_cost: odd[5], service_floor: odd[6], currency: None,
        };
        let position = Position { free: odd[7], arrivals: vec![(days[2], odd[8]), (3, odd[0])] };
        let proposal = order(&terms, &position, &even(1.0));
        prop_assert!(proposal.action.quantity >= 0.0);
        let demand = even(2.0);
        basket(&[Want { terms: &terms, position: &position, demand: &demand }], Limits { budget: odd[1], least: odd[2] });
        let mut running = Running::default();
        odd.iter().for_each(|units| running.see(i64::from(days[0]), *units, *units));
        prop_assert!(running.over(0, 30).mean().is_finite());
    }
}
