//! A proposal as the API tells it.

use model::{Answer, Made, Proposed, Undone};
use serde::Serialize;
use utoipa::ToSchema;
use views::ProposalRow;

use crate::api::items::MoneyValue;

/// One of the reasons for a proposal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonOut {
    /// In words.
    name: String,
    /// The input as it was seen.
    input: String,
    /// What it adds to the score.
    adds: String,
}

/// What is proposed, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActOut {
    /// What kind it is.
    #[schema(example = "set_buffer")]
    act: String,
    /// In words.
    words: String,
    /// `done` or `not_done`; missing while nothing was done.
    outcome: Option<String>,
    /// `reversed`, `kept`, `impossible` or `nothing`, when it was to be taken back.
    undone: Option<String>,
    /// Why it was not done, or not taken back.
    because: Option<String>,
}

/// Who answered how.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerOut {
    /// `approved`, `rejected`, `lapsed`, `stale` or `replaced`.
    answer: String,
    /// Who.
    by: String,
    /// In which role.
    role: Option<String>,
    /// By which way, such as `page` or `api`.
    way: Option<String>,
    /// Why.
    reason: Option<String>,
    /// When.
    at: String,
}

/// A proposal as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalOut {
    /// Its id, such as `proposal_3`.
    #[schema(example = "proposal_3")]
    pub(super) id: String,
    /// Who proposes.
    #[schema(example = "replenishment")]
    agent: String,
    /// Version of its mind.
    version: String,
    /// Who that was, in words.
    made_by: String,
    /// When.
    made_at: String,
    /// `observed`, `waiting`, `done`, `rejected`, `lapsed`, `stale`, `replaced` or `undone`.
    #[schema(example = "waiting")]
    state: String,
    /// What.
    acts: Vec<ActOut>,
    /// Why, in one sentence.
    why: String,
    /// Why, in parts, the largest first.
    reasons: Vec<ReasonOut>,
    /// What else could be done, and why not.
    instead: Vec<String>,
    /// What would have changed the answer.
    flip: Option<String>,
    /// How sure, 0 to 1.
    confidence: f64,
    /// What is expected to be gained.
    value: Option<MoneyValue>,
    /// The last fact it was worked out from.
    seen: u64,
    /// How far the policy let it go: `observe`, `assist` or `automate`.
    phase: String,
    /// Version of that policy.
    policy: u32,
    /// Rules that matched.
    rules: Vec<String>,
    /// What held it back.
    held_by: Vec<String>,
    /// Roles that may approve; empty = any that may approve at all.
    approvers: Vec<String>,
    /// When it lapses unless answered.
    lapses_at: String,
    /// The answer.
    answer: Option<AnswerOut>,
    /// When it was done.
    acted_at: Option<String>,
    /// When it was taken back.
    undone_at: Option<String>,
}

/// As the API tells it.
pub(super) fn out(row: &ProposalRow) -> ProposalOut {
    let Proposed { id, proposal, verdict } = &row.proposed;
    let texts = |notes: &[model::Note]| notes.iter().map(ToString::to_string).collect();
    ProposalOut {
        id: id.to_string(),
        agent: proposal.agent.name().to_owned(),
        version: proposal.version.to_string(),
        made_by: row.by_words.clone(),
        made_at: row.at.to_string(),
        state: row.state.name().to_owned(),
        acts: acts(row),
        why: proposal.why.to_string(),
        reasons: proposal.reasons.iter().map(reason).collect(),
        instead: texts(&proposal.instead),
        flip: proposal.flip.as_ref().map(ToString::to_string),
        confidence: f64::from(proposal.confidence) / 10_000.0,
        value: proposal.value.map(MoneyValue::from),
        seen: proposal.seen.0,
        phase: verdict.phase.name().to_owned(),
        policy: verdict.policy,
        rules: texts(&verdict.rules),
        held_by: texts(&verdict.held_by),
        approvers: texts(&verdict.approvers),
        lapses_at: verdict.lapses_at.to_string(),
        answer: row.answer.as_ref().map(|(answer, at, by)| answered(answer, &at.to_string(), by)),
        acted_at: row.acted.as_ref().map(|(_, at)| at.to_string()),
        undone_at: row.undone.as_ref().map(|(_, at, _)| at.to_string()),
    }
}

fn reason(reason: &model::Reason) -> ReasonOut {
    let (name, input, adds) = (reason.name.to_string(), reason.input.to_string(), reason.adds.to_string());
    ReasonOut { name, input, adds }
}

fn acts(row: &ProposalRow) -> Vec<ActOut> {
    let act = |(place, (act, words)): (usize, (&model::Act, &String))| {
        let made = row.acted.as_ref().and_then(|(acts, _)| acts.get(place)).map(|done| &done.made);
        let undone = row.undone.as_ref().and_then(|(acts, ..)| acts.get(place));
        let not_done = match made {
            Some(Made::Nothing(why)) => Some(why.to_string()),
            _ => None,
        };
        let (undone, not_undone) = match undone {
            None => (None, None),
            Some(Undone::Reversed) => (Some("reversed"), None),
            Some(Undone::Nothing) => (Some("nothing"), None),
            Some(Undone::Kept { because }) => (Some("kept"), Some(because.to_string())),
            Some(Undone::Impossible { because }) => (Some("impossible"), Some(because.to_string())),
        };
        ActOut {
            act: act.kind().name().to_owned(),
            words: words.clone(),
            outcome: made.map(|_| if not_done.is_some() { "not_done" } else { "done" }.to_owned()),
            undone: undone.map(str::to_owned),
            because: not_undone.or(not_done),
        }
    };
    row.proposed.proposal.acts.iter().zip(&row.acts_words).enumerate().map(act).collect()
}

fn answered(answer: &Answer, at: &str, by: &str) -> AnswerOut {
    let (word, role, way, reason) = match answer {
        Answer::Approved(approval) => {
            ("approved", Some(&approval.role), Some(&approval.way), Some(approval.reason.to_string()))
        }
        Answer::Rejected { role, way, reason } => ("rejected", Some(role), Some(way), Some(reason.to_string())),
        Answer::Lapsed => ("lapsed", None, None, None),
        Answer::Stale { what } => ("stale", None, None, Some(what.to_string())),
        Answer::Replaced { by } => ("replaced", None, None, Some(by.to_string())),
    };
    let text = |note: Option<&model::Note>| note.map(ToString::to_string);
    let reason = reason.filter(|reason| !reason.is_empty());
    AnswerOut {
        answer: word.to_owned(),
        by: by.to_owned(),
        role: text(role),
        way: text(way),
        reason,
        at: at.to_owned(),
    }
}
