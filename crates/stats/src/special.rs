//! Special functions behind the distributions. Algorithms: series and continued fractions of Abramowitz and Stegun
//! (6.5.29, 6.5.31, 26.5.8) by the modified Lentz method; the normal quantile by Wichura's AS 241.

use crate::num::{exp, ln, ln_1p};

/// Terms of a series or fraction; all used here converge far sooner, or the answer is at an end anyway.
const TERMS_MAX: usize = 10_000;
const EPSILON: f64 = 1e-16;
const TINY: f64 = 1e-300;

/// $\ln\Gamma(x)$ for $x>0$.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// From here on Stirling's series with four terms has all digits.
const STIRLING_MIN: f64 = 30.0;

/// $\ln\frac{\Gamma(x+n)}{\Gamma(x)}$ for $x,n>0$, without the loss of digits that subtracting two logarithms has when
/// $x$ is large.
pub fn ln_gamma_rise(x: f64, n: f64) -> f64 {
    if x < STIRLING_MIN {
        return ln_gamma(x + n) - ln_gamma(x);
    }
    let rest = |z: f64| {
        let w = 1.0 / (z * z);
        (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w / 1680.0))) / z
    };
    (x - 0.5) * ln_1p(n / x) + n * (ln(x + n) - 1.0) + (rest(x + n) - rest(x))
}

/// $\ln B(a,b)$ for $a,b>0$.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (large, small) = if a >= b { (a, b) } else { (b, a) };
    ln_gamma(small) - ln_gamma_rise(large, small)
}

/// Error function.
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// Complement of the error function.
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Regularised lower and upper incomplete gamma function, $P(a,x)$ and $Q(a,x)$; not a number unless $a>0$, $x\ge0$.
pub fn gamma_pq(a: f64, x: f64) -> (f64, f64) {
    if a.is_nan() || x.is_nan() || a <= 0.0 || x < 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    let front = exp(a * ln(x) - x - ln_gamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        for _ in 0..TERMS_MAX {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * EPSILON {
                break;
            }
        }
        let p = (sum * front).clamp(0.0, 1.0);
        (p, 1.0 - p)
    } else {
        let mut b = x + 1.0 - a;
        let (mut c, mut d) = (1.0 / TINY, 1.0 / b);
        let mut h = d;
        for i in 1..TERMS_MAX {
            let i = i as f64;
            let an = -i * (i - a);
            b += 2.0;
            d = 1.0 / away(an * d + b);
            c = away(b + an / c);
            h *= d * c;
            if (d * c - 1.0).abs() < EPSILON {
                break;
            }
        }
        let q = (front * h).clamp(0.0, 1.0);
        (1.0 - q, q)
    }
}

fn away(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

/// Regularised incomplete beta function $I_x(a,b)$; not a number unless $a,b>0$ and $0\le x\le1$.
pub fn beta_inc(a: f64, b: f64, x: f64) -> f64 {
    beta_pq(a, b, x, 1.0 - x).0
}

/// $I_x(a,b)$ and $1-I_x(a,b)$, for $y=1-x$ that may be known better than $x$ tells; not numbers unless $a,b>0$ and
/// $0\le x\le1$.
pub fn beta_pq(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if [a, b, x].iter().any(|v| v.is_nan()) || a <= 0.0 || b <= 0.0 || !(0.0..=1.0).contains(&x) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 || y <= 0.0 {
        return (x.round(), 1.0 - x.round());
    }
    // The logarithm of what is near one comes from the other, which has more digits.
    let (ln_x, ln_y) = if x > y { (ln_1p(-y), ln(y)) } else { (ln(x), ln_1p(-x)) };
    let front = exp(a * ln_x + b * ln_y - ln_beta(a, b));
    if x < (a + 1.0) / (a + b + 2.0) {
        let p = (front * fraction(a, b, x) / a).clamp(0.0, 1.0);
        (p, 1.0 - p)
    } else {
        let q = (front * fraction(b, a, y) / b).clamp(0.0, 1.0);
        (1.0 - q, q)
    }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..TERMS_MAX {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < EPSILON {
            break;
        }
    }
    h
}

/// The $x$ with $\Phi(x)=p$; infinite at 0 and 1, not a number outside.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&A, r) / polynomial(&B, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = (-ln(tail)).sqrt();
    let size = if r <= 5.0 {
        polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
    } else {
        polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
    };
    if q < 0.0 { -size } else { size }
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

// Wichura (1988), PPND16.
#[expect(clippy::excessive_precision, reason = "as published")]
const A: [f64; 8] = [
    3.387_132_872_796_366_608_0,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
#[expect(clippy::excessive_precision, reason = "as published")]
const B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_082_8e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061_4e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561_2e3,
];
#[expect(clippy::excessive_precision, reason = "as published")]
const C: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_90,
    5.769_497_221_460_691_405_50,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_70e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_40e-4,
];
#[expect(clippy::excessive_precision, reason = "as published")]
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_40,
    6.897_673_349_851_000_045_50e-1,
    1.481_039_764_274_800_745_90e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946_00e-4,
    1.050_750_071_644_416_843_24e-9,
];
#[expect(clippy::excessive_precision, reason = "as published")]
const E: [f64; 8] = [
    6.657_904_643_501_103_777_20,
    5.463_784_911_164_114_369_90,
    1.784_826_539_917_291_335_80,
    2.965_605_718_285_048_912_30e-1,
    2.653_218_952_657_612_309_30e-2,
    1.242_660_947_388_078_438_60e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
#[expect(clippy::excessive_precision, reason = "as published")]
const F: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_90e-1,
    1.369_298_809_227_358_053_10e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591_00e-4,
    1.846_318_317_510_054_681_80e-5,
    1.421_511_758_316_445_888_70e-7,
    2.044_263_103_389_939_785_64e-15,
];
