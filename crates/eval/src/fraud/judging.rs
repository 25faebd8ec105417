//! How good scores are: ranking (AUC, average precision), what a team of investigators would find (card precision),
//! money, calibration. Called by `lockstep eval fraud`; the formulas are those of the Fraud Detection Handbook.

use std::collections::{BTreeMap, BTreeSet};

use agents::fraud::{Action, Key, Stakes};

use crate::threshold::steps;

/// A payment that was scored.
#[derive(Clone, Copy, Debug)]
pub struct Scored {
    /// Day number.
    pub day: i64,
    /// Who paid; payments without a customer are cards of their own.
    pub card: Key,
    /// In major units.
    pub amount: f64,
    /// What ranks.
    pub score: f64,
    /// Calibrated.
    pub probability: f64,
    /// The truth.
    pub fraud: bool,
}

/// Area under the ROC curve; scores that are equal count half. `None` with one kind of label only.
pub fn auc(scored: &[Scored]) -> Option<f64> {
    let mut order: Vec<&Scored> = scored.iter().collect();
    order.sort_by(|a, b| a.score.total_cmp(&b.score));
    let frauds = order.iter().filter(|one| one.fraud).count() as f64;
    let others = order.len() as f64 - frauds;
    let (mut below, mut won) = (0.0, 0.0);
    for equal in order.chunk_by(|a, b| a.score == b.score) {
        let here = equal.iter().filter(|one| one.fraud).count() as f64;
        let genuine = equal.len() as f64 - here;
        won += here * (below + 0.5 * genuine);
        below += genuine;
    }
    (frauds > 0.0 && others > 0.0).then(|| won / (frauds * others))
}

/// Precision at every fraud, averaged; equal scores are one step. `None` without frauds.
pub fn average_precision(scored: &[Scored]) -> Option<f64> {
    let (mut found, mut sum) = (0.0, 0.0);
    for step in steps(ranked(scored)) {
        sum += (step.right - found) * step.precision();
        found = step.right;
    }
    (found > 0.0).then(|| sum / found)
}

/// Precision over recall, the highest scores first, for a picture.
pub fn precision_over_recall(scored: &[Scored]) -> Vec<(f64, f64)> {
    let steps = steps(ranked(scored));
    let frauds = steps.last().map_or(0.0, |step| step.right).max(1.0);
    steps.iter().map(|step| (step.right / frauds, step.precision())).collect()
}

fn ranked(scored: &[Scored]) -> Vec<(f64, bool)> {
    scored.iter().map(|one| (one.score, one.fraud)).collect()
}

/// Per day the `top` cards with the highest score: the share of `top` that was truly compromised, averaged over the
/// days. Cards that were found are left out on later days. Of equal scores the smaller card comes first.
pub fn card_precision(scored: &[Scored], top: usize) -> Option<f64> {
    let mut days: BTreeMap<i64, BTreeMap<Key, (f64, bool)>> = BTreeMap::new();
    for one in scored {
        let card = days.entry(one.day).or_default().entry(one.card).or_insert((f64::NEG_INFINITY, false));
        *card = (card.0.max(one.score), card.1 || one.fraud);
    }
    let mut found: BTreeSet<Key> = BTreeSet::new();
    let mut shares = Vec::new();
    for cards in days.values() {
        let mut order: Vec<(Key, f64, bool)> = cards
            .iter()
            .filter(|(card, _)| !found.contains(*card))
            .map(|(card, (score, fraud))| (*card, *score, *fraud))
            .collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let caught: Vec<Key> = order.iter().take(top).filter(|(_, _, fraud)| *fraud).map(|(card, ..)| *card).collect();
        shares.push(caught.len() as f64 / top as f64);
        found.extend(caught);
    }
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

/// What the chosen actions would have saved against approving everything, and what knowing the truth would have.
pub fn money_saved(scored: &[Scored], stakes: &Stakes) -> (f64, f64) {
    let truth = |one: &Scored, action| stakes.cost(action, f64::from(u8::from(one.fraud)), one.amount);
    let cheapest = |one: &Scored| {
        [Action::Approve, Action::Review, Action::Decline]
            .into_iter()
            .min_by(|a, b| {
                let cost = |action: &Action| stakes.cost(*action, one.probability, one.amount);
                cost(a).total_cmp(&cost(b))
            })
            .unwrap_or(Action::Approve)
    };
    let known = scored.iter().filter(|one| one.amount.is_finite());
    known.fold((0.0, 0.0), |(saved, possible), one| {
        let approved = truth(one, Action::Approve);
        let best = if one.fraud { approved } else { 0.0 };
        (saved + approved - truth(one, cheapest(one)), possible + best)
    })
}

/// Expected calibration error over ten equally filled bins.
pub fn calibration_error(scored: &[Scored]) -> Option<f64> {
    let mut order: Vec<&Scored> = scored.iter().collect();
    order.sort_by(|a, b| a.probability.total_cmp(&b.probability));
    let size = order.len().div_ceil(10).max(1);
    let off: f64 = order
        .chunks(size)
        .map(|bin| {
            let told: f64 = bin.iter().map(|one| one.probability).sum();
            let true_ones = bin.iter().filter(|one| one.fraud).count() as f64;
            (told - true_ones).abs()
        })
        .sum();
    (!order.is_empty()).then(|| off / order.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(day: i64, card: u64, score: f64, fraud: bool) -> Scored {
        Scored { day, card: Key(card), amount: 10.0, score, probability: score, fraud }
    }

    #[test]
    fn ranking_figures_are_those_of_their_definitions() {
        // The example of scikit-learn's documentation: labels 0 0 1 1, scores .1 .4 .35 .8.
        let four: Vec<Scored> =
            [(0.1, false), (0.4, false), (0.35, true), (0.8, true)].map(|(s, f)| scored(0, 1, s, f)).to_vec();
        assert_eq!(auc(&four), Some(0.75));
        assert!((average_precision(&four).expect("frauds") - 5.0 / 6.0).abs() < 1e-12);
        let level: Vec<Scored> = [false, true, false, true].map(|f| scored(0, 1, 0.5, f)).to_vec();
        assert_eq!((auc(&level), average_precision(&level)), (Some(0.5), Some(0.5)));
        assert_eq!((auc(&four[..1]), average_precision(&four[..1])), (None, None));
    }

    #[test]
    fn a_card_that_was_found_is_not_found_again() {
        let days = [
            scored(0, 1, 0.9, true),
            scored(0, 2, 0.8, false),
            scored(0, 3, 0.1, true),
            scored(1, 1, 0.9, true),
            scored(1, 3, 0.2, true),
            scored(1, 4, 0.1, false),
        ];
        // Day 0: cards 1 and 2, one caught; day 1 without card 1: cards 3 and 4, one caught.
        assert_eq!(card_precision(&days, 2), Some(0.5));
    }

    #[test]
    fn approving_everything_saves_nothing() {
        let stakes = Stakes::usual(model::Currency::parse("EUR").expect("a code"));
        let calm = [scored(0, 1, 0.0, true), scored(0, 2, 0.0, false)];
        assert_eq!(money_saved(&calm, &stakes), (0.0, 30.0));
    }
}
