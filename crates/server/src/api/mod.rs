//! The API door: everything under `/v1`, health, figures and the document of it all.
//!
//! Programs call it with a key. It turns names into ids and back, has the flow decide, and reads what is past from the
//! tables. It knows no rule of the trade: what is possible is the engine's to say.

mod access;
mod ask;
mod audit;
mod availability;
mod channels;
mod commands;
mod connect;
mod decision;
mod facts;
mod gaps;
mod govern;
mod health;
mod input;
mod instructions;
mod items;
mod keys;
mod locations;
mod mappings;
mod movements;
mod names;
mod once;
mod openapi;
mod orders;
mod page;
mod past;
mod people;
mod places;
mod positions;
mod privacy;
mod problem;
mod quarantine;
mod reservations;
mod rules;
mod shown;
mod staff;
mod transfers;
mod unblock;
mod unclear;

pub(crate) use access::configured;
pub use access::{Access, ROUTES, Route};
pub(crate) use audit::attached;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use bytes::Bytes;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Hub;

/// What every handler is given.
#[derive(Debug)]
struct Door {
    /// The hub.
    hub: Arc<Hub>,
    /// Answers of the last keyed calls.
    answers: once::Answers,
    /// Finds candidates for open questions about mappings.
    finder: crate::mapping::Finder,
    /// Finds customer records that may be one person.
    people: crate::mapping::People,
    /// Questions for consent that wait for a person.
    consents: crate::connect::Consents,
    /// `/openapi.json`.
    document: Bytes,
}

/// Every address of the API.
pub(crate) fn router(hub: Arc<Hub>) -> axum::Router {
    let (router, document) = OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        .routes(routes!(openapi::openapi))
        .merge(stock())
        .merge(promises())
        .merge(operations())
        .merge(staff_and_keys())
        .split_for_parts();
    let document = Bytes::from(openapi::complete(&document, hub.options.version));
    let door = Arc::new(Door {
        hub,
        answers: once::Answers::default(),
        finder: crate::mapping::Finder::default(),
        people: crate::mapping::People::new()
            .expect("a system without random bytes cannot have opened the hub's stores"),
        consents: crate::connect::Consents::default(),
        document,
    });
    router
        // The last one added is asked first: the key, then the body and the idempotency key, then the handler.
        .route_layer(from_fn_with_state(Arc::clone(&door), once::once))
        .route_layer(from_fn_with_state(Arc::clone(&door), access::guard))
        .method_not_allowed_fallback(input::no_such_method)
        .route("/v1", any(input::no_such_address))
        .route("/v1/{*rest}", any(input::no_such_address))
        // Bodies are bounded where they are read.
        .layer(DefaultBodyLimit::disable())
        .with_state(door)
}

fn stock() -> OpenApiRouter<Arc<Door>> {
    OpenApiRouter::new()
        .routes(routes!(availability::read))
        .routes(routes!(positions::list))
        .routes(routes!(facts::explain))
        .routes(routes!(locations::list))
        .routes(routes!(items::list))
        .routes(routes!(items::put))
        .routes(routes!(movements::adjust))
        .routes(routes!(movements::tell_count))
        .routes(routes!(movements::receive))
        .routes(routes!(transfers::list, transfers::draft))
        .routes(routes!(transfers::ship))
        .routes(routes!(transfers::receive))
        .routes(routes!(transfers::close))
        .routes(routes!(rules::safety))
        .routes(routes!(rules::buffer))
        .routes(routes!(decision::decide))
        .routes(routes!(gaps::list))
        .routes(routes!(gaps::table))
}

fn promises() -> OpenApiRouter<Arc<Door>> {
    OpenApiRouter::new()
        .routes(routes!(orders::list))
        .routes(routes!(orders::one))
        .routes(routes!(orders::oversells))
        .routes(routes!(orders::decisions))
        .routes(routes!(reservations::make))
        .routes(routes!(reservations::one))
        .routes(routes!(reservations::extend))
        .routes(routes!(reservations::commit))
        .routes(routes!(reservations::release))
        .routes(routes!(commands::run))
}

