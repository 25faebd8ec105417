//! What a journal is: one writer appends batches, any number of readers follow.
//!
//! `flow` and the followers depend on these traits only, so that a replicated backend can stand in for the segment
//! files; [`crate::contract`] is the list of what every backend must do. They know nothing of files.

use crate::buffer::BatchBuffer;
use crate::error::JournalError;
use crate::words::{Appended, Chain, Head, Seq};

/// The writer's side. One per merchant; whoever holds it may append.
pub trait Journal: Send {
    /// Appends one batch of `facts` facts (at least 1) as one record. When it returns `Ok` the batch is durable.
    ///
    /// # Errors
    /// `EmptyBatch`, `TooLarge` and `NumbersExhausted` change nothing. After any other error the journal is stopped: the batch may or may
    /// not be there after it is opened again, but never half of it.
    fn append(&mut self, batch: &[u8], facts: u32) -> Result<Appended, JournalError>;

    /// The same without copying the body: it is written from the buffer it was encoded into. The buffer keeps its
    /// body; clear it before the next batch.
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn append_buffer(&mut self, batch: &mut BatchBuffer, facts: u32) -> Result<Appended, JournalError>;

    /// What the next append will get: everything before `head().next` is durable.
    fn head(&self) -> Head;

    /// A handle for other threads.
    fn reader(&self) -> Box<dyn Reader>;

    /// Refuses every further append with `Stopped`, as a failed write does: for a writer that lost its lease.
    fn stop(&mut self);

    /// Whether appends are refused until the journal is opened again.
    fn is_stopped(&self) -> bool;
}

/// The followers' side: sees what is durable, and nothing else, while the writer appends.
pub trait Reader: Send + Sync {
    /// The durable head at this moment.
    fn head(&self) -> Head;

    /// A cursor whose first batch is the one that holds fact `from` (the batch may begin before it).
    ///
    /// # Errors
    /// `Behind` when `from` is beyond the head's next fact; `Missing` when its segment was moved away.
    fn read(&self, from: Seq) -> Result<Box<dyn Cursor>, JournalError>;

    /// Another handle on the same journal.
    fn again(&self) -> Box<dyn Reader>;
}

/// A place in the journal that moves forward, batch by batch.
pub trait Cursor: Send {
    /// The next durable batch, or `None` when the reader has caught up; asked again later, it goes on from there.
    ///
    /// # Errors
    /// `Corrupt` when a record fails its checksum or does not continue the one before; `Io` from the disk.
    fn next(&mut self) -> Result<Option<Batch<'_>>, JournalError>;
}

/// One batch as it was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    /// The number of its first fact.
    pub first: Seq,
    /// How many facts it holds; at least 1.
    pub facts: u32,
    /// The bytes that were appended.
    pub body: &'a [u8],
    /// The chain after the batch.
    pub chain: Chain,
}

impl Batch<'_> {
    /// The border after the batch: where a follower that has folded it goes on.
    pub fn head(&self) -> Head {
        Head { next: Seq(self.first.0 + u64::from(self.facts)), chain: self.chain }
    }
}
