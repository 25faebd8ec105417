//! Replies to the other questions: items, levels, customers, locations, subscriptions.

use connectors::{LevelHint, Page, Question, Secret, Subscription, Told, Trouble};
use model::{
    Barcode, CustomerKey, ExternalItem, ExternalLocation, ItemSeen, Level, LocationName, LocationSeen, Money, Sku,
    Title,
};

use crate::desk::{CHANNEL, account, fixture, item, learned, place, reply, square};

fn page(question: &Question, name: &str) -> Page {
    learned(question, &fixture(name)).expect("the fixture is readable")
}

fn catalogue() -> Vec<ItemSeen> {
    let page = page(&Question::Catalogue { since: None, cursor: None }, "catalog_search");
    assert_eq!(page.next, Some(Question::Catalogue { since: None, cursor: Some("cAtNext".to_owned()) }));
    let item = |told| match told {
        Told::Item(item) => *item,
        other => panic!("a catalogue tells items, not {other:?}"),
    };
    page.told.into_iter().map(item).collect()
}

#[test]
fn every_variation_is_one_item_and_is_told_once() {
    let ids: Vec<String> = catalogue().iter().map(|item| item.external.to_string()).collect();
    assert_eq!(ids, ["VARCUPBLUE", "VARCUPRED", "VARTALK", "VARTEAKILO", "VARGONE"]);
}

#[test]
fn an_item_has_its_items_name_price_barcode_and_tax() {
    let blue = ItemSeen {
        channel: CHANNEL,
        external: item("VARCUPBLUE"),
        aliases: vec![],
        sku: Sku::new("CUP-B"),
        title: Title::new("Cup (Blue)"),
        barcodes: vec![Barcode::new("560000000011")],
        price: Some(Money { minor: 500, currency: account().currency }),
        tax_inclusive: true,
        tracked: true,
        deleted: false,
    };
    assert_eq!(catalogue()[0], blue);
}

#[test]
fn stock_is_counted_where_any_location_counts_it_and_never_for_services() {
    let tracked: Vec<bool> = catalogue().iter().map(|item| item.tracked).collect();
    assert_eq!(tracked, [true, true, false, true, false]);
}

#[test]
fn a_variation_that_changed_alone_takes_its_name_from_the_related_item() {
    let tea = &catalogue()[3];
    assert_eq!((tea.title.as_str(), tea.price, tea.deleted), ("Loose tea", None, false));
}

#[test]
fn a_deleted_variation_is_told_though_nothing_is_left_of_it() {
    let gone = &catalogue()[4];
    assert_eq!((gone.external.as_str(), gone.deleted, gone.title.is_empty()), ("VARGONE", true, true));
}

fn level(id: &str, location: &str, level: &str) -> Told {
    let level = Some(Level::parse(level).expect("a level"));
    Told::Level(LevelHint { external: item(id), location: place(location), level })
}

#[test]
fn levels_are_told_below_zero_and_in_fractions_and_go_on_while_there_is_a_cursor() {
    let page = page(&Question::Levels { cursor: None }, "counts");
    let told = [
        level("VARCUPBLUE", "LPORTO1", "11"),
        level("VARCUPRED", "LPORTO1", "-2"),
        level("VARTEAKILO", "LBRAGA2", "0.33333"),
    ];
    assert_eq!(page.told, told);
    assert_eq!(page.next, Some(Question::Levels { cursor: Some("mOrE".to_owned()) }));
}

fn rows(rows: &[(&str, &str)]) -> Vec<(ExternalItem, ExternalLocation)> {
    rows.iter().map(|(external, location)| (item(external), place(location))).collect()
}

#[test]
fn asked_levels_are_answered_location_by_location_and_no_count_is_zero() {
    let asked = rows(&[("VARCUPBLUE", "LPORTO1"), ("VARTEAKILO", "LBRAGA2"), ("VARNEVER", "LPORTO1")]);
    let body = String::from_utf8(fixture("counts")).expect("text").replace("\"mOrE\"", "\"\"");
    let page = learned(&Question::LevelsOf { rows: asked }, body.as_bytes()).expect("readable");
    assert_eq!(page.told, [level("VARCUPBLUE", "LPORTO1", "11"), level("VARNEVER", "LPORTO1", "0")]);
    assert_eq!(page.next, Some(Question::LevelsOf { rows: rows(&[("VARTEAKILO", "LBRAGA2")]) }));
}

