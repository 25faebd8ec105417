//! `/account`: everybody's own password, second factor and sessions.

mod page;

use std::sync::Arc;

use access::{AccessError, Person, SessionOf, SignIn, totp_address};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{Request, Uri};

pub(super) use page::{AccountPage, OfferedPage};

use super::Pages;
use super::access::{Visitor, begin, fresh_id, genuine};
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::layout::Notice;
use super::staff::{ToldOncePage, mendable, slow};
use super::words::Tone;
use crate::doorkeeper::Origin;

const HERE: &str = "/account";

/// `GET /account`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    let person = own(&visitor)?;
    let store = &pages.hub.doorkeeper.store;
    let page = AccountPage {
        sessions: store.sessions_of(person.id, pages.now().0)?,
        codes: store.codes_left(person.id)?,
        person: Person::clone(person),
    };
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

/// `POST /account/{act}`.
pub(super) async fn change(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(act): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let origin = Origin::of(&request);
    let fields = genuine(&visitor, request).await?;
    let person = own(&visitor)?;
    let (store, name, now_ms) = (&pages.hub.doorkeeper.store, person.name.as_str(), pages.now().0);
    match act.as_str() {
        "password" => password(&pages, person, &fields, &origin).await,
        "offer" => {
            let totp = store.offer_second_factor(name)?;
            let page = OfferedPage { secret: totp.text(), address: totp_address(name, &totp) };
            Ok(page.render(&visitor).into_response())
        }
        "confirm" => match store.confirm_second_factor(name, fields.get("number"), name, now_ms)? {
            Some(codes) => {
                let says = "Keep them on paper. Each opens once in place of a number, for when the telephone is lost.";
                let page = ToldOncePage { title: "Recovery codes".to_owned(), secrets: codes, says, back: HERE };
                Ok(page.render(&visitor).into_response())
            }
            None => tell(&pages, Tone::Bad, "This number does not fit. Begin once more with a new secret.".to_owned()),
        },
        "sign-out-everywhere" => {
            store.end_sessions_of(name, name, now_ms)?;
            Ok(axum::response::Redirect::to("/sign-in").into_response())
        }
        _ => Err(PageError::Missing("form".to_owned())),
    }
}

/// The old password is asked for again: a browser that was left open is not enough to keep somebody out for good.
async fn password(pages: &Pages, person: &Person, fields: &Fields, origin: &Origin) -> Result<Response, PageError> {
    let (old, new) = (fields.get("old").to_owned(), fields.get("new").to_owned());
    if new != fields.get("again") {
        return tell(
            pages,
            Tone::Bad,
            "Nothing was changed: the new password was not typed the same twice.".to_owned(),
        );
    }
    let door = &pages.hub.doorkeeper;
    let (name, now_ms) = (person.name.clone(), pages.now().0);
    let waits = door.names.wait_ms(&[&name.to_lowercase()], now_ms);
    if waits > 0 {
        let seconds = (waits + 999) / 1_000;
        return tell(pages, Tone::Bad, format!("Too many attempts did not succeed. Try again in {seconds} s."));
    }
    let typed = SignIn { name: name.clone(), password: old, number: String::new() };
    let done = slow(pages, move |store| {
        if !store.password_is(&typed)? {
            return Ok(false);
        }
        store.set_password(&typed.name, &new, &typed.name, now_ms).map(|()| true)
    });
    match done.await {
        Ok(true) => {
            // All sessions ended with the old password; this browser goes on with a new one.
            let person = door.store.person(&name)?;
            begin(pages, &SessionOf::Person(Box::new(person)), origin, "/")
        }
        Ok(false) => {
            door.names.failed(&[&name.to_lowercase()], now_ms);
            tell(pages, Tone::Bad, "Nothing was changed: the present password is another one.".to_owned())
        }
        Err(error) if mendable(&error) => tell(pages, Tone::Bad, format!("Nothing was changed: {error}.")),
        Err(error) => Err(AccessError::into(error)),
    }
}

fn own(visitor: &Visitor) -> Result<&Person, PageError> {
    visitor.person.as_deref().ok_or(PageError::NoAccount)
}

fn tell(pages: &Pages, tone: Tone, text: String) -> Result<Response, PageError> {
    Ok(pages.outcomes.tell(HERE, fresh_id()?, Notice { tone, text, undo: None }))
}
