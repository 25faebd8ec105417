//! What every call passes before an endpoint sees it: store, token, rate, scope, JSON.
//!
//! Called by the machine. It does not know what an endpoint does.

use super::Store;
use super::counters;
use super::rate::Told;
use super::wire::{Answer, Call, Dialect, Query, Refused, Reply};
use crate::machine::World;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use serde_json::Value;

impl Store {
    /// Answers one call of the API or of the login host.
    pub(super) fn answer(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let response = match path {
            "/oauth2/authorize" => self.authorize(request, world),
            "/oauth2/token" => write(&self.exchange_code(request, world), Dialect::V3),
            _ => self.answer_store(request, world),
        };
        counters::note(&mut self.calls, method, path, request.body(), response.status().as_u16());
        response
    }

    fn answer_store(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        let path = request.uri().path();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let ["stores", hash, version @ ("v2" | "v3"), rest @ ..] = segments.as_slice() else {
            return write(&Err(Refused::not_found()), Dialect::V3);
        };
        let dialect = if *version == "v2" { Dialect::V2 } else { Dialect::V3 };
        if world.dice.chance(self.settings.overload_per_million) {
            return write(&Err(too_many()), dialect);
        }
        let answer = match self.judge(hash, request) {
            Err(refused) => return write(&Err(refused), dialect),
            Ok(()) if !self.window.take(world.now) => Err(too_many()),
            Ok(()) => self.enter(version, rest, request, world),
        };
        told(write(&answer, dialect), self.window.told())
    }

    /// The token must be this store's. A missing one and a wrong one are told apart, as the vendor does.
    fn judge(&self, hash: &str, request: &Request<Bytes>) -> Result<(), Refused> {
        let header = request.headers().get("x-auth-token").and_then(|token| token.to_str().ok());
        let token = header.filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| Refused::new(401, "X-Auth-Token header is required"))?;
        if hash != self.settings.store_hash || !self.access.is_alive(token) {
            let title = "Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for \
                         this store.";
            return Err(Refused::new(401, title));
        }
        Ok(())
    }

    fn enter(&mut self, version: &str, rest: &[&str], request: &Request<Bytes>, world: &mut World<'_>) -> Answer {
        let method = request.method().as_str();
        // Older clients name the format in the path: `orders/100.json`.
        let mut rest = rest.to_vec();
        if version == "v2"
            && let Some(last) = rest.last_mut()
        {
            *last = last.strip_suffix(".json").unwrap_or(last);
        }
        let scope = super::oauth::scope_of(version, &rest);
        if !self.access.may(scope, method == "GET") {
            return Err(Refused::new(403, "You don't have a required scope to access the endpoint"));
        }
        let call = Call { query: Query::read(request.uri().query().unwrap_or_default()), body: read_body(request)? };
        if version == "v2" {
            self.route_v2(method, &rest, &call, world)
        } else {
            self.route_v3(method, &rest, &call, world)
        }
    }
}

/// The 429 of the published budget.
pub(super) fn too_many() -> Refused {
    Refused::new(429, "You have made too many requests to the API, please wait and try again later.")
}

fn read_body(request: &Request<Bytes>) -> Result<Value, Refused> {
    let method = request.method().as_str();
    if request.body().is_empty() || method == "GET" || method == "DELETE" {
        return Ok(Value::Null);
    }
    serde_json::from_slice(request.body()).map_err(|_| Refused::bad("Input is invalid."))
}

/// Writes an answer as it goes over the wire.
pub(super) fn write(answer: &Answer, dialect: Dialect) -> Response<Bytes> {
    let (status, body, problem) = match answer {
        Ok(Reply { status, body }) => (*status, body.as_ref().map(Value::to_string), false),
        Err(refused) => (refused.status, Some(refused.body(dialect).to_string()), refused.problem),
    };
    let mut response = Response::new(body.map_or_else(Bytes::new, Bytes::from));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    if !response.body().is_empty() {
        let kind = if problem { "application/problem+json" } else { "application/json" };
        response.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    response
}

/// Puts the four headers on an answer.
pub(super) fn told(mut response: Response<Bytes>, told: Told) -> Response<Bytes> {
    let headers = [
        ("x-rate-limit-time-window-ms", told.window_ms),
        ("x-rate-limit-time-reset-ms", told.reset_ms),
        ("x-rate-limit-requests-quota", i64::from(told.quota)),
        ("x-rate-limit-requests-left", i64::from(told.left)),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
    response
}
