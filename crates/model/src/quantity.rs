//! Quantities, exact to five decimal places: what is asked for, what changed, what is there. Three types, so that a
//! change is never taken for a level.

use minicbor::{Decode, Encode};
use serde::{Serialize, Serializer};

use crate::money::decimal;

/// How many parts make one unit.
const SCALE: i64 = 100_000;
/// Largest size of any quantity in parts: 10^12 units, far above every platform's limit and far below overflow in sums.
const LARGEST: i64 = SCALE * 1_000_000_000_000;

/// Why a quantity was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not a plain decimal with at most five places.
    #[error("not a decimal number with at most five places")]
    Unreadable,
    /// Larger than 10^12 units.
    #[error("larger than a million million units")]
    TooLarge,
    /// Below zero where only an amount makes sense.
    #[error("below zero")]
    Negative,
}

fn parts(text: &str) -> Result<i64, QuantityError> {
    let parts = decimal(text, 5).ok_or(QuantityError::Unreadable)?;
    if parts.abs() > LARGEST { Err(QuantityError::TooLarge) } else { Ok(parts) }
}

fn print(parts: i64) -> String {
    let sign = if parts < 0 { "-" } else { "" };
    let (whole, fraction) = (parts.unsigned_abs() / SCALE as u64, parts.unsigned_abs() % SCALE as u64);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let text = format!("{sign}{whole}.{fraction:05}");
    text.trim_end_matches('0').to_owned()
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] i64);

        impl $name {
            /// None of it.
            pub const ZERO: Self = Self(0);

            /// Whether it is zero.
            pub fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// From hundred-thousandths of a unit, as the engine's tables hold them.
            pub const fn from_parts(parts: i64) -> Self {
                Self(parts)
            }

            /// Hundred-thousandths of a unit.
            pub fn parts(self) -> i64 {
                self.0
            }

            /// Whole units rounded towards minus infinity: what a platform without fractions can show.
            pub fn floor_units(self) -> i64 {
                self.0.div_euclid(SCALE)
            }

            /// Whether it is a whole number of units.
            pub fn is_whole(self) -> bool {
                self.0 % SCALE == 0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&print(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&print(self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}

quantities! {
    /// An amount, zero or more: what somebody asks for, sells, counts.
    Quantity,
    /// A signed change of a level.
    Change,
    /// What is there or shown; below zero when a till sold more than was known.
    Level
}

impl Quantity {
    /// Whole units.
    pub const fn units(units: u32) -> Self {
        Self(units as i64 * SCALE)
    }

    /// # Errors
    /// When the text is no exact decimal, is below zero, or is too large.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let parts = parts(text)?;
        if parts < 0 { Err(QuantityError::Negative) } else { Ok(Self(parts)) }
    }

    /// This much more.
    pub fn gain(self) -> Change {
        Change(self.0)
    }

    /// This much less.
    pub fn loss(self) -> Change {
        Change(self.0.saturating_neg())
    }

    /// As a level.
    pub fn level(self) -> Level {
        Level(self.0)
    }

    /// The sum, held at the largest quantity.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0).min(LARGEST))
    }

    /// What is left, never below zero.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }

    /// This many of a component per bundle. Held at the largest quantity.
    pub fn times(self, other: Self) -> Self {
        let product = i128::from(self.0) * i128::from(other.0) / i128::from(SCALE);
        Self(i64::try_from(product).unwrap_or(LARGEST).min(LARGEST))
    }

    /// How many whole bundles this much stock makes when each takes `each`. Held at the largest quantity.
    pub fn whole_multiples(self, each: Self) -> Self {
        if each.0 <= 0 { Self(0) } else { Self((self.0 / each.0).saturating_mul(SCALE).min(LARGEST)) }
    }
}

impl Change {
    /// Whole units, signed.
    pub const fn units(units: i32) -> Self {
        Self(units as i64 * SCALE)
    }

    /// # Errors
    /// When the text is no exact decimal or is too large.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        parts(text).map(Self)
    }

    /// Both changes together.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The opposite change.
    pub fn undo(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// How much, without the sign.
    pub fn size(self) -> Quantity {
        Quantity(self.0.saturating_abs().min(LARGEST))
    }

    /// Whether it makes a level smaller.
    pub fn is_loss(self) -> bool {
        self.0 < 0
    }
}

impl Level {
    /// Whole units, signed.
    pub const fn units(units: i32) -> Self {
        Self(units as i64 * SCALE)
    }

    /// # Errors
    /// When the text is no exact decimal or is too large.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        parts(text).map(Self)
    }

    /// From whole units as platforms send them.
    ///
    /// # Errors
    /// When it is larger than 10^12.
    pub fn from_units(units: i64) -> Result<Self, QuantityError> {
        units.checked_mul(SCALE).filter(|p| p.abs() <= LARGEST).map(Self).ok_or(QuantityError::TooLarge)
    }

    /// The level after a change.
    pub fn after(self, change: Change) -> Self {
        Self(self.0.saturating_add(change.0))
    }

    /// What has to change for `self` to become `target`.
    pub fn to(self, target: Self) -> Change {
        Change(target.0.saturating_sub(self.0))
    }

    /// What can be promised of it: zero when it is below zero.
    pub fn positive(self) -> Quantity {
        Quantity(self.0.max(0))
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn five_places_are_exact_and_the_sixth_is_refused() {
        assert_eq!(Quantity::parse("0.33333").map(Quantity::parts), Ok(33_333));
        assert_eq!(Quantity::parse("0.333333"), Err(QuantityError::Unreadable));
        assert_eq!(Quantity::parse("-1"), Err(QuantityError::Negative));
        assert_eq!(Quantity::parse("1000000000001"), Err(QuantityError::TooLarge));
        assert_eq!(Quantity::parse("NaN"), Err(QuantityError::Unreadable));
        assert_eq!(Level::parse("-2.5").map(Level::floor_units), Ok(-3));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(parts in -LARGEST..LARGEST) {
            prop_assert_eq!(Change::parse(&Change(parts).to_string()), Ok(Change(parts)));
        }
    }
}
