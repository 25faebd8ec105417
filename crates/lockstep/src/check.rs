//! `lockstep check`: what is wrong with the set-up, and how to mend it.

use std::sync::Arc;

use connectors::{Question, connector};
use courier::{Courier, CourierConfig, Mode};
use flow::{Carrier, Clock, SystemClock, Wallet};
use model::{ChannelId, Platform};
use serde_json::{Value, json};

use crate::carrier::CourierCarrier;
use crate::cli::Place;
use crate::exit::Outcome;
use crate::wallet::FileWallet;
use eval::measure::Measure;

/// Configuration, credentials, clocks, reachability: what is wrong and how to mend it. Writes nothing anywhere.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep check -c lockstep.toml\n\nExit code 0: everything is in order. 1: something is not, `checks` says what."
)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let config = args.place.load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut checks = vec![finding("configuration", true, "it can be read and used", "")];
    checks.extend(data_folder(&config));
    if config.channel.is_empty() {
        checks.push(finding(
            "channels",
            false,
            "none is configured",
            "add a [[channel]] section; lockstep config shows how",
        ));
    }
    for channel in &config.channel {
        checks.extend(runtime.block_on(account(&config, channel)));
    }
    let well = checks.iter().all(|check| check["ok"] == json!(true));
    for check in &checks {
        let mark = if check["ok"] == json!(true) { "ok  " } else { "BAD " };
        let remedy = text(&check["remedy"]);
        let dash = if remedy.is_empty() { "" } else { " – " };
        eprintln!("{mark} {}: {}{dash}{remedy}", text(&check["check"]), text(&check["finding"]));
    }
    measure.print(json!({ "ok": well, "checks": checks }));
    Ok(if well { Outcome::Well } else { Outcome::No })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn finding(check: &str, ok: bool, finding: &str, remedy: &str) -> Value {
    json!({ "check": check, "ok": ok, "finding": finding, "remedy": remedy })
}

fn data_folder(config: &crate::config::Config) -> Vec<Value> {
    let data = &config.hub.data;
    if !data.exists() {
        return vec![finding("data folder", true, &format!("{} will be made on the first start", data.display()), "")];
    }
    match journal::verify(data) {
        Ok(verified) if verified.valid => {
            vec![finding("journal", true, &format!("{} facts, the chain holds", verified.facts), "")]
        }
        Ok(verified) => {
            let place =
                verified.first_bad.map(|bad| format!("segment {} at byte {}: {}", bad.segment, bad.offset, bad.reason));
            vec![finding(
                "journal",
                false,
                &place.unwrap_or_default(),
                "restore the data folder from a backup; an unfinished last record is cut by itself at the next start",
            )]
        }
        Err(error) => {
            vec![finding("journal", false, &error.to_string(), "is a hub running on this folder? stop it first")]
        }
    }
}

async fn account(config: &crate::config::Config, channel: &crate::config::Channel) -> Vec<Value> {
    let name = format!("channel {}", channel.name);
    let Some(platform) = Platform::parse(&channel.platform) else { return Vec::new() };
    let settings = match crate::hub::channel_settings(config, channel) {
        Ok(settings) => settings,
        Err(error) => return vec![finding(&name, false, &error.to_string(), "")],
    };
    let mut checks = Vec::new();
    if settings.secrets.is_empty() && !settings.subscribe {
        checks.push(finding(
            &name,
            false,
            "it has no webhook secret",
            "set webhook_secret_file, or subscribe = true where the platform makes the secret",
        ));
    }
    let courier = match Courier::new(CourierConfig { mode: Mode::ReadOnly, ..CourierConfig::default() }) {
        Ok(courier) => courier,
        Err(error) => return vec![finding(&name, false, &error.to_string(), "")],
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let carrier = CourierCarrier { courier, clock: Arc::clone(&clock) };
    // What the platform gave the hub is newer than what the section says.
    // Where none was ever kept, nothing is made to look for one.
    let wallet =
        config.hub.data.join("tokens").exists().then(|| FileWallet::new(&config.hub, &settings).ok()).flatten();
    let kept = wallet.and_then(|wallet| wallet.kept(&settings.name));
    let token = kept.map_or_else(|| settings.token.clone(), |kept| kept.access);
    let account = settings.account(ChannelId(0), token, Vec::new());
    let connector = connector(platform);
    let question = Question::Locations { cursor: None };
    let request = match connector.ask(&question, &account) {
        Ok(request) => request,
        Err(error) => return vec![finding(&name, false, &error.to_string(), "check base_url and token")],
    };
    match carrier.send(request).await {
        Err(lost) => {
            checks.push(finding(&name, false, &lost.to_string(), "check base_url, DNS, firewall and certificate"))
        }
        Ok(reply) => {
            checks.extend(skew(&name, &reply, clock.as_ref()));
            match connector.learn(&question, &account, &reply) {
                Ok(page) => {
                    let found = format!("the account answers and has {} location(s)", page.told.len());
                    checks.push(finding(&name, true, &found, ""));
                }
                Err(trouble) => {
                    checks.push(finding(&name, false, &trouble.to_string(), "check the token and its scopes"))
                }
            }
        }
    }
    checks
}

/// The platform's clock against ours, by its `Date` header.
fn skew(name: &str, reply: &connectors::Reply, clock: &dyn Clock) -> Option<Value> {
    let date = reply.headers.get(http::header::DATE)?.to_str().ok()?;
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp().as_millisecond();
    let skew_ms = clock.now().0 - theirs;
    let ok = skew_ms.abs() < 30_000;
    let remedy = if ok { "" } else { "set this machine's clock by NTP" };
    Some(finding(&format!("{name} clock"), ok, &format!("differs from ours by about {} s", skew_ms / 1_000), remedy))
}
