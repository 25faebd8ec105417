//! A segment's first sector: which file this is, and where it stands in the chain.
//!
//! | bytes | field (little endian) |
//! | --- | --- |
//! | 0..8 | magic `LsSegmnt` |
//! | 8..12 | format version, 1 |
//! | 12..16 | kind: 1 facts, 2 raw bodies |
//! | 16..24 | number of the segment, as in its name |
//! | 24..32 | length of the file in bytes |
//! | 32..40 | number of the first fact (raw store: of the record) |
//! | 40..72 | chain before the first fact (raw store: zeros) |
//! | 72..508 | zeros |
//! | 508..512 | CRC-32 of bytes 0..508 |
//!
//! It is written together with the segment's first record, so a segment without one is a prepared, empty file.

use super::SECTOR;
use super::flaw::Flaw;
use super::frame::{BODY_MAX, array_at, u32_at, u64_at};
use crate::words::{Chain, Head, Seq};

const MAGIC: [u8; 8] = *b"LsSegmnt";
const VERSION: u32 = 1;
/// No segment is longer.
pub(crate) const BYTES_MAX: u64 = 2 * BODY_MAX;

/// What a segment's records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Facts,
    Raw,
}

impl Kind {
    fn code(self) -> u32 {
        match self {
            Self::Facts => 1,
            Self::Raw => 2,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub kind: Kind,
    pub number: u64,
    pub bytes: u64,
    /// The border that the segment begins at; its chain salts the frames.
    pub start: Head,
}

impl SegmentHeader {
    pub fn encode(&self) -> [u8; SECTOR] {
        let mut sector = [0; SECTOR];
        sector[0..8].copy_from_slice(&MAGIC);
        sector[8..12].copy_from_slice(&VERSION.to_le_bytes());
        sector[12..16].copy_from_slice(&self.kind.code().to_le_bytes());
        sector[16..24].copy_from_slice(&self.number.to_le_bytes());
        sector[24..32].copy_from_slice(&self.bytes.to_le_bytes());
        sector[32..40].copy_from_slice(&self.start.next.0.to_le_bytes());
        sector[40..72].copy_from_slice(&self.start.chain.0);
        let crc = crc32fast::hash(&sector[..508]);
        sector[508..].copy_from_slice(&crc.to_le_bytes());
        sector
    }

    /// The header of the segment numbered `number`, if the sector holds one.
    pub fn decode(sector: &[u8], kind: Kind, number: u64) -> Result<Self, Flaw> {
        let sector: &[u8; SECTOR] = sector.try_into().map_err(|_| Flaw::SegmentHeader)?;
        let known = sector[0..8] == MAGIC
            && u32_at(sector, 8) == VERSION
            && u32_at(sector, 12) == kind.code()
            && u64_at(sector, 16) == number
            && crc32fast::hash(&sector[..508]) == u32_at(sector, 508);
        if !known {
            return Err(Flaw::SegmentHeader);
        }
        let start = Head { next: Seq(u64_at(sector, 32)), chain: Chain(array_at(sector, 40)) };
        let bytes = u64_at(sector, 24);
        // The longest segment holds one longest record; a longer one would have us fill the disk with zeros.
        if bytes > BYTES_MAX { Err(Flaw::SegmentHeader) } else { Ok(Self { kind, number, bytes, start }) }
    }
}
