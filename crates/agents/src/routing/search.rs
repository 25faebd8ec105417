//! The cheapest way to fulfil one order at the prices of now. Called by the desk; changes nothing.
//!
//! Candidates are all locations that can serve when they are few; else the best few for every set of lines (for long
//! orders: for all lines and for each), so that a set of three that is cheaper may be missed there. Their
//! subsets of one, two and three are enumerated, those left out that cannot gain enough. What three cannot serve is
//! covered greedily, then improved by dropping and by exchanging one location.

use super::network::Network;
use super::plan::units;
use super::reach::{Look, SET_MAX, Servers};
use super::{Plan, Shipment, Wanted};

/// So many servers are all candidates.
const ALL_SERVERS: usize = 8;
/// Orders of at most so many lines have candidates for every set of their lines.
const LINES_ALL_SETS: usize = 4;
/// Candidates for each set of lines.
const FOR_EACH: usize = 2;
/// Candidates for the whole order.
const FOR_WHOLE: usize = 4;
/// Candidates in all.
const CANDIDATES_MAX: usize = 24;

/// The best plan and the next best one.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Fewest cost.
    pub best: Plan,
    /// By other locations; to ship nothing when one location is all there is.
    pub second: Option<Plan>,
}

/// Looks for the cheapest plan.
pub fn search(network: &Network, order: &Wanted, look: Look) -> Found {
    let servers = Servers::of(network, order, look);
    let hunt = hunt(&servers, order);
    let plan = |set: &[usize]| Plan::of(network, order, shipments(network, &servers, order, set));
    let second = match (&hunt.second, hunt.best.is_empty()) {
        (Some((set, _)), _) => Some(plan(set)),
        (None, false) => Some(plan(&[])),
        (None, true) => None,
    };
    Found { best: plan(&hunt.best), second }
}

/// The cheapest plan alone.
pub(super) fn best(network: &Network, order: &Wanted, look: Look) -> Plan {
    let servers = Servers::of(network, order, look);
    let hunt = hunt(&servers, order);
    Plan::of(network, order, shipments(network, &servers, order, &hunt.best))
}

#[derive(Default)]
struct Hunt {
    best: Vec<usize>,
    gain: f64,
    second: Option<(Vec<usize>, f64)>,
}

impl Hunt {
    /// A set's gain is heard; equal gains stay with who came first.
    fn hear(&mut self, set: &[usize], gain: f64) {
        if set == self.best {
            return;
        }
        if gain > self.gain {
            let before = std::mem::replace(&mut self.best, set.to_vec());
            if !before.is_empty() {
                self.second = Some((before, self.gain));
            }
            self.gain = gain;
        } else if gain > 0.0 && self.second.as_ref().is_none_or(|(_, second)| gain > *second) {
            self.second = Some((set.to_vec(), gain));
        }
    }
}

fn hunt(servers: &Servers, order: &Wanted) -> Hunt {
    let mut hunt = Hunt::default();
    let mut candidates = candidates(servers);
    let way = |server: &usize| servers.all[*server].way;
    candidates.sort_by(|a, b| way(a).total_cmp(&way(b)).then(a.cmp(b)));
    let most = most_gain(servers, order, &candidates);
    for (i, a) in candidates.iter().enumerate() {
        if most - way(a) <= hunt.gain {
            break;
        }
        hunt.hear(&[*a], servers.fill(order, &[*a], None));
        for (j, b) in candidates.iter().enumerate().skip(i + 1) {
            if most - way(a) - way(b) <= hunt.gain {
                break;
            }
            hunt.hear(&[*a, *b], servers.fill(order, &[*a, *b], None));
            for c in candidates.iter().skip(j + 1) {
                if most - way(a) - way(b) - way(c) <= hunt.gain {
                    break;
                }
                hunt.hear(&[*a, *b, *c], servers.fill(order, &[*a, *b, *c], None));
            }
        }
    }
    widen(servers, order, &mut hunt, &candidates);
    hunt
}

/// What all the order's units would gain at the best candidate for each line.
fn most_gain(servers: &Servers, order: &Wanted, candidates: &[usize]) -> f64 {
    let line = |(at, line): (usize, &super::Line)| {
        let best = candidates.iter().map(|server| servers.gain[server * servers.lines + at]).fold(0.0, f64::max);
        best * units(line.parts.max(0))
    };
    order.lines.iter().enumerate().map(line).sum()
}

