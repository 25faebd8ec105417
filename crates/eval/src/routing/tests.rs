//! Tests of `eval routing`: readers against garbage, figures against sums done by hand. Called by nobody else.

use super::*;
use proptest::prelude::*;

const DAY: &str = r#"{
    "nodes": [
        {"id": "a", "lat": 40, "lon": -100, "capacity": 1, "ship_fixed": 5, "per_km": 0.01, "pick": 1},
        {"id": 7, "lat": "41.0", "lon": -100, "capacity": 5, "ship_fixed": 5, "per_km": 0.01, "pick": 1},
        {"id": "a", "lat": 0, "lon": 0, "capacity": 1, "ship_fixed": 5, "per_km": 0.01, "pick": 1}
    ],
    "stock": [{"node": "a", "sku": "x", "qty": 2}, {"node": "7", "sku": "x", "qty": 1}, {"node": "b", "sku": "x", "qty": 1}],
    "orders": [
        {"id": 2, "time": "2024-03-01T09:00:00Z", "lat": 40, "lon": -100, "lines": [{"sku": "x", "qty": 1}]},
        {"id": 1, "time": "2024-03-01T08:00:00Z", "lat": 40, "lon": -100, "lines": [{"sku": "x", "qty": 1}]},
        {"id": 3, "time": "never", "lat": 40, "lon": -100, "lines": []}
    ],
    "unfilled_penalty": 30, "bound": 12.0, "note": "unknown fields are passed over"
}"#;

fn read(text: &str) -> (anyhow::Result<Instance>, Refused) {
    let mut refused = Refused::default();
    (Instance::read(text, &mut refused), refused)
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let (instance, refused) = read(DAY);
    let instance = instance.expect("a day");
    assert_eq!(instance.nodes, ["a", "7"]);
    assert_eq!(instance.orders.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(refused.count(), 3);
    assert!(read(r#"{"nodes": [], "stock": [], "orders": []}"#).0.is_err());
}

#[test]
fn a_day_keeps_its_books() {
    let (instance, _) = read(DAY);
    let instance = instance.expect("a day");
    let day = judge(&instance, &Rules { hold: 1.0, expected: 1.0 }, &|| ());
    assert_eq!((day.shipments, day.unfilled, day.overrun), (2, 0.0, 0.0));
    // Two fixed costs, two picks, and a degree of latitude for the second order.
    let degree = 6371.0 * std::f64::consts::PI / 180.0;
    assert!((day.cost - (12.0 + 0.01 * degree)).abs() < 1e-6, "{}", day.cost);
    for (part, told) in day.parts.into_iter().zip([10.0, 0.01 * degree, 2.0, 0.0]) {
        assert!((part - told).abs() < 1e-6, "{:?}", day.parts);
    }
    assert_eq!(csv(&instance, &day).lines().count(), 3);
}

proptest! {
    #[test]
    fn garbage_is_refused_and_harms_nothing(text in ".{0,200}", cut in 0..DAY.len(), put in any::<char>()) {
        let _ = read(&text).0.is_ok();
        let mut changed: String = DAY.chars().take(cut).collect();
        changed.push(put);
        changed.extend(DAY.chars().skip(cut + 1));
        if let Ok(instance) = read(&changed).0 {
            let day = judge(&instance, &Rules { hold: 1.0, expected: 1.0 }, &|| ());
            prop_assert_eq!(day.overrun, 0.0);
        }
    }
}
