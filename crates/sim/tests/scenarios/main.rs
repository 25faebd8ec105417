//! Scenarios: a world driven by hand into the corners that a drawn run meets only now and then.

mod any_order;
mod backlog;
mod doubt;
mod durable;
mod last_unit;
mod play;
mod polling;
mod stalled;
mod twins;
mod unlisted;
