//! What is what: candidates for items and locations that a channel lists and nobody knows, and for customers who may be
//! one person, with reasons; the history of a mapping and the way back; mappings as a file and back. Pages, API and
//! command line make all of it from here.
//!
//! It proposes and never maps by itself: every change goes to the engine as a person's command.

mod change;
mod finder;
mod given;
mod history;
mod index;
mod people;
mod places;
mod queue;
mod score;
mod table;
mod tokens;

pub(crate) use change::command;
pub(crate) use finder::Finder;
pub use given::{Given, Kind, Misgiven};
pub(crate) use history::{Now, Step, Subject, history, undo};
pub(crate) use people::{Pair, People, Record};
pub(crate) use places::{AskedPlace, place, places};
pub(crate) use queue::{Asked, Candidate};
pub(crate) use score::Signal;
pub(crate) use table::{Checked, Checks, apply, check, csv, csv_of_people, csv_of_places};
