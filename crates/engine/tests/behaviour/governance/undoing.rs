//! Undoing: what is still ours is reversed, what somebody changed since stays, and what cannot be taken back says so.

use model::{
    Act, Action, CustomerAt, CustomerKey, CustomerSeen, Fact, InstructionId, Level, Phase, Quantity, Refusal,
    StockRule, TransferId, TransferStep, Undone,
};

use crate::support::{
    A, B, CAP, DC, Hub, MUG, TEA, TILLS, WEB, adjust, count, eur, external, may_buy, purchase, receive, rule,
    set_buffer,
};

fn automatic() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.policy(vec![rule(Phase::Automate)]);
    hub
}

/// What became of each act, in short.
fn undone(facts: &[Fact]) -> Vec<&'static str> {
    let Some(Fact::ActsUndone { acts, .. }) = facts.last() else { panic!("{facts:?}") };
    let word = |undone: &Undone| match undone {
        Undone::Reversed => "reversed",
        Undone::Kept { .. } => "kept",
        Undone::Impossible { .. } => "impossible",
        Undone::Nothing => "nothing",
    };
    acts.iter().map(word).collect()
}

#[test]
fn a_batch_says_of_each_act_what_became_of_it() {
    let mut hub = automatic();
    let safety = |item, location| Act::SetSafety { item, location, was: Quantity::ZERO, to: Quantity::units(2) };
    for location in [A, B, DC] {
        hub.must(receive(MUG, location, 4));
    }
    assert_eq!(hub.phase_of("a", vec![safety(MUG, A), safety(MUG, B), safety(MUG, DC)]), Phase::Automate);
    hub.must(Action::PutRule(StockRule::Safety { item: MUG, location: B, quantity: Quantity::units(9) }));
    assert_eq!(undone(&hub.undo(1).expect("a manager may")), ["reversed", "kept", "reversed"]);
    let left = [A, B, DC].map(|location| hub.at(MUG, location).safety());
    assert_eq!(left, [0, 9, 0].map(Level::units));
    assert!(matches!(hub.undo(1), Err(Refusal::NotNow { .. })), "once");
}

#[test]
fn only_what_was_done_can_be_taken_back() {
    let mut hub = Hub::new();
    hub.policy(vec![rule(Phase::Assist)]);
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    assert!(matches!(hub.undo(1), Err(Refusal::NotNow { .. })));
    assert!(matches!(hub.undo(7), Err(Refusal::Unknown { .. })));
}

#[test]
fn a_purchase_is_called_off_until_it_is_on_its_way() {
    for on_its_way in [false, true] {
        let mut hub = Hub::new();
        hub.policy(vec![may_buy(100_000)]);
        hub.phase_of("po", vec![purchase(&hub, 5, Some(eur(500)))]);
        if on_its_way {
            hub.must(Action::SendInstruction { id: InstructionId(1), body: b"{}".to_vec(), sealed: None });
        }
        let facts = hub.undo(1).expect("a manager may");
        assert_eq!(undone(&facts), [if on_its_way { "impossible" } else { "reversed" }]);
        assert_eq!(hub.state.instructions().count(), usize::from(on_its_way));
    }
}

#[test]
fn a_transfer_is_closed_until_it_has_left() {
    for left in [false, true] {
        let mut hub = automatic();
        let lines = vec![(CAP, Quantity::units(2))];
        hub.phase_of("t", vec![Act::Transfer { from: B, to: A, lines, cover: vec![Level::ZERO] }]);
        if left {
            hub.must(Action::Transfer { key: None, step: TransferStep::Ship { transfer: TransferId(1) } });
        }
        assert_eq!(undone(&hub.undo(1).expect("a manager may")), [if left { "impossible" } else { "reversed" }]);
        assert_eq!(hub.state.transfers().count(), usize::from(left));
    }
}

#[test]
fn a_mapping_goes_back_to_what_it_was() {
    let mut hub = automatic();
    let strange = external(WEB, MUG);
    let act = Act::MapItem { channel: WEB, external: strange.clone(), was: Some(MUG), to: None };
    assert_eq!(hub.phase_of("m", vec![act]), Phase::Automate);
    assert_eq!(hub.state.catalogue().mapped_item(WEB, &strange), None);
    assert_eq!(undone(&hub.undo(1).expect("a manager may")), ["reversed"]);
    assert_eq!(hub.state.catalogue().mapped_item(WEB, &strange), Some(MUG));
}

#[test]
fn people_who_were_merged_are_two_again() {
    let mut hub = automatic();
    let person = |channel| CustomerAt { channel, customer: CustomerKey::new("ann") };
    for channel in [WEB, TILLS] {
        let customer = person(channel).customer;
        hub.must(Action::CustomerSeen(CustomerSeen {
            channel,
            customer,
            version: 1,
            updated_at: hub.now,
            person: None,
        }));
    }
    hub.phase_of("merge", vec![Act::LinkCustomers { one: person(WEB), other: person(TILLS) }]);
    hub.approve(1).expect("a manager may");
    assert!(hub.state.links().are_one(&person(WEB), &person(TILLS)));
    assert_eq!(undone(&hub.undo(1).expect("a manager may")), ["reversed"]);
    assert!(!hub.state.links().are_one(&person(WEB), &person(TILLS)));
}

#[test]
fn a_count_that_was_overridden_is_taken_back_with_what_moved_since_unless_somebody_counted() {
    for counted in [false, true] {
        let mut hub = automatic();
        let act = Act::OverrideCount { item: CAP, location: B, was: Level::units(5), to: Quantity::units(2) };
        hub.phase_of("c", vec![act]);
        hub.approve(1).expect("a manager may");
        hub.must(adjust(CAP, B, 1));
        hub.wait_minutes(1);
        if counted {
            hub.must(count(CAP, B, 3, hub.now));
        }
        assert_eq!(undone(&hub.undo(1).expect("a manager may")), [if counted { "kept" } else { "reversed" }]);
        assert_eq!(hub.at(CAP, B).on_hand(), Level::units(if counted { 3 } else { 6 }));
    }
}

#[test]
fn a_price_goes_back_unless_it_was_changed_or_never_was() {
    let mut hub = automatic();
    hub.phase_of("first", vec![Act::SetPrice { item: TEA, was: None, to: eur(900) }]);
    hub.phase_of("second", vec![Act::SetPrice { item: TEA, was: Some(eur(900)), to: eur(800) }]);
    assert_eq!(undone(&hub.undo(1).expect("a manager may")), ["kept"]);
    assert_eq!(undone(&hub.undo(2).expect("a manager may")), ["reversed"]);
    let price = |hub: &Hub| hub.state.catalogue().item(TEA).and_then(|item| item.price);
    assert_eq!(price(&hub), Some(eur(900)));
    hub.phase_of("cap", vec![Act::SetPrice { item: CAP, was: None, to: eur(900) }]);
    assert_eq!(undone(&hub.undo(3).expect("a manager may")), ["impossible"]);
}
