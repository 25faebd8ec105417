//! Times as the vendor writes and reads them, always UTC.
//!
//! Used by everything that shows or compares a time. Filters compare whole seconds, since that is all that a
//! document shows.

use crate::machine::Millis;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// `2026-11-23T09:15:02+00:00`, in v3.
pub fn iso(at: Millis) -> String {
    format(at, "%Y-%m-%dT%H:%M:%S+00:00")
}

/// `Mon, 23 Nov 2026 09:15:02 +0000`, in v2.
pub fn rfc2822(at: Millis) -> String {
    format(at, "%a, %d %b %Y %H:%M:%S +0000")
}

/// Whole seconds since the epoch.
pub fn seconds(at: Millis) -> i64 {
    at.div_euclid(1_000)
}

/// Seconds since the epoch, from ISO 8601 (without an offset: UTC), RFC 2822 or a bare number of seconds.
pub fn read(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_second());
    }
    if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
        return Some(at.timestamp().as_second());
    }
    if let Ok(at) = text.parse::<i64>() {
        return Some(at);
    }
    let civil = text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(|date| date.at(0, 0, 0, 0)))?;
    TimeZone::UTC.to_timestamp(civil).ok().map(|at| at.as_second())
}

fn format(at: Millis, how: &str) -> String {
    Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |at| at.strftime(how).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Millis = 1_795_425_302_750;

    #[test]
    fn a_time_is_written_in_both_ways_and_read_back_from_each() {
        assert_eq!(iso(AT), "2026-11-23T09:15:02+00:00");
        assert_eq!(rfc2822(AT), "Mon, 23 Nov 2026 09:15:02 +0000");
        for text in [&iso(AT), &rfc2822(AT), "2026-11-23T09:15:02Z", "2026-11-23T09:15:02", "1795425302"] {
            assert_eq!(read(text), Some(1_795_425_302), "{text}");
        }
        assert_eq!(read("2026-11-23"), Some(1_795_392_000));
        assert_eq!(read("yesterday"), None);
    }
}
