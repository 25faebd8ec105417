//! Doing it once: the same `Idempotency-Key` with the same request gets the same answer again, with another one 409.
//!
//! Sits before every changing call. The engine itself keeps each key for seven days with what it changed, so nothing
//! is done twice even after a restart; here the exact answers of the last calls are kept in memory. Only what was
//! done is kept: a refused call may be sent again under its key when things have changed.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use model::IdempotencyKey;

use super::Door;
use super::access::Caller;
use super::input::is_done;
use super::problem::ApiError;
use crate::hooks::body::{self, BodyError};

/// Answers kept.
const ANSWERS: usize = 10_000;
/// Bytes of answers kept.
const BYTES: usize = 32 * 1024 * 1024;
/// Longest key.
const KEY_MAX: usize = 128;

/// The caller's key for this call, with the caller's name before it: two callers never share one.
#[derive(Clone, Debug, Default)]
pub(crate) struct OnceKey(pub Option<IdempotencyKey>);

impl OnceKey {
    /// The key of one part of a call that has several.
    pub(crate) fn part(&self, part: impl std::fmt::Display) -> Option<IdempotencyKey> {
        self.0.as_ref().map(|key| IdempotencyKey::new(&format!("{key}/{part}")))
    }
}

impl<S: Sync> FromRequestParts<S> for OnceKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// A key as a caller may choose it.
pub(crate) fn key(field: &str, caller: &Caller, sent: &str) -> Result<IdempotencyKey, ApiError> {
    let plain = (1..=KEY_MAX).contains(&sent.len()) && sent.bytes().all(|byte| byte.is_ascii_graphic());
    if plain {
        Ok(IdempotencyKey::new(&format!("{}/{sent}", caller.name)))
    } else {
        Err(ApiError::invalid(field, format!("{field} is 1 to {KEY_MAX} printable characters without spaces")))
    }
}

/// Answers of the last calls.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_key: HashMap<IdempotencyKey, Answer>,
    order: VecDeque<IdempotencyKey>,
    bytes: usize,
}

#[derive(Clone, Debug)]
struct Answer {
    asked: blake3::Hash,
    status: StatusCode,
    kind: Option<HeaderValue>,
    body: Bytes,
}

impl Answers {
    fn find(&self, key: &IdempotencyKey) -> Option<Answer> {
        self.kept.lock().ok()?.by_key.get(key).cloned()
    }

    fn keep(&self, key: IdempotencyKey, answer: Answer) {
        let Ok(mut kept) = self.kept.lock() else { return };
        kept.bytes += answer.body.len();
        if let Some(old) = kept.by_key.insert(key.clone(), answer) {
            kept.bytes -= old.body.len();
        } else {
            kept.order.push_back(key);
        }
        while kept.order.len() > ANSWERS || kept.bytes > BYTES {
            let Some(oldest) = kept.order.pop_front() else { break };
            if let Some(old) = kept.by_key.remove(&oldest) {
                kept.bytes -= old.body.len();
            }
        }
    }
}

/// Reads the body, bounded in size and time, and does a keyed call once.
pub(crate) async fn once(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    match bounded(&door, request, next).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn bounded(door: &Door, request: Request, next: Next) -> Result<Response, ApiError> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let options = &door.hub.options;
    let body = body::read(&parts.headers, body, options.api_body_max, options.body_ms).await?;
    // Card numbers never enter. An idempotency key that holds one would be kept: it is refused.
    let body = flow::cards::black_out(&body).map_or(body, bytes::Bytes::from);
    if header_of(&parts.headers).and_then(|key| key.to_str().ok()).is_some_and(flow::cards::holds_one) {
        return Err(ApiError::invalid("Idempotency-Key", "holds a card number"));
    }
    let Some(key) = sent(&parts)? else { return Ok(next.run(Request::from_parts(parts, Body::from(body))).await) };
    let asked = fingerprint(&parts, &body);
    if let Some(known) = door.answers.find(&key) {
        return if known.asked == asked { Ok(again(known)) } else { Err(ApiError::KeyReused) };
    }
    parts.extensions.insert(OnceKey(Some(key.clone())));
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // What is told once is not kept to be told again.
    let secret = response.headers().get(header::CACHE_CONTROL).is_some_and(|control| control == "no-store");
    if !is_done(&response) || secret {
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, BYTES).await.map_err(|_| ApiError::Broken)?;
    let kind = head.headers.get(header::CONTENT_TYPE).cloned();
    door.answers.keep(key, Answer { asked, status: head.status, kind, body: body.clone() });
    Ok(Response::from_parts(head, Body::from(body)))
}

fn sent(parts: &Parts) -> Result<Option<IdempotencyKey>, ApiError> {
    let Some(value) = header_of(&parts.headers) else { return Ok(None) };
    let caller = parts.extensions.get::<Caller>().ok_or(ApiError::NoKey)?;
    key("Idempotency-Key", caller, value.to_str().unwrap_or_default()).map(Some)
}

fn header_of(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get("idempotency-key")
}

fn fingerprint(parts: &Parts, body: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for part in [parts.method.as_str().as_bytes(), b"\n", parts.uri.to_string().as_bytes(), b"\n", body] {
        hasher.update(part);
    }
    hasher.finalize()
}

fn again(known: Answer) -> Response {
    let mut response = (known.status, known.body).into_response();
    let headers = response.headers_mut();
    if let Some(kind) = known.kind {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge { max } => Self::TooLarge { max },
            BodyError::Slow { ms } => Self::Slow { ms },
            BodyError::Broken => Self::Broken,
        }
    }
}
