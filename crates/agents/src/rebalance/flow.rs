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
    let mut places = Places {
        stock: shelves.iter().map(|shelf| shelf.stock).collect(),
        left: shelves.iter().map(|shelf| shelf.movable.min(shelf.stock)).collect(),
        out: vec![0; shelves.len()],
    };
    let several = |shelf: &Shelf, from: u32| -> f64 { (0..pack).map(|unit| shelf.marginal(from + unit)).sum() };
    let known = |shelf: &Shelf| shelf.margin.is_some();
    let most: u64 = places.left.iter().map(|left| u64::from(left / pack)).sum();
    for _ in 0..most.min(u64::from(super::value::UNITS_MAX)) {
        // Loss of having a pack less at each place, gain of having one more.
        let lose = |(shelf, stock): (&&Shelf, &u32)| {
            if *stock >= pack && known(shelf) { several(shelf, stock - pack) } else { f64::INFINITY }
        };
        let win = |(shelf, stock): (&&Shelf, &u32)| {
            if known(shelf) { several(shelf, *stock) } else { f64::NEG_INFINITY }
        };
        let give: Vec<f64> = shelves.iter().zip(&places.stock).map(lose).collect();
        let take: Vec<f64> = shelves.iter().zip(&places.stock).map(win).collect();
        let Some(path) = path(ways, &flow.sent, &places, &give, &take, pack) else { break };
        flow.gain += path.gain;
        for (way, forth) in path.ways {
            flow.sent[way] = if forth { flow.sent[way] + pack } else { flow.sent[way] - pack };
        }
        for (place, forth) in path.doors {
            let (left, out) = (&mut places.left[place], &mut places.out[place]);
            (*left, *out) = if forth { (*left - pack, *out + pack) } else { (*left + pack, *out - pack) };
        }
        places.stock[path.start] -= pack;
        places.stock[path.end] += pack;
    }
    flow
}

/// Where everything is.
struct Places {
    stock: Vec<u32>,
    /// Units that may still leave.
    left: Vec<u32>,
    /// Units that leave.
    out: Vec<u32>,
}

struct Path {
    gain: f64,
    /// Ways, and whether they are gone or taken back.
    ways: Vec<(usize, bool)>,
    /// Doors of places, out of which a pack goes, or no longer goes.
    doors: Vec<(usize, bool)>,
    start: usize,
    end: usize,
}

/// A step: over a way or through a place's door, forth or back.
#[derive(Clone, Copy)]
enum Step {
    Way(usize, bool),
    Door(usize, bool),
}

/// The path of the largest gain above zero, by Bellman and Ford; ties go to the smaller place.
///
/// Every place has two points: the shelf, where stock is, and the door, through which no more goes than may leave.
fn path(ways: &[Way], sent: &[u32], at: &Places, give: &[f64], take: &[f64], pack: u32) -> Option<Path> {
    let count = give.len();
    let each = f64::from(pack);
    // Shelves are 0..count, doors count..2 count.
    let mut cost: Vec<f64> = give.iter().copied().chain(std::iter::repeat_n(f64::INFINITY, count)).collect();
    let mut by: Vec<Option<(usize, Step)>> = vec![None; 2 * count];
    for _ in 0..2 * count {
        let mut changed = false;
        let mut relax = |from: usize, to: usize, price: f64, step: Step| {
            if cost[from] + price < cost[to] - GAIN_MIN {
                cost[to] = cost[from] + price;
                by[to] = Some((from, step));
                changed = true;
            }
        };
        for place in 0..count {
            if at.left[place] >= pack {
                relax(place, count + place, 0.0, Step::Door(place, true));
            }
            if at.out[place] >= pack {
                relax(count + place, place, 0.0, Step::Door(place, false));
            }
        }
        for (number, way) in ways.iter().enumerate() {
            relax(count + way.from, way.to, way.cost * each, Step::Way(number, true));
            if sent[number] >= pack {
                relax(way.to, count + way.from, -way.cost * each, Step::Way(number, false));
            }
        }
        if !changed {
            break;
        }
    }
    let mut end: Option<(f64, usize)> = None;
    for (place, (take, cost)) in take.iter().zip(&cost).enumerate() {
        let gain = take - cost;
        if by[place].is_some() && gain.is_finite() && gain > end.map_or(GAIN_MIN, |(best, _)| best) {
            end = Some((gain, place));
        }
    }
    let (gain, end) = end?;
    let mut path = Path { gain, ways: Vec::new(), doors: Vec::new(), start: end, end };
    let mut steps = 0;
    while let Some((from, step)) = by[path.start] {
        match step {
            Step::Way(way, forth) => path.ways.push((way, forth)),
            Step::Door(place, forth) => path.doors.push((place, forth)),
        }
        path.start = from;
        steps += 1;
        // A circle would be a gain without a change; rounding is all that could make one.
        if steps > 2 * count {
            return None;
        }
    }
    (path.start < count && path.start != end).then_some(path)
}
