//! What goes wrong with the hub and its accounts during a run, and how it is mended.

use super::Run;
use crate::traffic::Mishap;
use crate::{Mood, SimError};

/// Longest time the hub is down, in milliseconds.
const DOWN_MS: u64 = 40_000;
/// Starts of the hub in a row that may fail.
const STARTS_MAX: u32 = 20;

/// Accounts that are silent, with the time when they answer again.
#[derive(Debug, Default)]
pub(super) struct Pending {
    silent: Vec<(usize, i64)>,
}

impl Run {
    pub(super) async fn mishap(&mut self, mishap: Mishap) -> Result<(), SimError> {
        match mishap {
            Mishap::Kill => {
                self.world.kill_hub().await;
                self.start_again().await?;
            }
            Mishap::PowerNow => {
                self.world.cut_power().await;
                self.start_again().await?;
            }
            // These come to light at the next sync, and are mended then.
            Mishap::PowerSoon(operations) => {
                self.world.disk.cut_power_at(self.world.disk.operations() + operations);
            }
            Mishap::Full => self.world.disk.set_full(true),
            Mishap::FailedSync => self.world.disk.fail_next_sync(),
            Mishap::Unsubscribe(platform) => self.world.platforms[platform].unsubscribe(),
            Mishap::Silent(platform, ms) => {
                self.world.platforms[platform].set_mood(Mood::Silent);
                let until = self.world.clock.passed_ms() + i64::try_from(ms).unwrap_or(0);
                self.mishaps.silent.push((platform, until));
            }
            Mishap::Snapshot => {
                // A snapshot is only a short cut: when it cannot be written, the next start replays more.
                let _ = self.world.hub()?.flow.snapshot().await;
            }
        }
        Ok(())
    }

    /// Lets accounts answer whose time has come, and starts a hub again that has stopped.
    pub(super) async fn mend(&mut self) -> Result<(), SimError> {
        let now = self.world.clock.passed_ms();
        let (over, still): (Vec<_>, Vec<_>) = self.mishaps.silent.drain(..).partition(|(_, until)| *until <= now);
        self.mishaps.silent = still;
        for (platform, _) in over {
            if self.mishaps.silent.iter().all(|(other, _)| *other != platform) {
                self.world.platforms[platform].set_mood(Mood::Answers);
            }
        }
        if self.world.hub()?.has_stopped().await || self.world.disk.is_off() {
            self.recover().await?;
        }
        Ok(())
    }

    /// Everything that was asked for and has not come is taken back.
    pub(super) async fn mend_all(&mut self) -> Result<(), SimError> {
        self.mishaps.silent.clear();
        self.world.platforms.iter().for_each(|platform| platform.set_mood(Mood::Answers));
        self.mend().await?;
        self.world.disk.clear_faults();
        Ok(())
    }

    /// A hub that cannot write is ended; space is freed, or the power comes back.
    async fn recover(&mut self) -> Result<(), SimError> {
        if self.world.disk.is_off() || self.traffic.dice.chance(500_000) {
            self.world.cut_power().await;
        } else {
            self.world.kill_hub().await;
        }
        self.world.disk.clear_faults();
        self.start_again().await
    }

    /// Starts the hub after a while. Now and then the power goes again while it starts, or the disk is still full.
    async fn start_again(&mut self) -> Result<(), SimError> {
        let down_ms = self.traffic.dice.below(DOWN_MS);
        self.world.pass(down_ms).await;
        let (mut starts, mut freed) = (0, false);
        loop {
            starts += 1;
            if self.traffic.dice.chance(150_000) {
                let operation = self.world.disk.operations() + 1 + self.traffic.dice.below(6);
                self.world.disk.cut_power_at(operation);
            }
            match self.world.open_hub().await {
                Ok(()) => return Ok(()),
                Err(_) if self.world.disk.is_off() && starts < STARTS_MAX => self.world.cut_power().await,
                // A disk that was full, or a sync that failed, at the start itself: a person frees space, once.
                Err(_) if !freed => {
                    freed = true;
                    self.world.disk.clear_faults();
                }
                Err(error) => return Err(error),
            }
        }
    }
}
