//! Inputs that were set aside: looked at, driven again, dismissed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use flow::State as Mind;
use model::{Action, Note, QuarantineId, Quarantined};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, Place};
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names, past};
use crate::{Hub, Scope};

/// Which inputs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct QuarantineQuery {
    /// `open` (default) or `closed`.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// An input that was set aside.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuarantineOut {
    /// Its id, such as `quarantine_4`.
    #[schema(example = "quarantine_4")]
    pub id: String,
    /// Channel.
    pub channel: String,
    /// What kind of input.
    pub kind: String,
    /// What was wrong and how to mend it.
    pub reason: String,
    /// The document it is about, when that is known.
    pub document: Option<String>,
    /// The platform's id it waits for.
    pub waits_for: Option<String>,
    /// Hash of its raw body, when it is kept.
    pub raw: Option<String>,
    /// Why it was closed; missing while it is open.
    pub closed: Option<String>,
}

/// An input that was set aside, with its raw body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuarantineOne {
    /// The input.
    input: QuarantineOut,
    /// Its raw body as text; missing when the key may not read people, or nothing is kept.
    body: Option<String>,
    /// Its raw body in base64 when it is not text.
    body_base64: Option<String>,
}

/// Why an input is dismissed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DismissIn {
    /// In a few words.
    reason: String,
}

/// An open input in the words of the API.
fn out(mind: &Mind, put: &Quarantined) -> QuarantineOut {
    QuarantineOut {
        id: put.id.to_string(),
        channel: names::channel_of(mind, put.channel),
        kind: put.kind.to_string(),
        reason: put.reason.to_string(),
        document: put.document.as_ref().map(ToString::to_string),
        waits_for: put.waits_for.as_ref().map(ToString::to_string),
        raw: put.raw.map(|raw| raw.to_string()),
        closed: None,
    }
}

/// Inputs that were set aside, newest first.
#[utoipa::path(get, path = "/v1/quarantine", tag = "operations", params(QuarantineQuery),
    responses((status = 200, description = "A page of inputs", body = Page<QuarantineOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<QuarantineQuery>,
) -> Result<Json<Page<QuarantineOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let before = query.cursor.as_deref().map(|cursor| {
        cursor.parse::<QuarantineId>().map_err(|()| ApiError::invalid("cursor", "cursor is not one that was given out"))
    });
    let before = before.transpose()?;
    match query.state.as_deref() {
        None | Some("open") => {}
        Some("closed") => return past::quarantine(&door.hub, before, limit).await.map(Json),
        Some(_) => return Err(ApiError::invalid("state", "state is open or closed")),
    }
    let page = ask::read(&door.hub, move |mind| {
        let mut open: Vec<&Quarantined> =
            mind.quarantine().filter(|put| before.is_none_or(|before| put.id < before)).collect();
        open.sort_unstable_by_key(|put| std::cmp::Reverse(put.id));
        let open = open.into_iter().take(limit + 1).map(|put| out(mind, put)).collect();
        Ok(Page::cut(open, limit, |last: &QuarantineOut| last.id.clone()))
    });
    page.await.map(Json)
}

/// One input, with its raw body when the key may read people's fields.
#[utoipa::path(get, path = "/v1/quarantine/{id}", tag = "operations",
    params(("id" = String, Path, description = "Such as `quarantine_4`")),
    responses((status = 200, description = "The input", body = QuarantineOne)))]
pub(crate) async fn one(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
) -> Result<Json<QuarantineOne>, ApiError> {
    let id: QuarantineId = input::id(&id)?;
    let open = ask::read(&door.hub, move |mind| Ok(mind.quarantined(id).map(|put| (out(mind, put), put.raw)))).await?;
    let (found, raw) = match open {
        Some((found, raw)) => (found, raw),
        None => past::quarantined(&door.hub, id).await?.ok_or_else(|| ApiError::not_found(id))?,
    };
    let bytes = match raw.filter(|_| caller.may(Scope::PeopleRead)) {
        Some(raw) => door
            .hub
            .flow
            .look(move |desk| desk.raw(raw))
            .await?
            .map_err(|error| ApiError::Unavailable { cause: error.to_string() })?
            .map(|input| input.body),
        None => None,
    };
    let (body, body_base64) = match bytes.map(String::from_utf8) {
        None => (None, None),
        Some(Ok(text)) => (Some(text), None),
        Some(Err(error)) => (None, Some(base64::engine::general_purpose::STANDARD.encode(error.as_bytes()))),
    };
    Ok(Json(QuarantineOne { input: found, body, body_base64 }))
}

/// Drive an input again: its document is fetched anew, or its raw body is read once more.
#[utoipa::path(post, path = "/v1/quarantine/{id}/redrive", tag = "operations",
    params(("id" = String, Path, description = "Such as `quarantine_4`")),
    responses((status = 200, description = "It went through, or its document is being fetched; closed", body = QuarantineOut)))]
pub(crate) async fn redrive(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
) -> Result<Json<QuarantineOut>, ApiError> {
    let id: QuarantineId = input::id(&id)?;
    let (found, channel) = opened(&door.hub, id).await?;
    let link = door.hub.link(channel).ok_or_else(|| ApiError::NotNow {
        what: format!("channel {} is not connected any more; dismiss the input", found.channel),
    })?;
    flow::redrive(&door.hub.flow, &link, id, caller.actor()).await?;
    Ok(Json(QuarantineOut { closed: Some("driven again".into()), ..found }))
}

/// Set an input aside for good.
#[utoipa::path(post, path = "/v1/quarantine/{id}/dismiss", tag = "operations", request_body = DismissIn,
    params(("id" = String, Path, description = "Such as `quarantine_4`")),
    responses((status = 200, description = "Closed, and durable", body = QuarantineOut)))]
pub(crate) async fn dismiss(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    Input(sent): Input<DismissIn>,
) -> Result<Json<QuarantineOut>, ApiError> {
    let id: QuarantineId = input::id(&id)?;
    let reason = Note::new(input::word("reason", &sent.reason)?);
    let (found, _) = opened(&door.hub, id).await?;
    let closed = Some(reason.to_string());
    ask::command(&door.hub, caller.actor(), move |_| Ok(Action::CloseQuarantine { id, reason })).await?;
    Ok(Json(QuarantineOut { closed, ..found }))
}

async fn opened(hub: &Hub, id: QuarantineId) -> Result<(QuarantineOut, model::ChannelId), ApiError> {
    ask::read(hub, move |mind| {
        let put = mind.quarantined(id).ok_or_else(|| ApiError::not_found(id))?;
        Ok((out(mind, put), put.channel))
    })
    .await
}
