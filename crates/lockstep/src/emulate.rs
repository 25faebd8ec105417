//! `lockstep emulate`: one platform's emulator.

use std::net::SocketAddr;

use anyhow::Context;
use emulators::machine::{Keys, Opening};
use emulators::shell::{self, Faults};

use crate::exit::Outcome;

/// One platform's emulator, with a control API under /_control/.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep emulate shopify\n  lockstep emulate square --listen 127.0.0.1:8102 --hub http://127.0.0.1:8080/hooks/square/tills --faults duplicate,429\n\nControl: POST /_control/act, GET /_control/books, GET /_control/outbox, POST /_control/faults, POST /_control/stall, POST /_control/subscribe, GET /_control/calls"
)]
pub(crate) struct Args {
    /// Which platform: shopify, square, clover, bigcommerce, lightspeed-x, lightspeed-r.
    platform: String,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8101")]
    listen: SocketAddr,
    /// Hook address to which webhooks are sent from the start; without it subscribe by the platform's own API.
    #[arg(long)]
    hub: Option<String>,
    /// Webhook secret, where the platform does not make one itself.
    #[arg(long, env = "LOCKSTEP_WEBHOOK_SECRET", hide_env_values = true)]
    secret: Option<String>,
    /// Faults at about 1 %: none, all, or a list of duplicate, reorder, delay, drop, late, 429, 500, timeout, truncate, skew, unsubscribe.
    #[arg(long, default_value = "none")]
    faults: String,
    /// Ids and faults are drawn from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The vendor's pauses between delivery attempts are divided by this.
    #[arg(long, default_value_t = 1)]
    retry_scale: u32,
}

pub(crate) fn run(args: Args) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(emulate(args))
}

async fn emulate(args: Args) -> anyhow::Result<Outcome> {
    let opening = Opening {
        api_base: format!("http://{}", args.listen),
        webhook_secret: args.secret.clone(),
        time_scale: args.retry_scale.max(1),
        ..Opening::default()
    };
    let opened = emulators::open(&args.platform, &opening)?;
    let options = shell::Options {
        listen: args.listen,
        faults: Faults::parse(&args.faults, shell::PER_MILLION)?,
        seed: args.seed,
        retry_scale: args.retry_scale.max(1),
        ..shell::Options::default()
    };
    let running = shell::start(opened.machine, options).await?;
    eprintln!("{} emulator on http://{}", args.platform, running.addr);
    for (name, value) in named(&opened.keys) {
        eprintln!("  {name:18} {value}");
    }
    if let Some(url) = &args.hub {
        let secret =
            args.secret.as_deref().or(Some(opened.keys.webhook_secret.as_str()).filter(|text| !text.is_empty()));
        subscribe(running.addr, url, secret).await?;
        eprintln!("webhooks go to {url}");
    }
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = running.handle => anyhow::bail!("the emulator stopped serving"),
    }
    Ok(Outcome::Well)
}

/// The keys that this platform has, by the names they have in the hub's configuration.
fn named(keys: &Keys) -> impl Iterator<Item = (&'static str, &str)> {
    let all = [
        ("account", keys.account.as_str()),
        ("token", &keys.access_token),
        ("refresh_token", &keys.refresh_token),
        ("client_id", &keys.client_id),
        ("client_secret", &keys.client_secret),
        ("application_token", &keys.application_token),
        ("webhook_secret", &keys.webhook_secret),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty())
}

/// The address, or one with a free port where it is taken.
///
/// # Errors
/// When no port is free.
pub(crate) fn free(usual: SocketAddr) -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(usual).or_else(|_| std::net::TcpListener::bind((usual.ip(), 0)));
    Ok(listener.context("find a free port")?.local_addr()?)
}

/// Makes a subscription by the control API.
///
/// # Errors
/// When the emulator does not answer.
pub(crate) async fn subscribe(addr: SocketAddr, url: &str, secret: Option<&str>) -> anyhow::Result<serde_json::Value> {
    let form = serde_json::json!({ "url": url, "secret": secret });
    let reply = reqwest::Client::new()
        .post(format!("http://{addr}/_control/subscribe"))
        .body(form.to_string())
        .header("content-type", "application/json")
        .send()
        .await
        .context("subscribe")?;
    let status = reply.status();
    let text = reply.text().await?;
    anyhow::ensure!(status.is_success(), "subscribe: {status} {text}");
    Ok(serde_json::from_str(&text)?)
}
