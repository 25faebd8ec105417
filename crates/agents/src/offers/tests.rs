//! The mind as a whole: facts in, offers out.

use model::{
    Actor, Cause, Change, ChannelId, Currency, CustomerKey, DocumentKey, Entry, Fact, Instant, ItemId, ItemPut,
    LinePut, LocationId, Money, Moved, Note, OrderId, OrderKind, OrderPut, OrderState, Quantity, Seq, Sku, Title, Unit,
};
use proptest::prelude::*;

use super::*;

const DAY: i64 = 86_400_000;

fn entry(fact: Fact) -> Entry {
    Entry { at: Instant(0), by: Actor::System, fact }
}

fn euro(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("EUR").expect("a currency") }
}

fn item(item: u32, price: i64) -> Entry {
    entry(Fact::ItemPut(ItemPut {
        item: ItemId(item),
        sku: Sku::new("sku"),
        title: Title::new("title"),
        barcodes: vec![],
        unit: Unit::Piece,
        components: vec![],
        price: Some(euro(price)),
        tax_inclusive: true,
        tracked: true,
    }))
}

fn stock(item: u32, units: i64) -> Entry {
    entry(Fact::Moved(Moved {
        item: ItemId(item),
        location: LocationId(0),
        cause: Cause::Count,
        on_hand: Change::from_parts(units * 100_000),
        reserved: Change::ZERO,
        in_transit: Change::ZERO,
        unsellable: Change::ZERO,
        happened_at: Instant(0),
        order: None,
        shown: None,
        note: None,
    }))
}

fn order(order: u32, items: &[u32], state: OrderState) -> Entry {
    let line = |item: &u32| LinePut {
        line: Note::new("line"),
        item: Some(ItemId(*item)),
        sku: Sku::new("sku"),
        quantity: Quantity::from_parts(100_000),
        price: None,
    };
    entry(Fact::OrderPut(Box::new(OrderPut {
        order: OrderId(order),
        channel: ChannelId(0),
        document: DocumentKey::new("document"),
        reference: Note::new("reference"),
        version: 1,
        placed_at: Instant(i64::from(order) * DAY),
        kind: OrderKind::Till,
        customer: order.is_multiple_of(2).then(|| CustomerKey::new("regular")),
        contact: None,
        tax_inclusive: true,
        total: euro(0),
        state,
        lines: items.iter().map(line).collect(),
        telling: None,
    })))
}

fn fold(entries: &[Entry]) -> Offers {
    let mut mind = Offers::default();
    entries.iter().for_each(|entry| mind.apply(Seq(1), entry));
    mind
}

/// A shop where 1 goes with 0, and 3 with 2; all in stock.
fn shop() -> Vec<Entry> {
    let mut entries: Vec<Entry> = (0..6).flat_map(|number| [item(number, 1_000), stock(number, 10)]).collect();
    for number in 0..400_u32 {
        let basket: &[u32] = [&[0, 1][..], &[2, 3], &[0, 1, 4], &[5, 2, 3]][number as usize % 4];
        entries.push(order(number, basket, OrderState::Completed));
    }
    entries
}

fn question(trail: &[ItemId]) -> Question<'_> {
    Question { trail, buyer: None, location: None, now: Instant(1_000 * DAY), barred: &[], most: 3 }
}

#[test]
fn what_goes_with_the_cart_is_offered_with_its_reasons() {
    let mut mind = fold(&shop());
    mind.learn();
    for number in 0..6 {
        mind.know(&Known { item: ItemId(number), cost: Some(euro(600)), kind: None, again_after_days: None });
    }
    let mut asking = Asking::default();
    let offers = mind.offers(&question(&[ItemId(0)]), &mut asking);
    assert_eq!(offers[0].action, Offer { item: ItemId(1) });
    for offer in &offers {
        let reasons = &offer.reasons;
        let sum: f64 = reasons.terms.iter().map(|term| term.adds).sum();
        assert!((sum - reasons.score).abs() < 1e-9);
        assert_ne!(offer.action.item, ItemId(0));
    }
    let reasons = &offers[0].reasons;
    assert!(reasons.confidence.value() > 0.5, "{:?}", reasons.confidence);
    let value = reasons.value.expect("cost and price are known");
    assert!(value.minor > 200 && value.minor <= 400, "{value}");
    let (flip, next) = (reasons.flip.as_ref().expect("a runner-up"), reasons.runner_up.as_ref().expect("one"));
    // With the margin that the flip names, both are worth the same.
    let changed = reasons.score + stats::num::ln(flip.to / flip.from);
    assert!((changed - next.score).abs() < 1e-9);
    assert!(reasons.sentence(2).starts_with("because "));
}

