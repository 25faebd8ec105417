//! Who oversold, and how it came about.

use insta::assert_snapshot;
use model::{Level, OrderKind, Outcome, WriteMode};

use crate::support::*;

#[test]
fn a_till_that_sells_more_than_the_books_say_says_the_books_were_wrong() {
    let mut hub = Hub::with_caps_at_b(1);
    assert_snapshot!(hub.say(News::till("r1").gone(CAP, B, 2).heard()), @r"
    order_0 r1 v1 Open
    Sale cap@B, on hand -2 (tills -2)
    oversold cap@B 1 by tills, Till (it showed 1)
    ");
}

#[test]
fn a_till_that_sells_goods_promised_long_ago_breaks_the_promise() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::web("1001").promised(CAP, B, 1).heard());
    hub.wait_minutes(6);
    assert_snapshot!(hub.say(News::till("r1").placed(hub.now).gone(CAP, B, 1).heard()), @r"
    order_1 r1 v1 Open
    Sale cap@B, on hand -1 (tills -1)
    oversold cap@B 1 by tills, Till (it showed 1)
    order_0 is short of cap@B 1
    ");
}

#[test]
fn two_channels_within_five_minutes_are_a_race() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    hub.wait_minutes(4);
    assert_snapshot!(hub.say(News::web("1001").placed(hub.now).promised(CAP, B, 1).heard()), @r"
    order_1 1001 v1 Open
    Order cap@B, reserved +1 (web -1)
    oversold cap@B 1 by web, Race (it showed 1)
    order_1 is short of cap@B 1
    ");
}

#[test]
fn a_till_that_loses_a_race_still_takes_the_goods() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::web("1001").promised(CAP, B, 1).heard());
    hub.wait_minutes(1);
    assert_snapshot!(hub.say(News::till("r1").placed(hub.now).gone(CAP, B, 1).heard()), @r"
    order_1 r1 v1 Open
    Sale cap@B, on hand -1 (tills -1)
    oversold cap@B 1 by tills, Race (it showed 1)
    order_0 is short of cap@B 1
    ");
}

#[test]
fn a_sale_heard_of_late_is_called_late() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    let placed = hub.now;
    hub.wait_minutes(6);
    assert_snapshot!(hub.say(News::web("1001").placed(placed).promised(CAP, B, 1).heard()), @r"
    order_1 1001 v1 Open
    Order cap@B, reserved +1 (web -1)
    oversold cap@B 1 by web, Late (it showed 1)
    order_1 is short of cap@B 1
    ");
}

#[test]
fn a_shop_that_sells_on_at_zero_does_so_by_its_own_setting() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    hub.must(intend(WriteMode::Lower, WEB, CAP, B, 1, 0));
    hub.must(settle(1, Outcome::Done { after: Some(Level::ZERO) }));
    assert_snapshot!(hub.say(News::web("1001").promised(CAP, B, 1).heard()), @r"
    order_1 1001 v1 Open
    Order cap@B, reserved +1 (web -1)
    oversold cap@B 1 by web, ShopSetting (it showed 0)
    order_1 is short of cap@B 1
    ");
}

#[test]
fn a_wrong_number_left_standing_is_our_own_doing() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    hub.wait_minutes(6);
    assert_snapshot!(hub.say(News::web("1001").placed(hub.now).promised(CAP, B, 1).heard()), @r"
    order_1 1001 v1 Open
    Order cap@B, reserved +1 (web -1)
    oversold cap@B 1 by web, Hub (it showed 1)
    order_1 is short of cap@B 1
    ");
}

#[test]
fn a_right_number_that_knows_nothing_of_promises_is_a_race_not_our_doing() {
    // The tills' channel shows what lies there; the one cap was promised to the web long ago.
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::web("1001").promised(CAP, B, 1).heard());
    hub.wait_minutes(60);
    let order = News::of(TILLS, OrderKind::Web, "online-1").placed(hub.now).gone(CAP, B, 1);
    let said = hub.say(order.heard());
    assert!(said.contains("oversold cap@B 1 by tills, Race"), "{said}");
}

#[test]
fn only_the_units_that_were_not_there_are_oversold() {
    let mut hub = Hub::with_caps_at_b(2);
    assert_snapshot!(hub.say(News::web("1001").promised(CAP, B, 5).heard()), @r"
    order_0 1001 v1 Open
    Order cap@B, reserved +5 (web -5)
    oversold cap@B 3 by web, ShopSetting (it showed 2)
    order_0 is short of cap@B 3
    ");
}

#[test]
fn nothing_is_oversold_before_a_first_count_is_known() {
    let mut hub = Hub::new();
    assert_snapshot!(hub.say(News::till("r1").gone(CAP, B, 2).heard()), @r"
    order_0 r1 v1 Open
    Sale cap@B, on hand -2 (tills -2)
    ");
}

#[test]
fn an_adjustment_breaks_a_promise_only_where_there_is_one() {
    let mut hub = Hub::with_caps_at_b(1);
    assert_snapshot!(hub.say(adjust(CAP, B, -2)), @"Adjustment cap@B, on hand -2");
    hub.must(adjust(CAP, B, 2));
    hub.must(reserve(&hub, &[(CAP, B, 1)]));
    assert_snapshot!(hub.say(adjust(CAP, B, -1)), @r"
    Adjustment cap@B, on hand -1
    oversold cap@B 1 by hand, Till (it showed nothing)
    res_1 is short of cap@B 1
    ");
}

#[test]
fn a_fulfilment_of_a_kept_promise_is_no_oversell() {
    let mut hub = Hub::with_caps_at_b(1);
    hub.must(News::web("1001").promised(CAP, B, 1).heard());
    assert_snapshot!(hub.say(News::web("1001").version(2).gone(CAP, B, 1).completed().heard()), @r"
    order_0 1001 v2 Completed
    Sale cap@B, on hand -1, reserved -1
    ");
}

#[test]
fn two_lines_of_one_sale_break_one_promise_each() {
    let mut hub = Hub::with_caps_at_b(3);
    hub.must(shows(&hub, TILLS, MUG, B, Level::units(9)));
    hub.must(reserve(&hub, &[(CAP, B, 1)]));
    hub.must(reserve(&hub, &[(CAP, B, 2)]));
    let told = hub.must(News::till("r1").gone(CAP, B, 1).gone(SET, B, 1).heard());
    let shorted = told.iter().filter_map(|fact| match fact {
        model::Fact::Shorted(shorted) => Some((shorted.reservation, shorted.missing)),
        _ => None,
    });
    let missing = Some((Some(model::ReservationId(2)), model::Quantity::units(1)));
    assert!(shorted.clone().count() == 2 && shorted.clone().all(|shorted| Some(shorted) == missing));
}
