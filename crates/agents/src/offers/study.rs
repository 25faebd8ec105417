//! Learning: tables from the older trails, weights and calibration from how well these foretell the newer ones, then
//! tables from all. Called now and then (nightly, say), never within an answer.

use stats::Isotonic;

use super::blend::{Choice, fit, score};
use super::rank::{Asking, Learnt, Weights, stage};
use super::tables::Tables;
use super::trails::Trails;
use super::{Kind, Settings};

/// Share of the trails, the newest, that weights and calibration are learnt from; of a few trails, so many more...
const HELD_BACK: f64 = 0.05;
/// ...as these, but not above that share.
const HELD_BACK_LEAST: f64 = 500.0;
const HELD_BACK_MOST: f64 = 0.25;
/// Questions that are asked for the weights, at most.
const QUESTIONS: usize = 9_000;
/// Candidates of each that are kept.
const CANDIDATES: usize = 150;
/// Fewer questions than this teach nothing.
const QUESTIONS_LEAST: usize = 100;
/// Every so many-th question is kept for calibration and not shown to the weights.
const FOR_CALIBRATION: usize = 4;
/// Answers to each of these that are compared with what happened.
const ANSWERS: usize = 20;

/// Learns from a memory. `watch` is told what is being done. The same memory gives the same bits.
pub fn study(past: &Trails, kind: Kind, watch: &mut dyn FnMut(&str)) -> Learnt {
    let settings = Settings::of(kind);
    let all = past.len() as f64;
    let held = (all * HELD_BACK).max(HELD_BACK_LEAST.min(all * HELD_BACK_MOST)) as usize;
    let questions = questions(&past.all()[past.len() - held..]);
    let (weights, calibration) = if questions.len() < QUESTIONS_LEAST {
        ([settings.believed; 3], Vec::new())
    } else {
        let early = past.oldest(past.len() - held);
        let tables = Tables::of(&early, &settings, watch);
        watch("weights");
        weigh(&early, Learnt { kind, tables, weights: [settings.believed; 3], calibration: Vec::new() }, &questions)
    };
    let tables = Tables::of(past, &settings, watch);
    Learnt { kind, tables, weights, calibration }
}

/// Beginnings of trails and what came next, evenly over all of them.
fn questions(trails: &[Vec<u32>]) -> Vec<(&[u32], u32)> {
    let all: usize = trails.iter().map(|trail| trail.len().saturating_sub(1)).sum();
    let every = all.div_ceil(QUESTIONS).max(1);
    let cuts = trails.iter().flat_map(|trail| (1..trail.len()).map(move |cut| (&trail[..cut], trail[cut])));
    cuts.step_by(every).collect()
}

fn weigh(past: &Trails, mut learnt: Learnt, questions: &[(&[u32], u32)]) -> (Weights, Vec<(f64, f64)>) {
    let mut asking = Asking::default();
    let for_weights = |place: usize| !place.is_multiple_of(FOR_CALIBRATION);
    let mut by_stage: [Vec<Choice>; 3] = Default::default();
    for (_, (trail, wanted)) in questions.iter().enumerate().filter(|(place, _)| for_weights(*place)) {
        by_stage[stage(trail.len())].extend(choice(past, &learnt, trail, *wanted, &mut asking));
    }
    // What all stages have in common is what each is believed to be like.
    let common = fit(by_stage.iter().flatten(), &learnt.weights[0]);
    learnt.weights = std::array::from_fn(|stage| fit(by_stage[stage].iter(), &common));
    let mut points = Vec::new();
    for (trail, wanted) in questions.iter().step_by(FOR_CALIBRATION) {
        let ranked = learnt.rank(past, trail, ANSWERS, &mut asking);
        points.extend(ranked.iter().map(|one| (one.share, f64::from(u8::from(one.number == *wanted)), 1.0)));
    }
    (learnt.weights, Isotonic::fit(&points).points().to_vec())
}

/// A question with its best candidates by what is believed beforehand, when the answer is among them.
fn choice(past: &Trails, learnt: &Learnt, trail: &[u32], wanted: u32, asking: &mut Asking) -> Option<Choice> {
    let settings = Settings::of(learnt.kind);
    let evidence = &mut asking.evidence;
    evidence.gather(past, &learnt.tables, &settings, trail);
    let weights = &learnt.weights[stage(trail.len())];
    let mut order: Vec<(f32, u32, usize)> = evidence
        .found
        .iter()
        .zip(&evidence.inputs)
        .enumerate()
        .map(|(place, (number, inputs))| (score(inputs, weights), *number, place))
        .collect();
    let better = |a: &(f32, u32, usize), b: &(f32, u32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if order.len() > CANDIDATES {
        order.select_nth_unstable_by(CANDIDATES, better);
        order.truncate(CANDIDATES);
    }
    let at = order.iter().position(|one| one.1 == wanted)?;
    Some(Choice { candidates: order.iter().map(|one| evidence.inputs[one.2]).collect(), wanted: at })
}
