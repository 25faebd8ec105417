//! Least squares in which some heights may not fall below zero. Called by the response curves.

use stats::Matrix;
use stats::num::sum;

/// What keeps two columns that are alike apart: this part of the diagonal is added to it.
const RIDGE: f64 = 1e-6;

/// Heights, and the sum of squares that is left.
pub(super) struct Fitted {
    pub heights: Vec<f64>,
    pub error: f64,
}

/// The columns' best sum to a target. The first `free` may have any height; of the others, the one most below zero is
/// left out until none is.
pub(super) fn least_squares(columns: &[Vec<f64>], target: &[f64], free: usize) -> Fitted {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let gram: Vec<Vec<f64>> = columns.iter().map(|a| columns.iter().map(|b| dot(a, b)).collect()).collect();
    let toward: Vec<f64> = columns.iter().map(|column| dot(column, target)).collect();
    loop {
        let Some(heights) = solved(&gram, &toward, &kept) else {
            // Nothing can be told from these columns; the flat answer is the honest one.
            return Fitted { heights: vec![0.0; columns.len()], error: f64::INFINITY };
        };
        let below = |(place, height): &(usize, &f64)| kept[*place] >= free && **height < 0.0;
        match heights.iter().enumerate().filter(below).min_by(|a, b| a.1.total_cmp(b.1)) {
            Some((place, _)) => {
                kept.remove(place);
            }
            None => {
                let mut all = vec![0.0; columns.len()];
                kept.iter().zip(&heights).for_each(|(column, height)| all[*column] = *height);
                let left = |place: usize| {
                    let told: f64 = kept.iter().map(|column| columns[*column][place] * all[*column]).sum();
                    (target[place] - told) * (target[place] - told)
                };
                return Fitted { error: sum((0..target.len()).map(left)), heights: all };
            }
        }
    }
}

fn solved(gram: &[Vec<f64>], toward: &[f64], kept: &[usize]) -> Option<Vec<f64>> {
    let mut matrix = Matrix::zero(kept.len(), kept.len());
    for (row, of) in kept.iter().enumerate() {
        for (column, with) in kept.iter().enumerate() {
            // A column of nothing gets a height of nothing.
            let ridge = if row == column { gram[*of][*of] * RIDGE + f64::MIN_POSITIVE.sqrt() } else { 0.0 };
            *matrix.at_mut(row, column) = gram[*of][*with] + ridge;
        }
    }
    let mut heights: Vec<f64> = kept.iter().map(|column| toward[*column]).collect();
    matrix.cholesky().ok()?.solve_factored(&mut heights);
    Some(heights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_found_and_none_that_may_not_is_below_zero() {
        let columns = vec![vec![1.0; 6], vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0], vec![1.0, 0.0, 0.0, 1.0, 0.0, 1.0]];
        let target: Vec<f64> = (0..6).map(|i| 2.0 - 0.5 * columns[1][i] + 3.0 * columns[2][i]).collect();
        let free = least_squares(&columns, &target, 2);
        assert!((free.heights[1] + 0.5).abs() < 1e-4 && (free.heights[2] - 3.0).abs() < 1e-4 && free.error < 1e-6);
        let bound = least_squares(&columns, &target, 1);
        assert_eq!(bound.heights[1], 0.0);
        assert!(bound.heights[2] > 0.0 && bound.error > free.error);
    }

    #[test]
    fn a_column_of_nothing_gets_nothing() {
        let fitted = least_squares(&[vec![1.0; 4], vec![0.0; 4]], &[2.0; 4], 1);
        assert!((fitted.heights[0] - 2.0).abs() < 1e-5 && fitted.heights[1] == 0.0);
    }
}
