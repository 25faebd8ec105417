//! Where a question goes on: our cursors, and how far the reading of one order has come. Made by `learn`, read by
//! `requests`.

use model::{DocumentKey, Instant};
use serde::{Deserialize, Serialize};

use super::wire::{Line, Refund};

/// A page of a list, from 1. No cursor is the first; `None` when the text is none of ours.
pub(super) fn page(cursor: Option<&str>) -> Option<u64> {
    match cursor {
        None => Some(1),
        Some(text) => text.parse().ok().filter(|page| (1..=u64::from(u32::MAX)).contains(page)),
    }
}

/// Where the list of orders goes on: `since:page`. The list is by time of change, and an order that changes meanwhile
/// moves to its end and all behind it a place forwards. So a next page begins anew at the last time that was read; pages
/// are counted only within one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sweep {
    /// Changed then or later.
    pub(super) since: Instant,
    /// From 1.
    pub(super) page: u64,
}

impl Sweep {
    /// `None` when the text is none of ours.
    pub(super) fn parse(since: Instant, cursor: Option<&str>) -> Option<Self> {
        let Some(text) = cursor else { return Some(Self { since, page: 1 }) };
        let (since, at) = text.split_once(':')?;
        Some(Self { since: Instant(since.parse().ok()?), page: page(Some(at))? })
    }

    /// After a full page whose latest change was then.
    pub(super) fn after(self, latest: Option<Instant>) -> Self {
        match latest {
            Some(latest) if latest > self.since => Self { since: latest, page: 1 },
            _ => Self { page: self.page.saturating_add(1), ..self },
        }
    }
}

impl std::fmt::Display for Sweep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.since.0, self.page)
    }
}

/// What is asked next about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// The order itself.
    Head,
    /// A page of its lines.
    Lines {
        /// From 1.
        page: u64,
    },
    /// Its refunds.
    Refunds,
}

/// What is known of an order beside itself. The order is told only when it is read last and has not changed since its
/// lines and refunds were read: then all of it is of one moment. Nothing in here is personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// What comes next.
    pub(super) stage: Stage,
    /// The order's version when the first reading of it came.
    pub(super) moment: u64,
    /// How often it changed while it was read.
    pub(super) tries: u8,
    /// Whether its refunds are needed.
    pub(super) refunded: bool,
    /// Its lines, or those of the pages that were read.
    pub(super) lines: Option<Vec<Line>>,
    /// Its refunds.
    pub(super) refunds: Option<Vec<Refund>>,
}

/// How far the reading of an order has come. In a question it is the document's key: the bare id, or `id#state`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The order.
    pub(super) id: u64,
    /// `None` at the start.
    pub(super) known: Option<Known>,
}

impl Reading {
    /// `None` when it is no order's key.
    pub(super) fn parse(document: &DocumentKey) -> Option<Self> {
        let text = document.as_str();
        let (id, state) = text.split_once('#').map_or((text, None), |(id, state)| (id, Some(state)));
        let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let id = if digits { id.parse().ok().filter(|id| *id > 0)? } else { return None };
        let known = state.map(serde_json::from_str).transpose().ok()?;
        Some(Self { id, known })
    }

    /// What is asked next.
    pub(super) fn stage(&self) -> Stage {
        self.known.as_ref().map_or(Stage::Head, |known| known.stage)
    }

    /// The order's own key.
    pub(super) fn order(&self) -> DocumentKey {
        DocumentKey::new(&self.id.to_string())
    }

    /// The key that goes on from here.
    pub(super) fn document(&self) -> DocumentKey {
        match self.known.as_ref().and_then(|known| serde_json::to_string(known).ok()) {
            Some(state) => DocumentKey::new(&format!("{}#{state}", self.id)),
            None => self.order(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_begins_anew_at_the_last_time_and_counts_pages_only_within_it() {
        let start = Sweep::parse(Instant(5_000), None).expect("the start");
        let on = start.after(Some(Instant(9_000)));
        assert_eq!(on.to_string(), "9000:1");
        assert_eq!(Sweep::parse(Instant(5_000), Some(&on.to_string())), Some(on));
        assert_eq!(on.after(Some(Instant(9_000))).to_string(), "9000:2");
        assert_eq!(on.after(None).to_string(), "9000:2");
        for wrong in ["", ":", "x:1", "9000:0", "9000:-1", "9000"] {
            assert_eq!(Sweep::parse(Instant(0), Some(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn a_reading_goes_through_a_document_key_and_back() {
        let known = Known {
            stage: Stage::Lines { page: 2 },
            moment: 7,
            tries: 1,
            refunded: true,
            lines: Some(Vec::new()),
            refunds: None,
        };
        let reading = Reading { id: 1042, known: Some(known) };
        assert_eq!(Reading::parse(&reading.document()), Some(reading));
        for wrong in ["", "refund:7", "0", "+5", "10#{", "10#", "99999999999999999999"] {
            assert_eq!(Reading::parse(&DocumentKey::new(wrong)), None, "{wrong}");
        }
    }
}
