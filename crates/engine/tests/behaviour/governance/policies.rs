//! How far a proposal goes: by rules, by brakes, and by what no rule can relax.

use model::{
    Act, ActKind, Action, Actor, Agent, ChannelId, CustomerAt, CustomerKey, CustomerSeen, Fact, Level, Note, Phase,
    Policy, Quantity, Refusal, Rule, Scope,
};

use crate::support::{
    A, B, CAP, Hub, MUG, NEVER, TILLS, WEB, adjust, held_by, manager, may_buy, phase, proposal, purchase, rule,
    set_buffer,
};

#[test]
fn without_a_rule_a_proposal_is_recorded_and_nothing_follows() {
    let mut hub = Hub::new();
    let wanted = proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 3)]);
    let facts = hub.propose(wanted).expect("it is sound");
    assert_eq!((phase(&facts), facts.len()), (Phase::Observe, 1));
    assert_eq!(held_by(&facts), "no rule lets allocation set_buffer for cap on web");
    assert_eq!(hub.waiting(), [0_u64; 0]);
    assert_eq!(hub.state.catalogue().buffer(WEB, CAP), Quantity::ZERO);
}

#[test]
fn the_same_proposal_again_changes_nothing() {
    let mut hub = Hub::new();
    hub.policy(vec![rule(Phase::Automate)]);
    let wanted = proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 3)]);
    assert_eq!(hub.propose(wanted.clone()).expect("it is sound").len(), 3);
    assert_eq!(hub.propose(wanted), Ok(Vec::new()));
}

#[test]
fn the_strictest_of_the_rules_that_match_wins() {
    let mut hub = Hub::new();
    let only = |rule: Rule, name: &str, scope: Scope| Rule { name: Note::new(name), scope, ..rule };
    let items = |sku: &str| Scope { items: vec![Note::new(sku)], ..Scope::default() };
    hub.policy(vec![rule(Phase::Automate), only(rule(Phase::Assist), "caps", items("ca*"))]);
    assert_eq!(hub.phase_of("a", vec![set_buffer(&hub, 3)]), Phase::Assist);
    hub.policy(vec![rule(Phase::Automate), only(rule(Phase::Assist), "mugs", items("mug"))]);
    assert_eq!(hub.phase_of("b", vec![set_buffer(&hub, 4)]), Phase::Automate);
    hub.policy(vec![only(rule(Phase::Automate), "mugs", items("mug"))]);
    assert_eq!(hub.phase_of("c", vec![set_buffer(&hub, 5)]), Phase::Observe);
}

#[test]
fn a_rule_holds_for_its_store_channel_category_agent_act_and_time_alone() {
    let scopes = [
        (Scope { stores: vec![Note::new("B")], ..Scope::default() }, Phase::Observe),
        (Scope { channels: vec![Note::new("web")], ..Scope::default() }, Phase::Automate),
        (Scope { channels: vec![Note::new("tills")], ..Scope::default() }, Phase::Observe),
        (Scope { categories: vec![Note::new("hats")], ..Scope::default() }, Phase::Automate),
        (Scope { categories: vec![Note::new("tea")], ..Scope::default() }, Phase::Observe),
    ];
    for (number, (scope, expected)) in scopes.into_iter().enumerate() {
        let mut hub = Hub::new();
        hub.must(Action::Categorise { item: CAP, category: Note::new("hats") });
        hub.policy(vec![Rule { scope: scope.clone(), ..rule(Phase::Automate) }]);
        assert_eq!(hub.phase_of(&number.to_string(), vec![set_buffer(&hub, 3)]), expected, "{scope:?}");
    }
    let mut hub = Hub::new();
    hub.policy(vec![Rule { agents: vec![Agent::Pricing], ..rule(Phase::Automate) }]);
    assert_eq!(hub.phase_of("agent", vec![set_buffer(&hub, 3)]), Phase::Observe);
    hub.policy(vec![Rule { acts: vec![ActKind::SetSafety], ..rule(Phase::Automate) }]);
    assert_eq!(hub.phase_of("act", vec![set_buffer(&hub, 3)]), Phase::Observe);
    hub.policy(vec![Rule { until: Some(hub.now), ..rule(Phase::Automate) }]);
    assert_eq!(hub.phase_of("until", vec![set_buffer(&hub, 3)]), Phase::Observe);
}

