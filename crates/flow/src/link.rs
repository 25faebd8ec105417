//! The link to one channel: its dictionary, its way out, its rate budget and its breaker, shared by reading and
//! writing so that both spend from one purse.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::{Account, Connector, Reply, Request, Secret, Told, Trouble, connector};
use courier::{Backoff, Breaker, BreakerConfig, Permit};
use dispatch::{Budget, Lane, Turns};
use model::{ChannelId, ChannelName, Currency, ExternalItem, ExternalLocation, Instant, Level, Platform};

use crate::pass::{NoWallet, Pass, Wallet};
use crate::skew::Skew;
use crate::{Clock, Meter};

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// It never left: nothing was done.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It may have arrived.
    #[error("no reply: {0}")]
    NoReply(String),
}

/// Carries requests: the courier in the hub, the emulated platforms themselves in a simulation.
pub trait Carrier: Send + Sync {
    /// Sends a request and waits for the whole reply.
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply, Lost>> + Send + '_>>;
}

/// A channel as configured.
#[derive(Clone, Debug)]
pub struct ChannelSettings {
    /// Unique.
    pub name: ChannelName,
    /// Dictionary.
    pub platform: Platform,
    /// Where its API is.
    pub base_url: String,
    /// Access token.
    pub token: Secret,
    /// Where tokens are given out, when that is another host; empty = `base_url`.
    pub auth_url: String,
    /// Client id of the app, where access tokens expire.
    pub client_id: String,
    /// Client secret of the app, where access tokens expire.
    pub client_secret: Option<Secret>,
    /// Renews the access token, where that expires; the wallet's newer one wins.
    pub refresh_token: Option<Secret>,
    /// Token for webhook subscriptions where it differs.
    pub application_token: Option<Secret>,
    /// Webhook secrets, newest first.
    pub secrets: Vec<Secret>,
    /// Our hook address exactly as the platform knows it.
    pub hook_url: String,
    /// Currency of prices sent without one.
    pub currency: Currency,
    /// Whether its prices include tax, for platforms that do not tell; `None` = as the platform tells, or not.
    pub prices_include_tax: Option<bool>,
    /// The platform's name of the account, when deliveries must be checked against it.
    pub account: Option<String>,
    /// Whether the hub makes and keeps the webhook subscription.
    pub subscribe: bool,
}

impl ChannelSettings {
    /// A channel of which nothing is known but where it is and its token.
    pub fn new(
        name: &str,
        platform: Platform,
        base_url: &str,
        token: Secret,
        hook_url: String,
        currency: Currency,
    ) -> Self {
        Self {
            name: ChannelName::new(name),
            platform,
            base_url: base_url.to_owned(),
            token,
            auth_url: String::new(),
            client_id: String::new(),
            client_secret: None,
            refresh_token: None,
            application_token: None,
            secrets: Vec::new(),
            hook_url,
            currency,
            prices_include_tax: None,
            account: None,
            subscribe: false,
        }
    }

    /// The account as its dictionary wants it, with this access token.
    pub fn account(&self, channel: ChannelId, token: Secret, locations: Vec<ExternalLocation>) -> Account {
        Account {
            auth_url: self.auth_url.clone(),
            account: self.account.clone().unwrap_or_default(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            hook_secret: self.secrets.first().cloned(),
            application_token: self.application_token.clone(),
            prices_include_tax: self.prices_include_tax,
            locations,
            ..Account::new(channel, &self.base_url, token, self.currency)
        }
    }
}

/// How the flow paces itself.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Pause between two polls of orders, in milliseconds.
    pub poll_ms: i64,
    /// Pause between two readings of what moves most, in milliseconds.
    pub hot_ms: i64,
    /// Pause between two readings of everything, in milliseconds.
    pub reading_ms: i64,
    /// How long changes are gathered before they are written, in milliseconds.
    pub gather_ms: u64,
    /// How far back orders are read on the first start, in milliseconds.
    pub backfill_ms: i64,
    /// Pause before a level that a platform mentioned is read, in milliseconds: the sale that explains it is usually
    /// on its way.
    pub hint_ms: i64,
    /// How far back a poll overlaps the one before, in milliseconds; `None` = as the platform needs.
    pub overlap_ms: Option<i64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            poll_ms: 60_000,
            hot_ms: 300_000,
            reading_ms: 3_600_000,
            gather_ms: 20,
            backfill_ms: 60 * 24 * 3_600_000,
            hint_ms: 2_000,
            overlap_ms: None,
        }
    }
}

