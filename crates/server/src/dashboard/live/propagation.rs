//! The histogram of propagation as a few bars a person can read.

use flow::Histogram;

use super::super::chart::Bar;

/// Upper ends of the bars in milliseconds.
const ENDS: [(f64, &str); 8] = [
    (200.0, "0.2 s"),
    (500.0, "0.5 s"),
    (1_000.0, "1 s"),
    (2_000.0, "2 s"),
    (5_000.0, "5 s"),
    (10_000.0, "10 s"),
    (60_000.0, "1 min"),
    (f64::INFINITY, "longer"),
];

/// How many changes were shown everywhere within each of the times.
pub(super) fn bars(histogram: &Histogram) -> Vec<Bar> {
    let count = histogram.count();
    let mut below = 0;
    ENDS.into_iter()
        .map(|(end, label)| {
            let within = if end.is_infinite() { count } else { within(histogram, count, end) };
            let value = within.saturating_sub(below);
            below = within;
            Bar { label: label.to_owned(), value }
        })
        .collect()
}

/// How many of the durations lie within `ms`: the largest rank whose quantile does.
fn within(histogram: &Histogram, count: u64, ms: f64) -> u64 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let rank = low + (high - low).div_ceil(2);
        // In the middle of the rank's share, so that rounding cannot reach a neighbour.
        let share = (rank as f64 - 0.5) / count as f64;
        if histogram.quantile_ms(share).is_some_and(|bound| bound <= ms) {
            low = rank;
        } else {
            high = rank - 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_in_exactly_one_bar() {
        let histogram = Histogram::default();
        for ms in [1_u64, 50, 300, 300, 900, 4_000, 90_000] {
            histogram.record_us(ms * 1_000);
        }
        let values: Vec<u64> = bars(&histogram).iter().map(|bar| bar.value).collect();
        assert_eq!(values, [2, 2, 1, 0, 1, 0, 0, 1]);
        assert_eq!(bars(&Histogram::default()).iter().map(|bar| bar.value).sum::<u64>(), 0);
    }
}
