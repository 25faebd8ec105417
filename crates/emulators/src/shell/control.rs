//! The tester's side door, under `/_control/`: acts, books, counters, faults. No vendor has it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shell;
use super::faults::{Faults, PER_MILLION};
use crate::machine::{Act, Books, Calls};

/// Acts in one call.
const ACTS_MAX: usize = 10_000;
/// Acts that are done before API calls get their turn.
const ACTS_AT_ONCE: usize = 100;

/// Faults to be set. An empty list switches all off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultsForm {
    #[serde(default)]
    list: String,
    #[serde(default = "default_rate")]
    per_million: u32,
}

fn default_rate() -> u32 {
    PER_MILLION
}

/// A subscription to be made without the vendor's call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubscribeForm {
    url: String,
    #[serde(default)]
    topics: Vec<String>,
    #[serde(default)]
    secret: Option<String>,
}

/// Whether the API is to hang.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StallForm {
    stalled: bool,
}

/// The control routes.
pub(super) fn routes() -> Router<Arc<Shell>> {
    Router::new()
        .route("/_control/act", post(act))
        .route("/_control/books", get(books))
        .route("/_control/outbox", get(outbox))
        .route("/_control/faults", post(faults))
        .route("/_control/stall", post(stall))
        .route("/_control/subscribe", post(subscribe))
        .route("/_control/calls", get(calls))
        .layer(axum::extract::DefaultBodyLimit::max(64 * 1024 * 1024))
}

/// One act or many; each is answered with `ok` or `error`, in the same order.
async fn act(State(shell): State<Arc<Shell>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Array(acts)) if acts.len() > ACTS_MAX => {
            refuse(&format!("{} acts in one call; at most {ACTS_MAX}", acts.len()))
        }
        Ok(Value::Array(acts)) => {
            let mut answers = Vec::with_capacity(acts.len());
            let mut left = acts.into_iter().peekable();
            while left.peek().is_some() {
                answers.extend(perform(&shell, left.by_ref().take(ACTS_AT_ONCE)));
                tokio::task::yield_now().await;
            }
            Json(answers).into_response()
        }
        Ok(act) => {
            let answers = perform(&shell, std::iter::once(act));
            Json(answers.into_iter().next().unwrap_or(Value::Null)).into_response()
        }
        Err(error) => refuse(&format!("not JSON: {error}")),
    }
}

fn perform(shell: &Shell, acts: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut inner = shell.lock();
    let answers = acts
        .map(|act| match serde_json::from_value::<Act>(act) {
            Ok(act) => match inner.act(act) {
                Ok(made) => json!({ "ok": made }),
                Err(why) => json!({ "error": why }),
            },
            Err(error) => json!({ "error": format!("not an act: {error}") }),
        })
        .collect();
    drop(inner);
    shell.wake.notify_one();
    answers
}

async fn books(State(shell): State<Arc<Shell>>) -> Json<Books> {
    // The guard is gone before the books are written as JSON.
    let books = shell.lock().machine.books();
    Json(books)
}

async fn outbox(State(shell): State<Arc<Shell>>) -> Json<super::OutboxCounts> {
    Json(shell.lock().outbox.counts())
}

async fn faults(State(shell): State<Arc<Shell>>, Json(form): Json<FaultsForm>) -> Response {
    match Faults::parse(&form.list, form.per_million) {
        Ok(faults) => {
            let listed: Vec<Value> = faults
                .listed()
                .into_iter()
                .map(|(name, per_million)| json!({ "name": name, "per_million": per_million }))
                .collect();
            shell.lock().set_faults(faults);
            Json(json!({ "faults": listed })).into_response()
        }
        Err(error) => refuse(&error.to_string()),
    }
}

async fn stall(State(shell): State<Arc<Shell>>, Json(form): Json<StallForm>) -> Json<Value> {
    shell.stalled.send_replace(form.stalled);
    Json(json!({ "stalled": form.stalled }))
}

async fn subscribe(State(shell): State<Arc<Shell>>, Json(form): Json<SubscribeForm>) -> Response {
    let made = shell
        .lock()
        .in_world(|machine, world| machine.subscribe(&form.url, &form.topics, form.secret.as_deref(), world));
    match made {
        Ok(subscriptions) => Json(json!({ "subscriptions": subscriptions })).into_response(),
        Err(why) => refuse(&why),
    }
}

async fn calls(State(shell): State<Arc<Shell>>) -> Json<Calls> {
    let inner = shell.lock();
    let mut calls = inner.machine.calls();
    calls.throttled += inner.fault_calls.throttled;
    calls.errors += inner.fault_calls.errors;
    Json(calls)
}

fn refuse(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response()
}
