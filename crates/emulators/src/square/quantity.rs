//! Square's quantities: decimal strings with up to five places, held as whole hundred-thousandths.
//!
//! Used wherever goods are counted; it knows nothing of what is counted.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// A signed quantity in hundred-thousandths of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i64);

const UNIT: i64 = 100_000;
/// Beyond this a sum of many could leave the integer; Square's own fields are far shorter.
const WHOLE_MAX: i64 = 1_000_000_000;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads `7`, `-0.5`, `0.33333`. `None` for anything else: more than five places, a sign without digits, an
    /// exponent, or more than a billion.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let dangling = digits.ends_with('.');
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 10 || part.len() > 5 || dangling || !plain(whole) || !plain(part) {
            return None;
        }
        let units: i64 = whole.parse().ok().filter(|units| *units <= WHOLE_MAX)?;
        let mut parts: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
        for _ in part.len()..5 {
            parts *= 10;
        }
        let value = units * UNIT + parts;
        Some(Self(if negative { -value } else { value }))
    }

    /// The quantity times a unit price in minor units, rounded half away from zero; capped where no sum of money fits.
    pub fn price(self, unit_minor: i64) -> i64 {
        let exact = i128::from(self.0) * i128::from(unit_minor);
        let half = i128::from(UNIT / 2) * exact.signum();
        i64::try_from((exact + half) / i128::from(UNIT)).unwrap_or(if exact < 0 { i64::MIN } else { i64::MAX })
    }

    /// Above zero.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Zero.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Without the sign.
    pub fn magnitude(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = ((self.0 / UNIT).abs(), (self.0 % UNIT).abs());
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:05}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

impl Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Quantity {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_and_written_without_loss() {
        for text in ["0", "7", "-2", "0.5", "-0.5", "0.33333", "12.00001", "1000000000"] {
            assert_eq!(Quantity::parse(text).map(|q| q.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Quantity::parse("1.50").map(|q| q.to_string()).as_deref(), Some("1.5"));
    }

    #[test]
    fn what_is_not_a_decimal_with_five_places_is_refused() {
        for text in ["", "-", ".5", "5.", "1e3", "0.333333", "+1", "1,5", "99999999999", "--1"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_price_is_rounded_half_away_from_zero() {
        let third = Quantity::parse("0.33333").expect("a quantity");
        assert_eq!(third.price(300), 100);
        assert_eq!((-third).price(300), -100);
        assert_eq!(Quantity::parse("0.5").expect("a quantity").price(1), 1);
    }
}
