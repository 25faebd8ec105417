//! Locations: questions with those of ours that they may be, what is mapped, and what a person says of them.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::Link;
use http::Request;
use maud::{Markup, html};
use model::{Action, ExternalLocation, LocationId, MappingQuestion};

use super::head::{Counts, Kind, Place, Show, files};
use crate::dashboard::access::{Visitor, fresh_id, genuine};
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty, hidden, pager};
use crate::dashboard::words::Tone;
use crate::dashboard::{Pages, must};
use crate::mapping::{self, AskedPlace, Subject};
use crate::{ReadError, Scope};

/// Rows on a page.
const PAGE: usize = 20;

/// A location over there.
#[derive(Clone, Debug)]
pub(in super::super) struct PlaceCard {
    /// Channel.
    pub(in super::super) channel: String,
    /// The platform's id.
    pub(in super::super) external: String,
    /// What the platform calls it; of a mapped one, what we call it.
    pub(in super::super) name: String,
    /// What is unclear; `None` when it is mapped.
    pub(in super::super) reason: Option<String>,
    /// Number, name, points, why, and what it is there already, of each of ours.
    pub(in super::super) candidates: Vec<(u32, String, u32, String, Option<String>)>,
}

/// The list.
#[derive(Clone, Debug)]
pub(in super::super) struct PlacesPage {
    /// All channels.
    pub(in super::super) channels: Vec<String>,
    /// The chosen one; empty = all.
    pub(in super::super) channel: String,
    /// What was searched for.
    pub(in super::super) query: String,
    /// Questions that wait and that were put away.
    pub(in super::super) counts: Counts,
    /// Which are listed.
    pub(in super::super) show: Show,
    /// They.
    pub(in super::super) cards: Vec<PlaceCard>,
    /// Query part by which the next page begins.
    pub(in super::super) more: Option<String>,
    /// Whether this is not the first page.
    pub(in super::super) later: bool,
}

/// `GET /mappings?kind=locations`.
pub(super) async fn list(
    pages: &Pages,
    visitor: &Visitor,
    (chosen, show, fields): (Option<&Arc<Link>>, Show, &Fields),
    channels: Vec<String>,
    counts: Counts,
    notice: Option<Notice>,
) -> Result<Html, PageError> {
    let (cards, more) = if show == Show::Done {
        mapped(pages, chosen, fields).await?
    } else {
        let (filter, after) = super::wanted(chosen, show, fields);
        let after = after.map(|(channel, external)| (channel, ExternalLocation::new(&external)));
        let found = mapping::places(&pages.hub, filter, after, PAGE).await?;
        let last = found.last().filter(|_| found.len() == PAGE);
        let more =
            last.map(|last| format!("after={}:{}", last.question.channel.0, encoded(last.question.external.as_str())));
        (found.into_iter().map(card).collect(), more)
    };
    let page = PlacesPage {
        channels,
        channel: chosen.map(|link| link.settings.name.to_string()).unwrap_or_default(),
        query: fields.get("q").to_owned(),
        counts,
        show,
        cards,
        more,
        later: !fields.get("after").is_empty() || fields.number::<usize>("from").is_some_and(|from| from > 0),
    };
    Ok(page.render(visitor, notice))
}

async fn mapped(
    pages: &Pages,
    chosen: Option<&Arc<Link>>,
    fields: &Fields,
) -> Result<(Vec<PlaceCard>, Option<String>), PageError> {
    let (chosen, wanted) = (chosen.map(|link| link.channel), fields.get("q").to_lowercase());
    let from: usize = fields.number("from").unwrap_or(0);
    let all = pages.read(move |state| {
        let catalogue = state.catalogue();
        let channels = catalogue.channels().iter().filter(|put| chosen.is_none_or(|chosen| put.channel == chosen));
        let cards = channels.flat_map(|put| {
            catalogue.locations_on(put.channel).map(|(location, external)| PlaceCard {
                channel: put.name.to_string(),
                external: external.to_string(),
                name: catalogue.location(location).map_or_else(String::new, |ours| ours.name.to_string()),
                reason: None,
                candidates: Vec::new(),
            })
        });
        let fits =
            |card: &PlaceCard| [&card.name, &card.external].iter().any(|text| text.to_lowercase().contains(&wanted));
        cards.filter(fits).skip(from).take(PAGE + 1).collect::<Vec<_>>()
    });
    let mut all = all.await?;
    let more = (all.len() > PAGE).then(|| format!("from={}", from.saturating_add(PAGE)));
    all.truncate(PAGE);
    Ok((all, more))
}

pub(super) fn card(asked: AskedPlace) -> PlaceCard {
    let AskedPlace { question, candidates } = asked;
    PlaceCard {
        channel: question.channel_name,
        external: question.external.to_string(),
        name: question.name.to_string(),
        reason: Some(question.reason.to_string()),
        candidates: candidates.into_iter().map(|it| (it.location.0, it.name, it.percent, it.why, it.taken)).collect(),
    }
}

