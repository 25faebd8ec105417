//! What the writer and its readers share: which segments there are and how far they are durable.
//!
//! The writer publishes after each sync; cursors look before each read, so they never see what is not durable.

use std::sync::{Arc, PoisonError, RwLock};

use super::FOLDER;
use crate::disk::Disk;
use crate::error::JournalError;
use crate::segment::header::Kind;
use crate::segment::shelf;
use crate::words::{Head, Seq};

/// One segment that holds records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub number: u64,
    /// The border at which it begins.
    pub start: Head,
    /// Bytes that may be read: up to the last durable record, or the whole file where nobody looked yet.
    pub end: u64,
    /// Length of the file in bytes.
    pub bytes: u64,
}

#[derive(Debug)]
pub(super) struct Catalogue {
    pub head: Head,
    /// By number, without gaps.
    pub entries: Vec<Entry>,
}

/// The catalogue, shared. Its lock is held for moments, never over a write or a sync.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub disk: Arc<dyn Disk>,
    catalogue: Arc<RwLock<Catalogue>>,
}

impl Shared {
    pub fn new(disk: Arc<dyn Disk>, catalogue: Catalogue) -> Self {
        Self { disk, catalogue: Arc::new(RwLock::new(catalogue)) }
    }

    pub fn look<T>(&self, look: impl FnOnce(&Catalogue) -> T) -> T {
        // A writer cannot panic half way through a change: every change is one assignment or one push.
        look(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Catalogue)) {
        change(&mut self.catalogue.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// The record that ends at `entry.end` is durable and leads to `head`.
    pub fn publish(&self, entry: Entry, head: Head) {
        self.change(|catalogue| {
            match catalogue.entries.last_mut().filter(|last| last.number == entry.number) {
                Some(last) => *last = entry,
                None => catalogue.entries.push(entry),
            }
            catalogue.head = head;
        });
    }

    /// The entry that holds fact `from`, looking again in the folder for segments that were moved back.
    pub fn holding(&self, from: Seq) -> Result<Entry, JournalError> {
        if let Some(entry) = self.find(from) {
            return Ok(entry);
        }
        self.look_for_older()?;
        let oldest = self.look(|catalogue| catalogue.entries.first().map(|entry| entry.start.next));
        self.find(from).ok_or(JournalError::Missing { seq: from, oldest })
    }

    /// Segment `number` as it is now, the one after it, and the head, all of one moment.
    pub fn around(&self, number: u64) -> (Option<Entry>, Option<Entry>, Head) {
        self.look(|catalogue| {
            let entry = |number| catalogue.entries.iter().rev().find(|entry| entry.number == number).copied();
            (entry(number), entry(number + 1), catalogue.head)
        })
    }

    fn find(&self, from: Seq) -> Option<Entry> {
        self.look(|catalogue| catalogue.entries.iter().rev().find(|entry| entry.start.next <= from).copied())
    }

    /// Takes in segments that stand directly before the oldest one known.
    fn look_for_older(&self) -> Result<(), JournalError> {
        let Some(oldest) = self.look(|catalogue| catalogue.entries.first().copied()) else {
            return Ok(());
        };
        let mut older = Vec::new();
        for number in shelf::numbers(self.disk.as_ref(), FOLDER)?.into_iter().rev() {
            if number + 1 != oldest.number - older.len() as u64 {
                continue;
            }
            let segment = shelf::open(self.disk.as_ref(), FOLDER, number)?;
            let path = shelf::path(FOLDER, number);
            let Ok(header) = segment.header(Kind::Facts).map_err(JournalError::io("read", &path))? else {
                break;
            };
            older.push(Entry { number, start: header.start, end: segment.bytes, bytes: segment.bytes });
        }
        self.change(|catalogue| {
            // Another reader may have done the same in the meantime.
            if catalogue.entries.first().is_some_and(|first| first.number == oldest.number) {
                older.reverse();
                catalogue.entries.splice(0..0, older);
            }
        });
        Ok(())
    }
}
