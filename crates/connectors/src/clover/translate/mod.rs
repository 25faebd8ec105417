//! Their shapes to our words. Used by `learn` and `write`; knows no headers, requests or replies.

mod item;
mod order;
mod party;

pub(super) use item::item;
pub(super) use order::{order, paid_lines};
pub(super) use party::{customer, gone_customer, location};

use model::Level;
use serde_json::Number;

use super::wire::unreadable;
use crate::Unreadable;

/// An id that may be used: opaque, but not empty.
pub(super) fn id<'a>(path: &str, text: &'a str) -> Result<&'a str, Unreadable> {
    if text.trim().is_empty() { Err(unreadable(path, "is empty")) } else { Ok(text.trim()) }
}

/// How far a double may lie beside a decimal of five places and still be taken for it: Clover counts in doubles, so
/// 2.3 less 0.1 comes as 2.1999999999999997. Anything farther off is a real sixth place and refused.
const NOISE: f64 = 1e-9;

/// A level from a JSON number.
///
/// # Errors
/// When it has more than five places or is too large.
pub(super) fn level(path: &str, number: &Number) -> Result<Level, Unreadable> {
    let text = number.to_string();
    let exact = Level::parse(&text);
    let error = match exact {
        Ok(level) => return Ok(level),
        Err(error) => error,
    };
    let near = number.as_f64().filter(|value| value.abs() < 1e6).map(|value| (format!("{value:.5}"), value));
    let near = near.filter(|(text, value)| text.parse::<f64>().is_ok_and(|near| (near - value).abs() < NOISE));
    near.and_then(|(text, _)| Level::parse(&text).ok()).ok_or_else(|| unreadable(path, format!("is {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Level, Unreadable> {
        level("quantity", &serde_json::from_str(text).expect("a JSON number"))
    }

    #[test]
    fn levels_are_exact_but_for_the_noise_of_doubles() {
        let level = |text| Level::parse(text).expect("a level");
        assert_eq!(read("4"), Ok(level("4")));
        assert_eq!(read("-160.5"), Ok(level("-160.5")));
        assert_eq!(read("2.1999999999999997"), Ok(level("2.2")));
        assert_eq!(read("-0.30000000000000004"), Ok(level("-0.3")));
        for wrong in ["0.123456", "1e300", "10000000000000", "1e-7", "-1.000001"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
