//! Sends what the outbox says is due, and tells it how that went. The only part of the crate that opens a connection
//! to somebody else.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::task::JoinSet;

use super::Shell;
use super::clock::now;
use super::outbox::{Flight, Settled};
use crate::EmulatorError;
use crate::machine::{Attempt, Millis, Outgoing};

/// The vendors give a connection one second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The client for deliveries: the vendor's time limits, no redirects, no proxy.
pub(super) fn client(timeout: Millis) -> Result<reqwest::Client, EmulatorError> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(Duration::from_millis(timeout.unsigned_abs()))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|source| EmulatorError::Client { source })
}

/// Starts attempts as they become due, and the machine's own background work. Never ends; its flights end with it.
pub(super) async fn run(shell: Arc<Shell>, client: reqwest::Client) {
    let mut flights = JoinSet::new();
    loop {
        while flights.try_join_next().is_some() {}
        let (due, next) = shell.collect_due();
        for flight in due {
            flights.spawn(fly(Arc::clone(&shell), client.clone(), flight));
        }
        match next {
            Some(at) => {
                let pause = Duration::from_millis((at - now()).max(1).unsigned_abs());
                // Whether the time came or the wake-up: both mean look again.
                let _ = tokio::time::timeout(pause, shell.wake.notified()).await;
            }
            None => shell.wake.notified().await,
        }
    }
}

/// Delivers one, and then whatever else is due, so that a busy outbox needs no hand-over in between.
async fn fly(shell: Arc<Shell>, client: reqwest::Client, first: Flight) {
    let mut next = Some(first);
    while let Some(flight) = next {
        let attempt = send(&client, flight.delivery).await;
        next = settle(&shell, flight.ticket, attempt);
    }
    shell.wake.notify_one();
}

fn settle(shell: &Shell, ticket: u64, attempt: Attempt) -> Option<Flight> {
    let mut inner = shell.lock();
    let state = &mut *inner;
    let settled = state.outbox.settle(ticket, attempt, now(), &*state.machine);
    if let Settled::GaveUp { subscription } = settled {
        tracing::info!(%subscription, "gave up a delivery");
        inner.in_world(|machine, world| machine.gave_up(&subscription, world));
    }
    inner.outbox.take(now())
}

async fn send(client: &reqwest::Client, delivery: Outgoing) -> Attempt {
    let request = client.post(&delivery.url).headers(headers(&delivery)).body(delivery.body);
    match request.send().await {
        Ok(response) => Attempt::Answered(response.status().as_u16()),
        Err(error) if error.is_timeout() => Attempt::TimedOut,
        Err(_) => Attempt::Failed,
    }
}

fn headers(delivery: &Outgoing) -> HeaderMap {
    let pairs = delivery.headers.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    });
    pairs.collect()
}
