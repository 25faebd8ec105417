//! The stored form of a fact: an envelope of version, time and author around kind and body.
//!
//! How it may grow: kinds and field numbers are never reused; a new fact is a new kind; a new field is an `Option` at
//! the end of its struct, so that old readers skip it and new readers find it missing in old facts. Anything else is
//! a new envelope version, with the old one decoded for ever (golden files in `tests/golden`).

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::Serialize;

use crate::{Actor, Fact, Instant};

/// The only envelope version there is.
const VERSION: u8 = 1;

/// A fact with when and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When it was decided, on our clock; never runs back.
    pub at: Instant,
    /// Who caused it.
    pub by: Actor,
    /// What happened.
    pub fact: Fact,
}

/// Why stored bytes could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Written by a newer program.
    #[error("envelope version {version} is newer than this program; upgrade it")]
    Newer {
        /// Version found.
        version: u8,
    },
    /// Not a fact.
    #[error("not a stored fact")]
    Damaged(#[from] minicbor::decode::Error),
}

impl Entry {
    /// Appends the stored form to `out`.
    pub fn encode_to(&self, out: &mut Vec<u8>) {
        let mut encoder = Encoder::new(out);
        let written = encoder
            .array(4)
            .and_then(|e| e.u8(VERSION))
            .and_then(|e| e.i64(self.at.0))
            .and_then(|e| e.encode(&self.by))
            .and_then(|e| e.encode(&self.fact));
        // Writing to a vector cannot fail, and no type in a fact has an encoding that can.
        debug_assert!(written.is_ok());
    }

    /// Reads the next fact at the decoder's place.
    ///
    /// # Errors
    /// When the bytes are no fact, or one written by a newer program.
    pub fn decode_from(decoder: &mut Decoder<'_>) -> Result<Self, StoredError> {
        decoder.array()?;
        let version = decoder.u8()?;
        if version != VERSION {
            return Err(StoredError::Newer { version });
        }
        let at = Instant(decoder.i64()?);
        let by = Actor::decode(decoder, &mut ())?;
        let fact = Fact::decode(decoder, &mut ())?;
        Ok(Self { at, by, fact })
    }

    /// Every fact in a batch body.
    ///
    /// # Errors
    /// As [`decode_from`](Self::decode_from).
    pub fn decode_all(bytes: &[u8]) -> Result<Vec<Self>, StoredError> {
        let mut decoder = Decoder::new(bytes);
        let mut entries = Vec::new();
        while decoder.position() < bytes.len() {
            entries.push(Self::decode_from(&mut decoder)?);
        }
        Ok(entries)
    }
}

impl<C> Encode<C> for Entry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(4)?.u8(VERSION)?.i64(self.at.0)?;
        self.by.encode(e, ctx)?;
        self.fact.encode(e, ctx)
    }
}
