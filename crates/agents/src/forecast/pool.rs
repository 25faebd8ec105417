//! A pool: what is sold of one department at one location, and how that depends on the calendar. Called by the mind when
//! a period closes. It knows no single item: single items are too quiet to show what a holiday does.
//!
//! A ridge regression of the logarithm of the pool's units, by running sums of its normal equations; nothing is kept of
//! the past but those.

use minicbor::{Decode, Encode};
use stats::Matrix;
use stats::num::{exp, ln};

use super::calendar::{Columns, Sign};
use super::series::{Closed, SPREAD};
use super::step::Step;

/// Variance of the logarithm of a large pool from day to day; noisier pools are drawn to zero more strongly.
const QUIET: f64 = 0.02;
/// Squared logarithms times units that an elasticity needs to be half believed.
const ELASTIC: f64 = 50.0;
/// Bounds of the index.
const INDEX: (f64, f64) = (0.02, 50.0);

/// Running sums of one pool.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Pool {
    /// Units of the open period.
    #[n(0)]
    pub units: f64,
    /// Series that belong to it.
    #[n(1)]
    pub series: u32,
    /// Decayed units and exposure (index × series): what a typical series sells.
    #[n(2)]
    typical: (f64, f64),
    /// Lower triangle of $X^\top WX$, row after row.
    #[n(3)]
    normal: Vec<f64>,
    /// $X^\top Wy$.
    #[n(4)]
    right: Vec<f64>,
    /// Solution.
    #[n(5)]
    solved: Vec<f64>,
    /// Mean of the index's columns times the solution: the index is 1 in the mean.
    #[n(6)]
    centre: f64,
    /// Decayed squared error of the logarithm, and its weight.
    #[n(7)]
    noise: (f64, f64),
    /// Periods seen.
    #[n(8)]
    periods: i32,
    /// Decayed squared errors over means of its series, and their weight.
    #[n(9)]
    spread: (f64, f64),
    /// Sums of the elasticity: $\sum x(y-\mu)$, $\sum x^2\mu$.
    #[n(10)]
    elastic: (f64, f64),
}

impl Pool {
    /// Whether its sums have the size of each other.
    pub fn is_sound(&self) -> bool {
        let width = self.right.len();
        self.normal.len() == width * (width + 1) / 2 && self.solved.len() <= width
    }

    /// Ratio of variance to mean of a usual series.
    pub fn spread(&self) -> f64 {
        (self.spread.0 + 1.5) / (self.spread.1 + 1.0)
    }

    /// How much more is sold when a price falls: units per price, both as logarithms.
    pub fn beta(&self) -> f64 {
        (self.elastic.0 / (self.elastic.1 + ELASTIC)).clamp(0.0, 4.0)
    }

    /// Takes in what one of its series told on closing.
    pub fn hear(&mut self, closed: &Closed) {
        if closed.mean > 0.0 {
            self.spread.0 += closed.error.min(100.0 * SPREAD.1);
            self.spread.1 += 1.0;
        }
        self.elastic.0 += closed.elastic.0;
        self.elastic.1 += closed.elastic.1;
    }

    /// How much of the usual a period of these signs sells: 1 in the mean.
    pub fn index(&self, columns: Columns, signs: &[Sign]) -> f64 {
        let told = signs.iter().filter(|(column, _)| columns.is_index(*column));
        let log: f64 = told.map(|(column, value)| value * self.solved.get(*column).copied().unwrap_or(0.0)).sum();
        let index = exp((log - self.centre).clamp(-20.0, 20.0));
        if index.is_finite() { index.clamp(INDEX.0, INDEX.1) } else { 1.0 }
    }

    /// Units a typical series sells in a period of index 1; 0 while nothing is known.
    pub fn typical(&self) -> f64 {
        if self.typical.1 > 0.0 { (self.typical.0 / self.typical.1).max(0.0) } else { 0.0 }
    }

    /// Takes in the open period, which was like `signs`.
    pub fn close(&mut self, step: Step, columns: Columns, signs: &[Sign]) {
        let habits = step.habits();
        let index = self.index(columns, signs);
        let rate = habits.rates[2];
        self.typical.0 = self.typical.0 * (1.0 - rate) + self.units;
        self.typical.1 = self.typical.1 * (1.0 - rate) + index * f64::from(self.series);
        self.take(ln(self.units.max(0.0) + 0.5), 1.0 - 1.0 / habits.memory, signs);
        let keep = 1.0 - 1.0 / habits.memory;
        [&mut self.spread, &mut self.elastic].into_iter().for_each(|sums| *sums = (sums.0 * keep, sums.1 * keep));
        self.periods = self.periods.saturating_add(1);
        self.units = 0.0;
        if self.periods % habits.solve == 0 {
            self.solve(columns);
        }
    }

    fn take(&mut self, log: f64, keep: f64, signs: &[Sign]) {
        let width = signs.iter().map(|(column, _)| column + 1).max().unwrap_or(0).max(self.right.len());
        self.right.resize(width, 0.0);
        self.normal.resize(width * (width + 1) / 2, 0.0);
        self.normal.iter_mut().chain(&mut self.right).for_each(|sum| *sum *= keep);
        for (i, a) in signs {
            self.right[*i] += a * log;
            for (j, b) in signs.iter().filter(|(j, _)| j <= i) {
                self.normal[i * (i + 1) / 2 + j] += a * b;
            }
        }
        if !self.solved.is_empty() {
            let told: f64 = signs.iter().map(|(c, value)| value * self.solved.get(*c).copied().unwrap_or(0.0)).sum();
            let error = (log - told).clamp(-5.0, 5.0);
            self.noise = (self.noise.0 * keep + error * error, self.noise.1 * keep + 1.0);
        }
    }

    fn solve(&mut self, columns: Columns) {
        let width = self.right.len();
        let noise = if self.noise.1 > 0.0 { self.noise.0 / self.noise.1 } else { QUIET };
        let stronger = (noise / QUIET).clamp(1.0, 100.0);
        let mut matrix = Matrix::zero(width, width);
        for i in 0..width {
            for j in 0..=i {
                let sum = self.normal[i * (i + 1) / 2 + j];
                *matrix.at_mut(i, j) = sum;
                *matrix.at_mut(j, i) = sum;
            }
            let pull = columns.pull(i, f64::from(self.periods));
            *matrix.at_mut(i, i) += if i == Columns::ONE { pull } else { pull * stronger };
        }
        // Ridge keeps it positive; if rounding ever says otherwise the old solution stays.
        let Ok(factored) = matrix.cholesky() else { return };
        let mut solved = self.right.clone();
        factored.solve_factored(&mut solved);
        if solved.iter().all(|value| value.is_finite()) {
            let weight = self.normal[0].max(1e-9);
            let told = (0..width).filter(|column| columns.is_index(*column));
            // The first column is always one, so its row of the normal equations holds every column's sum.
            self.centre = told.map(|column| self.normal[column * (column + 1) / 2] / weight * solved[column]).sum();
            self.solved = solved;
        }
    }
}