#[test]
fn a_page_that_is_cut_short_makes_nothing_zero() {
    let asked = rows(&[("VARCUPBLUE", "LPORTO1"), ("VARNEVER", "LPORTO1")]);
    let page = page(&Question::LevelsOf { rows: asked }, "counts");
    assert_eq!(page.told, [level("VARCUPBLUE", "LPORTO1", "11")]);
    assert_eq!(page.next, Some(Question::LevelsOf { rows: rows(&[("VARNEVER", "LPORTO1")]) }));
    let asked = Question::LevelsOf { rows: rows(&[("VARNEVER", "LPORTO1")]) };
    assert!(matches!(learned(&asked, &fixture("counts")), Err(Trouble::Garbled { .. })), "it would be asked for ever");
}

#[test]
fn customers_are_told_page_by_page_and_one_without_a_version_gets_its_time() {
    let page = page(&Question::Customers { since: None, cursor: None }, "customers_search");
    let versions: Vec<u64> = page
        .told
        .iter()
        .map(|told| match told {
            Told::Customer(customer) => customer.version,
            other => panic!("customers are told, not {other:?}"),
        })
        .collect();
    assert_eq!(versions, [4, 1_767_312_000_000]);
    assert_eq!(page.next, Some(Question::Customers { since: None, cursor: Some("cUsNext".to_owned()) }));
}

#[test]
fn customers_asked_for_by_id_come_one_by_one_and_unknown_ones_are_missing() {
    let ids = |ids: &[&str]| ids.iter().map(|id| CustomerKey::new(id)).collect::<Vec<_>>();
    let question = Question::CustomersOf { customers: ids(&["CUSTELVIRA", "CUSTNOBODY"]) };
    let first = page(&question, "customer");
    assert_eq!(first.told.len(), 1);
    let next = first.next.expect("one is left");
    assert_eq!(next, Question::CustomersOf { customers: ids(&["CUSTNOBODY"]) });
    let unknown = br#"{"errors":[{"category":"INVALID_REQUEST_ERROR","code":"NOT_FOUND"}]}"#;
    let second = square().learn(&next, &account(), &reply(404, unknown)).expect("not being there is an answer");
    assert_eq!((second.missing, second.next, second.told), (vec!["CUSTNOBODY".to_owned()], None, vec![]));
}

#[test]
fn locations_are_told_with_the_closed_ones_and_an_id_for_a_missing_name() {
    let page = page(&Question::Locations { cursor: None }, "locations");
    let seen = |id: &str, name: &str, active| {
        Told::Location(LocationSeen { channel: CHANNEL, external: place(id), name: LocationName::new(name), active })
    };
    let told = [seen("LPORTO1", "Porto", true), seen("LBRAGA2", "Braga", false), seen("LNAMELESS", "LNAMELESS", true)];
    assert_eq!(page.told, told);
    assert_eq!(page.next, None);
}

#[test]
fn subscriptions_are_told_with_the_disabled_ones() {
    let page = page(&Question::Subscriptions { cursor: None }, "subscriptions");
    let enabled: Vec<bool> = page.subscriptions.iter().map(|subscription| subscription.enabled).collect();
    assert_eq!(enabled, [true, false]);
    assert_eq!(page.next, Some(Question::Subscriptions { cursor: Some("sUbNext".to_owned()) }));
}

#[test]
fn a_new_subscription_brings_its_secret_and_none_is_not_accepted() {
    let question = Question::Subscribe {
        url: "https://hub.example.com/hooks/square/main".to_owned(),
        present: vec![],
        since: model::Instant(0),
    };
    let page = page(&question, "subscription_created");
    assert_eq!(page.secret, Some(Secret::new("kEy-of-the-new-one")));
    let made = Subscription {
        id: "wHk1".to_owned(),
        topics: vec!["order.created".to_owned(), "order.updated".to_owned()],
        url: "https://hub.example.com/hooks/square/main".to_owned(),
        enabled: true,
        secret: Some(Secret::new("kEy-of-the-new-one")),
    };
    assert_eq!((page.subscriptions, page.next), (vec![made], None));
    let without = learned(&question, br#"{"subscription":{"id":"wHk1"}}"#).expect_err("there is no key");
    assert_eq!(without.to_string(), "the reply cannot be read: subscription.signature_key: is missing");
}
