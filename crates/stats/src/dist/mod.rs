//! Distributions: probabilities, quantiles, and what is expected to be left over or lost.

mod beta;
mod count;
mod normal;

pub use beta::Beta;
pub use count::Count;
pub use normal::Normal;
