//! Exploration by probability matching (Thompson 1933): an offer is shown as often as it is likely to be the best one.
//! The chance of each is worked out, not drawn, so that what is logged is exact and later estimates hold.

use stats::dice::Dice;
use stats::dist::Beta;

/// Steps in which the chances are summed up.
const STEPS: usize = 256;

/// What is known of an offer: how often it was shown and taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Takes {
    /// Times shown.
    pub shown: f64,
    /// Times taken.
    pub taken: f64,
}

/// For each offer the chance that its rate is the largest, from Beta(1 + taken, 1 + not taken); they add up to one.
/// Counts that are no counts count as none.
pub fn best_chances(offers: &[Takes]) -> Vec<f64> {
    let posterior = |takes: &Takes| {
        let taken = if takes.taken.is_finite() { takes.taken.clamp(0.0, 1e12) } else { 0.0 };
        let shown = if takes.shown.is_finite() { takes.shown.clamp(taken, 1e12) } else { taken };
        Beta { a: 1.0 + taken, b: 1.0 + shown - taken }
    };
    let known: Vec<Beta> = offers.iter().map(posterior).collect();
    let (low, high) = range(&known);
    let at = |step: usize| low + (high - low) * step as f64 / STEPS as f64;
    let mut before: Vec<f64> = known.iter().map(|beta| beta.cdf(low)).collect();
    // Below the range no offer can be the best but by a rounding error.
    let mut chances = vec![0.0; known.len()];
    for step in 1..=STEPS {
        let now: Vec<f64> = known.iter().map(|beta| beta.cdf(at(step))).collect();
        for (one, chance) in chances.iter_mut().enumerate() {
            let others = (0..known.len()).filter(|other| *other != one);
            let all_below: f64 = others.map(|other| 0.5 * (before[other] + now[other])).product();
            *chance += (now[one] - before[one]) * all_below;
        }
        before = now;
    }
    let all: f64 = stats::num::sum(chances.iter().copied());
    if all > 0.0 {
        chances.iter_mut().for_each(|chance| *chance /= all);
    } else {
        chances.fill(1.0 / offers.len().max(1) as f64);
    }
    chances
}

/// Where the largest rate lies: from the largest of the low ends to the largest of the high ends.
fn range(known: &[Beta]) -> (f64, f64) {
    let end = |at: f64| known.iter().map(|beta| beta.quantile(at)).fold(0.0, f64::max);
    (end(1e-4), end(1.0 - 1e-6))
}

/// One of them, each with its chance; `None` when there is none. The seed is the decision's number.
pub fn draw(chances: &[f64], seed: u64) -> Option<usize> {
    let mut left = Dice::seeded(seed).unit();
    for (place, chance) in chances.iter().enumerate() {
        left -= chance;
        if left < 0.0 {
            return Some(place);
        }
    }
    chances.len().checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn takes(shown: f64, taken: f64) -> Takes {
        Takes { shown, taken }
    }

    #[test]
    fn equals_are_shown_alike_and_a_proven_loser_hardly_ever() {
        let chances = best_chances(&[takes(10.0, 2.0), takes(10.0, 2.0), takes(1_000.0, 1.0)]);
        assert!((chances[0] - chances[1]).abs() < 1e-12 && chances[2] < 0.01, "{chances:?}");
    }

    #[test]
    fn two_unknown_rates_against_a_known_one_follow_the_integral() {
        // P(uniform > the rate of Beta(2, 1)) = 1/3, with density 2x: the integral of (1 - x) 2x.
        let chances = best_chances(&[takes(0.0, 0.0), takes(1.0, 1.0)]);
        assert!((chances[0] - 1.0 / 3.0).abs() < 1e-3, "{chances:?}");
    }

    #[test]
    fn over_many_seeds_each_is_drawn_by_its_chance() {
        let chances = [0.2, 0.5, 0.3];
        let mut drawn = [0.0_f64; 3];
        (0..20_000).for_each(|seed| drawn[draw(&chances, seed).expect("three")] += 1.0 / 20_000.0);
        // Five standard errors.
        assert!(drawn.iter().zip(chances).all(|(share, chance)| (share - chance).abs() < 0.018), "{drawn:?}");
        assert_eq!(draw(&[], 1), None);
    }

    proptest! {
        #[test]
        fn chances_are_chances_whatever_was_counted(counts in prop::collection::vec((any::<f64>(), any::<f64>()), 1..6)) {
            let offers: Vec<Takes> = counts.iter().map(|(shown, taken)| takes(*shown, *taken)).collect();
            let chances = best_chances(&offers);
            prop_assert!(chances.iter().all(|chance| (0.0..=1.0 + 1e-9).contains(chance)), "{chances:?}");
            prop_assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
