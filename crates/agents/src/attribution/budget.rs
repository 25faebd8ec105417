//! Moving money between channels: from where the next coin surely does least to where it surely does most, a little at a
//! time and never far. Called by the evaluation and by whoever plans the week.

use model::{Currency, Money};

use super::response::{Curve, SALES_MIN, WEEKS_MIN};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// No channel's week changes by more than this part.
pub const CHANGE_MAX: f64 = 0.2;
/// Money moves in steps of this part of all spending.
const STEP: f64 = 0.005;
/// Both ends of what a marginal return may be.
const BOUNDS: (f64, f64) = (0.05, 0.95);

/// One channel's week as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Spent each week now.
    pub spend: f64,
    /// Least that must be spent: contracts, and what a person set.
    pub floor: f64,
    /// The fitted curve.
    pub curve: Curve,
    /// What else the curve may be.
    pub others: Vec<Curve>,
}

/// The week's plan: spending by channel, as many as there are lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// By channel.
    pub spend: Vec<f64>,
    /// Expected gain of a week, in the outcome's unit.
    pub gain: f64,
    /// What the gain is at least, nineteen times of twenty.
    pub gain_low: f64,
}

/// The plan, or `None` when there are fewer than 8 weeks or 200 sales, nothing is spent, or no move is sure to gain.
/// `margin` turns the outcome into money earned.
pub fn shift(lines: &[Line], weeks: usize, sales: f64, margin: f64, currency: Currency) -> Option<Proposal<Shift>> {
    let all: f64 = lines.iter().map(|line| line.spend).sum();
    let enough = weeks >= WEEKS_MIN && sales >= SALES_MIN;
    let (spent, earning) = (all > 0.0 && all.is_finite(), margin > 0.0 && margin.is_finite());
    if !(enough && spent && earning) {
        return None;
    }
    let mut spend: Vec<f64> = lines.iter().map(|line| line.spend).collect();
    let step = all * STEP;
    // Each step moves money between two channels, and each channel may move only so far.
    for _ in 0..(lines.len() as f64 / STEP) as usize {
        let Some((from, to)) = next_move(lines, &spend, step) else { break };
        spend[from] -= step;
        spend[to] += step;
    }
    let moved: f64 = lines.iter().zip(&spend).map(|(line, spend)| (spend - line.spend).abs()).sum();
    let gains = gains(lines, &spend);
    let (gain, gain_low) = (gain(lines, &spend, |line| &line.curve), quantile(&gains, BOUNDS.0));
    if moved <= 0.0 || gain_low.is_nan() || gain_low <= 0.0 {
        return None;
    }
    let reasons = reasons(lines, &spend, &gains, gain * margin, currency);
    let action = Shift { spend, gain, gain_low };
    Some(Proposal { action, reasons, undo: "set the spending of every channel back to what it was" })
}

/// From the lowest sure marginal return to the highest, when the highest at its worst beats the lowest at its best.
fn next_move(lines: &[Line], spend: &[f64], step: f64) -> Option<(usize, usize)> {
    let may_give = |place: &usize| {
        let line = &lines[*place];
        spend[*place] - step >= (line.spend * (1.0 - CHANGE_MAX)).max(line.floor)
    };
    let may_take = |place: &usize| spend[*place] + step <= lines[*place].spend * (1.0 + CHANGE_MAX);
    let bound = |place: usize, at: f64| quantile(&marginals(&lines[place], spend[place]), at);
    let worst = (0..lines.len()).filter(may_give).map(|place| (bound(place, BOUNDS.1), place));
    let (most, from) = worst.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
    let best = (0..lines.len()).filter(may_take).map(|place| (bound(place, BOUNDS.0), place));
    let (least, to) = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    (from != to && least > most).then_some((from, to))
}

fn marginals(line: &Line, spend: f64) -> Vec<f64> {
    std::iter::once(&line.curve).chain(&line.others).map(|curve| curve.marginal(spend)).collect()
}

