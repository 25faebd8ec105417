//! `lockstep replay`: runs a stretch of the journal through another policy and says what would have been decided
//! otherwise. It reads the segments without opening them for writing, so a hub may be running on them.
//!
//! Each proposal that was made in the stretch is judged again, in the state in which it was made. What was done before,
//! for limits by the hour and by supplier, is what was really done.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use engine::State;
use model::{Act, Entry, Fact, Instant, ItemId, Note, Phase, PolicyPut, Proposed, Quantity};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::exit::Outcome;
use eval::measure::{Measure, round};

/// Differing cases that are listed.
const CASES_MAX: usize = 200;
/// An oversell within this time after a decision about its item's buffer is counted with it.
const FOLLOWS_MS: i64 = 7 * 24 * 3_600_000;

/// What would have been decided under another policy.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep replay --policy new.toml\n  lockstep replay --from 2026-11-01T00:00:00Z --to 2026-11-08T00:00:00Z --policy new.toml\n\nExit code 0: nothing would have been decided otherwise. 1: something would, see `cases`."
)]
pub(crate) struct Args {
    /// First fact: its number, or a time with its offset. The beginning when missing.
    #[arg(long)]
    from: Option<String>,
    /// Last fact: its number, or a time with its offset. The end when missing.
    #[arg(long)]
    to: Option<String>,
    /// The policy to try.
    #[arg(long)]
    policy: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// An end of the stretch.
#[derive(Clone, Copy, Debug)]
enum Bound {
    Seq(u64),
    At(Instant),
}

impl Bound {
    fn parse(name: &str, text: &str) -> anyhow::Result<Self> {
        if let Ok(seq) = text.parse() {
            return Ok(Self::Seq(seq));
        }
        let at = Instant::parse(text).with_context(|| {
            format!("--{name} {text:?} is neither a number nor a time such as 2026-11-01T00:00:00Z")
        })?;
        Ok(Self::At(at))
    }

    /// Whether something lies before it.
    fn is_after(self, seq: u64, at: Instant) -> bool {
        match self {
            Self::Seq(bound) => seq < bound,
            Self::At(bound) => at < bound,
        }
    }

    /// Whether something lies behind it.
    fn is_before(self, seq: u64, at: Instant) -> bool {
        match self {
            Self::Seq(bound) => seq > bound,
            Self::At(bound) => at > bound,
        }
    }
}

/// What one scope adds up to.
#[derive(Debug, Default)]
struct Sum {
    proposals: u64,
    changed: u64,
    looser: u64,
    approvals_before: u64,
    approvals: u64,
    units: i64,
    money: BTreeMap<String, i64>,
}

/// What was found.
#[derive(Debug, Default)]
struct Found {
    facts: u64,
    all: Sum,
    scopes: BTreeMap<(&'static str, &'static str), Sum>,
    cases: Vec<Value>,
    /// Items whose buffer or safety stock would have been decided otherwise, and when.
    touched: BTreeMap<ItemId, Instant>,
    oversells: i64,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let data = args.place.load()?.hub.data;
    anyhow::ensure!(data.is_dir(), "there is no data folder {}", data.display());
    let text = std::fs::read_to_string(&args.policy).with_context(|| format!("read {}", args.policy.display()))?;
    let policy = flow::policy::read(&text).map_err(|flaws| {
        let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{} cannot come into force:\n{}", args.policy.display(), flaws.join("\n"))
    })?;
    let put = PolicyPut { version: 0, policy, text: Note::new(&text), reason: Note::new("tried") };
    let from = args.from.as_deref().map(|text| Bound::parse("from", text)).transpose()?;
    let to = args.to.as_deref().map(|text| Bound::parse("to", text)).transpose()?;
    let found = walk(&data, &put, from, to)?;
    let changed = found.all.changed;
    print(&measure, found);
    Ok(if changed == 0 { Outcome::Well } else { Outcome::No })
}

/// How many facts a journal has, and how many decisions would be others under a policy.
pub(crate) fn again(data: &std::path::Path, put: &PolicyPut) -> anyhow::Result<(u64, u64)> {
    walk(data, put, None, None).map(|found| (found.facts, found.all.changed))
}

fn walk(data: &std::path::Path, put: &PolicyPut, from: Option<Bound>, to: Option<Bound>) -> anyhow::Result<Found> {
    let (mut state, mut found) = (State::default(), Found::default());
    let mut broken = Ok(());
    let progress = indicatif::ProgressBar::no_length();
    progress.set_style(indicatif::ProgressStyle::with_template("{spinner} {pos} facts, {per_sec}")?);
    journal::peruse(data, &mut |_, body| {
        let entries = match Entry::decode_all(body) {
            Ok(entries) => entries,
            Err(error) => {
                broken = Err(error);
                return false;
            }
        };
        for entry in entries {
            let seq = state.seq().0 + 1;
            if to.is_some_and(|to| to.is_before(seq, entry.at)) {
                return false;
            }
            if !from.is_some_and(|from| from.is_after(seq, entry.at)) {
                found.facts += 1;
                found.take(&state, put, &entry);
            }
            engine::evolve(&mut state, &entry);
        }
        progress.set_position(state.seq().0);
        true
    })?;
    progress.finish_and_clear();
    broken?;
    Ok(found)
}

impl Found {
    fn take(&mut self, state: &State, put: &PolicyPut, entry: &Entry) {
        match &entry.fact {
            Fact::Proposed(proposed) => self.judge(state, put, entry.at, proposed),
            Fact::Oversold(oversold) => {
                let decided = self.touched.get(&oversold.item);
                if decided.is_some_and(|at| entry.at.since(*at) <= FOLLOWS_MS) {
                    self.oversells = self.oversells.saturating_add(oversold.units.parts());
                }
            }
            _ => {}
        }
    }

