//! Ids that the vendor draws rather than counts.
//!
//! Used for transaction ids, webhook ids and OAuth codes; numbers are counted where they belong.

use crate::machine::Dice;

/// `length` lower-case hexadecimal digits.
pub fn hex(dice: &mut Dice, length: usize) -> String {
    let mut text = String::with_capacity(length + 16);
    while text.len() < length {
        text.push_str(&format!("{:016x}", dice.draw()));
    }
    text.truncate(length);
    text
}
