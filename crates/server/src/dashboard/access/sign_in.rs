//! The sign-in form: a key goes in, a session comes out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use maud::html;

use super::gate::{COOKIE, cookie};
use super::{Visitor, genuine, sessions};
use crate::dashboard::Pages;
use crate::dashboard::error::PageError;
use crate::dashboard::fields::Fields;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, hidden};

/// The form.
pub(in super::super) struct SignIn {
    /// Where to go afterwards.
    pub(in super::super) next: String,
    /// Whether a key was tried that is not known.
    pub(in super::super) refused: bool,
}

impl SignIn {
    /// The page.
    pub(in super::super) fn render(&self) -> Html {
        Frame::new("Sign in", Section::None, &Visitor::nobody()).page(html! {
            section class="narrow" {
                h1 { "Sign in" }
                p { "Give one of the keys from the hub's configuration. What you may see and do is what that key may." }
                @if self.refused { p class="problem" role="alert" { "This key is not known. Check that the whole key was pasted." } }
                form method="post" action="/sign-in" class="stack" {
                    (hidden("next", &self.next))
                    label for="key" { "Key" }
                    input id="key" name="key" type="password" autocomplete="current-password" required autofocus;
                    button type="submit" class="main" { "Sign in" }
                }
            }
        })
    }
}

/// `GET /sign-in`.
pub(in super::super) async fn show(uri: Uri) -> Html {
    SignIn { next: own_address(Fields::of_query(&uri).get("next")), refused: false }.render()
}

/// `POST /sign-in`. There is no session yet whose token could be asked for; what a foreign form could do here is to
/// sign somebody in with a key that its sender knows, which `SameSite` and the check of the sender's site prevent.
pub(in super::super) async fn enter(
    State(pages): State<Arc<Pages>>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    if request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(PageError::Forged);
    }
    let fields = Fields::of_form(request).await.ok_or(PageError::Form)?;
    let next = own_address(fields.get("next"));
    let hash = blake3::hash(fields.get("key").as_bytes());
    let known = pages.hub.keys.iter().find(|key| blake3::Hash::from_bytes(key.hash) == hash);
    let Some(key) = known else {
        return Ok(SignIn { next, refused: true }.render().with_status(StatusCode::FORBIDDEN));
    };
    let id = pages.sessions.begin(key, pages.hub.clock.now()).map_err(|_| PageError::Inside)?;
    let mut response = Redirect::to(&next).into_response();
    set_cookie(response.headers_mut(), &id, sessions::LASTS_MS / 1_000);
    Ok(response)
}

/// `POST /sign-out`.
pub(in super::super) async fn leave(
    State(pages): State<Arc<Pages>>,
    axum::Extension(visitor): axum::Extension<Visitor>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, PageError> {
    genuine(&visitor, request).await?;
    if let Some(id) = cookie(&headers) {
        pages.sessions.end(id);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(response.headers_mut(), "", 0);
    Ok(response)
}

fn set_cookie(headers: &mut HeaderMap, id: &str, lasts_s: i64) {
    let text = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lasts_s}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(header::SET_COOKIE, value);
    }
}

/// An address of ours to go to; anything else, such as `//evil.example`, becomes the first page.
fn own_address(next: &str) -> String {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if ours { next.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_sign_in_nobody_is_sent_to_another_site() {
        assert_eq!(own_address("/stock?q=a"), "/stock?q=a");
        for foreign in ["//evil.example", "https://evil.example", "", "/\\evil.example", "stock"] {
            assert_eq!(own_address(foreign), "/", "{foreign}");
        }
    }
}
