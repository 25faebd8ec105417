//! Plays the held-out weeks of one item at one location under each rule of ordering, and counts what it costs: holding
//! at the end of each day, margin for each unit asked for that was not there.

use agents::replenish::{Position, Running, Terms, order};
use stats::dist::Normal;

use super::foresight;
use crate::calibration::Calibration;

/// What a rule did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Holding and shortage.
    pub cost: f64,
    /// Units sold.
    pub sold: f64,
    /// Units asked for.
    pub asked: f64,
}

impl Score {
    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.cost += other.cost;
        self.sold += other.sold;
        self.asked += other.asked;
    }
}

/// All rules on one series.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged {
    /// The mind.
    pub agent: Score,
    /// $\mu(L+R)+z\sigma\sqrt{L+R}$ with $z$ at the critical ratio.
    pub classic: Score,
    /// The same at 95 %.
    pub classic95: Score,
    /// Four weeks' sales.
    pub cover: Score,
    /// The least possible, when it can be worked out.
    pub foresight: Option<f64>,
    /// Confidence of the mind's orders beside whether they were needed before the next could come.
    pub needed: Calibration,
    /// Confidence of ordering nothing beside whether nothing ran out.
    pub enough: Calibration,
}

/// Days of history from which the textbook takes mean and deviation.
const WINDOW: usize = 56;

/// Plays the days from `test` on; before them is history. Every rule starts with the same stock.
pub fn judge(terms: &Terms, lead: u32, days: &[(f32, f32)], first: i64, test: usize) -> Judged {
    let shortage = terms.shortage.unwrap_or(0.0);
    let ratio =
        (shortage / (shortage + terms.holding * f64::from(terms.review_days)).max(1e-12)).clamp(1e-6, 1.0 - 1e-6);
    let span = f64::from(lead + terms.review_days);
    let (mean, _) = moments(days, test);
    let start = (mean * span).ceil();
    let units: Vec<f64> = days[test..].iter().map(|day| f64::from(day.0)).collect();
    let textbook = |z: f64| {
        play(terms, lead, &units, start, |day, on_hand, coming| {
            let (mean, deviation) = moments(days, test + day);
            let position = on_hand + coming.iter().map(|(_, units)| units).sum::<f64>();
            packed(terms, mean * span + z * deviation * span.sqrt() - position)
        })
    };
    let cover = play(terms, lead, &units, start, |day, on_hand, coming| {
        let position = on_hand + coming.iter().map(|(_, units)| units).sum::<f64>();
        packed(terms, moments(days, test + day).0 * 28.0 - position)
    });
    let mut demand = Running::default();
    let mut known = days.iter().position(|day| day.0 > 0.0).unwrap_or(test).min(test);
    let (mut needed, mut enough) = (Calibration::default(), Calibration::default());
    let agent = play(terms, lead, &units, start, |day, on_hand, coming| {
        while known < test + day {
            let (units, there) = days[known];
            demand.see(first + known as i64, f64::from(units), f64::from(there));
            known += 1;
        }
        let arrivals = coming.iter().map(|(at, units)| ((at - day) as u32, *units)).collect();
        let proposal = order(terms, &Position { free: on_hand, arrivals }, &demand);
        let (quantity, sure) = (proposal.action.quantity, proposal.reasons.confidence.value());
        if let Some(out) = runs_out(&units, day, on_hand, coming, (lead, terms.review_days)) {
            if quantity > 0.0 { needed.add(sure, out) } else { enough.add(sure, !out) }
        }
        quantity
    });
    Judged {
        agent,
        classic: textbook(Normal::STANDARD.quantile(ratio)),
        classic95: textbook(Normal::STANDARD.quantile(0.95)),
        cover,
        foresight: foresight::least(terms, lead, &units, start),
        needed,
        enough,
    }
}

/// Whether more is asked for than there is between the arrival of what could be ordered on a day and the arrival after
/// that, when nothing is ordered; nothing when the file ends before.
fn runs_out(
    units: &[f64],
    day: usize,
    on_hand: f64,
    coming: &[(usize, f64)],
    (lead, review): (u32, u32),
) -> Option<bool> {
    let (arrival, end) = (day + lead as usize, day + (lead + review) as usize);
    let mut left = on_hand;
    for (at, asked) in units.get(day..end)?.iter().enumerate() {
        let at = day + at;
        if at > day {
            left += coming.iter().filter(|(when, _)| *when == at).map(|(_, units)| units).sum::<f64>();
        }
        if at >= arrival && *asked > left {
            return Some(true);
        }
        left = (left - asked).max(0.0);
    }
    Some(false)
}

/// Up to packs and the minimum, as a person with a textbook does.
fn packed(terms: &Terms, wanted: f64) -> f64 {
    if wanted <= 0.0 {
        return 0.0;
    }
    (wanted.ceil().max(terms.minimum) / terms.pack).ceil() * terms.pack
}

/// Mean and deviation of a day in the window before `until`.
fn moments(days: &[(f32, f32)], until: usize) -> (f64, f64) {
    let window = &days[until.saturating_sub(WINDOW)..until];
    let count = window.len().max(1) as f64;
    let mean = stats::num::sum(window.iter().map(|day| f64::from(day.0))) / count;
    let squares = stats::num::sum(window.iter().map(|day| (f64::from(day.0) - mean) * (f64::from(day.0) - mean)));
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

/// Day by day: what is due arrives, on review days the rule orders, customers come, the day is charged.
fn play(
    terms: &Terms,
    lead: u32,
    units: &[f64],
    start: f64,
    mut rule: impl FnMut(usize, f64, &[(usize, f64)]) -> f64,
) -> Score {
    let mut score = Score::default();
    let (mut on_hand, mut coming): (f64, Vec<(usize, f64)>) = (start, Vec::new());
    for (day, asked) in units.iter().enumerate() {
        on_hand += coming.iter().filter(|(at, _)| *at == day).map(|(_, units)| units).sum::<f64>();
        coming.retain(|(at, _)| *at > day);
        if day % terms.review_days as usize == 0 {
            let quantity = rule(day, on_hand, &coming);
            if lead == 0 {
                on_hand += quantity;
            } else if quantity > 0.0 {
                coming.push((day + lead as usize, quantity));
            }
        }
        let sold = asked.min(on_hand);
        on_hand -= sold;
        score.sold += sold;
        score.asked += asked;
        score.cost += terms.holding * on_hand + terms.shortage.unwrap_or(0.0) * (asked - sold);
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_out_between_two_arrivals_or_not() {
        let units = [2.0, 2.0, 2.0, 2.0, 2.0];
        // Ordered on day 0 it comes on day 1, the next on day 3; four units last for two days.
        assert_eq!(runs_out(&units, 0, 4.0, &[], (1, 2)), Some(true));
        assert_eq!(runs_out(&units, 0, 6.0, &[], (1, 2)), Some(false));
        assert_eq!(runs_out(&units, 0, 4.0, &[(2, 2.0)], (1, 2)), Some(false));
        // What is missing before the arrival is lost and does not count.
        assert_eq!(runs_out(&units, 0, 1.0, &[(1, 4.0)], (1, 2)), Some(false));
        assert_eq!(runs_out(&units, 3, 9.0, &[], (1, 2)), None);
    }
}
