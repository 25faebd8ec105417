//! The puller of one channel: fetches what notices name, polls for what deliveries missed, reads levels, keeps the
//! subscription alive. What overflows is derived again from the state, so it holds no queue. Sales are asked for beside
//! it, in `sales`: none of its questions, however long, keeps them waiting.

use std::sync::Arc;

use connectors::{Mark, Question, Surface, Trouble, Unsendable};
use model::{Action, Actor, Command, CustomerKey, ExternalItem, ExternalLocation, Instant, Level, Note, NoticeAbout};
use tokio::sync::watch;

use super::ask::{AskError, Asking, Gathered, ask};
use super::cursors::{Cursors, NONE};
use super::sales::Sales;
use super::troubles::{Troubles, rest};
use super::unlisted::Unlisted;
use crate::{Flow, FlowError, Link, Settings};

/// Notices worked on in one round.
const ROUND: usize = 400;
/// What moved within this time is read often, in milliseconds, and at most so many levels at once.
const HOT_MS: i64 = 3_600_000;
const HOT_ROWS: usize = 200;
/// Shortest pause between two readings of everything because more was mentioned than is worth asking for one by one.
const MANY_MS: i64 = 30_000;

/// Reads one channel.
pub struct Puller {
    pub(super) flow: Flow,
    pub(super) link: Arc<Link>,
    settings: Settings,
    pub(super) sales: Arc<Sales>,
    cursors: Cursors,
    polled_at: Option<Instant>,
    read_at: Option<Instant>,
    looked_at: Option<Instant>,
    /// When the levels that move most were last read.
    hot_at: Option<Instant>,
    /// How far the poll of levels has come.
    pub(super) levels_until: Option<Instant>,
    /// When levels that notices name were last read.
    some_read_at: Option<Instant>,
    /// Items without a level that were found to be there.
    pub(super) unlisted: Unlisted,
    /// A whole reading was asked for.
    wanted: watch::Receiver<u64>,
    served: u64,
}

impl std::fmt::Debug for Puller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Puller({:?})", self.link)
    }
}

/// What is to be fetched.
#[derive(Debug, Default)]
struct Pending {
    customers: Vec<CustomerKey>,
    levels: Vec<(ExternalItem, ExternalLocation)>,
    /// More levels were mentioned than are worth asking for one by one.
    many_levels: bool,
    /// Levels that were mentioned and that we believe too by now.
    explained: Vec<(ExternalItem, ExternalLocation)>,
    catalogue: bool,
    locations: bool,
}

impl Puller {
    /// `wanted` counts up whenever somebody asks for a reading of everything.
    pub fn new(flow: Flow, link: Arc<Link>, settings: Settings, wanted: watch::Receiver<u64>) -> Self {
        let sales = Arc::new(Sales::new(flow.clone(), Arc::clone(&link), settings));
        let cursors = Cursors::new(flow.clone(), Arc::clone(&link), settings);
        Self {
            flow,
            link,
            settings,
            sales,
            cursors,
            polled_at: None,
            read_at: None,
            looked_at: None,
            hot_at: None,
            levels_until: None,
            some_read_at: None,
            unlisted: Unlisted::default(),
            wanted,
            served: 0,
        }
    }

