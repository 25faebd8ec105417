//! Readings of levels, each between two polls of the channel's orders, so that a sale nobody has told us of is never
//! mistaken for a count.

use std::collections::{BTreeSet, VecDeque};

use connectors::{Deletions, Question};
use model::{Action, Actor, Command, ExternalItem, ExternalLocation, Instant, ItemSeen, Level, LevelSeen};

use super::ask::{AskError, ask};
use super::pull::Puller;

/// Portions of levels read between two polls: the longer it takes, the more of them is overtaken.
const PORTIONS: usize = 10;
/// And no further portion after this time, in milliseconds: until the poll nobody hears of the channel's sales, and some
/// platforms give out their levels one by one.
const PORTIONS_MS: i64 = 2_000;
/// Levels decided in one job.
const ROWS: usize = 2_000;

impl Puller {
    /// Reads levels, question by question, as far as the time between two polls allows, and takes them in where nothing
    /// overtook the reading. Questions that were asked are gone from the list; the first is asked in any case. Answers the
    /// largest time or version of change among the levels, where the platform tells.
    pub(super) async fn read_levels(
        &mut self,
        questions: &mut VecDeque<Question>,
        whole: bool,
    ) -> Result<Option<Instant>, AskError> {
        self.sales.poll().await?;
        let since = self.flow.read(engine::State::seq).await?;
        let read_at = self.link.clock.now();
        let (mut levels, mut until) = (Vec::new(), None);
        for _ in 0..PORTIONS {
            let Some(question) = questions.pop_front() else { break };
            let asked = ask(&self.flow, &self.link, question).await?;
            levels.extend(asked.levels);
            until = until.max(asked.until);
            if self.link.clock.now().since(read_at) > PORTIONS_MS {
                break;
            }
        }
        if whole {
            self.drop_deleted(&levels).await?;
        }
        if whole && self.link.connector.abilities().absent_is_zero {
            levels.extend(self.not_listed(&levels).await?);
        }
        if levels.is_empty() {
            return Ok(until);
        }
        self.sales.poll().await?;
        let mut levels = self.shown_by_now(levels, read_at).await?;
        let channel = self.link.channel;
        while !levels.is_empty() {
            let part: Vec<_> = levels.drain(..levels.len().min(ROWS)).collect();
            let action = Action::LevelsSeen { channel, since, read_at, levels: part, whole };
            let command = Command { at: self.link.clock.now(), by: Actor::Channel(channel), action };
            self.flow.decide(move |_| Ok(vec![command])).await?;
        }
        Ok(until)
    }

    /// Mapped items that a reading of all levels does not list may have been deleted there, and nobody said so: those
    /// that were not found to be there lately are asked about. What was made in the place of a deleted one may have found
    /// its SKU still taken, so everything is told of once more then.
    async fn drop_deleted(&mut self, listed: &[LevelSeen]) -> Result<(), AskError> {
        let how = self.link.connector.abilities().deletions;
        if how == Deletions::Polled {
            return Ok(());
        }
        let absent = self.absent(listed).await?;
        let absent = self.unlisted.due(absent, self.link.clock.now());
        if absent.is_empty() {
            return Ok(());
        }
        let any_deleted = match how {
            Deletions::Polled => false,
            Deletions::AskedLevel => self.ask_each(absent).await?,
            Deletions::WholeCatalogue => self.look_through_catalogue(absent).await?,
        };
        if any_deleted {
            ask(&self.flow, &self.link, Question::Catalogue { since: None, cursor: None }).await?;
        }
        Ok(())
    }

    async fn absent(&self, listed: &[LevelSeen]) -> Result<Vec<ExternalItem>, AskError> {
        let channel = self.link.channel;
        let listed: BTreeSet<ExternalItem> = listed.iter().map(|seen| seen.external.clone()).collect();
        let mapped = move |state: &engine::State| {
            let items = state.catalogue().items_on(channel).into_iter().map(|(_, external)| external.clone());
            items.filter(|external| !listed.contains(external)).collect()
        };
        Ok(self.flow.read(mapped).await?)
    }

