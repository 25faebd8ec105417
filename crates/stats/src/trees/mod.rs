//! Gradient-boosted regression trees over histograms: for scores, rates and quantiles that no straight line fits.
//!
//! Columns are cut into at most 255 bins and a bin for what is missing; trees grow leaf by leaf, the best split first;
//! every prediction can be taken apart into what each feature gave. Gradients are summed as whole numbers of a step that
//! is fixed per tree, so sums do not depend on their order, a histogram less its part is the other part exactly, and a
//! forest has the same bits wherever it is grown. Agents call this; it knows columns by number only.

mod bins;
mod explain;
mod fit;
mod forest;
mod grow;
mod histogram;
mod loss;
mod settings;
mod split;
mod train;
mod tree;

pub use explain::Explained;
pub use fit::{Fit, FitError};
pub use forest::Forest;
pub use loss::Loss;
pub use settings::{Settings, Trend};
