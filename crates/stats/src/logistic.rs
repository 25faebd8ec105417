//! Logistic regression with an $L_2$ penalty, by Newton's method (iteratively re-weighted least squares).

use crate::Matrix;
use crate::matrix::{NotPositive, dot};
use crate::num::sigmoid;

/// Rounds of Newton's method; it converges in fewer than ten.
const ROUNDS_MAX: usize = 50;
/// Largest change of a weight at which it has converged.
const DONE: f64 = 1e-10;

/// Why nothing could be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogisticError {
    /// No rows, or rows of different lengths, or labels for other rows.
    #[error("rows and labels do not fit each other")]
    Shape,
    /// The features determine each other entirely and nothing was penalised.
    #[error(transparent)]
    NotPositive(#[from] NotPositive),
}

/// A fitted model over standardised features.
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// Log odds when every feature is at its mean.
    pub intercept: f64,
    /// Per feature: mean, deviation (1 when it never varies), weight of the standardised feature.
    pub features: Vec<(f64, f64, f64)>,
}

impl Logistic {
    /// Fits labels 0 or 1, each row weighted alike; the penalty is $\frac{l_2}{2}\lVert w\rVert^2$ over the sum of
    /// log losses and spares the intercept. What is not a number counts as the feature's mean.
    ///
    /// # Errors
    /// When rows and labels do not fit, or there is no single answer.
    pub fn fit(rows: &[Vec<f64>], labels: &[bool], l2: f64) -> Result<Self, LogisticError> {
        let width = rows.first().map_or(0, Vec::len);
        if rows.is_empty() || rows.len() != labels.len() || rows.iter().any(|row| row.len() != width) {
            return Err(LogisticError::Shape);
        }
        let mut model = Self { intercept: 0.0, features: (0..width).map(|column| scale(rows, column)).collect() };
        let standard: Vec<Vec<f64>> = rows.iter().map(|row| model.standard(row)).collect();
        let mut weights = vec![0.0; width + 1];
        for _ in 0..ROUNDS_MAX {
            let step = newton(&standard, labels, &weights, l2)?;
            weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += step);
            if step.iter().all(|step| step.abs() < DONE) {
                break;
            }
        }
        model.intercept = weights[width];
        model.features.iter_mut().zip(&weights).for_each(|(feature, weight)| feature.2 = *weight);
        Ok(model)
    }

    fn standard(&self, row: &[f64]) -> Vec<f64> {
        let standard = |(value, (mean, deviation, _)): (&f64, &(f64, f64, f64))| {
            if value.is_finite() { (value - mean) / deviation } else { 0.0 }
        };
        row.iter().zip(&self.features).map(standard).collect()
    }

    /// Contribution of each feature to the log odds, beside the intercept.
    pub fn terms(&self, row: &[f64]) -> Vec<f64> {
        self.standard(row).iter().zip(&self.features).map(|(value, (_, _, weight))| value * weight).collect()
    }

    /// Log odds.
    pub fn score(&self, row: &[f64]) -> f64 {
        self.intercept + self.terms(row).iter().sum::<f64>()
    }

    /// Probability.
    pub fn probability(&self, row: &[f64]) -> f64 {
        sigmoid(self.score(row))
    }
}

fn scale(rows: &[Vec<f64>], column: usize) -> (f64, f64, f64) {
    let values = || rows.iter().map(|row| row[column]).filter(|value| value.is_finite());
    let count = values().count().max(1) as f64;
    let mean = crate::num::sum(values()) / count;
    let variance = crate::num::sum(values().map(|value| (value - mean) * (value - mean))) / count;
    (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 }, 0.0)
}

/// One step: the penalised Hessian's solution of the gradient. The intercept is the last weight.
fn newton(rows: &[Vec<f64>], labels: &[bool], weights: &[f64], l2: f64) -> Result<Vec<f64>, NotPositive> {
    let width = weights.len();
    let mut hessian = Matrix::zero(width, width);
    let mut gradient = vec![0.0; width];
    let mut whole = vec![1.0; width];
    for (row, label) in rows.iter().zip(labels) {
        whole[..width - 1].copy_from_slice(row);
        let p = sigmoid(dot(&whole, weights));
        let (off, curve) = (f64::from(u8::from(*label)) - p, (p * (1.0 - p)).max(1e-12));
        for i in 0..width {
            gradient[i] += off * whole[i];
            let bent = curve * whole[i];
            hessian.row_mut(i)[..=i].iter_mut().zip(&whole).for_each(|(h, x)| *h += bent * x);
        }
    }
    for i in 0..width - 1 {
        *hessian.at_mut(i, i) += l2;
        gradient[i] -= l2 * weights[i];
    }
    hessian.cholesky()?.solve_factored(&mut gradient);
    Ok(gradient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn weights_that_made_the_labels_are_found_again() {
        let mut dice = Dice::seeded(11);
        let rows: Vec<Vec<f64>> = (0..20_000).map(|_| vec![dice.normal(), 3.0 * dice.normal() + 1.0]).collect();
        let labels: Vec<bool> =
            rows.iter().map(|row| dice.happens(sigmoid(-1.0 + 0.8 * row[0] - 0.5 * row[1]))).collect();
        let model = Logistic::fit(&rows, &labels, 1.0).expect("a fit");
        let slopes: Vec<f64> = model.features.iter().map(|(_, deviation, weight)| weight / deviation).collect();
        assert!((slopes[0] - 0.8).abs() < 0.08 && (slopes[1] + 0.5).abs() < 0.05, "{slopes:?}");
        let terms: f64 = model.terms(&rows[0]).iter().sum();
        assert_eq!(model.intercept + terms, model.score(&rows[0]));
    }

    #[test]
    fn one_label_only_or_a_feature_that_never_varies_is_no_trouble() {
        let rows = vec![vec![1.0, f64::NAN]; 20];
        let model = Logistic::fit(&rows, &[false; 20], 1.0).expect("a fit");
        assert!(model.probability(&[1.0, 0.0]) < 0.05);
        assert_eq!(Logistic::fit(&rows, &[true], 1.0), Err(LogisticError::Shape));
    }
}
