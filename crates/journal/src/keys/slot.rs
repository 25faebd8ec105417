//! One 128-byte slot of the key file: a wrapped data key, or the tombstone of one.
//!
//! | bytes | field |
//! | --- | --- |
//! | 0..16 | id |
//! | 16..88 | nonce, wrapped key and tag; zeros in a tombstone |
//! | 88 | state: 1 live, 2 destroyed |
//! | 89..124 | zeros |
//! | 124..128 | CRC-32 of bytes 0..124, little endian |
//!
//! The file begins with a header of the same length. Four slots fill a sector and none crosses its border, so a slot
//! is written whole or not at all. Only the key store uses it.

use super::KeyId;
use super::seal::{DataKey, MasterKey, SEAL_OVERHEAD, seal, unseal};
use crate::error::JournalError;
use crate::segment::frame::{array_at, u32_at};

pub(super) const SLOT: usize = 128;
pub(super) const WRAPPED: usize = 32 + SEAL_OVERHEAD;

const MAGIC: [u8; 8] = *b"LsKeys\0\x01";
const LIVE: u8 = 1;
const DESTROYED: u8 = 2;

/// A data key under the master key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wrapped([u8; WRAPPED]);

impl Wrapped {
    pub fn wrap(master: &MasterKey, nonce: &[u8; 24], id: &KeyId, key: &DataKey) -> Result<Self, JournalError> {
        let sealed = seal(&master.as_data_key(), nonce, &id.0, key.bytes())?;
        Ok(Self(sealed.try_into().expect("a sealed 32-byte key has a fixed length")))
    }

    pub fn unwrap_with(&self, master: &MasterKey, id: &KeyId) -> Result<DataKey, JournalError> {
        let plain = unseal(&master.as_data_key(), &id.0, &self.0)?;
        plain.try_into().map(DataKey::new).map_err(|_| JournalError::SealBroken)
    }
}

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Empty,
    Live(KeyId, Wrapped),
    Destroyed(KeyId),
    Damaged,
}

impl Slot {
    pub fn encode(&self) -> [u8; SLOT] {
        let mut bytes = [0; SLOT];
        match self {
            Self::Empty | Self::Damaged => return bytes,
            Self::Live(id, wrapped) => {
                bytes[..16].copy_from_slice(&id.0);
                bytes[16..88].copy_from_slice(&wrapped.0);
                bytes[88] = LIVE;
            }
            Self::Destroyed(id) => {
                bytes[..16].copy_from_slice(&id.0);
                bytes[88] = DESTROYED;
            }
        }
        finished(bytes)
    }

    pub fn decode(bytes: &[u8; SLOT]) -> Self {
        if bytes == &[0; SLOT] {
            return Self::Empty;
        }
        if crc32fast::hash(&bytes[..124]) != u32_at(bytes, 124) {
            return Self::Damaged;
        }
        let id = KeyId(array_at(bytes, 0));
        match bytes[88] {
            LIVE => Self::Live(id, Wrapped(array_at(bytes, 16))),
            DESTROYED => Self::Destroyed(id),
            _ => Self::Damaged,
        }
    }
}

/// The file's header: magic 0..8, the master key's fingerprint 16..32, CRC as in a slot.
pub(super) fn file_header(master: &MasterKey) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[16..32].copy_from_slice(&master.fingerprint());
    finished(bytes)
}

/// Whether the bytes are a key file's header, whatever its master key.
pub(super) fn is_file_header(bytes: &[u8]) -> bool {
    bytes.len() == SLOT && bytes[..8] == MAGIC && crc32fast::hash(&bytes[..124]) == u32_at(bytes, 124)
}

fn finished(mut bytes: [u8; SLOT]) -> [u8; SLOT] {
    let crc = crc32fast::hash(&bytes[..124]);
    bytes[124..].copy_from_slice(&crc.to_le_bytes());
    bytes
}
