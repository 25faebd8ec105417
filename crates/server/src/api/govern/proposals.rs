//! Proposals: what agents want, and people's answers. Programs at this door propose as the copilot, under the policy
//! like every agent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use model::{Action, Actor, Agent, Answer, Approval, Fact, Note, Proposal, ProposalId, Reason, Seq};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use views::{ProposalState, ProposalsAsked};

use super::acts::ProposedAct;
use super::out::{ProposalOut, out};
use crate::api::access::Caller;
use crate::api::input::{self, Asked, Input, MaybeInput, Place};
use crate::api::items::{MoneyValue, money};
use crate::api::once::OnceKey;
use crate::api::page::Page;
use crate::api::problem::ApiError;
use crate::api::{Door, ask, past};
use crate::{Hub, governing};

/// One of the reasons.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonIn {
    /// In words.
    name: String,
    /// The input as it was seen.
    #[serde(default)]
    input: String,
    /// What it adds to the score.
    #[serde(default)]
    adds: String,
}

/// What a program proposes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposalIn {
    /// Acts of one kind.
    acts: Vec<ProposedAct>,
    /// Why, in one sentence.
    why: String,
    /// Why, in parts, the largest first.
    #[serde(default)]
    reasons: Vec<ReasonIn>,
    /// What else could be done, and why not.
    #[serde(default)]
    instead: Vec<String>,
    /// What would have changed the answer.
    flip: Option<String>,
    /// How sure, 0 to 1; missing or 0 = 'I do not know', and a person decides.
    #[serde(default)]
    confidence: f64,
    /// What is expected to be gained.
    value: Option<MoneyValue>,
    /// The last fact it was worked out from; missing = all of them.
    seen: Option<u64>,
    /// Version of what proposes.
    #[serde(default)]
    version: String,
}

/// Propose something, as the copilot. How far it goes is for the policy to say.
#[utoipa::path(post, path = "/v1/proposals", tag = "proposals", request_body = ProposalIn,
    responses((status = 202, description = "Recorded; `state` says how far it went", body = ProposalOut)))]
pub(crate) async fn propose(
    State(door): State<Arc<Door>>,
    caller: Caller,
    OnceKey(key): OnceKey,
    Input(sent): Input<ProposalIn>,
) -> Result<(StatusCode, Json<ProposalOut>), ApiError> {
    let Some(key) = key else {
        return Err(ApiError::invalid("Idempotency-Key", "a proposal needs one: it keeps it from being made twice"));
    };
    if !(0.0..=1.0).contains(&sent.confidence) {
        return Err(ApiError::invalid("confidence", "confidence lies between 0 and 1"));
    }
    let by = Actor::Agent { agent: Agent::Copilot, through: Some(Note::new(&caller.name)) };
    let (asked, now) = (key.clone(), door.hub.clock.now());
    let (facts, _) = ask::command(&door.hub, by, move |mind| {
        let acts = sent.acts.iter().enumerate().map(|(place, act)| act.act(mind, &format!("acts[{place}]")));
        let reason = |reason: &ReasonIn| Reason {
            name: Note::new(&reason.name),
            input: Note::new(&reason.input),
            adds: Note::new(&reason.adds),
        };
        let proposal = Proposal {
            agent: Agent::Copilot,
            version: Note::new(input::text("version", &sent.version)?),
            key,
            acts: acts.collect::<Result<_, _>>()?,
            seen: sent.seen.map_or(mind.seq(), Seq),
            confidence: (sent.confidence * 10_000.0).round() as u16,
            value: sent.value.as_ref().map(|value| money("value", value)).transpose()?,
            why: Note::new(input::word("why", &sent.why)?),
            reasons: sent.reasons.iter().map(reason).collect(),
            instead: sent.instead.iter().map(|text| Note::new(text)).collect(),
            flip: sent.flip.as_deref().map(Note::new),
        };
        Ok(Action::Propose { proposal: Box::new(proposal), local_minute: Some(governing::local_minute(mind, now)) })
    })
    .await?;
    let made = facts.into_iter().find_map(|fact| match fact {
        Fact::Proposed(put) => Some(put.id),
        _ => None,
    });
    let id = match made {
        Some(id) => Some(id),
        None => ask::read(&door.hub, move |mind| Ok(mind.governance().proposal_of(&asked))).await?,
    };
    let found = found(&door.hub, id.ok_or_else(|| ApiError::not_found("this proposal"))?).await?;
    Ok((StatusCode::ACCEPTED, Json(found)))
}

async fn found(hub: &Hub, id: ProposalId) -> Result<ProposalOut, ApiError> {
    let row = past::look_behind(hub, move |views| views.proposal(id)).await?;
    row.map(|row| out(&row)).ok_or_else(|| ApiError::not_found(id.to_string()))
}

/// Which proposals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProposalsQuery {
    /// `observed`, `waiting`, `done`, `rejected`, `lapsed`, `stale`, `replaced` or `undone`; all when missing.
    state: Option<String>,
    /// Of one agent, such as `replenishment`.
    agent: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// Proposals, newest first.
