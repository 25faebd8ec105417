//! The sign-in form: a name with its password, or a key, goes in; a session comes out.

use std::sync::Arc;

use ::access::{SessionOf, SignIn as Typed, Store};
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use maud::html;

use super::gate::{COOKIE, cookie};
use super::{Visitor, genuine};
use crate::api::configured;
use crate::dashboard::Pages;
use crate::dashboard::error::PageError;
use crate::dashboard::fields::Fields;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, hidden};
use crate::doorkeeper::Origin;

/// The form.
pub(in super::super) struct SignIn {
    /// Where to go afterwards.
    pub(in super::super) next: String,
    /// Why the last attempt did not succeed.
    pub(in super::super) refused: Option<String>,
}

impl SignIn {
    /// The page.
    pub(in super::super) fn render(&self) -> Html {
        Frame::new("Sign in", Section::None, &Visitor::nobody()).page(html! {
            section class="narrow" {
                h1 { "Sign in" }
                @if let Some(refused) = &self.refused { p class="problem" role="alert" { (refused) } }
                form method="post" action="/sign-in" class="stack" {
                    (hidden("next", &self.next))
                    label for="name" { "Name" }
                    input id="name" name="name" autocomplete="username" required autofocus;
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" autocomplete="current-password" required;
                    label for="number" { "Number of your authenticator, or a recovery code" }
                    input id="number" name="number" inputmode="numeric" autocomplete="one-time-code" aria-describedby="number-help";
                    p id="number-help" class="quiet" { "Leave it empty if you have set up none." }
                    button type="submit" class="main" { "Sign in" }
                }
                details {
                    summary { "Sign in with a key" }
                    p { "Give one of the hub's keys. What you may see and do is what that key may." }
                    form method="post" action="/sign-in" class="stack" {
                        (hidden("next", &self.next))
                        label for="key" { "Key" }
                        input id="key" name="key" type="password" autocomplete="off" required;
                        button type="submit" { "Sign in with the key" }
                    }
                }
            }
        })
    }
}

/// `GET /sign-in`.
pub(in super::super) async fn show(uri: Uri) -> Html {
    SignIn { next: own_address(Fields::of_query(&uri).get("next")), refused: None }.render()
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
    let origin = Origin::of(&request);
    let fields = Fields::of_form(request).await.ok_or(PageError::Form)?;
    let next = own_address(fields.get("next"));
    match attempt(&pages, &fields, &origin).await? {
        Attempt::Came(of) => begin(&pages, &of, &origin, &next),
        Attempt::Failed => {
            let refused = if fields.get("key").is_empty() {
                "Name, password and number do not fit together. Check each of them."
            } else {
                "This key is not known. Check that the whole key was pasted."
            };
            Ok(again(next, refused.to_owned(), StatusCode::FORBIDDEN))
        }
        Attempt::Wait { ms } => {
            let seconds = (ms + 999) / 1_000;
            let refused = format!("Too many attempts did not succeed. Try again in {seconds} s.");
            let mut response = again(next, refused, StatusCode::TOO_MANY_REQUESTS);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
    }
}

enum Attempt {
    Came(SessionOf),
    Failed,
    Wait { ms: i64 },
}

/// Looks at what somebody typed, unless they have to wait. Waits are the same for names that nobody has.
async fn attempt(pages: &Pages, fields: &Fields, origin: &Origin) -> Result<Attempt, PageError> {
    let (door, now_ms) = (&pages.hub.doorkeeper, pages.now().0);
    let (name, from) = (fields.get("name").to_lowercase(), origin.subject());
    let allowance = door.pace.take("address", &from, door.settings.address_per_minute, now_ms);
    let over = allowance.wait_s.map_or(0, |wait_s| i64::from(wait_s) * 1_000);
    let by_name = if name.is_empty() { 0 } else { door.names.wait_ms(&[&name], now_ms) };
    let ms = over.max(by_name).max(door.addresses.wait_ms(&[&from], now_ms));
    if ms > 0 {
        return Ok(Attempt::Wait { ms });
    }
    if let Some(of) = proved(pages, fields, now_ms).await? {
        door.names.succeeded(&name);
        pages.hub.meter.count("lockstep_sign_ins_total", "outcome=\"came\",", 1);
        return Ok(Attempt::Came(of));
    }
    pages.hub.meter.count("lockstep_sign_ins_total", "outcome=\"failed\",", 1);
    let by_name = if name.is_empty() { 0 } else { door.names.failed(&[&name], now_ms) };
    let failed = door.addresses.failed(&[&from], now_ms).max(by_name);
    // Not each stands in the list of changes: the tenth does, then every time they have doubled.
    if failed == 10 || failed > 10 && failed.is_power_of_two() {
        let about: String = name.chars().take(60).collect();
        door.store.note(&from, "many failed attempts to sign in", &about, &failed.to_string(), now_ms)?;
    }
    Ok(Attempt::Failed)
}

async fn proved(pages: &Pages, fields: &Fields, now_ms: i64) -> Result<Option<SessionOf>, PageError> {
    let hub = &pages.hub;
    let key = fields.get("key");
    if !key.is_empty() {
        if let Some(known) = configured(&hub.keys, key) {
            return Ok(Some(SessionOf::Key(known.name.clone())));
        }
        let known = hub.doorkeeper.store.prove_key(key, now_ms)?;
        return Ok(known.map(|key| SessionOf::Key(key.principal.name)));
    }
    let typed = Typed {
        name: fields.get("name").to_owned(),
        password: fields.get("password").to_owned(),
        number: fields.get("number").to_owned(),
    };
    // Each check takes 19 MiB for some tens of milliseconds: a few at a time, away from the threads that serve.
    let place = hub.doorkeeper.guesses.acquire().await.map_err(|_| PageError::Inside)?;
    let door = Arc::clone(&hub.doorkeeper);
    let known = tokio::task::spawn_blocking(move || door.store.sign_in(&typed, now_ms)).await;
    drop(place);
    Ok(known.map_err(|_| PageError::Inside)??.map(|person| SessionOf::Person(Box::new(person))))
}

/// Begins a session and goes on.
///
/// # Errors
/// When it cannot be kept.
pub(in super::super) fn begin(
    pages: &Pages,
    of: &SessionOf,
    origin: &Origin,
    next: &str,
) -> Result<Response, PageError> {
    let id = pages.hub.doorkeeper.store.begin_session(of, &origin.subject(), pages.now().0)?;
    let mut response = Redirect::to(next).into_response();
    set_cookie(response.headers_mut(), &id, Store::SESSION_MS / 1_000, origin.https);
    Ok(response)
}

fn again(next: String, refused: String, status: StatusCode) -> Response {
    SignIn { next, refused: Some(refused) }.render().with_status(status)
}

/// `POST /sign-out`.
pub(in super::super) async fn leave(
    State(pages): State<Arc<Pages>>,
    axum::Extension(visitor): axum::Extension<Visitor>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let https = Origin::of(&request).https;
    genuine(&visitor, request).await?;
    if let Some(id) = cookie(&headers) {
        pages.hub.doorkeeper.store.end_session(id)?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(response.headers_mut(), "", 0, https);
    Ok(response)
}

fn set_cookie(headers: &mut HeaderMap, id: &str, lasts_s: i64, https: bool) {
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lasts_s}{secure}");
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
