//! What was carried, counted per host. Called by the courier; read by metrics and the dashboard through it.
//!
//! Refuses to know which host is which platform. Hosts come from the configured accounts, so their number is bounded.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The counters of one host since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HostCounts {
    /// Requests handed to the network, whatever became of them.
    pub sent: u64,
    /// Requests refused here, before a socket was opened.
    pub held_back: u64,
    /// Requests that were sent and gave no whole reply.
    pub failed: u64,
    /// Whole replies of status 429.
    pub throttled: u64,
    /// Whole replies of status 500 and above.
    pub server_errors: u64,
    /// Bytes of request bodies.
    pub bytes_out: u64,
    /// Bytes of whole reply bodies, unpacked.
    pub bytes_in: u64,
    /// The latencies of all whole replies together.
    pub latency_total: Duration,
    /// The longest latency of a whole reply.
    pub latency_max: Duration,
}

impl HostCounts {
    /// The mean latency of whole replies; `None` before the first.
    #[must_use]
    pub fn latency_mean(&self) -> Option<Duration> {
        let replies = u32::try_from(self.sent.saturating_sub(self.failed)).unwrap_or(u32::MAX);
        self.latency_total.checked_div(replies)
    }
}

/// All hosts' counters, behind one short lock.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<BTreeMap<String, HostCounts>>);

impl Counts {
    pub(crate) fn change(&self, host: &str, change: impl FnOnce(&mut HostCounts)) {
        let mut hosts = self.hosts();
        match hosts.get_mut(host) {
            Some(counts) => change(counts),
            None => change(hosts.entry(host.to_owned()).or_default()),
        }
    }

    pub(crate) fn copy(&self) -> BTreeMap<String, HostCounts> {
        self.hosts().clone()
    }

    // Counters stay usable when a thread died while it held them: at worst one count is missing.
    fn hosts(&self) -> MutexGuard<'_, BTreeMap<String, HostCounts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_latency_counts_whole_replies_only() {
        let counts = HostCounts { sent: 5, failed: 1, latency_total: Duration::from_millis(80), ..Default::default() };
        assert_eq!(counts.latency_mean(), Some(Duration::from_millis(20)));
        assert_eq!(HostCounts::default().latency_mean(), None);
    }

    #[test]
    fn hosts_are_counted_apart() {
        let counts = Counts::default();
        counts.change("a", |host| host.sent += 1);
        counts.change("a", |host| host.sent += 1);
        counts.change("b", |host| host.failed += 1);
        let copy = counts.copy();
        assert_eq!((copy["a"].sent, copy["a"].failed), (2, 0));
        assert_eq!((copy["b"].sent, copy["b"].failed), (0, 1));
    }
}
