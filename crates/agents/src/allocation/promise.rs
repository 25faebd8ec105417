//! Whether a unit may be promised, how long a reservation lives, when to warn of low stock. Called by the follower that
//! keeps buffers and by people's questions.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{ChannelId, Currency, Money};
use stats::dist::Count;

use super::picks::{Picks, Shelf, threshold};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// What to do with a unit that somebody wants to be promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Promise it.
    Make,
    /// Do not offer it.
    Withhold,
}

/// Decides a promise: made when the margin times the chance to find it outweighs the cost of cancelling else.
pub fn promise(
    picks: &Picks,
    shelf: Shelf,
    margin: Option<f64>,
    cancelled: f64,
    currency: Option<Currency>,
) -> Proposal<Promise> {
    let chance = picks.chance(shelf);
    let sound = |value: f64| if value.is_finite() { value.max(0.0) } else { 0.0 };
    let (kept, cost) = (sound(margin.unwrap_or(0.0)), sound(cancelled));
    let make = shelf.on_hand > 0 && margin.is_some() && chance >= threshold(cost, kept);
    let terms = vec![
        Term { name: "margin when it is found", input: chance, adds: chance * kept },
        Term { name: "cancelling when it is not", input: 1.0 - chance, adds: -(1.0 - chance) * cost },
    ];
    let confidence = match (margin, make) {
        (None, _) => Confidence::NONE,
        (_, true) => Confidence::new(chance),
        (_, false) => Confidence::new(1.0 - chance),
    };
    let mut reasons = Reasons::of(terms, confidence);
    let other = if make { "do not offer it" } else { "promise it" };
    reasons.runner_up = Some(RunnerUp { what: other.into(), score: if make { 0.0 } else { reasons.score } });
    let to = threshold(cost, kept);
    reasons.flip = Some(Flip { input: "margin when it is found", from: chance, to });
    let value = if make { reasons.score } else { -reasons.score };
    reasons.value = currency.map(|currency| Money { minor: value.round() as i64, currency });
    Proposal {
        action: if make { Promise::Make } else { Promise::Withhold },
        reasons,
        undo: "change the channel's buffer",
    }
}

/// Chance that more is asked for until the next receipt than is available: warn when it is above the policy's share.
pub fn shortage(demand: &Count, available: u32) -> f64 {
    1.0 - demand.cdf(u64::from(available))
}

/// Bounds of the doubling buckets of times to pay start here.
const FIRST_MS: f64 = 1_000.0;
/// Buckets of times to pay; the last holds half a year and more.
const BUCKETS: usize = 48;
/// Share of payments that a reservation waits for.
const PAID: f64 = 0.98;

/// Times from promise to payment, by channel, in buckets of half a doubling each.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct PayTimes(#[n(0)] BTreeMap<Option<ChannelId>, Vec<u32>>);

impl PayTimes {
    /// Somebody paid after so long.
    pub fn learn(&mut self, channel: Option<ChannelId>, after_ms: i64) {
        let times = (after_ms.max(0) as f64 / FIRST_MS).max(1.0);
        let bucket = ((2.0 * stats::num::log2(times)) as usize).min(BUCKETS - 1);
        let buckets = self.0.entry(channel).or_default();
        buckets.resize(BUCKETS, 0);
        buckets[bucket] = buckets[bucket].saturating_add(1);
    }

    /// How long a reservation should live, within the policy's bounds; the longest while fewer than fifty payments are
    /// known.
    pub fn lifetime_ms(&self, channel: Option<ChannelId>, least_ms: i64, most_ms: i64) -> i64 {
        let most_ms = most_ms.max(least_ms);
        let buckets = self.0.get(&channel).map_or(&[][..], Vec::as_slice);
        let total: u64 = buckets.iter().map(|count| u64::from(*count)).sum();
        if total < 50 {
            return most_ms;
        }
        let mut seen = 0;
        let enough = |count: &u32| {
            seen += u64::from(*count);
            seen as f64 >= PAID * total as f64
        };
        let bucket = buckets.iter().position(enough).unwrap_or(BUCKETS);
        let upper = FIRST_MS * stats::num::exp2((bucket as f64 + 1.0) / 2.0);
        (upper as i64).clamp(least_ms, most_ms)
    }
}
