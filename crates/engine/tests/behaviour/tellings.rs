//! Several tellings of one version, because a platform dates its changes to the second.

use insta::assert_snapshot;
use model::NoticeAbout;

use crate::support::*;

fn hub() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(receive(CAP, DC, 6));
    hub
}

fn made() -> News {
    News::web("1001").promised(CAP, DC, 2)
}

/// Moved to another location within the second in which it was made.
fn moved() -> News {
    News::web("1001").promised(CAP, B, 2)
}

fn is_asked_for(hub: &Hub) -> bool {
    hub.state.notices(WEB).any(|(about, _)| *about == NoticeAbout::Order("1001".into()))
}

#[test]
fn an_order_moved_within_its_second_is_taken_in_when_it_is_asked_for_again() {
    let mut hub = hub();
    hub.must(made().asked(10).heard());
    assert_snapshot!(hub.say(moved().asked(20).heard()), @r"
    order_0 1001 v1 Open
    Order cap@DC, reserved -2 (web +2)
    Order cap@B, reserved +2 (web -2)
    ");
    assert_snapshot!(hub.books(CAP, DC), @"6 on hand, 0 reserved");
    assert_snapshot!(hub.books(CAP, B), @"5 on hand, 2 reserved");
}

#[test]
fn the_same_answer_again_is_no_news_however_often_it_is_asked_for() {
    let mut hub = hub();
    hub.must(moved().asked(10).heard());
    assert_snapshot!(hub.say(moved().asked(20).heard()), @"nothing");
    assert_snapshot!(hub.say(moved().asked(10).heard()), @"nothing");
    assert_snapshot!(hub.say(moved().heard()), @"nothing");
}

#[test]
fn an_answer_to_an_earlier_question_does_not_replace_a_later_one() {
    let mut hub = hub();
    hub.must(moved().asked(20).heard());
    assert_snapshot!(hub.say(made().asked(10).heard()), @"nothing");
    assert_snapshot!(hub.books(CAP, B), @"5 on hand, 2 reserved");
}

#[test]
fn an_older_version_never_replaces_though_it_is_asked_for_later() {
    let mut hub = hub();
    hub.must(moved().version(2).asked(10).heard());
    assert_snapshot!(hub.say(made().version(1).asked(20).heard()), @"nothing");
    assert_snapshot!(hub.books(CAP, B), @"5 on hand, 2 reserved");
}

#[test]
fn a_delivery_that_contradicts_what_is_known_changes_nothing_and_is_a_reason_to_ask() {
    for known in [made().heard(), made().asked(10).heard()] {
        let mut hub = hub();
        hub.must(known);
        hub.must(moved().heard());
        assert_eq!(hub.books(CAP, DC), "6 on hand, 2 reserved");
        assert!(is_asked_for(&hub));
        // What is known already answers nothing.
        hub.must(made().heard());
        assert!(is_asked_for(&hub));
        hub.must(moved().asked(20).heard());
        assert!(!is_asked_for(&hub));
        assert_eq!(hub.books(CAP, B), "5 on hand, 2 reserved");
    }
}

#[test]
fn two_shapes_that_list_the_same_in_another_order_do_not_contradict() {
    let mut hub = hub();
    hub.must(News::web("1001").promised(CAP, DC, 1).gone(CAP, B, 1).promised(MUG, B, 1).heard());
    let other = News::web("1001").promised(MUG, B, 1).gone(CAP, B, 1).promised(CAP, DC, 1);
    assert_snapshot!(hub.say(other.heard()), @"nothing");
    assert_snapshot!(hub.say(other.asked(20).heard()), @"nothing");
}

#[test]
fn a_new_total_within_the_same_second_is_kept_and_moves_nothing() {
    let mut hub = hub();
    hub.must(made().asked(10).heard());
    assert_snapshot!(hub.say(made().total(990).asked(20).heard()), @"order_0 1001 v1 Open");
}

#[test]
fn a_recipe_changed_since_moves_nothing_when_the_same_answer_comes_again() {
    let mut hub = hub();
    hub.must(News::web("1001").promised(SET, DC, 1).asked(10).heard());
    let caps = vec![model::Component { item: CAP, quantity: model::Quantity::units(3) }];
    hub.must(put_item("set", model::Unit::Piece, caps));
    assert_snapshot!(hub.say(News::web("1001").promised(SET, DC, 1).asked(20).heard()), @"nothing");
    assert_snapshot!(hub.books(CAP, DC), @"6 on hand, 1 reserved");
}