/// How a link does.
#[derive(Clone, Debug, Default)]
pub struct LinkHealth {
    /// When the platform last answered.
    pub answered_at: Option<Instant>,
    /// When it last told us something by itself.
    pub heard_at: Option<Instant>,
    /// When its orders were last polled to the end.
    pub polled_at: Option<Instant>,
    /// When all its levels were last read.
    pub read_at: Option<Instant>,
    /// Whether the subscription was there when last looked.
    pub subscribed: Option<bool>,
    /// Why it was refused, in words, until it is there.
    pub unsubscribed: Option<String>,
    /// The code by which the platform checks our hook address, for a person to type in over there.
    pub greeting: Option<String>,
    /// The last trouble, in words; `None` when all is well.
    pub trouble: Option<String>,
    /// News of orders that a poll found although a delivery should have told them, since the start.
    pub missed: u64,
    /// When that was last.
    pub missed_at: Option<Instant>,
    /// Mean pause between two deliveries, in milliseconds; `None` before the second.
    pub pause_ms: Option<i64>,
    /// When the levels that move most were last read.
    pub hot_read_at: Option<Instant>,
    /// Whether the first reading is done.
    pub ready: bool,
    /// What was read last, and how many rows of it so far.
    pub reading: Option<(&'static str, u64)>,
    /// Since when that is being read.
    pub reading_since: Option<Instant>,
    /// What it has told since the hub was started.
    pub so_far: ReadSoFar,
}

/// What a channel was asked for and told since the hub was started: rows, however often the same one came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadSoFar {
    /// When it was first asked.
    pub since: Option<Instant>,
    /// Items of its catalogue.
    pub items: u64,
    /// Orders, sales and returns.
    pub orders: u64,
    /// Stock levels.
    pub levels: u64,
    /// Customers.
    pub customers: u64,
}

impl ReadSoFar {
    fn count(&mut self, told: &[Told]) {
        for word in told {
            match word {
                Told::Item(_) => self.items += 1,
                Told::Order(_) => self.orders += 1,
                Told::Level(_) => self.levels += 1,
                Told::Customer(_) => self.customers += 1,
                Told::Location(_) => {}
            }
        }
    }
}

/// A channel is called silent when nothing came for this many of its usual pauses.
const SILENT_PAUSES: i64 = 20;
/// And never before this time, in milliseconds.
const SILENT_MS: i64 = 600_000;

impl LinkHealth {
    /// A delivery came. The mean pause follows slowly, so that one busy minute does not make the next quiet one an alarm.
    pub(crate) fn heard(&mut self, at: Instant) {
        if let Some(before) = self.heard_at {
            let pause = at.since(before).max(0);
            self.pause_ms = Some(self.pause_ms.map_or(pause, |mean| mean + (pause - mean) / 16));
        }
        self.heard_at = Some(at);
    }

    /// Whether deliveries should have come by now, judged by how often they came before.
    pub fn is_silent(&self, now: Instant) -> bool {
        match (self.heard_at, self.pause_ms) {
            (Some(heard), Some(pause)) => now.since(heard) > SILENT_MS.max(pause.saturating_mul(SILENT_PAUSES)),
            _ => false,
        }
    }

    /// A page of an answer came: so many rows of this question so far.
    pub(crate) fn read(&mut self, what: &'static str, rows: u64, told: &[Told], now: Instant) {
        if self.reading.is_none_or(|(before, _)| before != what) {
            self.reading_since = Some(now);
        }
        self.reading = Some((what, rows));
        self.so_far.since.get_or_insert(now);
        self.so_far.count(told);
    }

    /// How far the first reading has come, in words.
    pub fn progress_words(&self) -> String {
        match (self.ready, self.reading) {
            (true, _) => "read".into(),
            (false, Some((what, rows))) => format!("reading {what}: {rows}"),
            (false, None) => "waiting for the first answer".into(),
        }
    }
}

