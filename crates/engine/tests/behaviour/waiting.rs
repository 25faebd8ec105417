//! What waits: documents that need a mapping, deliveries and notices.

use insta::assert_snapshot;
use model::{
    Action, ChannelId, DeliveryKey, ExternalItem, ItemId, LocationSeen, Note, NoticeAbout, PartSeen, PartState,
    Quantity, Unit,
};

use crate::support::*;

/// An item that no channel knows yet.
const HAT: ItemId = ItemId(5);

fn sale_of_a_hat() -> Action {
    let part =
        PartSeen { location: Some(external_location(TILLS, B)), quantity: Quantity::units(1), state: PartState::Gone };
    News::till("r1").raw_part("new-hat".into(), part).completed().heard()
}

fn map_hat() -> Action {
    Action::MapItem { channel: TILLS, external: "new-hat".into(), item: Some(HAT) }
}

#[test]
fn an_order_of_an_unmapped_item_waits_once_and_goes_through_after_mapping() {
    let mut hub = Hub::new();
    hub.must(put_item("hat", Unit::Piece, Vec::new()));
    assert_snapshot!(hub.say(sale_of_a_hat()), @r"
    fetch from tills: Catalogue
    quarantine_1 order: item new-hat of this channel is not mapped to one of ours; map it, and the document is fetched again by itself
    ");
    assert_snapshot!(hub.say(sale_of_a_hat()), @"nothing");
    assert_snapshot!(hub.say(map_hat()), @r#"
    quarantine_1 closed: the item is mapped now; fetched again
    fetch from tills: Order("r1")
    tills new-hat is hat
    tills lists hat as nobody knows what
    fetch from tills: Catalogue
    fetch from tills: Level("new-hat", "1-DC")
    fetch from tills: Level("new-hat", "1-A")
    fetch from tills: Level("new-hat", "1-B")
    fetch from tills: Level("new-hat", "1-C")
    "#);
    assert_snapshot!(hub.say(sale_of_a_hat()), @r#"
    fetched from tills: Order("r1")
    order_0 r1 v1 Completed
    Sale hat@B, on hand -1 (tills -1)
    "#);
    assert_eq!(hub.state.quarantine().count(), 0);
}

#[test]
fn an_order_of_an_unmapped_location_waits_and_leaves_when_it_is_heard_again() {
    let mut hub = Hub::with_caps_at_b(5);
    let part = PartSeen { location: Some("attic".into()), quantity: Quantity::units(1), state: PartState::Gone };
    let news = News::till("r1").raw_part(external(TILLS, CAP), part);
    assert_snapshot!(hub.say(news.heard()), @r"
    fetch from tills: Locations
    quarantine_1 order: location attic of this channel is not mapped to one of ours; map it, and the document is fetched again by itself
    ");
    assert_snapshot!(hub.say(News::till("r1").version(2).gone(CAP, B, 1).heard()), @r"
    quarantine_1 closed: went through
    order_0 r1 v2 Open
    Sale cap@B, on hand -1 (tills -1)
    ");
}

#[test]
fn a_return_of_an_unmapped_item_waits_too() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    hub.must(Action::MapItem { channel: TILLS, external: external(TILLS, CAP), item: None });
    assert_snapshot!(hub.say(News::till("r1").returned("f1", CAP, 1, Some(B)).returns_only().heard()), @r"
    fetch from tills: Catalogue
    quarantine_1 order: item 1-0 of this channel is not mapped to one of ours; map it, and the document is fetched again by itself
    ");
}

#[test]
fn a_delivery_is_taken_in_once_within_seven_days() {
    let mut hub = Hub::new();
    let delivery = Action::Delivered {
        channel: WEB,
        delivery: DeliveryKey::of(WEB, "d1"),
        raw: None,
        notices: vec![NoticeAbout::Order("1001".into())],
    };
    assert_eq!(hub.must(delivery.clone()).len(), 2);
    assert_snapshot!(hub.say(delivery.clone()), @"nothing");
    hub.wait_minutes(7 * 24 * 60 + 1);
    hub.must(Action::Delivered { channel: WEB, delivery: DeliveryKey::of(WEB, "d2"), raw: None, notices: Vec::new() });
    assert!(!hub.state.was_delivered(DeliveryKey::of(WEB, "d1")));
}

#[test]
fn a_notice_is_open_until_it_is_answered() {
    let mut hub = Hub::new();
    let about = NoticeAbout::Order("1001".into());
    let notice = Action::Notice { channel: WEB, about: about.clone() };
    let done = Action::NoticeDone { channel: WEB, about };
    assert_snapshot!(hub.say(notice.clone()), @r#"fetch from web: Order("1001")"#);
    assert_snapshot!(hub.say(notice), @"nothing");
    assert_eq!(hub.state.notices(WEB).count(), 1);
    assert_snapshot!(hub.say(done.clone()), @r#"fetched from web: Order("1001")"#);
    assert_snapshot!(hub.say(done), @"nothing");
}

#[test]
fn an_unreadable_input_is_set_aside_once_and_closed_once() {
    let mut hub = Hub::new();
    let aside = Action::Quarantine {
        channel: ChannelId(0),
        delivery: Some(DeliveryKey::of(WEB, "d1")),
        raw: None,
        kind: Note::new("orders/create"),
        reason: Note::new("no id"),
    };
    assert_eq!(hub.must(aside.clone()).len(), 2);
    assert_snapshot!(hub.say(aside), @"nothing");
    let close = Action::CloseQuarantine { id: model::QuarantineId(1), reason: Note::new("a test message") };
    assert_snapshot!(hub.say(close.clone()), @"quarantine_1 closed: a test message");
    assert_snapshot!(hub.say(close), @"refused: quarantine_1 is not known; check its spelling or create it first");
}

#[test]
fn an_unmapped_item_of_one_channel_does_not_stop_the_other() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(Action::MapItem { channel: WEB, external: external(WEB, CAP), item: None });
    assert_eq!(hub.state.wanted(WEB, CAP, B), None);
    assert_eq!(hub.state.catalogue().mapped_item(TILLS, &ExternalItem::new("1-0")), Some(CAP));
    assert_snapshot!(hub.say(News::till("r1").gone(CAP, B, 1).heard()), @r"
    order_0 r1 v1 Open
    Sale cap@B, on hand -1 (tills -1)
    ");
}

#[test]
fn a_return_to_a_shelf_that_is_not_mapped_waits_and_is_not_lost() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(News::till("r1").gone(CAP, B, 1).heard());
    let gone = LocationSeen { channel: TILLS, external: external_location(TILLS, C), name: "C".into(), active: false };
    hub.must(Action::LocationSeen(gone.clone()));
    let news = News::till("r1").version(2).gone(CAP, B, 1).returned("f1", CAP, 1, Some(C)).heard();
    assert_snapshot!(hub.say(news.clone()), @r"
    fetch from tills: Locations
    quarantine_1 order: location 1-C of this channel is not mapped to one of ours; map it, and the document is fetched again by itself
    ");
    hub.must(Action::LocationSeen(LocationSeen { active: true, ..gone }));
    hub.must(news);
    assert_snapshot!(hub.books(CAP, C), @"1 on hand, 0 reserved");
}
