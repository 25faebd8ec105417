//! The shell: the outbox as a pure machine, and everything together over real connections.

mod http;
mod outbox;
