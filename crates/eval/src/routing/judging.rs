//! Plays a day: each order is decided when it comes, plans may change until they are released, and the books are kept
//! apart from the mind.

use agents::routing::{Desk, Plan, Settings, UNIT};
use model::{Instant, OrderId};

use super::Instance;

/// How the day is played.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Share of the day for which an order may be planned anew.
    pub hold: f64,
    /// Orders expected over orders that come.
    pub expected: f64,
    /// Re-planning this often.
    pub rounds: u32,
    pub step: f64,
    pub balance: u32,
    pub tries: u32,
}

/// How it ended.
#[derive(Debug, Default)]
pub struct Day {
    /// What was paid.
    pub cost: f64,
    /// What the plans would have cost as they were first made.
    pub cost_at_arrival: f64,
    /// Shipments sent.
    pub shipments: usize,
    /// Units nobody shipped.
    pub unfilled: f64,
    /// Units packed beyond a capacity.
    pub over_capacity: f64,
    /// Orders whose plan changed after it was made.
    pub replanned: usize,
    /// Time of each decision in microseconds, rising.
    pub micros: Vec<f64>,
    /// Released plans, in the order of release: place in the instance, plan.
    pub plans: Vec<(usize, Plan)>,
}

impl Day {
    /// Quantile of the decisions' time, in microseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        let last = self.micros.len().saturating_sub(1);
        self.micros.get((share * last as f64).ceil() as usize).copied().unwrap_or(0.0)
    }
}

/// Plays it.
#[expect(clippy::disallowed_methods, reason = "measures each decision")]
pub fn judge(instance: &Instance, rules: &Rules) -> Day {
    let times: Vec<Instant> = times(instance);
    let (first, last) = (times.first().map_or(0, |at| at.0), times.last().map_or(0, |at| at.0));
    let span = (last - first).max(1);
    let settings = Settings {
        release_after_ms: (rules.hold.clamp(0.0, 1.0) * span as f64).ceil() as i64,
        expected_orders: rules.expected * instance.orders.len() as f64,
        step: rules.step,
        balance_rounds: rules.balance,
        improve_rounds: rules.tries,
    };
    let mut desk = Desk::new(settings, instance.network.clone());
    let mut day = Day::default();
    let mut firsts: Vec<Plan> = Vec::with_capacity(instance.orders.len());
    let tick = (span / i64::from(rules.rounds.max(1))).max(1);
    let mut next = first + tick;
    for (at, ((_, _, order), now)) in instance.orders.iter().zip(&times).enumerate() {
        while now.0 >= next {
            desk.replan(Instant(next));
            take(desk.release(Instant(next)), &mut day);
            next += tick;
        }
        let started = std::time::Instant::now();
        let found = desk.decide(OrderId(at as u32), order.clone(), *now);
        day.micros.push(started.elapsed().as_secs_f64() * 1e6);
        firsts.push(found.best);
    }
    desk.replan(Instant(next));
    take(desk.release(Instant(i64::MAX)), &mut day);
    day.micros.sort_by(f64::total_cmp);
    settle(instance, &firsts, &mut day);
    day
}

fn take(released: Vec<(OrderId, agents::routing::Wanted, Plan)>, day: &mut Day) {
    day.plans.extend(released.into_iter().map(|(id, _, plan)| (id.0 as usize, plan)));
}

/// Orders that all come at once come in the order of the file.
fn times(instance: &Instance) -> Vec<Instant> {
    let told: Vec<Instant> = instance.orders.iter().map(|(_, at, _)| *at).collect();
    if told.first() != told.last() { told } else { (0..told.len()).map(|at| Instant(at as i64 * 1_000)).collect() }
}

/// The books: what was paid, and whether anybody packed more than possible.
fn settle(instance: &Instance, firsts: &[Plan], day: &mut Day) {
    let mut packed = vec![0_i64; instance.nodes.len()];
    let mut costs = Vec::with_capacity(day.plans.len());
    for (at, plan) in &day.plans {
        costs.push(plan.cost.paid());
        day.shipments += plan.shipments.len();
        day.unfilled += plan.unfilled as f64 / UNIT as f64;
        day.replanned += usize::from(firsts[*at].shipments != plan.shipments);
        for shipment in &plan.shipments {
            packed[shipment.location.0 as usize] += shipment.picks.iter().map(|(_, parts)| parts).sum::<i64>();
        }
    }
    day.cost = stats::num::sum(costs);
    day.cost_at_arrival = stats::num::sum(firsts.iter().map(|plan| plan.cost.paid()));
    for (at, packed) in packed.iter().enumerate() {
        let node = instance.network.node(model::LocationId(at as u32));
        let capacity = node.and_then(|node| node.terms).map_or(0, |terms| terms.capacity);
        day.over_capacity += (packed - capacity).max(0) as f64 / UNIT as f64;
    }
}
