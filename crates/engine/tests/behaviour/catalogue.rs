//! Items from files and from channels, matched and mapped.

use insta::assert_snapshot;
use model::{Action, Component, ExternalItem, Fact, ItemId, ItemSeen, Level, NoticeAbout, Quantity, Unit};

use crate::support::*;

fn seen(external: &str, sku: &str) -> ItemSeen {
    ItemSeen {
        channel: WEB,
        external: external.into(),
        aliases: Vec::new(),
        sku: sku.into(),
        title: sku.into(),
        barcodes: Vec::new(),
        price: None,
        tax_inclusive: true,
        tracked: true,
        deleted: false,
    }
}

#[test]
fn saying_the_same_configuration_again_changes_nothing() {
    let mut hub = Hub::new();
    assert_snapshot!(hub.say(channel(TILLS, &[B, C], Quantity::ZERO, false)), @"nothing");
    assert_snapshot!(hub.say(put_item("cap", Unit::Piece, Vec::new())), @"nothing");
    assert_snapshot!(hub.say(Action::ItemSeen(seen("0-0", "cap"))), @"nothing");
}

#[test]
fn an_item_of_a_new_sku_is_made_and_mapped() {
    let mut hub = Hub::new();
    let facts = hub.must(Action::ItemSeen(seen("hat-1", "hat")));
    assert!(matches!(&facts[..], [Fact::ItemPut(put), Fact::ItemMapped { .. }] if put.item == ItemId(5)));
    assert_eq!(hub.state.catalogue().mapped_item(WEB, &ExternalItem::new("hat-1")), Some(ItemId(5)));
}

#[test]
fn an_sku_that_is_missing_or_taken_is_a_question_for_a_person() {
    let mut hub = Hub::new();
    for (sku, candidates) in [("", vec![]), ("cap", vec![CAP])] {
        let facts = hub.must(Action::ItemSeen(seen("other", sku)));
        assert!(
            matches!(&facts[..], [Fact::MappingUnclear { candidates: found, .. }] if *found == candidates),
            "{facts:?}"
        );
    }
    assert_eq!(hub.state.catalogue().mapped_item(WEB, &ExternalItem::new("other")), None);
}

#[test]
fn an_alias_names_the_item_without_being_what_is_counted() {
    let mut hub = Hub::new();
    let aliases = vec!["variant-9".into(), "hat-1".into()];
    hub.must(Action::ItemSeen(ItemSeen { aliases, ..seen("hat-1", "hat") }));
    let catalogue = hub.state.catalogue();
    assert_eq!(catalogue.mapped_item(WEB, &ExternalItem::new("variant-9")), Some(ItemId(5)));
    assert_eq!(catalogue.external_item(WEB, ItemId(5)), Some(&ExternalItem::new("hat-1")));
}

#[test]
fn a_deleted_item_loses_its_mapping() {
    let mut hub = Hub::new();
    let gone = Action::ItemSeen(ItemSeen { deleted: true, ..seen("0-0", "cap") });
    assert_snapshot!(hub.say(gone.clone()), @"web 0-0 is nothing");
    assert_snapshot!(hub.say(gone), @"nothing");
}

#[test]
fn an_item_deleted_under_an_alias_loses_all_its_ids_there() {
    let mut hub = Hub::new();
    hub.must(Action::ItemSeen(ItemSeen { aliases: vec!["hats".into()], ..seen("hat-1", "hat") }));
    hub.must(Action::ItemSeen(ItemSeen::deleted(WEB, "hats".into())));
    let catalogue = hub.state.catalogue();
    for id in ["hats", "hat-1"] {
        assert_eq!(catalogue.mapped_item(WEB, &ExternalItem::new(id)), None, "{id}");
    }
    assert_eq!(catalogue.external_item(WEB, ItemId(5)), None);
    assert!(catalogue.sku(&"hat".into()).is_some(), "our own record stays");
}

#[test]
fn an_item_made_again_is_the_same_item_and_its_number_is_read_before_anything_is_written() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(shows(&hub, WEB, CAP, B, Level::units(5)));
    hub.must(Action::ItemSeen(ItemSeen::deleted(WEB, external(WEB, CAP))));
    assert_eq!(hub.state.wanted(WEB, CAP, B), None);
    let facts = hub.must(Action::ItemSeen(seen("cap-2", "cap")));
    let noticed = facts.iter().filter(|fact| matches!(fact, Fact::Noticed { about: NoticeAbout::Level(..), .. }));
    assert_eq!(noticed.count(), LOCATIONS.len());
    assert_eq!(hub.state.catalogue().external_item(WEB, CAP), Some(&ExternalItem::new("cap-2")));
    assert_eq!(hub.shown(WEB, CAP, B).trust, engine::Trust::Unread);
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(5));
}

#[test]
fn mapping_an_item_to_another_id_takes_the_old_one_away() {
    let mut hub = Hub::new();
    let map = Action::MapItem { channel: WEB, external: "new".into(), item: Some(CAP) };
    assert_snapshot!(hub.say(map), @r#"
    web 0-0 is nothing
    web new is cap
    web lists cap as nobody knows what
    fetch from web: Catalogue
    fetch from web: Level("new", "0-DC")
    fetch from web: Level("new", "0-A")
    fetch from web: Level("new", "0-B")
    fetch from web: Level("new", "0-C")
    "#);
}

#[test]
fn a_bundle_is_made_of_items_that_exist_and_are_no_bundles() {
    let mut hub = Hub::new();
    let mut with = |item, quantity| hub.say(put_item("gift", Unit::Piece, vec![Component { item, quantity }]));
    assert_snapshot!(with(ItemId(9), Quantity::units(1)), @"refused: component item_9 is not known; check its spelling or create it first");
    assert_snapshot!(with(SET, Quantity::units(1)), @"refused: components: set is a bundle itself; list what it is made of");
    assert_snapshot!(with(CAP, Quantity::ZERO), @"refused: components: a quantity is zero");
}

#[test]
fn what_one_channel_counts_has_stock_even_if_another_told_of_it_first_and_does_not() {
    let mut hub = Hub::new();
    let on = |channel: model::ChannelId, tracked| {
        Action::ItemSeen(ItemSeen { channel, tracked, ..seen("voucher-1", "voucher") })
    };
    hub.must(on(WEB, false));
    let voucher = hub.state.catalogue().sku(&"voucher".into()).expect("known").item;
    assert!(!hub.state.catalogue().item(voucher).expect("known").tracked);
    hub.must(on(TILLS, true));
    assert!(hub.state.catalogue().item(voucher).expect("known").tracked);
    hub.must(on(WEB, false));
    assert!(hub.state.catalogue().item(voucher).expect("known").tracked, "and keeps it");
}
