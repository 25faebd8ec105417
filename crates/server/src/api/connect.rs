//! Connecting an account by a program: the same steps as the pages under `/connect`.
//!
//! A program that sends a person to a platform's page gets the answer at an address of its own and hands it on here.
//! Which app and which addresses a platform needs is the roof's to know; no answer holds a token.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use flow::{KeptTokens, Link, Phase, Secret};
use http::StatusCode;
use model::Platform;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Door;
use super::access::Caller;
use super::input::{self, Input, MaybeInput, Place};
use super::problem::ApiError;
use crate::access_check::{self, AccessFound, Grant, PlaceFound, ScopeFound, SubscriptionFound};
use crate::connect::{ConnectError, NewChannel, Progress, progress, scopes};
use crate::dashboard::pairs;

/// How long a caller waits for a platform.
const PATIENCE: Duration = Duration::from_secs(20);

impl From<ConnectError> for ApiError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Invalid { field, problem } => Self::invalid(field, problem),
            ConnectError::Unknown(name) => Self::not_found(format!("channel {name:?}")),
            ConnectError::Flow(error) => error.into(),
            ConnectError::Kept(cause) => Self::Unavailable { cause },
            other @ (ConnectError::NotNow(_) | ConnectError::Stray | ConnectError::Denied(_)) => {
                Self::NotNow { what: other.to_string() }
            }
        }
    }
}

/// A channel to be made: read-only, until it is let write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelIn {
    /// Unique; letters, digits, `-` and `_`.
    name: String,
    /// Name of the platform, as the page `/platforms` and `GET /v1/channels` have it.
    platform: String,
    /// Where its API is, without a slash at the end; missing = where the platform has it for most.
    base_url: Option<String>,
    /// The platform's id of the account.
    #[serde(default)]
    account: String,
    /// ISO 4217, of prices it sends without one; missing = the hub's.
    #[serde(default)]
    currency: String,
    /// Our locations that its orders may come from, best first.
    #[serde(default)]
    sells_from: Vec<String>,
}

/// How a channel is connected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionOut {
    /// Channel.
    channel: String,
    /// Platform.
    platform: &'static str,
    /// The file its settings stand in; missing when they do not stand in one.
    file: Option<String>,
    /// Whether there is a token.
    has_token: bool,
    /// Whether it is read.
    reads: bool,
    /// Whether it is written to.
    writes: bool,
    /// Why access cannot be asked for at the platform's page, and what to set first; missing when it can.
    app_missing: Option<String>,
    /// Scopes needed to read.
    scopes_to_read: Vec<&'static str>,
    /// Scopes needed to read and write.
    scopes_to_write: Vec<&'static str>,
    /// What a token needs to read, to write and to make documents.
    scopes_to_make: Vec<&'static str>,
    /// How far the first reading has come.
    progress: ProgressOut,
}

/// How far the first reading has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgressOut {
    /// Whether everything has been read once.
    done: bool,
    /// What is being read, in words.
    words: String,
    /// Items mapped to ours, from this run and those before.
    items_known: u64,
    /// Rows of the catalogue told since the hub was started.
    items: u64,
    /// Orders told.
    orders: u64,
    /// Stock levels told.
    levels: u64,
    /// Customers told.
    customers: u64,
    /// Requests sent.
    requests: u64,
    /// How long it still takes, in milliseconds, once that can be told.
    left_ms: Option<i64>,
    /// The last trouble, in words.
    trouble: Option<String>,
}

impl From<Progress> for ProgressOut {
    fn from(progress: Progress) -> Self {
        let Progress { started: _, done, words, items_known, so_far, requests, left_ms, trouble } = progress;
        let flow::ReadSoFar { since: _, items, orders, levels, customers } = so_far;
        Self { done, words, items_known, items, orders, levels, customers, requests, left_ms, trouble }
    }
}

