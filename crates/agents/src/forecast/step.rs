//! Periods of time as whole numbers, and where each stands in its week, month and year. Called by everything in this
//! folder; it knows no time zone: whoever feeds the mind says which period something fell into.

use minicbor::{Decode, Encode};
use stats::num::{cos, sin};

/// Days of a mean year.
const YEAR_DAYS: f64 = 365.25;
/// Days of a mean month.
const MONTH_DAYS: f64 = 30.4375;

/// How long a period is. Periods are counted from 1970-01-01: hours, days, weeks since that Thursday, months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Step {
    /// One hour; the season is the week of 168 hours.
    #[n(0)]
    Hour,
    /// One day; the season is the week.
    #[n(1)]
    #[default]
    Day,
    /// One week; the season is the year, as a smooth wave.
    #[n(2)]
    Week,
    /// One month; the season is the year.
    #[n(3)]
    Month,
}

/// What is fixed per length of a period. All of it was chosen on rolling origins before any test window.
pub(super) struct Habits {
    /// Periods of the short season that every series has its own shape of; 1 = none.
    pub season: usize,
    /// Shares of the newest period in the running levels, fastest first.
    pub rates: [f64; RATES],
    /// What each running level weighs in the level.
    pub weights: [f64; RATES],
    /// Periods after which the long sums (season's shape, calendar) count half.
    pub memory: f64,
    /// Periods after which a season's shape counts a third.
    pub shape: f64,
    /// Periods of a year.
    pub year: f64,
    /// What is left of the doubt about a silent series after one more period.
    pub doubt: f64,
    /// Periods between two looks back from which the booster learns, and how far each looks ahead.
    pub reach: i32,
    /// Periods between two solutions of a pool's regression.
    pub solve: i32,
}

/// Running levels of each series.
pub(super) const RATES: usize = 5;

impl Step {
    pub(super) const fn habits(self) -> Habits {
        let day = Habits {
            season: 7,
            rates: [0.3, 0.1, 0.04, 0.015, 0.004],
            weights: [0.1, 0.5, 0.0, 0.15, 0.25],
            memory: 1_000.0,
            shape: 365.0,
            year: YEAR_DAYS,
            doubt: 0.86,
            reach: 28,
            solve: 7,
        };
        match self {
            Self::Hour => Habits {
                season: 168,
                memory: 3_000.0,
                shape: 3_000.0,
                year: YEAR_DAYS * 24.0,
                doubt: 0.98,
                reach: 48,
                solve: 24,
                ..day
            },
            Self::Day => day,
            Self::Week => Habits {
                season: 1,
                rates: [0.8, 0.4, 0.2, 0.1, 0.03],
                weights: [0.2, 0.4, 0.2, 0.1, 0.1],
                memory: 156.0,
                shape: 365.0,
                year: YEAR_DAYS / 7.0,
                doubt: 0.5,
                reach: 13,
                solve: 4,
            },
            Self::Month => Habits {
                season: 12,
                rates: [0.5, 0.25, 0.1, 0.05, 0.02],
                weights: [0.0, 1.0, 0.0, 0.0, 0.0],
                memory: 48.0,
                shape: 72.0,
                year: 12.0,
                doubt: 0.97,
                reach: 6,
                solve: 1,
            },
        }
    }

    /// Place of a period in its season, from 0.
    pub(super) fn slot(self, period: i32) -> usize {
        period.rem_euclid(self.habits().season as i32) as usize
    }

    /// Waves of the year and of the month at a period: what the short season cannot carry. Those that a step is too
    /// coarse for are zero.
    pub(super) fn waves(self, period: i32) -> [f64; WAVES] {
        let day = match self {
            Self::Hour => f64::from(period) / 24.0,
            Self::Day => f64::from(period),
            Self::Week => f64::from(period) * 7.0,
            // Twelve slots say all that a month can say of the year.
            Self::Month => return [0.0; WAVES],
        };
        let year = std::f64::consts::TAU * (day / YEAR_DAYS).fract();
        let mut waves = [sin(year), cos(year), sin(2.0 * year), cos(2.0 * year), 0.0, 0.0, 0.0, 0.0];
        if self != Self::Week {
            let month = std::f64::consts::TAU * f64::from(day_of_month(day.floor() as i64)) / MONTH_DAYS;
            waves[4..].copy_from_slice(&[sin(month), cos(month), sin(2.0 * month), cos(2.0 * month)]);
        }
        waves
    }
}

/// Two waves of the year, two of the month.
pub(super) const WAVES: usize = 8;

/// Day of the month, 1 to 31, of a day counted from 1970-01-01 (Hinnant, "chrono-compatible low-level date
/// algorithms", `civil_from_days`).
pub(super) fn day_of_month(day: i64) -> u8 {
    let of_era = (day + 719_468).rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    (of_year - (153 * month + 2) / 5 + 1) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_month_is_the_calendars() {
        // 1970-01-01, 1970-01-31, 1970-02-01, 2000-02-29, 2000-03-01, 2016-05-22, 1969-12-31.
        let days = [0, 30, 31, 11_016, 11_017, 16_943, -1];
        assert_eq!(days.map(day_of_month), [1, 31, 1, 29, 1, 22, 31]);
    }

    #[test]
    fn a_week_has_seven_slots_before_and_after_1970() {
        assert_eq!([-8, -7, -1, 0, 6, 7].map(|day| Step::Day.slot(day)), [6, 0, 6, 0, 6, 0]);
    }

    #[test]
    fn the_weights_of_the_levels_add_up_to_one() {
        for step in [Step::Hour, Step::Day, Step::Week, Step::Month] {
            assert!((step.habits().weights.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{step:?}");
        }
    }
}
