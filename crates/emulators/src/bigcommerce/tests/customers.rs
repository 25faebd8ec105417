//! People, and price lists.

use super::{Bench, web_order};
use serde_json::{Value, json};

fn person(email: &str) -> Value {
    json!({"email": email, "first_name": "Ana", "last_name": "Reis", "phone": "+351900000000"})
}

#[test]
fn customers_are_made_found_changed_and_deleted_in_small_batches() {
    let mut bench = Bench::open();
    bench.subscribe(&[]);
    let made = bench.ok("POST", "/v3/customers", json!([person("ana@example.com"), person("bea@example.com")]));
    let (ana, bea) = (made["data"][0]["id"].clone(), made["data"][1]["id"].clone());
    assert_eq!(bench.call("POST", "/v3/customers", json!([person("ANA@example.com")])).0, 422);
    assert_eq!(bench.call("POST", "/v3/customers", json!([{"email": "c@example.com"}])).0, 422);
    let many: Vec<Value> = (0..11).map(|number| person(&format!("{number}@example.com"))).collect();
    assert_eq!(bench.call("POST", "/v3/customers", json!(many)).0, 413);
    let found = bench.get("/v3/customers?email:in=Bea@example.com,nobody@example.com");
    assert_eq!((&found["data"][0]["id"], &found["meta"]["pagination"]["total"]), (&bea, &json!(1)));
    bench.now += 60_000;
    bench.ok("PUT", "/v3/customers", json!([{"id": ana, "email": "ana@example.org", "notes": "vip"}]));
    let changed = bench.get("/v3/customers?date_modified:min=2026-11-23T09:16:02Z")["data"].clone();
    assert_eq!((changed.as_array().map(Vec::len), &changed[0]["email"]), (Some(1), &json!("ana@example.org")));
    assert_eq!(changed[0]["notes"], "vip");
    assert_eq!(bench.call("PUT", "/v3/customers", json!([{"id": ana, "email": "bea@example.com"}])).0, 422);
    assert_eq!(bench.call("DELETE", &format!("/v3/customers?id:in={bea}"), Value::Null).0, 204);
    assert_eq!(bench.call("DELETE", "/v3/customers", Value::Null).0, 422);
    assert_eq!(bench.get("/v3/customers")["meta"]["pagination"]["total"], 1);
    assert_eq!(
        bench.topics(),
        ["store/customer/created", "store/customer/created", "store/customer/updated", "store/customer/deleted"]
    );
}

#[test]
fn a_shopper_is_the_same_customer_by_reference_and_by_email() {
    let mut bench = Bench::stocked(9);
    let mut first = web_order("W1", &[("MUG", 1)]);
    first["customer"] = json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com"});
    let mut second = web_order("W2", &[("MUG", 1)]);
    second["customer"] = json!({"reference": "C2", "given_name": "Ana", "email": "ana@example.com"});
    let mut third = web_order("W3", &[("MUG", 1)]);
    third["customer"] = json!({"reference": "C3 x"});
    for order in [first, second, third] {
        bench.act(order);
    }
    let orders = bench.get("/v2/orders");
    let customer = |at: usize| orders[at]["customer_id"].clone();
    assert_eq!(customer(0), customer(1));
    assert_ne!(customer(0), customer(2));
    assert_eq!(orders[0]["billing_address"]["email"], "ana@example.com");
    let third = bench.get(&format!("/v3/customers?id:in={}", customer(2)));
    assert_eq!(third["data"][0]["email"], "c3-x@customer.invalid");
    assert_eq!(bench.told("store/customer/created").len(), 2);
    bench.act(json!({"act": "erase_customer", "reference": "C1"}));
    assert_eq!(bench.get(&format!("/v3/customers?id:in={}", customer(0)))["data"], json!([]));
    assert!(bench.try_act(json!({"act": "erase_customer", "reference": "C1"})).is_err());
}

#[test]
fn a_price_list_keeps_a_price_for_a_variant_in_a_currency() {
    let mut bench = Bench::open();
    bench.subscribe(&[]);
    let (_, variant) = bench.ids("MUG");
    let list = bench.ok("POST", "/v3/pricelists", json!({"name": "Trade"}))["data"]["id"].clone();
    let path = format!("/v3/pricelists/{list}/records");
    bench.ok("PUT", &path, json!([{"sku": "MUG", "currency": "EUR", "price": 6.5}]));
    bench.ok("PUT", &path, json!([{"variant_id": variant, "currency": "eur", "price": 6, "sale_price": 5.5}]));
    let found = bench.get(&format!("{path}?variant_id:in={variant}"))["data"].clone();
    assert_eq!((found.as_array().map(Vec::len), &found[0]["calculated_price"]), (Some(1), &json!(5.5)));
    assert_eq!(bench.get(&format!("{path}/{variant}/EUR"))["data"]["price"], 6);
    assert_eq!(bench.call("PUT", &path, json!([{"sku": "NONE", "currency": "eur", "price": 1}])).0, 422);
    assert_eq!(bench.call("DELETE", &format!("{path}?variant_id:in={variant}"), Value::Null).0, 204);
    let data = json!({"price_list_id": list, "variant_id": variant, "currency_code": "eur"});
    for what in ["created", "updated", "deleted"] {
        assert_eq!(json!(bench.told(&format!("store/priceList/record/{what}"))), json!([data]), "{what}");
    }
}
