//! Both of Shopify's shapes, in however many pages, end in the same order.

use connectors::{Page, Question, Told};
use model::{DocumentKey, NoticeAbout, OrderSeen};
use proptest::prelude::*;

use super::play::{account, read, reply, shopify};
use super::toy::{ToyLine, ToyOrder};

/// More than any order here needs.
const QUESTIONS_MAX: usize = 40;

fn orders() -> impl Strategy<Value = ToyOrder> {
    let handed_over = [0..4_u32, 0..3_u32];
    let line = (handed_over, 0..3_u32, 0..2_usize, [seldom(), seldom(), seldom()], any::<[prop::sample::Index; 2]>());
    let line = line.prop_map(|(handed_over, open, open_at, [cancelled, unshelved, removed], part)| {
        let some_of =
            |units: u32, part: &prop::sample::Index| u32::try_from(part.index(units as usize + 1)).expect("small");
        let (returned, kept) = (some_of(handed_over[0], &part[0]), some_of(handed_over[1], &part[1]));
        ToyLine { handed_over, open, open_at, cancelled, returned, kept, unshelved, removed }
    });
    let some = proptest::collection::vec(line.clone(), 1..4);
    let many = proptest::collection::vec(line, 51..80);
    prop_oneof![6 => some, 1 => many].prop_map(|lines| ToyOrder { lines })
}

fn seldom() -> impl Strategy<Value = u32> + Clone {
    prop_oneof![3 => Just(0_u32), 1 => 1..3_u32]
}

/// Asks until nothing is left to ask, and gives the one order told.
fn asked(order: &ToyOrder) -> OrderSeen {
    let mut question = Question::OrdersOf { documents: vec![DocumentKey::new("1")] };
    let mut told = Vec::new();
    for _ in 0..QUESTIONS_MAX {
        let request = shopify().ask(&question, &account()).expect("sendable");
        assert!(request.cost <= 1000, "{question:?} costs {}", request.cost);
        let answer = order.answer(request.http.body());
        let page: Page = shopify().learn(&question, &account(), &reply(200, &answer)).expect("readable");
        told.extend(page.told);
        match page.next {
            Some(next) => question = next,
            None => break,
        }
    }
    match told.as_slice() {
        [Told::Order(seen)] => (**seen).clone(),
        other => panic!("one order and not {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_unit_of_an_order_is_seen_where_it_is(order in orders()) {
        let seen = asked(&order);
        let lines = seen.lines.expect("an answer tells lines");
        prop_assert_eq!(lines.len(), order.lines.len());
        for (line, toy) in lines.iter().zip(&order.lines) {
            prop_assert_eq!(&line.parts, &toy.parts());
        }
        let returned: u32 = order.lines.iter().map(|line| line.returned + line.kept).sum();
        let back: i64 = seen.returns.iter().map(|back| back.quantity.floor_units()).sum();
        prop_assert_eq!(back, i64::from(returned));
    }

    #[test]
    fn a_webhook_tells_the_same_as_an_answer_or_sends_us_to_ask(order in orders()) {
        let heard = read("orders/updated", order.webhook().to_string().as_bytes()).expect("readable");
        if order.is_half_told_by_a_webhook() {
            prop_assert_eq!(heard.told, vec![]);
            prop_assert_eq!(heard.notices, vec![NoticeAbout::Order(DocumentKey::new("1"))]);
        } else {
            prop_assert_eq!(heard.told, vec![Told::Order(Box::new(asked(&order)))]);
        }
    }
}
