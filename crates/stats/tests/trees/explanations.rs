//! Terms add up, and Shapley values are what their definition says.

use super::{Drawn, WIDTH, drawn, grown, small};
use stats::trees::{Explained, Forest};

const SUBSETS: usize = 1 << WIDTH;

#[track_caller]
fn assert_adds_up(explained: &Explained, raw: f64) {
    let sum = explained.start + explained.terms.iter().sum::<f64>();
    assert!((sum - raw).abs() < 1e-10, "{sum} {raw}");
}

/// Rows that probe every region: drawn ones, some with gaps.
fn probes(drawn: &Drawn) -> Vec<Vec<f32>> {
    let mut rows: Vec<Vec<f32>> = (0..12).map(|row| drawn.row(row).to_vec()).collect();
    rows.push(vec![f32::NAN; WIDTH]);
    rows.push(vec![0.1, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
    rows
}

#[test]
fn terms_and_start_add_up_to_the_raw_score() {
    let drawn = drawn(1, 2_000);
    let forest = grown(&drawn, small(30, 31));
    for row in probes(&drawn) {
        let raw = forest.raw(&row);
        assert_adds_up(&forest.path_terms(&row), raw);
        assert_adds_up(&forest.shapley(&row), raw);
    }
}

/// The expected raw score when only the features of a subset are known, by the stored form: a feature that is not known
/// goes both ways by rows.
fn expected(trees: &[Shape], start: f64, row: &[f32], subset: usize) -> f64 {
    start + trees.iter().map(|tree| tree.expected(0, row, subset).0).sum::<f64>()
}

/// A tree as it is stored, read here on its own.
struct Shape {
    splits: Vec<(usize, bool, f32, i64, i64)>,
    leaves: Vec<(f64, f64)>,
}

impl Shape {
    fn read(d: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        d.array()?;
        let count = d.array()?.expect("a length");
        let mut splits = Vec::new();
        for _ in 0..count {
            d.array()?;
            splits.push((d.u16()?.into(), d.bool()?, d.f32()?, d.i64()?, d.i64()?));
        }
        let count = d.array()?.expect("a length");
        let mut leaves = Vec::new();
        for _ in 0..count {
            d.array()?;
            leaves.push((d.f64()?, d.u32()?.into()));
        }
        Ok(Self { splits, leaves })
    }

    /// Mean and rows below a node.
    fn expected(&self, node: i64, row: &[f32], subset: usize) -> (f64, f64) {
        if node < 0 {
            return self.leaves[(-1 - node) as usize];
        }
        let (feature, missing_below, threshold, below, above) = self.splits[node as usize];
        let (low, high) = (self.expected(below, row, subset), self.expected(above, row, subset));
        let rows = low.1 + high.1;
        let x = row[feature];
        let is_below = if x.is_nan() { missing_below } else { x <= threshold };
        let mean = if subset >> feature & 1 == 0 {
            (low.0 * low.1 + high.0 * high.1) / rows
        } else if is_below {
            low.0
        } else {
            high.0
        };
        (mean, rows)
    }
}

fn read(forest: &Forest) -> Vec<Shape> {
    let bytes = minicbor::to_vec(forest).expect("bytes");
    let mut d = minicbor::Decoder::new(&bytes);
    d.array().expect("a forest");
    (0..3).for_each(|_| d.skip().expect("a field"));
    let count = d.array().expect("trees").expect("a length");
    (0..count).map(|_| Shape::read(&mut d).expect("a tree")).collect()
}

#[test]
fn shapley_values_are_the_means_over_all_orders_of_getting_to_know_features() {
    let drawn = drawn(2, 600);
    for leaves in [2, 3, 5, 12] {
        let forest = grown(&drawn, small(4, leaves));
        let trees = read(&forest);
        assert_eq!(trees.len(), 4);
        for row in probes(&drawn) {
            let values: Vec<f64> = (0..SUBSETS).map(|subset| expected(&trees, forest.start(), &row, subset)).collect();
            let told = forest.shapley(&row);
            assert!((told.start - values[0]).abs() < 1e-10);
            for feature in 0..WIDTH {
                let without = (0..SUBSETS).filter(|subset| subset >> feature & 1 == 0);
                let share = |subset: usize| factorial(subset.count_ones()) * factorial(3 - subset.count_ones()) / 24.0;
                let wanted: f64 =
                    without.map(|subset| share(subset) * (values[subset | 1 << feature] - values[subset])).sum();
                assert!((told.terms[feature] - wanted).abs() < 1e-9, "{leaves} {row:?} {feature}: {wanted} {told:?}");
            }
        }
    }
}

fn factorial(n: u32) -> f64 {
    (1..=n).map(f64::from).product()
}

#[test]
fn a_feature_that_no_tree_asks_gives_nothing() {
    let mut drawn = drawn(3, 500);
    drawn.rows.iter_mut().skip(3).step_by(WIDTH).for_each(|x| *x = 1.0);
    let forest = grown(&drawn, small(10, 8));
    let row = drawn.row(7);
    assert_eq!((forest.shapley(row).terms[3], forest.path_terms(row).terms[3]), (0.0, 0.0));
    assert!(forest.shapley(row).terms[1] != 0.0);
}
