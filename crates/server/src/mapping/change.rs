//! A person's change of what is what, and the reading that it calls for.

use model::{Action, Actor, ChannelId, Command, Fact};

use crate::{Hub, ReadError};

/// Has one change decided. No facts when it was so already.
///
/// # Errors
/// When the hub has stopped or refuses.
pub(crate) async fn command(hub: &Hub, by: Actor, action: Action) -> Result<Vec<Fact>, ReadError> {
    let reread = read_by(&action);
    let command = Command { at: hub.clock.now(), by, action };
    let facts = hub.flow.command(command).await?;
    if let Some(channel) = reread.filter(|_| !facts.is_empty()) {
        hub.links.ask_reading(channel);
    }
    Ok(facts)
}

/// The channel whose levels mean something else after this.
pub(super) fn read_by(action: &Action) -> Option<ChannelId> {
    match action {
        Action::MapLocation { channel, .. } => Some(*channel),
        _ => None,
    }
}
