//! `lockstep bench`: figures of this machine, as JSON.

mod engine;
mod gate;
mod ingest;
mod quantile;
mod recovery;
mod zipf;

use std::path::PathBuf;

use crate::exit::Outcome;

/// Figures of this machine. Compare only what was run side by side.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep bench engine\n  lockstep bench engine --batch 1024 --hot\n  lockstep bench ingest --connections 64\n  lockstep bench recovery --facts 10000000\n  lockstep bench gate"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Reserve one unit of a position drawn by Zipf, then commit it; durable.
    #[command(
        after_help = "Examples:\n  lockstep bench engine --positions 1000000 --zipf 0.99\n  lockstep bench engine --batch 1024 --hot"
    )]
    Engine(EngineArgs),
    /// Signed order webhooks over HTTP to the durable acknowledgement, beside a bare echo of the same bodies.
    #[command(after_help = "Example:\n  lockstep bench ingest --connections 64")]
    Ingest(IngestArgs),
    /// What the policy's gate costs a proposal, whether races have one outcome, and replay under another policy.
    #[command(after_help = "Example:\n  lockstep bench gate --proposals 10000 --rules 100")]
    Gate(GateArgs),
    /// Replay of a journal, and opening with and without a snapshot.
    #[command(after_help = "Example:\n  lockstep bench recovery --facts 10000000")]
    Recovery(RecoveryArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct EngineArgs {
    /// Positions.
    #[arg(long, default_value_t = 1_000_000)]
    pub positions: u64,
    /// Skew of the draw; 0 = even.
    #[arg(long, default_value_t = 0.99)]
    pub zipf: f64,
    /// Commands in one commit; auto = as many as wait.
    #[arg(long, default_value = "auto")]
    pub batch: String,
    /// Everything on one position, as in a flash sale.
    #[arg(long)]
    pub hot: bool,
    /// How long to measure, in seconds.
    #[arg(long, default_value_t = 10.0)]
    pub time: f64,
    /// Draws.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the journal goes; without it a temporary folder.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct IngestArgs {
    /// Connections.
    #[arg(long, default_value_t = 64)]
    pub connections: usize,
    /// Requests of each of the two parts.
    #[arg(long, default_value_t = 60_000)]
    pub requests: usize,
    /// Draws.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the journal goes; without it a temporary folder.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GateArgs {
    /// Proposals, each answered by four at once.
    #[arg(long, default_value_t = 10_000)]
    pub proposals: u64,
    /// Rules of the policy.
    #[arg(long, default_value_t = 100)]
    pub rules: usize,
    /// Where the journal goes; without it a temporary folder.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryArgs {
    /// Facts to write and to open.
    #[arg(long, default_value_t = 10_000_000)]
    pub facts: u64,
    /// Draws.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the journal goes; without it a temporary folder.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

/// A data folder that is removed at the end when it was not named.
pub(crate) struct Folder {
    pub path: PathBuf,
    temporary: bool,
}

impl Folder {
    pub(crate) fn of(named: Option<&PathBuf>) -> Self {
        let path = named
            .cloned()
            .unwrap_or_else(|| std::env::temp_dir().join(format!("lockstep-bench-{}", std::process::id())));
        Self { path, temporary: named.is_none() }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

pub(crate) fn run(args: Args) -> anyhow::Result<Outcome> {
    match args.what {
        What::Engine(args) => engine::run(&args),
        What::Gate(args) => gate::run(&args),
        What::Ingest(args) => ingest::run(&args),
        What::Recovery(args) => recovery::run(&args),
    }
}
