//! Which of our adjustments are among the recorded ones. Used by `levels` after a run whose outcome nobody knows.

use model::{Instant, Outcome};

use super::levels::{is_change, reason};
use crate::Row;
use crate::lightspeed_x::translate::instant;
use crate::lightspeed_x::wire::Adjustment;

/// How much before its date an adjustment of ours can seem to be made, when the platform's clock is known by the date of
/// a reply: that has whole seconds.
const SLACK_MS: i64 = 2_000;

/// Adjustments recorded from about the date of a batch on.
pub(super) struct Recorded {
    /// They, in no order, and some older ones.
    pub(super) adjustments: Vec<Adjustment>,
    /// From when on they count, on the platform's clock.
    pub(super) since: Instant,
    /// How far the platform's clock is ahead of ours, in milliseconds; `None` when its replies bear no date.
    pub(super) ahead_ms: Option<i64>,
    /// Whether these are all.
    pub(super) whole: bool,
}

/// `None` when the row is not among them, and so was not done. Done when one like it was made since the batch was dated.
/// One that was made shortly before, as far as the clocks can be compared, may be another's: then nobody knows, and a
/// reading has to say; the same when not all of the list could be read.
pub(super) fn fate(row: &Row, dated: Instant, found: &Recorded) -> Option<Outcome> {
    let mut alike = found.adjustments.iter().filter(|made| same(row, made) && made_since(made, found.since)).peekable();
    if found.whole {
        alike.peek()?;
    }
    let sure = alike.any(|made| found.ahead_ms.is_some_and(|ahead| made_since(made, dated.plus_ms(ahead - SLACK_MS))));
    Some(if sure { Outcome::Done { after: None } } else { Outcome::Unknown })
}

/// Whether an adjustment does what the row says.
pub(super) fn same(row: &Row, made: &Adjustment) -> bool {
    made.product_id.as_deref() == Some(row.external.as_str())
        && made.outlet_id.as_deref() == Some(row.location.as_str())
        && made.reason.as_deref() == Some(reason(row))
        && made.quantity.as_ref().is_some_and(|quantity| is_change(row, quantity.as_str()))
}

fn made_since(made: &Adjustment, since: Instant) -> bool {
    let text = made.created_at.as_deref().unwrap_or_default();
    instant("created_at", text).is_ok_and(|made| made >= since)
}