/// A token given by hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenIn {
    /// Access token.
    access: String,
    /// Renews it, where the platform gives one.
    refresh: Option<String>,
}

/// How much is asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PhaseIn {
    /// To read.
    #[default]
    Read,
    /// To read and write.
    Write,
    /// To read, write and make documents.
    Make,
}

impl From<PhaseIn> for Phase {
    fn from(phase: PhaseIn) -> Self {
        match phase {
            PhaseIn::Read => Self::Read,
            PhaseIn::Write => Self::Write,
            PhaseIn::Make => Self::Make,
        }
    }
}

/// A question for consent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorizeIn {
    /// `read` or `write`; `read` when missing.
    #[serde(default)]
    phase: PhaseIn,
    /// Where the platform sends the person back to: an address of the caller, registered with the app there.
    redirect_uri: String,
}

/// Where a person gives access.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthorizeOut {
    /// The platform's page. Good for ten minutes and one answer.
    url: String,
    /// What is asked for.
    scopes: Vec<&'static str>,
}

/// What came back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantIn {
    /// The query of the address to which the person was sent back, as it came.
    query: String,
}

/// For which phase.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CheckIn {
    /// `read` or `write`; `read` when missing.
    phase: PhaseIn,
}

/// What the platform says of our access.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessOut {
    /// The platform's id of the account; empty when it does not tell.
    account: String,
    /// Its name for people.
    account_name: String,
    /// Scopes of the phase, and what the token has besides.
    scopes: Vec<ScopeOut>,
    /// Locations over there.
    locations: Vec<PlaceOut>,
    /// Webhook subscriptions to us; missing where they cannot be listed.
    subscriptions: Option<Vec<SubscriptionOut>>,
    /// How far its clock is ahead of ours, in milliseconds.
    clock_skew_ms: Option<i64>,
    /// What is wrong and how to mend it; empty when all is well.
    problems: Vec<String>,
}

/// A scope.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScopeOut {
    /// By the platform's own name.
    name: &'static str,
    /// What for.
    what_for: &'static str,
    /// `granted`, `missing`, `untold` (the platform does not tell), `extra` or `later` (not needed in this phase).
    grant: &'static str,
}

/// A location over there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceOut {
    /// The platform's id.
    id: String,
    /// Its name there.
    name: String,
    /// False when it is closed.
    active: bool,
}

/// A webhook subscription.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubscriptionOut {
    /// As the platform names them.
    topics: Vec<String>,
    /// Whether it is switched on.
    enabled: bool,
}

/// Make a channel. It is read-only and is not read before `start`; it needs a token first.
#[utoipa::path(post, path = "/v1/channels", tag = "operations", request_body = ChannelIn,
    responses((status = 201, description = "Made, and kept over restarts", body = ConnectionOut)))]
pub(crate) async fn make(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Input(sent): Input<ChannelIn>,
) -> Result<(StatusCode, Json<ConnectionOut>), ApiError> {
    let platform = Platform::parse(&sent.platform)
        .ok_or_else(|| ApiError::invalid("platform", format!("{:?} is no platform", sent.platform)))?;
    let base_url = sent.base_url.unwrap_or_else(|| door.hub.accounts.hint(platform).base_url);
    let new = NewChannel {
        name: input::word("name", &sent.name)?.to_owned(),
        platform,
        base_url: input::word("base_url", &base_url)?.trim_end_matches('/').to_owned(),
        account: input::text("account", &sent.account)?.to_owned(),
        currency: input::text("currency", &sent.currency)?.to_owned(),
        sells_from: sent.sells_from,
    };
    let name = new.name.clone();
    door.hub.accounts.add(new, caller.actor()).await?;
    Ok((StatusCode::CREATED, Json(connection(&door, &name).await?)))
}

/// How a channel is connected, and how far its first reading has come.
#[utoipa::path(get, path = "/v1/channels/{name}/connection", tag = "operations",
    params(("name" = String, Path, description = "Channel")),
    responses((status = 200, description = "As it is now", body = ConnectionOut)))]
