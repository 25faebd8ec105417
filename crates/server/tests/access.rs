//! Who may have what: every address against every role and every scope, people over HTTP, keys, limits.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

#[path = "access/matrix.rs"]
mod matrix;
#[path = "access/people.rs"]
mod people;
mod running;
#[path = "access/visit.rs"]
mod visit;
