//! What each channel should show.

use insta::assert_snapshot;
use model::{Action, Change, Level, LocationSeen, Quantity};

use crate::support::*;

#[test]
fn a_home_channel_is_never_clamped() {
    let mut hub = Hub::with_caps_at_b(0);
    hub.must(News::till("r1").gone(CAP, B, 2).heard());
    assert_eq!(hub.wanted(TILLS, CAP, B), Level::units(-2));
    assert_eq!(hub.wanted(WEB, CAP, B), Level::ZERO);
}

#[test]
fn a_home_that_subtracts_promises_shows_what_is_free_even_below_zero() {
    let mut hub = Hub::new();
    hub.must(shows(&hub, WEB, CAP, DC, Level::units(3)));
    hub.must(reserve(&hub, &[(CAP, DC, 2)]));
    assert_eq!(hub.wanted(WEB, CAP, DC), Level::units(1));
    hub.must(News::web("1001").promised(CAP, DC, 3).heard());
    assert_eq!(hub.wanted(WEB, CAP, DC), Level::units(-2));
}

#[test]
fn a_home_that_takes_no_number_below_zero_shows_zero_and_the_books_keep_the_truth() {
    let mut hub = Hub::with_caps_at_b(0);
    let mut put = channel(TILLS, &[B, C], Quantity::ZERO, false);
    let Action::PutChannel { never_below_zero, .. } = &mut put else { panic!("it configures a channel") };
    *never_below_zero = true;
    hub.must(put);
    hub.must(adjust_by(CAP, B, Change::units(-2)));
    assert_eq!(hub.wanted(TILLS, CAP, B), Level::ZERO);
    assert_eq!(hub.state.positions().get(CAP, B).on_hand(), Level::units(-2));
    hub.must(adjust_by(CAP, B, Change::units(3)));
    assert_eq!(hub.wanted(TILLS, CAP, B), Level::units(1));
}

#[test]
fn a_home_that_shows_what_lies_there_is_not_told_of_others_promises() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(reserve(&hub, &[(CAP, B, 2)]));
    assert_eq!(hub.wanted(TILLS, CAP, B), Level::units(5));
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(3));
}

#[test]
fn safety_stock_is_kept_from_every_channel_but_the_home() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(safety(CAP, B, 2));
    assert_eq!(hub.wanted(TILLS, CAP, B), Level::units(5));
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(3));
    hub.must(safety(CAP, B, 9));
    assert_eq!(hub.wanted(WEB, CAP, B), Level::ZERO);
}

#[test]
fn a_buffer_is_taken_from_the_places_the_channel_sells_from_last() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(shows(&hub, TILLS, CAP, C, Level::units(1)));
    hub.must(buffer(CAP, WEB, 2));
    assert_eq!(hub.wanted(WEB, CAP, C), Level::ZERO);
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(4));
    assert_eq!(hub.state.available_on(CAP, WEB).ats, Quantity::units(4));
}

#[test]
fn an_items_own_buffer_replaces_the_channels() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(channel(WEB, &LOCATIONS, Quantity::units(3), false));
    assert_eq!(hub.state.available_on(CAP, WEB).ats, Quantity::units(2));
    hub.must(buffer(CAP, WEB, 0));
    assert_eq!(hub.state.available_on(CAP, WEB).ats, Quantity::units(5));
}

#[test]
fn a_location_listed_twice_is_counted_once_in_the_pool_and_in_the_buffer() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(shows(&hub, TILLS, CAP, C, Level::units(2)));
    hub.must(channel(WEB, &[DC, B, C, C], Quantity::units(3), false));
    assert_eq!(hub.state.available_on(CAP, WEB).ats, Quantity::units(4));
    assert_eq!(hub.wanted(WEB, CAP, C), Level::ZERO);
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(4));
}

#[test]
fn a_channel_of_whole_units_shows_them_rounded_down() {
    let mut hub = Hub::new();
    hub.must(channel(WEB, &LOCATIONS, Quantity::ZERO, true));
    hub.must(channel(TILLS, &[B, C], Quantity::ZERO, true));
    hub.must(adjust_by(TEA, B, Change::from_parts(250_000)));
    assert_eq!(hub.wanted(WEB, TEA, B), Level::units(2));
    hub.must(adjust_by(TEA, B, Change::from_parts(-300_000)));
    assert_eq!(hub.wanted(TILLS, TEA, B), Level::units(-1));
}

#[test]
fn a_bundle_is_as_available_as_its_scarcest_component_and_has_no_level() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(shows(&hub, TILLS, MUG, B, Level::units(3)));
    assert_snapshot!(hub.state.available_at(SET, B), @"1");
    assert_eq!(hub.state.wanted(WEB, SET, B), None);
    assert_eq!(hub.state.wanted(WEB, WRAP, B), None);
}

#[test]
fn a_channel_shows_nothing_of_a_place_it_does_not_have() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(Action::LocationSeen(LocationSeen {
        channel: WEB,
        external: external_location(WEB, B),
        name: "B".into(),
        active: false,
    }));
    assert_eq!(hub.state.wanted(WEB, CAP, B), None);
    assert_eq!(hub.wanted(TILLS, CAP, B), Level::units(5));
}

#[test]
fn what_moved_is_marked_to_be_shown_anew() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(shows(&hub, TILLS, CAP, C, Level::units(1)));
    hub.state.take_touched();
    hub.must(reserve(&hub, &[(CAP, B, 1)]));
    let (at_b, at_c) = (hub.state.positions().find(CAP, B), hub.state.positions().find(CAP, C));
    assert_eq!(hub.state.take_touched().positions.into_iter().collect::<Vec<_>>(), [at_b.expect("opened")]);
    hub.must(News::till("r1").gone(CAP, C, 1).heard());
    let touched = hub.state.take_touched();
    assert_eq!((touched.positions.into_iter().collect::<Vec<_>>(), touched.all), (vec![at_c.expect("opened")], false));
    hub.must(buffer(CAP, WEB, 1));
    hub.state.take_touched();
    hub.must(reserve(&hub, &[(CAP, B, 1)]));
    assert!(hub.state.take_touched().positions.contains(&at_c.expect("opened")), "a buffer ties the places together");
}
