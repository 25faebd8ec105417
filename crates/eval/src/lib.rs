//! `lockstep eval`: how good the agents' minds are, on anybody's own tables. Called by the roof.
//!
//! A file in, figures out: every command reads CSV or TSV, shows each row to a mind in the order of time, and prints one
//! JSON object. Nothing is learnt from what a mind is judged on.

pub mod allocation;
pub mod attribution;
pub mod calibration;
pub mod context;
pub mod forecast;
pub mod fraud;
pub mod identity;
pub mod matching;
pub mod measure;
pub mod merchandising;
pub mod offers;
pub mod plot;
pub mod pricing;
pub mod progress;
pub mod rebalance;
pub mod refused;
pub mod replenish;
pub mod returns;
pub mod routing;
pub mod table;
pub mod threshold;

/// One evaluation.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// What else to offer: carts and visits.
    Offers(offers::Args),
    /// Demand by item and location, with its uncertainty.
    Forecast(forecast::Args),
    /// Which customer records are one person.
    Identity(identity::Args),
    /// Order routing: a day of orders over a network.
    Routing(routing::Args),
    /// How risky payments are, with labels that come late.
    Fraud(fraud::Args),
    /// Which products of two tables are the same.
    Match(matching::Args),
    /// Which channel earned the sales.
    Attribution(attribution::Args),
    /// Are the best sellers of now those of the next two weeks?
    Merchandising(merchandising::Args),
    /// What prices do, and what the mind's prices earn.
    Pricing(pricing::Args),
    /// How returns are foretold, placed and judged.
    Returns(returns::Args),
    /// Replenishment: ordering played on held-out weeks of sales.
    Replenish(replenish::Args),
    /// Rebalancing: transfers between locations for one horizon.
    Rebalance(rebalance::Args),
    /// Allocation: promises made or withheld, beside fixed buffers.
    Allocation(allocation::Args),
    /// Context: how quickly the most alike situations are found among very many.
    Context(context::Args),
}

/// Runs one and prints its figures on standard output.
///
/// # Errors
/// When a file cannot be read or a column is missing, with the file, the line and the column.
pub fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Offers(args) => offers::run(args),
        Command::Forecast(args) => forecast::run(&args),
        Command::Identity(args) => identity::run(&args),
        Command::Routing(args) => routing::run(&args),
        Command::Fraud(args) => fraud::run(&args),
        Command::Match(args) => matching::run(&args),
        Command::Attribution(args) => attribution::run(&args),
        Command::Merchandising(args) => merchandising::run(&args),
        Command::Pricing(args) => pricing::run(&args),
        Command::Returns(args) => returns::run(&args),
        Command::Replenish(args) => replenish::run(&args),
        Command::Rebalance(args) => rebalance::run(&args),
        Command::Allocation(args) => allocation::run(&args),
        Command::Context(args) => context::run(&args),
    }
}
