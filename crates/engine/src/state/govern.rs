//! Policy in force, brakes, proposals that wait and acts that can be taken back. Changed only by `evolve`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use minicbor::{Decode, Decoder, Encode};
use model::{
    Act, ActKind, Actor, Agent, Brake, DoneAct, IdempotencyKey, Instant, ItemId, Money, Note, PolicyPut, ProposalId,
    Proposed,
};

/// How long what was done can be taken back, and how long the key of a proposal is remembered.
const REMEMBER_MS: i64 = 30 * 24 * 3_600_000;
/// Purchases from one supplier within this time count together.
pub(crate) const TOGETHER_MS: i64 = 24 * 3_600_000;
/// Acts are counted over this time for limits by the hour.
pub(crate) const HOUR_MS: i64 = 3_600_000;

/// Acts that an agent did alone are watched for so long, and so many of each kind.
const WATCHED_MS: i64 = 7 * 24 * 3_600_000;
const WATCHED_MAX: usize = 20;

/// An act that an agent did alone, and whether it turned out badly.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Alone {
    #[n(0)]
    at: Instant,
    #[n(1)]
    id: ProposalId,
    /// Items whose units it let be sold or kept back.
    #[n(2)]
    items: Vec<ItemId>,
    #[n(3)]
    undone: bool,
    #[n(4)]
    oversold: bool,
}

/// How acts that an agent did alone turned out lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alike {
    /// How many.
    pub done: usize,
    /// How many of them were taken back.
    pub undone: usize,
    /// How many of them were followed by an oversell of their item.
    pub oversold: usize,
}

/// A proposal that waits for a person.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct OpenProposal {
    /// What.
    #[n(0)]
    pub proposed: Proposed,
    /// When it was made.
    #[n(1)]
    pub at: Instant,
    /// Who made it.
    #[n(2)]
    pub by: Actor,
    /// Not shown before.
    #[n(3)]
    pub snoozed_until: Option<Instant>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct DoneProposal {
    /// What.
    #[n(0)]
    pub proposed: Proposed,
    /// When it was done.
    #[n(1)]
    pub at: Instant,
    /// Each act.
    #[n(2)]
    pub acts: Vec<DoneAct>,
    /// Whether it was taken back.
    #[n(3)]
    pub undone: bool,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Past {
    #[n(0)]
    at: Instant,
    #[n(1)]
    agent: Agent,
    #[n(2)]
    kind: ActKind,
    #[n(3)]
    spent: Option<(Note, Money)>,
}

/// Everything about who may act.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Governance {
    policy: Option<PolicyPut>,
    brakes: BTreeMap<u32, Brake>,
    brake_last: u32,
    open: BTreeMap<ProposalId, OpenProposal>,
    done: BTreeMap<ProposalId, DoneProposal>,
    last: u64,
    keys: BTreeMap<IdempotencyKey, ProposalId>,
    keyed: VecDeque<(Instant, IdempotencyKey)>,
    past: VecDeque<Past>,
    suppliers: BTreeSet<Note>,
    alone: BTreeMap<(Agent, ActKind), VecDeque<Alone>>,
    categories: BTreeMap<ItemId, Note>,
}

impl Governance {
    /// The policy in force; `None` before the first: every agent observes.
    pub fn policy(&self) -> Option<&PolicyPut> {
        self.policy.as_ref()
    }

    /// Kill switches and steps back that hold, in order.
    pub fn brakes(&self) -> impl Iterator<Item = &Brake> {
        self.brakes.values()
    }

    /// Such a brake.
    pub fn brake(&self, id: u32) -> Option<&Brake> {
        self.brakes.get(&id)
    }

    /// Proposals that wait, the oldest first.
    pub fn open(&self) -> impl Iterator<Item = &OpenProposal> {
        self.open.values()
    }

    /// Such a proposal.
    pub fn waiting(&self, id: ProposalId) -> Option<&OpenProposal> {
        self.open.get(&id)
    }

    /// What was done by this proposal, while it is remembered.
    pub fn done(&self, id: ProposalId) -> Option<&DoneProposal> {
        self.done.get(&id)
    }

    /// The proposal made under a key.
    pub fn proposal_of(&self, key: &IdempotencyKey) -> Option<ProposalId> {
        self.keys.get(key).copied()
    }

