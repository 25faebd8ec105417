//! What can go wrong while keeping facts, raw bodies, snapshots and keys.
//!
//! Every module here returns it; `flow` stops its writer on most of them. It never carries the bytes it was given.

use std::io;

use crate::segment::Flaw;
use crate::words::{Chain, Head, Seq};

/// The one error of this crate. Its text reads on after "failed to".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The disk answered with an error.
    #[error("{what} {path}")]
    Io {
        /// What was being done, as a verb: "write", "sync", "open".
        what: &'static str,
        /// The file or folder.
        path: String,
        /// The disk's answer.
        source: io::Error,
    },
    /// No space left on the disk. Nothing acknowledged is lost; free space, then open again.
    #[error("{what} {path}: the disk is full")]
    Full {
        /// What was being done, as a verb.
        what: &'static str,
        /// The file or folder.
        path: String,
    },
    /// An earlier write or sync failed, or the writer was fenced off; nothing is written until it is opened again.
    #[error("write: stopped after an earlier failure, open it again first")]
    Stopped,
    /// A record is damaged and later records exist, so this is not an unfinished write.
    #[error("trust the journal: {0}")]
    Corrupt(Corrupt),
    /// The facts are in segments that are not in the folder.
    #[error("find fact {seq}: it is in a segment that was moved away ({}); move it back", oldest_here(.oldest))]
    Missing {
        /// The fact that was asked for.
        seq: Seq,
        /// The first fact of the oldest segment present, if any is.
        oldest: Option<Seq>,
    },
    /// The caller (a snapshot, a follower) knows facts that the journal does not have.
    #[error(
        "start at fact {wanted}: the journal ends before fact {next}; a part of it was lost, or it is not the one this came from"
    )]
    Behind {
        /// Where the caller wanted to start.
        wanted: Seq,
        /// The number the journal would give to its next fact.
        next: Seq,
    },
    /// The caller's chain and the journal's differ at the same fact: they have different pasts.
    #[error("start at fact {}: the chain there is not {}", .wanted.next, .wanted.chain)]
    Diverged {
        /// Where the caller wanted to start, and the chain it expected there.
        wanted: Head,
    },
    /// Another process holds the data folder.
    #[error("lock {path}: held by process {}", .pid.map_or_else(|| "unknown".to_owned(), |pid| pid.to_string()))]
    Locked {
        /// The lock file.
        path: String,
        /// The holder's process id, when the lock file says.
        pid: Option<u32>,
    },
    /// A batch must hold at least one fact.
    #[error("append a batch of no facts")]
    EmptyBatch,
    /// There is no number left for the last fact of the batch.
    #[error("number the facts of a batch: 64 bits do not reach")]
    NumbersExhausted,
    /// The record is longer than a record may be.
    #[error("keep {bytes} bytes in one record: at most {limit} fit")]
    TooLarge {
        /// Its length in bytes.
        bytes: u64,
        /// The longest allowed.
        limit: u64,
    },
    /// The master key is not the one that this key store was written with.
    #[error("unlock the key store {path}: the master key is not the one it was written with")]
    WrongMasterKey {
        /// The key file.
        path: String,
    },
    /// A file of the key store or a raw body fails its checksum.
    #[error("read {path} at byte {offset}: its checksum does not match")]
    Damaged {
        /// The file.
        path: String,
        /// Where the damaged record begins.
        offset: u64,
    },
    /// Sealed bytes do not open: wrong key, wrong associated data, or changed bytes.
    #[error("open sealed bytes: wrong key, wrong subject, or changed bytes")]
    SealBroken,
}

/// Where the journal can no longer be trusted, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("segment {segment:06}, byte {offset}, fact {seq}: {reason}")]
pub struct Corrupt {
    /// The segment's number, as in its file name.
    pub segment: u64,
    /// Byte offset in the segment file.
    pub offset: u64,
    /// The fact that should be there.
    pub seq: Seq,
    /// What is wrong.
    pub reason: Flaw,
}

impl JournalError {
    /// Whether the same call may succeed later without anybody changing anything. No: a journal that failed is
    /// opened again by someone who looked. Only the folder's lock frees itself.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Locked { .. } => true,
            Self::Io { .. }
            | Self::Full { .. }
            | Self::Stopped
            | Self::Corrupt(_)
            | Self::Missing { .. }
            | Self::Behind { .. }
            | Self::Diverged { .. }
            | Self::EmptyBatch
            | Self::NumbersExhausted
            | Self::TooLarge { .. }
            | Self::WrongMasterKey { .. }
            | Self::Damaged { .. }
            | Self::SealBroken => false,
        }
    }

    /// The disk's error with what was being done; a full disk gets its own variant, because a person can mend it.
    pub(crate) fn io(what: &'static str, path: &str) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { what, path },
            _ => Self::Io { what, path, source },
        }
    }

    /// Damage found where `expected` should continue.
    pub(crate) fn corrupt(segment: u64, offset: u64, seq: Seq, reason: Flaw) -> Self {
        Self::Corrupt(Corrupt { segment, offset, seq, reason })
    }
}

fn oldest_here(oldest: &Option<Seq>) -> String {
    oldest.map_or_else(|| "there is none here".to_owned(), |oldest| format!("the oldest here begins at {oldest}"))
}

/// Whether `chain` is what the caller expected; the one place that answers [`JournalError::Diverged`].
pub(crate) fn same_past(wanted: &Head, chain: &Chain) -> Result<(), JournalError> {
    if wanted.chain == *chain { Ok(()) } else { Err(JournalError::Diverged { wanted: *wanted }) }
}
