//! Distributions: probabilities, quantiles, and what is expected to be left over or lost. The minds call it; it knows
//! nothing of what is counted.

mod beta;
mod beta_binomial;
mod count;
mod mixture;
mod normal;

pub use beta::Beta;
pub use beta_binomial::BetaBinomial;
pub use count::Count;
pub use mixture::Mixture;
pub use normal::Normal;
