//! Distributions against SciPy's.
//!
//! ```python
//! import numpy as np
//! from scipy import stats as t
//! show = lambda rows: print(*[", ".join(map(repr, map(float, row))) for row in rows], sep="\n")
//! show([(x, t.norm.pdf(x, 3, 2), t.norm.cdf(x, 3, 2), (x - 3) * t.norm.cdf(x, 3, 2) + 4 * t.norm.pdf(x, 3, 2))
//!       for x in (-9.0, 0.0, 2.5, 3.0, 11.0)])
//! def count(mean, dispersion):
//!     return t.poisson(mean) if dispersion == 1 else t.nbinom(mean / (dispersion - 1), 1 / dispersion)
//! def left_over(d, x):
//!     k = np.arange(int(x) + 1); return float(np.sum((x - k) * d.pmf(k)))
//! show([(m, v, k, count(m, v).pmf(k), count(m, v).cdf(k), left_over(count(m, v), k + 0.5))
//!       for m, v, k in ((0.02, 1, 0), (0.3, 1, 1), (4.0, 1, 6), (700.0, 1, 720), (0.05, 1.5, 0), (0.3, 3.0, 2),
//!                       (4.0, 2.0, 6), (25.0, 6.0, 10), (25.0, 6.0, 60), (700.0, 9.0, 720), (9000.0, 50.0, 8500))])
//! show([(m, v, u, count(m, v).ppf(u)) for m, v in ((0.3, 1), (4.0, 1), (0.05, 1.5), (4.0, 2.0), (25.0, 6.0), (700.0, 9.0))
//!       for u in (0.1, 0.5, 0.9, 0.99, 0.9999)])
//! parts = [(0.2, count(4.0, 2.0)), (0.5, count(8.0, 2.0)), (0.3, count(20.0, 2.0))]
//! mixed = lambda k: sum(w * d.cdf(k) for w, d in parts)
//! show([(x, mixed(x), sum(w * left_over(d, x) for w, d in parts), sum(w * (d.mean() - x + left_over(d, x)) for w, d in parts))
//!       for x in (0, 3, 8, 25, 60)])
//! show([(u, next(k for k in range(999) if mixed(k) >= u)) for u in (0.05, 0.5, 0.9, 0.99, 0.9999)])
//! show([(a, b, x, t.beta.cdf(x, a, b), t.beta.ppf(x, a, b)) for a, b, x in
//!       ((0.5, 0.5, 0.1), (1.0, 1.0, 0.3), (2.0, 30.0, 0.05), (90.0, 10.0, 0.9), (400.0, 600.0, 0.41))])
//! show([(a, b, n, k, t.betabinom.pmf(k, n, a, b), t.betabinom.sf(k - 1, n, a, b)) for a, b, n, k in
//!       ((2.0, 8.0, 10, 0), (2.0, 8.0, 10, 5), (0.5, 0.5, 30, 29), (3.0, 27.0, 200, 60), (30.0, 70.0, 5000, 1200))])
//! ```

use super::assert_agree;
use stats::dist::{Beta, BetaBinomial, Count, Mixture, Normal};