pub(crate) async fn one(
    State(door): State<Arc<Door>>,
    Place(name): Place<String>,
) -> Result<Json<ConnectionOut>, ApiError> {
    connection(&door, &name).await.map(Json)
}

/// Give a channel a token. It is kept in a file of the hub's user, and no answer tells it.
#[utoipa::path(post, path = "/v1/channels/{name}/token", tag = "operations", request_body = TokenIn,
    params(("name" = String, Path, description = "Channel")),
    responses((status = 200, description = "Kept", body = ConnectionOut)))]
pub(crate) async fn token(
    State(door): State<Arc<Door>>,
    Place(name): Place<String>,
    Input(sent): Input<TokenIn>,
) -> Result<Json<ConnectionOut>, ApiError> {
    link(&door, &name)?;
    let access = sent.access.trim();
    if access.is_empty() {
        return Err(ApiError::invalid("access", "access is empty"));
    }
    let refresh = sent.refresh.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let tokens = KeptTokens { access: Secret::new(access), refresh: refresh.map(Secret::new), expires_at: None };
    door.hub.accounts.give(&name, tokens, None).await?;
    connection(&door, &name).await.map(Json)
}

/// Begin to ask a person for access at the platform's page (OAuth).
#[utoipa::path(post, path = "/v1/channels/{name}/authorize", tag = "operations", request_body = AuthorizeIn,
    params(("name" = String, Path, description = "Channel")),
    responses((status = 200, description = "Where to send the person", body = AuthorizeOut)))]
pub(crate) async fn authorize(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(name): Place<String>,
    Input(sent): Input<AuthorizeIn>,
) -> Result<Json<AuthorizeOut>, ApiError> {
    let link = link(&door, &name)?;
    let phase = sent.phase.into();
    let redirect_uri = input::word("redirect_uri", &sent.redirect_uri)?.to_owned();
    let url = door.consents.begin(&door.hub, &link, phase, &caller.name, redirect_uri)?;
    Ok(Json(AuthorizeOut { url, scopes: scopes(&link, phase).iter().map(|scope| scope.name).collect() }))
}

/// Hand on what came back from the platform's page. It is exchanged for tokens, which are kept.
#[utoipa::path(post, path = "/v1/channels/{name}/grant", tag = "operations", request_body = GrantIn,
    params(("name" = String, Path, description = "Channel")),
    responses((status = 200, description = "Access was given", body = ConnectionOut)))]
pub(crate) async fn grant(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(name): Place<String>,
    Input(sent): Input<GrantIn>,
) -> Result<Json<ConnectionOut>, ApiError> {
    link(&door, &name)?;
    let query = pairs(sent.query.trim_start_matches('?'));
    let consent = door.consents.finish(&door.hub, &query, &caller.name).await?;
    connection(&door, &consent.channel).await.map(Json)
}

/// Ask the platform what the token opens. Changes nothing there.
#[utoipa::path(post, path = "/v1/channels/{name}/check", tag = "operations", request_body = CheckIn,
    params(("name" = String, Path, description = "Channel")),
    responses((status = 200, description = "What it says", body = AccessOut)))]
pub(crate) async fn check(
    State(door): State<Arc<Door>>,
    Place(name): Place<String>,
    MaybeInput(sent): MaybeInput<CheckIn>,
) -> Result<Json<AccessOut>, ApiError> {
    let link = link(&door, &name)?;
    asked(&link, sent.phase.into()).await.map(|found| Json(found.into()))
}

/// Begin to read a channel, now and after every restart.
#[utoipa::path(post, path = "/v1/channels/{name}/start", tag = "operations",
    params(("name" = String, Path, description = "Channel")),
    responses((status = 200, description = "It is being read", body = ConnectionOut)))]
