//! Words for who may act: rules, proposals, and people who answer.

use model::{
    Act, ActKind, Action, Actor, Agent, Answer, Approval, Currency, Fact, IdempotencyKey, InstructionLine, Level,
    Limits, MakePurchase, Money, Note, Phase, Policy, Proposal, ProposalId, Quantity, Refusal, Rule, Seq,
};

use super::hub::{B, CAP, Hub, TILLS, WEB};

/// A person who may say yes.
pub fn manager() -> Actor {
    Actor::Person(Note::new("mara"))
}

/// Euros.
pub fn eur(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("EUR").expect("a code") }
}

/// A rule for everybody and everything.
pub fn rule(phase: Phase) -> Rule {
    Rule { name: Note::new(phase.name()), phase, ..Rule::default() }
}

/// A rule under which a purchase needs nobody.
pub fn may_buy(limit: i64) -> Rule {
    let limits = Limits { money: Some(eur(limit)), new_supplier: true, ..Limits::default() };
    Rule { name: Note::new("buying"), acts: vec![ActKind::Purchase], limits, ..rule(Phase::Automate) }
}

/// A cap's buffer on the web channel, from what it is now.
pub fn set_buffer(hub: &Hub, to: u32) -> Act {
    Act::SetBuffer { item: CAP, channel: WEB, was: hub.state.catalogue().buffer(WEB, CAP), to: Quantity::units(to) }
}

/// Caps for B, at a price each.
pub fn purchase(hub: &Hub, units: u32, each: Option<Money>) -> Act {
    let lines = vec![InstructionLine { item: CAP, quantity: Quantity::units(units), each }];
    let (supplier, note) = (Note::new("Hats & Co"), Note::new(""));
    let purchase = MakePurchase { supplier, location: B, lines, expected: None, note };
    let position = hub.at(CAP, B);
    let cover = position.on_hand().parts() + position.in_transit().parts() - position.reserved().parts();
    Act::Purchase { channel: TILLS, purchase, cover: vec![Level::from_parts(cover)] }
}

/// What an agent says of its acts when it is sure.
pub fn proposal(hub: &Hub, agent: Agent, key: &str, acts: Vec<Act>) -> Proposal {
    Proposal {
        agent,
        version: Note::new("1"),
        key: IdempotencyKey::new(key),
        acts,
        seen: hub.state.seq(),
        confidence: 9_500,
        value: Some(eur(1_200)),
        why: Note::new("it sells better there"),
        reasons: Vec::new(),
        instead: Vec::new(),
        flip: None,
    }
}

impl Hub {
    /// A policy of these rules comes into force.
    pub fn policy(&mut self, rules: Vec<Rule>) {
        let base = self.state.governance().policy().map_or(0, |put| put.version);
        // Something must differ, or nothing is put.
        let text = Note::new(&format!("{base}"));
        let put = Action::PutPolicy { base, policy: Policy { rules }, text, reason: Note::new("trying it") };
        self.run_by(manager(), put).expect("the policy is sound");
    }

    /// An agent proposes at noon.
    pub fn propose(&mut self, proposal: Proposal) -> Result<Vec<Fact>, Refusal> {
        let by = Actor::Agent { agent: proposal.agent, through: None };
        self.run_by(by, Action::Propose { proposal: Box::new(proposal), local_minute: Some(12 * 60) })
    }

    /// Allocation proposes something under a key, and how far it went is told.
    pub fn phase_of(&mut self, key: &str, acts: Vec<Act>) -> Phase {
        let wanted = proposal(self, Agent::Allocation, key, acts);
        let facts = self.propose(wanted).expect("the proposal is sound");
        phase(&facts)
    }

    /// A manager says yes.
    pub fn approve(&mut self, id: u64) -> Result<Vec<Fact>, Refusal> {
        self.answer_by(manager(), id, yes("manager"))
    }

    /// Somebody answers.
    pub fn answer_by(&mut self, by: Actor, id: u64, answer: Answer) -> Result<Vec<Fact>, Refusal> {
        self.run_by(by, Action::Answer { id: ProposalId(id), answer })
    }

    /// A manager takes back what was done.
    pub fn undo(&mut self, id: u64) -> Result<Vec<Fact>, Refusal> {
        self.run_by(manager(), Action::Undo { id: ProposalId(id), reason: Note::new("it was wrong") })
    }

    /// Numbers of the proposals that wait.
    pub fn waiting(&self) -> Vec<u64> {
        self.state.governance().open().map(|open| open.proposed.id.0).collect()
    }
}

/// Yes, in a role.
pub fn yes(role: &str) -> Answer {
    Answer::Approved(Approval { role: Note::new(role), way: Note::new("page"), instead: None, reason: Note::new("") })
}

/// No, in a role.
pub fn no(role: &str) -> Answer {
    Answer::Rejected { role: Note::new(role), way: Note::new("page"), reason: Note::new("not now") }
}

/// How far a proposal went.
pub fn phase(facts: &[Fact]) -> Phase {
    let verdict = facts.iter().find_map(|fact| match fact {
        Fact::Proposed(proposed) => Some(proposed.verdict.phase),
        _ => None,
    });
    verdict.expect("something was proposed")
}

/// What held a proposal back, in words.
pub fn held_by(facts: &[Fact]) -> String {
    let words = facts.iter().find_map(|fact| match fact {
        Fact::Proposed(proposed) => Some(&proposed.verdict.held_by),
        _ => None,
    });
    words.expect("something was proposed").iter().map(Note::as_str).collect::<Vec<_>>().join("; ")
}

/// The last fact there is.
pub const NEVER: Seq = Seq(u64::MAX);
