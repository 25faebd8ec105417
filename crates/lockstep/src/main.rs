//! The roof: command line, configuration, and the wiring of clock, dice, secrets and backends.
//!
//! Data goes to standard output, talk to standard error. Exit codes are in [`exit`].

mod audit;
mod bench;
mod carrier;
mod channels;
mod check;
mod cli;
mod config;
mod connect;
mod demo;
mod emulate;
mod exit;
mod gaps;
mod hook;
mod hub;
mod import;
mod keys;
mod mail;
mod operations;
mod replay;
mod serve;
mod users;
mod vault;
mod wallet;
mod witness;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let cli = cli::Cli::parse();
    exit::tell(cli.run())
}
