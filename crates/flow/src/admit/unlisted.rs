//! Mapped items that a reading of everything does not list: services, what is not stocked, and what was deleted there
//! without a word. Which of them were found to be there, so that they are not asked about at each reading. Kept by the
//! puller, in memory only: after a restart they are asked about once more.

use std::collections::{BTreeMap, BTreeSet};

use model::{ExternalItem, Instant};

/// How long an item that was found to be there is believed to be, in milliseconds.
const BELIEVED_MS: i64 = 24 * 3_600_000;

/// Items without a level that were found to be there, and when.
#[derive(Debug, Default)]
pub(super) struct Unlisted(BTreeMap<ExternalItem, Instant>);

impl Unlisted {
    /// Those that are to be asked about now. What is not among them any more has a level again, or no mapping.
    pub(super) fn due(&mut self, unlisted: Vec<ExternalItem>, now: Instant) -> Vec<ExternalItem> {
        let all: BTreeSet<&ExternalItem> = unlisted.iter().collect();
        self.0.retain(|item, found_at| all.contains(item) && now.since(*found_at) < BELIEVED_MS);
        unlisted.into_iter().filter(|item| !self.0.contains_key(item)).collect()
    }

    /// Found to be there.
    pub(super) fn found(&mut self, items: impl IntoIterator<Item = ExternalItem>, now: Instant) {
        self.0.extend(items.into_iter().map(|item| (item, now)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(names: &[&str]) -> Vec<ExternalItem> {
        names.iter().map(|name| ExternalItem::new(name)).collect()
    }

    #[test]
    fn what_was_found_is_asked_about_again_a_day_later() {
        let mut unlisted = Unlisted::default();
        assert_eq!(unlisted.due(items(&["wrap", "mug"]), Instant(0)), items(&["wrap", "mug"]));
        unlisted.found(items(&["wrap"]), Instant(0));
        assert_eq!(unlisted.due(items(&["wrap", "mug"]), Instant(BELIEVED_MS - 1)), items(&["mug"]));
        assert_eq!(unlisted.due(items(&["wrap"]), Instant(BELIEVED_MS)), items(&["wrap"]));
    }

    #[test]
    fn what_had_a_level_meanwhile_is_asked_about_when_it_has_none_again() {
        let mut unlisted = Unlisted::default();
        unlisted.found(items(&["wrap"]), Instant(0));
        assert_eq!(unlisted.due(items(&[]), Instant(1_000)), items(&[]));
        assert_eq!(unlisted.due(items(&["wrap"]), Instant(2_000)), items(&["wrap"]));
    }
}
