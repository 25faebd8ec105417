//! Catalogue: are two products the same, are a product's data complete, and do channels say the same of it.
//!
//! Called by the follower that keeps listings, by people who map items, and by `lockstep eval match`. It looks at texts,
//! numbers and trade item numbers; it never looks at who sells, and never maps two products whose sizes contradict without
//! a person. Languages need no dictionary: rare words and model codes decide.

mod checks;
mod compare;
mod corpus;
mod matcher;
#[cfg(test)]
mod tests;
mod text;

pub use checks::{Catalogue, Finding, Trouble, is_local, size};
pub use compare::name;
pub use corpus::{Corpus, Product, View};
pub use matcher::{Mapping, Matcher, Pair, one_to_one};
pub use text::first_number;
