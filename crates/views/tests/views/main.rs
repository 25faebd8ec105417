//! The views as their users see them: facts go in through the one writer, answers come out of readers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod books;
mod explain;
mod facts;
mod governed;
mod orders;
mod play;
mod rebuild;
mod replay;
mod sales;
mod search;
mod text;
mod words;
