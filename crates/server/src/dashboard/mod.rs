//! The pages at `/`: what a store manager sees and does.
//!
//! Merged into the router beside the hooks and the API. Every page is a struct with a `render`; its loader reads the
//! state once and the tables once. Nothing is decided here: a form becomes a command, and the engine answers it.

mod access;
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
mod layout;
mod live;
mod mappings;
mod multipart;
mod orders;
mod outcomes;
mod platforms;
mod quarantine;
mod search;
mod stock;
mod stream;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use fields::pairs;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use flow::State;
use http::{HeaderMap, StatusCode, header};
use jiff::tz::TimeZone;
use model::{Instant, Seq};
use tokio::sync::Semaphore;
use views::{ViewsError, ViewsReader};

use crate::Hub;
use access::{Sessions, Visitor};
use error::PageError;

/// Live streams at a time; a browser that gets none shows a page that stands still.
const STREAMS_MAX: usize = 256;
/// How long a form waits for the tables to follow before its page is shown.
const FOLLOW: Duration = Duration::from_millis(500);

/// What every page is made with.
struct Pages {
    hub: Arc<Hub>,
    sessions: Sessions,
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
        sessions: Sessions::new().expect("a system without random bytes cannot have opened the hub's stores"),
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
    let guarded = Router::new()
        .route("/", get(live::show))
        .route("/live", get(stream::serve))
        .route("/search", get(search::show))
        .route("/stock", get(stock::show))
        .route("/stock.csv", get(stock::download))
        .route("/stock/{sku}", get(stock::show_item))
        .route("/stock/{sku}/count", post(stock::count))
        .route("/stock/{sku}/adjust", post(stock::adjust))
        .route("/stock/{sku}/safety", post(stock::safety))
        .route("/stock/{sku}/{location}", get(stock::show_why))
        .route("/orders", get(orders::show))
        .route("/orders/{order}", get(orders::show_one))
        .route("/documents", get(documents::show))
        .route("/documents/{id}/withdraw", post(documents::withdraw))
        .route("/gaps", get(gaps::show))
        .route("/gaps.csv", get(gaps::download))
        .route("/mappings", get(mappings::show))
        .route("/mappings.csv", get(mappings::download))
        .route("/mappings-file", post(mappings::upload))
        .route("/mappings-file/{id}", get(mappings::show_upload).post(mappings::carry_out))
        .route("/mappings/{channel}/{external}", get(mappings::show_one))
        .route("/mappings/{channel}/{external}/map", post(mappings::map))
        .route("/mappings/{channel}/{external}/new", post(mappings::make))
        .route("/mappings/{channel}/{external}/dismiss", post(mappings::dismiss))
        .route("/mappings/{channel}/{external}/reopen", post(mappings::reopen))
        .route("/mappings/{channel}/{external}/undo", post(mappings::undo))
        .route("/mapped-places/{channel}/{external}", get(mappings::show_place))
        .route("/mapped-places/{channel}/{external}/{act}", post(mappings::decide_place))
        .route("/linked-customers/{act}", post(mappings::decide_people))
        .route("/platforms", get(platforms::show))
        .route("/connect", get(connect::show).post(connect::add))
        .route("/connect/{name}", get(connect::show_one))
        .route("/connect/{name}/authorize", post(connect::authorize))
        .route("/connect/{name}/token", post(connect::token))
        .route("/connect/{name}/check", post(connect::check))
        .route("/connect/{name}/location", post(connect::location))
        .route("/connect/{name}/start", post(connect::start))
        .route("/connect/{name}/write", post(connect::write))
        .route("/channels", get(channels::show))
        .route("/channels/{name}", get(channels::show_one))
        .route("/channels/{name}/again", post(channels::again))
        .route("/channels/{name}/read", post(channels::read))
        .route("/channels/{name}/map", post(channels::map))
        .route("/channels/{name}/access", post(channels::check_access))
        .route("/channels/{name}/place", post(channels::map_place))
        .route("/audit", get(audit::show))
        .route("/audit/export", get(audit::export))
        .route("/quarantine", get(quarantine::show))
        .route("/quarantine/{id}", get(quarantine::show_one))
        .route("/quarantine/{id}/again", post(quarantine::again))
        .route("/quarantine/{id}/aside", post(quarantine::aside))
        .route("/sign-out", post(access::leave))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&pages), access::gate));
    let open = Router::new()
        .route("/assets/{name}", get(assets::serve))
        // A browser that comes back from a platform brings no session: its question's own cookie says who it is.
        .route("/connect/callback", get(connect::callback))
        .route("/sign-in", get(access::show).post(access::enter));
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
