//! A corrected table: looked through, shown, and carried out when a person says so.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{Request, header};
use maud::html;

use crate::Scope;
use crate::dashboard::access::{Visitor, fresh_id, genuine, is_genuine};
use crate::dashboard::error::PageError;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty};
use crate::dashboard::multipart::Parts;
use crate::dashboard::words::{Tone, counted};
use crate::dashboard::{Pages, must};
use crate::mapping::{self, Checked, Checks};

/// Most bytes of an uploaded table.
const FILE_MAX: usize = 16 * 1024 * 1024;
/// Tables that wait for a person; the oldest goes first.
const KEPT: usize = 4;
/// Refused rows listed.
const LISTED: usize = 200;

/// Tables that wait for a person.
#[derive(Debug, Default)]
pub(in super::super) struct Uploads(Mutex<VecDeque<(String, Arc<str>)>>);

impl Uploads {
    fn keep(&self, id: &str, table: &str) {
        if let Ok(mut kept) = self.0.lock() {
            if kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back((id.to_owned(), table.into()));
        }
    }

    fn get(&self, id: &str) -> Result<Arc<str>, PageError> {
        let kept = self.0.lock().map_err(|_| PageError::Inside)?;
        let found = kept.iter().find(|(known, _)| known == id).map(|(_, table)| Arc::clone(table));
        found.ok_or_else(|| {
            PageError::Missing("table under this address, or it waited too long; send it again".to_owned())
        })
    }

    fn drop(&self, id: &str) {
        if let Ok(mut kept) = self.0.lock() {
            kept.retain(|(known, _)| known != id);
        }
    }
}

/// `POST /mappings-file`: a table was sent. It is kept and shown, and changes nothing yet.
pub(in super::super) async fn upload(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsWrite)?;
    let (head, body) = request.into_parts();
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let body = axum::body::to_bytes(body, FILE_MAX).await.map_err(|_| PageError::Form)?;
    let body = flow::cards::black_out(&body).map_or(body, Into::into);
    let parts = Parts::of(kind, &body).ok_or(PageError::Form)?;
    if !is_genuine(&visitor, &head.headers, parts.text("token")) {
        return Err(PageError::Forged);
    }
    let table = parts.get("file").ok_or(PageError::Form)?;
    let table = String::from_utf8_lossy(table);
    let id = fresh_id()?;
    pages.uploads.keep(&id, &table);
    Ok(Redirect::to(&format!("/mappings-file/{id}")).into_response())
}

async fn looked_through(pages: &Pages, id: &str) -> Result<Checks, PageError> {
    let table = pages.uploads.get(id)?;
    pages.read(move |state| mapping::check(state, &table)).await
}

/// `GET /mappings-file/{id}`: what it would change.
pub(in super::super) async fn show_upload(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsWrite)?;
    let checked = looked_through(&pages, &id).await?;
    Ok(UploadPage { id, checked }.render(&visitor))
}

/// `POST /mappings-file/{id}`: carry it out.
pub(in super::super) async fn carry_out(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsWrite)?;
    genuine(&visitor, request).await?;
    let Ok(checked) = looked_through(&pages, &id).await? else { return Err(PageError::Form) };
    let (done, refused) = mapping::apply(&pages.hub, &visitor.by, checked.actions).await?;
    pages.uploads.drop(&id);
    pages.follow(pages.hub.flow.head()).await;
    let changed = counted(done as u64, "mapping was changed", "mappings were changed");
    let (tone, text) = match refused.first() {
        None => (Tone::Good, format!("{changed}.")),
        Some(first) => (Tone::Bad, format!("{changed}; {} refused, the first because {first}.", refused.len())),
    };
    Ok(pages.outcomes.tell("/mappings", fresh_id()?, Notice { tone, text, undo: None }))
}

/// What a table would change.
#[derive(Clone, Debug)]
pub(in super::super) struct UploadPage {
    /// Under which it is kept.
    pub(in super::super) id: String,
    /// What was found in it, or why it cannot be read.
    pub(in super::super) checked: Checks,
}

impl UploadPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new("Corrected table", Section::Mappings, visitor).page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/mappings" { "Mappings" } }
            h1 { "What this table would change" }
            @match &self.checked {
                Err(why) => {
                    p class="problem" { "The table cannot be used: " (why) ". It needs the columns channel, external and sku; for locations channel, external and location; for customers channel, customer, other_channel, other_customer and same." }
                    p { a href="/mappings" { "Back to the mappings" } }
                }
                Ok(checked) => { (self.found(checked, visitor)) }
            }
        })
    }

    fn found(&self, checked: &Checked, visitor: &Visitor) -> maud::Markup {
        html! {
            p {
                (counted(checked.rows as u64, "row", "rows")) ", of which "
                b { (counted(checked.changes as u64, "mapping would change", "mappings would change")) }
                @if checked.taken > 0 { " (" (counted(checked.taken as u64, "is taken away", "are taken away")) ")" }
                @if !checked.refused.is_empty() { " and " (counted(checked.refused.len() as u64, "row cannot be used", "rows cannot be used")) }
                "."
            }
            @if checked.changes == 0 { (empty("Nothing would change: everything in it is so already, or cannot be used.")) }
            @else {
                form method="post" action={ "/mappings-file/" (self.id) } class="row" {
                    (visitor.token_field())
                    button type="submit" class="main" { "Carry it out" }
                    a href="/mappings" { "Leave everything as it is" }
                }
            }
            @if !checked.refused.is_empty() {
                section aria-labelledby="refused-head" {
                    h2 id="refused-head" { "Rows that cannot be used" }
                    table class="plain-table" {
                        caption class="hidden" { "Refused rows" }
                        thead { tr { th scope="col" class="number" { "Line" } th scope="col" { "Column" } th scope="col" { "Why" } } }
                        tbody { @for (line, field, reason) in checked.refused.iter().take(LISTED) {
                            tr { td class="number" { (line) } td { (field) } td { (reason) } }
                        } }
                    }
                    @if checked.refused.len() > LISTED { p class="quiet" { "And " (checked.refused.len() - LISTED) " more." } }
                }
            }
        }
    }
}
