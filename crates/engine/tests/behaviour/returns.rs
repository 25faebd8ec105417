//! What comes back: restocked, not restocked, exchanged, told twice, told too early.

use insta::assert_snapshot;
use model::Level;

use crate::support::*;

/// Five caps and five mugs at B; one order of two caps sold at the till.
fn after_a_sale() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(shows(&hub, TILLS, MUG, B, Level::units(5)));
    hub.must(sale(1).heard());
    hub
}

fn sale(version: u64) -> News {
    News::till("r1").version(version).gone(CAP, B, 2).completed()
}

#[test]
fn a_partial_refund_with_restock_puts_the_units_back_once() {
    let mut hub = after_a_sale();
    let news = sale(2).returned("f1", CAP, 1, Some(B)).heard();
    assert_snapshot!(hub.say(news.clone()), @r"
    order_0 r1 v2 Completed
    order_0 cap 1 back to B by f1
    Return cap@B, on hand +1 (tills +1)
    ");
    assert_snapshot!(hub.books(CAP, B), @"4 on hand, 0 reserved");
    assert_eq!(hub.believed(TILLS, CAP, B), Level::units(4));
    assert_snapshot!(hub.say(news), @"nothing");
}

#[test]
fn a_refund_without_restock_is_remembered_and_moves_nothing() {
    let mut hub = after_a_sale();
    let news = sale(2).returned("f1", CAP, 1, None);
    assert_snapshot!(hub.say(news.heard()), @r"
    order_0 r1 v2 Completed
    order_0 cap 1 back to no shelf by f1
    ");
    assert_snapshot!(hub.books(CAP, B), @"3 on hand, 0 reserved");
}

#[test]
fn a_refund_told_by_its_own_notice_and_by_the_order_is_taken_once() {
    let mut hub = after_a_sale();
    let notice = News::till("r1").returned("f1", CAP, 1, Some(B)).returns_only();
    assert_snapshot!(hub.say(notice.heard()), @r"
    order_0 cap 1 back to B by f1
    Return cap@B, on hand +1 (tills +1)
    ");
    assert_snapshot!(hub.say(sale(2).returned("f1", CAP, 1, Some(B)).heard()), @"order_0 r1 v2 Completed");
}

#[test]
fn an_older_version_still_gives_the_returns_that_only_it_tells_of() {
    let mut hub = after_a_sale();
    hub.must(sale(3).heard());
    assert_snapshot!(hub.say(sale(2).returned("f1", CAP, 1, Some(B)).heard()), @r"
    order_0 cap 1 back to B by f1
    Return cap@B, on hand +1 (tills +1)
    ");
}

#[test]
fn an_exchange_takes_one_item_back_and_gives_another() {
    let mut hub = after_a_sale();
    let news = sale(2).gone(MUG, B, 1).returned("x1", CAP, 1, Some(B));
    assert_snapshot!(hub.say(news.heard()), @r"
    order_0 r1 v2 Completed
    Sale mug@B, on hand -1 (tills -1)
    order_0 cap 1 back to B by x1
    Return cap@B, on hand +1 (tills +1)
    ");
}

#[test]
fn a_return_may_go_to_another_location_than_it_was_sold_at() {
    let mut hub = after_a_sale();
    hub.must(sale(2).returned("f1", CAP, 1, Some(C)).heard());
    assert_snapshot!(hub.books(CAP, B), @"3 on hand, 0 reserved");
    assert_snapshot!(hub.books(CAP, C), @"1 on hand, 0 reserved");
}

#[test]
fn a_returned_bundle_puts_its_components_back() {
    let mut hub = after_a_sale();
    hub.must(News::till("r2").gone(SET, B, 1).completed().heard());
    assert_snapshot!(hub.say(News::till("r2").returned("f2", SET, 1, Some(B)).returns_only().heard()), @r"
    order_1 set 1 back to B by f2
    Return cap@B, on hand +1
    Return mug@B, on hand +2
    ");
}

#[test]
fn a_refund_heard_before_its_order_makes_us_fetch_the_order() {
    let mut hub = Hub::with_caps_at_b(5);
    let refund = News::till("r1").returned("f1", CAP, 1, Some(B)).returns_only();
    assert_snapshot!(hub.say(refund.heard()), @r#"fetch from tills: Order("r1")"#);
    assert_snapshot!(hub.say(refund.heard()), @"nothing");
    assert_snapshot!(hub.say(sale(2).returned("f1", CAP, 1, Some(B)).heard()), @r#"
    fetched from tills: Order("r1")
    order_0 r1 v2 Completed
    Sale cap@B, on hand -2 (tills -2)
    order_0 cap 1 back to B by f1
    Return cap@B, on hand +1 (tills +1)
    "#);
    assert_snapshot!(hub.books(CAP, B), @"4 on hand, 0 reserved");
}
