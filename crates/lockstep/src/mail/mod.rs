//! The daily mail: the gap report, once a day at the store's morning, and by `lockstep gaps --mail`.
//!
//! `serve` starts it. Nothing is sent twice for one day, not even after a crash: the day is written down before the
//! mail leaves. It knows how a report reads and how mail is sent, and nothing of how gaps are found.

mod daily;
mod day;
mod ledger;
mod letter;
mod post;
#[cfg(test)]
mod sink;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use flow::{Clock, SystemClock};

use crate::config::Config;

pub(crate) use daily::Daily;
pub(crate) use letter::Letter;
pub(crate) use post::Post;

/// Starts the daily mail, when one is configured.
///
/// # Errors
/// When its section cannot be used.
pub(crate) fn start(config: &Config, hub: &Arc<server::Hub>) -> anyhow::Result<Option<tokio::task::JoinHandle<()>>> {
    if !config.mail.is_on() {
        return Ok(None);
    }
    hub.options.mailed.is_on();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(Some(tokio::spawn(Daily::of(config, Arc::clone(hub), clock)?.run())))
}

/// Sends a report now, outside the daily round.
///
/// # Errors
/// When no mail is configured, or the server does not take it.
pub(crate) async fn send_now(config: &Config, report: &server::gaps::Report) -> anyhow::Result<()> {
    anyhow::ensure!(config.mail.is_on(), "no mail is configured: set smtp, from and to in the section [mail]");
    let zone = config.location.first().and_then(|place| jiff::tz::TimeZone::get(&place.zone).ok());
    let letter = Letter::of(report, &zone.unwrap_or(jiff::tz::TimeZone::UTC), &config.hub.public_url);
    Post::of(&config.mail)?.send(&letter).await.map_err(|unsent| anyhow::anyhow!("{unsent}"))
}
