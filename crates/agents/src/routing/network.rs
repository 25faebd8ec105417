//! The locations that can ship, what lies on their shelves and what they can still pack today. Called by the search and
//! the desk; decides nothing.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Instant, ItemId, LocationId};

use super::{Place, Plan, Wanted};

/// Hundred-thousandths of a unit, as the journal counts.
pub const UNIT: i64 = 100_000;

/// What shipping from a location costs and how much it can do; amounts of money in any one unit, minor units in the
/// product.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Terms {
    /// Where it is; nothing is shipped from nowhere.
    #[n(0)]
    pub at: Place,
    /// Parts of a unit ([`UNIT`]) that it can pack in a day.
    #[n(1)]
    pub capacity: i64,
    /// For each shipment.
    #[n(2)]
    pub ship_fixed: f64,
    /// For each shipment and kilometre.
    #[n(3)]
    pub per_km: f64,
    /// For each unit picked.
    #[n(4)]
    pub pick: f64,
    /// From then on it packs nothing more today.
    #[n(5)]
    pub closes_at: Option<Instant>,
}

impl Terms {
    /// The same, with numbers that are none or below zero taken for zero.
    fn sound(self) -> Self {
        let sound = |value: f64| if value.is_finite() { value.max(0.0) } else { 0.0 };
        Self {
            capacity: self.capacity.max(0),
            ship_fixed: sound(self.ship_fixed),
            per_km: sound(self.per_km),
            pick: sound(self.pick),
            ..self
        }
    }
}

/// A location of the network.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Node {
    /// Which.
    #[n(0)]
    pub location: LocationId,
    /// `None` until somebody says what shipping from it costs: it is never chosen.
    #[n(1)]
    pub terms: Option<Terms>,
    /// Parts it can still pack today.
    #[n(2)]
    pub room: i64,
    /// Parts planned there that may still be planned elsewhere.
    #[n(3)]
    pub movable: i64,
    /// Price of packing one unit there: what the room is worth to orders still to come.
    #[n(4)]
    pub price: f64,
    /// Mean of the prices at the ends of past days, and how many days.
    #[n(5)]
    pub past: (f64, u32),
}

/// An item at a location.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Shelf {
    /// Place in the list of nodes.
    #[n(0)]
    pub node: u32,
    /// Parts that can be promised; below zero when oversold.
    #[n(1)]
    pub free: i64,
    /// Parts planned for orders that may still be planned elsewhere.
    #[n(2)]
    pub movable: i64,
    /// Expected cost of taking one unit besides picking it: what the store loses, what a failed pick costs; below zero
    /// where the unit would be marked down.
    #[n(3)]
    pub extra: f64,
    /// Price of one unit: what it is worth to orders still to come.
    #[n(4)]
    pub price: f64,
}

/// All of it. Nodes stand in the order of their location ids' first mention; shelves in the order of nodes.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Network {
    #[n(0)]
    pub(super) nodes: Vec<Node>,
    #[n(1)]
    places: BTreeMap<LocationId, u32>,
    #[n(2)]
    pub(super) shelves: BTreeMap<ItemId, Vec<Shelf>>,
}

impl Network {
    /// The place of a location in the list, made when it is new.
    fn place(&mut self, location: LocationId) -> u32 {
        let next = self.nodes.len() as u32;
        let place = *self.places.entry(location).or_insert(next);
        if place == next {
            self.nodes.push(Node { location, terms: None, room: 0, movable: 0, price: 0.0, past: (0.0, 0) });
        }
        place
    }

    /// Says what shipping from a location costs and how much it can pack; what it packed today already is kept.
    pub fn put(&mut self, location: LocationId, terms: Terms) {
        let terms = terms.sound();
        let place = self.place(location);
        let node = &mut self.nodes[place as usize];
        let used = node.terms.map_or(0, |before| before.capacity.saturating_sub(node.room));
        node.room = terms.capacity.saturating_sub(used);
        node.terms = Some(terms);
    }

    /// A node by location.
    pub fn node(&self, location: LocationId) -> Option<&Node> {
        self.places.get(&location).map(|place| &self.nodes[*place as usize])
    }

    /// Parts of an item at a location that can be promised.
    pub fn free(&self, item: ItemId, location: LocationId) -> i64 {
        let shelf = |place: &u32| self.shelves.get(&item).and_then(|shelves| find(shelves, *place));
        self.places.get(&location).and_then(shelf).map_or(0, |shelf| shelf.free)
    }

    pub(super) fn free_at(&self, item: ItemId, node: u32) -> i64 {
        self.shelves.get(&item).and_then(|shelves| find(shelves, node)).map_or(0, |shelf| shelf.free)
    }

    /// More or less of an item at a location.
    pub fn change(&mut self, item: ItemId, location: LocationId, parts: i64) {
        let place = self.place(location);
        let shelf = self.shelf(item, place);
        shelf.free = shelf.free.saturating_add(parts);
    }

    /// Sets the expected cost of taking one unit besides picking it. What is no number is zero.
    pub fn set_extra(&mut self, item: ItemId, location: LocationId, extra: f64) {
        let place = self.place(location);
        self.shelf(item, place).extra = if extra.is_finite() { extra } else { 0.0 };
    }

    pub(super) fn shelf(&mut self, item: ItemId, node: u32) -> &mut Shelf {
        let shelves = self.shelves.entry(item).or_default();
        let at = shelves.partition_point(|shelf| shelf.node < node);
        if shelves.get(at).is_none_or(|shelf| shelf.node != node) {
            shelves.insert(at, Shelf { node, ..Shelf::default() });
        }
        &mut shelves[at]
    }

    /// Takes what a plan ships from shelves and rooms. It may still be planned elsewhere.
    pub(super) fn take(&mut self, order: &Wanted, plan: &Plan) {
        self.move_plan(order, plan, 1);
    }

    /// Puts back what [`take`](Self::take) took.
    pub(super) fn put_back(&mut self, order: &Wanted, plan: &Plan) {
        self.move_plan(order, plan, -1);
    }

    fn move_plan(&mut self, order: &Wanted, plan: &Plan, sign: i64) {
        for shipment in &plan.shipments {
            for (line, parts) in &shipment.picks {
                let parts = parts * sign;
                let shelf = self.shelf(order.lines[*line].item, shipment.node);
                shelf.free = shelf.free.saturating_sub(parts);
                shelf.movable = shelf.movable.saturating_add(parts);
                let node = &mut self.nodes[shipment.node as usize];
                node.room = node.room.saturating_sub(parts);
                node.movable = node.movable.saturating_add(parts);
            }
        }
    }

    /// From now on a plan stays as it is.
    pub(super) fn settle(&mut self, order: &Wanted, plan: &Plan) {
        for shipment in &plan.shipments {
            for (line, parts) in &shipment.picks {
                self.shelf(order.lines[*line].item, shipment.node).movable -= parts;
                self.nodes[shipment.node as usize].movable -= parts;
            }
        }
    }

    /// A new day: every location can pack its full capacity, and starts at its usual price.
    pub(super) fn new_day(&mut self) {
        for node in &mut self.nodes {
            let days = f64::from(node.past.1);
            node.past = ((node.past.0 * days + node.price) / (days + 1.0), node.past.1.saturating_add(1));
            node.price = node.past.0;
            node.room = node.terms.map_or(0, |terms| terms.capacity).saturating_sub(node.movable);
        }
    }
}

pub(super) fn find(shelves: &[Shelf], node: u32) -> Option<&Shelf> {
    shelves.binary_search_by_key(&node, |shelf| shelf.node).ok().map(|at| &shelves[at])
}
