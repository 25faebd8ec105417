//! `lockstep eval`: how good the agents' minds are, on anybody's own tables. Called by the roof.
//!
//! A file in, figures out: every command reads CSV or TSV, shows each row to a mind in the order of time, and prints one
//! JSON object. Nothing is learnt from what a mind is judged on.

pub mod allocation;
pub mod measure;
pub mod progress;
pub mod rebalance;
pub mod refused;
pub mod replenish;
pub mod routing;
pub mod table;

/// One evaluation.
#[derive(Debug, clap::Subcommand)]
#[command(subcommand_value_name = "MIND", subcommand_help_heading = "Minds")]
pub enum Command {
    /// Order routing: a day of orders over a network.
    Routing(routing::Args),
    /// Replenishment: ordering played on held-out weeks of sales.
    Replenish(replenish::Args),
    /// Rebalancing: transfers between locations for one horizon.
    Rebalance(rebalance::Args),
    /// Allocation: promises made or withheld, beside fixed buffers.
    Allocation(allocation::Args),
}

/// Runs one and prints its figures on standard output.
///
/// # Errors
/// When a file cannot be read or a column is missing, with the file, the line and the column.
pub fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Routing(args) => routing::run(&args),
        Command::Replenish(args) => replenish::run(&args),
        Command::Rebalance(args) => rebalance::run(&args),
        Command::Allocation(args) => allocation::run(&args),
    }
}
