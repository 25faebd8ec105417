//! Which lanes run, and what goes over them. Called by the follower that drafts transfers and by `lockstep eval rebalance`.
//!
//! A lane's fixed cost is paid once for everything it carries. From all lanes that would carry anything, those are dropped,
//! added and exchanged one at a time while the whole is worth more.

use std::collections::BTreeMap;

use model::{Currency, ItemId, LocationId, Money};

use super::Shelf;
use super::flow::{self, Way};
use crate::{Confidence, Proposal, Reasons, RunnerUp, Term};

/// A way that goods can go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lane {
    /// From.
    pub from: LocationId,
    /// To.
    pub to: LocationId,
    /// For each unit.
    pub per_unit: f64,
    /// For each transfer, whatever it carries.
    pub fixed: f64,
}

/// What is kept whatever it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Units move in multiples of this.
    pub pack: u32,
    /// Most units that leave, and that arrive at, one location: what its people can do.
    pub units_per_location: u32,
    /// Currency of the amounts, when they are minor units of one.
    pub currency: Option<Currency>,
}

/// What goes over one lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// From.
    pub from: LocationId,
    /// To.
    pub to: LocationId,
    /// Items and units.
    pub lines: Vec<(ItemId, u32)>,
}

/// Transfers that raise what the stock is worth, by the lanes' order; lanes in a cool-down are simply not given.
pub fn rebalance(shelves: &[Shelf], lanes: &[Lane], limits: &Limits) -> Vec<Proposal<Transfer>> {
    let network = Network::of(shelves, lanes, limits.pack);
    let open = choose(&network);
    let mut moves = network.moves(&open);
    if cap(&mut moves, &network, limits) {
        drop_unpaid(&mut moves, &network);
    }
    let earned = earned(&moves, &network);
    let mut proposals = Vec::new();
    for (at, lane) in lanes.iter().enumerate() {
        let lines: Vec<(&Move, &Earned)> = moves.iter().zip(&earned).filter(|(it, _)| it.lane == at).collect();
        if !lines.is_empty() {
            proposals.push(propose(&network, lane, &lines, limits));
        }
    }
    proposals
}

/// What a move is worth at its two ends, and how many of its units are expected to be asked for.
struct Earned {
    sold: f64,
    lost: f64,
    asked: f64,
}

/// At each shelf first all that arrives, then all that leaves, each unit of it worth the same: together exactly what the
/// whole gains.
fn earned(moves: &[Move], network: &Network<'_>) -> Vec<Earned> {
    let mut ends: BTreeMap<(usize, usize), (u32, u32)> = BTreeMap::new();
    for it in moves {
        ends.entry((it.item, it.to)).or_default().0 += it.units;
        ends.entry((it.item, it.from)).or_default().1 += it.units;
    }
    let mean = |item: usize, place: usize, first: u32, units: u32, of: &dyn Fn(&Shelf, u32) -> f64| {
        let shelf = network.items[item].1[place];
        stats::num::sum((0..units).map(|unit| of(shelf, first.saturating_add(unit)))) / f64::from(units.max(1))
    };
    let one = |it: &Move| {
        let units = f64::from(it.units);
        let to = network.items[it.item].1[it.to];
        let (into, _) = ends[&(it.item, it.to)];
        let sold = mean(it.item, it.to, to.stock, into, &Shelf::marginal);
        let asked = mean(it.item, it.to, to.stock, into, &|shelf, stock| 1.0 - shelf.demand.cdf(u64::from(stock)));
        let (arrived, out) = ends[&(it.item, it.from)];
        let had = network.items[it.item].1[it.from].stock.saturating_add(arrived);
        let lost = mean(it.item, it.from, had.saturating_sub(out), out, &Shelf::marginal);
        Earned { sold: units * sold, lost: units * lost, asked: units * asked }
    };
    moves.iter().map(one).collect()
}

/// What moves gain in all, less what their lanes cost.
fn net(moves: &[Move], network: &Network<'_>) -> f64 {
    let mut carries = vec![false; network.lanes.len()];
    let mut carriage = 0.0;
    for it in moves.iter().filter(|it| it.units > 0) {
        carries[it.lane] = true;
        carriage += network.lanes[it.lane].per_unit.max(0.0) * f64::from(it.units);
    }
    let fixed: f64 = (0..carries.len()).filter(|lane| carries[*lane]).map(|lane| network.fixed(lane)).sum();
    stats::num::sum(earned(moves, network).iter().map(|it| it.sold - it.lost)) - carriage - fixed
}

