//! A policy: agent, action and scope give a phase and limits. Called by the engine's gate; knows no file.

use minicbor::{Decode, Encode};
use serde::Serialize;

use super::ActKind;
use crate::{Instant, Money, Note, Quantity};

/// Who proposes. People and programs at the doors are no agents: what they may do is a matter of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Agent {
    /// Last units, buffers, safety stock.
    #[n(0)]
    Allocation,
    /// Which location fulfils.
    #[n(1)]
    Routing,
    /// What to buy.
    #[n(2)]
    Replenishment,
    /// What to bring from store to store.
    #[n(3)]
    Rebalancing,
    /// Which records are one person.
    #[n(4)]
    Identity,
    /// Prices and markdowns.
    #[n(5)]
    Pricing,
    /// Risk of a transaction.
    #[n(6)]
    Fraud,
    /// What else to offer.
    #[n(7)]
    Offers,
    /// What becomes of goods that come back.
    #[n(8)]
    Returns,
    /// What is shown first.
    #[n(9)]
    Merchandising,
    /// What earned a sale.
    #[n(10)]
    Attribution,
    /// Mappings, product data, gaps.
    #[n(11)]
    Catalogue,
    /// A language model or another program with tools.
    #[n(12)]
    Copilot,
}

impl Agent {
    /// All of them, in order.
    pub const ALL: [Self; 13] = [
        Self::Allocation,
        Self::Routing,
        Self::Replenishment,
        Self::Rebalancing,
        Self::Identity,
        Self::Pricing,
        Self::Fraud,
        Self::Offers,
        Self::Returns,
        Self::Merchandising,
        Self::Attribution,
        Self::Catalogue,
        Self::Copilot,
    ];

    /// As policies and the API write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allocation => "allocation",
            Self::Routing => "routing",
            Self::Replenishment => "replenishment",
            Self::Rebalancing => "rebalancing",
            Self::Identity => "identity",
            Self::Pricing => "pricing",
            Self::Fraud => "fraud",
            Self::Offers => "offers",
            Self::Returns => "returns",
            Self::Merchandising => "merchandising",
            Self::Attribution => "attribution",
            Self::Catalogue => "catalogue",
            Self::Copilot => "copilot",
        }
    }

    /// The agent of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agent| agent.name() == name)
    }
}

/// How far an agent is let. The strictest comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Its proposals are refused: stopped by a kill switch.
    #[n(0)]
    Off,
    /// What it would do is recorded.
    #[n(1)]
    #[default]
    Observe,
    /// A person approves.
    #[n(2)]
    Assist,
    /// It acts within its limits; beyond them a person approves.
    #[n(3)]
    Automate,
}

impl Phase {
    /// As policies and the API write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Observe => "observe",
            Self::Assist => "assist",
            Self::Automate => "automate",
        }
    }

    /// The phase of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Off, Self::Observe, Self::Assist, Self::Automate].into_iter().find(|phase| phase.name() == name)
    }
}

/// Where a rule holds. An empty list holds everywhere; a subject that has no store or channel is in no named one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Scope {
    /// Names of locations.
    #[n(0)]
    pub stores: Vec<Note>,
    /// Names of channels.
    #[n(1)]
    pub channels: Vec<Note>,
    /// Categories of items.
    #[n(2)]
    pub categories: Vec<Note>,
    /// SKUs; `*` at the end stands for any rest.
    #[n(3)]
    pub items: Vec<Note>,
}

/// How far an agent acts by itself; beyond any of them a person approves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Limits {
    /// Least confidence, in hundredths of a per cent (0 to 10,000).
    #[n(0)]
    pub confidence: Option<u16>,
    /// Most money. Purchases from one supplier within a day count together.
    #[n(1)]
    pub money: Option<Money>,
    /// Most units of one item.
    #[n(2)]
    pub quantity: Option<Quantity>,
    /// Largest change of a price, in per cent of what it was.
    #[n(3)]
    pub change_percent: Option<u32>,
    /// Most acts of this kind by this agent in an hour.
    #[n(4)]
    pub per_hour: Option<u32>,
    /// Minutes of the local day between which it acts, from and to; from may lie after to (over midnight).
    #[n(5)]
    pub hours: Option<(u16, u16)>,
    /// Whether a supplier that was never bought from needs no person.
    #[n(6)]
    pub new_supplier: bool,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Rule {
    /// In a person's words; unique in its policy.
    #[n(0)]
    pub name: Note,
    /// Which agents; empty = all.
    #[n(1)]
    pub agents: Vec<Agent>,
    /// Which acts; empty = all.
    #[n(2)]
    pub acts: Vec<ActKind>,
    /// Where.
    #[n(3)]
    pub scope: Scope,
    /// How far.
    #[n(4)]
    pub phase: Phase,
    /// Limits of acting alone.
    #[n(5)]
    pub limits: Limits,
    /// Roles whose holders may approve; empty = any approver.
    #[n(6)]
    pub approvers: Vec<Note>,
    /// After how long an unanswered proposal lapses, milliseconds.
    #[n(7)]
    pub lapses_ms: Option<u64>,
    /// When the rule ends; it matches nothing afterwards.
    #[n(8)]
    pub until: Option<Instant>,
}

/// All rules. The strictest of those that match wins; where none matches, agents observe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Policy {
    /// In the order of the file.
    #[n(0)]
    pub rules: Vec<Rule>,
}

/// A policy came into force; replaces the one before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct PolicyPut {
    /// Counts up from 1.
    #[n(0)]
    pub version: u32,
    /// What holds.
    #[n(1)]
    pub policy: Policy,
    /// As it was written, with its comments and examples.
    #[n(2)]
    pub text: Note,
    /// Why it was changed.
    #[n(3)]
    pub reason: Note,
}

/// A kill switch or a step back: nothing it covers goes further than its phase until somebody lifts it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Brake {
    /// Counts up from 1.
    #[n(0)]
    pub id: u32,
    /// Which agents; empty = all.
    #[n(1)]
    pub agents: Vec<Agent>,
    /// Which acts; empty = all.
    #[n(2)]
    pub acts: Vec<ActKind>,
    /// Where.
    #[n(3)]
    pub scope: Scope,
    /// How far at most; below [`Phase::Automate`].
    #[n(4)]
    pub phase: Phase,
    /// Why.
    #[n(5)]
    pub reason: Note,
}
