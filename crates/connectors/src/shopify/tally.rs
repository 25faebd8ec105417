//! The arithmetic of an order's units: what was handed over, is open, or left the shelf otherwise; and the version.
//!
//! Used by `known`, whichever shape told the order, and by `learn` for orders that are only mentioned.

use std::collections::BTreeMap;

use model::{ExternalLocation, Instant};

use super::known::{KnownLine, KnownOrder, KnownRefundLine, RefundKind};
use super::scalar::unreadable;
use crate::Unreadable;

/// Units at a location; `None` when the platform does not say where.
pub(super) type Placed = (Option<ExternalLocation>, u32);

/// A line's units, counted.
pub(super) struct Tally {
    /// After edits, without cancelled units.
    pub(super) quantity: u32,
    /// Handed over, where.
    pub(super) gone: Vec<Placed>,
    /// Still to be handed over, where from.
    pub(super) open: Vec<Placed>,
    /// Refunded without having been handed over or put back: they left the shelf.
    pub(super) lost: u32,
    /// Neither handed over, nor open, nor refunded.
    pub(super) unexplained: u32,
}

impl KnownOrder {
    /// Counts a line's units.
    pub(super) fn tally(&self, line: &KnownLine) -> Tally {
        let refunded = |kind: RefundKind| self.refunded(line, |it| it.kind == kind);
        let mut gone = joined(&line.gone);
        let open = if self.cancelled { Vec::new() } else { joined(&line.open) };
        // Edits take units away without a refund; refunds take them out of `current` as well.
        let after_edits = line.ordered.min(line.current.saturating_add(self.refunded(line, |_| true)));
        let legacy = if gone.is_empty() { refunded(RefundKind::Legacy) } else { 0 };
        let quantity = after_edits.saturating_sub(refunded(RefundKind::Cancel).saturating_add(legacy));
        let mut unexplained = quantity.saturating_sub(units(&gone)).saturating_sub(units(&open));
        if let (Some(till), false, true) = (&self.till_at, self.cancelled, unexplained > 0) {
            gone = joined(&[gone, vec![(Some(till.clone()), unexplained)]].concat());
            unexplained = 0;
        }
        let lost = unexplained.min(refunded(RefundKind::NoRestock));
        Tally { quantity, gone, open, lost, unexplained: unexplained - lost }
    }

    fn refunded(&self, line: &KnownLine, which: impl Fn(&KnownRefundLine) -> bool) -> u32 {
        let lines = self.refunds.iter().flat_map(|refund| &refund.lines);
        lines.filter(|it| it.line == line.line && which(it)).fold(0, |sum: u32, it| sum.saturating_add(it.units))
    }

    /// What only ever grows in an order's life: refunds, units ordered, handed over and removed.
    pub(super) fn progress(&self, tallies: &[Tally]) -> u64 {
        let ordered: u64 = self.lines.iter().map(|line| u64::from(line.ordered)).sum();
        let gone: u64 = tallies.iter().map(|tally| u64::from(units(&tally.gone))).sum();
        let removed: u64 = self.lines.iter().map(|line| u64::from(line.ordered.saturating_sub(line.current))).sum();
        (self.refunds.len() as u64).saturating_add(ordered).saturating_add(gone).saturating_add(removed)
    }
}

/// The version of an order that changed then, having come so far.
///
/// Shopify's times of change have whole seconds, so two changes within one second would tie and the later be ignored.
/// The order's progress breaks most ties; it must stay below the million that a millisecond leaves. A tie that remains is
/// two changes of the same second that moved no unit, or one that moved units back (a cancelled fulfilment) or elsewhere
/// (an order moved to another location): the answer to the later question counts.
///
/// # Errors
/// When the time lies before 1970; `field` is its path.
pub(super) fn version(changed_at: Instant, progress: u64, field: impl FnOnce() -> String) -> Result<u64, Unreadable> {
    let changed_ms = u64::try_from(changed_at.0).map_err(|_| unreadable(field(), "before 1970".to_owned()))?;
    Ok(changed_ms.saturating_mul(1_000_000).saturating_add(progress.min(999_999)))
}

/// One entry per location, none of zero units.
pub(super) fn joined(placed: &[Placed]) -> Vec<Placed> {
    if let [(_, units)] = placed {
        // Nearly always there is one, and nothing to add up.
        return if *units > 0 { placed.to_vec() } else { Vec::new() };
    }
    let mut sums: BTreeMap<Option<ExternalLocation>, u32> = BTreeMap::new();
    for (location, units) in placed.iter().filter(|(_, units)| *units > 0) {
        let sum = sums.entry(location.clone()).or_default();
        *sum = sum.saturating_add(*units);
    }
    sums.into_iter().collect()
}

fn units(placed: &[Placed]) -> u32 {
    placed.iter().fold(0, |sum: u32, (_, units)| sum.saturating_add(*units))
}
