//! How often somebody may ask: so many calls in any minute, spread or at once, with the headers that tell how many are
//! left (draft-ietf-httpapi-ratelimit-headers).
//!
//! One number is kept for each name or address (GCRA): the time at which everything asked so far would be worked off at
//! an even pace. Bounded: of too many, those are forgotten that have worked off most.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;

use http::{HeaderMap, HeaderValue, header};

/// The window, in microseconds.
const WINDOW_US: i64 = 60_000_000;

/// Everybody's calls.
#[derive(Debug)]
pub(crate) struct Pace {
    most: usize,
    keyed: RandomState,
    busy_until_us: Mutex<HashMap<u64, i64>>,
}

/// What is left to somebody after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// `key` or `address`.
    pub policy: &'static str,
    /// Calls in a minute.
    pub per_minute: u32,
    /// Calls left at once.
    pub left: u32,
    /// Until all are left again, in seconds.
    pub whole_s: u32,
    /// When this call was one too many: until the next is not, in seconds.
    pub wait_s: Option<u32>,
}

impl Pace {
    /// Nobody yet, with room for so many.
    pub(crate) fn new(most: usize) -> Self {
        Self { most: most.max(1), keyed: RandomState::new(), busy_until_us: Mutex::default() }
    }

    /// Counts a call, unless it is one too many.
    pub(crate) fn take(&self, policy: &'static str, subject: &str, per_minute: u32, now_ms: i64) -> Allowance {
        let per_minute = per_minute.max(1);
        let (now, one) = (now_ms.saturating_mul(1_000), WINDOW_US / i64::from(per_minute));
        let id = self.keyed.hash_one((policy, subject));
        let Ok(mut all) = self.busy_until_us.lock() else {
            return Allowance { policy, per_minute, left: 0, whole_s: 60, wait_s: Some(1) };
        };
        let before = all.get(&id).copied().unwrap_or(now).max(now);
        let after = before + one.max(1);
        let over = after - now - WINDOW_US;
        let busy_until = if over > 0 { before } else { after };
        if over <= 0 {
            self.make_room(&mut all, id, now);
            all.insert(id, after);
        }
        let left = u32::try_from((WINDOW_US - (busy_until - now)) / one.max(1)).unwrap_or(0);
        let seconds = |us: i64| u32::try_from((us + 999_999) / 1_000_000).unwrap_or(u32::MAX);
        let wait_s = (over > 0).then(|| seconds(over).max(1));
        Allowance { policy, per_minute, left: left.min(per_minute), whole_s: seconds(busy_until - now), wait_s }
    }

    fn make_room(&self, all: &mut HashMap<u64, i64>, id: u64, now_us: i64) {
        if all.len() < self.most || all.contains_key(&id) {
            return;
        }
        all.retain(|_, busy_until| *busy_until > now_us);
        if all.len() >= self.most
            && let Some(idlest) = all.iter().min_by_key(|(_, busy_until)| **busy_until).map(|(id, _)| *id)
        {
            all.remove(&idlest);
        }
    }
}

impl Allowance {
    /// Whether this call is answered.
    pub(crate) fn is_enough(&self) -> bool {
        self.wait_s.is_none()
    }

    /// Tells the caller.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let policy = format!("\"{}\";q={};w=60", self.policy, self.per_minute);
        let left = format!("\"{}\";r={};t={}", self.policy, self.left, self.whole_s);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        if let Some(wait_s) = self.wait_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_calls_may_come_at_once_and_then_come_back_one_by_one() {
        let pace = Pace::new(10);
        let take = |now_ms| pace.take("key", "a", 60, now_ms);
        for left in (0..60).rev() {
            assert_eq!(take(0).left, left);
        }
        let over = take(0);
        assert_eq!((over.is_enough(), over.wait_s, over.left, over.whole_s), (false, Some(1), 0, 60));
        assert!(!take(999).is_enough());
        assert!(take(1_000).is_enough());
        assert!(!take(1_000).is_enough());
        assert_eq!(take(121_000).left, 59);
        assert!(pace.take("key", "b", 60, 0).is_enough(), "another name has its own");
    }

    #[test]
    fn no_more_room_is_taken_than_was_given() {
        let pace = Pace::new(50);
        (0..5).for_each(|_| assert!(pace.take("address", "busy", 10, 0).is_enough()));
        for name in 0..1_000 {
            pace.take("address", &name.to_string(), 10, 1);
        }
        assert_eq!(pace.busy_until_us.lock().expect("a lock").len(), 50);
        assert_eq!(pace.take("address", "busy", 10, 1).left, 4, "the busiest is not forgotten");
    }

    #[test]
    fn the_headers_are_those_of_the_draft() {
        let mut headers = HeaderMap::new();
        let pace = Pace::new(1);
        pace.take("key", "a", 2, 0).tell(&mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"key\";q=2;w=60");
        assert_eq!(headers["ratelimit"], "\"key\";r=1;t=30");
        assert!(!headers.contains_key("retry-after"));
        pace.take("key", "a", 2, 0);
        pace.take("key", "a", 2, 0).tell(&mut headers);
        assert_eq!(
            (&headers["ratelimit"], &headers["retry-after"]),
            (&"\"key\";r=0;t=60".parse().expect("a header"), &"30".parse().expect("a header"))
        );
    }
}
