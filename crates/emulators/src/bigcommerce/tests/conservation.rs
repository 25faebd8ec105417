//! Stock is the sum of its causes: random days of a shop, against a toy that adds up by itself.

use super::{Bench, web_order};
use proptest::prelude::*;
use serde_json::{Value, json};

const SKUS: [&str; 2] = ["MUG", "SHIRT-L"];
const PLACES: [&str; 2] = ["Warehouse", "Harbour"];

#[derive(Clone, Debug)]
enum Step {
    Order { sku: usize, quantity: i64, pickup: bool },
    Fulfil(usize),
    Cancel(usize),
    Edit { order: usize, quantity: i64 },
    Return { order: usize, quantity: i64, restock: bool },
    Count { sku: usize, place: usize, quantity: i64 },
    Adjust { sku: usize, place: usize, delta: i64 },
    HubAdjust { sku: usize, place: usize, delta: i64 },
    HubCancel(usize),
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    let (sku, place, order) = (0..2_usize, 0..2_usize, 0..12_usize);
    prop_oneof![
        4 => (sku.clone(), 1..7_i64, any::<bool>())
            .prop_map(|(sku, quantity, pickup)| Step::Order { sku, quantity, pickup }),
        2 => order.clone().prop_map(Step::Fulfil),
        1 => order.clone().prop_map(Step::Cancel),
        2 => (order.clone(), 0..7_i64).prop_map(|(order, quantity)| Step::Edit { order, quantity }),
        2 => (order.clone(), 1..4_i64, any::<bool>())
            .prop_map(|(order, quantity, restock)| Step::Return { order, quantity, restock }),
        1 => (sku.clone(), place.clone(), 0..20_i64)
            .prop_map(|(sku, place, quantity)| Step::Count { sku, place, quantity }),
        1 => (sku.clone(), place.clone(), -4..6_i64).prop_map(|(sku, place, delta)| Step::Adjust { sku, place, delta }),
        2 => (sku, place, -4..6_i64).prop_map(|(sku, place, delta)| Step::HubAdjust { sku, place, delta }),
        1 => order.prop_map(Step::HubCancel),
        1 => Just(Step::Wait),
    ]
}

/// An order as the toy remembers it.
struct Bought {
    name: String,
    id: u64,
    sku: usize,
    place: usize,
    quantity: i64,
    open: bool,
}

struct Day {
    bench: Bench,
    /// By item, then by location.
    levels: [[i64; 2]; 2],
    /// Accepted and not yet there.
    queued: Vec<(usize, usize, i64)>,
    orders: Vec<Bought>,
    names: usize,
}

impl Day {
    fn begin() -> Self {
        Self { bench: Bench::stocked(10), levels: [[10; 2]; 2], queued: Vec::new(), orders: Vec::new(), names: 0 }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("D{}", self.names)
    }

    fn play(&mut self, step: &Step) {
        match *step {
            Step::Order { sku, quantity, pickup } => self.buy(sku, quantity, pickup),
            Step::Fulfil(order) => {
                let done = self.act_on(order, |name| json!({"act": "fulfil", "reference": name}));
                if let Some(order) = done {
                    self.orders[order].open = false;
                }
            }
            Step::Cancel(order) => {
                let done = self.act_on(order, |name| json!({"act": "cancel", "reference": name}));
                if let Some(order) = done {
                    self.close(order);
                }
            }
            Step::HubCancel(order) => {
                if let Some(order) = self.pick(order).filter(|order| self.orders[*order].open) {
                    let path = format!("/v2/orders/{}", self.orders[order].id);
                    self.bench.ok("PUT", &path, json!({"status_id": 5}));
                    self.close(order);
                }
            }
            Step::Edit { order, quantity } => {
                let edit =
                    |name: &str| json!({"act": "edit", "reference": name, "line": 0, "quantity": quantity.to_string()});
                if let Some(order) = self.act_on(order, edit) {
                    let known = &mut self.orders[order];
                    self.levels[known.sku][known.place] -= quantity - known.quantity;
                    known.quantity = quantity;
                }
            }
            Step::Return { order, quantity, restock } => self.give_back(order, quantity, restock),
            Step::Count { sku, place, quantity } => {
                self.bench.count(SKUS[sku], PLACES[place], quantity);
                self.levels[sku][place] = quantity;
            }
            Step::Adjust { sku, place, delta } => {
                let act = json!({"act": "adjust", "sku": SKUS[sku], "location": PLACES[place],
                    "delta": delta.to_string()});
                if self.bench.try_act(act).is_ok() {
                    self.levels[sku][place] += delta;
                }
            }
            Step::HubAdjust { sku, place, delta } => self.hub_adjust(sku, place, delta),
            Step::Wait => self.wait(),
        }
    }

