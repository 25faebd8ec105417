//! The store's budget of calls: so many in a window, for all apps together.
//!
//! Asked by the door, which writes the four headers from it; it does not know what is called.

use crate::machine::Millis;

/// A fixed window that begins with its first call.
#[derive(Clone, Debug)]
pub struct Window {
    quota: u32,
    length: Millis,
    left: u32,
    ends_at: Millis,
    seen_at: Millis,
}

/// What a caller is told about the window, in the order of the vendor's four headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Length of the window in milliseconds.
    pub window_ms: Millis,
    /// Milliseconds until the next one begins.
    pub reset_ms: Millis,
    /// Calls per window.
    pub quota: u32,
    /// Calls that are left in this one.
    pub left: u32,
}

impl Window {
    /// A full window of `quota` calls every `length` milliseconds.
    pub fn new(quota: u32, length: Millis) -> Self {
        Self { quota, length, left: quota, ends_at: Millis::MIN, seen_at: Millis::MIN }
    }

    /// Takes one call; false when none is left.
    pub fn take(&mut self, now: Millis) -> bool {
        if now >= self.ends_at {
            self.ends_at = now.saturating_add(self.length);
            self.left = self.quota;
        }
        self.seen_at = now;
        let some = self.left > 0;
        self.left = self.left.saturating_sub(1);
        some
    }

    /// How the window stands at the call that was taken last.
    pub fn told(&self) -> Told {
        let reset_ms = self.ends_at.saturating_sub(self.seen_at).clamp(0, self.length);
        Told { window_ms: self.length, reset_ms, quota: self.quota, left: self.left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lets_its_quota_through_and_begins_anew_when_it_is_over() {
        let mut window = Window::new(3, 30_000);
        assert_eq!((0..5).filter(|_| window.take(1_000)).count(), 3);
        assert_eq!(window.told(), Told { window_ms: 30_000, reset_ms: 30_000, quota: 3, left: 0 });
        assert!(!window.take(30_999));
        assert_eq!(window.told().reset_ms, 1);
        assert!(window.take(31_000));
        assert_eq!(window.told().left, 2);
    }
}
