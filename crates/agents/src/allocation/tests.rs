//! Tests of the allocation mind: against small exhaustive models, at its edges, and stored half-way. Called by nobody else.

use super::*;
use crate::{Mind, restore, snapshot};
use model::{
    Actor, Cause, Change, ChannelId, Entry, Fact, Instant, ItemId, LocationId, Moved, Quantity, ReservationId,
    Reserved, Seq, Shorted,
};
use proptest::prelude::*;

fn claim(id: u64, margin: f64, elsewhere: Option<f64>) -> Claim {
    Claim { id, units: 1, class: 0, margin: Some(margin), refused: 3.0, elsewhere, gone: false }
}

fn granted(claims: &[Claim], units: u32) -> Vec<u64> {
    let plain = |one: &crate::Proposal<Grant>| (one.action.granted > 0).then_some(one.action.id);
    grant(claims, units, None).iter().filter_map(plain).collect()
}

#[test]
fn the_last_unit_goes_where_most_would_be_lost() {
    // The first would earn more, but has another source.
    let claims = [claim(1, 20.0, Some(2.0)), claim(2, 8.0, None)];
    let proposals = grant(&claims, 1, None);
    assert_eq!(proposals[0].action, Grant { id: 1, granted: 0, elsewhere: 1, refused: 0 });
    assert_eq!(proposals[1].action, Grant { id: 2, granted: 1, elsewhere: 0, refused: 0 });
    let flip = proposals[1].reasons.flip.clone().expect("another claim could have won");
    assert_eq!((flip.from, flip.to), (11.0, 2.0));
}

#[test]
fn class_goes_before_value_and_what_is_gone_before_all() {
    let first = Claim { class: 0, ..claim(1, 1.0, None) };
    let second = Claim { class: 1, ..claim(2, 99.0, None) };
    assert_eq!(granted(&[second.clone(), first.clone()], 1), [1]);
    let sold = Claim { gone: true, class: 7, ..claim(3, 0.0, None) };
    assert_eq!(granted(&[second.clone(), first, sold.clone()], 1), [3]);
    // A till sale stands even when nothing is there by the books.
    assert_eq!(granted(&[second, sold], 0), [3]);
    assert_eq!(granted(&[claim(5, 4.0, None), claim(4, 4.0, None)], 1), [4]);
}

#[test]
fn without_a_margin_a_person_is_asked() {
    let unknown = Claim { margin: None, ..claim(1, 0.0, None) };
    let proposals = grant(&[unknown, claim(2, 5.0, None)], 1, None);
    assert!(proposals.iter().all(|one| one.reasons.confidence.value() == 0.0));
    assert_eq!(promise(&Picks::default(), shelf(9, 0), None, 5.0, None).reasons.confidence.value(), 0.0);
}

fn shelf(on_hand: u32, days: u32) -> Shelf {
    Shelf { location: LocationId(1), category: 0, on_hand, days }
}

#[test]
fn a_shelf_that_often_fails_at_one_unit_gets_a_buffer() {
    let mut picks = Picks::default();
    for round in 0..200 {
        picks.learn(shelf(1, 40), round % 2 == 0);
        picks.learn(shelf(3, 40), round % 50 != 0);
    }
    assert!((picks.chance(shelf(1, 40)) - 0.5).abs() < 0.05);
    // Cancelling costs three times the margin: promised from three chances in four.
    assert_eq!(threshold(15.0, 5.0), 0.75);
    assert_eq!(picks.buffer(shelf(1, 40), 15.0, 5.0), 1);
    assert_eq!(picks.buffer(shelf(1, 40), 1.0, 50.0), 0);
    assert_eq!(promise(&picks, shelf(1, 40), Some(5.0), 15.0, None).action, Promise::Withhold);
    assert_eq!(promise(&picks, shelf(3, 40), Some(5.0), 15.0, None).action, Promise::Make);
    // Another shop is judged by what all shops know.
    let elsewhere = Shelf { location: LocationId(2), ..shelf(1, 40) };
    assert!(picks.chance(elsewhere) < 0.75);
}