#[test]
fn both_stores_of_a_transfer_must_be_allowed() {
    let mut hub = Hub::new();
    hub.must(adjust(CAP, A, 9));
    let lines = vec![(CAP, Quantity::units(2))];
    let transfer = |cover| Act::Transfer { from: A, to: B, lines: lines.clone(), cover: vec![cover] };
    let only = |stores: &[&str]| Scope { stores: stores.iter().map(|s| Note::new(s)).collect(), ..Scope::default() };
    hub.policy(vec![Rule { scope: only(&["A"]), ..rule(Phase::Automate) }]);
    assert_eq!(hub.phase_of("one", vec![transfer(Level::ZERO)]), Phase::Observe);
    hub.policy(vec![Rule { scope: only(&["A", "B"]), ..rule(Phase::Automate) }]);
    assert_eq!(hub.phase_of("both", vec![transfer(Level::ZERO)]), Phase::Automate);
    assert_eq!(hub.state.transfers().count(), 1);
}

#[test]
fn no_rule_lets_an_agent_merge_people_override_a_count_or_write_what_is_held_by_itself() {
    let mut hub = Hub::with_caps_at_b(5);
    let person = |channel: ChannelId| CustomerAt { channel, customer: CustomerKey::new("ann") };
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
    hub.policy(vec![rule(Phase::Automate)]);
    let merge = Act::LinkCustomers { one: person(WEB), other: person(TILLS) };
    assert_eq!(hub.phase_of("merge", vec![merge]), Phase::Assist);
    let was = Level::units(5);
    let count = Act::OverrideCount { item: CAP, location: B, was, to: Quantity::units(3) };
    assert_eq!(hub.phase_of("count", vec![count]), Phase::Assist);
    assert_eq!(hub.at(CAP, B).on_hand(), was);
}

#[test]
fn no_rule_lets_an_agent_that_does_not_know_act_by_itself() {
    let mut hub = Hub::new();
    hub.policy(vec![rule(Phase::Automate)]);
    let mut wanted = proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 3)]);
    wanted.confidence = 0;
    let facts = hub.propose(wanted).expect("it is sound");
    assert_eq!((phase(&facts), held_by(&facts)), (Phase::Assist, "the agent does not know".to_owned()));
}

#[test]
fn a_purchase_without_a_limit_of_money_needs_a_person_whatever_the_rule_says() {
    let mut hub = Hub::new();
    hub.policy(vec![Rule { limits: Default::default(), ..may_buy(0) }]);
    assert_eq!(hub.phase_of("a", vec![purchase(&hub, 1, None)]), Phase::Assist);
}

#[test]
fn a_kill_switch_stops_what_it_covers_until_it_is_lifted() {
    let mut hub = Hub::new();
    hub.policy(vec![rule(Phase::Automate)]);
    let stop = |agents: &[Agent], phase| Action::PutBrake {
        agents: agents.to_vec(),
        acts: Vec::new(),
        scope: Scope::default(),
        phase,
        reason: Note::new("it went wrong"),
    };
    hub.run_by(manager(), stop(&[Agent::Pricing], Phase::Off)).expect("a person may");
    assert_eq!(hub.phase_of("other agent", vec![set_buffer(&hub, 3)]), Phase::Automate);
    hub.run_by(manager(), stop(&[], Phase::Off)).expect("a person may");
    assert_eq!(hub.run_by(manager(), stop(&[], Phase::Off)), Ok(Vec::new()), "twice is once");
    let wanted = proposal(&hub, Agent::Allocation, "stopped", vec![set_buffer(&hub, 4)]);
    let refused = hub.propose(wanted.clone()).expect_err("everything is stopped");
    assert_eq!(refused.to_string(), "allocation may not: stopped: it went wrong");
    let lift = Action::LiftBrake { id: 2, reason: Note::new("mended") };
    hub.run_by(manager(), lift.clone()).expect("a person may");
    assert_eq!(phase(&hub.propose(wanted).expect("nothing stops it")), Phase::Automate);
    assert!(matches!(hub.run_by(manager(), lift), Err(Refusal::Unknown { .. })));
}

#[test]
fn the_hub_steps_back_by_itself_and_never_forward() {
    let mut hub = Hub::new();
    hub.policy(vec![rule(Phase::Automate)]);
    let brake = |phase| Action::PutBrake {
        agents: vec![Agent::Allocation],
        acts: vec![ActKind::SetBuffer],
        scope: Scope::default(),
        phase,
        reason: Note::new("three of five were undone"),
    };
    hub.run(brake(Phase::Assist)).expect("the hub may step back");
    assert_eq!(hub.phase_of("a", vec![set_buffer(&hub, 3)]), Phase::Assist);
    assert!(matches!(hub.run(brake(Phase::Automate)), Err(Refusal::Invalid { field: "phase", .. })));
    let lift = Action::LiftBrake { id: 1, reason: Note::new("trust me") };
    assert!(matches!(hub.run(lift), Err(Refusal::Forbidden { .. })));
}

