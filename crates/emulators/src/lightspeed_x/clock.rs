//! Times as the vendor writes them: ISO 8601 in the API, without a zone in the old hook shapes, RFC 1123 in headers.
//!
//! Used by everything that is shown; it reads no clock.

use crate::machine::Millis;
use jiff::Timestamp;
use serde_json::Value;

/// `2026-11-23T09:15:02+00:00`, cut to whole seconds.
pub fn iso(at: Millis) -> String {
    timestamp(at).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// [`iso`], or null.
pub fn iso_or_null(at: Option<Millis>) -> Value {
    at.map_or(Value::Null, |at| Value::from(iso(at)))
}

/// `2026-11-23 09:15:02`, as the old shapes write UTC.
pub fn old(at: Millis) -> String {
    timestamp(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// [`old`], or the empty text that old shapes have for a date that is not there.
pub fn old_or_empty(at: Option<Millis>) -> String {
    at.map(old).unwrap_or_default()
}

/// `Mon, 23 Nov 2026 09:15:02 GMT`, as `Retry-After` has it.
pub fn rfc1123(at: Millis) -> String {
    timestamp(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads ISO 8601 with a zone, or without one as UTC, with `T` or a space. `None` when it is no time.
pub fn read(text: &str) -> Option<Millis> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let plain: jiff::civil::DateTime = text.parse().ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(plain).ok().map(Timestamp::as_millisecond)
}

fn timestamp(at: Millis) -> Timestamp {
    // Whole seconds; a clock outside the calendar shows as the epoch.
    Timestamp::from_second(at.div_euclid(1_000)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_has_three_spellings() {
        let at = 1_795_425_302_750;
        assert_eq!(iso(at), "2026-11-23T09:15:02+00:00");
        assert_eq!(old(at), "2026-11-23 09:15:02");
        assert_eq!(rfc1123(at), "Mon, 23 Nov 2026 09:15:02 GMT");
    }

    #[test]
    fn times_are_read_with_and_without_a_zone() {
        for text in ["2026-11-23T09:15:02Z", "2026-11-23T11:15:02+02:00", "2026-11-23 09:15:02", "2026-11-23T09:15:02"]
        {
            assert_eq!(read(text), Some(1_795_425_302_000), "{text}");
        }
        assert_eq!(read("yesterday"), None);
    }
}
