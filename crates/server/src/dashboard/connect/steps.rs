//! The forms of a connection: a token, a check, a location, reading, writing.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::{FlowError, KeptTokens, Phase, Secret};
use http::Request;
use model::{Action, ChannelName, Command, ExternalLocation, LocationKind, LocationSeen, Note};

use super::{begin, tell, told};
use crate::access_check::Grant;
use crate::dashboard::Pages;
use crate::dashboard::access::Visitor;
use crate::dashboard::channels;
use crate::dashboard::error::PageError;
use crate::dashboard::words::{Tone, counted};

/// `POST /connect/{name}/token`: a token typed in by hand.
pub(in super::super) async fn token(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (link, fields) = begin(&pages, &visitor, &name, request).await?;
    let (access, refresh) = (fields.get("access"), fields.get("refresh"));
    if access.is_empty() {
        return tell(&pages, &name, Tone::Bad, "Nothing was changed: no token was given.".to_owned());
    }
    let tokens = KeptTokens {
        access: Secret::new(access),
        refresh: (!refresh.is_empty()).then(|| Secret::new(refresh)),
        expires_at: None,
    };
    if let Err(error) = pages.hub.accounts.give(&name, tokens, None).await {
        return told(&pages, &name, Err(error), "");
    }
    pages.accesses.forget(link.channel);
    checked(&pages, &name, Phase::Read, "The token is kept.").await
}

/// `POST /connect/{name}/check`: the platform is asked what the token opens.
pub(in super::super) async fn check(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    begin(&pages, &visitor, &name, request).await?;
    let writes = pages.hub.accounts.section(&name).is_some_and(|section| section.writes);
    checked(&pages, &name, if writes { Phase::Write } else { Phase::Read }, "Access was checked.").await
}

/// Asks over the link as it is now: a token just given made it anew.
async fn checked(pages: &Pages, name: &str, phase: Phase, done: &str) -> Result<Response, PageError> {
    let link = super::link(pages, name)?;
    match channels::check(pages, &link, phase, None).await {
        None => tell(pages, name, Tone::Bad, format!("{done} {}", channels::no_answer(name))),
        Some(found) if found.problems.is_empty() => tell(
            pages,
            name,
            Tone::Good,
            format!("{done} The platform answers, and nothing is missing as far as it tells."),
        ),
        Some(found) => {
            let problems = counted(found.problems.len() as u64, "problem", "problems");
            tell(pages, name, Tone::Bad, format!("{done} There is trouble: {problems}, told below."))
        }
    }
}

/// `POST /connect/{name}/location`: a location over there becomes one of ours, with this channel as its home.
pub(in super::super) async fn location(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (link, fields) = begin(&pages, &visitor, &name, request).await?;
    let external = ExternalLocation::new(fields.get("external"));
    let known = pages.accesses.last(link.channel);
    let place = known.and_then(|checked| checked.found.places.iter().find(|place| place.external == external).cloned());
    let (Some(place), Some(kind)) = (place.filter(|place| place.active), LocationKind::parse(fields.get("kind")))
    else {
        let text = "Nothing was changed: that location is not there any more. Check access again.";
        return tell(&pages, &name, Tone::Bad, text.to_owned());
    };
    let zone = fields.get("zone");
    if jiff::tz::TimeZone::get(zone).is_err() {
        return tell(&pages, &name, Tone::Bad, format!("“{zone}” is no time zone; one is called Europe/Lisbon."));
    }
    let put = Action::PutLocation {
        name: place.name.clone(),
        kind,
        zone: Note::new(zone),
        home: Some(ChannelName::new(&name)),
    };
    let seen = LocationSeen { channel: link.channel, external, name: place.name.clone(), active: true };
    for action in [put, Action::LocationSeen(seen)] {
        let command = Command { at: pages.now(), by: visitor.by.clone(), action };
        match pages.hub.flow.command(command).await {
            Ok(_) => {}
            Err(FlowError::Refused(why)) => {
                return tell(&pages, &name, Tone::Bad, format!("Nothing was changed: {why}."));
            }
            Err(error) => return Err(error.into()),
        }
    }
    pages.hub.links.ask_reading(link.channel);
    pages.follow(pages.hub.flow.head()).await;
    tell(&pages, &name, Tone::Good, format!("{} is one of our locations now.", place.name))
}

/// `POST /connect/{name}/start`: it is read from now on.
pub(in super::super) async fn start(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (link, _) = begin(&pages, &visitor, &name, request).await?;
    if !link.has_token() {
        return tell(&pages, &name, Tone::Bad, "It has no token yet.".to_owned());
    }
    let done = pages.hub.accounts.start_reading(&name).await;
    told(&pages, &name, done, "It is being read. This page follows how far it has come.")
}

/// `POST /connect/{name}/write`: the hub may write, when every scope for that is there as far as the platform tells.
pub(in super::super) async fn write(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (link, _) = begin(&pages, &visitor, &name, request).await?;
    let Some(found) = channels::check(&pages, &link, Phase::Write, None).await else {
        return tell(&pages, &name, Tone::Bad, format!("Nothing was changed. {}", channels::no_answer(&name)));
    };
    let missing: Vec<&str> =
        found.scopes.iter().filter(|scope| scope.grant == Grant::Missing).map(|scope| scope.name).collect();
    if !missing.is_empty() {
        let text =
            format!("Nothing was changed: the token lacks {}. Ask for access to write first.", missing.join(", "));
        return tell(&pages, &name, Tone::Bad, text);
    }
    let done = pages.hub.accounts.let_write(&name, visitor.by.clone()).await;
    pages.follow(pages.hub.flow.head()).await;
    told(&pages, &name, done, "The hub may write now. What differs is being corrected.")
}
