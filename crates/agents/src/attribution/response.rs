//! What money did: sales by week as curves of spending that lasts and wears off.
//!
//! $y_t=\text{base}_t+\sum_c\beta_c\frac{a_{ct}^{\rho}}{a_{ct}^{\rho}+\theta^{\rho}}$ of the adstock
//! $a_{ct}=x_{ct}+\delta a_{c,t-1}$ (Jin et al. 2017). Shapes come from a grid, heights from least squares with no
//! height below zero, doubt from a bootstrap over blocks of weeks.

use stats::dice::Dice;
use stats::num::{cos, pow, sin};

use super::solve::least_squares;

/// Fewer weeks say nothing.
pub const WEEKS_MIN: usize = 8;
/// Fewer sales say nothing.
pub const SALES_MIN: f64 = 200.0;
/// Weeks that stay together when the bootstrap draws.
const BLOCK: usize = 4;
/// How much of a week's effect is there a week later.
const LASTS: [f64; 4] = [0.0, 0.3, 0.6, 0.8];
/// Below one: each coin does less than the one before. Above: the first coins do little.
const STEEPNESS: [f64; 3] = [0.7, 1.0, 2.0];
/// Adstock at which half of all is reached, in means of the channel's own adstock.
const HALVES: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// Weeks in order. Every channel and control has as many values as there are outcomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weeks {
    /// What was sold, in money or in sales.
    pub outcome: Vec<f64>,
    /// Spending by channel.
    pub spend: Vec<Vec<f64>>,
    /// What else moves sales: holidays, prices, competitors.
    pub controls: Vec<Vec<f64>>,
}

/// How one channel answers money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// $\beta$: most that a week can gain.
    pub most: f64,
    /// $\delta$: part of the effect that is there a week later.
    pub lasts: f64,
    /// $\rho$.
    pub steepness: f64,
    /// $\theta$: adstock at which half is reached.
    pub half: f64,
}

impl Curve {
    fn shape(&self, adstock: f64) -> f64 {
        if adstock <= 0.0 || self.half <= 0.0 {
            return 0.0;
        }
        let ratio = pow(adstock / self.half, self.steepness);
        if ratio.is_finite() { ratio / (1.0 + ratio) } else { 1.0 }
    }

    /// Gain of a week when the same is spent every week.
    pub fn gain(&self, spend: f64) -> f64 {
        self.most * self.shape(spend / (1.0 - self.lasts))
    }

    /// What the next coin gains, when the same is spent every week.
    pub fn marginal(&self, spend: f64) -> f64 {
        let step = (spend * 1e-4).max(1e-6);
        (self.gain(spend + step) - self.gain((spend - step).max(0.0))) / (spend + step - (spend - step).max(0.0))
    }

    /// Gains week by week.
    pub fn gains(&self, spend: &[f64]) -> Vec<f64> {
        adstock(spend, self.lasts).iter().map(|a| self.most * self.shape(*a)).collect()
    }
}

/// Spending as it is still felt.
fn adstock(spend: &[f64], lasts: f64) -> Vec<f64> {
    let mut felt = 0.0;
    let add = |x: &f64| {
        felt = if x.is_finite() { x.max(0.0) } else { 0.0 } + lasts * felt;
        felt
    };
    spend.iter().map(add).collect()
}

/// A fitted model of weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// By channel.
    pub curves: Vec<Curve>,
    /// Heights of the base's columns.
    base: Vec<f64>,
    /// Per control: mean and deviation.
    scales: Vec<(f64, f64)>,
    /// Weeks fitted.
    weeks: usize,
}

