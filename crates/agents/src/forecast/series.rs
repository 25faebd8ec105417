//! One item at one location: running sums of what it sold and of how much it could have sold. Called by the mind when a
//! period closes and when a forecast is asked for. It knows its pool's index as a number and nothing of the calendar.
//!
//! Level $\ell=\sum_k c_k\frac{\sum_t w_k y_t}{\sum_t w_k e_t I_t}$ over a few rates, quick and slow: the quick ones hear what is
//! new, the slow ones do not forget. A period out of stock has exposure $e_t<1$ and so does not drag the level down.

use minicbor::{Decode, Encode};
use stats::num::{exp, ln};

use super::step::{Habits, RATES};

/// Periods of exposure that a new series borrows from its pool.
const BORROWED: f64 = 14.0;
/// Periods whose squared errors a series borrows from its pool.
const BORROWED_SPREAD: f64 = 10.0;
/// Share of the newest period in the spread: half the rate of a middling level.
const SPREAD_RATE: f64 = 0.02;
/// Bounds of the ratio of variance to mean.
pub(super) const SPREAD: (f64, f64) = (1.02, 100.0);
/// How many units per slot, in units of the spread, a series needs to be half believed about its own season.
const SHAPE: f64 = 40.0;
/// Bounds of a series' own slot against its pool's.
const SLOT: (f64, f64) = (0.0, 8.0);
/// Deviations above its mean from which on a period's units no longer raise the level: one wholesale order is no trend.
const CAP: f64 = 3.0;
/// Weight of the pool's elasticity in a series' own, in squared logarithms times units.
const ELASTIC: f64 = 20.0;
/// Bounds of the elasticity, and of the logarithm of price over usual price.
const BETA: (f64, f64) = (0.0, 4.0);
const PRICE: f64 = 0.7;
/// Smallest mean that an error is divided by.
const MEAN_MIN: f64 = 0.02;

/// Running sums of one series.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(super) struct Series {
    /// Which pool it belongs to.
    #[n(0)]
    pub pool: u32,
    /// Period of its first sale.
    #[n(1)]
    pub first: i32,
    /// Units of the open period.
    #[n(2)]
    pub units: f64,
    /// Share of the open period in which it could be bought.
    #[n(3)]
    pub share: f64,
    /// Decayed units and exposure, one pair for each rate.
    #[n(4)]
    levels: [(f64, f64); RATES],
    /// Decayed units and exposure by slot of the season.
    #[n(5)]
    slots: Vec<(f32, f32)>,
    /// Sums of the slots.
    #[n(6)]
    slots_sum: (f64, f64),
    /// Decayed squared error over mean, and its weight.
    #[n(7)]
    spread: (f64, f64),
    /// Exposure since the last sale.
    #[n(8)]
    pub silence: f64,
    /// Decayed share of periods without a sale: of the last weeks, of the last months.
    #[n(9)]
    pub silent: (f32, f32),
    /// Exposed periods since the first sale.
    #[n(10)]
    pub age: f64,
    /// Price now, in any one unit; 0 = not known.
    #[n(11)]
    pub price: f64,
    /// What it usually costs.
    #[n(12)]
    usual: f64,
    /// Sums of the own elasticity: $\sum x(y-\mu)$, $\sum x^2\mu$.
    #[n(13)]
    elastic: (f32, f32),
    /// Row of the open look back, when the booster is learning from it.
    #[n(14)]
    pub lesson: Option<u32>,
}

/// What closing a period tells the pool.
pub(super) struct Closed {
    /// Units that were expected, and that were not doubted for silence.
    pub mean: f64,
    /// Squared error over mean.
    pub error: f64,
    /// $x(y-\mu)$ and $x^2\mu$ of the price.
    pub elastic: (f64, f64),
}

impl Series {
    /// Seen for the first time; `typical` is what a series of its pool sells.
    pub fn new(pool: u32, first: i32, habits: &Habits, typical: f64) -> Self {
        let borrowed = if typical > 0.0 { BORROWED } else { 0.0 };
        Self {
            pool,
            first,
            units: 0.0,
            share: 1.0,
            levels: [(borrowed * typical, borrowed); RATES],
            slots: vec![(0.0, 0.0); habits.season],
            slots_sum: (0.0, 0.0),
            spread: (0.0, 0.0),
            silence: 0.0,
            silent: (0.0, 0.0),
            age: 0.0,
            price: 0.0,
            usual: 0.0,
            elastic: (0.0, 0.0),
            lesson: None,
        }
    }

    /// Whether its slots and its pool are there.
    pub fn is_sound(&self, season: usize, pools: usize) -> bool {
        self.slots.len() == season && (self.pool as usize) < pools
    }

    /// Units in a period of index 1, by one of the rates.
    pub fn level_at(&self, rate: usize) -> f64 {
        let (units, exposure) = self.levels[rate];
        if exposure > 1e-9 { (units / exposure).max(0.0) } else { 0.0 }
    }

    /// Units in a period of index 1.
    pub fn level(&self, habits: &Habits) -> f64 {
        (0..RATES).map(|rate| habits.weights[rate] * self.level_at(rate)).sum()
    }

    /// Ratio of variance to mean, drawn to the pool's.
    pub fn spread(&self, pool: f64) -> f64 {
        ((self.spread.0 + BORROWED_SPREAD * pool) / (self.spread.1 + BORROWED_SPREAD)).clamp(SPREAD.0, SPREAD.1)
    }

