//! Quantiles of measured durations.

use std::time::Duration;

use serde_json::{Value, json};

use eval::measure::round;

/// p50, p99 in milliseconds.
pub(super) fn quantiles(durations: &mut [Duration]) -> Value {
    durations.sort_unstable();
    let at = |share: f64| {
        let place = ((durations.len() as f64 * share) as usize).min(durations.len().saturating_sub(1));
        durations.get(place).map(|duration| round(duration.as_secs_f64() * 1_000.0))
    };
    json!({ "p50": at(0.50), "p99": at(0.99) })
}
