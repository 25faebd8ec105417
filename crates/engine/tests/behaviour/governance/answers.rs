//! Answers: one outcome, by somebody who may, about what is still so.

use model::{
    Act, ActKind, Action, Actor, Agent, Answer, Approval, Fact, Instant, Note, Phase, ProposalId, Quantity, Refusal,
    Rule, StockRule,
};

use crate::support::{B, CAP, Hub, TILLS, WEB, eur, manager, no, proposal, purchase, receive, rule, set_buffer, yes};

fn assisted() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.policy(vec![rule(Phase::Assist)]);
    hub
}

fn kinds(facts: &[Fact]) -> Vec<&'static str> {
    let name = |fact: &Fact| match fact {
        Fact::Answered { .. } => "answered",
        Fact::BufferSet { .. } => "buffer",
        Fact::Acted { .. } => "acted",
        Fact::Proposed(_) => "proposed",
        Fact::Instructed(_) => "instructed",
        _ => "another",
    };
    facts.iter().map(name).collect()
}

#[test]
fn nothing_follows_before_the_yes_and_everything_with_it() {
    let mut hub = assisted();
    let wanted = proposal(&hub, Agent::Replenishment, "po", vec![purchase(&hub, 5, Some(eur(500)))]);
    assert_eq!(kinds(&hub.propose(wanted).expect("it is sound")), ["proposed"]);
    assert_eq!((hub.waiting(), hub.state.instructions().count()), (vec![1], 0));
    assert_eq!(kinds(&hub.approve(1).expect("a manager may")), ["answered", "instructed", "acted"]);
    assert_eq!((hub.waiting(), hub.state.instructions().count()), (Vec::new(), 1));
}

#[test]
fn the_first_answer_counts() {
    let mut hub = assisted();
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    hub.answer_by(manager(), 1, no("manager")).expect("a manager may");
    assert!(matches!(hub.approve(1), Err(Refusal::NotNow { .. })));
    assert_eq!(hub.state.catalogue().buffer(WEB, CAP), Quantity::ZERO);
    assert!(matches!(hub.approve(9), Err(Refusal::Unknown { .. })));
}

#[test]
fn only_people_answer_in_a_role_that_may_and_never_who_asked() {
    let mut hub = Hub::new();
    hub.policy(vec![Rule { approvers: vec![Note::new("manager")], ..rule(Phase::Assist) }]);
    let through = Some(Note::new("mara"));
    let wanted = Box::new(proposal(&hub, Agent::Copilot, "a", vec![set_buffer(&hub, 3)]));
    let asks = Actor::Agent { agent: Agent::Copilot, through };
    hub.run_by(asks.clone(), Action::Propose { proposal: wanted, local_minute: None }).expect("it is sound");
    for by in [asks, Actor::System, Actor::Channel(WEB), Actor::Agent { agent: Agent::Pricing, through: None }] {
        assert!(matches!(hub.answer_by(by, 1, yes("manager")), Err(Refusal::Forbidden { .. })));
    }
    let refused = hub.answer_by(manager(), 1, yes("manager")).expect_err("mara asked for it");
    assert!(refused.to_string().contains("who asked for it cannot approve it"), "{refused}");
    let ben = Actor::Person(Note::new("ben"));
    let refused = hub.answer_by(ben.clone(), 1, yes("clerk")).expect_err("a clerk may not");
    assert_eq!(refused.to_string(), "it is for manager to answer");
    assert!(matches!(hub.answer_by(ben.clone(), 1, no("clerk")), Err(Refusal::Forbidden { .. })));
    hub.answer_by(ben, 1, yes("manager")).expect("ben is a manager");
    assert_eq!(hub.state.catalogue().buffer(WEB, CAP), Quantity::units(3));
}

