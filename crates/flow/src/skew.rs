//! How far a platform's clock is from ours, as the `Date` of its replies tells. The link keeps one per channel.
//!
//! Some platforms order changes by the date that comes with them and refuse dates of the future, so what is written
//! there is dated by their clock, never by ours.

use model::Instant;

/// What a platform's clock is ahead of ours at least.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skew {
    floor_ms: Option<i64>,
}

impl Skew {
    /// A reply to a request of `sent_at`, here at `received_at`, carried this `Date`, which is cut to whole seconds.
    pub(crate) fn told(&mut self, date: Instant, sent_at: Instant, received_at: Instant) {
        let (least, most) = (date.since(received_at), date.plus_ms(1_000).since(sent_at));
        self.floor_ms = Some(match self.floor_ms {
            Some(floor) if floor <= most => floor.max(least),
            // One of the clocks has been set since.
            Some(_) | None => least,
        });
    }

    /// The present on the platform's clock: never later than it is there, and earlier by no more than a second and
    /// the way of a message.
    pub(crate) fn present(self, now: Instant) -> Instant {
        now.plus_ms(self.floor_ms.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told when the platform's clock is `ahead_ms` ahead and answers at our `at_ms`, 20 ms each way.
    fn reply(skew: &mut Skew, ahead_ms: i64, at_ms: i64) {
        let date = (at_ms + ahead_ms).div_euclid(1_000) * 1_000;
        skew.told(Instant(date), Instant(at_ms - 20), Instant(at_ms + 20));
    }

    #[test]
    fn the_present_there_is_never_later_than_it_is_and_soon_close() {
        for ahead_ms in [-119_500, -300, 0, 700, 90_001] {
            let mut skew = Skew::default();
            for round in 1..200 {
                let now = 1_000_000 + round * 137;
                reply(&mut skew, ahead_ms, now);
                let late_ms = skew.present(Instant(now)).since(Instant(now + ahead_ms));
                assert!((-1_020..=0).contains(&late_ms), "{late_ms} ms at {ahead_ms} ms ahead");
            }
            let now = Instant(2_000_000);
            assert!(skew.present(now).since(now.plus_ms(ahead_ms)) > -100);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_is_noticed_at_the_next_reply() {
        let mut skew = Skew::default();
        reply(&mut skew, 60_000, 1_000_000);
        reply(&mut skew, 0, 1_001_000);
        assert!(skew.present(Instant(1_001_020)) <= Instant(1_001_020));
    }
}
