//! Who may act: agents propose, the policy decides how far that goes, people answer, and what was done can be undone.

mod answers;
mod limits;
mod policies;
mod undoing;
mod watching;
