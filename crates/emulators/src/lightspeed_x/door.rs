//! What every call passes before an endpoint sees it: address, token, rate, JSON.
//!
//! Called by the machine. It does not know what an endpoint does.

use super::LightspeedX;
use super::clock::rfc1123;
use super::settings::API_VERSION;
use super::wire::{self, Answer, Call, Refused};
use super::{counters, form};
use crate::machine::{Millis, World};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use std::sync::Arc;

impl LightspeedX {
    /// Answers one call.
    pub(crate) fn answer(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        self.see(world.now);
        let path = request.uri().path().trim_end_matches('/').to_owned();
        if let Some(response) = self.answer_oauth(&path, request, world) {
            return response;
        }
        let response = match self.admit(&path, request, world.now) {
            Ok((rest, scopes)) => {
                let answered = self.serve(&rest, scopes, request, world);
                self.with_budget(to_response(answered))
            }
            Err(refused) if refused.status == 429 => self.refuse_for_rate(self.window.ends(world.now)),
            Err(refused) => to_response(Err(refused)),
        };
        let rest = version_and_rest(&path).map_or("", |(_, rest)| rest);
        counters::note(&mut self.calls, request.method().as_str(), rest, request.body(), response.status().as_u16());
        response
    }

    /// The vendor's 429: a date, not seconds, says when to come back.
    pub(crate) fn refuse_for_rate(&self, until: Millis) -> Response<Bytes> {
        let mut response = self.with_budget(to_response(Err(Refused::too_many())));
        wire::set_header(&mut response, "x-ratelimit-remaining", "0");
        wire::set_header(&mut response, "retry-after", &rfc1123(until));
        response
    }

    /// The address without `/api/{version}/`, and what the token may do.
    fn admit(&mut self, path: &str, request: &Request<Bytes>, now: Millis) -> Result<(String, Arc<[String]>), Refused> {
        let (version, rest) = version_and_rest(path).ok_or_else(Refused::not_found)?;
        // A date version that is no longer served, or never was, is answered by the oldest that is; a later one is not.
        if version > API_VERSION {
            return Err(Refused::not_found());
        }
        let scopes = bearer(request).and_then(|token| self.grants.scopes(token, now));
        let scopes = scopes.ok_or_else(Refused::unauthorized)?;
        if self.window.take(now) { Ok((rest.to_owned(), scopes)) } else { Err(Refused::too_many()) }
    }

    fn serve(&mut self, rest: &str, scopes: Arc<[String]>, request: &Request<Bytes>, world: &mut World<'_>) -> Answer {
        let query = form::read(request.uri().query().unwrap_or_default());
        let call = Call { query, body: read_body(request)?, scopes };
        let segments: Vec<&str> = rest.split('/').collect();
        self.route(request.method().as_str(), &segments, &call, world)
    }

    fn with_budget(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        wire::set_header(&mut response, "x-ratelimit-limit", &self.window.budget().to_string());
        wire::set_header(&mut response, "x-ratelimit-remaining", &self.window.left().to_string());
        response
    }
}

fn to_response(answered: Answer) -> Response<Bytes> {
    match answered {
        Ok(reply) => wire::respond(reply.status, reply.body.as_ref()),
        Err(refused) => wire::respond(refused.status, Some(&refused.body())),
    }
}

/// `("2026-07", "sales/…")` of `/api/2026-07/sales/…`; the older numbers (0.9, 1.0, 2.0 …) are not served.
fn version_and_rest(path: &str) -> Option<(&str, &str)> {
    let (version, rest) = path.strip_prefix("/api/")?.split_once('/')?;
    let shape = version.len() == 7
        && version.bytes().enumerate().all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_digit() });
    shape.then_some((version, rest))
}

fn bearer(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get(http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn read_body(request: &Request<Bytes>) -> Result<Value, Refused> {
    if request.body().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(request.body()).map_err(|_| Refused::unreadable("The request body is not JSON"))
}
