//! Signed checkpoints: a head of the journal under a key, so that whoever holds a copy elsewhere can prove a later cut.
//!
//! A chain shows that nothing in a journal was changed, but whoever can write the folder can cut its tail, or write the
//! whole chain anew. A line like the one below, kept where they cannot write, holds against both. `lockstep` makes and
//! keeps them, [`crate::witness`] holds a journal against them. One checkpoint is one line of text, so that it can be
//! mailed, printed and checked with other tools:
//!
//! ```text
//! lockstep-checkpoint 1 SEQ CHAIN STATE AT_MS KEY SIGNATURE
//! ```
//!
//! `CHAIN` is the chain after fact `SEQ`, `STATE` the BLAKE3 of the state after it, `AT_MS` milliseconds since 1970,
//! `KEY` the public key, `SIGNATURE` Ed25519 over the line up to and without the blank before it; bytes are in lower-case
//! hexadecimal digits.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::words::{Chain, Seq};

const WORD: &str = "lockstep-checkpoint";

/// A head that somebody signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The number of the last fact.
    pub seq: Seq,
    /// The chain after it.
    pub chain: Chain,
    /// BLAKE3 of the state after it.
    pub state: [u8; 32],
    /// When, in milliseconds since 1970 (UTC), by the clock of the hub.
    pub at_ms: i64,
    /// Under which key.
    pub key: PublicKey,
    /// Over the line without itself.
    signature: [u8; 64],
}

/// The public half of a signing key. Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

/// The key that signs checkpoints. Never printed.
pub struct SigningKey(Ed25519KeyPair);

/// Why a line is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCheckpoint {
    /// Another form.
    #[error("it is not a checkpoint")]
    Form,
    /// The key that it names did not sign it.
    #[error("its signature does not fit: it was changed, or made by somebody else")]
    Forged,
}

impl PublicKey {
    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        bytes_of(text.trim()).map(Self)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&digits(&self.0))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// The key of 32 random bytes.
    pub fn new(seed: &[u8; 32]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    /// What others check with.
    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        // An Ed25519 public key has this length.
        key.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(key)
    }

    /// Signs a head.
    pub fn sign(&self, seq: Seq, chain: Chain, state: [u8; 32], at_ms: i64) -> Checkpoint {
        let key = self.public();
        let mut signature = [0; 64];
        signature.copy_from_slice(self.0.sign(said(seq, &chain, &state, at_ms, &key).as_bytes()).as_ref());
        Checkpoint { seq, chain, state, at_ms, key, signature }
    }
}

impl Checkpoint {
    /// Reads a line and checks its signature.
    ///
    /// # Errors
    /// When it is none, or the key it names did not sign it. Whether that key is the right one is the caller's to say.
    pub fn parse(line: &str) -> Result<Self, NoCheckpoint> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let [WORD, "1", seq, chain, state, at_ms, key, signature] = words[..] else {
            return Err(NoCheckpoint::Form);
        };
        let read = || {
            Some(Self {
                seq: Seq(seq.parse().ok()?),
                chain: Chain(bytes_of(chain)?),
                state: bytes_of(state)?,
                at_ms: at_ms.parse().ok()?,
                key: PublicKey(bytes_of(key)?),
                signature: bytes_of(signature)?,
            })
        };
        let read: Self = read().ok_or(NoCheckpoint::Form)?;
        let said = said(read.seq, &read.chain, &read.state, read.at_ms, &read.key);
        let fits = UnparsedPublicKey::new(&ED25519, read.key.0).verify(said.as_bytes(), &read.signature);
        fits.map(|()| read).map_err(|_| NoCheckpoint::Forged)
    }
}

/// The line, without a line break.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = said(self.seq, &self.chain, &self.state, self.at_ms, &self.key);
        write!(f, "{said} {}", digits(&self.signature))
    }
}

fn said(seq: Seq, chain: &Chain, state: &[u8; 32], at_ms: i64, key: &PublicKey) -> String {
    format!("{WORD} 1 {seq} {chain} {} {at_ms} {key}", digits(state))
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Exactly `N` bytes in hexadecimal digits.
pub(crate) fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
