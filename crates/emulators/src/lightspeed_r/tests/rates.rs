//! Limits, their headers, and what calls cost.

use super::{Bench, line, till_sale};
use crate::lightspeed_r::Settings;
use crate::machine::Machine;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

fn header<'r>(response: &'r Response<Bytes>, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

fn cost(bench: &mut Bench, method: &str, path: &str, body: Value) -> String {
    header(&bench.send(method, path, &body), "x-ls-api-request-cost").to_owned()
}

#[test]
fn every_answer_tells_the_state_of_both_limiters() {
    let mut bench = Bench::furnished(Settings::example());
    let response = bench.send("GET", "Item.json", &Value::Null);
    let shown: Vec<&str> = [
        "x-ls-acct-id",
        "x-ls-oauth-client-id",
        "x-ls-api-bucket-level",
        "x-ls-api-burst-level",
        "x-ls-api-drip-rate",
        "x-ls-api-request-cost",
    ]
    .map(|name| header(&response, name))
    .to_vec();
    assert_eq!(shown, ["83050", "lightspeed-r-client", "1/90", "1/20", "1", "1"]);
    let refused = bench.send("GET", "Item.json?sort=upc", &Value::Null);
    assert_eq!((refused.status().as_u16(), header(&refused, "x-ls-api-bucket-level")), (400, "2/90"));
}

#[test]
fn calls_cost_by_what_they_ask_for() {
    let mut bench = Bench::stocked("5");
    bench.sell("S1", "MUG", "1");
    let paid = json!({"completed": true, "employeeID": 1, "registerID": 1, "shopID": 1,
        "SaleLines": {"SaleLine": [{"itemID": 1, "unitPrice": "7"}]}, "SalePayments": {"SalePayment": {"amount": "7", "paymentTypeID": 1}}});
    for (method, path, body, expected) in [
        ("GET", "Sale.json?load_relations=%5B%22SaleLines%22%2C%22SalePayments%22%5D", Value::Null, "1.8"),
        ("GET", "Sale/1.json?load_relations=%5B%22SaleLines%22%2C%22SaleLines.Item%22%5D", Value::Null, "1.4"),
        ("GET", "Item/1.json?load_relations=%5B%22ItemShops%22%2C%22Category%22%5D", Value::Null, "1.3"),
        ("GET", "Item.json?count=1", Value::Null, "10"),
        ("GET", "Item.json?or=description%3Dfoo%7Cdescription%3Dbar", Value::Null, "1"),
        ("GET", "Item.json?or=description%3Dfoo%7CcustomSku%3Dbar", Value::Null, "3"),
        ("POST", "Sale.json", paid, "6"),
        ("POST", "Sale/1/refund.json", json!({}), "10"),
        ("POST", "Category.json", json!({"name": "Cups"}), "10"),
        (
            "PUT",
            "Item/1.json",
            json!({"ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 3}, {"shopID": 2, "qoh": 3}]}}),
            "2",
        ),
    ] {
        assert_eq!(cost(&mut bench, method, path, body), expected, "{method} {path}");
    }
}

#[test]
fn the_call_that_overflows_the_bucket_passes_and_the_next_is_told_when_to_come_back() {
    let mut bench = Bench::furnished(Settings { burst: 1_000, ..Settings::example() });
    for _ in 0..9 {
        assert_eq!(bench.send("GET", "Item.json?count=1", &Value::Null).status(), 200);
    }
    let held = bench.send("GET", "Item.json", &Value::Null);
    assert_eq!(held.status(), 429);
    assert_eq!(header(&held, "x-ls-api-ratelimit-type"), "api-leaky-bucket");
    assert_eq!((header(&held, "retry-after"), header(&held, "x-ls-api-bucket-level")), ("1", "90/90"));
    bench.now += 1_000;
    assert_eq!(bench.send("GET", "Item.json?count=1", &Value::Null).status(), 200);
    let held = bench.send("GET", "Item.json", &Value::Null);
    assert_eq!((header(&held, "retry-after"), header(&held, "x-ls-api-bucket-level")), ("10", "99/90"));
    assert_eq!(bench.account.calls().throttled, 2);
}

#[test]
fn a_burst_is_held_for_the_rest_of_the_second() {
    let mut bench = Bench::furnished(Settings { registers: 10, ..Settings::example() });
    let passed = (0..25).filter(|_| bench.send("GET", "Shop.json", &Value::Null).status() == 200).count();
    assert_eq!(passed, 20);
    let held = bench.send("GET", "Shop.json", &Value::Null);
    assert_eq!((header(&held, "x-ls-api-ratelimit-type"), header(&held, "retry-after")), ("api-burst-limiter", "1"));
    assert_eq!((header(&held, "x-ls-api-bucket-level"), header(&held, "x-ls-api-drip-rate")), ("20/180", "5.5"));
    bench.now += 1_000;
    assert_eq!(bench.send("GET", "Shop.json", &Value::Null).status(), 200);
}

#[test]
fn the_fault_knob_answers_as_the_vendor_does() {
    let bench = Bench::open();
    let response =
        bench.account.throttled(&Request::get("/API/V3/Account.json").body(Bytes::new()).expect("a request"));
    assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (429, "1"));
}

#[test]
fn calls_and_the_rows_that_they_carry_are_counted() {
    let mut bench = Bench::stocked("5");
    bench.get("Item.json");
    bench.ok(
        "PUT",
        "Item/1.json",
        json!({"ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 3}, {"shopID": 2, "qoh": 3}]}}),
    );
    bench.refused("PUT", "Item/9.json", json!({}));
    let calls = bench.account.calls();
    assert_eq!((calls.reads, calls.writes, calls.errors, calls.throttled), (1, 2, 1, 0));
    assert_eq!(calls.rows.get("ItemShop"), Some(&2));
    assert_eq!(calls.rows.get("Item"), Some(&1));
}

#[test]
fn there_are_no_webhooks() {
    let mut bench = Bench::stocked("5");
    bench.act(till_sale("S1", &[line("MUG", "1")]));
    let mut world = crate::machine::World { now: bench.now, dice: &mut bench.dice, outbox: &mut bench.outbox };
    let refused = bench.account.subscribe("https://hub.example/hooks", &[], None, &mut world).expect_err("no webhooks");
    assert!(refused.contains("no webhooks"), "{refused}");
    assert_eq!(bench.outbox, Vec::new());
}
