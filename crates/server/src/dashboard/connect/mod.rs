//! `/connect`: a person connects an account, step by step: which one, access, what was found, reading, and at last
//! writing. What is changed is asked of the roof (`crate::connect::Accounts`); only somebody with the scope `admin` may.

mod callback;
mod choose;
mod one;
mod steps;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::{Link, connector};
use http::{Request, StatusCode, Uri};
use model::Platform;

pub(super) use callback::{authorize, callback};
pub(super) use choose::{ChoosePage, Form, PlatformLine};
pub(super) use one::ConnectPage;
pub(super) use steps::{check, location, start, token, write};

use super::access::{Visitor, fresh_id, genuine};
use super::channels::AccessPart;
use super::error::PageError;
use super::fields::{Fields, encoded};
use super::html::Html;
use super::layout::Notice;
use super::words::{self, Tone};
use super::{Pages, must};
use crate::Scope;
use crate::connect::{ConnectError, NewChannel, progress};

/// `GET /connect`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::Admin)?;
    let fields = Fields::of_query(&uri);
    Ok(choice(&pages, Platform::parse(fields.get("platform")), &fields, None).await?.render(&visitor))
}

/// `POST /connect`: the channel is made, read-only and not read yet.
pub(super) async fn add(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::Admin)?;
    let fields = genuine(&visitor, request).await?;
    let Some(platform) = Platform::parse(fields.get("platform")) else {
        return Err(PageError::Missing("platform of this name".to_owned()));
    };
    let page = choice(&pages, Some(platform), &fields, None).await?;
    let sells_from = page.form.as_ref().map_or_else(Vec::new, Form::sells_from);
    let new = NewChannel {
        name: fields.get("name").to_owned(),
        platform,
        base_url: fields.get("base_url").trim_end_matches('/').to_owned(),
        account: fields.get("account").to_owned(),
        currency: fields.get("currency").to_uppercase(),
        sells_from,
    };
    let name = new.name.clone();
    match pages.hub.accounts.add(new, visitor.by.clone()).await {
        Ok(()) => {
            pages.follow(pages.hub.flow.head()).await;
            tell(&pages, &name, Tone::Good, format!("{name} was made. Now it needs access."))
        }
        Err(error) => {
            let page = choice(&pages, Some(platform), &fields, Some(words::sentence(&error.to_string()))).await?;
            Ok(page.render(&visitor).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn choice(
    pages: &Pages,
    chosen: Option<Platform>,
    fields: &Fields,
    problem: Option<String>,
) -> Result<ChoosePage, PageError> {
    let line = |platform: Platform| PlatformLine {
        name: platform.name(),
        title: platform.title(),
        ready: connector(platform).grants().is_some() && pages.hub.accounts.hint(platform).app.is_ok(),
    };
    let form = match chosen {
        None => None,
        Some(platform) => {
            let locations = pages.read(|state| {
                let all = state.catalogue().locations().iter();
                all.map(|place| (place.location.0, place.name.to_string())).collect::<Vec<_>>()
            });
            let hint = pages.hub.accounts.hint(platform);
            Some(Form::filled(platform, hint, locations.await?, fields, problem))
        }
    };
    Ok(ChoosePage { platforms: Platform::ALL.map(line).to_vec(), form })
}

/// `GET /connect/{name}`.
pub(super) async fn show_one(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Html, PageError> {
    let page = load_one(&pages, &visitor, &name).await?;
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

/// Reads one channel's connection.
pub(super) async fn load_one(pages: &Pages, visitor: &Visitor, name: &str) -> Result<ConnectPage, PageError> {
    must(visitor, Scope::OperationsRead)?;
    let link = link(pages, name)?;
    let zone = pages.read(super::first_zone).await?;
    Ok(ConnectPage {
        name: name.to_owned(),
        platform: link.settings.platform.title(),
        now: pages.now(),
        zone,
        section: pages.hub.accounts.section(name),
        has_consent: link.connector().grants().is_some(),
        has_token: link.has_token(),
        reading: crate::connect::scopes(&link, flow::Phase::Read),
        writing: of(&link, flow::Phase::Write),
        making: of(&link, flow::Phase::Make),
        redirect_uri: pages.hub.accounts.redirect_uri(),
        access: AccessPart::load(pages, link.channel).await?,
        progress: progress(&pages.hub, &link).await?,
    })
}

/// The scopes that a phase needs besides those of the phases before it.
fn of(link: &Link, phase: flow::Phase) -> Vec<&'static flow::Scope> {
    link.connector().abilities().scopes.iter().filter(|scope| scope.phase == phase).collect()
}

fn link(pages: &Pages, name: &str) -> Result<Arc<Link>, PageError> {
    pages.hub.link_named(name).ok_or_else(|| PageError::Missing(format!("channel “{name}”")))
}

/// A form about a channel, sent from a page of ours by somebody who may.
async fn begin(
    pages: &Pages,
    visitor: &Visitor,
    name: &str,
    request: Request<Body>,
) -> Result<(Arc<Link>, Fields), PageError> {
    must(visitor, Scope::Admin)?;
    Ok((link(pages, name)?, genuine(visitor, request).await?))
}

fn tell(pages: &Pages, name: &str, tone: Tone, text: String) -> Result<Response, PageError> {
    let address = format!("/connect/{}", encoded(name));
    Ok(pages.outcomes.tell(&address, fresh_id()?, Notice { tone, text, undo: None }))
}

/// What came of a change that the roof was asked for.
fn told(pages: &Pages, name: &str, done: Result<(), ConnectError>, words: &str) -> Result<Response, PageError> {
    match done {
        Ok(()) => tell(pages, name, Tone::Good, words.to_owned()),
        Err(error) => tell(pages, name, Tone::Bad, words::sentence(&error.to_string())),
    }
}
