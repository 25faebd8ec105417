//! The journal to read: pages of facts, the feed that goes on by itself, and the facts behind a number.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use model::Seq;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};

use super::input::{self, Asked, Place};
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names, past};
use crate::Hub;

/// Pause between two signs of life on a silent feed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Facts read at once for the feed.
const PORTION: usize = 500;

/// A fact.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactOut {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When it was decided, RFC 3339.
    pub at: String,
    /// Who caused it.
    #[schema(value_type = Object)]
    pub by: serde_json::Value,
    /// What kind.
    pub kind: String,
    /// For people.
    pub words: String,
    /// Everything that is stored of it; personal fields are sealed.
    #[schema(value_type = Object)]
    pub fact: serde_json::Value,
}

/// Which facts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FactsQuery {
    /// Facts after this number; 0 when missing.
    after: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// Facts in their order. `next` is the `after` of the next page.
#[utoipa::path(get, path = "/v1/facts", tag = "audit", params(FactsQuery),
    responses((status = 200, description = "A page of facts", body = Page<FactOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<FactsQuery>,
) -> Result<Json<Page<FactOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let after = input::counted("after", query.after.as_deref())?.unwrap_or(0);
    let items = past::facts_page(&door.hub, Seq(after), limit).await?;
    let next = if items.len() == limit { items.last().map(|last| last.seq.to_string()) } else { None };
    Ok(Json(Page { items, next }))
}

/// Where the feed begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedQuery {
    /// Facts after this number. The header `Last-Event-ID`, which browsers send when they connect again, goes before
    /// it. Without both: from now on.
    after: Option<String>,
}

/// Facts as they become known, as server-sent events: `id` is the fact's number, `event` its kind, `data` the fact.
#[utoipa::path(get, path = "/v1/facts/feed", tag = "audit", params(FeedQuery),
    responses((status = 200, description = "Events without end; a comment every 10 s while nothing happens",
        body = String, content_type = "text/event-stream")))]
pub(crate) async fn feed(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    Asked(query): Asked<FeedQuery>,
) -> Result<Response, ApiError> {
    let last = headers.get("last-event-id").map(|value| value.to_str().unwrap_or_default());
    let after = match input::counted("Last-Event-ID", last)? {
        Some(last) => Some(last),
        None => input::counted("after", query.after.as_deref())?,
    };
    let hub = Arc::clone(&door.hub);
    let after = Seq(after.unwrap_or(hub.shown.borrow().0));
    let (tell, told) = mpsc::channel(PORTION);
    tokio::spawn(follow(hub, after, tell));
    let heartbeat = KeepAlive::new().interval(HEARTBEAT).text("alive");
    Ok(Sse::new(ReceiverStream::new(told)).keep_alive(heartbeat).into_response())
}

/// Sends until the listener has gone or the hub stops. A slow listener is waited for; the journal does not wait.
async fn follow(hub: Arc<Hub>, mut after: Seq, tell: mpsc::Sender<Result<Event, Infallible>>) {
    let mut shown = hub.shown.clone();
    loop {
        shown.borrow_and_update();
        let facts = match past::facts_after(&hub, after, PORTION).await {
            Ok(facts) => facts,
            Err(error) => {
                tracing::warn!(%error, "a feed ends; its listener connects again");
                return;
            }
        };
        let more = facts.len() == PORTION;
        for fact in facts {
            after = Seq(fact.seq);
            let event = Event::default().id(fact.seq.to_string()).event(fact.kind.clone());
            let Ok(event) = event.json_data(&fact) else { continue };
            if tell.send(Ok(event)).await.is_err() {
                return;
            }
        }
        if more {
            continue;
        }
        tokio::select! {
            changed = shown.changed() => if changed.is_err() { return },
            () = tell.closed() => return,
        }
    }
}

/// The facts behind the numbers of a position.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplanationOut {
    /// SKU.
    pub sku: String,
    /// Location.
    pub location: String,
    /// On hand now.
    pub on_hand: String,
    /// Reserved now.
    pub reserved: String,
    /// Newest first.
    pub facts: Vec<StepOut>,
    /// `before` of the next page; missing on the last.
    pub next: Option<String>,
}

/// One fact behind a number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepOut {
    /// Its number.
    pub seq: u64,
    /// When.
    pub at: String,
    /// What happened, for people.
    pub words: String,
    /// Change of on hand.
    pub on_hand_change: String,
    /// Change of reserved.
    pub reserved_change: String,
    /// On hand after it.
    pub on_hand_after: String,
    /// Reserved after it.
    pub reserved_after: String,
}

/// How much of the explanation.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplainQuery {
    /// Facts before this number: `next` of the page before.
    before: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// Why a position is what it is: the facts behind it, newest first, with running sums.
#[utoipa::path(get, path = "/v1/positions/{sku}/{location}/facts", tag = "stock",
    params(("sku" = String, Path, description = "SKU"), ("location" = String, Path, description = "Location"), ExplainQuery),
    responses((status = 200, description = "The facts behind it", body = ExplanationOut)))]
pub(crate) async fn explain(
    State(door): State<Arc<Door>>,
    Place((sku, location)): Place<(String, String)>,
    Asked(query): Asked<ExplainQuery>,
) -> Result<Json<ExplanationOut>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let before = input::counted("before", query.before.as_deref())?.map(Seq);
    let (item, place) = {
        let (sku, location) = (sku.clone(), location.clone());
        ask::read(&door.hub, move |mind| Ok((names::item_at(mind, &sku)?, names::location_at(mind, &location)?)))
            .await?
    };
    past::explain(&door.hub, (sku, item), (location, place), before, limit).await.map(Json)
}
