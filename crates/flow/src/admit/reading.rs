//! Readings of levels, each between two polls of the channel's orders, so that a sale nobody has told us of is never
//! mistaken for a count.

use std::collections::BTreeSet;

use connectors::Question;
use model::{Action, Actor, Command, ExternalItem, ExternalLocation, Instant, Level, LevelSeen};

use super::ask::{AskError, ask};
use super::pull::Puller;

/// Portions of levels read between two polls: the longer it takes, the more of them is overtaken.
const PORTIONS: usize = 10;
/// Levels decided in one job.
const ROWS: usize = 2_000;

impl Puller {
    /// Reads levels and takes them in where nothing overtook the reading. Answers the largest time or version of change
    /// among them, where the platform tells.
    pub(super) async fn read_levels(
        &mut self,
        questions: Vec<Question>,
        whole: bool,
    ) -> Result<Option<Instant>, AskError> {
        self.poll_orders().await?;
        let since = self.flow.read(engine::State::seq).await?;
        let read_at = self.link.clock.now();
        let (mut levels, mut until) = (Vec::new(), None);
        for question in questions {
            let asked = ask(&self.flow, &self.link, question).await?;
            levels.extend(asked.levels);
            until = until.max(asked.until);
        }
        if whole && self.link.connector.abilities().absent_is_zero {
            levels.extend(self.not_listed(&levels).await?);
        }
        if levels.is_empty() {
            return Ok(until);
        }
        self.poll_orders().await?;
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
        let until = self.read_levels(vec![Question::Levels { cursor: None }], true).await?;
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
        let portions: Vec<Question> =
            rows.chunks(most).map(|part| Question::LevelsOf { rows: part.to_vec() }).collect();
        for some in portions.chunks(PORTIONS) {
            self.read_levels(some.to_vec(), false).await?;
        }
        Ok(())
    }
}
