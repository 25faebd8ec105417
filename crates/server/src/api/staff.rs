//! `/v1/staff`: people who may come in, their roles and stores; `/v1/access-changes`: who changed that.

use std::sync::Arc;

use access::{AccessError, Person};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Door;
use super::access::Caller;
use super::input::Input;
use super::problem::ApiError;
use crate::doorkeeper::given::{self, PersonGiven, Wrong};

/// Changes told at a time.
const CHANGES: u32 = 200;

/// A person to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffIn {
    /// Name to sign in with.
    name: String,
    /// `viewer`, `clerk`, `manager`, `ops`, `admin`, `auditor`.
    roles: Vec<String>,
    /// Names of the stores they are for; a clerk or manager needs one to change anything.
    #[serde(default)]
    stores: Vec<String>,
    /// Names of the channels whose orders they see; empty = all.
    #[serde(default)]
    channels: Vec<String>,
}

/// What somebody is from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolesIn {
    /// All roles.
    roles: Vec<String>,
    /// All stores.
    #[serde(default)]
    stores: Vec<String>,
    /// All channels.
    #[serde(default)]
    channels: Vec<String>,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffOut {
    /// Name.
    name: String,
    /// Roles.
    roles: Vec<&'static str>,
    /// Stores.
    stores: Vec<String>,
    /// Channels.
    channels: Vec<String>,
    /// Whether they are kept out.
    disabled: bool,
    /// Whether a second factor is asked for.
    second_factor: bool,
    /// When they last signed in.
    signed_in_at: Option<String>,
}

/// Everybody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffListOut {
    /// By name.
    items: Vec<StaffOut>,
}

/// A password that was made for somebody. It is told this once, and they must replace it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PasswordOut {
    /// Whose.
    name: String,
    /// The password.
    password: String,
}

/// One change of who may come in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeOut {
    /// Counted from 1.
    number: i64,
    /// When.
    at: String,
    /// Who did it.
    by: String,
    /// What.
    what: String,
    /// Whose name it is about.
    about: String,
    /// More of it.
    detail: String,
}

/// The latest changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesOut {
    /// Newest first.
    items: Vec<ChangeOut>,
}

/// List everybody who may come in.
#[utoipa::path(get, path = "/v1/staff", tag = "access",
    responses((status = 200, description = "By name", body = StaffListOut)))]
pub(crate) async fn list(State(door): State<Arc<Door>>) -> Result<Json<StaffListOut>, ApiError> {
    let people = door.hub.doorkeeper.store.people()?;
    Ok(Json(StaffListOut { items: people.into_iter().map(out).collect() }))
}

/// Add somebody; answers the password made for them.
#[utoipa::path(post, path = "/v1/staff", tag = "access", request_body = StaffIn,
    responses((status = 200, description = "Added; the password is told this once", body = PasswordOut)))]
pub(crate) async fn add(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<StaffIn>,
) -> Result<Response, ApiError> {
    let StaffIn { name, roles, stores, channels } = sent;
    let new = given::person(&PersonGiven { name, roles, stores, channels })?;
    let (person, password) = door.slow(move |store, now_ms| store.add_person(&new, &caller.name, now_ms)).await?;
    Ok(told_once(&PasswordOut { name: person.name, password }))
}

/// Give somebody other roles, stores and channels.
#[utoipa::path(put, path = "/v1/staff/{name}", tag = "access", request_body = RolesIn,
    params(("name" = String, Path, description = "Name")),
    responses((status = 200, description = "As they are now", body = StaffOut)))]
pub(crate) async fn put(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(name): Path<String>,
    Input(sent): Input<RolesIn>,
) -> Result<Json<StaffOut>, ApiError> {
    let RolesIn { roles, stores, channels } = sent;
    let new = given::person(&PersonGiven { name, roles, stores, channels })?;
    let person = door.hub.doorkeeper.store.set_roles(&new, &caller.name, door.hub.clock.now().0)?;
    Ok(Json(out(person)))
}

/// Make a new password for somebody, and end their sessions.
#[utoipa::path(post, path = "/v1/staff/{name}/password", tag = "access",
    params(("name" = String, Path, description = "Name")),
    responses((status = 200, description = "The password is told this once", body = PasswordOut)))]
pub(crate) async fn password(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, ApiError> {
    let whose = name.clone();
    let password = door.slow(move |store, now_ms| store.reset_password(&whose, &caller.name, now_ms)).await?;
    Ok(told_once(&PasswordOut { name, password }))
}

/// Keep somebody out, and end their sessions.
#[utoipa::path(post, path = "/v1/staff/{name}/disable", tag = "access",
    params(("name" = String, Path, description = "Name")),
    responses((status = 200, description = "As they are now", body = StaffOut)))]
pub(crate) async fn disable(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<StaffOut>, ApiError> {
    set_disabled(&door, &caller, &name, true)
}

/// Let somebody in again.
#[utoipa::path(post, path = "/v1/staff/{name}/enable", tag = "access",
    params(("name" = String, Path, description = "Name")),
    responses((status = 200, description = "As they are now", body = StaffOut)))]
pub(crate) async fn enable(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<StaffOut>, ApiError> {
    set_disabled(&door, &caller, &name, false)
}

/// The latest changes of people and keys, and many failed attempts to sign in.
#[utoipa::path(get, path = "/v1/access-changes", tag = "access",
    responses((status = 200, description = "Newest first", body = ChangesOut)))]
pub(crate) async fn changes(State(door): State<Arc<Door>>) -> Result<Json<ChangesOut>, ApiError> {
    let changes = door.hub.doorkeeper.store.changes(CHANGES)?;
    let items = changes.into_iter().map(|change| ChangeOut {
        number: change.number,
        at: model::Instant(change.at_ms).to_string(),
        by: change.by,
        what: change.what,
        about: change.about,
        detail: change.detail,
    });
    Ok(Json(ChangesOut { items: items.collect() }))
}

fn set_disabled(door: &Door, caller: &Caller, name: &str, disabled: bool) -> Result<Json<StaffOut>, ApiError> {
    let store = &door.hub.doorkeeper.store;
    store.set_disabled(name, disabled, &caller.name, door.hub.clock.now().0)?;
    Ok(Json(out(store.person(name)?)))
}

/// An answer with a secret: nobody on the way keeps it, and neither do we.
pub(super) fn told_once<T: Serialize>(answer: &T) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

fn out(person: Person) -> StaffOut {
    StaffOut {
        name: person.name,
        roles: person.roles.iter().map(|role| role.name()).collect(),
        stores: person.stores.into_iter().collect(),
        channels: person.channels.into_iter().collect(),
        disabled: person.disabled,
        second_factor: person.second_factor,
        signed_in_at: person.signed_in_ms.map(|at_ms| model::Instant(at_ms).to_string()),
    }
}

impl From<Wrong> for ApiError {
    fn from(wrong: Wrong) -> Self {
        Self::invalid(wrong.field, wrong.problem)
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Unknown { what, name } => Self::not_found(format_args!("{what} {name:?}")),
            AccessError::Taken { .. } | AccessError::LastAdmin { .. } => Self::NotNow { what: error.to_string() },
            AccessError::Invalid(problem) => Self::invalid("", problem),
            AccessError::Weak(weak) => Self::invalid("password", weak.to_string()),
            other => Self::Unavailable { cause: other.to_string() },
        }
    }
}
