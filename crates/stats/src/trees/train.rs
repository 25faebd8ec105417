//! Tree after tree: derivatives, a tree, a step; and when to stop.

use super::bins::Codes;
use super::grow::{Grown, grow};
use super::histogram::{Builder, Gradients};
use super::loss::quantile;
use super::tree::{Leaf, Shape, Tree};
use super::{Fit, FitError, Forest, Loss, Settings};
use crate::dice::Dice;

/// Derivatives beyond this would not be numbers when squared and summed.
const SLOPE_MAX: f64 = 1e120;

impl Forest {
    /// Grows as many trees as the settings say.
    ///
    /// # Errors
    /// When data or settings are not as their types' fields promise.
    pub fn fit(fit: &Fit<'_>, settings: &Settings) -> Result<Self, FitError> {
        settings.check(fit.width)?;
        fit.check(settings)?;
        let mut training = Training::new(fit, settings);
        let mut trees = Vec::new();
        for _ in 0..settings.trees {
            trees.extend(training.step());
        }
        Ok(Self::new(fit.width, settings.loss, training.start, trees))
    }

    /// Grows until the held-out loss has not become smaller for [`Settings::patience`] trees, and keeps the trees up to
    /// its smallest value.
    ///
    /// # Errors
    /// When either data or the settings are not as their types' fields promise.
    pub fn fit_until(fit: &Fit<'_>, held_out: &Fit<'_>, settings: &Settings) -> Result<Self, FitError> {
        settings.check(fit.width)?;
        fit.check(settings)?;
        held_out.check(settings)?;
        if fit.width != held_out.width {
            return Err(FitError::Shape);
        }
        let mut training = Training::new(fit, settings);
        let mut judge = Judge::new(held_out, settings.loss, training.start);
        let (mut trees, mut kept, mut least) = (Vec::new(), 0, judge.loss());
        let mut waited = 0;
        while waited < settings.patience && trees.len() < settings.trees {
            waited += 1;
            let Some(tree) = training.step() else { continue };
            judge.add(&tree);
            trees.push(tree);
            let loss = judge.loss();
            if loss < least {
                (kept, least, waited) = (trees.len(), loss, 0);
            }
        }
        trees.truncate(kept);
        Ok(Self::new(fit.width, settings.loss, training.start, trees))
    }
}

struct Training<'a> {
    fit: &'a Fit<'a>,
    settings: &'a Settings,
    dice: Dice,
    codes: Codes,
    start: f64,
    /// Raw scores, with offsets.
    raw: Vec<f64>,
    /// Rows that weigh something.
    usable: Vec<u32>,
    spare: Vec<super::histogram::Histogram>,
}

impl<'a> Training<'a> {
    fn new(fit: &'a Fit<'a>, settings: &'a Settings) -> Self {
        let mut dice = Dice::seeded(settings.seed);
        let codes = Codes::of(fit, &mut dice);
        let start = settings.loss.start(fit);
        let raw = (0..fit.labels.len()).map(|row| start + fit.offset(row)).collect();
        // The count was checked to fit.
        let usable = (0..fit.labels.len() as u32).filter(|row| fit.weight(*row as usize) > 0.0).collect();
        Self { fit, settings, dice, codes, start, raw, usable, spare: Vec::new() }
    }

    /// The next tree; `None` when no split gains anything.
    fn step(&mut self) -> Option<Tree> {
        let gradients = self.gradients();
        let (rows, columns) = (self.drawn_rows(), self.drawn_columns());
        let mut builder = Builder::new(&self.codes, columns, std::mem::take(&mut self.spare));
        let grown = grow(&mut builder, self.settings, &gradients, rows);
        self.spare = builder.done();
        if grown.splits.is_empty() {
            return None;
        }
        let leaves = self.leaves(&grown);
        let tree = Tree::new(Shape { splits: grown.splits.clone(), leaves }, self.fit.width)
            .expect("a tree that was grown is one");
        self.advance(&grown, &tree);
        Some(tree)
    }

