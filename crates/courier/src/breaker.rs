//! A circuit breaker: after enough failures in a row a host is left alone for a while, then tried with one request.
//!
//! Called by `flow`, one per channel. Pure: `now` is a duration since any fixed origin, the same for all calls.
//! Refuses to know what counts as a failure: a 429 is an answer of a healthy host, and the caller says so.

use std::time::Duration;

/// When a breaker opens and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerConfig {
    /// Failures in a row that open it; 0 is read as 1.
    pub failures_max: u32,
    /// How long it stays open the first time; doubled with each failed trial.
    pub open_for: Duration,
    /// The longest it stays open.
    pub open_for_max: Duration,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self { failures_max: 5, open_for: Duration::from_secs(1), open_for_max: Duration::from_secs(60) }
    }
}

/// What a breaker is at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Requests pass.
    Closed,
    /// No request passes until its time is over.
    Open,
    /// One request passes, on trial.
    HalfOpen,
}

/// Whether a request may leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Permit {
    /// It may.
    Go,
    /// It may, as the one trial: its outcome decides, and it has to be reported.
    Trial,
    /// It may not before this time.
    Wait {
        /// On the caller's clock.
        until: Duration,
    },
}

/// One host's breaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    config: BreakerConfig,
    inner: Inner,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Inner {
    Closed {
        failures: u32,
    },
    Open {
        until: Duration,
        lasted: Duration,
    },
    /// A trial whose outcome never comes (its task was dropped) is given up at `until`, so no breaker stays shut.
    Trying {
        until: Duration,
        lasted: Duration,
    },
}

impl Breaker {
    /// A closed breaker.
    #[must_use]
    pub fn new(config: BreakerConfig) -> Self {
        Self { config, inner: Inner::Closed { failures: 0 } }
    }

    /// What it is at `now`, without asking for a permit.
    #[must_use]
    pub fn state(&self, now: Duration) -> BreakerState {
        match self.inner {
            Inner::Closed { .. } => BreakerState::Closed,
            Inner::Open { until, .. } if now < until => BreakerState::Open,
            Inner::Open { .. } | Inner::Trying { .. } => BreakerState::HalfOpen,
        }
    }

    /// Asks for one request. A [`Permit::Trial`] is given to one caller only.
    pub fn ask(&mut self, now: Duration) -> Permit {
        match self.inner {
            Inner::Closed { .. } => Permit::Go,
            Inner::Open { until, .. } | Inner::Trying { until, .. } if now < until => Permit::Wait { until },
            Inner::Open { lasted, .. } | Inner::Trying { lasted, .. } => {
                self.inner = Inner::Trying { until: now.saturating_add(lasted), lasted };
                Permit::Trial
            }
        }
    }

    /// A request ended well. While open, only the trial counts: a late success from before says nothing of now.
    pub fn succeeded(&mut self) {
        match self.inner {
            Inner::Closed { .. } | Inner::Trying { .. } => self.inner = Inner::Closed { failures: 0 },
            Inner::Open { .. } => {}
        }
    }

    /// A request failed at `now`. While open, further failures are of requests sent before and change nothing.
    pub fn failed(&mut self, now: Duration) {
        match self.inner {
            Inner::Closed { failures } if failures.saturating_add(1) < self.config.failures_max => {
                self.inner = Inner::Closed { failures: failures + 1 };
            }
            Inner::Closed { .. } => self.open(now, self.config.open_for),
            Inner::Trying { lasted, .. } => self.open(now, lasted.saturating_mul(2)),
            Inner::Open { .. } => {}
        }
    }

    fn open(&mut self, now: Duration, wanted: Duration) {
        let lasted = wanted.min(self.config.open_for_max);
        self.inner = Inner::Open { until: now.saturating_add(lasted), lasted };
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
