//! The journal's own words: where a fact stands, and the hash that ties it to everything before it.
//!
//! Every module here and every caller uses them. They know nothing of what a fact means.

use std::fmt;

/// The number of a fact: 1 for the first ever written, then without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The hash of a batch and of all batches before it (BLAKE3, 32 bytes). Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chain(pub [u8; 32]);

impl Chain {
    /// The chain before the first batch: all zeros.
    pub const START: Self = Self([0; 32]);

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        crate::checkpoint::bytes_of(text).map(Self)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain({self})")
    }
}

/// A border between two batches: what comes next, and the chain of all that came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number the next fact will get.
    pub next: Seq,
    /// The chain after fact `next - 1`.
    pub chain: Chain,
}

impl Head {
    /// The head of an empty journal.
    pub const START: Self = Self { next: Seq(1), chain: Chain::START };
}

/// What an append answers: the batch is durable and these are its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The number of the first fact of the batch.
    pub first: Seq,
    /// The number of the last fact of the batch; equal to `first` for a batch of one.
    pub last: Seq,
    /// The chain after the batch.
    pub chain: Chain,
}
