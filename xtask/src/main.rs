//! `cargo xtask COMMAND`: the house's own automation. Called by people and by `.ci/run`.
//!
//! Only chooses the command and prints; what is checked is in the library.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use xtask::{Tree, Violation, data, deps, prove, sizes, tidy, workspace_root};

#[derive(Parser)]
#[command(about = "Checks on the house itself", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Floors, platform names, module docs, test manners and the requirements table
    Tidy,
    /// Second versions, licences and banned crates, from cargo's metadata
    Deps,
    /// Lines per file, without tests; a report that never fails
    Sizes,
    /// Published data sets as tables for `lockstep eval`
    Data(data::Args),
    /// The claims that matter, on real or generated sales: plain, with faults, with the hub killed
    Prove(prove::Args),
}

fn main() -> Result<ExitCode> {
    let root = workspace_root();
    match Arguments::parse().command {
        Command::Tidy => Ok(verdict("tidy", &tidy::check(&Tree::read(&root)?))),
        Command::Deps => Ok(verdict("deps", &deps::check(&root)?)),
        Command::Sizes => {
            print!("{}", sizes::report(&Tree::read(&root)?));
            Ok(ExitCode::SUCCESS)
        }
        Command::Data(args) => data::run(&root, &args).map(|()| ExitCode::SUCCESS),
        Command::Prove(args) => {
            let well = prove::run(&root, &args)?;
            Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

/// What is to be mended goes to standard output, so that it can be piped; the sum is said beside it.
fn verdict(check: &str, violations: &[Violation]) -> ExitCode {
    for violation in violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => {
            eprintln!("{check}: nothing to mend");
            ExitCode::SUCCESS
        }
        count => {
            eprintln!("{check}: {count} to mend");
            ExitCode::FAILURE
        }
    }
}
