//! The outbox on virtual time.

use bytes::Bytes;

use crate::machine::{Attempt, Dice, Machine, Outgoing};
use crate::shell::{Fault, Faults, Outbox, Settled};
use crate::shopify::{Settings, Shopify};

const PAUSES: [i64; 2] = [60_000, 120_000];

fn delivery(id: &str) -> Outgoing {
    Outgoing {
        id: id.to_owned(),
        topic: "orders/create".to_owned(),
        subscription: "7".to_owned(),
        url: "http://127.0.0.1:1/".to_owned(),
        headers: Vec::new(),
        body: Bytes::from_static(b"{\"id\":1}"),
    }
}

fn machine() -> Shopify {
    Shopify::new(Settings::default()).expect("the settings are good")
}

fn filled(faults: Faults, count: usize, in_flight_max: usize) -> Outbox {
    let mut outbox = Outbox::new(faults, &PAUSES, 60, in_flight_max);
    let all = (0..count).map(|n| delivery(&n.to_string())).collect();
    outbox.accept(all, 0, &mut Dice::new(3));
    outbox
}

fn ids(outbox: &mut Outbox, now: i64) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(flight) = outbox.take(now) {
        ids.push(flight.delivery.id);
    }
    ids
}

#[test]
fn no_more_than_the_limit_are_under_way() {
    let mut outbox = filled(Faults::none(), 10, 3);
    assert_eq!(ids(&mut outbox, 0), ["0", "1", "2"]);
    assert_eq!(outbox.settle(0, Attempt::Answered(200), 1, &machine()), Settled::Delivered);
    assert_eq!(ids(&mut outbox, 1), ["3"]);
    let counts = outbox.counts();
    assert_eq!((counts.undelivered, counts.in_flight, counts.delivered, counts.attempts), (9, 3, 1, 4));
}

#[test]
fn a_failure_is_tried_again_after_the_scaled_pauses_and_then_given_up() {
    let mut outbox = filled(Faults::none(), 1, 8);
    let machine = machine();
    let mut seen = Vec::new();
    let mut now = 0;
    while let Some(flight) = outbox.take(now) {
        let settled = outbox.settle(flight.ticket, Attempt::TimedOut, now, &machine);
        if let Settled::Again { at } = settled {
            assert_eq!(outbox.take(at - 1), None, "not before its time");
            now = at;
        }
        seen.push(settled);
    }
    let expected =
        [Settled::Again { at: 1000 }, Settled::Again { at: 3000 }, Settled::GaveUp { subscription: "7".to_owned() }];
    assert_eq!(seen, expected);
    assert_eq!((outbox.counts().given_up, outbox.counts().undelivered), (1, 0));
    assert_eq!(outbox.settle(0, Attempt::Failed, now, &machine), Settled::Unknown);
}

#[test]
fn the_vendors_table_has_eight_retries_within_four_hours() {
    let pauses = machine().retry_pauses();
    assert_eq!((pauses.len(), pauses.iter().sum::<i64>()), (8, 4 * 60 * 60 * 1000));
    assert!(pauses.is_sorted());
}

#[test]
fn a_duplicate_has_the_same_id_and_a_dropped_one_never_comes() {
    let all = |fault| Faults::none().with(fault, 1_000_000);
    assert_eq!(ids(&mut filled(all(Fault::Duplicate), 2, 8), 0), ["0", "0", "1", "1"]);
    let mut dropped = filled(all(Fault::Drop), 2, 8);
    assert_eq!(ids(&mut dropped, i64::MAX), Vec::<String>::new());
    assert_eq!(dropped.counts().dropped, 2);
}

#[test]
fn held_back_ones_are_overtaken() {
    let mut outbox = filled(Faults::none().with(Fault::Reorder, 300_000), 50, 100);
    let order = ids(&mut outbox, 10_000);
    assert_eq!(order.len(), 50);
    assert!(!order.is_sorted_by_key(|id| id.parse::<u32>().unwrap_or(u32::MAX)), "{order:?}");
}

#[test]
fn a_cut_body_comes_whole_the_second_time() {
    let mut outbox = filled(Faults::none().with(Fault::Truncate, 1_000_000), 1, 8);
    let first = outbox.take(0).expect("it is due");
    assert_eq!(first.delivery.body, Bytes::from_static(b"{\"id"));
    outbox.settle(first.ticket, Attempt::Answered(401), 0, &machine());
    let second = outbox.take(10_000).expect("it is due again");
    assert_eq!(second.delivery.body, delivery("0").body);
}
