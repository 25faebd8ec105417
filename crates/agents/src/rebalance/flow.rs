//! One item over lanes that are open: the exchange that is worth most, exact. Called by the choice of lanes.
//!
//! Value is concave in each location's stock and lanes cost the same for every unit, so that it is a flow of least cost:
//! unit by unit along the best path, where a path may also take back what was sent before (successive shortest paths,
//! Busacker, Gowen 1961). With equal lanes this is the exchange by two heaps (Fox 1966).

use super::Shelf;

/// A lane between two places of the item's list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) lane: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) cost: f64,
}

/// What is moved.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    /// Units by way, in the ways' order.
    pub(super) sent: Vec<u32>,
    /// Gained, less what the ways cost for each unit.
    pub(super) gain: f64,
}

/// What is gained must be worth a number.
const GAIN_MIN: f64 = 1e-9;

/// The best exchange of one item; `pack` units move at a time.
pub(super) fn best(shelves: &[&Shelf], ways: &[Way], pack: u32) -> Flow {
    let pack = pack.max(1);
    let mut flow = Flow { sent: vec![0; ways.len()], gain: 0.0 };
    let mut stock: Vec<u32> = shelves.iter().map(|shelf| shelf.stock).collect();
    let mut left: Vec<u32> = shelves.iter().map(|shelf| shelf.movable.min(shelf.stock)).collect();
    let several = |shelf: &Shelf, from: u32| -> f64 { (0..pack).map(|unit| shelf.marginal(from + unit)).sum() };
    let most: u64 = left.iter().map(|left| u64::from(left / pack)).sum();
    for _ in 0..most.min(u64::from(super::value::UNITS_MAX)) {
        // Loss of sending a pack from each place, gain of having one more.
        let give: Vec<f64> = shelves
            .iter()
            .enumerate()
            .map(|(at, shelf)| {
                let can = left[at] >= pack && shelf.margin.is_some();
                if can { several(shelf, stock[at] - pack) } else { f64::INFINITY }
            })
            .collect();
        let take: Vec<f64> = shelves
            .iter()
            .enumerate()
            .map(|(at, shelf)| if shelf.margin.is_some() { several(shelf, stock[at]) } else { f64::NEG_INFINITY })
            .collect();
        let Some((gain, path, start, end)) = path(ways, &flow.sent, &give, &take, pack) else { break };
        flow.gain += gain;
        for (way, forth) in path {
            flow.sent[way] = if forth { flow.sent[way] + pack } else { flow.sent[way] - pack };
        }
        stock[start] -= pack;
        left[start] -= pack;
        stock[end] += pack;
    }
    flow
}

type Path = (f64, Vec<(usize, bool)>, usize, usize);

/// The path of the largest gain above zero, by Bellman and Ford; ties go to the smaller place.
///
/// Sending and receiving are apart, so that nothing goes on from where it has just arrived.
fn path(ways: &[Way], sent: &[u32], give: &[f64], take: &[f64], pack: u32) -> Option<Path> {
    let each = f64::from(pack);
    let (mut out, mut into) = (give.to_vec(), vec![f64::INFINITY; give.len()]);
    let (mut by_out, mut by_into): (Vec<Option<usize>>, Vec<Option<usize>>) =
        (vec![None; give.len()], vec![None; give.len()]);
    for _ in 0..2 * give.len() {
        let mut changed = false;
        for (at, way) in ways.iter().enumerate() {
            if out[way.from] + way.cost * each < into[way.to] - GAIN_MIN {
                into[way.to] = out[way.from] + way.cost * each;
                by_into[way.to] = Some(at);
                changed = true;
            }
            if sent[at] >= pack && into[way.to] - way.cost * each < out[way.from] - GAIN_MIN {
                out[way.from] = into[way.to] - way.cost * each;
                by_out[way.from] = Some(at);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut end: Option<(f64, usize)> = None;
    for (at, (take, cost)) in take.iter().zip(&into).enumerate() {
        let gain = take - cost;
        if gain.is_finite() && gain > end.map_or(GAIN_MIN, |(best, _)| best) {
            end = Some((gain, at));
        }
    }
    let (gain, end) = end?;
    let (mut steps, mut at) = (Vec::new(), end);
    loop {
        let forth = by_into[at]?;
        steps.push((forth, true));
        let from = ways[forth].from;
        let Some(back) = by_out[from] else { return Some((gain, steps, from, end)) };
        steps.push((back, false));
        at = ways[back].to;
        // A circle would be a gain without a change; rounding is all that could make one.
        if steps.len() > 2 * ways.len() {
            return None;
        }
    }
}