#[utoipa::path(get, path = "/v1/proposals", tag = "proposals", params(ProposalsQuery),
    responses((status = 200, description = "A page of proposals", body = Page<ProposalOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<ProposalsQuery>,
) -> Result<Json<Page<ProposalOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let state = query.state.as_deref().map(|word| {
        ProposalState::parse(word).ok_or_else(|| ApiError::invalid("state", "state is waiting, done, rejected, …"))
    });
    let agent = query
        .agent
        .as_deref()
        .map(|word| Agent::parse(word).ok_or_else(|| ApiError::invalid("agent", "there is no agent of this name")));
    let before = query.cursor.as_deref().map(|cursor| {
        cursor.parse::<ProposalId>().map_err(|()| ApiError::invalid("cursor", "cursor is not one that was given out"))
    });
    let asked = ProposalsAsked { state: state.transpose()?, agent: agent.transpose()?, before: before.transpose()? };
    let rows = past::look_behind(&door.hub, move |views| views.proposals(asked, limit)).await?;
    let items = rows.iter().map(out).collect();
    Ok(Json(Page::of(items, limit, |last: &ProposalOut| last.id.clone())))
}

/// One proposal.
#[utoipa::path(get, path = "/v1/proposals/{id}", tag = "proposals",
    params(("id" = String, Path, description = "Such as `proposal_3`")),
    responses((status = 200, description = "As it stands", body = ProposalOut)))]
pub(crate) async fn one(
    State(door): State<Arc<Door>>,
    Place(id): Place<String>,
) -> Result<Json<ProposalOut>, ApiError> {
    found(&door.hub, input::id(&id)?).await.map(Json)
}

/// A yes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApproveIn {
    /// Why; needed when it is changed.
    #[serde(default)]
    reason: String,
    /// What is to be done instead: acts of the same kind.
    acts: Option<Vec<ProposedAct>>,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BecauseIn {
    /// In words.
    pub(super) reason: String,
}

/// Until when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnoozeIn {
    /// A time.
    until: String,
}

/// Say yes: what was proposed is done, if it still holds.
#[utoipa::path(post, path = "/v1/proposals/{id}/approve", tag = "proposals", request_body = ApproveIn,
    params(("id" = String, Path, description = "Such as `proposal_3`")),
    responses((status = 200, description = "Answered; `state` and `acts` say what became of it", body = ProposalOut)))]
pub(crate) async fn approve(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    MaybeInput(sent): MaybeInput<ApproveIn>,
) -> Result<Json<ProposalOut>, ApiError> {
    let id: ProposalId = input::id(&id)?;
    let role = Note::new(caller.role());
    ask::command(&door.hub, caller.actor(), move |mind| {
        let acts = |acts: &Vec<ProposedAct>| {
            acts.iter().enumerate().map(|(place, act)| act.act(mind, &format!("acts[{place}]"))).collect()
        };
        let reason = Note::new(input::text("reason", &sent.reason)?);
        let instead = sent.acts.as_ref().map(acts).transpose()?;
        Ok(Action::Answer { id, answer: Answer::Approved(Approval { role, way: Note::new("api"), instead, reason }) })
    })
    .await?;
    found(&door.hub, id).await.map(Json)
}

/// Say no.
#[utoipa::path(post, path = "/v1/proposals/{id}/reject", tag = "proposals", request_body = BecauseIn,
    params(("id" = String, Path, description = "Such as `proposal_3`")),
    responses((status = 200, description = "Rejected, and durable", body = ProposalOut)))]
pub(crate) async fn reject(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    Input(sent): Input<BecauseIn>,
) -> Result<Json<ProposalOut>, ApiError> {
    let id: ProposalId = input::id(&id)?;
    let reason = Note::new(input::word("reason", &sent.reason)?);
    let (role, way) = (Note::new(caller.role()), Note::new("api"));
    ask::command(&door.hub, caller.actor(), move |_| {
        Ok(Action::Answer { id, answer: Answer::Rejected { role, way, reason } })
    })
    .await?;
    found(&door.hub, id).await.map(Json)
}

/// Put it off.
#[utoipa::path(post, path = "/v1/proposals/{id}/snooze", tag = "proposals", request_body = SnoozeIn,
    params(("id" = String, Path, description = "Such as `proposal_3`")),
    responses((status = 200, description = "Put off, and durable", body = ProposalOut)))]
pub(crate) async fn snooze(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    Input(sent): Input<SnoozeIn>,
) -> Result<Json<ProposalOut>, ApiError> {
    let id: ProposalId = input::id(&id)?;
    let until = input::instant("until", &sent.until)?;
    ask::command(&door.hub, caller.actor(), move |_| Ok(Action::Snooze { id, until })).await?;
    found(&door.hub, id).await.map(Json)
}

/// Take back what was done, as far as it can be.
#[utoipa::path(post, path = "/v1/proposals/{id}/undo", tag = "proposals", request_body = BecauseIn,
    params(("id" = String, Path, description = "Such as `proposal_3`")),
    responses((status = 200, description = "`acts` say what became of each", body = ProposalOut)))]
pub(crate) async fn undo(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    Input(sent): Input<BecauseIn>,
) -> Result<Json<ProposalOut>, ApiError> {
    let id: ProposalId = input::id(&id)?;
    let reason = Note::new(input::word("reason", &sent.reason)?);
    ask::command(&door.hub, caller.actor(), move |_| Ok(Action::Undo { id, reason })).await?;
    found(&door.hub, id).await.map(Json)
}
