//! Questions that somebody put aside: out of the way until the hub is started again. No fact is made of it, because
//! nothing was decided; the item is still unknown and its stock is not kept.

use std::collections::BTreeSet;
use std::sync::Mutex;

use model::{ChannelId, ExternalItem};

/// Questions held; beyond that nothing more is put aside.
const KEPT: usize = 1_000;

/// Channel and external id of each.
#[derive(Debug, Default)]
pub(in super::super) struct Aside(Mutex<BTreeSet<(ChannelId, ExternalItem)>>);

impl Aside {
    /// Puts one aside. False when there are too many already.
    pub(super) fn put(&self, channel: ChannelId, external: ExternalItem) -> bool {
        let Ok(mut held) = self.0.lock() else { return false };
        held.len() < KEPT && {
            held.insert((channel, external));
            true
        }
    }

    /// Back among the open ones.
    pub(super) fn take_out(&self, channel: ChannelId, external: &ExternalItem) {
        if let Ok(mut held) = self.0.lock() {
            held.remove(&(channel, external.clone()));
        }
    }

    /// Whether it was put aside.
    pub(super) fn holds(&self, channel: ChannelId, external: &ExternalItem) -> bool {
        self.0.lock().is_ok_and(|held| held.contains(&(channel, external.clone())))
    }

    /// All of them, by channel and id.
    pub(super) fn all(&self) -> Vec<(ChannelId, ExternalItem)> {
        self.0.lock().map(|held| held.iter().cloned().collect()).unwrap_or_default()
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.0.lock().map_or(0, |held| held.len())
    }
}
