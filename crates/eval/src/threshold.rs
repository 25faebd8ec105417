//! How precise and how complete answers are from each threshold on. Called by the judges of fraud, identity and matching.

use crate::plot::Line;

/// All that scored at least so much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The threshold.
    pub from: f64,
    /// How many reach it.
    pub chosen: f64,
    /// How many of them are right.
    pub right: f64,
}

impl Step {
    /// Share of the chosen that is right.
    pub fn precision(&self) -> f64 {
        self.right / self.chosen
    }
}

/// The steps of scores with what they turned out to be, the highest first; equal scores are one step.
pub fn steps(mut scored: Vec<(f64, bool)>) -> Vec<Step> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut chosen, mut right) = (0.0, 0.0);
    let step = |equal: &[(f64, bool)]| {
        chosen += equal.len() as f64;
        right += equal.iter().filter(|(_, is)| *is).count() as f64;
        Step { from: equal[0].0, chosen, right }
    };
    scored.chunk_by(|a, b| a.0 == b.0).map(step).collect()
}

/// Precision and recall over the threshold, for a picture; `all` are right.
pub fn over_threshold(scored: Vec<(f64, bool)>, all: f64) -> [Line; 2] {
    let steps = steps(scored);
    let points = |of: &dyn Fn(&Step) -> f64| steps.iter().map(|step| (step.from, of(step))).collect();
    [Line::new("precision", points(&Step::precision)), Line::new("recall", points(&|step| step.right / all.max(1.0)))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_are_chosen_together_and_the_highest_first() {
        let steps = steps(vec![(0.2, false), (0.9, true), (0.5, true), (0.5, false)]);
        let step = |from, chosen, right| Step { from, chosen, right };
        assert_eq!(steps, [step(0.9, 1.0, 1.0), step(0.5, 3.0, 2.0), step(0.2, 4.0, 2.0)]);
        let [precision, recall] = over_threshold(vec![(0.9, true), (0.5, false)], 2.0);
        assert_eq!(precision.points, [(0.9, 1.0), (0.5, 0.5)]);
        assert_eq!(recall.points, [(0.9, 0.5), (0.5, 0.5)]);
        assert_eq!(over_threshold(Vec::new(), 0.0)[0].points, []);
    }
}
