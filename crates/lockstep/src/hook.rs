//! `lockstep hook verify`: why is my webhook refused?

use std::path::PathBuf;

use anyhow::Context;
use connectors::{Delivery, Secret, connector};
use flow::{Clock, SystemClock};
use model::{ChannelId, Instant, Platform};
use serde_json::json;

use crate::exit::Outcome;
use eval::measure::Measure;

/// Tools for webhooks.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep hook verify --help            how a delivery is checked by hand")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks a delivery the way the hub does and says what is wrong with it.
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep hook verify --platform shopify --secret shpss_… --header 'X-Shopify-Hmac-Sha256: …' \\\n      --header 'X-Shopify-Topic: orders/create' \\\n      --header 'X-Shopify-Shop-Domain: acme.myshopify.com' --header 'X-Shopify-API-Version: 2026-10' \\\n      --header 'X-Shopify-Webhook-Id: 1' body.json\n  lockstep hook verify --platform square --secret … --url https://hub.example/hooks/square/tills \\\n      --header 'x-square-hmacsha256-signature: …' body.json\n\nExit code 0: the signature fits. 1: it does not, the reason says why."
)]
struct Verify {
    /// Platform that sent it.
    #[arg(long)]
    platform: String,
    /// The webhook secret (or signature key).
    #[arg(long, env = "LOCKSTEP_WEBHOOK_SECRET", hide_env_values = true)]
    secret: String,
    /// The address exactly as the platform has it, for platforms that sign it.
    #[arg(long, default_value = "")]
    url: String,
    /// A header of the delivery, as 'Name: value'. Repeat for each.
    #[arg(long = "header")]
    headers: Vec<String>,
    /// The present time in Unix seconds, for platforms that sign a time.
    #[arg(long)]
    now: Option<i64>,
    /// What follows the hook's own path in the address, for platforms that have an address per topic.
    #[arg(long, default_value = "")]
    topic: String,
    /// The exact body.
    body: PathBuf,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let Command::Verify(args) = &args.command;
    let measure = Measure::start();
    let platform = Platform::parse(&args.platform).with_context(|| {
        let known: Vec<&str> = Platform::ALL.iter().map(|platform| platform.name()).collect();
        format!("{:?} is no platform; known are {}", args.platform, known.join(", "))
    })?;
    let body = std::fs::read(&args.body).with_context(|| format!("read {}", args.body.display()))?;
    let mut headers = http::HeaderMap::new();
    for header in &args.headers {
        let (name, value) = header.split_once(':').with_context(|| format!("header {header:?} has no colon"))?;
        headers.append(
            http::HeaderName::try_from(name.trim()).with_context(|| format!("header name {name:?}"))?,
            http::HeaderValue::try_from(value.trim()).with_context(|| format!("value of header {name}"))?,
        );
    }
    let at = args.now.map_or_else(|| SystemClock.now(), |seconds| Instant(seconds.saturating_mul(1_000)));
    let connector = connector(platform);
    let delivery = Delivery { headers: &headers, url: &args.url, topic: &args.topic, at, body: &body };
    let (valid, reason) = match connector.verify(delivery, &[Secret::new(&args.secret)]) {
        Err(forged) => (false, forged.to_string()),
        Ok(verified) => match connector.read(ChannelId(0), &verified) {
            Ok(parts) => {
                let told: Vec<String> =
                    parts.iter().map(|part| format!("{} {}", part.topic, part.delivery_id)).collect();
                (true, format!("the signature fits; it is {}", told.join(", ")))
            }
            Err(error) => (true, format!("the signature fits, but the body would be quarantined: {error}")),
        },
    };
    measure.print(json!({ "valid": valid, "reason": reason }));
    Ok(if valid { Outcome::Well } else { Outcome::No })
}
