//! The evaluation commands alone: what `lockstep eval` runs, quick to build while a mind is worked on.

use clap::Parser;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: eval::Command,
}

fn main() -> anyhow::Result<()> {
    eval::run(Cli::parse().command)
}
