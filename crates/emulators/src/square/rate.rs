//! The leaky bucket that stands before every call of a seller's token.
//!
//! Asked by the door; it does not know what is called.

use crate::machine::Millis;

/// Calls a seller may still make, in thousandths of a call, so that no time is lost to rounding.
#[derive(Clone, Debug)]
pub struct Bucket {
    left: i64,
    full: i64,
    rate_per_s: i64,
    filled_at: Millis,
}

impl Bucket {
    /// A full bucket of `burst` calls that gains `rate_per_s` calls every second.
    pub fn new(rate_per_s: u32, burst: u32) -> Self {
        let full = i64::from(burst) * 1_000;
        Self { left: full, full, rate_per_s: i64::from(rate_per_s), filled_at: Millis::MIN }
    }

    /// Takes one call; false when there is none left. A clock that runs back gains nothing.
    pub fn take(&mut self, now: Millis) -> bool {
        let elapsed = now.saturating_sub(self.filled_at).max(0);
        self.left = self.left.saturating_add(elapsed.saturating_mul(self.rate_per_s)).min(self.full);
        self.filled_at = self.filled_at.max(now);
        if self.left < 1_000 {
            return false;
        }
        self.left -= 1_000;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate() {
        let mut bucket = Bucket::new(10, 20);
        assert_eq!((0..30).filter(|_| bucket.take(1_000)).count(), 20);
        assert_eq!((0..30).filter(|_| bucket.take(1_500)).count(), 5);
        assert!(!bucket.take(1_400));
    }
}
