//! When a day's mail is due. Pure.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::Instant;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// The mail of this day.
    Now(Date),
    /// Nothing before this moment.
    Later(Instant),
}

/// What is due now, at a place whose mail leaves at this full hour and whose last mail was that of `last`. An hour that
/// a day does not have, because the clock is put forward, is the moment right after the gap; one that it has twice is
/// the first of the two. A hub that was off in the morning sends when it is back, on the same day.
pub(super) fn due(now: Instant, zone: &TimeZone, hour: i8, last: Option<Date>) -> Due {
    // A time beyond what a calendar can hold is looked at again later; no clock tells one.
    let later = Due::Later(now.plus_ms(3_600_000));
    let Ok(at) = Timestamp::from_millisecond(now.0) else { return later };
    let today = at.to_zoned_datetime(zone.clone()).date();
    let morning = |date: Date| {
        let moment = date.at(hour, 0, 0, 0).to_zoned_datetime(zone.clone()).ok()?;
        Some(Instant(moment.timestamp().as_millisecond()))
    };
    let Some(begins) = morning(today) else { return later };
    if last.is_some_and(|last| last >= today) {
        return today.tomorrow().ok().and_then(morning).map_or(later, Due::Later);
    }
    if now >= begins { Due::Now(today) } else { Due::Later(begins) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("a time")
    }

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn it_is_due_from_the_hour_on_until_the_day_is_over_and_once() {
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        let ask = |now: &str, last: Option<&str>| due(at(now), &berlin, 7, last.map(day));
        assert_eq!(ask("2026-11-24T05:59:59Z", Some("2026-11-23")), Due::Later(at("2026-11-24T06:00:00Z")));
        assert_eq!(ask("2026-11-24T06:00:00Z", Some("2026-11-23")), Due::Now(day("2026-11-24")));
        assert_eq!(ask("2026-11-24T06:00:00Z", Some("2026-11-24")), Due::Later(at("2026-11-25T06:00:00Z")));
        assert_eq!(ask("2026-11-24T22:59:00Z", None), Due::Now(day("2026-11-24")));
        // The next local day has begun, its morning has not.
        assert_eq!(ask("2026-11-24T23:30:00Z", Some("2026-11-23")), Due::Later(at("2026-11-25T06:00:00Z")));
    }

    #[test]
    fn it_stays_at_the_local_hour_when_clocks_are_changed() {
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        let next = |now: &str, hour, last: &str| due(at(now), &berlin, hour, Some(day(last)));
        // On 25 October 2026 clocks go back at three, on 28 March 2027 they go forward at two.
        assert_eq!(next("2026-10-24T12:00:00Z", 7, "2026-10-24"), Due::Later(at("2026-10-25T06:00:00Z")));
        assert_eq!(next("2026-10-23T12:00:00Z", 7, "2026-10-23"), Due::Later(at("2026-10-24T05:00:00Z")));
        assert_eq!(next("2027-03-27T12:00:00Z", 2, "2027-03-27"), Due::Later(at("2027-03-28T01:00:00Z")));
        assert_eq!(next("2026-10-24T12:00:00Z", 2, "2026-10-24"), Due::Later(at("2026-10-25T00:00:00Z")));
    }

    #[test]
    fn every_hour_of_every_zone_is_due_once_a_day() {
        for name in ["Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"] {
            let zone = TimeZone::get(name).expect("a zone");
            for hour in 0..24 {
                let (mut now, mut last, mut sent) = (at("2026-01-01T00:00:00Z"), None, 0);
                let end = now.plus_ms(366 * 86_400_000);
                while now < end {
                    match due(now, &zone, hour, last) {
                        Due::Now(today) => {
                            assert!(last.is_none_or(|last| last < today), "{name} {hour}: {today} twice");
                            (last, sent) = (Some(today), sent + 1);
                        }
                        Due::Later(next) => {
                            assert!(next > now, "{name} {hour}: time stands still at {now}");
                            now = next;
                        }
                    }
                }
                assert!((365..=367).contains(&sent), "{name} {hour}: {sent} mails in a year");
            }
        }
    }

    #[test]
    fn a_clock_beyond_the_calendar_does_no_harm() {
        for now in [Instant(i64::MAX), Instant(i64::MIN)] {
            assert!(matches!(due(now, &TimeZone::UTC, 7, None), Due::Later(_)));
        }
    }
}
