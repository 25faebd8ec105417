//! What is wanted and how it is fulfilled: orders, shipments and what they cost.

use minicbor::{Decode, Encode};
use model::{Currency, ItemId, LocationId};

use super::Place;
use super::network::{Network, UNIT};

/// Most of one item in one order: 10^9 units.
const PARTS_MAX: i64 = 1_000_000_000 * UNIT;

/// A line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Line {
    /// What.
    #[n(0)]
    pub item: ItemId,
    /// How much, in hundred-thousandths of a unit.
    #[n(1)]
    pub parts: i64,
    /// Only whole units can be picked.
    #[n(2)]
    pub whole: bool,
}

/// An order to be fulfilled.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Wanted {
    /// Where it goes.
    #[n(0)]
    pub to: Place,
    /// What it asks for.
    #[n(1)]
    pub lines: Vec<Line>,
    /// What one unit costs that nobody ships: lost margin and good will.
    #[n(2)]
    pub penalty: f64,
    /// The farthest that still arrives by the promised day, in km; infinite without a promise.
    #[n(3)]
    pub within_km: f64,
    /// Picked up there: nothing else may ship, and there is no way.
    #[n(4)]
    pub pickup: Option<LocationId>,
    /// Not from these: the channel may not sell from them, or they failed already. In order.
    #[n(5)]
    pub not_from: Vec<LocationId>,
    /// Currency of all amounts, when they are minor units of one.
    #[n(6)]
    pub currency: Option<Currency>,
}

impl Wanted {
    /// An order without a promise, to be sent from anywhere, whose units may stay unfilled for nothing.
    pub fn plain(to: Place, lines: Vec<Line>) -> Self {
        Self { to, lines, penalty: 0.0, within_km: f64::INFINITY, pickup: None, not_from: Vec::new(), currency: None }
    }

    /// The same in the form the search relies on: each item once, amounts above zero, numbers that are numbers.
    #[must_use]
    pub fn sound(mut self) -> Self {
        let mut lines: Vec<Line> = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            let parts = line.parts.clamp(0, PARTS_MAX);
            match lines.iter_mut().find(|other| other.item == line.item) {
                Some(other) => {
                    other.parts = (other.parts + parts).min(PARTS_MAX);
                    other.whole &= line.whole;
                }
                None => lines.push(Line { parts, ..line }),
            }
        }
        lines.retain(|line| line.parts > 0);
        self.lines = lines;
        self.penalty = if self.penalty.is_finite() { self.penalty.max(0.0) } else { 0.0 };
        self.within_km = if self.within_km.is_nan() { f64::INFINITY } else { self.within_km };
        self
    }

    /// Units asked for.
    pub fn units(&self) -> f64 {
        units(self.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.parts.max(0))))
    }
}

/// What one location sends.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Shipment {
    /// Place of the location in the network's list.
    #[n(0)]
    pub node: u32,
    /// The location.
    #[n(1)]
    pub location: LocationId,
    /// How far it goes.
    #[n(2)]
    pub km: f64,
    /// Place of the line in the order, and parts.
    #[n(3)]
    pub picks: Vec<(usize, i64)>,
}

/// What a plan costs, by kind. The sum decides; without the opportunity it is what is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Cost {
    /// Fixed part of the shipments.
    #[n(0)]
    pub fixed: f64,
    /// Distance.
    #[n(1)]
    pub distance: f64,
    /// Picking.
    #[n(2)]
    pub picking: f64,
    /// Expected loss at the shelves: store sales, failed picks, less mark-downs avoided.
    #[n(3)]
    pub shelves: f64,
    /// Units nobody ships.
    #[n(4)]
    pub unfilled: f64,
    /// What room and units are worth to orders still to come.
    #[n(5)]
    pub opportunity: f64,
}

impl Cost {
    /// What is paid.
    pub fn paid(&self) -> f64 {
        self.fixed + self.distance + self.picking + self.shelves + self.unfilled
    }

    /// What decides.
    pub fn priced(&self) -> f64 {
        self.paid() + self.opportunity
    }
}

/// How an order is fulfilled.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Plan {
    /// By location.
    #[n(0)]
    pub shipments: Vec<Shipment>,
    /// Parts that nobody ships.
    #[n(1)]
    pub unfilled: i64,
    /// What it costs.
    #[n(2)]
    pub cost: Cost,
}

impl Plan {
    /// Ships these, and counts what that costs at the prices of now.
    pub(super) fn of(network: &Network, order: &Wanted, shipments: Vec<Shipment>) -> Self {
        let asked = order.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.parts.max(0)));
        let mut plan = Self { shipments, unfilled: asked, cost: Cost::default() };
        for shipment in &plan.shipments {
            let node = &network.nodes[shipment.node as usize];
            let Some(terms) = node.terms else { continue };
            if order.pickup.is_none() {
                plan.cost.fixed += terms.ship_fixed;
                plan.cost.distance += terms.per_km * shipment.km;
            }
            for (line, parts) in &shipment.picks {
                plan.unfilled -= parts;
                plan.cost.picking += terms.pick * units(*parts);
                let shelves = network.shelves.get(&order.lines[*line].item);
                let shelf = shelves.and_then(|all| super::network::find(all, shipment.node));
                let (extra, price) = shelf.map_or((0.0, 0.0), |shelf| (shelf.extra, shelf.price));
                plan.cost.shelves += extra * units(*parts);
                plan.cost.opportunity += (node.price + price) * units(*parts);
            }
        }
        plan.cost.unfilled = order.penalty * units(plan.unfilled);
        plan
    }
}

/// Parts as units.
pub(super) fn units(parts: i64) -> f64 {
    parts as f64 / UNIT as f64
}