/// The link to one channel.
pub struct Link {
    /// Our channel.
    pub channel: ChannelId,
    /// As configured.
    pub settings: ChannelSettings,
    pub(crate) connector: &'static dyn Connector,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) meter: Arc<Meter>,
    carrier: Arc<dyn Carrier>,
    /// Access, renewed where it expires.
    pass: Pass,
    pace: Mutex<Pace>,
    health: Mutex<LinkHealth>,
    made_secrets: Mutex<Vec<Secret>>,
    /// The last level mentioned for what was noticed, so that a notice whose sale arrives needs no reading. A short
    /// cut: without it the level is read.
    hints: Mutex<HashMap<Row, Level>>,
    label: String,
}

type Row = (ExternalItem, ExternalLocation);
/// How soon a request looks again whether it is its turn, in milliseconds.
const TURN_MS: u64 = 25;
/// Secrets of subscriptions kept.
const SECRETS: usize = 4;
/// Hints kept; beyond that the levels are simply read.
const HINTS: usize = 100_000;

struct Pace {
    budget: Budget,
    turns: Turns,
    breaker: Breaker,
    failures: u32,
    dice: u64,
    skew: Skew,
}

/// A request that waits for its turn; given up, it waits no longer.
struct Waiting<'a> {
    link: &'a Link,
    lane: Lane,
}

impl<'a> Waiting<'a> {
    fn begin(link: &'a Link, lane: Lane) -> Self {
        if let Ok(mut pace) = link.pace.lock() {
            pace.turns.joins(lane);
        }
        Self { link, lane }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Ok(mut pace) = self.link.pace.lock() {
            pace.turns.leaves(self.lane);
        }
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link({}, {})", self.channel, self.settings.name)
    }
}

impl Link {
    /// A link with a full purse.
    pub fn new(
        channel: ChannelId,
        settings: ChannelSettings,
        carrier: Arc<dyn Carrier>,
        clock: Arc<dyn Clock>,
        meter: Arc<Meter>,
    ) -> Self {
        let connector = connector(settings.platform);
        let pass = Pass::new(&settings, Arc::new(NoWallet));
        let rule = connector.abilities().budget;
        let mut budget = Budget::full(rule.capacity, rule.restore_per_s, clock.now());
        budget.limit_requests(rule.requests_per_s);
        let breaker = Breaker::new(BreakerConfig {
            failures_max: 5,
            open_for: Duration::from_secs(2),
            open_for_max: Duration::from_secs(60),
        });
        let dice = model::stable_hash(&[settings.name.as_str().as_bytes()]);
        let label = format!("channel=\"{}\",", settings.name);
        let pace =
            Mutex::new(Pace { budget, turns: Turns::default(), breaker, failures: 0, dice, skew: Skew::default() });
        Self {
            channel,
            settings,
            connector,
            clock,
            meter,
            carrier,
            pass,
            pace,
            health: Mutex::default(),
            made_secrets: Mutex::default(),
            hints: Mutex::default(),
            label,
        }
    }

    /// What a platform told, with what only the configuration knows.
    pub(crate) fn with_what_we_know(&self, mut told: Vec<Told>) -> Vec<Told> {
        if let Some(included) = self.settings.prices_include_tax {
            for word in &mut told {
                if let Told::Item(seen) = word {
                    seen.tax_inclusive = included;
                }
            }
        }
        told
    }

    /// The present on the hub's clock.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// How far the platform's clock is ahead of ours, in milliseconds, to within a second; `None` before it has answered.
    pub fn skew_ms(&self) -> Option<i64> {
        Some(self.present_there()?.since(self.clock.now()))
    }

