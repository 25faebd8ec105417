//! What the gate costs, whether races have one outcome, and how fast a stretch of the journal is replayed.

use flow::{Flow, FlowError};
use model::{
    Act, Action, Actor, Agent, Answer, Approval, ChannelId, Command, Fact, IdempotencyKey, Instant, ItemId, Note,
    Phase, Policy, PolicyPut, Proposal, ProposalId, Quantity, Rule, Scope, Seq, Sku, Title, Unit,
};
use serde_json::json;

use super::{Folder, GateArgs};
use crate::exit::Outcome;
use eval::measure::{Measure, round};

const NOW: Instant = Instant(1_800_000_000_000);
const ITEMS: u32 = 1_000;
/// Who answer each proposal at the same time: half say yes, half no.
const ANSWERING: usize = 4;

pub(super) fn run(args: &GateArgs) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let folder = Folder::of(args.data.as_ref());
    let (mut keeper, _) = crate::hub::open_alone(&folder.path)?;
    for action in stage(args.rules) {
        let by = Actor::Operator;
        keeper.decide(&[Command { at: NOW, by, action }]).remove(0)?;
    }
    keeper.commit()?;
    let judge_ns = judged(&measure, keeper.state(), args.proposals);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let flow = flow::start(keeper)?;
    let begun = measure.seconds();
    let raced = runtime.block_on(race(&flow, args.proposals))?;
    let race_s = measure.seconds() - begun;
    runtime.block_on(flow.stop());
    let facts = flow.head().0;
    let begun = measure.seconds();
    let (replayed, changed) = crate::replay::again(&folder.path, &policy(args.rules, Phase::Observe))?;
    let replay_s = measure.seconds() - begun;
    measure.print(json!({
        "rules": args.rules,
        "judge_ns": round(judge_ns),
        "raced": raced.proposals,
        "answers": raced.answers,
        "one_outcome": raced.one_outcome,
        "answers_per_s": round(raced.answers as f64 / race_s),
        "facts": facts,
        "replayed": replayed,
        "replay_facts_per_s": round(replayed as f64 / replay_s.max(1e-9)),
        "replay_changed": changed,
    }));
    Ok(if raced.one_outcome == raced.proposals { Outcome::Well } else { Outcome::No })
}

/// A channel, a location, items, and a policy of so many rules, the last of which lets allocation ask.
fn stage(rules: usize) -> Vec<Action> {
    let mut actions = vec![
        Action::PutLocation {
            name: "Store".into(),
            kind: model::LocationKind::Store,
            zone: Note::new("UTC"),
            home: None,
        },
        Action::PutChannel {
            name: "web".into(),
            platform: model::Platform::ALL[0],
            basis: model::Basis::Available,
            sells_from: vec!["Store".into()],
            buffer: Quantity::ZERO,
            whole_units: true,
            never_below_zero: false,
            writes: true,
            leads: model::Fields::NONE,
            follows: model::Fields::NONE,
            hold: model::Hold::default(),
        },
    ];
    actions.extend((0..ITEMS).map(|number| Action::PutItem {
        sku: Sku::new(&format!("SKU-{number}")),
        title: Title::new("Benchmark item"),
        barcodes: Vec::new(),
        unit: Unit::Piece,
        components: Vec::new(),
        price: None,
        tax_inclusive: false,
    }));
    let put = policy(rules, Phase::Assist);
    actions.push(Action::PutPolicy { base: 0, policy: put.policy, text: put.text, reason: put.reason });
    actions
}

fn policy(rules: usize, phase: Phase) -> PolicyPut {
    let rule = |number: usize| Rule {
        name: Note::new(&format!("rule {number}")),
        scope: Scope { items: vec![Note::new(&format!("OTHER-{number}*"))], ..Scope::default() },
        phase: Phase::Automate,
        ..Rule::default()
    };
    let mut rules: Vec<Rule> = (1..rules.max(1)).map(rule).collect();
    rules.push(Rule { name: Note::new("asked"), phase, ..Rule::default() });
    PolicyPut { version: 0, policy: Policy { rules }, text: Note::new("bench"), reason: Note::new("bench") }
}

