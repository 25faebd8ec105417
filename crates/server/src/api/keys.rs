//! `/v1/keys`: keys of programs and agents, made, rotated, revoked. A key's text is told once.

use std::sync::Arc;

use access::KeyRecord;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Door;
use super::access::Caller;
use super::input::Input;
use super::problem::ApiError;
use super::staff::told_once;
use crate::doorkeeper::given::{self, KeyGiven};

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyIn {
    /// Name, for the audit.
    name: String,
    /// `service` (a program) or `agent` (an agent, or a client that calls tools for one).
    #[serde(default)]
    kind: String,
    /// What for: one purpose, one key.
    #[serde(default)]
    purpose: String,
    /// What it may do, such as `stock:read`.
    scopes: Vec<String>,
    /// The only addresses it is for, such as `POST /v1/counts`; empty = what its scopes open.
    #[serde(default)]
    endpoints: Vec<String>,
    /// Stores it is for; empty = all.
    #[serde(default)]
    stores: Vec<String>,
    /// Channels whose orders it sees; empty = all.
    #[serde(default)]
    channels: Vec<String>,
    /// Calls in a minute; 0 = as configured for all.
    #[serde(default)]
    per_minute: u32,
    /// How long it opens, in days; without it until it is revoked.
    days: Option<i64>,
}

/// How long the old text goes on opening.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateIn {
    /// In hours, 0 to 168.
    #[serde(default)]
    old_for_hours: u32,
}

/// A key, without its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyOut {
    /// Name.
    name: String,
    /// `service` or `agent`.
    kind: &'static str,
    /// What for.
    purpose: String,
    /// The first characters of its text.
    shown: String,
    /// What it may do.
    scopes: Vec<&'static str>,
    /// The only addresses it is for.
    endpoints: Vec<String>,
    /// Stores it is for.
    stores: Vec<String>,
    /// Channels it is for.
    channels: Vec<String>,
    /// Calls in a minute; 0 = as configured.
    per_minute: u32,
    /// When it was made.
    created_at: String,
    /// When it ends.
    expires_at: Option<String>,
    /// When it was last used, to the minute.
    used_at: Option<String>,
    /// Whether it opens anything now.
    lives: bool,
}

/// Every key that was made here; those of the configuration stand there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeysOut {
    /// By name.
    items: Vec<KeyOut>,
}

/// A key's text, told this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyTextOut {
    /// Which key.
    name: String,
    /// To be sent as `Authorization: Bearer …`.
    key: String,
}

/// List the keys.
#[utoipa::path(get, path = "/v1/keys", tag = "access",
    responses((status = 200, description = "By name", body = KeysOut)))]
pub(crate) async fn list(State(door): State<Arc<Door>>) -> Result<Json<KeysOut>, ApiError> {
    let now_ms = door.hub.clock.now().0;
    let keys = door.hub.doorkeeper.store.keys()?;
    Ok(Json(KeysOut { items: keys.into_iter().map(|key| out(key, now_ms)).collect() }))
}

/// Make a key.
#[utoipa::path(post, path = "/v1/keys", tag = "access", request_body = KeyIn,
    responses((status = 200, description = "Made; its text is told this once", body = KeyTextOut)))]
pub(crate) async fn make(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<KeyIn>,
) -> Result<Response, ApiError> {
    let KeyIn { name, kind, purpose, scopes, endpoints, stores, channels, per_minute, days } = sent;
    if door.hub.keys.iter().any(|known| known.name.eq_ignore_ascii_case(name.trim())) {
        return Err(ApiError::invalid("name", "a key of the configuration has this name"));
    }
    let now_ms = door.hub.clock.now().0;
    let given = KeyGiven { name, kind, purpose, scopes, endpoints, stores, channels, per_minute, days };
    let new = given::key(&given, now_ms)?;
    let key = door.hub.doorkeeper.store.add_key(&new, &caller.name, now_ms)?;
    Ok(told_once(&KeyTextOut { name: new.name, key }))
}

/// Give a key a new text.
#[utoipa::path(post, path = "/v1/keys/{name}/rotate", tag = "access", request_body = RotateIn,
    params(("name" = String, Path, description = "Name")),
    responses((status = 200, description = "Its new text is told this once", body = KeyTextOut)))]
pub(crate) async fn rotate(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(name): Path<String>,
    Input(sent): Input<RotateIn>,
) -> Result<Response, ApiError> {
    if sent.old_for_hours > 168 {
        return Err(ApiError::invalid("old_for_hours", "the old key opens for a week at most"));
    }
    let grace_ms = i64::from(sent.old_for_hours) * 3_600_000;
    let key = door.hub.doorkeeper.store.rotate_key(&name, grace_ms, &caller.name, door.hub.clock.now().0)?;
    Ok(told_once(&KeyTextOut { name, key }))
}

/// End a key for good.
#[utoipa::path(post, path = "/v1/keys/{name}/revoke", tag = "access",
    params(("name" = String, Path, description = "Name")),
    responses((status = 200, description = "Every key as it is now", body = KeysOut)))]
pub(crate) async fn revoke(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<KeysOut>, ApiError> {
    door.hub.doorkeeper.store.revoke_key(&name, &caller.name, door.hub.clock.now().0)?;
    list(State(door)).await
}

fn out(key: KeyRecord, now_ms: i64) -> KeyOut {
    let time = |at_ms: i64| model::Instant(at_ms).to_string();
    let lives = key.lives(now_ms);
    let (shown, created_at, used_at) = (key.shown, time(key.created_ms), key.used_ms.map(time));
    let made = key.made;
    KeyOut {
        name: made.name,
        kind: made.kind.name(),
        purpose: made.purpose,
        shown,
        scopes: made.scopes.iter().map(|scope| scope.name()).collect(),
        endpoints: made.endpoints.into_iter().collect(),
        stores: made.stores.into_iter().collect(),
        channels: made.channels.into_iter().collect(),
        per_minute: made.per_minute,
        created_at,
        expires_at: made.expires_ms.map(time),
        used_at,
        lives,
    }
}