/// What a cap has left of a lane may no longer pay for it.
fn drop_unpaid(moves: &mut Vec<Move>, network: &Network<'_>) {
    for lane in 0..network.lanes.len() {
        if moves.iter().any(|it| it.lane == lane) {
            let without: Vec<Move> = moves.iter().copied().filter(|it| it.lane != lane).collect();
            if net(&without, network) >= net(moves, network) {
                *moves = without;
            }
        }
    }
}

/// Units of one item over one lane.
#[derive(Clone, Copy, Debug)]
struct Move {
    lane: usize,
    item: usize,
    from: usize,
    to: usize,
    units: u32,
}

/// Items with their shelves and ways.
struct Network<'a> {
    lanes: &'a [Lane],
    pack: u32,
    items: Vec<(ItemId, Vec<&'a Shelf>, Vec<Way>)>,
}

impl<'a> Network<'a> {
    fn of(shelves: &'a [Shelf], lanes: &'a [Lane], pack: u32) -> Self {
        let mut by_item: BTreeMap<ItemId, BTreeMap<LocationId, &Shelf>> = BTreeMap::new();
        for shelf in shelves {
            by_item.entry(shelf.item).or_default().entry(shelf.location).or_insert(shelf);
        }
        let sound = |cost: f64| if cost.is_finite() { cost.max(0.0) } else { f64::INFINITY };
        let one = |(item, shelves): (ItemId, BTreeMap<LocationId, &'a Shelf>)| {
            let places: Vec<LocationId> = shelves.keys().copied().collect();
            let place = |location: LocationId| places.binary_search(&location).ok();
            let way = |(lane, it): (usize, &Lane)| {
                let (from, to, cost) = (place(it.from)?, place(it.to)?, sound(it.per_unit));
                (from != to && cost.is_finite()).then_some(Way { lane, from, to, cost })
            };
            (item, shelves.into_values().collect(), lanes.iter().enumerate().filter_map(way).collect())
        };
        Self { lanes, pack: pack.max(1), items: by_item.into_iter().map(one).collect() }
    }

    fn moves(&self, open: &[bool]) -> Vec<Move> {
        let mut moves = Vec::new();
        for (at, (_, shelves, ways)) in self.items.iter().enumerate() {
            let ways: Vec<Way> = ways.iter().copied().filter(|way| open[way.lane]).collect();
            let flow = flow::best(shelves, &ways, self.pack);
            let one = |(way, units): (&Way, &u32)| Move {
                lane: way.lane,
                item: at,
                from: way.from,
                to: way.to,
                units: *units,
            };
            moves.extend(ways.iter().zip(&flow.sent).filter(|(_, units)| **units > 0).map(one));
        }
        moves
    }

    /// What each item gains with these lanes.
    fn gain(&self, item: usize, open: &[bool]) -> f64 {
        let (_, shelves, ways) = &self.items[item];
        let ways: Vec<Way> = ways.iter().copied().filter(|way| open[way.lane]).collect();
        flow::best(shelves, &ways, self.pack).gain
    }

    fn fixed(&self, lane: usize) -> f64 {
        let fixed = self.lanes[lane].fixed;
        if fixed.is_finite() { fixed.max(0.0) } else { f64::INFINITY }
    }

    /// Gain of all items, less the fixed costs of the lanes that carry anything.
    fn worth(&self, open: &[bool], moves: &[Move]) -> f64 {
        let gained = stats::num::sum((0..self.items.len()).map(|item| self.gain(item, open)));
        let mut carries = vec![false; open.len()];
        moves.iter().for_each(|it| carries[it.lane] = true);
        gained - stats::num::sum((0..open.len()).filter(|lane| carries[*lane]).map(|lane| self.fixed(lane)))
    }
}

/// Most lanes that are looked at again and again; beyond, a lane is only dropped.
const LANES_SEARCHED: usize = 40;

fn choose(network: &Network<'_>) -> Vec<bool> {
    let all: Vec<bool> = (0..network.lanes.len()).map(|lane| network.fixed(lane).is_finite()).collect();
    let free = |lane: usize| all[lane] && network.fixed(lane) <= 0.0;
    let carrying = carried(network, &all);
    if (0..all.len()).all(|lane| !all[lane] || free(lane)) {
        return carrying;
    }
    // Lanes without a fixed cost are open in any case.
    let with_free = |open: &[bool]| (0..all.len()).map(|lane| open[lane] || free(lane)).collect::<Vec<bool>>();
    if all.len() > LANES_SEARCHED {
        return descend(network, with_free(&carrying), &all).0;
    }
    // From all lanes, from those of use, and from none: each may end better where lanes share little.
    let starts = [all.clone(), with_free(&carrying), with_free(&vec![false; all.len()])];
    let mut best: Option<(Vec<bool>, f64)> = None;
    for start in starts {
        let found = descend(network, start, &all);
        if best.as_ref().is_none_or(|(_, worth)| found.1 > *worth) {
            best = Some(found);
        }
    }
    best.map_or(carrying, |(open, _)| open)
}

