//! Who may call what: one table of every address and the scope it needs, and the check of the key.
//!
//! Default deny: an address that is not in the table is closed, and a test holds the table against the router. Keys
//! are compared by their hashes, all of them, in constant time.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use model::{Actor, Note};

use super::Door;
use super::problem::ApiError;
use crate::{ApiKey, Scope};

/// What an address asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No key: health, figures and the document itself.
    Open,
    /// A key with this scope.
    Needs(Scope),
}

/// One method at one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// With `{…}` for what is filled in.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

const fn open(path: &'static str) -> Route {
    Route { method: "GET", path, access: Access::Open }
}

const fn get(path: &'static str, scope: Scope) -> Route {
    Route { method: "GET", path, access: Access::Needs(scope) }
}

const fn post(path: &'static str, scope: Scope) -> Route {
    Route { method: "POST", path, access: Access::Needs(scope) }
}

const fn put(path: &'static str, scope: Scope) -> Route {
    Route { method: "PUT", path, access: Access::Needs(scope) }
}

/// Every address of the API.
pub const ROUTES: &[Route] = &[
    open("/healthz"),
    open("/readyz"),
    open("/metrics"),
    open("/openapi.json"),
    get("/v1/availability", Scope::StockRead),
    get("/v1/positions", Scope::StockRead),
    get("/v1/positions/{sku}/{location}/facts", Scope::StockRead),
    get("/v1/gaps", Scope::StockRead),
    get("/v1/gaps.csv", Scope::StockRead),
    get("/v1/locations", Scope::StockRead),
    get("/v1/items", Scope::StockRead),
    put("/v1/items/{sku}", Scope::StockWrite),
    post("/v1/adjustments", Scope::StockWrite),
    post("/v1/counts", Scope::StockWrite),
    post("/v1/receipts", Scope::StockWrite),
    get("/v1/transfers", Scope::StockRead),
    post("/v1/transfers", Scope::StockWrite),
    post("/v1/transfers/{id}/ship", Scope::StockWrite),
    post("/v1/transfers/{id}/receive", Scope::StockWrite),
    post("/v1/transfers/{id}/close", Scope::StockWrite),
    put("/v1/rules/safety", Scope::StockWrite),
    put("/v1/rules/buffer", Scope::StockWrite),
    post("/v1/inventory/sync-decision", Scope::StockWrite),
    get("/v1/decisions", Scope::StockRead),
    get("/v1/oversells", Scope::StockRead),
    get("/v1/orders", Scope::OrdersRead),
    get("/v1/orders/{id}", Scope::OrdersRead),
    post("/v1/reservations", Scope::ReservationsWrite),
    get("/v1/reservations/{id}", Scope::StockRead),
    post("/v1/reservations/{id}/extend", Scope::ReservationsWrite),
    post("/v1/reservations/{id}/commit", Scope::ReservationsWrite),
    post("/v1/reservations/{id}/release", Scope::ReservationsWrite),
    post("/v1/commands", Scope::ReservationsWrite),
    get("/v1/channels", Scope::OperationsRead),
    post("/v1/channels/{name}/reading", Scope::OperationsWrite),
    post("/v1/channels", Scope::Admin),
    get("/v1/channels/{name}/connection", Scope::OperationsRead),
    post("/v1/channels/{name}/token", Scope::Admin),
    post("/v1/channels/{name}/authorize", Scope::Admin),
    post("/v1/channels/{name}/grant", Scope::Admin),
    post("/v1/channels/{name}/check", Scope::Admin),
    post("/v1/channels/{name}/start", Scope::Admin),
    post("/v1/channels/{name}/write", Scope::Admin),
    get("/v1/mappings", Scope::OperationsRead),
    get("/v1/mappings.csv", Scope::OperationsRead),
    put("/v1/mappings/{channel}/{external}", Scope::OperationsWrite),
    get("/v1/mappings/{channel}/{external}/history", Scope::OperationsRead),
    post("/v1/mappings/{channel}/{external}/undo", Scope::OperationsWrite),
    post("/v1/mappings/{channel}/{external}/dismiss", Scope::OperationsWrite),
    post("/v1/mappings/{channel}/{external}/reopen", Scope::OperationsWrite),
    get("/v1/location-mappings", Scope::OperationsRead),
    put("/v1/location-mappings/{channel}/{external}", Scope::OperationsWrite),
    get("/v1/location-mappings/{channel}/{external}/history", Scope::OperationsRead),
    post("/v1/location-mappings/{channel}/{external}/undo", Scope::OperationsWrite),
    post("/v1/location-mappings/{channel}/{external}/dismiss", Scope::OperationsWrite),
    post("/v1/location-mappings/{channel}/{external}/reopen", Scope::OperationsWrite),
    get("/v1/customer-links", Scope::OperationsRead),
    post("/v1/customer-links/link", Scope::OperationsWrite),
    post("/v1/customer-links/unlink", Scope::OperationsWrite),
    post("/v1/customer-links/dismiss", Scope::OperationsWrite),
    post("/v1/customer-links/reopen", Scope::OperationsWrite),
    get("/v1/customer-links/{channel}/{customer}", Scope::OperationsRead),
    get("/v1/customer-links/{channel}/{customer}/history", Scope::OperationsRead),
    post("/v1/customer-links/{channel}/{customer}/undo", Scope::OperationsWrite),
    get("/v1/instructions", Scope::OperationsRead),
    post("/v1/instructions", Scope::DocumentsWrite),
    get("/v1/instructions/{id}", Scope::OperationsRead),
    post("/v1/instructions/{id}/withdraw", Scope::DocumentsWrite),
    get("/v1/quarantine", Scope::OperationsRead),
    get("/v1/quarantine/{id}", Scope::OperationsRead),
    post("/v1/quarantine/{id}/redrive", Scope::OperationsWrite),
    post("/v1/quarantine/{id}/dismiss", Scope::OperationsWrite),
    post("/v1/levels/unblock", Scope::OperationsWrite),
    get("/v1/facts", Scope::AuditRead),
    get("/v1/facts/feed", Scope::AuditRead),
    get("/v1/audit/head", Scope::AuditRead),
    get("/v1/audit", Scope::AuditRead),
    get("/v1/audit/export", Scope::AuditRead),
    get("/v1/customers/{channel}/{customer}/data", Scope::PeopleRead),
    post("/v1/customers/{channel}/{customer}/erase", Scope::Admin),
];

