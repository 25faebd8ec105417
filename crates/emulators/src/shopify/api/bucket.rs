//! The leaky bucket that limits calls by cost: requested cost is taken first, and what a call did not use flows back.

use crate::machine::Millis;

/// Points are kept in thousandths, so that refilling by the millisecond is exact.
#[derive(Debug)]
pub(in crate::shopify) struct Bucket {
    /// Points that fit.
    pub(super) maximum: i64,
    /// Points per second.
    pub(super) restore_rate: i64,
    thousandths: i64,
    at: Millis,
}

impl Bucket {
    /// A full bucket.
    pub(in crate::shopify) fn new(maximum: i64, restore_rate: i64) -> Self {
        Self { maximum, restore_rate, thousandths: maximum * 1000, at: Millis::MIN }
    }

    /// Takes `points` when they are there; otherwise takes nothing and answers false.
    pub(super) fn take(&mut self, points: i64, now: Millis) -> bool {
        self.refill(now);
        let enough = self.thousandths >= points * 1000;
        if enough {
            self.thousandths -= points * 1000;
        }
        enough
    }

    /// Gives back what a call did not use.
    pub(super) fn give_back(&mut self, points: i64) {
        self.thousandths = (self.thousandths + points * 1000).min(self.maximum * 1000);
    }

    /// Whole points that are there.
    pub(super) fn available(&self) -> i64 {
        self.thousandths / 1000
    }

    fn refill(&mut self, now: Millis) {
        let passed = now.saturating_sub(self.at).max(0);
        // Points per second are thousandths per millisecond.
        let restored = passed.saturating_mul(self.restore_rate);
        self.thousandths = self.thousandths.saturating_add(restored).min(self.maximum * 1000);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::Bucket;

    #[test]
    fn a_full_bucket_gives_its_size_and_then_nothing() {
        let mut bucket = Bucket::new(2000, 100);
        assert!(bucket.take(1000, 0) && bucket.take(1000, 0));
        assert!(!bucket.take(1, 0));
    }

    #[test]
    fn points_flow_back_by_the_millisecond_up_to_the_brim() {
        let mut bucket = Bucket::new(2000, 100);
        assert!(bucket.take(2000, 0));
        assert!(!bucket.take(1, 9), "0.9 of a point is not a point");
        assert!(bucket.take(1, 10));
        assert!(bucket.take(2000, 1_000_000), "a long rest fills it");
        assert!(!bucket.take(1, 1_000_000), "and not beyond the brim");
    }

    #[test]
    fn what_was_not_used_is_given_back() {
        let mut bucket = Bucket::new(2000, 100);
        assert!(bucket.take(900, 0));
        bucket.give_back(880);
        assert_eq!(bucket.available(), 1980);
    }

    #[test]
    fn a_clock_that_runs_backwards_restores_nothing() {
        let mut bucket = Bucket::new(10, 100);
        assert!(bucket.take(10, 5000));
        assert!(!bucket.take(1, 4000));
        assert!(!bucket.take(1, 5000));
    }
}
