//! The embedded journal: our own preallocated segment files, one chained record per sync.
//!
//! `lockstep` opens it, `flow` appends to it. It takes the data folder's lock, so that there is one process per
//! folder. It knows records, not facts.

mod catalogue;
mod cursor;
mod mend;
mod present;
mod recover;

use std::sync::Arc;

pub use cursor::SegmentReader;

use crate::buffer::BatchBuffer;
use crate::disk::{Disk, Lock, write_fully};
use crate::error::JournalError;
use crate::journal::{Journal, Reader};
use crate::segment::frame::{self, BODY_MAX, FrameHeader};
use crate::segment::header::{Kind, SegmentHeader};
use crate::segment::shelf::{self, SegmentFile, Shelf};
use crate::segment::{FIRST_OFFSET, Options};
use crate::words::{Appended, Head, Seq};
use catalogue::{Entry, Shared};

/// Where the segments are, relative to the data folder.
pub(crate) const FOLDER: &str = "journal";
/// The data folder's lock file.
const LOCK: &str = "lock";

/// The writer. Dropping it frees the data folder.
#[derive(Debug)]
pub struct SegmentJournal {
    shelf: Shelf,
    shared: Shared,
    head: Head,
    active: Active,
    stopped: bool,
    /// For callers that append a slice.
    copy: BatchBuffer,
    _lock: Lock,
}

/// The segment that is being filled.
#[derive(Debug)]
struct Active {
    segment: SegmentFile,
    /// The border at which it begins.
    start: Head,
    /// Where the next record goes.
    end: u64,
    /// A segment gets its header in the same sync as its first record.
    has_header: bool,
}

/// What opening found and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The durable head.
    pub head: Head,
    /// The first fact in the folder; equal to `head.next` when there is none.
    pub oldest: Seq,
    /// Bytes of an unfinished record that were cut from the end. It was never acknowledged.
    pub cut_bytes: u64,
    /// Bytes by which the last segment was shorter than it was made, given back as zeros. Not 0 means that the file
    /// was truncated by something else than a crash, and acknowledged facts may be gone.
    pub short_bytes: u64,
}

/// A full segment, which may be moved away once a snapshot covers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSegment {
    /// Its number.
    pub number: u64,
    /// Its path, relative to the data folder.
    pub path: String,
    /// The border at which it begins.
    pub start: Head,
    /// The border at which it ends.
    pub end: Head,
    /// Length of the file in bytes.
    pub bytes: u64,
}

impl SegmentJournal {
    /// Opens the journal in the data folder, or begins one there, and checks every record of it.
    ///
    /// # Errors
    /// `Locked` when another process has the folder; `Corrupt` when a damaged record is followed by later ones;
    /// `Missing` when early segments were moved away (then [`SegmentJournal::open_from`]); `Io`, `Full`.
    pub fn open(disk: Arc<dyn Disk>, options: Options) -> Result<(Self, Opened), JournalError> {
        Self::open_from(disk, options, Head::START)
    }

    /// The same for a caller that has everything before `from` in a snapshot: only the segments that hold what comes
    /// after are checked, and earlier ones need not be there.
    ///
    /// # Errors
    /// As [`SegmentJournal::open`]; `Behind` when the journal ends before `from`; `Diverged` when its chain there is
    /// another, so that the snapshot belongs to another journal.
    pub fn open_from(disk: Arc<dyn Disk>, options: Options, from: Head) -> Result<(Self, Opened), JournalError> {
        let lock = disk.lock(LOCK)?;
        let mut shelf = Shelf::open(Arc::clone(&disk), FOLDER, options)?;
        let recovered = recover::recover(&mut shelf, from)?;
        let (catalogue, active, opened) = (recovered.catalogue, recovered.active, recovered.opened);
        if opened.cut_bytes + opened.short_bytes > 0 {
            tracing::warn!(
                cut_bytes = opened.cut_bytes,
                short_bytes = opened.short_bytes,
                next = opened.head.next.0,
                "the journal's unfinished end was cut"
            );
        }
        shelf.prepare_ahead(active.segment.number + 1);
        let journal = Self {
            shelf,
            shared: Shared::new(disk, catalogue),
            head: opened.head,
            active,
            stopped: false,
            copy: BatchBuffer::new(),
            _lock: lock,
        };
        Ok((journal, opened))
    }

    /// The segments that will not be written again, oldest first.
    pub fn sealed_segments(&self) -> Vec<SealedSegment> {
        self.shared.look(|catalogue| {
            let pairs = catalogue.entries.iter().zip(catalogue.entries.iter().skip(1));
            pairs
                .map(|(entry, after)| SealedSegment {
                    number: entry.number,
                    path: shelf::path(FOLDER, entry.number),
                    start: entry.start,
                    end: after.start,
                    bytes: entry.bytes,
                })
                .collect()
        })
    }