fn carried(network: &Network<'_>, open: &[bool]) -> Vec<bool> {
    let mut carries = vec![false; open.len()];
    network.moves(open).iter().for_each(|it| carries[it.lane] = true);
    carries
}

/// The best single change of the open lanes, again and again.
fn descend(network: &Network<'_>, start: Vec<bool>, all: &[bool]) -> (Vec<bool>, f64) {
    let worth = |open: &[bool]| network.worth(open, &network.moves(open));
    let mut open = start;
    let mut now = worth(&open);
    let few = all.len() <= LANES_SEARCHED;
    for _ in 0..2 * all.len() {
        let mut better: Option<(f64, Vec<bool>)> = None;
        let mut hear = |changed: Vec<bool>, now: f64| {
            let then = worth(&changed);
            if then > better.as_ref().map_or(now, |(best, _)| *best) + 1e-9 {
                better = Some((then, changed));
            }
        };
        for lane in (0..all.len()).filter(|lane| all[*lane] && (open[*lane] || few)) {
            let mut changed = open.clone();
            changed[lane] = !open[lane];
            hear(changed.clone(), now);
            // One for another.
            for other in (lane + 1..all.len()).filter(|other| few && all[*other] && open[*other] != open[lane]) {
                let mut both = changed.clone();
                both[other] = !open[other];
                hear(both, now);
            }
        }
        let Some((then, changed)) = better else { break };
        now = then;
        open = changed;
    }
    (carried(network, &open), now)
}

/// Takes back the least valuable packs until nobody sends or gets more than can be handled; whether there were any.
fn cap(moves: &mut Vec<Move>, network: &Network<'_>, limits: &Limits) -> bool {
    let most = u64::from(limits.units_per_location);
    let mut capped = false;
    loop {
        let (mut out, mut into): (BTreeMap<LocationId, u64>, BTreeMap<LocationId, u64>) = Default::default();
        for it in moves.iter() {
            let lane = network.lanes[it.lane];
            *out.entry(lane.from).or_default() += u64::from(it.units);
            *into.entry(lane.to).or_default() += u64::from(it.units);
        }
        let over = |it: &Move| {
            let lane = network.lanes[it.lane];
            it.units > 0 && (out[&lane.from] > most || into[&lane.to] > most)
        };
        // What the last pack of a move gained, smallest first, then by place.
        let last = |it: &Move| {
            let (_, shelves, _) = &network.items[it.item];
            let (from, to) = (shelves[it.from], shelves[it.to]);
            to.marginal(to.stock + it.units - 1) - from.marginal(from.stock.saturating_sub(it.units))
        };
        let worst = moves.iter().enumerate().filter(|(_, it)| over(it)).min_by(|a, b| last(a.1).total_cmp(&last(b.1)));
        let Some((at, _)) = worst else { break };
        capped = true;
        moves[at].units = moves[at].units.saturating_sub(network.pack);
    }
    moves.retain(|it| it.units > 0);
    capped
}

fn propose(network: &Network<'_>, lane: &Lane, lines: &[(&Move, &Earned)], limits: &Limits) -> Proposal<Transfer> {
    let total = |of: fn(&Earned) -> f64| stats::num::sum(lines.iter().map(|(_, earned)| of(earned)));
    let (sold, lost, asked) = (total(|it| it.sold), total(|it| it.lost), total(|it| it.asked));
    let units: u32 = lines.iter().map(|(it, _)| it.units).sum();
    let carried = f64::from(units);
    let carriage = lane.per_unit.max(0.0) * carried;
    let gain = sold - lost - carriage - lane.fixed.max(0.0);
    let mut reasons = Reasons::of(
        vec![
            Term { name: "worth at the receiver", input: carried, adds: sold },
            Term { name: "worth at the sender", input: carried, adds: -lost },
            Term { name: "carriage", input: carried, adds: -carriage },
            Term { name: "the transfer itself", input: 1.0, adds: -lane.fixed.max(0.0) },
        ],
        Confidence::new(asked / carried.max(1.0)),
    );
    reasons.runner_up = Some(RunnerUp { what: "leave it where it is".into(), score: 0.0 });
    let flip = crate::Flip { input: "the transfer itself", from: lane.fixed.max(0.0), to: lane.fixed.max(0.0) + gain };
    reasons.flip = Some(flip);
    reasons.value = limits.currency.map(|currency| Money { minor: gain.round() as i64, currency });
    let lines = lines.iter().map(|(it, _)| (network.items[it.item].0, it.units)).collect();
    let undo = "cancel the draft, or send it back";
    Proposal { action: Transfer { from: lane.from, to: lane.to, lines }, reasons, undo }
}
