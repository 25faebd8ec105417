//! `lockstep audit`: does the chain hold, also against what was signed; which key signs; the audit as a file with proof.

mod proof;
mod verify;

use std::path::PathBuf;

use anyhow::Context;
use serde_json::Value;

use crate::cli::Place;
use crate::exit::Outcome;
use crate::operations::{Ask, done};
use eval::measure::Measure;

pub(crate) use verify::state_hash;

/// The journal's chain.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep audit verify --data /var/lib/lockstep\n  lockstep audit verify --data /copy --checkpoints /outside/checkpoints.log --public-key hub.key\n  lockstep audit export -c lockstep.toml --from 2026-11-01 --to 2026-12-01 --format csv --out november.csv"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks every record of the journal offline and names the first bad one.
    #[command(
        after_help = "Examples:\n  lockstep audit verify --data /var/lib/lockstep\n  lockstep audit verify --data /copy --checkpoints /outside/checkpoints.log --public-key hub.key\n\nThe chain alone cannot show that its tail was cut or that all of it was computed anew; checkpoints from elsewhere do.\n\nExit code 0: every record is as it was written. 1: it is not; `first_bad` or `against` says where."
    )]
    Verify(verify::Args),
    /// Prints the public key that the hub's checkpoints are signed with.
    #[command(after_help = "Example:\n  lockstep audit key -c lockstep.toml > hub.key")]
    Key {
        #[command(flatten)]
        place: Place,
    },
    /// Signs the head of the journal now.
    #[command(after_help = "Example:\n  lockstep audit checkpoint -c lockstep.toml")]
    Checkpoint {
        #[command(flatten)]
        place: Place,
    },
    /// Writes facts with what proves that they belong to the chain.
    #[command(
        after_help = "Examples:\n  lockstep audit export -c lockstep.toml --from 2026-11-01 --to 2026-12-01 --out november.jsonl\n  lockstep audit export -c lockstep.toml --from 1 --to 5000 --format csv --out first.csv"
    )]
    Export(Export),
    /// Checks an export: its records, their chain, and the signature over its end.
    #[command(
        after_help = "Example:\n  lockstep audit verify-export november.jsonl --public-key hub.key\n\nNeeds neither the hub nor its data.\n\nExit code 0: every fact belongs to the chain that was signed. 1: it does not."
    )]
    VerifyExport(proof::Args),
}

#[derive(Debug, clap::Args)]
struct Export {
    #[command(flatten)]
    place: Place,
    /// The first fact by its number, or the first moment: 2026-11-01, or RFC 3339.
    #[arg(long, default_value = "1")]
    from: String,
    /// The last fact by its number, or the moment before which; the end of the journal when missing.
    #[arg(long)]
    to: Option<String>,
    /// Form of the file.
    #[arg(long, default_value = "jsonl", value_parser = ["jsonl", "csv"])]
    format: String,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Verify(args) => verify::run(args),
        Command::Key { place } => key(place),
        Command::Checkpoint { place } => {
            let done = done(&place.load()?, Ask::Checkpoint)?;
            println!("{}", done["checkpoint"].as_str().unwrap_or_default());
            Ok(Outcome::Well)
        }
        Command::Export(args) => export(args),
        Command::VerifyExport(args) => proof::run(args),
    }
}

fn key(place: &Place) -> anyhow::Result<Outcome> {
    let config = place.load()?;
    let path = crate::witness::public_path(&config.hub.data);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("read {}; it is made on the hub's first start", path.display()))?;
    print!("{text}");
    Ok(Outcome::Well)
}

fn export(args: &Export) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let config = args.place.load()?;
    let out = std::path::absolute(&args.out)?;
    let ask = Ask::Export { from: args.from.clone(), to: args.to.clone(), csv: args.format == "csv", file: out };
    let told: Value = done(&config, ask)?;
    measure.print(told);
    Ok(Outcome::Well)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