    /// A handle for other threads, as [`Journal::reader`] but with its own type.
    pub fn segment_reader(&self) -> SegmentReader {
        SegmentReader::new(self.shared.clone())
    }

    /// Writes, syncs, publishes. Whatever fails in here stops the journal.
    fn write(&mut self, batch: &mut BatchBuffer, facts: u32, last: Seq) -> Result<Appended, JournalError> {
        let padded = frame::padded(batch.body().len()) as u64;
        if self.active.end + padded > self.active.segment.bytes {
            self.roll(padded)?;
        }
        let first = self.head.next;
        let chain = frame::link(&self.head.chain, first.0, facts, batch.body());
        let path = shelf::path(FOLDER, self.active.segment.number);
        let active = &self.active;
        if !active.has_header {
            write_fully(active.segment.file.as_ref(), 0, &active.header().encode())
                .map_err(JournalError::io("write", &path))?;
        }
        let header = |body: &[u8], padded: &[u8]| {
            let (length, body_crc) = (body.len() as u32, crc32fast::hash(padded));
            FrameHeader { length, facts, body_crc, first: first.0, tag: chain.0 }.encode(&active.start.chain)
        };
        batch
            .framed(header, |bytes| write_fully(active.segment.file.as_ref(), active.end, bytes))
            .map_err(JournalError::io("write", &path))?;
        active.segment.file.sync().map_err(JournalError::io("sync", &path))?;
        self.published(padded, Head { next: Seq(last.0 + 1), chain });
        Ok(Appended { first, last, chain })
    }

    fn published(&mut self, padded: u64, head: Head) {
        self.active.end += padded;
        self.head = head;
        if !self.active.has_header {
            self.active.has_header = true;
            self.shelf.prepare_ahead(self.active.segment.number + 1);
        }
        self.shared.publish(self.active.entry(), head);
    }

    /// Goes to the next segment, with room for `padded` bytes.
    fn roll(&mut self, padded: u64) -> Result<(), JournalError> {
        // A segment without a record keeps its number: there must be no empty segment between two full ones.
        let number = self.active.segment.number + u64::from(self.active.end > FIRST_OFFSET);
        let segment = self.shelf.take(number, padded)?;
        self.active = Active::fresh(segment, self.head);
        Ok(())
    }
}

impl Active {
    /// A prepared segment that begins at `start` and has nothing in it yet.
    fn fresh(segment: SegmentFile, start: Head) -> Self {
        Self { segment, start, end: FIRST_OFFSET, has_header: false }
    }

    /// A segment with records up to `end`.
    fn begun(segment: SegmentFile, start: Head, end: u64) -> Self {
        Self { segment, start, end, has_header: true }
    }

    fn header(&self) -> SegmentHeader {
        SegmentHeader { kind: Kind::Facts, number: self.segment.number, bytes: self.segment.bytes, start: self.start }
    }

    fn entry(&self) -> Entry {
        Entry { number: self.segment.number, start: self.start, end: self.end, bytes: self.segment.bytes }
    }
}

impl Journal for SegmentJournal {
    fn append(&mut self, batch: &[u8], facts: u32) -> Result<Appended, JournalError> {
        let mut copy = std::mem::take(&mut self.copy);
        copy.clear();
        copy.put(batch);
        let answer = self.append_buffer(&mut copy, facts);
        self.copy = copy;
        answer
    }

    fn append_buffer(&mut self, batch: &mut BatchBuffer, facts: u32) -> Result<Appended, JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        let bytes = batch.body().len() as u64;
        if bytes > BODY_MAX {
            return Err(JournalError::TooLarge { bytes, limit: BODY_MAX });
        }
        let last = facts.checked_sub(1).ok_or(JournalError::EmptyBatch)?;
        // The border behind the batch must be a number too.
        let last = self.head.next.0.checked_add(u64::from(last)).filter(|last| *last < u64::MAX);
        let last = Seq(last.ok_or(JournalError::NumbersExhausted)?);
        let answer = self.write(batch, facts, last);
        if let Err(error) = &answer {
            self.stopped = true;
            tracing::error!(%error, next = self.head.next.0, "the journal stops");
        }
        answer
    }

    fn head(&self) -> Head {
        self.head
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(self.segment_reader())
    }

    fn stop(&mut self) {
        self.stopped = true;
    }

    fn is_stopped(&self) -> bool {
        self.stopped
    }
}
