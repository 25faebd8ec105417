//! Text that outsiders chose is kept as it came.

use model::*;
use views::{FactFilter, Found, OrderFilter};

use crate::play::*;

const ODD: [&str; 6] = ["a\0b", "\u{10ffff}", "👩‍👩‍👧", "e\u{301}\u{202e}txt", "' OR 1=1 --", "İ\u{0}ß"];

#[test]
fn nul_and_odd_letters_are_kept_found_and_told() {
    for text in ODD {
        let mut facts = shop();
        let mut put = order_put(1, SHOP, text, OrderState::Open);
        (put.document, put.customer) = (text.into(), Some(text.into()));
        facts.extend([
            item(ItemId(7), text, text, &[text]),
            Fact::OrderPut(Box::new(put)),
            Fact::CustomerPut(CustomerPut { channel: SHOP, customer: text.into(), version: 1, person: None }),
            Fact::MappingUnclear {
                channel: SHOP,
                external: text.into(),
                sku: text.into(),
                reason: text.into(),
                candidates: vec![ItemId(7)],
                listing: None,
            },
        ]);
        let played = play(&entries(facts));
        let reader = &played.reader;
        let found = reader.search(text, 10).unwrap();
        assert!(found.iter().any(|found| matches!(found, Found::Item { item: ItemId(7), .. })), "{text:?}");
        assert!(found.iter().any(|found| matches!(found, Found::Order { order: OrderId(1), .. })), "{text:?}");
        assert_eq!(reader.order_of_document(SHOP, &text.into()).unwrap(), Some(OrderId(1)));
        assert!(reader.customer(SHOP, &text.into()).unwrap().is_some());
        assert_eq!(reader.orders_of_customer(SHOP, &text.into(), None, 5).unwrap().len(), 1);
        assert_eq!(
            reader.mapping_questions(&views::QuestionFilter::default(), None, 5).unwrap()[0].external.as_str(),
            text
        );
        assert_eq!(reader.facts(&FactFilter::default(), 500).unwrap().len(), 10);
    }
}

#[test]
fn texts_that_differ_only_after_a_nul_are_different() {
    let mut facts = shop();
    for (order, text) in [(1, "a\0b"), (2, "a\0c")] {
        facts.push(Fact::OrderPut(Box::new(order_put(order, SHOP, text, OrderState::Open))));
    }
    let played = play(&entries(facts));
    let reader = &played.reader;
    let filter = OrderFilter { search: Some("a\0b".into()), ..OrderFilter::default() };
    let orders: Vec<_> = reader.orders(&filter, 5).unwrap().iter().map(|row| row.put.order).collect();
    assert_eq!(orders, [OrderId(1)]);
}

#[test]
fn numbers_at_the_end_of_their_range_are_held_there() {
    let huge = Moved {
        on_hand: Change::from_parts(i64::MIN),
        happened_at: Instant(i64::MAX),
        ..moved(SHIRT, STORE, Cause::Sale, 0)
    };
    let facts = vec![Fact::Moved(huge.clone()), Fact::Moved(huge)];
    let once = play_in_portions(&entries(facts), 1);
    let now = once.reader.explain(SHIRT, STORE, 5, None).unwrap();
    assert_eq!(now.on_hand, Level::from_parts(i64::MIN));
}
