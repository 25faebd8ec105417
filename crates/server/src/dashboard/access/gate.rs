//! The gate before every page and form.

use std::sync::Arc;

use ::access::{Place, Principal, SessionOf};
use axum::body::Body;
use axum::extract::{MatchedPath, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method, Request, StatusCode, header};

use super::{Visitor, host};
use crate::Access;
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::{Pages, page_routes};
use crate::doorkeeper::{Bounds, Origin};

/// Name of the session's cookie.
pub(super) const COOKIE: &str = "lockstep_session";

/// Lets a visitor through with what they may do, or shows the way to the sign-in form.
pub(in super::super) async fn gate(
    State(pages): State<Arc<Pages>>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    match visitor(&pages, &request).and_then(|visitor| visitor.map(|who| allowed(&pages, who, &request)).transpose()) {
        Ok(Some(visitor)) if must_change(&visitor, &request) => Redirect::to("/account").into_response(),
        Ok(Some(visitor)) => {
            let bounds = Bounds::new(&pages.hub.doorkeeper, &visitor.principal);
            request.extensions_mut().insert(visitor);
            bounds.around(next.run(request)).await
        }
        Ok(None) if request.method() == Method::GET && request.uri().path() != "/live" => {
            let back = request.uri().path_and_query().map_or("/", |at| at.as_str());
            Redirect::to(&format!("/sign-in?next={}", encoded(back))).into_response()
        }
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => error.into_response(),
    }
}

/// Refuses what the rules do not allow; an address that is not in the table is closed.
fn allowed(pages: &Pages, visitor: Visitor, request: &Request<Body>) -> Result<Visitor, PageError> {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let route = page_routes().iter().find(|route| route.method == method && route.path == path);
    let route = route.ok_or_else(|| PageError::Missing("page".to_owned()))?;
    if route.access == Access::Open {
        return Ok(visitor);
    }
    let rules = &pages.hub.doorkeeper.rules;
    if rules.at(&visitor.principal, &route.name(), Place::default()).allowed {
        return Ok(visitor);
    }
    pages.hub.meter.count("lockstep_pages_refused_total", "", 1);
    Err(match route.access {
        Access::Needs(scope) => PageError::Forbidden(scope),
        Access::Own | Access::Open => PageError::NoAccount,
    })
}

/// Whether a password that was made for somebody has to be replaced before anything else.
fn must_change(visitor: &Visitor, request: &Request<Body>) -> bool {
    let elsewhere = !request.uri().path().starts_with("/account") && request.uri().path() != "/sign-out";
    elsewhere && visitor.person.as_ref().is_some_and(|person| person.must_change)
}

fn visitor(pages: &Pages, request: &Request<Body>) -> Result<Option<Visitor>, PageError> {
    let (hub, door) = (&pages.hub, &pages.hub.doorkeeper);
    let now_ms = hub.clock.now().0;
    // As soon as anybody was added, everybody signs in, at this machine too.
    let origin = Origin::of(request);
    if hub.options.pages_open && origin.here && !door.store.has_people()? {
        if !host::is_ours(&origin.host, &hub.options.page_hosts) {
            return Err(PageError::Host);
        }
        return Ok(Some(Visitor::at_this_machine(pages.tokens.of(""))));
    }
    let Some(id) = cookie(request.headers()) else { return Ok(None) };
    let Some(session) = door.store.session(id, now_ms)? else { return Ok(None) };
    let token = pages.tokens.of(id);
    Ok(match session.of {
        SessionOf::Person(person) => {
            let scopes = door.rules.scopes(&person.principal());
            Some(Visitor::person(*person, scopes, token))
        }
        SessionOf::Key(name) => key_named(pages, &name, now_ms)?.map(|principal| {
            let scopes = door.rules.scopes(&principal);
            Visitor::with_key(principal, scopes, token)
        }),
    })
}

/// What the key of a session may do now: it may have been revoked, or taken out of the configuration, since.
fn key_named(pages: &Pages, name: &str, now_ms: i64) -> Result<Option<Principal>, PageError> {
    if let Some(key) = pages.hub.keys.iter().find(|key| key.name == name) {
        return Ok(Some(key.proved().principal));
    }
    Ok(pages.hub.doorkeeper.store.key_named(name, now_ms)?.map(|key| key.principal))
}

/// The session's id from the cookies.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(name, _)| *name == COOKIE).map(|(_, id)| id))
}

/// Reads a posted form and checks that it came from a page of ours.
///
/// # Errors
/// When it cannot be read, or the token is not the visitor's.
pub(in super::super) async fn genuine(visitor: &Visitor, request: Request<Body>) -> Result<Fields, PageError> {
    let headers = request.headers().clone();
    let fields = Fields::of_form(request).await.ok_or(PageError::Form)?;
    if is_genuine(visitor, &headers, fields.get("token")) { Ok(fields) } else { Err(PageError::Forged) }
}

/// Whether a form with this token came from a page of ours that this visitor was shown.
pub(in super::super) fn is_genuine(visitor: &Visitor, headers: &HeaderMap, token: &str) -> bool {
    let foreign = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    // Hashes are compared in constant time.
    let same = blake3::hash(token.as_bytes()) == blake3::hash(visitor.token.as_bytes());
    !foreign && !visitor.token.is_empty() && same
}
