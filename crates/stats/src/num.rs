//! Elementary functions with the same bits on every machine. The standard library asks the system's mathematics for
//! them, and systems differ in the last digit.

/// $e^x$.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// $e^x-1$, exact near zero.
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// $2^x$.
pub fn exp2(x: f64) -> f64 {
    libm::exp2(x)
}

/// Natural logarithm; of zero $-\infty$, below zero not a number.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// $\ln(1+x)$, exact near zero.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Logarithm to base two.
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// $x^y$.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Sine, of radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine, of radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Arc sine in radians.
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// Angle of the point (x, y) in radians.
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// $1/(1+e^{-x})$, without overflow.
pub fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + exp(-x))
    } else {
        let e = exp(x);
        e / (1.0 + e)
    }
}

/// $\ln\frac{p}{1-p}$ of a probability held between `1e-15` and `1 - 1e-15`.
pub fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-15, 1.0 - 1e-15);
    ln(p) - ln_1p(-p)
}

/// The sum with the rounding error of every step carried along (Neumaier): nearly exact, in the order given. As with
/// `+`, what is too large is infinite, and infinities of both signs are no number.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    // What is carried along means nothing beyond the largest number.
    if sum.is_finite() { sum + lost } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_is_too_large_is_infinite() {
        assert_eq!(sum([-13.8, f64::INFINITY]), f64::INFINITY);
        assert_eq!(sum([f64::MAX, f64::MAX, -1.0]), f64::INFINITY);
        assert_eq!(sum([1e100, 1.0, -1e100]), 1.0);
    }

    #[test]
    fn a_probability_goes_to_its_odds_and_back() {
        for p in [1e-9, 0.01, 0.5, 0.75, 1.0 - 1e-9] {
            assert!((sigmoid(logit(p)) - p).abs() < 1e-12, "{p}");
        }
        assert_eq!((sigmoid(-800.0), sigmoid(800.0)), (0.0, 1.0));
        assert!(logit(0.0).is_finite() && logit(1.0).is_finite());
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the system's functions are what is compared with")]
    fn they_differ_from_the_systems_by_the_last_digits_only() {
        for i in 1..400 {
            let x = f64::from(i) * 0.05;
            let pairs = [(exp(x), x.exp()), (ln(x), x.ln()), (pow(x, 1.7), x.powf(1.7)), (tanh(x), x.tanh())];
            for (ours, theirs) in pairs {
                assert!((ours - theirs).abs() <= 1e-15 * (1.0 + theirs.abs()), "{x}: {ours} {theirs}");
            }
        }
    }

    #[test]
    fn small_addends_are_not_lost_beside_large_ones() {
        assert_eq!(sum([1e100, 1.0, -1e100]), 1.0);
        assert_eq!(sum((0..10).map(|_| 0.1)), 1.0);
    }
}
