//! `/people`: who may come in, with which roles, at which stores. For administrators.

mod page;

use std::sync::Arc;

use access::{AccessError, Store};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{Request, Uri};

pub(super) use page::{PeopleMayPage, ToldOncePage, button, joined};

use super::access::{Visitor, fresh_id, genuine};
use super::error::PageError;
use super::fields::{Fields, encoded};
use super::html::Html;
use super::layout::Notice;
use super::words::Tone;
use super::{Pages, first_zone};
use crate::doorkeeper::given::{self, PersonGiven};

const HERE: &str = "/people";
/// Changes shown.
const CHANGES: u32 = 50;

/// `GET /people`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    let store = &pages.hub.doorkeeper.store;
    let page = PeopleMayPage {
        now: pages.now(),
        zone: pages.read(first_zone).await?,
        people: store.people()?,
        changes: store.changes(CHANGES)?,
        stores: pages.read(stores).await?,
    };
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

fn stores(state: &flow::State) -> Vec<String> {
    state.catalogue().locations().iter().map(|location| location.name.to_string()).collect()
}

/// `POST /people`.
pub(super) async fn add(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let fields = genuine(&visitor, request).await?;
    let new = match given::person(&sent(fields.get("name"), &fields)) {
        Ok(new) => new,
        Err(wrong) => return tell(&pages, Tone::Bad, format!("Nobody was added: {wrong}.")),
    };
    let (by, now_ms) = (visitor.name().to_owned(), pages.now().0);
    match slow(&pages, move |store| store.add_person(&new, &by, now_ms)).await {
        Ok((person, password)) => Ok(told_once(&visitor, &person.name, password)),
        Err(error) => failed(&pages, error, "Nobody was added"),
    }
}

/// `POST /people/{name}/{act}`.
pub(super) async fn change(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path((name, act)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let fields = genuine(&visitor, request).await?;
    let (store, by, now_ms) = (&pages.hub.doorkeeper.store, visitor.name(), pages.now().0);
    let done = match act.as_str() {
        "roles" => match given::person(&sent(&name, &fields)) {
            Ok(new) => store.set_roles(&new, by, now_ms).map(|_| format!("{name} has other roles now.")),
            Err(wrong) => return tell(&pages, Tone::Bad, format!("Nothing was changed: {wrong}.")),
        },
        "disable" => store.set_disabled(&name, true, by, now_ms).map(|()| format!("{name} may not come in any more.")),
        "enable" => store.set_disabled(&name, false, by, now_ms).map(|()| format!("{name} may come in again.")),
        "sign-out" => {
            store.end_sessions_of(&name, by, now_ms).map(|ended| format!("{name} was signed out, {ended} times."))
        }
        "second-factor" => store
            .drop_second_factor(&name, by, now_ms)
            .map(|()| format!("{name} comes in without a second factor now, until they set up another one.")),
        "password" => {
            let (whose, by) = (name.clone(), by.to_owned());
            return match slow(&pages, move |store| store.reset_password(&whose, &by, now_ms)).await {
                Ok(password) => Ok(told_once(&visitor, &name, password)),
                Err(error) => failed(&pages, error, "Nothing was changed"),
            };
        }
        _ => return Err(PageError::Missing("form".to_owned())),
    };
    match done {
        Ok(text) => tell(&pages, Tone::Good, text),
        Err(error) => failed(&pages, error, "Nothing was changed"),
    }
}

fn sent(name: &str, fields: &Fields) -> PersonGiven {
    PersonGiven {
        name: name.to_owned(),
        roles: given::list(fields.get("roles")),
        stores: given::list(fields.get("stores")),
        channels: given::list(fields.get("channels")),
    }
}

/// Work of the store's that hashes a password: a few at a time, away from the threads that serve.
pub(super) async fn slow<T: Send + 'static>(
    pages: &Pages,
    work: impl FnOnce(&Store) -> Result<T, AccessError> + Send + 'static,
) -> Result<T, AccessError> {
    let door = Arc::clone(&pages.hub.doorkeeper);
    let _place = pages.hub.doorkeeper.guesses.acquire().await.map_err(|_| AccessError::NoDice)?;
    tokio::task::spawn_blocking(move || work(&door.store)).await.unwrap_or(Err(AccessError::NoDice))
}

fn told_once(visitor: &Visitor, name: &str, password: String) -> Response {
    let says = "Give it to them. They replace it when they first sign in with it.";
    ToldOncePage { title: format!("Password of {name}"), secrets: vec![password], says, back: HERE }
        .render(visitor)
        .into_response()
}

fn tell(pages: &Pages, tone: Tone, text: String) -> Result<Response, PageError> {
    Ok(pages.outcomes.tell(HERE, fresh_id()?, Notice { tone, text, undo: None }))
}

/// What a person can mend is told on the page; the rest is trouble of ours.
fn failed(pages: &Pages, error: AccessError, otherwise: &str) -> Result<Response, PageError> {
    if mendable(&error) { tell(pages, Tone::Bad, format!("{otherwise}: {error}.")) } else { Err(error.into()) }
}

/// Whether whoever asked can do something about it.
pub(super) fn mendable(error: &AccessError) -> bool {
    matches!(
        error,
        AccessError::Taken { .. }
            | AccessError::Unknown { .. }
            | AccessError::Invalid(_)
            | AccessError::Weak(_)
            | AccessError::LastAdmin { .. }
    )
}

/// Address of a form about somebody.
fn act(name: &str, act: &str) -> String {
    format!("{HERE}/{}/{act}", encoded(name))
}
