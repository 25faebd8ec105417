//! The command line: names and flags are a promise to scripts.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::exit::Outcome;

/// Makes every till, web shop and warehouse of a retailer behave as one commerce platform.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    max_term_width = 110,
    after_help = "Examples:\n  lockstep demo                        a whole retailer on this machine, nothing to configure\n  lockstep serve -c lockstep.toml      the hub\n  lockstep check -c lockstep.toml      what is wrong with the set-up, and how to mend it"
)]
pub(crate) struct Cli {
    /// What is told on standard error: error, warn, info, debug, trace.
    #[arg(long, global = true, env = "LOCKSTEP_LOG", default_value = "warn")]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A whole retailer on this machine: emulated platforms, live traffic, dashboard.
    Demo(crate::demo::Args),
    /// The hub.
    Serve(crate::serve::Args),
    /// What is wrong with the set-up, and how to mend it.
    Check(crate::check::Args),
    /// Connects an account: access, scopes, clock, webhook subscriptions.
    Connect(crate::connect::Args),
    /// What is out of step on all channels, worst money first. Only reads.
    Gaps(crate::gaps::Args),
    /// Items or stock from a CSV file; a dry run unless --apply is given.
    Import(crate::import::Args),
    /// One platform's emulator, for developing against without a sandbox account.
    Emulate(crate::emulate::Args),
    /// Why is my webhook refused?
    Hook(crate::hook::Args),
    /// What would have been decided under another policy. Only reads.
    Replay(crate::replay::Args),
    /// People who may come in: add, list, give roles, make passwords, keep out.
    Users(crate::users::Args),
    /// Keys of programs and agents; the master key, and secrets at rest.
    Keys(crate::keys::Args),
    /// The journal: verify its chain, sign it, export it with proof.
    Audit(crate::audit::Args),
    /// Backs the data folder up, while the hub runs.
    Backup(crate::operations::BackupArgs),
    /// Restores a backup into an empty data folder.
    Restore(crate::operations::restore::Args),
    /// Everything that is kept of a person.
    Person(crate::operations::person::PersonArgs),
    /// Forgets a person for good.
    Erase(crate::operations::person::EraseArgs),
    /// Figures of this machine: engine, ingest, recovery.
    Bench(crate::bench::Args),
    /// How good the agents' minds are, on your own tables.
    #[command(
        after_help = "Examples:\n  lockstep eval forecast --sales sales.csv --horizon 28 --out forecast.csv\n  lockstep eval identity --records records.csv --truth pairs.csv --out profiles.csv\n\nEach prints one JSON object of figures; docs/minds says what they mean."
    )]
    Eval {
        /// Which mind.
        #[command(subcommand)]
        command: eval::Command,
    },
    /// The annotated default configuration.
    #[command(after_help = "Example:\n  lockstep config > lockstep.toml")]
    Config,
}

/// Where the configuration and the data are.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Place {
    /// Configuration file; without it the defaults.
    #[arg(short, long, env = "LOCKSTEP_CONFIG")]
    pub config: Option<PathBuf>,
    /// Data folder, instead of the configured one.
    #[arg(long, env = "LOCKSTEP_DATA")]
    pub data: Option<PathBuf>,
}

impl Place {
    /// The configuration with the data folder put in.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn load(&self) -> anyhow::Result<crate::config::Config> {
        let mut config = crate::config::load(self.config.as_deref())?;
        if let Some(data) = &self.data {
            config.hub.data.clone_from(data);
        }
        config.with_own_channels()
    }
}

impl Cli {
    pub(crate) fn run(self) -> anyhow::Result<Outcome> {
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::try_new(&self.log)?)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init();
        match self.command {
            Command::Demo(args) => crate::demo::run(args),
            Command::Serve(args) => crate::serve::run(&args),
            Command::Check(args) => crate::check::run(&args),
            Command::Connect(args) => crate::connect::run(&args),
            Command::Gaps(args) => crate::gaps::run(&args),
            Command::Import(args) => crate::import::run(&args),
            Command::Emulate(args) => crate::emulate::run(args),
            Command::Hook(args) => crate::hook::run(&args),
            Command::Replay(args) => crate::replay::run(&args),
            Command::Users(args) => crate::users::run(&args),
            Command::Keys(args) => crate::keys::run(args),
            Command::Audit(args) => crate::audit::run(&args),
            Command::Backup(args) => args.run(),
            Command::Restore(args) => args.run(),
            Command::Person(args) => args.run(),
            Command::Erase(args) => args.run(),
            Command::Bench(args) => crate::bench::run(args),
            Command::Eval { command } => eval::run(command).map(|()| Outcome::Well),
            Command::Config => {
                print!("{}", crate::config::DEFAULT);
                Ok(Outcome::Well)
            }
        }
    }
}
