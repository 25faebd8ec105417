//! The gate before every page and form.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method, Request, StatusCode, header};

use super::{Visitor, host};
use crate::dashboard::Pages;
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};

/// Name of the session's cookie.
pub(super) const COOKIE: &str = "lockstep_session";

/// Lets a visitor through with what they may do, or shows the way to the sign-in form.
pub(in super::super) async fn gate(
    State(pages): State<Arc<Pages>>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    match visitor(&pages, &request) {
        Ok(Some(visitor)) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(None) if request.method() == Method::GET && request.uri().path() != "/live" => {
            let back = request.uri().path_and_query().map_or("/", |at| at.as_str());
            Redirect::to(&format!("/sign-in?next={}", encoded(back))).into_response()
        }
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => error.into_response(),
    }
}

fn visitor(pages: &Pages, request: &Request<Body>) -> Result<Option<Visitor>, PageError> {
    if pages.hub.options.pages_open && is_here(request) {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if !host::is_ours(host, &pages.hub.options.page_hosts) {
            return Err(PageError::Host);
        }
        return Ok(Some(Visitor::at_this_machine(pages.sessions.token(""))));
    }
    let session = cookie(request.headers());
    Ok(session.and_then(|id| pages.sessions.visitor(id, pages.hub.clock.now())))
}

/// Whether the other end is on this machine; believed when the server was not told where requests come from.
fn is_here(request: &Request<Body>) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_none_or(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
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
