//! Plays a day: each order is decided when it comes, plans may change until they are released, and the books are kept
//! apart from the mind.

use agents::routing::{Desk, Effort, Plan, Settings, UNIT};
use model::{Instant, LocationId, OrderId};

use super::Instance;
use crate::calibration::Calibration;

/// Plans are made anew so often a day.
const TICKS: i64 = 12;

/// How the day is played.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Share of the day for which an order may be planned anew; 1 = all orders go in one wave at its end.
    pub hold: f64,
    /// Orders expected over orders that come.
    pub expected: f64,
}

/// How it ended.
#[derive(Debug, Default)]
pub struct Day {
    /// What was paid.
    pub cost: f64,
    /// Its parts: shipments, distance, picking, what was not filled.
    pub parts: [f64; 4],
    /// Shipments sent.
    pub shipments: usize,
    /// Units nobody shipped.
    pub unfilled: f64,
    /// Units packed beyond a capacity or taken beyond the stock.
    pub overrun: f64,
    /// Orders whose plan changed after it was made.
    pub replanned: usize,
    /// Mean confidence of the plans as they were first made.
    pub confidence: f64,
    /// Confidence of each plan beside whether it stood until it was released.
    pub stood: Calibration,
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

/// Plays it. `said` is told after each order.
#[expect(clippy::disallowed_methods, reason = "measures each decision")]
pub fn judge(instance: &Instance, rules: &Rules, said: &dyn Fn()) -> Day {
    let times: Vec<Instant> = times(instance);
    let (first, last) = (times.first().map_or(0, |at| at.0), times.last().map_or(0, |at| at.0));
    let span = last.saturating_sub(first).max(1);
    let tick = (span / TICKS).max(1);
    let held = (rules.hold.clamp(0.0, 1.0) * span as f64).ceil() as i64;
    let expected_orders = rules.expected * instance.orders.len() as f64;
    let mut desk = Desk::new(Settings { release_after_ms: held, expected_orders }, instance.network.clone());
    let mut day = Day::default();
    let mut sure: Vec<f64> = Vec::with_capacity(instance.orders.len());
    let mut firsts: Vec<Plan> = Vec::with_capacity(instance.orders.len());
    let mut next = first.saturating_add(tick);
    for (at, ((_, _, order), now)) in instance.orders.iter().zip(&times).enumerate() {
        while now.0 >= next {
            desk.replan(
                Instant(next),
                if held < span {
                    Effort { cycles: 1, balance: 60, tries: 20, looks: 50_000_000 }
                } else {
                    Effort::QUICK
                },
            );
            day.take(desk.release(Instant(next)));
            next = next.saturating_add(tick);
        }
        let started = std::time::Instant::now();
        let proposal = desk.decide(OrderId(at as u32), order.clone(), *now);
        day.micros.push(started.elapsed().as_secs_f64() * 1e6);
        day.confidence += proposal.reasons.confidence.value();
        sure.push(proposal.reasons.confidence.value());
        firsts.push(proposal.action);
        if held == 0 {
            day.take(desk.release(*now));
        }
        said();
    }
    if held > 0 {
        desk.replan(Instant(last), Effort::THOROUGH);
    }
    day.take(desk.release(Instant(i64::MAX)));
    day.micros.sort_by(f64::total_cmp);
    day.confidence /= firsts.len().max(1) as f64;
    for (at, plan) in &day.plans {
        // Of a plan that ships nothing the mind says that it does not know.
        if sure[*at] > 0.0 {
            day.stood.add(sure[*at], firsts[*at].shipments == plan.shipments);
        }
    }
    settle(instance, &firsts, &mut day);
    day
}

impl Day {
    fn take(&mut self, released: Vec<(OrderId, Plan)>) {
        self.plans.extend(released.into_iter().map(|(id, plan)| (id.0 as usize, plan)));
    }
}

/// Orders that all come at once come in the order of the file.
fn times(instance: &Instance) -> Vec<Instant> {
    let told: Vec<Instant> = instance.orders.iter().map(|(_, at, _)| *at).collect();
    if told.first() != told.last() { told } else { (0..told.len()).map(|at| Instant(at as i64 * 1_000)).collect() }
}

/// The books: what was paid, counted from the shipments alone, and whether anybody sent more than there was.
fn settle(instance: &Instance, firsts: &[Plan], day: &mut Day) {
    let mut packed = vec![0_i64; instance.nodes.len()];
    let mut sent = std::collections::BTreeMap::new();
    let mut costs = Vec::with_capacity(day.plans.len());
    for (at, plan) in &day.plans {
        let order = instance.orders[*at].2.clone().sound();
        let mut open = order.units();
        for shipment in &plan.shipments {
            let Some(terms) = instance.network.node(shipment.location).and_then(|node| node.terms) else { continue };
            let way = terms.per_km * terms.at.km(&order.to);
            costs.push(terms.ship_fixed + way);
            day.parts[0] += terms.ship_fixed;
            day.parts[1] += way;
            for (line, parts) in &shipment.picks {
                let units = *parts as f64 / UNIT as f64;
                costs.push(terms.pick * units);
                day.parts[2] += terms.pick * units;
                open -= units;
                packed[shipment.location.0 as usize] += parts;
                *sent.entry((order.lines[*line].item, shipment.location)).or_insert(0) += parts;
            }
        }
        costs.push(order.penalty * open);
        day.parts[3] += order.penalty * open;
        day.unfilled += open;
        day.shipments += plan.shipments.len();
        day.replanned += usize::from(firsts[*at].shipments != plan.shipments);
    }
    day.cost = stats::num::sum(costs);
    let over = |used: i64, there: i64| (used - there).max(0) as f64 / UNIT as f64;
    for (at, packed) in packed.iter().enumerate() {
        let node = instance.network.node(LocationId(at as u32));
        day.overrun += over(*packed, node.and_then(|node| node.terms).map_or(0, |terms| terms.capacity));
    }
    for ((item, location), parts) in sent {
        day.overrun += over(parts, instance.network.free(item, location));
    }
}
