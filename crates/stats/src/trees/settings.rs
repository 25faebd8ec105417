//! How a forest is grown.

use super::{FitError, Loss};

/// Most trees of a forest.
pub(super) const TREES_MAX: usize = 10_000;
/// Most leaves of a tree.
pub(super) const LEAVES_MAX: usize = 1_024;
/// Most splits between root and leaf: what keeps an explanation's cost bounded.
pub(super) const DEPTH_MAX: usize = 64;

/// Which way an answer may go while a feature rises and all else stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trend {
    /// Any way.
    #[default]
    Free,
    /// Never down.
    Rising,
    /// Never up.
    Falling,
}

/// How a forest is grown. Take the default and change what differs: `Settings { trees: 50, ..Settings::default() }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What is made small.
    pub loss: Loss,
    /// Most trees, 0 to 10,000.
    pub trees: usize,
    /// How much of its step each tree makes, above 0, at most 1.
    pub rate: f64,
    /// Most leaves per tree, 2 to 1,024.
    pub max_leaves: usize,
    /// Most splits between root and leaf; 64 at most, whatever is said here.
    pub max_depth: Option<usize>,
    /// $\lambda$: how strongly leaves are drawn to zero, not below 0.
    pub lambda: f64,
    /// $\gamma$: gain a split must exceed, not below 0.
    pub gamma: f64,
    /// Least sum of second derivatives in a leaf, not below 0.
    pub min_child_weight: f64,
    /// Least rows in a leaf.
    pub min_rows: usize,
    /// Share of rows each tree sees, above 0, at most 1.
    pub row_share: f64,
    /// Share of columns each tree sees, above 0, at most 1; at least one column.
    pub column_share: f64,
    /// One per column, or none at all when every column is free.
    pub trends: Vec<Trend>,
    /// Trees without a better held-out loss after which growing stops, when there is something held out.
    pub patience: usize,
    /// What rows and columns are drawn from.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            loss: Loss::Squared,
            trees: 200,
            rate: 0.1,
            max_leaves: 31,
            max_depth: None,
            lambda: 1.0,
            gamma: 0.0,
            min_child_weight: 1e-3,
            min_rows: 20,
            row_share: 1.0,
            column_share: 1.0,
            trends: Vec::new(),
            patience: 20,
            seed: 0,
        }
    }
}

impl Settings {
    pub(super) fn depth_max(&self) -> usize {
        self.max_depth.map_or(DEPTH_MAX, |depth| depth.min(DEPTH_MAX))
    }

    pub(super) fn trend(&self, column: usize) -> Trend {
        self.trends.get(column).copied().unwrap_or_default()
    }

    pub(super) fn check(&self, width: usize) -> Result<(), FitError> {
        let share = |value: f64| value > 0.0 && value <= 1.0;
        let bound = |value: f64| value >= 0.0 && value.is_finite();
        let rules = [
            ("loss", self.loss.is_sound()),
            ("trees", self.trees <= TREES_MAX),
            ("rate", share(self.rate)),
            ("max_leaves", (2..=LEAVES_MAX).contains(&self.max_leaves)),
            ("lambda", bound(self.lambda)),
            ("gamma", bound(self.gamma)),
            ("min_child_weight", bound(self.min_child_weight)),
            ("row_share", share(self.row_share)),
            ("column_share", share(self.column_share)),
            ("trends", self.trends.is_empty() || self.trends.len() == width),
        ];
        match rules.iter().find(|(_, kept)| !kept) {
            Some((name, _)) => Err(FitError::Setting { name }),
            None => Ok(()),
        }
    }
}
