//! One location: its series, its pools, its doors. Called by the mind; knows the calendar as signs of a period.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::ItemId;

use super::calendar::{Calendar, Columns, Sign};
use super::doors::Doors;
use super::lessons::{Ahead, Lesson, Lessons, ahead, known};
use super::pool::Pool;
use super::series::Series;
use super::silence::Silence;
use super::step::{Habits, Step, day_of_month};

/// Periods that are closed one by one when time jumps; of what lies between nobody knows anything.
const JUMP_MAX: i32 = 500;

/// What is kept of a location.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Location {
    /// First period.
    #[n(0)]
    pub begun: i32,
    /// Last period that is over.
    #[n(1)]
    pub closed: i32,
    #[n(2)]
    doors: Doors,
    /// In the order in which they first sold.
    #[n(3)]
    pub series: Vec<Series>,
    /// Whose.
    #[n(4)]
    pub items: Vec<ItemId>,
    #[n(5)]
    find: BTreeMap<ItemId, u32>,
    #[n(6)]
    pub pools: Vec<Pool>,
    #[n(7)]
    pool_of: BTreeMap<u32, u32>,
    #[n(8)]
    pub silence: Silence,
    #[n(9)]
    pub lessons: Lessons,
    /// Prices by item, where a series has not begun yet or a change lies ahead: period from which on, price.
    #[n(10)]
    prices: BTreeMap<ItemId, Vec<(i32, f64)>>,
    /// Changes of price by period.
    #[n(11)]
    changes: BTreeMap<i32, Vec<ItemId>>,
}

impl Location {
    /// Begins with a period.
    pub fn new(begun: i32) -> Self {
        Self { begun, closed: begun.saturating_sub(1), ..Self::default() }
    }

    /// Whether its numbers point at what is there, as they do unless bytes were damaged.
    pub fn is_sound(&self, season: usize) -> bool {
        let (series, pools) = (self.series.len(), self.pools.len());
        self.items.len() == series
            && self.find.values().all(|at| (*at as usize) < series)
            && self.pool_of.values().all(|at| (*at as usize) < pools)
            && self.series.iter().all(|series| series.is_sound(season, pools))
            && self.pools.iter().all(Pool::is_sound)
    }

    /// Where an item's series stands.
    pub fn place(&self, item: ItemId) -> Option<usize> {
        self.find.get(&item).map(|at| *at as usize)
    }

    /// Takes in units sold; those of a period that is over change its sums, not what was decided by them.
    pub fn sold(&mut self, step: Step, item: ItemId, department: u32, period: i32, units: f64) {
        let habits = step.habits();
        let at = match self.find.get(&item) {
            Some(at) => *at as usize,
            // Nothing begins with a correction.
            None if units <= 0.0 => return,
            None => self.begin(&habits, item, department, period.max(self.closed.saturating_add(1))),
        };
        let series = &mut self.series[at];
        if period <= self.closed {
            series.late(&habits, units, self.closed.saturating_sub(period));
        } else {
            series.units += units;
            self.pools[series.pool as usize].units += units;
        }
    }

    fn begin(&mut self, habits: &Habits, item: ItemId, department: u32, first: i32) -> usize {
        let next = self.pools.len() as u32;
        let pool = *self.pool_of.entry(department).or_insert(next);
        if pool == next {
            self.pools.push(Pool::default());
        }
        let at = self.series.len();
        let mut series = Series::new(pool, first, habits, self.pools[pool as usize].typical());
        series.price = self.price(item, self.closed.saturating_add(1)).unwrap_or(0.0);
        self.pools[pool as usize].series += 1;
        self.series.push(series);
        self.items.push(item);
        self.find.insert(item, at as u32);
        at
    }

    /// Share of the open period in which an item could be bought.
    pub fn available(&mut self, item: ItemId, period: i32, share: f64) {
        if period > self.closed
            && let Some(series) = self.find.get(&item).and_then(|at| self.series.get_mut(*at as usize))
        {
            series.share = series.share.min(share.clamp(0.0, 1.0));
        }
    }

