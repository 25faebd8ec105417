//! Promises through the API.

use insta::assert_snapshot;
use model::{Action, Change, Quantity, ReservationId};

use crate::support::*;

fn hub_with(caps: u32, mugs: u32) -> Hub {
    let mut hub = Hub::new();
    hub.must(receive(CAP, A, caps));
    hub.must(receive(MUG, A, mugs));
    hub
}

fn lapse(hub: &mut Hub, max: usize) -> String {
    hub.say(Action::Expire { max })
}

#[test]
fn what_is_held_cannot_be_promised_again() {
    let mut hub = hub_with(3, 1);
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 2)])), @"res_1 holds cap@A 2");
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 2)])), @"refused: only 1 of cap can be promised at this location, 2 asked");
    assert_snapshot!(hub.books(CAP, A), @"3 on hand, 2 reserved");
}

#[test]
fn the_lines_of_a_cart_are_summed_before_they_are_checked() {
    let mut hub = hub_with(3, 1);
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 2), (CAP, A, 2)])), @"refused: only 3 of cap can be promised at this location, 4 asked");
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 1), (CAP, A, 2)])), @"res_1 holds cap@A 3");
}

#[test]
fn a_bundle_and_its_component_in_one_cart_are_checked_together() {
    let mut hub = hub_with(3, 4);
    assert_snapshot!(hub.say(reserve(&hub, &[(SET, A, 1), (CAP, A, 3)])), @"refused: only 3 of cap can be promised at this location, 4 asked");
    assert_snapshot!(hub.say(reserve(&hub, &[(SET, A, 1), (CAP, A, 2)])), @"res_1 holds cap@A 3, mug@A 2");
}

#[test]
fn a_refused_cart_holds_nothing_of_it() {
    let mut hub = hub_with(3, 1);
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 1), (MUG, A, 2)])), @"refused: only 1 of mug can be promised at this location, 2 asked");
    assert_snapshot!(hub.books(CAP, A), @"3 on hand, 0 reserved");
}

#[test]
fn a_commit_takes_the_goods_and_ends_the_promise() {
    let mut hub = hub_with(3, 1);
    hub.must(reserve(&hub, &[(CAP, A, 2)]));
    assert_snapshot!(hub.say(commit(1)), @"res_1 left");
    assert_snapshot!(hub.books(CAP, A), @"1 on hand, 0 reserved");
    assert_snapshot!(hub.say(commit(1)), @"refused: res_1 has ended; make a new one");
    assert_snapshot!(hub.say(commit(2)), @"refused: res_2 is not known; check its spelling or create it first");
}

#[test]
fn a_release_gives_the_units_back() {
    let mut hub = hub_with(3, 1);
    hub.must(reserve(&hub, &[(CAP, A, 2)]));
    assert_snapshot!(hub.say(release(1)), @"res_1 given back");
    assert_snapshot!(hub.books(CAP, A), @"3 on hand, 0 reserved");
    assert_snapshot!(hub.say(release(1)), @"refused: res_1 has ended; make a new one");
}

#[test]
fn a_promise_lapses_at_its_end_and_an_extended_one_at_its_new_end() {
    let mut hub = hub_with(3, 1);
    hub.must(reserve(&hub, &[(CAP, A, 1)]));
    hub.must(reserve(&hub, &[(CAP, A, 1)]));
    hub.must(extend(2, hub.now.plus_ms(20 * 60_000)));
    hub.wait_minutes(9);
    assert_snapshot!(lapse(&mut hub, 10), @"nothing");
    hub.wait_minutes(1);
    assert_snapshot!(lapse(&mut hub, 10), @"res_1 lapsed");
    hub.wait_minutes(9);
    assert_snapshot!(lapse(&mut hub, 10), @"nothing");
    hub.wait_minutes(1);
    assert_snapshot!(lapse(&mut hub, 10), @"res_2 lapsed");
    assert_snapshot!(hub.books(CAP, A), @"3 on hand, 0 reserved");
}

#[test]
fn every_promise_lapses_however_few_at_a_time() {
    let mut hub = hub_with(9, 1);
    for seconds in [10, 10, 11, 11, 12] {
        hub.must(reserve_until(hub.now.plus_ms(seconds * 1_000), &[(CAP, A, Quantity::units(1))]));
    }
    hub.wait_minutes(1);
    let lapsed: Vec<String> = (0..6).map(|_| lapse(&mut hub, 1)).collect();
    assert_eq!(lapsed, ["res_1 lapsed", "res_2 lapsed", "res_3 lapsed", "res_4 lapsed", "res_5 lapsed", "nothing"]);
}

