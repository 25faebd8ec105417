//! Virtual time: it stands still while anybody has something to do, and jumps to the next moment when all wait.

use std::future::Future;

use flow::Clock;
use model::Instant;

use crate::SimError;

/// When every simulation begins: 2026-09-21T12:00:00Z, in milliseconds since the Unix epoch.
const BEGINS_MS: i64 = 1_790_000_000_000 - 8 * 60_000;

/// The clock of hub and platforms.
#[derive(Clone, Copy, Debug)]
pub struct SimClock {
    begun: tokio::time::Instant,
}

impl SimClock {
    /// A clock that begins now. To be made inside [`on_virtual_time`].
    pub fn begin() -> Self {
        Self { begun: tokio::time::Instant::now() }
    }

    /// Milliseconds since the Unix epoch.
    pub fn ms(&self) -> i64 {
        BEGINS_MS + i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX / 2)
    }

    /// Milliseconds since the simulation began.
    pub fn passed_ms(&self) -> i64 {
        self.ms() - BEGINS_MS
    }
}

impl Clock for SimClock {
    fn now(&self) -> Instant {
        Instant(self.ms())
    }
}

/// Runs a future on one thread and virtual time. Sleeping costs nothing.
///
/// # Errors
/// When the runtime cannot be made.
pub fn on_virtual_time<F: Future>(work: F) -> Result<F::Output, SimError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    Ok(runtime.block_on(work))
}
