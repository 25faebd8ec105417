//! Open questions about mappings, with what the channel lists and the items it may be.

use model::{ChannelId, ExternalItem};
use serde::Serialize;
use utoipa::ToSchema;
use views::QuestionFilter;

use super::mappings::MappingOut;
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names};
use crate::gaps::MoneyOut;
use crate::mapping;

/// A question about a mapping.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnclearOut {
    /// What is unclear.
    reason: String,
    /// SKU as the platform has it; may be empty.
    sku: String,
    /// Title as the channel lists it; missing when it was not kept.
    title: Option<String>,
    /// Price as the channel lists it.
    price: Option<MoneyOut>,
    /// Barcodes as the channel lists them.
    barcodes: Vec<String>,
    /// Items it may be, best first, at most five.
    candidates: Vec<CandidateOut>,
}

/// An item that it may be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CandidateOut {
    /// SKU.
    sku: String,
    /// For people.
    title: String,
    /// How well it fits, 0 to 1; the sum of the points.
    #[schema(minimum = 0, maximum = 1)]
    score: f64,
    /// What the number is made of.
    why: Vec<SignalOut>,
    /// The id that this item is on the channel already; mapping it here takes it away there.
    taken_by: Option<String>,
}

/// A reason for or against a candidate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignalOut {
    /// `barcode`, `title`, `sku` or `price`.
    what: &'static str,
    /// What it adds to the score.
    points: f64,
    /// In words.
    words: String,
}

/// Which questions.
pub(super) struct Wanted {
    /// Of this channel, by name.
    pub(super) channel: Option<String>,
    /// Those put away instead of those that wait.
    pub(super) dismissed: bool,
    /// With this text in them.
    pub(super) text: String,
}

/// The filter, and the channel and id after which the page begins.
pub(super) async fn from_names(
    door: &Door,
    wanted: Wanted,
    cursor: Option<String>,
) -> Result<(QuestionFilter, Option<(ChannelId, String)>), ApiError> {
    ask::read(&door.hub, move |mind| {
        let channel = wanted.channel.map(|name| names::channel(mind, "channel", &name)).transpose()?;
        let odd = || ApiError::invalid("cursor", "cursor is not one that was given out");
        let after = match cursor {
            Some(cursor) => {
                let (channel, external) = cursor.split_once(':').ok_or_else(odd)?;
                Some((ChannelId(channel.parse().map_err(|_| odd())?), external.to_owned()))
            }
            None => None,
        };
        Ok((QuestionFilter { channel, dismissed: wanted.dismissed, text: wanted.text }, after))
    })
    .await
}

/// Questions about items. The cursor is the last one's channel and id.
pub(super) async fn questions(
    door: &Door,
    wanted: Wanted,
    cursor: Option<String>,
    limit: usize,
) -> Result<Page<MappingOut>, ApiError> {
    let (filter, after) = from_names(door, wanted, cursor).await?;
    let after = after.map(|(channel, external)| (channel, ExternalItem::new(&external)));
    let found = door.finder.asked(&door.hub, filter, after, limit).await?;
    let cursor = |last: &mapping::Asked| format!("{}:{}", last.question.channel.0, last.question.external);
    let page = Page::of(found, limit, cursor);
    Ok(Page { items: page.items.into_iter().map(out).collect(), next: page.next })
}

fn out(asked: mapping::Asked) -> MappingOut {
    let mapping::Asked { question, candidates } = asked;
    let listing = question.listing.as_deref();
    MappingOut {
        channel: question.channel_name,
        external: question.external.to_string(),
        sku: None,
        unclear: Some(UnclearOut {
            reason: question.reason.to_string(),
            sku: question.sku.to_string(),
            title: listing.map(|listing| listing.title.to_string()),
            price: listing.and_then(|listing| listing.price).map(MoneyOut::from),
            barcodes: listing
                .map_or_else(Vec::new, |listing| listing.barcodes.iter().map(ToString::to_string).collect()),
            candidates: candidates.into_iter().map(candidate_out).collect(),
        }),
    }
}

fn candidate_out(candidate: mapping::Candidate) -> CandidateOut {
    // Three places: more would only differ from machine to machine.
    let short = |value: f64| (value * 1_000.0).round() / 1_000.0;
    let signal =
        |signal: mapping::Signal| SignalOut { what: signal.what, points: short(signal.points), words: signal.words };
    CandidateOut {
        sku: candidate.sku,
        title: candidate.title,
        score: short(candidate.score.value),
        why: candidate.score.signals.into_iter().map(signal).collect(),
        taken_by: candidate.taken.map(|external| external.to_string()),
    }
}
