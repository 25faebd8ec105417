//! The daily round: waits for the morning, makes the report, writes the day down, sends, and tells when it failed.

use std::sync::Arc;
use std::time::Duration;

use flow::Clock;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::Instant;
use server::Hub;

use super::day::{Due, due};
use super::ledger::{End, Ledger};
use super::post::Unsent;
use super::{Letter, Post};
use crate::config::Config;

/// Pauses before another try, when it is certain that nobody got the mail.
const PAUSES: [Duration; 3] = [Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(900)];
/// A hub that was just started reads its channels first; it is waited for this long, in milliseconds.
const READING_MS: i64 = 3_600_000;
/// How often it is looked whether the reading is done.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
/// Longest sleep: clocks are set and machines are suspended.
const SLEEP_MAX: Duration = Duration::from_secs(600);
/// What a person does about it.
const REMEDY: &str = "Send it with: lockstep gaps --mail";

/// The round.
pub(crate) struct Daily {
    hub: Arc<Hub>,
    clock: Arc<dyn Clock>,
    post: Post,
    ledger: Ledger,
    hour: i8,
    address: String,
    /// The day whose mail is being sent, since when it has been due here, and tries that failed.
    open: Option<(Date, Instant, usize)>,
    /// Whether the ledger of before the start was looked at.
    begun: bool,
}

impl Daily {
    /// As configured.
    ///
    /// # Errors
    /// When the section cannot be used.
    pub(crate) fn of(config: &Config, hub: Arc<Hub>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Ok(Self {
            hub,
            clock,
            post: Post::of(&config.mail)?,
            ledger: Ledger::new(&config.hub.data),
            hour: config.mail.hour,
            address: config.hub.public_url.clone(),
            open: None,
            begun: false,
        })
    }

    /// Goes round until the task is ended.
    pub(crate) async fn run(mut self) {
        loop {
            let wait = self.turn().await;
            tokio::time::sleep(wait.clamp(Duration::from_millis(10), SLEEP_MAX)).await;
        }
    }

    /// Does what is due now. Answers how long there is nothing to do.
    pub(super) async fn turn(&mut self) -> Duration {
        let last = match self.ledger.last() {
            Ok(last) => last,
            Err(error) => {
                self.tell(&format!("Nobody knows whether the daily mail was sent, so none is: {error}."));
                return SLEEP_MAX;
            }
        };
        if !std::mem::replace(&mut self.begun, true)
            && let Some((day, End::Begun)) = last
        {
            let text =
                format!("The hub stopped while the gap report of {day} was being sent; it may not have arrived.");
            self.tell(&format!("{text} {REMEDY}"));
        }
        let Ok(zone) = self.hub.flow.read(zone).await else { return SLEEP_MAX };
        let now = self.clock.now();
        // The day that is being sent stands in the ledger already.
        let last = last.map(|(day, _)| day).filter(|day| self.open.is_none_or(|(open, ..)| open != *day));
        match due(now, &zone, self.hour, last) {
            Due::Later(at) => Duration::from_millis(u64::try_from(at.since(now)).unwrap_or_default()),
            Due::Now(day) => self.day(day, &zone, now).await,
        }
    }

    async fn day(&mut self, day: Date, zone: &TimeZone, now: Instant) -> Duration {
        let (since, tries) = match self.open {
            Some((open, since, tries)) if open == day => (since, tries),
            _ => (now, 0),
        };
        self.open = Some((day, since, tries));
        let unread = self.hub.read_links().iter().any(|link| !link.health().ready);
        if unread && now.since(since) < READING_MS {
            return LOOK_AGAIN;
        }
        match self.send(day, zone).await {
            Ok(()) => self.end(day, End::Sent),
            Err(failed) => return self.failed(day, since, tries, &failed),
        }
        self.hub.options.mailed.was_sent();
        Duration::ZERO
    }

    async fn send(&self, day: Date, zone: &TimeZone) -> Result<(), Unsent> {
        let (hub, now) = (&self.hub, self.clock.now());
        let report = server::gaps::report(&hub.flow, &hub.read_links(), &hub.views, now).await;
        let report = report.map_err(|error| Unsent::NotNow(format!("the report cannot be made: {error}")))?;
        let letter = Letter::of(&report, zone, &self.address);
        // Before it leaves: whatever happens from here on, this day's mail is not sent by another start of the hub.
        let written = self.ledger.write(day, End::Begun);
        written.map_err(|error| Unsent::NotNow(format!("the day cannot be written down: {error}")))?;
        self.post.send(&letter).await
    }

    fn failed(&mut self, day: Date, since: Instant, tries: usize, failed: &Unsent) -> Duration {
        tracing::warn!(%day, tries, why = %failed, "the daily mail was not sent");
        if let Some(pause) = PAUSES.get(tries).filter(|_| failed.may_be_repeated()) {
            self.open = Some((day, since, tries + 1));
            return *pause;
        }
        self.tell(&format!("The gap report of {day} could not be sent: {failed}. {REMEDY}"));
        self.end(day, End::Failed);
        Duration::ZERO
    }

    fn end(&mut self, day: Date, end: End) {
        self.open = None;
        if let Err(error) = self.ledger.write(day, end) {
            // That it was begun stands there already, or nothing was sent.
            tracing::warn!(%day, %error, "how the daily mail ended cannot be written down");
        }
    }

    fn tell(&self, text: &str) {
        tracing::warn!(text, "the daily mail");
        self.hub.options.mailed.has_failed(text);
    }
}

/// The zone of the first store.
fn zone(state: &flow::State) -> TimeZone {
    let first = state.catalogue().locations().first();
    first.and_then(|place| TimeZone::get(place.zone.as_str()).ok()).unwrap_or(TimeZone::UTC)
}
