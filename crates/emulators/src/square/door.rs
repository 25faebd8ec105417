//! What every call passes before an endpoint sees it: token, version, rate, JSON, idempotency.
//!
//! Called by the machine. It does not know what an endpoint does.

use super::Square;
use super::counters;
use super::idempotency::Seen;
use super::settings::API_VERSION;
use super::tokens::Opens;
use super::wire::{self, Answer, Call, Refused};
use crate::machine::World;
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Map, Value};

/// The longest keys: 45 for payments and webhooks, 128 for stock and catalogue, 192 for orders; the vendor states
/// none for customers and refunds, which are given the longest.
const KEY_LENGTHS: [(&str, usize); 5] =
    [("/v2/payments", 45), ("/v2/webhooks", 45), ("/v2/inventory", 128), ("/v2/catalog", 128), ("/v2/orders", 192)];
/// Writes that the vendor refuses without a key.
const KEY_REQUIRED: [&str; 6] = [
    "/v2/inventory/changes/batch-create",
    "/v2/catalog/object",
    "/v2/catalog/batch-upsert",
    "/v2/payments",
    "/v2/refunds",
    "/v2/transfer-orders",
];

impl Square {
    /// Answers one call of the API.
    pub(crate) fn answer(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        let answered = self.judge(request, world);
        let response =
            answered.unwrap_or_else(|refused| wire::respond(refused.status, Bytes::from(refused.body().to_string())));
        let (method, path) = (request.method().as_str(), request.uri().path());
        counters::note(&mut self.calls, method, path, request.body(), response.status().as_u16());
        response
    }

