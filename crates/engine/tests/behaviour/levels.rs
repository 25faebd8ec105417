//! Levels read from channels, between two polls of their orders.

use engine::Trust;
use insta::assert_snapshot;
use model::{Action, Level, NoticeAbout, Outcome, WriteMode};

use crate::support::*;

#[test]
fn the_first_reading_at_home_opens_the_position() {
    let mut hub = Hub::new();
    assert_snapshot!(hub.say(shows(&hub, TILLS, CAP, B, Level::units(5))), @r"
    tills shows cap@B 5
    Opening cap@B, on hand +5
    ");
    assert!(hub.at(CAP, B).opened());
    assert_eq!(hub.believed(TILLS, CAP, B), Level::units(5));
}

#[test]
fn a_first_reading_of_nothing_opens_it_too() {
    let mut hub = Hub::new();
    assert_snapshot!(hub.say(shows(&hub, TILLS, CAP, B, Level::ZERO)), @r"
    tills shows cap@B 0
    Opening cap@B
    ");
    assert!(hub.at(CAP, B).opened());
}

#[test]
fn a_sale_heard_before_the_first_reading_is_contained_in_it() {
    let mut hub = Hub::new();
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    assert_snapshot!(hub.say(shows(&hub, TILLS, CAP, B, Level::units(4))), @r"
    tills shows cap@B 4
    Opening cap@B, on hand +5
    ");
    assert_snapshot!(hub.books(CAP, B), @"4 on hand, 0 reserved");
}

#[test]
fn a_promise_heard_before_the_first_reading_is_contained_where_the_channel_subtracts_promises() {
    let mut hub = Hub::new();
    hub.must(News::web("1001").promised(CAP, DC, 2).heard());
    hub.must(shows(&hub, WEB, CAP, DC, Level::units(3)));
    assert_snapshot!(hub.books(CAP, DC), @"5 on hand, 2 reserved");
}

#[test]
fn a_reading_that_agrees_says_nothing() {
    let mut hub = Hub::with_caps_at_b(5);
    assert_snapshot!(hub.say(shows(&hub, TILLS, CAP, B, Level::units(5))), @"nothing");
    assert_snapshot!(hub.say(shows(&hub, WEB, CAP, B, Level::units(5))), @"nothing");
}

#[test]
fn a_difference_at_home_is_the_truth() {
    let mut hub = Hub::with_caps_at_b(5);
    assert_snapshot!(hub.say(shows(&hub, TILLS, CAP, B, Level::units(7))), @r"
    tills shows cap@B 7
    Platform cap@B, on hand +2
    ");
    assert_snapshot!(hub.books(CAP, B), @"7 on hand, 0 reserved");
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(7));
}

#[test]
fn a_difference_elsewhere_is_drift_that_the_next_write_corrects() {
    let mut hub = Hub::with_caps_at_b(5);
    assert_snapshot!(hub.say(shows(&hub, WEB, CAP, B, Level::units(7))), @"web shows cap@B 7");
    assert_snapshot!(hub.books(CAP, B), @"5 on hand, 0 reserved");
    assert!(hub.shown(WEB, CAP, B).drifted);
    assert_snapshot!(hub.say(intend(WriteMode::Correct, WEB, CAP, B, 7, 5)), @"write_1 Correct to web: cap@B 7→5");
    hub.must(settle(1, Outcome::Done { after: Some(Level::units(5)) }));
    assert!(!hub.shown(WEB, CAP, B).drifted);
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(5));
}

#[test]
fn the_first_reading_elsewhere_is_no_drift() {
    let mut hub = Hub::new();
    hub.must(shows(&hub, TILLS, CAP, B, Level::units(5)));
    hub.must(shows(&hub, WEB, CAP, B, Level::units(9)));
    assert!(!hub.shown(WEB, CAP, B).drifted);
    assert_eq!(hub.shown(WEB, CAP, B).trust, Trust::Known);
}

#[test]
fn a_reading_overtaken_by_a_sale_is_thrown_away_and_read_again() {
    let mut hub = Hub::with_caps_at_b(5);
    let about = NoticeAbout::Level(external(TILLS, CAP), external_location(TILLS, B));
    hub.must(Action::Notice { channel: TILLS, about });
    let before = hub.state.seq();
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    assert_snapshot!(hub.say(showed(TILLS, CAP, B, Level::units(5), before, hub.now)), @"nothing");
    assert_snapshot!(hub.books(CAP, B), @"4 on hand, 0 reserved");
    assert_eq!(hub.state.notices(TILLS).count(), 1);
    assert_snapshot!(hub.say(shows(&hub, TILLS, CAP, B, Level::units(4))), @r#"fetched from tills: Level("1-0", "1-B")"#);
}

#[test]
fn a_reading_while_a_write_is_in_flight_is_thrown_away() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(News::till("r1").gone(CAP, B, 2).heard());
    hub.must(intend(WriteMode::Lower, WEB, CAP, B, 5, 3));
    assert_snapshot!(hub.say(shows(&hub, WEB, CAP, B, Level::units(9))), @"nothing");
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(5));
}

#[test]
fn a_sale_on_one_channel_does_not_overtake_a_reading_of_another() {
    let mut hub = Hub::with_caps_at_b(5);
    let before = hub.state.seq();
    hub.must(News::till("r1").gone(CAP, B, 2).heard());
    assert_snapshot!(hub.say(showed(WEB, CAP, B, Level::units(5), before, hub.now)), @"nothing");
    assert_snapshot!(hub.say(showed(WEB, CAP, B, Level::units(6), before, hub.now)), @"web shows cap@B 6");
}

#[test]
fn levels_of_what_is_unknown_or_has_no_stock_tell_nothing() {
    let mut hub = Hub::new();
    for item in [SET, WRAP, model::ItemId(77)] {
        assert_eq!(hub.must(shows(&hub, TILLS, item, B, Level::units(5))), []);
    }
}

#[test]
fn a_row_that_a_reading_names_twice_counts_once_and_as_it_was_read_last() {
    let mut hub = Hub::with_caps_at_b(5);
    let Action::LevelsSeen { channel, since, read_at, mut levels, whole } = shows(&hub, TILLS, CAP, B, Level::units(7))
    else {
        panic!("it is a reading")
    };
    let last = model::LevelSeen { level: Level::units(8), ..levels[0].clone() };
    levels.push(last);
    hub.must(Action::LevelsSeen { channel, since, read_at, levels, whole });
    assert_snapshot!(hub.books(CAP, B), @"8 on hand, 0 reserved");
}

/// The web holds back what the rule says; B's home is the tills' channel, so at B the web only mirrors.
fn hub_that_holds(rule: model::Hold) -> Hub {
    let mut hub = Hub::with_caps_at_b(40);
    let mut put = channel(WEB, &LOCATIONS, model::Quantity::ZERO, false);
    let Action::PutChannel { hold, .. } = &mut put else { panic!("it configures a channel") };
    *hold = rule;
    hub.must(put);
    hub
}

#[test]
fn a_difference_that_is_too_large_waits_for_a_person_and_a_small_one_does_not() {
    let hold = model::Hold { units: model::Quantity::units(10), ..model::Hold::default() };
    let mut hub = hub_that_holds(hold);
    hub.must(shows(&hub, WEB, CAP, B, Level::units(50)));
    assert!(!hub.shown(WEB, CAP, B).blocked, "ten is not more than ten");
    hub.must(shows(&hub, WEB, CAP, B, Level::units(51)));
    assert!(hub.shown(WEB, CAP, B).blocked);
    hub.must(Action::Unblock { channel: WEB, item: CAP, location: B });
    assert!(!hub.shown(WEB, CAP, B).blocked);
}

#[test]
fn a_large_part_of_a_large_level_is_held_and_half_of_two_is_not() {
    let hold = model::Hold { percent: 50, ..model::Hold::default() };
    let mut hub = hub_that_holds(hold);
    hub.must(shows(&hub, WEB, CAP, B, Level::units(20)));
    assert!(!hub.shown(WEB, CAP, B).blocked, "half is not more than half");
    hub.must(shows(&hub, WEB, CAP, B, Level::units(19)));
    assert!(hub.shown(WEB, CAP, B).blocked);
}

#[test]
fn what_a_location_s_home_shows_is_never_held() {
    let hold = model::Hold { units: model::Quantity::units(1), value_minor: 1, percent: 1 };
    let mut hub = hub_that_holds(hold);
    hub.must(shows(&hub, TILLS, CAP, B, Level::units(900)));
    assert!(!hub.shown(TILLS, CAP, B).blocked);
    assert_snapshot!(hub.books(CAP, B), @"900 on hand, 0 reserved");
}
