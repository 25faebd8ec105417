//! Which locations could serve an order, with what, at what gain. Called by the search.
//!
//! A unit's gain is the penalty it saves, less what picking it costs at the prices of now.

use super::Wanted;
use super::network::{Network, Node, Shelf};
use model::Instant;

/// What counts as there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What is free.
    Free,
    /// Also what is planned for orders that may still be planned elsewhere.
    Movable,
}

impl Reach {
    pub(super) fn room(self, node: &Node) -> i64 {
        if self == Self::Free { node.room } else { node.room.saturating_add(node.movable) }
    }

    pub(super) fn there(self, shelf: &Shelf) -> i64 {
        if self == Self::Free { shelf.free } else { shelf.free.saturating_add(shelf.movable) }
    }
}

/// How the network is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// What counts as there.
    pub reach: Reach,
    /// How much the prices of room and units count: 1, or 0 for what is paid alone.
    pub worth: f64,
    /// Now, for what closes.
    pub now: Instant,
}

impl Look {
    /// At what is free, at the prices of now.
    pub fn free(now: Instant) -> Self {
        Self { reach: Reach::Free, worth: 1.0, now }
    }
}

/// A location that could serve a part of the order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) node: u32,
    pub(super) km: f64,
    /// Cost of the shipment itself.
    pub(super) way: f64,
    /// Parts it can pack.
    pub(super) room: i64,
}

/// All of them, with parts and gain of each unit for each line: `have[server * lines + line]`.
#[derive(Debug)]
pub(super) struct Servers {
    pub(super) lines: usize,
    pub(super) all: Vec<Server>,
    pub(super) have: Vec<i64>,
    pub(super) gain: Vec<f64>,
}

impl Servers {
    /// Those of the network that may serve the order and gain by it.
    pub(super) fn of(network: &Network, order: &Wanted, look: Look) -> Self {
        let lines = order.lines.len();
        let mut servers = Self { lines, all: Vec::new(), have: Vec::new(), gain: Vec::new() };
        let mut place_of = vec![u32::MAX; network.nodes.len()];
        for (at, line) in order.lines.iter().enumerate() {
            let shelves = network.shelves.get(&line.item).map_or(&[][..], Vec::as_slice);
            for shelf in shelves {
                let node = &network.nodes[shelf.node as usize];
                let room = look.reach.room(node);
                let have = whole(line.parts.min(look.reach.there(shelf)).min(room), line.whole);
                let Some(terms) = node.terms else { continue };
                let gain = order.penalty - terms.pick - shelf.extra - look.worth * (node.price + shelf.price);
                if have <= 0 || gain <= 0.0 || !allowed(order, node, look.now) {
                    continue;
                }
                let place = &mut place_of[shelf.node as usize];
                if *place == u32::MAX {
                    let km = terms.at.km(&order.to);
                    if km > order.within_km {
                        continue;
                    }
                    let way = if order.pickup.is_some() { 0.0 } else { terms.ship_fixed + terms.per_km * km };
                    *place = servers.all.len() as u32;
                    servers.all.push(Server { node: shelf.node, km, way, room });
                    servers.have.resize(servers.have.len() + lines, 0);
                    servers.gain.resize(servers.gain.len() + lines, 0.0);
                }
                let cell = *place as usize * lines + at;
                servers.have[cell] = have;
                servers.gain[cell] = gain;
            }
        }
        servers
    }

    /// The most that a set of servers gains, less their ways; picks go into `picked` when it is given. Lines in order,
    /// each from the server with the largest gain first; who serves nothing sends nothing.
    pub(super) fn fill(&self, order: &Wanted, set: &[usize], mut picked: Option<&mut Vec<(usize, usize, i64)>>) -> f64 {
        let mut rooms = [0_i64; SET_MAX];
        let mut used = [false; SET_MAX];
        set.iter().zip(&mut rooms).for_each(|(server, room)| *room = self.all[*server].room);
        let mut total = 0.0;
        for (at, line) in order.lines.iter().enumerate() {
            let mut need = line.parts;
            let mut tried = [false; SET_MAX];
            while need > 0 {
                let mut best: Option<(usize, f64)> = None;
                for (k, server) in set.iter().enumerate() {
                    let cell = server * self.lines + at;
                    let open = !tried[k] && self.have[cell] > 0;
                    if open && best.is_none_or(|(_, gain)| self.gain[cell] > gain) {
                        best = Some((k, self.gain[cell]));
                    }
                }
                let Some((k, gain)) = best else { break };
                tried[k] = true;
                let cell = set[k] * self.lines + at;
                let parts = whole(need.min(self.have[cell]).min(rooms[k]), line.whole);
                if parts > 0 {
                    need -= parts;
                    rooms[k] -= parts;
                    used[k] = true;
                    total += gain * super::plan::units(parts);
                    if let Some(picked) = picked.as_deref_mut() {
                        picked.push((set[k], at, parts));
                    }
                }
            }
        }
        for (k, server) in set.iter().enumerate() {
            if used[k] {
                total -= self.all[*server].way;
            }
        }
        total
    }

    /// Lines that a set does not serve in full.
    pub(super) fn missing(&self, order: &Wanted, set: &[usize]) -> Vec<usize> {
        let mut picks = Vec::new();
        self.fill(order, set, Some(&mut picks));
        let picked =
            |at: usize| picks.iter().filter(|(_, line, _)| *line == at).map(|(_, _, parts)| parts).sum::<i64>();
        order.lines.iter().enumerate().filter(|(at, line)| picked(*at) < line.parts).map(|(at, _)| at).collect()
    }
}

/// Most locations one order is split over.
pub(super) const SET_MAX: usize = 12;

fn allowed(order: &Wanted, node: &Node, now: Instant) -> bool {
    order.pickup.is_none_or(|only| only == node.location)
        && !order.not_from.contains(&node.location)
        && node.terms.and_then(|terms| terms.closes_at).is_none_or(|closes| now < closes)
}

fn whole(parts: i64, whole: bool) -> i64 {
    if whole { parts - parts.rem_euclid(super::network::UNIT) } else { parts }
}
