//! What room and units are worth to orders still to come. Called by the desk.
//!
//! After each order the price of a location's room moves with how its use differs from an even use of the day (online
//! dual descent, Balseiro, Lu, Mirrokni 2023). Every few minutes prices of rooms and of units are put where they balance
//! the orders at hand and those that are expected, which are taken to be like the last ones seen: a subgradient descent
//! on the Lagrangian dual of the whole rest of the day.

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
    #[n(0)]
    pub(super) orders: Vec<Wanted>,
    #[n(1)]
    next: u32,
}

impl Sample {
    pub(super) fn see(&mut self, order: &Wanted) {
        if self.orders.len() < SAMPLE_MAX {
            self.orders.push(order.clone());
        } else {
            let place = self.next as usize % SAMPLE_MAX;
            self.orders[place] = order.clone();
            self.next = self.next.wrapping_add(1);
        }
    }
}

/// Puts prices where use and supply balance, starting from those of now: a subgradient ascent on the Lagrangian dual
/// with steps after Polyak (1969) towards `aim`, what the orders cost when they are served one after the other, along a
/// running mean of the subgradients (Barahona, Anbil 2000). The prices with the largest bound are kept.
///
/// `orders` with their weights share what is within `reach`.
pub(super) fn balance(network: &mut Network, orders: &[(&Wanted, f64)], look: Look, aim: f64, rounds: u32) {
    let mut rooms = vec![0.0; network.nodes.len()];
    let mut shelves: BTreeMap<(ItemId, u32), f64> = BTreeMap::new();
    let (mut top, mut stuck, mut eager) = (f64::NEG_INFINITY, 0, 0.5);
    let mut kept = None;
    for round in 0..rounds {
        let mut used_room = vec![0.0; network.nodes.len()];
        let mut used: BTreeMap<(ItemId, u32), f64> = BTreeMap::new();
        let mut bound = 0.0;
        for (order, weight) in orders {
            let plan = best(network, order, look);
            bound += weight * plan.cost.priced();
            for shipment in &plan.shipments {
                for (line, parts) in &shipment.picks {
                    used_room[shipment.node as usize] += weight * units(*parts);
                    *used.entry((order.lines[*line].item, shipment.node)).or_default() += weight * units(*parts);
                }
            }
        }
        for node in &network.nodes {
            bound -= node.price * units(look.reach.room(node).max(0));
        }
        for shelf in network.shelves.values().flatten() {
            bound -= shelf.price * units(look.reach.there(shelf).max(0));
        }
        if bound > top {
            top = bound;
            stuck = 0;
            kept = Some(prices_of(network));
            eager *= 1.1;
        } else {
            stuck += 1;
            if stuck >= 3 {
                eager *= 0.5;
                stuck = 0;
                if let Some(kept) = &kept {
                    set_prices(network, kept);
                    rooms.fill(0.0);
                    shelves.clear();
                    continue;
                }
            }
        }
        let mut norm = 0.0;
        for ((node, used), mean) in network.nodes.iter().zip(&used_room).zip(&mut rooms) {
            *mean = blend(*mean, used - units(look.reach.room(node).max(0)), node.price, round);
            norm += *mean * *mean;
        }
        for (item, all) in &network.shelves {
            for shelf in all {
                let used = used.get(&(*item, shelf.node)).copied().unwrap_or(0.0);
                let there = units(look.reach.there(shelf).max(0));
                if used > there || shelf.price > 0.0 {
                    let mean = shelves.entry((*item, shelf.node)).or_default();
                    *mean = blend(*mean, used - there, shelf.price, round);
                    norm += *mean * *mean;
                }
            }
        }
        if norm <= 0.0 {
            break;
        }
        let step = eager * (aim * 1.02 - bound).max(0.001 * aim.abs()) / norm;
        for (node, mean) in network.nodes.iter_mut().zip(&rooms) {
            node.price = (node.price + step * mean).max(0.0);
        }
        for (item, all) in &mut network.shelves {
            for shelf in all {
                if let Some(mean) = shelves.get(&(*item, shelf.node)) {
                    shelf.price = (shelf.price + step * mean).max(0.0);
                }
            }
        }
    }
    if let Some(kept) = kept {
        set_prices(network, &kept);
    }
}

pub(super) fn set_prices(network: &mut Network, (rooms, shelves): &(Vec<f64>, Vec<f64>)) {
    network.nodes.iter_mut().zip(rooms).for_each(|(node, price)| node.price = *price);
    network.shelves.values_mut().flatten().zip(shelves).for_each(|(shelf, price)| shelf.price = *price);
}

pub(super) fn prices_of(network: &Network) -> (Vec<f64>, Vec<f64>) {
    (
        network.nodes.iter().map(|node| node.price).collect(),
        network.shelves.values().flatten().map(|shelf| shelf.price).collect(),
    )
}

fn blend(mean: f64, excess: f64, price: f64, round: u32) -> f64 {
    let excess = if price <= 0.0 { excess.max(0.0) } else { excess };
    if round == 0 { excess } else { 0.6 * mean + 0.4 * excess }
}
