//! What the doors say to the policy of the state: the names it knows, and the time of the day. Called by API and pages, and
//! by a replay, so that a proposal is judged again as it was judged.

use flow::{State, policy};
use model::{Instant, Note};

/// Minute of the day at the first location.
pub fn local_minute(state: &State, at: Instant) -> u16 {
    let zone = state.catalogue().locations().first().map_or("", |location| location.zone.as_str());
    policy::minute_of_day(at, zone)
}

/// Names that a policy may use. Roles are not checked: whoever answers has one of the rules' making.
pub(crate) fn known(state: &State) -> policy::Known {
    let catalogue = state.catalogue();
    let items = catalogue.items().iter();
    let mut categories: Vec<Note> = items.filter_map(|item| state.governance().category(item.item)).cloned().collect();
    categories.sort();
    categories.dedup();
    policy::Known {
        stores: catalogue.locations().iter().map(|at| Note::new(at.name.as_str())).collect(),
        channels: catalogue.channels().iter().map(|channel| Note::new(channel.name.as_str())).collect(),
        categories,
        roles: Vec::new(),
        now: state.now(),
    }
}
