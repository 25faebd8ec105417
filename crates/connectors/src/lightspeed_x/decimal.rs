//! Numbers exactly as they were written. JSON numbers with a fraction would pass through a binary float on their way
//! in, so they are put in quotes before the JSON is read. Used by `wire`; knows no field.

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Longest number that is read, in characters with its exponent written out: far above any level or amount.
const LONGEST: usize = 60;
/// Decimal places that sums are made with.
const PLACES: usize = 12;

/// A decimal number as plain text: digits, at most one point, at most one leading minus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lightspeed_x) struct Decimal(String);

impl Decimal {
    /// Reads a JSON number or the same in a string, an exponent written out. `None` for anything else.
    pub(in crate::lightspeed_x) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (sign, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !numeric(whole) || !numeric(fraction) {
            return None;
        }
        written_out(whole, fraction, exponent).map(|plain| Self(format!("{sign}{plain}")))
    }

    /// The plain text.
    pub(in crate::lightspeed_x) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is below zero.
    pub(in crate::lightspeed_x) fn is_negative(&self) -> bool {
        self.0.starts_with('-') && self.0.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    }

    /// Without its sign.
    pub(in crate::lightspeed_x) fn size(&self) -> &str {
        self.0.trim_start_matches('-')
    }

    /// The sum; `None` when it cannot be written with twelve decimals.
    pub(in crate::lightspeed_x) fn plus(&self, other: &Self) -> Option<Self> {
        Some(Self::of_scaled(self.scaled()?.checked_add(other.scaled()?)?))
    }

    /// Zero.
    pub(in crate::lightspeed_x) fn zero() -> Self {
        Self("0".to_owned())
    }

    /// With the other sign.
    pub(in crate::lightspeed_x) fn negated(&self) -> Self {
        if self.is_negative() { Self(self.size().to_owned()) } else { Self(format!("-{}", self.size())) }
    }

    /// Whether it is above zero.
    pub(in crate::lightspeed_x) fn is_positive(&self) -> bool {
        !self.0.starts_with('-') && self.0.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    }

    /// The product, to twelve decimals; `None` when it is too large.
    pub(in crate::lightspeed_x) fn times(&self, other: &Self) -> Option<Self> {
        let scale = 10_i128.pow(u32::try_from(PLACES).ok()?);
        let product = self.scaled()?.checked_mul(other.scaled()?)?;
        let half = if product < 0 { -scale / 2 } else { scale / 2 };
        Some(Self::of_scaled(product.checked_add(half)? / scale))
    }

    /// To four decimals, the last one rounded: what is left of computed prices below that is noise.
    pub(in crate::lightspeed_x) fn rounded(&self) -> Self {
        const NOISE: i128 = 100_000_000;
        match self.scaled() {
            Some(value) => Self::of_scaled((value + if value < 0 { -NOISE / 2 } else { NOISE / 2 }) / NOISE * NOISE),
            None => self.clone(),
        }
    }

    fn of_scaled(value: i128) -> Self {
        let sign = if value < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", value.unsigned_abs(), width = PLACES + 1);
        let (whole, fraction) = digits.split_at(digits.len() - PLACES);
        Self(format!("{sign}{whole}.{fraction}"))
    }

    fn scaled(&self) -> Option<i128> {
        let (whole, fraction) = self.size().split_once('.').unwrap_or((self.size(), ""));
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > PLACES {
            return None;
        }
        let value: i128 = format!("{whole}{fraction:0<PLACES$}").parse().ok()?;
        Some(if self.is_negative() { -value } else { value })
    }
}

