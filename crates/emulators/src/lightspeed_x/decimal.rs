//! X-Series quantities and money: decimals with up to five places, held as whole hundred-thousandths.
//!
//! Used wherever goods or money are counted. The date-version API shows them as JSON numbers, the old hook shapes as
//! text; both are made here. It knows nothing of what is counted.

use serde_json::{Number, Value};
use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

/// A signed decimal in hundred-thousandths of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

const ONE: i64 = 100_000;
/// Beyond this a sum of many could leave the integer.
const WHOLE_MAX: i64 = 1_000_000_000;

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From hundred-thousandths.
    pub fn raw(hundred_thousandths: i64) -> Self {
        Self(hundred_thousandths)
    }

    /// Reads `7`, `-0.5`, `0.33333`. `None` for anything else: more than five places, an exponent, more than a billion.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|byte| byte.is_ascii_digit());
        let odd = whole.is_empty() || whole.len() > 10 || part.len() > 5 || digits.ends_with('.');
        if odd || !plain(whole) || !plain(part) {
            return None;
        }
        let units: i64 = whole.parse().ok().filter(|units| *units <= WHOLE_MAX)?;
        let parts: i64 = format!("{part:0<5}").parse().ok()?;
        let value = units * ONE + parts;
        Some(Self(if negative { -value } else { value }))
    }

    /// Reads a JSON number, or a text with a number in it, as the vendor takes both. A number with more than five
    /// places is rounded. `None` when it is neither, or more than a billion.
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::of_number(number),
            Value::String(text) => Self::parse(text.trim()),
            _ => None,
        }
    }

    fn of_number(number: &Number) -> Option<Self> {
        if let Some(whole) = number.as_i64() {
            return (whole.abs() <= WHOLE_MAX).then(|| Self(whole * ONE));
        }
        let scaled = (number.as_f64()? * ONE as f64).round();
        let fits = scaled.is_finite() && scaled.abs() <= (WHOLE_MAX * ONE) as f64;
        fits.then_some(Self(scaled as i64))
    }

    /// As the date-version API shows it: a JSON number, without a fraction when it has none.
    pub fn number(self) -> Value {
        if self.0 % ONE == 0 {
            return Value::from(self.0 / ONE);
        }
        // A 64-bit float holds every amount in reach to more than five places, and prints it shortest.
        Number::from_f64(self.0 as f64 / ONE as f64).map_or(Value::Null, Value::Number)
    }

    /// As old shapes show money: at least two places.
    pub fn money(self) -> String {
        let text = self.to_string();
        match text.split_once('.') {
            None => text + ".00",
            Some((_, part)) if part.len() < 2 => text + "0",
            Some(_) => text,
        }
    }

    /// As old shapes show counts: always five places.
    pub fn fixed(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:05}", (self.0 / ONE).abs(), (self.0 % ONE).abs())
    }

    /// The product, rounded half away from zero at the fifth place; capped where nothing fits.
    pub fn times(self, other: Self) -> Self {
        Self(divide(i128::from(self.0) * i128::from(other.0), i128::from(ONE)))
    }

    /// The quotient, rounded half away from zero at the fifth place; zero over nothing.
    pub fn over(self, other: Self) -> Self {
        if other.0 == 0 {
            return Self::ZERO;
        }
        let sign = i128::from(other.0.signum());
        Self(divide(i128::from(self.0) * i128::from(ONE) * sign, i128::from(other.0).abs()))
    }

    /// Rounded half away from zero to so many places, at most five.
    pub fn rounded(self, places: u32) -> Self {
        let step = 10_i64.pow(5 - places.min(5));
        Self(divide(i128::from(self.0), i128::from(step)).saturating_mul(step))
    }

    /// Hundred-thousandths.
    pub fn as_raw(self) -> i64 {
        self.0
    }

    /// Above zero.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Below zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Zero.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// Half away from zero; capped where the quotient does not fit.
fn divide(dividend: i128, divisor: i128) -> i64 {
    let half = divisor / 2 * dividend.signum();
    let quotient = (dividend + half) / divisor;
    i64::try_from(quotient).unwrap_or(if quotient < 0 { i64::MIN } else { i64::MAX })
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = ((self.0 / ONE).abs(), (self.0 % ONE).abs());
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:05}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

impl Add for Decimal {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Decimal {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl AddAssign for Decimal {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Decimal {
        Decimal::parse(text).expect("a decimal")
    }

    #[test]
    fn decimals_are_read_and_written_without_loss() {
        for text in ["0", "7", "-2", "0.5", "-0.5", "0.33333", "12.00001", "1000000000"] {
            assert_eq!(read(text).to_string(), text);
        }
        for text in ["", "-", ".5", "5.", "1e3", "0.333333", "+1", "1,5", "99999999999", "--1"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn json_numbers_keep_their_cents() {
        assert_eq!(read("17.61").number().to_string(), "17.61");
        assert_eq!(read("2").number(), json!(2));
        assert_eq!(Decimal::read(&json!(17.61)), Some(read("17.61")));
        assert_eq!(Decimal::read(&json!("20.95")), Some(read("20.95")));
        assert_eq!(Decimal::read(&json!(1e15)), None);
        assert_eq!(Decimal::read(&json!(null)), None);
    }

    #[test]
    fn old_shapes_show_money_with_two_places_and_counts_with_five() {
        assert_eq!((read("41.9").money(), read("7").money()), ("41.90".into(), "7.00".into()));
        assert_eq!((read("7").fixed(), read("-0.5").fixed()), ("7.00000".into(), "-0.50000".into()));
    }

    #[test]
    fn products_and_quotients_are_rounded_half_away_from_zero() {
        assert_eq!(read("0.33333").times(read("3")).to_string(), "0.99999");
        assert_eq!(read("20.95").over(read("1.19")).rounded(2).to_string(), "17.61");
        assert_eq!(read("-0.005").rounded(2).to_string(), "-0.01");
    }
}
