//! `/channels`: the connected accounts, and what a person can do about each.

mod access;
mod actions;
mod list;
mod news;
mod one;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use flow::{Ability, Link, Surface, Trust};
use http::Uri;
use model::Outcome;
use views::{BatchState, MappingQuestion, WriteRow};

pub(super) use access::{AccessPart, Accesses, check, check_access, found, map_place, no_answer};
#[cfg(test)]
pub(super) use access::{Checked, StrangePlace};
pub(super) use actions::{again, map, read};
pub(super) use list::ChannelsPage;
#[cfg(test)]
pub(super) use news::News;
pub(super) use one::ChannelPage;
#[cfg(test)]
pub(super) use one::{AbilityRow, MappingLine, WriteLine};

use super::access::Visitor;
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::words::{Tone, counted};
use super::{Pages, live, must};
use crate::Scope;

/// Batches of writes listed.
const WRITES: usize = 15;
/// Questions listed.
const QUESTIONS: usize = 50;

/// `GET /channels`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Html, PageError> {
    Ok(load(&pages, &visitor).await?.render(&visitor))
}

/// Reads all channels.
pub(super) async fn load(pages: &Pages, visitor: &Visitor) -> Result<ChannelsPage, PageError> {
    must(visitor, Scope::OperationsRead)?;
    let (now, seen) = (pages.now(), pages.overviews.get(&pages.hub).await?);
    Ok(ChannelsPage { now, zone: seen.zone.clone(), cards: live::cards(&pages.hub, &seen, now) })
}

/// `GET /channels/{name}`.
pub(super) async fn show_one(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Html, PageError> {
    let page = load_one(&pages, &visitor, &name).await?;
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

/// The link of that name.
fn link(pages: &Pages, name: &str) -> Result<Arc<Link>, PageError> {
    pages.hub.link_named(name).ok_or_else(|| PageError::Missing(format!("channel “{name}”")))
}

/// Reads one channel.
pub(super) async fn load_one(pages: &Pages, visitor: &Visitor, name: &str) -> Result<ChannelPage, PageError> {
    must(visitor, Scope::OperationsRead)?;
    let link = link(pages, name)?;
    let all = load(pages, visitor).await?;
    let card = all.cards.into_iter().find(|card| card.name == name).ok_or(PageError::Inside)?;
    let channel = link.channel;
    let (writes, questions) = pages
        .views(move |views| {
            let filter = views::QuestionFilter { channel: Some(channel), ..views::QuestionFilter::default() };
            Ok((views.writes(Some(channel), None, WRITES)?, views.mapping_questions(&filter, None, QUESTIONS)?))
        })
        .await?;
    let (unknown, mappings) = pages
        .read(move |state| {
            let shown = state.shown().iter().filter(|row| row.channel == channel);
            let unknown = shown.filter(|row| row.trust == Trust::Unread).count();
            let mappings = questions.into_iter().map(|question| mapping_line(state, question));
            (unknown, mappings.collect())
        })
        .await?;
    let abilities = flow::connector(link.settings.platform).abilities();
    Ok(ChannelPage {
        now: all.now,
        zone: all.zone,
        card,
        answered_at: link.health().answered_at,
        news: news::News {
            health: link.health(),
            ours: link.settings.subscribe,
            address: link.settings.hook_url.clone(),
            unknown,
            skew_ms: link.skew_ms(),
        },
        access: access::AccessPart::load(pages, channel).await?,
        abilities: abilities.surfaces.iter().map(|(surface, ability)| ability_row(*surface, *ability)).collect(),
        writes: writes.into_iter().map(write_line).collect(),
        mappings,
    })
}

fn ability_row(surface: Surface, ability: Ability) -> one::AbilityRow {
    let (tone, why_not) = match ability {
        Ability::Yes => (Tone::Good, None),
        Ability::No(why) => (Tone::Calm, Some(why)),
        Ability::Unused(why) => (Tone::Warn, Some(why)),
    };
    one::AbilityRow { what: surface.words(), tone, why_not }
}

fn write_line(row: WriteRow) -> one::WriteLine {
    let (end, tone) = match &row.state {
        BatchState::Open => ("Under way".to_owned(), Tone::Calm),
        BatchState::Settled { outcomes, .. } => ending(outcomes),
    };
    one::WriteLine { at: row.at, rows: row.writes.len() as u64, end, tone }
}

/// The most serious thing that became of a batch.
fn ending(outcomes: &[Outcome]) -> (String, Tone) {
    let count = |fits: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| fits(outcome)).count() as u64;
    let refused = count(|outcome| matches!(outcome, Outcome::Never { .. }));
    let unknown = count(|outcome| matches!(outcome, Outcome::Unknown));
    let later = count(|outcome| matches!(outcome, Outcome::Stale | Outcome::Again));
    match (refused, unknown, later) {
        (0, 0, 0) => ("Taken".to_owned(), Tone::Good),
        (0, 0, later) => (counted(later, "level again later", "levels again later"), Tone::Calm),
        (0, unknown, _) => (counted(unknown, "level to be read", "levels to be read"), Tone::Warn),
        (refused, ..) => (counted(refused, "level refused", "levels refused"), Tone::Bad),
    }
}

fn mapping_line(state: &flow::State, question: MappingQuestion) -> one::MappingLine {
    let name = |(item, sku): (model::ItemId, String)| match state.catalogue().item(item) {
        Some(put) if !put.title.is_empty() => (item.0, format!("{} ({sku})", put.title)),
        _ => (item.0, sku),
    };
    one::MappingLine {
        external: question.external.to_string(),
        sku: question.sku.to_string(),
        reason: question.reason.to_string(),
        candidates: question.candidates.into_iter().map(name).collect(),
    }
}
