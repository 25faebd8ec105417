//! Local days and ISO weeks of locations. The fold dates movements with them; readers print them.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use model::{Instant, LocationId};
use serde::{Serialize, Serializer};

/// A calendar day at a location, counted from 1970-01-01; prints as `2026-11-23`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// Reads `2026-11-23`; `None` when it is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self::of)
    }

    /// The day of an instant in an IANA time zone; an unknown zone counts as UTC.
    pub fn at(instant: Instant, zone: &str) -> Self {
        Self::of(date(instant, &zone_named(zone)))
    }

    fn of(date: Date) -> Self {
        Self(date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days()))
    }

    fn date(self) -> Date {
        let span = jiff::Span::new().try_days(self.0).unwrap_or_default();
        let epoch = Date::constant(1970, 1, 1);
        epoch.saturating_add(span)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.date())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An ISO 8601 week; prints as `2026-W48`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    /// The ISO year, which differs from the calendar's around New Year.
    pub year: i16,
    /// From 1 to 53.
    pub week: i8,
}

impl Week {
    /// As one number that sorts, for the tables.
    pub(crate) fn number(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.week)
    }

    /// From what [`number`](Self::number) gives.
    pub(crate) fn from_number(number: i64) -> Self {
        let year = i16::try_from(number.div_euclid(100)).unwrap_or_default();
        Self { year, week: i8::try_from(number.rem_euclid(100)).unwrap_or_default() }
    }
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The time zone of each location. A changed zone counts from then on; days that were dated before stay.
#[derive(Debug, Default)]
pub(crate) struct Zones(HashMap<LocationId, TimeZone>);

impl Zones {
    /// Sets a location's IANA zone; an unknown name counts as UTC.
    pub fn put(&mut self, location: LocationId, zone: &str) {
        self.0.insert(location, zone_named(zone));
    }

    /// The location's own day.
    pub fn day(&self, location: LocationId, at: Instant) -> Day {
        Day::of(self.date(location, at))
    }

    /// The ISO week of the location's own day.
    pub fn week(&self, location: LocationId, at: Instant) -> Week {
        let iso = self.date(location, at).iso_week_date();
        Week { year: iso.year(), week: iso.week() }
    }

    fn date(&self, location: LocationId, at: Instant) -> Date {
        date(at, self.0.get(&location).unwrap_or(&TimeZone::UTC))
    }
}

fn zone_named(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Instants outside the calendar's range fall on its nearest end.
fn date(at: Instant, zone: &TimeZone) -> Date {
    let nearest = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
    zone.to_datetime(Timestamp::from_millisecond(at.0).unwrap_or(nearest)).date()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn a_day_is_the_locations_own() {
        let late = Instant::parse("2026-11-23T23:30:00Z").unwrap();
        let mut zones = Zones::default();
        zones.put(LocationId(0), "Asia/Tokyo");
        zones.put(LocationId(1), "no such zone");
        assert_eq!(zones.day(LocationId(0), late).to_string(), "2026-11-24");
        assert_eq!(zones.day(LocationId(1), late).to_string(), "2026-11-23");
        assert_eq!(zones.day(LocationId(9), late), Day::parse("2026-11-23").unwrap());
    }

    #[test]
    fn weeks_sort_as_numbers_and_read_back() {
        let mut zones = Zones::default();
        zones.put(LocationId(0), "UTC");
        let week = zones.week(LocationId(0), Instant::parse("2027-01-02T00:00:00Z").unwrap());
        assert_eq!(week.to_string(), "2026-W53");
        assert_eq!(Week::from_number(week.number()), week);
    }

    #[test]
    fn an_instant_outside_the_calendar_still_has_a_day() {
        let zones = Zones::default();
        assert!(zones.day(LocationId(0), Instant(i64::MIN)) < zones.day(LocationId(0), Instant(i64::MAX)));
    }
}
