//! Money: whole minor units with their currency. Never a float, never mixed.

use minicbor::{Decode, Encode};
use serde::{Serialize, Serializer};

/// An ISO 4217 code, for example `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Currency(
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    [u8; 3],
);

impl Currency {
    /// `None` unless the code is three ASCII letters; stored in upper case.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The code in upper case.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals the currency's major unit has (ISO 4217 exponent).
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// An amount in the smallest coin of its currency: 12.34 EUR is `minor: 1234`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize)]
pub struct Money {
    /// Minor units, may be negative.
    #[n(0)]
    pub minor: i64,
    /// The currency.
    #[n(1)]
    pub currency: Currency,
}

impl std::fmt::Display for Money {
    /// As in `12.34 EUR`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency.code())
    }
}

impl Money {
    /// `None` when the currencies differ or the sum does not fit: there is no right answer to guess.
    pub fn plus(self, other: Self) -> Option<Self> {
        (self.currency == other.currency)
            .then(|| self.minor.checked_add(other.minor))
            .flatten()
            .map(|minor| Self { minor, currency: self.currency })
    }

    /// From a decimal text in major units (`"12.34"`). `None` when it is not a number, has more decimals than the
    /// currency knows (other than zeros), or does not fit.
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        decimal(text, currency.decimals()).map(|minor| Self { minor, currency })
    }

    /// Decimal text in major units.
    pub fn to_decimal(self) -> String {
        let places = self.currency.decimals();
        if places == 0 {
            return self.minor.to_string();
        }
        let unit = 10_u64.pow(places);
        let sign = if self.minor < 0 { "-" } else { "" };
        let size = self.minor.unsigned_abs();
        format!("{sign}{}.{:0width$}", size / unit, size % unit, width = places as usize)
    }
}

/// An exact decimal with at most `places` decimals, scaled by 10^places. No exponent, no sign but a leading `-` or `+`.
pub(crate) fn decimal(text: &str, places: u32) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || digits.ends_with('.') {
        return None;
    }
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (kept, rest) = fraction.split_at(fraction.len().min(places as usize));
    if rest.bytes().any(|b| b != b'0') {
        return None;
    }
    let mut value: i64 = 0;
    for byte in whole.bytes().chain(kept.bytes()) {
        value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
    }
    for _ in kept.len()..places as usize {
        value = value.checked_mul(10)?;
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur() -> Currency {
        Currency::parse("eur").expect("three letters")
    }

    #[test]
    fn amounts_from_text_are_exact_or_refused() {
        let minor = |text| Money::parse(text, eur()).map(|m| m.minor);
        assert_eq!(minor("12.34"), Some(1234));
        assert_eq!(minor("-0.5"), Some(-50));
        assert_eq!(minor("7"), Some(700));
        assert_eq!(minor("1.230"), Some(123));
        assert_eq!(minor("1.234"), None);
        assert_eq!(minor("1e3"), None);
        assert_eq!(minor(""), None);
        assert_eq!(minor("."), None);
        assert_eq!(minor("1."), None);
        assert_eq!(minor("--1"), None);
        assert_eq!(minor("99999999999999999999"), None);
        assert_eq!(Money::parse("500", Currency::parse("JPY").expect("code")).map(|m| m.minor), Some(500));
    }

    #[test]
    fn amounts_print_as_they_were_read() {
        for text in ["12.34", "-0.50", "0.00", "7.05"] {
            assert_eq!(Money::parse(text, eur()).expect("amount").to_decimal(), text);
        }
    }

    #[test]
    fn different_currencies_do_not_add() {
        let pound = Money { minor: 1, currency: Currency::parse("GBP").expect("code") };
        assert_eq!(Money { minor: 1, currency: eur() }.plus(pound), None);
        assert_eq!(Money { minor: i64::MAX, currency: eur() }.plus(Money { minor: 1, currency: eur() }), None);
    }
}
