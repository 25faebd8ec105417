//! Laws over random streams of commands.

mod bounds;
mod convergence;
mod governance;
mod laws;
mod mappings;
mod shortage;
mod steps;
mod tellings;
mod toy;
