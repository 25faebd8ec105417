//! How far the polls of one channel have come, as a fact of the journal, moved by two who poll beside each other.

use std::sync::Arc;

use connectors::Mark;
use model::{Action, Actor, Command, Cursor, Instant, Note};

use crate::{Flow, FlowError, Link, Settings};

/// Before the first version of a platform that counts its changes.
pub(super) const NONE: Instant = Instant(0);

/// The cursor of one channel.
#[derive(Clone)]
pub(super) struct Cursors {
    flow: Flow,
    link: Arc<Link>,
    settings: Settings,
}

impl Cursors {
    pub(super) fn new(flow: Flow, link: Arc<Link>, settings: Settings) -> Self {
        Self { flow, link, settings }
    }

    /// How far polling has come. The first start's beginning is kept at once: orders made while the hub is down
    /// are found from there, even when it had heard of none before.
    pub(super) async fn read(&self) -> Result<Cursor, FlowError> {
        let channel = self.link.channel;
        match self.flow.read(move |state| state.cursor(channel)).await? {
            Some(cursor) => Ok(cursor),
            None => {
                let fresh = self.fresh();
                let command = self.moved(fresh.clone());
                self.flow.command(command).await.map(|_| fresh)
            }
        }
    }

    /// Changes it where it stands at that moment: whoever else moved it meanwhile is not undone.
    pub(super) async fn change(&self, change: impl FnOnce(&mut Cursor) + Send + 'static) -> Result<(), FlowError> {
        let (this, fresh) = (self.clone(), self.fresh());
        let answer = self.flow.decide(move |desk| {
            let mut cursor = desk.state().cursor(this.link.channel).unwrap_or(fresh);
            change(&mut cursor);
            Ok(vec![this.moved(cursor)])
        });
        answer.await?.only().map(drop).map_err(FlowError::Refused)
    }

    /// How much of what was told before a poll asks for once more, in milliseconds.
    pub(super) fn overlap_ms(&self) -> i64 {
        let abilities = self.link.connector.abilities();
        match abilities.mark {
            Mark::Clock => self.settings.overlap_ms.unwrap_or(abilities.overlap_ms),
            Mark::Version => 0,
        }
    }

    fn moved(&self, cursor: Cursor) -> Command {
        let channel = self.link.channel;
        let action = Action::MoveCursor { channel, cursor };
        Command { at: self.link.clock.now(), by: Actor::Channel(channel), action }
    }

    fn fresh(&self) -> Cursor {
        let now = self.link.clock.now();
        // A platform's clock may be behind ours: ten minutes are read in any case.
        let start = now.plus_ms(-self.settings.backfill_ms.max(600_000));
        let there = self.link.present_there().unwrap_or(now);
        let (orders, catalogue) = match self.link.connector.abilities().mark {
            Mark::Clock => (start, there.min(now)),
            Mark::Version => (NONE, NONE),
        };
        Cursor {
            orders_until: orders,
            catalogue_until: catalogue,
            customers_until: orders,
            catalogue_page: Some(Note::new("")),
        }
    }
}
