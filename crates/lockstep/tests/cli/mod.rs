//! One file per group of commands.

mod access;
mod audit;
mod bench;
mod config;
mod help;
mod hook;
mod import;
mod transcript;