const NORMAL: [[f64; 4]; 5] = [
    [-9.0, 3.037941424911643e-09, 9.865876450376946e-10, 3.127139591942381e-10],
    [0.0, 0.06475879783294587, 0.06680720126885807, 0.05861358752520929],
    [2.5, 0.19333405840142465, 0.4012936743170763, 0.5726893964471604],
    [3.0, 0.19947114020071635, 0.5, 0.7978845608028654],
    [11.0, 6.691511288244268e-05, 0.9999683287581669, 8.000014290516864],
];
const COUNTS: [[f64; 6]; 11] = [
    [0.02, 1.0, 0.0, 0.9801986733067553, 0.9801986733067553, 0.4900993366533776],
    [0.3, 1.0, 1.0, 0.22224546620451532, 0.9630636868862332, 1.2223500641248346],
    [4.0, 1.0, 6.0, 0.10419563456702101, 0.8893260215974264, 2.64009759226165],
    [700.0, 1.0, 720.0, 0.011201458387760812, 0.7815270236862987, 23.86232485700277],
    [0.05, 1.5, 0.0, 0.9602645007922181, 0.960264500792218, 0.4801322503961091],
    [0.3, 3.0, 2.0, 0.032509358326524546, 0.9653865972615768, 2.263640754779524],
    [4.0, 2.0, 6.0, 0.08203125000000003, 0.828125, 2.890624999999999],
    [25.0, 6.0, 10.0, 0.020790520636925876, 0.08976566741930445, 0.25768687018952596],
    [25.0, 6.0, 60.0, 0.0014501061401055, 0.9890885319078193, 35.58392737826188],
    [700.0, 9.0, 720.0, 0.004739292320606549, 0.614687331915662, 43.21691869538943],
    [9000.0, 50.0, 8500.0, 0.00047143664027508847, 0.23147796632014925, 84.97304626013542],
];
const COUNT_QUANTILES: [[f64; 4]; 30] = [
    [0.3, 1.0, 0.1, 0.0],
    [0.3, 1.0, 0.5, 0.0],
    [0.3, 1.0, 0.9, 1.0],
    [0.3, 1.0, 0.99, 2.0],
    [0.3, 1.0, 0.9999, 4.0],
    [4.0, 1.0, 0.1, 2.0],
    [4.0, 1.0, 0.5, 4.0],
    [4.0, 1.0, 0.9, 7.0],
    [4.0, 1.0, 0.99, 9.0],
    [4.0, 1.0, 0.9999, 13.0],
    [0.05, 1.5, 0.1, 0.0],
    [0.05, 1.5, 0.5, 0.0],
    [0.05, 1.5, 0.9, 0.0],
    [0.05, 1.5, 0.99, 1.0],
    [0.05, 1.5, 0.9999, 5.0],
    [4.0, 2.0, 0.1, 1.0],
    [4.0, 2.0, 0.5, 3.0],
    [4.0, 2.0, 0.9, 8.0],
    [4.0, 2.0, 0.99, 13.0],
    [4.0, 2.0, 0.9999, 21.0],
    [25.0, 6.0, 0.1, 11.0],
    [25.0, 6.0, 0.5, 23.0],
    [25.0, 6.0, 0.9, 41.0],
    [25.0, 6.0, 0.99, 61.0],
    [25.0, 6.0, 0.9999, 95.0],
    [700.0, 9.0, 0.1, 600.0],
    [700.0, 9.0, 0.5, 697.0],
    [700.0, 9.0, 0.9, 803.0],
    [700.0, 9.0, 0.99, 897.0],
    [700.0, 9.0, 0.9999, 1032.0],
];
const MIXED: [[f64; 4]; 5] = [
    [0.0, 0.014453411102294922, 0.0, 10.8],
    [3.0, 0.1567138671875, 0.15783410072326653, 7.957834100723266],
    [8.0, 0.489850265160203, 1.6290186226367949, 4.429018622636795],
    [25.0, 0.9439740893970452, 14.462949478921276, 0.26294947892127746],
    [60.0, 0.9999995902176642, 49.200001154854434, 1.1548544321726694e-06],
];
const MIXED_QUANTILES: [[f64; 2]; 5] = [[0.05, 2.0], [0.5, 9.0], [0.9, 22.0], [0.99, 33.0], [0.9999, 47.0]];
const BETAS: [[f64; 5]; 5] = [
    [0.5, 0.5, 0.1, 0.20483276469913345, 0.024471741852423214],
    [1.0, 1.0, 0.3, 0.3, 0.3],
    [2.0, 30.0, 0.05, 0.46340309014265507, 0.011585315861443594],
    [90.0, 10.0, 0.9, 0.4644767001244532, 0.9362417230657617],
    [400.0, 600.0, 0.41, 0.7414814534942447, 0.3964109297347963],
];
const BETA_BINOMIALS: [[f64; 6]; 5] = [
    [2.0, 8.0, 10.0, 0.0, 0.21052631578947376, 1.0],
    [2.0, 8.0, 10.0, 5.0, 0.05144081924267683, 0.09133126934984559],
    [0.5, 0.5, 30.0, 29.0, 0.05215839305520487, 0.15473656606377417],
    [3.0, 27.0, 200.0, 60.0, 0.0006482697759357158, 0.004717807721704825],
    [30.0, 70.0, 5000.0, 1200.0, 0.0007885324618040486, 0.9073831538469209],
];

#[test]
fn a_normal_has_its_density_probability_and_left_over() {
    let normal = Normal { mean: 3.0, deviation: 2.0 };
    for row @ [x, density, below, left_over] in NORMAL {
        assert_agree(normal.density(x), density, 1e-14, &row);
        assert_agree(normal.cdf(x), below, 1e-13, &row);
        assert!((normal.quantile(below) - x).abs() < 1e-9, "{row:?}");
        // Far below the mean two nearly equal numbers are subtracted, there and here.
        assert_agree(normal.left_over(x), left_over, 1e-7, &row);
    }
}

#[test]
fn counts_have_their_probabilities_and_left_overs() {
    for row @ [mean, dispersion, k, at, below, left_over] in COUNTS {
        let count = Count::new(mean, dispersion);
        assert_agree(count.at(k as u64), at, 1e-10, &row);
        assert_agree(count.cdf(k as u64), below, 1e-10, &row);
        assert_agree(count.left_over(k + 0.5), left_over, 1e-9, &row);
        assert_agree(count.lost(k + 0.5) - left_over, mean - k - 0.5, 1e-9, &row);
    }
}

#[test]
fn counts_have_their_quantiles() {
    for row @ [mean, dispersion, u, k] in COUNT_QUANTILES {
        assert_eq!(Count::new(mean, dispersion).quantile(u), k as u64, "{row:?}");
    }
}

fn mixture() -> Mixture {
    Mixture::over(Count::new(2.0, 2.0), [(2.0, 0.2), (4.0, 0.5), (10.0, 0.3)])
}

#[test]
fn demand_over_an_uncertain_time_has_its_probabilities_left_overs_and_losses() {
    for row @ [x, below, left_over, lost] in MIXED {
        assert_agree(mixture().cdf(x as u64), below, 1e-12, &row);
        assert_agree(mixture().left_over(x), left_over, 1e-12, &row);
        assert!((mixture().lost(x) - lost).abs() < 1e-12, "{row:?}");
    }
}

#[test]
fn demand_over_an_uncertain_time_has_its_quantiles() {
    for row @ [u, k] in MIXED_QUANTILES {
        assert_eq!(mixture().quantile(u), k as u64, "{row:?}");
    }
}

#[test]
fn a_beta_has_its_probabilities_and_quantiles() {
    for row @ [a, b, x, below, quantile] in BETAS {
        assert_agree(Beta { a, b }.cdf(x), below, 1e-12, &row);
        assert_agree(Beta { a, b }.quantile(x), quantile, 1e-12, &row);
    }
}

#[test]
fn a_beta_binomial_has_its_probabilities_and_tails() {
    for row @ [a, b, trials, k, at, tail] in BETA_BINOMIALS {
        let counts = BetaBinomial { rate: Beta { a, b }, trials: trials as u32 };
        assert_agree(counts.at(k as u32), at, 1e-10, &row);
        assert_agree(counts.tail(k as u32), tail, 1e-10, &row);
    }
}
