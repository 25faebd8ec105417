//! Second factors are needed in clear to be checked, so they cannot be kept as hashes: they are sealed under a key that
//! is derived from the hub's master key and belongs to nothing else.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::{AccessError, Dice};

const NONCE: usize = 24;

/// Seals and opens second factors.
#[derive(Clone)]
pub struct Seal([u8; 32]);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// From the hub's master key.
    pub fn of_master(master: &[u8; 32]) -> Self {
        Self(blake3::derive_key("lockstep 2026-11-24 access second factors", master))
    }

    /// Seals a secret to whom it belongs; the answer is 40 bytes longer.
    pub(crate) fn close(&self, of: i64, secret: &[u8], dice: &dyn Dice) -> Result<Vec<u8>, AccessError> {
        let mut nonce = [0; NONCE];
        dice.fill(&mut nonce)?;
        let aad = of.to_be_bytes();
        let payload = Payload { msg: secret, aad: &aad };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| AccessError::Sealed)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`close`](Self::close) gave.
    pub(crate) fn open(&self, of: i64, sealed: &[u8]) -> Result<Vec<u8>, AccessError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(AccessError::Sealed)?;
        let aad = of.to_be_bytes();
        let payload = Payload { msg: sealed, aad: &aad };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| AccessError::Sealed)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemDice;

    #[test]
    fn a_sealed_secret_opens_only_for_whom_it_was_sealed_and_under_the_same_key() {
        let seal = Seal::of_master(&[1; 32]);
        let sealed = seal.close(7, b"twenty bytes of them", &SystemDice).expect("sealed");
        assert!(!sealed.windows(6).any(|part| part == b"twenty"));
        assert_eq!(seal.open(7, &sealed).expect("opened"), b"twenty bytes of them");
        assert!(seal.open(8, &sealed).is_err());
        assert!(Seal::of_master(&[2; 32]).open(7, &sealed).is_err());
        assert!(seal.open(7, &sealed[..10]).is_err());
    }
}