#[test]
fn what_is_sold_out_barred_at_a_loss_or_bought_lately_is_not_offered() {
    let first = |mind: &Offers, question: &Question| {
        mind.offers(question, &mut Asking::default()).first().map(|offer| offer.action.item)
    };
    let cart = [ItemId(0)];
    let mut mind = fold(&shop());
    assert_eq!(first(&mind, &question(&cart)), Some(ItemId(1)));
    assert_ne!(first(&mind, &Question { barred: &[ItemId(1)], ..question(&cart) }), Some(ItemId(1)));
    assert_eq!(first(&mind, &Question { location: Some(LocationId(7)), ..question(&cart) }), None);
    mind.know(&Known { item: ItemId(1), cost: Some(euro(2_000)), kind: None, again_after_days: None });
    assert_ne!(first(&mind, &question(&cart)), Some(ItemId(1)));
    mind.know(&Known { item: ItemId(1), cost: None, kind: None, again_after_days: Some(365) });
    let regular = Buyer::of(ChannelId(0), &CustomerKey::new("regular"));
    let now = Instant(401 * DAY);
    assert_ne!(first(&mind, &Question { buyer: Some(regular), now, ..question(&cart) }), Some(ItemId(1)));
    assert_eq!(first(&mind, &Question { now, ..question(&cart) }), Some(ItemId(1)));
    mind.apply(Seq(2), &stock(1, -10));
    assert_ne!(first(&mind, &question(&cart)), Some(ItemId(1)));
}

#[test]
fn at_most_two_of_a_product_type_are_offered_together() {
    let mut mind = fold(&shop());
    for number in 1..5 {
        mind.know(&Known { item: ItemId(number), cost: None, kind: Some("mug".into()), again_after_days: None });
    }
    let question = Question { most: 6, ..question(&[ItemId(0)]) };
    mind.learn();
    let offers = mind.offers(&question, &mut Asking::default());
    assert_eq!(offers.iter().filter(|offer| (1..5).contains(&offer.action.item.0)).count(), 2);
}

#[test]
fn a_mind_that_knows_nothing_offers_nothing_and_one_that_learnt_little_is_not_sure() {
    let nobody = Offers::default();
    assert_eq!(nobody.offers(&question(&[ItemId(3)]), &mut Asking::default()), []);
    let mut mind = fold(&[item(0, 100), item(1, 100), stock(1, 1), order(0, &[0, 1], OrderState::Completed)]);
    mind.learn();
    let offers = mind.offers(&question(&[ItemId(0)]), &mut Asking::default());
    assert_eq!(offers.len(), 1);
    assert_eq!(offers[0].reasons.confidence.value(), 0.0);
    // Without a cost nobody can tell what it earns.
    assert_eq!(offers[0].reasons.value, None);
}

#[test]
fn an_order_called_off_is_as_if_it_had_never_been() {
    let called_off = fold(&[order(0, &[0, 1], OrderState::Open), order(0, &[0, 1], OrderState::Cancelled)]);
    let basket = called_off.baskets.get(&0).expect("known");
    assert!(basket.items.is_empty() && called_off.trails.all()[0].is_empty());
    assert_eq!(called_off.shelf.return_rate(ItemId(0)), 0.0);
    let regular = Buyer::of(ChannelId(0), &CustomerKey::new("regular"));
    assert_eq!(called_off.habits.often(regular, ItemId(0), Instant(0)), 0.0);
}

fn some_entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        (0..6_u32, -5..2_000_i64).prop_map(|(number, price)| item(number, price)),
        (0..6_u32, any::<i32>()).prop_map(|(number, units)| stock(number, i64::from(units))),
        (0..9_u32, prop::collection::vec(0..6_u32, 0..5)).prop_map(|(number, items)| order(
            number,
            &items,
            OrderState::Open
        )),
        (0..9_u32, prop::collection::vec(0..6_u32, 0..5)).prop_map(|(n, items)| order(
            n,
            &items,
            OrderState::Cancelled
        )),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_facts_give_the_same_bits_in_any_portions(entries in prop::collection::vec(some_entry(), 1..40), cut in 0..40_usize) {
        let cut = cut.min(entries.len());
        let mut portions = Offers::restore(&fold(&entries[..cut]).snapshot()).expect("stored");
        entries[cut..].iter().for_each(|entry| portions.apply(Seq(1), entry));
        let mut whole = fold(&entries);
        prop_assert_eq!(portions.snapshot(), whole.snapshot());
        whole.learn();
        portions.learn();
        prop_assert_eq!(portions.snapshot(), whole.snapshot());
        let cart = [ItemId(0), ItemId(99)];
        let offers = whole.offers(&question(&cart), &mut Asking::default());
        let again = Offers::restore(&whole.snapshot()).expect("stored");
        prop_assert_eq!(&offers, &again.offers(&question(&cart), &mut Asking::default()));
        prop_assert!(offers.iter().all(|offer| offer.reasons.score.is_finite()));
    }

    #[test]
    fn damaged_bytes_are_refused_or_give_a_mind_that_answers(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut mind = fold(&shop()[..60]);
        mind.learn();
        let mut bytes = mind.snapshot();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(mind) = Offers::restore(&bytes) {
            mind.offers(&question(&[ItemId(0)]), &mut Asking::default());
        }
    }

    #[test]
    fn a_question_never_leaves_something_behind_for_the_next(first in prop::collection::vec(0..7_u32, 0..5), then in prop::collection::vec(0..7_u32, 0..5)) {
        let mut mind = fold(&shop());
        mind.learnt = Some(Learnt::nothing(Kind::Browsing));
        let ids = |list: &[u32]| list.iter().copied().map(ItemId).collect::<Vec<_>>();
        let (first, then) = (ids(&first), ids(&then));
        let mut used = Asking::default();
        mind.offers(&question(&first), &mut used);
        let fresh = mind.offers(&question(&then), &mut Asking::default());
        prop_assert_eq!(mind.offers(&question(&then), &mut used), fresh);
    }
}