    /// How what an agent did alone turned out lately, by agent and act.
    pub fn alone(&self) -> impl Iterator<Item = ((Agent, ActKind), Alike)> {
        let sum = |acts: &VecDeque<Alone>| Alike {
            done: acts.len(),
            undone: acts.iter().filter(|act| act.undone).count(),
            oversold: acts.iter().filter(|act| act.oversold).count(),
        };
        self.alone.iter().map(move |(of, acts)| (*of, sum(acts)))
    }

    /// The merchant's word for an item's kind.
    pub fn category(&self, item: ItemId) -> Option<&Note> {
        self.categories.get(&item)
    }

    /// Whether something was bought from this supplier before.
    pub fn knows_supplier(&self, supplier: &Note) -> bool {
        self.suppliers.contains(supplier)
    }

    pub(crate) fn next_brake(&self) -> u32 {
        self.brake_last.saturating_add(1)
    }

    pub(crate) fn next_proposal(&self) -> ProposalId {
        ProposalId(self.last.saturating_add(1))
    }

    pub(crate) fn was_proposed(&self, id: ProposalId) -> bool {
        id.0 > 0 && id.0 <= self.last
    }

    /// Acts of this kind by this agent since a time.
    pub(crate) fn acted_since(&self, agent: Agent, kind: ActKind, since: Instant) -> u32 {
        let recent = self.past.iter().rev().take_while(|past| past.at > since);
        recent.filter(|past| past.agent == agent && past.kind == kind).count() as u32
    }

    /// Minor units ordered from a supplier since a time, in a currency.
    pub(crate) fn spent_since(&self, supplier: &Note, currency: model::Currency, since: Instant) -> i64 {
        let recent = self.past.iter().rev().take_while(|past| past.at > since);
        let spent = recent.filter_map(|past| past.spent.as_ref());
        let here = spent.filter(|(to, money)| to == supplier && money.currency == currency);
        here.fold(0, |sum, (_, money)| sum.saturating_add(money.minor))
    }

    pub(crate) fn put_policy(&mut self, put: PolicyPut) {
        self.policy = Some(put);
    }

    pub(crate) fn put_brake(&mut self, brake: Brake) {
        self.brake_last = self.brake_last.max(brake.id);
        self.brakes.insert(brake.id, brake);
    }

    pub(crate) fn lift_brake(&mut self, id: u32) {
        let Some(brake) = self.brakes.remove(&id) else { return };
        // Whoever lifts it has looked at what was; watching begins anew.
        let covers = |(agent, kind): &(Agent, ActKind)| {
            (brake.agents.is_empty() || brake.agents.contains(agent))
                && (brake.acts.is_empty() || brake.acts.contains(kind))
        };
        self.alone.retain(|of, _| !covers(of));
    }

    pub(crate) fn categorise(&mut self, item: ItemId, category: Note) {
        if category.is_empty() {
            self.categories.remove(&item);
        } else {
            self.categories.insert(item, category);
        }
    }

    pub(crate) fn propose(&mut self, proposed: &Proposed, at: Instant, by: &Actor) {
        self.last = self.last.max(proposed.id.0);
        self.keys.insert(proposed.proposal.key.clone(), proposed.id);
        self.keyed.push_back((at, proposed.proposal.key.clone()));
        if proposed.verdict.phase > model::Phase::Observe {
            // One that acts by itself is closed by the fact beside this one.
            let open = OpenProposal { proposed: proposed.clone(), at, by: by.clone(), snoozed_until: None };
            self.open.insert(proposed.id, open);
        }
        self.forget(at);
    }

    pub(crate) fn answered(&mut self, id: ProposalId, answer: &model::Answer) {
        match answer {
            // What it leads to is told by the fact beside this one.
            model::Answer::Approved(_) => {}
            _ => {
                self.open.remove(&id);
            }
        }
    }

    pub(crate) fn acted(&mut self, id: ProposalId, at: Instant, acts: &[DoneAct]) {
        let Some(open) = self.open.remove(&id) else { return };
        let agent = open.proposed.proposal.agent;
        for done in acts.iter().filter(|done| !matches!(done.made, model::Made::Nothing(_))) {
            let spent = match &done.act {
                Act::Purchase { purchase, .. } => {
                    self.suppliers.insert(purchase.supplier.clone());
                    crate::gate::cost(purchase).map(|money| (purchase.supplier.clone(), money))
                }
                _ => None,
            };
            self.past.push_back(Past { at, agent, kind: done.act.kind(), spent });
        }
        if open.proposed.verdict.phase == model::Phase::Automate {
            self.watch(id, agent, at, acts);
        }
        let done = DoneProposal { proposed: open.proposed, at, acts: acts.to_vec(), undone: false };
        self.done.insert(id, done);
        self.forget(at);
    }

