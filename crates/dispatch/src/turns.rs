//! Whose request takes from a channel's budget next, when several wait for it.
//!
//! Asked by the link before every request. It knows lanes, and neither points nor time: those are the budget's.

/// How many requests of news in a row may go before a write that waits.
const NEWS_MAX: u32 = 3;

/// What a request is for, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Asks for sales: what every other channel must be lowered by is not known before.
    News,
    /// Changes something.
    Write,
    /// Asks for anything else; leaves enough for a write.
    Read,
}

const LANES: usize = 3;

/// Who waits, and who went last. The more urgent goes first; only a stream of news without an end leaves every fourth
/// turn to the writes, because a sale that is heard of and told nobody helps nobody.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    waiting: [usize; LANES],
    /// Requests of news in a row for which a write had to wait.
    news: u32,
}

impl Turns {
    /// A request begins to wait for its turn.
    pub fn joins(&mut self, lane: Lane) {
        self.waiting[lane as usize] += 1;
    }

    /// It waits no longer, because it went or was given up.
    pub fn leaves(&mut self, lane: Lane) {
        let waiting = &mut self.waiting[lane as usize];
        *waiting = waiting.saturating_sub(1);
    }

    /// Whether a request of this lane need not let another lane go first.
    pub fn is_first(&self, lane: Lane) -> bool {
        let waits = |other: Lane| self.waiting[other as usize] > 0;
        let writes_turn = self.news >= NEWS_MAX && waits(Lane::Write);
        match lane {
            Lane::News => !writes_turn,
            Lane::Write => writes_turn || !waits(Lane::News),
            Lane::Read => !waits(Lane::News) && !waits(Lane::Write),
        }
    }

    /// A request of this lane goes.
    pub fn goes(&mut self, lane: Lane) {
        self.news = match lane {
            Lane::News if self.waiting[Lane::Write as usize] > 0 => self.news.saturating_add(1),
            Lane::News | Lane::Write => 0,
            Lane::Read => self.news,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;
    use model::Instant;
    use proptest::prelude::*;

    #[test]
    fn news_go_before_writes_and_writes_before_readings() {
        let mut turns = Turns::default();
        for lane in [Lane::Read, Lane::Write, Lane::News] {
            assert!(turns.is_first(lane), "nobody else waits");
            turns.joins(lane);
        }
        assert_eq!([Lane::News, Lane::Write, Lane::Read].map(|lane| turns.is_first(lane)), [true, false, false]);
        turns.leaves(Lane::News);
        assert_eq!([Lane::Write, Lane::Read].map(|lane| turns.is_first(lane)), [true, false]);
        turns.leaves(Lane::Write);
        assert!(turns.is_first(Lane::Read));
    }

    #[test]
    fn of_news_and_writes_without_an_end_every_fourth_is_a_write() {
        let mut turns = Turns::default();
        turns.joins(Lane::News);
        turns.joins(Lane::Write);
        let went = (0..12).map(|_| {
            let next = if turns.is_first(Lane::News) { Lane::News } else { Lane::Write };
            assert!(turns.is_first(next), "somebody is first");
            turns.goes(next);
            next
        });
        let writes: Vec<usize> =
            went.enumerate().filter(|(_, lane)| *lane == Lane::Write).map(|(turn, _)| turn).collect();
        assert_eq!(writes, [3, 7, 11]);
    }

    /// One who asks for points whenever it may, millisecond by millisecond.
    struct Asker {
        lane: Lane,
        cost: u32,
        since: Option<i64>,
    }

    impl Asker {
        /// Whether its request went.
        fn asks(&mut self, turns: &mut Turns, budget: &mut Budget, ms: i64) -> bool {
            let Some(since) = self.since else { return false };
            if since == ms {
                turns.joins(self.lane);
            }
            let goes = turns.is_first(self.lane) && budget.take(self.cost, Instant(ms)).is_ok();
            if goes {
                turns.leaves(self.lane);
                turns.goes(self.lane);
                self.since = None;
            }
            goes
        }
    }

    proptest! {
        /// However many writes and readings wait, a poll waits until its own points have come back, and now and then for
        /// one write; never for all that wait.
        #[test]
        fn a_poll_waits_for_its_own_points_and_at_most_one_write(
            cost in 1_u32..40,
            write in 1_u32..60,
            read in 1_u32..60,
            polls in prop::collection::vec(1_i64..9_000, 1..12),
        ) {
            const PER_S: u32 = 10;
            let back_ms = |points: u32| i64::from(points) * 1_000 / i64::from(PER_S);
            let (mut turns, mut budget) = (Turns::default(), Budget::full(60, PER_S, Instant(0)));
            let mut news = Asker { lane: Lane::News, cost, since: None };
            let mut others = [
                Asker { lane: Lane::Write, cost: write, since: Some(0) },
                Asker { lane: Lane::Read, cost: read, since: Some(0) },
            ];
            let mut ms = 0;
            for pause in polls {
                let due = ms + back_ms(cost) + pause;
                let mut heard = false;
                while !heard {
                    if ms == due {
                        news.since = Some(ms);
                    }
                    heard = news.asks(&mut turns, &mut budget, ms);
                    for other in &mut others {
                        if other.asks(&mut turns, &mut budget, ms) {
                            // The next one of this lane is there already.
                            other.since = Some(ms + 1);
                        }
                    }
                    ms += 1;
                    prop_assert!(ms - due <= back_ms(cost) + back_ms(write) + 2, "the poll due at {due} waits still");
                }
            }
        }
    }
}