    /// The series' own slot of the season against its pool's: 1 while it sold too little to tell.
    pub fn shape(&self, slot: usize) -> f64 {
        let season = self.slots.len() as f64;
        let Some((units, exposure)) = self.slots.get(slot) else { return 1.0 };
        let (units, exposure) = (f64::from(*units), f64::from(*exposure));
        if season < 2.0 || exposure <= 1e-6 || self.slots_sum.0 <= 1e-6 || self.slots_sum.1 <= 1e-6 {
            return 1.0;
        }
        let own = (units / exposure) / (self.slots_sum.0 / self.slots_sum.1);
        let spread = self.spread(1.5);
        let believed = self.slots_sum.0 / (self.slots_sum.0 + SHAPE * spread * season);
        (1.0 + believed * (own - 1.0)).clamp(SLOT.0, SLOT.1)
    }

    /// Logarithm of the usual price over a price, above zero when it is cheap; 0 when either is not known.
    pub fn cheapness(&self, price: f64) -> f64 {
        if price > 0.0 && self.usual > 0.0 { ln(self.usual / price).clamp(-PRICE, PRICE) } else { 0.0 }
    }

    /// How much more a price sells than the usual one; `pool` is the pool's elasticity.
    pub fn price_factor(&self, price: f64, pool: f64) -> f64 {
        let x = self.cheapness(price);
        if x == 0.0 {
            return 1.0;
        }
        let beta = (f64::from(self.elastic.0) + ELASTIC * pool) / (f64::from(self.elastic.1) + ELASTIC);
        exp(x * beta.clamp(BETA.0, BETA.1))
    }

    /// Units that the silence so far leaves unsold, by the slow level.
    pub fn missed(&self) -> f64 {
        self.silence * self.level_at(RATES - 2)
    }

    /// Takes in the open period. `index` is the pool's, 0 when the doors were shut.
    pub fn close(&mut self, habits: &Habits, slot: usize, index: f64, pool_beta: f64) -> Closed {
        let units = std::mem::take(&mut self.units);
        let share = std::mem::replace(&mut self.share, 1.0).clamp(0.0, 1.0);
        let nothing = Closed { mean: 0.0, error: 0.0, elastic: (0.0, 0.0) };
        // What was sold was there to be sold.
        let share = if units > 0.0 { share.max(0.25) } else { share };
        if share * index <= 0.0 && units == 0.0 {
            return nothing;
        }
        let price = self.price_factor(self.price, pool_beta);
        let open = (index.max(0.02) * share * price).max(1e-3);
        let exposure = (open * self.shape(slot)).max(1e-3);
        let mean = self.level(habits) * exposure;
        let closed = self.judge(units, mean, mean / price);
        self.learn(habits, slot, units.min(self.cap(mean)), open, exposure);
        if self.price > 0.0 {
            let rate = if self.usual > 0.0 { habits.rates[RATES - 2] / 1.5 } else { 1.0 };
            self.usual += rate * (self.price - self.usual);
        }
        closed
    }

    /// Takes in units of a period that closed `age` periods before the last one.
    pub fn late(&mut self, habits: &Habits, units: f64, age: i32) {
        for ((sum, _), rate) in self.levels.iter_mut().zip(habits.rates) {
            *sum += units * stats::num::pow(1.0 - rate, f64::from(age));
        }
    }

    fn cap(&self, mean: f64) -> f64 {
        if self.age < 2.0 { f64::INFINITY } else { mean + CAP * (self.spread(1.5) * mean.max(0.1)).sqrt() + 1.0 }
    }

    /// `unpriced` is the mean at the usual price.
    fn judge(&mut self, units: f64, mean: f64, unpriced: f64) -> Closed {
        let off = units - mean;
        let error = if mean > 0.0 { (off * off / mean.max(MEAN_MIN)).min(1e9) } else { 0.0 };
        if mean > 0.0 {
            self.spread = (self.spread.0 * (1.0 - SPREAD_RATE) + error, self.spread.1 * (1.0 - SPREAD_RATE) + 1.0);
        }
        let x = self.cheapness(self.price);
        let elastic = (x * (units - unpriced), x * x * unpriced);
        let keep = 0.998;
        self.elastic = (self.elastic.0 * keep + elastic.0 as f32, self.elastic.1 * keep + elastic.1 as f32);
        Closed { mean, error, elastic }
    }

    fn learn(&mut self, habits: &Habits, slot: usize, units: f64, open: f64, exposure: f64) {
        for ((sum, exposed), rate) in self.levels.iter_mut().zip(habits.rates) {
            *sum = *sum * (1.0 - rate) + units;
            *exposed = *exposed * (1.0 - rate) + exposure;
        }
        if let Some(own) = self.slots.get_mut(slot).filter(|_| habits.season > 1) {
            let keep = 1.0 - habits.season as f64 / habits.shape;
            let new = (f64::from(own.0) * keep + units, f64::from(own.1) * keep + open);
            self.slots_sum.0 += new.0 - f64::from(own.0);
            self.slots_sum.1 += new.1 - f64::from(own.1);
            *own = (new.0 as f32, new.1 as f32);
        }
        let quiet = if units > 0.0 { 0.0 } else { 1.0_f32 };
        self.silent.0 += 0.05 * (quiet - self.silent.0);
        self.silent.1 += 0.01 * (quiet - self.silent.1);
        self.silence = if units > 0.0 { 0.0 } else { self.silence + exposure };
        self.age += exposure.min(1.0);
    }
}
