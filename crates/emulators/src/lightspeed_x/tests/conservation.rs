//! Nothing gets lost: after any day a level is what it began with plus what every document of the API says.
//!
//! The sum is made from the API's own documents, by a reader that shares no arithmetic with the retailer.

use super::{Bench, text};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What may happen on a day; quantities are in quarters.
#[derive(Clone, Debug)]
enum Step {
    Sell { quarters: u32, place: usize },
    Order { quarters: u32, place: usize },
    Fulfil,
    Cancel,
    Return { quarters: u32, restock: bool },
    Unlinked { quarters: u32 },
    Exchange,
    Void,
    Adjust { quarters: i32, place: usize },
    HubAdjust { quarters: i32, place: usize },
    Transfer { quarters: u32 },
    HubSale { quarters: u32, state: usize },
    HubReturn,
}

const PLACES: [&str; 2] = ["High Street", "Harbour"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..40u32, 0..2usize).prop_map(|(quarters, place)| Step::Sell { quarters, place }),
        2 => (1..20u32, 0..2usize).prop_map(|(quarters, place)| Step::Order { quarters, place }),
        1 => Just(Step::Fulfil),
        1 => Just(Step::Cancel),
        2 => (1..20u32, any::<bool>()).prop_map(|(quarters, restock)| Step::Return { quarters, restock }),
        1 => (1..20u32).prop_map(|quarters| Step::Unlinked { quarters }),
        1 => Just(Step::Exchange),
        1 => Just(Step::Void),
        1 => (-20..20i32, 0..2usize).prop_map(|(quarters, place)| Step::Adjust { quarters, place }),
        1 => (-20..20i32, 0..2usize).prop_map(|(quarters, place)| Step::HubAdjust { quarters, place }),
        1 => (1..20u32).prop_map(|quarters| Step::Transfer { quarters }),
        2 => (1..20u32, 0..4usize).prop_map(|(quarters, state)| Step::HubSale { quarters, state }),
        1 => Just(Step::HubReturn),
    ]
}

struct Day {
    bench: Bench,
    names: u32,
    sold: Vec<String>,
    waiting: Vec<String>,
    hub_sales: Vec<String>,
}

impl Day {
    fn begin() -> Self {
        Self { bench: Bench::stocked("100"), names: 0, sold: Vec::new(), waiting: Vec::new(), hub_sales: Vec::new() }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("D{}", self.names)
    }

    /// Acts may be refused (too much comes back, too little is there); then nothing may have happened.
    fn try_act(&mut self, act: Value) -> bool {
        let before = self.levels();
        let done = self.bench.try_act(act).is_ok();
        assert!(done || self.levels() == before, "a refused act changes nothing");
        done
    }

    fn levels(&self) -> [String; 2] {
        PLACES.map(|place| self.bench.level("MUG", place))
    }

    fn play(&mut self, step: &Step) {
        let name = self.name();
        self.bench.now += 1_000;
        match *step {
            Step::Sell { quarters, place } => {
                self.try_act(json!({"act": "till_sale", "reference": name, "location": PLACES[place], "lines": [line(quarters)]}));
                self.sold.push(name);
            }
            Step::Order { quarters, place } => {
                let act = json!({"act": "web_order", "reference": name, "pickup": PLACES[place], "force": true, "lines": [line(quarters)]});
                self.try_act(act);
                self.waiting.push(name);
            }
            Step::Fulfil => self.finish("fulfil"),
            Step::Cancel => self.finish("cancel"),
            Step::Return { quarters, restock } => {
                let of = self.sold.last().cloned();
                let act = json!({"act": "return", "reference": name, "of": of, "location": "Harbour", "restock": restock, "lines": [line(quarters)]});
                self.try_act(act);
            }
            Step::Unlinked { quarters } => {
                self.try_act(
                    json!({"act": "return", "reference": name, "location": "Harbour", "lines": [line(quarters)]}),
                );
            }
            Step::Exchange => {
                let of = self.sold.last().cloned().unwrap_or_default();
                let act = json!({"act": "exchange", "reference": name, "of": of, "location": "High Street", "back": [line(1)], "out": [line(3)]});
                self.try_act(act);
            }
            Step::Void => {
                let of = self.sold.pop().unwrap_or_default();
                self.try_act(json!({"act": "void", "reference": of}));
            }
            Step::Adjust { quarters, place } => {
                let delta = decimal(i64::from(quarters));
                self.try_act(json!({"act": "adjust", "sku": "MUG", "location": PLACES[place], "delta": delta}));
            }
            Step::HubAdjust { quarters, place } => self.hub_adjust(quarters, place),
            Step::Transfer { quarters } => {
                let act = json!({"act": "transfer", "reference": name, "from": PLACES[0], "to": PLACES[1], "lines": [line(quarters)]});
                self.try_act(act);
            }
            Step::HubSale { quarters, state } => self.hub_sale(quarters, state),
            Step::HubReturn => self.hub_return(),
        }
    }

