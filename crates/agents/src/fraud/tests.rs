//! What the fraud mind promises.

use model::{
    Actor, ChannelId, Currency, CustomerKey, DocumentKey, Entry, Fact, Instant, Money, Note, OrderId, OrderKind,
};
use model::{OrderPut, OrderState, Seq};
use proptest::prelude::*;
use stats::dice::Dice;

use super::*;
use crate::{Mind, restore, snapshot};

const DAY: i64 = 86_400_000;

fn stakes() -> Stakes {
    Stakes::usual(Currency::parse("EUR").expect("a code"))
}

fn payment(id: u64, at: i64, amount: f64, customer: u64, terminal: u64) -> Payment {
    Payment {
        id,
        at: Instant(at),
        amount,
        customer: Some(Key(customer)),
        terminal: Some(Key(terminal)),
        device: None,
        since: None,
        deed: Deed::Sale,
    }
}

/// A small world: thieves pay far more than the card's owner does. Frauds are told a week later.
fn lived(days: i64, seed: u64) -> Fraud {
    let mut dice = Dice::seeded(seed);
    let learning = Learning { trees: 40, ..Learning::default() };
    let mut mind = Fraud::new(Settings { learning, ..Settings::default() });
    let mut untold: VecDeque<(i64, u64)> = VecDeque::new();
    for n in 0..days * 100 {
        let at = n * (DAY / 100);
        while let Some((_, id)) = untold.front().copied().filter(|(when, _)| *when <= at) {
            untold.pop_front();
            mind.tell_fraud(id);
        }
        let fraud = dice.happens(0.05);
        let amount = if fraud { 300.0 + 50.0 * dice.unit() } else { 20.0 + 30.0 * dice.unit() };
        mind.pay(&payment(n as u64, at, amount, dice.below(30), dice.below(20)));
        if fraud {
            untold.push_back((at + 7 * DAY, n as u64));
        }
    }
    mind
}

#[test]
fn with_no_past_it_says_that_it_does_not_know() {
    let mut mind = Fraud::default();
    assert!(!mind.learn());
    let answer = mind.answer(&payment(1, 0, 1e9, 1, 1), &stakes(), false, 10);
    assert_eq!((answer.proposal.action, answer.probability), (Action::Approve, None));
    assert_eq!(answer.proposal.reasons.confidence.value(), 0.0);
    assert_eq!(answer.sentence(), "approve: nothing was learnt yet");
}

#[test]
fn what_thieves_do_is_told_from_what_customers_do() {
    let mut mind = lived(40, 1);
    assert!(mind.learn());
    let ask = |amount| mind.answer(&payment(u64::MAX, 40 * DAY, amount, 1, 1), &stakes(), false, 100);
    let (calm, odd) = (ask(30.0), ask(330.0));
    assert_eq!((calm.proposal.action, odd.proposal.action), (Action::Approve, Action::Decline));
    assert!(odd.probability > Some(0.8) && calm.probability < Some(0.05), "{odd:?} {calm:?}");
    assert!(odd.proposal.reasons.value.expect("money").minor > 0);
    let flip = odd.proposal.reasons.flip.expect("something would decide otherwise");
    assert_ne!(flip.from, flip.to);
}

#[test]
fn the_terms_of_an_answer_add_up_to_its_score() {
    let mut mind = lived(40, 2);
    mind.learn();
    for amount in [0.0, 25.0, 330.0, 1e12] {
        let asked = payment(u64::MAX, 40 * DAY, amount, 3, 3);
        let (score, _) = mind.score(&asked).expect("it has learnt");
        let answer = mind.answer(&asked, &stakes(), false, 100);
        assert!((answer.proposal.reasons.score - score).abs() < 1e-9 * (1.0 + score.abs()));
    }
}

#[test]
fn a_label_is_used_when_it_is_known_and_not_before() {
    let mut mind = Fraud::default();
    let share = |mind: &Fraud, at: i64| {
        let row = mind.row(&payment(9, at, 10.0, 5, 1));
        let place = (0..WIDTH).find(|n| name(*n) == "known frauds of 7 days, this terminal").expect("a feature");
        row[place]
    };
    mind.pay(&payment(1, 0, 10.0, 1, 1));
    mind.settle(Instant(6 * DAY));
    assert_eq!(share(&mind, 6 * DAY), 0.0);
    assert!(mind.tell_fraud(1));
    assert_eq!(share(&mind, 6 * DAY), 1.0);
    assert!(!mind.tell_fraud(1), "told once");
    assert!(!mind.tell_fraud(2), "never seen");
}

#[test]
fn a_fraud_that_is_told_too_late_corrects_what_counted_as_genuine() {
    let (mut prompt, mut late) = (Fraud::default(), Fraud::default());
    for mind in [&mut prompt, &mut late] {
        mind.pay(&payment(1, 0, 10.0, 1, 1));
    }
    prompt.tell_fraud(1);
    prompt.settle(Instant(8 * DAY));
    late.settle(Instant(8 * DAY));
    late.tell_fraud(1);
    assert_eq!((prompt.outcomes, late.outcomes), ((1, 1), (1, 1)));
}

