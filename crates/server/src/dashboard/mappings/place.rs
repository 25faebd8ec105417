//! One location of a channel: what it may be, what it is, and what it was.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use http::Uri;
use jiff::tz::TimeZone;
use maud::html;
use model::{ChannelId, ExternalLocation, Instant, MappingQuestion};

use super::one::{StepLine, steps};
use super::places::{PlaceCard, card};
use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty};
use crate::dashboard::{Pages, first_zone, must};
use crate::mapping::{self, Subject};

/// Steps of a history that are listed.
const STEPS: usize = 20;

/// One location over there.
#[derive(Clone, Debug)]
pub(in super::super) struct PlacePage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// It, with every location of ours.
    pub(in super::super) card: PlaceCard,
    /// Name of the location that it is.
    pub(in super::super) mapped: Option<String>,
    /// Whether the question was put away.
    pub(in super::super) dismissed: bool,
    /// Newest first.
    pub(in super::super) steps: Vec<StepLine>,
}

/// `GET /mapped-places/{channel}/{external}`.
pub(in super::super) async fn show_one(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path((name, external)): Path<(String, String)>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let channel = super::link(&pages, &name)?.channel;
    let id = ExternalLocation::new(&external);
    let asked = mapping::place(&pages.hub, channel, &id).await?.map(card);
    let steps = mapping::history(&pages.hub, &Subject::Location(channel, id.clone()), STEPS).await?;
    let (mapped, dismissed, ours) = now(&pages, channel, id).await?;
    if asked.is_none() && mapped.is_none() && steps.is_empty() {
        return Err(PageError::Missing(format!("location “{external}” of {name}")));
    }
    let plain = || PlaceCard {
        channel: name.clone(),
        external: external.clone(),
        name: mapped.clone().unwrap_or_else(|| external.clone()),
        reason: None,
        candidates: Vec::new(),
    };
    let mut card = asked.unwrap_or_else(plain);
    // Those that were not among the best come after them, without points; what it is already is no other.
    let best: Vec<u32> = card.candidates.iter().map(|(number, ..)| *number).collect();
    let others =
        ours.into_iter().filter(|(number, .., taken)| !best.contains(number) && taken.as_ref() != Some(&external));
    card.candidates.extend(others);
    let page = PlacePage {
        now: pages.now(),
        zone: pages.read(first_zone).await?,
        card,
        mapped,
        dismissed,
        steps: steps.into_iter().map(StepLine::from).collect(),
    };
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

/// Number, name, points, why and present id of each of ours.
type Ours = Vec<(u32, String, u32, String, Option<String>)>;

async fn now(
    pages: &Pages,
    channel: ChannelId,
    id: ExternalLocation,
) -> Result<(Option<String>, bool, Ours), PageError> {
    let now = pages.read(move |state| {
        let catalogue = state.catalogue();
        let mapped = catalogue.mapped_location(channel, &id).and_then(|location| catalogue.location(location));
        let mapped = mapped.map(|location| location.name.to_string());
        let ours = catalogue.locations().iter().map(|ours| {
            let taken = catalogue.external_location(channel, ours.location).map(ToString::to_string);
            (ours.location.0, ours.name.to_string(), 0, String::new(), taken)
        });
        let ours = ours.collect();
        (mapped, state.is_dismissed(&MappingQuestion::Location { channel, external: id }), ours)
    });
    now.await
}

impl PlacePage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let (card, may) = (&self.card, visitor.may(Scope::OperationsWrite));
        Frame::new(card.name.clone(), Section::Mappings, visitor).noticing(notice).page(html! {
            nav class="crumbs" aria-label="Where you are" {
                a href="/mappings?kind=locations" { "Mappings" } " / " a href={ "/channels/" (encoded(&card.channel)) } { (card.channel) }
            }
            h1 { (card.name) }
            @match &self.mapped {
                Some(ours) => { p { "On " (card.channel) " the location " span class="sku" { (card.external) } " is our " b { (ours) } "." } }
                None => { p { "On " (card.channel) " the location " span class="sku" { (card.external) } " is none of ours at present." } }
            }
            @if let Some(reason) = &card.reason { p class="reason" { (reason) } }
            section aria-labelledby="may-head" {
                h2 id="may-head" { @if self.mapped.is_some() { "It is another location" } @else { "It may be" } }
                (card.candidates(visitor, "one"))
                @if may { div class="row" {
                    @if self.mapped.is_some() { (card.act(visitor, ("unmap", "It is none of ours"))) }
                    @else if self.dismissed { (card.act(visitor, ("reopen", "Ask again"))) }
                    @else { (card.act(visitor, ("dismiss", "Do not ask again"))) }
                } }
            }
            section aria-labelledby="history-head" {
                h2 id="history-head" { "What it was" }
                @if self.steps.is_empty() { (empty("It never was a location of ours.")) }
                (steps(&self.steps, self.now, &self.zone, visitor, &card.address()))
                @if !self.steps.is_empty() { p class="quiet" { "Undo makes it again what it was before. Stock is read anew, and sales and returns are worked out for the right place." } }
            }
        })
    }
}
