//! How a number of durations is spread: quantiles, counts per bucket, a picture for the terminal. Made by the report.
//!
//! It knows nothing of what was measured.

use std::fmt::Write;

use serde_json::{Value, json};

/// Upper ends of the buckets in milliseconds; longer ones lie in a last bucket without an end.
const ENDS_MS: [u64; 13] = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000];
/// Length of the longest bar of the picture, in characters.
const BAR: u64 = 40;

/// Durations in milliseconds, every one of them: quantiles are exact.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread {
    sorted: Vec<u64>,
}

/// From durations in milliseconds.
impl FromIterator<u64> for Spread {
    fn from_iter<I: IntoIterator<Item = u64>>(durations: I) -> Self {
        let mut sorted: Vec<u64> = durations.into_iter().collect();
        sorted.sort_unstable();
        Self { sorted }
    }
}

impl Spread {
    /// The shortest duration that is not exceeded by this share (above 0, at most 1) of them, in milliseconds; `None`
    /// when there are none.
    pub(super) fn quantile(&self, share: f64) -> Option<u64> {
        let rank = (self.sorted.len() as f64 * share).ceil() as usize;
        self.sorted.get(rank.saturating_sub(1)).copied()
    }

    /// Bucket by bucket: its upper end in milliseconds, `None` for the last, and how many durations lie in it.
    fn buckets(&self) -> Vec<(Option<u64>, usize)> {
        let mut below = 0;
        let ends = ENDS_MS.into_iter().map(Some).chain([None]);
        ends.map(|end| {
            let within = end.map_or(self.sorted.len(), |end| self.sorted.partition_point(|ms| *ms <= end));
            let here = within - below;
            below = within;
            (end, here)
        })
        .collect()
    }

    /// `count`, `p50`, `p95`, `p99`, `max` in milliseconds, and `buckets`; null when there are no durations.
    pub(super) fn json(&self) -> Value {
        if self.sorted.is_empty() {
            return Value::Null;
        }
        let buckets = self.buckets().into_iter().map(|(end, count)| json!({ "up_to_ms": end, "count": count }));
        json!({
            "count": self.sorted.len(),
            "p50": self.quantile(0.50),
            "p95": self.quantile(0.95),
            "p99": self.quantile(0.99),
            "max": self.sorted.last(),
            "buckets": buckets.collect::<Vec<Value>>(),
        })
    }

    /// One line per bucket from the first to the last that holds something.
    pub(super) fn picture(&self) -> String {
        let buckets = self.buckets();
        let most = buckets.iter().map(|(_, count)| *count as u64).max().unwrap_or(0);
        let first = buckets.iter().position(|(_, count)| *count > 0).unwrap_or(buckets.len());
        let last = buckets.iter().rposition(|(_, count)| *count > 0).map_or(first, |last| last + 1);
        let mut text = String::new();
        for (end, count) in &buckets[first..last] {
            let label = end.map_or("longer".to_owned(), |end| format!("up to {}", words(Some(end))));
            let bar = "█".repeat((*count as u64 * BAR).div_ceil(most.max(1)) as usize);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {label:>14} {bar:<width$} {count}", width = BAR as usize);
        }
        text
    }
}

/// Milliseconds for people: `35 ms`, `1.2 s`, `5.0 min`; a dash where there are none.
pub(super) fn words(ms: Option<u64>) -> String {
    match ms {
        None => "-".to_owned(),
        Some(ms) if ms < 1_000 => format!("{ms} ms"),
        Some(ms) if ms < 120_000 => format!("{:.1} s", ms as f64 / 1_000.0),
        Some(ms) => format!("{:.1} min", ms as f64 / 60_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_durations_that_were_measured_and_every_duration_is_in_one_bucket() {
        let spread: Spread = (1..=100_u64).rev().map(|n| n * 10).collect();
        let json = spread.json();
        assert_eq!(
            (&json["count"], &json["p50"], &json["p95"], &json["p99"], &json["max"]),
            (&json!(100), &json!(500), &json!(950), &json!(990), &json!(1_000))
        );
        let counts: Vec<usize> = spread.buckets().iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 3, 5, 10, 30, 50, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_single_duration_is_every_quantile_and_none_is_null() {
        let one: Spread = [4_000_000].into_iter().collect();
        assert_eq!((one.quantile(0.5), one.quantile(0.99)), (Some(4_000_000), Some(4_000_000)));
        assert_eq!(one.buckets().last(), Some(&(None, 1)));
        assert_eq!(Spread::default().json(), Value::Null);
        assert_eq!(Spread::default().picture(), "");
    }

    #[test]
    fn the_picture_shows_the_fullest_bucket_longest_and_no_empty_ends() {
        let spread: Spread = [30, 40, 45, 50, 150].into_iter().collect();
        let picture = spread.picture();
        let bars: Vec<usize> = picture.lines().map(|line| line.matches('█').count()).collect();
        assert_eq!(bars, [40, 0, 10], "{picture}");
    }

    #[test]
    fn durations_are_told_in_the_unit_a_person_would_use() {
        let told = [None, Some(35), Some(1_240), Some(300_000)].map(words);
        assert_eq!(told, ["-", "35 ms", "1.2 s", "5.0 min"]);
    }
}
