//! Times on the wire: RFC 3339, UTC, milliseconds.
//!
//! Used by everything that renders or reads a time; the clock itself is the caller's.

use crate::machine::Millis;
use jiff::Timestamp;

/// `2026-11-23T09:15:02.114Z`. Times beyond the calendar are shown as the epoch, which no caller can reach by clock.
pub fn rfc3339(at: Millis) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}

/// Reads any RFC 3339 time, cut to the millisecond; `None` when it is not one.
pub fn read_rfc3339(text: &str) -> Option<Millis> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_survives_the_wire() {
        assert_eq!(rfc3339(1_795_425_302_114), "2026-11-23T09:15:02.114Z");
        assert_eq!(read_rfc3339("2026-11-23T09:15:02.114Z"), Some(1_795_425_302_114));
        assert_eq!(read_rfc3339("2026-11-23T10:15:02+01:00"), Some(1_795_425_302_000));
        assert_eq!(read_rfc3339("yesterday"), None);
    }
}
