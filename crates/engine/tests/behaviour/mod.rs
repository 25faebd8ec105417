//! What the engine does, command by command.

mod catalogue;
mod counts;
mod governance;
mod instructions;
mod last_unit;
mod levels;
mod listings;
mod mapping;
mod orders;
mod oversell;
mod people;
mod places;
mod reservations;
mod returns;
mod tellings;
mod transfers;
mod waiting;
mod wanted;
mod writes;
