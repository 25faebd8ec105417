//! How well what comes next is foretold: hit rate, reciprocal rank, coverage, calibration, and what an answer costs.

use std::collections::HashSet;
use std::time::Instant;

use agents::offers::{Asking, Kind, Learnt, Ranked, Trails, rank_plain};
use serde_json::{Value, json};

use super::reading::Sessions;
use crate::calibration::Calibration;
use crate::measure::{cpu_seconds, round};
use crate::progress;

/// Places that are looked at.
const FIRST: usize = 20;

/// Who answers.
#[derive(Clone, Copy)]
pub enum Judged<'a> {
    /// The mind.
    Mind(&'a Learnt),
    /// VMIS-kNN alone.
    Plain(Kind),
}

impl Judged<'_> {
    fn kind(&self) -> Kind {
        match self {
            Self::Mind(learnt) => learnt.kind(),
            Self::Plain(kind) => *kind,
        }
    }

    fn answer<'a>(&self, past: &Trails, trail: &[u32], asking: &'a mut Asking) -> &'a [Ranked] {
        match self {
            Self::Mind(learnt) => learnt.rank(past, trail, FIRST, asking),
            Self::Plain(kind) => rank_plain(past, trail, *kind, FIRST, asking),
        }
    }

    fn confidence(&self, share: f64) -> f64 {
        match self {
            Self::Mind(learnt) => learnt.confidence(share).value(),
            Self::Plain(_) => 0.0,
        }
    }
}

#[derive(Default)]
struct Tally {
    predictions: u64,
    /// Positions that hold what is in the cart already: they cannot be hit.
    repeats: u64,
    hits: u64,
    hits_5: u64,
    reciprocal: f64,
    offered: HashSet<u32>,
    nanos: Vec<u32>,
    /// Confidence of first answers.
    told: Calibration,
    /// Hits by place.
    places: [u64; FIRST],
}

/// Asks for every position from the second of every test session.
#[expect(clippy::disallowed_methods, reason = "measures what an answer costs")]
pub fn judge(judged: Judged, past: &mut Trails, learnt_items: usize, test: &Sessions) -> Value {
    let lists: Vec<Vec<u32>> =
        test.lists.iter().map(|list| list.iter().map(|item| past.meet(*item)).collect()).collect();
    let bar = progress::bar(lists.len() as u64, "asking");
    let spent = cpu_seconds("self");
    let (mut tally, mut asking) = (Tally::default(), Asking::default());
    for list in &lists {
        for cut in 1..list.len() {
            let started = Instant::now();
            let answer = judged.answer(past, &list[..cut], &mut asking);
            let nanos = started.elapsed().as_nanos();
            tally.nanos.push(u32::try_from(nanos).unwrap_or(u32::MAX));
            tally.repeats += u64::from(judged.kind() == Kind::Cart && list[..cut].contains(&list[cut]));
            tally.add(answer, list[cut], judged);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let spent = (cpu_seconds("self") - spent) / tally.predictions.max(1) as f64;
    let mut result = tally.tell(learnt_items);
    // Wall time grows with whatever else the machine does; this does not.
    result["cpu_us_per_answer"] = json!(round(spent * 1e6));
    result
}

impl Tally {
    fn add(&mut self, answer: &[Ranked], wanted: u32, judged: Judged) {
        self.predictions += 1;
        self.offered.extend(answer.iter().map(|one| one.number));
        if let Some(place) = answer.iter().position(|one| one.number == wanted) {
            self.hits += 1;
            self.places[place] += 1;
            self.hits_5 += u64::from(place < 5);
            self.reciprocal += 1.0 / (place as f64 + 1.0);
        }
        if let Some(first) = answer.first() {
            let confidence = judged.confidence(first.share);
            self.told.add(confidence, first.number == wanted);
        }
    }

    /// Mean distance between the confidence of first answers and how often they were right, over ten bins.
    fn calibration_error(&self) -> f64 {
        self.told.error().unwrap_or(0.0)
    }

    /// Hit rate when one, two, … places are shown.
    fn by_rank(&self) -> Vec<f64> {
        let mut hits = 0;
        let share = |place: &u64| {
            hits += place;
            hits as f64 / self.predictions.max(1) as f64
        };
        self.places.iter().map(share).collect()
    }

    fn tell(mut self, learnt_items: usize) -> Value {
        let all = self.predictions.max(1) as f64;
        let reachable = (self.predictions - self.repeats).max(1) as f64;
        self.nanos.sort_unstable();
        let percentile = |share: f64| {
            let place = (share * self.nanos.len() as f64) as usize;
            round(
                self.nanos
                    .get(place.min(self.nanos.len().saturating_sub(1)))
                    .map_or(0.0, |nanos| f64::from(*nanos) / 1e3),
            )
        };
        let spent: f64 = self.nanos.iter().map(|nanos| f64::from(*nanos)).sum::<f64>() / 1e9;
        let share = |value: f64| (value * 1e5).round() / 1e5;
        json!({
            "hr20": share(self.hits as f64 / all),
            "mrr20": share(self.reciprocal / all),
            "hit_rate_by_rank": self.by_rank().into_iter().map(share).collect::<Vec<f64>>(),
            "hr5": share(self.hits_5 as f64 / all),
            "predictions": self.predictions,
            "repeats": self.repeats,
            "hr20_without_repeats": share(self.hits as f64 / reachable),
            "mrr20_without_repeats": share(self.reciprocal / reachable),
            "coverage": share(self.offered.len() as f64 / learnt_items.max(1) as f64),
            "calibration_error": share(self.calibration_error()),
            "latency_us": { "p50": percentile(0.5), "p99": percentile(0.99) },
            "requests_per_s": (self.predictions as f64 / spent.max(1e-9)).round(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offers::reading::{remember, sessions_of_bytes};
    use agents::offers::study;

    fn table(rows: &[(u32, &str)]) -> Sessions {
        let mut text = "session,item,time\n".to_owned();
        rows.iter().for_each(|(session, item)| text += &format!("{session},{item},{session}\n"));
        sessions_of_bytes(text.as_bytes()).expect("columns are there")
    }

    #[test]
    fn every_question_is_asked_once_and_what_always_follows_is_hit_first() {
        let train: Vec<(u32, &str)> =
            (0..100).flat_map(|session| [(session, "a"), (session, "b"), (session, "c")]).collect();
        let train = table(&train);
        // The second session looks again at what it saw; the third names what nobody knows; the fourth asks nothing.
        let test = table(&[(1, "a"), (1, "b"), (1, "c"), (2, "a"), (2, "b"), (2, "a"), (3, "a"), (3, "new"), (4, "a")]);
        let mut past = remember(&train);
        let items = past.items();
        let learnt = study(&past, Kind::Cart, &mut |_| {});
        let result = judge(Judged::Mind(&learnt), &mut past, items, &test);
        assert_eq!((&result["predictions"], &result["repeats"]), (&json!(5), &json!(1)));
        // a b, b c, a b are hit; the repeat cannot be, nor can what is new.
        assert_eq!((&result["hr20"], &result["hr20_without_repeats"]), (&json!(0.6), &json!(0.75)));
        // Every trail begins with a, so that a itself is never offered.
        assert_eq!(result["coverage"], json!(0.66667));
    }
}