/// The caller, once its key was checked.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Name of the key.
    pub name: String,
    scopes: Vec<Scope>,
}

impl Caller {
    /// As facts name it.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Key(Note::new(&self.name))
    }

    /// Whether the key has a scope.
    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or(ApiError::NoKey)
    }
}

/// Lets a request through when the table says so.
pub(crate) async fn guard(State(door): State<Arc<Door>>, mut request: Request, next: Next) -> Response {
    match check(&door.hub.keys, &request) {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(None) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(keys: &[ApiKey], request: &Request) -> Result<Option<Caller>, ApiError> {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    match access(request.method(), path) {
        Some(Access::Open) => Ok(None),
        Some(Access::Needs(scope)) => {
            let caller = caller(keys, request.headers())?;
            if caller.may(scope) { Ok(Some(caller)) } else { Err(ApiError::Forbidden { needs: scope }) }
        }
        None => Err(ApiError::Closed),
    }
}

fn access(method: &Method, path: &str) -> Option<Access> {
    // Whoever may get a thing may ask for its head.
    let method = if method == Method::HEAD { Method::GET.as_str() } else { method.as_str() };
    ROUTES.iter().find(|route| route.method == method && route.path == path).map(|route| route.access)
}

fn caller(keys: &[ApiKey], headers: &HeaderMap) -> Result<Caller, ApiError> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or(ApiError::NoKey)?;
    let (scheme, key) = sent.split_once(' ').ok_or(ApiError::NoKey)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::NoKey);
    }
    let hash = blake3::hash(key.trim().as_bytes());
    let mut found = None;
    for known in keys {
        // Comparing two BLAKE3 hashes takes the same time whatever they hold; all keys are compared.
        if blake3::Hash::from_bytes(known.hash) == hash {
            found = Some(known);
        }
    }
    found.map(|key| Caller { name: key.name.clone(), scopes: key.scopes.clone() }).ok_or(ApiError::UnknownKey)
}
