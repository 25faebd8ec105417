//! `/keys`: keys of programs and agents. For administrators.

mod page;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{Request, Uri};

pub(super) use page::KeysPage;

use super::access::{Visitor, fresh_id, genuine};
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::layout::Notice;
use super::staff::{ToldOncePage, mendable};
use super::words::Tone;
use super::{Pages, first_zone};
use crate::doorkeeper::given::{self, KeyGiven};

const HERE: &str = "/keys";
/// How long the old text opens after a rotation at the page: long enough to change a program's settings.
const GRACE_MS: i64 = 24 * 3_600_000;

/// `GET /keys`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    let hub = &pages.hub;
    let configured = hub.keys.iter().map(|key| (key.name.clone(), key.scopes.clone())).collect();
    let (now, zone) = (pages.now(), pages.read(first_zone).await?);
    let page = KeysPage { now, zone, keys: hub.doorkeeper.store.keys()?, configured };
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

/// `POST /keys`.
pub(super) async fn add(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let fields = genuine(&visitor, request).await?;
    let (hub, now_ms, name) = (&pages.hub, pages.now().0, fields.get("name"));
    if hub.keys.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
        return tell(&pages, Tone::Bad, "No key was made: a key of the configuration has this name.".to_owned());
    }
    let list = |field: &str| given::list(fields.get(field));
    let key = KeyGiven {
        name: name.to_owned(),
        kind: fields.get("kind").to_owned(),
        purpose: fields.get("purpose").to_owned(),
        scopes: list("scopes"),
        endpoints: list("endpoints"),
        stores: list("stores"),
        channels: list("channels"),
        per_minute: fields.number("per_minute").unwrap_or(0),
        days: fields.number("days"),
    };
    let new = match given::key(&key, now_ms) {
        Ok(new) => new,
        Err(wrong) => return tell(&pages, Tone::Bad, format!("No key was made: {wrong}.")),
    };
    match hub.doorkeeper.store.add_key(&new, visitor.name(), now_ms) {
        Ok(text) => Ok(told_once(&visitor, &new.name, text)),
        Err(error) if mendable(&error) => tell(&pages, Tone::Bad, format!("No key was made: {error}.")),
        Err(error) => Err(error.into()),
    }
}

/// `POST /keys/{name}/{act}`.
pub(super) async fn change(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path((name, act)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    genuine(&visitor, request).await?;
    let (store, by, now_ms) = (&pages.hub.doorkeeper.store, visitor.name(), pages.now().0);
    let done = match act.as_str() {
        "rotate" => match store.rotate_key(&name, GRACE_MS, by, now_ms) {
            Ok(text) => return Ok(told_once(&visitor, &name, text)),
            Err(error) => Err(error),
        },
        "revoke" => store.revoke_key(&name, by, now_ms).map(|()| format!("The key {name} opens nothing any more.")),
        _ => return Err(PageError::Missing("form".to_owned())),
    };
    match done {
        Ok(text) => tell(&pages, Tone::Good, text),
        Err(error) if mendable(&error) => tell(&pages, Tone::Bad, format!("Nothing was changed: {error}.")),
        Err(error) => Err(error.into()),
    }
}

fn told_once(visitor: &Visitor, name: &str, text: String) -> Response {
    let says = "Put it where the program reads its secrets. After a rotation the old one opens for a day more.";
    ToldOncePage { title: format!("Key {name}"), secrets: vec![text], says, back: HERE }.render(visitor).into_response()
}

fn tell(pages: &Pages, tone: Tone, text: String) -> Result<Response, PageError> {
    Ok(pages.outcomes.tell(HERE, fresh_id()?, Notice { tone, text, undo: None }))
}
