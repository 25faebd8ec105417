//! What distributions and special functions promise for every number, also for those that are none.

use proptest::prelude::*;
use stats::dist::{Beta, BetaBinomial, Count, Mixture, Normal};
use stats::special::{beta_inc, gamma_pq, ln_gamma, normal_quantile};

fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(-1.0),
        Just(1e-300),
        Just(1e300),
        Just(1e15),
        0.0..1.0_f64,
        0.0..1e6_f64,
    ]
}

/// Means from far below one to the many, evenly by their logarithm.
fn mean() -> impl Strategy<Value = f64> {
    (-5.0..12.0_f64).prop_map(stats::num::exp)
}

fn count() -> impl Strategy<Value = Count> {
    (mean(), prop_oneof![Just(1.0), 1.0..1.01_f64, 1.0..30.0_f64]).prop_map(|(mean, v)| Count::new(mean, v))
}

fn is_probability(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}

proptest! {
    #[test]
    fn a_count_of_any_numbers_has_probabilities_and_stocks(mean in odd(), dispersion in odd(), x in odd(), u in odd()) {
        let count = Count::new(mean, dispersion);
        for k in [0, 1, 1_000, x as u64] {
            prop_assert!(is_probability(count.cdf(k)) && count.at(k) >= 0.0, "{count:?} {k}");
        }
        prop_assert!(count.left_over(x) >= 0.0 && count.lost(x) >= 0.0, "{count:?} {x}");
        let quantile = count.quantile(u);
        prop_assert!(quantile == u64::MAX || quantile < 1_000_000_000_000_000_000, "{count:?} {quantile}");
        let mixed = Mixture::new([(mean, count), (x, count.over(u)), (1.0, count.over(2.0))]);
        prop_assert!(is_probability(mixed.cdf(3)) && mixed.left_over(x) >= 0.0 && mixed.lost(x) >= 0.0);
        mixed.quantile(u);
    }

    #[test]
    fn special_functions_of_any_numbers_are_probabilities_or_no_numbers(a in odd(), b in odd(), x in odd()) {
        for p in [beta_inc(a, b, x), gamma_pq(a, x).0, gamma_pq(a, x).1] {
            prop_assert!(p.is_nan() || is_probability(p), "{a} {b} {x}: {p}");
        }
        prop_assert_eq!(normal_quantile(x).is_nan(), !is_probability(x));
        let counts = BetaBinomial { rate: Beta { a, b }, trials: 40 };
        let (at, tail) = (counts.at(7), counts.tail(7));
        prop_assert!((at.is_nan() || at >= 0.0) && (tail.is_nan() || is_probability(tail)), "{counts:?} {at} {tail}");
        if a > 0.0 {
            prop_assert!(!ln_gamma(a).is_nan());
        }
    }

    #[test]
    fn a_quantile_is_the_first_count_that_reaches_its_probability(count in count(), u in 0.0001..0.9999_f64) {
        let k = count.quantile(u);
        prop_assert!(count.cdf(k) >= u && (k == 0 || count.cdf(k - 1) < u), "{count:?} {u}: {k}");
    }

    #[test]
    fn the_quantile_of_a_counts_probability_is_no_later_than_the_count(count in count(), share in 0.0..3.0_f64) {
        let k = (count.mean() * share) as u64;
        let back = count.quantile(count.cdf(k));
        prop_assert!(back <= k || count.cdf(k) == 1.0, "{count:?} {k}: {back}");
    }

    #[test]
    fn probabilities_of_a_count_add_up_to_its_distribution(count in count(), k in 0..60_u64) {
        let sum: f64 = (0..=k).map(|k| count.at(k)).sum();
        // A count of the many is taken for normal, which lies a little below zero too.
        prop_assert!((sum - count.cdf(k)).abs() < 1e-9, "{count:?} {k}: {sum} {}", count.cdf(k));
    }

    #[test]
    fn what_is_left_and_what_is_lost_differ_by_stock_less_mean(count in count(), share in 0.0..4.0_f64) {
        let x = count.mean() * share;
        let (left, lost) = (count.left_over(x), count.lost(x));
        prop_assert!((left - lost - (x - count.mean())).abs() <= 1e-8 * (1.0 + x), "{count:?} {x}: {left} {lost}");
        let more = count.left_over(x + 1.0);
        prop_assert!(more + 1e-8 * (1.0 + x) >= left && more <= left + 1.0 + 1e-8 * (1.0 + x), "{count:?} {x}");
    }

    #[test]
    fn the_sum_and_the_closed_form_of_what_is_left_meet(mean in 100.0..300.0_f64, dispersion in 1.0..9.0_f64) {
        let count = Count::new(mean, dispersion);
        // At 200 the sum ends; above, the closed form goes on by the distribution.
        let step = count.left_over(201.0) - count.left_over(200.0);
        prop_assert!((step - count.cdf(200)).abs() < 1e-8, "{count:?}: {step} {}", count.cdf(200));
    }

    #[test]
    fn a_mixture_has_the_first_count_that_reaches_its_probability(
        daily in count(),
        days in prop::collection::vec((0.0..30.0_f64, 0.0..1.0_f64), 1..6),
        u in 0.001..0.999_f64,
    ) {
        let mixed = Mixture::over(daily, days);
        let k = mixed.quantile(u);
        prop_assert!(mixed.cdf(k) >= u - 1e-12 && (k == 0 || mixed.cdf(k - 1) < u), "{mixed:?} {u}: {k}");
        let x = mixed.mean() * 1.3;
        prop_assert!((mixed.left_over(x) - mixed.lost(x) - (x - mixed.mean())).abs() < 1e-7 * (1.0 + x));
    }

    #[test]
    fn quantiles_of_normal_and_beta_turn_their_probabilities_back(
        p in 0.0001..0.9999_f64,
        a in 0.3..300.0_f64,
        b in 0.3..300.0_f64,
    ) {
        let normal = Normal { mean: a, deviation: b };
        prop_assert!((normal.cdf(normal.quantile(p)) - p).abs() < 1e-12);
        let beta = Beta { a, b };
        prop_assert!((beta.cdf(beta.quantile(p)) - p).abs() < 1e-9, "{beta:?} {p}");
    }

    #[test]
    fn tails_of_a_beta_binomial_fall_by_its_probabilities(a in 0.3..30.0_f64, b in 0.3..90.0_f64, trials in 1..300_u32) {
        let counts = BetaBinomial { rate: Beta { a, b }, trials };
        for r in 0..trials {
            let step = counts.tail(r) - counts.tail(r + 1);
            prop_assert!((step - counts.at(r)).abs() < 1e-10, "{counts:?} {r}: {step} {}", counts.at(r));
        }
    }
}