#[test]
fn a_yes_to_what_has_changed_since_does_nothing_and_says_so() {
    let mut hub = assisted();
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    hub.must(Action::PutRule(StockRule::Buffer { item: CAP, channel: WEB, quantity: Quantity::units(7) }));
    let facts = hub.approve(1).expect("the question is answered");
    match &facts[..] {
        [Fact::Answered { answer, .. }] => {
            assert!(matches!(&**answer, Answer::Stale { what } if what.as_str().contains("buffer")))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(hub.state.catalogue().buffer(WEB, CAP), Quantity::units(7));
}

#[test]
fn what_was_to_be_bought_and_has_come_in_meanwhile_is_not_bought() {
    for (came, bought) in [(4, 1), (5, 0)] {
        let mut hub = assisted();
        hub.phase_of("po", vec![purchase(&hub, 5, Some(eur(500)))]);
        hub.must(receive(CAP, B, came));
        hub.approve(1).expect("the question is answered");
        assert_eq!(hub.state.instructions().count(), bought, "{came} came in");
    }
}

#[test]
fn what_has_changed_before_it_is_proposed_is_refused() {
    let mut hub = assisted();
    let old = set_buffer(&hub, 3);
    hub.must(Action::PutRule(StockRule::Buffer { item: CAP, channel: WEB, quantity: Quantity::units(7) }));
    let refused = hub.propose(proposal(&hub, Agent::Allocation, "a", vec![old])).expect_err("it is stale");
    assert!(refused.to_string().contains("work it out again"), "{refused}");
}

#[test]
fn of_several_acts_only_those_that_still_hold_are_done() {
    let mut hub = assisted();
    let safety = |item, to| Act::SetSafety { item, location: B, was: Quantity::ZERO, to: Quantity::units(to) };
    hub.must(receive(crate::support::MUG, B, 4));
    hub.phase_of("a", vec![safety(CAP, 2), safety(crate::support::MUG, 3)]);
    hub.must(Action::PutRule(StockRule::Safety { item: CAP, location: B, quantity: Quantity::units(1) }));
    let facts = hub.approve(1).expect("a manager may");
    let Some(Fact::Acted { acts, .. }) = facts.last() else { panic!("{facts:?}") };
    let done: Vec<bool> = acts.iter().map(|done| !matches!(done.made, model::Made::Nothing(_))).collect();
    assert_eq!(done, [false, true]);
}

#[test]
fn an_unanswered_proposal_lapses_and_cannot_be_approved_afterwards() {
    let mut hub = Hub::new();
    hub.policy(vec![Rule { lapses_ms: Some(60 * 60_000), ..rule(Phase::Assist) }]);
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    hub.wait_minutes(59);
    assert_eq!(hub.must(Action::Lapse { max: 9 }), Vec::new());
    hub.wait_minutes(1);
    assert!(matches!(hub.approve(1), Err(Refusal::NotNow { .. })), "even before the timer has come by");
    assert_eq!(kinds(&hub.must(Action::Lapse { max: 9 })), ["answered"]);
    assert_eq!(hub.waiting(), [0_u64; 0]);
}

#[test]
fn a_later_proposal_about_the_same_thing_takes_the_place_of_an_earlier_one() {
    let mut hub = assisted();
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    hub.phase_of("b", vec![set_buffer(&hub, 4)]);
    assert_eq!(hub.waiting(), [2]);
}

#[test]
fn who_approves_may_change_it_within_its_kind_and_says_why() {
    let mut hub = assisted();
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    let edited = |acts, reason: &str| {
        let (role, way) = (Note::new("manager"), Note::new("page"));
        Answer::Approved(Approval { role, way, instead: Some(acts), reason: Note::new(reason) })
    };
    let two = vec![set_buffer(&hub, 2)];
    assert!(matches!(
        hub.answer_by(manager(), 1, edited(two.clone(), "")),
        Err(Refusal::Invalid { field: "reason", .. })
    ));
    let other = vec![purchase(&hub, 1, None)];
    assert!(matches!(
        hub.answer_by(manager(), 1, edited(other, "why")),
        Err(Refusal::Invalid { field: "instead", .. })
    ));
    hub.answer_by(manager(), 1, edited(two, "three is too many")).expect("a manager may");
    assert_eq!(hub.state.catalogue().buffer(WEB, CAP), Quantity::units(2));
}

#[test]
fn the_policy_of_the_moment_of_the_yes_counts() {
    let mut hub = assisted();
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    hub.policy(vec![rule(Phase::Observe)]);
    let refused = hub.approve(1).expect_err("it is only observed now");
    assert_eq!(refused.to_string(), "it may not be done any more: rule “observe” says observe");
    hub.policy(vec![Rule { approvers: vec![Note::new("ops")], ..rule(Phase::Assist) }]);
    assert!(matches!(hub.approve(1), Err(Refusal::Forbidden { .. })), "managers may not any more");
    hub.answer_by(manager(), 1, yes("ops")).expect("ops may");
}

#[test]
fn a_proposal_that_was_put_off_goes_on_waiting() {
    let mut hub = assisted();
    hub.phase_of("a", vec![set_buffer(&hub, 3)]);
    let until = Instant(hub.now.0 + 1);
    for wrong in [hub.now, hub.now.plus_ms(100 * 24 * 3_600_000)] {
        let put_off = hub.run_by(manager(), Action::Snooze { id: ProposalId(1), until: wrong });
        assert!(matches!(put_off, Err(Refusal::Invalid { field: "until", .. })), "{wrong}");
    }
    hub.run_by(manager(), Action::Snooze { id: ProposalId(1), until }).expect("a person may");
    assert_eq!(hub.state.governance().open().map(|open| open.snoozed_until).collect::<Vec<_>>(), [Some(until)]);
    hub.approve(1).expect("a manager may");
}

#[test]
fn a_read_only_channel_is_not_written_to_by_any_yes() {
    let mut hub = assisted();
    hub.phase_of("po", vec![purchase(&hub, 5, Some(eur(500)))]);
    let locations = [B, crate::support::C];
    hub.must(crate::support::read_only(crate::support::channel(TILLS, &locations, Quantity::ZERO, false)));
    let facts = hub.approve(1).expect("the question is answered");
    let Some(Fact::Acted { acts, .. }) = facts.last() else { panic!("{facts:?}") };
    assert!(matches!(&acts[0].made, model::Made::Nothing(why) if why.as_str().contains("read-only")));
    assert_eq!(hub.state.instructions().count(), 0);
    assert_eq!(acts[0].act.kind(), ActKind::Purchase);
}
