//! The last unit, and everybody who wants it, in every order: one winner, and every loser told once.

use std::collections::BTreeMap;

use model::{Fact, OrderId, ReservationId};

use crate::support::*;

/// Who wants the last unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wants {
    Till,
    Web,
    OtherWeb,
    Reservation,
}

/// How often each was told that it does not get the unit.
type Told = BTreeMap<Wants, usize>;

fn play(order: &[Wants]) -> Told {
    let mut hub = Hub::with_caps_at_b(1);
    let mut told: Told = order.iter().map(|who| (*who, 0)).collect();
    let (mut orders, mut reservations) = (BTreeMap::new(), BTreeMap::new());
    for who in order {
        hub.wait_minutes(1);
        let command = match who {
            Wants::Till => News::till("r").placed(hub.now).gone(CAP, B, 1).heard(),
            Wants::Web => News::web("1").placed(hub.now).promised(CAP, B, 1).heard(),
            Wants::OtherWeb => News::web("2").placed(hub.now).promised(CAP, B, 1).heard(),
            Wants::Reservation => reserve(&hub, &[(CAP, B, 1)]),
        };
        let Ok(facts) = hub.run(command) else {
            assert_eq!(*who, Wants::Reservation, "only a promise is ever refused");
            *told.entry(*who).or_default() += 1;
            continue;
        };
        for fact in facts {
            match fact {
                Fact::OrderPut(put) => drop(orders.insert(put.order, *who)),
                Fact::Reserved(reserved) => drop(reservations.insert(reserved.reservation, *who)),
                Fact::Shorted(shorted) => {
                    let loser = loser(&orders, &reservations, shorted.order, shorted.reservation);
                    *told.entry(loser).or_default() += 1;
                }
                _ => {}
            }
        }
    }
    told
}

fn loser(
    orders: &BTreeMap<OrderId, Wants>,
    reservations: &BTreeMap<ReservationId, Wants>,
    order: Option<OrderId>,
    reservation: Option<ReservationId>,
) -> Wants {
    let order = order.and_then(|order| orders.get(&order));
    *order.or_else(|| reservations.get(&reservation?)).expect("the loser is somebody who came before")
}

fn permutations(of: &[Wants]) -> Vec<Vec<Wants>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (place, first) in of.iter().enumerate() {
        let rest: Vec<Wants> =
            of.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, who)| *who).collect();
        all.extend(permutations(&rest).into_iter().map(|mut tail| {
            tail.insert(0, *first);
            tail
        }));
    }
    all
}

/// Everybody but the winner is told exactly once.
fn expected(order: &[Wants], winner: Wants) -> Told {
    order.iter().map(|who| (*who, usize::from(*who != winner))).collect()
}

#[test]
fn a_till_sale_beats_every_promise_and_each_loser_is_told_once() {
    let orders = permutations(&[Wants::Till, Wants::Web, Wants::Reservation]);
    assert_eq!(orders.len(), 6);
    for order in orders {
        assert_eq!(play(&order), expected(&order, Wants::Till), "{order:?}");
    }
}

#[test]
fn so_it_is_when_two_web_orders_are_in_the_quarrel() {
    let orders = permutations(&[Wants::Till, Wants::Web, Wants::OtherWeb, Wants::Reservation]);
    assert_eq!(orders.len(), 24);
    for order in orders {
        assert_eq!(play(&order), expected(&order, Wants::Till), "{order:?}");
    }
}

#[test]
fn of_promises_the_earliest_holds_and_each_later_one_is_told_once() {
    for order in permutations(&[Wants::Web, Wants::OtherWeb, Wants::Reservation]) {
        assert_eq!(play(&order), expected(&order, order[0]), "{order:?}");
    }
}

#[test]
fn goods_that_leave_break_the_newest_promise_whatever_its_kind() {
    for (first, second) in [(Wants::Web, Wants::Reservation), (Wants::Reservation, Wants::Web)] {
        let mut hub = Hub::with_caps_at_b(2);
        for who in [first, second] {
            let command = match who {
                Wants::Web => News::web("1").promised(CAP, B, 1).heard(),
                _ => reserve(&hub, &[(CAP, B, 1)]),
            };
            hub.must(command);
        }
        let told = hub.say(News::till("r").gone(CAP, B, 1).heard());
        let loser = if second == Wants::Web { "order_0 is short of cap@B 1" } else { "res_1 is short of cap@B 1" };
        assert_eq!(told.lines().last(), Some(loser));
        assert_eq!(told.matches("is short of").count(), 1);
    }
}

#[test]
fn a_broken_promise_that_is_kept_all_the_same_breaks_the_next_newest() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::web("1").promised(CAP, B, 1).heard());
    let told = hub.say(News::web("2").promised(CAP, B, 1).heard());
    assert_eq!(told.lines().last(), Some("order_1 is short of cap@B 1"));
    let told = hub.say(News::web("2").version(2).gone(CAP, B, 1).completed().heard());
    assert_eq!(told.lines().last(), Some("order_0 is short of cap@B 1"));
    assert_eq!(hub.books(CAP, B), "0 on hand, 1 reserved");
}

#[test]
fn a_broken_reservation_that_is_committed_all_the_same_breaks_the_next_newest() {
    let mut hub = Hub::with_caps_at_b(2);
    hub.must(reserve(&hub, &[(CAP, B, 1)]));
    hub.must(reserve(&hub, &[(CAP, B, 1)]));
    let told = hub.say(News::till("r").gone(CAP, B, 1).heard());
    assert_eq!(told.lines().last(), Some("res_2 is short of cap@B 1"));
    assert_eq!(hub.say(commit(2)), "res_2 left\nres_1 is short of cap@B 1");
}

#[test]
fn a_kept_promise_that_is_fulfilled_breaks_nothing_more() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::web("1").promised(CAP, B, 1).heard());
    hub.must(News::web("2").promised(CAP, B, 1).heard());
    let told = hub.say(News::web("1").version(2).gone(CAP, B, 1).completed().heard());
    assert_eq!(told, "order_0 1 v2 Completed\nSale cap@B, on hand -1, reserved -1");
}
