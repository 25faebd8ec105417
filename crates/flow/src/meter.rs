//! Figures of the running hub: counters and histograms that `/metrics` and the reports read.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds of the buckets in microseconds: about a fifth apart, from 50 µs to an hour.
fn bounds() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(50_u64), |last| Some(last + last / 5)).take_while(|bound| *bound < 4_000_000_000)
}

/// A histogram of durations with a relative error of a fifth.
#[derive(Debug)]
pub struct Histogram {
    buckets: Vec<(u64, AtomicU64)>,
    beyond: AtomicU64,
    count: AtomicU64,
    sum_us: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            buckets: bounds().map(|bound| (bound, AtomicU64::new(0))).collect(),
            beyond: AtomicU64::new(0),
            count: AtomicU64::new(0),
            sum_us: AtomicU64::new(0),
        }
    }
}

impl Histogram {
    /// Counts one duration.
    pub fn record_us(&self, us: u64) {
        let bucket = self.buckets.partition_point(|(bound, _)| *bound < us);
        self.buckets.get(bucket).map_or(&self.beyond, |(_, count)| count).fetch_add(1, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// The bound under which this share (0 to 1) of the durations lies, in milliseconds; `None` when none was counted.
    pub fn quantile_ms(&self, share: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let rank = ((count as f64 * share).ceil() as u64).clamp(1, count);
        let mut seen = 0;
        for (bound, bucket) in &self.buckets {
            seen += bucket.load(Ordering::Relaxed);
            if seen >= rank {
                return Some(*bound as f64 / 1_000.0);
            }
        }
        self.buckets.last().map(|(bound, _)| *bound as f64 / 1_000.0)
    }

    fn expose(&self, name: &str, labels: &str, out: &mut String) {
        let mut seen = 0;
        for (bound, bucket) in &self.buckets {
            let here = bucket.load(Ordering::Relaxed);
            seen += here;
            if here > 0 {
                let _ = writeln!(out, "{name}_bucket{{{labels}le=\"{}\"}} {seen}", *bound as f64 / 1e6);
            }
        }
        let _ = writeln!(out, "{name}_bucket{{{labels}le=\"+Inf\"}} {}", self.count());
        let plain = labels.trim_end_matches(',');
        let _ = writeln!(out, "{name}_sum{{{plain}}} {}", self.sum_us.load(Ordering::Relaxed) as f64 / 1e6);
        let _ = writeln!(out, "{name}_count{{{plain}}} {}", self.count());
    }
}

/// All figures. Names are fixed in the code; labels are channels and kinds, so their number is bounded.
#[derive(Debug, Default)]
pub struct Meter {
    counters: Mutex<Named<u64>>,
    histograms: Mutex<Named<std::sync::Arc<Histogram>>>,
}

/// By name, then by labels: a figure that exists is found without making a key.
type Named<T> = BTreeMap<&'static str, BTreeMap<String, T>>;

/// The figure of these labels, made when there is none.
fn figure<'a, T: Default>(figures: &'a mut Named<T>, name: &'static str, labels: &str) -> Option<&'a mut T> {
    let named = figures.entry(name).or_default();
    if !named.contains_key(labels) {
        named.insert(labels.to_owned(), T::default());
    }
    named.get_mut(labels)
}

impl Meter {
    /// Adds to a counter. `labels` is like `channel="web",` with a comma at the end, or empty.
    pub fn count(&self, name: &'static str, labels: &str, by: u64) {
        if let Ok(mut counters) = self.counters.lock()
            && let Some(value) = figure(&mut counters, name, labels)
        {
            *value += by;
        }
    }

    /// A counter's value.
    pub fn value(&self, name: &'static str, labels: &str) -> u64 {
        self.counters.lock().ok().and_then(|c| c.get(name)?.get(labels).copied()).unwrap_or(0)
    }

    /// A histogram, made when it is first asked for.
    pub fn histogram(&self, name: &'static str, labels: &str) -> std::sync::Arc<Histogram> {
        match self.histograms.lock() {
            Ok(mut histograms) => figure(&mut histograms, name, labels).cloned().unwrap_or_default(),
            Err(_) => std::sync::Arc::default(),
        }
    }

    /// Everything in the Prometheus text format.
    pub fn expose(&self) -> String {
        let mut out = String::new();
        if let Ok(counters) = self.counters.lock() {
            for (name, named) in counters.iter() {
                let _ = writeln!(out, "# TYPE {name} counter");
                for (labels, value) in named {
                    let _ = writeln!(out, "{name}{{{}}} {value}", labels.trim_end_matches(','));
                }
            }
        }
        if let Ok(histograms) = self.histograms.lock() {
            for (name, named) in histograms.iter() {
                let _ = writeln!(out, "# TYPE {name} histogram");
                named.iter().for_each(|(labels, histogram)| histogram.expose(name, labels, &mut out));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_within_a_fifth() {
        let histogram = Histogram::default();
        (1..=1_000_u64).for_each(|ms| histogram.record_us(ms * 1_000));
        for (share, ms) in [(0.5, 500.0), (0.99, 990.0)] {
            let got = histogram.quantile_ms(share).expect("counted");
            assert!(got >= ms && got <= ms * 1.2, "{got} for {ms}");
        }
        assert_eq!(Histogram::default().quantile_ms(0.5), None);
    }
}
