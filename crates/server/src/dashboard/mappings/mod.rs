//! `/mappings`: which of our items is which of theirs. Open questions with candidates, what is mapped, how it came to be
//! so and the way back, and all of it as a file.

mod actions;
mod head;
mod list;
mod one;
mod people;
mod place;
mod places;
mod upload;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::Link;
use http::Uri;
use model::{ChannelId, ExternalItem, MappingQuestion};
use views::{Found, QuestionFilter};

pub(super) use actions::{dismiss, make, map, reopen, undo};
#[cfg(test)]
pub(super) use head::{Counts, Show};
pub(super) use list::MappingsPage;
#[cfg(test)]
pub(super) use list::{CandidateLine, MappedLine, QuestionCard, Rows};
pub(super) use one::MappingPage;
#[cfg(test)]
pub(super) use one::{HitLine, StepLine};
pub(super) use people::decide as decide_people;
#[cfg(test)]
pub(super) use people::{PairLine, PeoplePage};
#[cfg(test)]
pub(super) use place::PlacePage;
pub(super) use place::show_one as show_place;
pub(super) use places::decide as decide_place;
#[cfg(test)]
pub(super) use places::{PlaceCard, PlacesPage};
#[cfg(test)]
pub(super) use upload::UploadPage;
pub(super) use upload::{Uploads, carry_out, show_upload, upload};

use super::access::Visitor;
use super::error::PageError;
use super::fields::Fields;
use super::gaps::as_file;
use super::html::Html;
use super::{Pages, first_zone, must, words};
use crate::mapping::{self, Asked, Subject};
use crate::{ReadError, Scope};

/// Questions on a page.
const PAGE: usize = 20;
/// Mappings on a page.
const MAPPED: usize = 50;
/// Items looked at for one page of mappings.
const LOOK: usize = 20_000;
/// Steps of a history that are listed.
const STEPS: usize = 20;
/// Items listed for a search.
const HITS: usize = 10;

/// `GET /mappings`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let fields = Fields::of_query(&uri);
    let links = pages.hub.links();
    let chosen = links.iter().find(|link| link.settings.name.as_str() == fields.get("channel"));
    let (kind, show) = (head::Kind::parse(fields.get("kind")), head::Show::parse(fields.get("show")));
    let notice = pages.outcomes.take(&fields);
    let counts = pages.views(|views| views.question_counts()).await?;
    let counts = head::Counts { items: counts[0], locations: counts[1] };
    let channels: Vec<String> = links.iter().map(|link| link.settings.name.to_string()).collect();
    let found = match kind {
        head::Kind::Locations => {
            return places::list(&pages, &visitor, (chosen, show, &fields), channels, counts, notice).await;
        }
        head::Kind::Customers => {
            return people::list(&pages, &visitor, (chosen, show, &fields), channels, counts, notice).await;
        }
        head::Kind::Items => match show {
            head::Show::Done => mapped(&pages, chosen.or_else(|| links.first()), &fields).await?,
            head::Show::Open | head::Show::Dismissed => questions(&pages, chosen, show, &fields).await?,
        },
    };
    let (rows, more) = found;
    let page = MappingsPage {
        channels,
        channel: chosen.map(|link| link.settings.name.to_string()).unwrap_or_default(),
        query: fields.get("q").to_owned(),
        counts,
        rows,
        more,
        later: !fields.get("after").is_empty() || fields.number::<usize>("from").is_some_and(|from| from > 0),
    };
    Ok(page.render(&visitor, notice))
}

/// The filter that somebody chose, and the question after which the page begins.
fn wanted(
    chosen: Option<&Arc<Link>>,
    show: head::Show,
    fields: &Fields,
) -> (QuestionFilter, Option<(ChannelId, String)>) {
    let filter = QuestionFilter {
        channel: chosen.map(|link| link.channel),
        dismissed: show == head::Show::Dismissed,
        text: fields.get("q").to_owned(),
    };
    let after = fields.get("after").split_once(':');
    (filter, after.and_then(|(channel, external)| Some((ChannelId(channel.parse().ok()?), external.to_owned()))))
}

/// Questions that wait, or that were put away.
async fn questions(
    pages: &Pages,
    chosen: Option<&Arc<Link>>,
    show: head::Show,
    fields: &Fields,
) -> Result<(list::Rows, Option<String>), PageError> {
    let (filter, after) = wanted(chosen, show, fields);
    let after = after.map(|(channel, external)| (channel, ExternalItem::new(&external)));
    let found = pages.finder.asked(&pages.hub, filter, after, PAGE).await?;
    let last = found.last().filter(|_| found.len() == PAGE);
    let more = last.map(|last| {
        format!("after={}:{}", last.question.channel.0, super::fields::encoded(last.question.external.as_str()))
    });
    let cards: Vec<_> = found.into_iter().map(card).collect();
    let rows = if show == head::Show::Dismissed { list::Rows::Dismissed(cards) } else { list::Rows::Open(cards) };
    Ok((rows, more))
}

async fn mapped(
    pages: &Pages,
    link: Option<&Arc<Link>>,
    fields: &Fields,
) -> Result<(list::Rows, Option<String>), PageError> {
    let Some(link) = link else { return Ok((list::Rows::Mapped(String::new(), Vec::new()), None)) };
    let (channel, name) = (link.channel, link.settings.name.to_string());
    let from: usize = fields.number("from").unwrap_or(0);
    let wanted = fields.get("q").to_lowercase();
    let (rows, next) = pages.read(move |state| mapped_rows(state, channel, from, &wanted)).await?;
    Ok((list::Rows::Mapped(name, rows), next.map(|next| format!("from={next}"))))
}

