//! The desk of the day: every order gets a plan when it comes; until it is released the plan may change.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Entry, Fact, Instant, LocationId, OrderId, OrderState, Seq};
use stats::dice::Dice;

use super::explain::{self, Odds};
use super::improve::{Improving, improve};
use super::prices::{Sample, balance};
use super::reach::{Look, Reach, Servers};
use super::{Network, Plan, Terms, Wanted, search};
use crate::ats::Ats;
use crate::{Mind, Proposal};

/// How the desk works.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Settings {
    /// An order is handed to its locations this long after it came; until then it may be planned elsewhere.
    #[n(0)]
    pub release_after_ms: i64,
    /// Orders expected on a day.
    #[n(1)]
    pub expected_orders: f64,
}

/// How much work planning anew may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// So often prices are balanced and plans improved in turn; each time the cost to beat is known better.
    pub cycles: u32,
    /// Rounds of balancing prices, each one search for every order at hand.
    pub balance: u32,
    /// Tries to exchange, for each order at hand.
    pub tries: u32,
    /// Most locations looked at in all; the other numbers are made smaller where they would need more.
    pub looks: u64,
}

impl Effort {
    /// Every few minutes; around a second.
    pub const QUICK: Self = Self { cycles: 1, balance: 20, tries: 5, looks: 10_000_000 };
    /// Before a wave of orders is released; around a minute at most.
    pub const THOROUGH: Self = Self { cycles: 8, balance: 150, tries: 150, looks: 600_000_000 };

    /// What is possible with so many orders, each of which so many locations could serve.
    fn within(self, orders: usize, servers: f64) -> Self {
        let round = orders as f64 * (servers + LOOKS_FIXED);
        let cycle = round * (f64::from(self.balance) + SEARCHES_A_TRY * f64::from(self.tries));
        let possible = self.looks as f64 / cycle.max(1.0);
        let cycles = (f64::from(self.cycles).min(possible) as u32).max(1);
        let part = possible.min(1.0);
        let less = |number: u32| (f64::from(number) * part).ceil() as u32;
        Self { cycles, balance: less(self.balance), tries: less(self.tries), ..self }
    }
}

/// Searches in one try to exchange, at bare cost and at prices together.
const SEARCHES_A_TRY: f64 = 16.0;
/// A search costs as much as looking at so many locations, besides those it looks at.
const LOOKS_FIXED: f64 = 20.0;

/// An order with its plan of now.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Held {
    /// The order.
    #[n(0)]
    pub order: Wanted,
    /// Its plan.
    #[n(1)]
    pub plan: Plan,
    /// When it is released.
    #[n(2)]
    pub due: Instant,
    /// How clear the choice was, and where it sent what, when the order came.
    #[n(3)]
    at_first: (u32, Vec<LocationId>),
}

/// The mind.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Desk {
    #[n(0)]
    settings: Settings,
    #[n(1)]
    network: Network,
    #[n(2)]
    held: BTreeMap<OrderId, Held>,
    #[n(3)]
    sample: Sample,
    /// Orders planned today.
    #[n(4)]
    seen: u32,
    #[n(5)]
    odds: Odds,
    #[n(6)]
    ats: Ats,
}

impl Desk {
    /// Over a network; an empty one learns its stock from facts.
    pub fn new(settings: Settings, network: Network) -> Self {
        Self {
            settings,
            network,
            held: BTreeMap::new(),
            sample: Sample::default(),
            seen: 0,
            odds: Odds::default(),
            ats: Ats::default(),
        }
    }

    /// Plans an order and takes its units. An order that is held already is planned anew.
    pub fn decide(&mut self, id: OrderId, order: Wanted, now: Instant) -> Proposal<Plan> {
        let order = order.sound();
        self.cancel(id);
        let found = search(&self.network, &order, Look::free(now));
        self.network.take(&order, &found.best);
        self.sample.see(&order, found.best.cost.paid());
        self.seen = self.seen.saturating_add(1);
        let proposal = explain::proposal(&order, &found, &self.odds);
        let at_first = (explain::band(&found), locations(&found.best));
        let due = now.plus_ms(self.settings.release_after_ms.max(0));
        self.held.insert(id, Held { order, plan: found.best, due, at_first });
        proposal
    }

    /// The order is gone before it was released: its units and room are free again.
    pub fn cancel(&mut self, id: OrderId) {
        if let Some(it) = self.held.remove(&id) {
            self.network.put_back(&it.order, &it.plan);
        }
    }

    /// Plans anew what may still be planned elsewhere; gives the orders whose plan changed.
    pub fn replan(&mut self, now: Instant, effort: Effort) -> Vec<OrderId> {
        let before: Vec<(OrderId, Plan)> = self.held.iter().map(|(id, it)| (*id, it.plan.clone())).collect();
        let expected = (self.settings.expected_orders - f64::from(self.seen)).max(0.0);
        let look = Look { reach: Reach::Movable, worth: 1.0, now };
        let servers = self.held.values().map(|it| Servers::of(&self.network, &it.order, look).all.len() as f64);
        let servers = stats::num::sum(servers) / self.held.len().max(1) as f64;
        let effort = effort.within(self.held.len() + self.sample.len(), servers);
        for cycle in 0..effort.cycles {
            self.improve(expected, effort, now, cycle);
        }
        let changed = |(id, plan): (OrderId, Plan)| (self.held[&id].plan.shipments != plan.shipments).then_some(id);
        before.into_iter().filter_map(changed).collect()
    }

