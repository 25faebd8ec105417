//! The sales of one channel: what deliveries name is fetched, what they missed is polled for, beside everything else
//! that is asked of the channel and before it. The puller runs it, and its readings ask it for the polls around them.

use std::sync::Arc;

use connectors::{Question, Surface, Trouble, Unreadable};
use model::{Action, Actor, Command, DeliveryKey, DocumentKey, Instant, Note, NoticeAbout};
use tokio::sync::{Mutex, watch};

use super::again::Again;
use super::ask::{AskError, Gathered, ask};
use super::cursors::Cursors;
use super::troubles::{Troubles, rest};
use crate::{Flow, FlowError, Link, Settings};

/// Documents worked on in one round.
const ROUND: usize = 400;

/// Fetches and polls orders, one question at a time.
pub(super) struct Sales {
    flow: Flow,
    link: Arc<Link>,
    settings: Settings,
    cursors: Cursors,
    /// Held while anything is asked, so that two polls never run beside each other.
    asked: Mutex<Asked>,
}

#[derive(Default)]
struct Asked {
    polled_at: Option<Instant>,
    /// Documents to be asked for once more.
    again: Again,
}

impl Sales {
    pub(super) fn new(flow: Flow, link: Arc<Link>, settings: Settings) -> Self {
        let cursors = Cursors::new(flow.clone(), Arc::clone(&link), settings);
        Self { flow, link, settings, cursors, asked: Mutex::default() }
    }

