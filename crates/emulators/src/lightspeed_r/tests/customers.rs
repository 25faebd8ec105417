//! Customers by acts and calls.

use super::{Bench, line, till_sale};
use serde_json::{Value, json};

#[test]
fn a_customer_is_made_found_and_changed() {
    let mut bench = Bench::open();
    let body = json!({"firstName": "Ana", "lastName": "Reis", "Contact": {
        "Emails": {"ContactEmail": {"address": "ana@example.com", "useType": "Primary"}},
        "Phones": {"ContactPhone": [{"number": "+351900000000", "useType": "Mobile"}, {"number": "210000000", "useType": "Home"}]}}});
    let made = bench.ok("POST", "Customer.json", body)["Customer"].clone();
    assert_eq!(made["Contact"]["Emails"]["ContactEmail"]["address"], "ana@example.com");
    assert_eq!(made["Contact"]["Phones"]["ContactPhone"].as_array().map(Vec::len), Some(2));
    assert_eq!(made["Contact"]["Addresses"], "");
    bench.now += 1_000;
    let change = json!({"company": "Lda", "Contact": {"noEmail": true, "Emails": {"ContactEmail": {"address": "a@example.com", "useType": "Primary"}}}});
    let changed = bench.ok("PUT", "Customer/1.json", change)["Customer"].clone();
    assert_eq!(
        [&changed["firstName"], &changed["company"], &changed["timeStamp"]],
        [&json!("Ana"), &json!("Lda"), &json!("2026-11-23T09:15:01+00:00")]
    );
    assert_eq!(
        [&changed["Contact"]["noEmail"], &changed["Contact"]["Emails"]["ContactEmail"]["address"]],
        [&json!("true"), &json!("a@example.com")]
    );
    assert_eq!(bench.get("Customer/1.json")["Customer"]["Contact"], Value::Null);
    assert_eq!(bench.refused("POST", "Customer.json", json!({})).0, 422);
    bench.ok("DELETE", "Customer/1.json", json!({}));
    assert_eq!(bench.get("Customer.json")["Customer"], Value::Null);
    assert_eq!(bench.get("Customer.json?archived=1")["Customer"]["archived"], "true");
}

#[test]
fn a_person_can_be_forgotten() {
    let mut bench = Bench::open();
    let person = json!({"reference": "C1", "given_name": "Ana", "family_name": "Reis", "email": "ana@example.com", "phone": "1"});
    bench.act(json!({"act": "put_customer", "customer": person}));
    let mut sale = till_sale("S1", &[line("MUG", "1")]);
    sale["customer"] = person.clone();
    bench.act(sale);
    assert_eq!(bench.get("Sale/1.json")["Sale"]["customerID"], "1");
    bench.act(json!({"act": "erase_customer", "reference": "C1"}));
    let left = bench.get("Customer/1.json?load_relations=%5B%22Contact%22%5D").to_string();
    for word in ["Ana", "Reis", "ana@example.com"] {
        assert!(!left.contains(word), "{left}");
    }
    assert!(left.contains("[1]"), "{left}");
    assert!(bench.try_act(json!({"act": "erase_customer", "reference": "C1"})).is_err());
    bench.act(json!({"act": "put_customer", "customer": person}));
    let gone = bench.ok("DELETE", "Customer/2/Anonymize.json", json!({}))["Customer"].clone();
    assert_eq!(
        [&gone["firstName"], &gone["lastName"], &gone["archived"]],
        [&json!("Customer"), &json!("[2]"), &json!("true")]
    );
}
