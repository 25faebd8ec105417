//! `/approvals`: what agents ask for, answered one by one or together; and what became of it, to be taken back.

mod amounts;
mod one;
mod page;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::FlowError;
use http::{Request, Uri};
use model::{Act, Action, Agent, Answer, Approval, Command, Fact, Instant, Made, Note, ProposalId, Undone};
use views::{ProposalRow, ProposalsAsked};

pub(super) use one::ApprovalPage;
pub(super) use page::ApprovalsPage;

use super::access::{Visitor, fresh_id, genuine};
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::layout::Notice;
use super::words::Tone;
use super::{Pages, first_zone, must};
use crate::Scope;
use crate::doorkeeper::Bounds;

/// Proposals on a page.
const PAGE: usize = 50;
/// How long "tomorrow" is, in milliseconds.
const TOMORROW_MS: i64 = 24 * 3_600_000;

/// `GET /approvals`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    let fields = Fields::of_query(&uri);
    let page = load(&pages, &visitor, &fields).await?;
    Ok(page.render(&visitor, pages.outcomes.take(&fields)))
}

/// Reads the list.
pub(super) async fn load(pages: &Pages, visitor: &Visitor, fields: &Fields) -> Result<ApprovalsPage, PageError> {
    must(visitor, Scope::OperationsRead)?;
    let tab = page::TABS.iter().find(|tab| tab.word == fields.get("show")).unwrap_or(&page::TABS[0]);
    let before = fields.number("before").map(ProposalId);
    let agent = Agent::parse(fields.get("agent"));
    let asked = ProposalsAsked { state: tab.state, agent, before };
    let found = pages.views(move |views| views.proposals(asked, PAGE)).await?;
    let more = (found.len() == PAGE).then(|| found.last().map(|row| row.proposed.id.0)).flatten();
    let off = pages.read(put_off).await?;
    let now = pages.now();
    let waits_now = |row: &ProposalRow| off.get(&row.proposed.id).is_none_or(|until| *until <= now);
    let rows: Vec<ProposalRow> = match tab.put_off {
        Some(put_off) => found.into_iter().filter(|row| waits_now(row) != put_off).collect(),
        None => found,
    };
    Ok(ApprovalsPage {
        now,
        zone: pages.read(first_zone).await?,
        tab,
        rows,
        off: off.values().filter(|until| **until > now).count(),
        before: more,
        later: before.is_some(),
    })
}

/// Until when each waiting proposal was put off.
fn put_off(state: &flow::State) -> BTreeMap<ProposalId, Instant> {
    let open = state.governance().open();
    open.filter_map(|open| open.snoozed_until.map(|until| (open.proposed.id, until))).collect()
}

/// The number in an address.
fn number(id: &str) -> Result<ProposalId, PageError> {
    let digits = id.strip_prefix("proposal_").unwrap_or(id);
    digits.parse().map(ProposalId).map_err(|_| PageError::Missing("proposal of this number".to_owned()))
}

async fn find(pages: &Pages, id: ProposalId) -> Result<ProposalRow, PageError> {
    let found = pages.views(move |views| views.proposal(id)).await?;
    found.ok_or_else(|| PageError::Missing("proposal of this number".to_owned()))
}

/// `GET /approvals/{id}`.
pub(super) async fn show_one(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let row = find(&pages, number(&id)?).await?;
    let page = ApprovalPage { now: pages.now(), zone: pages.read(first_zone).await?, row };
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

/// `POST /approvals/{id}/{act}`: `approve`, `change`, `reject`, `later` or `undo`.
pub(super) async fn decide(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path((id, act)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::ApprovalsWrite)?;
    let fields = genuine(&visitor, request).await?;
    let id = number(&id)?;
    let reason = Note::new(fields.get("reason"));
    let role = Note::new(visitor.role(&pages.hub.doorkeeper));
    let action = match act.as_str() {
        "approve" => yes(id, role, None, reason),
        "change" => {
            let row = find(&pages, id).await?;
            match changed(&row.proposed.proposal.acts, &fields) {
                Ok(acts) => yes(id, role, Some(acts), reason),
                Err(problem) => {
                    let notice =
                        Notice { tone: Tone::Bad, text: format!("Nothing was changed: {problem}."), undo: None };
                    return Ok(pages.outcomes.tell(&format!("/approvals/{}", id.0), fresh_id()?, notice));
                }
            }
        }
        "reject" => no(id, role, reason),
        "later" => Action::Snooze { id, until: pages.now().plus_ms(TOMORROW_MS) },
        "undo" => Action::Undo { id, reason },
        _ => return Err(PageError::Missing("such an answer".to_owned())),
    };
    let notice = carry_out(&pages, &visitor, action).await?;
    Ok(pages.outcomes.tell(back(&fields), fresh_id()?, notice))
}

/// `POST /approvals/ticked/{act}`: `approve` or `reject`, for every one that is ticked.
pub(super) async fn decide_ticked(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(act): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::ApprovalsWrite)?;
    let fields = genuine(&visitor, request).await?;
    let ticked: Vec<ProposalId> =
        fields.names().filter_map(|name| name.strip_prefix("tick-")?.parse().ok()).map(ProposalId).collect();
    let (mut done, mut troubles) = (0_usize, Vec::new());
    for id in &ticked {
        let (role, reason) = (Note::new(visitor.role(&pages.hub.doorkeeper)), Note::new(fields.get("reason")));
        let action = match act.as_str() {
            "approve" => yes(*id, role, None, reason),
            "reject" => no(*id, role, reason),
            _ => return Err(PageError::Missing("such an answer".to_owned())),
        };
        let notice = carry_out(&pages, &visitor, action).await?;
        if notice.tone == Tone::Good {
            done += 1;
        } else {
            troubles.push(format!("Proposal {}: {}", id.0, notice.text));
        }
    }
    let text = match (ticked.len(), troubles.len()) {
        (0, _) => "Nothing was ticked.".to_owned(),
        (_, 0) => format!("{done} answered."),
        (all, _) => format!("{done} of {all} answered. {}", troubles.join(" ")),
    };
    let tone = if troubles.is_empty() && done > 0 { Tone::Good } else { Tone::Warn };
    Ok(pages.outcomes.tell(back(&fields), fresh_id()?, Notice { tone, text, undo: None }))
}

