//! The pages at `/`: what a store manager sees and does.
//!
//! Merged into the router beside the hooks and the API. Every page is a struct with a `render`; its loader reads the
//! state once and the tables once. Nothing is decided here: a form becomes a command, and the engine answers it.

mod access;
mod account;
mod approvals;
mod assets;
mod audit;
mod channels;
mod chart;
mod connect;
mod documents;
mod error;
mod fields;
mod gaps;
mod html;
mod keys;
mod layout;
mod live;
mod mappings;
mod multipart;
mod orders;
mod outcomes;
mod platforms;
mod policy;
mod quarantine;
mod routes;
mod search;
mod staff;
mod stock;
mod stream;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use fields::pairs;
pub use routes::page_routes;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flow::State;
use http::{HeaderMap, StatusCode, header};
use jiff::tz::TimeZone;
use model::{Instant, Seq};
use tokio::sync::Semaphore;
use views::{ViewsError, ViewsReader};

use crate::Hub;
use access::{FormTokens, Visitor};
use error::PageError;

/// Live streams at a time; a browser that gets none shows a page that stands still.
const STREAMS_MAX: usize = 256;
/// How long a form waits for the tables to follow before its page is shown.
const FOLLOW: Duration = Duration::from_millis(500);

/// What every page is made with.
struct Pages {
    hub: Arc<Hub>,
    tokens: FormTokens,
    overviews: live::Overviews,
    outcomes: outcomes::Outcomes,
    streams: Arc<Semaphore>,
    reports: crate::gaps::Reports,
    finder: crate::mapping::Finder,
    people: crate::mapping::People,
    /// What visitors sent in, and what platforms said of our access; forgotten when the hub stops.
    uploads: mappings::Uploads,
    accesses: channels::Accesses,
    /// Questions for consent that wait for a person at a platform's page.
    consents: crate::connect::Consents,
}

/// The addresses of all pages.
pub(crate) fn router(hub: Arc<Hub>) -> Router {
    let pages = Arc::new(Pages {
        hub,
        tokens: FormTokens::new().expect("a system without random bytes cannot have opened the hub's stores"),
        overviews: live::Overviews::default(),
        outcomes: outcomes::Outcomes::default(),
        streams: Arc::new(Semaphore::new(STREAMS_MAX)),
        reports: crate::gaps::Reports::default(),
        finder: crate::mapping::Finder::default(),
        people: crate::mapping::People::new()
            .expect("a system without random bytes cannot have opened the hub's stores"),
        uploads: mappings::Uploads::default(),
        accesses: channels::Accesses::default(),
        consents: crate::connect::Consents::default(),
    });
    let mut guarded = Router::new();
    for page in routes::pages() {
        guarded = guarded.route(page.route.path, page.handler);
    }
    let guarded = guarded.route_layer(axum::middleware::from_fn_with_state(Arc::clone(&pages), access::gate));
    let mut open = Router::new().route("/assets/{name}", get(assets::serve));
    for page in routes::open() {
        open = open.route(page.route.path, page.handler);
    }
    guarded.merge(open).fallback(missing).with_state(pages)
}

/// Whatever has no page. A program is told so in its own words (RFC 9457).
async fn missing(headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains("text/html") {
        return PageError::Missing("page".to_owned()).into_response();
    }
    let problem = serde_json::json!({
        "type": "about:blank", "title": "Not Found", "status": 404, "detail": "there is nothing at this address",
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::NOT_FOUND, kind, problem.to_string()).into_response()
}

impl Pages {
    fn now(&self) -> Instant {
        self.hub.clock.now()
    }

    /// One short look at the engine's state.
    async fn read<T: Send + 'static>(&self, read: impl FnOnce(&State) -> T + Send + 'static) -> Result<T, PageError> {
        Ok(self.hub.flow.read(read).await?)
    }

    /// A few queries of the tables, away from the threads that serve requests.
    async fn views<T: Send + 'static>(
        &self,
        read: impl FnOnce(&ViewsReader) -> Result<T, ViewsError> + Send + 'static,
    ) -> Result<T, PageError> {
        let reader = self.hub.views.clone();
        let done = tokio::task::spawn_blocking(move || read(&reader)).await;
        Ok(done.map_err(|_| PageError::Inside)??)
    }

    /// Waits a moment for the tables to know what was just done, so that the next page shows it.
    async fn follow(&self, seq: Seq) {
        self.overviews.forget();
        self.reports.forget();
        let mut shown = self.hub.shown.clone();
        // Out of time or stopped: the page is shown all the same and follows by itself.
        let _ = tokio::time::timeout(FOLLOW, shown.wait_for(|shown| *shown >= seq)).await;
    }
}

/// The zone in which pages about all locations tell exact times: the first location's.
fn first_zone(state: &State) -> TimeZone {
    state.catalogue().locations().first().map_or(TimeZone::UTC, |location| words::zone(location.zone.as_str()))
}

/// Refuses who may not.
fn must(visitor: &Visitor, scope: crate::Scope) -> Result<(), PageError> {
    if visitor.may(scope) { Ok(()) } else { Err(PageError::Forbidden(scope)) }
}