fn mapped_rows(
    state: &flow::State,
    channel: ChannelId,
    from: usize,
    wanted: &str,
) -> (Vec<list::MappedLine>, Option<usize>) {
    let items = state.catalogue().items();
    let mut rows = Vec::new();
    let mut looked = 0;
    for item in items.iter().skip(from).take(LOOK) {
        if rows.len() == MAPPED {
            break;
        }
        looked += 1;
        let Some(external) = state.catalogue().external_item(channel, item.item) else { continue };
        let (sku, title, external) = (item.sku.to_string(), item.title.to_string(), external.to_string());
        if wanted.is_empty() || [&sku, &title, &external].iter().any(|text| text.to_lowercase().contains(wanted)) {
            rows.push(list::MappedLine { external, sku, title });
        }
    }
    let next = from.saturating_add(looked);
    (rows, (next < items.len()).then_some(next))
}

fn card(asked: Asked) -> list::QuestionCard {
    let Asked { question, candidates } = asked;
    let candidate = |candidate: mapping::Candidate| list::CandidateLine {
        item: candidate.item.0,
        percent: candidate.score.percent(),
        why: candidate
            .score
            .signals
            .into_iter()
            .map(|signal| ((signal.points * 100.0).round().max(0.0) as u32, signal.words))
            .collect(),
        sku: candidate.sku,
        title: candidate.title,
        taken: candidate.taken.map(|external| external.to_string()),
    };
    let views::MappingQuestion { channel_name, external, sku, reason, listing, .. } = question;
    list::QuestionCard {
        channel: channel_name,
        external: external.to_string(),
        sku: sku.to_string(),
        reason: reason.to_string(),
        title: listing.as_ref().map_or_else(String::new, |listing| listing.title.to_string()),
        price: listing.as_ref().and_then(|listing| listing.price).map(words::money),
        barcodes: listing.map_or_else(Vec::new, |listing| listing.barcodes.iter().map(ToString::to_string).collect()),
        candidates: candidates.into_iter().map(candidate).collect(),
    }
}

/// The link of that name.
fn link(pages: &Pages, name: &str) -> Result<Arc<Link>, PageError> {
    pages.hub.link_named(name).ok_or_else(|| PageError::Missing(format!("channel “{name}”")))
}

/// `GET /mappings/{channel}/{external}`.
pub(super) async fn show_one(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path((name, external)): Path<(String, String)>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let fields = Fields::of_query(&uri);
    let channel = link(&pages, &name)?.channel;
    let id = ExternalItem::new(&external);
    let asked = pages.finder.about(&pages.hub, channel, &id).await?;
    let steps = mapping::history(&pages.hub, &Subject::Item(channel, id.clone()), STEPS).await?;
    let wanted = id.clone();
    let now = pages.read(move |state| {
        let item = state.catalogue().mapped_item(channel, &wanted)?;
        state.catalogue().item(item).map(|put| (put.sku.to_string(), put.title.to_string()))
    });
    let now = now.await?;
    let question = MappingQuestion::Item { channel, external: id.clone() };
    let dismissed = pages.read(move |state| state.is_dismissed(&question)).await?;
    if asked.is_none() && now.is_none() && steps.is_empty() {
        return Err(PageError::Missing(format!("item “{external}” of {name}")));
    }
    let card = asked.map(card);
    let sku = card.as_ref().map(|card| card.sku.clone()).filter(|sku| !sku.is_empty());
    let page = MappingPage {
        now: pages.now(),
        zone: pages.read(first_zone).await?,
        dismissed,
        suggested: free_sku(&pages, sku).await?,
        hits: hits(&pages, channel, fields.get("q")).await?,
        query: fields.get("q").to_owned(),
        channel: name,
        external,
        card,
        mapped: now,
        steps: steps.into_iter().map(one::StepLine::from).collect(),
    };
    Ok(page.render(&visitor, pages.outcomes.take(&fields)))
}

/// The SKU that a new item could have: the printed one, when no item of ours has it.
async fn free_sku(pages: &Pages, sku: Option<String>) -> Result<String, PageError> {
    let Some(sku) = sku else { return Ok(String::new()) };
    let wanted = model::Sku::new(&sku);
    let taken = pages.read(move |state| state.catalogue().sku(&wanted).is_some()).await?;
    Ok(if taken { String::new() } else { sku })
}

async fn hits(pages: &Pages, channel: ChannelId, query: &str) -> Result<Vec<one::HitLine>, PageError> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = query.to_owned();
    let found = pages.views(move |views| views.search(&wanted, HITS)).await?;
    let items = found.into_iter().filter_map(|found| match found {
        Found::Item { item, sku, title } => Some((item, sku, title)),
        Found::Order { .. } => None,
    });
    let items: Vec<_> = items.collect();
    pages
        .read(move |state| {
            let taken = |item| state.catalogue().external_item(channel, item).map(ToString::to_string);
            let line = |(item, sku, title): (model::ItemId, String, String)| one::HitLine {
                item: item.0,
                taken: taken(item),
                sku,
                title,
            };
            items.into_iter().map(line).collect()
        })
        .await
}

/// `GET /mappings.csv?kind=KIND&channel=NAME`.
pub(super) async fn download(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let fields = Fields::of_query(&uri);
    let table = match head::Kind::parse(fields.get("kind")) {
        head::Kind::Customers => mapping::csv_of_people(&pages.hub, &pages.people).await,
        kind @ (head::Kind::Items | head::Kind::Locations) => {
            let channel = link(&pages, fields.get("channel"))?.channel;
            if kind == head::Kind::Items {
                mapping::csv(&pages.hub, channel).await
            } else {
                mapping::csv_of_places(&pages.hub, channel).await
            }
        }
    };
    Ok(as_file(table.map_err(|error: ReadError| PageError::from(error))?, "mappings.csv"))
}
