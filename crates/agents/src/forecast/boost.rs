//! The booster: trees that learn by what multiple the running sums were off. Called rarely, for example every night; the
//! mind works without it. It is taken only where it would have made the latest looks back better, after being grown on
//! the earlier ones alone.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use model::LocationId;
use stats::num::{exp, ln, sum};
use stats::trees::{Fit, Forest, Loss, Settings};

use super::lessons::{Lesson, WIDTH};

/// Share by which squared errors must fall for the booster to be taken.
const GAIN_MIN: f64 = 0.01;
/// Looks back that must be there to learn from, and that judge.
const ORIGINS_MIN: usize = 6;
const JUDGES: usize = 3;
/// Rows that are learnt from at most: the newest.
const ROWS_MAX: usize = 600_000;
/// Smallest mean that a multiple is taken of.
const MEAN_MIN: f32 = 1e-4;
/// Bounds of the multiple.
const MULTIPLE: (f64, f64) = (0.1, 5.0);

/// What learning came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Learnt {
    /// Rows learnt from.
    pub rows: usize,
    /// Share by which squared errors fell on looks back that were not learnt from; below zero when they rose.
    pub gain: f64,
    /// Whether the booster is used.
    pub used: bool,
}

/// A grown booster, and by what its pools' sums are brought back to those of the running sums: trees know items better
/// than the running sums do, but not shops.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Booster {
    pub forest: Forest,
    pub pools: Vec<(LocationId, u32, f64)>,
}

impl Booster {
    /// By what multiple a mean is changed, given what is known (see [`super::lessons`]).
    pub fn multiple(&self, location: LocationId, pool: u32, row: &[f32; WIDTH]) -> f64 {
        let at = self.pools.binary_search_by_key(&(location, pool), |(location, pool, _)| (*location, *pool));
        let pool = at.map_or(1.0, |at| self.pools[at].2);
        (self.raw(row) * pool).clamp(MULTIPLE.0, MULTIPLE.1)
    }

    /// The multiple before pools are brought back.
    pub fn raw(&self, row: &[f32; WIDTH]) -> f64 {
        exp(self.forest.raw(row).clamp(-3.0, 3.0))
    }
}

/// A row: what is known of the series, then of the day.
pub(super) fn row(lesson: &Lesson, day: usize) -> [f32; WIDTH] {
    let mut row = [0.0; WIDTH];
    let (series, ahead) = row.split_at_mut(lesson.known.len());
    series.copy_from_slice(&lesson.known);
    ahead.copy_from_slice(&lesson.ahead[day].known);
    row
}

/// Rows with their answers.
#[derive(Default)]
struct Rows {
    rows: Vec<f32>,
    labels: Vec<f64>,
    offsets: Vec<f64>,
    scales: Vec<f64>,
}

impl Rows {
    fn add(&mut self, lesson: &Lesson) {
        for (day, ahead) in lesson.ahead.iter().enumerate() {
            if ahead.units.is_finite() && ahead.units >= 0.0 && ahead.mean > MEAN_MIN && ahead.mean < 1e6 {
                self.rows.extend_from_slice(&row(lesson, day));
                self.labels.push(f64::from(ahead.units));
                self.offsets.push(ln(f64::from(ahead.mean)));
                self.scales.push(f64::from(lesson.scale).max(0.01));
            }
        }
    }

    fn fit(&self) -> Fit<'_> {
        Fit { width: WIDTH, rows: &self.rows, labels: &self.labels, weights: &[], offsets: &self.offsets }
    }

    /// Mean squared error over scale, with and without a forest.
    fn errors(&self, forest: &Forest) -> (f64, f64) {
        let raw = forest.raw_all(&self.rows);
        let error = |row: usize, mean: f64| (self.labels[row] - mean) * (self.labels[row] - mean) / self.scales[row];
        let plain = sum((0..self.labels.len()).map(|row| error(row, exp(self.offsets[row]))));
        let boosted =
            sum((0..self.labels.len()).map(|row| error(row, exp(self.offsets[row] + raw[row].clamp(-3.0, 3.0)))));
        (plain, boosted)
    }
}

fn settings() -> Settings {
    Settings {
        loss: Loss::Tweedie { power: 1.2 },
        trees: 100,
        rate: 0.06,
        max_leaves: 24,
        lambda: 10.0,
        min_rows: 200,
        column_share: 0.8,
        seed: 1,
        ..Settings::default()
    }
}

/// Grows a forest from looks back, which come by location and, within one, oldest first.
pub(super) fn learn(lessons: &[&Lesson]) -> (Learnt, Option<Forest>) {
    let mut origins: Vec<i32> = lessons.iter().map(|lesson| lesson.origin).collect();
    origins.sort_unstable();
    origins.dedup();
    if origins.len() < ORIGINS_MIN {
        return (Learnt::default(), None);
    }
    let (earlier, judges) = origins.split_at(origins.len() - JUDGES);
    let days = lessons.iter().map(|lesson| lesson.ahead.len()).max().unwrap_or(1).max(1);
    let newest = newest(lessons, &origins, ROWS_MAX / days);
    let of = |taken: &dyn Fn(i32) -> bool| {
        let mut rows = Rows::default();
        lessons.iter().filter(|lesson| taken(lesson.origin)).for_each(|lesson| rows.add(lesson));
        rows
    };
    let past = of(&|origin| origin >= newest && earlier.contains(&origin));
    let Ok(forest) = Forest::fit(&past.fit(), &settings()) else { return (Learnt::default(), None) };
    let errors: Vec<(f64, f64)> = judges.iter().map(|judge| of(&|origin| origin == *judge).errors(&forest)).collect();
    let gain = |plain: f64, boosted: f64| if plain > 0.0 { 1.0 - boosted / plain } else { 0.0 };
    let plain = sum(errors.iter().map(|(plain, _)| *plain));
    let boosted = sum(errors.iter().map(|(_, boosted)| *boosted));
    let all = of(&|origin| origin >= newest);
    let mut learnt = Learnt { rows: all.labels.len(), gain: gain(plain, boosted), used: false };
    // Once is luck: it must have helped after each of the judging looks back.
    if !(learnt.gain >= GAIN_MIN && errors.iter().all(|(plain, boosted)| gain(*plain, *boosted) > 0.0)) {
        return (learnt, None);
    }
    let forest = Forest::fit(&all.fit(), &settings()).ok();
    learnt.used = forest.is_some();
    (learnt, forest)
}

/// The oldest day to learn from, so that there are not too many rows.
fn newest(lessons: &[&Lesson], origins: &[i32], most: usize) -> i32 {
    let mut kept = 0;
    for origin in origins.iter().rev() {
        kept += lessons.iter().filter(|lesson| lesson.origin == *origin).count();
        if kept > most {
            return origin.saturating_add(1);
        }
    }
    i32::MIN
}

/// The stored form.
#[derive(Encode, Decode)]
struct Stored {
    #[n(0)]
    forest: ByteVec,
    #[n(1)]
    pools: Vec<(LocationId, u32, f64)>,
}

impl<C> Encode<C> for Booster {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.stored().encode(e, context)
    }
}

impl<'b, C> Decode<'b, C> for Booster {
    fn decode(d: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
        let stored = Stored::decode(d, context)?;
        Ok(Self { forest: minicbor::decode(&stored.forest)?, pools: stored.pools })
    }
}

impl Booster {
    fn stored(&self) -> Stored {
        let mut forest = Vec::new();
        // Writing to memory cannot fail.
        let _ = minicbor::encode(&self.forest, &mut forest);
        Stored { forest: forest.into(), pools: self.pools.clone() }
    }
}
