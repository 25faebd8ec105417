//! Hours of the day, in minutes. Called by the sum, by the gate, and by whoever hands a proposal in or judges one again.

use jiff::{Timestamp, tz::TimeZone};
use model::Instant;

/// Minute of the day, 0 to 1439, at a place with this IANA zone; of the day in UTC where the zone is not known.
pub fn minute_of_day(at: Instant, zone: &str) -> u16 {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = zone.to_datetime(Timestamp::from_millisecond(at.0).unwrap_or_default());
    u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs())
}

/// Whether a minute of the day lies in a stretch; from may lie after to (over midnight), and equal ends hold nothing.
/// A minute that is not known lies in none.
pub fn within((from, to): (u16, u16), minute: Option<u16>) -> bool {
    let Some(minute) = minute else { return false };
    match from.cmp(&to) {
        std::cmp::Ordering::Less => (from..to).contains(&minute),
        std::cmp::Ordering::Equal => false,
        std::cmp::Ordering::Greater => minute >= from || minute < to,
    }
}

/// Minutes in both. Where they have two stretches in common, the first alone is taken: strict, and simple to say.
pub(crate) fn common(one: (u16, u16), two: (u16, u16)) -> (u16, u16) {
    let both = |minute: &u16| within(one, Some(*minute)) && within(two, Some(*minute));
    let Some(from) = (0..1_440).find(both) else { return (0, 0) };
    // A stretch over midnight begins before the first minute of the day.
    let from = if from == 0 { (0..1_440).rev().take_while(both).last().unwrap_or(0) } else { from };
    let length = (0..1_440).take_while(|step| both(&((from + step) % 1_440))).count() as u16;
    (from, (from + length) % 1_440)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_minute_is_that_of_the_place_in_summer_and_winter() {
        let (winter, summer) = (Instant(1_800_000_000_000), Instant(1_784_548_800_000));
        assert_eq!(minute_of_day(winter, "UTC"), 8 * 60);
        assert_eq!(minute_of_day(winter, "Europe/Berlin"), 9 * 60);
        assert_eq!(minute_of_day(summer, "UTC"), 12 * 60);
        assert_eq!(minute_of_day(summer, "Europe/Berlin"), 14 * 60);
        assert_eq!(minute_of_day(winter, "Atlantis/Harbour"), 8 * 60);
    }

    proptest! {
        #[test]
        fn what_is_common_lies_in_both(
            one in (0..1_440_u16, 0..1_440_u16), two in (0..1_440_u16, 0..1_440_u16), minute in 0..1_440_u16,
        ) {
            let in_common = within(common(one, two), Some(minute));
            prop_assert!(!in_common || within(one, Some(minute)) && within(two, Some(minute)));
        }

        #[test]
        fn a_stretch_has_itself_in_common(one in (0..1_440_u16, 0..1_440_u16), minute in 0..1_440_u16) {
            prop_assert_eq!(within(common(one, one), Some(minute)), within(one, Some(minute)));
        }
    }
}