#[test]
fn an_agent_can_only_propose_and_only_in_its_own_name() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.policy(vec![rule(Phase::Automate)]);
    let agent = Actor::Agent { agent: Agent::Allocation, through: None };
    let policy = Action::PutPolicy { base: 1, policy: Policy::default(), text: Note::new(""), reason: Note::new("x") };
    for action in [adjust(CAP, B, 1), policy, Action::Lapse { max: 9 }, Action::Expire { max: 9 }] {
        assert!(matches!(hub.run_by(agent.clone(), action), Err(Refusal::Forbidden { .. })));
    }
    let other = Box::new(proposal(&hub, Agent::Pricing, "a", vec![set_buffer(&hub, 3)]));
    for by in [agent, manager(), Actor::System] {
        let propose = Action::Propose { proposal: other.clone(), local_minute: None };
        assert!(matches!(hub.run_by(by, propose), Err(Refusal::Forbidden { .. })));
    }
}

#[test]
fn a_policy_is_changed_by_people_from_the_version_that_holds() {
    let mut hub = Hub::new();
    let put = |base, name: &str| Action::PutPolicy {
        base,
        policy: Policy { rules: vec![Rule { name: Note::new(name), ..rule(Phase::Assist) }] },
        text: Note::new(name),
        reason: Note::new("to try"),
    };
    assert!(matches!(hub.run(put(0, "a")), Err(Refusal::Forbidden { .. })));
    hub.run_by(manager(), put(0, "a")).expect("a person may");
    assert_eq!(hub.run_by(manager(), put(0, "a")), Ok(Vec::new()), "it holds already");
    let late = hub.run_by(manager(), put(0, "b")).expect_err("somebody was quicker");
    assert!(late.to_string().contains("version 1 holds, not 0"), "{late}");
    let facts = hub.run_by(manager(), put(1, "b")).expect("it is made from what holds");
    assert!(matches!(&facts[..], [Fact::PolicyPut(put)] if put.version == 2));
    assert!(matches!(hub.run_by(manager(), put(2, "")), Err(Refusal::Invalid { field: "name", .. })));
}

#[test]
fn what_is_not_sound_is_refused_by_name() {
    let mut hub = Hub::new();
    hub.policy(vec![rule(Phase::Automate)]);
    let sound = proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 3)]);
    let safety = Act::SetSafety { item: MUG, location: B, was: Quantity::ZERO, to: Quantity::units(1) };
    let wrong = [
        ("key", model::Proposal { key: "".into(), ..sound.clone() }),
        ("seen", model::Proposal { seen: NEVER, ..sound.clone() }),
        ("confidence", model::Proposal { confidence: 10_001, ..sound.clone() }),
        ("acts", model::Proposal { acts: Vec::new(), ..sound.clone() }),
        ("acts", model::Proposal { acts: vec![set_buffer(&hub, 1), set_buffer(&hub, 2)], ..sound.clone() }),
        ("acts", model::Proposal { acts: vec![set_buffer(&hub, 1), safety], ..sound.clone() }),
        ("acts", model::Proposal { acts: vec![purchase(&hub, 1, None), purchase(&hub, 2, None)], ..sound.clone() }),
        ("why", model::Proposal { why: Note::new(&"long ".repeat(500)), ..sound.clone() }),
    ];
    for (field, proposal) in wrong {
        match hub.propose(proposal) {
            Err(Refusal::Invalid { field: named, .. }) => assert_eq!(named, field),
            other => panic!("{field}: {other:?}"),
        }
    }
}

#[test]
fn nobody_is_asked_about_what_could_not_be_done() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.policy(vec![rule(Phase::Assist)]);
    let price = |minor| Act::SetPrice { item: MUG, was: None, to: crate::support::eur(minor) };
    let one = || (CAP, Quantity::units(1));
    let nowhere = Act::Transfer { from: B, to: B, lines: vec![one()], cover: vec![Level::units(5)] };
    let stranger = |channel| CustomerAt { channel, customer: CustomerKey::new("nobody") };
    let nobody = Act::LinkCustomers { one: stranger(WEB), other: stranger(TILLS) };
    for (number, act) in [price(0), price(-1), price(i64::MAX), nowhere, nobody].into_iter().enumerate() {
        let wanted = proposal(&hub, Agent::Allocation, &number.to_string(), vec![act.clone()]);
        assert!(hub.propose(wanted).is_err(), "{act:?}");
    }
    assert_eq!(hub.waiting(), [0_u64; 0]);
}
