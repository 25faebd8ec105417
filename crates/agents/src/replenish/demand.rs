//! What is expected to be asked for. The mind takes any [`Demand`]; [`Running`] is a plain one of its own, for where no
//! forecast is at hand.

use minicbor::{Decode, Encode};
use stats::dist::Count;

/// Demand for one item at one location.
pub trait Demand {
    /// Units asked for on the days `from..from + days`, day 0 being today.
    fn over(&self, from: u32, days: u32) -> Count;
}

/// Weight of a day in the running level.
const LEVEL: f64 = 0.025;
/// Weight of a day in the running dispersion.
const SPREAD: f64 = 0.03;
/// How much more a level may be off than the days behind it say, because it moves. Chosen, as the weights above, on
/// weeks before those that the page reports.
const MOVES: f64 = 5.0;
/// Days with a sale after which a weekday's own share counts as much as an even one.
const WEEKDAY_DAYS: f64 = 100.0;
/// A dispersion starts with so many days at [`DISPERSION`].
const PRIOR_DAYS: f64 = 5.0;
/// Ratio of variance to mean of an item that nobody knows.
const DISPERSION: f64 = 1.5;

/// A running level with weekdays and dispersion. One more day is constant time; days without stock do not drag it down.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Running {
    /// Day number of today; the next day to be seen.
    #[n(0)]
    today: i64,
    /// Units and in-stock days, decayed.
    #[n(1)]
    level: (f64, f64),
    /// Squared error over mean, and days, decayed.
    #[n(2)]
    spread: (f64, f64),
    /// Units and in-stock days by weekday.
    #[n(3)]
    weekdays: [(f64, f64); 7],
    /// Days with a sale.
    #[n(4)]
    days_sold: f64,
}

impl Running {
    /// Units of the next day, and for how much of it the item was there to be bought (0 to 1). Days may be left out
    /// only by number; a day before today is added to what is known without moving on.
    pub fn see(&mut self, day: i64, units: f64, in_stock: f64) {
        let units = if units.is_finite() { units.max(0.0) } else { 0.0 };
        let there = if in_stock.is_finite() { in_stock.clamp(0.0, 1.0) } else { 1.0 };
        // What sold was there.
        let there = if units > 0.0 { there.max(0.1) } else { there };
        let share = self.share(day);
        if there > 0.0 && self.level.1 > 0.0 {
            let mean = (self.daily() * share * there).max(0.02);
            let error = units - mean;
            self.spread.0 = self.spread.0 * (1.0 - SPREAD) + error * error / mean;
            self.spread.1 = self.spread.1 * (1.0 - SPREAD) + 1.0;
        }
        let keep = 1.0 - LEVEL * there;
        self.level = (self.level.0 * keep + units, self.level.1 * keep + there * share);
        let weekday = &mut self.weekdays[day.rem_euclid(7) as usize];
        *weekday = (weekday.0 + units, weekday.1 + there);
        self.days_sold += f64::from(u8::from(units > 0.0));
        self.today = self.today.max(day.saturating_add(1));
    }

    /// Units on a day of an even week.
    pub fn daily(&self) -> f64 {
        if self.level.1 > 0.0 { self.level.0 / self.level.1 } else { 0.0 }
    }

    /// Variance over mean of a day.
    pub fn dispersion(&self) -> f64 {
        let ratio = (self.spread.0 + PRIOR_DAYS * DISPERSION) / (self.spread.1 + PRIOR_DAYS);
        ratio.clamp(1.02, 100.0)
    }

    /// A weekday's part of an even week's day, drawn towards 1 while little is known.
    fn share(&self, day: i64) -> f64 {
        let (units, days) = self.weekdays.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let (own, there) = self.weekdays[day.rem_euclid(7) as usize];
        if units <= 0.0 || there <= 0.0 {
            return 1.0;
        }
        let trust = self.days_sold / (self.days_sold + WEEKDAY_DAYS);
        trust * (own / there) / (units / days) + (1.0 - trust)
    }
}

impl Demand for Running {
    /// The level itself is an estimate, with the variance of some `2 / LEVEL` days' mean were it standing still: the longer
    /// the span, the more its error tells.
    fn over(&self, from: u32, days: u32) -> Count {
        let first = self.today.saturating_add(i64::from(from));
        let mean = stats::num::sum((0..i64::from(days.min(3_650))).map(|day| self.daily() * self.share(first + day)));
        Count::new(mean, self.dispersion() * (1.0 + MOVES * f64::from(days) * LEVEL / 2.0))
    }
}

/// Every day alike; for tests and for people's own numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Even(pub Count);

impl Demand for Even {
    fn over(&self, _: u32, days: u32) -> Count {
        self.0.over(f64::from(days))
    }
}
