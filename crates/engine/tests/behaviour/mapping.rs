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

/// The tills sell three of `new`, wrongly taken for a cap, and take two back to the shelf.
fn returned_as_a_cap() -> (Hub, Action) {
    let mut hub = Hub::with_caps_at_b(9);
    hub.must(put_item("hat", model::Unit::Piece, Vec::new()));
    hub.must(Action::MapItem { channel: TILLS, external: "new".into(), item: Some(CAP) });
    let part =
        PartSeen { location: Some(external_location(TILLS, B)), quantity: Quantity::units(3), state: PartState::Gone };
    let sale = News::till("r1").raw_part("new".into(), part).raw_returned("f1", "new".into(), 2, B).heard();
    hub.must(sale.clone());
    (hub, sale)
}

#[test]
fn past_returns_are_attributed_to_the_item_that_a_person_says_it_was_and_back_again() {
    let (mut hub, news) = returned_as_a_cap();
    assert_eq!(hub.books(CAP, B), "8 on hand, 0 reserved");
    let map = |item| Action::MapItem { channel: TILLS, external: "new".into(), item: Some(item) };
    hub.must(map(HAT));
    let facts = hub.must(news.clone());
    assert_eq!(
        (hub.books(CAP, B), hub.books(HAT, B)),
        ("9 on hand, 0 reserved".into(), "-1 on hand, 0 reserved".into())
    );
    let right = facts.iter().find_map(|fact| match fact {
        Fact::ReturnPutRight(right) => Some((right.was_item, right.item, right.quantity)),
        _ => None,
    });
    assert_eq!(right, Some((Some(CAP), Some(HAT), Quantity::units(2))));
    assert_eq!(hub.must(news.clone()), [], "and once only");
    hub.must(map(CAP));
    hub.must(news);
    assert_eq!(
        (hub.books(CAP, B), hub.books(HAT, B)),
        ("8 on hand, 0 reserved".into(), "0 on hand, 0 reserved".into())
    );
}

#[test]
fn of_what_came_back_as_a_bundle_and_was_an_item_only_the_item_moved_the_channels_number() {
    let mut hub = Hub::with_caps_at_b(9);
    let map = |item| Action::MapItem { channel: TILLS, external: "new".into(), item: Some(item) };
    hub.must(map(SET));
    let part =
        PartSeen { location: Some(external_location(TILLS, B)), quantity: Quantity::units(1), state: PartState::Gone };
    let news = News::till("r1").raw_part("new".into(), part).raw_returned("f1", "new".into(), 1, B).heard();
    hub.must(news.clone());
    hub.must(map(MUG));
    let back: Vec<_> = hub
        .must(news)
        .iter()
        .filter_map(|fact| match fact {
            Fact::Moved(moved) if moved.cause == model::Cause::Return => Some((moved.item, moved.on_hand, moved.shown)),
            _ => None,
        })
        .collect();
    let units = model::Change::units;
    // A set is a cap and two mugs.
    assert_eq!(back, [(CAP, units(-1), None), (MUG, units(1), Some((TILLS, units(1)))), (MUG, units(-2), None)]);
    assert_eq!(hub.books(MUG, B), "0 on hand, 0 reserved");
}

#[test]
fn two_ids_that_swap_their_items_swap_their_past_sales_too() {
    let mut hub = Hub::with_caps_at_b(0);
    let sold = |document: &str, item, units| News::till(document).gone(item, B, units).completed().heard();
    let (cap, mug) = (sold("r1", CAP, 2), sold("r2", MUG, 5));
    hub.must(cap.clone());
    hub.must(mug.clone());
    let map = |of, item| Action::MapItem { channel: TILLS, external: external(TILLS, of), item: Some(item) };
    hub.must(map(CAP, MUG));
    hub.must(map(MUG, CAP));
    hub.must(cap);
    hub.must(mug);
    assert_eq!(
        (hub.books(CAP, B), hub.books(MUG, B)),
        ("-5 on hand, 0 reserved".into(), "-2 on hand, 0 reserved".into())
    );
}

#[test]
fn stock_that_was_learnt_under_a_wrong_mapping_goes_with_it() {
    let mut hub = Hub::new();
    hub.must(put_item("hat", model::Unit::Piece, Vec::new()));
    let map = |item| Action::MapItem { channel: TILLS, external: "new".into(), item };
    let reading = |hub: &Hub| Action::LevelsSeen {
        channel: TILLS,
        since: hub.state.seq(),
        read_at: hub.now,
        levels: vec![model::LevelSeen {
            external: "new".into(),
            location: external_location(TILLS, B),
            level: model::Level::units(6),
        }],
        whole: false,
    };
    hub.must(map(Some(HAT)));
    hub.must(reading(&hub));
    assert_eq!(hub.books(HAT, B), "6 on hand, 0 reserved");
    hub.must(map(Some(CAP)));
    assert_eq!(hub.books(HAT, B), "0 on hand, 0 reserved");
    hub.must(reading(&hub));
    assert_eq!(hub.books(CAP, B), "6 on hand, 0 reserved");
    hub.must(map(None));
    assert_eq!(hub.books(CAP, B), "0 on hand, 0 reserved");
}

#[test]
fn a_question_that_was_put_away_is_not_asked_again_until_somebody_wants_it() {
    let mut hub = Hub::new();
    let question = model::MappingQuestion::Item { channel: TILLS, external: "new".into() };
    assert_eq!(hub.must(seen("", &[])).len(), 1);
    hub.must(Action::DismissQuestion(question.clone()));
    assert_eq!(hub.must(Action::DismissQuestion(question.clone())), [], "twice is once");
    assert_eq!(hub.must(seen("", &[])), []);
    let again = engine::State::restore(&hub.state.snapshot()).expect("what was just stored");
    assert!(again.is_dismissed(&question), "it is kept over a start");
    hub.must(Action::ReopenQuestion(question.clone()));
    assert!(matches!(hub.must(seen("", &[])).as_slice(), [.., Fact::MappingUnclear { .. }]));
    hub.must(Action::DismissQuestion(question.clone()));
    hub.must(Action::MapItem { channel: TILLS, external: "new".into(), item: Some(TEA) });
    assert!(!hub.state.is_dismissed(&question), "an answer ends it");
    assert!(hub.run(Action::DismissQuestion(question)).is_err(), "what is answered is no question");
}
