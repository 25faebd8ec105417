//! `/quarantine`: inputs that could not be used.

mod page;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::FlowError;
use http::{Request, Uri};
use model::{Action, Command, Note, QuarantineId};
use views::{QuarantineRow, QuarantineState};

#[cfg(test)]
pub(super) use page::QuestionLine;
pub(super) use page::{QuarantinePage, QuestionPage, Raw};

use super::access::{Visitor, fresh_id, genuine};
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::layout::Notice;
use super::words::Tone;
use super::{Pages, first_zone, must};
use crate::Scope;

/// Inputs on a page.
const PAGE: usize = 50;
/// Bytes of a raw body that are shown.
const RAW_MAX: usize = 64 * 1024;

/// `GET /quarantine`.
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
pub(super) async fn load(pages: &Pages, visitor: &Visitor, fields: &Fields) -> Result<QuarantinePage, PageError> {
    must(visitor, Scope::OperationsRead)?;
    let closed = fields.get("show") == "closed";
    let before = fields.number("before").map(QuarantineId);
    let state = if closed { QuarantineState::Closed } else { QuarantineState::Open };
    let found = pages.views(move |views| views.quarantine(Some(state), before, PAGE)).await?;
    let more = (found.len() == PAGE).then(|| found.last().map(|row| row.put.id.0)).flatten();
    Ok(QuarantinePage {
        now: pages.now(),
        zone: pages.read(first_zone).await?,
        closed,
        rows: found.into_iter().map(line).collect(),
        before: more,
        later: before.is_some(),
    })
}

fn line(row: QuarantineRow) -> page::QuestionLine {
    page::QuestionLine {
        id: row.put.id.0,
        channel: row.channel_name,
        kind: row.put.kind.to_string(),
        reason: row.put.reason.to_string(),
        at: Some(row.at),
        closed: match row.state {
            QuarantineState::Open => None,
            QuarantineState::Closed => Some(row.closed_because.map_or_else(String::new, |why| why.to_string())),
        },
    }
}

/// The number in an address.
fn number(id: &str) -> Result<QuarantineId, PageError> {
    id.parse().map(QuarantineId).map_err(|_| PageError::Missing("question of this number".to_owned()))
}

async fn find(pages: &Pages, id: QuarantineId) -> Result<QuarantineRow, PageError> {
    let found = pages.views(move |views| views.quarantined(id)).await?;
    found.ok_or_else(|| PageError::Missing("question of this number".to_owned()))
}

/// `GET /quarantine/{id}`.
pub(super) async fn show_one(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let row = find(&pages, number(&id)?).await?;
    let raw = match row.put.raw {
        None => Raw::None,
        Some(_) if !visitor.may(Scope::PeopleRead) => Raw::NotAllowed,
        Some(name) => {
            let body = pages.hub.flow.look(move |desk| desk.raw(name)).await?;
            body.map_err(|error| PageError::from(FlowError::Store(error)))?
                .map_or(Raw::Erased, |input| shown(input.body))
        }
    };
    let page = QuestionPage {
        now: pages.now(),
        zone: pages.read(first_zone).await?,
        document: row.put.document.as_ref().map(ToString::to_string),
        waits_for: row.put.waits_for.as_ref().map(ToString::to_string),
        line: line(row),
        raw,
    };
    Ok(page.render(&visitor))
}

fn shown(body: Vec<u8>) -> Raw {
    let part = &body[..body.len().min(RAW_MAX)];
    Raw::Text(String::from_utf8_lossy(part).into_owned(), body.len() > RAW_MAX)
}

/// `POST /quarantine/{id}/again`.
pub(super) async fn again(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsWrite)?;
    genuine(&visitor, request).await?;
    let row = find(&pages, number(&id)?).await?;
    let link = pages.hub.link(row.put.channel).ok_or(PageError::Inside)?;
    let done = flow::redrive(&pages.hub.flow, &link, row.put.id, visitor.by.clone()).await;
    tell(&pages, done, "It is driven again. If it still cannot be used, it comes back as a new question.").await
}

/// `POST /quarantine/{id}/aside`.
pub(super) async fn aside(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsWrite)?;
    let fields = genuine(&visitor, request).await?;
    let action = Action::CloseQuarantine { id: number(&id)?, reason: Note::new(fields.get("reason")) };
    let command = Command { at: pages.now(), by: visitor.by.clone(), action };
    let done = pages.hub.flow.command(command).await.map(drop);
    tell(&pages, done, "Set aside. It is listed under Settled.").await
}

async fn tell(pages: &Pages, done: Result<(), FlowError>, words: &str) -> Result<Response, PageError> {
    let (tone, text) = match done {
        Ok(()) => {
            pages.follow(pages.hub.flow.head()).await;
            (Tone::Good, words.to_owned())
        }
        Err(FlowError::Refused(refusal)) => (Tone::Bad, format!("Nothing was changed: {refusal}.")),
        Err(error) => return Err(error.into()),
    };
    Ok(pages.outcomes.tell("/quarantine", fresh_id()?, Notice { tone, text, undo: None }))
}
