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
}

impl Unsettled {
    /// Whether nothing is open.
    pub fn is_settled(&self) -> bool {
        self.notices == 0 && self.in_flight == 0 && self.differences == 0 && self.doubtful == 0
    }
}

/// What is still open on a channel. Looks at every level of it.
pub fn unsettled(state: &State, channel: ChannelId) -> Unsettled {
    let mut open = Unsettled { notices: state.notices(channel).count(), ..Unsettled::default() };
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