    /// Its dictionary.
    pub fn connector(&self) -> &'static dyn Connector {
        self.connector
    }

    /// Whether there is a token at all; whether it opens anything, only the platform can say.
    pub fn has_token(&self) -> bool {
        !self.pass.access().expose().is_empty()
    }

    /// Where its tokens are kept.
    pub fn wallet(&self) -> &dyn Wallet {
        self.pass.wallet()
    }

    /// With tokens from, and kept in, this wallet.
    #[must_use]
    pub fn with_wallet(mut self, wallet: Arc<dyn Wallet>) -> Self {
        self.pass = Pass::new(&self.settings, wallet);
        self
    }

    /// How it does.
    pub fn health(&self) -> LinkHealth {
        self.health.lock().map(|health| health.clone()).unwrap_or_default()
    }

    pub(crate) fn note(&self, change: impl FnOnce(&mut LinkHealth)) {
        if let Ok(mut health) = self.health.lock() {
            change(&mut health);
        }
    }

    /// Points left in the purse and in a full one.
    pub fn budget(&self) -> (u32, u32) {
        let now = self.clock.now();
        self.pace.lock().map(|pace| (pace.budget.left(now), pace.budget.capacity())).unwrap_or_default()
    }

    /// Secrets by which deliveries are believed: those configured, and those the platform made for us.
    pub fn secrets(&self) -> Vec<Secret> {
        let made = self.made_secrets.lock().map(|made| made.clone()).unwrap_or_default();
        made.into_iter().chain(self.settings.secrets.iter().cloned()).collect()
    }

    /// A subscription of ours is signed with this; the newest is tried first, and the last few are kept because
    /// deliveries of a subscription that was replaced may still be on their way.
    pub(crate) fn secret_made(&self, secret: Secret) {
        if let Ok(mut made) = self.made_secrets.lock()
            && !made.contains(&secret)
        {
            made.insert(0, secret);
            made.truncate(SECRETS);
        }
    }

    pub(crate) fn hint(&self, row: Row, level: Level) {
        if let Ok(mut hints) = self.hints.lock()
            && (hints.len() < HINTS || hints.contains_key(&row))
        {
            hints.insert(row, level);
        }
    }

    pub(crate) fn hinted(&self, row: &Row) -> Option<Level> {
        self.hints.lock().ok()?.remove(row)
    }

    /// The channel as a label of figures, with a comma at the end.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The account with an access token that is good for now: renewed first where it is about to expire.
    pub(crate) async fn account(&self, locations: Vec<ExternalLocation>) -> Account {
        if self.pass.expires_soon(self.clock.now()) {
            self.renew(&self.pass.access()).await;
        }
        self.settings.account(self.channel, self.pass.access(), locations)
    }

    /// Renews the access token, unless somebody has done so since `refused` was used. Answers whether there is another
    /// one now.
    pub(crate) async fn renew(&self, refused: &Secret) -> bool {
        let _turn = self.pass.turn().await;
        if self.pass.access() != *refused {
            return true;
        }
        let (Some(grants), Some(refresh)) = (self.connector.grants(), self.pass.refresh()) else { return false };
        let account = self.settings.account(self.channel, self.pass.access(), Vec::new());
        let request = match grants.refresh(&account, &refresh) {
            Ok(request) => request,
            Err(error) => {
                self.note(|health| health.trouble = Some(format!("the access token cannot be renewed: {error}")));
                return false;
            }
        };
        // Whoever needs it is waiting for it, whatever his own lane.
        let granted = match self.request(request, Lane::News).await {
            Ok(reply) => grants.granted(&reply).map_err(|trouble| trouble.to_string()),
            Err(lost) => Err(lost.to_string()),
        };
        let kept = granted.and_then(|tokens| self.pass.renewed(&self.settings.name, tokens, self.clock.now()));
        self.meter.count("lockstep_token_renewals_total", &self.label, 1);
        if let Err(why) = &kept {
            tracing::warn!(channel = %self.settings.name, why, "the access token cannot be renewed");
            let words = format!("the access token cannot be renewed ({why}); connect the account again");
            self.note(|health| health.trouble = Some(words));
        }
        kept.is_ok()
    }

    /// Sends when the purse and the breaker allow it, and books what the reply says about the purse.
    pub(crate) async fn request(&self, request: Request, lane: Lane) -> Result<Reply, Lost> {
        self.turn(request.cost, lane).await;
        let kind = match lane {
            Lane::News => "lane=\"news\",",
            Lane::Write => "lane=\"write\",",
            Lane::Read => "lane=\"read\",",
        };
        self.meter.count("lockstep_requests_total", &format!("{}{kind}", self.label), 1);
        let sent_at = self.clock.now();
        let mut reply = self.carrier.send(request).await;
        if let Ok(reply) = &mut reply
            && let Some(without) = crate::cards::black_out(&reply.body)
        {
            reply.body = without;
        }
        let now = self.clock.now();
        let us = u64::try_from(now.since(sent_at)).unwrap_or(0) * 1_000;
        self.meter.histogram("lockstep_request_seconds", &self.label).record_us(us);
        let failed = match &reply {
            Ok(reply) => reply.status >= 500,
            Err(_) => true,
        };
        if let Ok(reply) = &reply {
            self.note(|health| health.answered_at = Some(now));
            if let (Some(date), Ok(mut pace)) = (date(&reply.headers), self.pace.lock()) {
                pace.skew.told(date, sent_at, now);
            }
            if let (Some(told), Ok(mut pace)) = (self.connector.budget(reply), self.pace.lock()) {
                pace.budget.told(told.capacity, told.available, told.restore_per_s, now);
                told.requests_per_s.into_iter().for_each(|per_s| pace.budget.limit_requests(per_s));
            }
        }
        if let Err(lost) = &reply {
            self.note(|health| health.trouble = Some(lost.to_string()));
        }
        self.mark(failed, now);
        reply
    }

    /// Sends a request from outside the walk, within the same budget.
    ///
    /// # Errors
    /// When there is no reply.
    pub async fn send(&self, request: Request) -> Result<Reply, Lost> {
        self.request(request, Lane::Read).await
    }

    /// The present on the platform's clock, never later than it is there; `None` before the platform has answered for
    /// the first time, because a date by our own clock may lie before a count and be taken for part of it.
    pub(crate) fn present_there(&self) -> Option<Instant> {
        self.health().answered_at?;
        let now = self.clock.now();
        self.pace.lock().ok().map(|pace| pace.skew.present(now))
    }

    /// How long changes are gathered before they are written, and readings of mentioned levels put off: nothing while the
    /// purse is full, up to this many milliseconds when it is empty, because larger portions cost less of it.
    pub(crate) fn thrift_ms(&self, most_ms: u64) -> u64 {
        let (left, capacity) = self.budget();
        let empty = u64::from(capacity.saturating_sub(left.saturating_mul(2)));
        most_ms.saturating_mul(empty) / u64::from(capacity.max(1))
    }

    /// What some writes take is kept back from readings, so that a write never waits for one.
    fn write_reserve(&self) -> u32 {
        let rule = self.connector.abilities().budget;
        (rule.capacity / 4).max(4)
    }

    /// Waits until it is this request's turn and its points are there, and takes them.
    async fn turn(&self, cost: u32, lane: Lane) {
        let _waiting = Waiting::begin(self, lane);
        while let Some(wait_ms) = self.wait(cost, lane) {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    /// How many milliseconds to wait before asking again; `None` = it goes, and its points are taken.
    fn wait(&self, cost: u32, lane: Lane) -> Option<u64> {
        let reserve = if lane == Lane::Read { self.write_reserve() } else { 0 };
        let now = self.clock.now();
        let mut pace = self.pace.lock().ok()?;
        if !pace.turns.is_first(lane) {
            return Some(TURN_MS);
        }
        if let Permit::Wait { until } = pace.breaker.ask(since_epoch(now)) {
            let wait = until.saturating_sub(since_epoch(now));
            return Some(u64::try_from(wait.as_millis()).unwrap_or(1_000).max(1));
        }
        let with_reserve = cost.saturating_add(reserve).min(pace.budget.capacity());
        if reserve > 0 && !pace.budget.has(with_reserve, now) {
            return Some(TURN_MS);
        }
        match pace.budget.take(cost, now) {
            Ok(()) => {
                pace.turns.goes(lane);
                None
            }
            Err(ms) => Some(u64::try_from(ms).unwrap_or(1).clamp(1, 60_000)),
        }
    }

    fn mark(&self, failed: bool, now: Instant) {
        if let Ok(mut pace) = self.pace.lock() {
            if failed {
                pace.failures = pace.failures.saturating_add(1);
                pace.breaker.failed(since_epoch(now));
            } else {
                pace.failures = 0;
                pace.breaker.succeeded();
            }
        }
    }

    /// The platform asked to slow down.
    pub(crate) fn throttled(&self, after_ms: Option<i64>) {
        self.meter.count("lockstep_throttled_total", &self.label, 1);
        let now = self.clock.now();
        if let Ok(mut pace) = self.pace.lock() {
            let after = after_ms.unwrap_or(1_000).clamp(50, 600_000);
            pace.budget.throttled(after, now);
        }
    }

    /// How long to wait before the same thing is tried again, with full jitter.
    pub(crate) fn backoff(&self) -> Duration {
        let Ok(mut pace) = self.pace.lock() else { return Duration::from_secs(1) };
        pace.dice = pace.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let backoff = Backoff { base: Duration::from_millis(100), cap: Duration::from_secs(30) };
        backoff.wait(pace.failures.max(1), pace.dice ^ (pace.dice >> 32)).max(Duration::from_millis(20))
    }

    /// Notes trouble for people, and slows down when asked to.
    pub(crate) fn trouble(&self, trouble: &Trouble) {
        if let Trouble::Throttled { after_ms } = trouble {
            self.throttled(*after_ms);
        }
        self.note(|health| health.trouble = Some(trouble.to_string()));
    }

    /// A call went well. A subscription that cannot be had stays in words: no other call shows that it is there now.
    pub(crate) fn well(&self) {
        self.note(|health| health.trouble.clone_from(&health.unsubscribed));
    }

    /// The subscription cannot be had: because it was refused, or because nobody knows yet.
    pub(crate) fn unsubscribed(&self, why: &str, refused: bool) {
        let words = if refused { format!("subscription refused: {why}") } else { why.to_owned() };
        self.note(|health| {
            health.subscribed = Some(false);
            if refused {
                health.unsubscribed = Some(words.clone());
            }
            health.trouble = Some(words);
        });
    }

    /// The subscription stands.
    pub(crate) fn subscribed(&self) {
        self.note(|health| {
            health.subscribed = Some(true);
            if health.trouble == health.unsubscribed.take() {
                health.trouble = None;
            }
        });
    }
}

fn date(headers: &http::HeaderMap) -> Option<Instant> {
    let date = httpdate::parse_http_date(headers.get(http::header::DATE)?.to_str().ok()?).ok()?;
    let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Instant)
}

