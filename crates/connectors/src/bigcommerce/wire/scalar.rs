//! Ids, counts and amounts as the two API versions write them: numbers here, text there. Each is kept by its digits, so
//! that nothing is rounded on the way.

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Above this a JSON number may have been rounded by whoever wrote it.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A numeric id. 0 stands for "none" in several fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id(u64);

impl Id {
    /// Whether it stands for "none".
    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whole number for an id")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Id, E> {
        if number.fract() == 0.0 && (0.0..EXACT_MAX).contains(&number) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole and in range, as just checked"
            )]
            return Ok(Id(number as u64));
        }
        Err(E::invalid_value(Unexpected::Float(number), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = if digits { text.parse().ok().map(Id) } else { None };
        id.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

macro_rules! digits {
    ($($(#[$doc:meta])* $name:ident, $expecting:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) struct $name(String);

        impl $name {
            /// The digits.
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(DigitsVisitor { expecting: $expecting }).map(Self)
            }
        }
    )*};
}

digits! {
    /// How many.
    Count, "a number for a quantity",
    /// An amount of money in major units.
    Amount, "a number for an amount",
}

struct DigitsVisitor {
    expecting: &'static str,
}

impl Visitor<'_> for DigitsVisitor {
    type Value = String;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    /// The shortest text that reads back as the same number: what the platform wrote, if it wrote a decimal.
    fn visit_f64<E: Error>(self, number: f64) -> Result<String, E> {
        serde_json::Number::from_f64(number)
            .map(|number| number.to_string())
            .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.trim().to_owned())
    }
}