    fn judge(&mut self, state: &State, put: &PolicyPut, at: Instant, proposed: &Proposed) {
        let Proposed { id, proposal, verdict } = proposed;
        let minute = server::governing::local_minute(state, at);
        let would = engine::judge_under(state, Some(put), proposal, &proposal.acts, at, Some(minute));
        let Some(first) = proposal.acts.first() else { return };
        let scope = (proposal.agent.name(), first.kind().name());
        let differs = would.phase != verdict.phase;
        let size = size(state, &proposal.acts);
        for sum in [&mut self.all, self.scopes.entry(scope).or_default()] {
            sum.proposals += 1;
            sum.approvals_before += u64::from(verdict.phase == Phase::Assist);
            sum.approvals += u64::from(would.phase == Phase::Assist);
            if differs {
                sum.changed += 1;
                sum.looser += u64::from(would.phase > verdict.phase);
                sum.units = sum.units.saturating_add(size.units);
                for (currency, minor) in &size.money {
                    let here = sum.money.entry(currency.clone()).or_default();
                    *here = here.saturating_add(*minor);
                }
            }
        }
        if !differs {
            return;
        }
        for act in &proposal.acts {
            if let Act::SetBuffer { item, .. } | Act::SetSafety { item, .. } = act {
                self.touched.insert(*item, at);
            }
        }
        if self.cases.len() < CASES_MAX {
            let words = |notes: &[Note]| notes.iter().map(ToString::to_string).collect::<Vec<_>>();
            self.cases.push(json!({
                "proposal": id.to_string(),
                "seq": state.seq().0 + 1,
                "at": at.to_string(),
                "agent": scope.0,
                "act": scope.1,
                "was": verdict.phase.name(),
                "would_be": would.phase.name(),
                "because": words(if would.phase < verdict.phase { &would.held_by } else { &verdict.held_by }),
                "page": format!("/approvals/{}", id.0),
            }));
        }
    }
}

/// How much is at stake.
struct Size {
    /// In hundred-thousandths of a unit.
    units: i64,
    /// Minor units by currency.
    money: BTreeMap<String, i64>,
}

fn size(state: &State, acts: &[Act]) -> Size {
    let mut size = Size { units: 0, money: BTreeMap::new() };
    let mut add = |units: Quantity, money: Option<model::Money>| {
        size.units = size.units.saturating_add(units.parts());
        if let Some(money) = money {
            let sum = size.money.entry(money.currency.code().to_owned()).or_default();
            *sum = sum.saturating_add(money.minor);
        }
    };
    for act in acts {
        match act {
            Act::Purchase { purchase, .. } => {
                purchase.lines.iter().for_each(|line| add(line.quantity, None));
                add(Quantity::ZERO, engine::cost(purchase));
            }
            Act::Transfer { lines, .. } => lines.iter().for_each(|(item, quantity)| {
                add(*quantity, worth(state, *item, *quantity));
            }),
            Act::SetBuffer { item, was, to, .. } | Act::SetSafety { item, was, to, .. } => {
                let change = was.level().to(to.level()).size();
                add(change, worth(state, *item, change));
            }
            Act::OverrideCount { item, was, to, .. } => {
                let change = was.to(to.level()).size();
                add(change, worth(state, *item, change));
            }
            Act::WriteHeld { item, shown, wanted, .. } => {
                let change = shown.to(*wanted).size();
                add(change, worth(state, *item, change));
            }
            Act::SetPrice { .. } | Act::LinkCustomers { .. } | Act::MapItem { .. } => {}
        }
    }
    size
}

fn worth(state: &State, item: ItemId, quantity: Quantity) -> Option<model::Money> {
    let price = state.catalogue().item(item)?.price?;
    let minor = i128::from(price.minor) * i128::from(quantity.parts()) / i128::from(Quantity::units(1).parts());
    Some(model::Money { minor: i64::try_from(minor).unwrap_or(i64::MAX), currency: price.currency })
}

fn print(measure: &Measure, found: Found) {
    let units = |parts: i64| Quantity::from_parts(parts).to_string();
    let sum = |sum: &Sum| {
        json!({
            "proposals": sum.proposals,
            "decisions_changed": sum.changed,
            "looser": sum.looser,
            "stricter": sum.changed - sum.looser,
            "units": units(sum.units),
            "money": sum.money,
            "approvals_before": sum.approvals_before,
            "approvals_needed": sum.approvals,
        })
    };
    let scopes: serde_json::Map<String, Value> =
        found.scopes.iter().map(|((agent, act), scope)| (format!("{agent} {act}"), sum(scope))).collect();
    measure.print(json!({
        "facts": found.facts,
        "facts_per_s": round(found.facts as f64 / measure.seconds().max(1e-9)),
        "proposals": found.all.proposals,
        "decisions_changed": found.all.changed,
        "looser": found.all.looser,
        "stricter": found.all.changed - found.all.looser,
        "units": units(found.all.units),
        "money": found.all.money,
        "oversells": units(found.oversells),
        "approvals_before": found.all.approvals_before,
        "approvals_needed": found.all.approvals,
        "scopes": scopes,
        "cases": found.cases,
    }));
}