fn operations() -> OpenApiRouter<Arc<Door>> {
    OpenApiRouter::new()
        .routes(routes!(channels::list, connect::make))
        .routes(routes!(connect::one))
        .routes(routes!(connect::token))
        .routes(routes!(connect::authorize))
        .routes(routes!(connect::grant))
        .routes(routes!(connect::check))
        .routes(routes!(connect::start))
        .routes(routes!(connect::write))
        .routes(routes!(channels::reading))
        .routes(routes!(mappings::list))
        .routes(routes!(mappings::table))
        .routes(routes!(mappings::put))
        .routes(routes!(mappings::past))
        .routes(routes!(mappings::undo))
        .routes(routes!(mappings::dismiss))
        .routes(routes!(mappings::reopen))
        .merge(people_and_places())
        .routes(routes!(unblock::unblock))
        .routes(routes!(instructions::list, instructions::tell))
        .routes(routes!(instructions::one))
        .routes(routes!(instructions::withdraw))
        .merge(governance())
        .routes(routes!(quarantine::list))
        .routes(routes!(quarantine::one))
        .routes(routes!(quarantine::redrive))
        .routes(routes!(quarantine::dismiss))
        .routes(routes!(facts::list))
        .routes(routes!(facts::feed))
        .routes(routes!(audit::head))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
}

fn governance() -> OpenApiRouter<Arc<Door>> {
    use govern::{brakes, policy, proposals};
    OpenApiRouter::new()
        .routes(routes!(proposals::list, proposals::propose))
        .routes(routes!(proposals::one))
        .routes(routes!(proposals::approve))
        .routes(routes!(proposals::reject))
        .routes(routes!(proposals::snooze))
        .routes(routes!(proposals::undo))
        .routes(routes!(policy::read, policy::change))
        .routes(routes!(policy::check))
        .routes(routes!(brakes::list, brakes::pull))
        .routes(routes!(brakes::lift))
}

fn people_and_places() -> OpenApiRouter<Arc<Door>> {
    OpenApiRouter::new()
        .routes(routes!(places::list))
        .routes(routes!(places::put))
        .routes(routes!(places::past))
        .routes(routes!(places::undo))
        .routes(routes!(places::dismiss))
        .routes(routes!(places::reopen))
        .routes(routes!(people::list))
        .routes(routes!(people::link))
        .routes(routes!(people::unlink))
        .routes(routes!(people::dismiss))
        .routes(routes!(people::reopen))
        .routes(routes!(people::one))
        .routes(routes!(people::past))
        .routes(routes!(people::undo))
        .routes(routes!(privacy::data))
        .routes(routes!(privacy::erase))
}

fn staff_and_keys() -> OpenApiRouter<Arc<Door>> {
    OpenApiRouter::new()
        .routes(routes!(staff::list, staff::add))
        .routes(routes!(staff::put))
        .routes(routes!(staff::password))
        .routes(routes!(staff::disable))
        .routes(routes!(staff::enable))
        .routes(routes!(staff::changes))
        .routes(routes!(keys::list, keys::make))
        .routes(routes!(keys::rotate))
        .routes(routes!(keys::revoke))
}

impl Door {
    /// Work of the doorkeeper's that takes long, a password's hash for example: a few at a time, away from the threads
    /// that serve.
    async fn slow<T: Send + 'static>(
        &self,
        work: impl FnOnce(&::access::Store, i64) -> Result<T, ::access::AccessError> + Send + 'static,
    ) -> Result<T, problem::ApiError> {
        let (doorkeeper, now_ms) = (Arc::clone(&self.hub.doorkeeper), self.hub.clock.now().0);
        let _place = self.hub.doorkeeper.guesses.acquire().await.map_err(|_| problem::ApiError::Stopped)?;
        let done = tokio::task::spawn_blocking(move || work(&doorkeeper.store, now_ms)).await;
        Ok(done.map_err(|_| problem::ApiError::Stopped)??)
    }
}
