//! The part of the story in which agents propose and people answer.

use model::*;

use crate::play::{SHIRT, SHOP, STORE, TILL, customer};

/// Every kind of act, answer and end.
pub fn governed() -> Vec<Fact> {
    let eur = |minor| Money { minor, currency: Currency::parse("EUR").expect("a code") };
    let (was, to) = (Quantity::units(1), Quantity::units(3));
    let line = |units| InstructionLine { item: SHIRT, quantity: Quantity::units(units), each: Some(eur(700)) };
    let purchase = MakePurchase {
        supplier: Note::new("Shirts & Co"),
        location: STORE,
        lines: (1..=5).map(line).collect(),
        expected: None,
        note: Note::new(""),
    };
    let one_and_other = (customer(SHOP, "customer-7"), customer(TILL, "c-1"));
    let (shown, wanted) = (Level::units(90), Level::units(4));
    let acts = vec![
        Act::SetBuffer { item: SHIRT, channel: SHOP, was, to },
        Act::SetSafety { item: SHIRT, location: STORE, was, to },
        Act::Purchase { channel: TILL, purchase, cover: Vec::new() },
        Act::Transfer { from: STORE, to: STORE, lines: vec![(SHIRT, to)], cover: Vec::new() },
        Act::LinkCustomers { one: one_and_other.0, other: one_and_other.1 },
        Act::MapItem { channel: SHOP, external: "gid-9".into(), was: None, to: Some(SHIRT) },
        Act::SetPrice { item: SHIRT, was: None, to: eur(1_950) },
        Act::OverrideCount { item: SHIRT, location: STORE, was: Level::units(4), to },
        Act::WriteHeld { channel: SHOP, item: SHIRT, location: STORE, shown, wanted },
    ];
    let phases = [Phase::Assist, Phase::Observe, Phase::Automate];
    let made = acts.iter().zip(phases.into_iter().cycle()).enumerate();
    let mut facts: Vec<Fact> = made.map(|(place, (act, phase))| proposed(place as u64 + 1, act, phase)).collect();
    facts.splice(0..0, rules());
    facts.extend(answers());
    facts.extend(ends(&acts));
    facts
}

fn rules() -> Vec<Fact> {
    let brake = |id, agents, phase| {
        let (acts, scope, reason) = (Vec::new(), Scope::default(), Note::new("too many undone"));
        Fact::BrakePut(Box::new(Brake { id, agents, acts, scope, phase, reason }))
    };
    let (policy, text, reason) = (Policy::default(), Note::new(""), Note::new("the pilot"));
    vec![
        Fact::Categorised { item: SHIRT, category: Note::new("shirts") },
        Fact::Categorised { item: SHIRT, category: Note::new("") },
        Fact::PolicyPut(Box::new(PolicyPut { version: 1, policy, text, reason })),
        brake(1, Vec::new(), Phase::Off),
        brake(2, vec![Agent::Pricing, Agent::Identity], Phase::Assist),
        Fact::BrakeLifted { id: 1, reason: Note::new("mended") },
    ]
}

fn proposed(id: u64, act: &Act, phase: Phase) -> Fact {
    let proposal = Proposal {
        agent: Agent::Allocation,
        version: Note::new("1"),
        key: IdempotencyKey::new(&id.to_string()),
        acts: vec![act.clone()],
        seen: Seq(1),
        confidence: 9_000,
        value: None,
        why: Note::new("it sells"),
        reasons: Vec::new(),
        instead: Vec::new(),
        flip: None,
    };
    let (rules, held_by, approvers) = (Vec::new(), Vec::new(), Vec::new());
    let verdict = Verdict { phase, policy: 1, rules, held_by, approvers, lapses_at: Instant(0) };
    Fact::Proposed(Box::new(Proposed { id: ProposalId(id), proposal, verdict }))
}

fn answers() -> Vec<Fact> {
    let role = || Note::new("manager");
    let approved = |instead, reason: &str| {
        Answer::Approved(Approval { role: role(), way: Note::new("page"), instead, reason: Note::new(reason) })
    };
    let answers = [
        approved(None, ""),
        approved(Some(Vec::new()), "fewer"),
        Answer::Rejected { role: role(), way: Note::new("page"), reason: Note::new("too dear") },
        Answer::Lapsed,
        Answer::Stale { what: Note::new("the price is 9.00 EUR now") },
        Answer::Replaced { by: ProposalId(9) },
    ];
    (1..).zip(answers).map(|(id, answer)| Fact::Answered { id: ProposalId(id), answer: Box::new(answer) }).collect()
}

fn ends(acts: &[Act]) -> Vec<Fact> {
    let nothing = || Made::Nothing(Note::new("channel till is read-only"));
    let acted = |id, made: Vec<Made>| {
        let acts = acts.iter().cloned().zip(made).map(|(act, made)| DoneAct { act, made }).collect();
        Fact::Acted { id: ProposalId(id), acts }
    };
    let kept = || Undone::Kept { because: Note::new("it was counted since") };
    let undone = |id, acts| Fact::ActsUndone { id: ProposalId(id), acts, reason: Note::new("wrong shirt") };
    vec![
        acted(1, vec![Made::Set]),
        acted(2, vec![Made::Set, nothing()]),
        acted(3, vec![nothing()]),
        undone(1, vec![Undone::Reversed]),
        undone(2, vec![kept(), Undone::Reversed]),
        Fact::Snoozed { id: ProposalId(4), until: Instant(1_800_000_000_000) },
    ]
}