    fn finish(&mut self, act: &str) {
        if let Some(reference) = self.waiting.pop() {
            assert!(self.try_act(json!({"act": act, "reference": reference})));
        }
    }

    fn hub_adjust(&mut self, quarters: i32, place: usize) {
        let (product, outlet) = (self.bench.product("MUG"), self.bench.outlet(PLACES[place]));
        let reason = if quarters < 0 { "THEFT" } else { "STOCK_FOUND" };
        let row = json!({"product_id": product, "outlet_id": outlet, "quantity": decimal(i64::from(quarters)), "reason": reason});
        let (status, _) = self.bench.call("POST", "stock_adjustments", json!({"stock_adjustments": [row]}));
        assert_eq!(status, if quarters == 0 { 422 } else { 201 });
    }

    fn hub_sale(&mut self, quarters: u32, state: usize) {
        let state = ["parked", "closed", "pending", "closed"][state];
        let body = self.bench.sale_body(state, f64::from(quarters) / 4.0);
        let made = self.bench.ok("POST", "sales", body);
        if state == "closed" {
            self.hub_sales.push(text(&made["data"]["id"]));
        }
    }

    fn hub_return(&mut self) {
        let Some(of) = self.hub_sales.pop() else { return };
        let parked = self.bench.ok("POST", &format!("sales/{of}/actions/return"), Value::Null)["data"].clone();
        let body = json!({"state": "closed", "source": {"author_id": parked["source"]["author"]["id"]}});
        self.bench.ok("PUT", &format!("sales/{}", text(&parked["id"])), body);
    }

    /// Quarters of MUG at an outlet by what the API's documents say.
    fn told(&mut self, place: &str) -> i64 {
        let (product, outlet) = (self.bench.product("MUG"), self.bench.outlet(place));
        let mut sum = 400;
        for sale in self.bench.get("sales?page_size=1000")["data"].as_array().expect("sales") {
            if sale["state"] == "closed" && sale["source"]["outlet_id"] == *outlet {
                for line in sale["line_items"].as_array().expect("lines") {
                    sum -= quarters(&line["quantity"].to_string());
                }
            }
        }
        for row in self.bench.get("stock_adjustments?page_size=1000")["data"].as_array().expect("adjustments") {
            if row["product_id"] == *product && row["outlet_id"] == *outlet {
                sum += quarters(row["quantity"].as_str().expect("a text"));
            }
        }
        for one in self.bench.get("consignments?page_size=1000")["data"].as_array().expect("consignments") {
            let goods = self.bench.get(&format!("consignments/{}/products", text(&one["id"])));
            let count = quarters(goods["data"][0]["received"].as_str().expect("a text"));
            sum += if one["outlet_id"] == *outlet { count } else { -count };
        }
        sum
    }
}

fn line(quarters: u32) -> Value {
    json!({"sku": "MUG", "quantity": decimal(i64::from(quarters)), "unit_price_minor": 1_200})
}

fn decimal(quarters: i64) -> String {
    let (sign, size) = (if quarters < 0 { "-" } else { "" }, quarters.abs());
    format!("{sign}{}.{:02}", size / 4, size % 4 * 25)
}

/// Quarters in a decimal text; every quantity here is a multiple of one.
fn quarters(text: &str) -> i64 {
    let hundredths: f64 = text.parse::<f64>().expect("a number") * 100.0;
    assert_eq!(hundredths % 25.0, 0.0, "{text}");
    hundredths as i64 / 25
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_level_is_its_opening_and_the_sum_of_all_documents(steps in prop::collection::vec(step(), 1..80)) {
        let mut day = Day::begin();
        for step in &steps {
            day.play(step);
        }
        for place in PLACES {
            let told = day.told(place);
            prop_assert_eq!(quarters(&day.bench.level("MUG", place)), told, "{}", place);
            let shown = day.bench.shown("MUG", place).to_string();
            prop_assert_eq!(quarters(&shown), told, "{}", place);
        }
        // What nobody touched stands as it stood.
        prop_assert_eq!(day.bench.level("TEA", "Harbour"), "100");
    }
}
