//! Line by line in order of time: each line is foretold from the lines before it, then learnt from once its window is over.

use std::collections::{BTreeMap, VecDeque};

use agents::returns::Rates;
use agents::returns::abuse::{Cohort, Record};
use serde_json::{Value, json};
use stats::num::ln;

use super::reading::Line;
use crate::calibration::Calibration;
use crate::measure::round;

/// What came back is known so many days after the sale, never before.
const KNOWN_AFTER: i32 = 60;
/// The part of all lines at the end that is judged.
const JUDGED: f64 = 0.4;
/// Customers with the largest excess that are looked at again later.
const WATCHED: usize = 100;

/// Figures over the later lines.
pub fn judge(lines: &mut [Line]) -> Value {
    lines.sort_by_key(|line| (line.day, line.order));
    let from = (lines.len() as f64 * (1.0 - JUDGED)) as usize;
    let mut rates = Rates::default();
    let mut waiting: VecDeque<Line> = VecDeque::new();
    let mut chances = Calibration::default();
    let (mut scored, mut loss, mut flat) = (Vec::new(), 0.0, 0.0);
    for (place, line) in lines.iter().enumerate() {
        while let Some(known) = waiting.pop_front_if(|old| old.day + KNOWN_AFTER <= line.day) {
            rates.sold(known.item, known.category, known.units);
            rates.back(known.item, known.category, known.back);
        }
        if place >= from {
            let (told, base) = (rates.of(line.item, line.category), rates.of_all());
            let part = line.back / line.units;
            loss += cross_entropy(part, told);
            flat += cross_entropy(part, base);
            chances.add_share(told, part, 1.0);
            scored.push((told, line.back > 0.0));
        }
        waiting.push_back(*line);
    }
    let count = scored.len().max(1) as f64;
    let came_back = scored.iter().filter(|(_, back)| *back).count();
    json!({
        "lines_judged": scored.len(),
        "lines_that_came_back": came_back,
        "auc_by_item": round(auc(&mut scored)),
        "calibration": chances.json(),
        "log_loss_by_item": loss / count,
        "log_loss_of_one_rate": flat / count,
        "customers": customers(lines, from),
    })
}

fn cross_entropy(part: f64, told: f64) -> f64 {
    let told = told.clamp(1e-9, 1.0 - 1e-9);
    -(part * ln(told) + (1.0 - part) * ln(1.0 - told))
}

/// The chance that a line which came back was told a higher rate than one which did not; ties count half.
fn auc(scored: &mut [(f64, bool)]) -> f64 {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum, mut place) = (0.0, 0.0, 0);
    while place < scored.len() {
        let same = scored[place..].iter().take_while(|other| other.0 == scored[place].0).count();
        let back = scored[place..place + same].iter().filter(|(_, back)| *back).count() as f64;
        let kept = same as f64 - back;
        sum += back * (below + kept / 2.0);
        below += kept;
        place += same;
    }
    let back = scored.len() as f64 - below;
    if back > 0.0 && below > 0.0 { sum / (back * below) } else { 0.5 }
}

/// Do those with the largest excess before go on to return more than others after?
fn customers(lines: &[Line], from: usize) -> Value {
    let mut rates = Rates::default();
    for line in &lines[..from] {
        rates.sold(line.item, line.category, line.units);
        rates.back(line.item, line.category, line.back);
    }
    // By lines, not units: a pallet that comes back is one return.
    let records = |lines: &[Line]| {
        let mut records: BTreeMap<u32, Record> = BTreeMap::new();
        for line in lines {
            if let Some(customer) = line.customer {
                let record = records.entry(customer).or_default();
                record.bought += 1.0;
                record.expected += rates.of(line.item, line.category);
                record.back += f64::from(u8::from(line.back > 0.0));
            }
        }
        records
    };
    let (before, after) = (records(&lines[..from]), records(&lines[from..]));
    let cohort = Cohort::of(before.values());
    let mut odd: Vec<(f64, u32)> = before.iter().map(|(customer, record)| (cohort.tail(record), *customer)).collect();
    odd.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let rate = |customers: &mut dyn Iterator<Item = u32>| {
        let sum = customers
            .filter_map(|customer| after.get(&customer))
            .fold((0.0, 0.0), |sum, r| (sum.0 + r.back, sum.1 + r.bought));
        if sum.1 > 0.0 { Some(round(sum.0 / sum.1)) } else { None }
    };
    json!({
        "seen_before": before.len(),
        "cohort_size": round(cohort.size),
        "later_rate_of_most_excess": rate(&mut odd.iter().take(WATCHED).map(|(_, customer)| *customer)),
        "later_rate_of_all": rate(&mut before.keys().copied()),
        "watched": WATCHED,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_order_scores_one_a_reversed_one_nothing_and_ties_half() {
        assert_eq!(auc(&mut [(0.1, false), (0.9, true)]), 1.0);
        assert_eq!(auc(&mut [(0.9, false), (0.1, true)]), 0.0);
        assert_eq!(auc(&mut [(0.5, false), (0.5, true), (0.5, true)]), 0.5);
        assert_eq!(auc(&mut []), 0.5);
    }
}
