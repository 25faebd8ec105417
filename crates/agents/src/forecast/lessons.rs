//! Looks back: what was known of a series on some past day, what the running sums expected of days after it, and what
//! came. The booster learns from them. Kept while periods close; old ones are forgotten.

use minicbor::{Decode, Encode};
use model::ItemId;
use stats::num::ln;

use super::series::Series;
use super::step::{Habits, RATES};

/// What is known of a series on a day.
pub(super) const KNOWN: usize = 15;
/// What is known of a day ahead besides.
pub(super) const AHEAD: usize = 5;
/// Width of a row.
pub(super) const WIDTH: usize = KNOWN + AHEAD;
/// Days ahead that each look back keeps.
const DAYS: usize = 6;
/// Looks back of a location that are kept at most.
const KEPT_MAX: usize = 40_000;
/// Looks back of one day that are taken at most.
const TAKEN_MAX: usize = KEPT_MAX / 8;

/// One day ahead.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub(super) struct Ahead {
    /// Periods after the look back.
    #[n(0)]
    pub after: u16,
    /// What the running sums expected.
    #[n(1)]
    pub mean: f32,
    /// What is known of the day: see [`Known::ahead`].
    #[n(2)]
    pub known: [f32; AHEAD],
    /// What came; not a number while it has not, and when it could not be bought.
    #[n(3)]
    pub units: f32,
}

/// One look back.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(super) struct Lesson {
    /// When.
    #[n(0)]
    pub origin: i32,
    /// See [`known`].
    #[n(1)]
    pub known: [f32; KNOWN],
    /// Ratio of variance to mean, and units in a period: by both, errors of different series can be compared.
    #[n(2)]
    pub scale: f32,
    /// Days after it.
    #[n(3)]
    pub ahead: Vec<Ahead>,
}

/// Looks back of one location.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Lessons {
    /// Whose days ahead are not over.
    #[n(0)]
    pub open: Vec<Lesson>,
    /// Whose are, oldest first.
    #[n(1)]
    pub done: Vec<Lesson>,
}

impl Lessons {
    /// Closes the open ones and forgets the oldest.
    pub fn turn(&mut self) {
        self.done.append(&mut self.open);
        // Forgotten by whole days, so that a day is never half remembered.
        while self.done.len() > KEPT_MAX {
            let oldest = self.done[0].origin;
            let next = self.done.partition_point(|lesson| lesson.origin <= oldest);
            self.done.drain(..next.max(1));
        }
    }

    /// Whether a series is looked back on, so that a large location learns from a fixed share of its series.
    pub fn takes(item: ItemId, origin: i32, series: usize) -> bool {
        series <= TAKEN_MAX || scatter(item.0, origin) % (series as u64) < TAKEN_MAX as u64
    }

    /// The days ahead that a look back keeps, one in each stretch of the reach.
    pub fn days(item: ItemId, origin: i32, reach: i32) -> impl Iterator<Item = i32> {
        let kept = (DAYS as i32).min(reach);
        (0..kept).map(move |stretch| {
            let (from, to) = (stretch * reach / kept, (stretch + 1) * reach / kept);
            let width = (to - from).max(1) as u64;
            from + 1 + (scatter(item.0 ^ 0x5bd1, origin.wrapping_add(stretch)) % width) as i32
        })
    }
}

/// A hash that is the same everywhere (SplitMix64's finaliser, Steele et al. 2014).
fn scatter(a: u32, b: i32) -> u64 {
    let mut z = (u64::from(a) << 32 | u64::from(b as u32)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What is known of a series now: logarithms of its level and of each running level against it, what its silence left
/// unsold, shares of silent periods, age, price against the usual, spread, what its pool's series sell.
pub(super) fn known(series: &Series, habits: &Habits, spread: f64, typical: f64) -> [f32; KNOWN] {
    let level = series.level(habits);
    let log = |value: f64| ln(value.max(0.0) + 0.01);
    let mut known = [0.0_f32; KNOWN];
    known[0] = log(level) as f32;
    for rate in 0..RATES {
        known[1 + rate] = (log(series.level_at(rate)) - log(level)) as f32;
    }
    known[6] = series.missed().min(1e6) as f32;
    known[7] = series.silence.min(1e6) as f32;
    known[8] = series.silent.0;
    known[9] = series.silent.1;
    known[10] = series.age.min(2_000.0) as f32;
    known[11] = if series.price > 0.0 { series.cheapness(series.price) as f32 } else { f32::NAN };
    known[12] = if series.price > 0.0 { series.price as f32 } else { f32::NAN };
    known[13] = spread as f32;
    known[14] = log(typical) as f32;
    known
}

/// What is known of a day ahead: how far it is, its slot, its index, how much cheaper it is than today, day of month.
pub(super) fn ahead(after: i32, slot: usize, index: f64, cheaper: f64, day_of_month: u8) -> [f32; AHEAD] {
    [after as f32, slot as f32, ln(index.max(1e-3)) as f32, cheaper as f32, f32::from(day_of_month)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_ahead_lie_one_in_each_stretch() {
        for item in 0..200 {
            let days: Vec<i32> = Lessons::days(ItemId(item), 16_000, 28).collect();
            assert_eq!(days.len(), DAYS);
            assert!(days.windows(2).all(|two| two[0] < two[1]) && days[0] >= 1 && days[DAYS - 1] <= 28, "{days:?}");
        }
        assert_eq!(Lessons::days(ItemId(1), 5, 3).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_large_location_is_looked_back_on_in_part() {
        let taken = (0..100_000).filter(|item| Lessons::takes(ItemId(*item), 700, 100_000)).count();
        // Binomial with deviation 69.
        assert!((4_700..5_300).contains(&taken), "{taken}");
    }
}