    /// An item costs so much from a period on.
    pub fn priced(&mut self, item: ItemId, period: i32, price: f64) {
        let period = period.max(self.closed.saturating_add(1));
        let prices = self.prices.entry(item).or_default();
        match prices.binary_search_by_key(&period, |(from, _)| *from) {
            Ok(at) => prices[at].1 = price,
            Err(at) => prices.insert(at, (period, price)),
        }
        self.changes.entry(period).or_default().push(item);
    }

    /// What an item costs in a period, as far as that is known.
    pub fn price(&self, item: ItemId, period: i32) -> Option<f64> {
        let prices = self.prices.get(&item).map_or(&[][..], Vec::as_slice);
        let after = prices.partition_point(|(from, _)| *from <= period);
        let current = self.place(item).map(|at| self.series[at].price).filter(|price| *price > 0.0);
        after.checked_sub(1).map(|at| prices[at].1).or(current)
    }

    /// Closes all periods up to one.
    pub fn close(&mut self, step: Step, calendar: &Calendar, until: i32) {
        if until.saturating_sub(self.closed) > JUMP_MAX {
            self.period(step, calendar, self.closed.saturating_add(1));
            self.closed = until.saturating_sub(JUMP_MAX);
        }
        while self.closed < until {
            self.period(step, calendar, self.closed.saturating_add(1));
        }
    }

    fn period(&mut self, step: Step, calendar: &Calendar, period: i32) {
        let habits = step.habits();
        let columns = Columns::of(step);
        let signs = columns.signs(calendar, period, period.saturating_sub(self.begun));
        let slot = step.slot(period);
        self.reprice(period);
        let total = self.pools.iter().map(|pool| pool.units).sum();
        let shut = self.doors.close(total, slot, calendar.events(period));
        let index: Vec<f64> =
            self.pools.iter().map(|pool| if shut { 0.0 } else { pool.index(columns, &signs) }).collect();
        self.close_series(&habits, slot, period, &index);
        for pool in &mut self.pools {
            if shut {
                pool.units = 0.0;
            } else {
                pool.close(step, columns, &signs);
            }
        }
        self.closed = period;
        if period.rem_euclid(habits.reach) == 0 {
            self.look_back(step, calendar, columns);
        }
    }

    fn reprice(&mut self, period: i32) {
        for item in self.changes.remove(&period).unwrap_or_default() {
            let Some(price) = self.price(item, period) else { continue };
            if let Some(at) = self.find.get(&item) {
                self.series[*at as usize].price = price;
                // What is past is in the series now.
                if let Some(prices) = self.prices.get_mut(&item) {
                    prices.retain(|(from, _)| *from > period);
                }
            }
        }
    }

    fn close_series(&mut self, habits: &Habits, slot: usize, period: i32, index: &[f64]) {
        self.silence.pass();
        let Self { series, pools, silence, lessons, .. } = self;
        for series in series {
            let pool = &mut pools[series.pool as usize];
            let (missed, units, whole) = (series.missed(), series.units, series.share >= 1.0);
            let closed = series.close(habits, slot, index[series.pool as usize], pool.beta());
            silence.take(missed, units, closed.mean);
            pool.hear(&closed);
            let open = series.lesson.and_then(|at| lessons.open.get_mut(at as usize));
            if let Some(lesson) = open.filter(|_| whole && index[series.pool as usize] > 0.0) {
                let after = period.saturating_sub(lesson.origin);
                let day = lesson.ahead.iter_mut().find(|day| i32::from(day.after) == after);
                day.into_iter().for_each(|day| day.units = units as f32);
            }
        }
    }

    fn look_back(&mut self, step: Step, calendar: &Calendar, columns: Columns) {
        self.lessons.turn();
        let habits = step.habits();
        let days = Days::ahead(self, step, calendar, columns, habits.reach);
        let (origin, count) = (self.closed, self.series.len());
        for at in 0..count {
            let item = self.items[at];
            let taken = Lessons::takes(item, origin, count).then(|| self.lesson(&habits, at, &days));
            self.series[at].lesson = taken.map(|lesson| {
                self.lessons.open.push(lesson);
                self.lessons.open.len() as u32 - 1
            });
        }
    }

