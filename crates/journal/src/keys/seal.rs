//! Sealing bytes under a key, so that destroying the key destroys the bytes wherever copies of them are.
//!
//! `flow` seals personal fields and raw bodies with it; the key store wraps data keys the same way. XChaCha20-Poly1305;
//! nonces are 24 random bytes that the caller draws.

use std::fmt;

use chacha20poly1305::aead::{Aead, AeadInOut, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};

use crate::error::JournalError;

/// How many bytes longer sealed bytes are: nonce (24) and tag (16).
pub const SEAL_OVERHEAD: usize = NONCE + 16;

pub(super) const NONCE: usize = 24;

/// A subject's data key. Never printed; overwritten in memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey([u8; 32]);

/// The key that wraps all data keys. It is the operator's, and is never stored here.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey([u8; 32]);

impl DataKey {
    /// A key from 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl MasterKey {
    /// A key from 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The data key that wraps other keys, as sealing knows it.
    pub(super) fn as_data_key(&self) -> DataKey {
        DataKey(self.0)
    }

    /// Tells one master key from another without telling anything about it.
    pub(super) fn fingerprint(&self) -> [u8; 16] {
        let hash = blake3::keyed_hash(&self.0, b"lockstep key store");
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&hash.as_bytes()[..16]);
        fingerprint
    }
}

impl Drop for DataKey {
    fn drop(&mut self) {
        self.0.fill(0);
        // Keeps the compiler from leaving the overwriting out.
        std::hint::black_box(&self.0);
    }
}

impl Drop for MasterKey {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&self.0);
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Seals `plain` under `key`: nonce, ciphertext, tag, [`SEAL_OVERHEAD`] bytes longer than `plain`. `associated` (which
/// fact, which field) is not kept but must be the same to open it. A nonce must never be used twice with one key;
/// 24 random bytes are safe.
///
/// # Errors
/// `TooLarge` beyond what the cipher can take (256 GiB).
pub fn seal(key: &DataKey, nonce: &[u8; 24], associated: &[u8], plain: &[u8]) -> Result<Vec<u8>, JournalError> {
    let mut bytes = Vec::with_capacity(plain.len() + SEAL_OVERHEAD);
    seal_into(key, nonce, associated, plain, &mut bytes)?;
    Ok(bytes)
}

/// As [`seal`], put behind what `out` holds already. After an error `out` is as it was.
///
/// # Errors
/// As [`seal`].
pub fn seal_into(
    key: &DataKey,
    nonce: &[u8; 24],
    associated: &[u8],
    plain: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), JournalError> {
    let cipher = XChaCha20Poly1305::new(&key.0.into());
    let before = out.len();
    out.reserve(plain.len() + SEAL_OVERHEAD);
    out.extend_from_slice(nonce);
    out.extend_from_slice(plain);
    let text = &mut out[before + NONCE..];
    match cipher.encrypt_inout_detached(&(*nonce).into(), associated, text.into()) {
        Ok(tag) => {
            out.extend_from_slice(&tag);
            Ok(())
        }
        Err(_) => {
            // What was to be sealed may not be left there in the clear.
            out[before..].fill(0);
            out.truncate(before);
            Err(JournalError::TooLarge { bytes: plain.len() as u64, limit: 1 << 38 })
        }
    }
}

/// Opens what [`seal`] made.
///
/// # Errors
/// `SealBroken` when the key, `associated` or any byte differs.
pub fn unseal(key: &DataKey, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, JournalError> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE>().ok_or(JournalError::SealBroken)?;
    let cipher = XChaCha20Poly1305::new(&key.0.into());
    let payload = Payload { msg: ciphertext, aad: associated };
    cipher.decrypt(&(*nonce).into(), payload).map_err(|_| JournalError::SealBroken)
}
