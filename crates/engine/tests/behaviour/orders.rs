//! Sales and orders as channels tell them.

use insta::assert_snapshot;
use model::{Action, ExternalItem, Level, PartSeen, PartState, Personal, Quantity};

use crate::support::*;

/// Five caps at B and six caps and six mugs at the DC.
fn hub() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(receive(CAP, DC, 6));
    hub.must(receive(MUG, DC, 6));
    hub
}

#[test]
fn a_till_sale_moves_stock_and_the_channels_own_number() {
    let mut hub = hub();
    assert_snapshot!(hub.say(News::till("r1").gone(CAP, B, 2).completed().heard()), @r"
    order_0 r1 v1 Completed
    Sale cap@B, on hand -2 (tills -2)
    ");
    assert_eq!(hub.believed(TILLS, CAP, B), Level::units(3));
    assert_eq!(hub.wanted(TILLS, CAP, B), Level::units(3));
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(5));
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(3));
}

#[test]
fn a_web_order_promises_and_its_fulfilment_turns_the_promise_into_gone() {
    let mut hub = hub();
    assert_snapshot!(hub.say(News::web("1001").promised(CAP, DC, 2).heard()), @r"
    order_0 1001 v1 Open
    Order cap@DC, reserved +2 (web -2)
    ");
    assert_snapshot!(hub.books(CAP, DC), @"6 on hand, 2 reserved");
    assert_snapshot!(hub.say(News::web("1001").version(2).promised(CAP, DC, 1).gone(CAP, DC, 1).heard()), @r"
    order_0 1001 v2 Open
    Sale cap@DC, on hand -1, reserved -1
    ");
    assert_snapshot!(hub.say(News::web("1001").version(3).gone(CAP, DC, 2).completed().heard()), @r"
    order_0 1001 v3 Completed
    Sale cap@DC, on hand -1, reserved -1
    ");
    assert_snapshot!(hub.books(CAP, DC), @"4 on hand, 0 reserved");
}

#[test]
fn a_cancelled_order_gives_its_promise_back() {
    let mut hub = hub();
    hub.must(News::web("1001").promised(CAP, DC, 2).heard());
    assert_snapshot!(hub.say(News::web("1001").version(2).cancelled().heard()), @r"
    order_0 1001 v2 Cancelled
    Order cap@DC, reserved -2 (web +2)
    ");
    assert_snapshot!(hub.books(CAP, DC), @"6 on hand, 0 reserved");
}

#[test]
fn an_edit_moves_only_the_difference() {
    let mut hub = hub();
    hub.must(News::web("1001").promised(CAP, DC, 2).heard());
    assert_snapshot!(hub.say(News::web("1001").version(2).promised(CAP, DC, 3).heard()), @r"
    order_0 1001 v2 Open
    Order cap@DC, reserved +1 (web -1)
    ");
    assert_snapshot!(hub.say(News::web("1001").version(3).promised(CAP, DC, 1).heard()), @r"
    order_0 1001 v3 Open
    Order cap@DC, reserved -2 (web +2)
    ");
    assert_snapshot!(hub.books(CAP, DC), @"6 on hand, 1 reserved");
}

#[test]
fn a_voided_till_sale_puts_the_units_back() {
    let mut hub = hub();
    hub.must(News::till("r1").gone(CAP, B, 2).completed().heard());
    assert_snapshot!(hub.say(News::till("r1").version(2).cancelled().heard()), @r"
    order_0 r1 v2 Cancelled
    Sale cap@B, on hand +2 (tills +2)
    ");
    assert_snapshot!(hub.books(CAP, B), @"5 on hand, 0 reserved");
    assert_eq!(hub.believed(TILLS, CAP, B), Level::units(5));
}

#[test]
fn the_same_order_three_times_moves_stock_once() {
    let mut hub = hub();
    let news = News::till("r1").gone(CAP, B, 2).completed().heard();
    hub.must(news.clone());
    assert_snapshot!(hub.say(news.clone()), @"nothing");
    assert_snapshot!(hub.say(news), @"nothing");
    assert_snapshot!(hub.books(CAP, B), @"3 on hand, 0 reserved");
}

#[test]
fn an_older_version_after_a_newer_one_changes_nothing() {
    let mut hub = hub();
    hub.must(News::web("1001").version(7).promised(CAP, DC, 1).heard());
    assert_snapshot!(hub.say(News::web("1001").version(6).promised(CAP, DC, 4).heard()), @"nothing");
    assert_snapshot!(hub.books(CAP, DC), @"6 on hand, 1 reserved");
}

#[test]
fn the_same_document_id_on_two_channels_is_two_orders() {
    let mut hub = hub();
    hub.must(News::web("1").promised(CAP, B, 1).heard());
    assert_snapshot!(hub.say(News::till("1").gone(CAP, B, 1).heard()), @r"
    order_1 1 v1 Open
    Sale cap@B, on hand -1 (tills -1)
    ");
}

#[test]
fn a_bundle_order_takes_its_components() {
    let mut hub = hub();
    assert_snapshot!(hub.say(News::web("1001").promised(SET, DC, 2).heard()), @r"
    order_0 1001 v1 Open
    Order cap@DC, reserved +2
    Order mug@DC, reserved +4
    ");
    assert_snapshot!(hub.say(News::web("1001").version(2).gone(SET, DC, 2).completed().heard()), @r"
    order_0 1001 v2 Completed
    Sale cap@DC, on hand -2, reserved -2
    Sale mug@DC, on hand -4, reserved -4
    ");
}

#[test]
fn a_service_moves_nothing() {
    let mut hub = hub();
    assert_snapshot!(hub.say(News::web("1001").promised(WRAP, DC, 1).heard()), @"order_0 1001 v1 Open");
}

#[test]
fn an_order_of_two_locations_takes_from_both_and_may_move_between_them() {
    let mut hub = hub();
    assert_snapshot!(hub.say(News::web("1001").promised(CAP, DC, 1).promised(CAP, B, 2).heard()), @r"
    order_0 1001 v1 Open
    Order cap@DC, reserved +1 (web -1)
    Order cap@B, reserved +2 (web -2)
    ");
    assert_snapshot!(hub.say(News::web("1001").version(2).promised(CAP, DC, 3).heard()), @r"
    order_0 1001 v2 Open
    Order cap@DC, reserved +2 (web -2)
    Order cap@B, reserved -2 (web +2)
    ");
}

#[test]
fn a_part_without_a_place_takes_nothing_until_news_tells_where() {
    let mut hub = hub();
    let nowhere = PartSeen { location: None, quantity: Quantity::units(1), state: PartState::Promised };
    let news = News::web("1001").raw_part(external(WEB, CAP), nowhere);
    assert_snapshot!(hub.say(news.heard()), @"order_0 1001 v1 Open");
    assert_snapshot!(hub.say(News::web("1001").version(2).promised(CAP, DC, 1).heard()), @r"
    order_0 1001 v2 Open
    Order cap@DC, reserved +1 (web -1)
    ");
}

#[test]
fn a_line_typed_by_hand_is_kept_and_moves_nothing() {
    let mut hub = hub();
    let Action::OrderSeen(mut seen) = News::till("r1").gone(CAP, B, 1).heard() else { panic!("news is an order") };
    seen.lines.as_mut().expect("it has lines")[0].item = None;
    assert_snapshot!(hub.say(Action::OrderSeen(seen)), @"order_0 r1 v1 Open");
}

#[test]
fn personal_fields_that_are_not_sealed_are_refused() {
    let mut hub = hub();
    let Action::OrderSeen(mut seen) = News::web("1001").promised(CAP, DC, 1).heard() else {
        panic!("news is an order")
    };
    seen.contact = Some(Personal::Plain(Box::default()));
    assert_snapshot!(hub.say(Action::OrderSeen(seen)), @"refused: person: personal fields must be sealed before anything is decided");
    assert!(hub.state.orders().is_empty());
}

#[test]
fn fractions_of_a_kilogram_are_sold_exactly() {
    let mut hub = hub();
    let grams = Quantity::parse("0.125").expect("a decimal");
    let news = News::till("r1").part(TEA, B, grams, PartState::Gone).completed();
    assert_snapshot!(hub.say(news.heard()), @r"
    order_0 r1 v1 Completed
    Sale tea@B, on hand -0.125 (tills -0.125)
    ");
}

#[test]
fn news_of_an_unknown_channel_is_refused() {
    let mut hub = hub();
    let Action::OrderSeen(mut seen) = News::web("1001").heard() else { panic!("news is an order") };
    seen.channel = model::ChannelId(9);
    seen.lines.get_or_insert_default();
    assert_snapshot!(hub.say(Action::OrderSeen(seen)), @"refused: ch_9 is not known; check its spelling or create it first");
    assert_eq!(hub.state.catalogue().mapped_item(WEB, &ExternalItem::new("nothing")), None);
}