    fn pick(&self, order: usize) -> Option<usize> {
        (order < self.orders.len()).then_some(order)
    }

    /// Does an act upon an order; answers the order when it was possible.
    fn act_on(&mut self, order: usize, act: impl Fn(&str) -> Value) -> Option<usize> {
        let order = self.pick(order)?;
        let act = act(&self.orders[order].name);
        self.bench.try_act(act).is_ok().then_some(order)
    }

    fn buy(&mut self, sku: usize, quantity: i64, pickup: bool) {
        let (name, place) = (self.name(), usize::from(pickup));
        let mut order = web_order(&name, &[(SKUS[sku], quantity)]);
        if pickup {
            order["pickup"] = json!(PLACES[place]);
        }
        let enough = self.levels[sku][place] >= quantity;
        let placed = self.bench.try_act(order);
        assert_eq!(placed.is_ok(), enough, "the shop sells what it has and nothing else");
        if let Ok(receipt) = placed {
            self.levels[sku][place] -= quantity;
            let id = receipt["order_id"].as_u64().expect("an id");
            self.orders.push(Bought { name, id, sku, place, quantity, open: true });
        }
    }

    fn close(&mut self, order: usize) {
        let known = &mut self.orders[order];
        self.levels[known.sku][known.place] += known.quantity;
        known.open = false;
        known.quantity = 0;
    }

    fn give_back(&mut self, order: usize, quantity: i64, restock: bool) {
        let name = self.name();
        let Some(order) = self.pick(order) else { return };
        let sku = self.orders[order].sku;
        let lines = json!([{"sku": SKUS[sku], "quantity": quantity.to_string()}]);
        let act = json!({"act": "return", "reference": name, "of": self.orders[order].name,
            "location": PLACES[1], "lines": lines, "restock": restock});
        if self.bench.try_act(act).is_ok() && restock {
            self.levels[sku][1] += quantity;
        }
    }

    /// A count in between decides what the adjustment lands on, so the toy lands it at the same time.
    fn hub_adjust(&mut self, sku: usize, place: usize, delta: i64) {
        let item = json!({"location_id": place + 1, "sku": SKUS[sku], "quantity": delta});
        let (status, _) = self.bench.call("POST", "/v3/inventory/adjustments/relative", json!({"items": [item]}));
        if status == 200 {
            self.queued.push((sku, place, delta));
            if self.bench.store_is_settled() {
                self.wait();
            }
        }
    }

    fn wait(&mut self) {
        self.bench.settle();
        for (sku, place, delta) in self.queued.drain(..) {
            self.levels[sku][place] += delta;
        }
    }
}

impl Bench {
    fn store_is_settled(&self) -> bool {
        use crate::machine::Machine;
        self.store.next_tick().is_none()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_level_is_its_opening_and_the_sum_of_its_causes(steps in prop::collection::vec(step(), 1..120)) {
        let mut day = Day::begin();
        for step in &steps {
            day.play(step);
        }
        day.wait();
        for (sku, name) in SKUS.iter().enumerate() {
            for (place, location) in PLACES.iter().enumerate() {
                prop_assert_eq!(day.bench.level(name, location), day.levels[sku][place].to_string());
            }
        }
    }
}
