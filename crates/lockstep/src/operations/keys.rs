//! `lockstep keys`: a new master key while the hub runs, and secrets sealed for the configuration.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use flow::Flow;
use journal::MasterKey;
use serde_json::{Value, json};

use super::Ask;
use crate::audit::unhex;
use crate::cli::Place;
use crate::config::Hub;
use crate::exit::Outcome;
use crate::vault::{self, Vault};
use eval::measure::Measure;

/// The master key, and secrets at rest.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Wraps every key anew under another master key, while a hub runs or not.
    #[command(
        after_help = "Examples:\n  lockstep keys rotate-master -c lockstep.toml\n  lockstep keys rotate-master -c lockstep.toml --to-file /etc/lockstep/master.new\n\nWithout --to-file and --to-command the hub's own key file is replaced. With them, put the new key where the configuration looks before the hub starts again."
    )]
    RotateMaster(Rotate),
    /// Seals a secret from standard input: the text it prints can stand in any secret's file or value.
    #[command(after_help = "Example:\n  lockstep keys seal -c lockstep.toml < token.txt > /etc/lockstep/web.token")]
    Seal(Seal),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    place: Place,
    /// File with the new key: 64 hexadecimal digits.
    #[arg(long, conflicts_with = "to_command")]
    to_file: Option<PathBuf>,
    /// Command that prints the new key.
    #[arg(long)]
    to_command: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Seal {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::RotateMaster(args) => {
            let measure = Measure::start();
            let config = args.place.load()?;
            let key = match (&args.to_file, &args.to_command) {
                (Some(file), _) => {
                    Some(std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?)
                }
                (None, Some(command)) => Some(printed(command)?),
                (None, None) => None,
            };
            let key = key.map(|key| key.trim().to_owned());
            measure.print(super::done(&config, Ask::RotateMaster { key })?);
        }
        Command::Seal(args) => {
            let config = args.place.load()?;
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("read the secret from standard input")?;
            print!("{}", Vault::of(&config.hub)?.seal(text.trim_end_matches(['\n', '\r']))?);
        }
    }
    Ok(Outcome::Well)
}

fn printed(command: &str) -> anyhow::Result<String> {
    let done = std::process::Command::new("sh").arg("-c").arg(command).output().context("run --to-command")?;
    anyhow::ensure!(done.status.success(), "--to-command ended with {}", done.status);
    String::from_utf8(done.stdout).context("what --to-command printed is not 64 hexadecimal digits")
}

/// Wraps the keys anew. Work goes on meanwhile; it waits for as long as the key store takes to be written once.
pub(super) async fn rotate(flow: &Flow, hub: &Hub, key: Option<String>) -> anyhow::Result<Value> {
    // Opened under the old key first: afterwards the configuration may still name that one.
    Vault::of(hub)?;
    let own = vault::is_own(hub);
    let master = match &key {
        Some(key) => {
            anyhow::ensure!(!own, "the hub keeps its master key itself; leave --to-file and --to-command out");
            let bytes = unhex(key).and_then(|bytes| bytes.try_into().ok());
            MasterKey::new(bytes.context("the new master key is not 64 hexadecimal digits")?)
        }
        None => {
            anyhow::ensure!(
                own,
                "the configuration says where the master key is; name the new one with --to-file or --to-command"
            );
            vault::prepare_own(&hub.data)?
        }
    };
    flow.look(move |desk| desk.rewrap(master)).await??;
    if own {
        vault::put_in_place(&hub.data)?;
    }
    let next = if own {
        "it stands in keys/master.key; copy it to where your copy is"
    } else {
        "put it where the configuration looks before the hub starts again"
    };
    Ok(json!({ "rotated": true, "next": next }))
}
