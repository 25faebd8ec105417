//! Is there anything left to do? For people who watch, and for runs that must end.

use engine::{State, Trust};
use model::ChannelId;

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
        let position = state.positions().row(shown.position);
        open.levels += 1;
        open.in_flight += usize::from(shown.in_flight.is_some());
        open.doubtful += usize::from(matches!(shown.trust, Trust::Stale | Trust::Doubtful));
        let wanted = state.wanted(channel, position.item, position.location);
        if shown.trust != Trust::Unread && wanted.is_some_and(|wanted| wanted != shown.level) {
            open.differences += 1;
            open.blocked += usize::from(shown.blocked);
        }
    }
    open
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
