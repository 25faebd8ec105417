//! Special functions against SciPy's.
//!
//! ```python
//! from scipy import special as s, stats as t
//! show = lambda rows: print(*[", ".join(map(repr, map(float, row))) for row in rows], sep="\n")
//! show([(x, s.gammaln(x), s.erf(x), s.erfc(x)) for x in (0.1, 0.5, 1.5, 4.0, 7.25)])
//! show([(a, x, s.gammainc(a, x), s.gammaincc(a, x)) for a, x in
//!       ((0.5, 0.1), (0.5, 3.0), (3.0, 1.0), (3.0, 9.0), (50.0, 40.0), (50.0, 80.0), (5000.0, 5100.0))])
//! show([(a, b, x, s.betainc(a, b, x)) for a, b, x in
//!       ((0.5, 0.5, 0.2), (2.0, 5.0, 0.1), (2.0, 5.0, 0.7), (80.0, 20.0, 0.75), (0.3, 900.0, 1e-4), (3000.0, 4000.0, 0.43), (1e-3, 2.0, 0.5))])
//! show([(p, t.norm.ppf(p)) for p in (1e-300, 1e-10, 0.001, 0.2, 0.5, 0.7, 0.975, 0.9999)])
//! ```

use super::assert_agree;
use stats::special::{beta_inc, erf, erfc, gamma_pq, ln_gamma, normal_quantile};

const GAMMA_ERF: [[f64; 4]; 5] = [
    [0.1, 2.252712651734206, 0.1124629160182849, 0.8875370839817152],
    [0.5, 0.5723649429247, 0.5204998778130465, 0.4795001221869535],
    [1.5, -0.12078223763524526, 0.9661051464753108, 0.03389485352468927],
    [4.0, 1.791759469228055, 0.9999999845827421, 1.541725790028002e-08],
    [7.25, 7.0521854507385395, 1.0, 1.1466900814815008e-24],
];
const INCOMPLETE_GAMMA: [[f64; 4]; 7] = [
    [0.5, 0.1, 0.34527915398142317, 0.6547208460185768],
    [0.5, 3.0, 0.9856941215645704, 0.014305878435429641],
    [3.0, 1.0, 0.08030139707139418, 0.9196986029286058],
    [3.0, 9.0, 0.9937678048936227, 0.006232195106377317],
    [50.0, 40.0, 0.07033506665939494, 0.9296649333406051],
    [50.0, 80.0, 0.9998692160234086, 0.0001307839765914092],
    [5000.0, 5100.0, 0.9206711189223811, 0.07932888107761896],
];
const INCOMPLETE_BETA: [[f64; 4]; 7] = [
    [0.5, 0.5, 0.2, 0.2951672353008665],
    [2.0, 5.0, 0.1, 0.11426500000000002],
    [2.0, 5.0, 0.7, 0.989065],
    [80.0, 20.0, 0.75, 0.10939053817284952],
    [0.3, 900.0, 0.0001, 0.5300608727495355],
    [3000.0, 4000.0, 0.43, 0.5958415156690128],
    [0.001, 2.0, 0.5, 0.9998067465369478],
];
const NORMAL: [[f64; 2]; 8] = [
    [1e-300, -37.0470962993612],
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.2, -0.8416212335729142],
    [0.5, 0.0],
    [0.7, 0.5244005127080407],
    [0.975, 1.959963984540054],
    [0.9999, 3.719016485455709],
];

#[test]
fn logarithm_of_gamma_and_error_function_are_as_published() {
    for row @ [x, gamma, error, rest] in GAMMA_ERF {
        assert_agree(ln_gamma(x), gamma, 1e-14, &row);
        assert_agree(erf(x), error, 1e-15, &row);
        assert_agree(erfc(x), rest, 1e-14, &row);
    }
}

#[test]
fn incomplete_gamma_is_as_published_on_both_sides() {
    for row @ [a, x, below, above] in INCOMPLETE_GAMMA {
        let ours = gamma_pq(a, x);
        assert_agree(ours.0, below, 1e-11, &row);
        assert_agree(ours.1, above, 1e-11, &row);
    }
}

#[test]
fn incomplete_beta_is_as_published() {
    for row @ [a, b, x, below] in INCOMPLETE_BETA {
        assert_agree(beta_inc(a, b, x), below, 1e-11, &row);
    }
}

#[test]
fn normal_quantiles_are_as_published() {
    for row @ [p, x] in NORMAL {
        assert_agree(normal_quantile(p), x, 1e-14, &row);
    }
}
