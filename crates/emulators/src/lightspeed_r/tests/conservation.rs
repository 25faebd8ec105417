//! Stock is the sum of its movements: random days of two shops, against a toy that only adds.

use super::{Bench, line};
use proptest::prelude::*;
use serde_json::json;

#[derive(Clone, Debug)]
enum Step {
    Sell(usize, i64),
    Count(usize, i64),
    Adjust(usize, i64),
    Put(usize, i64),
    Move(usize, i64),
    Return(usize, bool),
    VoidLast,
}

fn step() -> impl Strategy<Value = Step> {
    let shop = 0..2usize;
    prop_oneof![
        4 => (shop.clone(), 1..9i64).prop_map(|(shop, units)| Step::Sell(shop, units)),
        1 => (shop.clone(), -3..40i64).prop_map(|(shop, units)| Step::Count(shop, units)),
        1 => (shop.clone(), -9..9i64).prop_map(|(shop, units)| Step::Adjust(shop, units)),
        2 => (shop.clone(), -3..40i64).prop_map(|(shop, units)| Step::Put(shop, units)),
        1 => (shop.clone(), 1..9i64).prop_map(|(shop, units)| Step::Move(shop, units)),
        2 => (shop, any::<bool>()).prop_map(|(shop, restock)| Step::Return(shop, restock)),
        1 => Just(Step::VoidLast),
    ]
}

const SHOPS: [&str; 2] = ["High Street", "Harbour"];

struct Day {
    bench: Bench,
    levels: [i64; 2],
    sold: Vec<(String, usize, i64)>,
    names: u32,
}

impl Day {
    fn name(&mut self) -> String {
        self.names += 1;
        format!("D{}", self.names)
    }

    fn play(&mut self, step: &Step) {
        let name = self.name();
        match *step {
            Step::Sell(shop, units) => {
                let lines = [line("MUG", &units.to_string())];
                self.bench.act(json!({"act": "till_sale", "reference": name, "location": SHOPS[shop], "lines": lines}));
                self.levels[shop] -= units;
                self.sold.push((name, shop, units));
            }
            Step::Count(shop, units) => {
                self.bench.count("MUG", SHOPS[shop], &units.to_string());
                self.levels[shop] = units;
            }
            Step::Adjust(shop, units) => {
                let act = json!({"act": "adjust", "sku": "MUG", "location": SHOPS[shop], "delta": units.to_string()});
                assert_eq!(self.bench.try_act(act).is_ok(), units != 0);
                self.levels[shop] += units;
            }
            Step::Put(shop, units) => {
                let body = json!({"ItemShops": {"ItemShop": {"shopID": shop + 1, "qoh": units}}});
                self.bench.ok("PUT", "Item/1.json", body);
                self.levels[shop] = units;
            }
            Step::Move(shop, units) => {
                let lines = [line("MUG", &units.to_string())];
                let (from, to) = (SHOPS[shop], SHOPS[1 - shop]);
                self.bench.act(json!({"act": "transfer", "reference": name, "from": from, "to": to, "lines": lines}));
                self.levels[shop] -= units;
                self.levels[1 - shop] += units;
            }
            Step::Return(shop, restock) => {
                let Some((of, _, units)) = self.sold.pop() else { return };
                let lines = [line("MUG", &units.to_string())];
                self.bench.act(json!({"act": "return", "reference": name, "of": of, "location": SHOPS[shop], "lines": lines, "restock": restock}));
                self.levels[shop] += if restock { units } else { 0 };
            }
            Step::VoidLast => {
                let Some((of, shop, units)) = self.sold.pop() else { return };
                self.bench.act(json!({"act": "void", "reference": of}));
                self.levels[shop] += units;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_level_is_the_sum_of_its_causes(steps in prop::collection::vec(step(), 1..80)) {
        let mut day = Day { bench: Bench::stocked("5"), levels: [5, 5], sold: Vec::new(), names: 0 };
        for step in &steps {
            day.play(step);
            day.bench.now += 500;
            let shown = SHOPS.map(|shop| day.bench.level("MUG", shop));
            prop_assert_eq!(&shown, &day.levels.map(|level| level.to_string()), "after {:?}", step);
        }
        let sum = day.bench.item_shop("MUG", "0")["qoh"].clone();
        prop_assert_eq!(sum, json!((day.levels[0] + day.levels[1]).to_string()));
        prop_assert_eq!(day.bench.account.unbalanced(), Vec::new());
    }
}
