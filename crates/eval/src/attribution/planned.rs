//! Weeks of spending whose curves are known: does a proposed shift gain in truth, and are intervals as wide as they say?

use agents::attribution::budget::{Line, shift};
use agents::attribution::response::{Curve, Response, Weeks};
use model::Currency;
use serde_json::{Value, json};
use stats::dice::Dice;
use stats::num::sin;

use crate::calibration::Calibration;
use crate::measure::round;

const WORLDS: u64 = 12;
const CHANNELS: usize = 4;
const WEEKS: usize = 130;
const BOOTSTRAPS: usize = 60;

/// Gains of proposed shifts over the best shifts that anybody could propose within the same bounds.
pub fn run(seed: u64) -> Value {
    let Some(currency) = Currency::parse("EUR") else { return Value::Null };
    let (mut proposed, mut gaining, mut gained, mut best) = (0, 0, 0.0, 0.0);
    let (mut covered, mut intervals) = (0, 0);
    let mut told = Calibration::default();
    for world in 0..WORLDS {
        let mut dice = Dice::seeded(seed.wrapping_mul(7_919).wrapping_add(world));
        let (weeks, truth) = made(&mut dice);
        let Some(fitted) = Response::fit(&weeks) else { continue };
        let others = fitted.bootstrap(&weeks, BOOTSTRAPS, &mut dice);
        let line = |channel: usize, curve: Curve, others: Vec<Curve>| {
            let recent = &weeks.spend[channel][WEEKS - 8..];
            Line { spend: recent.iter().sum::<f64>() / 8.0, floor: 0.0, curve, others }
        };
        let of = |channel: usize| others.iter().map(|curves| curves[channel]).collect::<Vec<_>>();
        let lines: Vec<Line> =
            (0..CHANNELS).map(|channel| line(channel, fitted.curves[channel], of(channel))).collect();
        let ideal: Vec<Line> = (0..CHANNELS).map(|channel| line(channel, truth[channel], Vec::new())).collect();
        for (line, truth) in lines.iter().zip(&truth) {
            let mut marginals: Vec<f64> = line.others.iter().map(|curve| curve.marginal(line.spend)).collect();
            marginals.sort_by(f64::total_cmp);
            let real = truth.marginal(line.spend);
            intervals += 1;
            covered += u32::from(marginals[3] <= real && real <= marginals[BOOTSTRAPS - 4]);
        }
        best += shift(&ideal, WEEKS, 1e6, 1.0, currency).map_or(0.0, |plan| plan.action.gain);
        if let Some(plan) = shift(&lines, WEEKS, 1e6, 1.0, currency) {
            let spend = lines.iter().zip(&plan.action.spend);
            let real: f64 =
                truth.iter().zip(spend).map(|(curve, (line, spend))| curve.gain(*spend) - curve.gain(line.spend)).sum();
            proposed += 1;
            gaining += u32::from(real > 0.0);
            told.add(plan.reasons.confidence.value(), real > 0.0);
            gained += real;
        }
    }
    json!({
        "worlds": WORLDS,
        "proposed": proposed,
        "proposed_that_gain": gaining,
        "confidence": told.json(),
        "gain_to_best": round(gained / f64::max(best, 1e-9)),
        "marginal_return_within_its_90_interval": round(f64::from(covered) / f64::from(intervals.max(1))),
    })
}

/// Two and a half years of weeks; every channel pauses now and then, as in campaigns.
fn made(dice: &mut Dice) -> (Weeks, Vec<Curve>) {
    let curves: Vec<Curve> = (0..CHANNELS)
        .map(|_| {
            let lasts = [0.0, 0.3, 0.6][dice.below(3) as usize];
            let half = (40.0 + 200.0 * dice.unit()) / (1.0 - lasts);
            Curve { most: 50.0 + 400.0 * dice.unit(), lasts, steepness: [1.0, 2.0][dice.below(2) as usize], half }
        })
        .collect();
    let week = |dice: &mut Dice| if dice.happens(0.25) { 0.0 } else { 30.0 + 170.0 * dice.unit() };
    let spend: Vec<Vec<f64>> = (0..CHANNELS).map(|_| (0..WEEKS).map(|_| week(dice)).collect()).collect();
    let gains: Vec<Vec<f64>> = curves.iter().zip(&spend).map(|(curve, spend)| curve.gains(spend)).collect();
    let outcome = (0..WEEKS).map(|week| {
        let base = 1_500.0 + 150.0 * sin(week as f64 * 0.12) + 40.0 * dice.normal();
        base + gains.iter().map(|gains| gains[week]).sum::<f64>()
    });
    (Weeks { outcome: outcome.collect(), spend, controls: Vec::new() }, curves)
}
