//! What an external id stands for: found by barcode, put right by a person, taken back again.

use model::{Action, Fact, ItemSeen, NoticeAbout, PartSeen, PartState, Quantity};

use crate::support::*;

const HAT: model::ItemId = model::ItemId(5);

fn seen(sku: &str, barcodes: &[&str]) -> Action {
    Action::ItemSeen(ItemSeen {
        channel: TILLS,
        external: "new".into(),
        aliases: Vec::new(),
        sku: sku.into(),
        title: "hat".into(),
        barcodes: barcodes.iter().map(|code| (*code).into()).collect(),
        price: None,
        tax_inclusive: true,
        tracked: true,
        deleted: false,
    })
}

/// A hat with this barcode that no channel knows yet.
fn hub_with_hat(barcode: &str) -> Hub {
    let mut hub = Hub::new();
    let Action::PutItem { sku, title, unit, components, price, tax_inclusive, .. } =
        put_item("hat", model::Unit::Piece, Vec::new())
    else {
        panic!("it makes an item")
    };
    let barcodes = vec![barcode.into()];
    hub.must(Action::PutItem { sku, title, barcodes, unit, components, price, tax_inclusive });
    hub
}

fn mapped(hub: &Hub) -> Option<model::ItemId> {
    hub.state.catalogue().mapped_item(TILLS, &"new".into())
}

#[test]
fn an_item_without_our_sku_is_found_by_its_trade_item_number_in_any_form() {
    for (sku, form) in [("", "0036000291452"), ("OTHER", "36000291452"), ("OTHER", "00036000291452")] {
        let mut hub = hub_with_hat("036000291452");
        hub.must(seen(sku, &[form]));
        assert_eq!(mapped(&hub), Some(HAT), "{form}");
    }
}

#[test]
fn a_code_whose_check_digit_does_not_fit_decides_nothing() {
    let mut hub = hub_with_hat("12345");
    hub.must(seen("", &["12345"]));
    assert_eq!(mapped(&hub), None, "a person is asked");
    let mut hub = hub_with_hat("12345");
    hub.must(seen("OTHER", &["12345"]));
    assert_ne!(mapped(&hub), Some(HAT), "it is an item of its own");
}

#[test]
fn a_trade_item_number_of_two_items_is_a_question_with_both_as_candidates() {
    let mut hub = hub_with_hat("036000291452");
    let twin = Action::PutItem {
        sku: "twin".into(),
        title: "twin".into(),
        barcodes: vec!["36000291452".into()],
        unit: model::Unit::Piece,
        components: Vec::new(),
        price: None,
        tax_inclusive: true,
    };
    hub.must(twin);
    let facts = hub.must(seen("OTHER", &["036000291452"]));
    let [Fact::MappingUnclear { candidates, .. }] = facts.as_slice() else { panic!("a question: {facts:?}") };
    assert_eq!(candidates.as_slice(), [HAT, model::ItemId(6)]);
}

/// The tills sell two of `new`, which is wrongly taken for a cap.
fn sold_as_a_cap() -> (Hub, Action) {
    let mut hub = Hub::with_caps_at_b(9);
    hub.must(put_item("hat", model::Unit::Piece, Vec::new()));
    hub.must(Action::MapItem { channel: TILLS, external: "new".into(), item: Some(CAP) });
    let part =
        PartSeen { location: Some(external_location(TILLS, B)), quantity: Quantity::units(2), state: PartState::Gone };
    let sale = News::till("r1").raw_part("new".into(), part).completed().heard();
    hub.must(sale.clone());
    (hub, sale)
}

#[test]
fn past_sales_are_attributed_to_the_item_that_a_person_says_it_was() {
    let (mut hub, sale) = sold_as_a_cap();
    assert_eq!(hub.books(CAP, B), "7 on hand, 0 reserved");
    let facts = hub.must(Action::MapItem { channel: TILLS, external: "new".into(), item: Some(HAT) });
    let about = NoticeAbout::Order("r1".into());
    assert!(facts.contains(&Fact::Noticed { channel: TILLS, about }), "the sale is read again: {facts:?}");
    hub.must(sale.clone());
    assert_eq!(hub.books(CAP, B), "9 on hand, 0 reserved");
    assert_eq!(hub.books(HAT, B), "-2 on hand, 0 reserved");
    assert_eq!(hub.must(sale), [], "and once only");
}

#[test]
fn a_mapping_that_is_taken_back_takes_the_attribution_back() {
    let (mut hub, sale) = sold_as_a_cap();
    let map = |item| Action::MapItem { channel: TILLS, external: "new".into(), item: Some(item) };
    hub.must(map(HAT));
    hub.must(sale.clone());
    hub.must(map(CAP));
    hub.must(sale);
    assert_eq!(hub.books(CAP, B), "7 on hand, 0 reserved");
    assert_eq!(hub.books(HAT, B), "0 on hand, 0 reserved");
}

#[test]
fn a_sale_keeps_its_own_day_when_it_is_attributed_anew() {
    let (mut hub, sale) = sold_as_a_cap();
    hub.must(Action::MapItem { channel: TILLS, external: "new".into(), item: Some(HAT) });
    let first = hub.entries.iter().rev().find_map(|entry| match &entry.fact {
        Fact::Moved(moved) => Some(moved.happened_at),
        _ => None,
    });
    hub.now = hub.now.plus_ms(86_400_000);
    let facts = hub.must(sale);
    let days: Vec<_> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Moved(moved) => Some(Some(moved.happened_at)),
            _ => None,
        })
        .collect();
    assert_eq!(days, [first, first]);
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::Oversold(_))), "nobody is to blame for it");
}
