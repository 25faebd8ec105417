//! Who may call what: one table of every address and the group it belongs to, and the check of the key.
//!
//! Default deny: an address that is not in the table is closed, and a test holds the table against the router. Keys of
//! the configuration are compared by their hashes, all of them, in constant time; others are found by their hashes.

use std::sync::Arc;

use ::access::{KeyKind, Place, Principal, ProvedKey};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use model::{Actor, Note};

use super::Door;
use super::problem::ApiError;
use crate::doorkeeper::{Allowance, Bounds, Doorkeeper, Origin};
use crate::{ApiKey, Hub, Scope};

/// What an address asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No key: health, figures and the document itself.
    Open,
    /// Somebody who signed in, about their own account.
    Own,
    /// Somebody whom the rules allow this group of addresses: a key with this scope, a person with a role that has it.
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

impl Route {
    /// As rules and keys name it: `POST /v1/counts`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
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
    get("/v1/proposals", Scope::OperationsRead),
    post("/v1/proposals", Scope::ProposalsWrite),
    get("/v1/proposals/{id}", Scope::OperationsRead),
    post("/v1/proposals/{id}/approve", Scope::ApprovalsWrite),
    post("/v1/proposals/{id}/reject", Scope::ApprovalsWrite),
    post("/v1/proposals/{id}/snooze", Scope::ApprovalsWrite),
    post("/v1/proposals/{id}/undo", Scope::ApprovalsWrite),
    get("/v1/policy", Scope::OperationsRead),
    put("/v1/policy", Scope::Admin),
    post("/v1/policy/check", Scope::OperationsRead),
    get("/v1/brakes", Scope::OperationsRead),
    post("/v1/brakes", Scope::ApprovalsWrite),
    post("/v1/brakes/{id}/lift", Scope::Admin),
    get("/v1/quarantine", Scope::OperationsRead),
    get("/v1/quarantine/{id}", Scope::OperationsRead),
    post("/v1/quarantine/{id}/redrive", Scope::OperationsWrite),
    post("/v1/quarantine/{id}/dismiss", Scope::OperationsWrite),
    post("/v1/levels/unblock", Scope::OperationsWrite),
    get("/v1/staff", Scope::Admin),
    post("/v1/staff", Scope::Admin),
    put("/v1/staff/{name}", Scope::Admin),
    post("/v1/staff/{name}/password", Scope::Admin),
    post("/v1/staff/{name}/disable", Scope::Admin),
    post("/v1/staff/{name}/enable", Scope::Admin),
    get("/v1/keys", Scope::Admin),
    post("/v1/keys", Scope::Admin),
    post("/v1/keys/{name}/rotate", Scope::Admin),
    post("/v1/keys/{name}/revoke", Scope::Admin),
    get("/v1/access-changes", Scope::AuditRead),
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
    kind: KeyKind,
    principal: Arc<Principal>,
    doorkeeper: Arc<Doorkeeper>,
}

impl Caller {
    /// As facts name it.
    pub(crate) fn actor(&self) -> Actor {
        let name = Note::new(&self.name);
        match self.kind {
            KeyKind::Service => Actor::Key(name),
            // Whatever its scopes say: the engine lets an agent propose, and nothing else.
            KeyKind::Agent => Actor::Agent { agent: model::Agent::Copilot, through: Some(name) },
        }
    }

    /// The role in which its holder answers proposals, as policies name it.
    pub(crate) fn role(&self) -> &'static str {
        self.doorkeeper.approves_as(&self.principal)
    }

    /// Whether the rules allow it this, beyond the address that it calls.
    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.doorkeeper.rules.may(&self.principal, scope, Place::default())
    }

    /// Whether it may see orders of a channel.
    pub(crate) fn sees_orders_of(&self, channel: &str) -> bool {
        self.doorkeeper.shows_orders_of(&self.principal, channel)
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or(ApiError::NoKey)
    }
}

/// Lets a request through when the rules say so, within what its caller may change.
pub(crate) async fn guard(State(door): State<Arc<Door>>, mut request: Request, next: Next) -> Response {
    let hub = &door.hub;
    let (allowance, checked) = match access_of(&request) {
        Some(Access::Open) => return next.run(request).await,
        Some(Access::Needs(scope)) => check(hub, scope, &request),
        Some(Access::Own) | None => (None, Err(ApiError::Closed)),
    };
    let mut response = match checked {
        Ok(caller) => {
            let bounds = Bounds::new(&hub.doorkeeper, &caller.principal);
            request.extensions_mut().insert(caller);
            bounds.around(next.run(request)).await
        }
        Err(error) => {
            let labels = format!("why=\"{}\",", error.name());
            hub.meter.count("lockstep_api_refused_total", &labels, 1);
            error.into_response()
        }
    };
    if let Some(allowance) = allowance {
        allowance.tell(response.headers_mut());
    }
    response
}

