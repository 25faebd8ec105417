//! What can be wrong with a record, in words for the person who reads an audit.
//!
//! Scans and cursors make them; [`crate::Corrupt`] and [`crate::FirstBad`] carry them.

use crate::words::Seq;

/// Why a record cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// The segment's own header is damaged or belongs to something else.
    #[error("the segment's header is damaged")]
    SegmentHeader,
    /// The segment's header does not continue the segment before it.
    #[error("the segment does not continue the one before it (it begins at fact {found})")]
    SegmentBreak {
        /// The first fact that the header names.
        found: Seq,
    },
    /// A segment file between two others is not there.
    #[error("the segment file is missing")]
    SegmentMissing,
    /// The file is shorter or longer than it was made.
    #[error("the file is {found} bytes long, it was made with {made}")]
    SegmentLength {
        /// Its length in bytes now.
        found: u64,
        /// Its length in bytes when it was made.
        made: u64,
    },
    /// The record's header fails its checksum.
    #[error("the record's header is damaged")]
    Header,
    /// The record's body fails its checksum.
    #[error("the record's body is damaged")]
    Body,
    /// The record goes on beyond the end of the file.
    #[error("the record is cut short by the end of the file")]
    CutShort,
    /// A record with another number: one was dropped, inserted, swapped or repeated.
    #[error("the record there begins at fact {found}")]
    WrongSeq {
        /// The first fact of the record found.
        found: Seq,
    },
    /// The record claims no facts, or more than can be numbered.
    #[error("the record's count of facts is impossible")]
    WrongCount,
    /// The record's chain is not the hash of the chain before it and its own bytes: it was changed by hand.
    #[error("the chain does not match")]
    Chain,
    /// Nothing where a record should be, and something after it.
    #[error("zeros where a record should be")]
    Gap,
}
