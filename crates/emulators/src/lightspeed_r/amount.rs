//! Decimals on the wire: money, rates, discounts; exact, with up to five places.
//!
//! Used by items and sales. It knows no currency beyond the number of its places.

use std::fmt;
use std::ops::{Add, Neg, Sub};

/// The number of units in one.
const ONE: i64 = 100_000;

/// A decimal with five places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads `41.9`, `-16.24`, `.5`; zeros after the fifth place are let pass, other digits are not.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let (part, rest) = part.split_at(part.len().min(5));
        if rest.bytes().any(|byte| byte != b'0') {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let part: i64 = format!("{part:0<5}").parse().ok()?;
        let size = whole.checked_mul(ONE)?.checked_add(part)?;
        Some(Self(if negative { -size } else { size }))
    }

    /// Minor units of a currency as the decimal they stand for.
    pub fn from_minor(minor: i64, currency: &str) -> Self {
        Self(minor.saturating_mul(unit(currency)))
    }

    /// Minor units, rounded half away from zero.
    pub fn to_minor(self, currency: &str) -> i64 {
        divide(i128::from(self.0), i128::from(unit(currency)))
    }

    /// Rounded to the places of the currency.
    pub fn rounded(self, currency: &str) -> Self {
        Self::from_minor(self.to_minor(currency), currency)
    }

    /// This many times.
    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// This part of it, 0.19 for nineteen per cent; rounded to five places.
    pub fn part(self, rate: Self) -> Self {
        Self(divide(i128::from(self.0) * i128::from(rate.0), i128::from(ONE)))
    }

    /// The tax that is inside an amount of this rate: `amount − amount / (1 + rate)`.
    pub fn contained(self, rate: Self) -> Self {
        let net = divide(i128::from(self.0) * i128::from(ONE), i128::from(ONE + rate.0.max(0)));
        Self(self.0 - net)
    }
}

/// Half away from zero; saturates, which only amounts beyond every till reach.
fn divide(value: i128, by: i128) -> i64 {
    let half = if value < 0 { -by / 2 } else { by / 2 };
    i64::try_from((value + half) / by).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

/// Size of the smallest coin.
fn unit(currency: &str) -> i64 {
    match currency {
        "JPY" | "KRW" | "CLP" | "VND" | "ISK" => ONE,
        "KWD" | "BHD" | "JOD" | "OMR" | "TND" => ONE / 1_000,
        _ => ONE / 100,
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// As short as it goes, as the platform shows it: `41.9`, never `41.90`.
impl fmt::Display for Amount {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let part = format!("{:05}", size % ONE.unsigned_abs());
        let part = part.trim_end_matches('0');
        let dot = if part.is_empty() { "" } else { "." };
        write!(to, "{sign}{}{dot}{part}", size / ONE.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).expect("an amount")
    }

    #[test]
    fn a_decimal_is_shown_as_short_as_it_goes() {
        for (read, shown) in
            [("41.90", "41.9"), ("35.21", "35.21"), ("0", "0"), ("-16.240000", "-16.24"), (".5", "0.5")]
        {
            assert_eq!(amount(read).to_string(), shown);
        }
        for wrong in ["", "-", ".", "1,5", "1e3", "0.000001", "99999999999999999999"] {
            assert_eq!(Amount::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn tax_is_added_to_a_net_price_and_found_in_a_gross_one() {
        assert_eq!(amount("35.21").part(amount("0.19")).rounded("EUR"), amount("6.69"));
        assert_eq!(amount("119").contained(amount("0.19")), amount("19"));
        assert_eq!(amount("-0.005").to_minor("EUR"), -1);
        assert_eq!(Amount::from_minor(7, "JPY").to_string(), "7");
    }
}
