//! How long the channels take to show what has changed: from the durable fact to the platform's yes.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::State;
use model::{ChannelId, Instant};

use crate::Meter;

/// Waiting levels that are watched; beyond that the figures are a sample.
const WATCHED: usize = 1_000_000;

/// Watches positions from the fact that changed them until every channel shows it.
#[derive(Debug, Default)]
pub(super) struct Convergence {
    meter: Option<Arc<Meter>>,
    /// Since when a channel does not show what it should.
    waiting: BTreeMap<(ChannelId, u32), Instant>,
    /// Since when a position is not shown right everywhere.
    since: BTreeMap<u32, Instant>,
}

impl Convergence {
    pub(super) fn told_to(&mut self, meter: Arc<Meter>) {
        self.meter = Some(meter);
    }

    /// Looks at positions that a batch touched, after it has become durable.
    pub(super) fn look(&mut self, state: &State, touched: impl Iterator<Item = u32>) {
        let now = state.now();
        for row in touched {
            let position = state.positions().row(row);
            let mut all_right = true;
            for channel in state.catalogue().channels() {
                let Some(shown) = state.shown().get(channel.channel, row) else { continue };
                let wanted = state.wanted(channel.channel, position.item, position.location);
                if !channel.writes || wanted.is_none_or(|wanted| wanted == shown.level) {
                    if let Some(since) = self.waiting.remove(&(channel.channel, row)) {
                        let label = format!("channel=\"{}\",", channel.name);
                        self.record("lockstep_propagation_seconds", &label, now.since(since));
                    }
                } else {
                    all_right = false;
                    if self.waiting.len() < WATCHED {
                        self.waiting.entry((channel.channel, row)).or_insert(now);
                        self.since.entry(row).or_insert(now);
                    }
                }
            }
            if all_right && let Some(since) = self.since.remove(&row) {
                self.record("lockstep_converge_seconds", "", now.since(since));
            }
        }
    }

    /// Since when a channel does not show what it should of a position; `None` when that was so before the hub was
    /// started.
    pub(super) fn since(&self, channel: ChannelId, row: u32) -> Option<Instant> {
        self.waiting.get(&(channel, row)).copied()
    }

    fn record(&self, name: &'static str, label: &str, ms: i64) {
        if let Some(meter) = &self.meter {
            meter.histogram(name, label).record_us(u64::try_from(ms).unwrap_or(0).saturating_mul(1_000));
        }
    }
}