impl Response {
    /// Fits. `None` with fewer than [`WEEKS_MIN`] weeks, more base columns than half the weeks, or ragged input.
    pub fn fit(weeks: &Weeks) -> Option<Self> {
        let n = weeks.outcome.len();
        let fits = |list: &Vec<f64>| list.len() == n && list.iter().all(|value| value.is_finite());
        if n < WEEKS_MIN || !fits(&weeks.outcome) || !weeks.spend.iter().chain(&weeks.controls).all(fits) {
            return None;
        }
        let scales: Vec<(f64, f64)> = weeks.controls.iter().map(|control| scale(control)).collect();
        let base = base_columns(0, n, n, &weeks.controls, &scales);
        if 2 * (base.len() + weeks.spend.len()) > n {
            return None;
        }
        let start: Vec<Curve> = weeks.spend.iter().map(|spend| shaped(spend, 0.3, 1.0, 1.0)).collect();
        let (curves, base) = search(weeks, &base, start, 3);
        Some(Self { curves, base, scales, weeks: n })
    }

    /// The same over weeks drawn anew, `times` times: what else the curves may be.
    pub fn bootstrap(&self, weeks: &Weeks, times: usize, dice: &mut Dice) -> Vec<Vec<Curve>> {
        let n = weeks.outcome.len();
        let fitted = self.predict(weeks, 0, n);
        let base = base_columns(0, n, self.weeks, &weeks.controls, &self.scales);
        let again = |_| {
            let mut drawn = weeks.clone();
            for block in (0..n).step_by(BLOCK) {
                let from = dice.below((n - BLOCK.min(n) + 1) as u64) as usize;
                for place in 0..BLOCK.min(n - block) {
                    drawn.outcome[block + place] =
                        fitted[block + place] + weeks.outcome[from + place] - fitted[from + place];
                }
            }
            search(&drawn, &base, self.curves.clone(), 1).0
        };
        (0..times).map(again).collect()
    }

    /// Outcomes of the weeks `from..to`, given everything spent and controlled until then.
    pub fn predict(&self, weeks: &Weeks, from: usize, to: usize) -> Vec<f64> {
        let base = base_columns(from, to, self.weeks, &weeks.controls, &self.scales);
        let gains: Vec<Vec<f64>> =
            self.curves.iter().zip(&weeks.spend).map(|(curve, spend)| curve.gains(spend)).collect();
        let week = |week: usize| {
            let below: f64 = base.iter().zip(&self.base).map(|(column, height)| column[week - from] * height).sum();
            below + gains.iter().map(|gains| gains[week]).sum::<f64>()
        };
        (from..to).map(week).collect()
    }
}

fn scale(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
}

/// Level, trend, two waves of the year when a year and a half was seen, and the controls.
fn base_columns(from: usize, to: usize, seen: usize, controls: &[Vec<f64>], scales: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let column = |value: &dyn Fn(f64) -> f64| (from..to).map(|week| value(week as f64)).collect::<Vec<f64>>();
    let mut columns = vec![column(&|_| 1.0), column(&|week| week / seen as f64 - 0.5)];
    if seen >= 78 {
        for wave in [1.0, 2.0] {
            let angle = move |week: f64| 2.0 * std::f64::consts::PI * wave * week / 52.18;
            columns.push(column(&|week| sin(angle(week))));
            columns.push(column(&|week| cos(angle(week))));
        }
    }
    for (control, (mean, deviation)) in controls.iter().zip(scales) {
        columns.push((from..to).map(|week| (control[week] - mean) / deviation).collect());
    }
    columns
}

fn shaped(spend: &[f64], lasts: f64, steepness: f64, half: f64) -> Curve {
    let felt = adstock(spend, lasts);
    let mean = felt.iter().sum::<f64>() / felt.len().max(1) as f64;
    Curve { most: 1.0, lasts, steepness, half: half * mean }
}

