//! What the engine promises, in sentences (`behaviour`) and as laws over random streams (`properties`).

mod behaviour;
mod properties;
mod support;
