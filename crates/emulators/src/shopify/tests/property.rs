//! Whatever people and the hub do, every level is the sum of what moved it, and nothing is committed for nobody.

use proptest::prelude::*;
use serde_json::json;

use super::{ADJUST, Bench};

/// One random step, in small numbers so that steps meet each other.
#[derive(Clone, Debug)]
enum Step {
    Sell(usize, i64),
    Order(usize, i64, usize, i64),
    Fulfil(usize),
    Cancel(usize),
    Edit(usize, i64),
    Return(usize, i64, bool),
    Adjust(usize, i64),
    Hub(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let sku = 0..2_usize;
    let order = 0..8_usize;
    prop_oneof![
        (sku.clone(), 1..4_i64).prop_map(|(s, q)| Step::Sell(s, q)),
        (sku.clone(), 1..9_i64, sku.clone(), 1..9_i64).prop_map(|(a, p, b, q)| Step::Order(a, p, b, q)),
        order.clone().prop_map(Step::Fulfil),
        order.clone().prop_map(Step::Cancel),
        (order.clone(), 0..6_i64).prop_map(|(o, q)| Step::Edit(o, q)),
        (order, 1..3_i64, any::<bool>()).prop_map(|(o, q, r)| Step::Return(o, q, r)),
        (sku.clone(), -3..4_i64).prop_map(|(s, d)| Step::Adjust(s, d)),
        (sku, -3..4_i64).prop_map(|(s, d)| Step::Hub(s, d)),
    ]
}

const SKUS: [&str; 2] = ["SKU-1", "SKU-2"];

/// Does a step where it is possible; answers how many units it brought into the shop, or took out of it, per SKU.
fn perform(bench: &mut Bench, number: usize, step: &Step) -> [i64; 2] {
    let mut moved = [0, 0];
    match *step {
        Step::Sell(sku, quantity) => {
            bench.sell(&format!("d{number}"), SKUS[sku], &quantity.to_string());
            moved[sku] -= quantity;
        }
        Step::Order(a, p, b, q) => {
            let lines = [(SKUS[a], p.to_string()), (SKUS[b], q.to_string())];
            let lines: Vec<(&str, &str)> = lines.iter().map(|(s, q)| (*s, q.as_str())).collect();
            // Refused when there is too little: nothing moves then, which the sums below check.
            let _ = bench.order(&format!("d{number}"), &lines);
        }
        Step::Fulfil(order) => {
            let before = fulfilled(bench);
            let _ = bench.act(json!({"act": "fulfil", "reference": format!("d{order}")}));
            let after = fulfilled(bench);
            moved = [before[0] - after[0], before[1] - after[1]];
        }
        Step::Cancel(order) => {
            let _ = bench.act(json!({"act": "cancel", "reference": format!("d{order}")}));
        }
        Step::Edit(order, quantity) => {
            let _ = bench.act(
                json!({"act": "edit", "reference": format!("d{order}"), "line": 0, "quantity": quantity.to_string()}),
            );
        }
        Step::Return(order, quantity, restock) => {
            for (sku, moved) in SKUS.iter().zip(&mut moved) {
                let lines = json!([{"sku": sku, "quantity": quantity.to_string()}]);
                let done = bench
                    .act(json!({"act": "return", "reference": format!("r{number}"), "of": format!("d{order}"),
                    "location": "Back", "lines": lines, "restock": restock}));
                *moved += if done.is_ok() && restock { quantity } else { 0 };
            }
        }
        Step::Adjust(sku, delta) => {
            bench.ok(json!({"act": "adjust", "sku": SKUS[sku], "location": "Back", "delta": delta.to_string()}));
            moved[sku] += delta;
        }
        Step::Hub(sku, delta) => {
            let (item, location) = bench.ids(SKUS[sku], "Front");
            let row =
                json!({"inventoryItemId": item, "locationId": location, "delta": delta, "changeFromQuantity": null});
            let input = json!({"name": "available", "reason": "other", "changes": [row]});
            bench.ask(ADJUST, json!({"k": format!("k{number}"), "i": input}));
            moved[sku] += delta;
        }
    }
    moved
}

fn fulfilled(bench: &Bench) -> [i64; 2] {
    let lines = || bench.shop.shop.orders.iter().flat_map(|order| &order.lines);
    [0, 1].map(|article| lines().filter(|l| l.article == article).map(|l| l.fulfilled).sum())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_on_the_shelves_is_the_sum_of_all_movements(steps in proptest::collection::vec(step(), 1..40)) {
        let mut bench = Bench::new();
        bench.shop.bucket = crate::shopify::api::Bucket::new(1_000_000, 100);
        let mut expected = [15, 15];
        for (number, step) in steps.iter().enumerate() {
            let moved = perform(&mut bench, number, step);
            for (sum, by) in expected.iter_mut().zip(moved) {
                *sum += by;
            }
            let shop = &bench.shop.shop;
            for (article, expected) in expected.iter().enumerate() {
                let levels = &shop.articles[article].levels;
                let on_hand: i64 = levels.iter().map(|level| level.on_hand()).sum();
                prop_assert_eq!(on_hand, *expected, "after {:?}", step);
                for (location, level) in levels.iter().enumerate() {
                    let promised: i64 = shop
                        .orders
                        .iter()
                        .flat_map(|order| order.fulfilment_orders.iter().map(move |place| (order, place)))
                        .filter(|(_, place)| place.location == location)
                        .flat_map(|(order, place)| place.lines.iter().map(move |part| (order, part)))
                        .filter(|(order, part)| order.lines[part.line].article == article)
                        .map(|(_, part)| part.remaining)
                        .sum();
                    prop_assert_eq!(level.committed, promised);
                }
            }
            for line in shop.orders.iter().flat_map(|order| &order.lines) {
                prop_assert!(line.open() >= 0 && line.current() >= 0 && line.returned <= line.fulfilled);
            }
        }
    }
}
