//! `lockstep serve`: the hub.

use anyhow::Context;

use crate::cli::Place;
use crate::exit::Outcome;

/// The hub: webhooks, API, pages, and the writing to every channel.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep serve -c lockstep.toml\n  lockstep serve -c lockstep.toml --data /var/lib/lockstep --log info"
)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Address to listen on, instead of the configured one.
    #[arg(long)]
    listen: Option<String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut config = args.place.load()?;
    if let Some(listen) = &args.listen {
        config.hub.listen.clone_from(listen);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config))
}

async fn serve(config: crate::config::Config) -> anyhow::Result<Outcome> {
    let listener = tokio::net::TcpListener::bind(&config.hub.listen)
        .await
        .with_context(|| format!("listen on {}: is another hub running there?", config.hub.listen))?;
    let address = listener.local_addr()?;
    let running = crate::hub::start(&config).await?;
    let mail = crate::mail::start(&config, &running.hub)?;
    let router = server::router(std::sync::Arc::clone(&running.hub));
    eprintln!("lockstep listens on http://{address}");
    let head = std::time::Duration::from_secs(config.access.head_s);
    let served = tokio::select! {
        () = server::serve(listener, router, head) => Ok(()),
        () = asked_to_stop() => Ok(()),
        // A supervisor starts it again; nothing that was acknowledged is lost.
        reason = running.flow.failed() => Err(anyhow::anyhow!("the hub cannot go on: {reason}")),
    };
    eprintln!("lockstep stops: finishing what was taken in");
    mail.iter().for_each(tokio::task::JoinHandle::abort);
    running.stop().await;
    served?;
    Ok(Outcome::Well)
}

/// Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
    }
}

/// SIGTERM.
pub(crate) async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard; the process ends without a snapshot then");
            std::future::pending().await
        }
    }
}