/// Channel by channel the best shape of the grid, the others held; so many rounds.
fn search(weeks: &Weeks, base: &[Vec<f64>], mut curves: Vec<Curve>, rounds: usize) -> (Vec<Curve>, Vec<f64>) {
    let unit = |curve: &Curve, spend: &[f64]| Curve { most: 1.0, ..*curve }.gains(spend);
    let mut columns: Vec<Vec<f64>> = base.to_vec();
    columns.extend(curves.iter().zip(&weeks.spend).map(|(curve, spend)| unit(curve, spend)));
    let free = base.len();
    let mut best = least_squares(&columns, &weeks.outcome, free);
    for _ in 0..rounds {
        for channel in 0..curves.len() {
            for (lasts, steepness, half) in shapes() {
                let curve = shaped(&weeks.spend[channel], lasts, steepness, half);
                let before = std::mem::replace(&mut columns[free + channel], unit(&curve, &weeks.spend[channel]));
                let tried = least_squares(&columns, &weeks.outcome, free);
                // Only a real gain moves a shape, so that ties keep the first.
                if tried.error < best.error * (1.0 - 1e-9) {
                    best = tried;
                    curves[channel] = curve;
                } else {
                    columns[free + channel] = before;
                }
            }
        }
    }
    let (below, heights) = best.heights.split_at(free);
    curves.iter_mut().zip(heights).for_each(|(curve, height)| curve.most = *height);
    (curves, below.to_vec())
}

fn shapes() -> impl Iterator<Item = (f64, f64, f64)> {
    LASTS.into_iter().flat_map(|lasts| {
        STEEPNESS.into_iter().flat_map(move |steepness| HALVES.into_iter().map(move |half| (lasts, steepness, half)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks made by known curves, with a little noise.
    fn made(noise: f64) -> (Weeks, Vec<Curve>) {
        let mut dice = Dice::seeded(5);
        let curves = vec![
            Curve { most: 400.0, lasts: 0.6, steepness: 1.0, half: 250.0 },
            Curve { most: 150.0, lasts: 0.0, steepness: 2.0, half: 80.0 },
        ];
        // Every third week or so a channel is off: without such weeks a curve's foot cannot be told from the base.
        let week = |dice: &mut Dice| if dice.happens(0.3) { 0.0 } else { 200.0 * dice.unit() };
        let spend: Vec<Vec<f64>> = (0..2).map(|_| (0..156).map(|_| week(&mut dice)).collect()).collect();
        let gains: Vec<Vec<f64>> = curves.iter().zip(&spend).map(|(curve, spend)| curve.gains(spend)).collect();
        let outcome = (0..156).map(|week| 1_000.0 + gains[0][week] + gains[1][week] + noise * dice.normal()).collect();
        (Weeks { outcome, spend, controls: Vec::new() }, curves)
    }

    #[test]
    fn curves_that_made_the_weeks_are_found_again() {
        let (weeks, truth) = made(5.0);
        let fitted = Response::fit(&weeks).expect("enough weeks");
        for (curve, truth) in fitted.curves.iter().zip(&truth) {
            let (told, wanted) = (curve.gain(100.0), truth.gain(100.0));
            assert!((told - wanted).abs() < 0.25 * wanted, "{curve:?} {told} {wanted}");
        }
    }

    #[test]
    fn with_more_noise_the_bootstrap_is_wider() {
        let spread = |noise| {
            let (weeks, _) = made(noise);
            let fitted = Response::fit(&weeks).expect("enough weeks");
            let again = fitted.bootstrap(&weeks, 12, &mut Dice::seeded(1));
            let mut gains: Vec<f64> = again.iter().map(|curves| curves[1].gain(100.0)).collect();
            gains.sort_by(f64::total_cmp);
            gains[10] - gains[1]
        };
        assert!(spread(60.0) > 2.0 * spread(5.0));
    }

    #[test]
    fn too_few_weeks_or_ragged_or_odd_numbers_are_not_fitted() {
        let (weeks, _) = made(1.0);
        let cut = |n: usize| Weeks {
            outcome: weeks.outcome[..n].to_vec(),
            spend: weeks.spend.iter().map(|spend| spend[..n].to_vec()).collect(),
            controls: Vec::new(),
        };
        assert_eq!(Response::fit(&cut(7)), None);
        assert!(Response::fit(&cut(20)).is_some());
        assert_eq!(Response::fit(&Weeks { outcome: weeks.outcome[1..].to_vec(), ..weeks.clone() }), None);
        let mut odd = weeks.clone();
        odd.spend[0][3] = f64::NAN;
        assert_eq!(Response::fit(&odd), None);
    }
}
