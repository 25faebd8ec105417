//! Times on the wire: ISO 8601, UTC with offset, whole seconds.
//!
//! Used by everything that renders or reads a time; the clock itself is the caller's.

use crate::machine::Millis;
use jiff::Timestamp;
use jiff::civil::Date;

/// `2026-11-23T09:15:02+00:00`. Times beyond the calendar are shown as the epoch, which no caller reaches by clock.
pub fn iso(at: Millis) -> String {
    let time = Timestamp::from_second(seconds(at)).unwrap_or(Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// Whole seconds since the epoch, rounded down: the finest time that the platform shows and sorts by.
pub fn seconds(at: Millis) -> i64 {
    at.div_euclid(1_000)
}

/// Reads a time with an offset, or a day as its midnight in UTC; `None` when it is neither.
pub fn read(text: &str) -> Option<Millis> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    let day: Date = text.parse().ok().filter(|_| text.len() == 10)?;
    let midnight = jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(midnight.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_in_whole_seconds_with_an_offset() {
        assert_eq!(iso(1_795_425_302_914), "2026-11-23T09:15:02+00:00");
        assert_eq!(read("2026-11-23T09:15:02+00:00"), Some(1_795_425_302_000));
        assert_eq!(read("2026-11-23T04:15:02-0500"), Some(1_795_425_302_000));
        assert_eq!(read("1970-01-02"), Some(86_400_000));
        assert_eq!(read("2026-11-23T09:15:02 00:00"), None);
        assert_eq!(read("yesterday"), None);
    }
}
