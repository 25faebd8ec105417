//! What one customer, terminal or device did lately: counts and sums by hour and by day, and what became of it. Used for
//! training and for serving alike, so both see the same numbers.
//!
//! Only hours and days in which something happened are kept, at most a month and the time labels take; so one more
//! payment costs the same however many there were, and a million quiet customers are small.

use minicbor::{CborLen, Decode, Encode};
use stats::num::ln;

/// Milliseconds of an hour.
pub(super) const HOUR_MS: i64 = 3_600_000;
/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;
/// Days of the longest window.
pub(super) const DAYS: i64 = 30;
/// Known frauds farther apart than this begin a new series.
const SERIES_GAP_MS: i64 = 14 * DAY_MS;
/// An amount so many times the usual is conspicuous.
const HIGH: f64 = 2.5;

/// Sums of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Sums {
    /// Payments.
    #[n(0)]
    pub(super) count: u32,
    /// Payments whose amount is known.
    #[n(1)]
    pub(super) amounts: u32,
    #[n(2)]
    pub(super) sum: f64,
    /// Of $\ln(1+a)$, and of its second power.
    #[n(3)]
    pub(super) logs: f64,
    #[n(4)]
    pub(super) log_squares: f64,
    /// Payments far above what was usual when they came.
    #[n(5)]
    pub(super) high: u32,
    /// Payments of which is known what became of them, and frauds among them.
    #[n(6)]
    pub(super) known: u32,
    #[n(7)]
    pub(super) frauds: u32,
    /// Which others took part, one bit of 64 each (linear counting; Whang, Vander-Zanden and Taylor 1990).
    #[n(8)]
    pub(super) others: u64,
}

impl Sums {
    fn plus(self, other: &Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            amounts: self.amounts.saturating_add(other.amounts),
            sum: self.sum + other.sum,
            logs: self.logs + other.logs,
            log_squares: self.log_squares + other.log_squares,
            high: self.high.saturating_add(other.high),
            known: self.known.saturating_add(other.known),
            frauds: self.frauds.saturating_add(other.frauds),
            others: self.others | other.others,
        }
    }

    /// Mean amount, when there is one.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.amounts > 0).then(|| self.sum / f64::from(self.amounts))
    }

    /// Mean and deviation of $\ln(1+a)$; the deviation is drawn towards one half while there are few.
    pub(super) fn log_spread(&self) -> Option<(f64, f64)> {
        let n = f64::from(self.amounts);
        (self.amounts > 0).then(|| {
            let mean = self.logs / n;
            let variance = (self.log_squares / n - mean * mean).max(0.0);
            (mean, ((variance * n + 0.25 * 3.0) / (n + 3.0)).sqrt())
        })
    }

    /// Share of frauds among what is known, drawn towards `usual` as by `weight` payments.
    pub(super) fn risk(&self, usual: f64, weight: f64) -> f64 {
        (f64::from(self.frauds) + usual * weight) / (f64::from(self.known) + weight)
    }

    /// About how many different others took part; beyond some 250 the bits are full.
    pub(super) fn distinct(&self) -> f64 {
        let empty = f64::from(self.others.count_zeros()).max(1.0);
        64.0 * ln(64.0 / empty)
    }
}

/// The past of one customer, terminal or device.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Track {
    /// First and last payment, milliseconds.
    #[n(0)]
    pub(super) first: Option<i64>,
    #[n(1)]
    pub(super) last: Option<i64>,
    /// Hour number and payments in it, rising, of the last day.
    #[n(2)]
    hours: Vec<(i64, u32)>,
    /// Day number and sums, rising.
    #[n(3)]
    days: Vec<(i64, Sums)>,
    /// The last known outcomes, newest in the lowest bit, and how many there are.
    #[n(4)]
    outcomes: u8,
    #[n(5)]
    outcomes_known: u8,
    /// First and last known fraud of the running series, milliseconds.
    #[n(6)]
    pub(super) series_from: Option<i64>,
    #[n(7)]
    pub(super) last_fraud: Option<i64>,
}

/// Day number of a time.
pub(super) fn day_of(at: i64) -> i64 {
    at.div_euclid(DAY_MS)
}