    pub(crate) fn undone(&mut self, id: ProposalId) {
        if let Some(done) = self.done.get_mut(&id) {
            done.undone = true;
        }
        self.alone.values_mut().flatten().filter(|act| act.id == id).for_each(|act| act.undone = true);
    }

    fn watch(&mut self, id: ProposalId, agent: Agent, at: Instant, acts: &[DoneAct]) {
        let Some(first) = acts.first() else { return };
        let items = acts.iter().filter_map(|done| match &done.act {
            Act::SetBuffer { item, .. } | Act::SetSafety { item, .. } => Some(*item),
            _ => None,
        });
        let alone = Alone { at, id, items: items.collect(), undone: false, oversold: false };
        let watched = self.alone.entry((agent, first.act.kind())).or_default();
        watched.push_back(alone);
        let horizon = at.plus_ms(-WATCHED_MS);
        while watched.len() > WATCHED_MAX || watched.front().is_some_and(|first| first.at < horizon) {
            watched.pop_front();
        }
    }

    /// More of an item was sold than was there.
    pub(crate) fn oversold(&mut self, item: ItemId, now: Instant) {
        let horizon = now.plus_ms(-WATCHED_MS);
        let recent = self.alone.values_mut().flatten().filter(|act| act.at >= horizon && act.items.contains(&item));
        recent.for_each(|act| act.oversold = true);
    }

    pub(crate) fn snooze(&mut self, id: ProposalId, until: Instant) {
        if let Some(open) = self.open.get_mut(&id) {
            open.snoozed_until = Some(until);
        }
    }

    fn forget(&mut self, now: Instant) {
        let horizon = now.plus_ms(-REMEMBER_MS);
        while self.keyed.front().is_some_and(|(at, _)| *at < horizon) {
            if let Some((_, key)) = self.keyed.pop_front() {
                self.keys.remove(&key);
            }
        }
        while self.done.first_key_value().is_some_and(|(_, done)| done.at < horizon) {
            self.done.pop_first();
        }
        let together = now.plus_ms(-TOGETHER_MS);
        while self.past.front().is_some_and(|past| past.at < together) {
            self.past.pop_front();
        }
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        // Writing to a vector cannot fail.
        let _ = minicbor::encode((&self.policy, &self.brakes, self.brake_last, &self.open, &self.done), &mut *out);
        let keyed: Vec<_> = self.keyed.iter().map(|(at, key)| (at, key, self.keys.get(key))).collect();
        let past: Vec<_> = self.past.iter().collect();
        let suppliers: Vec<_> = self.suppliers.iter().collect();
        let _ = minicbor::encode((self.last, keyed, past, suppliers, &self.categories), &mut *out);
        let alone: Vec<_> = self.alone.iter().map(|(of, acts)| (of, acts.iter().collect::<Vec<_>>())).collect();
        let _ = minicbor::encode(alone, &mut *out);
    }

    pub(crate) fn decode(d: &mut Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let mut governance = Self::default();
        (governance.policy, governance.brakes, governance.brake_last, governance.open, governance.done) = d.decode()?;
        type Keyed = Vec<(Instant, IdempotencyKey, Option<ProposalId>)>;
        type Rest = (u64, Keyed, Vec<Past>, Vec<Note>, BTreeMap<ItemId, Note>);
        let (last, keyed, past, suppliers, categories): Rest = d.decode()?;
        for (at, key, id) in keyed {
            governance.keys.extend(id.map(|id| (key.clone(), id)));
            governance.keyed.push_back((at, key));
        }
        governance.last = last;
        governance.past = past.into();
        governance.suppliers = suppliers.into_iter().collect();
        governance.categories = categories;
        let alone: Vec<((Agent, ActKind), Vec<Alone>)> = d.decode()?;
        governance.alone = alone.into_iter().map(|(of, acts)| (of, acts.into())).collect();
        Ok(governance)
    }
}
