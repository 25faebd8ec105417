//! How good forecasts were: RMSSE and scaled pinball weighted by revenue, at each series and at eight levels, bias,
//! coverage (Makridakis et al. 2022). Called with forecasts and what came; it knows no model.

use serde_json::{Map, Value, json};

use super::read::{Sales, Series};
use super::scale::Scales;
use crate::calibration::Calibration;
use crate::measure::round;

/// Levels of the quantiles.
pub const QUANTILES: [f64; 9] = [0.005, 0.025, 0.165, 0.25, 0.5, 0.75, 0.835, 0.975, 0.995];
/// Names of the levels of summing up.
pub const LEVELS: [&str; 8] = [
    "total",
    "location",
    "category",
    "department",
    "category_location",
    "department_location",
    "item",
    "item_location",
];

/// Forecasts of one series: a row for each period ahead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecasts {
    /// Means.
    pub means: Vec<f64>,
    /// Quantiles at [`QUANTILES`].
    pub quantiles: Vec<[f64; QUANTILES.len()]>,
    /// How sure the mind is that the total comes within a third of the mean.
    pub confidence: f64,
}

/// What series of one group share, by a series' number and names.
type Key = fn(usize, &Series) -> (u32, u32);

/// Groups of series at one level.
struct Level {
    /// Group by series.
    group: Vec<u32>,
    scales: Scales,
    groups: usize,
}

/// Scales of every level, taken in while time goes on.
pub struct Judge {
    levels: Vec<Level>,
}

impl Judge {
    /// Nothing seen yet.
    pub fn new(sales: &Sales) -> Self {
        let groups: [Key; LEVELS.len()] = [
            |_, _| (0, 0),
            |_, series| (series.location, 0),
            |_, series| (series.category, 0),
            |_, series| (series.department, 0),
            |_, series| (series.category, series.location),
            |_, series| (series.department, series.location),
            |_, series| (series.item, 0),
            |number, _| (number as u32, 0),
        ];
        let level = |key: Key| {
            let mut known = std::collections::HashMap::new();
            let group: Vec<u32> = sales
                .series
                .iter()
                .enumerate()
                .map(|(number, series)| {
                    let next = known.len() as u32;
                    *known.entry(key(number, series)).or_insert(next)
                })
                .collect();
            Level { group, scales: Scales::new(known.len()), groups: known.len() }
        };
        Self { levels: groups.into_iter().map(level).collect() }
    }

    /// Takes in units of the past.
    pub fn take(&mut self, series: u32, period: i32, units: f64) {
        for level in &mut self.levels {
            level.scales.take(level.group[series as usize] as usize, period, units);
        }
    }

    /// Figures of forecasts made after `origin`. `came` holds the units of each series and period ahead, `weights` what
    /// each series weighs.
    pub fn judge(&self, origin: i32, forecasts: &[Forecasts], came: &[Vec<f64>], weights: &[f64]) -> Value {
        let scores: Vec<f64> =
            self.levels.iter().map(|level| round6(level.rmsse(origin, forecasts, came, weights))).collect();
        let levels: Map<_, _> =
            LEVELS.iter().zip(&scores).map(|(name, score)| ((*name).to_owned(), json!(score))).collect();
        let rmsse = scores.last().copied().unwrap_or(0.0);
        let (told, real) = (total(forecasts.iter().map(|f| &f.means)), total(came));
        json!({
            "rmsse_weighted": rmsse,
            "levels": levels,
            "rmsse_weighted_mean": round6(scores.iter().sum::<f64>() / scores.len().max(1) as f64),
            "pinball_scaled": round6(self.pinball(origin, forecasts, came, weights)),
            "bias": if real > 0.0 { round6(told / real - 1.0) } else { 0.0 },
            "coverage95": round(coverage(forecasts, came)),
            "quantile_error": round6(quantile_error(&below(forecasts, came))),
            "confidence": confidence(forecasts, came).json(),
        })
    }

    fn pinball(&self, origin: i32, forecasts: &[Forecasts], came: &[Vec<f64>], weights: &[f64]) -> f64 {
        let Some(level) = self.levels.last() else { return 0.0 };
        let scaled = forecasts.iter().zip(came).enumerate().map(|(number, (forecasts, came))| {
            let (_, scale) = level.scales.until(level.group[number] as usize, origin);
            let losses = forecasts.quantiles.iter().zip(came).flat_map(|(quantiles, came)| {
                quantiles.iter().zip(QUANTILES).map(move |(quantile, u)| {
                    let off = *came - quantile;
                    if off >= 0.0 { u * off } else { (u - 1.0) * off }
                })
            });
            let count = (forecasts.quantiles.len() * QUANTILES.len()).max(1) as f64;
            if scale > 0.0 { weights[number] * losses.sum::<f64>() / count / scale } else { 0.0 }
        });
        weighted(scaled.sum(), weights)
    }
}

