//! One open question with the items it may be, best first.

use flow::State;
use model::{ChannelId, ExternalItem, ItemId, Listing};
use views::MappingQuestion;

use super::index::Index;
use super::score::{Looks, Score, score};

/// Candidates shown.
pub(super) const CANDIDATES: usize = 5;
/// Items compared in full for each question.
pub(super) const POOL: usize = 200;
/// Below this an item is no candidate unless the engine named it.
const LEAST: f64 = 0.15;

/// An item that it may be.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// Which.
    pub item: ItemId,
    /// Its SKU.
    pub sku: String,
    /// What people call it.
    pub title: String,
    /// How well it fits, and why.
    pub score: Score,
    /// The external id that it is on this channel already: mapping it here takes it away there.
    pub taken: Option<ExternalItem>,
}

/// A question and what it may be.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The question.
    pub question: MappingQuestion,
    /// Best first, at most five.
    pub candidates: Vec<Candidate>,
}

/// Items that may be it and are nothing else on the channel, and those that the engine named, whatever they are.
pub(super) fn pool(
    state: &State,
    channel: ChannelId,
    named: &[(ItemId, String)],
    near: Vec<ItemId>,
) -> Vec<(ItemId, Option<ExternalItem>)> {
    let taken = |item: ItemId| state.catalogue().external_item(channel, item).cloned();
    let named_ids: Vec<ItemId> = named.iter().map(|(item, _)| *item).collect();
    let free = near.into_iter().filter(|item| !named_ids.contains(item) && taken(*item).is_none());
    let free: Vec<_> = free.map(|item| (item, None)).collect();
    named_ids.iter().map(|item| (*item, taken(*item))).chain(free).collect()
}

/// The best of a pool.
pub(super) fn best(
    index: &Index,
    listing: &Listing,
    sku: &str,
    named: usize,
    pool: Vec<(ItemId, Option<ExternalItem>)>,
) -> Vec<Candidate> {
    let theirs = Looks {
        title: listing.title.as_str(),
        sku,
        barcodes: &listing.barcodes,
        price: listing.price,
        tax_inclusive: listing.tax_inclusive,
    };
    let scored = pool.into_iter().enumerate().filter_map(|(place, (item, taken))| {
        let known = index.get(item)?;
        let score = score(&theirs, &known.looks());
        let (sku, title) = (known.sku.clone(), known.title.clone());
        (place < named || score.value >= LEAST).then_some(Candidate { item, sku, title, score, taken })
    });
    let mut found: Vec<Candidate> = scored.collect();
    found.sort_by(|a, b| b.score.value.total_cmp(&a.score.value).then(a.item.cmp(&b.item)));
    found.truncate(CANDIDATES);
    found
}
