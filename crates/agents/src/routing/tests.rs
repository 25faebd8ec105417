//! Tests of the routing mind: against small exhaustive models, at its edges, and stored half-way. Called by nobody else.

use super::*;
use crate::{Mind, restore, snapshot};
use model::{Actor, Cause, Change, Entry, Fact, Instant, ItemId, LocationId, Moved, OrderId, Seq};
use proptest::prelude::*;

const NOW: Instant = Instant(0);

const FEW: Effort = Effort { cycles: 2, balance: 5, tries: 3, looks: 1_000_000 };

fn place(lat: f64) -> Place {
    Place::degrees(lat, 0.0).expect("on the globe")
}

fn terms(lat: f64, capacity: i64) -> Terms {
    Terms { at: place(lat), capacity: capacity * UNIT, ship_fixed: 5.0, per_km: 0.01, pick: 1.0, closes_at: None }
}

/// Locations by (latitude, capacity), stock by (item, location, units).
fn network(nodes: &[(f64, i64)], stock: &[(u32, u32, i64)]) -> Network {
    let mut network = Network::default();
    for (at, (lat, capacity)) in nodes.iter().enumerate() {
        network.put(LocationId(at as u32), terms(*lat, *capacity));
    }
    for (item, location, units) in stock {
        network.change(ItemId(*item), LocationId(*location), units * UNIT);
    }
    network
}

fn order(lat: f64, lines: &[(u32, i64)]) -> Wanted {
    let lines = lines.iter().map(|(item, units)| Line { item: ItemId(*item), parts: units * UNIT, whole: true });
    Wanted { penalty: 40.0, ..Wanted::plain(place(lat), lines.collect()) }
}

fn desk(network: Network) -> Desk {
    Desk::new(Settings { release_after_ms: 1_000, expected_orders: 0.0 }, network)
}

fn from(plan: &Plan) -> Vec<u32> {
    plan.shipments.iter().map(|shipment| shipment.location.0).collect()
}

#[test]
fn one_shipment_from_farther_beats_two_from_near() {
    let network = network(&[(0.0, 9), (1.0, 9), (2.0, 9)], &[(1, 0, 5), (2, 1, 5), (1, 2, 5), (2, 2, 5)]);
    let found = search(&network, &order(0.0, &[(1, 1), (2, 1)]), Look::free(NOW));
    assert_eq!(from(&found.best), [2]);
    assert_eq!(from(&found.second.expect("there is another way")), [0, 1]);
}

#[test]
fn a_line_is_split_when_no_location_has_enough_and_the_rest_stays_unfilled() {
    let network = network(&[(0.0, 9), (1.0, 9)], &[(1, 0, 2), (1, 1, 1)]);
    let plan = search(&network, &order(0.0, &[(1, 4)]), Look::free(NOW)).best;
    assert_eq!((from(&plan), plan.unfilled), (vec![0, 1], UNIT));
}

#[test]
fn nothing_is_shipped_that_costs_more_than_it_saves() {
    let network = network(&[(80.0, 9)], &[(1, 0, 2)]);
    let plan = search(&network, &order(0.0, &[(1, 1)]), Look::free(NOW)).best;
    assert_eq!((plan.shipments.len(), plan.cost.paid()), (0, 40.0));
}

#[test]
fn a_promise_a_pickup_a_closed_door_and_an_exclusion_are_kept() {
    let mut network = network(&[(0.0, 9), (1.0, 9)], &[(1, 0, 5), (1, 1, 5)]);
    let plan = |network: &Network, order: &Wanted| from(&search(network, order, Look::free(NOW)).best);
    let plain = order(0.0, &[(1, 1)]);
    assert_eq!(plan(&network, &plain), [0]);
    assert_eq!(plan(&network, &Wanted { not_from: vec![LocationId(0)], ..plain.clone() }), [1]);
    assert_eq!(plan(&network, &Wanted { pickup: Some(LocationId(1)), ..plain.clone() }), [1]);
    assert_eq!(plan(&network, &Wanted { within_km: 50.0, not_from: vec![LocationId(0)], ..plain.clone() }), [0_u32; 0]);
    network.put(LocationId(0), Terms { closes_at: Some(NOW), ..terms(0.0, 9) });
    assert_eq!(plan(&network, &plain), [1]);
}

#[test]
fn an_order_makes_room_for_one_that_has_no_other_way() {
    let mut desk = desk(network(&[(0.0, 9), (3.0, 9)], &[(1, 0, 1), (1, 1, 1)]));
    assert_eq!(from(&desk.decide(OrderId(1), order(0.0, &[(1, 1)]), NOW).action), [0]);
    let second = Wanted { not_from: vec![LocationId(1)], ..order(0.0, &[(1, 1)]) };
    assert_eq!(desk.decide(OrderId(2), second, NOW).action.unfilled, UNIT);
    assert_eq!(desk.replan(NOW, Effort::THOROUGH), [OrderId(1), OrderId(2)]);
    let plans: Vec<(OrderId, Vec<u32>)> =
        desk.release(Instant(1_000)).iter().map(|(id, plan)| (*id, from(plan))).collect();
    assert_eq!(plans, [(OrderId(1), vec![1]), (OrderId(2), vec![0])]);
}