    /// Asks about these items alone, by a level of theirs, as far as the time between two polls allows; the others are
    /// due at the next reading. Answers whether one of them was deleted.
    async fn ask_each(&mut self, absent: Vec<ExternalItem>) -> Result<bool, AskError> {
        let channel = self.link.channel;
        let place = move |state: &engine::State| {
            state.catalogue().locations_on(channel).next().map(|(_, external)| external.clone())
        };
        // Without a place there is no level to ask for, and nothing that could be sold.
        let Some(place) = self.flow.read(place).await? else { return Ok(false) };
        let begun_at = self.link.clock.now();
        let mut any_deleted = false;
        for part in absent.chunks(self.link.connector.abilities().ask_max.max(1)).take(PORTIONS) {
            let rows = part.iter().map(|item| (item.clone(), place.clone())).collect();
            // What is told of a deletion is taken in with the answer.
            let told = ask(&self.flow, &self.link, Question::LevelsOf { rows }).await?;
            any_deleted |= !told.deleted.is_empty();
            let now = self.link.clock.now();
            self.unlisted.found(part.iter().filter(|item| !told.deleted.contains(*item)).cloned(), now);
            if now.since(begun_at) > PORTIONS_MS {
                break;
            }
        }
        Ok(any_deleted)
    }

    /// Reads the whole catalogue and takes in that what is not in it was deleted. Answers whether anything was.
    async fn look_through_catalogue(&mut self, absent: Vec<ExternalItem>) -> Result<bool, AskError> {
        let channel = self.link.channel;
        let there = ask(&self.flow, &self.link, Question::Catalogue { since: None, cursor: None }).await?.items;
        let (found, deleted): (Vec<_>, Vec<_>) = absent.into_iter().partition(|external| there.contains(external));
        let at = self.link.clock.now();
        self.unlisted.found(found, at);
        let told = deleted.into_iter().map(|external| {
            let action = Action::ItemSeen(ItemSeen::deleted(channel, external));
            Command { at, by: Actor::Channel(channel), action }
        });
        let told: Vec<Command> = told.collect();
        if told.is_empty() {
            return Ok(false);
        }
        self.flow.decide(move |_| Ok(told)).await?;
        Ok(true)
    }

    /// Without the levels that were changed so shortly before the reading that the platform may not show it yet. What
    /// notices name of them is read again; a number that is behind must not be taken for a count.
    async fn shown_by_now(&self, mut levels: Vec<LevelSeen>, read_at: Instant) -> Result<Vec<LevelSeen>, AskError> {
        let (channel, after_ms) = (self.link.channel, self.link.connector.abilities().shows_after_ms);
        if after_ms == 0 {
            return Ok(levels);
        }
        let settled = move |state: &engine::State, seen: &LevelSeen| {
            let item = state.catalogue().mapped_item(channel, &seen.external)?;
            let location = state.catalogue().mapped_location(channel, &seen.location)?;
            let shown = state.shown().get(channel, state.positions().find(item, location)?)?;
            Some(read_at.since(shown.at) >= after_ms)
        };
        let part = self.flow.read(move |state| {
            levels.retain(|seen| settled(state, seen).unwrap_or(true));
            levels
        });
        Ok(part.await?)
    }

    /// What a reading of everything does not list: nothing is there.
    async fn not_listed(&self, listed: &[LevelSeen]) -> Result<Vec<LevelSeen>, AskError> {
        let channel = self.link.channel;
        let listed: BTreeSet<(ExternalItem, ExternalLocation)> =
            listed.iter().map(|seen| (seen.external.clone(), seen.location.clone())).collect();
        let absent = self.flow.read(move |state| {
            let (items, places) = (state.catalogue().items_on(channel), state.catalogue().locations_on(channel));
            let places: Vec<ExternalLocation> = places.map(|(_, external)| external.clone()).collect();
            let all =
                items.into_iter().flat_map(|(_, item)| places.iter().map(move |place| (item.clone(), place.clone())));
            all.filter(|row| !listed.contains(row))
                .map(|(external, location)| LevelSeen { external, location, level: Level::ZERO })
                .collect()
        });
        Ok(absent.await?)
    }

    /// Reads everything the channel shows.
    pub(super) async fn read_everything(&mut self) -> Result<(), AskError> {
        let started: Instant = self.link.clock.now();
        let until = self.read_levels(&mut [Question::Levels { cursor: None }].into(), true).await?;
        self.levels_until = self.levels_until.max(until);
        self.link.note(|health| {
            health.read_at = Some(started);
            health.ready = true;
        });
        Ok(())
    }

    /// Reads some levels, several portions between two polls.
    pub(super) async fn read_some(&mut self, rows: Vec<(ExternalItem, ExternalLocation)>) -> Result<(), AskError> {
        let most = self.link.connector.abilities().ask_max.max(1);
        let mut portions: VecDeque<Question> =
            rows.chunks(most).map(|part| Question::LevelsOf { rows: part.to_vec() }).collect();
        while !portions.is_empty() {
            self.read_levels(&mut portions, false).await?;
        }
        Ok(())
    }
}