    /// Works until `stop` turns true.
    pub(super) async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut head = self.flow.watch();
        while !*stop.borrow() {
            let done = self.round().await;
            if rest(done, &self.link, &mut head, &mut stop).await.is_break() {
                return;
            }
        }
    }

    /// One round. Answers whether there is more to do at once.
    async fn round(&self) -> Result<bool, AskError> {
        // Before items and places are known, an order would only wait for them.
        if !self.link.health().ready {
            return Ok(false);
        }
        let mut documents = self.named().await?;
        let mut asked = self.asked.lock().await;
        let again = asked.again.due(&documents, self.link.clock.now());
        documents.extend(again);
        let more = !documents.is_empty();
        let mut troubles = Troubles::default();
        troubles.note(self.fetch(&mut asked, documents).await)?;
        let due = |last: Instant| self.link.clock.now().since(last) >= self.settings.poll_ms;
        if asked.polled_at.is_none_or(due) {
            troubles.note(self.poll_all(&mut asked).await)?;
        }
        troubles.or(more)
    }

    /// Documents that notices name.
    async fn named(&self) -> Result<Vec<DocumentKey>, FlowError> {
        let channel = self.link.channel;
        let document = |about: &NoticeAbout| match about {
            NoticeAbout::Order(document) => Some(document.clone()),
            NoticeAbout::Customer(_) | NoticeAbout::Level(..) | NoticeAbout::Catalogue | NoticeAbout::Locations => None,
        };
        let named = self
            .flow
            .read(move |state| state.notices(channel).filter_map(|(about, _)| document(about)).take(ROUND).collect());
        named.await
    }

    /// Everything that changed since the last poll, and a little before: news may become visible late.
    pub(super) async fn poll(&self) -> Result<(), AskError> {
        let mut asked = self.asked.lock().await;
        self.poll_all(&mut asked).await
    }

    async fn poll_all(&self, asked: &mut Asked) -> Result<(), AskError> {
        let cursor = self.cursors.read().await?;
        let started = self.link.clock.now();
        let since = cursor.orders_until.plus_ms(-self.cursors.overlap_ms());
        let Gathered { changed, until, unreadable, news, again, .. } =
            ask(&self.flow, &self.link, Question::Orders { since, cursor: None }).await?;
        self.set_aside(unreadable).await?;
        // What was to be asked for once more is no news that was missed.
        let told = news.iter().filter(|document| !asked.again.holds(document)).count();
        asked.again.name(again, self.link.clock.now());
        let channel = self.link.channel;
        let unknown: Vec<DocumentKey> = self
            .flow
            .read(move |state| {
                let known = |document: &DocumentKey| {
                    state.orders().find(channel, document).and_then(|id| state.orders().get(id)).map(|o| o.version)
                };
                let newer = changed.into_iter().filter(|(document, version)| known(document) < Some(*version));
                newer.map(|(document, _)| document).collect()
            })
            .await?;
        let missed = unknown.iter().filter(|document| !asked.again.holds(document)).count();
        self.note_missed(missed + told, asked);
        self.fetch(asked, unknown).await?;
        if let Some(until) = until.filter(|until| *until > cursor.orders_until) {
            self.cursors.change(move |cursor| cursor.orders_until = cursor.orders_until.max(until)).await?;
        }
        asked.polled_at = Some(started);
        self.link.note(|health| health.polled_at = Some(started));
        Ok(())
    }

    /// What a poll finds that no delivery told is news that was missed, where there should have been a delivery. The
    /// first poll finds everything, and one that runs beside a delivery under way may find it first: so these are
    /// figures to watch and no alarms by themselves.
    fn note_missed(&self, found: usize, asked: &Asked) {
        let hears = self.link.connector.abilities().can(Surface::HearSales);
        if found > 0 && hears && asked.polled_at.is_some() && self.link.health().heard_at.is_some() {
            let now = self.link.clock.now();
            self.link.meter.count("lockstep_missed_news_total", self.link.label(), found as u64);
            self.link.note(|health| {
                health.missed = health.missed.saturating_add(found as u64);
                health.missed_at = Some(now);
            });
        }
    }

    async fn fetch(&self, asked: &mut Asked, documents: Vec<DocumentKey>) -> Result<(), AskError> {
        let most = self.link.connector.abilities().ask_max.max(1);
        let mut parts: Vec<Vec<DocumentKey>> = documents.chunks(most).rev().map(<[DocumentKey]>::to_vec).collect();
        while let Some(mut part) = parts.pop() {
            match ask(&self.flow, &self.link, Question::OrdersOf { documents: part.clone() }).await {
                Ok(told) => self.answered(asked, told).await?,
                // One document among them spoils the answer: halves are asked for until it is found.
                Err(AskError::Trouble(Trouble::Garbled { .. }) | AskError::Unsendable(_)) if part.len() > 1 => {
                    let rest = part.split_off(part.len() / 2);
                    parts.extend([rest, part]);
                }
                Err(AskError::Trouble(Trouble::Garbled { reason })) => self.spoilt(part, &reason).await?,
                Err(AskError::Unsendable(error)) => self.spoilt(part, &error.to_string()).await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn answered(&self, asked: &mut Asked, told: Gathered) -> Result<(), AskError> {
        let channel = self.link.channel;
        asked.again.name(told.again, self.link.clock.now());
        self.set_aside(told.unreadable).await?;
        for missing in told.missing {
            let about = NoticeAbout::Order(DocumentKey::new(&missing));
            self.command(Action::NoticeDone { channel, about }).await?;
        }
        Ok(())
    }

    async fn spoilt(&self, part: Vec<DocumentKey>, reason: &str) -> Result<(), AskError> {
        let unreadable = |document| (document, Unreadable { field: String::new(), problem: reason.to_owned() });
        self.set_aside(part.into_iter().map(unreadable).collect()).await
    }

    /// Documents that came but cannot be read wait for a person; nobody asks for them again by himself.
    async fn set_aside(&self, unreadable: Vec<(DocumentKey, Unreadable)>) -> Result<(), AskError> {
        let channel = self.link.channel;
        for (document, error) in unreadable {
            let reason = Note::new(&format!("document {document} cannot be read: {error}"));
            // The same document with the same fault is set aside once.
            let delivery = Some(DeliveryKey::of(channel, &format!("spoilt:{document}:{error}")));
            let kind = Note::new("order");
            self.command(Action::Quarantine { channel, delivery, raw: None, kind, reason }).await?;
            self.command(Action::NoticeDone { channel, about: NoticeAbout::Order(document) }).await?;
        }
        Ok(())
    }

    async fn command(&self, action: Action) -> Result<(), FlowError> {
        let command = Command { at: self.link.clock.now(), by: Actor::Channel(self.link.channel), action };
        self.flow.command(command).await.map(drop)
    }
}