#[test]
fn a_reservation_waits_for_ninety_eight_of_a_hundred() {
    let mut pay = PayTimes::default();
    let channel = Some(ChannelId(1));
    assert_eq!(pay.lifetime_ms(channel, 60_000, 3_600_000), 3_600_000);
    (0..99).for_each(|_| pay.learn(channel, 120_000));
    pay.learn(channel, 80_000_000);
    let lifetime = pay.lifetime_ms(channel, 60_000, 3_600_000);
    assert!((120_000..=240_000).contains(&lifetime), "{lifetime}");
    assert_eq!(pay.lifetime_ms(channel, 600_000, 3_600_000), 600_000);
}

#[test]
fn low_stock_is_a_chance() {
    let demand = stats::dist::Count::new(2.0, 1.0);
    // P(D > 2) of a Poisson with mean 2 is 1 − 5e⁻².
    assert!((shortage(&demand, 2) - (1.0 - 5.0 * stats::num::exp(-2.0))).abs() < 1e-12);
}

fn fact(what: u8, item: u32, units: i32, at: i64) -> Entry {
    let (item, location) = (ItemId(item), LocationId(0));
    let reservation = ReservationId(u64::from(item.0));
    let fact = match what {
        0 => Fact::Moved(Moved {
            item,
            location,
            cause: Cause::Sale,
            on_hand: Change::units(-units),
            reserved: Change::ZERO,
            in_transit: Change::ZERO,
            unsellable: Change::ZERO,
            happened_at: Instant(at),
            order: None,
            shown: None,
            note: None,
        }),
        1 => Fact::Shorted(Shorted { order: None, reservation: None, item, location, missing: Quantity::units(1) }),
        2 => {
            Fact::Reserved(Reserved { reservation, lines: Vec::new(), expires_at: Instant(at), key: None, note: None })
        }
        _ => Fact::Committed { reservation },
    };
    Entry { at: Instant(at), by: Actor::System, fact }
}

proptest! {
    #[test]
    fn never_more_is_granted_than_there_is_and_nothing_is_lost_silently(
        wants in prop::collection::vec((0..5_u32, 0..3_u32, prop_oneof![Just(f64::NAN), -2.0..9.0_f64], prop::option::of(0.0..9.0_f64)), 0..12),
        units in 0..20_u32,
    ) {
        let claims: Vec<Claim> = wants.iter().zip(0..).map(|((units, class, margin, elsewhere), id)| {
            Claim { units: *units, class: *class, ..claim(id, *margin, *elsewhere) }
        }).collect();
        let grants = grant(&claims, units, None);
        let total: u32 = grants.iter().map(|one| one.action.granted).sum();
        let asked: u32 = claims.iter().map(|claim| claim.units).sum();
        prop_assert_eq!(total, asked.min(units));
        for (claim, one) in claims.iter().zip(&grants) {
            prop_assert_eq!(claim.units, one.action.granted + one.action.elsewhere + one.action.refused);
        }
        // Within a class nobody who lost something would have lost more than one who got all.
        for (a, one) in claims.iter().zip(&grants) {
            for (b, other) in claims.iter().zip(&grants) {
                if a.class == b.class && one.action.granted < a.units && other.action.granted > 0 {
                    prop_assert!(a.regret() <= b.regret());
                }
            }
        }
    }

    #[test]
    fn a_chance_is_a_chance_and_the_same_facts_give_the_same_bits_whenever_stored(
        facts in prop::collection::vec((0..4_u8, 0..3_u32, -4..4_i32), 1..60), cuts in prop::collection::vec(any::<bool>(), 60),
    ) {
        let play = |cut: &dyn Fn(usize) -> bool| {
            let mut mind = Allocator::default();
            for (at, (what, item, units)) in facts.iter().enumerate() {
                mind.apply(Seq(at as u64), &fact(*what, *item, *units, at as i64 * 50_000_000));
                if cut(at) {
                    mind = restore(1, &snapshot(1, &mind)).expect("what was stored reads back");
                }
            }
            mind
        };
        let (whole, cut) = (play(&|_| false), play(&|at| cuts[at]));
        prop_assert_eq!(snapshot(1, &whole), snapshot(1, &cut));
        for item in 0..3 {
            let shelf = whole.shelf(ItemId(item), LocationId(0), Instant(9_000_000_000));
            let chance = whole.picks().chance(Shelf { on_hand: 2, ..shelf });
            prop_assert!(chance > 0.0 && chance < 1.0);
        }
    }
}
