//! What every call passes before an endpoint sees it: token, rates, JSON.
//!
//! Called by the machine. It does not know what an endpoint does.

use super::Clover;
use super::counters;
use super::url::read_pairs;
use super::wire::{Call, Refused, respond};
use crate::machine::World;
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

const ROOT: &str = "/v3/merchants/";

impl Clover {
    /// Answers one call of the API, and sends the webhooks it caused.
    pub(super) fn answer(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        let path = request.uri().path().trim_end_matches('/');
        let response = self.judge(path, request, world).unwrap_or_else(|refused| refused.respond());
        let below = path.strip_prefix(ROOT).and_then(|rest| rest.split_once('/')).map_or("", |(_, below)| below);
        let segments: Vec<&str> = below.split('/').collect();
        let status = response.status().as_u16();
        counters::note(&mut self.calls, request.method().as_str(), &segments, request.body(), status);
        self.send_events(world);
        response
    }

    fn judge(
        &mut self,
        path: &str,
        request: &Request<Bytes>,
        world: &mut World<'_>,
    ) -> Result<Response<Bytes>, Refused> {
        if path.starts_with("/oauth/") {
            return self.answer_oauth(request, world);
        }
        let rest = path.strip_prefix(ROOT).ok_or_else(Refused::not_found)?;
        let mut segments = rest.split('/');
        let merchant = segments.next().unwrap_or_default();
        let segments: Vec<&str> = segments.collect();
        self.judge_token(merchant, request, world)?;
        let query = request.uri().query().unwrap_or_default();
        let call = Call { path, query, pairs: read_pairs(query), body: body_of(request)? };
        let answer = self.route(request.method().as_str(), &segments, &call, world)?;
        Ok(respond(200, &answer))
    }

    /// Rates come after the token: a call without one is nobody's.
    fn judge_token(&mut self, merchant: &str, request: &Request<Bytes>, world: &World<'_>) -> Result<(), Refused> {
        self.tokens.begin(world.now);
        let token = bearer(request).filter(|token| self.installed && self.tokens.admits(token, world.now));
        let token = token.ok_or_else(Refused::unauthorized)?;
        self.judge_merchant(merchant)?;
        if !self.app_rate.take(world.now) {
            return Err(Refused::throttled("x-ratelimit-crosstokenlimit", self.settings.app_per_s));
        }
        let (per_s, ban_ms) = (self.settings.token_per_s, self.settings.ban_ms);
        let rate = self.token_rates.entry(token.to_owned()).or_insert_with(|| super::rate::Rate::new(per_s, ban_ms));
        if !rate.take(world.now) {
            return Err(Refused::throttled("x-ratelimit-tokenlimit", per_s));
        }
        Ok(())
    }
}

fn bearer(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get(http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The JSON of the body; null for a call that has none.
fn body_of(request: &Request<Bytes>) -> Result<Value, Refused> {
    if matches!(*request.method(), Method::GET | Method::DELETE) || request.body().is_empty() {
        return Ok(Value::Null);
    }
    let kind = request.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("application/json")) {
        return Err(Refused::not_json());
    }
    match serde_json::from_slice(request.body()) {
        Ok(Value::Object(body)) => Ok(Value::Object(body)),
        _ => Err(Refused::invalid("Request body is not a JSON object")),
    }
}