    fn lesson(&self, habits: &Habits, at: usize, days: &Days) -> Lesson {
        let (series, item) = (&self.series[at], self.items[at]);
        let pool = &self.pools[series.pool as usize];
        let spread = series.spread(pool.spread());
        let ahead = Lessons::days(item, self.closed, habits.reach)
            .map(|after| {
                let (mean, known) = self.expected(habits, at, days, after);
                Ahead { after: after as u16, mean: mean as f32, known, units: f32::NAN }
            })
            .collect();
        Lesson {
            origin: self.closed,
            known: known(series, habits, spread, pool.typical()),
            scale: (spread * series.level(habits).max(0.02)) as f32,
            ahead,
        }
    }

    /// What the running sums expect `after` periods from now, without the booster; and what it wants to know of them.
    pub fn expected(&self, habits: &Habits, at: usize, days: &Days, after: i32) -> (f64, [f32; super::lessons::AHEAD]) {
        let parts = self.parts(habits, at, days, after);
        let series = &self.series[at];
        let cheaper = series.cheapness(parts.price) - series.cheapness(series.price);
        let day = &days.days[(after - 1) as usize];
        (parts.mean(), ahead(after, day.slot, day.index[series.pool as usize], cheaper, day.day_of_month))
    }

    /// The factors of what is expected `after` periods from now.
    pub fn parts(&self, habits: &Habits, at: usize, days: &Days, after: i32) -> Parts {
        let series = &self.series[at];
        let day = &days.days[(after - 1) as usize];
        let pool = &self.pools[series.pool as usize];
        let price = self.price(self.items[at], self.closed.saturating_add(after)).unwrap_or(0.0);
        let doubt = 1.0 - self.silence.factor(series.missed());
        Parts {
            level: series.level(habits),
            season: day.index[series.pool as usize] * series.shape(day.slot),
            price_factor: series.price_factor(price, pool.beta()),
            silence: 1.0 - doubt * stats::num::pow(habits.doubt, f64::from(after - 1)),
            price,
        }
    }
}

/// The factors of a mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parts {
    pub level: f64,
    pub season: f64,
    pub price_factor: f64,
    pub silence: f64,
    /// Price of that period, 0 when it is not known.
    pub price: f64,
}

impl Parts {
    pub fn mean(&self) -> f64 {
        let mean = self.level * self.season * self.price_factor * self.silence;
        if mean.is_finite() { mean.max(0.0) } else { 0.0 }
    }
}

/// What periods ahead are like at a location.
pub(super) struct Days {
    pub days: Vec<Day>,
}

/// One of them.
pub(super) struct Day {
    pub slot: usize,
    pub day_of_month: u8,
    /// By pool; 0 when the doors are expected to be shut.
    pub index: Vec<f64>,
}

impl Days {
    /// The next `reach` periods.
    pub fn ahead(location: &Location, step: Step, calendar: &Calendar, columns: Columns, reach: i32) -> Self {
        let day = |after: i32| {
            let period = location.closed.saturating_add(after);
            let signs: Vec<Sign> = columns.signs(calendar, period, period.saturating_sub(location.begun));
            let slot = step.slot(period);
            let shut = location.doors.shut(slot, calendar.events(period));
            let index = |pool: &Pool| if shut { 0.0 } else { pool.index(columns, &signs) };
            let day_of_month = match step {
                Step::Hour => day_of_month(i64::from(period).div_euclid(24)),
                Step::Day => day_of_month(i64::from(period)),
                Step::Week | Step::Month => 0,
            };
            Day { slot, day_of_month, index: location.pools.iter().map(index).collect() }
        };
        Self { days: (1..=reach).map(day).collect() }
    }
}
