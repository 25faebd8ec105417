//! What agents proposed, and what became of it.

use model::{Agent, Answer, DoneAct, Fact, Instant, ProposalId, Proposed, Undone};
use rusqlite::{Row, params};
use serde::Serialize;

use super::{ViewsReader, kept, page};
use crate::{
    ViewsError,
    words::{self, Names},
};

/// How far a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Recorded only: the agent observes.
    Observed,
    /// A person is asked.
    Waiting,
    /// Approved, or acted on by the policy.
    Done,
    /// A person said no.
    Rejected,
    /// Nobody answered.
    Lapsed,
    /// What it was worked out from has changed.
    Stale,
    /// The agent proposed something else in its place.
    Replaced,
    /// Done, and taken back, in part at least.
    Undone,
    /// Approved, or let by the policy, and then nothing of it could be done.
    Failed,
}

impl ProposalState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Observed,
        Self::Waiting,
        Self::Done,
        Self::Rejected,
        Self::Lapsed,
        Self::Stale,
        Self::Replaced,
        Self::Undone,
        Self::Failed,
    ];

    /// The state after an answer.
    pub fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Approved(_) => Self::Done,
            Answer::Rejected { .. } => Self::Rejected,
            Answer::Lapsed => Self::Lapsed,
            Answer::Stale { .. } => Self::Stale,
            Answer::Replaced { .. } => Self::Replaced,
        }
    }

    /// As the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Lapsed => "lapsed",
            Self::Stale => "stale",
            Self::Replaced => "replaced",
            Self::Undone => "undone",
            Self::Failed => "failed",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub(crate) fn number(self) -> i64 {
        self as i64
    }
}

/// A proposal as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProposalRow {
    /// What, and what the gate said.
    pub proposed: Proposed,
    /// When.
    pub at: Instant,
    /// By whom, for people.
    pub by_words: String,
    /// Each act in one sentence without a full stop.
    pub acts_words: Vec<String>,
    /// How far it is.
    pub state: ProposalState,
    /// How it was answered, when, and by whom for people.
    pub answer: Option<(Answer, Instant, String)>,
    /// What became of each act, and when.
    pub acted: Option<(Vec<DoneAct>, Instant)>,
    /// What taking it back brought, when, and by whom for people.
    pub undone: Option<(Vec<Undone>, Instant, String)>,
}

/// Which proposals.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProposalsAsked {
    /// In this state.
    pub state: Option<ProposalState>,
    /// Of this agent.
    pub agent: Option<Agent>,
    /// Below this number.
    pub before: Option<ProposalId>,
}

const COLUMNS: &str = "SELECT m.seq, m.body, p.state, a.body, d.body, u.body FROM proposals p \
                       JOIN facts m ON m.seq = p.made_seq LEFT JOIN facts a ON a.seq = p.answered_seq \
                       LEFT JOIN facts d ON d.seq = p.acted_seq LEFT JOIN facts u ON u.seq = p.undone_seq";

impl ViewsReader {
    /// Proposals, newest first.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn proposals(&self, asked: ProposalsAsked, limit: usize) -> Result<Vec<ProposalRow>, ViewsError> {
        let sql = format!(
            "{COLUMNS} WHERE (?1 IS NULL OR p.state = ?1) AND (?2 IS NULL OR p.agent = ?2) AND p.id < ?3 \
             ORDER BY p.id DESC LIMIT ?4"
        );
        let before = asked.before.map_or(i64::MAX, |id| i64::try_from(id.0).unwrap_or(i64::MAX));
        let (state, agent) = (asked.state.map(ProposalState::number), asked.agent.map(|agent| agent as i64));
        let parameters = params![state, agent, before, page(limit)];
        self.read(|tables, names| kept::rows(tables, &sql, parameters, |row| proposal_row(names, row)))
    }

    /// One proposal.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn proposal(&self, id: ProposalId) -> Result<Option<ProposalRow>, ViewsError> {
        let sql = format!("{COLUMNS} WHERE p.id = ?1");
        let id = i64::try_from(id.0).unwrap_or(i64::MAX);
        self.read(|tables, names| Ok(kept::rows(tables, &sql, [id], |row| proposal_row(names, row))?.pop()))
    }
}

fn proposal_row(names: &Names<'_>, row: &Row<'_>) -> Result<Option<ProposalRow>, ViewsError> {
    let made = kept::kept(row)?.entry;
    let by_words = words::author(names, &made.by);
    let Fact::Proposed(proposed) = made.fact else { return Ok(None) };
    let state: i64 = row.get(2)?;
    let Some(state) = ProposalState::ALL.into_iter().find(|known| known.number() == state) else { return Ok(None) };
    let later = |column: usize| -> Result<Option<model::Entry>, ViewsError> {
        row.get::<_, Option<Vec<u8>>>(column)?.map(|body| kept::entry(&body)).transpose()
    };
    let answer = later(3)?.and_then(|entry| match entry.fact {
        Fact::Answered { answer, .. } => Some((*answer, entry.at, words::author(names, &entry.by))),
        _ => None,
    });
    let acted = later(4)?.and_then(|entry| match entry.fact {
        Fact::Acted { acts, .. } => Some((acts, entry.at)),
        _ => None,
    });
    let undone = later(5)?.and_then(|entry| match entry.fact {
        Fact::ActsUndone { acts, .. } => Some((acts, entry.at, words::author(names, &entry.by))),
        _ => None,
    });
    let acts_words = proposed.proposal.acts.iter().map(|act| words::act(names, act)).collect();
    Ok(Some(ProposalRow { proposed: *proposed, at: made.at, by_words, acts_words, state, answer, acted, undone }))
}
