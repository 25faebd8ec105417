//! Instants: milliseconds since 1970, UTC. Reading a clock is not done here.

use minicbor::{Decode, Encode};
use serde::{Serialize, Serializer};

/// Why a time was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not an RFC 3339 time with an offset.
    #[error("not an RFC 3339 time with an offset, such as 2026-11-23T10:15:02Z")]
    Unreadable,
}

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Instant(#[n(0)] pub i64);

impl Instant {
    /// # Errors
    /// When the text is no RFC 3339 time with an offset.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let at: jiff::Timestamp = text.trim().parse().map_err(|_| TimeError::Unreadable)?;
        Ok(Self(at.as_millisecond()))
    }

    /// Later by this many milliseconds.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; negative when `self` came first.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => write!(f, "{at:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl std::fmt::Debug for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_taken_into_account() {
        assert_eq!(Instant::parse("2026-11-23T10:15:02+01:00"), Instant::parse("2026-11-23T09:15:02Z"));
        assert_eq!(Instant::parse("2026-11-23T10:15:02"), Err(TimeError::Unreadable));
        assert_eq!(Instant(1_500).to_string(), "1970-01-01T00:00:01.500Z");
    }
}
