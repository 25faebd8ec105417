//! Proposals and what becomes of them. Called by the engine's gate; knows no mind.

use minicbor::{Decode, Encode};
use serde::Serialize;

use super::{Act, Agent, Made, Phase};
use crate::{IdempotencyKey, Instant, Money, Note, ProposalId, Seq};

/// One of the reasons for a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Reason {
    /// In a person's words.
    #[n(0)]
    pub name: Note,
    /// The input as it was seen, as text.
    #[n(1)]
    pub input: Note,
    /// What it adds to the score, as text.
    #[n(2)]
    pub adds: Note,
}

/// What an agent wants to be done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Proposal {
    /// Who.
    #[n(0)]
    pub agent: Agent,
    /// Version of its mind.
    #[n(1)]
    pub version: Note,
    /// The same key again is the same proposal.
    #[n(2)]
    pub key: IdempotencyKey,
    /// What; done together or, where one of them cannot be done, the others alone.
    #[n(3)]
    pub acts: Vec<Act>,
    /// The last fact it was worked out from.
    #[n(4)]
    pub seen: Seq,
    /// How sure, in hundredths of a per cent (0 to 10,000); 0 = 'I do not know'.
    #[n(5)]
    pub confidence: u16,
    /// What is expected to be gained.
    #[n(6)]
    pub value: Option<Money>,
    /// Why in one sentence.
    #[n(7)]
    pub why: Note,
    /// Why in parts, the largest first.
    #[n(8)]
    pub reasons: Vec<Reason>,
    /// What else could be done, and why not.
    #[n(9)]
    pub instead: Vec<Note>,
    /// What would have changed the answer.
    #[n(10)]
    pub flip: Option<Note>,
}

/// What the gate says of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Verdict {
    /// How far it goes.
    #[n(0)]
    pub phase: Phase,
    /// Version of the policy; 0 before the first.
    #[n(1)]
    pub policy: u32,
    /// Names of the rules that matched.
    #[n(2)]
    pub rules: Vec<Note>,
    /// What held it back, in words.
    #[n(3)]
    pub held_by: Vec<Note>,
    /// Roles whose holders may approve; empty = any approver.
    #[n(4)]
    pub approvers: Vec<Note>,
    /// When it lapses unless answered.
    #[n(5)]
    pub lapses_at: Instant,
}

/// A proposal was made.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Proposed {
    /// Which.
    #[n(0)]
    pub id: ProposalId,
    /// What.
    #[n(1)]
    pub proposal: Proposal,
    /// What the gate says.
    #[n(2)]
    pub verdict: Verdict,
}

/// A person's yes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Approval {
    /// The role in which they said it.
    #[n(0)]
    pub role: Note,
    /// By which way: `page`, `api`, `slack`, `mail`, `jira`, `servicenow`.
    #[n(1)]
    pub way: Note,
    /// What is to be done instead, when it was changed.
    #[n(2)]
    pub instead: Option<Vec<Act>>,
    /// Why.
    #[n(3)]
    pub reason: Note,
}

/// How a proposal was answered. Once: whoever comes second hears what the first said.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// A person said yes.
    #[n(0)]
    Approved(#[n(0)] Approval),
    /// A person said no.
    #[n(1)]
    Rejected {
        /// In which role.
        #[n(0)]
        role: Note,
        /// By which way.
        #[n(1)]
        way: Note,
        /// Why.
        #[n(2)]
        reason: Note,
    },
    /// Nobody answered in time.
    #[n(2)]
    Lapsed,
    /// What it was worked out from has changed.
    #[n(3)]
    Stale {
        /// What.
        #[n(0)]
        what: Note,
    },
    /// The agent proposes something else in its place.
    #[n(4)]
    Replaced {
        /// Which.
        #[n(0)]
        by: ProposalId,
    },
}

/// What became of one act.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct DoneAct {
    /// What, as it was done.
    #[n(0)]
    pub act: Act,
    /// What it left.
    #[n(1)]
    pub made: Made,
}

/// What became of the undoing of one act.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(tag = "undone", rename_all = "snake_case")]
pub enum Undone {
    /// It is as it was.
    #[n(0)]
    Reversed,
    /// Somebody has changed it since: it stays.
    #[n(1)]
    Kept {
        /// What is there now.
        #[n(0)]
        because: Note,
    },
    /// It cannot be taken back.
    #[n(2)]
    Impossible {
        /// Why, and what can be done instead.
        #[n(0)]
        because: Note,
    },
    /// It had not been done.
    #[n(3)]
    Nothing,
}
