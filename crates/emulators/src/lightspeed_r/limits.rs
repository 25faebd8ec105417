//! The two limiters that stand before every call: a leaky bucket of drips and a count per second.
//!
//! Asked by the door, which shows their state in the headers. They do not know what is called.

use super::settings::Settings;
use crate::machine::Millis;

/// Drips in millionths, so that no leak is lost to rounding.
const DRIP: i64 = 1_000_000;
const FIRST_REGISTER: i64 = 90;
const MORE_REGISTERS: i64 = 10;

/// What a call costs, in hundredths of a drip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost(pub i64);

/// Which limiter held a call back, and for how many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The bucket was full.
    Bucket {
        /// Until it is not.
        wait_s: i64,
    },
    /// Too many calls in this second.
    Burst,
}

/// State of both limiters for one account and app.
#[derive(Clone, Debug)]
pub struct Limits {
    level: i64,
    leaked_at: Millis,
    size: i64,
    /// Millionths of a drip in one millisecond.
    leak_per_ms: i64,
    second: i64,
    in_second: u32,
    burst: u32,
}

impl Limits {
    /// Empty, in the size that the registers of the subscription give.
    pub fn new(settings: &Settings) -> Self {
        let (scale, more) = (i64::from(settings.rate_scale.max(1)), i64::from(settings.registers.max(1)) - 1);
        Self {
            level: 0,
            leaked_at: Millis::MIN,
            size: (FIRST_REGISTER + MORE_REGISTERS * more) * scale,
            // One drip a second, and half a drip for each register after the first.
            leak_per_ms: (1_000 + 500 * more) * scale,
            second: i64::MIN,
            in_second: 0,
            burst: settings.burst.saturating_mul(settings.rate_scale.max(1)),
        }
    }

    /// Lets a call pass or holds it. The call that overflows the bucket passes; the next one does not.
    ///
    /// # Errors
    /// What held it.
    pub fn take(&mut self, cost: Cost, now: Millis) -> Result<(), Held> {
        self.leak(now);
        let second = now.div_euclid(1_000);
        if second != self.second {
            (self.second, self.in_second) = (second, 0);
        }
        self.in_second = self.in_second.saturating_add(1);
        if self.in_second > self.burst {
            return Err(Held::Burst);
        }
        let over = self.level - self.size * DRIP;
        if over >= 0 {
            let per_second = self.leak_per_ms * 1_000;
            return Err(Held::Bucket { wait_s: (over + per_second) / per_second });
        }
        self.level += cost.0 * (DRIP / 100);
        Ok(())
    }

    fn leak(&mut self, now: Millis) {
        let elapsed = now.saturating_sub(self.leaked_at).max(0);
        self.level = self.level.saturating_sub(elapsed.saturating_mul(self.leak_per_ms)).max(0);
        self.leaked_at = self.leaked_at.max(now);
    }

    /// `12.4/90`.
    pub fn bucket_level(&self) -> String {
        format!("{}/{}", hundredths(self.level / (DRIP / 100)), self.size)
    }

    /// `3/20`.
    pub fn burst_level(&self) -> String {
        format!("{}/{}", self.in_second, self.burst)
    }

    /// Drips in one second.
    pub fn drip_rate(&self) -> String {
        hundredths(self.leak_per_ms / 10)
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&hundredths(self.0))
    }
}

/// A number of hundredths as a short decimal.
fn hundredths(value: i64) -> String {
    let part = format!("{:02}", value % 100);
    let part = part.trim_end_matches('0');
    if part.is_empty() { (value / 100).to_string() } else { format!("{}.{part}", value / 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(registers: u32) -> Limits {
        Limits::new(&Settings { registers, burst: 1_000, ..Settings::example() })
    }

    #[test]
    fn the_call_that_overflows_passes_and_the_next_waits_until_there_is_room() {
        let mut limits = limits(1);
        assert_eq!(limits.take(Cost(8_900), 0), Ok(()));
        assert_eq!(limits.take(Cost(357), 0), Ok(()));
        assert_eq!(limits.bucket_level(), "92.57/90");
        assert_eq!(limits.take(Cost(1_000), 0), Err(Held::Bucket { wait_s: 3 }));
        assert_eq!(limits.take(Cost(1_000), 3_000), Ok(()));
    }

    #[test]
    fn registers_widen_the_bucket_and_its_leak() {
        let mut limits = limits(10);
        assert_eq!(limits.take(Cost(18_000), 0), Ok(()));
        assert_eq!((limits.bucket_level().as_str(), limits.drip_rate().as_str()), ("180/180", "5.5"));
        assert_eq!(limits.take(Cost(100), 0), Err(Held::Bucket { wait_s: 1 }));
        assert_eq!(limits.take(Cost(100), 2_000), Ok(()));
        assert_eq!(limits.bucket_level(), "170/180");
    }

    #[test]
    fn a_second_lets_only_so_many_calls_through() {
        let mut limits = Limits::new(&Settings::example());
        let passed = (0..30).filter(|_| limits.take(Cost(100), 5_999).is_ok()).count();
        assert_eq!(passed, 20);
        assert_eq!(limits.take(Cost(100), 5_999), Err(Held::Burst));
        assert_eq!(limits.take(Cost(100), 6_000), Ok(()));
    }
}
