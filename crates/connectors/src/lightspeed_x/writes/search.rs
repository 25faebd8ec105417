//! Finds the adjustments recorded since a time in a list that can only be read forwards by version. Used by `levels`.
//!
//! Which version belongs to a time is not told, and reading a store's adjustments of years to come to those of today
//! takes too many requests. Versions rise with time, so the place is found by halving: a leap ahead, and after a leap too
//! far a plain step, until a page begins before the time and ends after it. From there on every page is read.

use model::Instant;

use super::recorded::Recorded;
use super::{Part, Replies};
use crate::lightspeed_x::http_request::get;
use crate::lightspeed_x::translate::instant;
use crate::lightspeed_x::trouble::{self, garbled, server_time};
use crate::lightspeed_x::wire::{Adjustment, Listed, element, object, unreadable};
use crate::{Account, Reply, Trouble, Unreadable};

/// Adjustments of a page.
const PAGE: usize = 1_000;
/// How far apart the clocks may be when one is known by the date of a reply, which may have been long on its way.
const DOUBT_MS: i64 = 30_000;
/// The same when nothing is known.
const DARK_MS: i64 = 300_000;
/// The first leap when nothing is behind.
const LEAP: u64 = 1_024;
/// Most pages that are read. Halving takes far fewer, unless the list does not keep its order.
const PAGES_MAX: usize = 120;

/// Adjustments recorded since shortly before a time of ours; not all of them when the list does not come to an end.
///
/// # Errors
/// When a reply is none.
pub(super) fn recorded_since(
    dated: Instant,
    account: &Account,
    replies: &mut Replies<'_>,
) -> Result<Part<Recorded>, Trouble> {
    let mut search = Search::default();
    let mut clock = Clock { since: dated, ahead_ms: None };
    for asked in 0..PAGES_MAX {
        let Some(reply) = replies.next() else {
            let path = format!("/stock_adjustments?after={}&page_size={PAGE}", search.after());
            return Ok(Part::Ask(Box::new(get(account, &path)?)));
        };
        trouble::check(reply)?;
        if asked == 0 {
            clock = Clock::told(dated, reply);
        }
        let page = page(reply).map_err(garbled)?;
        if search.take(page, clock.since) == Found::All {
            return Ok(Part::Known(search.done(&clock, true)));
        }
    }
    Ok(Part::Known(search.done(&clock, false)))
}

/// Where the search begins, on the platform's clock.
struct Clock {
    since: Instant,
    ahead_ms: Option<i64>,
}

impl Clock {
    fn told(dated: Instant, reply: &Reply) -> Self {
        let ahead_ms = server_time(reply).map(|theirs| theirs.since(reply.sent_at));
        let doubt = if ahead_ms.is_some() { DOUBT_MS } else { DARK_MS };
        Self { since: dated.plus_ms(ahead_ms.unwrap_or(0).saturating_sub(doubt)), ahead_ms }
    }
}

/// An adjustment with its place in the list.
struct Placed {
    version: u64,
    changed_at: Instant,
    adjustment: Adjustment,
}

/// A page in the order of its versions.
fn page(reply: &Reply) -> Result<Vec<Placed>, Unreadable> {
    let listed: Listed = object(&reply.body)?;
    let elements = listed.data.iter().enumerate();
    let placed = elements.map(|(index, value)| {
        let place = format!("data[{index}]");
        let adjustment: Adjustment = element(&place, value)?;
        let version = adjustment.version.ok_or_else(|| unreadable(format!("{place}.version"), "is missing"))?;
        let changed = adjustment.updated_at.as_deref().or(adjustment.created_at.as_deref()).unwrap_or_default();
        Ok(Placed { version, changed_at: instant(&format!("{place}.updated_at"), changed)?, adjustment })
    });
    let mut placed: Vec<Placed> = placed.collect::<Result<_, Unreadable>>()?;
    placed.sort_by_key(|placed| placed.version);
    Ok(placed)
}

/// Whether the search is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    All,
    NotYet,
}

/// What the next page is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stride {
    /// The page right behind `behind`.
    #[default]
    Step,
    /// One further on.
    Leap,
    /// The place is found; all that follows is wanted.
    Read,
}

