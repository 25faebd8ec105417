//! What one cause changed, to be announced once it is done. The verbs of `shop/` fill it in; `hooks` turns it into
//! webhooks that share one event id.

use std::collections::BTreeSet;

/// One thing worth a webhook. Records are named by index, so that the body shows their final state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// These topics carry the whole order.
    Order { order: usize, topics: &'static [&'static str] },
    /// Lines were changed: line index and signed change.
    OrderEdited { order: usize, line: usize, delta: i64 },
    /// A refund of an order was made.
    Refund { order: usize, refund: usize },
    /// Goods of an order left.
    Fulfilment { order: usize, fulfilment: usize },
    /// These topics carry the product, or only its id when it is gone.
    Product { product: usize, topic: &'static str },
    /// The inventory item was made or removed.
    Item { article: usize, topic: &'static str },
    /// A location was opened.
    Location { location: usize, topic: &'static str },
    /// A customer was made or changed.
    Customer { customer: usize, topic: &'static str },
    /// Two customers became one.
    CustomersMerged { kept: usize, gone: usize },
    /// A person's data were erased, and the app has to erase them, too.
    CustomerRedacted { customer: usize },
    /// The bulk operation with this id is done.
    Bulk { id: u64 },
    /// The app was removed.
    Uninstalled,
}

/// All events of one cause. Levels are a set: however often a cause touches one, it is announced once.
#[derive(Debug, Default)]
pub(super) struct Happened {
    /// Article and location index of levels whose available quantity changed.
    pub(super) levels: BTreeSet<(usize, usize)>,
    /// Everything else, in order.
    pub(super) events: Vec<Event>,
}

impl Happened {
    /// Adds one event.
    pub(super) fn note(&mut self, event: Event) {
        self.events.push(event);
    }
}