fn proposal(number: u64, item: ItemId, was: Quantity) -> Proposal {
    let to = Quantity::units((number % 1_000_000) as u32 + 1);
    Proposal {
        agent: Agent::Allocation,
        version: Note::new("1"),
        key: IdempotencyKey::new(&format!("bench {number}")),
        acts: vec![Act::SetBuffer { item, channel: ChannelId(0), was, to }],
        seen: Seq(1),
        confidence: 9_000,
        value: None,
        why: Note::new("a benchmark"),
        reasons: Vec::new(),
        instead: Vec::new(),
        flip: None,
    }
}

/// Nanoseconds of one judgement, the mean over so many.
fn judged(measure: &Measure, state: &engine::State, times: u64) -> f64 {
    let proposals: Vec<Proposal> =
        (0..u64::from(ITEMS)).map(|number| proposal(number, ItemId(number as u32), Quantity::ZERO)).collect();
    let put = state.governance().policy();
    let begun = measure.seconds();
    let mut asked = 0_u64;
    for number in 0..times {
        let proposal = &proposals[(number % u64::from(ITEMS)) as usize];
        let verdict = engine::judge_under(state, put, proposal, &proposal.acts, NOW, Some(600));
        asked += u64::from(std::hint::black_box(verdict).phase == Phase::Assist);
    }
    (measure.seconds() - begun) * 1e9 / asked.max(1) as f64
}

struct Raced {
    proposals: u64,
    answers: u64,
    one_outcome: u64,
}

/// Proposals, each answered by several at once.
async fn race(flow: &Flow, proposals: u64) -> anyhow::Result<Raced> {
    let mut raced = Raced { proposals: 0, answers: 0, one_outcome: 0 };
    while raced.proposals < proposals {
        let some = (proposals - raced.proposals).min(u64::from(ITEMS));
        let ids = propose(flow, raced.proposals, some).await?;
        let mut answering = tokio::task::JoinSet::new();
        for id in ids {
            for number in 0..ANSWERING {
                let flow = flow.clone();
                answering.spawn(async move { (id, answer(&flow, id, number).await) });
            }
        }
        let mut heard: std::collections::BTreeMap<ProposalId, u64> = std::collections::BTreeMap::new();
        while let Some(done) = answering.join_next().await {
            let (id, counted) = done?;
            *heard.entry(id).or_default() += u64::from(counted?);
            raced.answers += 1;
        }
        raced.one_outcome += heard.values().filter(|counted| **counted == 1).count() as u64;
        raced.proposals += some;
    }
    Ok(raced)
}

/// One for each of the first items, from the buffers as they are.
async fn propose(flow: &Flow, from: u64, some: u64) -> anyhow::Result<Vec<ProposalId>> {
    let answer = flow.decide(move |desk| {
        let command = |number: u64| {
            let item = ItemId((number % u64::from(ITEMS)) as u32);
            let was = desk.state().catalogue().buffer(ChannelId(0), item);
            let proposal = Box::new(proposal(from + number, item, was));
            let by = Actor::Agent { agent: Agent::Allocation, through: None };
            Command { at: NOW, by, action: Action::Propose { proposal, local_minute: Some(600) } }
        };
        Ok((0..some).map(command).collect())
    });
    let mut ids = Vec::new();
    for result in answer.await?.results {
        ids.extend(result?.into_iter().filter_map(|fact| match fact {
            Fact::Proposed(put) => Some(put.id),
            _ => None,
        }));
    }
    Ok(ids)
}

/// Whether this answer was heard.
async fn answer(flow: &Flow, id: ProposalId, number: usize) -> anyhow::Result<bool> {
    let (role, way, reason) = (Note::new("manager"), Note::new("page"), Note::new("a benchmark"));
    let answer = if number.is_multiple_of(2) {
        Answer::Approved(Approval { role, way, instead: None, reason })
    } else {
        Answer::Rejected { role, way, reason }
    };
    let by = Actor::Person(Note::new(&format!("person {number}")));
    match flow.command(Command { at: NOW, by, action: Action::Answer { id, answer } }).await {
        Ok(_) => Ok(true),
        Err(FlowError::Refused(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
