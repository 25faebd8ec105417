//! The doors onto one flow handle: hooks, API, dashboard. None holds a rule of the trade.

pub mod access_check;
mod api;
pub mod audit;
pub mod connect;
mod dashboard;
mod doorkeeper;
mod error;
pub mod gaps;
pub mod governing;
mod hooks;
mod hub;
mod links;
mod mailed;
pub mod mapping;
mod serving;

pub use ::access::Scope;
pub use api::{Access, ROUTES, Route};
pub use dashboard::page_routes;
pub use doorkeeper::{DoorError, DoorSettings, Doorkeeper, Forwarding, Proxies, given};
pub use error::ReadError;
pub use hub::{ApiKey, Hub, Options};
pub use links::{Bound, Links};
pub use mailed::Mailed;
pub use serving::serve;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};

/// Every address of the hub.
pub fn router(hub: Arc<Hub>) -> axum::Router {
    let doorkeeper = Arc::clone(&hub.doorkeeper);
    axum::Router::new()
        .merge(hooks::router(Arc::clone(&hub)))
        .merge(api::router(Arc::clone(&hub)))
        .merge(dashboard::router(hub))
        .layer(axum::middleware::from_fn_with_state(doorkeeper, doorkeeper::tell))
        .layer(axum::middleware::from_fn(no_cards_in_addresses))
}

/// Names in addresses are kept and told in logs: one that holds a card number is refused.
async fn no_cards_in_addresses(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    if flow::cards::holds_one(&request.uri().to_string()) {
        return (http::StatusCode::BAD_REQUEST, "the address holds a card number; it was not looked at\n")
            .into_response();
    }
    next.run(request).await
}
