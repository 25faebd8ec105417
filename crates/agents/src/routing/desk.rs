//! The desk of the day: orders in the order of time, plans that may change until they are released.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Instant, OrderId};

use super::improve::{Improving, improve};
use super::prices::{Sample, balance};
use super::reach::{Look, Reach};
use super::{Found, Network, Plan, Wanted, search};

/// How the desk works.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Settings {
    /// An order is handed to its locations this long after it came; until then it may be planned elsewhere.
    #[n(0)]
    pub release_after_ms: i64,
    /// Orders expected on a day.
    #[n(1)]
    pub expected_orders: f64,
    /// How far one unit moves the price of room.
    #[n(2)]
    pub step: f64,
    #[n(3)]
    pub balance_rounds: u32,
    #[n(4)]
    pub improve_rounds: u32,
}

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
}

/// The mind.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Desk {
    #[n(0)]
    settings: Settings,
    #[n(1)]
    pub(super) network: Network,
    #[n(2)]
    held: BTreeMap<OrderId, Held>,
    #[n(3)]
    sample: Sample,
    #[n(4)]
    seen: f64,
}

impl Desk {
    /// Over a network.
    pub fn new(settings: Settings, network: Network) -> Self {
        Self { settings, network, held: BTreeMap::new(), sample: Sample::default(), seen: 0.0 }
    }

    /// Plans an order and takes its units.
    pub fn decide(&mut self, id: OrderId, order: Wanted, now: Instant) -> Found {
        let order = order.sound();
        let found = search(&self.network, &order, Look::free(now));
        self.network.take(&order, &found.best);
        self.seen += 1.0;
        self.sample.see(&order);
        let due = now.plus_ms(self.settings.release_after_ms);
        self.held.insert(id, Held { order, plan: found.best.clone(), due });
        found
    }

    /// Plans anew what may still be planned elsewhere.
    pub fn replan(&mut self, now: Instant) {
        let expected = (self.settings.expected_orders - self.seen).max(0.0);
        let weight = expected / self.sample.orders.len().max(1) as f64;
        let mut orders: Vec<(&Wanted, f64)> = self.held.values().map(|held| (&held.order, 1.0)).collect();
        orders.extend(self.sample.orders.iter().filter(|_| weight > 0.0).map(|order| (order, weight)));
        let aim = self.held.values().map(|it| it.plan.cost.paid()).sum::<f64>()
            * (1.0 + expected / self.held.len().max(1) as f64);
        balance(
            &mut self.network,
            &orders,
            Look { reach: Reach::Movable, worth: 1.0, now },
            aim,
            self.settings.balance_rounds,
        );
        let mut dice = stats::dice::Dice::seeded(self.seen as u64);
        let tries = self.settings.improve_rounds;
        improve(&mut self.network, &mut self.held, &Improving { tries, worth: 1.0, now }, &mut dice);
        if expected <= 0.0 {
            // Nothing more comes: what is left over is worth nothing.
            improve(&mut self.network, &mut self.held, &Improving { tries, worth: 0.0, now }, &mut dice);
        }
    }

    /// Orders that are due: their plans stay as they are.
    pub fn release(&mut self, now: Instant) -> Vec<(OrderId, Wanted, Plan)> {
        let due: Vec<OrderId> = self.held.iter().filter(|(_, it)| it.due <= now).map(|(id, _)| *id).collect();
        let mut released = Vec::with_capacity(due.len());
        for id in due {
            if let Some(it) = self.held.remove(&id) {
                self.network.settle(&it.order, &it.plan);
                released.push((id, it.order, it.plan));
            }
        }
        released
    }

    /// The network as it is.
    pub fn network(&self) -> &Network {
        &self.network
    }
}
