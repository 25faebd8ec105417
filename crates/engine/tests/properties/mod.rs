//! Laws over random streams of commands.

mod bounds;
mod convergence;
mod laws;
mod shortage;
mod steps;
mod toy;
