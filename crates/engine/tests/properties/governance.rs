//! Whatever is proposed under whatever policy: nothing follows before somebody who may has said yes, and what follows
//! is what was asked for.

use model::{
    Act, ActKind, Action, Actor, Agent, ChannelId, CustomerAt, CustomerKey, CustomerSeen, Fact, Level, Limits, Note,
    Phase, Policy, ProposalId, Quantity, Rule, Scope,
};
use proptest::prelude::*;

use crate::support::{
    A, B, CAP, Hub, MUG, TILLS, WEB, adjust, eur, external, manager, no, proposal, purchase, set_buffer, yes,
};

/// One act of every kind, all of which could be done.
fn acts(hub: &Hub) -> Vec<Act> {
    let person = |channel: ChannelId| CustomerAt { channel, customer: CustomerKey::new("ann") };
    vec![
        set_buffer(hub, 2),
        Act::SetSafety { item: CAP, location: B, was: Quantity::ZERO, to: Quantity::units(1) },
        purchase(hub, 3, Some(eur(700))),
        Act::Transfer { from: B, to: A, lines: vec![(CAP, Quantity::units(1))], cover: vec![Level::ZERO] },
        Act::LinkCustomers { one: person(WEB), other: person(TILLS) },
        Act::MapItem { channel: WEB, external: external(WEB, MUG), was: Some(MUG), to: None },
        Act::SetPrice { item: MUG, was: None, to: eur(900) },
        Act::OverrideCount { item: CAP, location: B, was: Level::units(5), to: Quantity::units(4) },
    ]
}

fn stage() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(adjust(MUG, A, 2));
    for channel in [WEB, TILLS] {
        let customer = CustomerKey::new("ann");
        hub.must(Action::CustomerSeen(CustomerSeen {
            channel,
            customer,
            version: 1,
            updated_at: hub.now,
            person: None,
        }));
    }
    hub.state.take_touched();
    hub
}

fn a_rule() -> impl Strategy<Value = Rule> {
    let phase = prop::sample::select(vec![Phase::Off, Phase::Observe, Phase::Assist, Phase::Automate]);
    let agents = prop::sample::subsequence(vec![Agent::Allocation, Agent::Pricing], 0..2);
    let acts = prop::sample::subsequence(ActKind::ALL.to_vec(), 0..3);
    let places = prop::sample::subsequence(vec![Note::new("A"), Note::new("B")], 0..3);
    let items = prop::sample::subsequence(vec![Note::new("cap"), Note::new("mu*")], 0..2);
    let limits = (prop::option::of(0..5_000_i64), any::<bool>(), prop::option::of(9_000..10_000_u16));
    let approvers = prop::sample::subsequence(vec![Note::new("manager"), Note::new("ops")], 0..3);
    (phase, agents, acts, places, items, limits, approvers, any::<u64>()).prop_map(
        |(phase, agents, acts, stores, items, (money, new_supplier, confidence), approvers, name)| Rule {
            name: Note::new(&name.to_string()),
            agents,
            acts,
            scope: Scope { stores, items, ..Scope::default() },
            phase,
            limits: Limits { money: money.map(eur), new_supplier, confidence, ..Limits::default() },
            approvers,
            lapses_ms: None,
            until: None,
        },
    )
}

/// Facts that are about the question and not about the world.
fn only_words(facts: &[Fact]) -> bool {
    facts.iter().all(|fact| matches!(fact, Fact::Proposed(_) | Fact::Answered { .. }))
}

/// The strictest of what a rule says about each place that is touched, worked out anew from the rules alone.
fn may_act_alone(rules: &[Rule], act: &Act, sku: &str, stores: &[Option<&str>]) -> bool {
    let kind = act.kind();
    let speaks = |rule: &&Rule, store: &Option<&str>| {
        let named = |names: &[Note], name: Option<&str>| {
            names.is_empty()
                || name.is_some_and(|name| {
                    names.iter().any(|n| {
                        n.as_str() == name || n.as_str().strip_suffix('*').is_some_and(|s| name.starts_with(s))
                    })
                })
        };
        (rule.agents.is_empty() || rule.agents.contains(&Agent::Allocation))
            && (rule.acts.is_empty() || rule.acts.contains(&kind))
            && named(&rule.scope.stores, *store)
            && named(&rule.scope.items, Some(sku).filter(|sku| !sku.is_empty()))
    };
    stores.iter().all(|store| {
        let phases: Vec<Phase> = rules.iter().filter(|rule| speaks(rule, store)).map(|rule| rule.phase).collect();
        !phases.is_empty() && phases.iter().all(|phase| *phase == Phase::Automate)
    })
}

