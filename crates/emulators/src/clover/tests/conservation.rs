//! Stock is the sum of its causes: random days of a merchant, against a shelf that is added up anew.

use super::{Bench, HOUR, lines, till_sale};
use crate::machine::Millis;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What happens; quantities in half units.
#[derive(Clone, Debug)]
enum Step {
    Wait(Millis),
    Sell { halves: i64, offline: Millis },
    Count(i64),
    Adjust(i64),
    HubSets(i64),
    ReturnLast { restock: bool },
    VoidLast,
    ExchangeLast(i64),
    HubOrder(i64),
    CancelHubOrder,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..12 * HOUR).prop_map(Step::Wait),
        5 => (1..9_i64, prop_oneof![Just(0), 0..72 * HOUR]).prop_map(|(halves, offline)| Step::Sell { halves, offline }),
        1 => (-5..50_i64).prop_map(Step::Count),
        2 => (1..9_i64, any::<bool>()).prop_map(|(halves, up)| Step::Adjust(if up { halves } else { -halves })),
        2 => (-5..50_i64).prop_map(Step::HubSets),
        2 => any::<bool>().prop_map(|restock| Step::ReturnLast { restock }),
        1 => Just(Step::VoidLast),
        1 => (1..9_i64).prop_map(Step::ExchangeLast),
        1 => (1..4_i64).prop_map(Step::HubOrder),
        1 => Just(Step::CancelHubOrder),
    ]
}

struct Day {
    bench: Bench,
    item: String,
    /// The obviously right shelf, in half units.
    shelf: i64,
    sold: Vec<(String, i64)>,
    open: Vec<String>,
    names: u32,
}

impl Day {
    fn begin() -> Self {
        let mut bench = Bench::open();
        let item = bench.item("MUG");
        Self { bench, item, shelf: 0, sold: Vec::new(), open: Vec::new(), names: 0 }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("D{}", self.names)
    }

    fn play(&mut self, step: &Step) {
        match *step {
            Step::Wait(pause) => self.bench.now += pause,
            Step::Sell { halves, offline } => {
                let name = self.name();
                let mut sale = till_sale(&name, &[("MUG", &shown(halves), 700)]);
                sale["offline_ms"] = json!(offline);
                self.bench.act(sale);
                self.shelf -= halves;
                self.sold.push((name, halves));
            }
            Step::Count(halves) => {
                self.bench.count("MUG", &shown(halves));
                self.shelf = halves;
            }
            Step::Adjust(halves) => {
                let delta = shown(halves);
                self.bench.act(json!({"act": "adjust", "sku": "MUG", "location": "High Street", "delta": delta}));
                self.shelf += halves;
            }
            Step::HubSets(halves) => {
                self.renew();
                let path = format!("/item_stocks/{}", self.item);
                self.bench.ok("POST", &path, json!({"quantity": halves as f64 / 2.0}));
                self.shelf = halves;
            }
            Step::ReturnLast { restock } => self.return_last(restock),
            Step::VoidLast => {
                if let Some((name, halves)) = self.sold.pop() {
                    self.bench.act(json!({"act": "void", "reference": name}));
                    self.shelf += halves;
                }
            }
            Step::ExchangeLast(halves) => self.exchange_last(halves),
            Step::HubOrder(pieces) => self.hub_order(pieces),
            Step::CancelHubOrder => {
                if let Some(name) = self.open.pop() {
                    self.bench.act(json!({"act": "cancel", "reference": name}));
                }
            }
        }
    }

    fn return_last(&mut self, restock: bool) {
        let Some((of, halves)) = self.sold.pop() else { return };
        let (name, back) = (self.name(), lines(&[("MUG", &shown(halves), 0)]));
        self.bench.act(json!({
            "act": "return", "reference": name, "of": of, "location": "High Street", "lines": back, "restock": restock,
        }));
        self.shelf += if restock { halves } else { 0 };
    }

    fn exchange_last(&mut self, halves: i64) {
        let Some((of, came)) = self.sold.pop() else { return };
        let name = self.name();
        self.bench.act(json!({
            "act": "exchange", "reference": name, "of": of, "location": "High Street",
            "back": lines(&[("MUG", &shown(came), 0)]), "out": lines(&[("MUG", &shown(halves), 700)]),
        }));
        self.shelf += came - halves;
        self.sold.push((name, halves));
    }

    /// An order of the hub moves nothing until it is paid.
    fn hub_order(&mut self, pieces: i64) {
        self.renew();
        let name = self.name();
        let all: Vec<Value> = (0..pieces).map(|_| json!({"item": {"id": self.item}})).collect();
        self.bench.ok(
            "POST",
            "/atomic_order/orders",
            json!({"orderCart": {"externalReferenceId": name, "lineItems": all}}),
        );
        self.open.push(name);
    }

    /// The clock leaps by hours, and an access token lives for half of one.
    fn renew(&mut self) {
        let path = "/oauth/v2/authorize?client_id=AEMULATED0001&redirect_uri=https://hub.example/";
        let answer = self.bench.respond("GET", path, &Value::Null);
        let location = answer.headers()["location"].to_str().expect("ASCII").to_owned();
        let code = location.rsplit_once("code=").expect("a code").1.to_owned();
        let body = json!({"client_id": "AEMULATED0001", "client_secret": "clover-app-secret", "code": code});
        let answer = self.bench.respond("POST", "/oauth/v2/token", &body);
        let pair: Value = serde_json::from_slice(answer.body()).expect("JSON");
        self.bench.token = super::text(&pair["access_token"]);
    }
}

/// Half units as a decimal string.
fn shown(halves: i64) -> String {
    let sign = if halves < 0 { "-" } else { "" };
    format!("{sign}{}{}", halves.abs() / 2, if halves % 2 == 0 { "" } else { ".5" })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_level_is_what_was_last_set_and_the_sum_of_what_moved_since(steps in prop::collection::vec(step(), 1..150)) {
        let mut day = Day::begin();
        for step in &steps {
            day.play(step);
            prop_assert_eq!(day.bench.level("MUG"), shown(day.shelf), "after {:?}", step);
        }
        let held: Vec<String> = day.bench.outbox.iter().map(|one| one.id.clone()).collect();
        prop_assert!(held.is_empty(), "nobody subscribed");
    }
}
