//! What is what: candidates for items that a channel lists and nobody knows, with reasons; the history of a mapping and
//! the way back; mappings as a file and back. Pages, API and command line make all of it from here.
//!
//! It proposes and never maps by itself: every change goes to the engine as a person's command.

mod finder;
mod history;
mod index;
mod queue;
mod score;
mod table;
mod tokens;

pub(crate) use finder::Finder;
pub(crate) use history::{Step, history, undo};
pub(crate) use queue::{Asked, Candidate};
pub(crate) use score::Signal;
pub(crate) use table::{Checked, Checks, apply, check, csv};
pub use table::{Given, Misgiven};