/// SKU and stores that an act of [`acts`] touches.
fn touches(number: usize) -> (&'static str, &'static [Option<&'static str>]) {
    match number {
        0 => ("cap", &[None]),
        1 | 2 | 7 => ("cap", &[Some("B")]),
        3 => ("cap", &[Some("A"), Some("B")]),
        4 => ("", &[None]),
        _ => ("mug", &[None]),
    }
}

proptest! {
    #[test]
    fn nothing_follows_before_the_yes(rules in prop::collection::vec(a_rule(), 0..5), number in 0..8_usize) {
        let mut hub = stage();
        let put = Action::PutPolicy {
            base: 0, policy: Policy { rules: rules.clone() }, text: Note::new("x"), reason: Note::new("to try"),
        };
        hub.run_by(manager(), put).expect("names are drawn apart");
        let act = acts(&hub).swap_remove(number);
        let (books, wanted) = (hub.state.positions().len(), hub.wanted(WEB, CAP, B));
        let asked = proposal(&hub, Agent::Allocation, "a", vec![act.clone()]);
        let Ok(facts) = hub.propose(asked) else {
            prop_assert!(rules.iter().any(|rule| rule.phase == Phase::Off), "only a stop refuses what is sound");
            return Ok(());
        };
        let phase = crate::support::phase(&facts);
        let (sku, stores) = touches(number);
        if phase == Phase::Automate {
            prop_assert!(may_act_alone(&rules, &act, sku, stores), "{rules:?}");
            prop_assert!(!act.kind().needs_person());
            return Ok(());
        }
        // Facts and state: the question is all there is.
        prop_assert!(only_words(&facts), "{facts:?}");
        prop_assert_eq!(hub.state.take_touched(), engine::Touched::default());
        prop_assert_eq!((hub.state.positions().len(), hub.wanted(WEB, CAP, B)), (books, wanted));
        prop_assert_eq!((hub.state.instructions().count(), hub.state.transfers().count()), (0, 0));
        // Whoever may not say yes changes nothing either.
        let others = [
            Actor::System,
            Actor::Channel(WEB),
            Actor::Agent { agent: Agent::Allocation, through: None },
            Actor::Agent { agent: Agent::Copilot, through: Some(Note::new("x")) },
        ];
        for by in others {
            prop_assert!(hub.answer_by(by, 1, yes("admin")).is_err());
        }
        if phase == Phase::Observe {
            prop_assert!(hub.approve(1).is_err(), "nobody is asked");
            return Ok(());
        }
        prop_assert!(only_words(&hub.answer_by(manager(), 1, yes("clerk")).unwrap_or_default()) || rules.iter().all(|rule| rule.approvers.is_empty()) || !hub.waiting().contains(&1));
        for role in ["manager", "ops", "admin"] {
            if let Ok(facts) = hub.answer_by(manager(), 1, yes(role)) {
                let done = facts.iter().any(|fact| matches!(fact, Fact::Acted { id: ProposalId(1), .. }));
                prop_assert!(done && facts.len() > 2, "{facts:?}");
            }
        }
    }

    #[test]
    fn of_all_who_answer_one_is_heard(answers in prop::collection::vec((0..3_u8, any::<bool>()), 1..20)) {
        let mut hub = stage();
        hub.policy(vec![crate::support::rule(Phase::Assist)]);
        let asked = proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 2)]);
        hub.propose(asked).expect("it is sound");
        let mut heard = Vec::new();
        for (who, agrees) in answers {
            let by = Actor::Person(Note::new(&format!("person {who}")));
            if hub.answer_by(by, 1, if agrees { yes("ops") } else { no("ops") }).is_ok() {
                heard.push(agrees);
            }
        }
        prop_assert_eq!(heard.len(), 1);
        let expected = if heard[0] { Quantity::units(2) } else { Quantity::ZERO };
        prop_assert_eq!(hub.state.catalogue().buffer(WEB, CAP), expected);
    }

    #[test]
    fn what_is_undone_at_once_is_as_it_was(number in 0..8_usize) {
        let mut hub = stage();
        hub.policy(vec![crate::support::rule(Phase::Assist)]);
        let act = acts(&hub).swap_remove(number);
        let view = |hub: &Hub| {
            (
                hub.state.catalogue().buffer(WEB, CAP),
                [hub.books(CAP, B), hub.books(CAP, A), hub.books(MUG, A)],
                hub.at(CAP, B).safety(),
                (hub.state.instructions().count(), hub.state.transfers().count(), hub.state.links().iter().count()),
                hub.state.catalogue().mapped_item(WEB, &external(WEB, MUG)),
                hub.wanted(TILLS, CAP, B),
            )
        };
        let before = view(&hub);
        let asked = proposal(&hub, Agent::Allocation, "a", vec![act.clone()]);
        hub.propose(asked).expect("it is sound");
        hub.approve(1).expect("a manager may");
        hub.undo(1).expect("a manager may");
        prop_assert_eq!(view(&hub), before, "{:?}", act);
    }

    #[test]
    fn a_state_with_proposals_is_restored_to_the_last_bit(rules in prop::collection::vec(a_rule(), 0..5)) {
        let mut hub = stage();
        hub.policy(rules);
        for (number, act) in acts(&hub).into_iter().enumerate() {
            let asked = proposal(&hub, Agent::Allocation, &number.to_string(), vec![act]);
            let _ = hub.propose(asked);
        }
        for id in hub.waiting().into_iter().step_by(2) {
            let _ = hub.answer_by(manager(), id, yes("manager"));
        }
        let bytes = hub.state.snapshot();
        let restored = engine::State::restore(&bytes).expect("what was stored reads back");
        prop_assert!(restored.snapshot() == bytes);
        prop_assert_eq!(restored.governance(), hub.state.governance());
    }
}