/// Gain over today under one choice of curves.
fn gain<'a>(lines: &'a [Line], spend: &[f64], curve: impl Fn(&'a Line) -> &'a Curve) -> f64 {
    let of = |(line, spend): (&'a Line, &f64)| curve(line).gain(*spend) - curve(line).gain(line.spend);
    stats::num::sum(lines.iter().zip(spend).map(of))
}

/// Gain under every set of curves, sets that are told for all channels only.
fn gains(lines: &[Line], spend: &[f64]) -> Vec<f64> {
    let sets = lines.iter().map(|line| line.others.len()).min().unwrap_or(0);
    let mut gains: Vec<f64> = (0..sets).map(|set| gain(lines, spend, |line| &line.others[set])).collect();
    gains.push(gain(lines, spend, |line| &line.curve));
    gains
}

fn quantile(values: &[f64], at: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (at * (sorted.len() as f64 - 1.0)).round().max(0.0) as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

fn reasons(lines: &[Line], spend: &[f64], gains: &[f64], money: f64, currency: Currency) -> Reasons {
    let term = |(line, spend): (&Line, &f64)| Term {
        name: if *spend > line.spend { "more where the next coin does most" } else { "less where it does least" },
        input: *spend - line.spend,
        adds: line.curve.gain(*spend) - line.curve.gain(line.spend),
    };
    let terms: Vec<Term> = lines.iter().zip(spend).filter(|(line, spend)| **spend != line.spend).map(term).collect();
    let better = gains.iter().filter(|gain| **gain > 0.0).count() as f64 / gains.len() as f64;
    let mut reasons = Reasons::of(terms, Confidence::new(better));
    reasons.runner_up = Some(RunnerUp { what: "leave every channel as it is".to_owned(), score: 0.0 });
    let given: f64 = lines.iter().zip(spend).map(|(line, spend)| (line.spend - spend).max(0.0)).sum();
    // The curves only decide over the money that moves: with none of it gaining, nothing is proposed.
    reasons.flip = reasons.terms.first().map(|term| Flip { input: term.name, from: given, to: 0.0 });
    let minor = (money * stats::num::pow(10.0, f64::from(currency.decimals()))).round();
    reasons.value = minor.is_finite().then_some(Money { minor: minor as i64, currency });
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(spend: f64, most: f64, half: f64, doubt: f64) -> Line {
        let curve = Curve { most, lasts: 0.3, steepness: 1.0, half };
        let others = [1.0 - doubt, 1.0, 1.0 + doubt].map(|factor| Curve { most: most * factor, ..curve }).to_vec();
        Line { spend, floor: 0.0, curve, others }
    }

    fn euro() -> Currency {
        Currency::parse("EUR").expect("a code")
    }

    #[test]
    fn money_moves_from_the_worn_out_channel_to_the_fresh_one_within_bounds() {
        let lines = [line(100.0, 50.0, 20.0, 0.1), line(100.0, 900.0, 300.0, 0.1)];
        let plan = shift(&lines, 60, 5_000.0, 0.4, euro()).expect("a sure gain");
        assert!(plan.action.spend[0] >= 80.0 - 1e-9 && plan.action.spend[1] <= 120.0 + 1e-9);
        assert!(plan.action.spend[1] > 115.0 && plan.action.gain_low > 0.0);
        assert!((plan.reasons.score - plan.action.gain).abs() < 1e-9);
    }

    #[test]
    fn nothing_moves_when_it_is_not_sure_or_not_known() {
        let alike = [line(100.0, 300.0, 100.0, 0.5), line(100.0, 330.0, 100.0, 0.5)];
        assert_eq!(shift(&alike, 60, 5_000.0, 1.0, euro()), None);
        let clear = [line(100.0, 50.0, 20.0, 0.1), line(100.0, 900.0, 300.0, 0.1)];
        assert_eq!(shift(&clear, 7, 5_000.0, 1.0, euro()), None);
        assert_eq!(shift(&clear, 60, 199.0, 1.0, euro()), None);
        assert_eq!(shift(&[], 60, 5_000.0, 1.0, euro()), None);
    }

    proptest! {
        #[test]
        fn no_channel_moves_too_far_and_no_money_appears(
            channels in prop::collection::vec((0.0..1_000.0_f64, 0.0..5_000.0_f64, 1.0..2_000.0_f64, 0.0..0.6_f64, 0.0..1.0_f64), 1..6)
        ) {
            let lines: Vec<Line> = channels
                .iter()
                .map(|(spend, most, half, doubt, floor)| Line { floor: floor * spend, ..line(*spend, *most, *half, *doubt) })
                .collect();
            if let Some(plan) = shift(&lines, 60, 5_000.0, 1.0, euro()) {
                let before: f64 = lines.iter().map(|line| line.spend).sum();
                prop_assert!((plan.action.spend.iter().sum::<f64>() - before).abs() < 1e-6 * before);
                for (line, spend) in lines.iter().zip(&plan.action.spend) {
                    prop_assert!(*spend <= line.spend * 1.2 + 1e-9 && *spend >= (line.spend * 0.8).max(line.floor) - 1e-9);
                }
            }
        }
    }
}
