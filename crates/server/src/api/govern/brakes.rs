//! Brakes: kill switches and steps back, for one agent, one act, one place, or everything.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::{ActKind, Action, Agent, Note, Phase, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::proposals::BecauseIn;
use crate::api::access::Caller;
use crate::api::input::{self, Input, Place};
use crate::api::problem::ApiError;
use crate::api::unblock::DoneOut;
use crate::api::{Door, ask};

/// A brake. What is empty covers everything.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BrakeIn {
    /// Agents.
    #[serde(default)]
    agents: Vec<String>,
    /// Acts.
    #[serde(default)]
    acts: Vec<String>,
    /// Locations.
    #[serde(default)]
    stores: Vec<String>,
    /// Channels.
    #[serde(default)]
    channels: Vec<String>,
    /// Categories.
    #[serde(default)]
    categories: Vec<String>,
    /// SKUs; `*` at the end stands for any rest.
    #[serde(default)]
    items: Vec<String>,
    /// How far at most: `off`, `observe` or `assist`; `off` when missing.
    phase: Option<String>,
    /// Why.
    reason: String,
}

/// A brake that holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BrakeOut {
    /// Its number.
    id: u32,
    /// Agents; empty = all.
    agents: Vec<String>,
    /// Acts; empty = all.
    acts: Vec<String>,
    /// Locations; empty = all.
    stores: Vec<String>,
    /// Channels; empty = all.
    channels: Vec<String>,
    /// Categories; empty = all.
    categories: Vec<String>,
    /// SKUs; empty = all.
    items: Vec<String>,
    /// How far at most.
    phase: String,
    /// Why.
    reason: String,
}

/// A brake that was pulled.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PulledOut {
    /// False when the same one held already.
    done_now: bool,
    /// Its number, for lifting it; missing when the same one held already.
    id: Option<u32>,
}

/// Brakes that hold.
#[utoipa::path(get, path = "/v1/brakes", tag = "policy",
    responses((status = 200, description = "All that hold", body = Vec<BrakeOut>)))]
pub(crate) async fn list(State(door): State<Arc<Door>>) -> Result<Json<Vec<BrakeOut>>, ApiError> {
    ask::read(&door.hub, |mind| Ok(mind.governance().brakes().map(out).collect())).await.map(Json)
}

fn out(brake: &model::Brake) -> BrakeOut {
    let texts = |notes: &[Note]| notes.iter().map(ToString::to_string).collect();
    BrakeOut {
        id: brake.id,
        agents: brake.agents.iter().map(|agent| agent.name().to_owned()).collect(),
        acts: brake.acts.iter().map(|act| act.name().to_owned()).collect(),
        stores: texts(&brake.scope.stores),
        channels: texts(&brake.scope.channels),
        categories: texts(&brake.scope.categories),
        items: texts(&brake.scope.items),
        phase: brake.phase.name().to_owned(),
        reason: brake.reason.to_string(),
    }
}

/// Stop agents, or put them a step back, at once.
#[utoipa::path(post, path = "/v1/brakes", tag = "policy", request_body = BrakeIn,
    responses((status = 200, description = "Holds, and durable", body = PulledOut)))]
pub(crate) async fn pull(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<BrakeIn>,
) -> Result<Json<PulledOut>, ApiError> {
    let agents = known("agents", &sent.agents, Agent::parse)?;
    let acts = known("acts", &sent.acts, ActKind::parse)?;
    let phase = match sent.phase.as_deref() {
        None => Phase::Off,
        Some(word) => Phase::parse(word)
            .filter(|phase| *phase < Phase::Automate)
            .ok_or_else(|| ApiError::invalid("phase", "phase is off, observe or assist"))?,
    };
    let texts = |field: &str, sent: &[String]| {
        sent.iter().map(|text| input::word(field, text).map(Note::new)).collect::<Result<Vec<_>, _>>()
    };
    let scope = Scope {
        stores: texts("stores", &sent.stores)?,
        channels: texts("channels", &sent.channels)?,
        categories: texts("categories", &sent.categories)?,
        items: texts("items", &sent.items)?,
    };
    let reason = Note::new(input::word("reason", &sent.reason)?);
    let (facts, _) =
        ask::command(&door.hub, caller.actor(), move |_| Ok(Action::PutBrake { agents, acts, scope, phase, reason }))
            .await?;
    let id = facts.iter().find_map(|fact| match fact {
        model::Fact::BrakePut(brake) => Some(brake.id),
        _ => None,
    });
    Ok(Json(PulledOut { done_now: id.is_some(), id }))
}

fn known<T>(field: &str, sent: &[String], parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, ApiError> {
    let one = |word: &String| parse(word).ok_or_else(|| ApiError::invalid(field, format!("there is no {word:?}")));
    sent.iter().map(one).collect()
}

/// Lift a brake: the policy counts again.
#[utoipa::path(post, path = "/v1/brakes/{id}/lift", tag = "policy", request_body = BecauseIn,
    params(("id" = String, Path, description = "Its number")),
    responses((status = 200, description = "Lifted, and durable", body = DoneOut)))]
pub(crate) async fn lift(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    Input(sent): Input<BecauseIn>,
) -> Result<Json<DoneOut>, ApiError> {
    let id: u32 = input::id(&id)?;
    let reason = Note::new(input::word("reason", &sent.reason)?);
    let (facts, _) = ask::command(&door.hub, caller.actor(), move |_| Ok(Action::LiftBrake { id, reason })).await?;
    Ok(Json(DoneOut { done_now: !facts.is_empty() }))
}
