//! Guessing made slow: after a few failures each further one doubles the wait, per name and per address.
//!
//! Called before a password is looked at. Bounded: of too many names and addresses the one that may go on soonest is
//! forgotten first, so that whoever floods it with names frees nobody who is still waiting.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;

/// The longest wait, in milliseconds.
const LONGEST_MS: i64 = 15 * 60_000;
/// After this long without a failure all is forgotten, in milliseconds.
const FORGET_MS: i64 = 60 * 60_000;

/// Failures by name and by address.
#[derive(Debug)]
pub struct Slowdown {
    most: usize,
    free: u32,
    keyed: RandomState,
    known: Mutex<HashMap<u64, Failures>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last_ms: i64,
    until_ms: i64,
}

impl Slowdown {
    /// Nothing yet, with room for so many names or addresses, of which each may fail so often before it waits.
    pub fn new(most: usize, free: u32) -> Self {
        Self { most: most.max(1), free, keyed: RandomState::new(), known: Mutex::default() }
    }

    /// How long to wait before any of these may try again, in milliseconds; 0 = now.
    pub fn wait_ms(&self, subjects: &[&str], now_ms: i64) -> i64 {
        let Ok(known) = self.known.lock() else { return LONGEST_MS };
        let waits = subjects.iter().filter_map(|subject| known.get(&self.keyed.hash_one(subject)));
        waits.map(|failures| failures.until_ms - now_ms).max().unwrap_or(0).max(0)
    }

    /// One more failure of each. Answers the highest count.
    pub fn failed(&self, subjects: &[&str], now_ms: i64) -> u32 {
        let Ok(mut known) = self.known.lock() else { return u32::MAX };
        let mut highest = 0;
        for subject in subjects {
            let id = self.keyed.hash_one(subject);
            self.make_room(&mut known, id, now_ms);
            let failures = known.entry(id).or_insert(Failures { count: 0, last_ms: now_ms, until_ms: now_ms });
            if now_ms - failures.last_ms > FORGET_MS {
                failures.count = 0;
            }
            failures.count = failures.count.saturating_add(1);
            (failures.last_ms, failures.until_ms) =
                (now_ms, now_ms + pause_ms(failures.count.saturating_sub(self.free)));
            highest = highest.max(failures.count);
        }
        highest
    }

    /// It was the right one: the name starts anew. Not its address, from which others may be guessed.
    pub fn succeeded(&self, name: &str) {
        if let Ok(mut known) = self.known.lock() {
            known.remove(&self.keyed.hash_one(name));
        }
    }

    /// How many names and addresses are remembered.
    pub fn len(&self) -> usize {
        self.known.lock().map_or(0, |known| known.len())
    }

    /// Whether nobody failed lately.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn make_room(&self, known: &mut HashMap<u64, Failures>, id: u64, now_ms: i64) {
        if known.len() < self.most || known.contains_key(&id) {
            return;
        }
        known.retain(|_, failures| now_ms - failures.last_ms <= FORGET_MS);
        if known.len() >= self.most
            && let Some(soonest) = known.iter().min_by_key(|(_, failures)| failures.until_ms).map(|(id, _)| *id)
        {
            known.remove(&soonest);
        }
    }
}

/// Nothing for the free ones, then one second, doubled by each further failure.
fn pause_ms(beyond: u32) -> i64 {
    if beyond == 0 { 0 } else { (1_000_i64 << (beyond - 1).min(20)).min(LONGEST_MS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_after_the_fourth_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let slow = Slowdown::new(8, 4);
        let waits: Vec<i64> = (0..18)
            .map(|_| {
                slow.failed(&["ann"], 0);
                slow.wait_ms(&["ann"], 0)
            })
            .collect();
        assert_eq!(&waits[..8], [0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000]);
        assert_eq!(waits[17], LONGEST_MS);
        assert_eq!(slow.wait_ms(&["ann"], LONGEST_MS), 0);
        assert_eq!(slow.wait_ms(&["bob"], 0), 0);
        slow.succeeded("ann");
        assert_eq!(slow.wait_ms(&["ann"], 0), 0);
    }

    #[test]
    fn an_hour_without_a_failure_is_a_new_beginning() {
        let slow = Slowdown::new(8, 4);
        for _ in 0..9 {
            slow.failed(&["ann"], 0);
        }
        assert_eq!(slow.failed(&["ann"], FORGET_MS + 1), 1);
    }

    #[test]
    fn a_flood_of_names_takes_no_more_room_and_frees_nobody_who_waits_longest() {
        let slow = Slowdown::new(100, 4);
        for _ in 0..12 {
            slow.failed(&["10.0.0.1"], 0);
        }
        for name in 0..10_000 {
            slow.failed(&[&name.to_string()], 1);
        }
        assert_eq!(slow.len(), 100);
        assert!(slow.wait_ms(&["10.0.0.1"], 1) > 60_000);
    }
}
