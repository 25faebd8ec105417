//! Passwords, kept as Argon2id hashes in the usual text form (PHC).
//!
//! The parameters are those that OWASP recommends: 19 MiB, two passes, one lane. A hash says its own parameters, so
//! they can be raised later without asking anybody for a new password.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::{AccessError, Dice};

/// Fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// Most bytes of one: longer ones are nobody's, and cost time.
const LONGEST: usize = 1_024;
/// KiB, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1_024, 2, 1);
/// A stored hash that asks for more than this many KiB was not written by us.
const COST_MAX: (u32, u32, u32) = (256 * 1_024, 16, 4);

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Too short.
    #[error("a password has at least {PASSWORD_MIN} characters")]
    Short,
    /// Too long.
    #[error("a password has at most {LONGEST} bytes")]
    Long,
    /// Guessed at once.
    #[error("this password is guessed at once: it is a name, or one character again and again")]
    Guessed,
}

/// What a hash was made with, and the hash.
struct Parts {
    cost: (u32, u32, u32),
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// A password's hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Hashes a password that is good enough for somebody of that name.
    ///
    /// # Errors
    /// When it is too weak, or there are no random bytes.
    pub fn new(name: &str, text: &str, dice: &dyn Dice) -> Result<Self, AccessError> {
        fit(name, text)?;
        let mut salt = [0; 16];
        dice.fill(&mut salt)?;
        let (memory, passes, lanes) = COST;
        let hash = hashed(text, &salt, COST).ok_or_else(|| AccessError::Stored("the cost of a password".into()))?;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Ok(Self(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}")))
    }

    /// A hash that no password has: checking against it takes as long as against a real one.
    pub fn nobody() -> Self {
        let (salt, hash) = (STANDARD_NO_PAD.encode([7; 16]), STANDARD_NO_PAD.encode([0; 32]));
        Self(format!("$argon2id$v=19$m={},t={},p={}${salt}${hash}", COST.0, COST.1, COST.2))
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// From what was stored.
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether this is the password. Takes tens of milliseconds and 19 MiB: call it away from threads that serve.
    pub fn is(&self, text: &str) -> bool {
        let Some(Parts { cost, salt, hash }) = self.parts() else { return false };
        text.len() <= LONGEST
            && hashed(text, &salt, cost)
                .is_some_and(|found| aws_lc_rs::constant_time::verify_slices_are_equal(&found, &hash).is_ok())
    }

    fn parts(&self) -> Option<Parts> {
        let mut parts = self.0.split('$');
        let head = (parts.next()?, parts.next()?, parts.next()?);
        if head != ("", "argon2id", "v=19") {
            return None;
        }
        let mut costs =
            parts.next()?.split(',').map(|cost| cost.split_once('=').and_then(|(_, cost)| cost.parse().ok()));
        let cost: (u32, u32, u32) = (costs.next()??, costs.next()??, costs.next()??);
        if cost.0 > COST_MAX.0 || cost.1 > COST_MAX.1 || cost.2 > COST_MAX.2 {
            return None;
        }
        let (salt, hash) = (parts.next()?, parts.next()?);
        Some(Parts { cost, salt: STANDARD_NO_PAD.decode(salt).ok()?, hash: STANDARD_NO_PAD.decode(hash).ok()? })
    }
}

fn hashed(text: &str, salt: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Option<[u8; 32]> {
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let mut out = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(text.as_bytes(), salt, &mut out).ok()?;
    Some(out)
}

fn fit(name: &str, text: &str) -> Result<(), Weak> {
    if text.chars().count() < PASSWORD_MIN {
        return Err(Weak::Short);
    }
    if text.len() > LONGEST {
        return Err(Weak::Long);
    }
    let lower = text.to_lowercase();
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let named = !name.is_empty() && lower.replace(&name.to_lowercase(), "").chars().count() < 4;
    if letters.len() < 4 || named || lower.contains("lockstep") && lower.len() < 16 {
        return Err(Weak::Guessed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemDice;

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let one = Password::new("ann", "correct horse battery", &SystemDice).expect("a password");
        let two = Password::new("ann", "correct horse battery", &SystemDice).expect("a password");
        assert_ne!(one.as_str(), two.as_str(), "the same password has two salts");
        assert!(one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(Password::stored(one.as_str()).is("correct horse battery"));
        for wrong in ["correct horse batter", "", "Correct horse battery"] {
            assert!(!one.is(wrong), "{wrong}");
        }
        assert!(!Password::nobody().is(""));
        assert_eq!(format!("{one:?}"), "Password(…)");
    }

    #[test]
    fn a_hash_made_elsewhere_with_the_same_algorithm_is_known() {
        // From the tests of the reference implementation (phc-winner-argon2, src/test.c).
        let known =
            Password::stored("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
        assert!(known.is("password"));
        assert!(!known.is("passwore"));
    }

    #[test]
    fn weak_passwords_and_strange_hashes_are_refused() {
        let weak = |text: &str| fit("ann.smith", text).err();
        assert_eq!(weak("short"), Some(Weak::Short));
        assert_eq!(weak(&"long ".repeat(300)), Some(Weak::Long));
        for guessed in ["aaaaaaaaaaaaaaaa", "Ann.Smith123", "121212121212", "lockstep1234"] {
            assert_eq!(weak(guessed), Some(Weak::Guessed), "{guessed}");
        }
        assert_eq!(weak("three blind mice"), None);
        for strange in ["", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", "$2y$10$x", "$argon2id$v=19$m=8$a$b"] {
            assert!(!Password::stored(strange).is("x"), "{strange}");
        }
    }
}
