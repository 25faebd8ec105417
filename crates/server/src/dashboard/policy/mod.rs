//! `/policy`: who may act where, as text that is checked before it counts; every version there was; and brakes.

mod page;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use flow::{FlowError, policy};
use http::{Request, Uri};
use model::{Action, Agent, Command, Note, Phase, Policy, Scope as Where};
use views::{FactFilter, FactKind};

pub(super) use page::{BrakeLine, Draft, PolicyPage, VersionLine};

use super::access::{Visitor, fresh_id, genuine};
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::layout::Notice;
use super::words::Tone;
use super::{Pages, first_zone, must};
use crate::Scope;
use crate::doorkeeper::Bounds;
use crate::governing::known;

/// Versions on the page.
const VERSIONS: usize = 50;

/// `GET /policy`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let fields = Fields::of_query(&uri);
    let page = load(&pages, fields.number("version"), None).await?;
    Ok(page.render(&visitor, pages.outcomes.take(&fields)))
}

/// Reads the page: with the text in force, with that of another version, or with a draft that was sent.
async fn load(pages: &Pages, version: Option<u32>, draft: Option<Draft>) -> Result<PolicyPage, PageError> {
    let filter = FactFilter { kinds: vec![FactKind::PolicyPut], ..FactFilter::default() };
    let facts = pages.views(move |views| views.facts(&filter, VERSIONS)).await?;
    let versions: Vec<VersionLine> = facts.iter().filter_map(version_line).collect();
    let old = version.and_then(|asked| versions.iter().find(|line| line.version == asked));
    let old = old.map(|line| (line.version, line.text.clone()));
    let (zone, now) = (pages.read(first_zone).await?, pages.now());
    let page = pages.read(move |state| {
        let put = state.governance().policy();
        let text = put.map_or_else(String::new, |put| put.text.to_string());
        PolicyPage {
            now,
            zone,
            version: put.map_or(0, |put| put.version),
            warnings: put.map_or_else(Vec::new, |put| policy::lint(&put.policy, Some(&known(state)))),
            draft: draft.unwrap_or_else(|| Draft::of(old.map_or(text, |(_, text)| text))),
            brakes: state.governance().brakes().map(brake_line).collect(),
            versions,
        }
    });
    page.await
}

/// From the fact as the feed has it: its text is needed to bring it back.
fn version_line(row: &views::FactRow) -> Option<VersionLine> {
    let entry: serde_json::Value = serde_json::from_str(&row.json).ok()?;
    let put = &entry["fact"];
    Some(VersionLine {
        version: u32::try_from(put["version"].as_u64()?).ok()?,
        text: put["text"].as_str()?.to_owned(),
        reason: put["reason"].as_str().unwrap_or_default().to_owned(),
        by: row.by.clone(),
        at: row.at,
    })
}

fn brake_line(brake: &model::Brake) -> BrakeLine {
    let names = |what: &str, names: &[Note]| {
        let names: Vec<&str> = names.iter().map(Note::as_str).collect();
        (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
    };
    let agents: Vec<&str> = brake.agents.iter().map(|agent| agent.name()).collect();
    let acts: Vec<&str> = brake.acts.iter().map(|act| act.name()).collect();
    let scope = &brake.scope;
    let parts = [
        Some(if agents.is_empty() { "all agents".to_owned() } else { agents.join(", ") }),
        (!acts.is_empty()).then(|| acts.join(", ")),
        names("at", &scope.stores),
        names("on", &scope.channels),
        names("in", &scope.categories),
        names("for", &scope.items),
    ];
    BrakeLine {
        id: brake.id,
        covers: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
        phase: brake.phase,
        reason: brake.reason.to_string(),
    }
}

/// `POST /policy`: checks a text, and puts it into force when that was asked for and nothing is wrong with it.
pub(super) async fn change(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::Admin)?;
    let fields = genuine(&visitor, request).await?;
    // Browsers end lines in two characters.
    let text = fields.get("text").replace("\r\n", "\n") + "\n";
    let base: u32 = fields.number("base").ok_or(PageError::Form)?;
    let mut draft = Draft { reason: fields.get("reason").to_owned(), ..Draft::of(text.clone()) };
    let rules = match policy::read(&text) {
        Ok(rules) => rules,
        Err(flaws) => {
            draft.flaws = flaws.iter().map(ToString::to_string).collect();
            return Ok(load(&pages, None, Some(draft)).await?.render(&visitor, None).into_response());
        }
    };
    if fields.get("do") != "put" {
        let checked = pages.read(move |state| {
            let nothing = Policy::default();
            let now = state.governance().policy().map_or(&nothing, |put| &put.policy);
            let changes: Vec<String> = policy::diff(now, &rules).iter().map(ToString::to_string).collect();
            (changes, policy::lint(&rules, Some(&known(state))))
        });
        (draft.changes, draft.warnings) = checked.await?;
        draft.checked = true;
        return Ok(load(&pages, None, Some(draft)).await?.render(&visitor, None).into_response());
    }
    let action = Action::PutPolicy { base, policy: rules, text: Note::new(&text), reason: Note::new(&draft.reason) };
    let command = Command { at: pages.now(), by: visitor.by.clone(), action };
    match pages.hub.flow.command(command).await {
        Ok(_) => {
            pages.follow(pages.hub.flow.head()).await;
            let text = "The policy is in force.".to_owned();
            Ok(pages.outcomes.tell("/policy", fresh_id()?, Notice { tone: Tone::Good, text, undo: None }))
        }
        Err(FlowError::Refused(refusal)) => {
            let notice = Notice { tone: Tone::Bad, text: format!("Nothing was changed: {refusal}."), undo: None };
            Ok(load(&pages, None, Some(draft)).await?.render(&visitor, Some(notice)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /policy/brake`.
pub(super) async fn brake(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::ApprovalsWrite)?;
    let fields = genuine(&visitor, request).await?;
    let store = fields.get("store");
    let action = Action::PutBrake {
        agents: Agent::parse(fields.get("agent")).into_iter().collect(),
        acts: Vec::new(),
        scope: Where { stores: if store.is_empty() { Vec::new() } else { vec![Note::new(store)] }, ..Where::default() },
        phase: Phase::Off,
        reason: Note::new(fields.get("reason")),
    };
    done(&pages, &visitor, action, "Stopped, at once. Lift the brake when it may go on.").await
}

/// `POST /policy/brake/{id}/lift`.
pub(super) async fn lift(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::Admin)?;
    let fields = genuine(&visitor, request).await?;
    let id = id.parse().map_err(|_| PageError::Missing("brake of this number".to_owned()))?;
    let action = Action::LiftBrake { id, reason: Note::new(fields.get("reason")) };
    done(&pages, &visitor, action, "Lifted: the policy counts again.").await
}

async fn done(pages: &Pages, visitor: &Visitor, action: Action, words: &str) -> Result<Response, PageError> {
    let bounds = Bounds::here().ok_or(PageError::Inside)?;
    let held = action.clone();
    pages.read(move |state| bounds.hold(state, &held)).await??;
    let command = Command { at: pages.now(), by: visitor.by.clone(), action };
    let (tone, text) = match pages.hub.flow.command(command).await {
        Ok(_) => {
            pages.follow(pages.hub.flow.head()).await;
            (Tone::Good, words.to_owned())
        }
        Err(FlowError::Refused(refusal)) => (Tone::Bad, format!("Nothing was changed: {refusal}.")),
        Err(error) => return Err(error.into()),
    };
    Ok(pages.outcomes.tell("/policy", fresh_id()?, Notice { tone, text, undo: None }))
}
