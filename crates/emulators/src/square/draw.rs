//! Ids and keys drawn from the world's dice: opaque and unpredictable, as the vendor's are.

use crate::machine::Dice;

const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// `length` letters and digits.
pub fn id(dice: &mut Dice, length: usize) -> String {
    let mut text = String::with_capacity(length);
    let mut bits = 0;
    for index in 0..length {
        if index % 12 == 0 {
            bits = dice.draw();
        }
        text.push(char::from(LETTERS[(bits & 31) as usize]));
        bits >>= 5;
    }
    text
}

/// A random UUID of version 4, as event ids are.
pub fn uuid(dice: &mut Dice) -> String {
    let high = (dice.draw() & !0xF000) | 0x4000;
    let low = (dice.draw() & !(0b11 << 62)) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    )
}
