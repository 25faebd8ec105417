//! What each channel should show, what it shows, and how the difference is closed: in which order, in what portions,
//! at what pace. Levels, not errands: asked again after a crash it gives the same answer.
//!
//! Pure; called by `flow`. It keeps no queue of changes.

mod bisect;
mod budget;
mod plan;
mod turns;

pub use bisect::{Bisection, Target};
pub use budget::Budget;
pub use plan::{Belief, Gap, Plan, gap, plan};
pub use turns::{Lane, Turns};