/// Only ways to pages of ours.
fn back(fields: &Fields) -> &'static str {
    page::TABS.iter().find(|tab| tab.word == fields.get("show")).map_or("/approvals", |tab| tab.address)
}

fn yes(id: ProposalId, role: Note, instead: Option<Vec<Act>>, reason: Note) -> Action {
    Action::Answer { id, answer: Answer::Approved(Approval { role, way: Note::new("page"), instead, reason }) }
}

fn no(id: ProposalId, role: Note, reason: Note) -> Action {
    Action::Answer { id, answer: Answer::Rejected { role, way: Note::new("page"), reason } }
}

/// The acts with the amounts that were typed in.
fn changed(acts: &[Act], fields: &Fields) -> Result<Vec<Act>, String> {
    let one = |(number, act): (usize, &Act)| {
        let typed = |place: usize| fields.get(&format!("amount-{number}-{place}")).to_owned();
        amounts::with(act, typed).map_err(|problem| format!("part {}: {problem}", number + 1))
    };
    acts.iter().enumerate().map(one).collect()
}

async fn carry_out(pages: &Pages, visitor: &Visitor, action: Action) -> Result<Notice, PageError> {
    let bounds = Bounds::here().ok_or(PageError::Inside)?;
    let held = action.clone();
    pages.read(move |state| bounds.hold(state, &held)).await??;
    let command = Command { at: pages.now(), by: visitor.by.clone(), action };
    let (tone, text) = match pages.hub.flow.command(command).await {
        Ok(facts) => {
            pages.follow(pages.hub.flow.head()).await;
            told(&facts)
        }
        Err(FlowError::Refused(refusal)) => (Tone::Bad, format!("Nothing was changed: {refusal}.")),
        Err(error) => return Err(error.into()),
    };
    Ok(Notice { tone, text, undo: None })
}

/// What became of it, for whoever pressed the button.
fn told(facts: &[Fact]) -> (Tone, String) {
    let last = facts.iter().rev().find_map(|fact| match fact {
        Fact::Acted { acts, .. } => {
            let failed: Vec<&str> = acts
                .iter()
                .filter_map(|done| match &done.made {
                    Made::Nothing(why) => Some(why.as_str()),
                    Made::Set | Made::Transfer(_) | Made::Instruction(_) => None,
                })
                .collect();
            Some(match failed.as_slice() {
                [] => (Tone::Good, "Approved and done.".to_owned()),
                some => {
                    let done = acts.len() - some.len();
                    (Tone::Warn, format!("Approved; {done} of {} parts were done: {}.", acts.len(), some.join("; ")))
                }
            })
        }
        Fact::ActsUndone { acts, .. } => {
            let left: Vec<&str> = acts
                .iter()
                .filter_map(|undone| match undone {
                    Undone::Kept { because } | Undone::Impossible { because } => Some(because.as_str()),
                    Undone::Reversed | Undone::Nothing => None,
                })
                .collect();
            Some(match left.as_slice() {
                [] => (Tone::Good, "It is taken back.".to_owned()),
                some => (Tone::Warn, format!("Taken back as far as it could be: {}.", some.join("; "))),
            })
        }
        Fact::Answered { answer, .. } => match &**answer {
            Answer::Stale { what } => {
                Some((Tone::Warn, format!("Nothing was done: what it was about has changed ({what}).")))
            }
            Answer::Rejected { .. } => Some((Tone::Good, "Rejected.".to_owned())),
            _ => None,
        },
        Fact::Snoozed { .. } => Some((Tone::Good, "Put off until tomorrow.".to_owned())),
        _ => None,
    });
    last.unwrap_or((Tone::Calm, "Nothing was changed.".to_owned()))
}