/// How far the search has come.
#[derive(Default)]
struct Search {
    /// All up to this version is older than wanted.
    behind: u64,
    /// Nothing above this version is older than wanted; `None` while that is not known of any.
    ahead: Option<u64>,
    stride: Stride,
    found: Vec<Adjustment>,
}

impl Search {
    /// The version that the next page begins after.
    fn after(&self) -> u64 {
        match (self.stride, self.ahead) {
            (Stride::Step | Stride::Read, _) => self.behind,
            (Stride::Leap, Some(ahead)) => self.behind.midpoint(ahead),
            (Stride::Leap, None) => self.behind.saturating_mul(2).max(LEAP),
        }
    }

    fn take(&mut self, page: Vec<Placed>, since: Instant) -> Found {
        let after = self.after();
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            // Behind everything old there is nothing; beyond a leap there is only nothing yet.
            return if self.stride == Stride::Leap { self.too_far(after) } else { Found::All };
        };
        let (begins_old, ends_old) = (first.changed_at < since, last.changed_at < since);
        match self.stride {
            Stride::Leap if !begins_old => self.too_far(after),
            Stride::Step | Stride::Leap if ends_old => {
                self.behind = self.behind.max(last.version);
                self.stride = if self.can_leap() { Stride::Leap } else { Stride::Step };
                Found::NotYet
            }
            Stride::Step | Stride::Leap | Stride::Read => {
                // A page that does not lead on would be asked for for ever.
                let leads_on = last.version > self.behind;
                self.behind = last.version;
                self.stride = Stride::Read;
                self.found.extend(page.into_iter().map(|placed| placed.adjustment));
                if leads_on { Found::NotYet } else { Found::All }
            }
        }
    }

    fn done(self, clock: &Clock, whole: bool) -> Recorded {
        Recorded { adjustments: self.found, since: clock.since, ahead_ms: clock.ahead_ms, whole }
    }

    fn too_far(&mut self, after: u64) -> Found {
        self.ahead = Some(after);
        self.stride = Stride::Step;
        Found::NotYet
    }

    fn can_leap(&self) -> bool {
        self.ahead.is_none_or(|ahead| ahead > self.behind.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Plays the list: pages of `size` by version. Gives how many were found and how many pages it took.
    fn play(list: &[(u64, i64)], since: i64, size: usize) -> (usize, usize) {
        let mut search = Search::default();
        for asked in 1..10_000 {
            let after = search.after();
            let page = list.iter().filter(|(version, _)| *version > after).take(size).map(|(version, at)| Placed {
                version: *version,
                changed_at: Instant(*at),
                adjustment: Adjustment { version: Some(*version), ..Adjustment::default() },
            });
            if search.take(page.collect(), Instant(since)) == Found::All {
                let wanted = search.found.iter().filter_map(|found| found.version);
                let new = |version: &u64| list.iter().any(|(own, at)| own == version && *at >= since);
                return (wanted.filter(new).count(), asked);
            }
        }
        panic!("the search does not end")
    }

    #[test]
    fn years_of_adjustments_are_not_read_to_find_those_of_today() {
        let list: Vec<(u64, i64)> = (0..100_000).map(|n| (10_000_000_000 + n * 200_000, n as i64)).collect();
        let (found, pages) = play(&list, 99_990, 1_000);
        assert_eq!(found, 10);
        assert!(pages <= 30, "{pages} pages");
    }

    #[test]
    fn a_store_without_adjustments_takes_one_page() {
        assert_eq!(play(&[], 5, 1_000), (0, 1));
    }

    proptest! {
        #[test]
        fn every_adjustment_since_the_time_is_found(
            steps in proptest::collection::vec((1_u64..1_000_000_000, 0_i64..3), 0..60),
            since in 0_i64..120,
            size in 1_usize..7,
        ) {
            let mut place = (0, 0);
            let list: Vec<(u64, i64)> = steps.iter().map(|(version, at)| {
                place = (place.0 + version, place.1 + at);
                place
            }).collect();
            let wanted = list.iter().filter(|(_, at)| *at >= since).count();
            prop_assert_eq!(play(&list, since, size).0, wanted);
        }
    }
}
