//! The doors onto one flow handle: hooks, API, dashboard. None holds a rule of the trade.

pub mod access_check;
mod api;
pub mod connect;
mod dashboard;
mod error;
pub mod gaps;
mod hooks;
mod hub;
mod links;
mod mailed;
pub mod mapping;

pub use api::{Access, ROUTES, Route};
pub use error::ReadError;
pub use hub::{ApiKey, Hub, Options, Scope};
pub use links::{Bound, Links};
pub use mailed::Mailed;

use std::sync::Arc;

/// Every address of the hub.
pub fn router(hub: Arc<Hub>) -> axum::Router {
    axum::Router::new()
        .merge(hooks::router(Arc::clone(&hub)))
        .merge(api::router(Arc::clone(&hub)))
        .merge(dashboard::router(hub))
}
