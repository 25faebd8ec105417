//! Clover's ids: thirteen upper-case letters and digits, drawn from the world's dice.
//!
//! Used by every record of the merchant; it knows nothing of what an id names.

use crate::machine::Dice;
use std::fmt;

/// Letters and digits that cannot be taken for each other.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The id of one record. Orders by its text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id([u8; 13]);

impl Id {
    /// Sixty-five bits of dice.
    pub fn draw(dice: &mut Dice) -> Self {
        let (mut high, low) = (dice.draw(), dice.draw());
        let mut text = [0; 13];
        for sign in text.iter_mut().skip(1) {
            *sign = SIGNS[(high & 31) as usize];
            high >>= 5;
        }
        text[0] = SIGNS[(low & 31) as usize];
        Self(text)
    }

    /// `None` when the text is no such id.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 13] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit()).then_some(Self(bytes))
    }

    /// The thirteen signs.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("an id is made of ASCII signs only")
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_thirteen_signs_and_is_read_back() {
        let mut dice = Dice::new(3);
        let (one, two) = (Id::draw(&mut dice), Id::draw(&mut dice));
        assert_ne!(one, two);
        assert_eq!(one.as_str().len(), 13);
        assert_eq!(Id::parse(one.as_str()), Some(one));
        assert_eq!(Id::parse("b2gs5y9tkn4qw"), None);
        assert_eq!(Id::parse("B2GS5Y9TKN4Q"), None);
    }
}
