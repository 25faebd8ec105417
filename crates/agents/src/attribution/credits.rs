//! Credit by channel under every rule, side by side.

use super::{Paths, Rules, Solved};

/// Sales credited, by channel number.
#[derive(Clone, Debug, PartialEq)]
pub struct Credits {
    /// By what each channel's absence would cost, over single touches.
    pub markov: Vec<f64>,
    /// The same over pairs of touches, where there are journeys enough.
    pub markov_of_pairs: Option<Vec<f64>>,
    /// The value of the sales, shared as `markov` shares them.
    pub markov_value: Vec<f64>,
    /// By the rules that need no model.
    pub rules: Vec<Rules>,
    /// The chain's probabilities behind `markov`.
    pub solved: Solved,
}

/// Credit of everything counted. Where no channel's absence would cost anything, the last touch gets it.
pub fn credits(paths: &Paths) -> Credits {
    let solved = paths.chain().solve(paths.channels());
    let share = shares(&solved.removal_effects(), paths.rules());
    let of_pairs = paths.chain_of_pairs().map(|chain| {
        let share = shares(&chain.solve(paths.channels()).removal_effects(), paths.rules());
        share.iter().map(|share| share * paths.sales()).collect()
    });
    Credits {
        markov: share.iter().map(|share| share * paths.sales()).collect(),
        markov_of_pairs: of_pairs,
        markov_value: share.iter().map(|share| share * paths.value()).collect(),
        rules: paths.rules().to_vec(),
        solved,
    }
}

/// Parts of one, as the effects are to each other.
fn shares(effects: &[f64], rules: &[Rules]) -> Vec<f64> {
    let all = stats::num::sum(effects.iter().copied());
    if all > 0.0 {
        return effects.iter().map(|effect| effect / all).collect();
    }
    let all = stats::num::sum(rules.iter().map(|rule| rule.last));
    rules.iter().map(|rule| if all > 0.0 { rule.last / all } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_adds_up_to_the_sales() {
        let mut paths = Paths::default();
        paths.add(&[0, 1, 2], 3.0, 30.0, 5.0);
        paths.add(&[2], 1.0, 10.0, 9.0);
        let credits = credits(&paths);
        assert!((credits.markov.iter().sum::<f64>() - 4.0).abs() < 1e-12);
        assert!((credits.markov_value.iter().sum::<f64>() - 40.0).abs() < 1e-12);
        assert!(credits.markov[0] == credits.markov[1] && credits.markov[2] > credits.markov[1]);
    }

    #[test]
    fn without_a_journey_or_a_sale_nobody_gets_anything() {
        assert!(credits(&Paths::default()).markov.is_empty());
        let mut paths = Paths::default();
        paths.add(&[0, 1], 0.0, 0.0, 5.0);
        assert_eq!(credits(&paths).markov, [0.0, 0.0]);
    }
}
