//! Randomness, passed in so that tests draw what they like.

use crate::AccessError;

/// Where random bytes come from.
pub trait Dice: Send + Sync {
    /// Fills a buffer.
    ///
    /// # Errors
    /// When there are no random bytes to be had; whatever needed them must not go on.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), AccessError>;
}

/// The system's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDice;

impl Dice for SystemDice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), AccessError> {
        aws_lc_rs::rand::fill(bytes).map_err(|_| AccessError::NoDice)
    }
}

/// A secret that nobody guesses: 256 bits in URL-safe base64, 43 characters.
pub(crate) fn secret(dice: &dyn Dice) -> Result<String, AccessError> {
    use base64::Engine;
    let mut bytes = [0; 32];
    dice.fill(&mut bytes)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}