#[test]
fn a_rule_stands_above_the_score() {
    let mut mind = Fraud::default();
    (0..5).for_each(|n| mind.pay(&payment(n, 60_000 * n as i64, 1.0, 7, n)));
    let asked = payment(9, 400_000, 1.0, 7, 9);
    let answer = mind.answer(&asked, &stakes(), false, 5);
    assert_eq!(answer.rule, Some(Rule::Velocity { payments: 6, most: 5 }));
    assert_eq!(answer.sentence(), "decline: 6 payments within an hour, 5 may be");
    assert_eq!(mind.answer(&asked, &stakes(), true, 99).rule, Some(Rule::Blocked));
    assert_eq!(mind.answer(&asked, &stakes(), false, 6).rule, None);
}

#[test]
fn the_cheapest_action_is_chosen() {
    let stakes = stakes();
    let cost = |action, p| stakes.cost(action, p, 100.0);
    // Declined when p (A + fee) > (1 - p) (margin A + goodwill), were there nothing between.
    assert!(
        cost(Action::Approve, 0.26) > cost(Action::Decline, 0.26)
            && cost(Action::Approve, 0.24) < cost(Action::Decline, 0.24)
    );
    assert!(cost(Action::Review, 0.1) < cost(Action::Approve, 0.1).min(cost(Action::Decline, 0.1)));
}

fn order(n: u32, at: i64, minor: i64) -> Entry {
    let currency = Currency::parse("EUR").expect("a code");
    let fact = Fact::OrderPut(Box::new(OrderPut {
        order: OrderId(n),
        channel: ChannelId(n % 2),
        document: DocumentKey::new(&n.to_string()),
        reference: Note::new(""),
        version: 1,
        placed_at: Instant(at),
        kind: if n.is_multiple_of(3) { OrderKind::Web } else { OrderKind::Till },
        customer: (!n.is_multiple_of(4)).then(|| CustomerKey::new(&(n % 7).to_string())),
        contact: None,
        tax_inclusive: true,
        total: Money { minor, currency },
        state: if n % 11 == 5 { OrderState::Cancelled } else { OrderState::Completed },
        lines: Vec::new(),
        telling: None,
    }));
    Entry { at: Instant(at), by: Actor::System, fact }
}

#[test]
fn an_order_heard_again_is_no_second_payment() {
    let mut mind = Fraud::default();
    [order(1, 0, 500), order(1, 0, 500), order(2, 10, 500)].iter().for_each(|entry| mind.apply(Seq(1), entry));
    assert_eq!(mind.seen.len(), 2);
}

proptest! {
    #[test]
    fn a_mind_stored_and_read_between_any_two_facts_is_the_same(
        orders in prop::collection::vec((0..90 * DAY, -500..90_000_i64), 0..60),
        cuts in prop::collection::vec(0..60_usize, 0..3),
    ) {
        let entries: Vec<Entry> =
            orders.iter().enumerate().map(|(n, (at, minor))| order(n as u32, *at, *minor)).collect();
        let (mut whole, mut parts) = (Fraud::default(), Fraud::default());
        for (n, entry) in entries.iter().enumerate() {
            whole.apply(Seq(n as u64 + 1), entry);
            if cuts.contains(&n) {
                parts = restore(FORM, &snapshot(FORM, &parts)).expect("what was stored");
            }
            parts.apply(Seq(n as u64 + 1), entry);
        }
        // Bytes, because what is no number is not equal to itself.
        prop_assert_eq!(snapshot(FORM, &whole), snapshot(FORM, &parts));
    }

    #[test]
    fn nothing_that_can_be_asked_is_a_trouble(
        payments in prop::collection::vec(
            (any::<i64>(), prop::num::f64::ANY, prop::option::of(0..5_u64), prop::option::of(any::<i64>()), any::<bool>()),
            0..40,
        ),
        delay_days in 0..400_u32,
    ) {
        let mut mind = Fraud::new(Settings { delay_days, ..Settings::default() });
        for (n, (at, amount, key, since, fraud)) in payments.iter().enumerate() {
            let key = key.map(Key);
            let asked = Payment {
                id: n as u64 % 30,
                at: Instant(*at),
                amount: *amount,
                customer: key,
                terminal: key,
                device: key,
                since: since.map(Instant),
                deed: Deed::Refund,
            };
            let row = mind.row(&asked);
            prop_assert_eq!(row.len(), WIDTH);
            mind.answer(&asked, &stakes(), false, 3);
            mind.pay(&asked);
            if *fraud {
                mind.tell_fraud(n as u64);
            }
        }
        mind.learn();
    }
}

#[test]
fn what_was_learnt_is_stored_whole_and_equal_seeds_learn_alike() {
    let mut mind = lived(30, 3);
    mind.learn();
    let back: Fraud = restore(FORM, &snapshot(FORM, &mind)).expect("what was stored");
    let asked = payment(u64::MAX, 30 * DAY, 70.0, 2, 2);
    let mut other = lived(30, 3);
    other.learn();
    let bits = |mind: &Fraud| mind.score(&asked).map(|(score, p)| (score.to_bits(), p.to_bits()));
    assert!(bits(&mind).is_some());
    assert_eq!((bits(&back), bits(&other)), (bits(&mind), bits(&mind)));
}
