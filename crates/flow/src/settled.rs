//! Is there anything left to do? For people who watch, and for runs that must end.

use engine::{ShownLevel, State, Trust};
use model::{ChannelId, Instant};

use crate::Desk;

/// What is still open on a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsettled {
    /// Things to be fetched.
    pub notices: usize,
    /// Levels with a write in flight.
    pub in_flight: usize,
    /// Levels that differ from what they should be.
    pub differences: usize,
    /// Of these, refused or held back for a person.
    pub blocked: usize,
    /// Levels that must be read before they may be written.
    pub doubtful: usize,
    /// Levels known in all.
    pub levels: usize,
    /// Documents that it was told to make, and nobody knows yet what became of them.
    pub documents: usize,
}

impl Unsettled {
    /// Whether nothing is open.
    pub fn is_settled(&self) -> bool {
        let Self { notices, in_flight, differences, blocked: _, doubtful, levels: _, documents } = *self;
        notices + in_flight + differences + doubtful + documents == 0
    }
}

/// What is still open on a channel. Looks at every level of it.
pub fn unsettled(state: &State, channel: ChannelId) -> Unsettled {
    let documents = state.instructions().filter(|open| open.instructed.channel == channel).count();
    let mut open = Unsettled { notices: state.notices(channel).count(), documents, ..Unsettled::default() };
    for shown in state.shown().iter().filter(|shown| shown.channel == channel) {
        open.levels += 1;
        open.in_flight += usize::from(shown.in_flight.is_some());
        open.doubtful += usize::from(matches!(shown.trust, Trust::Stale | Trust::Doubtful));
        if differs(state, shown) {
            open.differences += 1;
            open.blocked += usize::from(shown.blocked);
        }
    }
    open
}

/// Changes that a channel is yet to be told, and that nobody but the hub has to do anything about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnTheWay {
    /// Levels and listings that differ and are neither refused nor held back for a person.
    pub changes: u64,
    /// Since when the oldest of the levels differs; `None` when none does, or all have since before the hub was started.
    pub since: Option<Instant>,
}

/// What is on its way to each channel, by its number. Looks at every level there is.
pub fn on_the_way(desk: &Desk<'_>) -> Vec<OnTheWay> {
    let state = desk.state();
    let listings = |channel| state.listings().due(channel).count() as u64;
    let listed = state.catalogue().channels().iter().map(|channel| listings(channel.channel));
    let mut all: Vec<OnTheWay> = listed.map(|changes| OnTheWay { changes, since: None }).collect();
    for shown in state.shown().iter().filter(|shown| !shown.blocked && differs(state, shown)) {
        if let Some(way) = all.get_mut(shown.channel.0 as usize) {
            let since = desk.differs_since(shown.channel, shown.position);
            way.changes += 1;
            way.since = [way.since, since].into_iter().flatten().min();
        }
    }
    all
}

fn differs(state: &State, shown: &ShownLevel) -> bool {
    let position = state.positions().row(shown.position);
    let wanted = state.wanted(shown.channel, position.item, position.location);
    shown.trust != Trust::Unread && wanted.is_some_and(|wanted| wanted != shown.level)
}

#[cfg(test)]
mod tests {
    use engine::evolve;
    use model::{
        Actor, Deed, Entry, Fact, Instant, Instructed, InstructionEnd, InstructionId, LocationId, MakeOrder, Note,
    };

    use super::*;

    const IT: ChannelId = ChannelId(0);
    const OTHER: ChannelId = ChannelId(1);

    fn happened(state: &mut State, fact: Fact) {
        evolve(state, &Entry { at: Instant(0), by: Actor::System, fact });
    }

    #[test]
    fn a_channel_is_not_settled_while_it_owes_a_document() {
        let mut state = State::default();
        let make = MakeOrder { location: LocationId(0), lines: Vec::new(), customer: None, note: Note::new("") };
        let instructed = Instructed { id: InstructionId(1), channel: IT, key: None, deed: Deed::MakeOrder(make) };
        happened(&mut state, Fact::Instructed(Box::new(instructed)));
        assert_eq!(unsettled(&state, IT), Unsettled { documents: 1, ..Unsettled::default() });
        assert!(!unsettled(&state, IT).is_settled());
        assert!(unsettled(&state, OTHER).is_settled(), "the other channel owes nothing");
        let end = InstructionEnd::Made { document: Note::new("9001") };
        happened(&mut state, Fact::InstructionSettled { id: InstructionId(1), channel: IT, end });
        assert!(unsettled(&state, IT).is_settled());
    }
}
