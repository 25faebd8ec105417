//! `/mappings`: which of our items is which of theirs. Open questions with candidates, what is mapped, how it came to be
//! so and the way back, and all of it as a file.

mod actions;
mod aside;
mod list;
mod one;
mod upload;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::Link;
use http::Uri;
use model::{ChannelId, ExternalItem};
use views::{Found, MappingQuestion};

pub(super) use actions::{make, map, put_aside, undo};
pub(super) use aside::Aside;
pub(super) use list::MappingsPage;
#[cfg(test)]
pub(super) use list::{CandidateLine, MappedLine, QuestionCard, Rows};
pub(super) use one::MappingPage;
#[cfg(test)]
pub(super) use one::{HitLine, StepLine};
#[cfg(test)]
pub(super) use upload::UploadPage;
pub(super) use upload::{Uploads, carry_out, show_upload, upload};

use super::access::Visitor;
use super::error::PageError;
use super::fields::Fields;
use super::gaps::as_file;
use super::html::Html;
use super::{Pages, first_zone, must, words};
use crate::mapping::{self, Asked};
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
    let (rows, more) = match fields.get("show") {
        "mapped" => mapped(&pages, chosen.or_else(|| links.first()), &fields).await?,
        "aside" => put_by(&pages, chosen).await?,
        _ => open(&pages, chosen, &fields).await?,
    };
    let page = MappingsPage {
        channels: links.iter().map(|link| link.settings.name.to_string()).collect(),
        channel: chosen.map(|link| link.settings.name.to_string()).unwrap_or_default(),
        query: fields.get("q").to_owned(),
        open: pages.views(|views| Ok(views.totals(model::Instant(i64::MAX))?.questions_open)).await?,
        aside: pages.aside.len() as u64,
        rows,
        more,
        later: !fields.get("after").is_empty() || fields.number::<usize>("from").is_some_and(|from| from > 0),
    };
    Ok(page.render(&visitor, pages.outcomes.take(&fields)))
}

/// Open questions that nobody put aside.
async fn open(
    pages: &Pages,
    chosen: Option<&Arc<Link>>,
    fields: &Fields,
) -> Result<(list::Rows, Option<String>), PageError> {
    let after = fields.get("after").split_once(':');
    let after =
        after.and_then(|(channel, external)| Some((ChannelId(channel.parse().ok()?), ExternalItem::new(external))));
    let found = pages.finder.asked(&pages.hub, chosen.map(|link| link.channel), after, PAGE).await?;
    let last = found.last().filter(|_| found.len() == PAGE);
    let more = last.map(|last| {
        format!("after={}:{}", last.question.channel.0, super::fields::encoded(last.question.external.as_str()))
    });
    let waiting =
        found.into_iter().filter(|asked| !pages.aside.holds(asked.question.channel, &asked.question.external));
    Ok((list::Rows::Open(waiting.map(card).collect()), more))
}

/// Questions that were put aside.
async fn put_by(pages: &Pages, chosen: Option<&Arc<Link>>) -> Result<(list::Rows, Option<String>), PageError> {
    let mut cards = Vec::new();
    for (channel, external) in pages.aside.all() {
        if chosen.is_some_and(|link| link.channel != channel) {
            continue;
        }
        match pages.finder.about(&pages.hub, channel, &external).await? {
            Some(asked) => cards.push(card(asked)),
            // It was answered meanwhile.
            None => pages.aside.take_out(channel, &external),
        }
    }
    Ok((list::Rows::Aside(cards), None))
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
    let MappingQuestion { channel_name, external, sku, reason, listing, .. } = question;
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
    let steps = mapping::history(&pages.hub, channel, &id, STEPS).await?;
    let wanted = id.clone();
    let now = pages.read(move |state| {
        let item = state.catalogue().mapped_item(channel, &wanted)?;
        state.catalogue().item(item).map(|put| (put.sku.to_string(), put.title.to_string()))
    });
    let now = now.await?;
    if asked.is_none() && now.is_none() && steps.is_empty() {
        return Err(PageError::Missing(format!("item “{external}” of {name}")));
    }
    let card = asked.map(card);
    let sku = card.as_ref().map(|card| card.sku.clone()).filter(|sku| !sku.is_empty());
    let page = MappingPage {
        now: pages.now(),
        zone: pages.read(first_zone).await?,
        aside: pages.aside.holds(channel, &id),
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

/// `GET /mappings.csv?channel=NAME`.
pub(super) async fn download(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    let channel = link(&pages, Fields::of_query(&uri).get("channel"))?.channel;
    let table = mapping::csv(&pages.hub, channel).await.map_err(|error: ReadError| PageError::from(error))?;
    Ok(as_file(table, "mappings.csv"))
}
