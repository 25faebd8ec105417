//! Money as the vendor writes it: four decimal places, text in v2 and numbers in v3.
//!
//! Used by catalogue, orders and refunds. It knows no currency but the number of its places.

use serde_json::{Value, json};

const UNIT: i64 = 10_000;

/// Ten-thousandths of a major unit: 12.34 is `Amount(123_400)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From minor units of a currency with this many decimal places, at most four.
    pub fn from_minor(minor: i64, places: u32) -> Self {
        Self(minor.saturating_mul(10_i64.pow(4 - places.min(4))))
    }

    /// Minor units, rounded half away from zero.
    pub fn to_minor(self, places: u32) -> i64 {
        divide(self.0, 10_i64.pow(4 - places.min(4)))
    }

    /// A number or a decimal string, rounded to four places; `None` when it is neither or too large.
    pub fn read(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().parse::<f64>().ok()?,
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        let scaled = (number * 10_000.0).round();
        // Beyond this a double no longer holds every ten-thousandth.
        (scaled.abs() < 9.0e15).then_some(Self(scaled as i64))
    }

    /// The price without the tax that is in it.
    pub fn without_tax(self, percent: i64) -> Self {
        Self(divide(self.0.saturating_mul(100), 100 + percent))
    }

    /// The price with tax on top.
    pub fn with_tax(self, percent: i64) -> Self {
        Self(divide(self.0.saturating_mul(100 + percent), 100))
    }

    /// So many of it.
    pub fn times(self, quantity: i64) -> Self {
        Self(self.0.saturating_mul(quantity))
    }

    /// `41.9000`, as v2 writes it.
    pub fn text(self) -> String {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        format!("{sign}{}.{:04}", size / UNIT.unsigned_abs(), size % UNIT.unsigned_abs())
    }

    /// A JSON number, as v3 writes it.
    pub fn number(self) -> Value {
        if self.0 % UNIT == 0 { json!(self.0 / UNIT) } else { json!(self.0 as f64 / UNIT as f64) }
    }
}

impl std::ops::Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| sum + amount)
    }
}

/// Rounds half away from zero.
fn divide(value: i64, by: i64) -> i64 {
    let half = if value < 0 { -by / 2 } else { by / 2 };
    value.saturating_add(half) / by
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_text_with_four_places_in_v2_and_a_number_in_v3() {
        let price = Amount::from_minor(4_190, 2);
        assert_eq!((price.text().as_str(), price.number()), ("41.9000", json!(41.9)));
        assert_eq!(Amount::from_minor(700, 0).text(), "700.0000");
        assert_eq!(Amount::read(&json!("41.9000")), Some(price));
        assert_eq!(Amount::read(&json!(41.9)), Some(price));
        assert_eq!(Amount::read(&json!("a")), None);
    }

    #[test]
    fn tax_is_taken_out_and_put_on_with_four_places() {
        let price = Amount::from_minor(700, 2);
        assert_eq!(price.without_tax(20).text(), "5.8333");
        assert_eq!(Amount::from_minor(-5, 2).text(), "-0.0500");
        assert_eq!(Amount::from_minor(583, 2).with_tax(20).text(), "6.9960");
        assert_eq!(price.without_tax(20).with_tax(20).to_minor(2), 700);
    }
}
