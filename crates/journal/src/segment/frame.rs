//! One record on the disk: a 64-byte header, the body, zeros up to the next sector.
//!
//! | bytes | field (little endian) |
//! | --- | --- |
//! | 0..4 | magic `LsFr` |
//! | 4..8 | length of the body in bytes |
//! | 8..12 | count of facts (0 in the raw store) |
//! | 12..16 | CRC-32 of body and padding |
//! | 16..24 | number of the first fact (raw store: of the record) |
//! | 24..56 | tag: the chain after this batch (raw store: the body's name) |
//! | 56..60 | zeros |
//! | 60..64 | CRC-32 of the segment's salt and bytes 0..60 |
//!
//! The salt is the chain before the segment: a frame from another journal, or one forged inside a body by somebody who
//! does not know the chain, does not pass for a record of this segment.

use super::SECTOR;
use super::flaw::Flaw;
use crate::words::{Chain, Head, Seq};

/// Length of a frame's header in bytes.
pub(crate) const HEADER: usize = 64;

/// The longest body. A gigabyte in one batch is a mistake of the caller, and lengths stay far from `u32::MAX`.
pub(crate) const BODY_MAX: u64 = 1 << 30;

const MAGIC: [u8; 4] = *b"LsFr";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub length: u32,
    pub facts: u32,
    pub body_crc: u32,
    pub first: u64,
    pub tag: [u8; 32],
}

/// Bytes that a body of `body` bytes takes on the disk, header and padding included.
pub(crate) fn padded(body: usize) -> usize {
    (HEADER + body).next_multiple_of(SECTOR)
}

impl FrameHeader {
    /// Bytes on the disk, header and padding included.
    pub fn padded(&self) -> u64 {
        padded(self.length as usize) as u64
    }

    pub fn encode(&self, salt: &Chain) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[0..4].copy_from_slice(&MAGIC);
        bytes[4..8].copy_from_slice(&self.length.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.facts.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.body_crc.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first.to_le_bytes());
        bytes[24..56].copy_from_slice(&self.tag);
        let crc = salted_crc(salt, &bytes[..60]);
        bytes[60..64].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    pub fn decode(bytes: &[u8], salt: &Chain) -> Result<Self, Flaw> {
        let bytes: &[u8; HEADER] = bytes.try_into().map_err(|_| Flaw::Header)?;
        // The magic first: it makes the search for later records cheap.
        if bytes[0..4] != MAGIC || salted_crc(salt, &bytes[..60]) != u32_at(bytes, 60) || bytes[56..60] != [0; 4] {
            return Err(Flaw::Header);
        }
        let header = Self {
            length: u32_at(bytes, 4),
            facts: u32_at(bytes, 8),
            body_crc: u32_at(bytes, 12),
            first: u64_at(bytes, 16),
            tag: array_at(bytes, 24),
        };
        if u64::from(header.length) > BODY_MAX { Err(Flaw::Header) } else { Ok(header) }
    }

    /// Whether the record continues `expect`; the answer is the head after it. `body` is without padding.
    pub fn follows(&self, expect: &Head, body: &[u8]) -> Result<Head, Flaw> {
        let after = self.numbered(expect.next)?;
        let chain = link(&expect.chain, self.first, self.facts, body);
        if chain.0 == self.tag { Ok(Head { next: after, chain }) } else { Err(Flaw::Chain) }
    }

    /// Whether the record begins at fact `next`; the answer is the number after its last fact.
    pub fn numbered(&self, next: Seq) -> Result<Seq, Flaw> {
        if self.first != next.0 {
            return Err(Flaw::WrongSeq { found: Seq(self.first) });
        }
        if self.facts == 0 {
            return Err(Flaw::WrongCount);
        }
        self.first.checked_add(u64::from(self.facts)).map(Seq).ok_or(Flaw::WrongCount)
    }
}

/// The chain after a batch: BLAKE3 over the chain before it, length, count, first number, and the body.
pub(crate) fn link(before: &Chain, first: u64, facts: u32, body: &[u8]) -> Chain {
    let mut hasher = blake3::Hasher::new();
    let mut fields = [0; 48];
    fields[..32].copy_from_slice(&before.0);
    fields[32..36].copy_from_slice(&(body.len() as u32).to_le_bytes());
    fields[36..40].copy_from_slice(&facts.to_le_bytes());
    fields[40..48].copy_from_slice(&first.to_le_bytes());
    hasher.update(&fields);
    hasher.update(body);
    Chain(hasher.finalize().into())
}

fn salted_crc(salt: &Chain, bytes: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&salt.0);
    crc.update(bytes);
    crc.finalize()
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}

/// `N` bytes from `at`. Callers read at fixed places of buffers whose length they have checked.
pub(crate) fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}
