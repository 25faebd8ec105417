//! Isotonic and logistic regression against scikit-learn's.
//!
//! ```python
//! import numpy as np
//! from sklearn.isotonic import IsotonicRegression
//! from sklearn.linear_model import LogisticRegression
//! x = np.array([1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10.0])
//! y = np.array([0.1, 0.4, 0.2, 0.25, 0.1, 0.5, 0.45, 0.7, 0.65, 0.9, 0.6, 0.95])
//! w = np.array([1, 2, 1, 3, 1, 1, 2, 1, 4, 1, 1, 2.0])
//! print(", ".join(map(repr, map(float, IsotonicRegression().fit(x, y, sample_weight=w).predict(x)))))
//! rows = np.array([[(7 * i * i + 3 * i) % 23 / 4, (5 * i) % 17 - 8, (i * i) % 11 / 10] for i in range(60)], float)
//! label = np.array([(3 * i * i + i) % 7 < 3 + (rows[i, 0] > 3) * 2 - (rows[i, 1] > 2) for i in range(60)])
//! z = (rows - rows.mean(0)) / rows.std(0)
//! for c in (1.0, 10.0):
//!     m = LogisticRegression(C=1 / c, tol=1e-12, max_iter=10000, solver="newton-cholesky").fit(z, label)
//!     print(", ".join(map(repr, map(float, [c, m.intercept_[0], *m.coef_[0], *m.predict_proba(z)[:2, 1]]))))
//! ```

use super::assert_agree;
use stats::{Isotonic, Logistic};

const X: [f64; 12] = [1.0, 2.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0, 10.0];
const Y: [f64; 12] = [0.1, 0.4, 0.2, 0.25, 0.1, 0.5, 0.45, 0.7, 0.65, 0.9, 0.6, 0.95];
const W: [f64; 12] = [1.0, 2.0, 1.0, 3.0, 1.0, 1.0, 2.0, 1.0, 4.0, 1.0, 1.0, 2.0];
const ISOTONIC: [[f64; 12]; 1] = [[
    0.1,
    0.2642857142857143,
    0.2642857142857143,
    0.2642857142857143,
    0.2642857142857143,
    0.4666666666666666,
    0.4666666666666666,
    0.6599999999999999,
    0.6599999999999999,
    0.75,
    0.75,
    0.95,
]];
const LOGISTIC: [[f64; 7]; 2] = [
    [
        1.0,
        0.5631541401897221,
        1.067066980898667,
        -0.902153595505704,
        -0.37334161939211197,
        0.6978616834574002,
        0.8125163263662531,
    ],
    [
        10.0,
        0.45503459342696456,
        0.5317979560015541,
        -0.47347985738153003,
        -0.1765452948539429,
        0.6493693590165681,
        0.7127864899525876,
    ],
];

#[test]
fn a_rising_curve_has_the_block_means() {
    let points: Vec<(f64, f64, f64)> = (0..12).map(|i| (X[i], Y[i], W[i])).collect();
    let fit = Isotonic::fit(&points);
    // Theirs is level over a block; ours has the block's mean at its centre and is straight between.
    let mut means = ISOTONIC[0].to_vec();
    means.dedup_by(|a, b| (*a - *b).abs() < 1e-12);
    assert_eq!(fit.points().len(), means.len(), "{:?}", fit.points());
    for ((x, y), mean) in fit.points().iter().zip(means) {
        assert_agree(*y, mean, 1e-12, &[*x]);
    }
}

#[test]
fn log_odds_have_the_same_weights() {
    let rows: Vec<Vec<f64>> = (0..60_i32)
        .map(|i| {
            let remainders = [(7 * i * i + 3 * i) % 23, (5 * i) % 17, (i * i) % 11].map(f64::from);
            vec![remainders[0] / 4.0, remainders[1] - 8.0, remainders[2] / 10.0]
        })
        .collect();
    let label = |i: usize| {
        let bar = 3.0 + if rows[i][0] > 3.0 { 2.0 } else { 0.0 } - if rows[i][1] > 2.0 { 1.0 } else { 0.0 };
        (((3 * i * i + i) % 7) as f64) < bar
    };
    let labels: Vec<bool> = (0..60).map(label).collect();
    for row @ [l2, intercept, first, second, third, before, after] in LOGISTIC {
        let model = Logistic::fit(&rows, &labels, l2).expect("a fit");
        assert_agree(model.intercept, intercept, 1e-8, &row);
        for (feature, weight) in model.features.iter().zip([first, second, third]) {
            assert_agree(feature.2, weight, 1e-8, &row);
        }
        assert_agree(model.probability(&rows[0]), before, 1e-8, &row);
        assert_agree(model.probability(&rows[1]), after, 1e-8, &row);
    }
}