pub(crate) async fn start(
    State(door): State<Arc<Door>>,
    Place(name): Place<String>,
) -> Result<Json<ConnectionOut>, ApiError> {
    if !link(&door, &name)?.has_token() {
        return Err(ApiError::NotNow { what: format!("channel {name} has no token yet") });
    }
    door.hub.accounts.start_reading(&name).await?;
    connection(&door, &name).await.map(Json)
}

/// Let the hub write to a channel. Its scopes are checked first; when one is missing, nothing changes.
#[utoipa::path(post, path = "/v1/channels/{name}/write", tag = "operations",
    params(("name" = String, Path, description = "Channel")),
    responses((status = 200, description = "It is written to from now on", body = ConnectionOut)))]
pub(crate) async fn write(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(name): Place<String>,
) -> Result<Json<ConnectionOut>, ApiError> {
    let link = link(&door, &name)?;
    let found = asked(&link, Phase::Write).await?;
    let missing = found.scopes.iter().filter(|scope| scope.grant == Grant::Missing).map(|scope| scope.name);
    let missing: Vec<&str> = missing.collect();
    if !missing.is_empty() {
        return Err(ApiError::NotNow { what: format!("the token of {name} lacks {}", missing.join(", ")) });
    }
    door.hub.accounts.let_write(&name, caller.actor()).await?;
    connection(&door, &name).await.map(Json)
}

async fn asked(link: &Link, phase: Phase) -> Result<AccessFound, ApiError> {
    let found = tokio::time::timeout(PATIENCE, access_check::check(link, phase, None)).await;
    let name = &link.settings.name;
    found.map_err(|_| ApiError::NotNow { what: format!("{name} did not answer within {} s", PATIENCE.as_secs()) })
}

fn link(door: &Door, name: &str) -> Result<Arc<Link>, ApiError> {
    door.hub.link_named(name).ok_or_else(|| ApiError::not_found(format!("channel {name:?}")))
}

async fn connection(door: &Door, name: &str) -> Result<ConnectionOut, ApiError> {
    let (hub, link) = (&door.hub, link(door, name)?);
    let section = hub.accounts.section(name);
    let names = |phase| scopes(&link, phase).iter().map(|scope| scope.name).collect();
    Ok(ConnectionOut {
        channel: name.to_owned(),
        platform: link.settings.platform.name(),
        file: section.as_ref().map(|section| section.file.clone()),
        has_token: link.has_token(),
        reads: hub.links.reads(link.channel),
        writes: section.as_ref().is_some_and(|section| section.writes),
        app_missing: section.and_then(|section| section.app.err()),
        scopes_to_read: names(Phase::Read),
        scopes_to_write: names(Phase::Write),
        scopes_to_make: names(Phase::Make),
        progress: progress(hub, &link).await?.into(),
    })
}

impl From<AccessFound> for AccessOut {
    fn from(found: AccessFound) -> Self {
        let AccessFound { account, account_name, scopes, places, subscriptions, skew_ms, problems } = found;
        let scope = |ScopeFound { name, what_for, grant, .. }| ScopeOut { name, what_for, grant: grant_name(grant) };
        let place = |PlaceFound { external, name, active }| PlaceOut {
            id: external.to_string(),
            name: name.to_string(),
            active,
        };
        let subscription = |SubscriptionFound { topics, enabled, .. }| SubscriptionOut { topics, enabled };
        Self {
            account,
            account_name,
            scopes: scopes.into_iter().map(scope).collect(),
            locations: places.into_iter().map(place).collect(),
            subscriptions: subscriptions.map(|all| all.into_iter().map(subscription).collect()),
            clock_skew_ms: skew_ms,
            problems,
        }
    }
}

fn grant_name(grant: Grant) -> &'static str {
    match grant {
        Grant::Granted => "granted",
        Grant::Missing => "missing",
        Grant::Untold => "untold",
        Grant::Extra => "extra",
        Grant::Later => "later",
    }
}