    fn improve(&mut self, expected: f64, effort: Effort, now: Instant, cycle: u32) {
        self.balance(expected, effort, now);
        let mut dice = Dice::seeded(u64::from(self.seen) << 8 | u64::from(cycle));
        let how = Improving { tries: effort.tries, worth: 1.0, now };
        // At the end of the day nothing more comes, and what is left over is worth nothing.
        let ends = expected < 1.0;
        let before: Vec<Plan> = self.held.values().map(|it| it.plan.clone()).collect();
        improve(&mut self.network, &mut self.held, &how, &mut dice);
        if ends {
            improve(&mut self.network, &mut self.held, &Improving { worth: 0.0, ..how }, &mut dice);
            let paid = |plans: &mut dyn Iterator<Item = &Plan>| plans.map(|plan| plan.cost.paid()).sum::<f64>();
            if paid(&mut before.iter()) < paid(&mut self.held.values().map(|it| &it.plan)) {
                self.set_plans(before);
            }
        }
    }

    fn set_plans(&mut self, plans: Vec<Plan>) {
        for it in self.held.values() {
            self.network.put_back(&it.order, &it.plan);
        }
        for (it, plan) in self.held.values_mut().zip(plans) {
            it.plan = plan;
            self.network.take(&it.order, &it.plan);
        }
    }

    /// Prices under which the orders at hand and those expected share what there is.
    fn balance(&mut self, expected: f64, effort: Effort, now: Instant) {
        let held = self.held.values().map(|it| (&it.order, 1.0, it.plan.cost.paid()));
        let all: Vec<(&Wanted, f64, f64)> = held.chain(self.sample.weighted(expected)).collect();
        let aim = stats::num::sum(all.iter().map(|(_, weight, paid)| weight * paid));
        let orders: Vec<(&Wanted, f64)> = all.iter().map(|(order, weight, _)| (*order, *weight)).collect();
        let look = Look { reach: Reach::Movable, worth: 1.0, now };
        balance(&mut self.network, &orders, look, aim, effort.balance);
    }

    /// Orders that are due, in the order of their ids: from now on their plans stay as they are.
    pub fn release(&mut self, now: Instant) -> Vec<(OrderId, Plan)> {
        let due: Vec<OrderId> = self.held.iter().filter(|(_, it)| it.due <= now).map(|(id, _)| *id).collect();
        due.into_iter().filter_map(|id| Some((id, self.settle(id)?))).collect()
    }

    fn settle(&mut self, id: OrderId) -> Option<Plan> {
        let it = self.held.remove(&id)?;
        self.network.settle(&it.order, &it.plan);
        self.odds.learn(it.at_first.0, it.at_first.1 == locations(&it.plan));
        Some(it.plan)
    }

    /// A new day: full capacities, and a new count of orders.
    pub fn new_day(&mut self, expected_orders: f64) {
        self.settings.expected_orders = expected_orders;
        self.seen = 0;
        self.network.new_day();
    }

    /// Says what shipping from a location costs and how much it can pack.
    pub fn put_location(&mut self, location: LocationId, terms: Terms) {
        self.network.put(location, terms);
    }

    /// The network as it is.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Orders that may still be planned elsewhere.
    pub fn held(&self) -> impl Iterator<Item = (&OrderId, &Held)> {
        self.held.iter()
    }
}

impl Mind for Desk {
    /// Stock moves; an order that is promised or sent at a location is no longer the desk's to plan.
    fn apply(&mut self, _: Seq, entry: &Entry) {
        match &entry.fact {
            Fact::OrderPut(order) if order.state != OrderState::Open => self.cancel(order.order),
            // What the fact takes is what the desk had taken for it.
            Fact::Moved(moved) if moved.order.is_some_and(|(order, _)| self.held.contains_key(&order)) => {
                if let Some((order, _)) = moved.order {
                    self.confirm(order);
                }
            }
            _ => {}
        }
        for (item, location, parts) in self.ats.changes(&entry.fact) {
            self.network.change(item, location, parts);
        }
    }
}

impl Desk {
    /// The engine promised the order's units: the plan's own hold on the shelves ends, the room stays taken.
    fn confirm(&mut self, id: OrderId) {
        let Some(it) = self.held.get(&id).cloned() else { return };
        self.settle(id);
        for shipment in &it.plan.shipments {
            for (line, parts) in &shipment.picks {
                self.network.change(it.order.lines[*line].item, shipment.location, *parts);
            }
        }
    }
}

fn locations(plan: &Plan) -> Vec<LocationId> {
    plan.shipments.iter().map(|shipment| shipment.location).collect()
}
