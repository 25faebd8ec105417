//! Documents that are asked for once more in a moment, because the platform tells the time of a change too coarsely and
//! their version could not yet tell a later change. Kept by the puller, in memory only: what a restart forgets, the next
//! poll tells again.

use std::collections::BTreeMap;

use model::{DocumentKey, Instant};

/// Pause before a document is asked for once more, in milliseconds.
const AGAIN_MS: i64 = 3_000;

/// What is asked for once more, and when.
#[derive(Debug, Default)]
pub(super) struct Again(BTreeMap<DocumentKey, Instant>);

impl Again {
    /// Named just now; once, however often they are named until they are asked for.
    pub(super) fn name(&mut self, documents: Vec<DocumentKey>, now: Instant) {
        for document in documents {
            self.0.entry(document).or_insert(now.plus_ms(AGAIN_MS));
        }
    }

    /// Whether a document waits to be asked for once more: what a poll tells of it meanwhile was not missed.
    pub(super) fn holds(&self, document: &DocumentKey) -> bool {
        self.0.contains_key(document)
    }

    /// Takes those whose moment has come and that are not asked for anyway.
    pub(super) fn due(&mut self, asked: &[DocumentKey], now: Instant) -> Vec<DocumentKey> {
        let due = self.0.extract_if(.., |_, at| *at <= now).map(|(document, _)| document);
        due.filter(|document| !asked.contains(document)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(names: &[&str]) -> Vec<DocumentKey> {
        names.iter().map(|name| DocumentKey::new(name)).collect()
    }

    #[test]
    fn a_document_is_due_once_after_its_moment_however_often_it_was_named() {
        let mut again = Again::default();
        again.name(documents(&["7"]), Instant(1_000));
        again.name(documents(&["7"]), Instant(3_500));
        assert_eq!(again.due(&[], Instant(3_999)), documents(&[]));
        assert!(again.holds(&DocumentKey::new("7")));
        assert_eq!(again.due(&[], Instant(4_000)), documents(&["7"]));
        assert_eq!(again.due(&[], Instant(9_000)), documents(&[]));
    }

    #[test]
    fn what_is_asked_for_anyway_is_not_asked_for_twice() {
        let mut again = Again::default();
        again.name(documents(&["7", "8"]), Instant(0));
        assert_eq!(again.due(&documents(&["7"]), Instant(5_000)), documents(&["8"]));
        assert!(!again.holds(&DocumentKey::new("7")));
    }
}
