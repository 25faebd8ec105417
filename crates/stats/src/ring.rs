//! Sums over moving windows of time, in a ring of buckets.

/// Counts and sums of the last buckets. Bucket numbers rise with time; one more entry is constant time, a window costs
/// its number of buckets.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    /// Number of the newest bucket.
    newest: i64,
    /// Count and sum by bucket number modulo length.
    buckets: Vec<(f64, f64)>,
}

impl Ring {
    /// Of so many buckets, at least one.
    pub fn new(buckets: usize) -> Self {
        Self { newest: i64::MIN, buckets: vec![(0.0, 0.0); buckets.max(1)] }
    }

    fn place(&self, bucket: i64) -> usize {
        bucket.rem_euclid(self.buckets.len() as i64) as usize
    }

    fn oldest(&self) -> i64 {
        self.newest.saturating_sub(self.buckets.len() as i64 - 1)
    }

    /// Adds to a bucket. What is older than the ring is forgotten already.
    pub fn add(&mut self, bucket: i64, count: f64, sum: f64) {
        if self.newest == i64::MIN {
            self.newest = bucket;
        } else if bucket > self.newest {
            let gone = bucket.saturating_sub(self.newest).min(self.buckets.len() as i64);
            for step in 0..gone {
                let place = self.place(bucket - step);
                self.buckets[place] = (0.0, 0.0);
            }
            self.newest = bucket;
        }
        if bucket >= self.oldest() {
            let place = self.place(bucket);
            self.buckets[place].0 += count;
            self.buckets[place].1 += sum;
        }
    }

    /// Count and sum of the buckets `from..=to`.
    pub fn window(&self, from: i64, to: i64) -> (f64, f64) {
        if self.newest == i64::MIN {
            return (0.0, 0.0);
        }
        let (from, to) = (from.max(self.oldest()), to.min(self.newest));
        let mut total = (0.0, 0.0);
        for bucket in from..=to {
            let (count, sum) = self.buckets[self.place(bucket)];
            total = (total.0 + count, total.1 + sum);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_window_is_the_sum_of_what_fell_into_it_and_is_not_too_old(
            entries in prop::collection::vec((-20..60_i64, 0..9_i32), 0..80),
            from in -30..70_i64,
            span in 0..20_i64,
        ) {
            let mut ring = Ring::new(8);
            let mut kept: Vec<(i64, f64)> = Vec::new();
            let mut newest = i64::MIN;
            for (bucket, value) in &entries {
                ring.add(*bucket, 1.0, f64::from(*value));
                newest = newest.max(*bucket);
                kept.push((*bucket, f64::from(*value)));
                // What was too old when it came, or has fallen out since, is gone for good.
                kept.retain(|(bucket, _)| *bucket > newest - 8);
            }
            let told = ring.window(from, from + span);
            let inside = kept.iter().filter(|(bucket, _)| (from..=from + span).contains(bucket));
            let wanted = inside.fold((0.0, 0.0), |(n, sum), (_, value)| (n + 1.0, sum + value));
            prop_assert_eq!(told, wanted);
        }
    }
}