    fn judge(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Result<Response<Bytes>, Refused> {
        let path = request.uri().path().trim_end_matches('/');
        if path.starts_with("/oauth2/") {
            return self.answer_oauth(path, request, world);
        }
        let rest = path.strip_prefix("/v2/").ok_or_else(|| Refused::not_found("Resource not found."))?;
        let segments: Vec<&str> = rest.split('/').collect();
        self.judge_token(&segments, request, world)?;
        judge_version(request)?;
        let call = Call { path, body: read_body(request)? };
        match key_of(&call, request.method())? {
            Some(key) => self.answer_once(&key, &segments, request, &call, world),
            None => {
                let answer = self.route(request.method().as_str(), &segments, &call, world)?;
                Ok(wire::respond(200, Bytes::from(answer.to_string())))
            }
        }
    }

    /// A write with a key is done once; repeated, its answer is.
    fn answer_once(
        &mut self,
        key: &str,
        segments: &[&str],
        request: &Request<Bytes>,
        call: &Call<'_>,
        world: &mut World<'_>,
    ) -> Result<Response<Bytes>, Refused> {
        match self.keys.look_up(call.path, key, &call.body) {
            Seen::Same(answer) => Ok(wire::respond(200, answer)),
            Seen::Reused => Err(Refused::field(
                "IDEMPOTENCY_KEY_REUSED",
                "idempotency_key",
                "The idempotency key can only be retried with the same request data.",
            )),
            Seen::New => {
                let answer = self.route(request.method().as_str(), segments, call, world)?;
                let answer = Bytes::from(answer.to_string());
                self.keys.keep(call.path, key, &call.body, answer.clone(), world.now);
                Ok(wire::respond(200, answer))
            }
        }
    }

    /// Subscriptions and events belong to the application, everything else to the seller.
    fn judge_token(&mut self, segments: &[&str], request: &Request<Bytes>, world: &World<'_>) -> Result<(), Refused> {
        let token = bearer(request).ok_or_else(|| Refused::unauthorized("UNAUTHORIZED"))?;
        let of_application = matches!(segments.first(), Some(&("webhooks" | "events")));
        let opens = self.tokens.opens(token, world.now);
        let (seller, application) = (opens != Opens::Unknown, token == self.settings.application_token);
        match (seller, application) {
            (false, false) => Err(Refused::unauthorized("UNAUTHORIZED")),
            (true, false) if of_application => Err(Refused::forbidden()),
            (false, true) if !of_application => Err(Refused::forbidden()),
            _ if of_application => Ok(()),
            _ if opens == Opens::Revoked => Err(Refused::unauthorized("ACCESS_TOKEN_REVOKED")),
            _ if opens == Opens::Expired => Err(Refused::unauthorized("ACCESS_TOKEN_EXPIRED")),
            _ if !self.bucket.take(world.now) => Err(Refused::rate_limited()),
            _ => Ok(()),
        }
    }

    fn answer_oauth(
        &mut self,
        path: &str,
        request: &Request<Bytes>,
        world: &mut World<'_>,
    ) -> Result<Response<Bytes>, Refused> {
        if (request.method(), path) == (&Method::GET, "/oauth2/authorize") {
            let location = self.authorize(&read_body(request)?, world)?;
            let response = Response::builder().status(http::StatusCode::FOUND).header(http::header::LOCATION, location);
            return response.body(Bytes::new()).map_err(|_| Refused::missing("redirect_uri"));
        }
        let answer = self.answer_token(path, request, world)?;
        Ok(wire::respond(200, Bytes::from(answer.to_string())))
    }

    fn answer_token(&mut self, path: &str, request: &Request<Bytes>, world: &mut World<'_>) -> Answer {
        match (request.method().as_str(), path) {
            ("POST", "/oauth2/token") => self.token(&Call { path, body: read_body(request)? }, world),
            ("POST", "/oauth2/token/status") => {
                let token = bearer(request).unwrap_or_default();
                match self.tokens.opens(token, world.now) {
                    Opens::Yes => Ok(self.token_status(token, world.now)),
                    Opens::Revoked => Err(Refused::unauthorized("ACCESS_TOKEN_REVOKED")),
                    Opens::Expired | Opens::Unknown => Err(Refused::unauthorized("UNAUTHORIZED")),
                }
            }
            ("POST", "/oauth2/revoke") => {
                let secret = authorization(request).and_then(|value| value.strip_prefix("Client "));
                if secret != Some(self.settings.application_secret.as_str()) {
                    return Err(Refused::unauthorized("UNAUTHORIZED"));
                }
                self.revoke_call(&Call { path, body: read_body(request)? }, world)
            }
            (_, "/oauth2/authorize" | "/oauth2/token" | "/oauth2/token/status" | "/oauth2/revoke") => {
                Err(Refused::no_such_method())
            }
            _ => Err(Refused::not_found("Resource not found.")),
        }
    }
}

fn authorization(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get(http::header::AUTHORIZATION)?.to_str().ok()
}

fn bearer(request: &Request<Bytes>) -> Option<&str> {
    authorization(request)?.strip_prefix("Bearer ")
}

/// No version is the application's default, which is the one this emulator speaks.
fn judge_version(request: &Request<Bytes>) -> Result<(), Refused> {
    let Some(version) = request.headers().get("square-version") else { return Ok(()) };
    if version == API_VERSION {
        return Ok(());
    }
    let detail = format!("This emulator speaks Square-Version {API_VERSION} only.");
    Err(Refused::invalid("INVALID_SQUARE_VERSION_FORMAT", detail).at("Square-Version"))
}

/// The JSON object of the body, or the query of a GET or DELETE as an object.
fn read_body(request: &Request<Bytes>) -> Result<Value, Refused> {
    if matches!(*request.method(), Method::GET | Method::DELETE) {
        return Ok(read_query(request.uri().query().unwrap_or_default()));
    }
    if request.body().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_slice(request.body()) {
        Ok(Value::Object(body)) => Ok(Value::Object(body)),
        _ => Err(Refused::invalid("EXPECTED_JSON_BODY", "The request body is not a JSON object.")),
    }
}

fn read_query(query: &str) -> Value {
    let mut fields = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name), decode(value));
        let value = match value.parse::<i64>() {
            Ok(number) if name == "limit" => Value::from(number),
            _ => Value::from(value),
        };
        fields.insert(name, value);
    }
    Value::Object(fields)
}

/// Percent-decoding; a broken escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The idempotency key of a write.
fn key_of(call: &Call<'_>, method: &Method) -> Result<Option<String>, Refused> {
    if matches!(*method, Method::GET | Method::DELETE) {
        return Ok(None);
    }
    let Some(key) = wire::text(&call.body, "/idempotency_key").filter(|key| !key.is_empty()) else {
        let required = *method == Method::POST && KEY_REQUIRED.contains(&call.path);
        return if required { Err(Refused::missing("idempotency_key")) } else { Ok(None) };
    };
    let longest =
        KEY_LENGTHS.iter().find(|(prefix, _)| call.path.starts_with(prefix)).map_or(192, |(_, length)| *length);
    if key.chars().count() > longest {
        let detail = format!("At most {longest} characters.");
        return Err(Refused::field("VALUE_TOO_LONG", "idempotency_key", detail));
    }
    Ok(Some(key.to_owned()))
}
