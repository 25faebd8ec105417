//! How long to wait before the next try. Called by `flow` with its own dice; refuses to know a clock or a request.

use std::time::Duration;

/// Waits that double from `base` up to `cap`, each drawn from its whole range ("full jitter"), so that many workers
/// stopped by one outage do not come back in one wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The longest first wait.
    pub base: Duration,
    /// The longest wait of all.
    pub cap: Duration,
}

impl Backoff {
    /// The wait after `failures` failures in a row (0 is read as 1). `dice` is uniform over all of `u64`; the wait is
    /// uniform between nothing and the range's end, in nanoseconds.
    #[must_use]
    pub fn wait(&self, failures: u32, dice: u64) -> Duration {
        let range = self.range(failures).as_nanos();
        // `range` is below 2^94 and the product is taken in halves, so it cannot overflow.
        let high = ((range >> 32) * u128::from(dice)) >> 32;
        let low = ((range & 0xffff_ffff) * u128::from(dice)) >> 64;
        nanoseconds((high + low).min(range))
    }

    /// The end of the range for that many failures: `base`, doubled with each further failure, never above `cap`.
    #[must_use]
    pub fn range(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1);
        2_u32
            .checked_pow(doublings)
            .and_then(|factor| self.base.checked_mul(factor))
            .map_or(self.cap, |range| range.min(self.cap))
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base: Duration::from_millis(250), cap: Duration::from_secs(60) }
    }
}

fn nanoseconds(total: u128) -> Duration {
    let seconds = u64::try_from(total / 1_000_000_000).unwrap_or(u64::MAX);
    let rest = u32::try_from(total % 1_000_000_000).expect("a remainder of a billion fits in 32 bits");
    Duration::new(seconds, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BACKOFF: Backoff = Backoff { base: Duration::from_millis(100), cap: Duration::from_secs(5) };

    #[test]
    fn the_range_doubles_up_to_the_cap() {
        let ranges: Vec<u128> = (0..9).map(|failures| BACKOFF.range(failures).as_millis()).collect();
        assert_eq!(ranges, [100, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
        assert_eq!(BACKOFF.range(u32::MAX), BACKOFF.cap);
    }

    #[test]
    fn the_dice_reach_both_ends_and_the_middle_of_the_range() {
        assert_eq!(BACKOFF.wait(3, 0), Duration::ZERO);
        assert_eq!(BACKOFF.wait(3, u64::MAX / 2).as_micros().div_ceil(1000), 200);
        assert_eq!(BACKOFF.wait(3, u64::MAX).as_micros().div_ceil(1000), 400);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_its_range(failures: u32, dice: u64, base_ms: u64, cap in 0_u64..u64::MAX) {
            let backoff = Backoff { base: Duration::from_millis(base_ms), cap: Duration::from_secs(cap) };
            prop_assert!(backoff.wait(failures, dice) <= backoff.range(failures));
            prop_assert!(backoff.range(failures) <= backoff.cap);
        }

        #[test]
        fn a_higher_throw_never_waits_less(failures in 0_u32..20, low: u64, high: u64) {
            let (low, high) = (low.min(high), low.max(high));
            prop_assert!(BACKOFF.wait(failures, low) <= BACKOFF.wait(failures, high));
        }
    }
}
