//! The vendor's fixed windows: so many calls in each, and none more until the next one begins.
//!
//! Asked by the door and by the token endpoint; it does not know what is called. Windows begin at whole multiples of
//! their length on the platform's clock.

use crate::machine::Millis;

/// Calls of one window.
#[derive(Clone, Debug)]
pub struct Window {
    length_ms: Millis,
    budget: u64,
    began: Millis,
    used: u64,
}

impl Window {
    /// A window of `length_ms` with room for `budget` calls.
    pub fn new(length_ms: Millis, budget: u64) -> Self {
        Self { length_ms: length_ms.max(1), budget, began: 0, used: 0 }
    }

    /// Takes one call; false when there is none left. A clock that runs back opens no new window.
    pub fn take(&mut self, now: Millis) -> bool {
        let began = now.div_euclid(self.length_ms) * self.length_ms;
        if began > self.began {
            (self.began, self.used) = (began, 0);
        }
        if self.used >= self.budget {
            return false;
        }
        self.used += 1;
        true
    }

    /// Calls in a window.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// Calls that are left in the present one.
    pub fn left(&self) -> u64 {
        self.budget - self.used
    }

    /// When the window that `now` lies in is over.
    pub fn ends(&self, now: Millis) -> Millis {
        (now.div_euclid(self.length_ms) * self.length_ms).max(self.began) + self.length_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_gives_its_budget_once_and_the_next_one_gives_it_again() {
        let mut window = Window::new(300_000, 350);
        assert_eq!((0..400).filter(|_| window.take(600_001)).count(), 350);
        assert!(!window.take(899_999));
        assert!(!window.take(599_999));
        assert_eq!(window.ends(899_999), 900_000);
        assert!(window.take(900_000));
        assert_eq!(window.left(), 349);
    }
}
