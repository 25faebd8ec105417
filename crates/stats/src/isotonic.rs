//! Isotonic regression by pool-adjacent-violators: the best curve that never falls. For calibration.

/// A rising curve through block means, straight between the blocks' centres, level outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Isotonic {
    points: Vec<(f64, f64)>,
}

struct Block {
    x: f64,
    y: f64,
    weight: f64,
}

impl Isotonic {
    /// Fits points of (x, y, weight); those that are not finite or weigh nothing are left out.
    pub fn fit(points: &[(f64, f64, f64)]) -> Self {
        let usable = |(x, y, w): &&(f64, f64, f64)| x.is_finite() && y.is_finite() && w.is_finite() && *w > 0.0;
        let mut sorted: Vec<(f64, f64, f64)> = points.iter().filter(usable).copied().collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut blocks: Vec<Block> = Vec::new();
        let mut place = 0;
        while place < sorted.len() {
            // Equal x have one value.
            let x = sorted[place].0;
            let mut block = Block { x, y: 0.0, weight: 0.0 };
            while place < sorted.len() && sorted[place].0 == x {
                block = merged(&block, &Block { x, y: sorted[place].1, weight: sorted[place].2 });
                place += 1;
            }
            while let Some(last) = blocks.pop() {
                if last.y < block.y {
                    blocks.push(last);
                    break;
                }
                block = merged(&last, &block);
            }
            blocks.push(block);
        }
        Self { points: blocks.into_iter().map(|block| (block.x, block.y)).collect() }
    }

    /// From its points, rising in both coordinates.
    pub fn from_points(points: Vec<(f64, f64)>) -> Self {
        Self { points }
    }

    /// Its points.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// The curve at x; x itself when nothing was fitted.
    pub fn at(&self, x: f64) -> f64 {
        let after = self.points.partition_point(|(known, _)| *known <= x);
        match (after.checked_sub(1).and_then(|before| self.points.get(before)), self.points.get(after)) {
            (None, None) => x,
            (Some((_, y)), None) | (None, Some((_, y))) => *y,
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * ((x - x0) / (x1 - x0)),
        }
    }
}

fn merged(a: &Block, b: &Block) -> Block {
    let weight = a.weight + b.weight;
    let mean = |p: f64, q: f64| (p * a.weight + q * b.weight) / weight;
    Block { x: mean(a.x, b.x), y: mean(a.y, b.y), weight }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn neighbours_out_of_order_are_pooled() {
        let fit = Isotonic::fit(&[(1.0, 1.0, 1.0), (2.0, 3.0, 1.0), (3.0, 2.0, 1.0), (4.0, 4.0, 1.0)]);
        assert_eq!(fit.points(), [(1.0, 1.0), (2.5, 2.5), (4.0, 4.0)]);
        assert_eq!((fit.at(0.0), fit.at(9.0), fit.at(1.75)), (1.0, 4.0, 1.75));
    }

    #[test]
    fn without_points_it_changes_nothing() {
        assert_eq!(Isotonic::fit(&[(f64::NAN, 1.0, 1.0), (1.0, 1.0, 0.0)]).at(0.3), 0.3);
    }

    proptest! {
        #[test]
        fn it_never_falls(
            points in prop::collection::vec((0..30_u32, -50..50_i32, 1..5_u32), 1..60)
        ) {
            let points: Vec<_> = points.iter().map(|(x, y, w)| (f64::from(*x), f64::from(*y), f64::from(*w))).collect();
            let fit = Isotonic::fit(&points);
            let curve: Vec<f64> = (0..300).map(|i| fit.at(f64::from(i) / 10.0)).collect();
            prop_assert!(curve.windows(2).all(|two| two[0] <= two[1] + 1e-9), "{curve:?}");
        }
    }
}
