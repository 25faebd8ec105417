//! A channel's rate budget: a bucket that refills steadily and from which every request takes its cost before it is
//! sent. The platform's own figures replace ours whenever it tells them.

use model::Instant;

/// The bucket, in thousandths of a point so that whole numbers suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    capacity: u64,
    restore_per_s: u64,
    level: u64,
    at: Instant,
    paused_until: Instant,
    /// Requests that may leave now, and most of them: half of what the platform allows in a second, refilled at the
    /// same pace, so that no second of the platform's ever sees more than it allows, wherever it begins. 0 = no limit.
    requests: u64,
    requests_max: u64,
}

const MILLI: u64 = 1_000;

impl Budget {
    /// A full bucket.
    pub fn full(capacity: u32, restore_per_s: u32, now: Instant) -> Self {
        let capacity = u64::from(capacity) * MILLI;
        Self {
            capacity,
            restore_per_s: u64::from(restore_per_s),
            level: capacity,
            at: now,
            paused_until: Instant(i64::MIN),
            requests: 0,
            requests_max: 0,
        }
    }

    /// The platform takes at most so many requests in a second, whatever they cost; 0 = it does not say.
    pub fn limit_requests(&mut self, per_s: u32) {
        let most = u64::from(per_s) * MILLI / 2;
        if most != self.requests_max {
            self.requests_max = most;
            self.requests = most;
        }
    }

    /// Takes the cost of a request.
    ///
    /// # Errors
    /// How many milliseconds to wait before asking again. A cost larger than the bucket waits for a full one.
    pub fn take(&mut self, cost: u32, now: Instant) -> Result<(), i64> {
        self.refill(now);
        if now < self.paused_until {
            return Err(self.paused_until.since(now));
        }
        let cost = (u64::from(cost) * MILLI).min(self.capacity);
        let request = MILLI.min(self.requests_max);
        if self.level >= cost && self.requests >= request {
            self.level -= cost;
            self.requests -= request;
            return Ok(());
        }
        let points = cost.saturating_sub(self.level).div_ceil(self.restore_per_s.max(1));
        let turn = (request.saturating_sub(self.requests) * MILLI).div_ceil(self.requests_max.max(1));
        let wait = points.max(turn);
        Err(i64::try_from(wait).unwrap_or(i64::MAX).max(1))
    }

    /// Whether a request of this cost could be sent now.
    pub fn has(&self, cost: u32, now: Instant) -> bool {
        self.clone_at(now).level >= (u64::from(cost) * MILLI).min(self.capacity) && now >= self.paused_until
    }

    /// The platform told its figures.
    pub fn told(&mut self, capacity: u32, available: u32, restore_per_s: u32, now: Instant) {
        self.refill(now);
        self.capacity = u64::from(capacity) * MILLI;
        self.restore_per_s = u64::from(restore_per_s);
        self.level = (u64::from(available) * MILLI).min(self.capacity);
        self.at = now;
    }

    /// The platform asked to slow down: nothing before `after_ms` have passed.
    pub fn throttled(&mut self, after_ms: i64, now: Instant) {
        self.refill(now);
        self.level = 0;
        self.paused_until = self.paused_until.max(now.plus_ms(after_ms));
    }

    /// Points left.
    pub fn left(&self, now: Instant) -> u32 {
        u32::try_from(self.clone_at(now).level / MILLI).unwrap_or(u32::MAX)
    }

    /// Points in a full bucket.
    pub fn capacity(&self) -> u32 {
        u32::try_from(self.capacity / MILLI).unwrap_or(u32::MAX)
    }

    fn clone_at(&self, now: Instant) -> Self {
        let mut copy = *self;
        copy.refill(now);
        copy
    }

    fn refill(&mut self, now: Instant) {
        let passed_ms = u64::try_from(now.since(self.at)).unwrap_or(0);
        self.level = self.level.saturating_add(passed_ms.saturating_mul(self.restore_per_s)).min(self.capacity);
        let requests = passed_ms.saturating_mul(self.requests_max) / MILLI;
        self.requests = self.requests.saturating_add(requests).min(self.requests_max);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_wait_is_just_long_enough() {
        let mut budget = Budget::full(20, 10, Instant(0));
        for _ in 0..20 {
            assert_eq!(budget.take(1, Instant(0)), Ok(()));
        }
        assert_eq!(budget.take(1, Instant(0)), Err(100));
        assert_eq!(budget.take(1, Instant(99)), Err(1));
        assert_eq!(budget.take(1, Instant(100)), Ok(()));
    }

    #[test]
    fn no_second_ever_sees_more_requests_than_the_platform_allows() {
        let mut budget = Budget::full(1_000, 1_000, Instant(0));
        budget.limit_requests(20);
        let mut sent: Vec<i64> = Vec::new();
        for ms in 0..5_000 {
            while budget.take(1, Instant(ms)).is_ok() {
                sent.push(ms);
            }
        }
        let busiest =
            sent.iter().map(|from| sent.iter().filter(|at| (*from..*from + 1_000).contains(at)).count()).max();
        assert!(busiest <= Some(20), "{busiest:?}");
        assert!(sent.len() >= 50, "half the pace is kept: {}", sent.len());
    }

    #[test]
    fn a_clock_that_runs_back_gives_nothing_away() {
        let mut budget = Budget::full(1, 1, Instant(10_000));
        assert_eq!(budget.take(1, Instant(10_000)), Ok(()));
        assert_eq!(budget.take(1, Instant(5_000)), Err(1_000));
        assert_eq!(budget.take(1, Instant(10_999)), Err(1));
    }

    proptest! {
        #[test]
        fn no_more_than_the_bucket_and_its_refill_is_ever_spent(
            steps in prop::collection::vec((1_u32..50, 0_i64..400), 1..200),
        ) {
            let mut budget = Budget::full(100, 40, Instant(0));
            let (mut now, mut spent) = (Instant(0), 0_u64);
            for (cost, passed) in steps {
                now = now.plus_ms(passed);
                if budget.take(cost, now).is_ok() {
                    spent += u64::from(cost);
                }
            }
            prop_assert!(spent * 1_000 <= 100_000 + 40 * now.0 as u64);
        }
    }
}
