//! Columns cut into bins. Code 0 is what is missing; codes 1 to 255 rise with the value.

use super::Fit;
use crate::dice::Dice;

/// Most bins for values; one more is for what is missing.
const BINS_MAX: usize = 255;
/// Rows that cuts are chosen by. More would not move a cut that matters.
const SAMPLE_MAX: usize = 200_000;
/// Columns whose codes lie side by side, so that one look at a row serves four histograms.
pub(super) const GROUP: usize = 4;

/// The cuts of one column, rising: code `c` holds values above cut `c - 2` and up to cut `c - 1`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cuts(Vec<f32>);

impl Cuts {
    /// From a column's values, in any order: equal shares, but a value that fills a share alone has a bin alone.
    pub(super) fn of(mut values: Vec<f32>) -> Self {
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f32::total_cmp);
        let mut distinct: Vec<(f32, usize)> = Vec::new();
        for value in &values {
            match distinct.last_mut() {
                Some((last, count)) if last == value => *count += 1,
                _ => distinct.push((*value, 1)),
            }
        }
        if distinct.len() <= BINS_MAX {
            return Self(distinct.windows(2).map(|two| between(two[0].0, two[1].0)).collect());
        }
        Self(shares(&distinct, values.len()))
    }

    /// How many codes there are, with that of missing.
    pub(super) fn codes(&self) -> usize {
        self.0.len() + 2
    }

    pub(super) fn code(&self, value: f32) -> u8 {
        if value.is_nan() {
            return 0;
        }
        // At most 254 cuts, so that the code fits.
        (self.0.partition_point(|cut| *cut < value) + 1) as u8
    }

    /// What values up to this code do not exceed, and the next code's values do. Endless for the last code.
    pub(super) fn upper(&self, code: u8) -> f32 {
        usize::from(code).checked_sub(1).and_then(|place| self.0.get(place)).copied().unwrap_or(f32::INFINITY)
    }
}

fn shares(distinct: &[(f32, usize)], total: usize) -> Vec<f32> {
    let (mut cuts, mut held, mut left) = (Vec::new(), 0, total);
    for two in distinct.windows(2) {
        held += two[0].1;
        let bins = BINS_MAX - cuts.len();
        if bins == 1 {
            break;
        }
        let share = left / bins;
        if held >= share || two[1].1 >= share {
            cuts.push(between(two[0].0, two[1].0));
            left -= held;
            held = 0;
        }
    }
    cuts
}

/// The middle, or the lower value when there is nothing between: never less than `a`, always less than `b`.
fn between(a: f32, b: f32) -> f32 {
    let middle = ((f64::from(a) + f64::from(b)) / 2.0) as f32;
    if middle >= a && middle < b { middle } else { a }
}

/// All rows as codes.
pub(super) struct Codes {
    /// One per column.
    pub(super) cuts: Vec<Cuts>,
    /// For every four columns, each row's four codes.
    pub(super) groups: Vec<Vec<[u8; GROUP]>>,
}

impl Codes {
    pub(super) fn of(fit: &Fit<'_>, dice: &mut Dice) -> Self {
        let count = fit.labels.len();
        let sample: Vec<usize> = if count <= SAMPLE_MAX {
            (0..count).collect()
        } else {
            (0..SAMPLE_MAX).map(|_| dice.below(count as u64) as usize).collect()
        };
        let column = |column: usize| sample.iter().map(|row| fit.rows[row * fit.width + column]).collect();
        let cuts: Vec<Cuts> = (0..fit.width).map(|place| Cuts::of(column(place))).collect();
        let mut groups = vec![vec![[0; GROUP]; count]; fit.width.div_ceil(GROUP)];
        for (row, values) in fit.rows.chunks_exact(fit.width).enumerate() {
            for (column, value) in values.iter().enumerate() {
                groups[column / GROUP][row][column % GROUP] = cuts[column].code(*value);
            }
        }
        Self { cuts, groups }
    }

    pub(super) fn at(&self, row: u32, column: usize) -> u8 {
        self.groups[column / GROUP][row as usize][column % GROUP]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_a_bin_each_and_many_share_evenly() {
        let few = Cuts::of(vec![3.0, 1.0, f32::NAN, 1.0, f32::INFINITY, f32::NEG_INFINITY]);
        let codes: Vec<u8> =
            [f32::NAN, f32::NEG_INFINITY, 1.0, 3.0, f32::INFINITY].iter().map(|value| few.code(*value)).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4]);
        let many = Cuts::of((0..60_000_u16).map(f32::from).collect());
        assert_eq!(many.codes(), 256);
        let mut filled = [0_u32; 256];
        (0..60_000_u16).for_each(|value| filled[usize::from(many.code(f32::from(value)))] += 1);
        let most = filled.iter().max().expect("bins");
        assert!(*most <= 400, "{most}");
    }

    #[test]
    fn a_value_that_fills_a_share_has_a_bin_alone() {
        let mut values: Vec<f32> = (0..5_000_u16).map(f32::from).collect();
        values.extend([100.5; 5_000]);
        let cuts = Cuts::of(values);
        let code = cuts.code(100.5);
        assert!(cuts.code(100.0) < code && cuts.code(101.0) > code);
    }

    #[test]
    fn a_code_and_its_upper_end_agree_about_every_value() {
        let values: Vec<f32> = (0..3_000_u16).map(|n| f32::from(n) * 0.37 - 200.0).collect();
        let cuts = Cuts::of(values.clone());
        for value in values {
            let code = cuts.code(value);
            assert!(value <= cuts.upper(code) && (code == 1 || value > cuts.upper(code - 1)), "{value}");
        }
    }
}