    /// Works until `stop` turns true.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let sales = Arc::clone(&self.sales);
        tokio::join!(sales.run(stop.clone()), self.read(stop));
    }

    async fn read(mut self, mut stop: watch::Receiver<bool>) {
        let mut head = self.flow.watch();
        while !*stop.borrow() {
            let done = self.round().await;
            if rest(done, &self.link, &mut head, &mut stop).await.is_break() {
                return;
            }
        }
    }

    /// One round. Answers whether there is more to do at once.
    async fn round(&mut self) -> Result<bool, AskError> {
        if !self.link.health().ready {
            self.first_time().await?;
        }
        self.try_keep_subscription().await?;
        let pending = self.pending().await?;
        let mut troubles = Troubles::default();
        self.fetch(pending, &mut troubles).await?;
        if self.due(self.polled_at, self.settings.poll_ms) {
            self.polled_at = Some(self.link.clock.now());
            troubles.note(self.poll_catalogue().await)?;
            troubles.note(self.poll_customers().await)?;
            if self.link.connector.abilities().can(Surface::PollLevels) {
                troubles.note(self.poll_levels().await)?;
            }
        }
        if !self.link.connector.abilities().can(Surface::PollLevels) && self.due(self.hot_at, self.settings.hot_ms) {
            troubles.note(self.read_hot().await)?;
        }
        let asked = *self.wanted.borrow_and_update();
        if asked > self.served || self.due(self.read_at, self.settings.reading_ms) {
            self.read_everything().await?;
            self.read_at = Some(self.link.clock.now());
            self.served = asked;
        }
        troubles.or(false)
    }

    /// Backfill: places, things, then what is shown, with the orders around it.
    async fn first_time(&mut self) -> Result<(), AskError> {
        ask(&self.flow, &self.link, Question::Locations { cursor: None }).await?;
        // Before the catalogue is read: what changes while that takes its time is found by the first poll.
        match self.cursors.read().await?.catalogue_page {
            Some(page) => self.read_catalogue(page).await?,
            None => self.poll_catalogue().await?,
        }
        self.read_everything().await?;
        self.read_at = Some(self.link.clock.now());
        Ok(())
    }

    /// Reads the whole catalogue from this page on. Each page's place is kept once the page is taken in, so that a
    /// restart goes on there.
    async fn read_catalogue(&self, from: Note) -> Result<(), AskError> {
        let mut kept = Some(from.as_str().to_owned()).filter(|page| !page.is_empty());
        let mut asking = Asking::begin(&self.flow, &self.link).await?;
        let mut gathered = Gathered::default();
        let mut next = Some(Question::Catalogue { since: None, cursor: kept.clone() });
        while let Some(question) = next.take() {
            next = match asking.page(&question, &mut gathered).await {
                Ok(next) => next,
                // A platform need not know its own place for ever: then it is read from the beginning.
                Err(error) if kept.is_some() && no_such_page(&error) => {
                    tracing::info!(channel = %self.link.settings.name, %error, "its catalogue is read from the beginning");
                    self.cursors.change(move |cursor| cursor.catalogue_page = Some(Note::new(""))).await?;
                    Some(Question::Catalogue { since: None, cursor: None })
                }
                Err(error) => return Err(error),
            };
            kept = None;
            if let Some(Question::Catalogue { since: None, cursor: Some(page) }) = &next {
                let page = Note::new(page);
                self.cursors.change(move |cursor| cursor.catalogue_page = Some(page)).await?;
            }
        }
        self.link.well();
        Ok(self.cursors.change(move |cursor| cursor.catalogue_page = None).await?)
    }

    fn due(&self, last: Option<Instant>, every_ms: i64) -> bool {
        last.is_none_or(|last| self.link.clock.now().since(last) >= every_ms)
    }

    async fn command(&self, action: Action) -> Result<(), FlowError> {
        let command = Command { at: self.link.clock.now(), by: Actor::Channel(self.link.channel), action };
        self.flow.command(command).await.map(drop)
    }

    /// What changed since the last poll. Platforms with a clock do not say when each item changed, so the poll's own
    /// beginning, on their clock, is how far it has come.
    async fn poll_catalogue(&mut self) -> Result<(), AskError> {
        let cursor = self.cursors.read().await?;
        let since = Some(cursor.catalogue_until.plus_ms(-self.cursors.overlap_ms()));
        let begun_there = self.link.present_there().unwrap_or(cursor.catalogue_until);
        let told = ask(&self.flow, &self.link, Question::Catalogue { since, cursor: None }).await?;
        let (until, least) = match self.link.connector.abilities().mark {
            Mark::Clock => (told.until.unwrap_or(begun_there), self.settings.poll_ms),
            Mark::Version => (told.until.unwrap_or(cursor.catalogue_until), 1),
        };
        if until.since(cursor.catalogue_until) >= least {
            self.cursors.change(move |cursor| cursor.catalogue_until = until).await?;
        }
        Ok(())
    }

    async fn poll_customers(&mut self) -> Result<(), AskError> {
        let cursor = self.cursors.read().await?;
        let since = Some(cursor.customers_until.plus_ms(-self.cursors.overlap_ms()));
        let told = ask(&self.flow, &self.link, Question::Customers { since, cursor: None }).await?;
        if let Some(until) = told.until.filter(|until| *until > cursor.customers_until) {
            self.cursors.change(move |cursor| cursor.customers_until = until).await?;
        }
        Ok(())
    }

    /// Levels that changed since the last poll, for platforms that can list them: what a person counted there is found
    /// without reading everything. Kept in memory only, because every start reads everything anyway.
    async fn poll_levels(&mut self) -> Result<(), AskError> {
        let since = match (self.levels_until, self.link.connector.abilities().mark) {
            (Some(until), _) => until.plus_ms(-self.cursors.overlap_ms()),
            (None, Mark::Version) => NONE,
            (None, Mark::Clock) => match self.link.present_there() {
                Some(present) => present.plus_ms(-self.cursors.overlap_ms().max(self.settings.poll_ms)),
                None => return Ok(()),
            },
        };
        let until = self.read_levels(&mut [Question::LevelsSince { since, cursor: None }].into(), false).await?;
        self.levels_until = self.levels_until.max(until);
        Ok(())
    }

    /// Levels of what has moved lately, or is nearly gone: where a lost message does most harm. Platforms that can list
    /// changed levels need none of this.
    async fn read_hot(&mut self) -> Result<(), AskError> {
        let (channel, now) = (self.link.channel, self.link.clock.now());
        self.hot_at = Some(now);
        let since = now.plus_ms(-HOT_MS);
        let rows = self
            .flow
            .read(move |state| {
                let named = state.moved_since(since, HOT_ROWS).into_iter().filter_map(|row| {
                    state.shown().get(channel, row)?;
                    let position = state.positions().row(row);
                    let item = state.catalogue().external_item(channel, position.item)?;
                    let place = state.catalogue().external_location(channel, position.location)?;
                    Some((item.clone(), place.clone()))
                });
                named.collect::<Vec<_>>()
            })
            .await?;
        if !rows.is_empty() {
            self.read_some(rows).await?;
        }
        self.link.note(|health| health.hot_read_at = Some(now));
        Ok(())
    }

    async fn pending(&self) -> Result<Pending, FlowError> {
        let (channel, hint_ms) = (self.link.channel, self.settings.hint_ms);
        let (now, link) = (self.link.clock.now(), Arc::clone(&self.link));
        self.flow
            .look(move |desk| {
                let mut pending = Pending::default();
                for (about, since) in desk.state().notices(channel) {
                    match about {
                        NoticeAbout::Customer(customer) if pending.customers.len() < ROUND => {
                            pending.customers.push(customer.clone());
                        }
                        // The sale that explains a level is usually on its way: it is given a moment.
                        NoticeAbout::Level(..) if now.since(since) < hint_ms => {}
                        NoticeAbout::Level(..) if pending.levels.len() == ROUND => pending.many_levels = true,
                        NoticeAbout::Level(item, location) => {
                            let row = (item.clone(), location.clone());
                            if explained(desk.state(), channel, &row, link.hinted(&row)) {
                                pending.explained.push(row);
                            } else {
                                pending.levels.push(row);
                            }
                        }
                        NoticeAbout::Catalogue => pending.catalogue = true,
                        NoticeAbout::Locations => pending.locations = true,
                        NoticeAbout::Order(_) | NoticeAbout::Customer(_) => {}
                    }
                }
                pending
            })
            .await
    }

    /// Fetches what notices name, each kind for itself: a catalogue that cannot be read does not keep orders waiting.
    async fn fetch(&mut self, pending: Pending, troubles: &mut Troubles) -> Result<(), AskError> {
        let channel = self.link.channel;
        if pending.locations {
            troubles.note(self.fetch_locations().await)?;
        }
        if pending.catalogue {
            // Done before it is asked: what changes while we ask is noticed anew.
            self.command(Action::NoticeDone { channel, about: NoticeAbout::Catalogue }).await?;
            let read = self.poll_catalogue().await;
            if read.is_err() {
                self.command(Action::Notice { channel, about: NoticeAbout::Catalogue }).await?;
            }
            troubles.note(read)?;
        }
        troubles.note(self.fetch_customers(pending.customers).await)?;
        for (item, location) in pending.explained {
            self.command(Action::NoticeDone { channel, about: NoticeAbout::Level(item, location) }).await?;
        }
        // A reading costs two polls besides: what is mentioned within a second is read together, within half a minute
        // when the rate budget is nearly spent.
        let pause_ms = 1_000 + i64::try_from(self.link.thrift_ms(30_000)).unwrap_or(0);
        if pending.many_levels && self.due(self.read_at, MANY_MS) {
            self.read_at = Some(self.link.clock.now());
            troubles.note(self.read_everything().await)?;
        } else if !pending.levels.is_empty() && self.due(self.some_read_at, pause_ms) {
            self.some_read_at = Some(self.link.clock.now());
            troubles.note(self.read_some(pending.levels).await)?;
        }
        Ok(())
    }

    async fn fetch_locations(&self) -> Result<(), AskError> {
        ask(&self.flow, &self.link, Question::Locations { cursor: None }).await?;
        let about = NoticeAbout::Locations;
        Ok(self.command(Action::NoticeDone { channel: self.link.channel, about }).await?)
    }

    async fn fetch_customers(&self, customers: Vec<CustomerKey>) -> Result<(), AskError> {
        let channel = self.link.channel;
        for part in customers.chunks(self.link.connector.abilities().ask_max.max(1)) {
            let asked = ask(&self.flow, &self.link, Question::CustomersOf { customers: part.to_vec() }).await?;
            for missing in asked.missing {
                let about = NoticeAbout::Customer(CustomerKey::new(&missing));
                self.command(Action::NoticeDone { channel, about }).await?;
            }
        }
        Ok(())
    }

    /// Looks after the subscription when it is time. That it cannot be had is told, and never keeps from polling.
    async fn try_keep_subscription(&mut self) -> Result<(), AskError> {
        let can = self.link.connector.abilities().can(Surface::Subscribe);
        if !can || !self.link.settings.subscribe || !self.due(self.looked_at, self.settings.poll_ms) {
            return Ok(());
        }
        self.looked_at = Some(self.link.clock.now());
        match self.keep_subscription().await {
            Err(error @ AskError::Flow(_)) => Err(error),
            Err(error) => {
                tracing::warn!(channel = %self.link.settings.name, %error, "the subscription cannot be looked after");
                self.link.unsubscribed(&error.to_string(), error.is_refusal());
                Ok(())
            }
            Ok(()) => {
                self.link.subscribed();
                Ok(())
            }
        }
    }

    /// Looks whether the platform still delivers to us, and makes the subscription anew when it does not.
    async fn keep_subscription(&mut self) -> Result<(), AskError> {
        let url = self.link.settings.hook_url.clone();
        let listed = ask(&self.flow, &self.link, Question::Subscriptions { cursor: None }).await?.subscriptions;
        let ours = listed.into_iter().filter(|subscription| subscription.enabled && at(&subscription.url, &url));
        let mut present = Vec::new();
        for subscription in ours {
            // After a restart this is the only place where the key of an older subscription is told.
            subscription.secret.into_iter().for_each(|secret| self.link.secret_made(secret));
            present.extend(subscription.topics);
        }
        self.link.note(|health| health.subscribed = Some(!present.is_empty()));
        match ask(&self.flow, &self.link, Question::Subscribe { url, present, since: self.link.clock.now() }).await {
            // Every topic is there already, and the platform has no way to ask for nothing.
            Ok(_) | Err(AskError::Unsendable(Unsendable::Impossible(_))) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Whether a platform does not take the place that it gave us in an earlier run.
fn no_such_page(error: &AskError) -> bool {
    match error {
        AskError::Trouble(Trouble::Refused { .. } | Trouble::Garbled { .. }) | AskError::Unsendable(_) => true,
        AskError::Trouble(_) | AskError::Lost(_) | AskError::Flow(_) => false,
    }
}

/// Whether a subscription delivers to our hook address, or to one of its topics' addresses.
fn at(subscribed: &str, ours: &str) -> bool {
    subscribed.strip_prefix(ours).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether what a platform mentioned is what we believe by now, because the sale behind it has been heard of.
fn explained(
    state: &engine::State,
    channel: model::ChannelId,
    (item, location): &(ExternalItem, ExternalLocation),
    hinted: Option<Level>,
) -> bool {
    let item = state.catalogue().mapped_item(channel, item);
    let location = state.catalogue().mapped_location(channel, location);
    let (Some(item), Some(location), Some(hinted)) = (item, location, hinted) else { return false };
    let row = state.positions().find(item, location).and_then(|row| state.shown().get(channel, row));
    row.is_some_and(|row| row.trust == engine::Trust::Known && row.in_flight.is_none() && row.level == hinted)
}
