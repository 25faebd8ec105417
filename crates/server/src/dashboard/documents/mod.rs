//! `/documents`: what channels were told to make, and what became of it.

mod page;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::FlowError;
use http::{Request, Uri};
use model::{Action, Command, InstructionEnd, InstructionId, Note};
use views::{InstructionRow, InstructionState};

#[cfg(test)]
pub(super) use page::DocumentLine;
pub(super) use page::DocumentsPage;

use super::access::{Visitor, fresh_id, genuine};
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::layout::Notice;
use super::words::Tone;
use super::{Pages, first_zone, must};
use crate::Scope;

/// Documents on a page.
const PAGE: usize = 50;

/// `GET /documents`.
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
pub(super) async fn load(pages: &Pages, visitor: &Visitor, fields: &Fields) -> Result<DocumentsPage, PageError> {
    must(visitor, Scope::OrdersRead)?;
    let state = page::TABS.iter().find(|(word, ..)| *word == fields.get("show")).and_then(|(.., state)| *state);
    let before = fields.number("before").map(|id: u32| InstructionId(id.into()));
    let found = pages.views(move |views| views.instructions(None, state, before, PAGE)).await?;
    let more = (found.len() == PAGE).then(|| found.last().map(|row| row.instructed.id.0)).flatten();
    Ok(DocumentsPage {
        now: pages.now(),
        zone: pages.read(first_zone).await?,
        state,
        rows: found.into_iter().map(line).collect(),
        before: more,
        later: before.is_some(),
    })
}

fn line(row: InstructionRow) -> page::DocumentLine {
    let because = match &row.end {
        Some(InstructionEnd::Refused { because } | InstructionEnd::Withdrawn { because }) => Some(because.to_string()),
        _ => None,
    };
    let document = match &row.end {
        Some(InstructionEnd::Made { document }) => Some(document.to_string()),
        _ => None,
    };
    page::DocumentLine {
        id: row.instructed.id.0,
        words: row.words,
        asked_by: row.asked_by_words,
        asked_at: row.asked_at,
        ended_at: row.ended_at,
        state: row.state,
        document,
        because,
    }
}

/// `POST /documents/{id}/withdraw`.
pub(super) async fn withdraw(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::DocumentsWrite)?;
    let fields = genuine(&visitor, request).await?;
    let missing = || PageError::Missing("document of this number".to_owned());
    let id = InstructionId(id.parse().map_err(|_| missing())?);
    let end = InstructionEnd::Withdrawn { because: Note::new(fields.get("reason")) };
    let command = Command { at: pages.now(), by: visitor.by.clone(), action: Action::SettleInstruction { id, end } };
    let (tone, text) = match pages.hub.flow.command(command).await {
        Ok(_) => {
            pages.follow(pages.hub.flow.head()).await;
            (Tone::Good, "It is called off: the channel will not be told.".to_owned())
        }
        Err(FlowError::Refused(refusal)) => (Tone::Bad, format!("Nothing was changed: {refusal}.")),
        Err(error) => return Err(error.into()),
    };
    Ok(pages.outcomes.tell("/documents", fresh_id()?, Notice { tone, text, undo: None }))
}

/// How far it is, in a word and a tone.
fn told(state: InstructionState) -> (Tone, &'static str) {
    match state {
        InstructionState::Waiting => (Tone::Calm, "Waiting"),
        InstructionState::Sent => (Tone::Calm, "On its way"),
        InstructionState::Made => (Tone::Good, "Made"),
        InstructionState::Refused => (Tone::Bad, "Refused"),
        InstructionState::Withdrawn => (Tone::Calm, "Called off"),
    }
}
