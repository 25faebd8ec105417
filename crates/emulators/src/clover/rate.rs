//! The two published rates: new calls per second of the app and of one token, and the longer wait of a caller that
//! comes back too early.
//!
//! Asked by the door. The two caps on calls in flight cannot be seen from in here, since the machine answers at once.

use crate::machine::Millis;

const SECOND: Millis = 1_000;
/// The wait grows no further than this many times the first one; the vendor states no bound.
const STRIKES_MAX: Millis = 8;

/// One counter over whole seconds of the platform's clock.
#[derive(Clone, Debug)]
pub struct Rate {
    per_s: u32,
    ban_ms: Millis,
    second: Millis,
    used: u32,
    strikes: Millis,
    refused_in: Millis,
    banned_until: Millis,
}

impl Rate {
    /// At most `per_s` calls in one second; one more is refused for `ban_ms`.
    pub fn new(per_s: u32, ban_ms: Millis) -> Self {
        Self {
            per_s,
            ban_ms,
            second: Millis::MIN,
            used: 0,
            strikes: 0,
            refused_in: Millis::MIN,
            banned_until: Millis::MIN,
        }
    }

    /// Counts one call; false when it is refused. Refused calls of one and the same second are one offence, so that a
    /// burst that was under way is not punished twice; a call in a later second, while the wait lasts, lengthens it.
    pub fn take(&mut self, now: Millis) -> bool {
        let second = now.div_euclid(SECOND);
        if now < self.banned_until {
            if second > self.refused_in {
                self.refuse(now, second);
            }
            return false;
        }
        if second != self.second {
            self.second = second;
            self.used = 0;
        }
        if self.used >= self.per_s {
            self.refuse(now, second);
            return false;
        }
        self.used += 1;
        self.strikes = 0;
        true
    }

    fn refuse(&mut self, now: Millis, second: Millis) {
        self.strikes = (self.strikes + 1).min(STRIKES_MAX);
        self.refused_in = second;
        self.banned_until = now + self.ban_ms * self.strikes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_calls_pass_in_a_second_and_the_next_ones_wait() {
        let mut rate = Rate::new(16, 1_000);
        assert_eq!((0..40).filter(|_| rate.take(5_100)).count(), 16);
        assert!(!rate.take(5_900));
        assert!(rate.take(6_100));
    }

    #[test]
    fn who_comes_back_too_early_waits_longer() {
        let mut rate = Rate::new(1, 1_000);
        assert!(rate.take(5_000));
        assert!(!rate.take(5_500));
        assert!(!rate.take(6_400), "the wait lasts until 6,500 and is now two seconds more");
        assert!(!rate.take(6_600));
        assert!(rate.take(8_400));
    }
}
