//! Planning anew what may still be planned elsewhere (Xu, Allgor, Graves 2009). Called by the desk every few minutes.
//!
//! Each order is planned again with its units put back. Then each order that would do better with units or room that
//! another one holds tries to take its place, and the other is planned again; kept when both together cost less.

use std::collections::{BTreeMap, BTreeSet};

use model::{Instant, ItemId, OrderId};

use stats::dice::Dice;

use super::desk::Held;
use super::network::Network;
use super::reach::{Look, Reach};
use super::search::best;
use super::{Plan, Wanted};

/// What counts as cheaper.
const GAIN_MIN: f64 = 1e-6;
/// Most orders put back at a time.
const ORDERS_OUT: u64 = 6;
/// What is at first taken for no dearer, in typical fixed costs of a shipment.
const HEAT: f64 = 0.03;

/// Improves all plans, with so many tries for each.
pub(super) fn improve(network: &mut Network, held: &mut BTreeMap<OrderId, Held>, how: &Improving, dice: &mut Dice) {
    if held.is_empty() {
        return;
    }
    // Prices may have changed since.
    for it in held.values_mut() {
        it.plan = Plan::of(network, &it.order, std::mem::take(&mut it.plan.shipments));
    }
    again(network, held, how);
    exchange(network, held, how, dice);
    again(network, held, how);
}

/// How plans are improved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Improving {
    /// Tries for each order.
    pub(super) tries: u32,
    /// How much room and units are worth that are left: 1 while orders are still to come, 0 at the end of the day.
    pub(super) worth: f64,
    /// Now.
    pub(super) now: Instant,
}

impl Improving {
    fn cost(&self, plan: &Plan) -> f64 {
        plan.cost.paid() + self.worth * plan.cost.opportunity
    }

    fn look(&self, reach: Reach) -> Look {
        Look { reach, worth: self.worth, now: self.now }
    }
}

fn again(network: &mut Network, held: &mut BTreeMap<OrderId, Held>, how: &Improving) {
    for it in held.values_mut() {
        network.put_back(&it.order, &it.plan);
        let plan = best(network, &it.order, how.look(Reach::Free));
        if how.cost(&plan) < how.cost(&it.plan) - GAIN_MIN {
            it.plan = plan;
        }
        network.take(&it.order, &it.plan);
    }
}

/// Who holds what: by item and node, and by node.
#[derive(Default)]
struct Holders {
    units: BTreeMap<(ItemId, u32), BTreeSet<OrderId>>,
    rooms: BTreeMap<u32, BTreeSet<OrderId>>,
}

impl Holders {
    fn note(&mut self, id: OrderId, order: &Wanted, plan: &Plan) {
        for shipment in &plan.shipments {
            self.rooms.entry(shipment.node).or_default().insert(id);
            for (line, _) in &shipment.picks {
                self.units.entry((order.lines[*line].item, shipment.node)).or_default().insert(id);
            }
        }
    }

    fn forget(&mut self, id: OrderId, order: &Wanted, plan: &Plan) {
        for shipment in &plan.shipments {
            self.rooms.entry(shipment.node).or_default().remove(&id);
            for (line, _) in &shipment.picks {
                self.units.entry((order.lines[*line].item, shipment.node)).or_default().remove(&id);
            }
        }
    }

    /// Orders that hold what a plan would need and does not find free.
    fn rivals(&self, network: &Network, order: &Wanted, plan: &Plan) -> Vec<OrderId> {
        let mut rivals = BTreeSet::new();
        for shipment in &plan.shipments {
            let parts: i64 = shipment.picks.iter().map(|(_, parts)| parts).sum();
            if network.nodes[shipment.node as usize].room < parts {
                rivals.extend(self.rooms.get(&shipment.node).into_iter().flatten().copied());
            }
            for (line, parts) in &shipment.picks {
                let item = order.lines[*line].item;
                if network.free_at(item, shipment.node) < *parts {
                    rivals.extend(self.units.get(&(item, shipment.node)).into_iter().flatten().copied());
                }
            }
        }
        rivals.into_iter().collect()
    }
}

/// Puts a few orders that are in each other's way back and plans them in another order; kept when that costs no more, and at first also when it costs a little more (Kirkpatrick 1983).
fn exchange(network: &mut Network, held: &mut BTreeMap<OrderId, Held>, how: &Improving, dice: &mut Dice) {
    let mut holders = Holders::default();
    held.iter().for_each(|(id, it)| holders.note(*id, &it.order, &it.plan));
    let ids: Vec<OrderId> = held.keys().copied().collect();
    let tries = u64::from(how.tries) * ids.len() as u64;
    let warmth = HEAT * typical(network);
    for round in 0..tries {
        let mut out = entangled(network, held, &holders, ids[dice.below(ids.len() as u64) as usize], how, dice);
        if out.len() < 2 {
            continue;
        }
        if dice.happens(0.5) {
            dice.shuffle(&mut out);
        }
        let before: f64 = out.iter().map(|id| how.cost(&held[id].plan)).sum();
        out.iter().for_each(|id| network.put_back(&held[id].order, &held[id].plan));
        let mut plans = Vec::with_capacity(out.len());
        for id in &out {
            let plan = best(network, &held[id].order, how.look(Reach::Free));
            network.take(&held[id].order, &plan);
            plans.push(plan);
        }
        let after: f64 = plans.iter().map(|plan| how.cost(plan)).sum();
        let heat = warmth * (1.0 - round as f64 / tries as f64);
        if after <= before + GAIN_MIN - heat * stats::num::ln(dice.open_unit()) {
            for (id, plan) in out.iter().zip(plans) {
                let it = held.get_mut(id).expect("was taken from it");
                holders.forget(*id, &it.order, &it.plan);
                holders.note(*id, &it.order, &plan);
                it.plan = plan;
            }
        } else {
            out.iter().zip(&plans).for_each(|(id, plan)| network.put_back(&held[id].order, plan));
            out.iter().for_each(|id| network.take(&held[id].order, &held[id].plan));
        }
    }
}

/// An order and some that hold what it, or one of those, would rather have.
fn entangled(
    network: &mut Network,
    held: &BTreeMap<OrderId, Held>,
    holders: &Holders,
    first: OrderId,
    how: &Improving,
    dice: &mut Dice,
) -> Vec<OrderId> {
    let mut out = vec![first];
    let size = 2 + dice.below(ORDERS_OUT - 1) as usize;
    let mut misses = 0;
    while out.len() < size && misses < 3 {
        let it = &held[&out[dice.below(out.len() as u64) as usize]];
        network.put_back(&it.order, &it.plan);
        let wish = best(network, &it.order, how.look(Reach::Movable));
        let mut rivals = holders.rivals(network, &it.order, &wish);
        network.take(&it.order, &it.plan);
        rivals.retain(|rival| !out.contains(rival));
        if rivals.is_empty() {
            if out.len() == 1 {
                break;
            }
            misses += 1;
        } else {
            out.push(rivals[dice.below(rivals.len() as u64) as usize]);
        }
    }
    out
}

/// Mean fixed cost of a shipment.
fn typical(network: &Network) -> f64 {
    let fixed: Vec<f64> = network.nodes.iter().filter_map(|node| node.terms).map(|terms| terms.ship_fixed).collect();
    stats::num::sum(fixed.iter().copied()) / fixed.len().max(1) as f64
}
