//! What room and units are worth to orders still to come. Called by the desk when it plans anew.
//!
//! Prices are put where they balance the orders at hand and those that are expected, which are taken to be like the last
//! ones seen: a subgradient ascent on the Lagrangian dual of the whole rest of the day.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::ItemId;

use super::Wanted;
use super::network::Network;
use super::plan::units;
use super::reach::Look;
use super::search::best;

/// Orders remembered as what orders are like.
const SAMPLE_MAX: usize = 512;

/// The last orders seen, oldest overwritten first.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Sample {
    /// With what was to be paid for each when it came.
    #[n(0)]
    orders: Vec<(Wanted, f64)>,
    #[n(1)]
    next: u32,
}

impl Sample {
    pub(super) fn see(&mut self, order: &Wanted, paid: f64) {
        if self.orders.len() < SAMPLE_MAX {
            self.orders.push((order.clone(), paid));
        } else {
            let place = self.next as usize % SAMPLE_MAX;
            self.orders[place] = (order.clone(), paid);
            self.next = self.next.wrapping_add(1);
        }
    }

    /// How many are remembered.
    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    /// Orders like these, so many in all, and what is to be paid for each.
    pub(super) fn weighted(&self, expected: f64) -> impl Iterator<Item = (&Wanted, f64, f64)> {
        let weight = if expected.is_finite() { expected / self.orders.len().max(1) as f64 } else { 0.0 };
        self.orders.iter().filter(move |_| weight > 0.0).map(move |(order, paid)| (order, weight, *paid))
    }
}

/// Puts prices where use and supply balance, starting from those of now: a subgradient ascent on the Lagrangian dual
/// with steps after Polyak (1969) towards `aim`, what the orders cost when they are served one after the other, along a
/// running mean of the subgradients (Barahona, Anbil 2000). The prices with the largest bound are kept.
///
/// `orders` with their weights share what is within reach.
pub(super) fn balance(network: &mut Network, orders: &[(&Wanted, f64)], look: Look, aim: f64, rounds: u32) {
    let mut ascent = Ascent { rooms: vec![0.0; network.nodes.len()], shelves: BTreeMap::new() };
    let (mut top, mut kept) = (f64::NEG_INFINITY, Prices::of(network));
    let (mut stuck, mut eager) = (0, EAGER);
    for _ in 0..rounds {
        let used = Use::of(network, orders, look);
        if used.bound > top {
            (top, kept, stuck) = (used.bound, Prices::of(network), 0);
            eager *= 1.1;
        } else {
            stuck += 1;
        }
        if stuck == STUCK {
            // Too far: from the best prices again, in smaller steps.
            stuck = 0;
            eager *= 0.5;
            kept.set(network);
            ascent.rooms.fill(0.0);
            ascent.shelves.clear();
            continue;
        }
        let norm = ascent.turn(network, &used, look);
        if norm <= 0.0 {
            break;
        }
        let step = eager * (aim * 1.02 - used.bound).max(0.001 * aim.abs()) / norm;
        ascent.go(network, step);
    }
    kept.set(network);
}

/// Part of Polyak's step that is taken at first.
const EAGER: f64 = 0.5;
/// So many rounds without a better bound are too many.
const STUCK: u32 = 3;
/// What of the running mean of subgradients stays.
const MEMORY: f64 = 0.6;

/// What the orders would use at the prices of now, each alone; the dual bound.
struct Use {
    rooms: Vec<f64>,
    shelves: BTreeMap<(ItemId, u32), f64>,
    bound: f64,
}

impl Use {
    fn of(network: &Network, orders: &[(&Wanted, f64)], look: Look) -> Self {
        let mut it = Self { rooms: vec![0.0; network.nodes.len()], shelves: BTreeMap::new(), bound: 0.0 };
        for (order, weight) in orders {
            let plan = best(network, order, look);
            it.bound += weight * plan.cost.priced();
            for shipment in &plan.shipments {
                for (line, parts) in &shipment.picks {
                    let used = weight * units(*parts);
                    it.rooms[shipment.node as usize] += used;
                    *it.shelves.entry((order.lines[*line].item, shipment.node)).or_default() += used;
                }
            }
        }
        for node in &network.nodes {
            it.bound -= node.price * units(look.reach.room(node).max(0));
        }
        for shelf in network.shelves.values().flatten() {
            it.bound -= shelf.price * units(look.reach.there(shelf).max(0));
        }
        it
    }
}

/// A direction of prices.
struct Ascent {
    rooms: Vec<f64>,
    shelves: BTreeMap<(ItemId, u32), f64>,
}

impl Ascent {
    /// Turns towards what is used more than there is; gives its squared length.
    fn turn(&mut self, network: &Network, used: &Use, look: Look) -> f64 {
        let mut norm = 0.0;
        for ((node, used), mean) in network.nodes.iter().zip(&used.rooms).zip(&mut self.rooms) {
            *mean = blend(*mean, used - units(look.reach.room(node).max(0)), node.price);
            norm += *mean * *mean;
        }
        for (item, all) in &network.shelves {
            for shelf in all {
                let used = used.shelves.get(&(*item, shelf.node)).copied().unwrap_or(0.0);
                let there = units(look.reach.there(shelf).max(0));
                if used > there || shelf.price > 0.0 {
                    let mean = self.shelves.entry((*item, shelf.node)).or_default();
                    *mean = blend(*mean, used - there, shelf.price);
                    norm += *mean * *mean;
                }
            }
        }
        norm
    }

    fn go(&self, network: &mut Network, step: f64) {
        for (node, mean) in network.nodes.iter_mut().zip(&self.rooms) {
            node.price = (node.price + step * mean).max(0.0);
        }
        for (item, all) in &mut network.shelves {
            for shelf in all {
                if let Some(mean) = self.shelves.get(&(*item, shelf.node)) {
                    shelf.price = (shelf.price + step * mean).max(0.0);
                }
            }
        }
    }
}

/// A price of zero does not fall.
fn blend(mean: f64, excess: f64, price: f64) -> f64 {
    let excess = if price <= 0.0 { excess.max(0.0) } else { excess };
    MEMORY * mean + (1.0 - MEMORY) * excess
}

/// All prices, in the network's own order.
struct Prices {
    rooms: Vec<f64>,
    shelves: Vec<f64>,
}

impl Prices {
    fn of(network: &Network) -> Self {
        let rooms = network.nodes.iter().map(|node| node.price).collect();
        Self { rooms, shelves: network.shelves.values().flatten().map(|shelf| shelf.price).collect() }
    }

    fn set(&self, network: &mut Network) {
        network.nodes.iter_mut().zip(&self.rooms).for_each(|(node, price)| node.price = *price);
        network.shelves.values_mut().flatten().zip(&self.shelves).for_each(|(shelf, price)| shelf.price = *price);
    }
}
