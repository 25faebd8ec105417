//! `lockstep gaps`: what is out of step, over all channels, without writing anything anywhere.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use flow::{Clock, SystemClock};
use server::gaps;

use crate::cli::Place;
use crate::config::Config;
use crate::exit::Outcome;
use crate::hub::Running;
use crate::measure::Measure;

/// Mismatched stock, prices, titles, barcodes and SKUs on all channels, worst money first. Only reads.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep gaps -c lockstep.toml\n  lockstep gaps -c lockstep.toml --csv gaps.csv\n  lockstep gaps -c lockstep.toml --wait 10m\n  lockstep gaps -c lockstep.toml --mail\n\nEvery channel is read once, with nothing but reading calls; the first time this takes as long as the platforms' rates\nlet it, and what was read is kept in the data folder. The hub must not be running on that folder: while it runs, its\npage /gaps and GET /v1/gaps say the same.\n\nExit code 0: there is no gap. 1: there are gaps. 2: a channel could not be read."
)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Writes the report as a table as well.
    #[arg(long)]
    csv: Option<PathBuf>,
    /// Sends the report by mail as well, as [mail] is configured.
    #[arg(long)]
    mail: bool,
    /// How long to wait for all channels to be read, for example 90s or 2h.
    #[arg(long, default_value = "2h", value_parser = crate::demo::duration)]
    wait: Duration,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let mut config = args.place.load()?;
    anyhow::ensure!(!config.channel.is_empty(), "no channel is configured; lockstep config shows how");
    anyhow::ensure!(
        !args.mail || config.mail.is_on(),
        "no mail is configured: set smtp, from and to in the section [mail]"
    );
    // Whatever the file says: this run reads.
    for channel in &mut config.channel {
        channel.writes = false;
        channel.subscribe = false;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(report(&config, args.wait))?;
    if let Some(file) = &args.csv {
        std::fs::write(file, gaps::csv(&report.gaps)).with_context(|| format!("write {}", file.display()))?;
    }
    if args.mail {
        runtime.block_on(crate::mail::send_now(&config, &report))?;
        eprintln!("sent to {}", config.mail.to.join(", "));
    }
    eprintln!("{} gap(s)", report.gaps.len());
    measure.print(gaps::json(&report));
    Ok(if report.gaps.is_empty() { Outcome::Well } else { Outcome::No })
}

async fn report(config: &Config, wait: Duration) -> anyhow::Result<gaps::Report> {
    let running = crate::hub::start(config).await?;
    let made = match until_read(&running, wait).await {
        Ok(()) => {
            let hub = &running.hub;
            // The tables count the sales: they must have taken in what was read.
            let (head, mut shown) = (running.flow.head(), hub.shown.clone());
            let _ = shown.wait_for(|seq| *seq >= head).await;
            gaps::report(&running.flow, &hub.read_links(), &hub.views, SystemClock.now())
                .await
                .context("make the report")
        }
        Err(error) => Err(error),
    };
    running.stop().await;
    made
}

/// Waits until every channel has been read, telling how far it has come.
async fn until_read(running: &Running, wait: Duration) -> anyhow::Result<()> {
    let started = Measure::start();
    let bars = indicatif::MultiProgress::new();
    if !std::io::stderr().is_terminal() {
        bars.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let bar = |name: &str| {
        let bar = bars.add(indicatif::ProgressBar::new_spinner());
        bar.set_prefix(name.to_owned());
        bar.set_style(
            indicatif::ProgressStyle::with_template("  {spinner} {prefix:20} {msg}")
                .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
        );
        bar
    };
    let links = running.hub.read_links();
    let channels: Vec<_> = links.iter().map(|link| (link, bar(link.settings.name.as_str()))).collect();
    loop {
        let mut waiting = Vec::new();
        for (link, bar) in &channels {
            let health = link.health();
            bar.tick();
            bar.set_message(health.trouble.clone().unwrap_or_else(|| health.progress_words()));
            if !health.ready {
                let why = health.trouble.unwrap_or_else(|| "it has not been read to the end yet".into());
                waiting.push(format!("{}: {why}", link.settings.name));
            }
        }
        if waiting.is_empty() {
            bars.clear()?;
            return Ok(());
        }
        anyhow::ensure!(
            started.seconds() < wait.as_secs_f64(),
            "not every channel could be read within {} s (--wait):\n  {}",
            wait.as_secs(),
            waiting.join("\n  ")
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
