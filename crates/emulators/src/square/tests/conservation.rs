//! Stock is the sum of its movements: random days of a shop, against a list that is added up anew.

use super::Bench;
use crate::machine::Millis;
use crate::square::clock::rfc3339;
use proptest::prelude::*;
use serde_json::json;

const HOUR: Millis = 3_600_000;

#[derive(Clone, Debug)]
enum Step {
    Wait(Millis),
    Sell { quantity: u32, offline: Millis },
    Count(u32),
    HubCount { quantity: u32, ago: Millis },
    HubReceive { quantity: u32, ago: Millis },
    Order(u32),
    CancelLast,
    ReturnLast,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..12 * HOUR).prop_map(Step::Wait),
        4 => (1..9u32, prop_oneof![Just(0), 0..72 * HOUR]).prop_map(|(quantity, offline)| Step::Sell { quantity, offline }),
        1 => (0..50u32).prop_map(Step::Count),
        2 => (0..50u32, 0..24 * HOUR).prop_map(|(quantity, ago)| Step::HubCount { quantity, ago }),
        2 => (1..9u32, 0..24 * HOUR).prop_map(|(quantity, ago)| Step::HubReceive { quantity, ago }),
        2 => (1..9u32).prop_map(Step::Order),
        1 => Just(Step::CancelLast),
        1 => Just(Step::ReturnLast),
    ]
}

/// Thousandths of a unit, so that the toy shares no arithmetic with the seller.
#[derive(Clone, Copy)]
enum Moved {
    Set(i64),
    Add(i64),
}

/// The obviously right shelf: everything that ever happened, sorted and added up.
#[derive(Default)]
struct Toy {
    all: Vec<(Millis, Moved)>,
}

impl Toy {
    fn level(&self) -> i64 {
        let mut sorted = self.all.clone();
        sorted.sort_by_key(|(at, _)| *at);
        sorted.into_iter().fold(0, |level, (_, moved)| match moved {
            Moved::Set(counted) => counted,
            Moved::Add(change) => level + change,
        })
    }
}

struct Day {
    bench: Bench,
    toy: Toy,
    open: Vec<(String, i64)>,
    sold: Vec<(String, i64)>,
    names: u32,
    variation: String,
    location: String,
}

impl Day {
    fn begin() -> Self {
        let mut bench = Bench::open();
        let (variation, location) = (bench.variation("MUG"), bench.location("High Street"));
        let (toy, open, sold) = (Toy::default(), Vec::new(), Vec::new());
        Self { bench, toy, open, sold, names: 0, variation, location }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("D{}", self.names)
    }

    fn play(&mut self, step: &Step) {
        let now = self.bench.now;
        match *step {
            Step::Wait(pause) => self.bench.now += pause,
            Step::Sell { quantity, offline } => {
                let (name, amount) = (self.name(), i64::from(quantity) * 500);
                self.bench.act(super::till_sale(&name, "MUG", &text(amount), offline));
                self.toy.all.push((now - offline, Moved::Add(-amount)));
                self.sold.push((name, amount));
            }
            Step::Count(quantity) => {
                let amount = i64::from(quantity) * 500;
                self.bench.count("MUG", "High Street", &text(amount));
                self.toy.all.push((now, Moved::Set(amount)));
            }
            Step::HubCount { quantity, ago } => self.hub_count(i64::from(quantity) * 500, now - ago),
            Step::HubReceive { quantity, ago } => self.hub_receive(i64::from(quantity) * 500, now - ago),
            Step::Order(quantity) => {
                let (name, amount) = (self.name(), i64::from(quantity) * 500);
                let mut order = super::web_order(&name, "MUG", &text(amount));
                order["force"] = json!(true);
                order["pickup"] = json!("High Street");
                self.bench.act(order);
                self.toy.all.push((now, Moved::Add(-amount)));
                self.open.push((name, amount));
            }
            Step::CancelLast => {
                if let Some((name, amount)) = self.open.pop() {
                    self.bench.act(json!({"act": "cancel", "reference": name}));
                    self.toy.all.push((now, Moved::Add(amount)));
                }
            }
            Step::ReturnLast => {
                if let Some((of, amount)) = self.sold.pop() {
                    let (name, line) = (self.name(), json!({"sku": "MUG", "quantity": text(amount)}));
                    let back = json!({"act": "return", "reference": name, "of": of, "location": "High Street", "lines": [line]});
                    self.bench.act(back);
                    self.toy.all.push((now, Moved::Add(amount)));
                }
            }
        }
    }

    /// An unchanged count is not written, so the toy must not hold it either.
    fn hub_count(&mut self, amount: i64, at: Millis) {
        let change = json!({"type": "PHYSICAL_COUNT", "physical_count": {
            "catalog_object_id": self.variation, "state": "IN_STOCK", "location_id": self.location,
            "quantity": text(amount), "occurred_at": rfc3339(at)}});
        let key = self.bench.key();
        let body = json!({"idempotency_key": key, "changes": [change]});
        let answer = self.bench.ok("POST", "/v2/inventory/changes/batch-create", body);
        let before = self.toy.level();
        self.toy.all.push((at, Moved::Set(amount)));
        let unchanged = self.toy.level() == before;
        assert_eq!(answer["changes"].as_array().map(Vec::len), Some(usize::from(!unchanged)));
        if unchanged {
            self.toy.all.pop();
        }
    }

    fn hub_receive(&mut self, amount: i64, at: Millis) {
        let change = json!({"type": "ADJUSTMENT", "adjustment": {
            "catalog_object_id": self.variation, "from_state": "NONE", "to_state": "IN_STOCK",
            "to_location_id": self.location, "quantity": text(amount), "occurred_at": rfc3339(at)}});
        let key = self.bench.key();
        let body = json!({"idempotency_key": key, "changes": [change]});
        self.bench.ok("POST", "/v2/inventory/changes/batch-create", body);
        self.toy.all.push((at, Moved::Add(amount)));
    }
}

/// Thousandths as a decimal string.
fn text(thousandths: i64) -> String {
    let (sign, size) = (if thousandths < 0 { "-" } else { "" }, thousandths.abs());
    let part = format!(".{:03}", size % 1_000);
    format!("{sign}{}{}", size / 1_000, part.trim_end_matches('0').trim_end_matches('.'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_level_is_the_sum_of_its_log_in_the_order_in_which_things_occurred(
        steps in prop::collection::vec(step(), 1..250),
    ) {
        let mut day = Day::begin();
        for step in &steps {
            day.play(step);
            prop_assert_eq!(day.bench.level("MUG", "High Street"), text(day.toy.level()), "after {:?}", step);
        }
        prop_assert_eq!(day.bench.square.unbalanced(), Vec::new());
    }
}
