//! Form tokens: proof that a form came from a page of ours that its sender was shown.

/// The secret that makes them; drawn at every start, so a form from before is asked for once more.
pub(in super::super) struct FormTokens([u8; 32]);

impl FormTokens {
    /// With a fresh secret.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(in super::super) fn new() -> Result<Self, NoDice> {
        random().map(Self)
    }

    /// The token of a session or, without one, of the open pages.
    pub(super) fn of(&self, session: &str) -> String {
        blake3::keyed_hash(&self.0, session.as_bytes()).to_hex()[..32].to_owned()
    }
}

/// The system gives no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("draw random bytes from the system")]
pub(in super::super) struct NoDice;

/// Random bytes from the system.
///
/// # Errors
/// When it gives none.
pub(super) fn random<const N: usize>() -> Result<[u8; N], NoDice> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoDice)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_between_sessions_and_between_starts() {
        let (one, two) = (FormTokens::new().expect("random bytes"), FormTokens::new().expect("random bytes"));
        assert_eq!(one.of("a"), one.of("a"));
        assert_ne!(one.of("a"), one.of("b"));
        assert_ne!(one.of("a"), two.of("a"));
    }
}
