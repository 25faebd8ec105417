//! Ids of everything that the retailer holds: UUIDs, kept as numbers so that many fit in memory.
//!
//! Used by every record; it does not know whose id it is.

use crate::machine::Dice;
use std::fmt;

const HEX: &[u8; 16] = b"0123456789abcdef";
/// Where a UUID has dashes.
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// A UUID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u128);

impl Id {
    /// A new UUID of version 4.
    pub fn draw(dice: &mut Dice) -> Self {
        let bits = (u128::from(dice.draw()) << 64) | u128::from(dice.draw());
        let version = bits & !(0xF << 76) | (0x4 << 76);
        Self(version & !(0b11 << 62) | (0b10 << 62))
    }

    /// Reads `8-4-4-4-12` hexadecimal digits, upper or lower case. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 36 {
            return None;
        }
        let mut value: u128 = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if DASHES.contains(&at) {
                if *byte != b'-' {
                    return None;
                }
                continue;
            }
            let digit = char::from(*byte).to_digit(16)?;
            value = (value << 4) | u128::from(digit);
        }
        Some(Self(value))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'-'; 36];
        let mut bits = self.0;
        // From the last digit to the first; the dashes are there already.
        for at in (0..36).rev().filter(|at| !DASHES.contains(at)) {
            text[at] = HEX[(bits & 0xF) as usize];
            bits >>= 4;
        }
        f.write_str(std::str::from_utf8(&text).expect("hexadecimal digits and dashes are text"))
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The short name that a sale carries on its receipt: six letters and digits.
pub fn short_code(dice: &mut Dice) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut bits = dice.draw();
    let mut code = String::with_capacity(6);
    for _ in 0..6 {
        code.push(char::from(LETTERS[(bits & 31) as usize]));
        bits >>= 5;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_from_its_own_text_and_nothing_else_is_read() {
        let id = Id::draw(&mut Dice::new(3));
        let text = id.to_string();
        assert_eq!(Id::parse(&text), Some(id));
        let known = "8b3f1f2e-7c51-11ef-e0f6-5a3d7c9d1e10";
        assert_eq!(Id::parse(known).map(|id| id.to_string()).as_deref(), Some(known));
        assert_eq!(Id::parse(&text.to_uppercase()), Some(id));
        assert_eq!((text.len(), &text[14..15]), (36, "4"));
        for wrong in ["", "8b3f1f2e", "8b3f1f2e-7c51-11ef-e0f6-5a3d7c9d1e1x", "8b3f1f2e07c51-11ef-e0f6-5a3d7c9d1e10"] {
            assert_eq!(Id::parse(wrong), None, "{wrong}");
        }
    }
}
