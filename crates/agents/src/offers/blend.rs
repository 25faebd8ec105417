//! How much each kind of evidence counts: a conditional logit (McFadden 1974). Of all candidates of a question one was
//! wanted; the weights make that most likely. A score is a plain sum, so each part can be told to a person.

use stats::Matrix;
use stats::num::{exp, ln};

use super::evidence::WIDTH;

/// Rounds of Newton's method; it converges in about ten.
const ROUNDS: usize = 25;
/// Largest change of a weight at which it has converged.
const DONE: f64 = 1e-4;
/// Pull of the weights towards those believed beforehand, in questions.
const BELIEF: f64 = 5.0;

/// One question with a known answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    /// The evidence for each candidate.
    pub(super) candidates: Vec<[f32; WIDTH]>,
    /// Which one was wanted.
    pub(super) wanted: usize,
}

/// The score of a candidate.
pub(super) fn score(inputs: &[f32; WIDTH], weights: &[f32; WIDTH]) -> f32 {
    inputs.iter().zip(weights).map(|(input, weight)| input * weight).sum()
}

/// The weights, from those believed beforehand, which stay when there are no choices.
pub(super) fn fit<'a>(choices: impl Iterator<Item = &'a Choice>, believed: &[f32; WIDTH]) -> [f32; WIDTH] {
    let choices: &[&Choice] = &choices.collect::<Vec<_>>();
    let believed = believed.map(f64::from);
    let mut weights = believed;
    let mut best = loss(choices, &weights, &believed);
    for _ in 0..ROUNDS {
        let Some(step) = newton(choices, &weights, &believed) else { break };
        // Newton may step too far where the curve bends; half as far, then.
        let mut share = 1.0;
        let next = loop {
            let tried: [f64; WIDTH] = std::array::from_fn(|kind| weights[kind] + share * step[kind]);
            let after = loss(choices, &tried, &believed);
            if after <= best {
                break Some((tried, after));
            }
            share *= 0.5;
            if share < 1e-3 {
                break None;
            }
        };
        let Some((tried, after)) = next else { break };
        (weights, best) = (tried, after);
        if step.iter().all(|change| (share * change).abs() < DONE) {
            break;
        }
    }
    weights.map(|weight| weight as f32)
}

/// The chances of the candidates.
fn chances(choice: &Choice, weights: &[f64; WIDTH]) -> Vec<f64> {
    let score =
        |inputs: &[f32; WIDTH]| inputs.iter().zip(weights).map(|(input, weight)| f64::from(*input) * weight).sum();
    let mut chances: Vec<f64> = choice.candidates.iter().map(score).collect();
    let largest = chances.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    chances.iter_mut().for_each(|chance| *chance = exp(*chance - largest));
    let all: f64 = chances.iter().sum();
    chances.iter_mut().for_each(|chance| *chance /= all);
    chances
}

fn loss(choices: &[&Choice], weights: &[f64; WIDTH], believed: &[f64; WIDTH]) -> f64 {
    let off: f64 = weights.iter().zip(believed).map(|(weight, belief)| (weight - belief) * (weight - belief)).sum();
    let missed: f64 = choices.iter().map(|choice| -ln(chances(choice, weights)[choice.wanted].max(1e-300))).sum();
    missed + 0.5 * BELIEF * off
}

fn newton(choices: &[&Choice], weights: &[f64; WIDTH], believed: &[f64; WIDTH]) -> Option<[f64; WIDTH]> {
    let mut gradient = [0.0; WIDTH];
    let mut curve = Matrix::zero(WIDTH, WIDTH);
    for choice in choices {
        let mut mean = [0.0; WIDTH];
        for (inputs, chance) in
            choice.candidates.iter().zip(chances(choice, weights)).filter(|(_, chance)| *chance > 1e-6)
        {
            for one in 0..WIDTH {
                let part = chance * f64::from(inputs[one]);
                mean[one] += part;
                curve.row_mut(one)[..=one]
                    .iter_mut()
                    .zip(inputs)
                    .for_each(|(cell, other)| *cell += part * f64::from(*other));
            }
        }
        for one in 0..WIDTH {
            gradient[one] += f64::from(choice.candidates[choice.wanted][one]) - mean[one];
            curve.row_mut(one)[..=one].iter_mut().zip(mean).for_each(|(cell, other)| *cell -= mean[one] * other);
        }
    }
    for kind in 0..WIDTH {
        gradient[kind] -= BELIEF * (weights[kind] - believed[kind]);
        *curve.at_mut(kind, kind) += BELIEF;
    }
    curve.cholesky().ok()?.solve_factored(&mut gradient);
    gradient.iter().all(|step| step.is_finite()).then_some(gradient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stats::dice::Dice;

    #[test]
    fn weights_that_made_the_choices_are_found_again() {
        let mut dice = Dice::seeded(2);
        let mut true_weights = [0.0; WIDTH];
        (true_weights[0], true_weights[1], true_weights[4]) = (1.0, -0.5, 0.3);
        let choices: Vec<Choice> = (0..6_000)
            .map(|_| {
                let candidates: Vec<[f32; WIDTH]> = (0..6)
                    .map(|_| std::array::from_fn(|kind| if kind < 6 { dice.normal() as f32 } else { 0.0 }))
                    .collect();
                let mut choice = Choice { candidates, wanted: 0 };
                let mut left = dice.unit();
                for (at, chance) in chances(&choice, &true_weights).into_iter().enumerate() {
                    left -= chance;
                    if left < 0.0 {
                        choice.wanted = at;
                        break;
                    }
                }
                choice
            })
            .collect();
        let found = fit(choices.iter(), &[0.0; WIDTH]);
        for (weight, wanted) in found.iter().zip(true_weights) {
            // About five standard errors.
            assert!((f64::from(*weight) - wanted).abs() < 0.08, "{found:?}");
        }
    }

    #[test]
    fn without_choices_the_belief_stays() {
        let belief = std::array::from_fn(|kind| kind as f32);
        assert_eq!(fit(std::iter::empty(), &belief), belief);
    }
}
