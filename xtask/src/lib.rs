//! The house's own automation, as a library, so that `cargo test` runs the same checks as `cargo xtask`.
//!
//! Called by this crate's `main`, and by the roof's test `tidy`. It reads source text, manifests and cargo's
//! metadata; it refuses to know the product: no Lockstep crate is among its dependencies.

pub mod data;
pub mod deps;
pub mod prove;
pub mod sizes;
pub mod tidy;
mod tree;
mod violation;

pub use tree::{SourceFile, Tree, workspace_root};
pub use violation::Violation;