/// Who calls, whether not too often, and whether they may. The allowance is told in any case.
fn check(hub: &Hub, scope: Scope, request: &Request) -> (Option<Allowance>, Result<Caller, ApiError>) {
    let now_ms = hub.clock.now().0;
    let door = &hub.doorkeeper;
    let key = match known(hub, request.headers(), now_ms) {
        Ok(key) => key,
        Err(error) => {
            let subject = Origin::of(request).subject();
            let allowance = door.pace.take("address", &subject, door.settings.address_per_minute, now_ms);
            let error = if allowance.is_enough() { error } else { ApiError::TooMany };
            return (Some(allowance), Err(error));
        }
    };
    let per_minute = if key.per_minute == 0 { door.settings.key_per_minute } else { key.per_minute };
    let allowance = door.pace.take("key", &key.principal.name, per_minute, now_ms);
    if !allowance.is_enough() {
        return (Some(allowance), Err(ApiError::TooMany));
    }
    let labels = format!("kind=\"{}\",", key.kind.name());
    hub.meter.count("lockstep_api_calls_total", &labels, 1);
    (Some(allowance), ruled(hub, scope, key, request))
}

fn ruled(hub: &Hub, scope: Scope, key: ProvedKey, request: &Request) -> Result<Caller, ApiError> {
    let endpoint = format!("{} {}", method(request.method()), path(request));
    let ruling = hub.doorkeeper.rules.at(&key.principal, &endpoint, Place::default());
    if !ruling.allowed {
        return Err(match ruling.by.first() {
            Some(rule) => ApiError::Ruled { rule: rule.clone() },
            None => ApiError::Forbidden { needs: scope },
        });
    }
    // Keys made before agents were told apart by their scopes.
    if key.kind == KeyKind::Agent && !scope.is_for_agents() {
        let what = "an agent reads and proposes, and changes nothing by itself".to_owned();
        return Err(ApiError::NotAllowed { what });
    }
    let (name, doorkeeper) = (key.principal.name.clone(), Arc::clone(&hub.doorkeeper));
    Ok(Caller { name, kind: key.kind, principal: Arc::new(key.principal), doorkeeper })
}

fn access_of(request: &Request) -> Option<Access> {
    let (method, path) = (method(request.method()), path(request));
    ROUTES.iter().find(|route| route.method == method && route.path == path).map(|route| route.access)
}

fn path(request: &Request) -> &str {
    request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str)
}

/// Whoever may get a thing may ask for its head.
fn method(method: &Method) -> &str {
    if method == Method::HEAD { Method::GET.as_str() } else { method.as_str() }
}

/// The key that was sent, if the configuration or the store knows it.
fn known(hub: &Hub, headers: &HeaderMap, now_ms: i64) -> Result<ProvedKey, ApiError> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or(ApiError::NoKey)?;
    let (scheme, key) = sent.split_once(' ').ok_or(ApiError::NoKey)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::NoKey);
    }
    let key = key.trim();
    if let Some(known) = configured(&hub.keys, key) {
        return Ok(known.proved());
    }
    let found = hub.doorkeeper.store.prove_key(key, now_ms);
    let found = found.map_err(|error| ApiError::Unavailable { cause: error.to_string() })?;
    found.ok_or(ApiError::UnknownKey)
}

/// The key of the configuration that this is. Comparing two BLAKE3 hashes takes the same time whatever they hold; all
/// keys are compared.
pub(crate) fn configured<'a>(keys: &'a [ApiKey], sent: &str) -> Option<&'a ApiKey> {
    let hash = blake3::hash(sent.as_bytes());
    let mut found = None;
    for known in keys {
        if blake3::Hash::from_bytes(known.hash) == hash {
            found = Some(known);
        }
    }
    found
}

impl ApiKey {
    /// As the doors see a key that was sent.
    pub(crate) fn proved(&self) -> ProvedKey {
        let principal = Principal::machine(&self.name, self.scopes.iter().copied());
        ProvedKey { principal, kind: KeyKind::Service, per_minute: 0 }
    }
}