impl PlacesPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let place = Place { kind: Kind::Locations, show: self.show, channel: &self.channel, query: &self.query };
        let here = place.address();
        let next = self.more.as_ref().map(|more| format!("{here}&{more}"));
        Frame::new("Mappings", Section::Mappings, visitor).noticing(notice).page(html! {
            (place.head(&self.channels, &self.counts))
            @if self.show == Show::Done {
                p { "Locations of a channel, and which of ours they are." }
            } @else {
                p { "Locations of a channel that have the name of none of ours. Until somebody says which it is, its stock is not kept and its sales wait." }
            }
            @if self.cards.is_empty() { (empty("There is none here.")) }
            ul class="stuck questions" { @for card in &self.cards { li {
                (card.head())
                @if card.reason.is_some() {
                    (card.candidates(visitor, "list"))
                    @if visitor.may(Scope::OperationsWrite) { (card.act(visitor, if self.show == Show::Dismissed { ("reopen", "Ask again") } else { ("dismiss", "Do not ask again") })) }
                }
            } } }
            (pager(self.later.then_some(here.as_str()), next.as_deref(), "Further ones"))
            (files(Kind::Locations, &self.channels, visitor))
        })
    }
}

impl PlaceCard {
    pub(super) fn address(&self) -> String {
        format!("/mapped-places/{}/{}", encoded(&self.channel), encoded(&self.external))
    }

    fn head(&self) -> Markup {
        html! {
            p { b { a href=(self.address()) { @if self.name.is_empty() { "A location without a name" } @else { (self.name) } } } " " span class="quiet" { "on " (self.channel) } }
            p class="sku" { (self.external) }
            @if let Some(reason) = &self.reason { p class="reason" { (reason) } }
        }
    }

    pub(super) fn candidates(&self, visitor: &Visitor, back: &str) -> Markup {
        html! {
            @if self.candidates.is_empty() { p class="quiet" { "There is no location of ours yet." } }
            ul class="candidates" { @for (number, name, percent, why, taken) in &self.candidates { li { div class="candidate" {
                span class="said" {
                    (name) span class="sku" { (why) }
                    @if let Some(taken) = taken { span class="mark" { "is " (taken) " there already, and would no longer be" } }
                }
                @if !why.is_empty() { span class="fit" { (percent) " of 100" } }
                @if visitor.may(Scope::OperationsWrite) {
                    form method="post" action={ (self.address()) "/map" } {
                        (visitor.token_field())
                        (hidden("location", &number.to_string()))
                        (hidden("back", back))
                        button type="submit" { "It is this" span class="hidden" { ": " (name) } }
                    }
                }
            } } } }
        }
    }

    pub(super) fn act(&self, visitor: &Visitor, (act, words): (&str, &str)) -> Markup {
        html! {
            form method="post" action={ (self.address()) "/" (act) } {
                (visitor.token_field())
                button type="submit" class="plain" { (words) }
            }
        }
    }
}

/// `POST /mapped-places/{channel}/{external}/{act}`: map, unmap, dismiss, reopen or undo.
pub(in super::super) async fn decide(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path((name, external, act)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsWrite)?;
    let channel = super::link(&pages, &name)?.channel;
    let fields = genuine(&visitor, request).await?;
    let id = ExternalLocation::new(&external);
    let question = || MappingQuestion::Location { channel, external: id.clone() };
    let (action, words) = match act.as_str() {
        "map" => {
            let location = fields.number("location").map(LocationId).ok_or(PageError::Form)?;
            let action = Action::MapLocation { channel, external: id.clone(), location: Some(location) };
            (action, "Noted. Everything the channel shows there is read now, and what waited for it is taken in.")
        }
        "unmap" => {
            let action = Action::MapLocation { channel, external: id.clone(), location: None };
            (action, "Noted: it is none of ours. It is asked about again until you put the question away.")
        }
        "dismiss" => (Action::DismissQuestion(question()), "Put away: it is not asked again."),
        "reopen" => (Action::ReopenQuestion(question()), "It is among the open questions again."),
        "undo" => {
            let undone = mapping::undo(&pages.hub, visitor.by.clone(), &Subject::Location(channel, id)).await;
            let (done, words) = super::actions::taken_back(undone)?;
            let done = done.unwrap_or(Ok(())).map_err(ReadError::Flow);
            return tell(&pages, (&name, &external, &fields), done, words).await;
        }
        _ => return Err(PageError::Missing("page".to_owned())),
    };
    let done = mapping::command(&pages.hub, visitor.by.clone(), action).await.map(drop);
    tell(&pages, (&name, &external, &fields), done, words.to_owned()).await
}

async fn tell(
    pages: &Pages,
    (name, external, fields): (&str, &str, &Fields),
    done: Result<(), ReadError>,
    words: String,
) -> Result<Response, PageError> {
    let (tone, text) = super::people::told(done, words)?;
    pages.follow(pages.hub.flow.head()).await;
    let address = match fields.get("back") {
        "list" => "/mappings?kind=locations".to_owned(),
        _ => format!("/mapped-places/{}/{}", encoded(name), encoded(external)),
    };
    let tone = if text.starts_with("Nothing was changed") { Tone::Bad } else { tone };
    Ok(pages.outcomes.tell(&address, fresh_id()?, Notice { tone, text, undo: None }))
}