/// All when they are few, else the best few for every set of lines, without repeats.
fn candidates(servers: &Servers) -> Vec<usize> {
    if servers.all.len() <= ALL_SERVERS {
        return (0..servers.all.len()).collect();
    }
    let lines = servers.lines;
    let masks: Vec<u32> = if lines <= LINES_ALL_SETS {
        (1..1_u32 << lines).rev().collect()
    } else {
        // For long orders: everything (all bits), then each line.
        std::iter::once(u32::MAX).chain((0..lines.min(31)).map(|line| 1 << line)).collect()
    };
    // Per mask the best few, best first.
    let mut tops: Vec<Vec<(f64, usize)>> = vec![Vec::new(); masks.len()];
    let mut of_line = vec![0.0; lines];
    for (server, it) in servers.all.iter().enumerate() {
        let cells = server * lines..(server + 1) * lines;
        let (have, gain) = (&servers.have[cells.clone()], &servers.gain[cells]);
        for (place, (have, gain)) in of_line.iter_mut().zip(have.iter().zip(gain)) {
            *place = units(*have) * gain;
        }
        let tight = have.iter().fold(0_i64, |sum, have| sum.saturating_add(*have)) > it.room;
        for (place, (mask, top)) in masks.iter().zip(&mut tops).enumerate() {
            // The first mask is the whole order.
            let keep = if place == 0 { FOR_WHOLE } else { FOR_EACH };
            let saved = if tight { saved_in(it.room, have, gain, *mask) } else { saved(&of_line, *mask) };
            let net = saved - it.way;
            if saved <= 0.0 || top.len() == keep && net <= top[keep - 1].0 {
                continue;
            }
            let place = top.partition_point(|(other, _)| *other >= net);
            top.insert(place, (net, server));
            top.truncate(keep);
        }
    }
    let mut chosen: Vec<usize> = Vec::with_capacity(CANDIDATES_MAX);
    for rank in 0..FOR_WHOLE {
        for (_, server) in tops.iter().filter_map(|top| top.get(rank)) {
            if chosen.len() < CANDIDATES_MAX && !chosen.contains(server) {
                chosen.push(*server);
            }
        }
    }
    chosen
}

fn within(mask: u32, line: usize) -> bool {
    mask == u32::MAX || line < 32 && mask & (1 << line) != 0
}

fn saved(of_line: &[f64], mask: u32) -> f64 {
    of_line.iter().enumerate().filter(|(line, _)| within(mask, *line)).map(|(_, saved)| saved).sum()
}

/// With less room than units: lines in order, as far as the room goes.
fn saved_in(mut room: i64, have: &[i64], gain: &[f64], mask: u32) -> f64 {
    let mut sum = 0.0;
    for (_, (have, gain)) in have.iter().zip(gain).enumerate().filter(|(line, _)| within(mask, *line)) {
        let parts = (*have).min(room);
        room -= parts;
        sum += units(parts) * gain;
    }
    sum
}

/// Adds servers of what is missing while that gains, then exchanges and drops single ones while that gains.
fn widen(servers: &Servers, order: &Wanted, hunt: &mut Hunt, candidates: &[usize]) {
    let mut set = hunt.best.clone();
    let mut gain = hunt.gain;
    while set.len() < SET_MAX {
        let missing = servers.missing(order, &set);
        let of_use = |server: &usize| missing.iter().any(|line| servers.have[server * servers.lines + line] > 0);
        let mut added: Option<(usize, f64)> = None;
        for server in (0..servers.all.len()).filter(of_use).filter(|server| !set.contains(server)).collect::<Vec<_>>() {
            set.push(server);
            let with = servers.fill(order, &set, None);
            set.pop();
            if with > added.map_or(gain, |(_, best)| best) {
                added = Some((server, with));
            }
        }
        let Some((server, with)) = added else { break };
        set.push(server);
        gain = with;
    }
    if set.len() <= 3 && order.lines.len() <= LINES_ALL_SETS {
        return hunt.hear(&set, gain);
    }
    for place in 0..set.len() {
        for other in candidates {
            if set.contains(other) {
                continue;
            }
            let before = std::mem::replace(&mut set[place], *other);
            let with = servers.fill(order, &set, None);
            if with > gain { gain = with } else { set[place] = before }
        }
    }
    let mut place = 0;
    while place < set.len() && set.len() > 1 {
        let dropped = set.remove(place);
        let without = servers.fill(order, &set, None);
        if without >= gain {
            gain = without;
        } else {
            set.insert(place, dropped);
            place += 1;
        }
    }
    hunt.hear(&set, gain);
}

fn shipments(network: &Network, servers: &Servers, order: &Wanted, set: &[usize]) -> Vec<Shipment> {
    let mut picked = Vec::new();
    servers.fill(order, set, Some(&mut picked));
    let mut shipments: Vec<Shipment> = Vec::with_capacity(set.len());
    for server in set {
        let picks: Vec<(usize, i64)> =
            picked.iter().filter(|(by, _, _)| by == server).map(|(_, line, parts)| (*line, *parts)).collect();
        if !picks.is_empty() {
            let it = servers.all[*server];
            let location = network.nodes[it.node as usize].location;
            shipments.push(Shipment { node: it.node, location, km: it.km, picks });
        }
    }
    shipments.sort_by_key(|shipment| shipment.location);
    shipments
}