#[test]
fn a_promise_extended_twice_takes_one_place_in_a_batch_of_lapses() {
    let mut hub = hub_with(9, 1);
    hub.must(reserve_until(hub.now.plus_ms(10_000), &[(CAP, A, Quantity::units(1))]));
    hub.must(reserve_until(hub.now.plus_ms(12_000), &[(CAP, A, Quantity::units(1))]));
    hub.must(extend(1, hub.now.plus_ms(10_500)));
    hub.must(extend(1, hub.now.plus_ms(11_000)));
    hub.wait_minutes(1);
    assert_snapshot!(lapse(&mut hub, 2), @r"
    res_1 lapsed
    res_2 lapsed
    ");
}

#[test]
fn the_same_key_is_the_same_promise_while_it_lives_and_afterwards() {
    let mut hub = hub_with(3, 1);
    let ask = keyed("cart-1", reserve(&hub, &[(CAP, A, 2)]));
    assert_snapshot!(hub.say(ask.clone()), @"res_1 holds cap@A 2");
    assert_snapshot!(hub.say(ask.clone()), @"nothing");
    assert_snapshot!(hub.books(CAP, A), @"3 on hand, 2 reserved");
    assert_eq!(hub.state.reservations().by_key(&"cart-1".into()), Some(ReservationId(1)));
    hub.must(commit(1));
    assert_snapshot!(hub.say(ask), @"nothing");
    assert_snapshot!(hub.books(CAP, A), @"1 on hand, 0 reserved");
}

#[test]
fn other_lines_under_the_same_key_are_refused_while_it_lives_and_afterwards() {
    let mut hub = hub_with(3, 1);
    hub.must(keyed("cart-1", reserve(&hub, &[(CAP, A, 2)])));
    let other = keyed("cart-1", reserve(&hub, &[(CAP, A, 1)]));
    assert_snapshot!(hub.say(other.clone()), @"refused: this idempotency key was used for a different request; use a new key");
    hub.must(release(1));
    assert_snapshot!(hub.say(other), @"refused: this idempotency key was used for a different request; use a new key");
}

#[test]
fn a_key_of_another_kind_of_request_is_refused() {
    let mut hub = hub_with(3, 1);
    hub.must(keyed("k", receive(CAP, A, 1)));
    assert_snapshot!(hub.say(keyed("k", reserve(&hub, &[(CAP, A, 1)]))), @"refused: this idempotency key was used for a different request; use a new key");
    hub.must(keyed("c", reserve(&hub, &[(CAP, A, 1)])));
    assert_snapshot!(hub.say(keyed("c", receive(CAP, A, 1))), @"refused: this idempotency key was used for a different request; use a new key");
}

#[test]
fn a_key_is_forgotten_after_seven_days() {
    let mut hub = hub_with(3, 1);
    hub.must(keyed("cart-1", reserve(&hub, &[(CAP, A, 1)])));
    hub.wait_minutes(7 * 24 * 60 + 1);
    hub.must(keyed("other", receive(CAP, A, 1)));
    assert_eq!(hub.state.reservations().by_key(&"cart-1".into()), None);
    assert_snapshot!(hub.say(keyed("cart-1", reserve(&hub, &[(CAP, A, 1)]))), @"res_2 holds cap@A 1");
}

#[test]
fn fractions_of_a_kilogram_are_exact() {
    let mut hub = Hub::new();
    hub.must(adjust_by(TEA, A, Change::from_parts(250_000)));
    let kilograms = |text| Quantity::parse(text).expect("a decimal");
    assert_snapshot!(hub.say(reserve_of(&hub, &[(TEA, A, kilograms("1.25"))])), @"res_1 holds tea@A 1.25");
    assert_snapshot!(hub.say(reserve_of(&hub, &[(TEA, A, kilograms("1.25001"))])), @"refused: only 1.25 of tea can be promised at this location, 1.25001 asked");
    assert_snapshot!(hub.say(reserve_of(&hub, &[(TEA, A, kilograms("1.25"))])), @"res_2 holds tea@A 1.25");
}

#[test]
fn a_quantity_must_make_sense_for_its_item() {
    let mut hub = hub_with(3, 1);
    let half = Quantity::from_parts(50_000);
    assert_snapshot!(hub.say(reserve_of(&hub, &[(CAP, A, half)])), @"refused: quantity: 0.5 is not whole, and the item is sold by the piece");
    assert_snapshot!(hub.say(reserve_of(&hub, &[(SET, A, half)])), @"refused: quantity: 0.5 is not whole, and the item is sold by the piece");
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 0)])), @"refused: quantity: is zero; ask for more than nothing");
    let less = Quantity::from_parts(-100_000);
    assert_snapshot!(hub.say(reserve_of(&hub, &[(CAP, A, less)])), @"refused: quantity: is zero; ask for more than nothing");
    assert_snapshot!(hub.say(reserve(&hub, &[(WRAP, A, 1)])), @"refused: lines: wrap has no stock");
    assert_snapshot!(hub.say(reserve(&hub, &[])), @"refused: lines: one to 1000 lines are possible");
}

#[test]
fn an_end_must_lie_ahead_and_within_a_year() {
    let mut hub = hub_with(3, 1);
    let one = [(CAP, A, Quantity::units(1))];
    assert_snapshot!(hub.say(reserve_until(hub.now, &one)), @"refused: expires_at: 2027-01-15T08:00:00.000Z has passed (it is 2027-01-15T08:00:00.000Z)");
    assert_snapshot!(hub.say(reserve_until(hub.now.plus_ms(367 * 24 * 3_600_000), &one)), @"refused: expires_at: is more than 366 days away");
    hub.must(reserve_until(hub.now.plus_ms(1), &one));
    assert_snapshot!(hub.say(extend(1, hub.now)), @"refused: expires_at: 2027-01-15T08:00:00.000Z has passed (it is 2027-01-15T08:00:00.000Z)");
}

#[test]
fn safety_stock_and_unsellable_units_are_not_promised() {
    let mut hub = hub_with(5, 1);
    hub.must(safety(CAP, A, 2));
    hub.must(set_apart(CAP, A, 1));
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 3)])), @"refused: only 2 of cap can be promised at this location, 3 asked");
    assert_snapshot!(hub.say(reserve(&hub, &[(CAP, A, 2)])), @"res_1 holds cap@A 2");
}
