//! Agents that act alone are watched: what turns out badly puts them a step back.

use model::{Action, Actor, Agent, Fact, Note, Oversold, OversoldBy, Phase, Quantity, Rule};

use crate::support::{B, CAP, Hub, MUG, TILLS, WEB, manager, rule, set_buffer};

/// So many buffers set by the agent alone, of which some were taken back.
fn after(done: u32, undone: u32) -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.policy(vec![rule(Phase::Automate)]);
    for number in 1..=done {
        assert_eq!(hub.phase_of(&number.to_string(), vec![set_buffer(&hub, number)]), Phase::Automate);
        if number <= undone {
            hub.undo(number.into()).expect("a manager may");
        }
    }
    hub
}

fn put_back(hub: &mut Hub) -> Vec<String> {
    let facts = hub.must(Action::Watch);
    let reason = |fact: &Fact| match fact {
        Fact::BrakePut(brake) => format!("{:?} {:?} {:?}: {}", brake.agents, brake.acts, brake.phase, brake.reason),
        other => panic!("{other:?}"),
    };
    facts.iter().map(reason).collect()
}

#[test]
fn an_agent_whose_acts_are_taken_back_asks_again() {
    assert_eq!(put_back(&mut after(8, 2)), Vec::<String>::new(), "two may happen");
    let mut hub = after(8, 3);
    let expected = "[Allocation] [SetBuffer] Assist: of the last 8 times that allocation did set_buffer alone, 3 were taken \
                    back and 0 were followed by an oversell";
    assert_eq!(put_back(&mut hub), [expected]);
    assert_eq!(put_back(&mut hub), Vec::<String>::new(), "once");
    let next = set_buffer(&hub, 30);
    assert_eq!(hub.phase_of("next", vec![next]), Phase::Assist);
}

#[test]
fn whoever_lifts_the_brake_begins_anew() {
    let mut hub = after(8, 3);
    put_back(&mut hub);
    hub.run_by(manager(), Action::LiftBrake { id: 1, reason: Note::new("seen") }).expect("a person may");
    assert_eq!(put_back(&mut hub), Vec::<String>::new());
    let next = set_buffer(&hub, 30);
    assert_eq!(hub.phase_of("next", vec![next]), Phase::Automate);
}

#[test]
fn what_people_approved_is_not_held_against_the_agent() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.policy(vec![rule(Phase::Assist)]);
    for number in 1..=5 {
        hub.phase_of(&number.to_string(), vec![set_buffer(&hub, number)]);
        hub.approve(number.into()).expect("a manager may");
        hub.undo(number.into()).expect("a manager may");
    }
    assert_eq!(put_back(&mut hub), Vec::<String>::new());
}

#[test]
fn oversells_of_its_items_count_and_those_of_others_do_not() {
    for (item, expected) in [(MUG, 0), (CAP, 1)] {
        let mut hub = after(3, 0);
        let oversold = Fact::Oversold(Oversold {
            item,
            location: B,
            channel: Some(TILLS),
            order: None,
            units: Quantity::units(1),
            by: OversoldBy::Race,
            shown: None,
        });
        let entry = model::Entry { at: hub.now, by: Actor::System, fact: oversold };
        engine::evolve(&mut hub.state, &entry);
        assert_eq!(put_back(&mut hub).len(), expected, "{item}");
    }
}

#[test]
fn what_happened_long_ago_or_to_another_agent_is_not_counted() {
    let mut hub = after(3, 3);
    hub.wait_minutes(8 * 24 * 60);
    let next = set_buffer(&hub, 40);
    hub.phase_of("later", vec![next]);
    assert_eq!(put_back(&mut hub), Vec::<String>::new());
    let mut hub = after(3, 3);
    hub.policy(vec![Rule { agents: vec![Agent::Pricing], ..rule(Phase::Automate) }]);
    assert_eq!(put_back(&mut hub).len(), 1, "the policy of now does not matter for what was");
    assert_eq!(hub.state.catalogue().buffer(WEB, CAP), Quantity::ZERO);
}