/// Moves the point by the exponent. `None` when that makes it too long.
fn written_out(whole: &str, fraction: &str, exponent: i64) -> Option<String> {
    let digits = format!("{whole}{fraction}");
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let longest = i64::try_from(LONGEST).ok()?;
    if digits.len() > LONGEST || !(-longest..=longest).contains(&point) {
        return None;
    }
    let before = usize::try_from(point.max(0)).ok()?;
    let zeros = usize::try_from((-point).max(0)).ok()?;
    let digits = format!("{}{digits}", "0".repeat(zeros));
    if before >= digits.len() {
        return Some(format!("{digits:0<before$}"));
    }
    let (whole, fraction) = digits.split_at(before);
    Some(format!("{}.{fraction}", if whole.is_empty() { "0" } else { whole }))
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Decimal;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a decimal number")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Decimal, E> {
                Ok(Decimal(value.to_string()))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Decimal, E> {
                Ok(Decimal(value.to_string()))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Decimal, E> {
                Decimal::parse(value).ok_or_else(|| E::invalid_type(serde::de::Unexpected::Str(""), &self))
            }
        }

        deserializer.deserialize_any(Number)
    }
}

/// The same JSON with every number that has a fraction or an exponent in quotes. What is not JSON stays so.
pub(in crate::lightspeed_x) fn quoted(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() + json.len() / 8);
    let mut rest = json;
    while let Some(byte) = rest.first() {
        let length = match byte {
            b'"' => string_length(rest),
            b'-' | b'0'..=b'9' => rest.iter().take_while(|byte| numeral(**byte)).count(),
            _ => 1,
        };
        let (token, tail) = rest.split_at(length.clamp(1, rest.len()));
        let number = matches!(byte, b'-' | b'0'..=b'9') && is_fraction(token);
        if number {
            out.push(b'"');
        }
        out.extend_from_slice(token);
        if number {
            out.push(b'"');
        }
        rest = tail;
    }
    out
}

fn numeral(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}

/// Of the string literal at the start, with its quotes; to the end when it is not closed.
fn string_length(json: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

/// Whether it is a JSON number, and not a whole one.
fn is_fraction(token: &[u8]) -> bool {
    let whole = token.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
    !whole && serde_json::from_slice::<serde_json::Number>(token).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        Decimal::parse(text).map(|decimal| decimal.as_str().to_owned())
    }

    #[test]
    fn an_exponent_is_written_out_and_nonsense_is_refused() {
        assert_eq!(read("1e-5").as_deref(), Some("0.000010"));
        assert_eq!(read("-2.50E2").as_deref(), Some("-250"));
        assert_eq!(read("12.5e3").as_deref(), Some("12500"));
        assert_eq!(read("1e300"), None);
        for text in ["", "-", ".5", "5.", "1e", "NaN", "1,5", "--1", "0x1", "\u{661}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_sum_is_exact_or_refused() {
        let decimal = |text| Decimal::parse(text).expect("a number");
        let sum = |a, b| decimal(a).plus(&decimal(b)).map(|sum| sum.as_str().to_owned());
        assert_eq!(sum("4.30435", "0.64565").as_deref(), Some("4.950000000000"));
        assert_eq!(sum("-0.1", "0.05").as_deref(), Some("-0.050000000000"));
        assert_eq!(sum("0.0000000000001", "1"), None);
    }

    #[test]
    fn only_numbers_with_a_fraction_are_quoted_and_never_inside_text() {
        let json = br#"{"a\"1.5":-0.10,"b":[7,1E2,"2.5"],"c":1.}"#;
        assert_eq!(String::from_utf8_lossy(&quoted(json)), r#"{"a\"1.5":"-0.10","b":[7,"1E2","2.5"],"c":1.}"#);
        assert_eq!(quoted(b"\"open 1.5\\"), b"\"open 1.5\\");
    }

    proptest! {
        #[test]
        fn any_number_is_read_as_it_was_written(whole in -1_000_000_000_i64..1_000_000_000, parts in 0_u32..100_000) {
            let text = format!("{whole}.{parts:05}");
            let json = quoted(format!("[{text}]").as_bytes());
            let read: Vec<Decimal> = serde_json::from_slice(&json).expect("a number");
            prop_assert_eq!(read[0].as_str(), text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(quoted(&bytes).len() >= bytes.len());
        }
    }
}
