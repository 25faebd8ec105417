//! Representative facts about who may act, with their own authors.

use model::{
    Act, ActKind, Actor, Agent, Answer, Approval, Brake, ChannelId, Currency, CustomerAt, DoneAct, Entry, Fact,
    Instant, InstructionId, InstructionLine, ItemId, Level, Limits, LocationId, Made, MakePurchase, Money, Note, Phase,
    Policy, PolicyPut, Proposal, ProposalId, Proposed, Quantity, Reason, Rule, Scope, Seq, TransferId, Undone, Verdict,
};

const AT: Instant = Instant(1_800_000_000_123);
const CHANNEL: ChannelId = ChannelId(1);
const ITEM: ItemId = ItemId(300);
const PLACE: LocationId = LocationId(2);

/// All of them.
pub fn entries() -> Vec<Entry> {
    let authors = [
        Actor::Person(Note::new("mara")),
        Actor::Agent { agent: Agent::Replenishment, through: None },
        Actor::Agent { agent: Agent::Copilot, through: Some(Note::new("assistant")) },
    ];
    let facts = [rules(), proposals(), answers(), ends()].concat();
    facts.into_iter().zip(authors.into_iter().cycle()).map(|(fact, by)| Entry { at: AT, by, fact }).collect()
}

fn eur(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("EUR").expect("three letters") }
}

fn notes(texts: &[&str]) -> Vec<Note> {
    texts.iter().map(|text| Note::new(text)).collect()
}

fn scope() -> Scope {
    let (stores, channels) = (notes(&["Ærø"]), notes(&["tills"]));
    Scope { stores, channels, categories: notes(&["hats"]), items: notes(&["CAP-*", "MUG"]) }
}

fn rules() -> Vec<Fact> {
    let full = Rule {
        name: Note::new("buying"),
        agents: Agent::ALL.to_vec(),
        acts: ActKind::ALL.to_vec(),
        scope: scope(),
        phase: Phase::Automate,
        limits: Limits {
            confidence: Some(9_500),
            money: Some(eur(50_000)),
            quantity: Some(Quantity::units(100)),
            change_percent: Some(10),
            per_hour: Some(20),
            hours: Some((480, 1_080)),
            new_supplier: true,
        },
        approvers: notes(&["manager"]),
        lapses_ms: Some(86_400_000),
        until: Some(AT),
    };
    let bare = |phase| Rule { name: Note::new("bare"), phase, ..Rule::default() };
    let put = |version, rules| {
        let (text, reason) = (Note::new("[[rule]]"), Note::new("the pilot"));
        Fact::PolicyPut(Box::new(PolicyPut { version, policy: Policy { rules }, text, reason }))
    };
    let brake = |id, phase, scope| {
        let (agents, acts) = (vec![Agent::Pricing], vec![ActKind::SetPrice]);
        Fact::BrakePut(Box::new(Brake { id, agents, acts, scope, phase, reason: Note::new("too many undone") }))
    };
    vec![
        put(1, vec![full, bare(Phase::Off), bare(Phase::Observe), bare(Phase::Assist)]),
        put(2, Vec::new()),
        brake(1, Phase::Off, scope()),
        brake(2, Phase::Assist, Scope::default()),
        Fact::BrakeLifted { id: 1, reason: Note::new("mended") },
        Fact::Categorised { item: ITEM, category: Note::new("hats") },
    ]
}

/// One of every act.
fn acts() -> Vec<Act> {
    let line = InstructionLine { item: ITEM, quantity: Quantity::units(5), each: Some(eur(700)) };
    let purchase = MakePurchase {
        supplier: Note::new("Hats & Co"),
        location: PLACE,
        lines: vec![line],
        expected: Some(AT),
        note: Note::new("autumn"),
    };
    let customer = |channel, key: &str| CustomerAt { channel: ChannelId(channel), customer: key.into() };
    let (was, to) = (Quantity::units(1), Quantity::units(2));
    vec![
        Act::SetBuffer { item: ITEM, channel: CHANNEL, was, to },
        Act::SetSafety { item: ITEM, location: PLACE, was, to },
        Act::Purchase { channel: CHANNEL, purchase, cover: vec![Level::units(-2)] },
        Act::Transfer { from: LocationId(0), to: PLACE, lines: vec![(ITEM, to)], cover: vec![Level::units(1)] },
        Act::LinkCustomers { one: customer(1, "77"), other: customer(2, "8") },
        Act::MapItem { channel: CHANNEL, external: "gid-4".into(), was: None, to: Some(ITEM) },
        Act::SetPrice { item: ITEM, was: Some(eur(900)), to: eur(800) },
        Act::OverrideCount { item: ITEM, location: PLACE, was: Level::units(4), to },
        Act::WriteHeld {
            channel: CHANNEL,
            item: ITEM,
            location: PLACE,
            shown: Level::units(90),
            wanted: Level::units(4),
        },
    ]
}

fn proposals() -> Vec<Fact> {
    let full = |number: usize, act: Act| {
        let proposal = Proposal {
            agent: Agent::ALL[number],
            version: Note::new("2"),
            key: "po-300".into(),
            acts: vec![act],
            seen: Seq(77),
            confidence: 9_700,
            value: Some(eur(4_200)),
            why: Note::new("it sells out on Thursday"),
            reasons: vec![Reason { name: "sold a week".into(), input: "12".into(), adds: "+3.1".into() }],
            instead: notes(&["bring 3 from A: they sell there"]),
            flip: Some(Note::new("9 more on hand")),
        };
        let verdict = Verdict {
            phase: Phase::Assist,
            policy: 2,
            rules: notes(&["buying"]),
            held_by: notes(&["700.00 are more than 500.00 EUR"]),
            approvers: notes(&["manager"]),
            lapses_at: AT,
        };
        Fact::Proposed(Box::new(Proposed { id: ProposalId(number as u64 + 1), proposal, verdict }))
    };
    acts().into_iter().enumerate().map(|(number, act)| full(number, act)).collect()
}

fn answers() -> Vec<Fact> {
    let approved = |instead| {
        let (role, way) = (Note::new("manager"), Note::new("page"));
        Answer::Approved(Approval { role, way, instead, reason: Note::new("but fewer") })
    };
    let answers = [
        approved(None),
        approved(Some(acts())),
        Answer::Rejected { role: Note::new("ops"), way: Note::new("mail"), reason: Note::new("too dear") },
        Answer::Lapsed,
        Answer::Stale { what: Note::new("the buffer was 1 and is 2 now") },
        Answer::Replaced { by: ProposalId(9) },
    ];
    answers.into_iter().map(|answer| Fact::Answered { id: ProposalId(3), answer: Box::new(answer) }).collect()
}

fn ends() -> Vec<Fact> {
    let made = [
        Made::Set,
        Made::Transfer(TransferId(4)),
        Made::Instruction(InstructionId(12)),
        Made::Nothing(Note::new("channel tills is read-only")),
    ];
    let acts = acts().into_iter().zip(made).map(|(act, made)| DoneAct { act, made }).collect();
    let because = || Note::new("it was counted since");
    let undone = vec![
        Undone::Reversed,
        Undone::Kept { because: because() },
        Undone::Impossible { because: because() },
        Undone::Nothing,
    ];
    vec![
        Fact::Acted { id: ProposalId(3), acts },
        Fact::ActsUndone { id: ProposalId(3), acts: undone, reason: Note::new("wrong supplier") },
        Fact::Snoozed { id: ProposalId(4), until: AT },
    ]
}