    fn gradients(&self) -> Gradients {
        let loss = self.settings.loss;
        let slopes = |(row, raw): (usize, &f64)| {
            let (g, h) = loss.slopes(self.fit.labels[row], *raw);
            let weight = self.fit.weight(row);
            ((g * weight).clamp(-SLOPE_MAX, SLOPE_MAX), (h * weight).min(SLOPE_MAX))
        };
        let exact: Vec<(f64, f64)> = self.raw.iter().enumerate().map(slopes).collect();
        Gradients::of(&exact, loss.is_level() && self.fit.weights.is_empty())
    }

    fn drawn_rows(&mut self) -> Vec<u32> {
        if self.settings.row_share == 1.0 {
            return self.usable.clone();
        }
        let (dice, share) = (&mut self.dice, self.settings.row_share);
        self.usable.iter().copied().filter(|_| dice.happens(share)).collect()
    }

    fn drawn_columns(&mut self) -> Vec<usize> {
        let mut columns: Vec<usize> = (0..self.fit.width).collect();
        let count = (self.fit.width as f64 * self.settings.column_share).ceil() as usize;
        if count < columns.len() {
            self.dice.shuffle(&mut columns);
            columns.truncate(count.max(1));
            columns.sort_unstable();
        }
        columns
    }

    /// Leaves with their values after the rate. For a quantile a leaf's value is that of what is left in it, because
    /// the derivatives tell only the side.
    fn leaves(&self, grown: &Grown) -> Vec<Leaf> {
        let leaf = |ripe: &super::grow::Ripe| {
            let rows = &grown.rows[ripe.from..ripe.to];
            let value = match self.settings.loss {
                Loss::Quantile { level } => {
                    let off = |row: &u32| {
                        let row = *row as usize;
                        (self.fit.labels[row] - self.raw[row], self.fit.weight(row))
                    };
                    quantile(rows.iter().map(off).collect(), level).max(ripe.bounds.low).min(ripe.bounds.high)
                }
                Loss::Squared | Loss::Logistic | Loss::Poisson | Loss::Tweedie { .. } => ripe.value,
            };
            let value = (value * self.settings.rate).clamp(-f64::MAX, f64::MAX);
            Leaf { value, rows: rows.len() as u32 }
        };
        grown.leaves.iter().map(leaf).collect()
    }

    /// Adds the tree to every raw score: by leaf for the rows it saw, by its splits for the others.
    fn advance(&mut self, grown: &Grown, tree: &Tree) {
        if grown.rows.len() == self.raw.len() {
            for (ripe, leaf) in grown.leaves.iter().zip(&tree.shape().leaves) {
                grown.rows[ripe.from..ripe.to].iter().for_each(|row| self.raw[*row as usize] += leaf.value);
            }
        } else {
            let rows = self.fit.rows.chunks_exact(self.fit.width);
            self.raw.iter_mut().zip(rows).for_each(|(raw, row)| *raw += tree.value(row));
        }
    }
}

/// Watches the loss of rows that were held out.
struct Judge<'a> {
    fit: &'a Fit<'a>,
    loss: Loss,
    raw: Vec<f64>,
}

impl<'a> Judge<'a> {
    fn new(fit: &'a Fit<'a>, loss: Loss, start: f64) -> Self {
        let raw = (0..fit.labels.len()).map(|row| start + fit.offset(row)).collect();
        Self { fit, loss, raw }
    }

    fn add(&mut self, tree: &Tree) {
        let rows = self.fit.rows.chunks_exact(self.fit.width);
        self.raw.iter_mut().zip(rows).for_each(|(raw, row)| *raw += tree.value(row));
    }

    /// Sum over all rows; they stay the same, so no mean is needed to compare.
    fn loss(&self) -> f64 {
        let one = |(row, raw): (usize, &f64)| self.fit.weight(row) * self.loss.of(self.fit.labels[row], *raw);
        crate::num::sum(self.raw.iter().enumerate().map(one))
    }
}