#[test]
fn terms_add_up_to_the_cost_and_a_longer_way_would_flip_the_choice() {
    let network = network(&[(0.0, 9), (1.0, 9)], &[(1, 0, 5), (1, 1, 5)]);
    let reasons = desk(network).decide(OrderId(1), order(0.0, &[(1, 2)]), NOW).reasons;
    assert_eq!(reasons.score, 5.0 + 2.0);
    let (second, flip) = (reasons.runner_up.expect("there is one"), reasons.flip.expect("there is one"));
    assert!((flip.to - flip.from - (second.score - reasons.score)).abs() < 1e-9);
}

#[test]
fn without_locations_nothing_is_known() {
    let proposal = desk(Network::default()).decide(OrderId(1), order(0.0, &[(1, 1)]), NOW);
    assert_eq!((proposal.action.unfilled, proposal.reasons.confidence.value()), (UNIT, 0.0));
}

#[test]
fn a_fact_takes_the_place_of_the_plans_own_hold() {
    let mut desk = desk(network(&[(0.0, 9)], &[(1, 0, 5)]));
    desk.decide(OrderId(7), order(0.0, &[(1, 2)]), NOW);
    assert_eq!(desk.network().free(ItemId(1), LocationId(0)), 3 * UNIT);
    desk.apply(Seq(1), &moved(1, 0, 0, 2, Some(7)));
    assert_eq!((desk.network().free(ItemId(1), LocationId(0)), desk.held().count()), (3 * UNIT, 0));
}

fn moved(item: u32, location: u32, on_hand: i32, reserved: i32, order: Option<u32>) -> Entry {
    let moved = Moved {
        item: ItemId(item),
        location: LocationId(location),
        cause: Cause::Adjustment,
        on_hand: Change::units(on_hand),
        reserved: Change::units(reserved),
        in_transit: Change::ZERO,
        unsellable: Change::ZERO,
        happened_at: NOW,
        order: order.map(|order| (OrderId(order), model::LineKey(0))),
        shown: None,
        note: None,
    };
    Entry { at: NOW, by: Actor::System, fact: Fact::Moved(moved) }
}

/// The cheapest over every set of locations of at most `most`; lines in order, each from the cheapest first.
fn exhaustive(network: &Network, order: &Wanted, nodes: u32, most: u32) -> f64 {
    let only = |set: u32| {
        let not_from = (0..nodes).filter(|node| set & (1 << node) == 0).map(LocationId).collect();
        Wanted { not_from, ..order.clone() }
    };
    let cost = |set: u32| {
        let order = only(set);
        let mut cost = 0.0;
        let mut used = vec![false; nodes as usize];
        for line in &order.lines {
            let mut need = line.parts;
            let mut from: Vec<u32> = (0..nodes).filter(|node| set & (1 << node) != 0).collect();
            from.sort_by(|a, b| network.pick(*a).total_cmp(&network.pick(*b)).then(a.cmp(b)));
            for node in from {
                let parts = need.min(network.free(line.item, LocationId(node)).max(0));
                need -= parts;
                cost += network.pick(node) * parts as f64 / UNIT as f64;
                used[node as usize] |= parts > 0;
            }
            cost += order.penalty * need as f64 / UNIT as f64;
        }
        for node in (0..nodes).filter(|node| used[*node as usize]) {
            let terms = network.node(LocationId(node)).and_then(|node| node.terms).expect("was given");
            cost += terms.ship_fixed + terms.per_km * terms.at.km(&order.to);
        }
        cost
    };
    (0..1_u32 << nodes).filter(|set| set.count_ones() <= most).map(cost).fold(f64::INFINITY, f64::min)
}

impl Network {
    fn pick(&self, node: u32) -> f64 {
        self.node(LocationId(node)).and_then(|node| node.terms).map_or(0.0, |terms| terms.pick)
    }
}

