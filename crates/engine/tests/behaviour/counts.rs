//! Counts by hand, compared with what was known at their time.

use insta::assert_snapshot;

use crate::support::*;

#[test]
fn a_count_dated_in_the_past_keeps_what_moved_since() {
    let mut hub = Hub::with_caps_at_b(5);
    let counted_at = hub.now.plus_ms(5 * 60_000);
    hub.wait_minutes(10);
    hub.must(News::till("r1").placed(hub.now).gone(CAP, B, 1).heard());
    assert_snapshot!(hub.say(count(CAP, B, 4, counted_at)), @r"
    counted cap@B 4, expected 5
    Count cap@B, on hand -1
    ");
    assert_snapshot!(hub.books(CAP, B), @"3 on hand, 0 reserved");
}

#[test]
fn a_count_that_finds_what_was_expected_moves_nothing() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.wait_minutes(1);
    assert_snapshot!(hub.say(count(CAP, B, 5, hub.now)), @"counted cap@B 5, expected 5");
}

#[test]
fn a_second_count_is_compared_with_the_first() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.wait_minutes(1);
    hub.must(count(CAP, B, 3, hub.now));
    hub.wait_minutes(1);
    assert_snapshot!(hub.say(count(CAP, B, 4, hub.now)), @r"
    counted cap@B 4, expected 3
    Count cap@B, on hand +1
    ");
}

#[test]
fn a_count_older_than_a_known_one_is_refused() {
    let mut hub = Hub::with_caps_at_b(5);
    let earlier = hub.now;
    hub.wait_minutes(1);
    hub.must(count(CAP, B, 5, hub.now));
    assert_snapshot!(hub.say(count(CAP, B, 4, earlier)), @"refused: a later count of this item is known already (2027-01-15T08:01:00.000Z)");
}

#[test]
fn a_count_from_the_future_or_from_too_long_ago_is_refused() {
    let mut hub = Hub::with_caps_at_b(5);
    assert_snapshot!(hub.say(count(CAP, B, 4, hub.now.plus_ms(300_001))), @"refused: counted_at: 2027-01-15T08:05:00.001Z is in the future");
    assert_snapshot!(hub.say(count(CAP, B, 4, hub.now.plus_ms(-72 * 3_600_000 - 1))), @"refused: counted_at: is more than 72 hours ago, which is as far as movements are kept for counts; count again");
}

#[test]
fn a_count_under_the_same_key_is_taken_once() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.wait_minutes(1);
    let command = keyed("count-1", count(CAP, B, 4, hub.now));
    assert_snapshot!(hub.say(command.clone()), @r"
    counted cap@B 4, expected 5
    Count cap@B, on hand -1
    key count-1 used
    ");
    assert_snapshot!(hub.say(command), @"nothing");
    assert_snapshot!(hub.say(keyed("count-1", count(CAP, B, 3, hub.now))), @"refused: this idempotency key was used for a different request; use a new key");
    assert_snapshot!(hub.books(CAP, B), @"4 on hand, 0 reserved");
}

#[test]
fn a_first_count_opens_a_position_that_was_never_heard_of() {
    let mut hub = Hub::new();
    assert!(!hub.at(CAP, C).opened());
    assert_snapshot!(hub.say(count(CAP, C, 2, hub.now)), @r"
    counted cap@C 2, expected 0
    Count cap@C, on hand +2
    ");
    assert!(hub.at(CAP, C).opened());
}

#[test]
fn a_count_that_leaves_too_little_for_the_promises_says_whose_is_broken() {
    let mut hub = Hub::with_caps_at_b(2);
    hub.must(reserve(&hub, &[(CAP, B, 2)]));
    assert_snapshot!(hub.say(count(CAP, B, 1, hub.now)), @r"
    counted cap@B 1, expected 2
    Count cap@B, on hand -1
    oversold cap@B 1 by hand, Till (it showed nothing)
    res_1 is short of cap@B 1
    ");
}

#[test]
fn a_till_sale_before_a_count_and_heard_after_it_was_counted_already() {
    let mut hub = Hub::with_caps_at_b(5);
    let sold_at = hub.now.plus_ms(60_000);
    hub.wait_minutes(10);
    hub.must(count(CAP, B, 4, hub.now));
    assert_snapshot!(hub.say(News::till("r1").placed(sold_at).gone(CAP, B, 1).heard()), @r"
    order_0 r1 v1 Open
    Sale cap@B, on hand -1 (tills -1)
    Count cap@B, on hand +1
    ");
    assert_snapshot!(hub.books(CAP, B), @"4 on hand, 0 reserved");
}

#[test]
fn a_return_before_a_count_and_heard_after_it_was_counted_already() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    let refund = News::till("r1").placed(hub.now.plus_ms(60_000)).returned("f1", CAP, 1, Some(B)).returns_only();
    hub.wait_minutes(10);
    hub.must(count(CAP, B, 5, hub.now));
    hub.must(refund.heard());
    assert_snapshot!(hub.books(CAP, B), @"5 on hand, 0 reserved");
}

#[test]
fn a_count_and_a_sale_end_in_the_same_books_whichever_is_heard_first() {
    let stage = Hub::with_caps_at_b(5);
    for (minutes, on_hand) in [(5, "4"), (15, "3")] {
        let sale = News::till("r1").placed(stage.now.plus_ms(minutes * 60_000)).gone(CAP, B, 1).heard();
        let counted = count(CAP, B, 4, stage.now.plus_ms(10 * 60_000));
        for order in [[&sale, &counted], [&counted, &sale]] {
            let mut hub = stage.clone();
            hub.wait_minutes(20);
            order.into_iter().for_each(|command| drop(hub.must(command.clone())));
            assert_eq!(hub.at(CAP, B).on_hand().to_string(), on_hand, "sold {minutes} minutes in");
        }
    }
}

#[test]
fn what_has_no_stock_cannot_be_counted() {
    let mut hub = Hub::new();
    assert_snapshot!(hub.say(count(SET, B, 1, hub.now)), @"refused: sku: set has no stock of its own (a service, or a bundle)");
    assert_snapshot!(hub.say(count(WRAP, B, 1, hub.now)), @"refused: sku: wrap has no stock of its own (a service, or a bundle)");
}

#[test]
fn an_adjustment_and_a_receipt_under_the_same_key_are_taken_once() {
    let mut hub = Hub::new();
    for command in [keyed("a", adjust(CAP, A, -1)), keyed("b", receive(CAP, A, 3))] {
        assert_eq!(hub.must(command.clone()).len(), 2);
        assert_eq!(hub.must(command), []);
    }
    assert_snapshot!(hub.books(CAP, A), @"2 on hand, 0 reserved");
    assert_snapshot!(hub.say(adjust(CAP, A, 0)), @"refused: change: is zero; nothing would change");
}

#[test]
fn units_set_apart_stay_but_are_not_for_sale() {
    let mut hub = Hub::new();
    hub.must(receive(CAP, A, 3));
    assert_snapshot!(hub.say(set_apart(CAP, A, 1)), @"Adjustment cap@A, on hand -1, unsellable +1");
    assert_snapshot!(hub.at(CAP, A).available(), @"2");
}

#[test]
fn no_more_can_be_set_apart_or_put_back_than_is_there() {
    let mut hub = Hub::new();
    hub.must(receive(CAP, A, 3));
    assert_snapshot!(hub.say(set_apart(CAP, A, 4)), @"refused: change: only 3 are there to be set apart or put back");
    assert_snapshot!(hub.say(set_apart(CAP, A, -1)), @"refused: change: only 0 are there to be set apart or put back");
}
