//! Segment files: preallocated, a header, then framed and checksummed records on sector borders.
//!
//! The embedded journal and the raw store are both built on this. It knows frames and their checksums; what a frame's
//! tag means (a chain, a name) and whether a flaw is an accident or damage is decided by the caller.

mod flaw;
pub(crate) mod frame;
pub(crate) mod header;
pub(crate) mod scan;
pub(crate) mod shelf;
pub(crate) mod window;

pub use flaw::Flaw;
pub use shelf::{Options, Prepare};

/// Records begin on sector borders. A sector that holds an acknowledged record is never written again, so a disk that
/// tears a write can only hurt the record that was being written. A sync costs the same with records on 8-byte, 512-byte
/// and 4 KiB borders (80 µs here), so the border is the one that is safe and wastes least.
pub(crate) const SECTOR: usize = 512;

/// The first record of a segment: after the header, which has a sector of its own.
pub(crate) const FIRST_OFFSET: u64 = SECTOR as u64;
