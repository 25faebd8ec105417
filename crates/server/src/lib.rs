//! The doors onto one flow handle: hooks, API, dashboard. None holds a rule of the trade.

mod api;
mod dashboard;
pub mod gaps;
mod hooks;
mod hub;

pub use api::{Access, ROUTES, Route};
pub use hub::{ApiKey, Hub, Options, Scope};

use std::sync::Arc;

/// Every address of the hub.
pub fn router(hub: Arc<Hub>) -> axum::Router {
    axum::Router::new()
        .merge(hooks::router(Arc::clone(&hub)))
        .merge(api::router(Arc::clone(&hub)))
        .merge(dashboard::router(hub))
}
