//! The policy in force: read, checked, changed. A change names the version it was made from.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::policy;
use model::{Action, Note, Policy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::access::Caller;
use crate::api::input::{self, Input};
use crate::api::problem::ApiError;
use crate::api::{Door, ask};
use crate::governing::known;

/// Letters of a policy.
const TEXT_MAX: usize = 200_000;

/// The policy in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyOut {
    /// Its version; 0 before the first.
    version: u32,
    /// As it was written (TOML).
    text: String,
    /// Why it came into force.
    reason: String,
    /// How many rules it has.
    rules: usize,
    /// What is sound but probably not meant.
    warnings: Vec<String>,
}

/// A policy to be checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyText {
    /// TOML.
    text: String,
}

/// A policy that should come into force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyIn {
    /// The version it was made from; 0 before the first.
    base: u32,
    /// TOML.
    text: String,
    /// Why.
    reason: String,
}

/// Something wrong with a policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlawOut {
    /// Line, from 1; 0 = the text as a whole.
    line: usize,
    /// Which field; empty = the rule as a whole.
    field: String,
    /// What is wrong, and how to mend it.
    problem: String,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckOut {
    /// Why it cannot come into force; empty = it can.
    flaws: Vec<FlawOut>,
    /// What is sound but probably not meant.
    warnings: Vec<String>,
    /// What it would change, rule by rule.
    changes: Vec<String>,
}

/// The policy in force.
#[utoipa::path(get, path = "/v1/policy", tag = "policy",
    responses((status = 200, description = "What holds now", body = PolicyOut)))]
pub(crate) async fn read(State(door): State<Arc<Door>>) -> Result<Json<PolicyOut>, ApiError> {
    let out = ask::read(&door.hub, |mind| {
        let put = mind.governance().policy();
        Ok(PolicyOut {
            version: put.map_or(0, |put| put.version),
            text: put.map_or_else(String::new, |put| put.text.to_string()),
            reason: put.map_or_else(String::new, |put| put.reason.to_string()),
            rules: put.map_or(0, |put| put.policy.rules.len()),
            warnings: put.map_or_else(Vec::new, |put| policy::lint(&put.policy, Some(&known(mind)))),
        })
    });
    out.await.map(Json)
}

/// Check a policy, and see what it would change. Nothing is changed.
#[utoipa::path(post, path = "/v1/policy/check", tag = "policy", request_body = PolicyText,
    responses((status = 200, description = "What was found", body = CheckOut)))]
pub(crate) async fn check(
    State(door): State<Arc<Door>>,
    Input(sent): Input<PolicyText>,
) -> Result<Json<CheckOut>, ApiError> {
    let found = match policy::read(&sent.text) {
        Ok(found) => found,
        Err(flaws) => {
            let flaw = |flaw: policy::Flaw| FlawOut { line: flaw.line, field: flaw.field, problem: flaw.problem };
            let flaws = flaws.into_iter().map(flaw).collect();
            return Ok(Json(CheckOut { flaws, warnings: Vec::new(), changes: Vec::new() }));
        }
    };
    let out = ask::read(&door.hub, move |mind| {
        let nothing = Policy::default();
        let now = mind.governance().policy().map_or(&nothing, |put| &put.policy);
        let changes = policy::diff(now, &found).iter().map(ToString::to_string).collect();
        Ok(CheckOut { flaws: Vec::new(), warnings: policy::lint(&found, Some(&known(mind))), changes })
    });
    out.await.map(Json)
}

/// Put a policy into force.
#[utoipa::path(put, path = "/v1/policy", tag = "policy", request_body = PolicyIn,
    responses((status = 200, description = "In force, and durable", body = PolicyOut)))]
pub(crate) async fn change(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<PolicyIn>,
) -> Result<Json<PolicyOut>, ApiError> {
    if sent.text.len() > TEXT_MAX {
        return Err(ApiError::invalid("text", format!("text is longer than {TEXT_MAX} bytes")));
    }
    let policy = policy::read(&sent.text).map_err(|flaws| {
        let words: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        ApiError::invalid("text", words.join("; "))
    })?;
    let reason = Note::new(input::word("reason", &sent.reason)?);
    ask::command(&door.hub, caller.actor(), move |_| {
        Ok(Action::PutPolicy { base: sent.base, policy, text: Note::new(&sent.text), reason })
    })
    .await?;
    read(State(door)).await
}
