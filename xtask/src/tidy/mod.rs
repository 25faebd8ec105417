//! The checks of the house that a compiler cannot make. Called by `cargo xtask tidy` and by the roof's test `tidy`.
//!
//! Each check is a pure function from the tree's text to violations. Few checks, all about the house; taste is not
//! among them, and what clippy can see is left to clippy.

mod floors;
mod headings;
mod manners;
mod platforms;
mod requirements;

use crate::{Tree, Violation};

/// Everything to mend in the tree, by file and line.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = floors::check(tree);
    violations.extend(platforms::check(tree));
    violations.extend(headings::check(tree));
    violations.extend(manners::check(tree));
    violations.extend(requirements::check(tree));
    violations.sort();
    violations.dedup();
    violations
}