impl Level {
    fn rmsse(&self, origin: i32, forecasts: &[Forecasts], came: &[Vec<f64>], weights: &[f64]) -> f64 {
        let horizon = came.first().map_or(0, Vec::len);
        let mut errors = vec![vec![0.0; horizon]; self.groups];
        let mut weight = vec![0.0; self.groups];
        for (number, (forecasts, came)) in forecasts.iter().zip(came).enumerate() {
            let group = self.group[number] as usize;
            weight[group] += weights[number];
            for (error, (mean, came)) in errors[group].iter_mut().zip(forecasts.means.iter().zip(came)) {
                *error += came - mean;
            }
        }
        let score = |group: usize| {
            let (scale, _) = self.scales.until(group, origin);
            let mean = errors[group].iter().map(|error| error * error).sum::<f64>() / horizon.max(1) as f64;
            if scale > 0.0 { weight[group] * (mean / scale).sqrt() } else { 0.0 }
        };
        weighted((0..self.groups).map(score).sum(), &weight)
    }
}

fn weighted(sum: f64, weights: &[f64]) -> f64 {
    let whole: f64 = weights.iter().sum();
    if whole > 0.0 { sum / whole } else { 0.0 }
}

fn total<'a>(rows: impl IntoIterator<Item = &'a Vec<f64>>) -> f64 {
    rows.into_iter().flatten().sum()
}

/// Share of what came that lies within the 0.025 and 0.975 quantiles.
fn coverage(forecasts: &[Forecasts], came: &[Vec<f64>]) -> f64 {
    let pairs = forecasts.iter().zip(came).flat_map(|(forecasts, came)| forecasts.quantiles.iter().zip(came));
    let (mut within, mut count) = (0_u64, 0_u64);
    for (quantiles, came) in pairs {
        count += 1;
        within += u64::from((quantiles[1]..=quantiles[7]).contains(came));
    }
    within as f64 / count.max(1) as f64
}

/// For each of [`QUANTILES`] the share of periods with fewer units, and the share with at most as many. Of counts the
/// quantile's level should lie between the two. Series that were not told of are left out.
pub fn below(forecasts: &[Forecasts], came: &[Vec<f64>]) -> [(f64, f64); QUANTILES.len()] {
    let mut counts = [(0_u64, 0_u64); QUANTILES.len()];
    let mut periods = 0_u64;
    for (forecasts, came) in forecasts.iter().zip(came).filter(|(told, _)| told.confidence > 0.0) {
        for (quantiles, came) in forecasts.quantiles.iter().zip(came) {
            periods += 1;
            for (count, quantile) in counts.iter_mut().zip(quantiles) {
                *count = (count.0 + u64::from(came < quantile), count.1 + u64::from(came <= quantile));
            }
        }
    }
    counts.map(|(under, at)| (under as f64 / periods.max(1) as f64, at as f64 / periods.max(1) as f64))
}

/// Mean distance of the quantiles' levels from the shares they should lie between; 0 = calibrated.
fn quantile_error(below: &[(f64, f64); QUANTILES.len()]) -> f64 {
    let off = |(level, (under, at)): (f64, &(f64, f64))| (under - level).max(level - at).max(0.0);
    QUANTILES.into_iter().zip(below).map(off).sum::<f64>() / QUANTILES.len() as f64
}

/// The minds' confidence beside what came: was the total within a third of the mean, or half a unit of it?
fn confidence(forecasts: &[Forecasts], came: &[Vec<f64>]) -> Calibration {
    let mut told = Calibration::default();
    for (forecasts, came) in forecasts.iter().zip(came).filter(|(told, _)| told.confidence > 0.0) {
        let (mean, total): (f64, f64) = (forecasts.means.iter().sum(), came.iter().sum());
        told.add(forecasts.confidence, (total - mean).abs() <= (mean / 3.0).max(0.5));
    }
    told
}

/// Six decimals: figures of forecasts differ in the third.
fn round6(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