/// The element of a number, made when it is not there; elements older than `oldest` are forgotten.
fn element<T: Default>(list: &mut Vec<(i64, T)>, number: i64, oldest: i64) -> Option<&mut T> {
    let gone = list.partition_point(|(known, _)| *known < oldest);
    list.drain(..gone);
    if number < oldest {
        return None;
    }
    let place = list.partition_point(|(known, _)| *known < number);
    if list.get(place).is_none_or(|(known, _)| *known != number) {
        list.insert(place, (number, T::default()));
    }
    list.get_mut(place).map(|(_, element)| element)
}

impl Track {
    /// Nothing happened yet.
    pub(super) const NEW: Self = Self {
        first: None,
        last: None,
        hours: Vec::new(),
        days: Vec::new(),
        outcomes: 0,
        outcomes_known: 0,
        series_from: None,
        last_fraud: None,
    };

    /// A payment happened. `kept` = days that are kept.
    pub(super) fn pay(&mut self, at: i64, amount: Option<f64>, other: u64, kept: i64) {
        let newest = self.last.map_or(at, |last| last.max(at));
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = Some(newest);
        let hour = at.div_euclid(HOUR_MS);
        if let Some(count) = element(&mut self.hours, hour, newest.div_euclid(HOUR_MS) - 24) {
            *count = count.saturating_add(1);
        }
        let usual = self.window(at, DAYS).mean();
        let Some(sums) = element(&mut self.days, day_of(at), day_of(newest) - kept) else { return };
        sums.count = sums.count.saturating_add(1);
        sums.others |= 1 << (other % 64);
        if let Some(amount) = amount {
            let log = stats::num::ln_1p(amount);
            sums.amounts = sums.amounts.saturating_add(1);
            sums.sum += amount;
            sums.logs += log;
            sums.log_squares += log * log;
            sums.high = sums.high.saturating_add(u32::from(usual.is_some_and(|usual| amount > HIGH * usual)));
        }
    }

    /// A payment of that time turned out genuine.
    pub(super) fn genuine(&mut self, at: i64, kept: i64) {
        let oldest = self.oldest(at, kept);
        if let Some(sums) = element(&mut self.days, day_of(at), oldest) {
            sums.known = sums.known.saturating_add(1);
        }
        self.noted(false);
    }

    /// A payment of that time turned out a fraud; `corrected` when it had counted as genuine already.
    pub(super) fn fraud(&mut self, at: i64, corrected: bool, kept: i64) {
        let oldest = self.oldest(at, kept);
        if let Some(sums) = element(&mut self.days, day_of(at), oldest) {
            sums.known = sums.known.saturating_add(u32::from(!corrected));
            sums.frauds = sums.frauds.saturating_add(1);
        }
        self.noted(true);
        let follows = self.last_fraud.is_some_and(|last| at.saturating_sub(last) <= SERIES_GAP_MS);
        self.series_from = if follows { self.series_from } else { Some(at) };
        self.last_fraud = Some(self.last_fraud.map_or(at, |last| last.max(at)));
    }

    fn noted(&mut self, fraud: bool) {
        self.outcomes = (self.outcomes << 1) | u8::from(fraud);
        self.outcomes_known = (self.outcomes_known + 1).min(8);
    }

    fn oldest(&self, at: i64, kept: i64) -> i64 {
        day_of(self.last.map_or(at, |last| last.max(at))) - kept
    }

    /// Sums of the day of `at` and those before it, `days` in all.
    pub(super) fn window(&self, at: i64, days: i64) -> Sums {
        let today = day_of(at);
        let from = self.days.partition_point(|(day, _)| *day <= today - days);
        let inside = self.days[from..].iter().take_while(|(day, _)| *day <= today);
        inside.fold(Sums::default(), |sums, (_, day)| sums.plus(day))
    }

    /// Payments in this hour and so many before it, at most 24.
    pub(super) fn hours(&self, at: i64, hours: i64) -> u32 {
        let now = at.div_euclid(HOUR_MS);
        let inside = self.hours.iter().filter(|(hour, _)| (now - hours..=now).contains(hour));
        inside.fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// Share of frauds among the last outcomes that are known, at most so many; `None` while none is.
    pub(super) fn lately(&self, most: u8) -> Option<f64> {
        let known = self.outcomes_known.min(most.min(8));
        let mask = u8::MAX.checked_shr(u32::from(8 - known)).unwrap_or(0);
        (known > 0).then(|| f64::from((self.outcomes & mask).count_ones()) / f64::from(known))
    }
}