fn since_epoch(at: Instant) -> Duration {
    Duration::from_millis(u64::try_from(at.0).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemClock;

    /// Nothing is ever sent.
    struct Nowhere;

    impl Carrier for Nowhere {
        fn send(&self, _request: Request) -> Pin<Box<dyn Future<Output = Result<Reply, Lost>> + Send + '_>> {
            Box::pin(async { Err(Lost::NotSent("there is no way out".into())) })
        }
    }

    fn link() -> Link {
        let currency = Currency::parse("EUR").expect("three letters");
        let url = "http://hub.example.com/hooks/shop".to_owned();
        let token = Secret::new("token");
        let settings = ChannelSettings::new("shop", Platform::ALL[0], "https://shop.example.com", token, url, currency);
        Link::new(ChannelId(0), settings, Arc::new(Nowhere), Arc::new(SystemClock), Arc::new(Meter::default()))
    }

    #[test]
    fn a_refused_subscription_stays_in_words_until_it_stands() {
        let link = link();
        link.unsubscribed("the address must be https", true);
        link.well();
        let words = Some("subscription refused: the address must be https".to_owned());
        assert_eq!((link.health().trouble, link.health().subscribed), (words.clone(), Some(false)));
        link.note(|health| health.trouble = Some("no reply".into()));
        link.well();
        assert_eq!(link.health().trouble, words, "another trouble passes, this one stays");
        link.subscribed();
        assert_eq!((link.health().trouble, link.health().subscribed), (None, Some(true)));
    }

    #[test]
    fn a_subscription_that_nobody_could_ask_for_is_forgotten_with_the_next_answer() {
        let link = link();
        link.unsubscribed("no reply: timed out", false);
        assert_eq!(link.health().trouble.as_deref(), Some("no reply: timed out"));
        link.well();
        assert_eq!((link.health().trouble, link.health().subscribed), (None, Some(false)));
    }

    #[test]
    fn other_trouble_outlives_a_subscription_that_stands_again() {
        let link = link();
        link.unsubscribed("the address must be https", true);
        link.note(|health| health.trouble = Some("no reply".into()));
        link.subscribed();
        assert_eq!(link.health().trouble.as_deref(), Some("no reply"));
    }
}
