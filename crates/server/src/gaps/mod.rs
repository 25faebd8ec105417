//! The gap report: every difference between the channels and the hub's own books, worst money first, with how fresh
//! the reading behind it is. API, page, mail and command line make it from here, so that they all say the same.

mod cache;
mod csv;
mod out;
mod totals;
pub mod words;

use std::sync::Arc;

use flow::{Flow, Gap, GapKind, Link, Sold};
use model::{ChannelId, ExternalItem, Instant, Quantity};
use views::{Day, MappingQuestion, ViewsReader};

pub(crate) use cache::Reports;
pub(crate) use csv::cell;
pub use csv::csv;
pub use out::{GapOut, MoneyOut, json};
pub use totals::{Total, money, money_words, totals};

use crate::ReadError;

/// How far back sales are counted, and how old the history must be before 'has not sold' may be said, in days.
const HISTORY_DAYS: i32 = 28;
/// Questions read at once.
const PORTION: usize = 500;

/// What the report is made of.
#[derive(Debug)]
pub struct Report {
    /// When it was made.
    pub at: Instant,
    /// Worst money first.
    pub gaps: Vec<GapOut>,
    /// How fresh it is, channel by channel.
    pub channels: Vec<Freshness>,
}

/// How far a channel's numbers may be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// Its name.
    pub channel: String,
    /// When everything it shows was last read; `None` = never since the start.
    pub read_at: Option<Instant>,
    /// Levels that were never read: they are not zero, they are unknown, and no gap.
    pub unknown: usize,
}

/// Makes the report.
///
/// # Errors
/// When the hub has stopped or its tables cannot be read.
pub async fn report(flow: &Flow, links: &[Arc<Link>], views: &ViewsReader, at: Instant) -> Result<Report, ReadError> {
    let reader = views.clone();
    let today = Day::at(at, "UTC");
    let read = tokio::task::spawn_blocking(move || -> Result<(Sold, Vec<MappingQuestion>), ReadError> {
        Ok((sold(&reader, today)?, questions(&reader)?))
    });
    let (sold, questions) = read.await.map_err(|_| ReadError::Thread)??;
    let mut gaps = flow::gaps(flow, sold).await?;
    gaps.extend(questions.iter().map(asked));
    gaps.extend(flow.read(doubled_barcodes).await?);
    flow::sort_gaps(&mut gaps);
    let gaps = flow.read(move |state| gaps.iter().map(|gap| GapOut::of(state, gap)).collect()).await?;
    Ok(Report { at, gaps, channels: freshness(flow, links).await? })
}

fn sold(views: &ViewsReader, today: Day) -> Result<Sold, ReadError> {
    let since = Day(today.0 - HISTORY_DAYS);
    let sold = views.sold_since(since)?;
    let units = |change: model::Change| Quantity::from_parts(change.parts().max(0));
    Ok(Sold {
        by_item: sold.by_item.into_iter().map(|(item, change)| (item, units(change))).collect(),
        long_enough: sold.first_day.is_some_and(|first| first <= since),
    })
}

fn questions(views: &ViewsReader) -> Result<Vec<MappingQuestion>, ReadError> {
    let mut all: Vec<MappingQuestion> = Vec::new();
    loop {
        let after: Option<(ChannelId, ExternalItem)> = all.last().map(|last| (last.channel, last.external.clone()));
        let after = after.as_ref().map(|(channel, external)| (*channel, external));
        let part = views.mapping_questions(&views::QuestionFilter::default(), after, PORTION)?;
        let full = part.len() == PORTION;
        all.extend(part);
        if !full {
            return Ok(all);
        }
    }
}

/// A question about what is what. With an SKU it is one that somebody else carries already.
fn asked(question: &MappingQuestion) -> Gap {
    let nameless = question.sku.is_empty();
    let candidates: Vec<&str> = question.candidates.iter().map(|(_, sku)| sku.as_str()).collect();
    Gap {
        kind: if nameless { GapKind::Unmapped } else { GapKind::Duplicate },
        channel: Some(question.channel),
        item: None,
        sku: question.sku.to_string(),
        location: None,
        shown: format!("{}: {}", question.external, question.reason),
        wanted: if candidates.is_empty() {
            "mapped to an item".into()
        } else {
            format!("one of {}", candidates.join(", "))
        },
        money: None,
    }
}

/// Two of our own items with one barcode: a till that scans it cannot know which is meant.
fn doubled_barcodes(state: &flow::State) -> Vec<Gap> {
    let items = state.catalogue().items().iter();
    let doubled =
        items.flat_map(|item| item.barcodes.iter().map(move |code| (item, code))).filter_map(|(item, code)| {
            let first = state.catalogue().barcode(code).filter(|first| first.item != item.item)?;
            Some(Gap {
                kind: GapKind::Duplicate,
                channel: None,
                item: Some(item.item),
                sku: item.sku.to_string(),
                location: None,
                shown: format!("barcode {code} is also that of {}", first.sku),
                wanted: "a barcode of its own".into(),
                money: None,
            })
        });
    doubled.collect()
}

async fn freshness(flow: &Flow, links: &[Arc<Link>]) -> Result<Vec<Freshness>, ReadError> {
    let mut channels = Vec::new();
    for link in links {
        let channel = link.channel;
        let unknown = flow
            .read(move |state| {
                let rows = state.shown().iter().filter(|row| row.channel == channel);
                rows.filter(|row| row.trust == flow::Trust::Unread).count()
            })
            .await?;
        channels.push(Freshness { channel: link.settings.name.to_string(), read_at: link.health().read_at, unknown });
    }
    Ok(channels)
}
