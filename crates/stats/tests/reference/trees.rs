//! Boosted trees against LightGBM's, grown from the same rows with the same settings: mean loss of the second 4,000
//! rows. They are not the same trees (other cuts, other sums), so losses are compared, not bits.
//!
//! ```python
//! import numpy as np, lightgbm as lgb
//! class Dice:  # PCG XSL-RR 128/64, as stats::dice
//!     def __init__(self, seed):
//!         self.s = 0; self.next(); self.s = (self.s + seed) % 2**128; self.next()
//!     def next(self):
//!         self.s = (self.s * 0x2360ED051FC65DA44385DF649FCCF645 + 0x5851F42D4C957F2D14057B7EF767814F) % 2**128
//!         x, r = (self.s >> 64 ^ self.s) % 2**64, self.s >> 122
//!         return (x >> r | x << (64 - r)) % 2**64
//!     def unit(self): return (self.next() >> 11) / 2**53
//! dice = Dice(42)
//! rows, labels = [], []
//! for _ in range(8000):
//!     row = [float(np.float32(dice.unit())) for _ in range(6)]
//!     p = 0.05 + 0.4 * row[0] * row[1] + (0.3 if row[2] > 0.5 else 0.1 * row[3]) + 0.15 * row[4] * row[4]
//!     hits = sum(dice.unit() < p for _ in range(8))
//!     noise = dice.unit() + dice.unit() - 1
//!     if dice.unit() < 0.1: row[0] = np.nan
//!     rows.append(row); labels.append([10 * p + noise, float(hits > 3), hits, 0.0 if hits < 3 else hits + 5 * dice.unit()])
//! x, y = np.array(rows, np.float32), np.array(labels)
//! sig = lambda f: 1 / (1 + np.exp(-f))
//! cases = [("regression", {}, 0, lambda y, f: 0.5 * (y - f) ** 2),
//!          ("binary", {}, 1, lambda y, f: -(y * np.log(sig(f)) + (1 - y) * np.log(sig(-f)))),
//!          ("poisson", {}, 2, lambda y, f: np.exp(f) - y * f),
//!          ("tweedie", {"tweedie_variance_power": 1.5}, 3, lambda y, f: 2 * np.exp(0.5 * f) + 2 * y * np.exp(-0.5 * f)),
//!          ("quantile", {"alpha": 0.9}, 0, lambda y, f: np.maximum(0.9 * (y - f), -0.1 * (y - f)))]
//! for name, more, c, loss in cases:
//!     params = dict(objective=name, num_leaves=15, learning_rate=0.1, min_data_in_leaf=20, lambda_l2=1.0, max_bin=255,
//!                   min_sum_hessian_in_leaf=1e-3, num_threads=1, deterministic=True, seed=1, verbose=-1, **more)
//!     m = lgb.train(params, lgb.Dataset(x[:4000], y[:4000, c], params=params), 100)
//!     print(name, float(np.mean(loss(y[4000:, c], m.predict(x[4000:], raw_score=True)))))
//! ```

use stats::dice::Dice;
use stats::trees::{Fit, Forest, Loss, Settings};

const THEIRS: [(Loss, usize, f64); 5] = [
    (Loss::Squared, 0, 0.12320683070509547),
    (Loss::Logistic, 1, 0.4848818578383023),
    (Loss::Poisson, 2, -0.5805640049640258),
    (Loss::Tweedie { power: 1.5 }, 3, 7.621424132509014),
    (Loss::Quantile { level: 0.9 }, 0, 0.08938329218881544),
];
const WIDTH: usize = 6;
const HALF: usize = 4_000;

/// Rows and four kinds of labels, drawn as the Python above draws them.
fn drawn() -> (Vec<f32>, [Vec<f64>; 4]) {
    let mut dice = Dice::seeded(42);
    let (mut rows, mut labels) = (Vec::new(), [const { Vec::new() }; 4]);
    for _ in 0..2 * HALF {
        let mut row = [0_f32; WIDTH].map(|_| dice.unit() as f32);
        let x = row.map(f64::from);
        let step = if x[2] > 0.5 { 0.3 } else { 0.1 * x[3] };
        let p = 0.05 + 0.4 * x[0] * x[1] + step + 0.15 * x[4] * x[4];
        let hits = (0..8).filter(|_| dice.unit() < p).count() as f64;
        let noise = dice.unit() + dice.unit() - 1.0;
        if dice.unit() < 0.1 {
            row[0] = f32::NAN;
        }
        let amount = if hits < 3.0 { 0.0 } else { hits + 5.0 * dice.unit() };
        rows.extend(row);
        let kinds = [10.0 * p + noise, if hits > 3.0 { 1.0 } else { 0.0 }, hits, amount];
        labels.iter_mut().zip(kinds).for_each(|(labels, label)| labels.push(label));
    }
    (rows, labels)
}

#[test]
fn held_out_losses_are_no_worse_than_two_hundredths_above_theirs() {
    let (rows, labels) = drawn();
    let (seen, unseen) = rows.split_at(HALF * WIDTH);
    for (loss, kind, theirs) in THEIRS {
        let fit = Fit { width: WIDTH, rows: seen, labels: &labels[kind][..HALF], ..Fit::default() };
        let settings = Settings { loss, trees: 100, max_leaves: 15, ..Settings::default() };
        let forest = Forest::fit(&fit, &settings).expect("a forest");
        let raw = forest.raw_all(unseen);
        let losses = raw.iter().zip(&labels[kind][HALF..]).map(|(raw, label)| loss.of(*label, *raw));
        let ours = losses.sum::<f64>() / HALF as f64;
        println!("{loss:?}: ours {ours:.5}, theirs {theirs:.5}");
        assert!(ours < theirs + 0.02 * theirs.abs(), "{loss:?}: ours {ours}, theirs {theirs}");
        // Much better would mean that the rows are not the same.
        assert!(ours > theirs - 0.05 * theirs.abs(), "{loss:?}: ours {ours}, theirs {theirs}");
    }
}
