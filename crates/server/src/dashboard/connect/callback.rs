//! To the platform's page for consent, and back.
//!
//! The browser comes back from another site, so it brings no session (that cookie is `SameSite=Strict`). A cookie made
//! for this one question says that it is the browser which asked; the question is answered once.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use flow::Phase;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use maud::{Markup, html};

use super::one::ConnectPage;
use super::{begin, told};
use crate::connect::{ConnectError, scopes};
use crate::dashboard::Pages;
use crate::dashboard::access::{Visitor, fresh_id};
use crate::dashboard::channels;
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{encoded, pairs};
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section};
use crate::dashboard::words;

/// Name of the question's cookie.
const COOKIE: &str = "lockstep_consent";
/// How long it lasts, in seconds: as long as the question.
const LASTS_S: u32 = 600;

/// `POST /connect/{name}/authorize`: the way to the platform's page. A page of ours lies between, because a form of
/// ours leads to no other site, and because a person should see what is asked for.
pub(in super::super) async fn authorize(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (link, fields) = begin(&pages, &visitor, &name, request).await?;
    let phase = match fields.get("phase") {
        "make" => Phase::Make,
        "write" => Phase::Write,
        _ => Phase::Read,
    };
    let (owner, redirect_uri) = (fresh_id()?, pages.hub.accounts.redirect_uri());
    let secure = redirect_uri.starts_with("https://");
    let address = match pages.consents.begin(&pages.hub, &link, phase, &owner, redirect_uri) {
        Ok(address) => address,
        Err(error) => return told(&pages, &name, Err(error), ""),
    };
    let asked = scopes(&link, phase);
    let title = link.settings.platform.title();
    let page = Frame::new(format!("To {title}"), Section::Channels, &visitor).page(html! {
        nav class="crumbs" aria-label="Where you are" {
            a href="/channels" { "Channels" } " › " a href={ "/connect/" (encoded(&name)) } { (name) }
        }
        section class="narrow" {
            h1 { "To " (title) }
            p { "There you sign in and say whether Lockstep may have access to “" (name) "”. It asks for " (ConnectPage::asked(asked.len())) ":" }
            ul class="scopes" { @for scope in &asked { li { code { (scope.name) } " " span class="quiet" { (scope.what_for) } } } }
            p { a class="button main" href=(address) { "Go on to " (title) } }
            p class="quiet" { "Come back within ten minutes, in this browser." }
        }
    });
    let mut response = page.into_response();
    set_cookie(response.headers_mut(), &owner, LASTS_S, secure);
    Ok(response)
}

/// `GET /connect/callback`.
pub(in super::super) async fn callback(State(pages): State<Arc<Pages>>, headers: HeaderMap, uri: Uri) -> Response {
    let query = pairs(uri.query().unwrap_or_default());
    let owner = cookie(&headers).unwrap_or_default();
    let finished = match owner {
        "" => Err(ConnectError::Stray),
        owner => pages.consents.finish(&pages.hub, &query, owner).await,
    };
    let mut response = match finished {
        Err(error) => refused(&error),
        Ok(consent) => {
            if let Some(link) = pages.hub.link_named(&consent.channel) {
                // That it does not answer shows on the page that comes next.
                let _ = channels::check(&pages, &link, consent.phase, consent.told).await;
            }
            let next = format!("/connect/{}", encoded(&consent.channel));
            let mut response = page(
                "Access was given",
                html! {
                    p { "The token is kept." }
                    p { a class="button" href=(next) { "Go on with " (consent.channel) } }
                },
            )
            .into_response();
            // From our own page the browser brings its session again.
            if let Ok(value) = HeaderValue::from_str(&format!("0; url={next}")) {
                response.headers_mut().insert(header::REFRESH, value);
            }
            response
        }
    };
    set_cookie(response.headers_mut(), "", 0, false);
    response
}

fn refused(error: &ConnectError) -> Response {
    let content = html! {
        p class="problem" { (words::sentence(&error.to_string())) }
        p { a href="/channels" { "To the channels" } }
    };
    page("Access was not given", content).with_status(StatusCode::BAD_REQUEST)
}

/// Nobody is signed in on this page: it shows nothing of the hub.
fn page(title: &str, content: Markup) -> Html {
    Frame::new(title, Section::None, &Visitor::nobody())
        .page(html! { section class="narrow" { h1 { (title) } (content) } })
}

fn set_cookie(headers: &mut HeaderMap, value: &str, lasts_s: u32, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/connect; HttpOnly; SameSite=Lax; Max-Age={lasts_s}{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}