proptest! {
    #[test]
    fn no_set_of_three_locations_is_cheaper_and_none_at_all_beats_the_best(
        nodes in prop::collection::vec((-9.0..9.0_f64, 0.0..3.0_f64, 0.0..9.0_f64), 1..6),
        stock in prop::collection::vec((0..3_u32, 0..6_u32, 1..4_i64), 0..15),
        lines in prop::collection::vec((0..3_u32, 1..4_i64), 1..4),
    ) {
        let mut network = Network::default();
        for (at, (lat, pick, fixed)) in nodes.iter().enumerate() {
            let terms = Terms { pick: *pick, ship_fixed: *fixed, ..terms(*lat, 1_000) };
            network.put(LocationId(at as u32), terms);
        }
        let count = nodes.len() as u32;
        for (item, location, units) in stock.iter().filter(|(_, location, _)| *location < count) {
            network.change(ItemId(*item), LocationId(*location), units * UNIT);
        }
        let order = order(0.0, &lines).sound();
        let found = search(&network, &order, Look::free(NOW)).best.cost.paid();
        prop_assert!(found <= exhaustive(&network, &order, count, 3) + 1e-9, "{found}");
        prop_assert!(found >= exhaustive(&network, &order, count, count) - 1e-9, "{found}");
    }

    #[test]
    fn neither_room_nor_stock_is_ever_exceeded(
        nodes in prop::collection::vec((-9.0..9.0_f64, 0..6_i64), 1..6),
        stock in prop::collection::vec((0..4_u32, 0..6_u32, 0..4_i64), 0..20),
        orders in prop::collection::vec((-9.0..9.0_f64, prop::collection::vec((0..4_u32, 0..4_i64), 0..4), 0..3_u8), 1..20),
    ) {
        let count = nodes.len() as u32;
        let stock: Vec<_> = stock.into_iter().filter(|(_, location, _)| *location < count).collect();
        let network = network(&nodes, &stock);
        let mut desk = Desk::new(Settings { release_after_ms: 3, expected_orders: 12.0 }, network.clone());
        let mut sent: std::collections::BTreeMap<(ItemId, LocationId), i64> = Default::default();
        let mut packed: std::collections::BTreeMap<LocationId, i64> = Default::default();
        let known: Vec<Wanted> = orders.iter().map(|(lat, lines, _)| order(*lat, lines).sound()).collect();
        let end = orders.len() as i64 + 9;
        for now in 0..=end {
            if let Some((lat, lines, what)) = orders.get(now as usize) {
                desk.decide(OrderId(now as u32), order(*lat, lines), Instant(now));
                if *what == 0 { desk.replan(Instant(now), FEW); }
            }
            for (id, plan) in desk.release(Instant(now)) {
                let order = &known[id.0 as usize];
                let asked: i64 = order.lines.iter().map(|line| line.parts).sum();
                let mut shipped = 0;
                for shipment in &plan.shipments {
                    for (line, parts) in &shipment.picks {
                        prop_assert!(*parts > 0 && parts % UNIT == 0);
                        shipped += parts;
                        *packed.entry(shipment.location).or_default() += parts;
                        *sent.entry((order.lines[*line].item, shipment.location)).or_default() += parts;
                    }
                }
                prop_assert_eq!(asked, shipped + plan.unfilled);
            }
        }
        prop_assert_eq!(desk.held().count(), 0);
        for ((item, location), parts) in sent {
            prop_assert!(parts <= network.free(item, location), "{item} at {location}");
            prop_assert_eq!(desk.network().free(item, location), network.free(item, location) - parts);
        }
        for (location, parts) in packed {
            prop_assert!(parts <= nodes[location.0 as usize].1 * UNIT, "{location}");
        }
    }

    #[test]
    fn the_same_day_gives_the_same_bits_whenever_it_is_stored_and_restored(
        steps in prop::collection::vec((0..3_u8, 0..3_u32, 0..3_u32, 1..4_i64), 1..30),
        cuts in prop::collection::vec(any::<bool>(), 30),
    ) {
        let new = || desk(network(&[(0.0, 5), (2.0, 5), (4.0, 5)], &[(0, 0, 2), (1, 1, 2), (2, 2, 2)]));
        let play = |cut: &dyn Fn(usize) -> bool| {
            let mut desk = new();
            for (at, (what, item, location, units)) in steps.iter().enumerate() {
                let now = Instant(at as i64 * 400);
                match what {
                    0 => drop(desk.decide(OrderId(at as u32), order(f64::from(*location), &[(*item, *units)]), now)),
                    1 => desk.apply(Seq(at as u64), &moved(*item, *location, *units as i32, 0, None)),
                    _ => {
                        desk.replan(now, FEW);
                        desk.release(now);
                    }
                }
                if cut(at) {
                    desk = restore(1, &snapshot(1, &desk)).expect("what was stored reads back");
                }
            }
            snapshot(1, &desk)
        };
        prop_assert_eq!(play(&|_| false), play(&|at| cuts[at]));
    }

    #[test]
    fn numbers_that_are_none_do_no_harm(
        numbers in prop::collection::vec(prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1e300), any::<f64>()], 5),
        capacity in any::<i64>(),
        parts in any::<i64>(),
        on_hand in any::<i64>(),
    ) {
        let mut network = network(&[(0.0, 3)], &[(1, 0, 2)]);
        let odd = Terms { at: place(1.0), capacity, ship_fixed: numbers[0], per_km: numbers[1], pick: numbers[2], closes_at: None };
        network.put(LocationId(1), odd);
        network.change(ItemId(1), LocationId(1), on_hand);
        network.set_extra(ItemId(1), LocationId(1), numbers[3]);
        let mut desk = desk(network);
        let lines = vec![Line { item: ItemId(1), parts, whole: false }; 3];
        let wanted = Wanted { penalty: numbers[4], within_km: numbers[3], ..Wanted::plain(place(0.0), lines) };
        let plan = desk.decide(OrderId(1), wanted, NOW).action;
        prop_assert!(plan.unfilled >= 0);
        desk.replan(NOW, FEW);
        desk.new_day(f64::NAN);
    }
}
