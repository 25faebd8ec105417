//! `lockstep keys`: keys of programs and agents. Works beside a running hub, which sees every change at once.

use access::KeyRecord;
use serde_json::{Value, json};
use server::given::{self, KeyGiven};

use crate::cli::Place;
use crate::exit::Outcome;
use crate::users::{BY, now_ms, staff};

/// Keys of programs and agents.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep keys add counter --scope stock:write --endpoint \"POST /v1/counts\" --days 90\n  lockstep keys list\n  lockstep keys rotate counter --old-for-hours 24"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Makes a key and prints its text, which nobody can read again.
    #[command(
        after_help = "Example:\n  lockstep keys add counter --scope stock:write --endpoint \"POST /v1/counts\" --days 90 --purpose \"counts of the night\""
    )]
    Add(Add),
    /// Every key, without its text. Those of the configuration stand there.
    #[command(after_help = "Example:\n  lockstep keys list")]
    List(All),
    /// Gives a key a new text and prints it.
    #[command(after_help = "Example:\n  lockstep keys rotate counter --old-for-hours 24")]
    Rotate(Rotate),
    /// Ends a key for good, at once.
    #[command(after_help = "Example:\n  lockstep keys revoke counter")]
    Revoke(Revoke),
    #[command(flatten)]
    Secrets(crate::operations::keys::Command),
}

#[derive(Debug, clap::Args)]
struct Add {
    /// Name, for the audit.
    name: String,
    /// What it may do, such as stock:read; may be given several times.
    #[arg(long = "scope", required = true)]
    scopes: Vec<String>,
    /// An address it is for, such as "POST /v1/counts"; may be given several times. Without it what its scopes open.
    #[arg(long = "endpoint")]
    endpoints: Vec<String>,
    /// A store it is for; may be given several times. Without it all.
    #[arg(long = "store")]
    stores: Vec<String>,
    /// A channel whose orders it sees; may be given several times. Without it all.
    #[arg(long = "channel")]
    channels: Vec<String>,
    /// service or agent.
    #[arg(long, default_value = "service")]
    kind: String,
    /// What for: one purpose, one key.
    #[arg(long, default_value = "")]
    purpose: String,
    /// How long it opens, in days; without it until it is revoked.
    #[arg(long)]
    days: Option<i64>,
    /// Calls in a minute; 0 = as configured.
    #[arg(long, default_value_t = 0)]
    per_minute: u32,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct All {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct Rotate {
    /// Name.
    name: String,
    /// How long the old text opens too, in hours.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=168))]
    old_for_hours: u32,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct Revoke {
    /// Name.
    name: String,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: Args) -> anyhow::Result<Outcome> {
    let told = match args.command {
        Command::Secrets(command) => return crate::operations::keys::run(command),
        Command::Add(sent) => add(&sent)?,
        Command::List(all) => {
            let keys = staff(&all.place)?.keys()?;
            json!({ "keys": keys.iter().map(|key| out(key, now_ms())).collect::<Vec<_>>() })
        }
        Command::Rotate(one) => {
            let grace_ms = i64::from(one.old_for_hours) * 3_600_000;
            let key = staff(&one.place)?.rotate_key(&one.name, grace_ms, BY, now_ms())?;
            json!({ "name": one.name, "key": key })
        }
        Command::Revoke(one) => {
            staff(&one.place)?.revoke_key(&one.name, BY, now_ms())?;
            json!({ "name": one.name, "revoked": true })
        }
    };
    println!("{told:#}");
    Ok(Outcome::Well)
}

fn add(sent: &Add) -> anyhow::Result<Value> {
    let config = sent.place.load()?;
    anyhow::ensure!(
        !config.api_key.iter().any(|known| known.name.eq_ignore_ascii_case(&sent.name)),
        "a key of the configuration has the name {}",
        sent.name
    );
    let given = KeyGiven {
        name: sent.name.clone(),
        kind: sent.kind.clone(),
        purpose: sent.purpose.clone(),
        scopes: sent.scopes.clone(),
        endpoints: sent.endpoints.clone(),
        stores: sent.stores.clone(),
        channels: sent.channels.clone(),
        per_minute: sent.per_minute,
        days: sent.days,
    };
    let new = given::key(&given, now_ms())?;
    let key = crate::hub::staff(&config)?.add_key(&new, BY, now_ms())?;
    Ok(json!({ "name": new.name, "key": key }))
}

fn out(key: &KeyRecord, now_ms: i64) -> Value {
    let at = |at_ms: Option<i64>| at_ms.map(|at_ms| model::Instant(at_ms).to_string());
    let made = &key.made;
    json!({
        "name": made.name,
        "kind": made.kind.name(),
        "purpose": made.purpose,
        "shown": key.shown,
        "scopes": made.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>(),
        "endpoints": made.endpoints,
        "stores": made.stores,
        "channels": made.channels,
        "per_minute": made.per_minute,
        "created_at": at(Some(key.created_ms)),
        "expires_at": at(made.expires_ms),
        "used_at": at(key.used_ms),
        "revoked_at": at(key.revoked_ms),
        "lives": key.lives(now_ms),
    })
}
