//! Quantities: exact decimals with up to five places, as acts and stock have them; lines have thousandths.
//!
//! Used by catalogue, orders and acts. It knows no unit of measure.

use serde_json::Value;
use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

const UNIT: i64 = 100_000;
const MILLI: i64 = UNIT / 1_000;
/// The largest whole part that is read: a billion.
const WHOLE_MAX: i64 = 1_000_000_000;

/// A signed quantity in hundred-thousandths of one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One piece.
    pub const ONE: Self = Self(UNIT);

    /// Reads a decimal string such as `-0.5`; `None` when it is not one, or has more than five places.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
        if !is_number(whole) || !is_number(part) || part.len() > 5 || whole.len() > 10 {
            return None;
        }
        let whole: i64 = whole.parse().ok().filter(|whole| *whole <= WHOLE_MAX)?;
        let part: i64 = format!("{part:0<5}").parse().ok()?;
        let size = whole * UNIT + part;
        Some(Self(if negative { -size } else { size }))
    }

    /// Reads a JSON number, rounded to five places; `None` when it is no number or out of reach.
    pub fn of_json(value: &Value) -> Option<Self> {
        let units = (value.as_f64()? * UNIT as f64).round();
        // Within this bound a float holds every whole number exactly, so the cast loses nothing.
        (units.abs() <= (WHOLE_MAX * UNIT) as f64).then_some(Self(units as i64))
    }

    /// So many thousandths.
    pub fn of_thousandths(thousandths: i64) -> Self {
        Self(thousandths.saturating_mul(MILLI))
    }

    /// As a JSON number with decimals, for example `4.0`.
    pub fn json(self) -> Value {
        Value::from(self.0 as f64 / UNIT as f64)
    }

    /// Rounded to whole units, halves away from zero: the old `stockCount`.
    pub fn rounded(self) -> i64 {
        (self.0 + UNIT / 2 * self.0.signum()) / UNIT
    }

    /// Thousandths, for `unitQty`; `None` when there are more than three decimals.
    pub fn thousandths(self) -> Option<i64> {
        (self.0 % MILLI == 0).then_some(self.0 / MILLI)
    }

    /// The number of pieces, when it is a whole number.
    pub fn pieces(self) -> Option<i64> {
        (self.0 % UNIT == 0).then_some(self.0 / UNIT)
    }

    /// This many at a unit price in minor units, halves rounded away from zero; the largest sum when it does not fit.
    pub fn price(self, unit_minor: i64) -> i64 {
        let exact = i128::from(self.0) * i128::from(unit_minor);
        let unit = i128::from(UNIT);
        i64::try_from((exact + unit / 2 * exact.signum()) / unit).unwrap_or(i64::MAX)
    }

    /// Above zero.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, part) = (size / UNIT.unsigned_abs(), size % UNIT.unsigned_abs());
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
    use serde_json::json;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).expect("a quantity")
    }

    #[test]
    fn decimals_with_five_places_are_read_and_written_as_they_are() {
        for text in ["0", "4", "-2", "0.5", "-0.25", "1.00001", "1000000000"] {
            assert_eq!(quantity(text).to_string(), text);
        }
        for text in ["", "-", "1.", ".5", "1e2", "+1", "0.000001", "1,5"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_holds_thousandths_and_nothing_finer() {
        assert_eq!(quantity("0.333").thousandths(), Some(333));
        assert_eq!(quantity("0.3333").thousandths(), None);
        assert_eq!(Quantity::of_thousandths(2_500), quantity("2.5"));
    }

    #[test]
    fn stock_is_a_number_with_decimals_and_its_old_count_is_rounded() {
        assert_eq!(quantity("4").json().to_string(), "4.0");
        assert_eq!(quantity("-2.5").rounded(), -3);
        assert_eq!(quantity("2.4").rounded(), 2);
        assert_eq!(Quantity::of_json(&json!(0.1)), Some(quantity("0.1")));
        assert_eq!(Quantity::of_json(&json!(-3)), Some(quantity("-3")));
        assert_eq!(Quantity::of_json(&json!(1e300)), None);
        assert_eq!(Quantity::of_json(&json!("4")), None);
    }

    #[test]
    fn a_weighed_price_is_rounded_half_away_from_zero() {
        assert_eq!(quantity("0.333").price(1_000), 333);
        assert_eq!(quantity("0.5").price(3), 2);
        assert_eq!(quantity("-0.5").price(3), -2);
    }
}
